"""n-step returns against a brute-force reference, and the cuts at crashes and time limits by hand."""

import numpy as np
import pytest

from qrace.rl.n_step import NStepAssembler


def brute_force(episodes, n, gamma):
    """Every transition of finished episodes [(states s_0..s_T, actions, rewards, terminated)], written out."""
    transitions = []
    for states, actions, rewards, terminated in episodes:
        length = len(rewards)
        for t in range(length):
            k = min(n, length - t)
            total = sum(gamma**i * rewards[t + i] for i in range(k))
            crashed = terminated and t + k == length
            transitions.append((states[t], actions[t], total, states[t + k], 0.0 if crashed else gamma**k))
    return transitions


def run_cars(n, gamma, cars, steps, rng):
    """Random episodes of N cars through the assembler; the transitions it gave and the episodes as lists.

    A state is a number of its own, so that a mix-up of states, cars or episodes cannot go unseen.
    """
    assembler = NStepAssembler(n, gamma, cars, observation_size=1)
    fresh = iter(range(1, 10**9))
    state = np.array([[next(fresh)] for _ in range(cars)], dtype=np.float32)
    running = [([state[car, 0]], [], []) for car in range(cars)]
    emitted, episodes = [], []
    for step in range(steps):
        action, reward = rng.integers(4, size=cars), rng.normal(size=cars).astype(np.float32)
        successor = np.array([[next(fresh)] for _ in range(cars)], dtype=np.float32)
        terminated, truncated = rng.random(cars) < 0.15, rng.random(cars) < 0.15
        if step == steps - 1:
            truncated[:] = True
        batch = assembler.step(state, action, reward, successor, terminated, truncated)
        emitted += list(zip(*batch, strict=True))
        for car in range(cars):
            states, actions, rewards = running[car]
            states.append(successor[car, 0])
            actions.append(action[car])
            rewards.append(float(reward[car]))
            if terminated[car] or truncated[car]:
                episodes.append((states, actions, rewards, bool(terminated[car])))
                successor[car] = next(fresh)  # the car is put back: what it sees now belongs to the next episode
                running[car] = ([successor[car, 0]], [], [])
        state = successor
    return emitted, episodes


@pytest.mark.parametrize("n", [1, 2, 3, 7])
def test_equals_brute_force_on_random_episodes(n):
    emitted, episodes = run_cars(n, 0.9, cars=5, steps=200, rng=np.random.default_rng(n))
    found = sorted((float(s[0]), int(a), float(r), float(s2[0]), float(d)) for s, a, r, s2, d in emitted)
    expected = sorted((float(s), int(a), r, float(s2), d) for s, a, r, s2, d in brute_force(episodes, n, 0.9))
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


def one_car(n, rewards, terminated, truncated):
    """A single car through states 0, 1, 2, …; the transitions as (state, return, next state, discount)."""
    assembler = NStepAssembler(n, 0.5, cars=1, observation_size=1)
    out = []
    for t, reward in enumerate(rewards):
        last = t == len(rewards) - 1
        batch = assembler.step(
            np.full((1, 1), t, dtype=np.float32),
            np.zeros(1, dtype=np.int64),
            np.array([reward], dtype=np.float32),
            np.full((1, 1), t + 1, dtype=np.float32),
            np.array([last and terminated]),
            np.array([last and truncated]),
        )
        out += [(float(s[0]), float(r), float(s2[0]), float(d)) for s, _, r, s2, d in zip(*batch, strict=True)]
    return sorted(out)


def test_crash_shortens_the_return_and_ends_the_future():
    assert one_car(3, [8, 4, 2], terminated=True, truncated=False) == [
        (0.0, 8 + 2 + 0.5, 3.0, 0.0),
        (1.0, 4 + 1, 3.0, 0.0),
        (2.0, 2, 3.0, 0.0),
    ]


def test_time_limit_shortens_the_return_and_bootstraps_from_the_true_successor():
    assert one_car(3, [8, 4, 2], terminated=False, truncated=True) == [
        (0.0, 8 + 2 + 0.5, 3.0, 0.125),
        (1.0, 4 + 1, 3.0, 0.25),
        (2.0, 2, 3.0, 0.5),
    ]


def test_a_crash_at_the_time_limit_is_a_crash():
    assert [d for *_, d in one_car(2, [1, 1], terminated=True, truncated=True)] == [0.0, 0.0]


def test_nothing_is_given_out_before_n_rewards():
    assert one_car(3, [1, 1], terminated=False, truncated=False) == []
