"""The title: where everything can be reached from, beside cars that drive on."""

from typing import TYPE_CHECKING

import pygame

from qrace.game.keys import ModeName
from qrace.game.screens.page import Page, Shape
from qrace.game.screens.registry import ENTRIES
from qrace.game.screens.rows import Row
from qrace.view.help_overlay import KeyHelp
from qrace.view.layout import PADDING
from qrace.view.type import DISPLAY, LABEL

if TYPE_CHECKING:
    from qrace.game.game import Game

ROW_HEIGHT, LEAST_ROW = 40, 26
"""In a low window the entries stand closer, so that all can be seen [px at scale 1], as are the following."""
HEAD = 104
HINTS = (KeyHelp("↑ ↓", "move"), KeyHelp("Enter", "choose"), KeyHelp("Esc", "quit"))
PRESENT = {ModeName.TRAIN: "Train", ModeName.DRIVE: "Drive", ModeName.RACE: "Race"}
"""The entry that leads back to where one came from."""


class TitleScreen(Page):
    """The entries of the registry. Esc leaves the game from here."""

    def __init__(self, game: "Game") -> None:
        super().__init__(game, "", Shape.COLUMN, hints=HINTS)
        self._names = list(ENTRIES)

    def build(self, body: pygame.Rect) -> None:
        type_, count = self.game.type, len(self._names)
        top = type_.px(HEAD)
        rect = pygame.Rect(body.left, top, body.width, body.bottom - top)
        height = next((h for h in range(ROW_HEIGHT, LEAST_ROW, -1) if type_.px(h) * count <= rect.height), LEAST_ROW)
        here = PRESENT[self.game.mode.name]
        rows = [Row(name, "goes on" if name == here else "", words=True) for name in self._names]
        self.add_rows(rect, rows, self._take_entry, marked=self._names.index(here), row_height=height)

    def _take_entry(self, index: int) -> None:
        name = self._names[index]
        if name == PRESENT[self.game.mode.name]:
            self.game.close_screens()
        else:
            self.game.open_named(name)

    def escape(self) -> None:
        self.game.leave()

    def draw(self, surface: pygame.Surface, dt: float) -> None:
        super().draw(surface, dt)
        type_ = self.game.type
        left, top = type_.px(PADDING), type_.px(PADDING)
        type_.left(surface, "QRace", DISPLAY, left, top + type_.px(32))
        type_.left(surface, "Cars that learn to drive", LABEL, left, top + type_.px(56))
