"""Lap timing against paper: a road of known length, driven at known speeds."""

import math

import numpy as np
import pytest

from qrace.race.driven_lap import DrivenLap
from qrace.race.lap_timer import LapTimer
from qrace.sim.car import TICK_S

LENGTH_M = 600.0


def pose(position_m: float) -> tuple[float, float, float, float]:
    """On a circle of the road's length."""
    angle = 2.0 * np.pi * position_m / LENGTH_M
    radius = LENGTH_M / (2.0 * np.pi)
    return radius * math.cos(angle), radius * math.sin(angle), (angle + np.pi) % (2.0 * np.pi) - np.pi, 0.1


def drive(timer: LapTimer, speeds: list[float], start_m: float = -31.0, ticks: int = 0) -> list[DrivenLap]:
    """Laps at one speed each [m/s], after some metres at the first; then `ticks` ticks more at the last."""
    done, position, line_s, clock_s, lap = [], start_m, math.nan, 0.0, 0
    while lap < len(speeds) or ticks > 0:
        speed = speeds[min(lap, len(speeds) - 1)]
        ticks -= lap == len(speeds)
        next_line = LENGTH_M * lap if math.isnan(line_s) else LENGTH_M * (lap + 1)
        position, clock_s, finished = position + speed * TICK_S, clock_s + TICK_S, None
        if position >= next_line:
            crossed_s = clock_s - (position - next_line) / speed
            if not math.isnan(line_s):
                finished, lap = crossed_s - line_s, lap + 1
            line_s = crossed_s
        result = timer.tick(clock_s - line_s, position % LENGTH_M, pose(position), finished)
        if result is not None:
            done.append(result)
    return done


def test_sectors_are_thirds_of_the_road() -> None:
    timer = LapTimer(LENGTH_M)
    [lap] = drive(timer, [23.0])
    assert lap.lap_s == pytest.approx(LENGTH_M / 23.0)
    assert lap.sectors_s == pytest.approx((LENGTH_M / 3 / 23.0,) * 3)
    assert timer.best is timer.last is lap and timer.last_delta_s is None
    assert [split.delta_s for split in timer.splits] == [None] * 3


def test_a_faster_lap_is_ahead_everywhere_by_what_paper_says() -> None:
    timer = LapTimer(LENGTH_M)
    drive(timer, [20.0, 30.0], ticks=0)
    slow, fast = LENGTH_M / 20.0, LENGTH_M / 30.0
    assert timer.last_delta_s == pytest.approx(fast - slow, abs=1e-3)
    assert [split.delta_s for split in timer.splits] == pytest.approx([(fast - slow) / 3] * 3, abs=1e-3)
    timer = LapTimer(LENGTH_M)
    drive(timer, [20.0, 30.0, 25.0], ticks=100)  # the lap after the third goes on at 25
    assert timer.best is not None and timer.best.lap_s == pytest.approx(fast, abs=1e-3)
    progress = 25.0 * timer.lap_s
    assert timer.delta_s == pytest.approx(progress / 25.0 - progress / 30.0, abs=2e-3)
    assert timer.delta_s > 0.0


def test_acceleration_within_a_lap() -> None:
    """From 10 m/s with 2 m/s²: s = 10 t + t², so that t = sqrt(25 + s) - 5."""
    timer, position, tick, crossed = LapTimer(LENGTH_M), 0.0, 0, math.sqrt(25.0 + LENGTH_M) - 5.0
    timer.tick(math.nan, LENGTH_M - 0.5, pose(-0.5), None)
    timer.tick(0.0, 0.0, pose(0.0), None)
    lap = None
    while lap is None:
        tick += 1
        time = tick * TICK_S
        position = 10.0 * time + time * time
        over = position >= LENGTH_M
        lap = timer.tick(
            time - (crossed if over else 0.0), position % LENGTH_M, pose(position), crossed if over else None
        )
    ends = [math.sqrt(25.0 + LENGTH_M * part / 3) - 5.0 for part in (1, 2, 3)]
    assert lap.sectors_s == pytest.approx((ends[0], ends[1] - ends[0], ends[2] - ends[1]), abs=1e-3)
    assert lap.time_at(300.0) == pytest.approx(math.sqrt(325.0) - 5.0, abs=1e-3)
    assert lap.progress_at(ends[1]) == pytest.approx(400.0, abs=0.01)


def test_a_driven_lap_is_where_the_car_was_and_runs_round() -> None:
    [lap] = drive(LapTimer(LENGTH_M), [20.0])
    for time in (0.0, 0.013, 7.77, 29.99, lap.lap_s + 4.0):
        x, y, heading, wheels = lap.pose_at(time)
        expected = pose(20.0 * (time % lap.lap_s))
        assert (x, y, wheels) == pytest.approx((expected[0], expected[1], expected[3]), abs=0.01)
        assert math.cos(heading - expected[2]) == pytest.approx(1.0, abs=1e-6)
        assert lap.progress_at(time) == pytest.approx(20.0 * (time % lap.lap_s), abs=1e-6)


def test_a_void_lap_gives_nothing_and_the_next_counts_from_the_line() -> None:
    timer = LapTimer(LENGTH_M)
    drive(timer, [20.0], ticks=50)
    assert timer.lap_s is not None
    timer.void()
    assert timer.lap_s is timer.delta_s is None and timer.splits == []
    assert timer.tick(math.nan, 300.0, pose(300.0), None) is None
    assert timer.lap_s is None
    timer.tick(math.nan, 599.0, pose(599.0), None)
    timer.tick(0.02, 0.4, pose(0.4), None)
    assert timer.lap_s == 0.02 and timer.delta_s == pytest.approx(0.0, abs=1e-3)


def test_reversing_over_a_sector_line_does_not_count_it_again() -> None:
    timer = LapTimer(LENGTH_M)
    places = [599.0, 1.0, 100.0, 199.0, 201.0, 199.0, 201.0, 399.0, 401.0, 599.0]
    for tick, place in enumerate(places):
        timer.tick(math.nan if tick == 0 else tick * TICK_S, place, pose(place), None)
    lap = timer.tick(0.02, 1.0, pose(1.0), len(places) * TICK_S - 0.02)
    assert lap is not None and sum(lap.sectors_s) == pytest.approx(lap.lap_s)
    assert lap.sectors_s[0] == pytest.approx(3.5 * TICK_S)
    assert np.all(np.diff(lap.progress_m) >= 0.0)


def test_a_best_lap_from_before_is_compared_with_at_once() -> None:
    [best] = drive(LapTimer(LENGTH_M), [30.0])
    timer = LapTimer(LENGTH_M, best)
    drive(timer, [24.0])
    assert timer.best is best
    assert [split.delta_s for split in timer.splits] == pytest.approx([200 / 24.0 - 200 / 30.0] * 3, abs=2e-3)
