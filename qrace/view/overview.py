"""The whole track in one picture of moderate size, which stands in wherever nothing better is painted yet."""

from collections.abc import Iterator

import numpy as np
import pygame

from qrace.sim.track import Track
from qrace.view import palette
from qrace.view.camera import View
from qrace.view.display_list import Window, finished
from qrace.view.ground import TILE_PX
from qrace.view.tiles import WorldArtist

DRAFT_PX, FINE_PX = 480, 1536
"""Longer side of the picture: of the one that is there at once, and of the one that follows."""
MARGIN = 0.3
"""Ground shown on each side, as a share of the track's longer side."""


class Overview:
    """Begins as a draft, painted in a few milliseconds; `refine` makes a better one."""

    def __init__(self, track: Track, artist: WorldArtist) -> None:
        self._artist = artist
        self._low, self._high = np.array(track.bounds[:2]), np.array(track.bounds[2:])
        self._window = self._choose_window(DRAFT_PX)
        self._image = finished(artist.paint(self._window))
        self._scratch = pygame.Surface((1, 1))
        self.fine = False
        """Whether it has been refined."""

    @property
    def scale(self) -> float:
        """[px/m]"""
        return self._window.scale

    def refine(self) -> Iterator[None]:
        """Paint the better picture in small steps, then show that one."""
        window = self._choose_window(FINE_PX)
        image = pygame.Surface((window.width, window.height))
        for left in range(0, window.width, TILE_PX):
            for top in range(0, window.height, TILE_PX):
                part = Window(window.left + left, window.top + top, TILE_PX, TILE_PX, window.scale)
                painted = yield from self._artist.paint(part)
                image.blit(painted, (left, top))
                yield
        self._window, self._image, self.fine = window, image, True

    def draw(self, surface: pygame.Surface, camera: View) -> None:
        """Fill the viewport with the picture, scaled as the camera has it."""
        surface.fill(palette.GROUND, camera.viewport)
        window, image = self._window, self._image
        ratio = camera.scale / window.scale
        corner = np.array([window.left, window.top])
        first = np.maximum(np.floor(camera.origin / ratio - corner), 0)
        end = np.minimum(np.ceil((camera.origin + camera.viewport.size) / ratio - corner), image.get_size())
        if np.any(end <= first):
            return
        place = np.round((first + corner) * ratio - camera.origin) + camera.viewport.topleft
        size = np.maximum(np.round((end - first) * ratio), 1).astype(int).tolist()
        part = image.subsurface((first.astype(int).tolist(), (end - first).astype(int).tolist()))
        if self._scratch.get_width() < size[0] or self._scratch.get_height() < size[1]:
            self._scratch = pygame.Surface(np.maximum(size, self._scratch.get_size()).tolist())
        target = self._scratch.subsurface((0, 0), size)
        surface.blit(pygame.transform.smoothscale(part, size, target), place.tolist())

    def _choose_window(self, longer_px: int) -> Window:
        longer_m = float((self._high - self._low).max())
        margin = MARGIN * longer_m
        return Window.around(self._low, self._high, margin, longer_px / (longer_m + 2.0 * margin))
