"""The editor's keys."""

import pygame

NUDGES = {pygame.K_LEFT: (-1, 0), pygame.K_RIGHT: (1, 0), pygame.K_UP: (0, 1), pygame.K_DOWN: (0, -1)}
"""Which way the chosen point goes."""

PLAIN = {
    pygame.K_l: "close",
    pygame.K_r: "reverse",
    pygame.K_MINUS: "narrower",
    pygame.K_KP_MINUS: "narrower",
    pygame.K_PLUS: "wider",
    pygame.K_EQUALS: "wider",
    pygame.K_KP_PLUS: "wider",
    pygame.K_x: "snap",
    pygame.K_f: "fit",
    pygame.K_c: "fault",
    pygame.K_DELETE: "delete",
    pygame.K_BACKSPACE: "delete",
    pygame.K_INSERT: "insert",
    pygame.K_i: "insert",
    pygame.K_PERIOD: "next point",
    pygame.K_COMMA: "previous point",
    pygame.K_PAGEUP: "zoom in",
    pygame.K_PAGEDOWN: "zoom out",
    pygame.K_d: "drive",
    pygame.K_t: "train",
    pygame.K_g: "generate",
}
WITH_CTRL = {
    pygame.K_z: "undo",
    pygame.K_y: "redo",
    pygame.K_s: "save",
    pygame.K_n: "new",
}
WITH_CTRL_AND_SHIFT = {pygame.K_z: "redo", pygame.K_s: "save as"}


def command_of(event: pygame.event.Event) -> str | None:
    """The command that a KEYDOWN event asks for, None if none."""
    mod = getattr(event, "mod", 0)
    if not mod & (pygame.KMOD_CTRL | pygame.KMOD_META):
        return PLAIN.get(event.key)
    return (WITH_CTRL_AND_SHIFT if mod & pygame.KMOD_SHIFT else WITH_CTRL).get(event.key)
