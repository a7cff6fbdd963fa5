"""Time: a fixed tick, frames that decide how many ticks run, and a budget that keeps the window alive."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter

from qrace.sim.car import TICK_S

SPEEDS: tuple[float | None, ...] = (1.0, 4.0, 16.0, None)
"""Simulated seconds per second; None is as fast as it goes, flat out."""
FLAT_OUT_SCALE = 60.0
RATE_WINDOW_S = 1.5
STEP_EASE = 0.1
"""Weight of the newest step in the mean of how long they take."""


@dataclass
class Pace:
    """How fast simulated time passes."""

    index: int = 0
    paused: bool = False
    one_tick: bool = False
    """One tick is to run although time stands still."""

    @property
    def speed(self) -> float | None:
        """Simulated seconds per second, None for flat out."""
        return SPEEDS[self.index]

    @property
    def time_scale(self) -> float:
        """Simulated seconds per second, about, for a camera that has to tell a drive from a jump."""
        return FLAT_OUT_SCALE if self.speed is None else self.speed

    @property
    def label(self) -> str:
        if self.paused:
            return "Paused"
        return "Flat out" if self.speed is None else f"×{self.speed:.0f}"

    def faster(self, step: int = 1) -> None:
        self.index = min(max(self.index + step, 0), len(SPEEDS) - 1)

    def ticks(self, dt: float) -> float | None:
        """Ticks that pass in dt seconds; None for as many as there is time for."""
        if self.one_tick:
            self.one_tick = False
            return 1.0
        if self.paused:
            return 0.0
        return None if self.speed is None else self.speed * dt / TICK_S


@dataclass
class Playback:
    """Shows steps of the world as if time ran smoothly: which two ticks the picture lies between, and where.

    A step is `ticks` ticks that the world makes at once; the picture runs through it while the next is not yet due.
    """

    ticks: int
    position: float = field(init=False)
    """Ticks into the step that is on screen, 0 to `ticks`."""
    _step_s: float = 0.0
    """How long a step takes, lately."""

    def __post_init__(self) -> None:
        self.position = float(self.ticks)

    def advance(self, due: float | None, run_step: Callable[[], None], deadline: float) -> None:
        """Let `due` ticks pass (None: as many as there is time for), and run the steps that they begin.

        No step begins that would not end by `deadline` (perf_counter time), but one may always run: then the world
        falls behind the clock, and the picture goes on.
        """
        if due is None:
            self._timed(run_step)
            while perf_counter() + self._step_s < deadline:
                self._timed(run_step)
            self.position = float(self.ticks)
            return
        self.position += due
        first = True
        while self.position > self.ticks:
            if not first and perf_counter() + self._step_s >= deadline:
                self.position = float(self.ticks)
                return
            self._timed(run_step)
            first = False
            self.position -= self.ticks

    def _timed(self, run_step: Callable[[], None]) -> None:
        begin = perf_counter()
        run_step()
        self._step_s += STEP_EASE * (perf_counter() - begin - self._step_s)

    @property
    def between(self) -> tuple[int, float]:
        """The tick before the picture, and the share of the way to the next."""
        index = min(int(self.position), self.ticks - 1)
        return index, self.position - index


class Rate:
    """How many per second, over the last moments."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def update(self, now: float, count: int) -> None:
        """Note the running total `count` at time `now` [s]."""
        if self._seen and count < self._seen[-1][1]:
            self._seen.clear()
        self._seen.append((now, count))
        while now - self._seen[0][0] > RATE_WINDOW_S:
            self._seen.popleft()

    @property
    def per_second(self) -> float:
        if not self._seen:
            return 0.0
        (start, first), (end, last) = self._seen[0], self._seen[-1]
        return (last - first) / (end - start) if end > start else 0.0
