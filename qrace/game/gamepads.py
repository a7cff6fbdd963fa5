"""Gamepads: found when they are plugged in, forgotten when they are pulled out, read as steer and pedal.

Sticks and triggers of any pad that SDL knows mean the same; of what it does not know (steering wheels, old joysticks)
the first axis steers and the second is the pedals.
"""

import math
from types import ModuleType

import pygame

DEAD_ZONE = 0.12
"""Share of a stick's way that means nothing: sticks do not come back to the very middle."""
CURVE = 1.6
"""Exponent of the rest of the way: fine near the middle, all at the end."""
MOVED = 0.25
"""A stick or trigger pushed so far takes the wheel."""
FULL = 32767.0
_PRESSED = {
    pygame.CONTROLLER_BUTTON_DPAD_LEFT: (1.0, 0.0),
    pygame.CONTROLLER_BUTTON_DPAD_RIGHT: (-1.0, 0.0),
    pygame.CONTROLLER_BUTTON_DPAD_UP: (0.0, 1.0),
    pygame.CONTROLLER_BUTTON_DPAD_DOWN: (0.0, -1.0),
    pygame.CONTROLLER_BUTTON_A: (0.0, 1.0),
    pygame.CONTROLLER_BUTTON_B: (0.0, -1.0),
}
"""Steer and pedal of buttons."""
_DRIVING = (
    pygame.CONTROLLER_AXIS_LEFTX,
    pygame.CONTROLLER_AXIS_TRIGGERLEFT,
    pygame.CONTROLLER_AXIS_TRIGGERRIGHT,
)


class Gamepads:
    """All that are plugged in, as one.

    Attributes:
        steer: left 1, right -1.
        pedal: throttle 1, brake -1.
    """

    def __init__(self) -> None:
        self._open: dict[int, object] = {}
        """By instance: a pad sends its events as long as its object lives."""
        self._axes: dict[int, float] = {}
        self._buttons: set[int] = set()
        self._controller: ModuleType | None = None
        try:
            from pygame._sdl2 import controller

            controller.init()
            pygame.joystick.init()
            self._controller = controller
        except (ImportError, pygame.error):
            pass  # no such driver: keys and mouse are there

    @property
    def steer(self) -> float:
        pressed = sum(_PRESSED[button][0] for button in self._buttons)
        return _clip(pressed - _shaped(self._axes.get(pygame.CONTROLLER_AXIS_LEFTX, 0.0)))

    @property
    def pedal(self) -> float:
        pressed = sum(_PRESSED[button][1] for button in self._buttons)
        throttle, brake = (
            self._axes.get(axis, 0.0)
            for axis in (pygame.CONTROLLER_AXIS_TRIGGERRIGHT, pygame.CONTROLLER_AXIS_TRIGGERLEFT)
        )
        return _clip(pressed + throttle - brake)

    def plug(self, event: pygame.event.Event) -> str:
        """Take notice of a pad that came or went; returns a sentence for the player, empty for other events."""
        if event.type == pygame.JOYDEVICEADDED and self._controller is not None:
            return self._add(event.device_index)
        if event.type == pygame.JOYDEVICEREMOVED and event.instance_id in self._open:
            del self._open[event.instance_id]
            self._let_go()
            return "The gamepad is gone; the keys steer."
        return ""

    def _add(self, index: int) -> str:
        assert self._controller is not None
        try:
            joystick = pygame.joystick.Joystick(index)
            known = self._controller.is_controller(index)
            if joystick.get_instance_id() in self._open:
                return ""
            self._open[joystick.get_instance_id()] = (joystick, self._controller.Controller(index) if known else None)
        except pygame.error as error:
            return f"This gamepad cannot be used ({error}); try another, or the keys."
        how = "the left stick steers, the triggers are pedals" if known else "its first axis steers, its second drives"
        return f"{joystick.get_name() or 'A gamepad'}: {how}."

    def process_event(self, event: pygame.event.Event) -> None:
        """Take a stick, a trigger or a button."""
        if event.type == pygame.CONTROLLERAXISMOTION:
            self._axes[event.axis] = event.value / FULL
        elif event.type == pygame.CONTROLLERBUTTONDOWN and event.button in _PRESSED:
            self._buttons.add(event.button)
        elif event.type == pygame.CONTROLLERBUTTONUP:
            self._buttons.discard(event.button)
        elif event.type == pygame.JOYAXISMOTION and self._is_unknown(event.instance_id):
            self._take_unknown(event.axis, event.value)
        elif event.type == pygame.WINDOWFOCUSLOST:
            self._let_go()

    def reaches(self, event: pygame.event.Event) -> bool:
        """Whether somebody reaches for the wheel: an event moves what drives far enough to mean something."""
        if event.type == pygame.CONTROLLERAXISMOTION:
            return event.axis in _DRIVING and abs(event.value / FULL) > MOVED
        if event.type == pygame.JOYAXISMOTION and self._is_unknown(event.instance_id):
            return event.axis in (0, 1) and abs(event.value) > MOVED
        return event.type == pygame.CONTROLLERBUTTONDOWN and event.button in _PRESSED

    def _is_unknown(self, instance: int) -> bool:
        pad = self._open.get(instance)
        return isinstance(pad, tuple) and pad[1] is None

    def _take_unknown(self, axis: int, value: float) -> None:
        if axis == 0:
            self._axes[pygame.CONTROLLER_AXIS_LEFTX] = value
        elif axis == 1:
            self._axes[pygame.CONTROLLER_AXIS_TRIGGERRIGHT] = max(-value, 0.0)
            self._axes[pygame.CONTROLLER_AXIS_TRIGGERLEFT] = max(value, 0.0)

    def _let_go(self) -> None:
        """Nothing is held any more."""
        self._axes.clear()
        self._buttons.clear()


def _shaped(value: float) -> float:
    way = max(abs(value) - DEAD_ZONE, 0.0) / (1.0 - DEAD_ZONE)
    return math.copysign(min(way, 1.0) ** CURVE, value)


def _clip(value: float) -> float:
    return min(max(value, -1.0), 1.0)
