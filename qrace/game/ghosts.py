"""Ghosts: laps to chase beside the person's car. Read, driven and kept on a thread of their own."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from enum import Enum
from pathlib import Path
from threading import Event
from time import sleep

from qrace.env.config import EnvConfig
from qrace.game.limits import limit_of
from qrace.race.driven_lap import DrivenLap
from qrace.race.ghost_files import load_ghost, save_ghost
from qrace.race.ghost_laps import driver_lap, limit_lap
from qrace.rl.policy import Policy
from qrace.sim.car import CarName
from qrace.sim.track import Track
from qrace.view.ghosts import Ghost, GhostLook

REST_S = 1e-3
"""Laps are driven with a pause of this length every so often, so that no frame waits for Python's lock [s]."""


class GhostName(Enum):
    """Whose lap it is; the value is what people read."""

    OWN = "your best"
    DRIVER = "driver"
    LIMIT = "limit"


LOOKS = {
    GhostName.OWN: GhostLook("Y", 6),
    GhostName.DRIVER: GhostLook("D", 1),
    GhostName.LIMIT: GhostLook("L", 2),
}


class GhostsShown(Enum):
    """Which ghosts are drawn; one key goes through them."""

    ALL = "all"
    OWN = GhostName.OWN.value
    DRIVER = GhostName.DRIVER.value
    LIMIT = GhostName.LIMIT.value
    NONE = "none"

    @property
    def next(self) -> "GhostsShown":
        order = list(GhostsShown)
        return order[(order.index(self) + 1) % len(order)]

    def __contains__(self, name: GhostName) -> bool:
        return self is GhostsShown.ALL or self.value == name.value


class Ghosts:
    """The laps that there are for one car on one road, and where they are now.

    A ghost crosses the line when the person does. As long as no lap of theirs counts it starts beside them instead.
    """

    def __init__(self, track: Track, car: CarName, folder: Path) -> None:
        """folder: where the person's best laps lie."""
        self.laps: dict[GhostName, DrivenLap] = {}
        self._track, self._car, self._folder = track, car, folder
        self._stop = Event()
        self._thread = ThreadPoolExecutor(1, "ghosts")
        self._waiting: list[tuple[GhostName | None, Future[DrivenLap | None]]] = []
        self._from_m: float | None = None
        self._begin(GhostName.OWN, lambda: load_ghost(folder, track, car))
        self._begin(GhostName.LIMIT, self._limit_lap)

    def add_driver(self, config: EnvConfig, policy: Policy) -> None:
        """Let a driver of the same car drive its lap; once, and where nobody sees it."""
        self._begin(GhostName.DRIVER, lambda: driver_lap(self._track, config, policy, self._rest))

    def keep(self, lap: DrivenLap) -> None:
        """The person's best lap is this one now."""
        self.laps[GhostName.OWN] = lap
        self._begin(None, lambda: save_ghost(self._folder, self._track, self._car, lap))

    def _begin(self, name: GhostName | None, job: Callable[[], DrivenLap | None]) -> None:
        self._waiting.append((name, self._thread.submit(job)))

    def _limit_lap(self) -> DrivenLap | None:
        limit = limit_of(self._track, self._car)
        return None if limit is None else limit_lap(self._track, limit, self._rest)

    def _rest(self) -> bool:
        sleep(REST_S)
        return self._stop.is_set()

    def update(self) -> DrivenLap | None:
        """Take what has become ready; returns the person's best lap if it has just been read.

        Raises GhostError for a file that cannot be read or written.
        """
        own = None
        for entry in [entry for entry in self._waiting if entry[1].done()]:
            self._waiting.remove(entry)
            name, future = entry
            lap = future.result()
            if name is not None and lap is not None and name not in self.laps:
                self.laps[name] = lap
                own = lap if name is GhostName.OWN else own
        return own

    def wait(self) -> None:
        """Until all that has begun is ready; for pictures."""
        wait([future for _, future in self._waiting])

    def start_at(self, progress_m: float | None) -> None:
        """The ghosts' clock starts: at this place of the road, or on the line, which a counted lap begins at (None)."""
        self._from_m = progress_m

    def at(self, time_s: float, shown: GhostsShown) -> tuple[Ghost, ...]:
        """Those that are shown, where they are `time_s` after the clock started."""
        ghosts = []
        for name, lap in self.laps.items():
            if name in shown:
                since_s = time_s if self._from_m is None else time_s + lap.time_at(self._from_m)
                ghosts.append(Ghost(LOOKS[name], self._car, lap.pose_at(since_s), lap.progress_at(since_s)))
        return tuple(ghosts)

    def close(self) -> None:
        """Wait for what is being written; give up what is being driven.

        Raises GhostError if it cannot be written.
        """
        self._stop.set()
        for name, future in self._waiting:
            if name is not None:
                future.cancel()
        self._thread.shutdown()
        for name, future in self._waiting:
            if name is None:
                future.result()
