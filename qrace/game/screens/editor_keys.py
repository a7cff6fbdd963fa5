"""The editor's keys: one table, from which the bindings, the buttons' labels and the help card are made."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pygame

from qrace.game.screens.page import Page
from qrace.game.screens.rows import Row
from qrace.view.help_overlay import KeyHelp

if TYPE_CHECKING:
    from qrace.game.game import Game

NUDGES = {pygame.K_LEFT: (-1, 0), pygame.K_RIGHT: (1, 0), pygame.K_UP: (0, 1), pygame.K_DOWN: (0, -1)}
"""Which way the chosen point goes."""
HELP_SIZE = (640, 608)
ROW_HEIGHT = 28
"""[px at scale 1]"""


@dataclass(frozen=True)
class EditorKey:
    """One line of the table."""

    command: str
    """What the editor knows it by; empty for what the mouse does."""
    label: str
    """The key as people call it."""
    text: str
    codes: tuple[int, ...] = ()
    ctrl: bool = False
    shift: bool = False
    """Only told apart together with Ctrl."""


KEYS: tuple[EditorKey, ...] = (
    EditorKey("", "Drag", "draw the centre line; take a point, an edge, the start line"),
    EditorKey("", "Click", "add a point; on the first one, close the loop"),
    EditorKey("", "Right click", "delete a point"),
    EditorKey("", "Right drag", "move the view; so does dragging bare ground"),
    EditorKey("", "Wheel", "zoom"),
    EditorKey("", "Shift wheel", "width at the chosen point"),
    EditorKey("", "Ctrl wheel", "width everywhere"),
    EditorKey("", "Arrows", "move the chosen point by 1 m; with Shift by 10 m"),
    EditorKey("previous point", ", .", "choose the point before, the next one", (pygame.K_COMMA,)),
    EditorKey("next point", "", "", (pygame.K_PERIOD,)),
    EditorKey("insert", "I", "a new point after the chosen one", (pygame.K_i, pygame.K_INSERT)),
    EditorKey("delete", "Del", "delete the chosen point", (pygame.K_DELETE, pygame.K_BACKSPACE)),
    EditorKey("undo", "Ctrl Z", "undo", (pygame.K_z,), ctrl=True),
    EditorKey("redo", "Ctrl Y", "redo", (pygame.K_y,), ctrl=True),
    EditorKey("redo", "", "", (pygame.K_z,), ctrl=True, shift=True),
    EditorKey("close", "L", "close the loop", (pygame.K_l,)),
    EditorKey("reverse", "R", "drive it the other way", (pygame.K_r,)),
    EditorKey("narrower", "−", "narrower everywhere", (pygame.K_MINUS, pygame.K_KP_MINUS)),
    EditorKey("wider", "+", "wider everywhere", (pygame.K_PLUS, pygame.K_EQUALS, pygame.K_KP_PLUS)),
    EditorKey("snap", "X", "points snap to the grid, or not", (pygame.K_x,)),
    EditorKey("fit", "F", "see it all", (pygame.K_f,)),
    EditorKey("zoom in", "PgUp PgDn", "zoom in, zoom out", (pygame.K_PAGEUP,)),
    EditorKey("zoom out", "", "", (pygame.K_PAGEDOWN,)),
    EditorKey("fault", "C", "look at the next fault", (pygame.K_c,)),
    EditorKey("drive", "D", "test-drive", (pygame.K_d,)),
    EditorKey("train", "T", "let cars learn here", (pygame.K_t,)),
    EditorKey("save", "Ctrl S", "save", (pygame.K_s,), ctrl=True),
    EditorKey("save as", "Ctrl Shift S", "save under another name", (pygame.K_s,), ctrl=True, shift=True),
    EditorKey("new", "Ctrl N", "an empty table", (pygame.K_n,), ctrl=True),
    EditorKey("generate", "G", "generate a track", (pygame.K_g,)),
    EditorKey("help", "F1 or H", "this help", (pygame.K_F1, pygame.K_h)),
)
"""An entry without a label belongs to the line above it."""
LABELS = {key.command: key.label for key in KEYS if key.command and key.label}


def command_of(event: pygame.event.Event) -> str | None:
    """The command that a KEYDOWN event asks for, None if none."""
    mod = getattr(event, "mod", 0)
    ctrl, shift = bool(mod & (pygame.KMOD_CTRL | pygame.KMOD_META)), bool(mod & pygame.KMOD_SHIFT)
    for key in KEYS:
        if event.key in key.codes and key.ctrl is ctrl and (not ctrl or key.shift is shift):
            return key.command
    return None


class EditorHelp(Page):
    """All of the keys on a card."""

    def __init__(self, game: "Game") -> None:
        super().__init__(game, "Keys · Track editor", size=HELP_SIZE, hints=(KeyHelp("Esc", "back"),), pauses=True)

    def build(self, body: pygame.Rect) -> None:
        rows = [Row(key.text[:1].upper() + key.text[1:], key.label, key=True) for key in KEYS if key.label]
        self.add_rows(body, rows, lambda _: None, row_height=ROW_HEIGHT)

    def press(self, key: int, character: str) -> bool:
        """The key of help closes it, too."""
        if key not in (pygame.K_F1, pygame.K_h):
            return False
        self.game.back()
        return True
