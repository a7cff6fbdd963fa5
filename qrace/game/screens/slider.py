"""A slider: a number between two ends, by mouse or by the left and right arrows."""

from collections.abc import Callable

import pygame
from pygame_gui.core.interfaces import IUIManagerInterface

from qrace.game.screens.painted import Painted
from qrace.view import palette
from qrace.view.layout import GRID
from qrace.view.type import FIGURE, LABEL, Type

TRACK, THUMB = 4, 8
"""Height of the line and radius of the thumb [px at scale 1]."""
BASELINE = 14
LINE_Y = 30


class Slider(Painted):
    """Calls `changed(value)` while it is moved.

    Attributes:
        value: a whole multiple of the step.
    """

    def __init__(
        self,
        rect: pygame.Rect,
        manager: IUIManagerInterface,
        type_: Type,
        label: str,
        ends: tuple[float, float],
        step: float,
        value: float,
        text: Callable[[float], str],
        changed: Callable[[float], object],
    ) -> None:
        """text: how the value is written."""
        super().__init__(rect, manager, "slider")
        self._type, self._label, self._ends, self._step = type_, label, ends, step
        self._text, self._changed = text, changed
        self._dragged = False
        self.value = value

    def set(self, value: float) -> None:
        """Move to a value between the ends."""
        low, high = self._ends
        value = min(max(round(value / self._step) * self._step, low), high)
        if value != self.value:
            self.value, self._dirty = value, True
            self._changed(value)

    def change(self, step: int) -> None:
        """Move by so many steps."""
        self.set(self.value + step * self._step)

    def process_event(self, event: pygame.event.Event) -> bool:
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1 and self.rect.collidepoint(event.pos):
            self._dragged = True
            self._drag(event.pos[0])
            return True
        if event.type == pygame.MOUSEMOTION and self._dragged:
            self._drag(event.pos[0])
            return True
        if event.type == pygame.MOUSEBUTTONUP and event.button == 1:
            self._dragged = False
        return False

    def _drag(self, x: float) -> None:
        reach = self._type.px(THUMB)
        share = (x - self.rect.left - reach) / max(self.rect.width - 2 * reach, 1)
        low, high = self._ends
        self.set(low + min(max(share, 0.0), 1.0) * (high - low))

    def _paint(self, image: pygame.Surface) -> None:
        type_, width = self._type, image.get_width()
        reach, y = type_.px(THUMB), type_.px(LINE_Y)
        low, high = self._ends
        x = reach + round((self.value - low) / (high - low) * (width - 2 * reach))
        type_.left(image, self._label, LABEL, 0, type_.px(BASELINE))
        type_.right(image, self._text(self.value), FIGURE, width, type_.px(BASELINE))
        line = pygame.Rect(reach, y - type_.px(TRACK) // 2, width - 2 * reach, type_.px(TRACK))
        pygame.draw.rect(image, palette.RULE, line, border_radius=type_.px(TRACK) // 2)
        line.width = x - reach
        pygame.draw.rect(image, palette.ACCENT, line, border_radius=type_.px(TRACK) // 2)
        pygame.draw.aacircle(image, palette.ACCENT if self.is_focused else palette.TEXT, (x, y), reach)
        if self.is_focused:
            pygame.draw.aacircle(image, palette.PANEL, (x, y), reach - type_.px(GRID // 4))
