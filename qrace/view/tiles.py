"""The world in square pictures: painted one by one, kept while they are of use, thrown away when there are too many."""

import threading
from collections import OrderedDict
from collections.abc import Generator, Iterator
from dataclasses import dataclass

import pygame

from qrace.sim.track import Track
from qrace.view.decks import ground_ribbons
from qrace.view.display_list import DisplayList, Painting, Polygon, Window, paint_polygons
from qrace.view.ground import TILE_PX, Ground
from qrace.view.kerbs import find_kerbs, kerb_polygons
from qrace.view.markings import marking_polygons
from qrace.view.road_polygons import surface_polygons, verge_polygons
from qrace.view.rubber import Rubber
from qrace.view.scenery import tree_polygons

TileKey = tuple[float, int, int]
"""Scale [px/m], column, row."""
KERBS_VISIBLE_PX_PER_M = 0.8
TREES_VISIBLE_PX_PER_M = 1.2
SCALES_KEPT = 4


@dataclass
class Tile:
    """One square of the world."""

    clean: pygame.Surface
    """Without tyre marks."""
    image: pygame.Surface
    """With those of change `marks`; the same surface as `clean` where there are none."""
    marks: int


def tile_window(key: TileKey) -> Window:
    """What a tile shows."""
    scale, column, row = key
    return Window(column * TILE_PX, row * TILE_PX, TILE_PX, TILE_PX, scale)


class WorldArtist:
    """Paints any window of a track's world at ground level: everything but the bridge decks."""

    def __init__(self, track: Track) -> None:
        self._track = track
        self._ground = Ground(track)
        self._ribbons = ground_ribbons(track)
        self._trees: DisplayList | None = None
        self._kerbs = find_kerbs(track)
        self._lists: OrderedDict[float, DisplayList] = OrderedDict()

    def paint(self, window: Window) -> Painting:
        """Paint all that is seen through a window."""
        picture = self._ground.paint(window)
        yield
        corners = window.corners_m()
        polygons: list[Polygon] = []
        if window.scale > TREES_VISIBLE_PX_PER_M:
            if self._trees is None:
                self._trees = yield from _listed(tree_polygons(self._track))
            polygons += self._trees.near(*corners)
        found = self._lists.get(window.scale)
        if found is None:
            found = self._lists[window.scale] = yield from _listed(self._polygons(window.scale))
            while len(self._lists) > SCALES_KEPT:
                self._lists.popitem(last=False)
        polygons += found.near(*corners)
        if polygons:
            road = yield from paint_polygons(polygons, window)
            picture.blit(road, (0, 0), special_flags=pygame.BLEND_PREMULTIPLIED)
        return picture

    def _polygons(self, scale: float) -> Iterator[Polygon]:
        ribbons = [ribbon.at_scale(scale) for ribbon in self._ribbons]
        yield from verge_polygons(ribbons)
        if scale > KERBS_VISIBLE_PX_PER_M:
            yield from kerb_polygons(self._track, self._kerbs, scale)
        yield from surface_polygons(ribbons, scale)
        yield from marking_polygons(self._track, scale)


def _listed(polygons: Iterator[Polygon]) -> Generator[None, None, DisplayList]:
    """Collect polygons in small steps."""
    collected = []
    for polygon in polygons:
        collected.append(polygon)
        yield
    return DisplayList(collected)


class TileStore:
    """Painted tiles, the least recently wanted dropped first. Safe to use from two threads."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._tiles: OrderedDict[TileKey, Tile] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._tiles)

    def __contains__(self, key: TileKey) -> bool:
        return key in self._tiles

    def get(self, key: TileKey) -> Tile | None:
        """A tile, which then counts as just used; None if it is not painted."""
        with self._lock:
            tile = self._tiles.get(key)
            if tile is not None:
                self._tiles.move_to_end(key)
            return tile

    def put(self, key: TileKey, tile: Tile) -> None:
        """Keep a tile, dropping others if there are too many."""
        with self._lock:
            self._tiles[key] = tile
            self._tiles.move_to_end(key)
            while len(self._tiles) > self.limit:
                self._tiles.popitem(last=False)

    def scales(self) -> set[float]:
        """Scales of which there is any tile [px/m]."""
        with self._lock:
            return {key[0] for key in self._tiles}


def paint_tile(artist: WorldArtist, rubber: Rubber, store: TileStore, key: TileKey) -> Iterator[None]:
    """Paint a tile with its tyre marks, in small steps, and store it."""
    picture = yield from artist.paint(tile_window(key))
    store.put(key, Tile(picture, picture, 0))
    yield from renew_marks(rubber, store, key)


def renew_marks(rubber: Rubber, store: TileStore, key: TileKey) -> Iterator[None]:
    """Lay the present tyre marks over a stored tile, if there are newer ones than it shows."""
    tile, window = store.get(key), tile_window(key)
    change = rubber.changed(window)
    if tile is None or change <= tile.marks:
        return
    yield
    marks = rubber.picture(window)
    yield
    if marks is not None:
        image = tile.clean.copy()
        image.blit(*marks, special_flags=pygame.BLEND_PREMULTIPLIED)
        store.put(key, Tile(tile.clean, image, change))
