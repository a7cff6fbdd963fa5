"""The racing line against paper: circles, bounds, and the road itself."""

import numpy as np
import pytest
from shapely.geometry import Point, Polygon

from qrace.sim.car import DRAG, LESSON_SPEED_MAX, POWER, grip_limit
from qrace.sim.limit_corridor import corridor
from qrace.sim.limit_line import SPEED, STEP, X, Y, fastest_line
from qrace.sim.track import Track


def ring(radius: float, half_width: float = 6.0) -> Track:
    angle = np.linspace(0.0, 2.0 * np.pi, 240, endpoint=False)
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return Track.from_points("ring", radius * circle, half_width, half_width)


def circle_lap(radius: float, share: float = 1.0) -> float:
    """Lap time of a circle on paper: v² / r = share of grip(v), found by halving [s]."""
    low, high = 1.0, (POWER / DRAG) ** (1 / 3)
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if middle**2 / radius < share * grip_limit(middle) else (low, middle)
    return 2.0 * np.pi * radius / low


@pytest.mark.parametrize("radius", [30.0, 80.0])
def test_the_line_of_a_circular_road_is_its_inside_at_the_speed_of_the_grip(radius: float) -> None:
    road = corridor(ring(radius)).inset(1.5)
    line = fastest_line(road, "grand-prix", np.full(len(road.low), 0.9), 40)
    assert line.offset == pytest.approx(np.full(len(road.low), 4.5), abs=0.05)
    assert line.lap_s == pytest.approx(circle_lap(radius - 4.5, 0.9), rel=5e-3)


def test_the_lesson_cars_line_is_the_shortest() -> None:
    """Round a stadium's inside: two straights and one circle of the inner radius."""
    end = np.linspace(-0.5 * np.pi, 0.5 * np.pi, 60)
    bend = np.stack([200.0 + 40.0 * np.cos(end), 40.0 * np.sin(end)], axis=1)
    straight = np.stack([np.linspace(-190.0, 190.0, 40), np.full(40, -40.0)], axis=1)
    track = Track.from_points("stadium", np.concatenate([straight, bend, -straight, -bend]), 6.0, 6.0)
    road = corridor(track).inset(1.5)
    line = fastest_line(road, "lesson", np.ones(len(road.low)), 40)
    shortest = 2.0 * 400.0 + 2.0 * np.pi * (40.0 - 4.5)
    assert line.state[STEP].sum() == pytest.approx(shortest, rel=3e-3)
    assert line.lap_s == pytest.approx(line.state[STEP].sum() / LESSON_SPEED_MAX)


def test_lines_stay_on_the_road_and_speeds_within_grip_engine_and_brakes() -> None:
    angle = np.linspace(0.0, 2.0 * np.pi, 200, endpoint=False)
    radius = 120.0 + 30.0 * np.cos(3.0 * angle)
    track = Track.from_points("clover", (radius * [np.cos(angle), np.sin(angle)]).T, 5.0, 7.0)
    road = corridor(track).inset(1.0)
    line = fastest_line(road, "grand-prix", np.ones(len(road.low)), 20)
    surface = Polygon(track.left_edge).symmetric_difference(Polygon(track.right_edge))
    inside = surface.buffer(-0.9)
    assert all(inside.contains(Point(x, y)) for x, y in line.state[[X, Y]].T)
    speed, step = line.state[SPEED], line.state[STEP]
    along = (np.roll(speed, -1) ** 2 - speed**2) / (2.0 * step)
    assert (along <= np.minimum(13.0, POWER / speed) + 1e-6).all()
    brakes = np.array([grip_limit(v) for v in np.maximum(speed, np.roll(speed, -1))])
    assert (along >= -brakes - DRAG * np.maximum(speed, np.roll(speed, -1)) ** 2 - 0.25 - 1e-6).all()


def test_more_sweeps_never_lengthen_the_lap() -> None:
    road = corridor(ring(60.0, 5.0)).inset(1.2)
    usage = np.full(len(road.low), 0.95)
    laps = [fastest_line(road, "grand-prix", usage, sweeps).lap_s for sweeps in (0, 1, 4, 16)]
    assert laps == sorted(laps, reverse=True) and laps[-1] < laps[0]
