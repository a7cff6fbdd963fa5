"""A drawn road on the table: flat while a hand moves it, with its start line and its direction on top."""

import numpy as np
import pygame
from numpy.typing import NDArray

from qrace.sim.curve import Curve
from qrace.view import palette
from qrace.view.palette import Colour
from qrace.view.road_polygons import LINE_M, SECTIONS_PER_POLYGON, VERGE_M, Ribbon
from qrace.view.table_camera import TableCamera
from qrace.view.type import HEADING, Type

Floats = NDArray[np.float64]

SAMPLES_APART_PX = 3.0
ARROWS_APART_PX = 120.0
"""Between two arrow heads that show the way [px at scale 1]."""
ARROW_PX = 5.0
BEYOND_PX = 6.0
"""The start line reaches so far beyond the road [px at scale 1]."""
FLAG = (44, 20)
"""Plate beside the start line [px at scale 1]."""


def draw_flat_road(surface: pygame.Surface, camera: TableCamera, curve: Curve) -> None:
    """Draw verge, surface and edge lines, quickly: nothing is painted ahead or kept."""
    if len(curve.arc_m) < 2:
        return
    shown = _apart_on_screen(curve, camera.scale)
    ribbon = Ribbon(curve.right[shown], curve.left[shown])
    drawn = ribbon.at_scale(camera.scale)
    _fill(surface, camera, ribbon.inset(-VERGE_M), palette.GROUND_NEAR_ROAD)
    _fill(surface, camera, drawn, palette.ROAD)
    width = max(1, round(LINE_M * camera.scale))
    for edge in (drawn.left, drawn.right):
        pixels = camera.to_screen(edge).tolist()
        if width == 1:
            pygame.draw.aalines(surface, palette.EDGE_LINE, False, pixels)
        else:
            pygame.draw.lines(surface, palette.EDGE_LINE, False, pixels, width)


def _apart_on_screen(curve: Curve, scale: float) -> NDArray[np.int64]:
    """Indices of the samples to draw: all, or where they crowd, so many that each is some pixels from the last."""
    step = (curve.arc_m * (scale / SAMPLES_APART_PX)).astype(np.int64)
    return np.append(np.flatnonzero(np.diff(step, prepend=-1)), len(step) - 1)


def _fill(surface: pygame.Surface, camera: TableCamera, ribbon: Ribbon, colour: Colour) -> None:
    """Fill a ribbon piece by piece, those in view."""
    right, left = camera.to_screen(ribbon.right), camera.to_screen(ribbon.left)
    begins, view = np.arange(0, len(right) - 1, SECTIONS_PER_POLYGON), camera.viewport
    low, high = np.minimum(right, left), np.maximum(right, left)
    low, high = np.minimum(low[:-1], low[1:]), np.maximum(high[:-1], high[1:])
    low, high = np.minimum.reduceat(low, begins), np.maximum.reduceat(high, begins)
    seen = np.all((low < view.bottomright) & (high > view.topleft), axis=1)
    right_pixels, left_pixels = right.tolist(), left.tolist()
    for begin in begins[seen].tolist():
        end = begin + SECTIONS_PER_POLYGON + 1
        pygame.draw.polygon(surface, colour, right_pixels[begin:end] + left_pixels[begin:end][::-1])


def draw_direction(surface: pygame.Surface, camera: TableCamera, curve: Curve, type_: Type) -> None:
    """Arrow heads along the centre line, as far apart at any zoom."""
    if curve.length_m <= 0.0:
        return
    apart, size = ARROWS_APART_PX * type_.scale / camera.scale, ARROW_PX * type_.scale
    along = np.arange(0.5 * apart, curve.length_m, apart)
    points = np.column_stack([np.interp(along, curve.arc_m, column) for column in curve.centre.T])
    ahead = np.column_stack([np.interp(along + 1.0, curve.arc_m, column) for column in curve.centre.T])
    tips, forward = camera.to_screen(points), camera.to_screen(ahead) - camera.to_screen(points)
    forward *= size / np.maximum(np.hypot(*forward.T), 1e-9)[:, None]
    side = np.column_stack([-forward[:, 1], forward[:, 0]])
    for tip, f, s in zip(tips, forward, side, strict=True):
        if camera.viewport.collidepoint(*tip):
            head = [(tip - f + s).tolist(), (tip + f).tolist(), (tip - f - s).tolist(), (tip - 0.4 * f).tolist()]
            pygame.draw.polygon(surface, palette.EDGE_LINE, head)
            pygame.draw.aalines(surface, palette.EDGE_LINE, True, head)


def start_plate(left: Floats, right: Floats, scale: float) -> pygame.Rect:
    """Where the plate stands that belongs to the start line between its ends (2,) [px]."""
    out = (left - right) / max(float(np.hypot(*(left - right))), 1e-9)
    plate = pygame.Rect(0, 0, round(FLAG[0] * scale), round(FLAG[1] * scale))
    x, y = (left + out * (FLAG[0] * 0.5 + BEYOND_PX + 4.0) * scale).tolist()
    plate.center = round(x), round(y)
    return plate


def draw_start_line(surface: pygame.Surface, left: Floats, right: Floats, type_: Type, *, chosen: bool) -> None:
    """The start line between its ends (2,) and a little beyond, and a plate that says what it is."""
    colour = palette.ACCENT if chosen else palette.START_WHITE
    out = (left - right) / max(float(np.hypot(*(left - right))), 1e-9) * BEYOND_PX * type_.scale
    ends = (left + out).tolist(), (right - out).tolist()
    pygame.draw.line(surface, palette.SHADOW, *ends, type_.px(5))
    pygame.draw.line(surface, colour, *ends, type_.px(3))
    plate = start_plate(left, right, type_.scale)
    pygame.draw.rect(surface, palette.PANEL, plate, border_radius=type_.px(4))
    pygame.draw.rect(surface, colour, plate, 1, border_radius=type_.px(4))
    type_.centre(surface, "Start", HEADING, plate.centerx, plate.centery + type_.px(4))
