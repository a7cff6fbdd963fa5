"""The keys on screen: one line of hints at the bottom."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import pygame

from qrace.view import palette
from qrace.view.layout import PADDING
from qrace.view.type import LABEL, STRONG, Type

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


def _height(groups: Sequence[KeyGroup]) -> int:
    """Rows of the groups: a title, the keys, an empty row each."""
    return sum(len(group.keys) + 2 for group in groups)


def balance(groups: Sequence[KeyGroup], columns: int) -> list[list[KeyGroup]]:
    """The groups in order, on one or two columns of nearly equal height."""
    if columns == 1:
        return [list(groups)]
    split = min(range(1, len(groups) + 1), key=lambda k: max(_height(groups[:k]), _height(groups[k:])))
    return [list(groups[:split]), list(groups[split:])]
