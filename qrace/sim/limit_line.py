"""The racing line: the offsets from the centre line, and the speeds along it, that give the shortest lap on paper.

On paper the car is a point that keeps to the friction circle, the engine and the drag of `car.py`. The speeds of a
line follow from two sweeps, one against the driving direction for the brakes and one along it for the engine (the
usual quasi-steady lap simulation, e.g. Heilmeier et al. 2020, Minimum curvature trajectory planning); the line is
improved by trying smooth bumps of many widths and keeping what shortens the lap.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qrace.sim.car import (
    DRAG,
    LESSON_SPEED_MAX,
    LESSON_SPEED_MIN,
    LESSON_TURN,
    POWER,
    ROLLING,
    STEER_MAX,
    THROTTLE_MAX,
    TICK_S,
    WHEELBASE_M,
    CarName,
    grip_limit,
)
from qrace.sim.limit_corridor import Corridor

Floats = NDArray[np.float64]

BUMPS = (96, 64, 48, 32, 24, 16, 12, 8, 6, 4, 3, 2)
"""Half widths of the bumps [stations]."""

_TIGHTEST = np.cos(np.arctan(0.5 * np.tan(STEER_MAX))) * np.tan(STEER_MAX) / WHEELBASE_M
"""Curvature of the grand-prix car at full lock [1/m]."""
_LESSON_FAST = LESSON_TURN / (LESSON_SPEED_MAX * TICK_S)
_LESSON_SLOW = LESSON_TURN / (LESSON_SPEED_MIN * TICK_S)
"""Curvature of the lesson's car turning at every tick, at its two extreme speeds [1/m]."""
_TOP_SPEED = (POWER / DRAG) ** (1 / 3)
STEER_EFFORT = 2.5e-4
"""What steering costs beside the time: this, times the squared change of the share of grip used sideways, by the time
of the change [s²]; keeps lines clear of bends that come faster than hands can turn."""
_CRAWL = 0.5
"""The least speed of a line, however tight its bends [m/s]."""


@dataclass(frozen=True, eq=False)
class Line:
    """A closed line through a corridor with the speeds that its bends, the brakes and the engine allow."""

    offset: Floats
    """(M,) from the centre line, left positive [m]."""
    state: Floats
    """(7, M), see X, Y, BEND, STEP, BRAKED, SPEED, TIME."""

    @property
    def lap_s(self) -> float:
        """Time of one lap on paper [s]."""
        return float(self.state[TIME].sum())


def fastest_line(road: Corridor, car: CarName, usage: Floats, sweeps: int, start: Floats | None = None) -> Line:
    """Improve a line, from the middle of the corridor or from `start`, by at most so many sweeps.

    Args:
        road: where the line may run.
        car: whose constants hold.
        usage: (M,) share of the tyres' grip that the line asks for.
        sweeps: over all stations and bump widths; ends early when they gain no more.
        start: (M,) offsets [m].
    """
    offset = 0.5 * (road.low + road.high) if start is None else np.clip(start, road.low, road.high)
    state = np.zeros((7, len(offset)))
    lesson = car == "lesson"
    lay_line(road.frame, offset, usage, lesson, state)
    _improve(road.frame, road.low, road.high, offset, state, np.array(BUMPS), usage, lesson, sweeps)
    lay_line(road.frame, offset, usage, lesson, state)
    return Line(offset, state)


X, Y, BEND, STEP, BRAKED, SPEED, TIME = range(7)
"""Rows of a line's state, each (M,): place, signed curvature, distance to the next station, the speed from which the
brakes still manage what follows, the speed driven, the time to the next station."""


@njit(cache=True, nogil=True)
def _corner_speed(bend, usage, lesson):  # type: ignore[no-untyped-def]
    """The largest speed [m/s] at which the car can follow a curvature [1/m]."""
    bend = abs(bend)
    if lesson:
        if bend <= _LESSON_FAST:
            return LESSON_SPEED_MAX
        return LESSON_SPEED_MIN if bend <= _LESSON_SLOW else _CRAWL
    flat = usage * grip_limit(0.0)
    gain = usage * (grip_limit(1.0) - grip_limit(0.0))  # per speed squared
    if bend * _TOP_SPEED**2 <= flat + gain * _TOP_SPEED**2:
        return _TOP_SPEED
    too_tight = max(bend / _TIGHTEST, 1.0)  # beyond full lock: slower than grip asks, so that the search turns back
    return max(np.sqrt(flat / (bend - gain)) / too_tight**4, _CRAWL)


@njit(cache=True, nogil=True)
def _spare_grip(speed, bend, usage):  # type: ignore[no-untyped-def]
    """What the friction circle leaves for brakes and engine [m/s²]."""
    grip = usage * grip_limit(speed)
    lateral = speed * speed * bend
    return np.sqrt(max(grip * grip - lateral * lateral, 0.0))


@njit(cache=True, nogil=True)
def _speed_before(speed, bend, metres, usage, lesson):  # type: ignore[no-untyped-def]
    """The speed from which the brakes reach `speed` within some metres."""
    if lesson:
        return LESSON_SPEED_MAX
    slower = _spare_grip(speed, bend, usage) + DRAG * speed * speed + ROLLING
    return np.sqrt(speed * speed + 2.0 * metres * slower)


@njit(cache=True, nogil=True)
def _speed_after(speed, bend, metres, usage, lesson):  # type: ignore[no-untyped-def]
    """The speed that the engine reaches from `speed` within some metres."""
    if lesson:
        return LESSON_SPEED_MAX
    engine = min(THROTTLE_MAX, POWER / max(speed, 1.0))
    faster = min(engine, _spare_grip(speed, bend, usage)) - DRAG * speed * speed - ROLLING
    return np.sqrt(max(speed * speed + 2.0 * metres * faster, _CRAWL * _CRAWL))


@njit(cache=True, nogil=True)
def lay_line(frame, offset, usage, lesson, state):  # type: ignore[no-untyped-def]
    """Write the state (7, M) of the line with these offsets (M,)."""
    count = offset.size
    for i in range(count):
        _move_station(frame, offset, state, i)
    for i in range(count):
        _measure_step(state, i)
    for i in range(count):
        _measure_bend(state, i)
    _all_speeds(state, usage, lesson)


@njit(cache=True, nogil=True)
def _move_station(frame, offset, state, i):  # type: ignore[no-untyped-def]
    state[X, i], state[Y, i] = frame[0, i] + offset[i] * frame[2, i], frame[1, i] + offset[i] * frame[3, i]


@njit(cache=True, nogil=True)
def _measure_step(state, i):  # type: ignore[no-untyped-def]
    j = (i + 1) % state.shape[1]
    state[STEP, i] = np.hypot(state[X, j] - state[X, i], state[Y, j] - state[Y, i])


@njit(cache=True, nogil=True)
def _measure_bend(state, i):  # type: ignore[no-untyped-def]
    """Curvature of the circle through a station and its neighbours."""
    h, j = (i - 1) % state.shape[1], (i + 1) % state.shape[1]
    ux, uy = state[X, i] - state[X, h], state[Y, i] - state[Y, h]
    wx, wy = state[X, j] - state[X, i], state[Y, j] - state[Y, i]
    sides = state[STEP, h] * state[STEP, i] * np.hypot(ux + wx, uy + wy)
    state[BEND, i] = 2.0 * (ux * wy - uy * wx) / max(sides, 1e-9)


@njit(cache=True, nogil=True)
def _all_speeds(state, usage, lesson):  # type: ignore[no-untyped-def]
    """Speeds and times of the whole line, begun at its slowest bend, where neither sweep needs to know more."""
    count = state.shape[1]
    slowest, at = np.inf, 0
    for i in range(count):
        state[BRAKED, i] = _corner_speed(state[BEND, i], usage[i], lesson)
        if state[BRAKED, i] < slowest:
            slowest, at = state[BRAKED, i], i
    for back in range(1, count):
        _brake_at(state, (at - back) % count, state[BRAKED, (at - back) % count], usage, lesson)
    state[SPEED, at] = slowest
    for ahead in range(1, count):
        _accelerate_to(state, (at + ahead) % count, usage, lesson)
    for i in range(count):
        _measure_time(state, i, lesson)


@njit(cache=True, nogil=True)
def _brake_at(state, i, corner, usage, lesson):  # type: ignore[no-untyped-def]
    j = (i + 1) % state.shape[1]
    state[BRAKED, i] = min(corner, _speed_before(state[BRAKED, j], state[BEND, j], state[STEP, i], usage[j], lesson))


@njit(cache=True, nogil=True)
def _accelerate_to(state, i, usage, lesson):  # type: ignore[no-untyped-def]
    h = (i - 1) % state.shape[1]
    reached = _speed_after(state[SPEED, h], state[BEND, h], state[STEP, h], usage[h], lesson)
    state[SPEED, i] = min(state[BRAKED, i], reached)


@njit(cache=True, nogil=True)
def _measure_time(state, i, lesson):  # type: ignore[no-untyped-def]
    j = (i + 1) % state.shape[1]
    speed = 0.5 * (state[SPEED, i] + state[SPEED, j])
    time = state[STEP, i] / speed
    if not lesson:
        change = (state[BEND, j] - state[BEND, i]) * speed * speed / grip_limit(speed)
        time += STEER_EFFORT * change * change / time
    state[TIME, i] = time


@njit(cache=True, nogil=True)
def _try_bump(  # type: ignore[no-untyped-def]
    frame, low, high, offset, state, old_offset, old, middle, half, height, usage, lesson
):
    """Move the line sideways around a station by a raised cosine; keep it if the lap gets shorter. Returns the gain.

    Only what the bump touches is computed again: back to where the brakes do not feel it, on to where the speed is the
    old one.
    """
    count = offset.size
    for k in range(-half, half + 1):
        i = (middle + k) % count
        old[:, i], old_offset[i] = state[:, i], offset[i]
        bump = height * 0.5 * (1.0 + np.cos(np.pi * k / half))
        offset[i] = min(max(offset[i] + bump, low[i]), high[i])
        _move_station(frame, offset, state, i)
    for k in range(-half, half):
        _measure_step(state, (middle + k) % count)
    for k in range(-half, half + 1):
        _measure_bend(state, (middle + k) % count)
    back = half
    while back > -count // 2:
        i = (middle + back) % count
        if back < -half:
            old[:, i] = state[:, i]
        _brake_at(state, i, _corner_speed(state[BEND, i], usage[i], lesson), usage, lesson)
        if back < -half and state[BRAKED, i] == old[BRAKED, i]:
            break
        back -= 1
    ahead = back + 1
    gain = 0.0
    while ahead < count // 2:
        i = (middle + ahead) % count
        if ahead > half:
            old[:, i] = state[:, i]
        _accelerate_to(state, i, usage, lesson)
        h = (i - 1) % count
        _measure_time(state, h, lesson)
        gain += old[TIME, h] - state[TIME, h]
        if ahead > half and abs(state[SPEED, i] - old[SPEED, i]) < 1e-9:
            break
        ahead += 1
    if gain > 1e-7:
        return gain
    for k in range(back, min(ahead, count // 2 - 1) + 1):
        i = (middle + k) % count
        state[:, i] = old[:, i]
        if -half <= k <= half:
            offset[i] = old_offset[i]
    return 0.0


@njit(cache=True, nogil=True)
def _try_shift(frame, low, high, offset, state, height, usage, lesson):  # type: ignore[no-untyped-def]
    """Move the whole line sideways: in a bend that never ends, every narrower bump is a detour. Returns the gain."""
    old_offset, old = offset.copy(), state.copy()
    for i in range(offset.size):
        offset[i] = min(max(offset[i] + height, low[i]), high[i])
    lay_line(frame, offset, usage, lesson, state)
    gain = old[TIME].sum() - state[TIME].sum()
    if gain > 1e-7:
        return gain
    offset[:], state[:] = old_offset, old
    return 0.0


@njit(cache=True, nogil=True)
def _improve(frame, low, high, offset, state, halves, usage, lesson, sweeps):  # type: ignore[no-untyped-def]
    """Sweep over stations with every width of bump; heights shrink where few bumps help."""
    count = offset.size
    old_offset, old = np.zeros(count), np.zeros(state.shape)
    heights = np.minimum(1.5, 0.02 * halves.astype(np.float64) ** 2)
    for _ in range(sweeps):
        gained = 0.0
        for height in (0.5, -0.5, 0.1, -0.1, 0.02, -0.02):
            gain = np.inf
            while gain > 0.0:
                gain = _try_shift(frame, low, high, offset, state, height, usage, lesson)
                gained += gain
        for w in range(halves.size):
            half = halves[w]
            if 4 * half > count:
                continue
            tried = kept = 0
            for middle in range(0, count, max(half // 2, 1)):
                for sign in (1.0, -1.0):
                    gain = _try_bump(
                        frame, low, high, offset, state, old_offset, old,
                        middle, half, sign * heights[w], usage, lesson,
                    )  # fmt: skip
                    tried += 1
                    kept += gain > 0.0
                    gained += gain
            heights[w] = max(heights[w] * (1.2 if 5 * kept > tried else 0.7), 1e-3)
        if gained < 1e-5:
            break
