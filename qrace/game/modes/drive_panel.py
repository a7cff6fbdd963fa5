"""What the panel shows of a drive: the person's laps, or those of all cars."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from qrace.game.keys import ModeName
from qrace.game.limits import off_limit
from qrace.game.modes.drive_world import DriveWorld
from qrace.game.modes.mode import Context, count_text, lap_figure, mind, road_text
from qrace.game.time_trial import TimeTrial
from qrace.sim.track import Track
from qrace.view import palette
from qrace.view.panel import Figure, PanelContent


@dataclass
class Tally:
    """Laps and crashes of all cars in this drive."""

    laps: int = 0
    crashes: int = 0
    best_lap_s: float | None = None
    last_lap_s: float | None = None

    def count(self, lap_times: Iterable[float], crashes: int) -> None:
        """Add laps [s] and crashes."""
        self.crashes += crashes
        for lap_s in lap_times:
            self.laps += 1
            self.last_lap_s = float(lap_s)
            self.best_lap_s = min(float(lap_s), self.best_lap_s or np.inf)


def drive_content(context: Context, track: Track, world: DriveWorld, trial: TimeTrial, tally: Tally) -> PanelContent:
    """The panel, as things are now."""
    chosen, config = context.scene.chosen, world.env.config
    person = world.seat.person == chosen
    best_s, last_s, laps, crashes = tally.best_lap_s, tally.last_lap_s, tally.laps, tally.crashes
    if person:
        best_s, last_s = (None if lap is None else lap.lap_s for lap in (trial.timer.best, trial.timer.last))
        laps, crashes = trial.laps, trial.crashes
    whose = "Your " if person else ""
    driver = "none" if world.brain is None else world.brain.name
    best_off, last_off = (off_limit(track, config.car, lap_s) for lap_s in (best_s, last_s))
    return PanelContent(
        mode=ModeName.DRIVE.value,
        status=context.pace.label,
        status_colour=palette.WARN if context.pace.paused else palette.ACCENT,
        track=road_text(track),
        car=f"{config.car} car",
        headline=(
            lap_figure("Your best lap" if person else "Best of this drive", best_s, off_limit_pct=best_off),
            lap_figure("Your last lap" if person else "Last lap", last_s, off_limit_pct=last_off),
        ),
        results=(
            Figure(f"{whose}laps".capitalize(), count_text(laps)),
            Figure(f"{whose}crashes".capitalize(), count_text(crashes)),
            Figure("Brain", driver),
            Figure("Ghosts", context.ghosts_shown.value),
        ),
        mind=mind(
            world.simulator,
            chosen,
            f"The mind of car {chosen + 1}",
            world.interval.sight(chosen),
            world.decision_of(chosen),
            "you" if person else driver,
        ),
    )
