"""What a car is paid for: named terms, weighed by RewardConfig.

| term     | value                                                       | weight         |
|----------|-------------------------------------------------------------|----------------|
| progress | metres further along the track than ever in this episode    | progress_per_m |
| crash    | 1 when the car leaves the road                              | crash          |

Only new metres count, so neither circling nor reversing and driving on again earns anything. The weights keep returns
to the order of 1: at ten times as much, the Huber loss, linear beyond errors of 1, hardly feels that a crash ends all.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qrace.errors import check_range


@dataclass(frozen=True)
class RewardConfig:
    """Weights of the named reward terms."""

    progress_per_m: float = 0.01
    """For each new metre of track behind the car [1/m]."""
    crash: float = -1.0
    """Once, when the car leaves the road."""

    def __post_init__(self) -> None:
        check_range("reward.progress_per_m", self.progress_per_m, -1e3, 1e3)
        check_range("reward.crash", self.crash, -1e6, 1e6)


def reward(
    config: RewardConfig, new_metres: NDArray[np.float64], crashed: NDArray[np.bool_], out: NDArray[np.float32]
) -> None:
    """Write the reward of each car into out (N,): the weighed sum of the terms, each (N,)."""
    np.multiply(new_metres, config.progress_per_m, out=out, casting="same_kind")
    out[crashed] += config.crash
