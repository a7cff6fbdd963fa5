"""Trees beside the road: dim, in loose groves, always the same for the same track. They show how fast one goes by."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from qrace.sim.track import Track
from qrace.view import palette
from qrace.view.display_list import Polygon, Rgba

Floats = NDArray[np.float64]

SPACING_M = 11.0
"""At most one tree in a square of this size."""
BELT_M = 160.0
"""Ground around the track on which trees stand."""
CLEAR_M = 11.0
"""No tree's middle is nearer to the road's edge than this."""
GROVE_M = 95.0
"""Typical size of a grove and of the clearings between."""
RADIUS_M = (1.8, 4.6)
CORNERS = 22
SUNWARD = np.array([-0.4, 0.5])
SHADOW: Rgba = (0, 0, 0, 70)
SHADOW_SHIFT_M = np.array([1.2, -1.7])


def tree_polygons(track: Track) -> Iterator[Polygon]:
    """Shadows, then crowns, lighter towards the sun."""
    rng = np.random.default_rng(round(track.length_m))
    places, radii = _plant(track, rng)
    angle = np.linspace(0.0, 2.0 * np.pi, CORNERS, endpoint=False)
    circle = np.column_stack([np.cos(angle), np.sin(angle)])
    lobes = rng.uniform(0.0, 2.0 * np.pi, (2, len(places), 1))
    outline = 1.0 + 0.06 * np.sin(3.0 * angle + lobes[0]) + 0.06 * np.sin(5.0 * angle + lobes[1])
    crowns = (radii[:, None] * outline)[:, :, None] * circle
    for place, crown in zip(places, crowns, strict=True):
        yield Polygon(SHADOW, place + crown + SHADOW_SHIFT_M)
    for place, radius, crown in zip(places, radii, crowns, strict=True):
        brightest = float(rng.uniform(0.5, 1.0))
        for share, size in ((0.0, 1.0), (0.45, 0.72), (1.0, 0.42)):
            colour = palette.mix(palette.TREE, palette.TREE_LIT, share * brightest)
            yield Polygon(colour, place + size * crown + (1.0 - size) * radius * SUNWARD)


def _plant(track: Track, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Places (K, 2) and radii (K,) of the trees [m]."""
    low, high = np.array(track.bounds[:2]) - BELT_M, np.array(track.bounds[2:]) + BELT_M
    columns, rows = np.ceil((high - low) / SPACING_M).astype(int)
    squares = np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), axis=2).reshape(-1, 2)
    places = low + (squares + rng.uniform(0.1, 0.9, squares.shape)) * SPACING_M
    radii = rng.uniform(*RADIUS_M, len(places))
    phases = rng.uniform(0.0, 2.0 * np.pi, (5, 1))
    directions = rng.uniform(0.0, np.pi, 5)
    waves = np.stack([np.cos(directions), np.sin(directions)], axis=1) * rng.uniform(0.6, 1.5, (5, 1)) * 2.0 * np.pi
    grove = np.sin(waves @ places.T / GROVE_M + phases).mean(axis=0)
    chosen = grove + 0.25 * rng.standard_normal(len(places)) > 0.42
    places, radii = places[chosen], radii[chosen]
    free = _distance_to_road(track, places) > CLEAR_M + radii
    return places[free], radii[free]


def _distance_to_road(track: Track, places: Floats) -> Floats:
    """Distance of places (K, 2) from the nearest edge point, less than 5 m too large [m]."""
    s = np.arange(0.0, track.length_m, 5.0)
    x, y, _ = track.pose_at(s)
    half = float(np.maximum(track.width_left, track.width_right).max())
    centre = np.column_stack([x, y])
    nearest = [float(np.min(np.sum((centre - place) ** 2, axis=1))) for place in places]
    return np.sqrt(np.array(nearest)) - half
