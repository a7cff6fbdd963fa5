"""The lap board on the stage: the lap that runs, ahead or behind, the last and the best one, three sectors.

Faster and slower differ in sign as well as in colour.
"""

import math
from dataclasses import dataclass

import pygame

from qrace.view import palette
from qrace.view.layout import GRID, MINIMAP, PADDING
from qrace.view.palette import Colour
from qrace.view.type import FIGURE, FIGURE_LARGE, FIGURE_SMALL, LABEL, Type

WIDTH, HEIGHT = 384, 112
"""[px at scale 1], as are the following."""
DELTA_RIGHT = 224
"""Where the delta ends, from the left edge's padding."""
ROW = 20
BAR = 3
CENTRED_FROM = 900
"""A stage at least so wide has the board in its middle; a narrower one at the right, clear of the small map."""
BESIDE_FROM = WIDTH + MINIMAP[0] + 3 * PADDING
"""One with no room for both has the board over the whole map: half a map shows less than none."""
NONE = "–"
LONGEST_S = 1e9
"""No lap takes longer [s]."""
MINUS = "−"


@dataclass(frozen=True)
class Sector:
    """One third of the road."""

    time_s: float | None = None
    """None while it has not been driven."""
    delta_s: float | None = None
    """Behind the best lap's, negative if ahead."""


@dataclass(frozen=True)
class LapBoard:
    """What the board shows."""

    lap: str
    delta_s: float | None
    last: str
    last_delta_s: float | None
    best: str
    off_limit: str
    """How far the best lap is off the limit, empty where that is not known."""
    sectors: tuple[Sector, ...]
    sector: int | None
    """Which is being driven; None before the line."""


def lap_text(lap_s: float | None) -> str:
    """ "41.27", "1:23.45", or a dash where there is none, or none that can be."""
    if lap_s is None or not abs(lap_s) < LONGEST_S:
        return NONE
    minutes, rest = divmod(round(lap_s * 100), 6000)
    return f"{minutes}:{rest / 100:05.2f}" if minutes else f"{rest / 100:.2f}"


def delta_text(delta_s: float | None) -> str:
    """ "−0.32" faster, "+0.32" slower, "±0.00" level, "+12.3" from ten on; empty where there is nothing to compare."""
    if delta_s is None or not math.isfinite(delta_s):
        return ""
    sign = {0: "±", 1: "+", -1: MINUS}[_sign(delta_s)]
    decimals = 2 if abs(delta_s) < 9.995 else 1 if abs(delta_s) < 99.95 else 0
    return f"{sign}{abs(delta_s):.{decimals}f}"


def delta_colour(delta_s: float | None) -> Colour:
    """Good for faster, bad for slower."""
    if delta_s is None or _sign(delta_s) == 0:
        return palette.TEXT_DIM
    return palette.GOOD if delta_s < 0.0 else palette.BAD


def _sign(delta_s: float) -> int:
    hundredths = round(delta_s * 100)
    return (hundredths > 0) - (hundredths < 0)


def board_rect(stage: pygame.Rect, type_: Type) -> pygame.Rect:
    """Where the board stands on the free part of a stage."""
    margin = type_.px(PADDING)
    beside = stage.width >= type_.px(BESIDE_FROM)
    height = type_.px(HEIGHT if beside else MINIMAP[1])
    rect = pygame.Rect(stage.left + margin, 0, min(type_.px(WIDTH), stage.width - 2 * margin), height)
    rect.bottom = stage.bottom - margin
    if stage.width >= type_.px(CENTRED_FROM):
        rect.centerx = stage.centerx
    elif beside:
        rect.right = stage.right - margin
    return rect


def draw_lap_board(surface: pygame.Surface, stage: pygame.Rect, type_: Type, board: LapBoard) -> None:
    """Draw the board at the bottom of the stage's free part."""
    rect = board_rect(stage, type_)
    pygame.draw.rect(surface, palette.PANEL, rect)
    pygame.draw.rect(surface, palette.RULE, rect, 1)
    inner = rect.inflate(-2 * type_.px(PADDING), -2 * type_.px(PADDING))
    top = rect.top + type_.px(GRID)
    label = "This lap" if board.sector is not None else "From the line on"
    type_.left(surface, label, LABEL, inner.left, top + type_.px(12))
    type_.left(surface, board.lap, FIGURE_LARGE, inner.left, top + type_.px(42))
    delta_right = inner.left + type_.px(DELTA_RIGHT)
    if board.delta_s is not None:
        type_.right(surface, "to the best, here", LABEL, delta_right, top + type_.px(12))
        style = FIGURE_LARGE.in_colour(delta_colour(board.delta_s))
        type_.right(surface, delta_text(board.delta_s), style, delta_right, top + type_.px(42))
    _draw_laps(surface, pygame.Rect(delta_right, top, inner.right - delta_right, type_.px(3 * ROW)), type_, board)
    _draw_sectors(surface, inner, type_, board)


def _draw_laps(surface: pygame.Surface, area: pygame.Rect, type_: Type, board: LapBoard) -> None:
    rows = (
        ("Last", board.last, palette.TEXT),
        ("Best", board.best, palette.TEXT),
        ("Off limit", board.off_limit.removeprefix("+"), palette.TEXT_DIM),
    )
    left = area.left + type_.px(2 * GRID)
    for place, (label, value, colour) in enumerate(rows):
        if value:
            baseline = area.top + place * type_.px(ROW) + type_.px(14)
            type_.left(surface, label, LABEL, left, baseline)
            type_.right(surface, value, FIGURE.in_colour(colour), area.right, baseline)


def _draw_sectors(surface: pygame.Surface, inner: pygame.Rect, type_: Type, board: LapBoard) -> None:
    gap = type_.px(GRID)
    width = (inner.width - (len(board.sectors) - 1) * gap) // len(board.sectors)
    for place, sector in enumerate(board.sectors):
        cell = pygame.Rect(inner.left + place * (width + gap), 0, width, type_.px(28))
        cell.bottom = inner.bottom + type_.px(GRID) // 2
        bar = pygame.Rect(cell.left, cell.top, cell.width, type_.px(BAR))
        now = place == board.sector
        colour = delta_colour(sector.delta_s) if sector.delta_s is not None else palette.RULE
        pygame.draw.rect(surface, palette.ACCENT if now else colour, bar)
        baseline = cell.bottom - type_.px(6)
        name = type_.left(surface, str(place + 1), LABEL, cell.left, baseline)
        if sector.time_s is not None:
            time = FIGURE_SMALL.in_colour(palette.TEXT)
            type_.left(surface, lap_text(sector.time_s), time, name + type_.px(GRID), baseline)
            text, style = delta_text(sector.delta_s), FIGURE_SMALL.in_colour(delta_colour(sector.delta_s))
            type_.right(surface, text, style, cell.right, baseline)
