"""A page for the tests of what all screens do."""

import pygame

from qrace.game.screens.page import Page
from qrace.game.screens.rows import Row
from qrace.game.screens.shape import Shape
from tests.game.helpers import Game


class Sample(Page):
    """A list whose rows can be taken and changed, and two buttons."""

    def __init__(self, game: Game, shape: Shape = Shape.CARD, rows: int = 40) -> None:
        super().__init__(game, "Sample", shape)
        self.count, self.told = rows, [""]
        self.value = 3

    def build(self, body: pygame.Rect) -> None:
        rows = [Row("Cars", heading=True), Row("Laps", str(self.value), changes=True)]
        rows += [Row(f"row {number}", ticked=False) for number in range(self.count)]
        self.list = self.add_rows(body, rows, lambda index: self.told.append(f"row {index}"), self.change)
        self.add_button("Start", lambda: self.told.append("start"), primary=True)
        self.add_button("Leave", self.game.back)

    def change(self, index: int, step: int) -> None:
        self.value += step
        self.refresh()
