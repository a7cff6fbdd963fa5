"""A person against the clock: their laps on one road with one car, and the ghosts that they chase."""

from pathlib import Path

from qrace.game.ghosts import Ghosts, GhostsShown
from qrace.game.limits import off_limit, off_limit_text
from qrace.game.recorder import Recorder
from qrace.race.driven_lap import DrivenLap
from qrace.race.lap_timer import SECTORS, LapTimer
from qrace.race.records import Lap
from qrace.sim.car import TICK_S, CarName
from qrace.sim.simulator import Simulator
from qrace.sim.track import Track
from qrace.view.ghosts import Ghost
from qrace.view.lap_board import LapBoard, Sector, lap_text

PERSON = "You"
"""What the person is called in records."""


class TimeTrial:
    """One car's laps while a person drives it.

    Attributes:
        timer: of the lap that runs, and the best one, which may be of an earlier launch.
        ghosts: laps to chase.
        laps, crashes: of this drive.
    """

    def __init__(self, track: Track, car: CarName, recorder: Recorder, folder: Path) -> None:
        """folder: where best laps are kept."""
        self.timer = LapTimer(track.length_m)
        self.ghosts = Ghosts(track, car, folder)
        self.laps = self.crashes = 0
        self._track, self._car, self._recorder = track, car, recorder
        self._since_s = 0.0
        """The ghosts' clock."""

    def begin(self, progress_m: float) -> None:
        """The person goes on from here [m]; no lap counts before the line."""
        self.timer.void()
        self.ghosts.start_at(progress_m)
        self._since_s = 0.0

    def observe(self, simulator: Simulator, car: int) -> DrivenLap | None:
        """Take note of a tick that the person drove; returns the lap that ended in it, if it counts."""
        ran = self.timer.lap_s is not None
        best = self.timer.best
        lap = self.timer.observe(simulator, car)
        if self.timer.lap_s is None:
            self._since_s += TICK_S
        else:
            self._since_s = self.timer.lap_s
            if lap is not None or not ran:
                self.ghosts.start_at(None)
        if lap is not None:
            self.laps += 1
            self._recorder.lap(self._track, Lap(self._car, PERSON, lap.lap_s, lap.sectors_s))
            if self.timer.best is not best:
                self.ghosts.keep(lap)
        return lap

    def update(self) -> None:
        """Take what was read and driven in the background. Raises GhostError."""
        own, timer = self.ghosts.update(), self.timer
        if own is not None and (timer.best is None or own.lap_s < timer.best.lap_s):
            timer.best = own

    def ghosts_now(self, share: float, shown: GhostsShown) -> tuple[Ghost, ...]:
        """The ghosts when this share of the tick on screen is over."""
        return self.ghosts.at(self._since_s + share * TICK_S, shown)

    def board(self, share: float) -> LapBoard:
        """What the board on the stage shows then."""
        timer = self.timer
        splits = [Sector(split.time_s, split.delta_s) for split in timer.splits]
        best_s, last_s = (None if lap is None else lap.lap_s for lap in (timer.best, timer.last))
        return LapBoard(
            lap=lap_text(None if timer.lap_s is None else timer.lap_s + share * TICK_S),
            delta_s=timer.delta_s,
            last=lap_text(last_s),
            last_delta_s=timer.last_delta_s,
            best=lap_text(best_s),
            off_limit=off_limit_text(off_limit(self._track, self._car, best_s)),
            sectors=(*splits, *(Sector() for _ in range(SECTORS - len(splits)))),
            sector=None if timer.lap_s is None else timer.sector,
        )
