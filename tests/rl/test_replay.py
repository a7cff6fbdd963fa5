"""Replay memory against a plain Python list, and its sampling against the binomial spread."""

import numpy as np

from qrace.rl.replay import Batch, ReplayMemory


def transitions(first, count):
    """Numbered transitions: every array of row i carries the number first + i in its own way."""
    number = np.arange(first, first + count)
    state = np.stack([number, -number], axis=1).astype(np.float32)
    return Batch(state, number, number.astype(np.float32) / 2, state + 1000, number.astype(np.float32) / 4)


def test_ring_keeps_the_latest_and_never_mixes_rows():
    rng = np.random.default_rng(0)
    memory, added = ReplayMemory(50, 2), 0
    for _ in range(100):
        count = int(rng.integers(0, 20))
        memory.add(transitions(added, count))
        added += count
        assert memory.size == min(added, 50)
        assert set(memory.data.action[: memory.size]) == set(range(max(0, added - 50), added))
    batch = memory.sample(500, rng)
    assert set(batch.action) <= set(range(added - 50, added))
    for found, expected in zip(batch, transitions(0, added), strict=True):
        np.testing.assert_array_equal(found, expected[batch.action])


def test_sample_is_uniform():
    memory = ReplayMemory(10, 2)
    memory.add(transitions(0, 10))
    counts = np.bincount(memory.sample(10_000, np.random.default_rng(1)).action, minlength=10)
    assert np.abs(counts - 1000).max() < 5 * np.sqrt(10_000 * 0.1 * 0.9)


def test_samples_are_copies():
    memory = ReplayMemory(4, 2)
    memory.add(transitions(0, 4))
    batch = memory.sample(4, np.random.default_rng(0))
    memory.add(transitions(100, 4))
    assert batch.action.max() < 4


def test_of_a_step_larger_than_the_memory_the_last_transitions_stay():
    memory = ReplayMemory(3, 2)
    memory.add(transitions(0, 2))
    memory.add(transitions(2, 7))
    assert memory.size == 3 and sorted(memory.data.action) == [6, 7, 8]
    memory.add(transitions(9, 1))
    assert sorted(memory.data.action) == [7, 8, 9]
