"""What a person does with keys, gamepad and mouse, as steer and pedal; and how that becomes the controls of a tick."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pygame
from numpy.typing import ArrayLike, NDArray

from qrace.game.bindings import Bindings
from qrace.game.gamepads import Gamepads
from qrace.game.keys import STEERING
from qrace.sim.car import LESSON_TURN, WHEELBASE_M, CarModel, steer_limit

Floats = NDArray[np.float64]

KEY_STEER_S = (0.15, 0.30)
"""A key that is held steers the grand-prix car fully after so long, standing and at top speed [s]: at 250 km/h a short
press is to be a small correction. The lesson's car turns at once, as its rule says."""
KEY_RETURN_S = 0.10
"""… and the way back to straight ahead takes so long [s]."""
MOUSE_NEAREST = (6.0, 0.25)
"""The mouse steers towards a point at least so far away [m], and so many seconds of driving more."""

RELEASES = (pygame.KEYUP, pygame.MOUSEBUTTONUP, pygame.WINDOWFOCUSLOST)
"""Events by which something is let go: a wheel must see them even while a screen has the keyboard."""


@dataclass(frozen=True)
class Steered:
    """The car that is steered, as far as steering depends on it."""

    model: CarModel
    x: float
    y: float
    """[m]"""
    heading: float
    """[rad]"""
    speed: float
    """[m/s]"""


class Wheel:
    """Keys, the arrows if no others are chosen, gamepads and, when `mouse` is on, the mouse; all may be used at once.

    Kept from the events rather than from pygame.key.get_pressed(), so that a window that loses the focus lets go; the
    gamepads are given theirs beforehand, whether or not there is a wheel.
    """

    BUTTONS = (pygame.BUTTON_LEFT, pygame.BUTTON_RIGHT)
    """Throttle and brake of the mouse."""

    def __init__(self, gamepads: Gamepads, bindings: Callable[[], Bindings]) -> None:
        """bindings: gives those that hold, which may change meanwhile."""
        self._gamepads, self._bindings = gamepads, bindings
        self._keys: set[int] = set()
        self._tapped: set[int] = set()
        """Pressed since the last update: even what is let go at once counts for a frame."""
        self._buttons: set[int] = set()
        self._pointer: tuple[int, int] | None = None
        self._key_steer = self._key_pedal = self._mouse_steer = 0.0
        self.mouse = False
        """Whether the mouse steers: towards the pointer, its buttons being the pedals."""

    def process_event(self, event: pygame.event.Event) -> bool:
        """Whether somebody has just reached for the wheel."""
        if event.type == pygame.KEYDOWN and event.key in self._bindings().steering:
            self._keys.add(event.key)
            self._tapped.add(event.key)
            return True
        if event.type == pygame.KEYUP:
            self._keys.discard(event.key)
        elif event.type == pygame.WINDOWFOCUSLOST:
            self._let_go()
        elif event.type in (pygame.MOUSEMOTION, pygame.MOUSEBUTTONDOWN):
            self._pointer = event.pos
            if event.type == pygame.MOUSEBUTTONDOWN and event.button in self.BUTTONS:
                self._buttons.add(event.button)
                return self.mouse
        elif event.type == pygame.MOUSEBUTTONUP:
            self._buttons.discard(event.button)
        return self._gamepads.reaches(event)

    def _let_go(self) -> None:
        """Nothing is held any more."""
        self._keys.clear()
        self._tapped.clear()
        self._buttons.clear()

    def update(self, dt: float, car: Steered, to_world: Callable[[ArrayLike], Floats]) -> None:
        """Let dt [s] pass: keys turn the wheel little by little, the mouse steers towards where it points.

        to_world: window pixels (K, 2) to metres (K, 2).
        """
        steering = self._bindings().steering
        held = {steering.get(code) for code in self._keys | self._tapped}
        self._tapped.clear()
        left, right, up, down = (float(action in held) for action in STEERING)
        wanted, self._key_pedal = left - right, up - down
        if car.model.name == "lesson":
            self._key_steer = wanted
        else:
            share = min(car.speed / car.model.top_speed, 1.0)
            outwards = dt / (KEY_STEER_S[0] + (KEY_STEER_S[1] - KEY_STEER_S[0]) * share)
            back = dt / KEY_RETURN_S
            # A wheel on the wrong side first comes back to the middle, and that is quick.
            step = outwards if wanted * self._key_steer >= 0.0 and wanted != 0.0 else back
            self._key_steer += _clip(wanted - self._key_steer, step)
        self._mouse_steer = 0.0
        if self.mouse and self._pointer is not None:
            x, y = to_world([self._pointer])[0].tolist()
            self._mouse_steer = steer_towards(car, x, y)

    @property
    def controls(self) -> tuple[float, float]:
        """Steer (left 1) and pedal (throttle 1), each from -1 to 1, as of the last update."""
        steer, pedal = self._key_steer + self._gamepads.steer, self._key_pedal + self._gamepads.pedal
        if self.mouse:
            throttle, brake = (float(button in self._buttons) for button in self.BUTTONS)
            steer, pedal = steer + self._mouse_steer, pedal + throttle - brake
        return _clip(steer), _clip(pedal)


def steer_towards(car: Steered, x: float, y: float) -> float:
    """The steer, -1 to 1, with which a car drives an arc through a point [m], or turns as sharply as it can."""
    dx, dy = x - car.x, y - car.y
    off = (math.atan2(dy, dx) - car.heading + math.pi) % (2.0 * math.pi) - math.pi
    if car.model.name == "lesson":
        return _clip(off / float(LESSON_TURN))
    if abs(off) > 0.5 * math.pi:
        return math.copysign(1.0, off)
    metres, seconds = MOUSE_NEAREST
    curvature = 2.0 * math.sin(off) / max(math.hypot(dx, dy), metres + seconds * car.speed)
    return _clip(math.atan(curvature * WHEELBASE_M) / float(steer_limit(car.speed)))


class HeldControls:
    """The controls of the tick on screen so far: the mean of what was held in it.

    A tick is run when it is over, by what was held while it lasted, and until then the picture shows how far it has
    come. So what a person does is on screen at the next frame, and the world's tick stays as fixed as ever.
    """

    def __init__(self) -> None:
        self._sum = np.zeros(2)
        self._share = 0.0

    def hold(self, controls: ArrayLike, share: float) -> None:
        """`controls` (2,) were held until this share, 0 to 1, of the tick."""
        if share > self._share:
            self._sum += (share - self._share) * np.asarray(controls, dtype=np.float64)
            self._share = share

    def so_far(self, held: ArrayLike) -> Floats:
        """(2,) the mean; `held` if the tick has only begun."""
        return self._sum / self._share if self._share > 0.0 else np.array(held, dtype=np.float64)

    def end_tick(self, controls: ArrayLike) -> Floats:
        """(2,) the mean over the whole tick, `controls` having been held to its end; the next begins."""
        self.hold(controls, 1.0)
        mean = self._sum
        self._sum, self._share = np.zeros(2), 0.0
        return mean


def _clip(value: float, most: float = 1.0) -> float:
    return min(max(value, -most), most)
