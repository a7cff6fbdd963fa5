"""Sixty frames a second."""

from time import perf_counter, sleep

FRAME_S = 1 / 60
LONGEST_FRAME_S = 0.1
"""A longer frame (the window was dragged, the machine slept) counts as this long [s]."""


class FramePacer:
    """Sleeps until the next frame is due, to a tenth of a millisecond, without keeping a core busy."""

    def __init__(self) -> None:
        self._last = self._due = perf_counter()

    def wait(self, frame_s: float = FRAME_S) -> float:
        """Wait until a frame of frame_s [s] is over; returns the time since the last [s], at most LONGEST_FRAME_S."""
        self._due += frame_s
        now = perf_counter()
        if self._due > now:
            sleep(self._due - now)
        else:
            self._due = now
        now = perf_counter()
        passed, self._last = now - self._last, now
        return min(passed, LONGEST_FRAME_S)
