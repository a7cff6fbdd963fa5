"""Which key does what: the table of keys.py, with the keys that the person has chosen instead.

The hint line, the help and the settings page read their keys from here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pygame

from qrace.errors import QRaceError
from qrace.game.keys import GROUPS, KEYS, LAST_HINTS, STEERING, Action, Key, ModeName
from qrace.view.help_overlay import KeyGroup, KeyHelp

FIXED = frozenset({Action.MENU})
"""Esc always goes one step back."""
_CODES = {name.removeprefix("K_"): code for name, code in vars(pygame).items() if name.startswith("K_")}
_NAMES = {code: name for name, code in reversed(_CODES.items())}
_OTHER = "KEY_"
"""Begins the name of a key that pygame has no constant for, such as that of an umlaut."""
_LABELS = {
    "LEFT": "←", "RIGHT": "→", "UP": "↑", "DOWN": "↓", "MINUS": "−", "KP_MINUS": "Keypad −", "KP_PLUS": "Keypad +",
    "RETURN": "Enter", "KP_ENTER": "Keypad Enter", "ESCAPE": "Esc", "PAGEUP": "Page up", "PAGEDOWN": "Page down",
    "LSHIFT": "Left Shift", "RSHIFT": "Right Shift", "LCTRL": "Left Ctrl", "RCTRL": "Right Ctrl", "LALT": "Left Alt",
    "RALT": "Right Alt", "DELETE": "Del", "LEFTBRACKET": "[", "RIGHTBRACKET": "]", "EQUALS": "=", "COMMA": ",",
    "PERIOD": ".", "SLASH": "/", "BACKSLASH": "\\", "SEMICOLON": ";", "QUOTE": "'", "BACKQUOTE": "`", "PLUS": "+",
}  # fmt: skip


def key_name(code: int) -> str:
    """The name of a key in the settings file: pygame's constant without its K_."""
    return _NAMES.get(code, f"{_OTHER}{code}")


def key_code(name: str) -> int:
    """The key of that name. Raises QRaceError if there is none."""
    if name in _CODES:
        return _CODES[name]
    number = name.removeprefix(_OTHER)
    if name.startswith(_OTHER) and number.isdecimal() and 0 < int(number) < 2**31:
        return int(number)
    raise QRaceError(f"there is no key {name!r}: take a name like SPACE, F5 or a.")


def key_label(code: int) -> str:
    """The key as people call it."""
    name = key_name(code)
    if name in _LABELS:
        return _LABELS[name]
    if name.startswith(_OTHER):
        return chr(code).upper() if code < 0x110000 and chr(code).isprintable() else f"Key {code}"
    return name.upper() if len(name) == 1 else name.replace("_", " ").capitalize().replace("Kp ", "Keypad ")


def check_chosen(chosen: Mapping[str, tuple[str, ...]]) -> None:
    """Raise QRaceError for an action or a key that does not exist."""
    for action, names in chosen.items():
        if action not in Action.__members__ or Action[action] in FIXED:
            raise QRaceError(f"keys: there is no action {action!r} to choose a key for.")
        for name in names:
            key_code(name)


class Bindings:
    """The keys that hold.

    Attributes:
        keys: the table.
        steering: what the keys that are held at the wheel do, by their codes.
    """

    def __init__(self, chosen: Mapping[str, tuple[str, ...]] | None = None) -> None:
        """chosen: names of keys by the name of the action, as Settings.keys has them; must have been checked."""
        self._chosen = dict(chosen or {})
        self.keys: tuple[Key, ...] = tuple(self._bound(key) for key in KEYS)
        # What has been chosen goes before characters that the same key may type.
        self._order = sorted(self.keys, key=lambda key: key.action.name not in self._chosen)
        self.steering = {code: key.action for key in self.keys if key.action in STEERING for code in key.codes}
        self._hints = {mode: self._make_hints(mode) for mode in ModeName}
        self._groups = {mode: self._make_groups(mode) for mode in ModeName}
        self.last_hints = tuple(KeyHelp(self.label(action), text) for action, text in LAST_HINTS)
        """What the hint line ends with, however narrow it is."""

    def _bound(self, key: Key) -> Key:
        names = self._chosen.get(key.action.name)
        if names is None:
            return key
        codes = tuple(key_code(name) for name in names)
        label = " or ".join(key_label(code) for code in codes) or "none"
        return replace(key, label=label, codes=codes, characters="", hint_label="", shift=False)

    def action_of(self, event: pygame.event.Event, mode: ModeName) -> Action | None:
        """What a KEYDOWN event asks for in this mode, None if nothing."""
        shift = bool(getattr(event, "mod", 0) & pygame.KMOD_SHIFT)
        typed = getattr(event, "unicode", "")
        for key in self._order:
            if mode in key.modes and not (key.shift and not shift):
                shifted_twin = shift and not key.shift and self._has_twin(key, event.key)
                if not shifted_twin and (event.key in key.codes or (typed and typed in key.characters)):
                    return key.action
        return None

    def _has_twin(self, key: Key, code: int) -> bool:
        """Whether the same key with shift means something of its own."""
        return any(other.shift and code in other.codes for other in self.keys if other is not key)

    def codes(self, action: Action) -> tuple[int, ...]:
        """The keys of an action."""
        return next((key.codes for key in self.keys if key.action is action), ())

    def label(self, action: Action) -> str:
        """The key of an action as a sentence calls it."""
        return next((key.short_label for key in self.keys if key.action is action), "")

    def rebindable(self) -> Iterator[Key]:
        """One line of the table for every action that can have other keys, in the order of the groups."""
        seen = set(FIXED)
        for title in GROUPS:
            for key, default in zip(self.keys, KEYS, strict=True):
                if key.group == title and default.codes and key.action not in seen:
                    seen.add(key.action)
                    yield key

    def bind(self, action: Action, code: int) -> tuple[dict[str, tuple[str, ...]], list[Action]]:
        """The choice with one key for this action, and the actions that have lost that key to it."""
        chosen, lost = dict(self._chosen), []
        modes = {mode for key in self.keys if key.action is action for mode in key.modes}
        for key in self.keys:
            if key.action is not action and code in key.codes and modes & set(key.modes) and not key.shift:
                chosen[key.action.name] = tuple(key_name(other) for other in key.codes if other != code)
                lost.append(key.action)
        chosen[action.name] = (key_name(code),)
        return chosen, lost

    def reset(self, action: Action) -> dict[str, tuple[str, ...]]:
        """The choice without this action: it has the keys of the table again."""
        return {name: keys for name, keys in self._chosen.items() if name != action.name}

    def hints(self, mode: ModeName) -> tuple[KeyHelp, ...]:
        """The hint line of a mode."""
        return self._hints[mode]

    def help_groups(self, mode: ModeName) -> tuple[KeyGroup, ...]:
        """The help of a mode."""
        return self._groups[mode]

    def _make_hints(self, mode: ModeName) -> tuple[KeyHelp, ...]:
        return tuple(KeyHelp(key.short_label, key.hint) for key in self.keys if key.hint and mode in key.modes)

    def _make_groups(self, mode: ModeName) -> tuple[KeyGroup, ...]:
        groups = []
        for title in GROUPS:
            keys = tuple(KeyHelp(key.label, key.text) for key in self.keys if key.group == title and mode in key.modes)
            if keys:
                groups.append(KeyGroup(title, keys))
        return tuple(groups)
