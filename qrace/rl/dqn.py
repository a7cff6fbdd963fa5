"""Deep Q-learning's update, in the order of the papers: the reference that the fast form is tested against.

It learns where `learner.fast` is off; where it is on, as in all presets, qrace.rl.fast_kernels does, to the same end.

Mnih et al. 2015, "Human-level control through deep reinforcement learning", Nature 518.
van Hasselt, Guez and Silver 2016, "Deep reinforcement learning with double Q-learning", AAAI.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from qrace.rl.config import LearnerConfig
from qrace.rl.network import QNetwork
from qrace.rl.replay import Batch
from qrace.rl.schedules import hard_target_due, learning_rate_at
from qrace.rl.weights import Brain, NetworkShape


def td_targets(reward: Tensor, discount: Tensor, next_q_online: Tensor, next_q_target: Tensor, double: bool) -> Tensor:
    """The value y (B,) that Q(s, a) is pulled towards, from rewards and discounts (B,) and next Q-values (B, A).

        y = r + discount * max_a Q_target(s', a)                              (Mnih et al. 2015)
        y = r + discount * Q_target(s', argmax_a Q_online(s', a))   double    (van Hasselt et al. 2016)

    `discount` is gamma^n, and 0 after a crash (but not at a time limit), see qrace.rl.n_step.
    """
    if double:
        best = next_q_online.argmax(dim=1, keepdim=True)
        next_value = next_q_target.gather(1, best).squeeze(1)
    else:
        next_value = next_q_target.max(dim=1).values
    return reward + discount * next_value


def td_loss(online: nn.Module, target: nn.Module, batch: Batch, config: LearnerConfig) -> Tensor:
    """Mean over the batch of loss(Q_online(s, a) - y), Huber with threshold 1 or squared error; y has no gradient.

    Where the config does not bootstrap, the batch's rewards are whole returns: y itself. The batch goes to where
    `online` is; `target` has to be there too.
    """
    device = next(online.parameters()).device
    observation, action, reward, next_observation, discount = (torch.from_numpy(part).to(device) for part in batch)
    targets = reward
    if config.bootstraps:
        with torch.no_grad():
            next_q_target = target(next_observation)
            next_q_online = online(next_observation) if config.double else next_q_target
            targets = td_targets(reward, discount, next_q_online, next_q_target, config.double)
    q = online(observation).gather(1, action.unsqueeze(1)).squeeze(1)
    return functional.huber_loss(q, targets) if config.loss == "huber" else functional.mse_loss(q, targets)


def td_update(
    online: nn.Module, target: nn.Module, optimizer: torch.optim.Optimizer, batch: Batch, config: LearnerConfig
) -> float:
    """One gradient update of `online` in place, the global norm of its gradient clipped; returns the loss before it."""
    loss = td_loss(online, target, batch, config)
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(online.parameters(), config.gradient_clip)
    optimizer.step()
    return float(loss.detach())


@torch.no_grad()
def update_target(online: nn.Module, target: nn.Module, config: LearnerConfig, updates: int) -> None:
    """Let the target network follow, after gradient update number `updates`, in place.

    soft: target += rate * (online - target) at every update (Lillicrap et al. 2016); hard: a copy every
    `target_period` updates (Mnih et al. 2015).
    """
    if config.target_update == "soft":
        for slow, fast in zip(target.parameters(), online.parameters(), strict=True):
            slow.lerp_(fast, config.target_rate)
    elif hard_target_due(config, updates):
        for slow, fast in zip(target.parameters(), online.parameters(), strict=True):
            slow.copy_(fast)


class TorchLearner:
    """Updates a brain with torch modules and torch's Adam, all of them views into the brain's arrays."""

    def __init__(self, brain: Brain, shape: NetworkShape, config: LearnerConfig) -> None:
        self.config = config
        self.brain = brain
        self.online = QNetwork(shape, brain.online)
        self.target = QNetwork(shape, brain.target).requires_grad_(False)
        self.optimizer = torch.optim.Adam(self.online.parameters(), lr=config.learning_rate, fused=True)
        first, second = shape.views(brain.first_moment), shape.views(brain.second_moment)
        for name, parameter in self.online.named_parameters():
            self.optimizer.state[parameter] = {
                "step": torch.tensor(float(brain.updates)),
                "exp_avg": torch.from_numpy(first[name]),
                "exp_avg_sq": torch.from_numpy(second[name]),
            }

    def learn(self, data: Batch, draws: NDArray[np.int64]) -> float:
        """A gradient update per row of draws (count, B), which holds rows of data; returns their mean loss."""
        total = 0.0
        for rows in draws:
            self.optimizer.param_groups[0]["lr"] = learning_rate_at(self.config, self.brain.updates)
            batch = Batch._make(column.take(rows, axis=0) for column in data)
            total += td_update(self.online, self.target, self.optimizer, batch, self.config)
            self.brain.updates += 1
            if self.config.bootstraps:
                update_target(self.online, self.target, self.config, self.brain.updates)
        return total / len(draws)
