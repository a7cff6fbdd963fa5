"""What was achieved, kept from one launch to the next: lap records, race results, training runs."""

import hashlib
import math
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from qrace.race.race import Race, Standing
from qrace.race.records_file import open_records, transaction, unusable
from qrace.sim.car import CarName
from qrace.sim.track import Track

RECORDS_NAME = "records.sqlite"
"""Of the file, in the user's data folder."""
UNUSABLE = (sqlite3.Error, UnicodeEncodeError, OverflowError)
"""Errors of a disk that refuses, of a name that is no text, and of a number too large for the file."""
Sectors = tuple[float, float, float]


@dataclass(frozen=True)
class Lap:
    """One lap that counts."""

    car: CarName
    driver: str
    lap_s: float
    sectors_s: Sectors | None = None
    """Times of the three parts, where they were taken [s]."""

    def __post_init__(self) -> None:
        """Raises ValueError for times that no lap has."""
        times = (self.lap_s, *(self.sectors_s or ()))
        if not all(math.isfinite(time) and time > 0.0 for time in times):
            raise ValueError(f"no lap takes {times} s")


@dataclass(frozen=True)
class LapRecord:
    """The best lap of a driver with a car on a road."""

    track: str
    """The track's title."""
    geometry: str
    """See `geometry_of`."""
    lap: Lap
    driven_at: str
    """UTC, ISO 8601."""
    name: str = ""
    """The track's name, see `Track.name`."""


@dataclass(frozen=True)
class EntrantResult:
    """One line of a race's result."""

    position: int
    name: str
    car: CarName
    laps: int
    best_lap_s: float | None
    total_s: float | None
    out: bool


@dataclass(frozen=True)
class RaceResult:
    """A race as it stands, apart from the race itself, which may go on."""

    laps: int
    entrants: tuple[EntrantResult, ...]
    """The winner first."""

    @classmethod
    def of(cls, race: Race) -> "RaceResult":
        cars: Sequence[CarName] = [car.entrant.config.car for car in race.cars]
        return cls(race.laps, tuple(_entrant_result(row, cars[row.entrant]) for row in race.standings()))


@dataclass(frozen=True)
class RaceRecord:
    """A race that was kept."""

    track: str
    """The track's title."""
    result: RaceResult
    driven_at: str
    """UTC, ISO 8601."""
    name: str = ""
    """The track's name."""


@dataclass(frozen=True)
class TrainingRun:
    """How a model file came to be; training that goes on in the same file is the same run."""

    file: str
    preset: str
    tracks: str
    """As a checkpoint names them; empty for a general driver."""
    seed: int
    seconds: float
    """Wall clock spent in training [s]."""
    steps: int
    best_lap_s: float | None


@dataclass(frozen=True)
class TrainingRecord:
    """A training run that was kept."""

    run: TrainingRun
    ended_at: str
    """UTC, ISO 8601."""


def geometry_of(track: Track) -> str:
    """A fingerprint of the road from its start line on: a road that was changed begins new records."""
    return hashlib.sha256(track.edge_bytes()).hexdigest()[:32]


class Records:
    """An open file of records; use it on the thread that made it.

    Every method raises RecordsError if the disk fails, or for what no such file can hold.

    Attributes:
        told: a sentence for the player about how the file was opened; empty where all is well.
    """

    def __init__(self, path: Path) -> None:
        """Raises RecordsError, see `open_records`."""
        self._path = path
        self._connection, self.told = open_records(path)

    def close(self) -> None:
        self._connection.close()

    def add_lap(self, track: Track, lap: Lap, driven_at: str | None = None) -> bool:
        """Keep a lap if it is the best of this driver with this car on this road; returns whether it is."""
        with self._writing():
            return self._keep_lap(self._track_id(track), lap, driven_at or _now())

    def add_race(self, track: Track, result: RaceResult, driven_at: str | None = None) -> None:
        """Keep a race's result, and its best laps as any others."""
        when = driven_at or _now()
        with self._writing():
            road = self._track_id(track)
            race = self._connection.execute(
                "INSERT INTO race (track, laps, driven_at) VALUES (?, ?, ?)", (road, result.laps, when)
            ).lastrowid
            self._connection.executemany(
                "INSERT INTO race_entrant VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [(race, e.position, e.name, e.car, e.laps, e.best_lap_s, e.total_s, e.out) for e in result.entrants],
            )
            for entrant in result.entrants:
                if entrant.best_lap_s is not None:
                    self._keep_lap(road, Lap(entrant.car, entrant.name, entrant.best_lap_s), when)

    def add_training_run(self, run: TrainingRun, ended_at: str | None = None) -> None:
        """Keep a run, instead of what was known of its file before."""
        with self._writing():
            self._connection.execute(
                "INSERT OR REPLACE INTO training_run VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    run.file,
                    run.preset,
                    run.tracks,
                    run.seed,
                    run.seconds,
                    run.steps,
                    run.best_lap_s,
                    ended_at or _now(),
                ),
            )

    def best_lap_s(self, track: Track, car: CarName) -> float | None:
        """The fastest lap that anyone has driven with a car on this road [s]."""
        [best] = self._rows(
            "SELECT min(lap_s) FROM lap_record JOIN track ON track.id = track "
            "WHERE name = ? AND geometry = ? AND car = ?",
            (track.name, geometry_of(track), car),
        )
        return best[0]

    def lap_records(self) -> list[LapRecord]:
        """Every record, by track and car, the fastest first; times that no lap has, of whoever wrote them, are not."""
        rows = self._rows(
            "SELECT name, title, geometry, car, driver, lap_s, sector_1_s, sector_2_s, sector_3_s, driven_at "
            "FROM lap_record JOIN track ON track.id = track ORDER BY title, geometry, car, lap_s, driver"
        )
        found = []
        for name, title, geometry, car, driver, lap_s, *sectors, when in rows:
            with suppress(ValueError):
                lap = Lap(car, driver, lap_s, None if None in sectors else tuple(sectors))
                found.append(LapRecord(title, geometry, lap, when, name))
        return found

    def races(self, most: int = 100) -> list[RaceRecord]:
        """The latest races, the last one first."""
        races = self._rows(
            "SELECT race.id, name, title, laps, driven_at FROM race JOIN track ON track.id = track "
            "ORDER BY race.id DESC LIMIT ?",
            (most,),
        )
        return [
            RaceRecord(title, RaceResult(laps, self._entrants(race)), when, name)
            for race, name, title, laps, when in races
        ]

    def training_runs(self, most: int = 100) -> list[TrainingRecord]:
        """The latest runs, the last one first."""
        rows = self._rows(
            "SELECT file, preset, tracks, seed, seconds, steps, best_lap_s, ended_at FROM training_run "
            "ORDER BY ended_at DESC, file LIMIT ?",
            (most,),
        )
        return [TrainingRecord(TrainingRun(*row), when) for *row, when in rows]

    def has_driver(self, name: str) -> bool:
        """Whether there is a lap of a driver of that name."""
        return bool(self._rows("SELECT 1 FROM lap_record WHERE driver = ? LIMIT 1", (name,)))

    def rename_driver(self, old: str, new: str, old_file: str, new_file: str) -> None:
        """Hand a driver's laps and training run on to its new name and file; races stay as they were run."""
        with self._writing():
            self._connection.execute("UPDATE OR REPLACE lap_record SET driver = ? WHERE driver = ?", (new, old))
            self._connection.execute("UPDATE OR REPLACE training_run SET file = ? WHERE file = ?", (new_file, old_file))

    def _entrants(self, race: int) -> tuple[EntrantResult, ...]:
        rows = self._rows(
            "SELECT position, name, car, laps, best_lap_s, total_s, crashed FROM race_entrant WHERE race = ? "
            "ORDER BY position",
            (race,),
        )
        return tuple(
            EntrantResult(position, name, car, laps, best_lap_s, total_s, bool(out))
            for position, name, car, laps, best_lap_s, total_s, out in rows
        )

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            with transaction(self._connection):
                yield
        except UNUSABLE as error:
            raise unusable(self._path, error) from error

    def _rows(self, query: str, values: tuple[object, ...] = ()) -> list[tuple]:
        try:
            return self._connection.execute(query, values).fetchall()
        except UNUSABLE as error:
            raise unusable(self._path, error) from error

    def _track_id(self, track: Track) -> int:
        name, geometry = track.name, geometry_of(track)
        self._connection.execute(
            "INSERT INTO track (name, geometry, title, length_m) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (name, geometry, track.title, track.length_m),
        )
        [found] = self._connection.execute(
            "SELECT id FROM track WHERE name = ? AND geometry = ?", (name, geometry)
        ).fetchone()
        return found

    def _keep_lap(self, road: int, lap: Lap, driven_at: str) -> bool:
        sectors = lap.sectors_s or (None, None, None)
        cursor = self._connection.execute(
            "INSERT INTO lap_record VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET lap_s = excluded.lap_s, "
            "sector_1_s = excluded.sector_1_s, sector_2_s = excluded.sector_2_s, sector_3_s = excluded.sector_3_s, "
            "driven_at = excluded.driven_at WHERE excluded.lap_s < lap_record.lap_s",
            (road, lap.car, lap.driver, lap.lap_s, *sectors, driven_at),
        )
        return cursor.rowcount > 0


def _entrant_result(row: Standing, car: CarName) -> EntrantResult:
    return EntrantResult(row.position, row.name, car, row.laps, row.best_lap_s, row.total_s, row.out)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
