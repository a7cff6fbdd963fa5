"""Makes numba and the learner's library do their slow first calls before anyone waits for them."""

from collections.abc import Sequence
from dataclasses import replace

from qrace.rl.config import Config
from qrace.rl.trainer import Trainer
from qrace.sim.track import Track

CARS = 2


def warm_up(config: Config, tracks: Sequence[Track]) -> None:
    """Train a throw-away brain of this kind for a moment, updates included."""
    capacity = min(config.learner.replay_capacity, 1000)
    learner = replace(config.learner, learning_starts=1, replay_capacity=capacity, rollout_steps=1)
    trainer = Trainer(replace(config, cars=CARS, learner=learner), tracks)
    for _ in range(learner.n_step + 1):
        trainer.step()
    trainer.agent.q_values(trainer.env.observation)
    trainer.close()
