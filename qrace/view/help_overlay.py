"""The keys on screen: one line of hints at the bottom, and all of them on a card."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import pygame

from qrace.view import palette
from qrace.view.layout import PADDING
from qrace.view.type import FIGURE, HEADLINE, LABEL, STRONG, WORDS, Type

KEY_WIDTH = 104
"""Column of the key's names on the card [px at scale 1]."""
TEXT_WIDTH = 300
TWO_COLUMNS_FROM = 600
"""A narrower window has the groups in one column."""
ROW = 24
VEIL = 150
"""How far the card darkens what is behind it, of 255."""


@dataclass(frozen=True)
class KeyHelp:
    """A key and what it does."""

    key: str
    text: str


@dataclass(frozen=True)
class KeyGroup:
    """Keys that belong together."""

    title: str
    keys: tuple[KeyHelp, ...]


class HintLine:
    """As many hints as the line holds, and at its right end always those that lead to the rest."""

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._image = pygame.Surface((1, 1))

    def draw(
        self,
        surface: pygame.Surface,
        rect: pygame.Rect,
        type_: Type,
        hints: tuple[KeyHelp, ...],
        last: tuple[KeyHelp, ...],
    ) -> None:
        """Draw into rect; painted only when something has changed."""
        key = (rect.size, type_.scale, hints, last)
        if key != self._key:
            self._key = key
            self._image = _paint_hints(rect.size, type_, hints, last)
        surface.blit(self._image, rect)


def _paint_hints(
    size: tuple[int, int], type_: Type, hints: tuple[KeyHelp, ...], last: tuple[KeyHelp, ...]
) -> pygame.Surface:
    image = pygame.Surface(size)
    image.fill(palette.PANEL)
    pygame.draw.line(image, palette.RULE, (0, 0), (size[0], 0))
    baseline = size[1] // 2 + type_.px(4)
    gap, between = type_.px(6), type_.px(20)

    def width(hint: KeyHelp) -> int:
        return type_.width(hint.key, STRONG) + gap + type_.width(hint.text, LABEL)

    def put(hint: KeyHelp, x: int) -> int:
        end = type_.left(image, hint.key, STRONG, x, baseline)
        return type_.left(image, hint.text, LABEL, end + gap, baseline)

    right = size[0] - type_.px(PADDING) + between
    for hint in reversed(last):
        right -= width(hint) + between
        put(hint, right)
    x = type_.px(PADDING)
    for hint in hints:
        if x + width(hint) > right - between:
            break
        x = put(hint, x) + between
    return image


@lru_cache(1)
def veil(size: tuple[int, int]) -> pygame.Surface:
    """What darkens the window behind a card."""
    surface = pygame.Surface(size)
    surface.fill(palette.SHADOW)
    surface.set_alpha(VEIL)
    return surface


class HelpOverlay:
    """A card with every key of the mode; painted once per size."""

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._card = pygame.Surface((1, 1))

    def draw(self, surface: pygame.Surface, type_: Type, title: str, groups: Sequence[KeyGroup]) -> None:
        key = (surface.get_size(), type_.scale, title, tuple(groups))
        if key != self._key:
            self._key = key
            self._card = _paint_card(surface.get_size(), type_, title, groups)
        surface.blit(veil(surface.get_size()), (0, 0))
        surface.blit(self._card, self._card.get_rect(center=surface.get_rect().center))


def _paint_card(window: tuple[int, int], type_: Type, title: str, groups: Sequence[KeyGroup]) -> pygame.Surface:
    padding, row = type_.px(1.5 * PADDING), type_.px(ROW)
    columns = 2 if window[0] >= type_.px(TWO_COLUMNS_FROM) else 1
    column_width = min(type_.px(KEY_WIDTH + TEXT_WIDTH), (window[0] - (columns + 2) * padding) // columns)
    halves = _balance(groups, columns)
    head = type_.px(48)
    body = max(_height(half) for half in halves) * row
    size = (columns * column_width + (columns + 1) * padding, head + body + 2 * padding - row)
    card = pygame.Surface((min(size[0], window[0]), min(size[1], window[1])))
    card.fill(palette.PANEL)
    pygame.draw.rect(card, palette.RULE, card.get_rect(), 1)
    type_.left(card, title, HEADLINE, padding, padding + type_.px(16))
    type_.right(card, "any key closes", LABEL, card.get_width() - padding, padding + type_.px(16))
    for column, half in enumerate(halves):
        left, y = padding + column * (column_width + padding), padding + head
        for group in half:
            type_.left(card, group.title, STRONG.in_colour(palette.ACCENT), left, y + type_.px(8))
            y += row
            for entry in group.keys:
                type_.left(card, entry.key, FIGURE, left, y + type_.px(8))
                text = type_.fit(entry.text, WORDS, column_width - type_.px(KEY_WIDTH))
                type_.left(card, text, WORDS.in_colour(palette.TEXT_DIM), left + type_.px(KEY_WIDTH), y + type_.px(8))
                y += row
            y += row
    return card


def _height(groups: Sequence[KeyGroup]) -> int:
    """Rows of the groups: a title, the keys, an empty row each."""
    return sum(len(group.keys) + 2 for group in groups)


def _balance(groups: Sequence[KeyGroup], columns: int) -> list[list[KeyGroup]]:
    """The groups in order, on one or two columns of nearly equal height."""
    if columns == 1:
        return [list(groups)]
    split = min(range(1, len(groups) + 1), key=lambda k: max(_height(groups[:k]), _height(groups[k:])))
    return [list(groups[:split]), list(groups[split:])]
