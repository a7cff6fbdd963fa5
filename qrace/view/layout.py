"""Where things stand in the window: an 8-pixel grid, the stage for the track, one column for the panel."""

from dataclasses import dataclass

from pygame import Rect

GRID = 8
"""Every distance is a multiple or a half of this [px at scale 1]."""
PADDING = 2 * GRID
PANEL_WIDTH = 320
HINT_HEIGHT = 32
BADGE_HEIGHT = 28
"""Of the line at the top left, half a padding from the edges."""
MINIMAP = (200, 132)
"""Size of the small map, at the bottom left in follow view."""
OVERLAY_BELOW = 1000
"""Narrower windows have no room for a column: the panel lies over the stage [px]."""
LEAST_STAGE = 280
"""Where less would be left, a column lies over the stage [px at scale 1]."""
SMALLEST = (480, 320)
"""A smaller window shows a part of this [px]."""
DESIGN_SIZE = (1280, 720)
"""The window at scale 1 [px]."""


def text_scale(size: tuple[int, int], text_size: float = 1.0) -> float:
    """Scale of type and spacing: grows with the window, but slower, since a large window is there to show more."""
    growth = min(size[0] / DESIGN_SIZE[0], size[1] / DESIGN_SIZE[1])
    return round(text_size * max(1.0, growth) ** 0.6, 3)


@dataclass(frozen=True)
class Layout:
    """The rectangles of one window size [px]."""

    window: Rect
    scale: float
    stage: Rect
    """For the track: what the panel, where it is a column, and the hint line leave."""
    panel: Rect
    """Where the panel stands when it is open."""
    hints: Rect
    """The line of keys under the stage."""
    overlay: bool
    """The panel lies over the stage."""

    def free_stage(self, panel_open: bool, badge: bool = False) -> Rect:
        """The part of the stage that no panel lies over, and under the badge where one is shown."""
        covered = self.panel.width if panel_open and self.overlay else 0
        top = round(PADDING * self.scale) // 2 + round(BADGE_HEIGHT * self.scale) if badge else 0
        return Rect(self.stage.left, self.stage.top + top, self.stage.width - covered, self.stage.height - top)


def arrange(size: tuple[int, int], panel_open: bool, text_size: float = 1.0, column: int = 0) -> Layout:
    """Lay a window of `size` out; the stage moves beside a `column` of a screen at the left [px], if there is room."""
    width, height = (max(given, smallest) for given, smallest in zip(size, SMALLEST, strict=True))
    scale = text_scale((width, height), text_size)
    overlay = width < OVERLAY_BELOW * scale
    panel_width = min(round(PANEL_WIDTH * scale), width)
    hint_height = round(HINT_HEIGHT * scale)
    right = width - panel_width if panel_open and not overlay else width
    left = column if right - column >= LEAST_STAGE * scale else 0
    return Layout(
        window=Rect(0, 0, width, height),
        scale=scale,
        stage=Rect(left, 0, right - left, height - hint_height),
        panel=Rect(width - panel_width, 0, panel_width, height - hint_height if overlay else height),
        hints=Rect(left, height - hint_height, right - left, hint_height),
        overlay=overlay,
    )
