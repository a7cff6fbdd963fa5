"""Greedy choice and exploration."""

import numpy as np
from scipy.special import softmax as scipy_softmax

from qrace.rl.policy import NetworkPolicy, draw_actions, epsilon_greedy, softmax
from qrace.rl.weights import NetworkShape


def test_greedy_takes_the_highest_q_value():
    shape = NetworkShape(3, 4, (8,), dueling=False, layer_norm=False)
    rng = np.random.default_rng(0)
    policy = NetworkPolicy(shape, shape.initial_weights(rng))
    observation = rng.normal(size=(50, 3)).astype(np.float32)
    q = policy.q_values(observation)
    chosen = policy.select_actions(observation)
    assert len(set(chosen)) > 1
    assert all(q[car, chosen[car]] == max(q[car]) for car in range(50))


def test_all_cars_at_once_equal_each_alone():
    shape = NetworkShape(3, 4, (8, 8), dueling=True, layer_norm=True)
    rng = np.random.default_rng(0)
    policy = NetworkPolicy(shape, shape.initial_weights(rng))
    observation = rng.normal(size=(20, 3)).astype(np.float32)
    alone = np.concatenate([policy.q_values(row[None]) for row in observation])
    np.testing.assert_allclose(policy.q_values(observation), alone, rtol=1e-4, atol=1e-6)


def test_epsilon_is_the_share_of_random_actions():
    rng = np.random.default_rng(0)
    greedy = np.full(100_000, 2)
    assert (epsilon_greedy(greedy, 4, 0.0, rng) == 2).all()
    counts = np.bincount(epsilon_greedy(greedy, 4, 0.4, rng), minlength=4) / 100_000
    np.testing.assert_allclose(counts, [0.1, 0.1, 0.7, 0.1], atol=0.005)  # a random action may be the greedy one


def test_softmax_is_scipys_and_draws_follow_it():
    rng = np.random.default_rng(0)
    q = rng.normal(size=(3, 4)).astype(np.float32)
    chances = softmax(q, 0.3)
    np.testing.assert_allclose(chances, scipy_softmax(q / 0.3, axis=1), rtol=1e-5)
    for chance in chances:
        drawn = draw_actions(np.tile(chance, (100_000, 1)), rng)
        np.testing.assert_allclose(np.bincount(drawn, minlength=4) / 100_000, chance, atol=0.005)


def test_softmax_of_a_small_temperature_is_greedy():
    q = np.array([[1.0, 1.001, 0.5], [900.0, -900.0, 0.0]], dtype=np.float32)
    np.testing.assert_allclose(softmax(q, 1e-5), [[0, 1, 0], [1, 0, 0]], atol=1e-6)
