"""Small cards that any screen may open: a message, a question, a word to be typed."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import pygame
from pygame_gui.elements import UITextEntryLine

from qrace.game.screens.page import FOOT, HEAD, Page
from qrace.view.help_overlay import KeyHelp
from qrace.view.layout import GRID, PADDING
from qrace.view.type import WORDS

if TYPE_CHECKING:
    from qrace.game.game import Game

WIDTH = 480
"""[px at scale 1], as are the following."""
LINE = 20
ENTRY = 36


class Message(Page):
    """A title and a sentence, broken into lines."""

    def __init__(
        self,
        game: "Game",
        title: str,
        text: str,
        hints: Sequence[KeyHelp] = (KeyHelp("Esc", "back"),),
        extra: int = 0,
    ) -> None:
        """extra: height under the sentence [px at scale 1]."""
        super().__init__(game, title, hints=hints)
        self.text, self._extra = text, extra

    @property
    def frame(self) -> pygame.Rect:
        self.size = (WIDTH, HEAD + FOOT + LINE * len(self._lines) + GRID + self._extra)
        return super().frame

    @property
    def _lines(self) -> list[str]:
        type_ = self.game.type
        width = min(type_.px(WIDTH), self.game.layout.window.width - 2 * type_.px(PADDING))
        return type_.wrap(self.text, WORDS, width - 2 * type_.px(PADDING))

    def draw(self, surface: pygame.Surface, dt: float) -> None:
        super().draw(surface, dt)
        type_, body = self.game.type, self.body
        for row, line in enumerate(self._lines):
            baseline = body.top + row * type_.px(LINE) + type_.px(15)
            type_.left(surface, line, WORDS, body.left + type_.px(PADDING), baseline)


class Confirm(Message):
    """A question; Enter says yes with `label` on the button, Esc says no."""

    def __init__(self, game: "Game", title: str, text: str, label: str, yes: Callable[[], object]) -> None:
        super().__init__(game, title, text)
        self._label, self._yes = label, yes

    def build(self, body: pygame.Rect) -> None:
        self.add_button(self._label, self._done, primary=True)
        self.add_button("Cancel", self.game.back)

    def _done(self) -> None:
        self.game.back()
        self._yes()


class Ask(Message):
    """A line to type in; Enter gives it to `done`. If that raises QRaceError, the card stays, with what was typed.

    Attributes:
        entry: the line.
    """

    entry: UITextEntryLine

    def __init__(
        self,
        game: "Game",
        title: str,
        text: str,
        label: str,
        done: Callable[[str], object],
        first: str = "",
        most: int = 60,
    ) -> None:
        """first: what stands in the line to begin with. most: characters."""
        super().__init__(game, title, text, (KeyHelp("Enter", label.lower()), KeyHelp("Esc", "back")), ENTRY + GRID)
        self._label, self._done, self._typed, self._most = label, done, first, most

    def build(self, body: pygame.Rect) -> None:
        type_ = self.game.type
        rect = pygame.Rect(0, 0, body.width - 2 * type_.px(PADDING), type_.px(ENTRY))
        rect.midbottom = body.midbottom
        self.entry = UITextEntryLine(rect, self.gui.manager, initial_text=self._typed)
        self.entry.set_text_length_limit(self._most)
        self.entry.edit_position = len(self._typed)
        self.add(self.entry)
        self.add_button(self._label, self.enter, primary=True)

    def resize(self) -> None:
        if self.stops:
            self._typed = self.entry.get_text()
        super().resize()

    def enter(self) -> None:
        """Hand over what was typed; other screens may be opened by that."""
        text = self.entry.get_text().strip()
        if text:
            self._done(text)
            if self.game.screens.top is self:
                self.game.back()
