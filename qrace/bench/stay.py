"""`bench stay`: how soon the default car laps its track, and whether it goes on doing so."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from qrace.bench.judging import JURY_SEED, Jury, Row, TimedRun, highest, judged, lowest, median, rounded
from qrace.bench.learn import TRACK
from qrace.rl.presets import preset
from qrace.rl.warm_up import warm_up
from qrace.sim.track import Track
from qrace.sim.track_files import load_track

UNTIL_S = 120.0
EVERY_S = 10.0
STARTS = 100
SETTLED_S = 60.0
"""From here on the summary counts every evaluation."""


def bench_stay(seeds: int, until_s: float = UNTIL_S) -> Iterator[Row]:
    """A row per seed and ten seconds of training, then one with median and worst over the seeds.

    Each seed trains the default preset on the default track. Champion and learner are judged from a standing start and
    from 100 random ones while the clock stands still; columns are those of qrace.bench.judging.Verdict.
    """
    track = load_track(TRACK)
    warm_up(preset("default"), [track])
    rows = []
    for seed in range(seeds):
        for row in judged_run(seed, until_s, track):
            rows.append(row)
            yield row
    yield summary(rows, until_s)


def judged_run(seed: int, until_s: float, track: Track) -> Iterator[Row]:
    """One training run, with a row every ten seconds and at its end."""
    config = replace(preset("default"), seed=seed)
    jury = Jury(config.env, [track], STARTS, JURY_SEED + seed)
    run = TimedRun(config, [track])
    for row in judged(run, jury, evaluation_times(until_s)):
        there = {name: value for name, value in row.items() if not name.endswith("_missed")}  # there is one track
        yield {"bench": "stay", "seed": seed, "first_clean_lap_s": rounded(run.first_lap_s)} | there


def evaluation_times(until_s: float) -> list[float]:
    """Every ten seconds, and the end [s]."""
    return [EVERY_S * i for i in range(1, int(until_s / EVERY_S) + 1) if EVERY_S * i < until_s] + [until_s]


def summary(rows: Sequence[Row], until_s: float) -> Row:
    """Median and worst over the seeds: the first lap, the clean starts once settled, the best lap at the end."""
    last = [row for row in rows if row["seconds"] == until_s]
    settled = [row for row in rows if float(str(row["seconds"])) >= SETTLED_S] or last
    laps = [row["first_clean_lap_s"] for row in last]
    found: Row = {"bench": "stay", "seeds": len(last), "until_s": until_s}
    found |= {"first_clean_lap_s_median": median(laps), "first_clean_lap_s_worst": highest(laps)}
    for driver in ("champion", "learner"):
        clean = [row[f"{driver}_random_pct"] for row in settled]
        off = [row[f"{driver}_best_off_pct"] for row in last]
        found |= {f"{driver}_random_pct_median": median(clean), f"{driver}_random_pct_worst": lowest(clean)}
        found |= {f"{driver}_best_off_pct_median": median(off), f"{driver}_best_off_pct_worst": highest(off)}
    return found
