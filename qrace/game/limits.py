"""Lap times beside the limit: how much slower they are than the fastest lap that the car can do on the road."""

from functools import lru_cache

import numpy as np

from qrace.sim.car import CarName
from qrace.sim.limit import Limit, load_limit
from qrace.sim.track import Track


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


def off_limit_text(off_pct: float | None) -> str:
    """ "+3.8 %", empty where nothing is known; whole percents from 100 on."""
    if off_pct is None:
        return ""
    return f"{off_pct:+.{1 if off_pct < 99.95 else 0}f} %".replace("-", "−")
