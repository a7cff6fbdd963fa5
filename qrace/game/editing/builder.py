"""Builds the exact road of the newest drawing on a thread of its own, so that the picture never waits for it."""

from concurrent.futures import Future, ThreadPoolExecutor

from qrace.sim.drawing import Drawing
from qrace.sim.road_checks import Checked, check_drawing


class RoadBuilder:
    """Knows the newest road that was built; drawings that were outdated before their turn are never built.

    Attributes:
        checked: the newest result, None before the first.
    """

    def __init__(self) -> None:
        self.checked: Checked | None = None
        self._thread = ThreadPoolExecutor(1, "road builder")
        self._running: tuple[Drawing, Future[Checked]] | None = None
        self._wanted: Drawing | None = None

    def build(self, drawing: Drawing) -> None:
        """Ask for a drawing's road, unless it is there or on its way."""
        newest = self._running[0] if self._running else self.checked.drawing if self.checked else None
        self._wanted = drawing if drawing is not newest else None
        self.update()

    def update(self) -> bool:
        """Take what is ready and go on with what is wanted; returns whether there is a new result."""
        fresh = False
        if self._running is not None and self._running[1].done():
            self.checked, self._running, fresh = self._running[1].result(), None, True
        if self._running is None and self._wanted is not None:
            self._running, self._wanted = (self._wanted, self._thread.submit(check_drawing, self._wanted)), None
        return fresh

    def finish(self) -> None:
        """Wait until everything wanted is built."""
        while self._running is not None:
            self._running[1].result()
            self.update()

    def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)
