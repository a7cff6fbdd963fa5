"""The ground: dark, a little lighter beside the road, with a faint grain."""

import numpy as np
import pygame
from numpy.typing import NDArray

from qrace.sim.track import Track
from qrace.view import palette
from qrace.view.display_list import Window

Floats = NDArray[np.float32]

TILE_PX = 256
"""The grain repeats after so many pixels."""
GLOW_M = 26.0
"""How far the road lights the ground."""
CELLS = 360
"""Resolution of the map of that light along the longer side."""
GRAIN = 1.8
"""Strength of the grain of single pixels, in colour steps."""
TURF = ((34.0, 2.2), (9.0, 1.6), (2.3, 1.8))
"""Size [m] and strength of unevenness that lies still in the world, so that one sees how fast it goes by."""
TURF_PX = 3.0
"""Unevenness smaller than this is left to the grain."""
TURF_PERIOD = 64
TINT = np.array([0.7, 1.0, 0.9], dtype=np.float32)
"""What grain and turf add to red, green and blue."""


class Ground:
    """Paints the ground of one track."""

    def __init__(self, track: Track) -> None:
        low, high = np.array(track.bounds[:2]) - 3 * GLOW_M, np.array(track.bounds[2:]) + 3 * GLOW_M
        self._cell_m = float((high - low).max()) / CELLS
        self._low = low
        self._glow = self._light_map(track, np.ceil((high - low) / self._cell_m).astype(int) + 1)
        rng = np.random.default_rng(7)  # a texture: always the same
        self._grain = (rng.random((TILE_PX, TILE_PX), dtype=np.float32) - 0.5) * 2.0 * GRAIN
        self._turf = (rng.random((TURF_PERIOD, TURF_PERIOD), dtype=np.float32) - 0.5) * 2.0

    def paint(self, window: Window) -> pygame.Surface:
        """The ground seen through a window."""
        x = (window.left + np.arange(window.width) + 0.5) / window.scale
        y = -(window.top + np.arange(window.height) + 0.5) / window.scale
        light = _sample(self._glow, (x - self._low[0]) / self._cell_m, (y - self._low[1]) / self._cell_m)
        far, near = np.array(palette.GROUND, dtype=np.float32), np.array(palette.GROUND_NEAR_ROAD, dtype=np.float32)
        column, row = window.left + np.arange(window.width), window.top + np.arange(window.height)
        rough = self._grain[(column % TILE_PX)[:, None], row % TILE_PX]
        for size, strength in TURF:
            if size * window.scale > TURF_PX:
                rough += _sample(self._turf * strength, x / size, y / size, wrap=True)
        colour = far + light[:, :, None] * (near - far) + rough[:, :, None] * TINT
        surface = pygame.Surface((window.width, window.height))
        pygame.surfarray.blit_array(surface, np.clip(colour, 0, 255).astype(np.uint8))
        return surface

    def _light_map(self, track: Track, size: NDArray[np.int64]) -> Floats:
        """(columns, rows) light on the ground, 1 on the road and falling off beside it; rows with y upwards."""
        mask = pygame.Surface(size.tolist(), 0, 8)
        mask.set_palette([(i, i, i) for i in range(256)])
        right, left = ((edge - self._low) / self._cell_m for edge in (track.right_edge, track.left_edge))
        following = np.roll(np.arange(len(right)), -1)
        for i, j in enumerate(following):
            pygame.draw.polygon(mask, 255, [right[i].tolist(), right[j].tolist(), left[j].tolist(), left[i].tolist()])
        light = pygame.surfarray.array2d(mask).astype(np.float32) / 255.0
        for _ in range(2):
            light = _blur(_blur(light, GLOW_M / self._cell_m).T, GLOW_M / self._cell_m).T
        return np.clip(light * 2.6, 0.0, 1.0)


def _blur(values: Floats, reach: float) -> Floats:
    """Running mean over the first axis."""
    half = max(int(reach / 2), 1)
    padded = np.pad(values, ((half + 1, half), (0, 0)))
    total = np.cumsum(padded, axis=0, dtype=np.float32)
    return (total[2 * half + 1 :] - total[: -2 * half - 1]) / np.float32(2 * half + 1)


def _sample(values: Floats, x: NDArray[np.floating], y: NDArray[np.floating], wrap: bool = False) -> Floats:
    """Bilinear samples (len(x), len(y)) of a grid at coordinates in cells; beyond it, its border or its other end."""
    for coordinate in (x, y):
        count = len(values)
        position = coordinate if wrap else np.clip(coordinate, 0.0, count - 1.0)
        first = np.floor(position).astype(int)
        share = (position - first).astype(np.float32)[:, None]
        second = (first + 1) % count if wrap else np.minimum(first + 1, count - 1)
        first = first % count
        values = (values[first] * (1.0 - share) + values[second] * share).T
    return values
