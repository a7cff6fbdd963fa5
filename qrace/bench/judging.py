"""Training runs on a clock that stands still while drivers are judged, and the judging."""

import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from qrace.bench.table import Row
from qrace.env.config import EnvConfig
from qrace.rl.config import Config
from qrace.rl.evaluate import Evaluation, Examination
from qrace.rl.policy import Policy
from qrace.rl.trainer import Trainer
from qrace.sim.limit import Limit, load_limit
from qrace.sim.track import Track

JURY_SEED = 1_000_000
"""Added to the seed of training it is that of a jury's places, which so are never those of training."""


class TimedRun:
    """A training run as `train` does it; its clock runs inside train_until() alone.

    Attributes:
        trainer: the run.
        seconds: wall clock spent in training [s].
        first_lap_s: when training's own examinations first saw a clean greedy lap from a standing start [s].
    """

    def __init__(self, config: Config, tracks: Sequence[Track], examined_on: Sequence[Track] | None = None) -> None:
        self.trainer = Trainer(config, tracks, examined_on)
        self.seconds = 0.0
        self.first_lap_s: float | None = None

    def train_until(self, seconds: float) -> None:
        """Train until the clock shows so many seconds; no update runs on afterwards."""
        trainer, began = self.trainer, perf_counter() - self.seconds
        while self.seconds < seconds:
            trainer.step(background=True)
            self.seconds = perf_counter() - began
            if self.first_lap_s is None and trainer.metrics.first_clean_lap_step is not None:
                self.first_lap_s = self.seconds
        trainer.join()
        self.seconds = perf_counter() - began

    def drivers(self) -> dict[str, Policy]:
        """The champion, and the learner with the weights that it drives by."""
        return {"champion": self.trainer.best_policy(), "learner": self.trainer.agent.frozen()}

    def close(self) -> None:
        """End the run's second thread."""
        self.trainer.close()


@dataclass(frozen=True)
class Verdict:
    """How one driver did on M tracks."""

    standing_pct: float
    """Share of the tracks lapped clean from a standing start on the line [%]."""
    random_pct: float
    """Share of the starts anywhere on the road that led to a clean lap [%]."""
    standing_off_pct: float | None
    """Standing laps against the standing limit: mean over the tracks lapped that have one, None without any [%]."""
    best_off_pct: float | None
    """The same of the best lap of all starts, mostly a flying one, against the flying limit [%]."""
    missed: tuple[str, ...]
    """Tracks not lapped from the standing start."""


class Jury:
    """Judges drivers on the same tracks again and again, each time from other places.

    Args:
        config: how the drivers sense and decide.
        tracks: where they drive.
        starts: random starts on every track, besides the standing one.
        seed: of the places.
    """

    def __init__(self, config: EnvConfig, tracks: Sequence[Track], starts: int, seed: int) -> None:
        self._config, self._tracks, self._starts = config, tuple(tracks), starts
        self._limits = [load_limit(track, config.car) for track in tracks]
        self._rng = np.random.default_rng(seed)

    @property
    def limits(self) -> int:
        """Tracks whose limit is known."""
        return sum(limit is not None for limit in self._limits)

    def judge(self, policy: Policy) -> Verdict:
        """Let the policy drive greedily from every start until it has lapped, crashed or been given up."""
        examination = Examination(policy, self._config, self._tracks, 1 + self._starts, self._rng)
        return verdict(examination.run(), self._limits)


def judged(run: TimedRun, jury: Jury, times_s: Iterable[float]) -> Iterator[Row]:
    """Train and judge both drivers at each of the times, then end the run; a row per time."""
    for time_s in times_s:
        run.train_until(time_s)
        row: Row = {"seconds": time_s, "updates": run.trainer.metrics.updates}
        for driver, policy in run.drivers().items():
            row |= figures(driver, jury.judge(policy))
        yield row
    run.close()


def verdict(evaluations: Sequence[Evaluation], limits: Sequence[Limit | None]) -> Verdict:
    """Sum up one evaluation per track, the first start of each a standing one; limits in the same order."""
    standing = [e.standing_lap_clean for e in evaluations]
    random_clean = sum(e.laps_clean - e.standing_lap_clean for e in evaluations)
    random_starts = sum(e.starts - 1 for e in evaluations)
    known = [(e, limit) for e, limit in zip(evaluations, limits, strict=True) if limit is not None]
    return Verdict(
        standing_pct=100.0 * sum(standing) / len(standing),
        random_pct=100.0 * random_clean / max(random_starts, 1),
        standing_off_pct=_mean(
            limit.percent_off(e.standing_lap_s, standing=True) for e, limit in known if e.standing_lap_s is not None
        ),
        best_off_pct=_mean(limit.percent_off(e.best_lap_s) for e, limit in known if e.best_lap_s is not None),
        missed=tuple(e.track for e in evaluations if not e.standing_lap_clean),
    )


def figures(driver: str, found: Verdict) -> Row:
    """A verdict as columns of a row, named after the driver; missed tracks as one text."""
    row: Row = {f"{driver}_{name}": rounded(getattr(found, name)) for name in FIGURES}
    return {**row, f"{driver}_missed": " ".join(found.missed)}


FIGURES = ("standing_pct", "random_pct", "standing_off_pct", "best_off_pct")


def median(values: Iterable[object]) -> float | None:
    """Median of numbers, None among them counting as endlessly bad; None where the median itself is bad."""
    return _finite(statistics.median(_numbers(values)))


def highest(values: Iterable[object]) -> float | None:
    """The worst of numbers of which small is good; None if one of them is None."""
    return _finite(max(_numbers(values)))


def lowest(values: Iterable[object]) -> float | None:
    """The worst of shares, of which great is good."""
    return _finite(min(_numbers(values)))


def rounded(value: float | None, digits: int = 2) -> float | None:
    """Rounded for printing."""
    return None if value is None else round(value, digits)


def _numbers(values: Iterable[object]) -> list[float]:
    return [float(value) if isinstance(value, int | float) else float("inf") for value in values]


def _finite(value: float) -> float | None:
    return rounded(value) if np.isfinite(value) else None


def _mean(values: Iterable[float]) -> float | None:
    values = list(values)
    return statistics.fmean(values) if values else None
