"""Gradient updates by the kernels of qrace.rl.fast_kernels: what dqn.TorchLearner does, several times faster."""

import numpy as np
from numpy.typing import NDArray

from qrace.rl.config import LearnerConfig
from qrace.rl.fast_kernels import LAYER, Settings, Workspace, td_updates
from qrace.rl.replay import Batch, ReplayMemory
from qrace.rl.weights import Brain, NetworkShape


class FastLearner:
    """Updates a brain's flat arrays in place.

    Attributes:
        workspace: scratch memory; `workspace.gradient` (P,) is the last update's gradient before clipping.
    """

    def __init__(self, brain: Brain, shape: NetworkShape, config: LearnerConfig) -> None:
        """Compiles the kernels when first used on a machine (seconds); later they come from numba's cache."""
        self.brain = brain
        self.settings = Settings(
            standardise=config.standardise,
            double=config.double,
            dueling=config.dueling,
            layer_norm=config.layer_norm,
            huber=config.loss == "huber",
            bootstraps=config.bootstraps,
            learning_rate=config.learning_rate,
            learning_rate_end=config.learning_rate_end if config.learning_rate_half_life else 0.0,
            learning_rate_halves=1.0 / config.learning_rate_half_life if config.learning_rate_half_life else 0.0,
            gradient_clip=config.gradient_clip,
            target_rate=config.target_rate if config.target_update == "soft" else 0.0,
            target_period=config.target_period,
        )
        self.layers = layer_table(shape, 2 * config.batch_size)
        self.workspace = make_workspace(shape, config.batch_size)
        no_draws = np.zeros((0, config.batch_size), dtype=np.int64)
        self._run(ReplayMemory(1, shape.observation_size).data, no_draws)

    def learn(self, data: Batch, draws: NDArray[np.int64]) -> float:
        """A gradient update per row of draws (count, B), which holds rows of data; returns their mean loss."""
        loss = self._run(data, draws)
        self.brain.updates += len(draws)
        return loss

    def _run(self, data: Batch, draws: NDArray[np.int64]) -> float:
        brain = self.brain
        arrays = (brain.online, brain.target, brain.first_moment, brain.second_moment)
        return td_updates(arrays, data, draws, self.layers, self.settings, self.workspace, brain.updates)


def layer_table(shape: NetworkShape, rows: int) -> NDArray[np.void]:
    """The layers of a network as rows of dtype LAYER, for passes of up to `rows` observations."""
    start = shape.starts()
    widths = (shape.observation_size, *shape.hidden, shape.outputs)
    table = np.zeros(len(widths) - 1, dtype=LAYER)
    for index, layer in enumerate(table):
        name = f"hidden.{index}" if index < len(shape.hidden) else "head"
        layer["n"], layer["m"] = widths[index], widths[index + 1]
        layer["weight"], layer["bias"] = start[f"{name}.weight"], start[f"{name}.bias"]
        layer["gain"] = start.get(f"norm.{index}.weight", 0)
        layer["y"] = rows * sum(widths[1 : index + 1])
    return table


def make_workspace(shape: NetworkShape, batch_size: int) -> Workspace:
    """Scratch memory for updates of `batch_size` transitions."""
    widths = (*shape.hidden, shape.outputs)

    def zeros(*dims: int) -> NDArray[np.float32]:
        return np.zeros(dims, dtype=np.float32)

    return Workspace(
        observation=zeros(2 * batch_size, shape.observation_size),
        y=zeros(2 * batch_size * sum(widths)),
        normalised=zeros(2 * batch_size * sum(widths) if shape.layer_norm else 0),
        inverse_std=zeros(len(widths), 2 * batch_size),
        target_q=zeros(batch_size, shape.outputs),
        delta=zeros(2, batch_size * max(widths)),
        gradient=zeros(shape.size()),
    )
