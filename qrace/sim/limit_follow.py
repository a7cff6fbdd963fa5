"""Drive the grand-prix car along a racing line by continuous controls, on the simulator's own physics.

The controller inverts the car: the line's curvature a moment ahead, corrected by the distance beside the line and the
angle to it (a critically damped second-order law over the preview distance), becomes a steering angle; the line's
speed one tick ahead becomes a pedal, within what the friction circle leaves.
"""

import numpy as np
from numba import njit

from qrace.sim.car import (
    DRAG,
    ENGINE_BRAKE,
    POWER,
    ROLLING,
    STEER_TIME_S,
    THROTTLE_MAX,
    TICK_S,
    WHEELBASE_M,
    drive_grand_prix,
    grip_limit,
    steer_limit,
)
from qrace.sim.laps import line_fraction
from qrace.sim.limit import CONTROL_STEPS
from qrace.sim.limit_line import BEND, SPEED, STEP, X, Y
from qrace.sim.strip import overhang, walk

PLACE_X, PLACE_Y, HEADING, CAR_SPEED, STEER, TRIANGLE, PASSED, LAP_START, PENALTY = range(9)
"""Columns of a drive's log, one row per tick: the car before that tick. PASSED counts the stations since the start,
PENALTY is what came too near to an edge so far has cost [s]."""

PENALTY_S_PER_M = 0.1
"""Cost of each tick with corners of the car, enlarged by its clearance, so many metres over the edge."""

_PREVIEW_S = 0.30
"""Time in which an error beside the line is steered away [s] …"""
_PREVIEW_LEAST_M = 6.0
"""… but never within less than this."""
_STEEPEST = 0.25
"""Sine of the largest angle at which the car heads for a line that it is far from."""
_LEAST_BRAKES = 0.3
"""Share of the grip that the brakes may take from the steering."""
_STEER_AHEAD_S = 0.075
"""How far ahead the line's curvature is taken, for the steering is slow [s]."""


@njit(cache=True, nogil=True)
def follow(  # type: ignore[no-untyped-def]
    vertices, first, count, half_length, half_width, clearance, line, start, log, controls, tick, run_out, check
):
    """Follow a line from row `tick` of the log until `run_out` ticks after the lap, writing log and controls.

    Args:
        vertices, first, count: the strip.
        half_length, half_width: of the car [m].
        clearance: distance from the edges below which there is a penalty [m].
        line: (7, M) state of the line.
        start: station at which PASSED is 0.
        log: (T + 1, 9), row `tick` filled in.
        controls: (T, 2).
        tick: where to begin.
        run_out: ticks to survive after the lap.
        check: (3,) a count of stations, and the time and penalty [s] and the speed [m/s] with which a better drive
            passed them: one that is later and slower there is given up.

    Returns:
        (lap_s, ticks): the lap time, nan after a crash or when given up, and the ticks driven since the log's row 0.
    """
    end, lap, checked = controls.shape[0], np.nan, log[tick, PASSED] >= check[0]
    while tick < end:
        log[tick + 1] = log[tick]
        car = log[tick + 1]
        _pass_stations(line, start, car)
        if not checked and car[PASSED] >= check[0]:
            checked = True
            cost = passing_time(line, start, car, tick * TICK_S, check[0]) + car[PENALTY]
            if cost >= check[1] and car[CAR_SPEED] <= check[2]:
                return np.nan, tick
        controls[tick, 0], controls[tick, 1] = _control(line, start, car)
        fraction, completed = _drive_on(vertices, first, count, car, controls[tick, 0], controls[tick, 1], tick)
        tick += 1
        if np.isnan(lap) and not np.isnan(completed):
            lap, end = completed, min(end, tick + run_out)
        k, x, y, heading = int(car[TRIANGLE]), car[PLACE_X], car[PLACE_Y], car[HEADING]
        near = overhang(vertices, first, count, k, x, y, heading, half_length + clearance, half_width + clearance)
        if fraction < 1.0 or (
            near > 0.0 and overhang(vertices, first, count, k, x, y, heading, half_length, half_width) > 0.0
        ):
            return np.nan, tick
        car[PENALTY] += PENALTY_S_PER_M * near
    return lap, tick


@njit(cache=True, nogil=True)
def _drive_on(vertices, first, count, car, steer, pedal, tick):  # type: ignore[no-untyped-def]
    """One tick as in the simulator, in place; returns the share of the motion on the road and, at its end, the lap."""
    before, x, y, lap = car[CAR_SPEED], car[PLACE_X], car[PLACE_Y], np.nan
    car[HEADING], car[CAR_SPEED], car[STEER], course = drive_grand_prix(car[HEADING], before, car[STEER], steer, pedal)
    metres = TICK_S * 0.5 * (before + car[CAR_SPEED])
    dx, dy = metres * np.cos(course), metres * np.sin(course)
    fraction, k, crossed = walk(vertices, first, count, int(car[TRIANGLE]), x, y, dx, dy)
    car[PLACE_X], car[PLACE_Y], car[TRIANGLE] = x + fraction * dx, y + fraction * dy, k
    if crossed > 0:
        at = (tick + line_fraction(vertices, first, x, y, dx, dy)) * TICK_S
        if np.isnan(car[LAP_START]):
            car[LAP_START] = at
        else:
            lap = at - car[LAP_START]
    return fraction, lap


@njit(cache=True, nogil=True)
def passing_time(line, start, car, clock, passed):  # type: ignore[no-untyped-def]
    """When a car, now just beyond the station that is `passed` after the start, went by it [s]."""
    i = (start + int(passed)) % line.shape[1]
    j = (i + 1) % line.shape[1]
    tx, ty = (line[X, j] - line[X, i]) / line[STEP, i], (line[Y, j] - line[Y, i]) / line[STEP, i]
    beyond = (car[PLACE_X] - line[X, i]) * tx + (car[PLACE_Y] - line[Y, i]) * ty
    return clock - beyond / max(car[CAR_SPEED], 1.0)


@njit(cache=True, nogil=True)
def _pass_stations(line, start, car):  # type: ignore[no-untyped-def]
    """Count the stations that the car has gone by."""
    while True:
        i = (start + int(car[PASSED])) % line.shape[1]
        j = (i + 1) % line.shape[1]
        tx, ty = line[X, j] - line[X, i], line[Y, j] - line[Y, i]
        if (car[PLACE_X] - line[X, i]) * tx + (car[PLACE_Y] - line[Y, i]) * ty < tx * tx + ty * ty:
            return
        car[PASSED] += 1


@njit(cache=True, nogil=True)
def _control(line, start, car):  # type: ignore[no-untyped-def]
    """Steering and pedal for the next tick."""
    i = (start + int(car[PASSED])) % line.shape[1]
    j = (i + 1) % line.shape[1]
    metres, speed = line[STEP, i], car[CAR_SPEED]
    tx, ty = (line[X, j] - line[X, i]) / metres, (line[Y, j] - line[Y, i]) / metres
    x, y = car[PLACE_X] - line[X, i], car[PLACE_Y] - line[Y, i]
    along, beside = x * tx + y * ty, y * tx - x * ty
    bend = line[BEND, i] + along / metres * (line[BEND, j] - line[BEND, i])
    direction = np.arctan2(ty, tx) + (along - 0.5 * metres) * bend  # the chord's, half way, turned on
    slip = np.arctan(0.5 * np.tan(car[STEER] * steer_limit(speed)))
    reach = max(_PREVIEW_LEAST_M, speed * _PREVIEW_S)
    error = min(max(beside / reach, -_STEEPEST), _STEEPEST) + np.sin(car[HEADING] + slip - direction)
    curvature = _ahead(line[BEND], line[STEP], i, along + max(speed, 1.0) * _STEER_AHEAD_S) - 2.0 * error / reach
    steer = _rounded(_steer_for(curvature, speed))
    change = TICK_S / STEER_TIME_S
    turned = car[STEER] + min(max(steer - car[STEER], -change), change)
    faster = (_ahead(line[SPEED], line[STEP], i, along + speed * TICK_S) - speed) / TICK_S
    return steer, _rounded(_pedal_for(faster, speed, speed * speed * _curvature_of(turned, speed)))


@njit(cache=True, nogil=True)
def _ahead(values, step, station, metres):  # type: ignore[no-untyped-def]
    """A line's value some metres after a station."""
    metres = max(metres, 0.0)
    while metres >= step[station]:
        metres -= step[station]
        station = (station + 1) % step.size
    share = metres / step[station]
    return values[station] + share * (values[(station + 1) % step.size] - values[station])


@njit(cache=True, nogil=True)
def _curvature_of(steer, speed):  # type: ignore[no-untyped-def]
    """Curvature that a steering share asks for [1/m], as in `drive_grand_prix`."""
    tangent = np.tan(steer * steer_limit(speed))
    return np.cos(np.arctan(0.5 * tangent)) * tangent / WHEELBASE_M


@njit(cache=True, nogil=True)
def _steer_for(curvature, speed):  # type: ignore[no-untyped-def]
    """The inverse of `_curvature_of`, at most full lock."""
    bend = min(abs(curvature) * WHEELBASE_M, 1.0)
    angle = np.arctan(bend / np.sqrt(1.0 - 0.25 * bend * bend))
    return np.sign(curvature) * min(angle / steer_limit(speed), 1.0)


@njit(cache=True, nogil=True)
def _pedal_for(faster, speed, lateral):  # type: ignore[no-untyped-def]
    """The pedal that makes the car faster by so many m/s², as far as grip is left beside the lateral acceleration.

    Some grip is always left for the brakes: what is too fast for a bend will not come round by steering.
    """
    grip = grip_limit(speed)
    spare = np.sqrt(max(grip * grip - lateral * lateral, 0.0))
    tyres = min(max(faster + DRAG * speed * speed + ROLLING, -max(spare, _LEAST_BRAKES * grip)), spare)
    if tyres < -ENGINE_BRAKE:
        return max(tyres / grip, -1.0)
    engine = min(THROTTLE_MAX, POWER / max(speed, 1.0))
    return min(max((tyres + ENGINE_BRAKE) / (engine + ENGINE_BRAKE), 0.0), 1.0)


@njit(cache=True, nogil=True)
def _rounded(control):  # type: ignore[no-untyped-def]
    return np.round(control * CONTROL_STEPS) / CONTROL_STEPS
