"""The lesson car's fastest lap: a beam search over its four actions, tick by tick, on the simulator's own physics.

All cars of a layer have driven for the same time. Of those in one bucket of place, heading and speed only the one
with the largest lead lives on, and of all buckets only those with the largest leads. The lead is the distance made
good, along the shortest line rather than the centre line, less what a car at top speed would have made since the lap
began: so it does not fall in bends that everyone must take, and cars that began their lap at different moments compare.
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qrace.sim.car import CAR_MODELS, LESSON_SPEED_MAX, LESSON_TURN, TICK_S, drive_lesson
from qrace.sim.laps import line_fraction
from qrace.sim.limit import LimitError, Run
from qrace.sim.limit_corridor import corridor
from qrace.sim.limit_line import STEP, X, Y, fastest_line
from qrace.sim.strip import arc_position, build_strips, overhang, point_on_road, walk
from qrace.sim.track import Track

Floats = NDArray[np.float64]

ACTIONS = np.array([(1.0, 0.0), (-1.0, 0.0), (0.0, -1.0), (0.0, 1.0)])
"""(4, 2) steer and pedal of the lesson's actions."""
RUN_UP_M = 30.0
"""Where flying laps begin, before the line [m]."""
RUN_OUT_TICKS = 15
"""For how long the car must stay on the road after its lap."""

_CAR = CAR_MODELS["lesson"]
_OFFSETS = 24
"""Headings are multiples of 10° from the first one; so many first ones are weighed."""
_SEEDS_ACROSS = 15
_SLOWEST = 0.5
"""A search that has not come round by this share of top speed is given up."""
_LINE_MARGIN_M = 1.4


class Beam(NamedTuple):
    """How finely to search."""

    width: int
    """Cars per layer, at most."""
    bucket_m: float
    """Side of a bucket of places [m]."""


COARSE, FINE = Beam(1000, 0.5), Beam(4000, 0.35)

_PX, _PY, _HEADING, _SPEED, _TRIANGLE, _CROSSINGS, _LAP_START, _LAP, _LEAD, _TURNS = range(10)
"""Columns of a layer, one row per car."""


class Search:
    """One track for the lesson's car."""

    def __init__(self, track: Track) -> None:
        self._track = track
        self._strips = strips = build_strips([track])
        self._strip = (strips.vertices, strips.arc_length, int(strips.first_vertex[0]), int(strips.triangles[0]))
        road = corridor(track).inset(_LINE_MARGIN_M)
        line = fastest_line(road, "lesson", np.ones(len(road.low)), 30).state
        self._made_good = np.concatenate([[0.0], np.cumsum(line[STEP])])
        self._step_m = road.step_m
        self._directions = np.arctan2(np.roll(line[Y], -1) - line[Y], np.roll(line[X], -1) - line[X])
        self._weights = line[STEP]

    def standing_lap(self, beam: Beam) -> tuple[Run, float]:
        """The run and the time [s] of the best lap from a standing start."""
        return self._best([Run(0.0, 0.5, 0.0, _CAR.start_speed, np.zeros((0, 2)))], beam)

    def flying_lap(self, beam: Beam) -> tuple[Run, float]:
        """The run and the time [s] of the best lap by a car that comes at top speed from anywhere across the road."""
        start_m = -min(RUN_UP_M, 0.2 * self._track.length_m)
        road_heading = self._point(start_m, 0.5)[2]
        first = self._best_heading()
        turned = first - road_heading
        turned -= LESSON_TURN * np.round(turned / LESSON_TURN)
        across = np.linspace(0.1, 0.9, _SEEDS_ACROSS)
        starts = [
            Run(start_m, float(a), float(turned + turns * LESSON_TURN), _CAR.top_speed, np.zeros((0, 2)))
            for turns in (-1, 0, 1)
            for a in across
        ]
        return self._best(starts, beam)

    def _best_heading(self) -> float:
        """The first heading, of one turn's span, whose multiples suit the track's shortest line best [rad].

        A way in a direction between two headings is driven as a mixture of both, and longer by just that.
        """

        def length(first: float) -> float:
            between = (self._directions - first) % LESSON_TURN
            return float(np.sum(self._weights * (np.sin(LESSON_TURN - between) + np.sin(between))))

        return min(np.arange(_OFFSETS) * (LESSON_TURN / _OFFSETS), key=length)

    def _best(self, starts: list[Run], beam: Beam) -> tuple[Run, float]:
        seeds = np.array([self._seed(start) for start in starts])
        most_ticks = int(self._track.length_m / (_SLOWEST * _CAR.top_speed) / TICK_S) + 100
        start, actions, lap_s = _search(
            *self._strip, 0.5 * _CAR.length_m, 0.5 * _CAR.width_m, self._made_good, self._step_m,
            self._run_up(starts[0]), seeds, beam.width, beam.bucket_m, most_ticks,
        )  # fmt: skip
        if np.isnan(lap_s):
            raise LimitError(f"{self._track.name}: the lesson's car finds no way round; the road may be too narrow.")
        return replace(starts[start], controls=ACTIONS[actions]), lap_s

    def _seed(self, start: Run) -> Floats:
        x, y, heading, triangle = self._point(start.start_m, start.across)
        crossings = -1 if start.start_m < 0.0 else 0
        lap_start = 0.0 if crossings == 0 else np.nan
        return np.array([x, y, heading + start.turned, start.speed, triangle, crossings, lap_start, np.nan, 0.0, 0.0])

    def _run_up(self, start: Run) -> float:
        """Distance to the line along the shortest line, which all starts share [m]."""
        stations = np.arange(len(self._made_good)) * self._step_m
        return float(-np.interp(start.start_m, stations - stations[-1], self._made_good - self._made_good[-1]))

    def _point(self, start_m: float, across: float) -> tuple[float, float, float, int]:
        length = self._strips.length_m[0]
        crossings = int(np.floor(start_m / length))
        return point_on_road(*self._strip, start_m - crossings * length, across)


@njit(cache=True, nogil=True)
def _search(  # type: ignore[no-untyped-def]
    vertices, arc, first, count, half_length, half_width, made_good, step_m, run_up_m,
    seeds, width, bucket_m, most_ticks,
):  # fmt: skip
    """Beam search from seeds (S, 10); returns (seed, actions (T,), lap_s), lap_s nan if no car came round."""
    parents = np.zeros((most_ticks, width), dtype=np.int32)
    chosen = np.zeros((most_ticks, width), dtype=np.int8)
    layer, cars = np.zeros((max(width, len(seeds)), 10)), len(seeds)
    layer[:cars] = seeds
    born, origin = np.zeros((4 * len(layer), 10)), np.zeros((4 * len(layer), 2), dtype=np.int64)
    table = np.zeros((1 << 16, 5), dtype=np.int64)
    end, tick = most_ticks, 0
    while tick < end and cars > 0:
        births = _next_layer(
            vertices, arc, first, count, half_length, half_width, made_good, step_m, run_up_m,
            layer[:cars], tick, bucket_m, born, origin, table,
        )  # fmt: skip
        least = -np.inf if births <= width else np.partition(born[:births, _LEAD], births - width)[births - width]
        cars = 0
        for b in range(births):
            if born[b, _LEAD] >= least and cars < width:
                layer[cars] = born[b]
                parents[tick, cars], chosen[tick, cars] = origin[b, 0], origin[b, 1]
                if end == most_ticks and not np.isnan(born[b, _LAP]):
                    end = min(end, tick + 1 + RUN_OUT_TICKS)
                cars += 1
        tick += 1
    best, lap = -1, np.inf
    for c in range(cars):
        if layer[c, _LAP] < lap:
            best, lap = c, layer[c, _LAP]
    actions = np.zeros(tick, dtype=np.int64)
    if best < 0:
        return 0, actions, np.nan
    for t in range(tick - 1, -1, -1):
        actions[t] = chosen[t, best]
        best = parents[t, best]
    return best, actions, lap


@njit(cache=True, nogil=True)
def _next_layer(  # type: ignore[no-untyped-def]
    vertices, arc, first, count, half_length, half_width, made_good, step_m, run_up_m,
    layer, tick, bucket_m, born, origin, table,
):  # fmt: skip
    """Every action of every car that does not crash; the best of each bucket goes to born and origin, returns how many.

    table: (a power of two, 5) open-addressed hash of buckets, rows (layer's stamp, index of birth, three parts of the
    bucket).
    """
    births, mask = 0, len(table) - 1
    car = np.zeros(10)
    for c in range(len(layer)):
        for action in range(4):
            car[:] = layer[c]
            if not _drive(vertices, first, count, half_length, half_width, car, ACTIONS[action], tick):
                continue
            car[_TURNS] += ACTIONS[action, 0]
            car[_LEAD] = _lead(vertices, arc, first, made_good, step_m, run_up_m, car, (tick + 1) * TICK_S)
            px, py = int(np.floor(car[_PX] / bucket_m)), int(np.floor(car[_PY] / bucket_m))
            kind = int(car[_TURNS]) % 36 * 64 + int(np.round(car[_SPEED]))
            slot = ((px * 73856093) ^ (py * 19349663) ^ (kind * 83492791)) & mask
            while table[slot, 0] == tick + 1 and not (
                table[slot, 2] == px and table[slot, 3] == py and table[slot, 4] == kind
            ):
                slot = (slot + 1) & mask
            if table[slot, 0] != tick + 1:
                table[slot] = (tick + 1, births, px, py, kind)
                births += 1
            elif born[table[slot, 1], _LEAD] >= car[_LEAD]:
                continue
            b = table[slot, 1]
            born[b] = car
            origin[b, 0], origin[b, 1] = c, action
    return births


@njit(cache=True, nogil=True)
def _drive(vertices, first, count, half_length, half_width, car, action, tick):  # type: ignore[no-untyped-def]
    """Drive one car on by one tick, in place; returns whether it is still on the road."""
    car[_HEADING], car[_SPEED], _, course = drive_lesson(car[_HEADING], car[_SPEED], action[0], action[1])
    metres = TICK_S * car[_SPEED]
    dx, dy = metres * np.cos(course), metres * np.sin(course)
    x, y = car[_PX], car[_PY]
    fraction, k, crossed = walk(vertices, first, count, int(car[_TRIANGLE]), x, y, dx, dy)
    if fraction < 1.0:
        return False
    car[_PX], car[_PY], car[_TRIANGLE] = x + dx, y + dy, k
    if overhang(vertices, first, count, k, car[_PX], car[_PY], car[_HEADING], half_length, half_width) > 0.0:
        return False
    car[_CROSSINGS] += crossed
    if crossed > 0:
        at = (tick + line_fraction(vertices, first, x, y, dx, dy)) * TICK_S
        if np.isnan(car[_LAP_START]):
            car[_LAP_START] = at
        elif np.isnan(car[_LAP]):
            car[_LAP] = at - car[_LAP_START]
    return True


@njit(cache=True, nogil=True)
def _lead(vertices, arc, first, made_good, step_m, run_up_m, car, clock):  # type: ignore[no-untyped-def]
    """Distance made good less what top speed would have made [m]: since the start, the lap's begin, or for the lap."""
    if not np.isnan(car[_LAP]):
        return made_good[-1] - LESSON_SPEED_MAX * car[_LAP]
    where = arc_position(vertices, arc, first, int(car[_TRIANGLE]), car[_PX], car[_PY]) / step_m
    station = min(int(where), len(made_good) - 2)
    made = made_good[station] + (where - station) * (made_good[station + 1] - made_good[station])
    made += car[_CROSSINGS] * made_good[-1]
    if np.isnan(car[_LAP_START]):
        return made + run_up_m - LESSON_SPEED_MAX * clock
    return made - LESSON_SPEED_MAX * (clock - car[_LAP_START])
