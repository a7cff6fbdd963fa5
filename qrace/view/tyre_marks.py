"""Rubber on the road: where cars brake and turn, faint marks build up, and slowly wear off."""

import numpy as np
import pygame
from numpy.typing import NDArray

from qrace.sim.track import Track
from qrace.view import palette
from qrace.view.display_list import Window

Floats = NDArray[np.float64]

CELL_M = 0.25
BLOCK = 64
"""Cells along a block's side: a block is a page of memory, and pages never written to cost nothing."""
MOST_BLOCKS = 40_000
"""A larger world gets coarser cells."""
DARKEST = 120
"""Opacity of rubber that lies as thick as it can, of 255."""
MARK = 20.0
"""What one pass adds at most, of 255."""
SLIDE = (6.0, 26.0)
"""Acceleration at which tyres begin to leave marks, and at which they mark most [m/s²]."""
WHEELS_M = np.array([[-1.6, 0.75], [-1.6, -0.75], [1.6, 0.75], [1.6, -0.75]])
"""Tyres from the car's middle, forward and left."""
WEAR_TICKS = 40
"""A share of the blocks loses WEAR of its rubber so often."""
WEAR = 0.06


class TyreMarks:
    """How much rubber lies where, 0 to 255 in cells; memory is bounded by the road's area."""

    def __init__(self, track: Track) -> None:
        low, high = np.array(track.bounds[:2]), np.array(track.bounds[2:])
        blocks = np.ceil((high - low) / (CELL_M * BLOCK)) + 1
        self.cell_m = CELL_M * max(1.0, float(np.sqrt(blocks.prod() / MOST_BLOCKS)))
        blocks = np.ceil((high - low) / (self.cell_m * BLOCK)).astype(int) + 1
        self._low = low
        self._rubber = np.zeros((*blocks.tolist(), BLOCK, BLOCK), dtype=np.uint8)
        self._changes = np.zeros(tuple(blocks.tolist()), dtype=np.int64)
        """(columns, rows) of blocks: number of the last change, 0 for never."""
        self._change = 0
        self._ticks = 0

    def add(self, poses: Floats, tick_s: float) -> None:
        """Lay down what the tyres left.

        Args:
            poses: (T + 1, N, 5) x, y, heading, steer, speed of every car at T + 1 ticks [m, rad, m/s].
            tick_s: time between ticks [s].
        """
        before, after = poses[:-1].reshape(-1, 5), poses[1:].reshape(-1, 5)
        turned = np.mod(after[:, 2] - before[:, 2] + np.pi, 2.0 * np.pi) - np.pi
        slide = np.hypot(turned * after[:, 4], np.minimum(after[:, 4] - before[:, 4], 0.0)) / tick_s
        strength = np.clip((slide - SLIDE[0]) / (SLIDE[1] - SLIDE[0]), 0.0, 1.0)
        moved = np.hypot(*(after[:, :2] - before[:, :2]).T)
        marking = (strength > 0.0) & (moved < 2.0 * tick_s * np.abs(after[:, 4]) + 1.0) & (moved > 1e-3)
        self._change += 1
        if marking.any():
            steps = max(int(np.ceil(moved[marking].max() / self.cell_m)), 1)
            start, end = _wheels(before[marking]), _wheels(after[marking])
            share = (np.arange(steps) + 0.5)[:, None, None, None] / steps
            points = (start + share * (end - start)).reshape(-1, 2)
            thickness = MARK * strength[marking] * moved[marking] / (steps * self.cell_m)
            self._lay(points, np.broadcast_to(thickness[:, None], (steps, len(thickness), len(WHEELS_M))).ravel())
        self._ticks += len(poses) - 1
        if self._ticks >= WEAR_TICKS:
            self._ticks -= WEAR_TICKS
            self._wear_off()

    def changed(self, window: Window) -> int:
        """Number of the last change inside a window, 0 if there never was one."""
        columns, rows = self._blocks(window)
        return int(self._changes[columns, rows].max(initial=0))

    def picture(self, window: Window) -> tuple[pygame.Surface, tuple[int, int]] | None:
        """The rubber inside a window, to be blitted at the place given with it; None where there is none."""
        columns, rows = self._blocks(window)
        cells = self._rubber[columns, rows]
        if not cells.any():
            return None
        cells = cells.transpose(0, 2, 1, 3).reshape(cells.shape[0] * BLOCK, -1)
        left_m, bottom_m = self._low + np.array([columns.start, rows.start]) * self.cell_m * BLOCK
        size = np.array(cells.shape) * self.cell_m * window.scale
        place = np.array([left_m * window.scale - window.left, -bottom_m * window.scale - size[1] - window.top])
        surface = pygame.Surface(cells.shape, pygame.SRCALPHA, 32)
        surface.fill(palette.TYRE_MARK)
        pygame.surfarray.pixels_alpha(surface)[:] = (cells[:, ::-1].astype(np.uint16) * DARKEST // 255).astype(np.uint8)
        scaled = pygame.transform.smoothscale(surface, np.maximum(np.round(size), 1).astype(int).tolist())
        return scaled, (round(place[0]), round(place[1]))

    def _blocks(self, window: Window) -> tuple[slice, slice]:
        low, high = window.corners_m()
        side = self.cell_m * BLOCK
        first = np.clip(np.floor((low - self._low) / side), 0, self._changes.shape).astype(int)
        end = np.clip(np.floor((high - self._low) / side) + 1, 0, self._changes.shape).astype(int)
        return slice(int(first[0]), int(end[0])), slice(int(first[1]), int(end[1]))

    def _lay(self, points: Floats, thickness: Floats) -> None:
        """Add rubber at points (K, 2), spread over the four cells around each."""
        place = (points - self._low) / self.cell_m - 0.5
        corner = np.floor(place)
        share = place - corner
        for dx in (0, 1):
            for dy in (0, 1):
                weight = (share[:, 0] if dx else 1.0 - share[:, 0]) * (share[:, 1] if dy else 1.0 - share[:, 1])
                column, row = (corner + np.array([dx, dy])).astype(int).T
                inside = (column >= 0) & (row >= 0)
                inside &= (column < self._rubber.shape[0] * BLOCK) & (row < self._rubber.shape[1] * BLOCK)
                column, row = column[inside], row[inside]
                index = (column // BLOCK, row // BLOCK, column % BLOCK, row % BLOCK)
                # Several cars on one cell in one step count as one, so that nothing needs sorting.
                grown = self._rubber[index] + np.rint(weight * thickness)[inside]
                self._rubber[index] = np.minimum(grown, 255.0).astype(np.uint8)
                self._changes[index[:2]] = self._change

    def _wear_off(self) -> None:
        """Thin out the rubber in one of sixteen sets of blocks, in turn."""
        marked = np.flatnonzero(self._changes.ravel())
        chosen = marked[marked % 16 == self._change % 16]
        flat = self._rubber.reshape(-1, BLOCK, BLOCK)
        flat[chosen] = (flat[chosen] * np.float32(1.0 - WEAR)).astype(np.uint8)


def _wheels(poses: Floats) -> Floats:
    """(K, 4, 2) where the tyres of K poses (K, 5) are [m]."""
    cosine, sine = np.cos(poses[:, 2])[:, None], np.sin(poses[:, 2])[:, None]
    forward, left = WHEELS_M[:, 0], WHEELS_M[:, 1]
    return np.stack(
        [poses[:, :1] + cosine * forward - sine * left, poses[:, 1:2] + sine * forward + cosine * left], axis=2
    )
