"""Bridges: which part of the road is deck, and how decks look from above."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass

import numpy as np
import pygame
from numpy.typing import NDArray

from qrace.sim.track import Track
from qrace.view import palette
from qrace.view.display_list import Painting, Polygon, Window, paint_polygons
from qrace.view.road_polygons import Ribbon, stretch, surface_polygons
from qrace.view.rubber import Rubber

Floats = NDArray[np.float64]

PARAPET_M = 1.0
PARAPET_PX = 2.0
OVERLAP_PX = 3.0
"""So far the deck covers the road's end on either side, so that no seam shows."""
SHADOW_SHIFT_M = np.array([1.3, -1.9])
"""The sun stands in the north-west; cars throw their shadow the same way."""
SHADOW_SOFT_M = 1.6
SHADOW_STRENGTH = 150
"""Of 255."""
PATCH_MARGIN_M = 6.0


def deck_intervals(track: Track) -> list[tuple[float, float]]:
    """Start and end [m] along the road of each stretch that is carried over another, merged; may pass the length."""
    spans = sorted((b.over_m - b.over_reach_m, b.over_m + b.over_reach_m) for b in track.bridges)
    merged: list[tuple[float, float]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def ground_ribbons(track: Track) -> list[Ribbon]:
    """The road without its bridge decks."""
    decks = deck_intervals(track)
    if not decks:
        return [stretch(track, 0.0, track.length_m)]
    starts = [end for _, end in decks]
    ends = [start for start, _ in decks[1:]] + [decks[0][0] + track.length_m]
    return [stretch(track, start, end) for start, end in zip(starts, ends, strict=True) if end > start]


def within(intervals: list[tuple[float, float]], s_m: Floats, length_m: float) -> NDArray[np.bool_]:
    """Whether each distance along the road (K,) lies in one of the intervals."""
    result = np.zeros(np.shape(s_m), dtype=bool)
    for start, end in intervals:
        result |= np.mod(np.asarray(s_m) - start, length_m) <= end - start
    return result


@dataclass
class Deck:
    """One bridge deck, painted at one scale together with the shadow that it throws; premultiplied alpha."""

    window: Window
    clean: pygame.Surface
    """Without tyre marks."""
    image: pygame.Surface
    marks: int = 0
    """Number of the last change of the rubber that `image` shows."""

    def renew_marks(self, rubber: Rubber) -> None:
        """Show the present tyre marks."""
        change = rubber.changed(self.window)
        marks = rubber.picture(self.window) if change > self.marks else None
        if marks is not None:
            image = self.clean.copy()
            image.blit(*marks, special_flags=pygame.BLEND_PREMULTIPLIED)
            self.image, self.marks = image, change


def paint_deck(track: Track, interval: tuple[float, float], scale: float) -> Generator[None, None, Deck]:
    """Paint the deck that carries one of `deck_intervals` [m], at `scale` [px/m]."""
    overlap = OVERLAP_PX / scale
    ribbon = stretch(track, interval[0] - overlap, interval[1] + overlap).at_scale(scale)
    corners = np.concatenate([ribbon.left, ribbon.right])
    window = Window.around(corners.min(axis=0), corners.max(axis=0), PATCH_MARGIN_M, scale)
    shadow = yield from _paint_shadow(stretch(track, interval[0] + 2.0, interval[1] - 2.0), window)
    top = yield from paint_polygons(list(_deck_polygons(ribbon, scale)), window)
    shadow.blit(top, (0, 0), special_flags=pygame.BLEND_PREMULTIPLIED)
    return Deck(window, shadow, shadow)


def _paint_shadow(ribbon: Ribbon, window: Window) -> Painting:
    moved = Ribbon(ribbon.right + SHADOW_SHIFT_M, ribbon.left + SHADOW_SHIFT_M)
    shape = yield from paint_polygons(list(moved.polygons(palette.SHADOW)), window, supersample=1)
    shape.fill((SHADOW_STRENGTH,) * 4, special_flags=pygame.BLEND_RGBA_MULT)
    soft = max(SHADOW_SOFT_M * window.scale, 1.0)
    small = (max(int(window.width / soft), 1), max(int(window.height / soft), 1))
    yield
    return pygame.transform.smoothscale(pygame.transform.smoothscale(shape, small), shape.get_size())


def _deck_polygons(ribbon: Ribbon, scale: float) -> Iterator[Polygon]:
    parapet = max(PARAPET_M, PARAPET_PX / scale)
    yield from ribbon.inset(-parapet).polygons(palette.PARAPET)
    yield from ribbon.inset(-0.4 * parapet).polygons(palette.ROAD_SHADE)
    yield from surface_polygons([ribbon], scale)
