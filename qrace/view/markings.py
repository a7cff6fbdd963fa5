"""What is painted on the road: the chequered start line, the grid behind it, and which way to go."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from qrace.sim.track import Track
from qrace.view import palette
from qrace.view.display_list import Polygon
from qrace.view.palette import Colour
from qrace.view.road_polygons import cross_sections

Floats = NDArray[np.float64]

SQUARE_M = 0.85
SQUARE_PX = 2.2
"""Chequers smaller than this would be grey."""
ROWS = 2
GRID_BOXES = 10
GRID_POLE_M, GRID_GAP_M = 4.0, 8.0
GRID_ACROSS = (0.35, 0.65)
"""Where `qrace.race` puts the cars: first place and gap from place to place [m], shares of the road from its right."""
GRID_NOSE_M = 3.0
"""From the middle of a car to the line before its nose."""
GRID_VISIBLE_PX_PER_M = 2.5
CHEVRONS = 3
SIGN_BELOW_PX = 16.0
"""On a road thinner than this, start and direction are shown by a bar and an arrow head that are wider."""


def marking_polygons(track: Track, scale: float) -> Iterator[Polygon]:
    """All markings as they look at `scale` [px/m]."""
    if (track.width_left[0] + track.width_right[0]) * scale < SIGN_BELOW_PX:
        yield from _start_sign(track, scale)
        return
    yield from _start_line(track, scale)
    yield from _chevrons(track)
    if scale >= GRID_VISIBLE_PX_PER_M:
        yield from _grid(track, scale)


def _start_line(track: Track, scale: float) -> Iterator[Polygon]:
    square = max(SQUARE_M, SQUARE_PX / scale)
    columns = max(int((track.width_left[0] + track.width_right[0]) / square), 4)
    across = np.linspace(0.0, 1.0, columns + 1)
    for row in range(ROWS):
        behind, ahead = (row - ROWS / 2) * square, (row + 1 - ROWS / 2) * square
        for column in range(columns):
            colour = palette.START_WHITE if (row + column) % 2 else palette.START_BLACK
            yield _patch(track, colour, (behind, ahead), (across[column], across[column + 1]))


def _grid(track: Track, scale: float) -> Iterator[Polygon]:
    """Staggered boxes, open to the rear: a line ahead of each car and two short ones beside its nose."""
    width = float(track.width_left[0] + track.width_right[0])
    line = max(0.16, 0.9 / scale)
    colour = palette.mix(palette.ROAD, palette.ROAD_MARK, min(1.0, scale / GRID_VISIBLE_PX_PER_M - 0.6))
    for box in range(GRID_BOXES):
        front = GRID_NOSE_M - GRID_POLE_M - GRID_GAP_M * box
        if front < 6.0 - track.length_m / 2.0:
            return
        middle, half = GRID_ACROSS[box % 2], 1.4 / width
        yield _patch(track, colour, (front - line, front), (middle - half, middle + half))
        for end in (-half, half - line / width):
            yield _patch(track, colour, (front - 1.5, front), (middle + end, middle + end + line / width))


def _start_sign(track: Track, scale: float) -> Iterator[Polygon]:
    x, y, heading = (float(value) for value in track.pose_at(0.0))
    forward = np.array([np.cos(heading), np.sin(heading)]) / scale
    left = np.array([-forward[1], forward[0]])
    for colour, shape in (
        (palette.START_WHITE, [(-1.2, -7.0), (1.2, -7.0), (1.2, 7.0), (-1.2, 7.0)]),
        (palette.EDGE_LINE, [(6.0, -6.5), (16.0, 0.0), (6.0, 6.5), (8.5, 0.0)]),
    ):
        yield Polygon(colour, np.array([x, y]) + np.array([a * forward + b * left for a, b in shape]))


def _chevrons(track: Track) -> Iterator[Polygon]:
    """Arrow heads ahead of the start line, in driving direction."""
    width = float(track.width_left[0] + track.width_right[0])
    arm = 0.17 * width
    thick = 0.55 * arm
    for number in range(CHEVRONS):
        tip = 6.0 + 2.0 * arm + number * 1.6 * arm
        colour = palette.mix(palette.ROAD_MARK, palette.ROAD, 0.22 * number)
        share = arm / width
        at = np.array([tip - arm, tip, tip - arm, tip - arm - thick, tip - thick, tip - arm - thick])
        lateral = np.array([0.5 - share, 0.5, 0.5 + share, 0.5 + share, 0.5, 0.5 - share])
        yield Polygon(colour, _points(track, at, lateral))


def _patch(track: Track, colour: Colour, along: tuple[float, float], across: tuple[float, float]) -> Polygon:
    """A quadrilateral on the road: `along` [m] from the start line, `across` as shares from right edge to left."""
    at = np.array([along[0], along[1], along[1], along[0]])
    lateral = np.array([across[0], across[0], across[1], across[1]])
    return Polygon(colour, _points(track, at, lateral))


def _points(track: Track, s_m: Floats, across: Floats) -> Floats:
    section = cross_sections(track, s_m)
    return section.right + across[:, None] * (section.left - section.right)
