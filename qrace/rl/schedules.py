"""What changes while learning goes on, each a pure function of the number of gradient updates.

Nothing is kept between calls, so a loaded brain goes on with the epsilon that it was saved with.
"""

from qrace.rl.config import EpsilonConfig, LearnerConfig


def epsilon_at(config: EpsilonConfig, updates: int) -> float:
    """Share of random actions after `updates` gradient updates: max(end, start * decay ** updates)."""
    return max(config.end, config.start * config.decay**updates)


def hard_target_due(config: LearnerConfig, updates: int) -> bool:
    """Whether the online weights are copied into the target network right after gradient update number `updates`."""
    return config.target_update == "hard" and updates % config.target_period == 0


def learning_rate_at(config: LearnerConfig, updates: int) -> float:
    """Adam's step size after `updates` gradient updates: it halves every half-life, down to learning_rate_end."""
    if not config.learning_rate_half_life:
        return config.learning_rate
    return max(config.learning_rate_end, config.learning_rate * 0.5 ** (updates / config.learning_rate_half_life))


def temperature_at(config: LearnerConfig, updates: int) -> float:
    """The softmax's temperature after `updates` gradient updates: it falls by the factor by which the step size does.

    So a choice stays open as long as the values that decide it are still rough.
    """
    if not config.temperature:
        return 0.0
    return config.temperature * learning_rate_at(config, updates) / config.learning_rate
