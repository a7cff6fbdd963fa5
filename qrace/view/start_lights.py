"""The five lights over the grid: dark, red one by one, and out."""

import pygame

from qrace.view import palette
from qrace.view.layout import GRID
from qrace.view.palette import mix
from qrace.view.type import Type

LAMP = 3 * GRID
"""Diameter of a lamp [px at scale 1]."""
FROM_TOP = 0.12
"""Where the lights hang, as a share of the stage's height."""


def draw_start_lights(surface: pygame.Surface, stage: pygame.Rect, type_: Type, lit: int, lights: int) -> pygame.Rect:
    """Draw the gantry with so many of its lamps lit; returns where it is."""
    lamp, gap, padding = type_.px(LAMP), type_.px(GRID), type_.px(1.5 * GRID)
    box = pygame.Rect(0, 0, lights * lamp + (lights - 1) * gap + 2 * padding, lamp + 2 * padding)
    box.midtop = (stage.centerx, stage.top + round(stage.height * FROM_TOP))
    pygame.draw.rect(surface, palette.PANEL, box, border_radius=GRID // 2)
    pygame.draw.rect(surface, palette.RULE, box, 1, border_radius=GRID // 2)
    for place in range(lights):
        centre = (box.left + padding + lamp / 2 + place * (lamp + gap), box.centery)
        if place < lit:
            pygame.draw.aacircle(surface, mix(palette.PANEL, palette.BRAKE_LIGHT, 0.4), centre, lamp / 2 + type_.px(2))
            pygame.draw.aacircle(surface, palette.BRAKE_LIGHT, centre, lamp / 2)
            pygame.draw.aacircle(surface, mix(palette.BRAKE_LIGHT, palette.TEXT, 0.6), centre, lamp / 5)
        else:
            pygame.draw.aacircle(surface, palette.PANEL_RAISED, centre, lamp / 2)
            pygame.draw.aacircle(surface, palette.RULE, centre, lamp / 2, 1)
    return box
