"""Flat polygons in world metres, and the sheet that paints them with smooth edges."""

from collections.abc import Generator, Iterable
from dataclasses import dataclass

import numpy as np
import pygame
from numpy.typing import NDArray

from qrace.view.palette import Colour

Floats = NDArray[np.float64]

SUPERSAMPLE = 4
"""Samples per pixel and axis; pygame's own anti-aliasing knows no fills."""

Rgba = tuple[int, int, int, int]
"""A colour with premultiplied alpha."""
Painting = Generator[None, None, pygame.Surface]
"""Painting in steps of about a tenth of a millisecond; the generator's result is the picture."""


@dataclass(frozen=True)
class Polygon:
    """A filled outline."""

    colour: Colour | Rgba
    points: Floats
    """(K, 2) [m]"""


class DisplayList:
    """Polygons in painting order, found again by where they are."""

    def __init__(self, polygons: Iterable[Polygon]) -> None:
        self.polygons = list(polygons)
        self._low = self._high = np.zeros((0, 2))
        if self.polygons:
            points = np.concatenate([polygon.points for polygon in self.polygons])
            first = np.cumsum([0, *(len(polygon.points) for polygon in self.polygons[:-1])])
            self._low, self._high = np.minimum.reduceat(points, first), np.maximum.reduceat(points, first)

    def near(self, low: Floats, high: Floats) -> list[Polygon]:
        """The polygons that may show in the box from `low` to `high` [m], in painting order."""
        inside = np.all((self._high >= low) & (self._low <= high), axis=1)
        return [self.polygons[i] for i in np.flatnonzero(inside)]


@dataclass(frozen=True)
class Window:
    """A rectangle of the world's pixel plane: x right, y down, `scale` pixels per metre, world origin at (0, 0)."""

    left: int
    top: int
    width: int
    height: int
    scale: float

    def corners_m(self) -> tuple[Floats, Floats]:
        """Smallest and largest x and y inside, (2,) each [m]."""
        low = np.array([self.left, -self.top - self.height]) / self.scale
        return low, low + np.array([self.width, self.height]) / self.scale

    @classmethod
    def around(cls, low: Floats, high: Floats, margin_m: float, scale: float) -> "Window":
        """The smallest window that shows the box from `low` to `high` and `margin_m` around it [m]."""
        left, bottom = np.floor((low - margin_m) * scale).astype(int)
        right, top = np.ceil((high + margin_m) * scale).astype(int)
        return cls(int(left), int(-top), int(right - left), int(top - bottom), scale)


def paint_polygons(polygons: list[Polygon], window: Window, supersample: int = SUPERSAMPLE) -> Painting:
    """Paint polygons seen through a window; with premultiplied alpha, so blit the picture with BLEND_PREMULTIPLIED."""
    sheet = pygame.Surface((window.width * supersample, window.height * supersample), pygame.SRCALPHA, 32)
    yield
    per_metre = np.array([window.scale, -window.scale]) * supersample
    origin = np.array([window.left, window.top]) * supersample
    for polygon in polygons:
        pygame.draw.polygon(sheet, polygon.colour, (polygon.points * per_metre - origin).tolist())
        yield
    return pygame.transform.smoothscale(sheet, (window.width, window.height))


def finished(painting: Painting) -> pygame.Surface:
    """Do all steps of a painting at once."""
    while True:
        try:
            next(painting)
        except StopIteration as end:
            return end.value
