"""What the stage asks of the cars' pictures: details where they can be seen, none in a throng."""

from typing import Any

import numpy as np
import pygame
import pytest

from qrace.game.scene import CROWD, Cars, Scene, liveries
from qrace.sim.track_files import load_track
from qrace.view.car_sprites import CarSprites
from qrace.view.track_painter import TrackPainter


class Recorded(CarSprites):
    """Car sprites that note what they are asked to draw."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[float, int | None]] = []

    def draw(self, surface: Any, camera: Any, x: float, y: float, heading: float, steer: float, **look: Any) -> None:
        self.asked.append((steer, look["number"]))


def asked_of(cars: int, following: bool) -> list[tuple[float, int | None]]:
    """Steering and number of each of so many cars, as the stage asks for them."""
    track = load_track("oval")
    stage = pygame.Rect(0, 0, 640, 360)
    scene = Scene(TrackPainter(track), stage, 1.0)
    scene.sprites = recorded = Recorded()
    scene.camera.following = following
    poses = np.zeros((cars, 5))
    position = np.linspace(0.0, track.length_m, cars, endpoint=False)
    poses[:, 0], poses[:, 1], poses[:, 2] = track.pose_at(position)
    poses[:, 3] = 0.17
    nothing = np.zeros(cars, dtype=np.bool_)
    shown = Cars(poses, position, ("lesson",) * cars, liveries(cars), nothing, np.full(cars, 255))
    try:
        scene.draw(pygame.Surface(stage.size), shown, 0.02, 1.0)
    finally:
        scene.close()
    return recorded.asked


@pytest.mark.parametrize("cars, following", [(CROWD, False), (CROWD + 1, True)])
def test_a_field_or_a_crowd_seen_from_near_has_numbers_and_turned_wheels(cars: int, following: bool) -> None:
    asked = asked_of(cars, following)
    assert sorted(number for _, number in asked if number is not None) == list(range(1, cars + 1))
    assert {steer for steer, _ in asked} == {0.17}


def test_a_crowd_seen_whole_has_as_many_looks_as_liveries() -> None:
    asked = asked_of(CROWD + 1, following=False)
    assert len(asked) == CROWD + 1
    assert set(asked) == {(0.0, None)}
