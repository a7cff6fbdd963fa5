"""Makes numba and the learner's library do their slow first calls before anyone waits for them."""

from dataclasses import replace

from qrace.rl.config import Config
from qrace.rl.trainer import Trainer
from qrace.sim.track import Track

STEPS = 3
CARS = 2


def warm_up(config: Config, track: Track) -> None:
    """Train a throw-away brain of this kind for a moment, updates included."""
    learner = replace(config.learner, learning_starts=1, replay_capacity=min(config.learner.replay_capacity, 1000))
    trainer = Trainer(replace(config, cars=CARS, learner=learner), [track])
    for _ in range(STEPS):
        trainer.step()
    trainer.agent.q_values(trainer.env.observation)
    trainer.close()
