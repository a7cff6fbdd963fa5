"""Named configs to start from."""

from dataclasses import replace

from qrace.env.config import EnvConfig
from qrace.env.reward import RewardConfig
from qrace.errors import QRaceError
from qrace.rl.config import Config, EpsilonConfig, LearnerConfig
from qrace.sim.car import CarName
from qrace.sim.sensors import SensorConfig

DEFAULT = Config(
    preset="default",
    cars=128,
    learner=LearnerConfig(
        layer_norm=True,
        n_step=3,
        discount=0.9,
        learning_rate=5e-4,
        learning_rate_half_life=24_000,
        learning_rate_end=1e-4,
        batch_size=128,
        target_rate=0.01,
        average_rate=0.002,
    ),
)
"""What was measured to learn fastest and steadiest. Of all the switches 3-step returns and driving by the averaged
weights do most (assets/bench/ablation.md): without the average, laps that were clean come and go, with 1-step returns
they are slow, with 5-step ones they are lost again now and then. Many cars and small batches do most for the lap time;
LayerNorm makes updates dearer, and needs enough fewer of them. The discount looks ten decisions ahead, as far as this
car ever has to: at 0.985 a needless turn cost less than the values were wrong by, so that the learner weaved, while its
champion did not. A step size that halves keeps it near its best."""

LESSON = Config(
    preset="lesson",
    env=EnvConfig(car="lesson", features=("rays",)),
    learner=LearnerConfig(
        hidden=(5,),
        double=False,
        discount=0.99,
        learning_rate=1e-3,
        loss="mse",
        gradient_clip=1.0,
        batch_size=256,
        replay_capacity=50_000,
        learning_starts=1_000,
        updates_per_step=1,
        target_update="hard",
        target_period=50,
        epsilon=EpsilonConfig(start=1.0, end=0.1, decay=0.9999),
    ),
)
"""The lesson's own settings: a network of 5-5-4, all of it as it was taught. Slow, and good to compare with."""

Q_TABLE = Config(
    preset="q-table",
    env=EnvConfig(car="lesson", features=("rays",)),
    learner=LearnerConfig(
        kind="q-table",
        discount=0.95,
        learning_rate=0.2,
        ray_bins=5,
        epsilon=EpsilonConfig(start=1.0, end=0.02, decay=0.998),
    ),
)
"""No network at all: a table with a row for each of 5^5 ways in which the five rays can read."""

GRAND_PRIX = Config(
    preset="grand-prix",
    cars=256,
    examined_per_step=2,
    env=EnvConfig(
        car="grand-prix",
        sensors=SensorConfig(
            angles_deg=(90.0, 40.0, 15.0, 0.0, -15.0, -40.0, -90.0),
            range_m=200.0,
            ahead_s=(0.3, 0.5, 0.75, 1.05, 1.45, 1.95, 2.6, 3.5),
        ),
        features=("rays", "speed", "steer", "edges"),
        ticks_per_action=2,
        margin_m=0.1,
        reward=RewardConfig(crash=0.0),
    ),
    learner=LearnerConfig(
        kind="pqn",
        standardise=True,
        dueling=True,
        layer_norm=True,
        discount=0.95,
        trace=0.8,
        epochs=2,
        temperature=0.01,
        learning_rate=1e-3,
        learning_rate_half_life=24_000,
        learning_rate_end=2e-5,
        average_rate=0.00015,
        epsilon=EpsilonConfig(start=0.5, end=0.005, decay=0.99975),
    ),
)
"""Rays, a map of the road's edges over the next three and a half seconds, ten decisions a second; parallel Q-learning
(PQN) by many cars. The discount looks two seconds ahead: at 0.985 values were so large that their errors hid what one
decision is worth, and the car was twice as far from its limit. A crash costs no more than all that would still have
been driven: a fine on top makes a cliff at the edge of the road, which no network draws sharply, and the car kept away
from it. A softmax that cools tells actions of nearly equal worth apart; a step size that halves and averaged weights
keep what is learnt."""

GENERAL = replace(
    GRAND_PRIX,
    preset="general",
    cars=512,
    examined_per_step=3,
    env=replace(
        GRAND_PRIX.env,
        max_episode_s=30.0,
        max_episode_laps=0.0,
        start_speed=1.0,
        standing_starts=0.1,
        margin_m=0.7,
        reward=RewardConfig(crash=-2.0),
    ),
    learner=replace(
        GRAND_PRIX.learner,
        hidden=(192, 192),
        dueling=False,
        temperature=0.0,
        learning_rate_half_life=96_000,
        average_rate=0.00001,
        epsilon=EpsilonConfig(start=0.5, end=0.005, decay=0.99987),
    ),
)
"""For many roads at once: a larger network, more cars and more room for error, for an unseen road differs from all that
were learnt: cars that are wider in training, and a fine for a crash, smaller than what narrower cars needed to be as
clean. Where roads differ so much, a softmax gains nothing: the same actions are tried in many places anyway. Nor do
dueling heads in the first three minutes. Episodes are short and begin at any speed: cars rarely came by themselves to
top speed, which takes a straight longer than most roads have, and ran off the long straights of real circuits; and one
of ten begins at rest, for drivers that had hardly ever stood stood for good where they had braked too hard. The weights
that drive are the mean of the latest tenth of all updates, up to 100,000: of one run's copies after three
minutes such means missed a third as many laps of circuits never seen as means of 13,000, and were as fast."""

PRESETS: dict[str, Config] = {
    "default": DEFAULT,
    "lesson": LESSON,
    "q-table": Q_TABLE,
    "grand-prix": GRAND_PRIX,
    "general": GENERAL,
}


def preset(name: str, car: CarName | None = None) -> Config:
    """The preset of that name, driving `car` if one is given and the preset's own car if not.

    The default for the grand-prix car is the grand-prix preset; the others keep their senses whatever the car.
    """
    if name not in PRESETS:
        raise QRaceError(f"preset '{name}' is unknown: choose from {', '.join(PRESETS)}.")
    if name == "default" and car == "grand-prix":
        return GRAND_PRIX
    config = PRESETS[name]
    return config if car is None else replace(config, env=replace(config.env, car=car))
