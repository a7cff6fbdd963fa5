"""Before a race: the road, the laps and the rules on the left, who drives on the right."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pygame
from pygame_gui.elements import UIButton

from qrace.game.limits import track_names
from qrace.game.modes.mode import lap_text, road_text
from qrace.game.race_choice import BRAIN, MOST_LAPS, MOST_TRACK_SEED, YOU
from qrace.game.road_ahead import RoadAhead
from qrace.game.screens.page import Page
from qrace.game.screens.rows import ROW, Row, RowList
from qrace.game.session import THIS_BRAIN
from qrace.race.rules import MOST_ENTRANTS, PENALTY_S
from qrace.sim.track_files import load_track
from qrace.view import palette
from qrace.view.help_overlay import KeyHelp
from qrace.view.layout import GRID, PADDING
from qrace.view.plates import plate
from qrace.view.type import LABEL, WORDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from qrace.game.driver_files import SavedDriver
    from qrace.game.game import Game
    from qrace.rl.checkpoint import Description

SIZE = (960, 600)
LEFT_SHARE = 0.42
"""Of the width, for the rules."""
HINTS = (
    KeyHelp("Space", "tick"),
    KeyHelp("Tab", "rules / drivers"),
    KeyHelp("← →", "change"),
    KeyHelp("Enter", "start"),
)
SMALLEST_PICTURE = 64
"""Where there is less room, the road is not shown [px at scale 1]."""
ENTRANTS = 1
"""Place of the list of drivers among the widgets."""


@dataclass(frozen=True)
class _Rule:
    """A line on the left."""

    name: str
    value: str
    change: "Callable[[int], object]"


class RaceSetupScreen(Page):
    """Choose and start. Everything chosen is kept for the next race.

    Attributes:
        keys: of the entrants list, row by row; None for a heading.
        rules: the lines on the left.
        road: the picture under them.
    """

    def __init__(self, game: "Game") -> None:
        super().__init__(game, "Race", size=SIZE, hints=HINTS, pauses=True)
        self._choice = game.race_choice
        self._choice.open(game.session)
        self.keys: list[str | None] = []
        self.rules: list[_Rule] = []
        self._focus = ENTRANTS
        self.road, self._picture = RoadAhead(), pygame.Rect(0, 0, 1, 1)

    def build(self, body: pygame.Rect) -> None:
        left = body.copy()
        left.width = round(body.width * LEFT_SHARE)
        right = body.copy()
        right.left, right.width = (
            left.right + self.game.type.px(GRID),
            body.right - left.right - self.game.type.px(GRID),
        )
        self.rules = self._make_rules()
        rows = [Row(rule.name, rule.value, changes=True) for rule in self.rules]
        self.rule_list = self.add_rows(
            self._split(left, len(rows)), rows, lambda index: self._change(index, 1), self._change
        )
        self.driver_list = self.add_rows(right, self._driver_rows(), self._tick, marked=1)
        self.add_button("Start", self.start, primary=True)
        self.add_button("Back", self.game.back)
        self.road.also(self._choice.preload)
        self.note = f"{len(self._choice.ticked or ())} of {MOST_ENTRANTS}"

    def _split(self, left: pygame.Rect, rows: int) -> pygame.Rect:
        """Leave the rules what they need and the picture of the road the rest; returns the rules' part."""
        type_ = self.game.type
        upper = pygame.Rect(left.left, left.top, left.width, min(rows * type_.px(ROW), left.height))
        gap = type_.px(PADDING)
        self._picture = pygame.Rect(
            left.left + gap, upper.bottom + gap, left.width - gap, left.bottom - upper.bottom - gap
        )
        size = max(self._picture.width, 1), max(self._picture.height, 1)
        choice, session = self._choice, self.game.session
        name = choice.track_name
        here = session.track
        self.road.ask(name, lambda: here if name == here.name else load_track(name), size)
        return upper

    def _make_rules(self) -> list[_Rule]:
        choice, settings = self._choice, self.game.settings
        rules = [_Rule("Track", choice.track_label, choice.change_track)]
        if choice.random:
            rules.append(_Rule("Seed", str(choice.track_seed), self._change_seed))
        back = settings.crash_rule == "back"
        rules += [
            _Rule("Laps", str(choice.laps), self._change_laps),
            _Rule("Off the road", f"back after {PENALTY_S:.0f} s" if back else "out", self._change_crash_rule),
            _Rule("Contact", "cars touch" if settings.collisions else "pass through", self._change_contact),
            _Rule("Grid", "by lot" if choice.by_lot else "as listed", self._change_grid),
            _Rule("The limit", "drives along" if choice.limit else "stays away", self._change_limit),
        ]
        if YOU in (choice.ticked or ()):
            car = choice.car or self.game.session.config.env.car
            rules.append(_Rule("Your car", car, lambda step: choice.change_car(step, self.game.session)))
        return rules

    def _driver_rows(self) -> list[Row]:
        session, choice = self.game.session, self._choice
        entries: list[tuple[str | None, Row]] = [
            (None, Row("Here", heading=True)),
            (YOU, Row("You", "your keys", YOU in (choice.ticked or ()))),
            (BRAIN, Row(THIS_BRAIN, f"{session.config.env.car} · learns now", BRAIN in (choice.ticked or ()))),
        ]
        drivers = choice.racers()
        for title, unasked in (("Saved drivers", False), ("Older selves", True)):
            group = [driver for driver in drivers if driver.unasked is unasked]
            if group:
                entries.append((None, Row(title, heading=True)))
                entries += [(str(driver.path), self._driver_row(driver)) for driver in group]
        self.keys = [key for key, _ in entries]
        return [row for _, row in entries]

    def _driver_row(self, driver: "SavedDriver") -> Row:
        description = driver.description
        assert description is not None
        detail = f"{description.config.env.car} · {_learnt(description)}"
        picture = plate(self.game.type, driver.livery, driver.number)
        return Row(driver.name, detail, str(driver.path) in (self._choice.ticked or ()), picture=picture)

    def _tick(self, index: int) -> None:
        key = self.keys[index]
        if key is not None and not self._choice.tick(key):
            self.game.notices.warn(f"The grid is full: {MOST_ENTRANTS} cars can race.")
        self.refresh()

    def _change(self, index: int, step: int) -> None:
        self.rules[index].change(step)
        self.refresh()

    def _change_seed(self, step: int) -> None:
        self._choice.track_seed = min(max(self._choice.track_seed + step, 0), MOST_TRACK_SEED)

    def _change_laps(self, step: int) -> None:
        self._choice.laps = min(max(self._choice.laps + step, 1), MOST_LAPS)

    def _change_crash_rule(self, step: int) -> None:
        self.game.change_settings(crash_rule="out" if self.game.settings.crash_rule == "back" else "back")

    def _change_contact(self, step: int) -> None:
        self.game.change_settings(collisions=not self.game.settings.collisions)

    def _change_grid(self, step: int) -> None:
        self._choice.by_lot = not self._choice.by_lot

    def _change_limit(self, step: int) -> None:
        self._choice.limit = not self._choice.limit

    def start(self) -> None:
        """To the grid."""
        track = self.road.track(self._choice.track_name)
        self.game.commands.race(self._choice.plan(self.game.session, self.game.settings, track))

    def enter(self) -> None:
        """Enter starts, wherever the mark is; a button that has been gone to does what it says."""
        if isinstance(self.focused, UIButton):
            super().enter()
        elif isinstance(self.focused, RowList):
            self.start()

    def update(self, dt: float, deadline: float) -> None:
        super().update(dt, deadline)
        self.road.update()

    def draw(self, surface: pygame.Surface, dt: float) -> None:
        super().draw(surface, dt)
        preview, type_, place = self.road.preview, self.game.type, self._picture
        if preview is None or place.height < type_.px(SMALLEST_PICTURE):
            return
        if preview.picture is not None and preview.track is not None:
            surface.blit(preview.picture, preview.picture.get_rect(center=place.center))
            type_.left(surface, road_text(preview.track), LABEL, place.left, place.bottom - type_.px(GRID))
        for row, line in enumerate(type_.wrap(preview.fault, WORDS, place.width)):
            baseline = place.top + (row + 1) * type_.px(2.5 * GRID)
            type_.left(surface, line, WORDS.in_colour(palette.WARN), place.left, baseline)

    def close(self) -> None:
        self.road.close()


def _learnt(description: "Description") -> str:
    """Where a driver learned, in few words; a best lap says something where that is one road."""
    names = track_names(description.track)
    if len(names) != 1:
        return f"{len(names)} tracks" if names else "any road"
    best = "no lap yet" if description.best_lap_s is None else f"{lap_text(description.best_lap_s)} s"
    return f"{names[0]} · {best}"
