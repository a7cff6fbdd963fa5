"""Golden pictures: a few crops of the drawing, compared with those in golden/ within a stated tolerance.

Fonts are bundled and pygame's version is pinned, so pictures differ between machines by rounding alone. To make them
anew after a change that is meant, look at them, and commit:

    QRACE_GOLDEN=write .venv/bin/python -m pytest tests/view/test_golden.py
"""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pygame
import pytest

from qrace.sim.track_files import load_track
from qrace.view import palette
from qrace.view.camera import Camera
from qrace.view.car_sprites import CarSprites
from qrace.view.effects import CrashEffects
from qrace.view.kerbs import find_kerbs
from qrace.view.start_lights import draw_start_lights
from qrace.view.track_painter import TrackPainter
from qrace.view.type import Type

FOLDER = Path(__file__).parent / "golden"
SIZE = (320, 180)
MEAN_DIFFERENCE = 1.0
"""Mean absolute difference of all channels, of 255, at most …"""
DIFFERING_SHARE = 0.01
"""… and the share of pixels that differ by more than DIFFERING anywhere."""
DIFFERING = 24


def corner(surface: pygame.Surface) -> None:
    """The first kerb of the clover: road, stripes, edge lines, ground."""
    track = load_track("clover")
    painter, camera = TrackPainter(track), Camera(pygame.Rect(0, 0, *SIZE))
    try:
        x, y, _ = (float(value) for value in track.pose_at(find_kerbs(track)[0].start_m + 6.0))
        camera.fit((x - 22.0, y - 10.0, x + 22.0, y + 10.0))
        painter.finish(camera)
        painter.draw(surface, camera)
        painter.draw_over(surface, camera)
    finally:
        painter.close()


def cars(surface: pygame.Surface) -> None:
    """Both models: straight on, steering, braking; each with its number."""
    camera, sprites = Camera(pygame.Rect(0, 0, *SIZE)), CarSprites()
    camera.fit((-12.0, -5.0, 12.0, 5.0))
    surface.fill(palette.ROAD)
    for row, model in enumerate(("lesson", "grand-prix")):
        for column, (steer, braking) in enumerate(((0.0, False), (0.4, False), (-0.4, True))):
            sprites.draw(
                surface, camera, 7.0 * (column - 1), 2.2 - 4.4 * row, 0.3 * column, steer,
                livery=3 * row + column, number=column + 7, car=model, braking=braking,
            )  # fmt: skip
    sprites.draw_halo(surface, camera, 0.0, 2.2)


def crash(surface: pygame.Surface) -> None:
    """A third of a second after a crash."""
    camera, effects, sprites = Camera(pygame.Rect(0, 0, *SIZE)), CrashEffects(), CarSprites()
    camera.fit((-12.0, -5.0, 12.0, 5.0))
    surface.fill(palette.ROAD)
    effects.add(0.0, 0.0, 0.5, 0.2, 1, 4, "lesson")
    effects.draw(surface, camera, sprites, 0.33)


def lights(surface: pygame.Surface) -> None:
    """Three of five start lights."""
    surface.fill(palette.GROUND)
    draw_start_lights(surface, surface.get_rect(), Type(1.0), 3, 5)


PICTURES: tuple[Callable[[pygame.Surface], None], ...] = (corner, cars, crash, lights)


@pytest.mark.parametrize("draw", PICTURES, ids=lambda draw: draw.__name__)
def test_pictures_are_what_they_were(draw: Callable[[pygame.Surface], None]) -> None:
    surface, path = pygame.Surface(SIZE), FOLDER / f"{draw.__name__}.png"
    draw(surface)
    if os.environ.get("QRACE_GOLDEN") == "write":
        FOLDER.mkdir(exist_ok=True)
        pygame.image.save(surface, path)
    golden = pygame.surfarray.array3d(pygame.image.load(path)).astype(int)
    difference = np.abs(pygame.surfarray.array3d(surface).astype(int) - golden)
    assert difference.mean() <= MEAN_DIFFERENCE, f"{path.name}: off by {difference.mean():.2f} in the mean"
    share = (difference.max(axis=2) > DIFFERING).mean()
    assert share <= DIFFERING_SHARE, f"{path.name}: {100 * share:.1f} % of the pixels are different"


def test_a_picture_that_has_changed_is_found() -> None:
    """The tolerance is no blindfold: a car that stands half a metre further is noticed."""
    surface = pygame.Surface(SIZE)
    cars(surface)
    moved = pygame.Surface(SIZE)
    moved.fill(palette.ROAD)
    moved.blit(surface, (6, 0))
    difference = np.abs(pygame.surfarray.array3d(surface).astype(int) - pygame.surfarray.array3d(moved).astype(int))
    assert difference.mean() > MEAN_DIFFERENCE and (difference.max(axis=2) > DIFFERING).mean() > DIFFERING_SHARE
