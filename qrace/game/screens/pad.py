"""A gamepad in the screens: its buttons and its left stick are the keys that a person at the keyboard would press."""

import pygame

BUTTONS = {
    pygame.CONTROLLER_BUTTON_DPAD_UP: pygame.K_UP,
    pygame.CONTROLLER_BUTTON_DPAD_DOWN: pygame.K_DOWN,
    pygame.CONTROLLER_BUTTON_DPAD_LEFT: pygame.K_LEFT,
    pygame.CONTROLLER_BUTTON_DPAD_RIGHT: pygame.K_RIGHT,
    pygame.CONTROLLER_BUTTON_A: pygame.K_RETURN,
    pygame.CONTROLLER_BUTTON_B: pygame.K_ESCAPE,
    pygame.CONTROLLER_BUTTON_X: pygame.K_SPACE,
    pygame.CONTROLLER_BUTTON_LEFTSHOULDER: pygame.K_PAGEUP,
    pygame.CONTROLLER_BUTTON_RIGHTSHOULDER: pygame.K_TAB,
    pygame.CONTROLLER_BUTTON_START: pygame.K_ESCAPE,
}
AXES = {
    pygame.CONTROLLER_AXIS_LEFTX: (pygame.K_LEFT, pygame.K_RIGHT),
    pygame.CONTROLLER_AXIS_LEFTY: (pygame.K_UP, pygame.K_DOWN),
}
PUSHED, RELEASED = 20_000, 12_000
"""A stick counts as pushed from the first on until it is below the second, of 32 767."""
MENU_BUTTON = pygame.CONTROLLER_BUTTON_START
"""Opens the title where no screen is open."""


class Pad:
    """Remembers which way each stick is pushed."""

    def __init__(self) -> None:
        self._pushed: dict[int, int] = {}
        """Key by axis."""

    def key_event(self, event: pygame.event.Event) -> pygame.event.Event | None:
        """The key event that a gamepad's event stands for, None for others."""
        if event.type in (pygame.CONTROLLERBUTTONDOWN, pygame.CONTROLLERBUTTONUP) and event.button in BUTTONS:
            return _key(BUTTONS[event.button], event.type == pygame.CONTROLLERBUTTONDOWN)
        if event.type == pygame.CONTROLLERAXISMOTION and event.axis in AXES:
            return self._stick(event.axis, event.value)
        return None

    def _stick(self, axis: int, value: int) -> pygame.event.Event | None:
        held = self._pushed.get(axis)
        if held is None and abs(value) >= PUSHED:
            self._pushed[axis] = AXES[axis][value > 0]
            return _key(self._pushed[axis], True)
        if held is not None and abs(value) < RELEASED:
            return _key(self._pushed.pop(axis), False)
        return None


def _key(code: int, down: bool) -> pygame.event.Event:
    """A key event like any other, but for a mark for whoever takes keys as such."""
    kind = pygame.KEYDOWN if down else pygame.KEYUP
    return pygame.event.Event(kind, key=code, mod=0, unicode="", scancode=0, from_pad=True)


REPEATED = frozenset((pygame.K_UP, pygame.K_DOWN, pygame.K_LEFT, pygame.K_RIGHT, pygame.K_PAGEUP, pygame.K_PAGEDOWN))
FIRST_S, NEXT_S = 0.4, 0.06
"""A key that is held is pressed again after the first time, and then every second one [s]."""


class Repeat:
    """Keys that are held in a screen: pressed again and again, whether on a keyboard or a gamepad."""

    def __init__(self) -> None:
        self._event: pygame.event.Event | None = None
        self._due_s = 0.0

    def note(self, event: pygame.event.Event) -> None:
        """Take notice of an event."""
        if event.type == pygame.KEYDOWN:
            self._event = event if event.key in REPEATED else None
            self._due_s = FIRST_S
        elif event.type in (pygame.KEYUP, pygame.WINDOWFOCUSLOST):
            self._event = None

    def update(self, dt: float) -> pygame.event.Event | None:
        """Let dt [s] pass; the key to be pressed again, if it is time."""
        if self._event is None:
            return None
        self._due_s -= dt
        if self._due_s > 0.0:
            return None
        self._due_s = NEXT_S
        return self._event
