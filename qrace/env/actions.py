"""Action tables: what each discrete action does to a car's two controls.

Controls are (steer, pedal), each in [-1, 1]: steer +1 is full left, pedal +1 full throttle and -1 full brake.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qrace.sim.car import CarName


@dataclass(frozen=True, eq=False)
class ActionTable:
    """The actions of one car model."""

    names: tuple[str, ...]
    """A name per action, for the panel."""
    controls: NDArray[np.float64]
    """(A, 2) steer and pedal of each action."""


def _table(**rows: tuple[float, float]) -> ActionTable:
    names = tuple(name.replace("_", " ") for name in rows)
    return ActionTable(names, np.array(list(rows.values()), dtype=np.float64))


ACTION_TABLES: dict[CarName, ActionTable] = {
    "lesson": _table(turn_left=(1, 0), turn_right=(-1, 0), slow_down=(0, -1), speed_up=(0, 1)),
    "grand-prix": _table(
        left_throttle=(1, 1),
        straight_throttle=(0, 1),
        right_throttle=(-1, 1),
        left_coast=(1, 0),
        straight_coast=(0, 0),
        right_coast=(-1, 0),
        left_brake=(1, -1),
        straight_brake=(0, -1),
        right_brake=(-1, -1),
    ),
}
"""The lesson's four actions; the grand-prix car's steering times pedals."""
