"""Lambda-returns against the sum that defines them, and rollouts that fill, close and never reach over an episode."""

import numpy as np
import pytest

from qrace.rl.rollout import Rollout, lambda_returns

T, N, GAMMA = 7, 5, 0.9


def arrays(seed=0):
    """Rewards, discounts with crashes, values of the successors, and where episodes are cut."""
    rng = np.random.default_rng(seed)
    discount = np.where(rng.random((T, N)) < 0.15, 0.0, GAMMA).astype(np.float32)
    reward, value = rng.normal(size=(2, T, N)).astype(np.float32)
    return reward, discount, value, rng.random((T, N)) < 0.15


def by_definition(reward, discount, value, trace):
    """G = sum over n of weight_n G^(n): the n-step returns, weighed by (1 - trace) after the n-th step."""
    expected = np.zeros((T, N))
    for t in range(T):
        for car in range(N):
            weight, total, power = 1.0, 0.0, 1.0
            for k in range(t, T):
                total += power * reward[k, car]
                power *= discount[k, car]
                stay = trace[k, car] if k < T - 1 else 0.0
                expected[t, car] += weight * (1.0 - stay) * (total + power * value[k, car])
                weight *= stay
    return expected


@pytest.mark.parametrize("trace", [0.0, 0.5, 0.9, 1.0])
def test_lambda_returns_are_the_weighed_mean_of_n_step_returns(trace):
    reward, discount, value, cut = arrays()
    traces = np.where(cut, 0.0, trace).astype(np.float32)
    found = lambda_returns(reward, discount, value, traces)
    np.testing.assert_allclose(found, by_definition(reward, discount, value, traces), rtol=1e-5, atol=1e-5)


def test_a_rollout_gives_what_was_added_with_its_returns():
    rng = np.random.default_rng(3)
    rollout = Rollout(T, N, 2, GAMMA, 0.8)
    observation = rng.normal(size=(T + 1, N, 2)).astype(np.float32)
    value, end_value = rng.normal(size=(2, T + 1, N)).astype(np.float32)
    action = rng.integers(3, size=(T, N))
    reward, _, _, cut = arrays(1)
    terminated = (rng.random((T, N)) < 0.15) & ~cut
    for t in range(T):
        assert not rollout.full
        rollout.add(observation[t], value[t], action[t], reward[t], terminated[t], cut[t])
        rollout.cut(cut[t], end_value[t, cut[t]])
    assert rollout.full
    batch = rollout.close(value[T])
    successor = np.where(cut, end_value[:T], value[1:])
    trace = np.where(cut, 0.0, 0.8)
    expected = by_definition(reward, np.where(terminated, 0.0, GAMMA), successor, trace)
    np.testing.assert_allclose(batch.reward.reshape(T, N), expected, rtol=1e-5, atol=1e-5)
    assert np.array_equal(batch.observation.reshape(T, N, 2), observation[:T])
    assert np.array_equal(batch.action.reshape(T, N), action)
    assert not batch.discount.any() and not rollout.full


def test_a_closed_rollout_stays_while_the_next_one_fills():
    rollout = Rollout(1, 2, 1, GAMMA, 0.5)
    no, one = np.zeros(2, dtype=bool), np.ones(2, dtype=np.float32)
    rollout.add(one[:, None], one, np.array([0, 1]), one, no, no)
    batch = rollout.close(one)
    kept = [column.copy() for column in batch]
    rollout.add(7 * one[:, None], 7 * one, np.array([1, 1]), 7 * one, no, no)
    assert all(np.array_equal(column, before) for column, before in zip(batch, kept, strict=True))
