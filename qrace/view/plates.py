"""Number plates: a car's colour, pattern and number, the same in lists as on the road."""

import pygame

from qrace.view import palette
from qrace.view.car_shapes import pattern_of
from qrace.view.type import FIGURE_SMALL, Type

PLATE = (28, 14)
"""Size [px at scale 1]."""
LINE = 2
"""Width of a line that stands for a pattern, and its distance from the edge."""


def draw_plate(surface: pygame.Surface, place: tuple[int, int], type_: Type, livery: int, number: int) -> pygame.Rect:
    """Draw a plate with its left top corner at `place`; returns its rectangle."""
    rect = pygame.Rect(*place, type_.px(PLATE[0]), type_.px(PLATE[1]))
    colour = palette.LIVERIES[livery % len(palette.LIVERIES)]
    ink = palette.LIVERY_INKS[livery % len(palette.LIVERIES)]
    pygame.draw.rect(surface, colour, rect)
    for side in range(pattern_of(livery)):  # striped: a line on the left; banded: one on either side
        line = pygame.Rect(rect.left + type_.px(LINE), rect.top, type_.px(LINE), rect.height)
        line.right = rect.right - type_.px(LINE) if side else line.right
        pygame.draw.rect(surface, ink, line)
    type_.centre(surface, str(number), FIGURE_SMALL.in_colour(ink), rect.centerx, rect.bottom - type_.px(3))
    return rect


def plate(type_: Type, livery: int, number: int) -> pygame.Surface:
    """A plate as a picture of its own."""
    image = pygame.Surface((type_.px(PLATE[0]), type_.px(PLATE[1])))
    draw_plate(image, (0, 0), type_, livery, number)
    return image
