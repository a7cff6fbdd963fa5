"""The rules of a race, agreed before the start, and the lights that start it."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

CrashRule = Literal["back", "out"]
"""What becomes of a car that leaves the road: it goes on there after a penalty, or it is out."""

MOST_ENTRANTS = 12
PENALTY_S = 5.0
"""A car that is put back stands still for this long [s] …"""
PASS_THROUGH_S = 2.0
"""… and nobody can touch it meanwhile and for so long after [s]."""
MOST_CRASHES = 5
"""A brain that crashes more often than this in one lap is out; a person may try on."""
STUCK_S = 20.0
"""A brain that makes no headway for this long is out [s]; a person may stand as long as they like."""
HEADWAY_M = 5.0
GRACE_LEAST_S = 30.0
"""After the winner's flag the others have the time of a lap of the winner's, and at least this, to see theirs [s]."""

LIGHTS = 5
LIGHT_S = 0.7
"""From one red light to the next [s]."""
HOLD_S = (0.5, 2.5)
"""All five burn for a time between these before they go out [s]."""


@dataclass(frozen=True)
class RaceRules:
    """What can be chosen."""

    crash: CrashRule = "back"
    collisions: bool = False
    """Cars touch; without, they pass through one another."""
    rolling: bool = False
    """All start level and rolling instead of standing on a grid."""
    seed: int | None = None
    """Of the lot that draws the grid; None: the grid is in the order of the entry list."""

    def grid(self, entrants: int) -> list[int]:
        """Index of the entrant on each place of the grid, pole first."""
        if self.seed is None:
            return list(range(entrants))
        return np.random.default_rng(self.seed).permutation(entrants).tolist()


class StartLights:
    """Five red lights come on one by one, hold for a time that nobody knows, and go out: then the race begins."""

    def __init__(self, seed: int) -> None:
        self.out_s = LIGHTS * LIGHT_S + float(np.random.default_rng(seed).uniform(*HOLD_S))
        """When they go out [s]."""

    def lit(self, time_s: float) -> int:
        """How many burn, so long after the cars have lined up."""
        return 0 if time_s >= self.out_s else min(int(time_s / LIGHT_S), LIGHTS)
