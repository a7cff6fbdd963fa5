"""Ghosts: cars of other laps, pale, with a letter over them."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pygame

from qrace.sim.car import CarName
from qrace.view import palette
from qrace.view.camera import Camera
from qrace.view.car_sprites import CarSprites
from qrace.view.type import HEADING, Type

ALPHA = 120
"""Of 255: the road is seen through them."""
LABEL_M = 3.4
LABEL_PX = 12
"""The letter stands so far above the car, and at least so far."""
DISC_PX = 8
"""Radius of the letter's ground [px at scale 1]."""


@dataclass(frozen=True)
class GhostLook:
    """What tells one ghost from another."""

    letter: str
    livery: int


@dataclass(frozen=True)
class Ghost:
    """A ghost in one frame."""

    look: GhostLook
    car: CarName
    pose: tuple[float, float, float, float]
    """x, y [m], heading, front wheel angle [rad]."""
    track_position_m: float


def draw_ghosts(surface: pygame.Surface, camera: Camera, sprites: CarSprites, ghosts: Iterable[Ghost]) -> None:
    """Draw the cars, under those that are really there."""
    for ghost in ghosts:
        sprites.draw(surface, camera, *ghost.pose, livery=ghost.look.livery, number=None, car=ghost.car, alpha=ALPHA)


def draw_ghost_letters(surface: pygame.Surface, camera: Camera, type_: Type, ghosts: Iterable[Ghost]) -> None:
    """Draw a letter over each, on a disc of its livery's colour."""
    before = surface.get_clip()
    surface.set_clip(camera.viewport)
    radius = type_.px(DISC_PX)
    for ghost in ghosts:
        x, y = camera.to_screen(np.array([ghost.pose[:2]]))[0].tolist()
        y -= max(LABEL_M * camera.scale, type_.px(LABEL_PX)) + radius
        colour = palette.LIVERIES[ghost.look.livery]
        pygame.draw.aacircle(surface, palette.PANEL, (x, y), radius)
        pygame.draw.aacircle(surface, colour, (x, y), radius, 1)
        type_.centre(surface, ghost.look.letter, HEADING.in_colour(colour), x, y + type_.px(4))
    surface.set_clip(before)
