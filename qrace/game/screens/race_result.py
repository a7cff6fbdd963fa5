"""After a race: the podium, the result of everyone, and what may come next."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pygame

from qrace.game.limits import off_limit, off_limit_text
from qrace.game.modes.mode import lap_text, road_text
from qrace.game.modes.race_panel import gap_text
from qrace.game.screens.page import Page
from qrace.race.race import Standing
from qrace.view import palette
from qrace.view.help_overlay import KeyHelp
from qrace.view.layout import PADDING
from qrace.view.panel import NOTHING
from qrace.view.plates import PLATE, draw_plate
from qrace.view.podium import HEIGHT, Honoured, paint_podium
from qrace.view.type import FIGURE, FIGURE_SMALL, LABEL, STRONG, WORDS, Type

if TYPE_CHECKING:
    from qrace.game.game import Game
    from qrace.game.modes.race import RaceMode

WIDTH = 864
"""[px at scale 1], as are the following."""
ROW = 22
TABLE_HEAD = 32
COLUMNS = (("laps", 416), ("best lap", 328), ("total", 168), ("gap", 88), ("penalty", 0))
"""Name of each column of figures, and how far from the right it ends."""
OFF_FROM_RIGHT = 256
"""Beside the best lap: how far it is off the limit."""
CAR_FROM_RIGHT = 464
PLATE_LEFT, NAME_LEFT = 32, 32 + PLATE[0] + 12
HINTS = (KeyHelp("R", "again"), KeyHelp("G", "set up"), KeyHelp("Esc", "close"))


@dataclass(frozen=True)
class _Line:
    """One row of the table."""

    position: str
    name: str
    car: str
    look: tuple[int, int] | None
    """Livery and number, None for the limit."""
    figures: tuple[str, ...]
    """In the order of COLUMNS."""
    dim: bool
    off_limit: str = ""


class RaceResultScreen(Page):
    """Shows a race that is over, and stands still behind it."""

    def __init__(self, game: "Game", mode: "RaceMode") -> None:
        self._mode = mode
        standings = mode.race.standings()
        self.lines = [_line(mode, row) for row in standings]
        if mode.ghost is not None:
            self.lines.append(_limit_line(mode))
        self.honoured = tuple(_honoured(mode, row) for row in standings[:3] if row.total_s is not None)
        self._podium = HEIGHT if self.honoured else 0
        height = 112 + self._podium + TABLE_HEAD + ROW * len(self.lines) + 2 * PADDING
        super().__init__(game, "Result", size=(WIDTH, height), hints=HINTS)
        self.note = road_text(mode.race.track)
        game.notices.clear()
        self._image = pygame.Surface((1, 1))

    def build(self, body: pygame.Rect) -> None:
        self._image = self._paint(body.width, body.height)
        self.add_button("Again", self._again, primary=True)
        self.add_button("Set up", self._set_up)
        self.add_button("Close", self.game.back)

    def press(self, key: int, character: str) -> bool:
        if key == pygame.K_r:
            self._again()
        elif key == pygame.K_g:
            self._set_up()
        else:
            return False
        return True

    def _again(self) -> None:
        self.game.commands.race(self._mode.plan.again())

    def _set_up(self) -> None:
        self.game.back()
        self.game.commands.choose_race()

    def draw(self, surface: pygame.Surface, dt: float) -> None:
        super().draw(surface, dt)
        body = self.body
        surface.blit(self._image, (body.left + 1, body.top), (1, 0, body.width - 2, body.height))

    def _paint(self, width: int, height: int) -> pygame.Surface:
        type_ = self.game.type
        image = pygame.Surface((width, height))
        image.fill(palette.PANEL)
        top = 0
        if self.honoured and height >= type_.px(HEIGHT + TABLE_HEAD + ROW * len(self.lines)):
            sprites = self.game.context.scene.sprites
            image.blit(paint_podium(width, type_, sprites, self.honoured), (0, 0))
            top = type_.px(HEIGHT)
        left, right = type_.px(PADDING), width - type_.px(PADDING)
        baseline = top + type_.px(TABLE_HEAD - 8)
        for name, from_right in COLUMNS:
            type_.right(image, name, LABEL, right - type_.px(from_right), baseline)
        type_.left(image, "driver", LABEL, left + type_.px(NAME_LEFT), baseline)
        type_.right(image, "car", LABEL, right - type_.px(CAR_FROM_RIGHT), baseline)
        type_.right(image, "off limit", LABEL, right - type_.px(OFF_FROM_RIGHT), baseline)
        top += type_.px(TABLE_HEAD)
        pygame.draw.line(image, palette.RULE, (left, top - 1), (right - 1, top - 1))
        for row, line in enumerate(self.lines):
            _paint_line(image, type_, line, left, right, top + row * type_.px(ROW))
        return image


def _paint_line(image: pygame.Surface, type_: Type, line: _Line, left: int, right: int, top: int) -> None:
    baseline = top + type_.px(16)
    ink = palette.TEXT_DIM if line.dim else palette.TEXT
    type_.right(image, line.position, FIGURE.in_colour(ink), left + type_.px(20), baseline)
    if line.look is not None:
        draw_plate(image, (left + type_.px(PLATE_LEFT), top + type_.px(4)), type_, *line.look)
    for (_, from_right), figure in zip(COLUMNS, line.figures, strict=True):
        type_.right(image, figure, FIGURE.in_colour(ink), right - type_.px(from_right), baseline)
    type_.right(image, line.off_limit, FIGURE_SMALL, right - type_.px(OFF_FROM_RIGHT), baseline)
    car_left = type_.right(image, line.car, LABEL, right - type_.px(CAR_FROM_RIGHT), baseline)
    name_left = left + type_.px(NAME_LEFT)
    style = (STRONG if line.position == "1" else WORDS).in_colour(ink)
    type_.left(image, type_.fit(line.name, style, car_left - name_left - type_.px(8)), style, name_left, baseline)


def _line(mode: "RaceMode", row: Standing) -> _Line:
    entrant = mode.race.cars[row.entrant].entrant
    gap = "flagged" if row.flagged else NOTHING if row.position == 1 and not row.out else gap_text(row)
    penalty = f"{row.penalty_s:.0f} s" if row.penalty_s else NOTHING
    return _Line(
        str(row.position),
        row.name,
        entrant.config.car,
        (entrant.livery, entrant.number),
        (str(row.laps), lap_text(row.best_lap_s), lap_text(row.total_s), gap, penalty),
        row.out or row.flagged,
        off_limit_text(off_limit(mode.race.track, entrant.config.car, row.best_lap_s)),
    )


def _limit_line(mode: "RaceMode") -> _Line:
    ghost = mode.ghost
    assert ghost is not None
    figures = (str(mode.race.laps), lap_text(ghost.lap_s), lap_text(ghost.total_s), NOTHING, NOTHING)
    return _Line("", "The limit", ghost.car, None, figures, True)


def _honoured(mode: "RaceMode", row: Standing) -> Honoured:
    entrant = mode.race.cars[row.entrant].entrant
    time = lap_text(row.total_s) if row.position == 1 else gap_text(row)
    return Honoured(row.name, time, entrant.config.car, entrant.livery, entrant.number)
