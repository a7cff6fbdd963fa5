"""The rays by which the chosen car sees: thin lines, bright near the car, a dot where they meet the road's edge."""

from functools import lru_cache

import numpy as np
import pygame
from numpy.typing import ArrayLike

from qrace.view import palette
from qrace.view.camera import Camera
from qrace.view.palette import Colour

STRENGTHS = (0.95, 0.72, 0.52, 0.38)
"""Each ray is drawn in pieces, each fainter than the one before."""
PIECES = len(STRENGTHS)
SHADES = 32
DOT_PX = 2.3
BEGIN_M, BEGIN_PX = 2.8, 8.0
"""Rays are drawn from here on, measured from the car's middle, so that they leave the car itself free."""
DOT_FROM_PX = 11.0
"""On a small picture, dots nearer than this would hide the car."""


@lru_cache(1)
def _colours(near: Colour, far: Colour, road: Colour) -> list[list[Colour]]:
    """Of every piece, from the shortest ray to the longest."""
    inks = [palette.mix(near, far, shade / (SHADES - 1)) for shade in range(SHADES)]
    return [[palette.mix(road, ink, strength) for strength in STRENGTHS] for ink in inks]


def draw_rays(
    surface: pygame.Surface,
    camera: Camera,
    x: float,
    y: float,
    heading: float,
    angles: ArrayLike,
    distances: ArrayLike,
    range_m: float,
) -> None:
    """Draw the rays of one car.

    Args:
        surface: to draw on.
        camera: to draw through.
        x: where the rays begin [m].
        y: [m]
        heading: of the car [rad].
        angles: (R,) of the rays from the heading, left positive [rad].
        distances: (R,) to the road's edge [m].
        range_m: how far the rays reach [m]; one that meets nothing ends there without a dot.
    """
    reach = np.minimum(np.asarray(distances, dtype=np.float64), range_m)
    direction = heading + np.asarray(angles, dtype=np.float64)
    course = np.column_stack([np.cos(direction), np.sin(direction)])
    begin = np.minimum(max(BEGIN_M, BEGIN_PX / camera.scale), reach)
    along = begin + np.linspace(0.0, 1.0, PIECES + 1)[:, None] * (reach - begin)
    points = camera.to_screen((np.array([x, y]) + along[:, :, None] * course).reshape(-1, 2))
    knots = points.reshape(PIECES + 1, len(reach), 2).tolist()
    clip = surface.get_clip()
    surface.set_clip(camera.viewport.clip(clip))
    shares = (reach / range_m).tolist()
    colours = _colours(palette.RAY_NEAR, palette.RAY_FAR, palette.ROAD)
    for ray, share in enumerate(shares):
        for piece, colour in enumerate(colours[int(share * (SHADES - 1))]):
            pygame.draw.aaline(surface, colour, knots[piece][ray], knots[piece + 1][ray])
    for ray, share in enumerate(shares):
        if share < 1.0 and share * range_m * camera.scale > DOT_FROM_PX:
            colour = colours[int(share * (SHADES - 1))][0]
            pygame.draw.aacircle(surface, colour, knots[PIECES][ray], DOT_PX)
    surface.set_clip(clip)
