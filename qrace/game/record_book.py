"""What the records say, gathered for people to read: off the main thread, for it opens files and finds roads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from qrace.game.driver_files import SavedDriver
from qrace.game.limits import find_road, limit_of_road, track_names
from qrace.race.records import LapRecord, RaceRecord, Records, TrainingRecord
from qrace.sim.limit import Limit

LAPS_OF_A_DRIVER = 8
"""More of them are not listed on its card."""


@dataclass(frozen=True)
class LapLine:
    """A lap record beside the limit."""

    record: LapRecord
    limit: Limit | None
    """None where there is none, or the road is not what it was."""

    @property
    def off_pct(self) -> float | None:
        """How much slower than the limit it is [%]."""
        return None if self.limit is None else self.limit.percent_off(self.record.lap.lap_s)


@dataclass(frozen=True)
class RecordBook:
    """All that was kept."""

    laps: tuple[LapLine, ...] = ()
    """By track and car, the fastest first."""
    races: tuple[RaceRecord, ...] = ()
    """The last one first, as are the runs."""
    runs: tuple[TrainingRecord, ...] = ()

    @property
    def tracks(self) -> dict[str, str]:
        """Title of every track that something was kept of, by its name, in the order of titles."""
        titles = {line.record.name: line.record.track for line in self.laps}
        titles |= {race.name: race.track for race in self.races}
        for record in self.runs:
            for name in track_names(record.run.tracks):
                titles.setdefault(name, name)
        return dict(sorted(titles.items(), key=lambda item: item[1].casefold()))


def gather(records: Records) -> RecordBook:
    """Read everything; takes some tenths of a second the first time. Raises RecordsError."""
    return RecordBook(
        laps=tuple(LapLine(record, _limit(record)) for record in records.lap_records()),
        races=tuple(records.races()),
        runs=tuple(records.training_runs()),
    )


def _limit(record: LapRecord) -> Limit | None:
    return limit_of_road(record.name, record.geometry, record.lap.car)


@dataclass(frozen=True)
class DriverLap:
    """A driver's best lap on a road."""

    track: str
    """Its title."""
    lap_s: float
    limit: Limit | None
    """See LapLine."""

    @property
    def off_pct(self) -> float | None:
        """How much slower than the limit it is [%]."""
        return None if self.limit is None else self.limit.percent_off(self.lap_s)


def best_laps(driver: SavedDriver, laps: Sequence[LapRecord]) -> tuple[DriverLap, ...]:
    """A driver's best laps from the records and from its own file, the nearest to the limit first."""
    if driver.description is None:
        return ()
    car, found = driver.description.config.env.car, {}
    for record in laps:
        if record.lap.driver == driver.name and record.lap.car == car:
            found[record.name] = DriverLap(record.track, record.lap.lap_s, _limit(record))
    names, own_s = track_names(driver.description.track), driver.description.best_lap_s
    if len(names) == 1 and own_s is not None and (names[0] not in found or own_s < found[names[0]].lap_s):
        road = find_road(names[0])
        title = road.title if road is not None else names[0]
        found[names[0]] = DriverLap(title, own_s, limit_of_road(names[0], None, car))
    nearest = sorted(found.values(), key=lambda lap: (lap.off_pct is None, lap.off_pct or 0.0, lap.track))
    return tuple(nearest[:LAPS_OF_A_DRIVER])


def date_text(when: str, time: bool = False) -> str:
    """ "24 Nov 2026", with the time "24 Nov 15:04", where one is; a dash for what is no ISO 8601."""
    try:
        local = datetime.fromisoformat(when).astimezone()
    except ValueError:
        return "–"
    return f"{local:%d %b %H:%M}" if time else f"{local:%d %b %Y}"


def duration_text(seconds: float) -> str:
    """ "45 s", "12 min", "1.5 h"."""
    if seconds < 100.0:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000.0 else f"{seconds / 3600:.1f} h"
