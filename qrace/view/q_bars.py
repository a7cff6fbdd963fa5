"""What the chosen car expects of each action: a bar per Q-value, the action it takes marked."""

from dataclasses import dataclass

import numpy as np
import pygame
from numpy.typing import NDArray

from qrace.view import palette
from qrace.view.type import FIGURE_SMALL, LABEL, Type

ROW_HEIGHT = 18
ROW_HEIGHT_MANY = 16
"""With more than six actions."""
NAME_WIDTH = 112
VALUE_WIDTH = 52
BAR_HEIGHT = 8
SMALLEST_SHARE = 0.03
"""Q-values closer together than this share of the largest do not fill the bars …"""
SMALLEST_SPAN = 1e-3
"""… nor those closer together than this."""
RELAX_PER_S = 1.5
"""Share of the bars' range that is given up per second when the values lie closer together."""
EASE_PER_S = 45.0
"""Rate at which a bar moves to its value, so that twenty decisions a second do not flicker."""


@dataclass(frozen=True, eq=False)
class Decision:
    """One decision of one car."""

    names: tuple[str, ...]
    q_values: NDArray[np.float32]
    """(A,) expected discounted return of each action."""
    taken: int | None
    """Index of the action that is being carried out; None when a person steers."""


class QBars:
    """Bars on a range that follows the values slowly: what counts is how much better one action is than another."""

    def __init__(self) -> None:
        self._low, self._high = 0.0, 0.0
        self._shown: NDArray[np.float64] = np.zeros(0)

    def height(self, type_: Type, actions: int) -> int:
        return actions * self._row_height(type_, actions)

    def update(self, decision: Decision, dt: float) -> None:
        """Move the bars on by dt [s]."""
        values = np.asarray(decision.q_values, dtype=np.float64)
        if not np.isfinite(values).all():
            return
        if self._shown.shape != values.shape:
            self._low, self._high, self._shown = float(values.min()), float(values.max()), values.copy()
        relax = min(1.0, RELAX_PER_S * dt)
        self._low = min(float(values.min()), self._low + relax * (float(values.min()) - self._low))
        self._high = max(float(values.max()), self._high + relax * (float(values.max()) - self._high))
        self._shown += (values - self._shown) * min(1.0, EASE_PER_S * dt)

    def draw(self, surface: pygame.Surface, rect: pygame.Rect, type_: Type, decision: Decision) -> None:
        """Draw into rect, whose height is height()."""
        actions = len(decision.names)
        if self._shown.shape != (actions,):
            return
        row_height = self._row_height(type_, actions)
        largest = max(abs(self._low), abs(self._high))
        span = max(self._high - self._low, SMALLEST_SHARE * largest, SMALLEST_SPAN)
        shares = np.clip((self._shown - self._low) / span, 0.0, 1.0)
        for index, name in enumerate(decision.names):
            row = pygame.Rect(rect.left, rect.top + index * row_height, rect.width, row_height)
            value = float(decision.q_values[index])
            self._draw_row(surface, row, type_, name, value, float(shares[index]), index == decision.taken)

    @staticmethod
    def _row_height(type_: Type, actions: int) -> int:
        return type_.px(ROW_HEIGHT_MANY if actions > 6 else ROW_HEIGHT)

    @staticmethod
    def _draw_row(
        surface: pygame.Surface, row: pygame.Rect, type_: Type, name: str, value: float, share: float, taken: bool
    ) -> None:
        surface.fill(palette.PANEL, row)
        baseline = row.centery + type_.px(4)
        ink = palette.TEXT if taken else palette.TEXT_DIM
        if taken:
            mark = type_.px(3)
            pygame.draw.rect(surface, palette.ACCENT, (row.left, row.top + mark, mark, row.height - 2 * mark))
        type_.left(surface, name, LABEL.in_colour(ink), row.left + type_.px(8), baseline)
        left, right = row.left + type_.px(NAME_WIDTH), row.right - type_.px(VALUE_WIDTH)
        track = pygame.Rect(left, row.centery - type_.px(BAR_HEIGHT) // 2, right - left, type_.px(BAR_HEIGHT))
        pygame.draw.rect(surface, palette.PANEL_RAISED, track)
        bar = track.copy()
        bar.width = max(2, round(share * track.width))
        pygame.draw.rect(surface, palette.ACCENT if taken else palette.RAY_FAR, bar)
        type_.right(surface, f"{value:.3f}", FIGURE_SMALL.in_colour(ink), row.right, baseline)
