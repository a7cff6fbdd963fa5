"""A small line chart: thin lines, direct labels, round axis values, the raw data faint behind the smoothed line."""

import math
from dataclasses import dataclass

import numpy as np
import pygame
from numpy.typing import NDArray

from qrace.view import palette
from qrace.view.palette import Colour
from qrace.view.type import FIGURE_SMALL, LABEL, Type

SMOOTHED_POINTS = (3, 9)
"""Width of the moving average, in points of the chart: of a short series, and of a long one."""
MOST_POINTS = 120
"""Longer series are averaged down to this many points, about one per two pixels."""
DASH = 4
TIME_AXIS = 18
"""Height of the time axis' labels [px at scale 1]."""


@dataclass(frozen=True, eq=False)
class Series:
    """What one chart shows."""

    label: str
    unit: str
    x: NDArray[np.float64]
    """(K,) seconds of world time."""
    y: NDArray[np.float64]
    """(K,) values, nan where there is none."""
    colour: Colour
    reference: float | None = None
    """A value to reach, drawn as a dashed line."""
    reference_name: str = ""
    """Written beside that line."""


def round_ticks(low: float, high: float, most: int) -> list[float]:
    """Round values within [low, high], at most `most` of them, steps of 1, 2 or 5 times a power of ten."""
    if not (math.isfinite(low) and math.isfinite(high)) or high <= low or most < 1:
        return []
    exponent = math.floor(math.log10((high - low) / (most + 1)))
    for step in (m * 10.0**e for e in range(exponent, exponent + 3) for m in (1, 2, 5)):
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first + 1 <= most:
            return [k * step for k in range(first, last + 1)]
    return []


def moving_average(y: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """Mean of the `width` values up to each one, of those that are not nan; shorter at the start. Shape of y."""
    known = np.isfinite(y)
    total = np.cumsum(np.where(known, y, 0.0))
    count = np.cumsum(known)
    total[width:] -= total[:-width].copy()
    count[width:] -= count[:-width].copy()
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def thin_out(
    x: NDArray[np.float64], y: NDArray[np.float64], most: int = MOST_POINTS
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Average neighbouring points until at most `most` are left; points whose y is nan are dropped first."""
    known = np.isfinite(y)
    x, y = x[known], y[known]
    group = -(-len(x) // most)
    if group <= 1:
        return x, y
    starts = np.arange(0, len(x), group)
    sizes = np.diff(np.append(starts, len(x)))
    return np.add.reduceat(x, starts) / sizes, np.add.reduceat(y, starts) / sizes


def value_range(y: NDArray[np.float64], reference: float | None) -> tuple[float, float]:
    """Limits of the value axis: nearly all of the data, so that one wild value does not flatten the rest."""
    values = y if reference is None else np.append(y, reference)
    low, high = np.percentile(values, [1, 99])
    if reference is not None:
        low, high = min(low, reference), max(high, reference)
    margin = max(0.08 * (high - low), 0.02 * abs(high), 1e-3)
    return float(low - margin), float(high + margin)


def three_digits(value: float) -> str:
    """A measured value, no wider than it means: "0.123", "14.0", "1234"."""
    decimals = 2 - math.floor(math.log10(abs(value))) if value else 2
    return f"{value:.{min(max(decimals, 0), 3)}f}"


def time_label(seconds: float) -> str:
    """World time, in the unit that suits it: "40 s", "5 min", "2 h"."""
    for size, unit in ((3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.0f} s"


class LineChart:
    """Draws a series; repaints only when the series has grown or the place has changed."""

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._image = pygame.Surface((1, 1))

    def draw(
        self, surface: pygame.Surface, rect: pygame.Rect, type_: Type, series: Series, time_axis: bool = True
    ) -> None:
        """Draw into rect; of charts one under the other, only the last needs a time axis."""
        last = (float(series.x[-1]), float(series.y[-1])) if len(series.x) else ()
        key = (rect.size, type_.scale, time_axis, series.label, len(series.x), repr(last), series.reference)
        if key != self._key:
            self._key = key
            self._image = self._paint(rect.size, type_, series, time_axis)
        surface.blit(self._image, rect)

    @staticmethod
    def _paint(size: tuple[int, int], type_: Type, series: Series, time_axis: bool) -> pygame.Surface:
        image = pygame.Surface(size)
        image.fill(palette.PANEL)
        width, height = size
        baseline = type_.font(LABEL).get_ascent()
        type_.left(image, series.label, LABEL.in_colour(series.colour), 0, baseline)
        x, y = thin_out(series.x, series.y)
        foot = type_.px(TIME_AXIS if time_axis else 5)
        plot = pygame.Rect(0, type_.px(22), width - type_.px(40), height - type_.px(22) - foot - 1)
        if len(x) < 2 or x[-1] <= x[0] or plot.height < type_.px(16):
            type_.right(image, "no data yet", LABEL, width, baseline)
            return image
        smooth = moving_average(y, int(np.clip(len(y) // 10, *SMOOTHED_POINTS)))
        unit_start = type_.right(image, series.unit, FIGURE_SMALL, width, baseline) if series.unit else width
        gap = type_.px(4) if series.unit else 0
        newest = float(series.y[np.isfinite(series.y)][-1])  # as measured: other figures of the window say the same
        type_.right(image, three_digits(newest), FIGURE_SMALL.in_colour(palette.TEXT), unit_start - gap, baseline)
        span = float(series.x[0]), float(series.x[-1])
        axes = _Axes(image, plot, type_, span, value_range(y, series.reference))
        axes.paint_values()
        if time_axis:
            axes.paint_time()
        if series.reference is not None:
            axes.paint_reference(series.reference, series.reference_name)
        axes.paint_line(x, y, palette.mix(palette.PANEL, series.colour, 0.35))
        axes.paint_line(x, smooth, series.colour)
        pygame.draw.aacircle(
            image, series.colour, (axes.column(float(x[-1])), axes.row(float(smooth[-1]))), type_.px(2)
        )
        return image


@dataclass(frozen=True, eq=False)
class _Axes:
    """Turns values into pixels of one plot and paints what belongs to it."""

    image: pygame.Surface
    plot: pygame.Rect
    type_: Type
    time: tuple[float, float]
    values: tuple[float, float]

    def column(self, x: float) -> float:
        return self.plot.left + (x - self.time[0]) / (self.time[1] - self.time[0]) * (self.plot.width - 1)

    def row(self, y: float) -> float:
        return self.plot.bottom - (y - self.values[0]) / (self.values[1] - self.values[0]) * self.plot.height

    def paint_values(self) -> None:
        plot, type_ = self.plot, self.type_
        for tick in round_ticks(*self.values, max(1, plot.height // type_.px(22))):
            line = round(self.row(tick))
            pygame.draw.line(self.image, palette.RULE, (plot.left, line), (plot.right, line))
            if line < plot.top + type_.px(8):  # its label would touch the newest value's
                continue
            type_.right(self.image, f"{tick:g}", FIGURE_SMALL, self.image.get_width(), line + type_.px(4))

    def paint_time(self) -> None:
        plot, type_ = self.plot, self.type_
        unit = next((size for size in (3600, 60) if self.time[1] >= 2 * size), 1)
        end = plot.left
        for tick in round_ticks(self.time[0] / unit, self.time[1] / unit, plot.width // type_.px(80)):
            text = time_label(tick * unit)
            half = type_.width(text, FIGURE_SMALL) / 2
            centre = min(max(self.column(tick * unit), plot.left + half), plot.right - half)
            if centre - half >= end:
                type_.centre(self.image, text, FIGURE_SMALL, centre, self.image.get_height() - type_.px(3))
                end = round(centre + half) + type_.px(12)

    def paint_reference(self, value: float, name: str) -> None:
        """The name stands on the line, at its left end; curves of lap times begin high above it."""
        line = round(self.row(value))
        if line - self.type_.px(14) > self.plot.top:
            self.type_.left(self.image, name, LABEL, self.plot.left, line - self.type_.px(4))
        for start in range(self.plot.left, self.plot.right, 2 * DASH):
            pygame.draw.line(
                self.image, palette.TEXT_DIM, (start, line), (min(start + DASH, self.plot.right) - 1, line)
            )

    def paint_line(self, x: NDArray[np.float64], y: NDArray[np.float64], colour: Colour) -> None:
        before = self.image.get_clip()
        self.image.set_clip(self.plot.inflate(0, 2))
        points = [(self.column(a), self.row(b)) for a, b in zip(x.tolist(), y.tolist(), strict=True)]
        pygame.draw.aalines(self.image, colour, False, points)
        self.image.set_clip(before)
