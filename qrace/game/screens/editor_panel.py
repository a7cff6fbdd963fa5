"""The editor's column: what is drawn, what is wrong with it, and what can be done."""

from collections.abc import Sequence

import numpy as np
import pygame

from qrace.game.editing.hand import Hand
from qrace.game.editing.table import Table
from qrace.game.screens.editor_keys import LABELS
from qrace.sim.road_checks import Checked, Problem
from qrace.view import palette
from qrace.view.layout import GRID, PADDING
from qrace.view.palette import Colour
from qrace.view.type import FIGURE, HEADLINE, LABEL, STRONG, WORDS, Type

WIDTH = 288
"""Of the column [px at scale 1], as are the following."""
HEAD = 64
FIGURE_ROW = 24
BUTTON_HEIGHT, BUTTON_GAP, GROUP_GAP = 28, 4, 12
SMALL_BUTTON_HEIGHT, SMALL_BUTTON_GAP, SMALL_GROUP_GAP = 24, 2, 6
"""Where a low window has large text."""
FAULTS_LEAST = 72
"""Height that faults have at least, if it can be had."""
LINE = 18
VERDICT = 40
SIGN = 12
KEY_GAP = 6


GROUPS: tuple[tuple[tuple[str, str], ...], ...] = (
    (
        ("undo", "Undo"),
        ("redo", "Redo"),
        ("close", "Close loop"),
        ("reverse", "Reverse"),
        ("narrower", "Narrower"),
        ("wider", "Wider"),
    ),
    (("snap", "Snap to grid"), ("fit", "See it all")),
    (("drive", "Test-drive"), ("train", "Train here")),
    (("save", "Save"), ("save as", "Save as"), ("new", "New"), ("generate", "Generate")),
)
"""Command and text of the buttons, an even number to a group, a gap between groups."""
COLUMNS = 2


def _button_sizes(column: pygame.Rect, type_: Type) -> tuple[int, int, int]:
    """Height of a button, gap below it, and more gap below a group [px]."""
    sizes = [
        (type_.px(height), type_.px(gap), type_.px(group_gap))
        for height, gap, group_gap in (
            (BUTTON_HEIGHT, BUTTON_GAP, GROUP_GAP),
            (SMALL_BUTTON_HEIGHT, SMALL_BUTTON_GAP, SMALL_GROUP_GAP),
        )
    ]
    room = column.height - type_.px(HEAD + 4 * FIGURE_ROW + FAULTS_LEAST + 2 * PADDING)
    return sizes[0] if _buttons_height(*sizes[0]) <= room else sizes[1]


def _buttons_height(height: int, gap: int, group_gap: int) -> int:
    rows = sum(len(group) // COLUMNS for group in GROUPS)
    return rows * (height + gap) - gap + (len(GROUPS) - 1) * group_gap


def button_rects(column: pygame.Rect, type_: Type) -> dict[str, pygame.Rect]:
    """Where each command's button stands: at the bottom of the column."""
    height, gap, group_gap = sizes = _button_sizes(column, type_)
    left = column.left + type_.px(PADDING)
    width = (column.width - 2 * type_.px(PADDING) - gap) // COLUMNS
    top = column.bottom - type_.px(PADDING) - _buttons_height(*sizes)
    rects = {}
    for group in GROUPS:
        for place, (command, _) in enumerate(group):
            row, side = divmod(place, COLUMNS)
            rects[command] = pygame.Rect(left + side * (width + gap), top + row * (height + gap), width, height)
        top += len(group) // COLUMNS * (height + gap) + group_gap
    return rects


def figures(table: Table, hand: Hand) -> list[tuple[str, str, str]]:
    """Label, value and unit of what is measured on the drawing."""
    drawing, curve = table.drawing, hand.curve
    length, radius = curve.length_m, curve.narrowest_radius_m
    far = ("Length", f"{length / 1000:.2f}", "km") if length >= 1000.0 else ("Length", f"{length:.0f}", "m")
    tight = ("Narrowest radius", f"{radius:.1f}" if radius < 1000.0 else "–", "m" if radius < 1000.0 else "")
    if hand.chosen is not None and hand.chosen < drawing.count:
        left, right = drawing.widths[hand.chosen]
        wide = ("Width left · right", f"{left:.1f} · {right:.1f}", "m")
        return [far, tight, wide, ("Point", f"{hand.chosen + 1} of {drawing.count}", "")]
    if not drawing.count:
        return [far, tight, ("Width", "–", ""), ("Points", "0", "")]
    width = drawing.widths.sum(axis=1)
    low, high = float(np.round(width.min(), 1)), float(np.round(width.max(), 1))
    return [
        far,
        tight,
        ("Width", f"{low:.1f}" if low == high else f"{low:.1f} – {high:.1f}", "m"),
        ("Points", str(drawing.count), ""),
    ]


def draw_panel(
    surface: pygame.Surface, column: pygame.Rect, type_: Type, table: Table, hand: Hand, checked: Checked | None
) -> list[tuple[pygame.Rect, Problem]]:
    """Draw everything but the buttons; returns where which fault stands."""
    pygame.draw.rect(surface, palette.PANEL, column)
    pygame.draw.line(surface, palette.RULE, column.topleft, column.bottomleft)
    left, right, top = column.left + type_.px(PADDING), column.right - type_.px(PADDING), column.top
    type_.left(surface, type_.fit(table.title, HEADLINE, right - left), HEADLINE, left, top + type_.px(32))
    kept = "Not saved yet" if table.unsaved else f"Saved as {table.path.name}" if table.path else "As it was"
    if not table.drawing.count:
        kept = "Nothing drawn yet"
    ink = LABEL.in_colour(palette.WARN) if table.unsaved else LABEL
    type_.left(surface, type_.fit(kept, ink, right - left), ink, left, top + type_.px(52))
    y = top + type_.px(HEAD)
    bottom = button_rects(column, type_)["undo"].top - type_.px(GRID)
    for label, value, unit in figures(table, hand):
        if y + type_.px(FIGURE_ROW + VERDICT) > bottom:
            break  # what is wrong comes first
        baseline = y + type_.px(17)
        type_.left(surface, label, LABEL, left, baseline)
        end = type_.right(surface, unit, LABEL, right, baseline) - (type_.px(6) if unit else 0)
        type_.right(surface, value, FIGURE, end, baseline)
        y += type_.px(FIGURE_ROW)
    room = pygame.Rect(left, y + type_.px(GRID), right - left, bottom - y - type_.px(GRID))
    if room.height < type_.px(VERDICT - GRID):
        return []
    return _draw_faults(surface, room, type_, checked, table.drawing.count > 0)


def _draw_faults(
    surface: pygame.Surface, room: pygame.Rect, type_: Type, checked: Checked | None, drawn: bool
) -> list[tuple[pygame.Rect, Problem]]:
    pygame.draw.line(surface, palette.RULE, room.topleft, room.topright)
    title, colour = _verdict(checked) if drawn else ("Nothing to check yet", palette.TEXT_DIM)
    y = room.top + type_.px(LINE + 6)
    type_.left(surface, title, STRONG.in_colour(colour), room.left, y)
    stand: list[tuple[pygame.Rect, Problem]] = []
    problems: Sequence[Problem] = checked.problems if checked is not None and drawn else ()
    y += type_.px(GRID)
    for number, problem in enumerate(problems):
        lines = type_.wrap(problem.sentence, WORDS, room.width - type_.px(SIGN + 6))
        height = len(lines) * type_.px(LINE)
        if y + height + (type_.px(LINE) if number + 1 < len(problems) else 0) > room.bottom:
            if number and y + type_.px(14) <= room.bottom:
                type_.left(surface, f"and {len(problems) - number} more", LABEL, room.left, y + type_.px(14))
            break
        ink = palette.BAD if problem.serious else palette.WARN
        _draw_bullet(surface, room.left, y + type_.px(9), ink, type_, filled=problem.serious)
        for row, line in enumerate(lines):
            type_.left(surface, line, WORDS, room.left + type_.px(SIGN + 6), y + row * type_.px(LINE) + type_.px(14))
        stand.append((pygame.Rect(room.left, y, room.width, height), problem))
        y += height + type_.px(4)
    return stand


def _verdict(checked: Checked | None) -> tuple[str, Colour]:
    if checked is None:
        return "Checking", palette.TEXT_DIM
    serious = sum(problem.serious for problem in checked.problems)
    if serious:
        return ("One fault" if serious == 1 else f"{serious} faults"), palette.BAD
    if checked.problems:
        return "Can be driven, with trouble", palette.WARN
    return "Nothing is wrong", palette.GOOD


def _draw_bullet(surface: pygame.Surface, x: int, y: int, colour: Colour, type_: Type, *, filled: bool) -> None:
    size = type_.px(SIGN) / 2
    corners = [(x + size, y - size), (x + 2 * size, y + 0.7 * size), (x, y + 0.7 * size)]
    if filled:
        pygame.draw.polygon(surface, colour, corners)
    pygame.draw.aalines(surface, colour, True, corners)


def draw_keys(surface: pygame.Surface, column: pygame.Rect, type_: Type) -> None:
    """The keys that do the same as the buttons, on the buttons that have room for them."""
    texts = {command: text for group in GROUPS for command, text in group}
    for command, rect in button_rects(column, type_).items():
        label = LABELS[command]
        if type_.width(texts[command], WORDS) + 2 * type_.width(label, LABEL) + 2 * type_.px(KEY_GAP) <= rect.width:
            type_.right(surface, label, LABEL, rect.right - type_.px(KEY_GAP), rect.centery + type_.px(4))
