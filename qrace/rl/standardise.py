"""Inputs brought to mean 0 and deviation 1, by statistics that run along with training.

Side rays read 0.03 of their range, give or take 0.01: seen through weights of usual size, where the car is across the
road drowns in what the long rays say. Gallici et al. 2024 standardise inputs too. The statistics are two rows of the
network's own weights, so whatever copies, averages, saves or loads a brain takes them along; gradients pass them by.
"""

import numpy as np
from numpy.typing import NDArray

from qrace.rl.weights import Brain, NetworkShape

LEAST_DEVIATION = 0.01
"""An input that varies less is not magnified further."""


class RunningStatistics:
    """Keeps "input.mean" and "input.scale" of a brain as all observations so far have them, the same in all networks.

    Attributes:
        count: observations so far.
    """

    def __init__(self, shape: NetworkShape, brain: Brain) -> None:
        networks = [shape.views(weights) for weights in (brain.online, brain.target, brain.average)]
        self._means = [views["input.mean"] for views in networks]
        self._scales = [views["input.scale"] for views in networks]
        self.count = 0

    def add(self, observation: NDArray[np.float32]) -> None:
        """Take in a batch (N, D), as if all so far had been one batch (Chan, Golub and LeVeque 1983, equation 1.5)."""
        share = len(observation) / (self.count + len(observation))
        self.count += len(observation)
        mean = observation.mean(axis=0)
        shift = mean - self._means[0]
        variance = np.square(1.0 / self._scales[0])
        variance += share * (np.square(observation - mean).mean(axis=0) - variance)
        variance += share * (1.0 - share) * np.square(shift)
        for mean_so_far, scale in zip(self._means, self._scales, strict=True):
            mean_so_far += share * shift
            scale[:] = 1.0 / np.maximum(np.sqrt(variance), LEAST_DEVIATION)
