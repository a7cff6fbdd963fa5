"""Number plates: a car's colour, pattern and number, the same in lists as on the road."""

import pygame

from qrace.view import palette
from qrace.view.car_shapes import pattern_of
from qrace.view.type import FIGURE_SMALL, Type

PLATE = (24, 14)
"""Size [px at scale 1]."""


def draw_plate(surface: pygame.Surface, place: tuple[int, int], type_: Type, livery: int, number: int) -> pygame.Rect:
    """Draw a plate with its left top corner at `place`; returns its rectangle."""
    rect = pygame.Rect(*place, type_.px(PLATE[0]), type_.px(PLATE[1]))
    colour = palette.LIVERIES[livery % len(palette.LIVERIES)]
    ink = palette.LIVERY_INKS[livery % len(palette.LIVERIES)]
    pygame.draw.rect(surface, colour, rect)
    pattern, line = pattern_of(livery), max(type_.px(2), 1)
    if pattern == 1:
        pygame.draw.rect(surface, ink, (rect.left, rect.top, rect.width, line))
        pygame.draw.rect(surface, ink, (rect.left, rect.bottom - line, rect.width, line))
    elif pattern == 2:
        pygame.draw.rect(surface, ink, (rect.left, rect.top, 2 * line, rect.height))
        pygame.draw.rect(surface, ink, (rect.right - 2 * line, rect.top, 2 * line, rect.height))
    type_.centre(surface, str(number), FIGURE_SMALL.in_colour(ink), rect.centerx, rect.bottom - type_.px(3))
    return rect


def plate(type_: Type, livery: int, number: int) -> pygame.Surface:
    """A plate as a picture of its own."""
    image = pygame.Surface((type_.px(PLATE[0]), type_.px(PLATE[1])))
    draw_plate(image, (0, 0), type_, livery, number)
    return image
