"""The keys as they are unless the person chooses others: one table, from which bindings.py and the README are made."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

import pygame

if TYPE_CHECKING:
    from qrace.game.modes.mode import Mode
    from qrace.view.help_overlay import KeyHelp


class ModeName(Enum):
    """The modes of the window; the value is what people read."""

    TRAIN = "Training"
    DRIVE = "Driving"
    RACE = "Race"


class Action(Enum):
    """What a key asks for."""

    TRAIN_OR_DRIVE = auto()
    RACE = auto()
    PAUSE = auto()
    ONE_TICK = auto()
    FASTER = auto()
    SLOWER = auto()
    NEXT_CAR = auto()
    PREVIOUS_CAR = auto()
    CAMERA = auto()
    ZOOM = auto()
    """Turned, not pressed: the game takes the wheel's own events."""
    RAYS = auto()
    PREVIOUS_TRACK = auto()
    NEXT_TRACK = auto()
    EDIT = auto()
    LESSON = auto()
    NEW_BRAIN = auto()
    SAVE = auto()
    LOAD = auto()
    LEFT = auto()
    """Held, not pressed, as are the next three; see qrace.game.wheel."""
    RIGHT = auto()
    THROTTLE = auto()
    BRAKE = auto()
    HAND_OVER = auto()
    MOUSE = auto()
    OTHER_CAR = auto()
    TO_THE_LINE = auto()
    GHOSTS = auto()
    PANEL = auto()
    HELP = auto()
    SOUND = auto()
    FULL_SCREEN = auto()
    SCREENSHOT = auto()
    MENU = auto()


@dataclass(frozen=True)
class Key:
    """One line of the table."""

    action: Action
    label: str
    """The key as people call it."""
    text: str
    """What it does, for the help card and the README."""
    codes: tuple[int, ...]
    """pygame key codes, whatever their modifiers."""
    characters: str = ""
    """Characters that mean the same, wherever the keyboard has them."""
    hint: str = ""
    """What it does, in a word, for the hint line; empty: not in the line."""
    hint_label: str = ""
    """How the hint line calls the key, if not by its label: a pair of keys shares a hint."""
    group: str = "Watch"
    modes: tuple[ModeName, ...] = tuple(ModeName)
    shift: bool = False
    """With the shift key held."""

    @property
    def short_label(self) -> str:
        """The key in the hint line."""
        return self.hint_label or self.label


_TRAIN, _DRIVE, _RACE = ModeName.TRAIN, ModeName.DRIVE, ModeName.RACE
_BRAINS = (_TRAIN, _DRIVE)
_AT_WHEEL = (_DRIVE, _RACE)
_PLUS = (pygame.K_PLUS, pygame.K_EQUALS, pygame.K_KP_PLUS)

KEYS: tuple[Key, ...] = (
    Key(
        Action.TRAIN_OR_DRIVE,
        "T",
        "train ↔ drive; driving learns nothing",
        (pygame.K_t,),
        hint="train / drive",
        group="Brain",
    ),
    Key(
        Action.LEFT,
        "←",
        "steer to the left, as a gamepad does",
        (pygame.K_LEFT,),
        hint="drive",
        hint_label="Arrows",
        group="Wheel",
        modes=_AT_WHEEL,
    ),
    Key(Action.RIGHT, "→", "steer to the right", (pygame.K_RIGHT,), group="Wheel", modes=_AT_WHEEL),
    Key(Action.THROTTLE, "↑", "throttle", (pygame.K_UP,), group="Wheel", modes=_AT_WHEEL),
    Key(Action.BRAKE, "↓", "brake", (pygame.K_DOWN,), group="Wheel", modes=_AT_WHEEL),
    Key(
        Action.HAND_OVER,
        "B",
        "hand the car to the brain, and take it back",
        (pygame.K_b,),
        hint="you / brain",
        group="Wheel",
        modes=(_DRIVE,),
    ),
    Key(
        Action.OTHER_CAR,
        "X",
        "change the car: lesson ↔ grand-prix",
        (pygame.K_x,),
        hint="lesson / grand-prix",
        group="Wheel",
        modes=(_DRIVE,),
    ),
    Key(
        Action.TO_THE_LINE,
        "Backspace",
        "a new lap: roll up to the start line",
        (pygame.K_BACKSPACE,),
        hint="new lap",
        group="Wheel",
        modes=(_DRIVE,),
    ),
    Key(
        Action.GHOSTS,
        "O",
        "ghosts: all, your best, driver, limit, none",
        (pygame.K_o,),
        hint="ghosts",
        group="Wheel",
        modes=(_DRIVE,),
    ),
    Key(
        Action.MOUSE,
        "U",
        "steer with the mouse, its buttons being the pedals",
        (pygame.K_u,),
        group="Wheel",
        modes=(_DRIVE,),
    ),
    Key(Action.PAUSE, "Space", "pause, and go on", (pygame.K_SPACE,), hint="pause", group="Time"),
    Key(Action.FASTER, "+", "faster: ×1, ×4, ×16, flat out", _PLUS, "+", "speed", "+ −", "Time"),
    Key(Action.SLOWER, "−", "slower", (pygame.K_MINUS, pygame.K_KP_MINUS), "-", group="Time"),
    Key(Action.ONE_TICK, "N", "one tick; stops time first", (pygame.K_n,), group="Time"),
    Key(Action.NEXT_CAR, "Tab", "choose the next car; a click chooses any", (pygame.K_TAB,), hint="car"),
    Key(Action.PREVIOUS_CAR, "Shift Tab", "choose the car before", (pygame.K_TAB,), shift=True),
    Key(Action.CAMERA, "C", "camera: whole track ↔ follow the car", (pygame.K_c,), hint="camera"),
    Key(Action.ZOOM, "Mouse wheel", "come closer or back off, in follow view", ()),
    Key(Action.PREVIOUS_TRACK, "[", "previous track", (pygame.K_LEFTBRACKET, pygame.K_PAGEUP), "[", modes=_BRAINS),
    Key(
        Action.NEXT_TRACK,
        "]",
        "next track; after the last, random ones",
        (pygame.K_RIGHTBRACKET, pygame.K_PAGEDOWN),
        "]",
        "track",
        "[ ]",
        modes=_BRAINS,
    ),
    Key(
        Action.LESSON,
        "I",
        "lesson: a decision in numbers, and what they mean",
        (pygame.K_i,),
        hint="lesson",
        group="Brain",
        modes=(_TRAIN,),
    ),
    Key(Action.EDIT, "E", "edit this track", (pygame.K_e,), hint="edit track", modes=_BRAINS),
    Key(Action.RAYS, "V", "rays: chosen car, all cars, hidden", (pygame.K_v,)),
    Key(Action.RACE, "G", "race: saved brains, and you", (pygame.K_g,), hint="race", group="Brain"),
    Key(
        Action.NEW_BRAIN,
        "R",
        "new brain; the old one is kept",
        (pygame.K_r,),
        hint="new brain",
        group="Brain",
        modes=_BRAINS,
    ),
    Key(Action.NEW_BRAIN, "R", "race again", (pygame.K_r,), hint="again", group="Brain", modes=(_RACE,)),
    Key(Action.SAVE, "S", "save the brain", (pygame.K_s,), hint="save", group="Brain", modes=_BRAINS),
    Key(Action.LOAD, "L", "drivers: load or watch one", (pygame.K_l,), hint="drivers", group="Brain", modes=_BRAINS),
    Key(Action.PANEL, "P", "show or hide the panel", (pygame.K_p,), group="Window"),
    Key(Action.HELP, "F1 or H", "this help", (pygame.K_F1, pygame.K_h), hint_label="F1", group="Window"),
    Key(Action.SOUND, "M", "sound off, and on", (pygame.K_m,), group="Window"),
    Key(Action.FULL_SCREEN, "F11", "full screen", (pygame.K_F11,), group="Window"),
    Key(Action.SCREENSHOT, "F12", "picture, into the folder screenshots", (pygame.K_F12,), group="Window"),
    Key(
        Action.MENU,
        "Esc",
        "menu; there, quit: the brain is saved first",
        (pygame.K_ESCAPE,),
        hint="menu",
        group="Window",
    ),
)

LAST_HINTS = ((Action.PANEL, "panel"), (Action.HELP, "all keys"))
"""What the hint line ends with, however narrow: they lead to all that it has no room for."""
STEERING = (Action.LEFT, Action.RIGHT, Action.THROTTLE, Action.BRAKE)
_WHEEL_TEXTS = {text for key in KEYS if key.action in STEERING for text in (key.hint, key.text)}
GROUPS = ("Brain", "Wheel", "Watch", "Time", "Window")
"""The order in which help tells them."""


def within_reach(keys: "tuple[KeyHelp, ...]", mode: "Mode") -> "tuple[KeyHelp, ...]":
    """Those that do something: in a race of brains alone no key steers."""
    if getattr(mode, "person", 0) is not None:
        return keys
    return tuple(key for key in keys if key.text not in _WHEEL_TEXTS)


def markdown_table() -> str:
    """The keys as a Markdown table, for the README."""
    lines = ["| key | what it does | where |", "|---|---|---|"]
    for title in GROUPS:
        for key in (key for key in KEYS if key.group == title):
            where = "everywhere" if len(key.modes) == len(ModeName) else ", ".join(m.value.lower() for m in key.modes)
            lines.append(f"| `{key.label}` | {key.text} | {where} |")
    return "\n".join(lines)
