"""What an agent sees: named features, each about unit scale, in one table that also labels the panel.

| feature | width | value                                              | range   |
|---------|-------|----------------------------------------------------|---------|
| rays    | R     | distance to the road's edge / range of the sensors | 0 … 1   |
| speed   | 1     | speed / top speed of the car                       | 0 … 1   |
| steer   | 1     | share of full lock, left positive                  | -1 … 1  |
| edges   | 4 K   | right and left edge of the road at K places ahead, | -1 … 1  |
|         |       | forward and left of the car / twice the distance   |         |
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from qrace.errors import QRaceError
from qrace.sim.sensors import SensorConfig
from qrace.sim.simulator import Simulator

Floats32 = NDArray[np.float32]


@dataclass(frozen=True)
class Feature:
    """One group of observation columns."""

    labels: Callable[[SensorConfig], list[str]]
    """A name per column."""
    write: Callable[[Simulator, Floats32], None]
    """Fill the group's columns (N, width) in place."""


def _ray_labels(sensors: SensorConfig) -> list[str]:
    return [f"ray {angle:+g}°" for angle in sensors.angles_deg]


def _write_rays(simulator: Simulator, out: Floats32) -> None:
    np.multiply(simulator.rays, 1.0 / simulator.sensors.range_m, out=out, casting="same_kind")


def _write_speed(simulator: Simulator, out: Floats32) -> None:
    np.multiply(simulator.speed[:, None], 1.0 / simulator.model.top_speed, out=out, casting="same_kind")


def _write_steer(simulator: Simulator, out: Floats32) -> None:
    out[:, 0] = simulator.steer


def _edge_labels(sensors: SensorConfig) -> list[str]:
    axes = [f"{side} {axis}" for side in ("right", "left") for axis in ("ahead", "across")]
    return [f"edge {seconds:g} s {axis}" for seconds in sensors.ahead_s for axis in axes]


def _write_edges(simulator: Simulator, out: Floats32) -> None:
    np.clip(0.5 * simulator.road_ahead.reshape(simulator.cars, -1), -1.0, 1.0, out=out)


FEATURES = {
    "rays": Feature(_ray_labels, _write_rays),
    "speed": Feature(lambda _: ["speed"], _write_speed),
    "steer": Feature(lambda _: ["steer"], _write_steer),
    "edges": Feature(_edge_labels, _write_edges),
}


def observation_labels(features: tuple[str, ...], sensors: SensorConfig) -> list[list[str]]:
    """The names of the columns of each group in order. Raises QRaceError for a feature that is not in the table."""
    for name in features:
        if name not in FEATURES:
            raise QRaceError(f"Observation feature {name[:40]!r} is unknown: choose from {', '.join(FEATURES)}.")
    return [FEATURES[name].labels(sensors) for name in features]


class Observer:
    """Turns the state of a simulator into observations (N, D) float32."""

    def __init__(self, simulator: Simulator, features: tuple[str, ...]) -> None:
        """Raises QRaceError for a feature that is not in the table, and where they all leave nothing to see."""
        groups = observation_labels(features, simulator.sensors)
        self._simulator = simulator
        self.labels = list(chain.from_iterable(groups))
        self.size = len(self.labels)
        if not self.size:
            raise QRaceError(
                "env.features has edges alone and env.sensors.ahead_s no places for them: give places, or add rays."
            )
        ends = np.cumsum([0, *map(len, groups)])
        self._writers = [
            (FEATURES[name].write, slice(int(start), int(stop)))
            for name, start, stop in zip(features, ends[:-1], ends[1:], strict=True)
        ]

    def write(self, out: Floats32) -> None:
        """Write the observation of every car into out (N, D), from the rays as they were last cast."""
        for write, columns in self._writers:
            write(self._simulator, out[:, columns])
