"""A small map of the whole track for the corner of the follow view."""

import numpy as np
import pygame
from numpy.typing import ArrayLike

from qrace.sim.track import Track
from qrace.view import palette
from qrace.view.display_list import Polygon, Window, finished, paint_polygons
from qrace.view.road_polygons import stretch

MARGIN_PX = 14
ROAD_PX = 5.0
CORNER_PX = 8
BACK_ALPHA = 205
DOT_PX, CHOSEN_PX = 2.6, 4.4


class Minimap:
    """One track in a picture of `size` pixels, painted once; cars are dots on it."""

    def __init__(self, track: Track, size: tuple[int, int]) -> None:
        self.size = size
        low, high = np.array(track.bounds[:2]), np.array(track.bounds[2:])
        room = np.maximum(np.array(size) - 2 * MARGIN_PX, 8)
        self._scale = float(np.min(room / np.maximum(high - low, 1.0)))
        corner = np.round((low + high) / 2.0 * (self._scale, -self._scale) - np.array(size) / 2.0)
        self._origin = corner
        window = Window(int(corner[0]), int(corner[1]), *size, self._scale)
        self._image = pygame.Surface(size, pygame.SRCALPHA, 32)
        back = tuple(channel * BACK_ALPHA // 255 for channel in palette.PANEL)
        pygame.draw.rect(self._image, (*back, BACK_ALPHA), self._image.get_rect(), border_radius=CORNER_PX)
        road = finished(paint_polygons(list(_road(track, self._scale)), window))
        self._image.blit(road, (0, 0), special_flags=pygame.BLEND_PREMULTIPLIED)

    def draw(
        self,
        surface: pygame.Surface,
        place: tuple[int, int],
        positions: ArrayLike,
        liveries: ArrayLike,
        chosen: int | None = None,
    ) -> None:
        """Draw the map.

        Args:
            surface: to draw on.
            place: the map's left top corner [px].
            positions: (N, 2) of the cars [m].
            liveries: (N,) indices of their colours, any integers.
            chosen: index of the car to be marked.
        """
        surface.blit(self._image, place, special_flags=pygame.BLEND_PREMULTIPLIED)
        pixels = np.asarray(positions, dtype=np.float64).reshape(-1, 2) * (self._scale, -self._scale)
        dots = (pixels - self._origin + place).tolist()
        colours = [palette.LIVERIES[int(livery) % len(palette.LIVERIES)] for livery in np.asarray(liveries)]
        for dot, colour in zip(dots, colours, strict=True):
            pygame.draw.aacircle(surface, colour, dot, DOT_PX)
        if chosen is not None:
            pygame.draw.aacircle(surface, palette.ACCENT, dots[chosen], CHOSEN_PX + 2.0)
            pygame.draw.aacircle(surface, palette.PANEL, dots[chosen], CHOSEN_PX + 0.5)
            pygame.draw.aacircle(surface, colours[chosen], dots[chosen], CHOSEN_PX - 0.8)


def _road(track: Track, scale: float) -> list[Polygon]:
    ribbon = stretch(track, 0.0, track.length_m)
    width = float(np.hypot(*(ribbon.left - ribbon.right).T).mean())
    drawn = ribbon.inset(0.5 * (width - ROAD_PX / scale))
    x, y, heading = (float(value) for value in track.pose_at(0.0))
    across = np.array([-np.sin(heading), np.cos(heading)]) * ROAD_PX / scale
    along = np.array([np.cos(heading), np.sin(heading)]) / scale
    line = np.array([x, y]) + np.array([-across - along, -across + along, across + along, across - along])
    return [*drawn.polygons(palette.ROAD_MARK), Polygon(palette.START_WHITE, line)]
