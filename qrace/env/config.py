"""What a car senses, what it is paid for and how often it decides: the half of the config that the world needs."""

from dataclasses import dataclass, field
from typing import Literal

CarName = Literal["lesson", "grand-prix"]


@dataclass(frozen=True)
class SensorConfig:
    """The fan of ray sensors at a car's centre."""

    angles_deg: tuple[float, ...] = (90.0, 45.0, 0.0, -45.0, -90.0)
    """Direction of each ray from the car's heading, left positive [degrees]."""
    range_m: float = 50.0
    """Length of every ray; a ray that meets nothing reads this [m]."""


@dataclass(frozen=True)
class RewardConfig:
    """Weights of the named reward terms, see qrace.env.reward."""

    progress_per_m: float = 0.1
    """For each new metre of track behind the car [1/m]."""
    crash: float = -5.0
    """Once, when the car leaves the road."""


@dataclass(frozen=True)
class EnvConfig:
    """One decision problem: a car, its senses, its rewards."""

    car: CarName = "lesson"
    """Which car model is driven."""
    sensors: SensorConfig = field(default_factory=SensorConfig)
    features: tuple[str, ...] = ("rays", "speed")
    """Feature groups of the observation in order, named in qrace.env.observation."""
    ticks_per_action: int = 1
    """Simulator ticks (1/20 s each) for which an action is held."""
    max_episode_s: float = 60.0
    """Time limit of an episode; reaching it truncates, it does not terminate [s]."""
    reward: RewardConfig = field(default_factory=RewardConfig)
