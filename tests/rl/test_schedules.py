"""Epsilon and the target period count gradient updates, by worked numbers."""

import pytest

from qrace.errors import QRaceError
from qrace.rl.config import EpsilonConfig, LearnerConfig
from qrace.rl.schedules import epsilon_at, hard_target_due, learning_rate_at, temperature_at


def test_epsilon_by_hand():
    config = EpsilonConfig(start=1.0, end=0.1, decay=0.5)
    assert [epsilon_at(config, updates) for updates in range(6)] == [1.0, 0.5, 0.25, 0.125, 0.1, 0.1]


def test_the_lessons_epsilon_reaches_its_floor_after_23025_updates():
    # 0.9999^u = 0.1 at u = ln 0.1 / ln 0.9999 = 23024.7
    config = EpsilonConfig(start=1.0, end=0.1, decay=0.9999)
    assert epsilon_at(config, 23_024) > 0.1
    assert epsilon_at(config, 23_025) == 0.1
    assert epsilon_at(config, 6931) == pytest.approx(0.5, abs=1e-4)  # half-life ln 2 / 1e-4


def test_hard_target_every_50_updates():
    config = LearnerConfig(target_update="hard", target_period=50)
    assert [updates for updates in range(1, 201) if hard_target_due(config, updates)] == [50, 100, 150, 200]
    assert not hard_target_due(LearnerConfig(target_update="soft", target_period=50), 50)


def test_learning_rate_halves_and_stops_at_its_end():
    config = LearnerConfig(learning_rate=8e-4, learning_rate_half_life=100, learning_rate_end=1e-4)
    rates = [learning_rate_at(config, updates) for updates in (0, 100, 200, 300, 400)]
    assert rates == pytest.approx([8e-4, 4e-4, 2e-4, 1e-4, 1e-4])
    assert learning_rate_at(LearnerConfig(learning_rate=8e-4), 10**6) == 8e-4


def test_a_rate_that_falls_cannot_begin_below_its_end():
    assert LearnerConfig(learning_rate=5e-5, learning_rate_end=1e-4).learning_rate == 5e-5  # this one does not fall
    with pytest.raises(QRaceError, match=r"learning_rate_end 0.0001 is out of range"):
        LearnerConfig(learning_rate=5e-5, learning_rate_half_life=100, learning_rate_end=1e-4)


def test_temperature_falls_as_the_learning_rate_does():
    config = LearnerConfig(learning_rate=8e-4, learning_rate_half_life=100, learning_rate_end=1e-4, temperature=0.04)
    assert [temperature_at(config, updates) for updates in (0, 100, 400)] == pytest.approx([0.04, 0.02, 0.005])
    assert temperature_at(LearnerConfig(temperature=0.0), 5) == 0.0
