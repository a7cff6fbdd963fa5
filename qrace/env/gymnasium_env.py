"""The world as a Gymnasium environment, for anyone's own agent.

    gymnasium.make("qrace.env.gymnasium_env:QRace-v0", track="oval")

Importing this module registers it; what stands before the colon has Gymnasium import it. One car of the vector
environment's world; the observation table stands in qrace.env.observation, the actions in qrace.env.actions, the reward
in qrace.env.reward.
"""

from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from qrace.env.config import EnvConfig
from qrace.env.vector_env import VectorEnv
from qrace.errors import QRaceError
from qrace.sim.track import Track
from qrace.sim.track_files import load_track

ENV_ID = "QRace-v0"


class QRaceEnv(gymnasium.Env[NDArray[np.float32], np.int64]):
    """One car on one road.

    Observation: Box(-1, 1, (D,), float32); action: Discrete(A); `terminated` when the car leaves the road, `truncated`
    at the time limit. `info` has laps, progress_m, speed [m/s] and, after a first lap, last_lap_s.

    Args:
        track: a track, or a name or file as the command line takes it.
        config: what the car is, senses and is paid for.
        render_mode: None; it is there because gymnasium.make hands it on.

    Raises QRaceError for a render mode.
    """

    metadata = {"render_modes": []}  # noqa: RUF012  (the attribute as Gymnasium's own class has it)

    def __init__(
        self, track: str | Path | Track = "oval", config: EnvConfig | None = None, render_mode: str | None = None
    ) -> None:
        if render_mode is not None:
            raise QRaceError(f"{ENV_ID} has no render mode '{render_mode}': leave it out, or watch in QRace's window.")
        self._tracks = [track if isinstance(track, Track) else load_track(str(track))]
        self._config = config or EnvConfig()
        self._env = self._make(np.random.default_rng())
        self.action_space = spaces.Discrete(len(self._env.actions.names))
        self.observation_space = spaces.Box(-1.0, 1.0, (self._env.observer.size,), np.float32)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[NDArray[np.float32], dict[str, Any]]:
        """Put the car on the road at a random place, the same for the same seed."""
        super().reset(seed=seed)
        if seed is not None:
            self._env = self._make(self.np_random)
        else:
            self._env.reset()
        return _boxed(self._env.observation), self._info()

    def step(self, action: np.int64) -> tuple[NDArray[np.float32], float, bool, bool, dict[str, Any]]:
        """Hold the action for the config's ticks; the observation is the true successor, at the episode's end too."""
        env = self._env
        env.begin_step(np.array([action], dtype=np.int64))
        for tick in range(self._config.ticks_per_action):
            env.tick(tick)
        info = self._info()
        env.end_step()
        crashed, timed_out = bool(env.terminated[0]), bool(env.truncated[0])
        return _boxed(env.next_observation), float(env.reward[0]), crashed, timed_out, info

    def _make(self, rng: np.random.Generator) -> VectorEnv:
        return VectorEnv(self._tracks, self._config, 1, rng)

    def _info(self) -> dict[str, Any]:
        simulator = self._env.simulator
        info: dict[str, Any] = {
            "laps": int(simulator.laps[0]),
            "progress_m": float(simulator.furthest_m[0]),
            "speed": float(simulator.speed[0]),
        }
        if info["laps"]:
            info["last_lap_s"] = float(simulator.last_lap_s[0])
        return info


def _boxed(observations: NDArray[np.float32]) -> NDArray[np.float32]:
    """The one car's observation (D,) of (1, D), within the box that rounding may have taken it out of by a step."""
    return observations[0].clip(-1.0, 1.0)


gymnasium.register(ENV_ID, entry_point=f"{__name__}:QRaceEnv")
