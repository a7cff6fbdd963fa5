"""Time in the window: the tick is fixed, frames only decide how many."""

from itertools import pairwise
from time import perf_counter

import numpy as np
import pytest

from qrace.game.pace import SPEEDS, Pace, Playback, Rate
from qrace.game.scene import interpolate

NO_DEADLINE = float("inf")


@pytest.mark.parametrize("fps", [24.0, 60.0, 143.0])
@pytest.mark.parametrize("ticks_per_step", [1, 3])
def test_steps_follow_the_clock_whatever_the_frame_rate(fps: float, ticks_per_step: int) -> None:
    steps = []
    playback = Playback(ticks_per_step)
    pace = Pace(index=1)  # x4: 80 ticks a second
    positions = []
    for _ in range(round(3 * fps)):
        playback.advance(pace.ticks(1 / fps), lambda: steps.append(1), NO_DEADLINE)
        positions.append(len(steps) * ticks_per_step + playback.position)
    assert len(steps) == pytest.approx(3 * 80 / ticks_per_step, abs=1)
    assert np.diff(positions) == pytest.approx(80 / fps)  # the picture moves evenly, without a jump between steps


def test_pause_stops_and_one_tick_is_one_tick() -> None:
    steps: list[int] = []
    playback, pace = Playback(2), Pace(paused=True)
    playback.advance(pace.ticks(0.5), lambda: steps.append(1), NO_DEADLINE)
    assert not steps
    for presses, expected in ((1, 1), (2, 1), (3, 2)):
        pace.one_tick = True
        playback.advance(pace.ticks(0.016), lambda: steps.append(1), NO_DEADLINE)
        playback.advance(pace.ticks(0.016), lambda: steps.append(1), NO_DEADLINE)
        assert len(steps) == expected
        assert playback.position == presses - 2 * (expected - 1)


def test_a_world_too_slow_for_its_speed_falls_behind_and_leaves_the_frame_alone() -> None:
    steps: list[int] = []
    playback = Playback(1)
    playback.advance(100.0, lambda: steps.append(1), perf_counter() - 1.0)
    assert len(steps) == 1
    assert playback.position == 1.0
    playback.advance(0.5, lambda: steps.append(1), NO_DEADLINE)  # the 99 lost ticks are not made up for
    assert len(steps) == 2


def test_flat_out_fills_the_frame_and_ends_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a clock of its own, with steps of 2 ms: nine or ten fit into 20 ms, and none runs on after them."""
    now_s = [0.0]
    monkeypatch.setattr("qrace.game.pace.perf_counter", lambda: now_s[0])

    def step() -> None:
        now_s[0] += 0.002

    Playback(1).advance(None, step, 0.02)
    assert now_s[0] == pytest.approx(0.019, abs=0.0011)


def test_speeds_go_up_to_flat_out_and_stop_there() -> None:
    pace, seen = Pace(), []
    for _ in range(6):
        seen.append(pace.speed)
        pace.faster()
    assert tuple(seen) == (1.0, 4.0, 16.0, None, None, None) == (*SPEEDS, None, None)
    pace.faster(-9)
    assert pace.speed == 1.0


def test_headings_turn_the_shorter_way() -> None:
    before = np.array([[0.0, 0.0, 3.0, 0.0, 10.0], [0.0, 0.0, -3.0, 0.0, 10.0], [0.0, 0.0, 0.2, 0.0, 10.0]])
    after = np.array([[2.0, 4.0, -3.0, 0.2, 20.0], [2.0, 4.0, 3.0, 0.2, 20.0], [2.0, 4.0, 0.4, 0.2, 20.0]])
    headings = [interpolate(before, after, share)[:, 2] for share in np.linspace(0.0, 1.0, 11)]
    directions = [np.exp(1j * h) for h in headings]
    assert np.allclose(directions[0], np.exp(1j * before[:, 2])) and np.allclose(
        directions[-1], np.exp(1j * after[:, 2])
    )
    shortest = np.abs(np.angle(np.exp(1j * (after[:, 2] - before[:, 2]))))
    for a, b in pairwise(directions):
        assert np.abs(np.angle(b / a)) == pytest.approx(shortest / 10)
    assert interpolate(before, after, 0.25)[0] == pytest.approx([0.5, 1.0, 3.0 + 0.25 * (2 * np.pi - 6.0), 0.05, 12.5])


def test_rate_counts_over_the_last_moments() -> None:
    rate = Rate()
    for second in np.arange(0.0, 5.0, 0.1):
        rate.update(float(second), round(100 * second))
    assert rate.per_second == pytest.approx(100.0, rel=0.02)
    rate.update(5.1, 0)  # a new brain begins at nought
    rate.update(5.6, 20)
    assert rate.per_second == pytest.approx(40.0)
