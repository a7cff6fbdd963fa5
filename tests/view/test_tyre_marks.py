"""Rubber lies where tyres slid, and only there."""

import numpy as np
import pygame
import pytest

from qrace.sim.track import Track
from qrace.sim.track_files import load_track
from qrace.view.display_list import Window
from qrace.view.tyre_marks import TyreMarks

TICK_S = 0.05


@pytest.fixture(scope="module")
def track() -> Track:
    return load_track("oval")


def straight(speeds: list[float], y: float = 0.0) -> np.ndarray:
    """(T + 1, 1, 5) poses of a car going east at the given speeds."""
    x = np.concatenate([[0.0], np.cumsum(np.array(speeds[1:]) * TICK_S)])
    return np.stack([[(a, y, 0.0, 0.0, v)] for a, v in zip(x, speeds, strict=True)])


def thickness(marks: TyreMarks) -> np.ndarray:
    """(width, height) opacity of the rubber around the origin at 10 px/m; the origin is at (200, 200)."""
    window = Window(-200, -200, 400, 400, 10.0)
    surface = pygame.Surface((400, 400), pygame.SRCALPHA, 32)
    found = marks.ground.picture(window)
    if found is not None:
        surface.blit(*found)
    return pygame.surfarray.array_alpha(surface).astype(int)


def test_steady_driving_leaves_nothing(track: Track) -> None:
    marks = TyreMarks(track)
    marks.add(straight([30.0] * 10), TICK_S)
    assert thickness(marks).max() == 0
    assert marks.ground.changed(Window(-200, -200, 400, 400, 10.0)) == 0


def test_braking_marks_the_two_tracks_of_the_tyres(track: Track) -> None:
    marks = TyreMarks(track)
    for _ in range(5):
        marks.add(straight([30.0 - 1.5 * k for k in range(8)]), TICK_S)
    rubber = thickness(marks)
    assert rubber.max() > 20
    rows = np.argwhere(rubber[200:300].max(axis=0) > 0.5 * rubber.max()).ravel()
    lateral = np.unique(np.round(np.abs((rows - 200 + 0.5) / 10.0), 1))
    assert lateral.min() > 0.4 and lateral.max() < 1.1, "under the wheels, not between them"
    assert rows.min() < 200 < rows.max()


def test_turning_leaves_marks_and_harder_turning_more(track: Track) -> None:
    totals = []
    for rate in (0.1, 0.5, 0.9):
        marks = TyreMarks(track)
        heading = np.arange(6) * rate * TICK_S
        x, y = np.cumsum(np.cos(heading)) * 30.0 * TICK_S, np.cumsum(np.sin(heading)) * 30.0 * TICK_S
        marks.add(np.stack([x, y, heading, 0 * x, 0 * x + 30.0], axis=1)[:, None], TICK_S)
        totals.append(int(thickness(marks).sum()))
    assert totals[0] == 0 < totals[1] < totals[2]


def test_a_car_put_elsewhere_leaves_no_line_across_the_ground(track: Track) -> None:
    marks = TyreMarks(track)
    poses = np.array([[[0.0, 0.0, 0.0, 0.0, 30.0]], [[-15.0, 15.0, 2.0, 0.0, 10.0]]])
    marks.add(poses, TICK_S)
    assert thickness(marks).max() == 0


def test_rubber_builds_up_to_a_limit_and_wears_off(track: Track) -> None:
    marks = TyreMarks(track)
    braking = straight([30.0 - 1.5 * k for k in range(8)])
    levels = []
    for _ in range(60):
        marks.add(braking, TICK_S)
        levels.append(int(thickness(marks).max()))
    assert levels[0] < levels[5] < levels[20]
    assert max(levels) <= 126
    for _ in range(4000):
        marks.add(straight([30.0] * 8), TICK_S)
    assert thickness(marks).max() < 0.7 * max(levels)


def test_cars_off_the_map_and_huge_worlds_do_no_harm(track: Track) -> None:
    marks = TyreMarks(track)
    poses = straight([30.0, 20.0])
    poses[..., :2] += 1e5
    marks.add(poses, TICK_S)
    assert marks.ground.picture(Window(-10_000, -10_000, 256, 256, 1.0)) is None
    around = np.linspace(0.0, 2.0 * np.pi, 60, endpoint=False)
    vast = Track.from_points("vast", np.column_stack([2400 * np.cos(around), 2400 * np.sin(around)]), 6.0, 6.0)
    assert TyreMarks(vast).ground.bytes_at_most < 200_000_000


def test_marks_on_a_bridge_and_beneath_it_are_kept_apart() -> None:
    track = load_track("eight")
    bridge = track.bridges[0]
    window = Window(round(bridge.x * 10) - 40, round(-bridge.y * 10) - 40, 80, 80, 10.0)
    for where, above in ((bridge.over_m, True), (bridge.under_m, False)):
        marks = TyreMarks(track)
        x, y, heading = track.pose_at(where + np.linspace(-3.0, 3.0, 5))
        speed = np.linspace(30.0, 20.0, 5)
        marks.add(np.stack([x, y, heading, 0 * x, speed], axis=1)[:, None], TICK_S)
        assert (marks.decks.changed(window) > 0) == above
        assert (marks.ground.changed(window) > 0) == (not above)


def test_many_cars_cost_no_more_than_a_few_and_still_leave_marks(track: Track) -> None:
    marks = TyreMarks(track)
    one = straight([30.0 - 1.5 * k for k in range(8)])
    many = np.repeat(one, 200, axis=1)
    many[..., 1] += np.linspace(-15.0, 15.0, 200)
    for _ in range(20):
        marks.add(many, TICK_S)
    rubber = thickness(marks)
    assert rubber[200:300].max(axis=0).nonzero()[0].size > 200, "the lot falls on all in time"
