"""A scrolling list of rows, one of them marked: keyboard, mouse and wheel. Painted once per change, not per frame.

pygame_gui's own list makes a button of every row, at a millisecond each; this one is a single element.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pygame
from pygame_gui.core.interfaces import IUIManagerInterface

from qrace.game.screens.painted import Painted
from qrace.view import palette
from qrace.view.layout import GRID, PADDING
from qrace.view.palette import Colour
from qrace.view.type import FIGURE_SMALL, HEADING, LABEL, STRONG, WORDS, Type

ROW = 32
"""Height of a row [px at scale 1], as are the following."""
TICK_BOX = 14
MARK = 3
PLACE = 16
THUMB = 4
"""Width of what shows how far one has scrolled …"""
THUMB_ROOM = 16
"""… and of the strip in which the mouse can take it."""
ARROW = 20
"""Width of the arrows beside a value that can be changed."""

Take = Callable[[int], object]
Change = Callable[[int, int], object]


@dataclass(frozen=True)
class Row:
    """One line of a list."""

    name: str
    detail: str = ""
    """Right-aligned beside the name."""
    ticked: bool | None = None
    """With a box before the name; None for none."""
    swatch: Colour | None = None
    """A livery before the name."""
    picture: pygame.Surface | None = None
    """A small picture before the name, no higher than the row."""
    changes: bool = False
    """The detail is a value that the left and right arrows change."""
    key: bool = False
    """The detail is what counts, such as a key: in full light."""
    words: bool = False
    """The detail has no figures to stand under one another."""
    heading: bool = False
    """Only a title over the rows that follow; it cannot be marked."""
    dim: bool = False
    place: str = ""
    """A figure before all else, in a column of its own."""


class RowList(Painted):
    """Calls `take(index)` for Enter, Space or a click, `change(index, step)` for the left and right arrows.

    Attributes:
        marked: index of the marked row; -1 where there is none to mark.
    """

    def __init__(
        self,
        rect: pygame.Rect,
        manager: IUIManagerInterface,
        type_: Type,
        rows: Sequence[Row],
        take: Take,
        change: Change | None = None,
        marked: int = 0,
        row_height: int = ROW,
        moved: Take | None = None,
    ) -> None:
        """row_height: [px at scale 1]. moved: called with the index when another row is marked."""
        super().__init__(rect, manager, "row_list")
        self._type, self._take, self._change, self._moved = type_, take, change, moved
        self._row_height = type_.px(row_height)
        self._first, self._dragged = 0, False
        self.rows: Sequence[Row] = ()
        self.marked = marked
        self.set_rows(rows)

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show others; the mark stays where it was, as far as it can."""
        self.rows = rows
        self.marked = self._nearest(min(max(self.marked, 0), len(rows) - 1), 1)
        self._scroll_to_mark()

    @property
    def room(self) -> int:
        """How many rows can be seen at once."""
        return max(1, int(self.rect.height) // self._row_height)

    def _nearest(self, index: int, step: int) -> int:
        """The first row from `index` on, that way or else the other, that can be marked; -1 if there is none."""
        for way in (step, -step):
            place = index
            while 0 <= place < len(self.rows):
                if not self.rows[place].heading:
                    return place
                place += way
        return -1

    def mark(self, index: int) -> None:
        if index != self.marked:
            self.marked, self._dirty = index, True
            if self._moved is not None:
                self._moved(index)

    def move(self, step: int) -> bool:
        """Mark a row further down (or up); False at the end of the list."""
        wanted = min(max(self.marked + step, 0), len(self.rows) - 1)
        index = self._nearest(wanted, 1 if step > 0 else -1)
        if index == self.marked or (index - self.marked) * step < 0:
            if step < 0:
                self._first, self._dirty = 0, True  # a heading above the first row comes into sight
            return False
        self.mark(index)
        self._scroll_to_mark()
        return True

    def _scroll_to_mark(self) -> None:
        top = self.marked - 1 if self.marked > 0 and self.rows[self.marked - 1].heading else self.marked
        self._scroll_to(min(max(self._first, self.marked - self.room + 1), max(top, 0)))

    def _scroll_to(self, first: int) -> None:
        self._first, self._dirty = min(max(first, 0), max(0, len(self.rows) - self.room)), True

    def take(self) -> None:
        if self.marked >= 0:
            self._take(self.marked)

    def change(self, step: int) -> bool:
        """Change the marked row's value; False where it has none."""
        if self._change is None or self.marked < 0 or not self.rows[self.marked].changes:
            return False
        self._change(self.marked, step)
        return True

    def row_at(self, position: tuple[int, int]) -> int | None:
        """The row under a pixel of the window that can be marked, if there is one."""
        if not self.rect.collidepoint(position):
            return None
        index = self._first + int(position[1] - self.rect.top) // self._row_height
        shown = min(len(self.rows), self._first + self.room)
        return index if index < shown and not self.rows[index].heading else None

    def row_rect(self, index: int) -> pygame.Rect:
        """Where a row is in the window [px]."""
        top = int(self.rect.top) + (index - self._first) * self._row_height
        return pygame.Rect(int(self.rect.left), top, int(self.rect.width), self._row_height)

    def process_event(self, event: pygame.event.Event) -> bool:
        if event.type == pygame.MOUSEMOTION:
            if self._dragged:
                self._drag(event.pos)
            elif (row := self.row_at(event.pos)) is not None:
                self.mark(row)
        elif event.type == pygame.MOUSEBUTTONUP and event.button == 1:
            self._dragged = False
        elif event.type == pygame.MOUSEBUTTONDOWN and event.button == 1 and self.rect.collidepoint(event.pos):
            self._click(event.pos)
            return True
        return False

    def scroll(self, step: int) -> None:
        """Turn the wheel: rows move, the mark does not."""
        self._scroll_to(self._first + step)

    def _click(self, position: tuple[int, int]) -> None:
        if self._scrolls and position[0] >= self.rect.right - self._type.px(THUMB_ROOM):
            self._dragged = True
            self._drag(position)
            return
        row = self.row_at(position)
        if row is None:
            return
        self.mark(row)
        step = self._arrow_at(row, position[0])
        if step == 0 or not self.change(step):
            self.take()

    def _drag(self, position: tuple[int, int]) -> None:
        share = (position[1] - self.rect.top) / self.rect.height
        self._scroll_to(round(share * len(self.rows) - self.room / 2))

    @property
    def _scrolls(self) -> bool:
        return len(self.rows) > self.room

    def _right(self) -> int:
        """Where details end, from the list's left edge [px]."""
        return int(self.rect.width) - self._type.px(PADDING + (GRID if self._scrolls else 0))

    def _arrow_at(self, index: int, x: float) -> int:
        """-1 or 1 for the arrows beside a row's value, 0 elsewhere."""
        row, type_ = self.rows[index], self._type
        if not row.changes:
            return 0
        right, arrow = int(self.rect.left) + self._right(), type_.px(ARROW)
        left = right - type_.width(row.detail, STRONG) - arrow
        return 1 if x >= right - arrow else -1 if left - arrow <= x < left + arrow // 2 else 0

    def _paint(self, image: pygame.Surface) -> None:
        for index in range(self._first, min(len(self.rows), self._first + self.room)):
            row = pygame.Rect(0, (index - self._first) * self._row_height, image.get_width(), self._row_height)
            self._paint_row(image, row, index)
        if self._scrolls:
            length = max(self._type.px(2 * GRID), round(image.get_height() * self.room / len(self.rows)))
            free = image.get_height() - length
            top = round(free * self._first / (len(self.rows) - self.room))
            width = self._type.px(THUMB)
            thumb = pygame.Rect(image.get_width() - width - self._type.px(GRID) // 2, top, width, length)
            pygame.draw.rect(image, palette.RULE, thumb)

    def _paint_row(self, image: pygame.Surface, rect: pygame.Rect, index: int) -> None:
        row, type_, marked = self.rows[index], self._type, index == self.marked
        left, right, baseline = type_.px(PADDING), self._right(), rect.centery + type_.px(5)
        if row.heading:
            style, baseline = HEADING.in_colour(palette.TEXT_DIM), rect.bottom - type_.px(GRID)
            detail_start = type_.right(image, row.detail, FIGURE_SMALL, right, baseline)
            name = type_.fit(row.name, style, detail_start - left - type_.px(PADDING))
            type_.left(image, name, style, left, baseline)
            pygame.draw.line(image, palette.RULE, (left, rect.bottom - 1), (right, rect.bottom - 1))
            return
        if marked:
            pygame.draw.rect(image, palette.PANEL_RAISED, rect)
            ink = palette.ACCENT if self.is_focused else palette.TEXT_DIM
            pygame.draw.rect(image, ink, (0, rect.top, type_.px(MARK), rect.height))
        left = self._paint_before(image, rect, row, left)
        ink = palette.TEXT_DIM if row.dim or (row.ticked is False and not marked) else palette.TEXT
        detail_start = self._paint_detail(image, row, right, baseline, marked)
        name = type_.fit(row.name, WORDS, detail_start - left - type_.px(PADDING))
        type_.left(image, name, WORDS.in_colour(ink), left, baseline)

    def _paint_before(self, image: pygame.Surface, rect: pygame.Rect, row: Row, left: int) -> int:
        """Tick, swatch and picture; returns where the name begins."""
        type_, gap = self._type, self._type.px(10)
        if row.place:
            left += type_.px(PLACE)
            type_.right(image, row.place, FIGURE_SMALL, left, rect.centery + type_.px(5))
            left += gap
        if row.ticked is not None:
            box = pygame.Rect(left, rect.centery - type_.px(TICK_BOX) // 2, type_.px(TICK_BOX), type_.px(TICK_BOX))
            pygame.draw.rect(image, palette.TEXT_DIM, box, 1)
            if row.ticked:
                pygame.draw.rect(image, palette.ACCENT, box.inflate(-type_.px(6), -type_.px(6)))
            left = box.right + gap
        if row.swatch is not None:
            swatch = pygame.Rect(left, rect.centery - type_.px(GRID), type_.px(GRID // 2), type_.px(2 * GRID))
            pygame.draw.rect(image, row.swatch, swatch)
            left = swatch.right + gap
        if row.picture is not None:
            place = row.picture.get_rect(midleft=(left, rect.centery))
            image.blit(row.picture, place)
            left = place.right + gap
        return left

    def _paint_detail(self, image: pygame.Surface, row: Row, right: int, baseline: int, marked: bool) -> int:
        """Returns where it begins."""
        type_ = self._type
        if not row.changes:
            style = STRONG if row.key else LABEL if row.words else FIGURE_SMALL
            return type_.right(image, row.detail, style, right, baseline)
        arrow, ink = type_.px(ARROW), palette.ACCENT if marked else palette.TEXT_DIM
        type_.right(image, "›", STRONG.in_colour(ink), right, baseline)
        start = type_.right(image, row.detail, STRONG, right - arrow, baseline)
        return type_.right(image, "‹", STRONG.in_colour(ink), start - arrow + type_.px(GRID), baseline)
