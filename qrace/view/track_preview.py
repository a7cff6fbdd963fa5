"""A track in a small picture: its road, lit, with the start line; for lists and cards."""

import numpy as np
import pygame

from qrace.sim.track import Track
from qrace.view import palette
from qrace.view.display_list import Polygon, Window, finished, paint_polygons
from qrace.view.palette import Colour
from qrace.view.road_polygons import stretch

ROAD_SHARE = 0.035
"""Width of the road, as a share of the picture's shorter side; at least …"""
ROAD_PX = 2.5
MARGIN_SHARE = 0.09


def paint_preview(track: Track, size: tuple[int, int], back: Colour | None = None) -> pygame.Surface:
    """The whole track in a picture of `size` pixels, on a plain ground or (None) on nothing; fit for any thread."""
    low, high = np.array(track.bounds[:2]), np.array(track.bounds[2:])
    road_px = max(ROAD_PX, ROAD_SHARE * min(size))
    room = np.maximum(np.array(size) - 2.0 * (MARGIN_SHARE * min(size) + road_px / 2.0), 4.0)
    scale = float(np.min(room / np.maximum(high - low, 1.0)))
    corner = np.round((low + high) / 2.0 * (scale, -scale) - np.array(size) / 2.0)
    picture = pygame.Surface(size, 0 if back is not None else pygame.SRCALPHA)
    picture.fill(back if back is not None else 0)
    ribbon = stretch(track, 0.0, track.length_m)
    width = float(np.hypot(*(ribbon.left - ribbon.right).T).mean())
    drawn = ribbon.inset(0.5 * (width - road_px / scale))
    x, y, heading = (float(value) for value in track.pose_at(0.0))
    along = np.array([np.cos(heading), np.sin(heading)]) / scale
    across = np.array([-along[1], along[0]]) * (road_px / 2.0 + 2.0)
    line = np.array([x, y]) + np.array([-across - along, -across + along, across + along, across - along])
    polygons = [*drawn.polygons(palette.ROAD_MARK), Polygon(palette.ACCENT, line)]
    road = finished(paint_polygons(polygons, Window(int(corner[0]), int(corner[1]), *size, scale)))
    picture.blit(road, (0, 0), special_flags=pygame.BLEND_PREMULTIPLIED)
    return picture
