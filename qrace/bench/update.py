"""`bench update`: gradient updates per second, written by hand and in eager torch, side by side."""

import statistics
from collections.abc import Iterator
from dataclasses import replace
from time import perf_counter

import numpy as np
import torch

from qrace.bench.judging import Row
from qrace.env.vector_env import VectorEnv
from qrace.rl.config import LearnerConfig
from qrace.rl.dqn import TorchLearner, td_loss
from qrace.rl.fast_learner import FastLearner
from qrace.rl.network import QNetwork
from qrace.rl.presets import preset
from qrace.rl.replay import Batch, ReplayMemory
from qrace.rl.weights import Brain, NetworkShape
from qrace.sim.track_files import load_track

BATCHES = (64, 256)
NETWORKS = {"plain": LearnerConfig(), "dueling layer_norm": LearnerConfig(dueling=True, layer_norm=True)}
"""Both with double learning."""
MEMORY = 20_000
BLOCKS = 15
"""Alternating blocks of each learner; the median counts."""
BLOCK_S = 0.2


def bench_update() -> Iterator[Row]:
    """A row per kind of network and batch size.

    torch is the eager reference with its fused Adam, on one thread and on as many as torch takes by itself; the faster
    of the two is compared with. `gradient_error` is the largest difference from torch autograd on one batch.
    """
    threads = torch.get_num_threads()
    for name, network in NETWORKS.items():
        for batch_size in BATCHES:
            config = replace(network, batch_size=batch_size)
            by_hand, one, many = updates_per_second(config, threads)
            yield {
                "bench": "update",
                "network": name,
                "batch": batch_size,
                "by_hand_per_s": round(by_hand),
                "torch_per_s": round(max(one, many)),
                "torch_threads": 1 if one >= many else threads,
                "times_faster": round(by_hand / max(one, many), 2),
                "gradient_error": gradient_error(config),
            }
    torch.set_num_threads(threads)


def sizes() -> tuple[int, int]:
    """Width of the observation and number of actions of the grand-prix car."""
    env = VectorEnv([load_track("oval")], preset("grand-prix").env, 1, np.random.default_rng(0))
    return env.observer.size, len(env.actions.names)


def updates_per_second(config: LearnerConfig, threads: int) -> tuple[float, float, float]:
    """Medians over alternating blocks: by hand, in torch on one thread, in torch on `threads`."""
    shape = NetworkShape.of(config, *sizes())
    memory = _filled_memory(shape)
    contests: list[tuple[FastLearner | TorchLearner, int]] = [
        (FastLearner(_brain(shape), shape, config), 1),
        (TorchLearner(_brain(shape), shape, config), 1),
        (TorchLearner(_brain(shape), shape, config), threads),
    ]
    speeds: list[list[float]] = [[] for _ in contests]
    for block in range(BLOCKS + 1):
        for (learner, with_threads), found in zip(contests, speeds, strict=True):
            torch.set_num_threads(with_threads)
            speed = _block(learner, memory, config.batch_size)
            if block:  # the first one warms up
                found.append(speed)
    by_hand, one, many = map(statistics.median, speeds)
    return by_hand, one, many


def gradient_error(config: LearnerConfig) -> float:
    """Largest difference of a gradient's component between the hand-written backward pass and torch autograd."""
    shape = NetworkShape.of(config, *sizes())
    memory, brain = _filled_memory(shape), _brain(shape)
    online, target = QNetwork(shape, brain.online.copy()), QNetwork(shape, brain.target.copy())
    loss = td_loss(online, target, memory.sample(config.batch_size, np.random.default_rng(1)), config)
    parameters = dict(online.named_parameters())
    wanted = dict(zip(parameters, torch.autograd.grad(loss, list(parameters.values())), strict=True))
    learner = FastLearner(brain, shape, config)
    learner.learn(*memory.draws(1, config.batch_size, np.random.default_rng(1)))
    found = shape.views(learner.workspace.gradient)
    return max(float(np.abs(found[name] - wanted[name].numpy()).max()) for name in wanted)


def _block(learner: FastLearner | TorchLearner, memory: ReplayMemory, batch_size: int) -> float:
    rng, updates, began, seconds = np.random.default_rng(2), 0, perf_counter(), 0.0
    while seconds < BLOCK_S:
        learner.learn(*memory.draws(4, batch_size, rng))
        updates += 4
        seconds = perf_counter() - began
    return updates / seconds


def _brain(shape: NetworkShape) -> Brain:
    brain = Brain.newborn(shape, np.random.default_rng(3))
    brain.target[:] = shape.initial_weights(np.random.default_rng(4))
    return brain


def _filled_memory(shape: NetworkShape) -> ReplayMemory:
    rng, memory = np.random.default_rng(0), ReplayMemory(MEMORY, shape.observation_size)
    observation, next_observation = rng.random((2, MEMORY, shape.observation_size), dtype=np.float32)
    reward = rng.normal(size=MEMORY).astype(np.float32)
    discount = np.where(rng.random(MEMORY) < 0.05, np.float32(0.0), np.float32(0.97))
    memory.add(Batch(observation, rng.integers(shape.actions, size=MEMORY), reward, next_observation, discount))
    return memory
