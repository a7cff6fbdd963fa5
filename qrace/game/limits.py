"""Lap times beside the limit: how much slower they are than the fastest lap that the car can do on the road."""

import shlex
from functools import lru_cache

import numpy as np

from qrace.race.records import geometry_of
from qrace.sim.car import CAR_MODELS, CarName
from qrace.sim.limit import Limit, load_limit
from qrace.sim.track import Track, TrackError
from qrace.sim.track_files import RANDOM_PREFIX, builtin_tracks, load_track


@lru_cache(maxsize=32)
def limit_of(track: Track, car: CarName) -> Limit | None:
    """The limit kept for this car on this road, read from the disk once; None where there is none."""
    return load_limit(track, car)


def off_limit(track: Track, car: CarName, lap_s: float | None) -> float | None:
    """How much slower than the limit a lap is [%]; None without a lap or a limit.

    Laps in the window begin at speed, or a little behind the line: they are compared with the flying lap.
    """
    limit = limit_of(track, car)
    if limit is None or lap_s is None or not np.isfinite(lap_s):
        return None
    return limit.percent_off(lap_s)


def limit_of_road(road: str, geometry: str | None, car: CarName) -> Limit | None:
    """The limit of a car on the road of that name; None where the road is not found, or is not what it was.

    Finding a road takes some hundredths of a second, once.

    Args:
        road: see `load_track`.
        geometry: what the road has to be, see `geometry_of`; None for whatever it is now.
        car: the car.
    """
    track = find_road(road)
    if track is None or car not in CAR_MODELS or (geometry is not None and geometry_of(track) != geometry):
        return None
    return limit_of(track, car)


def track_names(tracks: str) -> list[str]:
    """The names in a line of them, as a checkpoint has it."""
    try:
        return shlex.split(tracks)
    except ValueError:
        return [tracks]


def find_road(name: str) -> Track | None:
    """The track of that name, None where there is none; a track of the player's own may change, and is read anew."""
    if name in builtin_tracks() or name.startswith(RANDOM_PREFIX):
        return _fixed_road(name)
    return _road(name)


@lru_cache(maxsize=64)
def _fixed_road(name: str) -> Track | None:
    return _road(name)


def _road(name: str) -> Track | None:
    try:
        return load_track(name)
    except TrackError:
        return None


def off_limit_text(off_pct: float | None) -> str:
    """ "+3.8 %", empty where nothing is known; whole percents from 100 on."""
    if off_pct is None:
        return ""
    return f"{off_pct:+.{1 if off_pct < 99.95 else 0}f} %".replace("-", "−")
