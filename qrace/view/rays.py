"""The rays by which the chosen car sees: thin lines, bright near the car, a dot where they meet the road's edge."""

import numpy as np
import pygame
from numpy.typing import ArrayLike

from qrace.view import palette
from qrace.view.camera import Camera

PIECES = 4
"""Each ray is drawn in so many pieces, each fainter than the one before."""
STRENGTHS = (0.85, 0.6, 0.42, 0.3)
DOT_PX = 2.3


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
    shares = np.linspace(0.0, 1.0, PIECES + 1)[:, None, None]
    points = camera.to_screen((np.array([x, y]) + shares * reach[:, None] * course).reshape(-1, 2))
    knots = points.reshape(PIECES + 1, len(reach), 2).tolist()
    clip = surface.get_clip()
    surface.set_clip(camera.viewport.clip(clip))
    for ray, share in enumerate((reach / range_m).tolist()):
        colour = palette.mix(palette.RAY_NEAR, palette.RAY_FAR, share)
        for piece, strength in enumerate(STRENGTHS):
            faint = palette.mix(palette.ROAD, colour, strength)
            pygame.draw.aaline(surface, faint, knots[piece][ray], knots[piece + 1][ray])
    for ray, share in enumerate((reach / range_m).tolist()):
        if share < 1.0:
            colour = palette.mix(palette.RAY_NEAR, palette.RAY_FAR, 0.7 * share)
            pygame.draw.aacircle(surface, colour, knots[PIECES][ray], DOT_PX)
    surface.set_clip(clip)
