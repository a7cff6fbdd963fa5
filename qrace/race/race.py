"""A race: entrants from a grid or a rolling start to the flag, one tick at a time, and who stands where."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qrace.errors import QRaceError
from qrace.race.contacts import Contacts
from qrace.race.entrant import Entrant, RaceCar
from qrace.race.rules import GRACE_LEAST_S, RaceRules
from qrace.race.worlds import line_up
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
    """Time behind the leader at the same place of the road; None for a car that is out or flagged laps down [s]."""
    out: bool
    entrant: int
    """Index of the entrant."""
    laps_down: int = 0
    """Whole laps behind the leader."""
    penalty_s: float = 0.0
    """Time that its crashes cost, contained in total_s [s]."""
    flagged: bool = False
    """Stopped before its flag, the others being long home."""


class Race:
    """Entrants on one track. The same entrants in the same order race the same race every time.

    The winner is who first completes the laps; the others finish the lap that they are on.

    Attributes:
        cars: a RaceCar per entrant, in the order of the entry list.
        clock_s: time since the start [s].
        flag_s: race time of the winner's flag; None before it [s].
        finished: whether every car has seen the flag, is out, or was stopped.
        poses: (2, N, 5) x, y [m], heading, front wheel angle [rad] and speed [m/s] before and after the last tick;
            draw between the two.
    """

    def __init__(self, track: Track, entrants: Sequence[Entrant], laps: int, rules: RaceRules | None = None) -> None:
        """Cars stand staggered behind the line, or roll up level, as the rules say.

        Raises QRaceError without entrants or laps.
        """
        if not entrants:
            raise QRaceError("A race needs at least one car: enter one.")
        if laps < 1:
            raise QRaceError(f"A race over {laps} laps has no finish: give 1 lap or more.")
        self.track = track
        self.laps = laps
        self.rules = rules = rules or RaceRules()
        self.ticks = 0
        self.flag_s: float | None = None
        self.cars, self._worlds = line_up(track, entrants, rules.crash)
        gap_m = min(GRID_GAP_M, track.length_m / (len(entrants) + 1))
        for place, entrant in enumerate(rules.grid(len(entrants))):
            if rules.rolling:
                self.cars[entrant].place(-ROLLING_M, 0.5, ROLLING_SPEED)
            else:
                self.cars[entrant].place(-POLE_M - gap_m * place, GRID_ACROSS[place % 2], None)
        self.contacts = Contacts(self.cars) if rules.collisions else None
        self.poses = np.array([[car.pose() for car in self.cars]] * 2)

    @property
    def clock_s(self) -> float:
        """Time since the start [s]."""
        return self.ticks * TICK_S

    @property
    def finished(self) -> bool:
        """Whether the race is over for every car."""
        return all(car.done for car in self.cars)

    def tick(self) -> None:
        """Advance every car by one tick; those past the flag drive on, those out stay where they are."""
        self.begin_tick()
        self.end_tick()

    def begin_tick(self) -> None:
        """Have the brains decide. A person's controls may change until the tick ends."""
        if self.contacts is not None:
            self.contacts.begin()
        for car in self.cars:
            car.decide()

    def look_ahead(self) -> tuple[NDArray[np.float64], list[NDArray[np.float32]]]:
        """Where the tick that has begun leads by the controls as they are: poses (N, 5), and readings of each car."""
        poses, readings = self.poses[1].copy(), [car.simulator.readings()[0] for car in self.cars]
        for world in self._worlds:
            ahead = world.look_ahead()
            ahead.sense()
            seen = ahead.readings()
            for place, n in enumerate(world.members):
                if not self.cars[n].held_ticks:
                    steer = ahead.steer[place] * ahead.model.steer_max
                    poses[n] = ahead.x[place], ahead.y[place], ahead.heading[place], steer, ahead.speed[place]
                    readings[n] = seen[place]
        if self.contacts is not None:
            self.contacts.foresee(poses)
        return poses, readings

    def end_tick(self) -> None:
        """Drive it."""
        for world in self._worlds:
            world.step()
        if self.contacts is not None:
            self.contacts.end()
        self.ticks += 1
        for car in self.cars:
            car.count()
        self._wave_flag()
        for car in self.cars:
            car.mind_the_road()
        self.poses[0] = self.poses[1]
        self.poses[1] = [car.pose() for car in self.cars]

    def _wave_flag(self) -> None:
        """End the race of those who cross the line for the last time, and of those who are far too slow."""
        crossings = sorted((car.crossed_s, n) for n, car in enumerate(self.cars) if car.crossed_s is not None)
        for crossed_s, n in crossings:
            car = self.cars[n]
            if self.flag_s is not None or car.laps >= self.laps:
                car.finish()
                self.flag_s = crossed_s if self.flag_s is None else self.flag_s
        if self.flag_s is not None and self.clock_s > self.flag_s + max(self.flag_s / self.laps, GRACE_LEAST_S):
            for car in self.cars:
                car.flagged = car.flagged or not car.done

    def run(self) -> list[Standing]:
        """Race to the end and return the result; not for a race with a person in it, who might never arrive."""
        while not self.finished:
            self.tick()
        return self.standings()

    def standings(self) -> list[Standing]:
        """Everyone in order: by distance and, past the flag, by time; at the end of the list those who are out."""
        order = sorted(range(len(self.cars)), key=self._rank)
        leader = self.cars[order[0]]
        return [self._standing(place + 1, entrant, leader) for place, entrant in enumerate(order)]

    def _rank(self, entrant: int) -> tuple[bool, float, float]:
        car = self.cars[entrant]
        if car.finish_s is not None:
            return car.out, -car.laps * self.track.length_m, car.finish_s
        return car.out, -car.position_m, 0.0

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
            laps_down=self._laps_down(car, leader),
            penalty_s=car.penalty_s,
            flagged=car.flagged,
        )

    def _laps_down(self, car: RaceCar, leader: RaceCar) -> int:
        if car.finish_s is not None:
            return leader.laps - car.laps
        return max(int((leader.position_m - car.position_m) // self.track.length_m), 0)

    def _gap_s(self, car: RaceCar, leader: RaceCar) -> float | None:
        """How long ago the leader was where this car is, to the tick; exact at the flag."""
        if car.out or car.flagged:
            return None
        if car is leader:
            return 0.0
        if car.finish_s is not None and leader.finish_s is not None:
            return car.finish_s - leader.finish_s if car.laps == leader.laps else None
        return max(self.clock_s - (bisect_left(leader.trail, car.position_m) + 1) * TICK_S, 0.0)
