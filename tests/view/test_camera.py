"""The camera's geometry against geometry, its motion against the equation of motion."""

import numpy as np
import pygame
import pytest
from scipy.integrate import solve_ivp

from qrace.view.camera import AHEAD_S, PAN_RATE, Camera, Spring

BOUNDS = (-200.0, -80.0, 340.0, 150.0)


def make_camera(following: bool = False, size: tuple[int, int] = (960, 720)) -> Camera:
    camera = Camera(pygame.Rect((13, 7), size))
    camera.fit(BOUNDS)
    camera.following = following
    for _ in range(400):
        camera.follow((100.0, 20.0, 0.4), 0.0, 0.02)
    return camera


@pytest.mark.parametrize("following", [False, True])
def test_pixels_and_metres_are_each_others_inverse(following: bool) -> None:
    camera = make_camera(following)
    points = np.random.default_rng(1).uniform(-300.0, 300.0, (200, 2))
    np.testing.assert_allclose(camera.to_world(camera.to_screen(points)), points, atol=1e-9)


def test_north_is_up_and_a_metre_is_as_long_either_way() -> None:
    camera = make_camera(following=True)
    here, east, north = camera.to_screen(np.array([[50.0, 50.0], [51.0, 50.0], [50.0, 51.0]]))
    assert east - here == pytest.approx([camera.scale, 0.0])
    assert north - here == pytest.approx([0.0, -camera.scale])


@pytest.mark.parametrize("size", [(960, 720), (333, 777), (2000, 91), (40, 40), (1, 1)])
def test_the_whole_track_is_in_view_and_fills_it(size: tuple[int, int]) -> None:
    camera = make_camera(size=size)
    left, bottom = camera.to_screen(np.array([BOUNDS[:2]]))[0]
    right, top = camera.to_screen(np.array([BOUNDS[2:]]))[0]
    view = camera.viewport
    if min(size) > 90:
        assert view.left <= left < right <= view.right
        assert view.top <= top < bottom <= view.bottom
        assert (right - left) / view.width > 0.7 or (bottom - top) / view.height > 0.2
    assert (left + right) / 2 == pytest.approx(view.centerx, abs=1.0)


def test_the_picture_moves_by_whole_pixels() -> None:
    camera = make_camera(following=True)
    for step in range(50):
        camera.follow((100.0 + 0.37 * step, 20.0, 0.4), 22.0, 1 / 60)
        assert np.all(camera.origin == np.round(camera.origin))


def test_spring_follows_the_critically_damped_oscillator() -> None:
    spring = Spring(1, PAN_RATE, rest=1e-9)
    spring.push(3.0, -11.0)
    solution = solve_ivp(
        lambda _, state: [state[1], -2.0 * PAN_RATE * state[1] - PAN_RATE**2 * state[0]],
        (0.0, 1.0),
        [3.0, -11.0],
        t_eval=np.linspace(0.0, 1.0, 11),
        rtol=1e-9,
        atol=1e-12,
    )
    for expected in solution.y[0][1:]:
        for _ in range(4):
            spring.step(0.025)
        assert spring.offset[0] == pytest.approx(expected, abs=1e-6)


def test_zoom_does_not_depend_on_the_frame_rate() -> None:
    scales = []
    for frames in (6, 24, 97):
        camera = make_camera()
        camera.following = True
        for _ in range(frames):
            camera.update(0.3 / frames)
        scales.append(camera.scale)
    np.testing.assert_allclose(scales, scales[0], rtol=1e-9)


@pytest.mark.parametrize("following", [True, False])
def test_zoom_runs_one_way_and_comes_to_rest_where_it_said(following: bool) -> None:
    camera = make_camera(not following)
    camera.following = following
    _, goal = camera.destination
    scales = [camera.scale]
    while not camera.settled:
        camera.update(1 / 60)
        scales.append(camera.scale)
        assert len(scales) < 120
    steps = np.diff(scales)
    assert np.all(steps >= 0) if following else np.all(steps <= 0)
    assert camera.scale == goal
    assert np.abs(np.diff(np.log(scales))).max() < 0.2


def test_the_followed_car_stays_put_or_nears_the_middle_while_zooming_in() -> None:
    camera = make_camera()
    camera.following = True
    distances = []
    for _ in range(90):
        camera.update(1 / 60)
        offset = camera.to_screen(np.array([[100.0, 20.0]]))[0] - camera.viewport.center
        distances.append(float(np.hypot(*offset)))
    assert max(np.diff(distances)) < 1.5  # whole pixels
    assert distances[-1] < 1.5


@pytest.mark.parametrize("speed", [0.0, 15.0, 85.0])
@pytest.mark.parametrize("heading", [0.0, 1.0, 3.0, -2.0])
def test_follow_looks_ahead_and_keeps_the_car_well_inside(speed: float, heading: float) -> None:
    camera = make_camera(following=True)
    forward = np.array([np.cos(heading), np.sin(heading)])
    car = np.array([100.0, 20.0])
    for _ in range(300):
        car = car + forward * speed / 60
        camera.follow((*car, heading), speed, 1 / 60)
    assert np.dot(camera.centre - car, forward) >= 0.0
    assert np.dot(camera.centre - car, forward) > (10.0 if speed > 10.0 else -1e-9)
    inner = camera.viewport.inflate(-camera.viewport.width * 0.4, -camera.viewport.height * 0.4)
    assert inner.collidepoint(camera.to_screen(car[None])[0])


def test_a_car_put_elsewhere_is_eased_over_to() -> None:
    camera = make_camera(following=True)
    before = camera.centre
    camera.follow((180.0, -30.0, 0.4), 20.0, 1 / 60)
    assert np.hypot(*(camera.centre - before)) < 5.0
    for _ in range(90):
        camera.follow((180.0, -30.0, 0.4), 0.0, 1 / 60)
    assert camera.centre == pytest.approx([180.0, -30.0], abs=0.2)


def test_a_fast_car_is_followed_without_lag() -> None:
    camera = make_camera(following=True)
    offsets = []
    for step in range(240):
        x = 100.0 + 85.0 * 16.0 * step / 60
        camera.follow((x, 20.0, 0.0), 85.0, 1 / 60, time_scale=16.0)
        offsets.append(camera.centre[0] - x)
    np.testing.assert_allclose(offsets[-30:], offsets[-1], atol=0.05)
    assert offsets[-1] > 0.0


def test_mouse_wheel_comes_closer_within_limits() -> None:
    camera = make_camera(following=True)
    before = camera.scale
    camera.zoom_by(1.5)
    for _ in range(120):
        camera.update(1 / 60)
    assert camera.scale == pytest.approx(1.5 * before)
    for _ in range(50):
        camera.zoom_by(2.0)
    for _ in range(120):
        camera.update(1 / 60)
    assert camera.viewport.height / camera.scale == pytest.approx(30.0)


def test_the_view_leads_into_the_bend_without_a_jerk() -> None:
    """Round a circle at speed, with the road's own points ahead: the centre lies inside the bend and moves evenly."""
    camera, radius, speed, step = make_camera(following=True), 60.0, 30.0, 1 / 60
    offsets = []
    for frame in range(600):
        angle = speed * step * frame / radius
        car, later = (radius * np.array([np.sin(a), -np.cos(a)]) for a in (angle, angle + AHEAD_S * speed / radius))
        camera.follow((*car, angle), speed, step, ahead=later - car)
        offsets.append(camera.centre - car)
        inwards = -car / radius
    settled = np.array(offsets[120:])
    assert settled[-1] @ inwards > 1.5
    assert np.hypot(*np.diff(settled, 2, axis=0).T).max() / step**2 < 15.0  # [m/s²]


def test_backing_off_comes_no_closer() -> None:
    camera = make_camera(following=True)
    for height in (160.0, 50.0):
        camera.back_off_to(height)
        for _ in range(120):
            camera.update(1 / 60)
        assert camera.viewport.height / camera.scale == pytest.approx(160.0)
