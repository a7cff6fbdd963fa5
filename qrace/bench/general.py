"""`bench general`: how soon drivers trained on generated roads lap circuits that they have never seen."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from qrace.bench.judging import FIGURES, JURY_SEED, Jury, Row, TimedRun, highest, judged, lowest, median
from qrace.rl.general import general_roads
from qrace.rl.presets import preset
from qrace.rl.warm_up import warm_up
from qrace.sim.track import Track
from qrace.sim.track_files import builtin_tracks, load_track

TIMES_S = (30.0, 60.0, 120.0, 180.0, 300.0, 600.0, 1200.0, 1800.0)
UNTIL_S = 600.0
STARTS = 7
"""Random starts on every circuit, besides the standing one."""


def bench_general(seeds: int, until_s: float = UNTIL_S, further: Sequence[str] = ()) -> Iterator[Row]:
    """A row per seed and time, then a row per time with median and worst over the seeds.

    Each seed trains the general preset from random weights on its own generated roads, as `train --general` does, and
    is judged, while its clock stands still, on the built-in tracks and on `further` ones, which training never sees:
    the champion, which is what would be saved, and the learner. Columns are those of qrace.bench.judging.Verdict.
    """
    circuits = [load_track(name) for name in (*builtin_tracks(), *further)]
    times_s = [time_s for time_s in TIMES_S if time_s < until_s] + [until_s]
    warm_up(preset("general"), circuits[:1])
    rows = []
    for seed in range(seeds):
        for row in judged_run(seed, times_s, circuits):
            rows.append(row)
            yield row
    for time_s in times_s:
        yield summary([row for row in rows if row["seconds"] == time_s])


def judged_run(seed: int, times_s: Sequence[float], circuits: Sequence[Track]) -> Iterator[Row]:
    """One training run, with a row at each of the times."""
    config = replace(preset("general"), seed=seed)
    jury = Jury(config.env, circuits, STARTS, JURY_SEED + seed)
    run = TimedRun(config, *general_roads(seed))
    for row in judged(run, jury, times_s):
        yield {"bench": "general", "seed": seed, "circuits": len(circuits), "with_limit": jury.limits} | row


def summary(rows: Sequence[Row]) -> Row:
    """Median and worst of every figure over the seeds' rows of one time."""
    found: Row = {"bench": "general", "seeds": len(rows), "seconds": rows[0]["seconds"]}
    for driver in ("champion", "learner"):
        for figure in FIGURES:
            values = [row[f"{driver}_{figure}"] for row in rows]
            worst = highest if figure.endswith("off_pct") else lowest
            found |= {f"{driver}_{figure}_median": median(values), f"{driver}_{figure}_worst": worst(values)}
    return found
