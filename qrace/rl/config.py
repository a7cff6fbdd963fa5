"""The config tree: everything that decides how a brain learns, saved inside every model file."""

from dataclasses import dataclass, field, fields
from typing import Literal, TypeVar

from qrace.env.config import EnvConfig
from qrace.errors import QRaceError, check_range

T = TypeVar("T")

DQN, PQN, TABLE = ("dqn",), ("pqn",), ("q-table",)
DEEP = DQN + PQN
"""The kinds of learner that have a network."""


def _only(kinds: tuple[str, ...], default: T) -> T:
    """A field of LearnerConfig that means nothing to other kinds of learner."""
    return field(default=default, metadata={"kinds": kinds})


@dataclass(frozen=True)
class EpsilonConfig:
    """Exploration: epsilon after u updates is max(end, start * decay ** u)."""

    start: float = 1.0
    end: float = 0.02
    decay: float = 0.995
    """Factor per gradient update (not per step, not per episode)."""

    def __post_init__(self) -> None:
        for name in ("start", "end", "decay"):
            check_range(f"epsilon.{name}", getattr(self, name), 0.0, 1.0)


@dataclass(frozen=True)
class LearnerConfig:
    """Q-learning, tabular or deep; each method from the literature is a switch."""

    kind: Literal["dqn", "pqn", "q-table"] = "dqn"
    """pqn: no replay memory and no target network, but many cars and lambda-returns (Gallici et al. 2024)."""
    hidden: tuple[int, ...] = _only(DEEP, (128, 128))
    """Width of each hidden layer of the Q-network."""
    dueling: bool = _only(DEEP, False)
    """Separate value and advantage heads (Wang et al. 2016)."""
    layer_norm: bool = _only(DEEP, False)
    """LayerNorm before each hidden activation (Gallici et al. 2024)."""
    standardise: bool = _only(DEEP, False)
    """Inputs less their running means, over their running deviations (Gallici et al. 2024)."""
    double: bool = _only(DQN, True)
    """The online network chooses, the target network values (van Hasselt et al. 2016)."""
    n_step: int = _only(DQN, 1)
    """Rewards summed before bootstrapping (Sutton 1988; Hessel et al. 2018)."""
    discount: float = 0.97
    """Discount per decision."""
    learning_rate: float = 1e-3
    """Step size of Adam, or of the table's update."""
    learning_rate_half_life: int = _only(DEEP, 0)
    """Gradient updates in which Adam's step size halves; 0: it stays."""
    learning_rate_end: float = _only(DEEP, 5e-5)
    """… but never below this."""
    loss: Literal["huber", "mse"] = _only(DEEP, "huber")
    gradient_clip: float = _only(DEEP, 10.0)
    """Largest global norm of the gradient."""
    batch_size: int = _only(DEEP, 256)
    replay_capacity: int = _only(DQN, 100_000)
    """Transitions kept; the oldest make room."""
    learning_starts: int = _only(DQN, 1_000)
    """Transitions in memory before the first update."""
    updates_per_step: int = _only(DQN, 4)
    """Gradient updates per vector step, all cars together."""
    target_update: Literal["hard", "soft"] = _only(DQN, "soft")
    target_period: int = _only(DQN, 50)
    """Gradient updates between hard copies into the target network."""
    target_rate: float = _only(DQN, 0.005)
    """Share of the online weights mixed into a soft target per update."""
    average_rate: float = _only(DEEP, 0.0)
    """Share of the online weights mixed per update into the average that drives; 0: the online weights drive."""
    rollout_steps: int = _only(PQN, 16)
    """Vector steps between two rounds of updates."""
    trace: float = _only(PQN, 0.9)
    """Lambda, 0 for 1-step targets, 1 for whole returns."""
    epochs: int = _only(PQN, 4)
    """How often a round goes through the rollout."""
    temperature: float = _only(PQN, 0.0)
    """Of the softmax over Q-values that explores, falling as the step size does; 0: only epsilon explores."""
    fast: bool = _only(DEEP, True)
    """Update by hand-written kernels; off: by torch, the same to rounding, slower."""
    ray_bins: int = _only(TABLE, 5)
    """Bins per feature."""
    epsilon: EpsilonConfig = field(default_factory=EpsilonConfig)

    def __post_init__(self) -> None:
        check_range("number of hidden layers", len(self.hidden), 1, 8)
        for width in self.hidden:
            check_range("hidden", width, 1, 1024)
        check_range("n_step", self.n_step, 1, 100)
        check_range("discount", self.discount, 0.0, 1.0)
        check_range("learning_rate", self.learning_rate, 1e-9, 1.0)
        check_range("learning_rate_half_life", self.learning_rate_half_life, 0, 10**9)
        if self.learning_rate_half_life:
            check_range("learning_rate_end", self.learning_rate_end, 0.0, self.learning_rate)
        check_range("rollout_steps", self.rollout_steps, 1, 10_000)
        check_range("trace", self.trace, 0.0, 1.0)
        check_range("epochs", self.epochs, 1, 1_000)
        check_range("temperature", self.temperature, 0.0, 1e3)
        check_range("average_rate", self.average_rate, 0.0, 1.0)
        check_range("gradient_clip", self.gradient_clip, 1e-6, 1e9)
        check_range("batch_size", self.batch_size, 1, 65_536)
        check_range("replay_capacity", self.replay_capacity, 1, 10**9)
        check_range("learning_starts", self.learning_starts, 1, self.replay_capacity)
        check_range("updates_per_step", self.updates_per_step, 0, 10_000)
        check_range("target_period", self.target_period, 1, 10**9)
        check_range("target_rate", self.target_rate, 1e-9, 1.0)
        check_range("ray_bins", self.ray_bins, 1, 1_000)

    @property
    def bootstraps(self) -> bool:
        """Whether an update adds the value of the successor; PQN's returns have it in them already."""
        return self.kind == "dqn"


def read_by(name: str) -> tuple[str, ...]:
    """The kinds of learner to which a field of LearnerConfig means something."""
    (found,) = (field for field in fields(LearnerConfig) if field.name == name)
    kinds: tuple[str, ...] = found.metadata.get("kinds", DEEP + TABLE)
    return kinds


@dataclass(frozen=True)
class Config:
    """One training run, whole."""

    preset: str = "custom"
    """The preset that this config was made from, or "custom"."""
    env: EnvConfig = field(default_factory=EnvConfig)
    learner: LearnerConfig = field(default_factory=LearnerConfig)
    cars: int = 32
    """Cars that share one brain and one replay memory."""
    examined_per_step: int = 8
    """Decisions of all its cars that the examined copy of the learner makes beside each training step, or more of those
    that still drive."""
    seed: int = 0

    def __post_init__(self) -> None:
        check_range("cars", self.cars, 1, 65_536)
        check_range("examined_per_step", self.examined_per_step, 1, 1_000)
        check_range("seed", self.seed, 0, 2**63 - 1)


def parse_json(kind: type[T], text: str | bytes) -> T:
    """A tree of dataclasses from JSON, as dataclasses.asdict lays it out; a key that is left out keeps its default.

    Raises QRaceError for an unknown or missing key, a wrong type or a value out of range, and names the key.
    """
    from pydantic import TypeAdapter, ValidationError  # only who reads a file needs it

    try:
        return TypeAdapter(kind).validate_json(text, strict=True, extra="forbid")
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        unknown = first["type"] in ("unexpected_keyword_argument", "extra_forbidden")
        reason = "is not known to this version" if unknown else f"is wrong ({first['msg']})"
        raise QRaceError(f"key '{key}' {reason}: remove or correct it.") from error
