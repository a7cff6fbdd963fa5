"""A map of the world on which tyres leave rubber, cell by cell; it thickens, and slowly wears off."""

import numpy as np
import pygame
from numpy.typing import NDArray

from qrace.view import palette
from qrace.view.camera import Bounds
from qrace.view.display_list import Window

Floats = NDArray[np.float64]

CELL_M = 0.25
BLOCK = 64
"""Cells along a block's side: a block is a page of memory, and pages never written to cost nothing."""
MOST_BLOCKS = 40_000
"""A larger world gets coarser cells."""
DARKEST = 125
"""Opacity of rubber that lies as thick as it can, of 255."""
WEAR = 0.04
WEAR_SETS = 16
"""A call of `wear_off` takes WEAR from every block of one of so many sets."""


class Rubber:
    """How much rubber lies where, 0 to 255 per cell; memory is bounded by the area that is driven on."""

    def __init__(self, bounds: Bounds) -> None:
        low, high = np.array(bounds[:2]), np.array(bounds[2:])
        wanted = np.ceil((high - low) / (CELL_M * BLOCK)) + 1
        self.cell_m = CELL_M * max(1.0, float(np.sqrt(wanted.prod() / MOST_BLOCKS)))
        self._low = low
        self._blocks: tuple[int, int] = tuple((np.ceil((high - low) / (self.cell_m * BLOCK)).astype(int) + 1).tolist())
        self._cells = np.zeros((*self._blocks, BLOCK, BLOCK), dtype=np.uint8)
        self._flat = self._cells.reshape(-1)
        self._changes = np.zeros(self._blocks, dtype=np.int64)
        """Number of each block's last change, 0 for never."""
        self._change = 0
        self._wear_set = 0

    @property
    def bytes_at_most(self) -> int:
        """Memory if every block were driven on."""
        return self._cells.nbytes

    def lay(self, points: Floats, thickness: Floats) -> None:
        """Add rubber (K,) at points (K, 2) [m], spread over the four cells around each."""
        place = (points - self._low) / self.cell_m - 0.5
        size = np.array(self._blocks) * BLOCK
        inside = np.all((place >= 0) & (place < size - 1), axis=1)
        place, thickness = place[inside], thickness[inside]
        corner = place.astype(np.int64)
        right, up = (place - corner).T
        self._change += 1
        for dx, across in ((0, 1.0 - right), (1, right)):
            column = corner[:, 0] + dx
            for dy, along in ((0, 1.0 - up), (1, up)):
                row = corner[:, 1] + dy
                block = (column // BLOCK) * self._blocks[1] + row // BLOCK
                cell = (block * BLOCK + column % BLOCK) * BLOCK + row % BLOCK
                # Several points in one cell count as one, so that nothing needs sorting.
                grown = self._flat[cell] + across * along * thickness + 0.5
                self._flat[cell] = np.minimum(grown, 255.0).astype(np.uint8)
                self._changes.reshape(-1)[block] = self._change

    def wear_off(self) -> None:
        """Thin out the rubber in the next set of blocks."""
        self._wear_set = (self._wear_set + 1) % WEAR_SETS
        marked = np.flatnonzero(self._changes.reshape(-1))
        worn = marked[marked % WEAR_SETS == self._wear_set]
        blocks = self._cells.reshape(-1, BLOCK, BLOCK)
        blocks[worn] = (blocks[worn] * np.float32(1.0 - WEAR)).astype(np.uint8)

    def changed(self, window: Window) -> int:
        """Number of the last change inside a window, 0 if there never was one."""
        return int(self._changes[self._blocks_in(window)].max(initial=0))

    def picture(self, window: Window) -> tuple[pygame.Surface, tuple[int, int]] | None:
        """The rubber in a window, premultiplied alpha, and the place in it at which to blit; None if there is none."""
        columns, rows = self._blocks_in(window)
        cells = self._cells[columns, rows]
        if not cells.any():
            return None
        cells = cells.transpose(0, 2, 1, 3).reshape(cells.shape[0] * BLOCK, -1)
        left_m, bottom_m = self._low + np.array([columns.start, rows.start]) * self.cell_m * BLOCK
        size = np.array(cells.shape) * self.cell_m * window.scale
        left, top = left_m * window.scale - window.left, -bottom_m * window.scale - size[1] - window.top
        surface = pygame.Surface(cells.shape, pygame.SRCALPHA, 32)
        surface.fill(palette.TYRE_MARK)
        pygame.surfarray.pixels_alpha(surface)[:] = (cells[:, ::-1].astype(np.uint16) * DARKEST // 255).astype(np.uint8)
        scaled = pygame.transform.smoothscale(surface, np.maximum(np.round(size), 1).astype(int).tolist())
        return scaled.premul_alpha(), (round(left), round(top))

    def _blocks_in(self, window: Window) -> tuple[slice, slice]:
        low, high = window.corners_m()
        side = self.cell_m * BLOCK
        first = np.clip(np.floor((low - self._low) / side), 0, self._blocks).astype(int).tolist()
        end = np.clip(np.floor((high - self._low) / side) + 1, 0, self._blocks).astype(int).tolist()
        return slice(first[0], end[0]), slice(first[1], end[1])
