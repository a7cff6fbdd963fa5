"""All tracks there are, loaded one after the other on a second thread, each with its picture and its times."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pygame

from qrace.errors import QRaceError
from qrace.game.limits import limit_of
from qrace.game.recorder import Recorder
from qrace.race.records_file import RecordsError
from qrace.sim.car import CarName
from qrace.sim.drawing_files import load_drawing
from qrace.sim.own_tracks import own_tracks
from qrace.sim.track import Track, TrackError
from qrace.sim.track_files import RANDOM_PREFIX, builtin_tracks, load_track
from qrace.view import palette
from qrace.view.track_preview import paint_preview

GENERATED = 6
"""Random tracks that are listed; the generator makes any other."""


@dataclass(frozen=True)
class Listed:
    """A track by name, before it is loaded."""

    name: str
    """What `load_track` takes."""
    path: Path | None = None
    """Its file, where it is the player's own …"""
    changed_ns: int = 0
    """… and when that was written last."""

    @property
    def group(self) -> str:
        if self.path is not None:
            return "Your own"
        return "Generated" if self.name.startswith(RANDOM_PREFIX) else "Built in"


@dataclass(frozen=True, eq=False)
class Seen:
    """A track that was loaded, or why it could not be."""

    track: Track | None
    fault: str = ""
    title: str = ""
    """Of a drawing of the player's that makes no road yet."""
    picture: pygame.Surface | None = None
    limit_s: float | None = None
    """Of the car in question, where it was computed [s]."""
    best_lap_s: float | None = None
    """The fastest that anyone has driven with it [s]."""


def list_tracks(present: Track | None = None) -> list[Listed]:
    """Own tracks first, then the built-in ones, then some random ones, the present one among them."""
    own = [Listed(str(path), path, _changed_ns(path)) for path in own_tracks()]
    seeds = [f"{RANDOM_PREFIX}{seed}" for seed in range(1, GENERATED + 1)]
    if present is not None and present.name.startswith(RANDOM_PREFIX) and present.name not in seeds:
        seeds.insert(0, present.name)
    return [*own, *(Listed(name) for name in builtin_tracks()), *(Listed(name) for name in seeds)]


def _changed_ns(path: Path) -> int:
    """0 for a file that has just gone."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


class TrackShelf:
    """Loads what is listed in the background.

    Attributes:
        listed: all tracks.
        seen: those that have been loaded, by their place in the list.
    """

    def __init__(self, listed: list[Listed], recorder: Recorder, car: CarName, picture_size: tuple[int, int]) -> None:
        """picture_size: of the small pictures [px]."""
        self.listed = listed
        self.seen: dict[int, Seen] = {}
        self._thread = ThreadPoolExecutor(1, "track shelf")
        self._coming: dict[int, Future[Seen]] = {}
        self._large: dict[tuple[int, tuple[int, int]], Future[pygame.Surface]] = {}
        look = _looker(recorder, car, picture_size)
        for place, item in enumerate(listed):
            self._coming[place] = self._thread.submit(look, item)

    def update(self) -> bool:
        """Take what is ready; returns whether there is something new."""
        ready = [place for place, future in self._coming.items() if future.done()]
        for place in ready:
            self.seen[place] = self._coming.pop(place).result()
        return bool(ready)

    def large_picture(self, place: int, size: tuple[int, int]) -> pygame.Surface | None:
        """The picture of a track at this size [px]; None until it is painted."""
        seen = self.seen.get(place)
        if seen is None or seen.track is None:
            return None
        key = place, size
        if key not in self._large:
            self._large[key] = self._thread.submit(paint_preview, seen.track, size, palette.GROUND)
        return self._large[key].result() if self._large[key].done() else None

    def finish(self) -> None:
        """Wait until all is loaded."""
        while self._coming:
            next(iter(self._coming.values())).result()
            self.update()

    def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)


def _looker(recorder: Recorder, car: CarName, size: tuple[int, int]) -> Callable[[Listed], Seen]:
    def look(item: Listed) -> Seen:
        try:
            track = load_track(item.name)
        except QRaceError as error:
            return Seen(None, str(error), _drawn_title(item.path))
        limit = limit_of(track, car)
        try:
            best = recorder.ask(lambda records: records.best_lap_s(track, car)).result()
        except RecordsError:
            best = None
        return Seen(
            track, picture=paint_preview(track, size), limit_s=limit.limit_s if limit else None, best_lap_s=best
        )

    return look


def _drawn_title(path: Path | None) -> str:
    """The title of an unfinished drawing, empty if the file is none."""
    try:
        return load_drawing(path).title if path is not None and path.suffix == ".json" else ""
    except TrackError:
        return ""
