"""A card to choose from: one item, or several to be ticked. Keyboard and mouse."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pygame

from qrace.view import palette
from qrace.view.help_overlay import veil
from qrace.view.layout import PADDING
from qrace.view.type import FIGURE_SMALL, HEADLINE, LABEL, STRONG, WORDS, Type

ROW = 32
"""[px at scale 1], as are the following."""
WIDTH = 560
HEAD, FOOT = 56, 40
TICK_BOX = 14


@dataclass(frozen=True)
class Item:
    """One line of the card."""

    name: str
    detail: str = ""
    """Right-aligned beside the name."""


@dataclass
class Chooser:
    """Calls `done` with the indices that were chosen; Esc leaves without.

    Attributes:
        several: items can be ticked, and Enter takes those ticked; without, Enter takes the marked one.
        number: a number beside the list that the left and right arrows change, such as laps; None for none.
    """

    title: str
    items: Sequence[Item]
    done: Callable[["Chooser"], None]
    several: bool = False
    ticked: set[int] = field(default_factory=set)
    most: int = 1
    """How many can be ticked."""
    number: int | None = None
    number_name: str = ""
    marked: int = 0
    open: bool = True
    _first: int = 0
    _rows: list[tuple[pygame.Rect, int]] = field(default_factory=list)

    @property
    def chosen(self) -> list[int]:
        """Indices in the order of the list."""
        return sorted(self.ticked) if self.several else [self.marked]

    def process_event(self, event: pygame.event.Event) -> None:
        if event.type == pygame.KEYDOWN:
            self._press(event.key)
        elif event.type == pygame.MOUSEWHEEL:
            self._move(-event.y)
        elif event.type in (pygame.MOUSEMOTION, pygame.MOUSEBUTTONDOWN):
            row = next((index for rect, index in self._rows if rect.collidepoint(event.pos)), None)
            if row is not None:
                self.marked = row
            if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
                if row is None:
                    self.open = False
                else:
                    self._take()

    def _press(self, key: int) -> None:
        if key == pygame.K_ESCAPE:
            self.open = False
        elif key in (pygame.K_UP, pygame.K_DOWN):
            self._move(1 if key == pygame.K_DOWN else -1)
        elif key in (pygame.K_LEFT, pygame.K_RIGHT) and self.number is not None:
            self.number = max(1, self.number + (1 if key == pygame.K_RIGHT else -1))
        elif key == pygame.K_SPACE:
            self._take()
        elif key in (pygame.K_RETURN, pygame.K_KP_ENTER):
            self._finish()

    def _move(self, step: int) -> None:
        self.marked = min(max(self.marked + step, 0), len(self.items) - 1)

    def _take(self) -> None:
        if not self.several:
            self._finish()
        elif self.marked in self.ticked:
            self.ticked.discard(self.marked)
        elif len(self.ticked) < self.most:
            self.ticked.add(self.marked)

    def _finish(self) -> None:
        if self.chosen:
            self.open = False
            self.done(self)

    def draw(self, surface: pygame.Surface, type_: Type) -> None:
        surface.blit(veil(surface.get_size()), (0, 0))
        window, padding, row_height = surface.get_rect(), type_.px(PADDING), type_.px(ROW)
        room = (window.height - type_.px(HEAD + FOOT) - 2 * padding) // row_height
        shown = max(1, min(len(self.items), room))
        self._first = min(max(self._first, self.marked - shown + 1), self.marked)
        width = min(type_.px(WIDTH), window.width - 2 * padding)
        card = pygame.Rect(0, 0, width, type_.px(HEAD + FOOT) + shown * row_height)
        card.center = window.center
        pygame.draw.rect(surface, palette.PANEL, card)
        pygame.draw.rect(surface, palette.RULE, card, 1)
        type_.left(surface, self.title, HEADLINE, card.left + padding, card.top + type_.px(34))
        if self.number is not None:
            number = f"‹ {self.number} {self.number_name} ›"
            type_.right(
                surface, number, STRONG.in_colour(palette.ACCENT), card.right - padding, card.top + type_.px(34)
            )
        self._rows = []
        for place, index in enumerate(range(self._first, self._first + shown)):
            row = pygame.Rect(card.left, card.top + type_.px(HEAD) + place * row_height, card.width, row_height)
            self._rows.append((row, index))
            self._draw_row(surface, row, type_, index)
        hint = "↑ ↓ move   Enter takes it   Esc leaves"
        if self.several:
            hint = "↑ ↓ move   Space ticks   ← → laps   Enter starts   Esc leaves"
        type_.left(surface, hint, LABEL, card.left + padding, card.bottom - type_.px(15))

    def _draw_row(self, surface: pygame.Surface, row: pygame.Rect, type_: Type, index: int) -> None:
        item, padding, baseline = self.items[index], type_.px(PADDING), row.centery + type_.px(5)
        if index == self.marked:
            pygame.draw.rect(surface, palette.PANEL_RAISED, row.inflate(-2, 0))
            pygame.draw.rect(surface, palette.ACCENT, (row.left, row.top, type_.px(3), row.height))
        left = row.left + padding
        if self.several:
            box = pygame.Rect(left, row.centery - type_.px(TICK_BOX) // 2, type_.px(TICK_BOX), type_.px(TICK_BOX))
            pygame.draw.rect(surface, palette.TEXT_DIM, box, 1)
            if index in self.ticked:
                pygame.draw.rect(surface, palette.ACCENT, box.inflate(-type_.px(6), -type_.px(6)))
            left = box.right + type_.px(10)
        detail_start = type_.right(surface, item.detail, FIGURE_SMALL, row.right - padding, baseline)
        ink = palette.TEXT if index == self.marked or index in self.ticked else palette.TEXT_DIM
        name = type_.fit(item.name, WORDS, detail_start - left - padding)
        type_.left(surface, name, WORDS.in_colour(ink), left, baseline)
