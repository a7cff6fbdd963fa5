"""Cards in rows, each a picture with two lines, one of them marked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pygame
from pygame_gui.core.interfaces import IUIManagerInterface

from qrace.game.screens.painted import Painted
from qrace.view import palette
from qrace.view.layout import GRID, PADDING
from qrace.view.type import LABEL, STRONG, WORDS, Type

TEXT_HEIGHT = 56
"""Under the picture [px at scale 1]."""
MARK = 2


@dataclass(frozen=True)
class Card:
    """One card."""

    title: str
    detail: str
    picture: pygame.Surface | None = None
    """None while it is painted."""


class CardGrid(Painted):
    """Calls `take(index)` for Enter and for a click on the card that is marked already; a first click marks.

    Attributes:
        cards: from left to right and top to bottom.
        marked: index of the marked one.
    """

    def __init__(
        self,
        rect: pygame.Rect,
        manager: IUIManagerInterface,
        type_: Type,
        grid: tuple[int, int],
        cards: Sequence[Card],
        take: Callable[[int], object],
        marked: int = 0,
    ) -> None:
        """grid: how many columns and rows there is room for."""
        super().__init__(rect, manager, "card_grid")
        self._type, self._take = type_, take
        self._columns, self._rows = grid
        self.cards, self.marked = cards, marked

    @staticmethod
    def picture_size(rect: pygame.Rect, columns: int, rows: int, type_: Type) -> tuple[int, int]:
        """Size of the pictures in a grid that fills rect [px]."""
        gap, line = type_.px(PADDING), 2 * type_.px(MARK)
        width, height = (rect.width + gap) // columns - gap, (rect.height + gap) // rows - gap
        return max(width - line, 8), max(height - type_.px(TEXT_HEIGHT) - line, 8)

    def set_cards(self, cards: Sequence[Card]) -> None:
        """Show others; the mark stays where it was, as far as it can."""
        self.cards, self._dirty = cards, True
        self.marked = min(self.marked, max(len(cards) - 1, 0))

    def move(self, right: int, down: int = 0) -> bool:
        """Mark a card so many to the right and down; False where there is none."""
        index = self.marked + right + down * self._columns
        if not 0 <= index < len(self.cards) or (right and index // self._columns != self.marked // self._columns):
            return False
        self.mark(index)
        return True

    def mark(self, index: int) -> None:
        self.marked, self._dirty = index, True

    def take(self) -> None:
        self._take(self.marked)

    def card_rect(self, index: int) -> pygame.Rect:
        """Where a card is in the window [px]."""
        gap = self._type.px(PADDING)
        width = (int(self.rect.width) + gap) // self._columns
        height = (int(self.rect.height) + gap) // self._rows
        row, column = divmod(index, self._columns)
        return pygame.Rect(
            int(self.rect.left) + column * width, int(self.rect.top) + row * height, width - gap, height - gap
        )

    def process_event(self, event: pygame.event.Event) -> bool:
        if event.type != pygame.MOUSEBUTTONDOWN or event.button != 1:
            return False
        for index in range(len(self.cards)):
            if self.card_rect(index).collidepoint(event.pos):
                if index == self.marked:
                    self.take()
                else:
                    self.mark(index)
                return True
        return False

    def _paint(self, image: pygame.Surface) -> None:
        for index, card in enumerate(self.cards):
            rect = self.card_rect(index).move(-int(self.rect.left), -int(self.rect.top))
            self._paint_card(image, rect, card, index == self.marked)

    def _paint_card(self, image: pygame.Surface, rect: pygame.Rect, card: Card, marked: bool) -> None:
        type_, line = self._type, self._type.px(MARK)
        pygame.draw.rect(image, palette.PANEL_RAISED if marked else palette.PANEL, rect)
        picture = pygame.Rect(rect.left, rect.top, rect.width, rect.height - type_.px(TEXT_HEIGHT)).inflate(
            -line, -line
        )
        pygame.draw.rect(image, palette.GROUND, picture)
        if card.picture is not None:
            image.blit(card.picture, card.picture.get_rect(center=picture.center))
        left, width = rect.left + type_.px(1.5 * GRID), rect.width - type_.px(3 * GRID)
        baseline = rect.bottom - type_.px(TEXT_HEIGHT) + type_.px(22)
        type_.left(image, type_.fit(card.title, STRONG, width), STRONG, left, baseline)
        style = LABEL if card.picture is not None else WORDS.in_colour(palette.TEXT_DIM)
        for row, text in enumerate(type_.wrap(card.detail, style, width)[:2]):
            type_.left(image, text, style, left, baseline + type_.px(18) * (1 + row))
        ink = palette.RULE if not marked else palette.ACCENT if self.is_focused else palette.TEXT_DIM
        pygame.draw.rect(image, ink, rect, line if marked else 1)
