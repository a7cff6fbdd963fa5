"""Laps: driven along known roads, where distance, time and crossings can be worked out on paper."""

import numpy as np
import pytest

from qrace.sim.car import CAR_MODELS, LESSON_TURN, TICK_S
from qrace.sim.sensors import SensorConfig
from qrace.sim.simulator import Simulator
from qrace.sim.track import Track

STRAIGHT_M, RADIUS_M = 120.0, 40.0
LESSON_SPEED = CAR_MODELS["lesson"].start_speed


def stadium(half_width: float = 9.0) -> Track:
    """Two straights and two half circles, counter-clockwise; the start line in the middle of the lower straight."""
    angle = np.linspace(-np.pi / 2, np.pi / 2, 60)[1:-1]
    bend = RADIUS_M * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    run = np.stack([np.linspace(-STRAIGHT_M / 2, STRAIGHT_M / 2, 60), np.full(60, -RADIUS_M)], axis=1)
    half = np.concatenate([run, bend + np.array([STRAIGHT_M / 2, 0.0])])
    return Track.from_points("stadium", np.concatenate([half, -half]), half_width, half_width, start_m=STRAIGHT_M / 2)


def cars_at(track: Track, start_m: list[float], **placed: np.ndarray) -> Simulator:
    simulator = Simulator([track], len(start_m), "lesson", SensorConfig())
    simulator.place(np.arange(len(start_m)), np.array(start_m), **placed)
    return simulator


def hold(cars: int = 1, steer: float = 0.0, pedal: float = 0.0) -> np.ndarray:
    return np.tile([steer, pedal], (cars, 1))


def steer_along(simulator: Simulator) -> np.ndarray:
    """Controls of a driver who knows the map: turn towards a point of the centre line 12 m ahead."""
    x, y, _ = simulator.tracks[0].pose_at(simulator.track_position_m + 12.0)
    off = np.arctan2(y - simulator.y, x - simulator.x) - simulator.heading
    off = (off + np.pi) % (2.0 * np.pi) - np.pi
    return np.stack([np.where(np.abs(off) > 0.5 * LESSON_TURN, np.sign(off), 0.0), np.zeros_like(off)], axis=1)


def test_first_crossing_is_interpolated_within_the_tick() -> None:
    simulator = cars_at(stadium(), [-7.3])
    for _ in range(20):
        simulator.step(hold())
    assert simulator.lap_start_s[0] == pytest.approx(7.3 / LESSON_SPEED, abs=1e-9)
    assert simulator.laps[0] == 0  # coming from the grid is no lap


def test_a_lap_is_timed_from_line_to_line() -> None:
    simulator = cars_at(stadium(), [0.0])
    driven = 0.0
    while simulator.laps[0] == 0:
        assert not simulator.crashed[0]
        before = simulator.x[0], simulator.y[0]
        simulator.step(steer_along(simulator))
        driven += float(np.hypot(simulator.x[0] - before[0], simulator.y[0] - before[1]))
    past_line = simulator.track_position_m[0]
    assert simulator.last_lap_s[0] == pytest.approx((driven - past_line) / LESSON_SPEED, abs=0.01)
    assert simulator.last_lap_s[0] == pytest.approx((2 * STRAIGHT_M + 2 * np.pi * RADIUS_M) / LESSON_SPEED, rel=0.03)
    assert simulator.furthest_m[0] == pytest.approx(simulator.tracks[0].length_m + past_line)


def test_every_lap_counts_once_and_best_is_the_smallest() -> None:
    simulator, times = cars_at(stadium(), [0.0]), []
    while len(times) < 3:
        simulator.step(steer_along(simulator))
        if simulator.laps[0] > len(times):
            times.append(simulator.last_lap_s[0])
    assert simulator.best_lap_s[0] == min(times)
    assert sum(times) == pytest.approx(simulator.lap_start_s[0])  # no moment is lost between laps


def test_a_start_elsewhere_times_no_lap_before_the_line() -> None:
    simulator = cars_at(stadium(), [100.0])
    while np.isnan(simulator.lap_start_s[0]):
        simulator.step(steer_along(simulator))
    assert simulator.laps[0] == 0
    while simulator.laps[0] == 0:
        simulator.step(steer_along(simulator))
    assert simulator.distance_m[0] >= 2 * simulator.tracks[0].length_m - 100.0


def test_reversing_over_the_line_and_back_is_no_lap_and_no_progress() -> None:
    simulator = cars_at(stadium(16.0), [5.0], turned=np.array([np.pi]))
    for _ in range(10):  # 10 m back over the line
        simulator.step(hold())
    assert simulator.distance_m[0] == pytest.approx(-10.0, abs=1e-6)
    for _ in range(18):  # round in a circle of 5.7 m radius: 18 turns of 10 degrees
        simulator.step(hold(steer=1.0))
    for _ in range(12):
        simulator.step(hold())
    assert simulator.track_position_m[0] < 50.0  # ahead of the line again
    assert simulator.laps[0] == 0
    assert simulator.furthest_m[0] == pytest.approx(max(simulator.distance_m[0], 0.0), abs=1e-6)


def test_driving_backwards_all_the_way_round_gains_nothing() -> None:
    track = stadium()
    simulator = cars_at(track, [30.0], turned=np.array([np.pi]))
    for _ in range(round(2.2 * track.length_m / (LESSON_SPEED * TICK_S))):
        x, y, _ = track.pose_at(simulator.track_position_m - 12.0)
        off = (np.arctan2(y - simulator.y, x - simulator.x) - simulator.heading + np.pi) % (2 * np.pi) - np.pi
        simulator.step(np.stack([np.where(np.abs(off) > 0.5 * LESSON_TURN, np.sign(off), 0.0), 0 * off], axis=1))
    assert not simulator.crashed[0]
    assert simulator.distance_m[0] < -2.0 * track.length_m
    assert simulator.laps[0] == 0 and simulator.furthest_m[0] == 0.0


def test_circling_over_the_line_counts_no_laps() -> None:
    simulator = cars_at(stadium(16.0), [0.0])
    for _ in range(36 * 5):
        simulator.step(hold(steer=1.0))
    assert not simulator.crashed[0]
    assert simulator.laps[0] == 0
    assert simulator.furthest_m[0] < 15.0


def test_no_speed_skips_a_track_section() -> None:
    """A car flung along the straight at 50 m per tick still passes every section and the line."""
    simulator = Simulator([stadium()], 1, "grand-prix", SensorConfig())
    simulator.place(np.array([0]), np.array([-30.0]), speed=np.array([1000.0]))
    simulator.step(hold(pedal=1.0))
    travelled = simulator.distance_m[0]
    assert travelled > 30.0
    assert not np.isnan(simulator.lap_start_s[0])
    assert np.hypot(simulator.x[0] + 30.0, simulator.y[0] + RADIUS_M) == pytest.approx(travelled, abs=0.05)


def test_progress_is_the_distance_along_the_centre_line() -> None:
    track = stadium()
    s = np.random.default_rng(0).uniform(0.0, track.length_m, 500)
    simulator = cars_at(track, list(s))
    x, y, _ = track.pose_at(s)
    assert np.abs(simulator.x - x).max() < 0.05 and np.abs(simulator.y - y).max() < 0.05
    before = simulator.track_position_m.copy()
    simulator.step(hold(500))
    gained = (simulator.track_position_m - before) % track.length_m
    assert gained == pytest.approx(np.full(500, LESSON_SPEED * TICK_S), rel=0.05)
