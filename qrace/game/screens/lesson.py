"""The lesson: one decision of the chosen car in the Bellman equation, and the words of Q-learning with their values."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pygame

from qrace.game.keys import Action, ModeName
from qrace.game.lesson import Term, terms
from qrace.game.modes.train import TrainMode
from qrace.game.screens.page import Page, Shape
from qrace.rl.backup import Backup
from qrace.view import palette
from qrace.view.help_overlay import KeyHelp
from qrace.view.layout import PADDING
from qrace.view.palette import Colour
from qrace.view.type import FIGURE, FIGURE_SMALL, HEADING, LABEL, WORDS

if TYPE_CHECKING:
    from qrace.game.game import Game

HOLD_S = 1.5
"""A decision is shown for so long, unless time is stopped: then every one [s]."""
ROW, LINE = 20, 16
"""Height of a figure and of a line of small words [px at scale 1], as is the following."""
GAP = 12
"""Around the rule between the two groups; half of it between the words."""
THROUGH = frozenset(
    {
        Action.PAUSE,
        Action.ONE_TICK,
        Action.FASTER,
        Action.SLOWER,
        Action.NEXT_CAR,
        Action.PREVIOUS_CAR,
        Action.CAMERA,
        Action.RAYS,
    }
)
"""What one does while one reads; these keys go on to the mode beside it."""
EQUATION = "Q(s, a) is to be r + γ max Q(s′, a′), the Bellman equation. Each update takes away a part of the TD error."
CRASH = "It crashed. Nothing comes after, so Q(s, a) is to be r alone."


class LessonScreen(Page):
    """A column beside the training, which goes on.

    Attributes:
        shown: the decision that is explained, None before the chosen car's first.
    """

    def __init__(self, game: "Game") -> None:
        if game.mode.name is not ModeName.TRAIN:
            game.train()
        labels = game.keys.label
        hints = (
            KeyHelp(labels(Action.PAUSE), "pause"),
            KeyHelp(labels(Action.ONE_TICK), "tick"),
            KeyHelp("Esc", "back"),
        )
        super().__init__(game, "Lesson", Shape.COLUMN, hints=hints, pauses=False)
        self.shown: Backup | None = None
        self._car = game.context.scene.chosen
        self._age = HOLD_S
        self._wrapped: dict[str, list[str]] = {}
        """The lines of every sentence at this size of the window."""
        self._first = 0
        """The word on top; another than the first only in a window too low for all."""

    def build(self, body: pygame.Rect) -> None:
        self._wrapped = {}

    @property
    def terms(self) -> list[Term]:
        """The words of the brain that learns, as it is now."""
        trainer = self.game.session.trainer
        return terms(trainer.agent, trainer.config.learner)

    def process_event(self, event: pygame.event.Event) -> bool:
        game = self.game
        if event.type == pygame.KEYDOWN:
            action = game.keys.action_of(event, game.mode.name)
            if action in THROUGH:
                game.commands.act(action)
                return True
            if action is Action.LESSON:
                game.back()
                return True
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1 and game.layout.stage.collidepoint(event.pos):
            game.context.scene.choose_at(event.pos)
            return True
        if event.type == pygame.MOUSEWHEEL:
            self._step(-event.y)
            return True
        return super().process_event(event)

    def _step(self, step: int) -> None:
        """Up or down the words, where they do not all fit."""
        self._first = max(0, self._first + step)

    def update(self, dt: float, deadline: float) -> None:
        super().update(dt, deadline)
        self._age += dt
        mode, chosen = self.game.mode, self.game.context.scene.chosen
        assert isinstance(mode, TrainMode)
        held = self.shown is not None and self._age < HOLD_S and not self.game.context.pace.paused
        if not held or chosen != self._car:
            if mode.backup is not self.shown:
                self._age = 0.0
            self.shown, self._car = mode.backup, chosen

    def draw(self, surface: pygame.Surface, dt: float) -> None:
        super().draw(surface, dt)
        y = self._draw_backup(surface, self.body.top)
        type_, left, right = self.game.type, self._left, self._right
        y += type_.px(GAP)
        pygame.draw.line(surface, palette.RULE, (left, y), (right - 1, y))
        y += type_.px(GAP)
        type_.left(surface, "How this brain learns", HEADING, left, y + type_.px(12))
        self._draw_terms(surface, y + type_.px(ROW))

    def _draw_terms(self, surface: pygame.Surface, y: int) -> None:
        """As many words as there is room for, and which ones these are if not all."""
        type_, words = self.game.type, self.terms
        meanings = [self._wrap(term.meaning) for term in words]
        heights = [type_.px(ROW + LINE * len(lines) + GAP // 2) for lines in meanings]
        shown = fitting(heights, self._first, self.body.bottom + type_.px(GAP // 2) - y)
        self._first = shown.start
        if 0 < len(shown) < len(words):
            told = f"↑ ↓  {shown.start + 1} to {shown.stop} of {len(words)}"
            type_.right(surface, told, LABEL, self._right, y + type_.px(12 - ROW))
        for i in shown:
            self._figure(surface, y, words[i].name, "", words[i].value)
            self._lines(surface, y + type_.px(ROW), meanings[i])
            y += heights[i]

    @property
    def _left(self) -> int:
        return self.body.left + self.game.type.px(PADDING)

    @property
    def _right(self) -> int:
        return self.body.right - self.game.type.px(PADDING)

    def _draw_backup(self, surface: pygame.Surface, y: int) -> int:
        """The equation with the numbers of one decision; returns where it ends [px]."""
        type_, shown = self.game.type, self.shown
        type_.left(surface, f"One decision of car {self._car + 1}", HEADING, self._left, y + type_.px(12))
        y += type_.px(ROW)
        if shown is None:
            return self._lines(surface, y, ["None yet."])
        names = self.game.session.trainer.env.actions.names
        taken = names[shown.transition.action]
        self._figure(surface, y, "It chose", "a", taken, palette.ACCENT)
        reward, next_value = _number(shown.transition.reward), _number(shown.next_value)
        rows = (
            ("and expected", "Q(s, a)", _number(shown.q_value)),
            ("It was paid", "r", reward),
            ("and now expects", "max Q(s′, a′)", next_value),
            ("Later counts less", "γ", f"{shown.discount:g}"),
            ("", f"{reward} + {shown.discount:g} × {next_value}", f"= {_number(shown.target)}"),
        )
        for label, symbol, value in rows:
            y += type_.px(ROW)
            self._figure(surface, y, label, symbol, value)
        y += type_.px(ROW)
        self._figure(surface, y, "TD error", "δ", _number(shown.td_error, "+"), palette.WARN)
        y += type_.px(ROW)
        told = CRASH if shown.transition.terminated else EQUATION
        return self._lines(surface, y, self._wrap(told))

    def _wrap(self, text: str) -> list[str]:
        if text not in self._wrapped:
            self._wrapped[text] = self.game.type.wrap(text, LABEL, self._right - self._left)
        return self._wrapped[text]

    def _figure(
        self, surface: pygame.Surface, y: int, label: str, symbol: str, value: str, colour: Colour | None = None
    ) -> None:
        type_, baseline = self.game.type, y + self.game.type.px(14)
        end = type_.left(surface, f"{label} " if label else "", WORDS, self._left, baseline)
        type_.left(surface, symbol, FIGURE_SMALL, end, baseline)
        type_.right(surface, value, FIGURE.in_colour(colour or palette.TEXT), self._right, baseline)

    def _lines(self, surface: pygame.Surface, y: int, lines: list[str]) -> int:
        type_ = self.game.type
        for line in lines:
            type_.left(surface, line, LABEL, self._left, y + type_.px(12))
            y += type_.px(LINE)
        return y


def fitting(heights: Sequence[int], first: int, room: int) -> range:
    """Those that there is room for from the first on, or from an earlier one where that leaves none out."""
    first = min(first, len(heights) - 1)
    while first > 0 and sum(heights[first - 1 :]) <= room:
        first -= 1
    last = first
    while last < len(heights) and sum(heights[first : last + 1]) <= room:
        last += 1
    return range(first, last)


def _number(value: float, sign: str = "") -> str:
    return f"{value:{sign}.4f}".replace("-", "−")
