"""What a setting is said to mean: one that a kind of learner does not read changes nothing that it learns."""

from dataclasses import fields, replace

import numpy as np
import pytest

from qrace.rl.agent import make_agent
from qrace.rl.config import DEEP, TABLE, EpsilonConfig, LearnerConfig, read_by
from tests.rl.chain import Chain, train

SMALL = LearnerConfig(
    hidden=(8,), batch_size=8, learning_starts=8, replay_capacity=64, rollout_steps=4, ray_bins=2, average_rate=0.1
)
OTHER = {
    "hidden": (16,),
    "dueling": True,
    "layer_norm": True,
    "standardise": True,
    "double": False,
    "n_step": 3,
    "discount": 0.5,
    "learning_rate": 1e-2,
    "learning_rate_half_life": 10,
    "learning_rate_end": 1e-5,
    "loss": "mse",
    "gradient_clip": 1e-3,
    "batch_size": 16,
    "replay_capacity": 32,
    "learning_starts": 16,
    "updates_per_step": 1,
    "target_update": "hard",
    "target_period": 2,
    "target_rate": 0.5,
    "average_rate": 0.5,
    "rollout_steps": 8,
    "trace": 0.1,
    "epochs": 1,
    "temperature": 1.0,
    "fast": False,
    "ray_bins": 3,
    "epsilon": EpsilonConfig(0.3, 0.3, 1.0),
}
NEEDED = {"learning_rate_end": {"learning_rate_half_life": 1}, "target_period": {"target_update": "hard"}}
"""What gives a setting a meaning to those who read it."""
SETTINGS = [field.name for field in fields(LearnerConfig) if field.name != "kind"]


def learned(config: LearnerConfig) -> list[np.ndarray]:
    chain = Chain(6, walkers=4, rng=np.random.default_rng(1), limit=8)
    agent = make_agent(config, 6, 2, cars=4, seed=2)
    train(agent, chain, 60)
    tensors, _ = agent.get_state()
    return [tensors[name] for name in sorted(tensors)]


def the_same(one: list[np.ndarray], other: list[np.ndarray]) -> bool:
    return len(one) == len(other) and all(map(np.array_equal, one, other))


@pytest.mark.parametrize("kind", DEEP + TABLE)
@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_counts_for_those_that_read_it_and_for_nobody_else(kind: str, name: str) -> None:
    before = replace(SMALL, kind=kind, **NEEDED.get(name, {}))
    after = replace(before, **{name: OTHER[name]})
    assert after != before
    assert the_same(learned(before), learned(after)) == (kind not in read_by(name))
