"""The map that the chosen car drives by: small open diamonds on the edges of the road ahead, fainter with distance."""

import numpy as np
import pygame
from numpy.typing import ArrayLike

from qrace.view import palette
from qrace.view.camera import Camera
from qrace.view.rays import DOT_FROM_PX

HALF_PX = 3.5
"""From the middle of a diamond to its corners."""
NEAREST, FARTHEST = 0.95, 0.4
"""How much of the ray's colour the first and the last diamond have over the road's."""
CORNERS = HALF_PX * np.array([(0.0, -1.0), (1.0, 0.0), (0.0, 1.0), (-1.0, 0.0)])


def draw_road_map(
    surface: pygame.Surface, camera: Camera, x: float, y: float, heading: float, points: ArrayLike
) -> None:
    """Draw the map of one car.

    Args:
        surface: to draw on.
        camera: to draw through.
        x: the car's middle [m].
        y: [m]
        heading: of the car [rad].
        points: (2 K, 2) forward and left of the car, the nearest first [m]; one that would touch the car is left out.
    """
    forward, left = np.asarray(points, dtype=np.float64).reshape(-1, 2).T
    if not len(forward):
        return
    cos, sin = np.cos(heading), np.sin(heading)
    places = camera.to_screen(np.column_stack([x + forward * cos - left * sin, y + forward * sin + left * cos]))
    free = np.hypot(forward, left) * camera.scale > DOT_FROM_PX + HALF_PX
    shares = np.linspace(0.0, 1.0, len(forward))
    clip = surface.get_clip()
    surface.set_clip(camera.viewport.clip(clip))
    for place, share in zip(places[free], shares[free].tolist(), strict=True):
        ink = palette.mix(palette.RAY_NEAR, palette.RAY_FAR, share)
        colour = palette.mix(palette.ROAD, ink, NEAREST + (FARTHEST - NEAREST) * share)
        pygame.draw.aalines(surface, colour, True, (place + CORNERS).tolist())
    surface.set_clip(clip)
