"""Random tracks in a row, made one after the other on a second thread."""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import pygame

from qrace.sim.road_shape import TrackError
from qrace.sim.track import Track
from qrace.sim.track_generator import RoadStyle, generate_track
from qrace.view import palette
from qrace.view.track_preview import paint_preview

LARGEST_SEED = 999_999


@dataclass(frozen=True, eq=False)
class Grown:
    """A random track, or why there is none."""

    seed: int
    track: Track | None
    picture: pygame.Surface | None
    fault: str = ""


class TrackNursery:
    """Grows the tracks of a row of seeds in one style.

    Attributes:
        seeds: the row.
        grown: those that are there, by seed.
    """

    def __init__(self) -> None:
        self.seeds: list[int] = []
        self.grown: dict[int, Grown] = {}
        self._thread = ThreadPoolExecutor(1, "track nursery")
        self._coming: dict[int, Future[Grown]] = {}

    def grow(self, seeds: list[int], style: RoadStyle, size: tuple[int, int]) -> None:
        """Begin a new row, pictures of `size` pixels; what is on its way for another row is given up."""
        for future in self._coming.values():
            future.cancel()
        self.seeds, self.grown = seeds, {}
        self._coming = {seed: self._thread.submit(_grow, seed, style, size) for seed in seeds}

    def update(self) -> bool:
        """Take what is ready; returns whether there is something new."""
        ready = [seed for seed, future in self._coming.items() if future.done()]
        for seed in ready:
            self.grown[seed] = self._coming.pop(seed).result()
        return bool(ready)

    def finish(self) -> None:
        """Wait for the whole row."""
        while self._coming:
            next(iter(self._coming.values())).result()
            self.update()

    def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)


def _grow(seed: int, style: RoadStyle, size: tuple[int, int]) -> Grown:
    try:
        track = generate_track(seed, style)
    except TrackError:
        return Grown(seed, None, None, "No circuit fits: make it longer, narrower or less twisty.")
    return Grown(seed, track, paint_preview(track, size, palette.GROUND))
