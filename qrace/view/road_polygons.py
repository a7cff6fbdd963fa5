"""The road's surface as polygons: edge lines, the soft shade beside them, the asphalt between."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qrace.sim.track import Track
from qrace.view import palette
from qrace.view.display_list import Polygon, Rgba
from qrace.view.palette import Colour

Floats = NDArray[np.float64]

LINE_M = 0.26
LINE_PX = 1.3
"""Edge lines are never thinner than this, so that they show at any zoom."""
SHADE_M = 3.2
SHADE_SHARE = 0.3
"""The shade beside the edge reaches this far into the road, and at most over this share of its width."""
NARROWEST_PX = 6.5
"""Where the whole of a long circuit is in view, its road is drawn wider than it is."""
VERGE_M = 3.0
VERGE_STEPS = 5
SECTIONS_PER_POLYGON = 12


@dataclass(frozen=True)
class Ribbon:
    """A stretch of road between two polylines whose points with the same index are opposite each other."""

    right: Floats
    """(K, 2) [m]"""
    left: Floats
    """(K, 2) [m]"""

    def inset(self, distance: float) -> "Ribbon":
        """The same stretch, narrower by `distance` [m] on either side (wider if negative)."""
        across = self.left - self.right
        width = np.hypot(*across.T)
        share = np.minimum(distance / np.maximum(width, 1e-6), 0.5)[:, None]
        return Ribbon(self.right + share * across, self.left - share * across)

    def at_scale(self, scale: float) -> "Ribbon":
        """The stretch as wide as it is drawn at `scale` [px/m]."""
        width = float(np.hypot(*(self.left - self.right).T).mean())
        return self.inset(min(0.5 * (width - NARROWEST_PX / scale), 0.0))

    def polygons(self, colour: Colour | Rgba) -> Iterator[Polygon]:
        """The stretch in pieces that are small enough to be picked by place."""
        for start in range(0, len(self.right) - 1, SECTIONS_PER_POLYGON):
            piece = slice(start, start + SECTIONS_PER_POLYGON + 1)
            yield Polygon(colour, np.concatenate([self.right[piece], self.left[piece][::-1]]))


def cross_sections(track: Track, s_m: Floats) -> Ribbon:
    """The road at distances `s_m` (K,) along its centre line [m]; they wrap round."""
    knots = np.append(track.arc_length, track.length_m)
    s = np.mod(s_m, track.length_m)
    right, left = (
        np.column_stack([np.interp(s, knots, np.append(edge[:, axis], edge[0, axis])) for axis in (0, 1)])
        for edge in (track.right_edge, track.left_edge)
    )
    return Ribbon(right, left)


def stretch(track: Track, start_m: float, end_m: float) -> Ribbon:
    """The road from `start_m` on to `end_m` [m], with all cross-sections between; the end may lie beyond a round."""
    rounds = np.arange(np.floor(start_m / track.length_m), np.floor(end_m / track.length_m) + 1)
    knots = (track.arc_length[None] + rounds[:, None] * track.length_m).ravel()
    between = knots[(knots > start_m + 1e-6) & (knots < end_m - 1e-6)]
    return cross_sections(track, np.concatenate([[start_m], between, [end_m]]))


def verge_polygons(ribbons: list[Ribbon]) -> Iterator[Polygon]:
    """The shoulder on both sides of some stretches, fading into the ground."""
    red, green, blue = palette.VERGE
    for step in range(1, VERGE_STEPS + 1):
        opacity = step / VERGE_STEPS
        colour = (round(red * opacity), round(green * opacity), round(blue * opacity), round(255 * opacity))
        for ribbon in ribbons:
            yield from ribbon.inset((opacity - 1.0 - 1.0 / VERGE_STEPS) * VERGE_M).polygons(colour)


def surface_polygons(ribbons: list[Ribbon], scale: float) -> Iterator[Polygon]:
    """The surface of some stretches as it looks at `scale` [px/m]: bands from the edge line inwards."""
    line = max(LINE_M, LINE_PX / scale)
    for ribbon in ribbons:
        inner = ribbon.inset(line)
        yield from Ribbon(ribbon.right, inner.right).polygons(palette.EDGE_LINE)
        yield from Ribbon(inner.left, ribbon.left).polygons(palette.EDGE_LINE)
    steps = 7 if SHADE_M * scale > 6.0 else 3
    for step in range(steps):
        share = step / (steps - 1)
        colour = palette.mix(palette.ROAD_SHADE, palette.ROAD, share * (2.0 - share))
        for ribbon in ribbons:
            width = float(np.hypot(*(ribbon.left - ribbon.right).T).mean())
            reach = max(min(SHADE_M, SHADE_SHARE * width), line)
            yield from ribbon.inset(line + share * (reach - line)).polygons(colour)
