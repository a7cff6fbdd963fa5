"""A race: entrants from a grid or a rolling start to the flag, one tick at a time, and who stands where."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qrace.errors import QRaceError
from qrace.race.entrant import Entrant, RaceCar
from qrace.sim.car import TICK_S
from qrace.sim.track import Track

POLE_M = 4.0
"""The first place of the grid is this far behind the start line [m]."""
GRID_GAP_M = 8.0
"""From place to place, as on a real grid [m]."""
GRID_ACROSS = (0.35, 0.65)
"""Odd and even places stand on either side of the road: shares of its width from the right edge."""
ROLLING_M = 30.0
"""A rolling start begins this far behind the line [m] …"""
ROLLING_SPEED = 20.0
"""… at this speed [m/s]."""


@dataclass(frozen=True)
class Standing:
    """One line of the standings."""

    position: int
    """1 leads."""
    name: str
    laps: int
    """Laps completed."""
    best_lap_s: float | None
    total_s: float | None
    """Race time at the flag; None before it [s]."""
    gap_s: float | None
    """Time behind the leader at the same place of the road; None for a car that is out [s]."""
    out: bool
    entrant: int
    """Index of the entrant."""


class Race:
    """Entrants on one track. The same entrants in the same order race the same race every time.

    Attributes:
        cars: a RaceCar per entrant, in the order of the entry list.
        clock_s: time since the start [s].
        finished: whether every car has seen the flag or is out.
        poses: (2, N, 5) x, y [m], heading, front wheel angle [rad] and speed [m/s] before and after the last tick;
            draw between the two.
    """

    def __init__(self, track: Track, entrants: Sequence[Entrant], laps: int, grid: bool = True) -> None:
        """With `grid` the cars stand staggered behind the line in the order given; without they roll up level.

        Raises QRaceError without entrants or laps.
        """
        if not entrants:
            raise QRaceError("A race needs at least one car: enter one.")
        if laps < 1:
            raise QRaceError(f"A race over {laps} laps has no finish: give 1 lap or more.")
        self.track = track
        self.laps = laps
        self.ticks = 0
        self.cars = [RaceCar(entrant, track) for entrant in entrants]
        gap_m = min(GRID_GAP_M, track.length_m / (len(entrants) + 1))
        for place, car in enumerate(self.cars):
            if grid:
                car.place(-POLE_M - gap_m * place, GRID_ACROSS[place % 2], None)
            else:
                car.place(-ROLLING_M, 0.5, ROLLING_SPEED)
        self.poses = np.array([[car.pose() for car in self.cars]] * 2)

    @property
    def clock_s(self) -> float:
        """Time since the start [s]."""
        return self.ticks * TICK_S

    @property
    def finished(self) -> bool:
        """Whether every car has seen the flag or is out."""
        return all(car.out or car.finish_s is not None for car in self.cars)

    def tick(self) -> None:
        """Advance every car by one tick; those past the flag drive on, those out stay where they are."""
        for car in self.cars:
            car.tick(self.laps)
        self.ticks += 1
        self.poses[0] = self.poses[1]
        self.poses[1] = [car.pose() for car in self.cars]

    def run(self) -> list[Standing]:
        """Race to the end and return the result; not for a race with a person in it, who might never arrive."""
        while not self.finished:
            self.tick()
        return self.standings()

    def standings(self) -> list[Standing]:
        """Everyone in order: by race time those past the flag, then by distance."""
        order = sorted(range(len(self.cars)), key=self._rank)
        leader = self.cars[order[0]]
        return [self._standing(place + 1, entrant, leader) for place, entrant in enumerate(order)]

    def _rank(self, entrant: int) -> tuple[bool, float]:
        car = self.cars[entrant]
        return (car.finish_s is None, -car.position_m if car.finish_s is None else car.finish_s)

    def _standing(self, position: int, entrant: int, leader: RaceCar) -> Standing:
        car = self.cars[entrant]
        return Standing(
            position=position,
            name=car.entrant.name,
            laps=car.laps,
            best_lap_s=car.best_lap_s,
            total_s=car.finish_s,
            gap_s=self._gap_s(car, leader),
            out=car.out,
            entrant=entrant,
        )

    def _gap_s(self, car: RaceCar, leader: RaceCar) -> float | None:
        """How long ago the leader was where this car is, to the tick; exact at the flag."""
        if car.out:
            return None
        if car is leader:
            return 0.0
        if car.finish_s is not None and leader.finish_s is not None:
            return car.finish_s - leader.finish_s
        return max(self.clock_s - (bisect_left(leader.trail, car.position_m) + 1) * TICK_S, 0.0)
