"""The grand-prix car's fastest lap: a racing line, driven, mended where the car crashes and polished by the clock."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from qrace.sim.car import CAR_MODELS, TICK_S
from qrace.sim.limit import LimitError, Run
from qrace.sim.limit_corridor import corridor
from qrace.sim.limit_follow import PASSED, follow
from qrace.sim.limit_line import SPEED, X, Y, fastest_line, lay_line
from qrace.sim.limit_polish import polish
from qrace.sim.strip import build_strips, point_on_road
from qrace.sim.track import Track

Floats = NDArray[np.float64]

RUN_UP_M = 150.0
"""Where a flying lap's run begins, before the line [m]."""
RUN_OUT_S = 1.5
"""For how long the car must stay on the road after its lap [s]."""
WHOLE = 1_000_000
COARSE_BUMPS = (WHOLE, 40, 24, 14, 8, 5)
FINE_BUMPS = (WHOLE, 56, 32, 18, 10, 6, 4)
"""Half widths of the bumps that polish a line [stations]; WHOLE moves all of it."""

_CAR = CAR_MODELS["grand-prix"]
_HALF_LENGTH, _HALF_WIDTH = 0.5 * _CAR.length_m, 0.5 * _CAR.width_m
_LINE_SWEEPS, _MENDING_SWEEPS = 12, 3
_REPAIRS = 100
_REPAIR_STATIONS, _REPAIR_BEFORE = 30, 8
"""A repair changes the line up to so many stations from its middle, which lies before the crash."""
_REPAIR_MARGIN_M, _REPAIR_USAGE = 0.15, 0.01
_REPAIR_SHIFT = 0.05
"""Part of the way to the middle by which a repair moves a standing lap's line."""
_LEAST_USAGE = 0.3
_SLOWEST = 6.0
"""Average speed of the slowest lap that there is room for [m/s]."""


@dataclass
class Lap:
    """A lap along a line on the simulator's physics. `Course.polish` changes the arrays in place."""

    start: Run
    """Where it began; its controls are empty."""
    station: int
    """… and the station there."""
    offset: Floats
    """(M,) of the line [m]."""
    usage: Floats
    """(M,) share of the grip that the line asks for."""
    line: Floats
    """(7, M) its state."""
    log: Floats
    controls: Floats
    ticks: int
    lap_s: float
    """nan after a crash [s]."""

    @property
    def run(self) -> Run:
        """The lap for the simulator."""
        return replace(self.start, controls=self.controls[: self.ticks].copy())


class Course:
    """One track for the grand-prix car."""

    def __init__(self, track: Track) -> None:
        self._track = track
        self._strips = strips = build_strips([track])
        self._strip = (strips.vertices, int(strips.first_vertex[0]), int(strips.triangles[0]))
        self._road = corridor(track)
        self._stations = len(self._road.low)
        self._ticks = int((track.length_m + RUN_UP_M) / _SLOWEST / TICK_S) + 100

    def first_lap(self, margins_m: tuple[float, ...], usage: float) -> Lap:
        """A clean flying lap along the best line on paper.

        The line keeps these distances from the edges [m], one after the other (a line that starts in the middle of a
        narrow road and is let out finds the better side of a bend), and asks for this share of the grip. Where the car
        crashes nevertheless it keeps further away and asks for less.

        Raises:
            LimitError: when no caution helps.
        """
        asked, offset = np.full(self._stations, usage), None
        for margin_m in margins_m:
            line = fastest_line(self._road.inset(margin_m), "grand-prix", asked, _LINE_SWEEPS, offset)
            offset = line.offset
        margin = np.full(self._stations, margins_m[-1])
        for _ in range(_REPAIRS):
            lap = self._drive(line.offset, asked, line.state, *self._flying_start(line.state))
            if not np.isnan(lap.lap_s):
                return lap
            share, where = self._around_crash(lap)
            margin[where] += _REPAIR_MARGIN_M * share
            asked[where] = np.maximum(asked[where] - _REPAIR_USAGE * share, _LEAST_USAGE)
            line = fastest_line(self._road.inset(margin), "grand-prix", asked, _MENDING_SWEEPS, line.offset)
        raise self._no_way_round()

    def standing_lap(self, flying: Lap) -> Lap:
        """A clean lap from a standing start along a flying lap's line, slower and further inside where it crashes.

        Raises:
            LimitError: when no caution helps.
        """
        offset, usage, line = flying.offset.copy(), flying.usage.copy(), flying.line.copy()
        middle = 0.5 * (self._road.low + self._road.high)
        start = Run(0.0, 0.5, 0.0, _CAR.start_speed, np.zeros((0, 2)))
        for _ in range(_REPAIRS):
            lap = self._drive(offset, usage, line, start, 0)
            if not np.isnan(lap.lap_s):
                return lap
            share, where = self._around_crash(lap)
            usage[where] = np.maximum(usage[where] - _REPAIR_USAGE * share, _LEAST_USAGE)
            offset[where] += _REPAIR_SHIFT * share * (middle - offset)[where]
            lay_line(self._road.frame, offset, usage, False, line)
        raise self._no_way_round()

    def polish(self, lap: Lap, bumps: tuple[int, ...], sweeps: int, clearance_m: float) -> None:
        """Shorten a clean lap in place by bumps of these half widths, coming closer than this to an edge at a price."""
        road, halves = self._road.inset(_HALF_WIDTH), np.array(bumps)
        heights = np.where(halves == WHOLE, 0.03, np.minimum(0.4, 0.004 * halves.astype(np.float64) ** 2))
        lap.lap_s, lap.ticks = polish(
            self._strip, (_HALF_LENGTH, _HALF_WIDTH, clearance_m), road.frame, road.low, road.high,
            lap.offset, lap.usage, lap.line, lap.station, lap.log, lap.controls,
            int(RUN_OUT_S / TICK_S), halves, heights, np.full(len(halves), 0.015), sweeps,
        )  # fmt: skip

    def _drive(self, offset: Floats, usage: Floats, line: Floats, start: Run, station: int) -> Lap:
        log, controls = np.zeros((self._ticks + 1, 9)), np.zeros((self._ticks, 2))
        x, y, heading, triangle = self._point(start.start_m, start.across)
        lap_start = 0.0 if start.start_m == 0.0 else np.nan
        log[0] = x, y, heading + start.turned, start.speed, 0.0, triangle, 0, lap_start, 0.0
        lap_s, ticks = follow(
            *self._strip, _HALF_LENGTH, _HALF_WIDTH, 0.0, line, station, log, controls, 0, int(RUN_OUT_S / TICK_S),
            np.array([np.inf, 0.0, 0.0]),
        )  # fmt: skip
        return Lap(start, station, offset, usage, line, log, controls, ticks, lap_s)

    def _around_crash(self, lap: Lap) -> tuple[Floats, NDArray[np.int64]]:
        """Shares in [0, 1] of a repair, and the stations that they are for."""
        crash = lap.station + int(lap.log[lap.ticks, PASSED])
        beside = np.arange(-_REPAIR_STATIONS, _REPAIR_STATIONS + 1)
        share = 0.5 * (1.0 + np.cos(np.pi * beside / _REPAIR_STATIONS))
        return share, (crash - _REPAIR_BEFORE + beside) % self._stations

    def _no_way_round(self) -> LimitError:
        return LimitError(f"{self._track.name}: no clean lap was found; is a bend too tight or the road too narrow?")

    def _flying_start(self, line: Floats) -> tuple[Run, int]:
        """On the line at its own speed and in its own direction, and the station there."""
        back = int(min(RUN_UP_M, 0.4 * self._track.length_m) / self._road.step_m)
        i, j, start_m = self._stations - back, self._stations - back + 1, -back * self._road.step_m
        right, left = (np.array(self._point(start_m, across)[:2]) for across in (0.0, 1.0))
        chord = left - right
        across = float(np.clip(np.dot(line[[X, Y], i] - right, chord) / np.dot(chord, chord), 0.0, 1.0))
        turned = np.arctan2(line[Y, j] - line[Y, i], line[X, j] - line[X, i]) - self._point(start_m, across)[2]
        turned -= 2.0 * np.pi * np.round(turned / (2.0 * np.pi))
        return Run(start_m, across, float(turned), float(line[SPEED, i]), np.zeros((0, 2))), i

    def _point(self, start_m: float, across: float) -> tuple[float, float, float, int]:
        """x, y [m], the road's heading [rad] and the triangle of a place, exactly as `Simulator.place` finds them."""
        vertices, first, count = self._strip
        length = self._strips.length_m[0]
        position = start_m - np.floor(start_m / length) * length
        return point_on_road(vertices, self._strips.arc_length, first, count, position, across)
