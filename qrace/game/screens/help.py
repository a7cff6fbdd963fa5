"""Help: every key of the mode, where it can be changed at once."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pygame

from qrace.game.keys import Action, within_reach
from qrace.game.screens.page import CHOOSE, Page
from qrace.game.screens.rows import Row
from qrace.view.help_overlay import KeyGroup, balance
from qrace.view.layout import GRID

if TYPE_CHECKING:
    from qrace.game.game import Game

SIZE = (880, 608)
ROW_HEIGHT = 28
COLUMNS_FROM = 720
"""A narrower body has all keys in one column [px at scale 1]."""


class HelpScreen(Page):
    """The groups of keys in one or two lists."""

    def __init__(self, game: "Game") -> None:
        super().__init__(game, f"Keys · {game.mode.name.value}", size=SIZE, hints=CHOOSE[::2])

    def build(self, body: pygame.Rect) -> None:
        type_, mode = self.game.type, self.game.mode
        reached = [(group, within_reach(group.keys, mode)) for group in self.game.keys.help_groups(mode.name)]
        groups = [replace(group, keys=keys) for group, keys in reached if keys]
        columns = 2 if body.width >= type_.px(COLUMNS_FROM) else 1
        gap = type_.px(2 * GRID)
        width = (body.width - (columns - 1) * gap) // columns
        for column, half in enumerate(balance(groups, columns)):
            rect = pygame.Rect(body.left + column * (width + gap), body.top, width, body.height)
            self.add_rows(rect, _rows(half), lambda _: self._change(), row_height=ROW_HEIGHT)
        self.add_button("Change keys", self._change, primary=True)

    def _change(self) -> None:
        self.game.open_named("Keys")

    def press(self, key: int, character: str) -> bool:
        """The key of help closes it, too."""
        if key not in self.game.keys.codes(Action.HELP):
            return False
        self.game.back()
        return True


def _rows(groups: list[KeyGroup]) -> list[Row]:
    rows = []
    for group in groups:
        rows.append(Row(group.title, heading=True))
        rows += [Row(key.text[:1].upper() + key.text[1:], key.key, key=True) for key in group.keys]
    return rows
