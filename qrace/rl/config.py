"""The config tree: everything that decides how a brain learns, saved inside every model file."""

from dataclasses import dataclass, field
from typing import Literal

from qrace.env.config import EnvConfig


@dataclass(frozen=True)
class EpsilonConfig:
    """Exploration: epsilon after u updates is max(end, start * decay ** u)."""

    start: float = 1.0
    end: float = 0.02
    decay: float = 0.995
    """Factor per gradient update (not per step, not per episode)."""


@dataclass(frozen=True)
class LearnerConfig:
    """Q-learning, tabular or deep; each method from the literature is a switch."""

    kind: Literal["dqn", "q-table"] = "dqn"
    hidden: tuple[int, ...] = (128, 128)
    """Width of each hidden layer of the Q-network."""
    dueling: bool = False
    """Separate value and advantage streams (Wang et al. 2016)."""
    layer_norm: bool = False
    """LayerNorm before each hidden activation (Gallici et al. 2024)."""
    double: bool = True
    """The online network chooses, the target network values (van Hasselt et al. 2016)."""
    n_step: int = 1
    """Rewards summed before bootstrapping (Sutton 1988; Hessel et al. 2018)."""
    discount: float = 0.97
    """Discount per decision."""
    learning_rate: float = 1e-3
    """Step size of Adam, or of the table's update."""
    loss: Literal["huber", "mse"] = "huber"
    gradient_clip: float = 10.0
    """Largest global norm of the gradient."""
    batch_size: int = 256
    replay_capacity: int = 100_000
    """Transitions kept; the oldest make room."""
    learning_starts: int = 1_000
    """Transitions in memory before the first update."""
    updates_per_step: int = 4
    """Gradient updates per vector step, all cars together."""
    target_update: Literal["hard", "soft"] = "soft"
    target_period: int = 50
    """Gradient updates between hard copies into the target network."""
    target_rate: float = 0.005
    """Share of the online weights mixed into a soft target per update."""
    ray_bins: int = 5
    """Q-table only: bins per ray."""
    epsilon: EpsilonConfig = field(default_factory=EpsilonConfig)


@dataclass(frozen=True)
class Config:
    """One training run, whole."""

    preset: str = "default"
    """The preset that this config was made from."""
    env: EnvConfig = field(default_factory=EnvConfig)
    learner: LearnerConfig = field(default_factory=LearnerConfig)
    cars: int = 32
    """Cars that share one brain and one replay memory."""
    seed: int = 0
