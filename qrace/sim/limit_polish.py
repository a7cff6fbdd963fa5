"""Polish a driven lap by the clock: small changes to the line and to the grip that it asks for, kept when they pay."""

import numpy as np
from numba import njit

from qrace.sim.car import TICK_S
from qrace.sim.limit_follow import CAR_SPEED, PASSED, PENALTY, follow, passing_time
from qrace.sim.limit_line import SPEED, X, Y, lay_line

_CHECK_STATIONS = 60
"""A trial that is no better so many stations behind its bump is given up."""
_LEAST_GAIN = 1e-4
"""A sweep that shortens the lap by less than this share is the last."""
_MIN_USAGE, _MAX_USAGE = 0.6, 1.06
_AHEAD_STATIONS = 8
"""How far the driver looks ahead, and a little more."""


@njit(cache=True, nogil=True)
def polish(  # type: ignore[no-untyped-def]
    strip, size, frame, low, high, offset, usage, line, start, log, controls, run_out, halves, offset_heights,
    usage_heights, sweeps,
):  # fmt: skip
    """Improve a clean lap in place; returns its (lap_s, ticks).

    strip: (vertices, first, count). size: half length, half width and clearance [m].
    offset, usage (M,), line (7, M), log, controls: the lap as `follow` left it.
    offset_heights [m] and usage_heights (H,): sizes of the bumps of each half width, adapted in place.
    """
    stations = offset.size
    trial = (offset.copy(), usage.copy(), line.copy(), log.copy(), controls.copy())
    anything = np.array([np.inf, 0.0, 0.0])
    lap, ticks = follow(
        strip[0], strip[1], strip[2], size[0], size[1], size[2], line, start, log, controls, 0, run_out, anything
    )
    cost = lap + log[ticks, PENALTY]  # at this clearance
    for _ in range(sweeps):
        before = cost
        for h in range(halves.size):
            half = halves[h]
            step = stations if 2 * half >= stations else max(2 * half // 3, 1)
            for kind, heights in enumerate((offset_heights, usage_heights)):
                tried, kept = 0, 0
                for middle in range(0, stations, step):
                    for sign in (1.0, -1.0):
                        _bump(offset, usage, trial, kind, start + middle, half, sign * heights[h], low, high)
                        trial_lap, trial_ticks, since = _drive_trial(
                            strip, size, frame, line, start, log, controls, ticks, run_out,
                            trial, middle + half,
                        )  # fmt: skip
                        tried += 1
                        trial_cost = trial_lap + trial[3][trial_ticks, PENALTY]
                        if trial_cost < cost - 1e-6:
                            kept, cost = kept + 1, trial_cost
                            lap, ticks = trial_lap, trial_ticks
                            offset[:], usage[:], line[:] = trial[0], trial[1], trial[2]
                            log[since : ticks + 1] = trial[3][since : ticks + 1]
                            controls[since:ticks] = trial[4][since:ticks]
                heights[h] *= 1.3 if 6 * kept > tried else 0.75
        if before - cost < _LEAST_GAIN * lap:
            break
    return lap, ticks


@njit(cache=True, nogil=True)
def _bump(offset, usage, trial, kind, middle, half, height, low, high):  # type: ignore[no-untyped-def]
    """Copy the line to the trial, with a raised cosine added to its offset (kind 0) or its usage of grip (kind 1).

    A bump that would not fit the lap is a shift of the whole line.
    """
    trial[0][:], trial[1][:] = offset, usage
    stations = offset.size
    whole = 2 * half >= stations
    for k in range(0, stations) if whole else range(-half, half + 1):
        i = (middle + k) % stations
        bump = height if whole else height * 0.5 * (1.0 + np.cos(np.pi * k / half))
        if kind == 0:
            trial[0][i] = min(max(offset[i] + bump, low[i]), high[i])
        else:
            trial[1][i] = min(max(usage[i] + bump, _MIN_USAGE), _MAX_USAGE)


@njit(cache=True, nogil=True)
def _drive_trial(  # type: ignore[no-untyped-def]
    strip, size, frame, line, start, log, controls, ticks, run_out, trial, until
):
    """Drive the trial from where it first differs; returns (lap_s, ticks, tick where it begins)."""
    trial_offset, trial_usage, trial_line, trial_log, trial_controls = trial
    lay_line(frame, trial_offset, trial_usage, False, trial_line)
    stations = trial_offset.size
    same = 0
    while same < stations:
        i = (start + same) % stations
        moved = trial_line[X, i] != line[X, i] or trial_line[Y, i] != line[Y, i]
        if moved or abs(trial_line[SPEED, i] - line[SPEED, i]) > 1e-9:
            break
        same += 1
    since = np.searchsorted(log[: ticks + 1, PASSED], max(same - _AHEAD_STATIONS, 0))
    since = max(since - 1, 0)
    check = np.array([np.inf, 0.0, 0.0])
    passes = until + _CHECK_STATIONS
    at = np.searchsorted(log[: ticks + 1, PASSED], passes)
    if at < ticks:
        check[0], check[2] = passes, log[at, CAR_SPEED]
        check[1] = passing_time(line, start, log[at], at * TICK_S, passes) + log[at, PENALTY]
    trial_log[since] = log[since]
    lap, driven = follow(
        strip[0], strip[1], strip[2], size[0], size[1], size[2], trial_line, start, trial_log, trial_controls, since,
        run_out, check,
    )  # fmt: skip
    return lap, driven, since
