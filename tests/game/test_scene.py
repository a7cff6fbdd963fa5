"""What the stage asks of the cars' pictures: details where they can be seen, none in a throng."""

from typing import Any

import numpy as np
import pygame
import pytest

from qrace.game.scene import CROWD, Cars, Scene, liveries
from qrace.sim.track_files import load_track
from qrace.view.car_sprites import CarSprites
from qrace.view.palette import LIVERIES
from qrace.view.track_painter import TrackPainter


class Recorded(CarSprites):
    """Car sprites that note whose details they are asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.detailed: dict[int, bool] = {}

    def draw(self, *place: Any, number: int | None, detailed: bool = True, **look: Any) -> None:
        assert number is not None
        self.detailed[number] = detailed
        super().draw(*place, number=number, detailed=detailed, **look)


def drawn(cars: int, following: bool) -> Recorded:
    """What the stage asks for so many cars, on a stage of full HD."""
    track = load_track("oval")
    stage = pygame.Rect(0, 0, 1920, 1080)
    scene = Scene(TrackPainter(track), stage, 1.0)
    scene.sprites = recorded = Recorded()
    scene.camera.following = following
    scene.camera.update(10.0)
    poses = np.zeros((cars, 5))
    position = np.linspace(0.0, track.length_m, cars, endpoint=False)
    poses[:, 0], poses[:, 1], poses[:, 2] = track.pose_at(position)
    poses[:, 3] = np.linspace(-0.3, 0.3, cars)
    nothing = np.zeros(cars, dtype=np.bool_)
    shown = Cars(poses, position, ("lesson",) * cars, liveries(cars), nothing, np.full(cars, 255))
    try:
        scene.draw(pygame.Surface(stage.size), shown, 0.02, 1.0)
    finally:
        scene.close()
    return recorded


@pytest.mark.parametrize("cars, following", [(CROWD, False), (CROWD + 1, True)])
def test_a_field_or_a_crowd_seen_from_near_has_numbers_and_turned_wheels(cars: int, following: bool) -> None:
    assert drawn(cars, following).detailed == dict.fromkeys(range(1, cars + 1), True)


def test_a_crowd_seen_whole_shares_its_pictures() -> None:
    sprites = drawn(128, following=False)
    assert sprites.detailed == dict.fromkeys(range(1, 129), False)
    assert len(sprites.masters) == len(LIVERIES)
