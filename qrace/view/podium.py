"""The podium: the first three with their cars, nose up, on steps of different height."""

from dataclasses import dataclass

import pygame

from qrace.sim.car import CarName
from qrace.view import palette
from qrace.view.car_sprites import CarSprites
from qrace.view.layout import GRID
from qrace.view.palette import mix
from qrace.view.type import DISPLAY, FIGURE_SMALL, STRONG, Type

STEP = 144
"""Width of a step [px at scale 1], as are the following."""
HEIGHTS = (72, 56, 40)
"""Of the steps of the first, second and third."""
CAR = 72
"""Length of a car."""
TEXT = 40
"""Room over a car for its driver's name and time."""
HEIGHT = TEXT + CAR + HEIGHTS[0] + 2 * GRID
PLACES = (1, 0, 2)
"""Who stands where from left to right: the second, the first, the third."""


@dataclass(frozen=True)
class Honoured:
    """One of the three."""

    name: str
    time: str
    car: CarName
    livery: int
    number: int


def paint_podium(width: int, type_: Type, sprites: CarSprites, honoured: tuple[Honoured, ...]) -> pygame.Surface:
    """A picture of that width; at most three are shown, and fewer where fewer have arrived."""
    image = pygame.Surface((width, type_.px(HEIGHT)))
    image.fill(palette.PANEL)
    step, gap = min(type_.px(STEP), (width - 2 * type_.px(GRID)) // 3), type_.px(GRID)
    ground = image.get_height()
    for column, place in enumerate(PLACES):
        if place >= len(honoured):
            continue
        height = type_.px(HEIGHTS[place])
        left = (width - 3 * step - 2 * gap) // 2 + column * (step + gap)
        block = pygame.Rect(left, ground - height, step, height)
        colour = palette.LIVERIES[honoured[place].livery % len(palette.LIVERIES)]
        pygame.draw.rect(image, palette.PANEL_RAISED, block)
        pygame.draw.rect(image, colour, (block.left, block.top, block.width, type_.px(4)))
        ink = mix(palette.TEXT_DIM, palette.TEXT, 1.0 if place == 0 else 0.4)
        type_.centre(image, str(place + 1), DISPLAY.in_colour(ink), block.centerx, block.centery + type_.px(12))
        _draw_car(image, type_, sprites, honoured[place], block)
    return image


def _draw_car(image: pygame.Surface, type_: Type, sprites: CarSprites, who: Honoured, block: pygame.Rect) -> None:
    car = pygame.transform.rotate(sprites.picture(who.car, who.livery, who.number, type_.px(CAR)), 90.0)
    place = car.get_rect(midbottom=(block.centerx, block.top - type_.px(GRID)))
    image.blit(car, place)
    baseline = place.top - type_.px(GRID)
    type_.centre(image, who.time, FIGURE_SMALL, block.centerx, baseline)
    name = type_.fit(who.name, STRONG, block.width)
    type_.centre(image, name, STRONG, block.centerx, baseline - type_.px(16))
