"""The road of the next race, loaded and painted where nobody waits for it."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import pygame

from qrace.errors import QRaceError
from qrace.sim.track import Track
from qrace.view import palette
from qrace.view.track_preview import paint_preview


@dataclass(frozen=True, eq=False)
class Preview:
    """What there is to see of a road, or what is wrong with it."""

    name: str
    track: Track | None
    picture: pygame.Surface | None
    fault: str = ""


class RoadAhead:
    """Loads the road that was asked for last; the one before stays to be seen until then.

    Attributes:
        preview: of the last road that was loaded, None before the first.
    """

    def __init__(self) -> None:
        self.preview: Preview | None = None
        self._thread = ThreadPoolExecutor(1, "road ahead")
        self._coming: Future[Preview] | None = None
        self._asked: tuple[str, tuple[int, int]] | None = None

    def ask(self, name: str, load: Callable[[], Track], size: tuple[int, int]) -> None:
        """Have a road loaded and painted in that size [px], unless it was the last to be asked for."""
        if self._asked != (name, size):
            self._asked = name, size
            if self._coming is not None:
                self._coming.cancel()
            self._coming = self._thread.submit(_paint, name, load, size)

    def also(self, call: Callable[[], object]) -> None:
        """Have something else done, on the same thread."""
        self._thread.submit(call)

    def update(self) -> None:
        """Take what has come."""
        if self._coming is not None and self._coming.done():
            self.preview, self._coming = self._coming.result(), None

    def track(self, name: str) -> Track | None:
        """The road of that name, if it is there already."""
        return self.preview.track if self.preview is not None and self.preview.name == name else None

    def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)


def _paint(name: str, load: Callable[[], Track], size: tuple[int, int]) -> Preview:
    try:
        track = load()
        return Preview(name, track, paint_preview(track, size, palette.PANEL))
    except QRaceError as error:
        return Preview(name, None, None, str(error))
