"""Stable-Baselines3's DQN at QRace's wheel, as its users would call it and tuned. Needs stable-baselines3 installed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from gymnasium import spaces
from stable_baselines3 import DQN
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.vec_env import VecEnv

from qrace.bench.torch_policy import TorchPolicy
from qrace.env.config import EnvConfig
from qrace.env.gymnasium_env import QRaceEnv
from qrace.env.vector_env import VectorEnv
from qrace.rl.policy import Policy
from qrace.sim.track import Track

Asked = Callable[[Callable[[], Policy], int], bool]

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
    "gradient_steps": 2,
    "n_steps": 3,
    "exploration_fraction": 0.05,
    "exploration_final_eps": 0.02,
    "policy_kwargs": {"net_arch": [128, 128]},
}
"""The best that was found by hand in an hour; one gradient step per gradient_steps and per vector step."""


def train_default(track: Track, config: EnvConfig, seed: int, asked: Asked) -> None:
    """One environment and no setting touched, until asked(driver, steps), after each step, is true."""
    _learn(DQN("MlpPolicy", QRaceEnv(track, config), seed=seed, device="cpu"), DEFAULT_STEPS, asked)


def train_tuned(track: Track, config: EnvConfig, seed: int, asked: Asked) -> None:
    """Several cars at once and the settings of TUNED."""
    env = CarsAsVecEnv(track, config, TUNED_CARS, seed)
    _learn(DQN("MlpPolicy", env, seed=seed, device="cpu", **TUNED), TUNED_STEPS, asked)


class _Ask(BaseCallback):
    def __init__(self, asked: Asked) -> None:
        super().__init__()
        self._asked = asked

    def _on_step(self) -> bool:
        return not self._asked(lambda: TorchPolicy(self.model.q_net), self.num_timesteps)


def _learn(model: DQN, steps: int, asked: Asked) -> None:
    model.learn(steps, callback=_Ask(asked), log_interval=None)


class CarsAsVecEnv(VecEnv):
    """QRace's own N cars as SB3 wants several environments: one simulator call for all of them."""

    def __init__(self, track: Track, config: EnvConfig, cars: int, seed: int) -> None:
        self._cars = VectorEnv([track], replace(config), cars, np.random.default_rng(seed))
        space = spaces.Box(-1.0, 1.0, (self._cars.observer.size,), np.float32)
        self._actions = np.zeros(cars, dtype=np.int64)
        self.render_mode = None
        super().__init__(cars, space, spaces.Discrete(len(self._cars.actions.names)))

    def reset(self) -> np.ndarray:
        self._cars.reset()
        return self._cars.observation.copy()

    def step_async(self, actions: np.ndarray) -> None:
        self._actions = actions

    def step_wait(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[dict[str, Any]]]:
        cars = self._cars
        cars.step(self._actions)
        infos: list[dict[str, Any]] = [{} for _ in range(self.num_envs)]
        for car in np.flatnonzero(cars.ended):
            infos[car]["terminal_observation"] = cars.next_observation[car].copy()
            infos[car]["TimeLimit.truncated"] = bool(cars.truncated[car])
        return cars.observation.copy(), cars.reward.copy(), cars.ended.copy(), infos

    def close(self) -> None:
        pass

    def get_attr(self, attr_name: str, indices: int | Iterable[int] | None = None) -> list[Any]:
        return [getattr(self, attr_name, None)] * self._count(indices)

    def set_attr(self, attr_name: str, value: object, indices: int | Iterable[int] | None = None) -> None:
        raise NotImplementedError

    def env_method(
        self, method_name: str, *args: object, indices: int | Iterable[int] | None = None, **kwargs: object
    ) -> list[Any]:
        raise NotImplementedError

    def env_is_wrapped(self, wrapper_class: type, indices: int | Iterable[int] | None = None) -> list[bool]:
        return [False] * self._count(indices)

    def _count(self, indices: int | Iterable[int] | None) -> int:
        whole: Sequence[int] = range(self.num_envs)
        return 1 if isinstance(indices, int) else len(list(whole if indices is None else indices))
