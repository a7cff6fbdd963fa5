"""The limit: the fastest lap that a car can do round a track, kept in a file so that lap times can be compared with it.

Two laps are meant. The flying lap, start line to start line by a car that comes at speed, is *the* limit: laps on
screen are mostly flying. The standing lap begins at rest (the lesson's car: at its slowest) on the line, in the middle
of the road. Both are upper bounds that a search found and a replay through the simulator confirmed; how much a finer
search still gains says how near they are to the truth. Reading a limit compiles and searches nothing.
"""

import contextlib
import hashlib
import json
import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qrace.errors import QRaceError
from qrace.sim import car as car_constants
from qrace.sim.car import CAR_MODELS, CarName
from qrace.sim.track import Track
from qrace.sim.track_files import TRACKS_FOLDER
from qrace.whole_file import write_whole

LIMITS_FOLDER = TRACKS_FOLDER / "limits"
"""Limits of the built-in tracks."""
FORMAT_VERSION = 1
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
    for path in _places(track, car, key):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            fields = json.loads(path.read_text(encoding="utf-8"))
            if fields.pop("format_version") == FORMAT_VERSION and fields.pop("key") == key:
                flying, standing = (_read_run(fields.pop(name)) for name in ("flying", "standing"))
                return replace(Limit(**fields, flying=flying, standing=standing), track=track.name)
    return None


def save_limit(limit: Limit, track: Track) -> Path:
    """Keep a limit: beside the track if it is a built-in one, else in the user's cache folder; returns the file.

    Raises:
        LimitError: when neither can be written.
    """
    key = limit_key(track, limit.car)
    fields: dict[str, object] = {"format_version": FORMAT_VERSION, "key": key, **vars(limit)}
    fields.update(flying=_write_run(limit.flying), standing=_write_run(limit.standing))
    text = ",\n".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in fields.items())
    error: OSError | None = None
    for path in _places(track, limit.car, key):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, f"{{{text}}}\n")
        except OSError as failure:
            error = failure
        else:
            return path
    raise LimitError(f"{path}: cannot be written ({error}); set QRACE_CACHE to a folder that is yours.")


def cache_folder() -> Path:
    """Where limits of tracks from files and of random ones are kept: QRACE_CACHE, or the system's place for caches."""
    if own := os.environ.get("QRACE_CACHE"):
        return Path(own)
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local")) / "qrace"
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "qrace"
    return Path(os.environ.get("XDG_CACHE_HOME", home / ".cache")) / "qrace"


def _places(track: Track, car: CarName, key: str) -> list[Path]:
    """Files in which a limit may be, the better place first."""
    cached = cache_folder() / "limits" / f"{key}.json"
    builtin = (TRACKS_FOLDER / f"{track.name}.json").is_file()
    return [LIMITS_FOLDER / f"{track.name}.{car}.json", cached] if builtin else [cached]


def _write_run(run: Run) -> dict[str, object]:
    steer, pedal = np.round(run.controls.T * CONTROL_STEPS).astype(int).tolist()
    place = {name: getattr(run, name) for name in ("start_m", "across", "turned", "speed")}
    return {**place, "steer": steer, "pedal": pedal}


def _read_run(fields: dict) -> Run:
    controls = np.array([fields.pop("steer"), fields.pop("pedal")], dtype=np.float64).T / CONTROL_STEPS
    return Run(**fields, controls=np.ascontiguousarray(controls))
