"""Number plates: a car's colour, pattern and number, the same in lists as on the road."""

import pygame

from qrace.view import palette
from qrace.view.car_shapes import pattern_of
from qrace.view.type import FIGURE_SMALL, Type

PLATE = (28, 14)
"""Size [px at scale 1]."""
BAR = 4
"""Width of the bar that stands for a pattern."""


def draw_plate(surface: pygame.Surface, place: tuple[int, int], type_: Type, livery: int, number: int) -> pygame.Rect:
    """Draw a plate with its left top corner at `place`; returns its rectangle."""
    rect = pygame.Rect(*place, type_.px(PLATE[0]), type_.px(PLATE[1]))
    colour = palette.LIVERIES[livery % len(palette.LIVERIES)]
    ink = palette.LIVERY_INKS[livery % len(palette.LIVERIES)]
    pygame.draw.rect(surface, colour, rect)
    for side in range(pattern_of(livery)):  # striped: a bar on the left; banded: one on either side
        bar = pygame.Rect(rect.left, rect.top, type_.px(BAR), rect.height)
        bar.right = rect.right if side else bar.right
        pygame.draw.rect(surface, ink, bar)
    type_.centre(surface, str(number), FIGURE_SMALL.in_colour(ink), rect.centerx, rect.bottom - type_.px(3))
    return rect


def plate(type_: Type, livery: int, number: int) -> pygame.Surface:
    """A plate as a picture of its own."""
    image = pygame.Surface((type_.px(PLATE[0]), type_.px(PLATE[1])))
    draw_plate(image, (0, 0), type_, livery, number)
    return image
