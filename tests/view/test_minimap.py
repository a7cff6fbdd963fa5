"""The small map shows the track's shape and the cars in their places."""

import numpy as np
import pygame
import pytest

from qrace.sim.track_files import load_track
from qrace.view import palette
from qrace.view.minimap import Minimap


@pytest.mark.parametrize("name", ["oval", "autodrome"])
@pytest.mark.parametrize("size", [(200, 132), (90, 90)])
def test_cars_on_the_road_are_dots_on_the_maps_road(name: str, size: tuple[int, int]) -> None:
    track = load_track(name)
    minimap = Minimap(track, size)
    s = np.linspace(0.0, track.length_m, 40, endpoint=False)[1:]
    x, y, _ = track.pose_at(s)
    empty, full = pygame.Surface((300, 300)), pygame.Surface((300, 300))
    minimap.draw(empty, (20, 30), np.zeros((0, 2)), [])
    minimap.draw(full, (20, 30), np.column_stack([x, y]), np.full(len(s), 2))
    road = np.abs(pygame.surfarray.array3d(empty).astype(int) - palette.ROAD_MARK).max(axis=2) < 60
    dots = np.abs(pygame.surfarray.array3d(full).astype(int) - palette.LIVERIES[2]).max(axis=2) < 60
    columns, rows = np.nonzero(dots)
    assert len(columns) > 100
    assert columns.min() >= 20 and columns.max() < 20 + size[0]
    assert rows.min() >= 30 and rows.max() < 30 + size[1]
    assert road[dots].mean() > 0.75


def test_the_chosen_car_has_a_ring() -> None:
    track = load_track("oval")
    minimap = Minimap(track, (200, 132))
    x, y, _ = track.pose_at(np.array([50.0, 200.0]))

    def accent(chosen: int | None) -> int:
        surface = pygame.Surface((200, 132))
        minimap.draw(surface, (0, 0), np.column_stack([x, y]), [0, 1], chosen)
        return int((np.abs(pygame.surfarray.array3d(surface).astype(int) - palette.ACCENT).max(axis=2) < 40).sum())

    assert accent(1) > accent(None) + 10


def test_north_is_up() -> None:
    track = load_track("oval")
    minimap = Minimap(track, (200, 132))
    places = []
    for point in (track.bounds[:2], track.bounds[2:]):
        surface = pygame.Surface((200, 132))
        minimap.draw(surface, (0, 0), [point], [2])
        yellow = np.abs(pygame.surfarray.array3d(surface).astype(int) - palette.LIVERIES[2]).max(axis=2) < 60
        places.append(np.argwhere(yellow).mean(axis=0))
    (west, south), (east, north) = places
    assert west < east and north < south
