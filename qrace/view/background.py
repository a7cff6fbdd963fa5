"""A thread that paints while nothing waits for it, in slices so short that frames stay smooth."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

SLICE_S = 0.0006
PAUSE_S = 0.0004
"""Painting holds the interpreter's lock; after each slice of work the frame gets its turn."""
IDLE_S = 0.25
"""With nothing to do, look again so often."""


class Background:
    """Runs jobs, which are iterators of small steps, on a daemon thread that starts with the first `wake`."""

    def __init__(self, next_job: Callable[[], Iterator[Any] | None]) -> None:
        self._next_job = next_job
        self._wanted = threading.Event()
        self._closed = False
        self._failure: Exception | None = None
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        """There is work.

        Raises:
            Exception: whatever the last job failed with, so that it is seen.
        """
        if self._failure is not None:
            raise self._failure
        if self._thread is None and not self._closed:
            self._thread = threading.Thread(target=self._run, name="painter", daemon=True)
            self._thread.start()
        self._wanted.set()

    def close(self) -> None:
        """Stop after the present step, and wait for that."""
        self._closed = True
        self._wanted.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._closed:
            try:
                job = self._next_job()
                if job is None:
                    self._wanted.wait(IDLE_S)
                    self._wanted.clear()
                else:
                    self._work(job)
            except Exception as failure:  # told to the main thread by the next wake
                self._failure = failure
                return

    def _work(self, job: Iterator[Any]) -> None:
        begun = time.perf_counter()
        for _ in job:
            if self._closed:
                return
            if time.perf_counter() - begun > SLICE_S:
                time.sleep(PAUSE_S)
                begun = time.perf_counter()
