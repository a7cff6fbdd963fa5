"""Trees beside the road: dim, in loose groves, always the same for the same track. They show how fast one goes by."""

from collections.abc import Iterator

import numpy as np
import pygame
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
"""No crown is nearer to the road's edge than this."""
GROVE_M = 95.0
"""Typical size of a grove and of the clearings between."""
WAVES = 5
DENSITY = 0.42
"""A tree stands where the waves that make the groves are, in the mean, higher than this."""
RADIUS_M = (1.8, 4.6)
CORNERS = 22
LAYERS = ((0.0, 1.0), (0.45, 0.72), (1.0, 0.42))
"""How light, and how large, each layer of a crown is."""
SUNWARD = np.array([-0.4, 0.5])
SHADOW: Rgba = (0, 0, 0, 70)
SHADOW_SHIFT_M = np.array([1.2, -1.7])
CELL_M = 4.0


def tree_polygons(track: Track) -> Iterator[Polygon]:
    """Shadows, then crowns, lighter towards the sun."""
    rng = np.random.default_rng(round(track.length_m))
    places, radii = _plant(track, rng)
    angle = np.linspace(0.0, 2.0 * np.pi, CORNERS, endpoint=False)
    lobes = rng.uniform(0.0, 2.0 * np.pi, (2, len(places), 1))
    outline = radii[:, None] * (1.0 + 0.06 * np.sin(3.0 * angle + lobes[0]) + 0.06 * np.sin(5.0 * angle + lobes[1]))
    crowns = outline[:, :, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    for points in crowns + places[:, None] + SHADOW_SHIFT_M:
        yield Polygon(SHADOW, points)
    brightest = rng.uniform(0.5, 1.0, len(places)).tolist()
    moved = radii[:, None, None] * SUNWARD
    layers = [crowns * size + (1.0 - size) * moved + places[:, None] for _, size in LAYERS]
    for tree, light in enumerate(brightest):
        for (share, _), points in zip(LAYERS, layers, strict=True):
            yield Polygon(palette.mix(palette.TREE, palette.TREE_LIT, share * light), points[tree])


def _plant(track: Track, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Places (K, 2) and radii (K,) of the trees [m]."""
    low, high = np.array(track.bounds[:2]) - BELT_M, np.array(track.bounds[2:]) + BELT_M
    columns, rows = np.ceil((high - low) / SPACING_M).astype(int)
    squares = np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), axis=2).reshape(-1, 2)
    places = low + (squares + rng.uniform(0.1, 0.9, squares.shape)) * SPACING_M
    radii = rng.uniform(*RADIUS_M, len(places))
    direction, phase = rng.uniform(0.0, np.pi, WAVES), rng.uniform(0.0, 2.0 * np.pi, (WAVES, 1))
    length = GROVE_M / rng.uniform(0.6, 1.5, (WAVES, 1))
    waves = np.stack([np.cos(direction), np.sin(direction)], axis=1) * 2.0 * np.pi / length
    height = np.sin(waves @ places.T + phase).mean(axis=0) + 0.25 * rng.standard_normal(len(places))
    chosen = (height > DENSITY) & ~_near_road(track, places)
    return places[chosen], radii[chosen]


def _near_road(track: Track, places: Floats) -> NDArray[np.bool_]:
    """Whether a crown at each place (K, 2) would come too near to the road, looked up on a coarse map [m]."""
    low = places.min(axis=0)
    cells = ((places - low) / CELL_M).astype(int)
    road = pygame.Surface((cells.max(axis=0) + 1).tolist(), 0, 8)
    half = float(np.maximum(track.width_left, track.width_right).max()) + CLEAR_M + RADIUS_M[1]
    width = int(np.ceil(2.0 * half / CELL_M)) + 1
    points = ((track.centre - low) / CELL_M).tolist()
    for start, end in zip(points, points[1:] + points[:1], strict=True):
        pygame.draw.line(road, 1, start, end, width)
        pygame.draw.circle(road, 1, start, width / 2.0)
    return pygame.surfarray.array2d(road)[cells[:, 0], cells[:, 1]] > 0
