"""The worlds that racing cars share: cars of one model with the same senses drive together, and can look ahead."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qrace.race.entrant import Entrant, RaceCar
from qrace.race.rules import CrashRule
from qrace.sim.car import CarName
from qrace.sim.sensors import SensorConfig
from qrace.sim.simulator import Simulator
from qrace.sim.track import Track

Floats = NDArray[np.float64]


class World:
    """K cars of a race.

    Attributes:
        members: which entrants they are.
        simulator: theirs.
        controls: (K, 2) steer and pedal of the tick.
    """

    def __init__(self, track: Track, members: Sequence[int], model: CarName, sensors: SensorConfig) -> None:
        self.members = members
        self.simulator = Simulator([track], len(members), model, sensors)
        self.controls = np.zeros((len(members), 2))
        self._ahead: Simulator | None = None
        self._track = track

    def step(self) -> None:
        self.simulator.step(self.controls)

    def look_ahead(self) -> Simulator:
        """A copy of the world in which the tick has been driven, by the controls as they are; always the same one."""
        if self._ahead is None:
            model = self.simulator.model.name
            self._ahead = Simulator([self._track], len(self.members), model, self.simulator.sensors)
        self._ahead.take_state(self.simulator)
        self._ahead.step(self.controls)
        return self._ahead


def line_up(track: Track, entrants: Sequence[Entrant], crash: CrashRule) -> tuple[list[RaceCar], list[World]]:
    """A car for every entrant, and the worlds that they share."""
    kinds: dict[tuple[CarName, SensorConfig], list[int]] = {}
    for index, entrant in enumerate(entrants):
        kinds.setdefault((entrant.config.car, entrant.config.sensors), []).append(index)
    cars: dict[int, RaceCar] = {}
    worlds = [World(track, members, model, sensors) for (model, sensors), members in kinds.items()]
    for world in worlds:
        for place, index in enumerate(world.members):
            alone, controls = world.simulator.alone(place), world.controls[place : place + 1]
            cars[index] = RaceCar(entrants[index], track, crash, alone, controls)
    return [cars[index] for index in range(len(entrants))], worlds
