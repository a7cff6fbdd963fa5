"""Notices: one sentence that slides in at the top of the stage, stays long enough to be read, and goes."""

from dataclasses import dataclass, field

import pygame

from qrace.view import palette
from qrace.view.layout import GRID, PADDING
from qrace.view.palette import Colour
from qrace.view.type import WORDS, Type

SLIDE_S = 0.15
READ_S = 2.0
"""Time that even the shortest notice stays [s] …"""
READ_S_PER_CHARACTER = 0.05
"""… and longer for longer ones, at about 200 words a minute [s]."""
WIDEST = 560
"""Longer sentences are set on several lines [px at scale 1]."""
LINE = 20


@dataclass
class _Notice:
    text: str
    colour: Colour
    age_s: float = 0.0
    lines: list[str] = field(default_factory=list)
    set_for: tuple[int, float] = (0, 0.0)
    """The width and scale that the lines were broken for."""

    @property
    def stays_s(self) -> float:
        return READ_S + READ_S_PER_CHARACTER * len(self.text)

    @property
    def shown(self) -> float:
        """0 out of sight, 1 in its place."""
        share = min(self.age_s, self.stays_s - self.age_s) / SLIDE_S
        return 1.0 - (1.0 - min(max(share, 0.0), 1.0)) ** 3


class Notices:
    """Shows the newest notice; an older one gives way."""

    def __init__(self) -> None:
        self._notice: _Notice | None = None

    @property
    def text(self) -> str:
        """The sentence on screen, empty when there is none."""
        return self._notice.text if self._notice else ""

    def tell(self, text: str) -> None:
        """Say that something has been done."""
        self._notice = _Notice(text, palette.ACCENT)

    def warn(self, text: str) -> None:
        """Say that something could not be done."""
        self._notice = _Notice(text, palette.WARN)

    def clear(self) -> None:
        """What was said stands on the screen by now."""
        self._notice = None

    def update(self, dt: float) -> None:
        if self._notice is not None:
            self._notice.age_s += dt
            if self._notice.age_s >= self._notice.stays_s:
                self._notice = None

    def draw(self, surface: pygame.Surface, stage: pygame.Rect, type_: Type) -> None:
        if self._notice is None:
            return
        notice, padding = self._notice, type_.px(PADDING)
        widest = min(type_.px(WIDEST), stage.width - 4 * padding)
        if notice.set_for != (widest, type_.scale):
            notice.lines, notice.set_for = type_.wrap(notice.text, WORDS, widest), (widest, type_.scale)
        lines = notice.lines
        width = max(type_.width(line, WORDS) for line in lines) + 2 * padding
        box = pygame.Rect(0, 0, width, len(lines) * type_.px(LINE) + 2 * type_.px(GRID))
        box.centerx = stage.centerx
        box.top = stage.top + padding - round((1.0 - notice.shown) * (box.height + padding))
        before = surface.get_clip()
        surface.set_clip(stage)  # it comes from under what stands above the stage
        pygame.draw.rect(surface, palette.PANEL, box)
        mark = pygame.Rect(box.left, box.top, type_.px(3), box.height)
        pygame.draw.rect(surface, notice.colour, mark)
        for row, line in enumerate(lines):
            baseline = box.top + type_.px(GRID) + row * type_.px(LINE) + type_.px(15)
            type_.left(surface, line, WORDS, box.left + padding, baseline)
        surface.set_clip(before)
