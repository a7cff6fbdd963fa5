"""Records: the best lap of every driver by track and car, the races, and the training; filtered by track and car."""

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pygame

from qrace.errors import QRaceError, printable
from qrace.game.limits import off_limit_text, track_names
from qrace.game.modes.mode import count_text, lap_text
from qrace.game.record_book import LapLine, RecordBook, date_text, duration_text, gather
from qrace.game.screens.page import Page, Shape
from qrace.game.screens.rows import ROW, Row
from qrace.race.records import RaceRecord, TrainingRecord
from qrace.sim.car import CAR_MODELS, CarName
from qrace.view import palette
from qrace.view.help_overlay import KeyHelp
from qrace.view.layout import PADDING
from qrace.view.type import FIGURE_SMALL, WORDS

if TYPE_CHECKING:
    from qrace.game.game import Game

T = TypeVar("T")
FILTER_WIDTH = 288
"""[px at scale 1], as are the following."""
LIST_WIDTH = 864
"""At most, so that the eye finds from a name to its figures."""
NAME_WIDTH = 168
"""Columns of figures are left out rather than that a name gets less."""
LINE = 20
BESIDE_FROM = 640
"""In a narrower window the filters lie over the list, not beside it."""
MOST_OF_MANY = 10
"""Laps of a track and car, as long as no track is chosen."""
VIEWS = ("Laps", "Races", "Training")
TRAINING = VIEWS.index("Training")
"""A training is kept without its car."""
NOTHING_YET = (
    "No laps yet. The best lap of everyone who drives is kept here.",
    "No races yet. Their results are kept here.",
    "No training yet. It is kept here when a brain is saved.",
)
HINTS = (KeyHelp("← →", "change"), KeyHelp("Tab", "list"), KeyHelp("↑ ↓", "move"), KeyHelp("Esc", "back"))
Column = tuple[str, int]
"""A heading and the width of what stands under it, in figures."""
DROPPED = ("sectors", "date", "car", "steps", "trained")
"""Columns that are left out where there is no room for all, the first one first."""
LAP_COLUMNS: tuple[Column, ...] = (("lap", 8), ("off limit", 11), ("sectors", 22), ("date", 13))
RACE_COLUMNS: tuple[Column, ...] = (("car", 10), ("best lap", 11), ("time", 10))
RUN_COLUMNS: tuple[Column, ...] = (("best lap", 9), ("steps", 11), ("trained", 10), ("date", 13))


class RecordsScreen(Page):
    """Reads the records on their own thread, and shows what has been read.

    Attributes:
        book: all records, None until they have been read.
        view: index into VIEWS.
        track, car: only what was done there, and with it; None for all.
    """

    def __init__(self, game: "Game") -> None:
        super().__init__(game, "Records", Shape.FULL, hints=HINTS)
        self.book: RecordBook | None = None
        self.view = 0
        self.track: str | None = None
        self.car: CarName | None = None
        self._told = "Reading …"
        self._columns: tuple[Column, ...] = ()
        self._read = game.context.recorder.ask(gather)

    def update(self, dt: float, deadline: float) -> None:
        if self.book is None and self._read.done():
            try:
                self.book, self._told = self._read.result(), ""
            except QRaceError as error:
                self.book, self._told = RecordBook(), str(error)
            self.refresh()
        super().update(dt, deadline)

    def build(self, body: pygame.Rect) -> None:
        type_ = self.game.type
        titles = {} if self.book is None else self.book.tracks
        filters = [
            Row("Show", VIEWS[self.view], changes=True),
            Row("Track", printable(titles.get(self.track or "", "all")), changes=True),
        ]
        if self.view != TRAINING:
            filters.append(Row("Car", self.car or "all", changes=True))
        beside = body.width >= type_.px(BESIDE_FROM)
        width = type_.px(FILTER_WIDTH) if beside else body.width
        height = body.height if beside else len(filters) * type_.px(ROW)
        self.filters = self.add_rows(
            pygame.Rect(body.left, body.top, width, height), filters, lambda row: self._change(row, 1), self._change
        )
        left, top = (body.left + width, body.top) if beside else (body.left, body.top + height)
        place = pygame.Rect(left, top, min(body.right - left, type_.px(LIST_WIDTH)), body.bottom - top)
        self.rows = self.add_rows(place, self._rows(place.width), lambda row: None)

    def _change(self, row: int, step: int) -> None:
        if row == 0:
            self.view = (self.view + step) % len(VIEWS)
        elif row == 1 and self.book is not None:
            self.track = _next(self.track, list(self.book.tracks), step)
        elif row == 2:
            self.car = _next(self.car, list(CAR_MODELS), step)
        self._marks.pop(1, None)  # the list is another one
        self._guard(self.refresh)

    def _rows(self, width: int) -> list[Row]:
        book = self.book or RecordBook()
        room = (width - self.game.type.px(NAME_WIDTH)) // self.game.type.width("0", FIGURE_SMALL)
        self._columns = (LAP_COLUMNS, RACE_COLUMNS, RUN_COLUMNS)[self.view]
        if not any(line.record.lap.sectors_s for line in book.laps):
            self._columns = tuple(column for column in self._columns if column[0] != "sectors")
        for dropped in DROPPED:
            if sum(size for _, size in self._columns) > room:
                self._columns = tuple(column for column in self._columns if column[0] != dropped)
        if self.view == 0:
            return self._lap_rows([line for line in book.laps if self._shows(line.record.name, line.record.lap.car)])
        if self.view == 1:
            return [row for race in book.races if self._shows_race(race) for row in self._race_rows(race)]
        runs = [record for record in book.runs if self._shows_run(record)]
        heading = [Row("Models", self._heads(), heading=True)] if runs else []
        return heading + [self._run_row(record) for record in runs]

    def _shows(self, track: str, car: str) -> bool:
        return self.track in (None, track) and self.car in (None, car)

    def _shows_race(self, race: RaceRecord) -> bool:
        return any(self._shows(race.name, entrant.car) for entrant in race.result.entrants)

    def _shows_run(self, record: TrainingRecord) -> bool:
        return self.track is None or self.track in track_names(record.run.tracks)

    def _nothing(self) -> str:
        """What is said where no row is."""
        track = " on this track" if self.track is not None else ""
        car = " with this car" if self.car is not None and self.view != TRAINING else ""
        return f"None{track}{car}." if track or car else NOTHING_YET[self.view]

    def _heads(self) -> str:
        return "".join(f"{name:>{width}}" for name, width in self._columns)

    def _figures(self, values: dict[str, str]) -> str:
        return "".join(f"{values[name]:>{width}}" for name, width in self._columns)

    def _lap_rows(self, lines: list[LapLine]) -> list[Row]:
        """Of one track all, else the best of each group."""
        rows: list[Row] = []
        most = MOST_OF_MANY if self.track is None else len(lines)
        for _, group in groupby(lines, key=lambda line: (line.record.name, line.record.geometry, line.record.lap.car)):
            members = list(group)
            record, limit = members[0].record, members[0].limit
            told = "" if limit is None else f" · limit {lap_text(limit.limit_s)}"
            rows.append(Row(printable(f"{record.track} · {record.lap.car} car{told}"), self._heads(), heading=True))
            rows += [self._lap_row(place, line) for place, line in enumerate(members[:most], 1)]
            if len(members) > most:
                rows.append(Row(f"and {len(members) - most} more", dim=True, place=" "))
        return rows

    def _lap_row(self, place: int, line: LapLine) -> Row:
        lap = line.record.lap
        values = {
            "lap": lap_text(lap.lap_s),
            "off limit": off_limit_text(line.off_pct),
            "sectors": " ".join(f"{lap_text(time):>6}" for time in lap.sectors_s or ()),
            "date": date_text(line.record.driven_at),
        }
        return Row(printable(lap.driver), self._figures(values), place=str(place))

    def _race_rows(self, race: RaceRecord) -> list[Row]:
        laps = f"{race.result.laps} lap{'s' * (race.result.laps > 1)}"
        title = f"{race.track} · {laps} · {date_text(race.driven_at, time=True)}"
        rows = [Row(printable(title), self._heads(), heading=True)]
        for entrant in race.result.entrants:
            values = {
                "car": printable(entrant.car),
                "best lap": lap_text(entrant.best_lap_s),
                "time": "out" if entrant.out else lap_text(entrant.total_s),
            }
            rows.append(
                Row(printable(entrant.name), self._figures(values), place=str(entrant.position), dim=entrant.out)
            )
        return rows

    def _run_row(self, record: TrainingRecord) -> Row:
        run = record.run
        values = {
            "best lap": lap_text(run.best_lap_s),
            "steps": count_text(run.steps),
            "trained": duration_text(run.seconds),
            "date": date_text(record.ended_at),
        }
        name = f"{Path(run.file).stem} · {run.preset} · {run.tracks or 'generated roads'}"
        return Row(printable(name), self._figures(values))

    def draw(self, surface: pygame.Surface, dt: float) -> None:
        super().draw(surface, dt)
        if not self.rows.rows:
            type_, style = self.game.type, WORDS.in_colour(palette.TEXT_DIM)
            place = self.rows.rect.inflate(-2 * type_.px(PADDING), 0)
            for line, words in enumerate(type_.wrap(self._told or self._nothing(), style, place.width)):
                type_.left(surface, words, style, place.left, place.top + type_.px(LINE) * (line + 1))


def _next(present: T | None, choice: list[T], step: int) -> T | None:
    """The one after (or before) in a ring that begins with all."""
    ring: list[T | None] = [None, *choice]
    place = ring.index(present) if present in ring else 0
    return ring[(place + step) % len(ring)]
