"""Signals that ask for the end: for the window and for a training without one, which both save first."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""Ctrl-C, a polite kill, a closed terminal, and what Windows has instead of the last two."""


class StopRequest:
    """Whether someone has asked for the end. Unlike an Event it has no lock that a second signal would wait for."""

    def __init__(self) -> None:
        self._made = False

    def make(self) -> None:
        self._made = True

    def is_set(self) -> bool:
        return self._made


@contextmanager
def stop_signals() -> Iterator[StopRequest]:
    """The signals become a request, instead of ending the program; what stood for them before comes back after.

    A closed terminal does not count where somebody has said so, as nohup does.
    """
    request = StopRequest()

    def handle(number: int, frame: FrameType | None) -> None:
        request.make()

    numbers = [getattr(signal, name) for name in SIGNALS if hasattr(signal, name)]
    numbers = [n for n in numbers if n.name != "SIGHUP" or signal.getsignal(n) is not signal.SIG_IGN]
    before = {number: signal.signal(number, handle) for number in numbers}
    try:
        yield request
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
