"""The decision problem: what is stored, when an episode ends, and that nothing leaks over its end."""

from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import kstest

from qrace.env.config import EnvConfig
from qrace.env.observation import FEATURES, Observer
from qrace.env.vector_env import VectorEnv
from qrace.errors import QRaceError
from qrace.sim.car import TICK_S
from qrace.sim.sensors import SensorConfig
from qrace.sim.simulator import Simulator
from qrace.sim.track import Track
from qrace.sim.track_files import load_track

LESSON = EnvConfig()
GRAND_PRIX = EnvConfig(car="grand-prix", features=("rays", "speed", "steer"), ticks_per_action=2)


def make_env(config: EnvConfig = LESSON, cars: int = 8, seed: int = 0, tracks: list[Track] | None = None) -> VectorEnv:
    return VectorEnv(tracks or [load_track("oval")], config, cars, np.random.default_rng(seed))


def steps(env: VectorEnv, count: int, seed: int = 1) -> None:
    rng = np.random.default_rng(seed)
    for _ in range(count):
        env.step(rng.integers(len(env.actions.names), size=env.cars))


@pytest.mark.parametrize("config", [LESSON, GRAND_PRIX])
def test_two_environments_in_lockstep_are_identical(config: EnvConfig) -> None:
    one, other = make_env(config), make_env(config)
    rng = np.random.default_rng(5)
    for _ in range(150):
        actions = rng.integers(len(one.actions.names), size=one.cars)
        one.step(actions)
        other.step(actions)
        assert np.array_equal(one.observation, other.observation)
        assert np.array_equal(one.reward, other.reward)


def test_next_observation_is_the_true_successor_not_the_one_after_the_reset() -> None:
    """A second simulator replays each action from the same state and observes where it leads."""
    env = make_env(cars=16)
    twin = Simulator(env.simulator.tracks, 16, "lesson", LESSON.sensors)
    observer, expected = Observer(twin, LESSON.features), np.zeros_like(env.next_observation)
    rng, ended = np.random.default_rng(2), 0
    for _ in range(120):
        for name in ("x", "y", "heading", "speed", "steer", "crashed", "_triangle", "_crossings"):
            getattr(twin, name)[:] = getattr(env.simulator, name)
        actions = rng.integers(4, size=16)
        env.step(actions)
        twin.step(env.actions.controls[actions])
        twin.sense()
        observer.write(expected)
        assert np.array_equal(env.next_observation, expected)
        same = (env.observation == env.next_observation).all(axis=1)
        assert same[~env.ended].all() and not same[env.ended].any()
        ended += int(env.ended.sum())
    assert ended > 10


def test_crash_terminates_and_the_time_limit_truncates() -> None:
    env = make_env(replace(LESSON, max_episode_s=0.5, max_episode_laps=0.0), cars=64)
    truncated = terminated = 0
    for tick in range(1, 41):
        furthest, twin = env.simulator.furthest_m.copy(), deepcopy(env.simulator)
        env.step(np.full(64, tick % 2))  # left, right, left, right: straight on
        assert not (env.terminated & env.truncated).any()
        if tick < 10:
            assert not env.truncated.any()
        truncated, terminated = truncated + int(env.truncated.sum()), terminated + int(env.terminated.sum())
        assert (env.simulator.clock_s < 0.5).all() and not env.simulator.crashed.any()
        twin.step(env.controls)  # where the cars that were put back had come to
        gained = 0.01 * (twin.furthest_m - furthest)
        assert env.reward[env.terminated] == pytest.approx(gained[env.terminated] - 1.0, abs=1e-6)
    assert truncated > 64 and terminated > 0


def test_reward_is_new_progress_and_the_crash() -> None:
    env = make_env(cars=32)
    total, crashes, ended = np.zeros(32), np.zeros(32), []
    for tick in range(100):
        furthest = env.simulator.furthest_m.copy()
        env.step(np.full(32, tick % 4))
        alive = ~env.ended
        gained = env.simulator.furthest_m - furthest
        assert env.reward[alive] == pytest.approx(0.01 * gained[alive], abs=1e-6)
        total, crashes = total + env.reward, crashes + env.terminated
        ended.extend(total[env.ended])
        total[env.ended] = 0.0
        assert env.ended_returns == pytest.approx(ended[len(ended) - len(env.ended_returns) :], abs=1e-4)
    assert crashes.sum() > 0


def test_observation_table_is_about_unit_scale_and_labels_every_column() -> None:
    env = make_env(GRAND_PRIX)
    steps(env, 100)
    assert len(env.observer.labels) == env.observation.shape[1]
    assert np.abs(env.observation).max() <= 1.0 + 1e-6
    assert env.observation[:, :5].min() >= 0.0
    rays = env.simulator.sense() / env.config.sensors.range_m
    assert np.allclose(env.observation[:, : rays.shape[1]], rays)


def test_unknown_feature_names_the_choices() -> None:
    with pytest.raises(QRaceError, match=", ".join(FEATURES)):
        make_env(replace(LESSON, features=("radar",)))


def test_cars_start_spread_over_the_track_and_on_the_road() -> None:
    env = make_env(cars=400)
    starts = np.sort(env.simulator.track_position_m)
    assert np.diff(starts).max() < 0.05 * env.simulator.tracks[0].length_m
    env.simulator.speed[:] = 0.0
    env.simulator.step(np.zeros((400, 2)))
    assert not env.simulator.crashed.any()


@pytest.mark.parametrize("share", [0.35, 1.0])
def test_cars_start_at_every_speed_up_to_a_share_of_the_top_speed(share: float) -> None:
    """Of 1000 even draws the smallest and the largest lie within a hundredth of the range's ends."""
    env = make_env(replace(GRAND_PRIX, start_speed=share), cars=1000)
    drawn = env.simulator.speed / env.simulator.model.top_speed
    assert 0.0 <= drawn.min() < 0.01 * share and 0.99 * share < drawn.max() <= share


def test_a_share_of_the_cars_starts_standing_and_the_others_at_every_speed_as_before() -> None:
    """Shares within four standard deviations of 4000 draws; evenness by the test of Kolmogorov and Smirnov."""
    env = make_env(replace(GRAND_PRIX, start_speed=1.0, standing_starts=0.2), cars=4000)
    speed = env.simulator.speed / env.simulator.model.top_speed
    assert np.mean(speed == 0.0) == pytest.approx(0.2, abs=4.0 * np.sqrt(0.2 * 0.8 / 4000.0))
    assert kstest(speed[speed > 0.0], "uniform").pvalue > 0.001
    assert not make_env(replace(GRAND_PRIX, standing_starts=1.0), cars=100).simulator.speed.any()


def test_no_car_of_the_lesson_starts_below_its_slowest_speed() -> None:
    env = make_env(replace(LESSON, start_speed=0.0))
    assert (env.simulator.speed == env.simulator.model.start_speed).all()


def test_poses_are_the_ticks_of_the_step() -> None:
    env = make_env(GRAND_PRIX)
    for _ in range(60):
        before = env.simulator.x.copy()
        env.step(np.zeros(8, dtype=np.int64))
        assert np.array_equal(env.poses[0, :, 0], before)
        hop = np.hypot(*np.moveaxis(np.diff(env.poses[:, :, :2], axis=0), -1, 0))
        assert (hop <= TICK_S * env.simulator.model.top_speed).all()  # no jump over a reset
        ongoing = ~env.ended
        assert np.array_equal(env.poses[-1, ongoing, 0], env.simulator.x[ongoing])


def test_a_person_may_overwrite_controls_between_ticks() -> None:
    env = make_env(GRAND_PRIX, cars=2)
    env.simulator.place(np.arange(2), np.zeros(2))
    env.begin_step(np.full(2, env.actions.names.index("straight coast")))
    for tick in range(2):
        env.controls[1] = (0.0, 1.0)
        env.tick(tick)
    env.end_step()
    assert env.simulator.speed[1] > 1.0 and env.simulator.speed[0] == 0.0


def test_many_tracks_are_all_driven() -> None:
    env = make_env(cars=64, tracks=[load_track("oval"), load_track("random:1")])
    steps(env, 100)
    assert set(env.simulator.track_index) == {0, 1}


def test_ray_count_and_range_come_from_the_config() -> None:
    env = make_env(replace(LESSON, sensors=SensorConfig(tuple(np.linspace(-90, 90, 9)), 20.0)))
    assert env.observer.size == 10 and env.simulator.rays.max() <= 20.0


@pytest.mark.parametrize(
    "change",
    [{"ticks_per_action": 0}, {"ticks_per_action": 10**9}, {"max_episode_s": float("nan")}, {"features": ()}],
)
def test_settings_out_of_range_are_refused_by_name(change: dict[str, object]) -> None:
    with pytest.raises(QRaceError, match="out of range"):
        replace(LESSON, **change)


@pytest.mark.parametrize("sensors", [((), 50.0), ((0.0,) * 100, 50.0), ((0.0,), 0.0), ((float("inf"),), 50.0)])
def test_impossible_sensors_are_refused(sensors: tuple[tuple[float, ...], float]) -> None:
    with pytest.raises(QRaceError, match="out of range"):
        SensorConfig(*sensors)


def test_in_training_a_margin_makes_the_car_larger() -> None:
    """On a road 12 m wide a car 2 m wide, 1.3 m from the edge, is clear by 0.3 m: too little for a margin of 0.5 m."""
    angle = np.linspace(0.0, 2.0 * np.pi, 200, endpoint=False)
    ring = Track.from_points("ring", 300.0 * np.stack([np.cos(angle), np.sin(angle)], axis=1), 6.0, 6.0)
    for margin_m, crashes in ((0.0, False), (0.2, False), (0.5, True)):
        env = make_env(replace(LESSON, margin_m=margin_m), cars=1, tracks=[ring])
        env.simulator.place(np.array([0]), np.array([50.0]), across=np.array([1.3 / 12.0]))
        env.step(np.array([2]))
        assert env.terminated[0] == crashes


def test_a_long_road_has_time_for_two_laps_at_half_the_top_speed() -> None:
    """Cars that stand still on a track of 5 km and on the oval: each is put back when its own limit is over."""
    long, short = load_track("autodrome"), load_track("oval")
    env = make_env(GRAND_PRIX, cars=2, tracks=[long, short])
    env.simulator.place(np.arange(2), np.array([10.0, 10.0]), track_index=np.arange(2))
    coast = np.full(2, env.actions.names.index("straight coast"))
    cut_s = {}
    for step in range(1, round(2.5 * long.length_m / 42.0 / (2 * TICK_S))):
        env.step(coast)
        for car in np.flatnonzero(env.truncated):
            cut_s.setdefault(int(car), step * 2 * TICK_S)
    assert cut_s[1] == pytest.approx(60.0)
    assert cut_s[0] == pytest.approx(2.0 * long.length_m / (0.5 * env.simulator.model.top_speed), abs=2 * TICK_S)


def test_staggered_episodes_do_not_all_end_at_once() -> None:
    """Cars that stand still end by the clock alone: once each within the first time limit, a few at a time."""
    env = make_env(replace(GRAND_PRIX, max_episode_s=10.0, max_episode_laps=0.0), cars=64)
    env.stagger()
    env.simulator.speed[:] = 0.0
    coast = np.full(64, env.actions.names.index("straight coast"))
    ended = np.zeros((100, 64), dtype=bool)
    for step in range(100):
        env.step(coast)
        env.simulator.speed[:] = 0.0
        ended[step] = env.truncated
    assert (ended.sum(axis=0) == 1).all()
    assert ended.sum(axis=1).max() < 8


def test_a_car_that_sees_nothing_names_the_settings() -> None:
    with pytest.raises(QRaceError, match=r"env\.features .* env\.sensors\.ahead_s"):
        make_env(replace(LESSON, features=("edges",)))
    assert make_env(replace(LESSON, features=("speed", "edges"))).observer.size == 1
