"""What a car senses, what it is paid for and how often it decides: the half of the config that the world needs."""

from dataclasses import dataclass, field

from qrace.env.reward import RewardConfig
from qrace.errors import check_range
from qrace.sim.car import TICK_S, CarName
from qrace.sim.sensors import SensorConfig


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
    max_episode_laps: float = 2.0
    """On a long road the limit is rather the time of so many laps at half the car's top speed."""
    start_speed: float = 0.35
    """In training episodes start at up to this share of the car's top speed, by chance (exploring starts, Sutton and
    Barto 2018, section 5.3). Where top speed is rare, more of it shows the road at a speed hardly ever reached."""
    standing_starts: float = 0.0
    """Share of the episodes in training that start at the car's lowest speed instead."""
    margin_m: float = 0.0
    """In training a car is this much larger on every side: what crashes it there only brushes past in a race [m]."""
    reward: RewardConfig = field(default_factory=RewardConfig)

    def __post_init__(self) -> None:
        check_range("number of features", len(self.features), 1, 16)
        check_range("ticks_per_action", self.ticks_per_action, 1, 20)
        check_range("start_speed", self.start_speed, 0.0, 1.0)
        check_range("standing_starts", self.standing_starts, 0.0, 1.0)
        check_range("margin_m", self.margin_m, 0.0, 2.0)
        check_range("max_episode_s", self.max_episode_s, TICK_S, 86_400.0)
        check_range("max_episode_laps", self.max_episode_laps, 0.0, 1e3)
