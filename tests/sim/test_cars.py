"""The two cars against physics on paper."""

import numpy as np
import pytest

from qrace.sim.car import (
    CAR_MODELS,
    DRAG,
    GRAVITY,
    GRIP,
    POWER,
    ROLLING,
    STEER_MAX,
    TICK_S,
    UNIT_M,
    WHEELBASE_M,
    drive_grand_prix,
    drive_lesson,
    grip_limit,
)
from qrace.sim.sensors import SensorConfig
from qrace.sim.simulator import Simulator
from qrace.sim.track import Track


def drive(steer: float, pedal: float, ticks: int, speed: float = 0.0) -> np.ndarray:
    """States (ticks, 3) of a grand-prix car on an endless plane: heading [rad], speed [m/s], steer."""
    heading, wheel, states = 0.0, 0.0, []
    for _ in range(ticks):
        heading, speed, wheel, _ = drive_grand_prix(heading, speed, wheel, steer, pedal)
        states.append((heading, speed, wheel))
    return np.array(states)


def test_lesson_car_turns_ten_degrees_and_keeps_its_speed() -> None:
    heading, speed, _, course = drive_lesson(0.3, 8 * UNIT_M / TICK_S, 1.0, 0.0)
    assert np.rad2deg(heading - 0.3) == pytest.approx(10.0)
    assert course == heading and speed * TICK_S / UNIT_M == pytest.approx(8.0)


@pytest.mark.parametrize(("before", "pedal", "after"), [(6, 1, 8), (8, 1, 10), (10, 1, 10), (8, -1, 6), (6, -1, 6)])
def test_lesson_car_changes_speed_by_two_between_six_and_ten(before: int, pedal: int, after: int) -> None:
    _, speed, _, _ = drive_lesson(0.0, before * UNIT_M / TICK_S, 0.0, pedal)
    assert speed * TICK_S / UNIT_M == pytest.approx(after)


def test_lesson_car_is_thirty_units_long() -> None:
    assert CAR_MODELS["lesson"].length_m / UNIT_M == pytest.approx(30.0)


def test_top_speed_is_where_power_meets_drag() -> None:
    balance = np.roots([DRAG, 0.0, ROLLING, -POWER])  # power = (drag v² + rolling) v
    top = balance[np.isreal(balance)].real[0]
    assert drive(0.0, 1.0, 2_000)[-1, 1] == pytest.approx(top, rel=1e-3)
    assert 80.0 < top < 86.0


def test_braking_from_top_speed_matches_the_integral_over_speed() -> None:
    """Distance = integral of v dv / a(v), with the tyres' whole grip and the drag."""
    speeds = drive(0.0, -1.0, 200, speed=80.0)[:, 1]
    stop = int(np.argmax(speeds == 0.0))
    driven = TICK_S * np.sum(0.5 * (np.append(80.0, speeds[:stop]) + speeds[: stop + 1]))
    v = np.linspace(0.0, 80.0, 20_001)
    decelerates = np.array([grip_limit(s) for s in v]) + DRAG * v**2 + ROLLING
    assert driven == pytest.approx(np.trapezoid(v / decelerates, v), rel=0.03)
    assert 55.0 < driven < 110.0


def test_slow_full_lock_turns_on_the_bicycles_circle() -> None:
    """Radius of the car's middle: wheelbase / (tan(steer) cos(slip)), tan(slip) = tan(steer) / 2 (Rajamani)."""
    states = drive(1.0, 0.0, 30, speed=5.0)
    slip = np.arctan(0.5 * np.tan(STEER_MAX))
    radius = WHEELBASE_M / (np.tan(STEER_MAX) * np.cos(slip))
    turn = np.diff(states[10:, 0])
    middle = 0.5 * (states[10:-1, 1] + states[11:, 1])
    assert middle * TICK_S / turn == pytest.approx(np.full_like(turn, radius), rel=1e-6)


@pytest.mark.parametrize("speed", [15.0, 30.0, 50.0, 70.0, 80.0])
@pytest.mark.parametrize("pedal", [-1.0, 0.0, 1.0])
@pytest.mark.parametrize("steer", [-1.0, 0.3, 1.0])
def test_tyres_never_give_more_than_the_friction_circle(speed: float, pedal: float, steer: float) -> None:
    heading, before, wheel = 0.0, speed, 0.0
    for _ in range(40):
        turned, after, wheel, _ = drive_grand_prix(heading, before, wheel, steer, pedal)
        lateral = (turned - heading) / TICK_S * 0.5 * (before + after)
        tyres = (after - before) / TICK_S + DRAG * before**2 + ROLLING
        if after > 0.0:
            assert np.hypot(lateral, tyres) <= 1.02 * GRIP * (GRAVITY + 0.003 * max(before, after) ** 2)
        heading, before = turned, after


def test_mirror_image() -> None:
    left, right = drive(0.7, 0.4, 100, speed=30.0), drive(-0.7, 0.4, 100, speed=30.0)
    assert np.allclose(left[:, [0, 2]], -right[:, [0, 2]]) and np.allclose(left[:, 1], right[:, 1])


def ring(half_width: float) -> Track:
    angle = np.linspace(0.0, 2.0 * np.pi, 200, endpoint=False)
    return Track.from_points("ring", 200.0 * np.stack([np.cos(angle), np.sin(angle)], axis=1), half_width, half_width)


@pytest.mark.parametrize(("across_m", "crashes"), [(1.5, True), (0.9, True), (1.1, False), (3.0, False)])
def test_a_corner_over_the_edge_is_a_crash_though_the_centre_is_not(across_m: float, crashes: bool) -> None:
    """A car 2 m wide, along the road, across_m from the right edge; its corners are 1 m to each side."""
    turned = np.arcsin(0.9) if across_m == 1.5 else 0.0  # the nose reaches 2.5 m · 0.9 + 1 m · cos to the right
    simulator = Simulator([ring(6.0)], 1, "lesson", SensorConfig())
    simulator.place(np.array([0]), np.array([50.0]), across=np.array([across_m / 12.0]), turned=np.array([-turned]))
    simulator.speed[:] = 0.0
    simulator.step(np.array([[0.0, -1.0]]))
    assert simulator.crashed[0] == crashes


def test_a_crashed_car_stays_where_it_is() -> None:
    simulator = Simulator([ring(6.0)], 2, "lesson", SensorConfig())
    simulator.place(np.arange(2), np.array([10.0, 200.0]), turned=np.array([1.5, 0.0]))
    for _ in range(20):
        simulator.step(np.zeros((2, 2)))
    assert simulator.crashed.tolist() == [True, False]
    at = simulator.x[0], simulator.y[0], simulator.clock_s[0]
    simulator.step(np.zeros((2, 2)))
    assert (simulator.x[0], simulator.y[0], simulator.clock_s[0]) == at


def test_two_simulators_in_lockstep_are_identical() -> None:
    one, other = (Simulator([ring(8.0)], 16, "grand-prix", SensorConfig()) for _ in range(2))
    rng = np.random.default_rng(3)
    for _ in range(200):
        controls = rng.uniform(-1.0, 1.0, (16, 2))
        one.step(controls)
        other.step(controls)
    assert np.array_equal(one.sense(), other.sense()) and np.array_equal(one.x, other.x)
