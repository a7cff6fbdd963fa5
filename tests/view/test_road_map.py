"""The map as drawn against where its points are."""

import numpy as np
import pygame

from qrace.view.camera import Camera
from qrace.view.road_map import HALF_PX, draw_road_map

BACK = (78, 74, 70)
POINTS = [(12.0, 0.0), (25.0, 6.0), (40.0, -9.0), (60.0, 4.0)]


def view(viewport: pygame.Rect) -> Camera:
    camera = Camera(viewport)
    camera.fit((-100.0, -70.0, 100.0, 70.0))
    return camera


def changed(camera: Camera, points: list[tuple[float, float]], size: tuple[int, int] = (800, 600)) -> np.ndarray:
    surface = pygame.Surface(size)
    surface.fill(BACK)
    draw_road_map(surface, camera, 10.0, -5.0, 0.8, points)
    return np.abs(pygame.surfarray.array3d(surface).astype(int) - BACK).max(axis=2)


def places(camera: Camera) -> np.ndarray:
    ahead = np.array(POINTS) @ [[1.0], [1.0j]]
    world = 10.0 - 5.0j + ahead[:, 0] * np.exp(0.8j)
    return camera.to_screen(np.column_stack([world.real, world.imag]))


def test_an_open_diamond_marks_every_point_and_nothing_else_is_drawn() -> None:
    camera = view(pygame.Rect(0, 0, 800, 600))
    difference = changed(camera, POINTS)
    pixels = np.argwhere(difference > 8)
    apart = np.hypot(*(pixels[:, None] - places(camera)[None]).transpose(2, 0, 1))
    assert apart.min(axis=1).max() < HALF_PX + 2.0
    assert apart.min(axis=0).max() < HALF_PX + 1.0
    assert apart.min() > 1.0, "open"
    strength = [difference[apart_of < 6].max() for apart_of in _apart(camera, difference.shape)]
    assert strength == sorted(strength, reverse=True) and strength[0] > strength[-1] + 20, "fainter with distance"


def _apart(camera: Camera, shape: tuple[int, ...]) -> list[np.ndarray]:
    grid = np.stack(np.meshgrid(np.arange(shape[0]), np.arange(shape[1]), indexing="ij"), axis=-1)
    return [np.hypot(*(grid - place).transpose(2, 0, 1)) for place in places(camera)]


def test_the_car_itself_stays_free() -> None:
    camera = view(pygame.Rect(0, 0, 800, 600))
    assert not changed(camera, [(1.0, 0.5)]).any()
    assert not changed(camera, []).any()


def test_the_map_stays_in_the_viewport() -> None:
    viewport = pygame.Rect(100, 100, 200, 150)
    difference = changed(view(viewport), [(float(d), 0.0) for d in range(5, 300, 5)])
    difference[viewport.left : viewport.right, viewport.top : viewport.bottom] = 0
    assert not difference.any()
