"""The limit: the fastest lap that a car can do round a track, kept in a file so that lap times can be compared with it.

Two laps are meant. The flying lap, start line to start line by a car that comes at speed, is *the* limit: laps on
screen are mostly flying. The standing lap begins at rest (the lesson's car: at its slowest) on the line, in the middle
of the road. Both are upper bounds that a search found and a replay through the simulator confirmed; how much a finer
search still gains says how near they are to the truth. Reading a limit compiles and searches nothing.
"""

import contextlib
import hashlib
import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qrace.errors import QRaceError
from qrace.folders import cache_folder
from qrace.sim import car as car_constants
from qrace.sim.car import CAR_MODELS, CarName
from qrace.sim.road_shape import TrackError
from qrace.sim.track import Track
from qrace.sim.track_files import TRACKS_FOLDER, builtin_tracks, load_track
from qrace.whole_file import read_bounded, write_whole

if TYPE_CHECKING:
    from qrace.sim.simulator import Simulator

LIMITS_FOLDER = TRACKS_FOLDER / "limits"
"""Limits of the built-in tracks."""
FORMAT_VERSION = 1
LARGEST_FILE = 16 * 2**20
"""Bytes; a limit is some ten kilobytes."""
CONTROL_STEPS = 1000
"""A file holds controls as whole multiples of 1 / CONTROL_STEPS."""


class LimitError(QRaceError):
    """A limit that could not be found or kept."""


@dataclass(frozen=True, eq=False)
class Run:
    """Where a car is placed, as `Simulator.place` takes it, and what is done to its controls from there."""

    start_m: float
    """Distance along the track; negative: before the line [m]."""
    across: float
    """0 right edge to 1 left edge."""
    turned: float
    """From the road's heading [rad]."""
    speed: float
    """[m/s]"""
    controls: NDArray[np.float64]
    """(T, 2) steer and pedal of every tick."""

    def begin(self, track: Track, car: CarName) -> "Simulator":
        """A simulator with one car, placed where the run begins."""
        from qrace.sim.sensors import SensorConfig
        from qrace.sim.simulator import Simulator  # here, so that reading a limit compiles nothing

        simulator = Simulator([track], 1, car, SensorConfig())
        start, across, turned, speed = (np.array([v]) for v in (self.start_m, self.across, self.turned, self.speed))
        simulator.place(np.array([0]), start, across=across, turned=turned, speed=speed)
        return simulator


@dataclass(frozen=True, eq=False)
class Limit:
    """The fastest laps of one car on one track."""

    track: str
    car: CarName
    limit_s: float
    """The flying lap [s]."""
    standing_limit_s: float
    """The lap from a standing start [s]."""
    refined_change_pct: float
    """By how much the last, finer search changed the flying lap [%]."""
    seconds: float
    """What the search took [s]."""
    flying: Run
    standing: Run

    def percent_off(self, lap_s: float, *, standing: bool = False) -> float:
        """How much slower a lap is than the limit [%]."""
        return 100.0 * (lap_s / (self.standing_limit_s if standing else self.limit_s) - 1.0)


def limit_key(track: Track, car: CarName) -> str:
    """A fingerprint of everything that the limit depends on: the road's edges, the car's model and its constants."""
    names = sorted(name for name in vars(car_constants) if name.isupper() and name != "CAR_MODELS")
    constants = [f"{name}={getattr(car_constants, name)!r}" for name in names]
    digest = hashlib.sha256(track.edge_bytes())
    digest.update("\n".join([repr(CAR_MODELS[car]), *constants]).encode())
    return digest.hexdigest()[:32]


def load_limit(track: Track, car: CarName) -> Limit | None:
    """The limit kept for this car on exactly this road, or None where there is none."""
    key = limit_key(track, car)
    for path in (_shipped_place(track, car), _cached_place(key)):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError, RecursionError, OverflowError):
            fields = json.loads(read_bounded(path, LARGEST_FILE))
            if fields["format_version"] == FORMAT_VERSION and fields["key"] == key:
                return _read_limit(fields, track.name, car)
    return None


def save_limit(limit: Limit, track: Track) -> Path:
    """Keep a limit: beside the track if it is a built-in road, else in the user's cache folder; returns the file.

    Raises:
        LimitError: when neither can be written.
    """
    key = limit_key(track, limit.car)
    fields: dict[str, object] = {"format_version": FORMAT_VERSION, "key": key, **vars(limit)}
    fields.update(flying=_write_run(limit.flying), standing=_write_run(limit.standing))
    text = ",\n".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in fields.items())
    error: OSError | None = None
    for path in [*([_shipped_place(track, limit.car)] if _is_builtin(track) else []), _cached_place(key)]:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, f"{{{text}}}\n")
        except OSError as failure:
            error = failure
        else:
            return path
    raise LimitError(f"{path}: cannot be written ({error}); set QRACE_CACHE to a folder that is yours.")


def _shipped_place(track: Track, car: CarName) -> Path:
    return LIMITS_FOLDER / f"{track.name}.{car}.json"


def _cached_place(key: str) -> Path:
    return cache_folder() / "limits" / f"{key}.json"


def _is_builtin(track: Track) -> bool:
    """Whether this is a road of the tracks folder, and not another one that has its name."""
    try:
        return track.name in builtin_tracks() and load_track(track.name).edge_bytes() == track.edge_bytes()
    except TrackError:
        return False


def _write_run(run: Run) -> dict[str, object]:
    steer, pedal = np.round(run.controls.T * CONTROL_STEPS).astype(int).tolist()
    place = {name: getattr(run, name) for name in ("start_m", "across", "turned", "speed")}
    return {**place, "steer": steer, "pedal": pedal}


def _read_limit(fields: dict[str, Any], track: str, car: CarName) -> Limit:
    """Raises KeyError, TypeError, ValueError or OverflowError for what no limit has."""
    names = ("limit_s", "standing_limit_s", "refined_change_pct", "seconds")
    limit_s, standing_limit_s, refined_change_pct, seconds = (_number(fields[name]) for name in names)
    if min(limit_s, standing_limit_s) <= 0.0:
        raise ValueError("every lap takes time")
    flying, standing = (_read_run(fields[name]) for name in ("flying", "standing"))
    return Limit(track, car, limit_s, standing_limit_s, refined_change_pct, seconds, flying, standing)


def _read_run(fields: dict[str, Any]) -> Run:
    place = {name: _number(fields[name]) for name in ("start_m", "across", "turned", "speed")}
    controls = np.array([fields["steer"], fields["pedal"]], dtype=np.float64).T / CONTROL_STEPS
    if controls.ndim != 2 or not len(controls) or not np.abs(controls).max() <= 1.0:
        raise ValueError("controls are steer and pedal from -1 to 1")
    return Run(**place, controls=np.ascontiguousarray(controls))


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError(f"{value!r} is no number")
    return float(value)
