"""The Gymnasium environment: the library's own checker, and agreement with the vector environment."""

from pathlib import Path

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from qrace.env.config import EnvConfig
from qrace.env.gymnasium_env import ENV_ID, QRaceEnv
from qrace.env.vector_env import VectorEnv
from qrace.errors import QRaceError
from qrace.rl.checkpoint import load_checkpoint, load_policy
from qrace.rl.presets import preset
from qrace.sim.car import TICK_S
from qrace.sim.sensors import SensorConfig
from qrace.sim.track_files import load_track, save_track

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
    actions, crashed, paid = np.random.default_rng(0), False, 0.0
    assert observation == pytest.approx(twin.observation[0])
    while not crashed:
        action = actions.integers(9)
        observation, reward, crashed, truncated, info = env.step(action)
        twin.step(np.array([action]))
        assert np.array_equal(observation, twin.next_observation[0])
        assert (reward, crashed, truncated) == (twin.reward[0], twin.terminated[0], twin.truncated[0])
        paid = paid + reward
        if not crashed:  # a lap's share of the road is 0.01 a metre; info is of the car before it is put back
            assert info["progress_m"] == pytest.approx(100.0 * paid, rel=1e-4, abs=1e-3)
            assert info["speed"] == twin.simulator.speed[0]
    assert info["progress_m"] == pytest.approx(100.0 * (paid + 1.0), rel=1e-4, abs=1e-3) and info["speed"] > 0.0
    assert info["laps"] == 0 and "last_lap_s" not in info


def test_a_lap_is_told_with_its_time() -> None:
    """A brain that knows the oval drives it from where reset() puts it; the lap is as long as its steps were."""
    checkpoint = load_checkpoint(Path("models/minute.safetensors"))
    policy, env = load_policy(checkpoint), QRaceEnv("oval", checkpoint.config.env)
    observation, info = env.reset(seed=0)
    lap_ends, steps = [], 0
    while len(lap_ends) < 2:
        laps = info["laps"]
        observation, _, crashed, _, info = env.step(policy.select_actions(observation[None])[0])
        steps += 1
        assert not crashed
        if info["laps"] > laps:
            lap_ends.append(steps)
    lap_s = (lap_ends[1] - lap_ends[0]) * checkpoint.config.env.ticks_per_action * TICK_S
    assert info["laps"] == 2 and info["last_lap_s"] == pytest.approx(lap_s, abs=TICK_S)


def test_a_track_may_be_a_path(tmp_path: Path) -> None:
    save_track(load_track("oval"), tmp_path / "mine.json")
    observation, _ = QRaceEnv(tmp_path / "mine.json").reset(seed=1)
    assert np.array_equal(observation, QRaceEnv("oval").reset(seed=1)[0])


def test_no_rounding_takes_an_observation_out_of_its_box() -> None:
    """With this range a ray that meets nothing reads a float32 step more than 1 to the vector environment."""
    config = EnvConfig(sensors=SensorConfig(angles_deg=(0.0,), range_m=35.9), max_episode_s=1.0)
    env = QRaceEnv("airfield", config)
    seen = []
    for seed in range(20):
        seen.append(env.reset(seed=seed)[0])
        ended = False
        while not ended:
            observation, _, crashed, timed_out, _ = env.step(np.int64(2))
            seen.append(observation)
            ended = crashed or timed_out
    assert all(env.observation_space.contains(observation) for observation in seen)
    assert np.max(seen) == 1.0
