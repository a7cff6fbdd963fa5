"""The view of the drawing table, and the grid on it."""

import numpy as np
import pygame
import pytest

from qrace.view.drawing_marks import draw_signs, grid_step_m, point_radius
from qrace.view.table_camera import COARSEST, FINEST, TableCamera
from qrace.view.type import Type


def camera() -> TableCamera:
    return TableCamera(pygame.Rect(10, 20, 900, 600))


def test_to_screen_and_back() -> None:
    table = camera()
    table.fit((-300.0, -100.0, 500.0, 200.0))
    points = np.random.default_rng(1).uniform(-200.0, 200.0, size=(50, 2))
    np.testing.assert_allclose(table.to_world(table.to_screen(points)), points)
    corners = table.to_screen([[-300.0, -100.0], [500.0, 200.0]])
    assert all(table.viewport.collidepoint(*corner) for corner in corners)
    east, north = table.to_screen([[1.0, 0.0], [0.0, 1.0]]) - table.to_screen([[0.0, 0.0], [0.0, 0.0]])
    assert east[0] > 0.0 and north[1] < 0.0


def test_zooming_keeps_what_is_under_the_pointer_and_ends_somewhere() -> None:
    table, pixel = camera(), (700.0, 100.0)
    for notches in (3, 5, -12, 2):
        world = table.to_world([pixel])
        table.zoom(notches, pixel)
        np.testing.assert_allclose(table.to_screen(world)[0], pixel, atol=1.0)
    before = table.scale
    table.zoom(1, pixel)
    table.zoom(-1, pixel)
    assert table.scale == pytest.approx(before, rel=1e-12)
    table.zoom(1000, pixel)
    assert table.scale == FINEST
    table.zoom(-1000, pixel)
    assert table.scale == COARSEST


@pytest.mark.parametrize(
    ("scale", "step"), [(60.0, 1.0), (28.0, 2.0), (11.2, 5.0), (11.1, 10.0), (0.56, 100.0), (0.02, 5000.0)]
)
def test_the_grid_is_of_round_metres(scale: float, step: float) -> None:
    assert grid_step_m(scale, 56.0) == step
    assert step * scale >= 56.0 - 1e-9


def test_points_that_are_crowded_are_small() -> None:
    apart = np.column_stack([np.arange(10) * 40.0, np.zeros(10)])
    assert point_radius(apart, 1.0) > point_radius(apart / 8.0, 1.0)
    assert point_radius(apart, 2.0) == 2.0 * point_radius(apart, 1.0)
    assert point_radius(apart[:1], 1.0) == point_radius(apart, 1.0)


def test_signs_keep_out_of_each_others_way_and_inside_the_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    plates: list[pygame.Rect] = []
    monkeypatch.setattr("qrace.view.drawing_marks._draw_sentence", lambda _, plate, *__: plates.append(plate.copy()))
    stage, rng = pygame.Rect(0, 0, 900, 600), np.random.default_rng(4)
    places = rng.uniform((0.0, 0.0), (900.0, 600.0), size=(30, 2)).tolist()
    signs = [((x, y), f"Sentence number {k} about the road here.", k % 2 == 0) for k, (x, y) in enumerate(places)]
    draw_signs(pygame.Surface((900, 600)), signs, stage, Type(), (-1, -1), np.zeros((0, 2)))
    assert len(plates) > 5
    assert all(stage.contains(plate) for plate in plates)
    assert all(plate.collidelist(plates[k + 1 :]) < 0 for k, plate in enumerate(plates))
    assert not any(plate.collidepoint(*place) for plate in plates for place in places)


def test_a_sentence_covers_as_few_points_as_it_can(monkeypatch: pytest.MonkeyPatch) -> None:
    plates: list[pygame.Rect] = []
    monkeypatch.setattr("qrace.view.drawing_marks._draw_sentence", lambda _, plate, *__: plates.append(plate.copy()))
    sign, stage = ((450.0, 300.0), "The road is narrow here.", False), pygame.Rect(0, 0, 900, 600)
    picture, rng = pygame.Surface((900, 600)), np.random.default_rng(7)
    draw_signs(picture, [sign], stage, Type(), (-1, -1), np.zeros((0, 2)))
    crowd = rng.uniform(plates[0].topleft, plates[0].bottomright, size=(20, 2))
    draw_signs(picture, [sign], stage, Type(), (-1, -1), crowd)
    assert not any(plates[1].collidepoint(*point) for point in crowd)
