"""Rays as drawn against where they go."""

import numpy as np
import pygame
import shapely

from qrace.view.camera import Camera
from qrace.view.rays import draw_rays

BACK = (78, 74, 70)


def view() -> Camera:
    camera = Camera(pygame.Rect(0, 0, 400, 300))
    camera.fit((-100.0, -70.0, 100.0, 70.0))
    return camera


def pixels_of(camera: Camera, angles: list[float], distances: list[float], range_m: float) -> np.ndarray:
    surface = pygame.Surface(camera.viewport.size)
    surface.fill(BACK)
    draw_rays(surface, camera, 10.0, -5.0, 0.8, angles, distances, range_m)
    return np.abs(pygame.surfarray.array3d(surface).astype(int) - BACK).max(axis=2)


def test_rays_run_from_the_car_to_the_edge() -> None:
    camera = view()
    angles, distances = [-1.5, -0.3, 0.0, 0.9], [20.0, 44.0, 70.0, 33.0]
    changed = np.argwhere(pixels_of(camera, angles, distances, 90.0) > 8)
    points = shapely.points(camera.to_world(changed + 0.5))
    lines = [
        shapely.LineString([(10.0, -5.0), (10.0 + d * np.cos(0.8 + a), -5.0 + d * np.sin(0.8 + a))])
        for a, d in zip(angles, distances, strict=True)
    ]
    off = np.min([shapely.distance(line, points) for line in lines], axis=0)
    assert off.max() * camera.scale < 4.0
    for line, distance in zip(lines, distances, strict=True):
        along = shapely.line_locate_point(line, points[shapely.distance(line, points) * camera.scale < 1.2])
        assert along.max() > distance - 2.0 / camera.scale
        assert np.diff(np.sort(along)).max() * camera.scale < 3.0, "no gaps"


def test_a_dot_marks_the_edge_and_only_the_edge() -> None:
    camera = view()
    end = camera.to_screen(np.array([[10.0 + 40.0 * np.cos(0.8), -5.0 + 40.0 * np.sin(0.8)]]))[0].astype(int)

    def width_there(distances: list[float]) -> int:
        picture = pixels_of(camera, [0.0], distances, 40.0)
        return int((picture[end[0] - 3 : end[0] + 4, end[1] - 3 : end[1] + 4] > 60).sum())

    assert width_there([39.9]) > width_there([40.0]) + 6, "a ray that meets nothing has none"


def test_near_is_lighter_than_far() -> None:
    camera = view()
    near = pixels_of(camera, [0.0], [15.0], 80.0).max()
    far = pixels_of(camera, [0.0], [79.0], 80.0).max()
    assert near > far + 15


def test_rays_stay_in_the_viewport() -> None:
    camera = Camera(pygame.Rect(50, 40, 100, 80))
    camera.fit((-20.0, -20.0, 20.0, 20.0))
    surface = pygame.Surface((300, 300))
    surface.fill(BACK)
    draw_rays(surface, camera, 0.0, 0.0, 0.0, np.linspace(-3, 3, 13), np.full(13, 500.0), 500.0)
    surface.fill(BACK, camera.viewport)
    assert np.all(pygame.surfarray.array3d(surface) == BACK)
