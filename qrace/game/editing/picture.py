"""The painted world of a drawing that rests: made on a thread of its own, shown once it is there."""

from concurrent.futures import Future, ThreadPoolExecutor

from qrace.sim.track import Track
from qrace.view.table_camera import TableCamera
from qrace.view.track_painter import TrackPainter

REST_S = 0.25
"""A road is painted when the hand has left it alone for so long [s]."""


class RoadPicture:
    """At most one painter at a time is kept, and one on its way."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "road picture")
        self._painter: TrackPainter | None = None
        self._coming: Future[TrackPainter] | None = None
        self._wanted: Track | None = None
        self._rested_s = 0.0

    def want(self, track: Track | None) -> None:
        """The road to be painted, None for none; asked for in every frame."""
        if track is not self._wanted:
            self._wanted, self._rested_s = track, 0.0

    def update(self, dt: float) -> None:
        """Let dt [s] pass."""
        self._rested_s += dt
        if self._coming is not None and self._coming.done():
            painter, self._coming = self._coming.result(), None
            if painter.track is self._wanted:
                self._drop()
                self._painter = painter
        there = self._painter is not None and self._painter.track is self._wanted
        if self._wanted is not None and not there and self._coming is None and self._rested_s >= REST_S:
            self._coming = self._thread.submit(TrackPainter, self._wanted)

    def finish(self, track: Track, camera: TableCamera) -> None:
        """Paint a road and all that is in view of it now, and wait for it."""
        self.want(track)
        painter = self.painter or TrackPainter(track)
        if painter is not self._painter:
            self._drop()
            self._painter = painter
        painter.finish(camera)

    @property
    def painter(self) -> TrackPainter | None:
        """Of the road that is wanted, None until it is there."""
        there = self._painter is not None and self._painter.track is self._wanted
        return self._painter if there else None

    def _drop(self) -> None:
        if self._painter is not None:
            self._painter.close()
            self._painter = None

    def close(self) -> None:
        """Stop painting; one that is on its way has not begun to."""
        self._drop()
        self._thread.shutdown(wait=False, cancel_futures=True)
