"""The stack of screens over a mode: the one on top takes the events and has the widgets."""

from collections.abc import Callable
from typing import TypeVar

import pygame

from qrace.game.screens.pad import Repeat
from qrace.game.screens.screen import Screen
from qrace.view import palette

S = TypeVar("S")


class Screens:
    """Screens that are open, the newest on top.

    Only the top one has widgets; one that comes to the top again is built anew. A page or a column with a card over it
    stays behind the card as the picture it was.
    """

    def __init__(self) -> None:
        self._stack: list[Screen] = []
        self._behind: list[pygame.Surface | None] = []
        """What each of them was opened over, as far as that was a page or a column."""
        self._later: list[Callable[[], object]] = []
        self._repeat = Repeat()

    @property
    def top(self) -> Screen | None:
        return self._stack[-1] if self._stack else None

    def find(self, kind: type[S]) -> S | None:
        """The newest screen of a kind that is open, wherever it lies, None if there is none."""
        return next((screen for screen in reversed(self._stack) if isinstance(screen, kind)), None)

    @property
    def pause(self) -> bool:
        """Whether the mode is to stand still."""
        return any(screen.pauses for screen in self._stack)

    @property
    def cover(self) -> bool:
        """Whether nothing of the mode can be seen."""
        return any(screen.covers for screen in self._stack)

    @property
    def column(self) -> int:
        """Width of what the open screens take at the window's left [px]."""
        return max((screen.column for screen in self._stack), default=0)

    def open(self, screen: Screen, surface: pygame.Surface) -> None:
        """Put a screen on top; surface: what the window shows."""
        behind = surface if self.cover else None
        if behind is None and self.column:
            behind = surface.subsurface((0, 0, min(self.column, surface.get_width()), surface.get_height()))
        self._behind.append(behind.copy() if behind is not None else None)
        self._stack.append(screen)
        screen.resize()

    def back(self) -> None:
        """Close the top one."""
        try:
            self._close_top()
        finally:
            if self.top is not None:
                self.top.resize()

    def clear(self) -> None:
        """Close all."""
        while self._stack:
            self._close_top()

    def _close_top(self) -> None:
        """It is off the stack whatever comes of closing it, and a key that is held is not held in the next one."""
        screen = self._stack.pop()
        self._behind.pop()
        self._repeat = Repeat()
        screen.close()

    def later(self, call: Callable[[], object]) -> None:
        """Call it once the event at hand has been dealt with."""
        self._later.append(call)

    def process_event(self, event: pygame.event.Event) -> bool:
        """Give the top one an event; whether it used it."""
        self._repeat.note(event)
        return self._process(event)

    def _process(self, event: pygame.event.Event) -> bool:
        used = self.top.process_event(event) if self.top is not None else False
        while self._later:
            self._later.pop(0)()
        return used

    def resize(self) -> None:
        self._behind = [None] * len(self._stack)
        if self.top is not None:
            self.top.resize()

    def update(self, dt: float, deadline: float) -> None:
        if self.top is not None:
            self.top.update(dt, deadline)
            if (again := self._repeat.update(dt)) is not None:
                self._process(again)

    def draw(self, surface: pygame.Surface, dt: float) -> None:
        if self.top is None:
            return
        behind = self._behind[-1]
        if behind is not None:
            surface.blit(behind, (0, 0))
        elif len(self._stack) > 1:  # the window has another size since then
            surface.fill(palette.PANEL, None if self.cover else (0, 0, self.column, surface.get_height()))
        self.top.draw(surface, dt)
