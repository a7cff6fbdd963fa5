"""The Gymnasium environment: the library's own checker, and agreement with the vector environment."""

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from qrace.env.config import EnvConfig
from qrace.env.gymnasium_env import ENV_ID, QRaceEnv
from qrace.env.vector_env import VectorEnv
from qrace.errors import QRaceError
from qrace.rl.presets import preset
from qrace.sim.track_files import load_track

GRAND_PRIX = EnvConfig(car="grand-prix", features=("rays", "speed", "steer"), ticks_per_action=2)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("config", [EnvConfig(), GRAND_PRIX, preset("general").env])
def test_passes_the_checker_of_gymnasium(config: EnvConfig) -> None:
    check_env(gymnasium.make(ENV_ID, track="oval", config=config).unwrapped)  # made so, it checks the rendering too


def test_is_registered() -> None:
    env = gymnasium.make(ENV_ID, track="oval")
    observation, _ = env.reset(seed=1)
    assert env.observation_space.contains(observation)


def test_a_render_mode_is_refused_in_words() -> None:
    gymnasium.make(ENV_ID, track="oval", render_mode=None)
    with pytest.warns(UserWarning), pytest.raises(QRaceError, match="no render mode 'human': leave it out"):
        gymnasium.make(ENV_ID, track="oval", render_mode="human")


def test_steps_are_those_of_the_vector_environment() -> None:
    env = QRaceEnv("oval", GRAND_PRIX)
    observation, _ = env.reset(seed=4)
    twin = VectorEnv([load_track("oval")], GRAND_PRIX, 1, np.random.default_rng(4))
    twin.simulator.sense()
    actions, crashed = np.random.default_rng(0), False
    assert observation == pytest.approx(twin.observation[0])
    while not crashed:
        action = actions.integers(9)
        observation, reward, crashed, truncated, info = env.step(action)
        twin.step(np.array([action]))
        assert np.array_equal(observation, twin.next_observation[0])
        assert (reward, crashed, truncated) == (twin.reward[0], twin.terminated[0], twin.truncated[0])
        assert info["speed"] >= 0.0
