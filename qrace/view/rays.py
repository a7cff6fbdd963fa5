"""The rays by which the chosen car sees: thin lines, bright near the car, a dot where they meet the road's edge."""

import numpy as np
import pygame
from numpy.typing import ArrayLike

from qrace.view import palette
from qrace.view.camera import Camera

STRENGTHS = (0.95, 0.72, 0.52, 0.38)
"""Each ray is drawn in pieces, each fainter than the one before."""
PIECES = len(STRENGTHS)
COLOURS = tuple(
    tuple(palette.mix(palette.ROAD, palette.mix(palette.RAY_NEAR, palette.RAY_FAR, step / 31), s) for s in STRENGTHS)
    for step in range(32)
)
"""Of every piece, from the shortest ray to the longest."""
DOT_PX = 2.3
BEGIN_M, BEGIN_PX = 2.8, 8.0
"""Rays are drawn from here on, measured from the car's middle, so that they leave the car itself free."""
DOT_FROM_PX = 11.0
"""On a small picture, dots nearer than this would hide the car."""


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
    for ray, share in enumerate(shares):
        for piece, colour in enumerate(COLOURS[int(share * (len(COLOURS) - 1))]):
            pygame.draw.aaline(surface, colour, knots[piece][ray], knots[piece + 1][ray])
    for ray, share in enumerate(shares):
        if share < 1.0 and share * range_m * camera.scale > DOT_FROM_PX:
            colour = COLOURS[int(share * (len(COLOURS) - 1))][0]
            pygame.draw.aacircle(surface, colour, knots[PIECES][ray], DOT_PX)
    surface.set_clip(clip)
