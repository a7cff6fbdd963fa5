"""Settings: one line each, changed with the left and right arrows, in force at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pygame

from qrace.game.screens.dialogs import Confirm
from qrace.game.screens.page import Page
from qrace.game.screens.rows import Row
from qrace.game.settings import Settings
from qrace.view.help_overlay import KeyHelp

if TYPE_CHECKING:
    from qrace.game.game import Game

SIZE = (600, 560)
HINTS = (KeyHelp("↑ ↓", "move"), KeyHelp("← →", "change"), KeyHelp("Esc", "back"))


@dataclass(frozen=True)
class Line:
    """A setting on the screen."""

    group: str
    name: str
    field: str
    """Of Settings."""
    values: tuple[Any, ...]
    labels: tuple[str, ...]

    def place(self, settings: Settings) -> int:
        """Of the value that is set, or the nearest to it."""
        value = getattr(settings, self.field)
        if value in self.values:
            return self.values.index(value)
        return min(range(len(self.values)), key=lambda place: abs(self.values[place] - value))


def _on_off(group: str, name: str, field: str, off: str = "off", on: str = "on") -> Line:
    return Line(group, name, field, (False, True), (off, on))


def _shares(group: str, name: str, field: str, percent: Sequence[int]) -> Line:
    return Line(group, name, field, tuple(p / 100 for p in percent), tuple(f"{p} %" for p in percent))


LINES = (
    _on_off("Sound", "Sound", "sound_on"),
    _shares("Sound", "Volume", "sound_volume", range(0, 101, 10)),
    Line(
        "Picture",
        "Colours",
        "colours",
        ("okabe-ito", "tol", "high-contrast"),
        ("Evening · Okabe-Ito", "Pastel · Tol", "High contrast"),
    ),
    _shares("Picture", "Text size", "text_size", (85, 100, 115, 130, 150)),
    _on_off("Picture", "Full screen", "full_screen"),
    Line("Picture", "Frames per second", "frame_cap", (30, 60, 120, 0), ("30", "60", "120", "no cap")),
    Line("Race", "Off the road", "crash_rule", ("back", "out"), ("back on it, with a penalty", "out of the race")),
    _on_off("Race", "Contact", "collisions", "cars pass through", "cars collide"),
)
"""All settings but the keys, which have a screen of their own."""
ROUND = ("colours", "frame_cap", "crash_rule")
"""Fields whose last value is followed by the first; so are those that are on or off."""


class SettingsScreen(Page):
    """A list of all settings by group, and the way to the keys."""

    def __init__(self, game: "Game") -> None:
        super().__init__(game, "Settings", size=SIZE, hints=HINTS)
        self.lines: list[Line | None] = []
        """What stands on each row; None for a heading and for the keys."""

    def build(self, body: pygame.Rect) -> None:
        rows: list[Row] = []
        self.lines = []
        group = ""
        for line in LINES:
            if line.group != group:
                group = line.group
                rows.append(Row(line.group, heading=True))
                self.lines.append(None)
            rows.append(Row(line.name, line.labels[line.place(self.game.settings)], changes=True))
            self.lines.append(line)
        rows += [Row("Keys", heading=True), Row("Choose other keys", "›", key=True)]
        self.lines += [None, None]
        self.list = self.add_rows(body, rows, self._take_row, self._change)
        self.add_button("Close", self.game.back, primary=True)
        self.add_button("All as they were", self._ask_reset)

    def _take_row(self, index: int) -> None:
        line = self.lines[index]
        if line is None:
            self.game.open_named("Keys")
        else:
            self._change(index, 1, round_=True)

    def _change(self, index: int, step: int, round_: bool = False) -> None:
        """Set a row's next value, or the one before; `round_`: after the last comes the first."""
        line, settings = self.lines[index], self.game.settings
        if line is None:
            return
        place, count = line.place(settings) + step, len(line.values)
        if round_ or line.field in ROUND or count == 2:
            place %= count
        if 0 <= place < count:
            self.game.change_settings(**{line.field: line.values[place]})
            self.refresh()

    def _ask_reset(self) -> None:
        text = "Set everything back to what it was when QRace was new? Your keys go back, too."
        self.game.open(Confirm(self.game, "Settings", text, "Set back", self._reset))

    def _reset(self) -> None:
        new = Settings()
        self.game.change_settings(keys=new.keys, **{line.field: getattr(new, line.field) for line in LINES})
        self.refresh()
