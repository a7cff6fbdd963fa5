"""CleanRL's DQN for classic control as its documentation describes it, written anew: a yardstick, not their code.

https://docs.cleanrl.dev/rl-algorithms/dqn/#dqnpy. CleanRL is a collection of scripts, not a library to call, and those
want a Python before 3.11 and Gymnasium 0.29. Where its script spends time on logging and on wrappers around its single
environment, this does without, in its favour.
"""

import random
from dataclasses import dataclass

import numpy as np
import torch
from gymnasium.spaces import flatdim
from torch import nn
from torch.nn import functional

from qrace.bench.peers import Asked
from qrace.bench.torch_policy import TorchPolicy
from qrace.env.gymnasium_env import QRaceEnv
from qrace.rl.replay import Batch, ReplayMemory


@dataclass(frozen=True)
class Published:
    """The published settings."""

    total_timesteps: int = 500_000
    learning_rate: float = 2.5e-4
    buffer_size: int = 10_000
    gamma: float = 0.99
    target_network_frequency: int = 500
    batch_size: int = 128
    start_e: float = 1.0
    end_e: float = 0.05
    exploration_fraction: float = 0.5
    learning_starts: int = 10_000
    train_frequency: int = 10
    hidden: tuple[int, int] = (120, 84)


PUBLISHED = Published()


def train(env: QRaceEnv, seed: int, asked: Asked, settings: Published = PUBLISHED) -> None:
    """Train on one environment until the published steps are over or asked(driver, steps), after each step, is true."""
    random.seed(seed)
    torch.manual_seed(seed)
    size, actions = flatdim(env.observation_space), flatdim(env.action_space)
    online, target = network(size, actions, settings), network(size, actions, settings)
    target.load_state_dict(online.state_dict())
    optimizer = torch.optim.Adam(online.parameters(), lr=settings.learning_rate)
    memory, rng, policy = ReplayMemory(settings.buffer_size, size), np.random.default_rng(seed), TorchPolicy(online)
    observation, _ = env.reset(seed=seed)
    for step in range(settings.total_timesteps):
        if random.random() < epsilon_at(step, settings):
            action = random.randrange(actions)
        else:
            action = int(policy.select_actions(observation[None])[0])
        next_observation, reward, terminated, truncated, _ = env.step(np.int64(action))
        discount = 0.0 if terminated else settings.gamma
        memory.add(_transition(observation, action, reward, next_observation, discount))
        observation = env.reset()[0] if terminated or truncated else next_observation
        if step > settings.learning_starts and step % settings.train_frequency == 0:
            update(online, target, optimizer, memory.sample(settings.batch_size, rng))
        if step > settings.learning_starts and step % settings.target_network_frequency == 0:
            target.load_state_dict(online.state_dict())
        if asked(lambda: policy, step + 1):
            return


def network(size: int, actions: int, settings: Published) -> nn.Sequential:
    """Two hidden layers of ReLU: observation (B, D) -> (B, A)."""
    first, second = settings.hidden
    layers = (nn.Linear(size, first), nn.ReLU(), nn.Linear(first, second), nn.ReLU(), nn.Linear(second, actions))
    return nn.Sequential(*layers)


def epsilon_at(step: int, settings: Published) -> float:
    """Straight from start_e to end_e over the first share of all steps."""
    duration = settings.exploration_fraction * settings.total_timesteps
    return max(settings.start_e + (settings.end_e - settings.start_e) * step / duration, settings.end_e)


def update(online: nn.Module, target: nn.Module, optimizer: torch.optim.Optimizer, batch: Batch) -> None:
    """One step of Adam on the squared error of the batch, without double learning and without clipping."""
    observation, action, reward, next_observation, discount = (torch.from_numpy(array) for array in batch)
    with torch.no_grad():
        wanted = reward + discount * target(next_observation).max(dim=1).values
    value = online(observation).gather(1, action.unsqueeze(1)).squeeze(1)
    loss = functional.mse_loss(wanted, value)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def _transition(
    observation: np.ndarray, action: int, reward: float, next_observation: np.ndarray, discount: float
) -> Batch:
    return Batch(
        observation[None],
        np.array([action]),
        np.array([reward], dtype=np.float32),
        next_observation[None],
        np.array([discount], dtype=np.float32),
    )
