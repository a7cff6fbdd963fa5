"""Keys, gamepads and the mouse as steer and pedal, and how soon what they do is on screen."""

import math
from collections.abc import Iterable

import numpy as np
import pygame
import pytest

from qrace.game.bindings import Bindings
from qrace.game.gamepads import DEAD_ZONE, FULL, Gamepads
from qrace.game.seat import Seat
from qrace.game.wheel import KEY_RETURN_S, KEY_STEER_S, HeldControls, Steered, Wheel, steer_towards
from qrace.sim.car import CAR_MODELS, CarName, drive_grand_prix

FRAME_S = 1 / 60
TOP_SPEED = CAR_MODELS["grand-prix"].top_speed


def car(name: CarName = "lesson", speed: float = 25.0) -> Steered:
    return Steered(CAR_MODELS[name], 10.0, -4.0, 0.3, speed)


def same_pixels(pixels: object) -> np.ndarray:
    """A camera at 1 px/m that has y upwards."""
    return np.asarray(pixels, dtype=np.float64)


def feed(wheel: Wheel, events: Iterable[pygame.event.Event]) -> list[bool]:
    """As the game does it: the gamepads know what is held before the wheel hears of it."""
    reached = []
    for event in events:
        wheel._gamepads.process_event(event)
        reached.append(wheel.process_event(event))
    return reached


def key(code: int, down: bool = True) -> pygame.event.Event:
    return pygame.event.Event(pygame.KEYDOWN if down else pygame.KEYUP, key=code, mod=0, unicode="")


def axis(number: int, share: float) -> pygame.event.Event:
    return pygame.event.Event(pygame.CONTROLLERAXISMOTION, axis=number, value=round(share * FULL), instance_id=0)


def controls(wheel: Wheel, of: Steered | None = None, dt: float = FRAME_S) -> tuple[float, float]:
    wheel.update(dt, of or car(), same_pixels)
    return wheel.controls


def test_keys_are_held_and_let_go() -> None:
    wheel = Wheel(Gamepads(), Bindings)
    assert feed(wheel, [key(pygame.K_LEFT), key(pygame.K_UP)]) == [True, True]
    assert controls(wheel) == (1.0, 1.0)
    feed(wheel, [key(pygame.K_RIGHT)])
    assert controls(wheel) == (0.0, 1.0)  # both ways cancel
    feed(wheel, [key(pygame.K_LEFT, False), key(pygame.K_UP, False)])
    assert controls(wheel) == (-1.0, 0.0)
    feed(wheel, [pygame.event.Event(pygame.WINDOWFOCUSLOST)])
    assert controls(wheel) == (0.0, 0.0)


def test_a_key_let_go_before_the_next_frame_counts_for_one() -> None:
    wheel = Wheel(Gamepads(), Bindings)
    feed(wheel, [key(pygame.K_UP), key(pygame.K_UP, False)])
    assert controls(wheel)[1] == 1.0
    assert controls(wheel)[1] == 0.0


@pytest.mark.parametrize("fps", [30, 60, 144])
@pytest.mark.parametrize(
    ("speed", "expected_s"), [(0.0, KEY_STEER_S[0]), (CAR_MODELS["grand-prix"].top_speed, KEY_STEER_S[1])]
)
def test_keys_steer_the_grand_prix_car_little_by_little(fps: int, speed: float, expected_s: float) -> None:
    wheel, fast = Wheel(Gamepads(), Bindings), car("grand-prix", speed)
    feed(wheel, [key(pygame.K_LEFT)])
    steered = [controls(wheel, fast, 1 / fps)[0] for _ in range(fps)]
    assert steered[0] > 0.0 and steered[-1] == 1.0
    assert (np.array(steered) < 1.0).sum() / fps == pytest.approx(expected_s, abs=1.5 / fps)
    feed(wheel, [key(pygame.K_LEFT, False)])
    back = [controls(wheel, fast, 1 / fps)[0] for _ in range(fps)]
    assert (np.array(back) > 0.0).sum() / fps == pytest.approx(KEY_RETURN_S, abs=1.5 / fps)
    assert np.all(np.diff(back) <= 0.0) and back[-1] == 0.0


def test_a_short_press_at_speed_is_a_small_correction() -> None:
    """A tap of 80 ms at 250 km/h turns the car by less than half a degree, a hold of a second by far more."""
    turned = {}
    for held_s in (0.08, 1.0):
        wheel, heading, steer, speed = Wheel(Gamepads(), Bindings), 0.0, 0.0, 70.0
        feed(wheel, [key(pygame.K_LEFT)])
        for tick in range(40):
            held, mean = HeldControls(), None
            for frame in range(3):
                if (3 * tick + frame) * FRAME_S >= held_s:
                    feed(wheel, [key(pygame.K_LEFT, False)])
                held.hold(controls(wheel, car("grand-prix", speed)), (frame + 1) / 3)
            mean = held.so_far((0.0, 0.0))
            heading, speed, steer, _ = drive_grand_prix(heading, speed, steer, mean[0], 0.3)
        turned[held_s] = math.degrees(heading)
    assert 0.1 < turned[0.08] < 0.8
    assert turned[1.0] > 15.0


def test_a_gamepad_steers_and_brakes_by_degrees() -> None:
    wheel = Wheel(Gamepads(), Bindings)
    left_x, brake, throttle = (
        pygame.CONTROLLER_AXIS_LEFTX,
        pygame.CONTROLLER_AXIS_TRIGGERLEFT,
        pygame.CONTROLLER_AXIS_TRIGGERRIGHT,
    )
    assert feed(wheel, [axis(left_x, 0.5 * DEAD_ZONE)]) == [False]
    assert controls(wheel) == (0.0, 0.0)
    assert feed(wheel, [axis(left_x, -0.6), axis(throttle, 0.5)]) == [True, True]
    steer, pedal = controls(wheel)
    assert 0.2 < steer < 0.6 and pedal == pytest.approx(0.5, abs=0.01)  # a stick to the left is a positive angle
    feed(wheel, [axis(left_x, 1.0), axis(throttle, 0.0), axis(brake, 1.0)])
    assert controls(wheel) == (-1.0, pytest.approx(-1.0, abs=0.01))
    feed(wheel, [axis(left_x, 0.0), axis(brake, 0.0)])
    pressed = pygame.event.Event(pygame.CONTROLLERBUTTONDOWN, button=pygame.CONTROLLER_BUTTON_DPAD_LEFT, instance_id=0)
    assert feed(wheel, [pressed]) == [True] and controls(wheel)[0] == 1.0
    feed(wheel, [pygame.event.Event(pygame.WINDOWFOCUSLOST)])
    assert controls(wheel) == (0.0, 0.0)


def test_pads_that_come_go_or_are_not_there_do_no_harm() -> None:
    pads = Gamepads()
    assert "cannot be used" in pads.plug(pygame.event.Event(pygame.JOYDEVICEADDED, device_index=7, guid=""))
    assert pads.plug(pygame.event.Event(pygame.JOYDEVICEREMOVED, instance_id=7)) == ""
    assert pads.plug(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_a)) == ""
    assert not pads.process_event(pygame.event.Event(pygame.JOYAXISMOTION, axis=0, value=1.0, instance_id=7))
    assert (pads.steer, pads.pedal) == (0.0, 0.0)


def test_the_mouse_steers_only_when_asked_and_its_buttons_are_pedals() -> None:
    wheel = Wheel(Gamepads(), Bindings)
    move = pygame.event.Event(pygame.MOUSEMOTION, pos=(10, 40), rel=(0, 0), buttons=(0, 0, 0))
    press = pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=(10, 40), button=1)
    assert feed(wheel, [move, press]) == [False, False] and controls(wheel) == (0.0, 0.0)
    wheel.mouse = True
    assert controls(wheel, car("grand-prix")) == (1.0, 1.0)  # straight to the left of the car
    feed(wheel, [pygame.event.Event(pygame.MOUSEBUTTONUP, pos=(10, 40), button=1)])
    assert feed(wheel, [pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=(10, 40), button=3)]) == [True]
    assert controls(wheel)[1] == -1.0


@pytest.mark.parametrize("bearing_deg", [-120.0, -30.0, -4.0, 0.0, 4.0, 30.0, 120.0])
def test_a_car_that_steers_towards_a_point_gets_there(bearing_deg: float) -> None:
    """On the grand-prix car's own physics, at a speed that leaves it grip enough to turn."""
    heading, speed, steer, x, y = 0.0, 12.0, 0.0, 0.0, 0.0
    angle = math.radians(bearing_deg)
    goal_x, goal_y = 60.0 * math.cos(angle), 60.0 * math.sin(angle)
    nearest = math.inf
    for _ in range(400):
        steered = Steered(CAR_MODELS["grand-prix"], x, y, heading, speed)
        heading, speed, steer, course = drive_grand_prix(
            heading, speed, steer, steer_towards(steered, goal_x, goal_y), 0.2
        )
        speed = min(speed, 12.0)
        x, y = x + 0.05 * speed * math.cos(course), y + 0.05 * speed * math.sin(course)
        nearest = min(nearest, math.hypot(goal_x - x, goal_y - y))
    assert nearest < 2.0


def test_a_tick_has_the_mean_of_what_was_held_in_it() -> None:
    held = HeldControls()
    assert held.so_far((0.5, 1.0)).tolist() == [0.5, 1.0]
    held.hold((1.0, 0.0), 0.25)
    held.hold((0.0, 1.0), 0.75)
    assert held.so_far((9.0, 9.0)) == pytest.approx([1 / 3, 2 / 3])
    assert held.end_tick((-1.0, 0.0)) == pytest.approx([0.25 - 0.25, 0.5])
    assert held.end_tick((0.3, 0.4)) == pytest.approx([0.3, 0.4])


def test_a_seat_changes_hands_within_a_tick() -> None:
    wheel = Wheel(Gamepads(), Bindings)
    seat, out = Seat(wheel), np.array([[0.0, 1.0], [0.0, -1.0]])
    seat.begin_step(out)
    feed(wheel, [key(pygame.K_LEFT)])
    controls(wheel)
    seat.take(1, 0.5)  # the brain braked for half the tick
    seat.hold(0.75)
    seat.leave()
    seat.end_tick(out)  # and braked again in the last quarter
    assert out[0].tolist() == [0.0, 1.0] and out[1] == pytest.approx([0.25, -0.75])
    out[1] = 0.0, -1.0
    seat.end_tick(out)
    assert out[1].tolist() == [0.0, -1.0]
