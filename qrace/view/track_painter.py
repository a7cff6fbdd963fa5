"""The track as one sees it: painted in the background, shown from pictures."""

import math
import time
from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
import pygame
from numpy.typing import ArrayLike, NDArray

from qrace.sim.track import Track
from qrace.view.background import Background
from qrace.view.camera import View
from qrace.view.decks import Deck, deck_intervals, paint_deck, within
from qrace.view.ground import TILE_PX
from qrace.view.overview import Overview
from qrace.view.tiles import TileKey, TileStore, WorldArtist, paint_tile, renew_marks
from qrace.view.tyre_marks import TyreMarks

Floats = NDArray[np.float64]

FEWEST_TILES_KEPT = 160
"""40 MB, twice that if all have tyre marks; more only if a large window shows more at once."""
AHEAD_PX = 256
"""In follow view, so much around the picture is painted ahead of need."""
MOST_BLURRED = 3.0
"""While the view zooms, tiles of another zoom are shown scaled up or down by this factor at most."""
MARKS_S = 0.5
"""Tyre marks in view are brought up to date so often."""
DECK_SCALES_KEPT = 4


class TrackPainter:
    """Draws one track at any zoom. Frames never wait for painting: what is missing is shown blurred until then."""

    def __init__(self, track: Track) -> None:
        self.track = track
        self.marks = TyreMarks(track)
        """Rubber on the road, to be fed by the game."""
        self._artist = WorldArtist(track)
        self._store = TileStore(FEWEST_TILES_KEPT)
        self._overview = Overview(track, self._artist)
        self._deck_intervals = deck_intervals(track)
        self._decks: dict[float, list[Deck]] = {}
        self._paint_now(self._paint_decks(self._overview.scale))
        self._background = Background(self._next_job)
        self._wanted: list[TileKey] = []
        self._in_view: list[TileKey] = []
        self._last_scale = 0.0
        self._marks_due = 0.0

    def close(self) -> None:
        """Stop painting; for when another track is shown."""
        self._background.close()

    def draw(self, surface: pygame.Surface, camera: View) -> None:
        """Draw ground and road through the camera's viewport."""
        keys = visible_tiles(camera.origin, camera.viewport.size, camera.scale)
        self._order(camera, keys)
        clip = surface.get_clip()
        surface.set_clip(camera.viewport.clip(clip))
        tiles = [self._store.get(key) for key in keys]
        if None in tiles:
            self._draw_substitute(surface, camera)
        left, top = (np.array(camera.viewport.topleft) - camera.origin).tolist()
        for key, tile in zip(keys, tiles, strict=True):
            if tile is not None:
                surface.blit(tile.image, (key[1] * TILE_PX + left, key[2] * TILE_PX + top))
        surface.set_clip(clip)

    def draw_over(self, surface: pygame.Surface, camera: View) -> None:
        """Draw the bridge decks and their shadows; after the cars that pass beneath, before those that pass above."""
        if not self._deck_intervals:
            return
        scale = min(list(self._decks), key=lambda scale: abs(np.log(scale / camera.scale)))
        ratio = camera.scale / scale
        clip = surface.get_clip()
        surface.set_clip(camera.viewport.clip(clip))
        for deck in self._decks[scale]:
            window, image = deck.window, deck.image
            place = np.round(np.array([window.left, window.top]) * ratio - camera.origin) + camera.viewport.topleft
            size = np.maximum(np.round(np.array(image.get_size()) * ratio), 1).tolist()
            if camera.viewport.colliderect((*place, *size)):
                shown = image if ratio == 1.0 else pygame.transform.smoothscale(image, size)
                surface.blit(shown, place.tolist(), special_flags=pygame.BLEND_PREMULTIPLIED)
        surface.set_clip(clip)

    def on_bridge(self, s_m: ArrayLike) -> NDArray[np.bool_]:
        """Which of the cars at distances `s_m` (N,) along the road [m] are to be drawn after `draw_over`."""
        return within(self._deck_intervals, np.asarray(s_m, dtype=np.float64), self.track.length_m)

    def finish(self, camera: View) -> None:
        """Paint all that is in view now, and wait for it; for screenshots."""
        for key in visible_tiles(camera.origin, camera.viewport.size, camera.scale):
            if key not in self._store:
                self._paint_now(paint_tile(self._artist, self.marks.ground, self._store, key))
            self._paint_now(renew_marks(self.marks.ground, self._store, key))
        if camera.scale not in self._decks:
            self._paint_now(self._paint_decks(camera.scale))
        for deck in self._decks[camera.scale]:
            deck.renew_marks(self.marks.decks)

    def _draw_substitute(self, surface: pygame.Surface, camera: View) -> None:
        """Fill the viewport from the tiles of the nearest other zoom, and from the overview where there are none."""
        scales = [scale for scale in self._store.scales() if scale != camera.scale]
        scale = min(scales, key=lambda s: abs(math.log(s / camera.scale)), default=math.inf)
        ratio = camera.scale / scale
        if not 1.0 / MOST_BLURRED < ratio < MOST_BLURRED:
            self._overview.draw(surface, camera)
            return
        keys = visible_tiles(camera.origin / ratio, np.array(camera.viewport.size) / ratio, scale)
        tiles = [self._store.get(key) for key in keys]
        if None in tiles:
            self._overview.draw(surface, camera)
        corner = np.array(camera.viewport.topleft) - camera.origin
        for (_, i, j), tile in zip(keys, tiles, strict=True):
            if tile is not None:
                left, top = np.round(np.array([i, j]) * TILE_PX * ratio + corner).tolist()
                right, bottom = np.round(np.array([i + 1, j + 1]) * TILE_PX * ratio + corner).tolist()
                surface.blit(pygame.transform.smoothscale(tile.image, (right - left, bottom - top)), (left, top))

    def _order(self, camera: View, keys: list[TileKey]) -> None:
        """Tell the background what to paint, most urgent first."""
        self._store.limit = max(FEWEST_TILES_KEPT, 3 * len(keys))
        resting = camera.scale == self._last_scale
        self._last_scale = camera.scale
        size = np.array(camera.viewport.size)
        if not camera.settled:
            centre, scale = camera.destination
            origin = np.round(centre * (scale, -scale) - size / 2.0)
            self._in_view, self._wanted = [], visible_tiles(origin, size, scale)
        elif resting:
            ahead = AHEAD_PX if camera.following else 0
            around = visible_tiles(camera.origin - ahead, size + 2 * ahead, camera.scale)
            self._in_view, self._wanted = keys, [*keys, *around]
        self._background.wake()

    def _next_job(self) -> Iterator[None] | None:
        """What the background does next; called on its thread."""
        wanted = self._wanted
        for key in wanted:
            if key not in self._store:
                return paint_tile(self._artist, self.marks.ground, self._store, key)
        if self._deck_intervals and wanted and wanted[0][0] not in self._decks:
            return self._paint_decks(wanted[0][0])
        if not self._overview.fine:
            return self._overview.refine()
        if time.monotonic() > self._marks_due:
            self._marks_due = time.monotonic() + MARKS_S
            return self._renew_marks()
        return None

    def _renew_marks(self) -> Iterator[None]:
        for key in self._in_view:
            yield from renew_marks(self.marks.ground, self._store, key)
            yield
        for deck in self._decks.get(self._last_scale, []):
            deck.renew_marks(self.marks.decks)
            yield

    def _paint_decks(self, scale: float) -> Iterator[None]:
        decks: list[Deck] = []
        for interval in self._deck_intervals:
            decks.append((yield from paint_deck(self.track, interval, scale)))
        kept = dict(list(self._decks.items())[-DECK_SCALES_KEPT:])
        kept[scale] = decks
        self._decks = kept

    @staticmethod
    def _paint_now(painting: Iterator[None]) -> None:
        for _ in painting:
            pass


def visible_tiles(origin: Floats, size: Sequence[int] | Floats, scale: float) -> list[TileKey]:
    """The tiles that cover `size` pixels from world pixel `origin` on, those in the middle first."""
    left, top = (math.floor(start / TILE_PX) for start in origin)
    right, bottom = (math.ceil((start + length) / TILE_PX) for start, length in zip(origin, size, strict=True))
    return _tiles_between(scale, left, top, right, bottom)


@lru_cache(maxsize=16)
def _tiles_between(scale: float, left: int, top: int, right: int, bottom: int) -> list[TileKey]:
    column, row = (left + right - 1) / 2.0, (top + bottom - 1) / 2.0
    keys = [(scale, i, j) for i in range(left, right) for j in range(top, bottom)]
    keys.sort(key=lambda key: abs(key[1] - column) + abs(key[2] - row))
    return keys
