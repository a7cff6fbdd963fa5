"""A torch module as a driver."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from qrace.rl.policy import GreedyPolicy


class TorchPolicy(GreedyPolicy):
    """Drives by the Q-values of a module that maps observations (B, D) to (B, A)."""

    def __init__(self, module: nn.Module) -> None:
        self.module = module

    @torch.no_grad()
    def q_values(self, observation: NDArray[np.float32]) -> NDArray[np.float32]:
        return self.module(torch.from_numpy(observation)).numpy()
