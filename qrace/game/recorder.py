"""Writes down what is achieved, on a second thread: no frame waits for the disk, and play goes on if it refuses."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar
from weakref import WeakKeyDictionary

from qrace.errors import QRaceError
from qrace.race.records import Lap, RaceResult, Records, TrainingRun
from qrace.race.records_file import RecordsError
from qrace.rl.checkpoint import Checkpoint
from qrace.sim.car import CarName
from qrace.sim.track import Track

T = TypeVar("T")


class Recorder:
    """Takes laps, races and training runs at once and keeps them soon after, in the order in which they came.

    The file is opened when there is something to keep or to read. If it cannot be opened, the rest of the sitting goes
    unrecorded; if something cannot be written, that alone is lost. Either is told once.
    """

    def __init__(self, path: Path | None = None) -> None:
        """path: the file of records; without one nothing is kept, as befits tests, benchmarks and pictures."""
        self._path = path
        self._thread = ThreadPoolExecutor(1, "records")
        self._records: Records | None = None
        self._off = path is None
        """Nothing is written any more."""
        self._warned = self._closed = False
        self._told: deque[str] = deque()
        self._best: WeakKeyDictionary[Track, dict[tuple[CarName, str], float]] = WeakKeyDictionary()

    def lap(self, track: Track, lap: Lap) -> None:
        """Keep a lap, if it is its driver's best with this car on this road; what is slower costs next to nothing."""
        best, key = self._best.setdefault(track, {}), (lap.car, lap.driver)
        if lap.lap_s < best.get(key, float("inf")):
            best[key] = lap.lap_s
            self._write(lambda records: records.add_lap(track, lap))

    def race(self, track: Track, result: RaceResult) -> None:
        """Keep a race's result, and its best laps."""
        self._write(lambda records: records.add_race(track, result))

    def training_run(self, run: TrainingRun) -> None:
        """Keep how a model file came to be, see `training_run`."""
        self._write(lambda records: records.add_training_run(run))

    def ask(self, query: Callable[[Records], T]) -> "Future[T]":
        """Run a query on the records' own thread, after all that is waiting to be written.

        The future raises RecordsError where there are no records.
        """
        return self._thread.submit(self._run, query)

    def told(self) -> str:
        """The next sentence for the player about the file, empty when there is none."""
        return self._told.popleft() if self._told else ""

    def close(self) -> None:
        """Wait until all is written; what comes after is not."""
        if not self._closed:
            self._closed = True
            self._thread.submit(self._close)
            self._thread.shutdown()
            self._off = True

    def _write(self, job: Callable[[Records], object]) -> None:
        if not self._off:
            self._thread.submit(self._try, job)

    def _try(self, job: Callable[[Records], object]) -> None:
        try:
            self._run(job)
        except RecordsError as error:
            self._off = self._records is None
            if not self._warned:
                self._warned = True
                self._told.append(str(error))

    def _run(self, job: Callable[[Records], T]) -> T:
        if self._path is None:
            raise RecordsError("No records are kept in this window.")
        if self._records is None:
            self._records = Records(self._path)
            if self._records.told:
                self._told.append(self._records.told)
        return job(self._records)

    def _close(self) -> None:
        if self._records is not None:
            self._records.close()
            self._records = None


def training_run(checkpoint: Checkpoint, path: Path) -> TrainingRun:
    """What there is to keep of a model's training."""
    metrics = checkpoint.counters.get("metrics", {})
    return TrainingRun(
        file=str(path.resolve()),
        preset=checkpoint.config.preset,
        tracks=checkpoint.track,
        seed=checkpoint.config.seed,
        seconds=checkpoint.seconds,
        steps=int(metrics.get("steps", 0)),
        best_lap_s=checkpoint.best_lap_s,
    )


def keep_training_run(records_path: Path, checkpoint: Checkpoint, model: Path) -> str:
    """Keep one run at once, without a window; returns what there is to tell, mostly nothing."""
    try:
        records = Records(records_path)
        try:
            records.add_training_run(training_run(checkpoint, model))
        finally:
            records.close()
    except QRaceError as error:
        return str(error)
    return records.told
