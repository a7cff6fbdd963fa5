"""Stable-Baselines3's DQN at QRace's wheel, as its users would call it and tuned. Needs stable-baselines3 installed."""

from typing import Any

from stable_baselines3 import DQN
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.env_util import make_vec_env

from qrace.bench.peers import Asked
from qrace.bench.torch_policy import TorchPolicy
from qrace.env.gymnasium_env import QRaceEnv
from qrace.rl.config import Config
from qrace.sim.track import Track

DEFAULT_STEPS = 500_000
"""Steps of the run with SB3's own settings, which decide how fast its exploration ends."""
TUNED_CARS = 16
TUNED_STEPS = 400_000
TUNED: dict[str, Any] = {
    "learning_rate": 1e-3,
    "buffer_size": 100_000,
    "learning_starts": 1_000,
    "batch_size": 128,
    "tau": 0.01,
    "target_update_interval": TUNED_CARS,
    "gamma": 0.985,
    "train_freq": 1,
    "gradient_steps": 4,
    "n_steps": 3,
    "exploration_fraction": 0.05,
    "exploration_final_eps": 0.02,
    "policy_kwargs": {"net_arch": [128, 128]},
}
"""The best that was found by hand; gradient_steps updates follow each step of all the environments."""


def train_default(config: Config, track: Track, asked: Asked) -> None:
    """One environment and no setting touched, until asked(driver, steps), after each step, is true."""
    _learn(DQN("MlpPolicy", QRaceEnv(track, config.env), seed=config.seed, device="cpu"), DEFAULT_STEPS, asked)


def train_tuned(config: Config, track: Track, asked: Asked) -> None:
    """Several environments at once and the settings of TUNED."""
    env = make_vec_env(QRaceEnv, TUNED_CARS, config.seed, env_kwargs={"track": track, "config": config.env})
    _learn(DQN("MlpPolicy", env, seed=config.seed, device="cpu", **TUNED), TUNED_STEPS, asked)


class _Ask(BaseCallback):
    def __init__(self, asked: Asked) -> None:
        super().__init__()
        self._asked = asked

    def _on_step(self) -> bool:
        return not self._asked(lambda: TorchPolicy(self.model.q_net), self.num_timesteps)


def _learn(model: DQN, steps: int, asked: Asked) -> None:
    model.learn(steps, callback=_Ask(asked), log_interval=None)
