"""`bench peers`: QRace's learner beside those that people use, on the same road, in the same run."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from time import perf_counter

from qrace.bench.judging import JURY_SEED, Jury, Row, Verdict, highest, median, rounded
from qrace.bench.learn import TRACK
from qrace.env.gymnasium_env import QRaceEnv
from qrace.errors import QRaceError
from qrace.rl.config import Config
from qrace.rl.policy import Policy
from qrace.rl.presets import preset
from qrace.rl.trainer import Trainer
from qrace.rl.warm_up import warm_up
from qrace.sim.car import CarName
from qrace.sim.track import Track
from qrace.sim.track_files import load_track

SB3 = "stable-baselines3==2.9.2"
LIMIT_S = 600.0
STARTS = 100
WARM_UP_S = 2.0
"""Each learner first runs for so long, uncounted, so that nobody pays for what a library loads at first use [s]."""
EVERY_S, EVERY_SHARE = 0.02, 0.03
"""Between two evaluations this time passes [s], or this share of the time so far."""
KEPT_S = 30.0
"""What is clean at every evaluation for so long counts as kept [s]."""
KEPT_PCT = 99.0
"""… where one random start of a hundred may fail."""
FAST_PCT = 5.0
"""Who laps the track no further off its limit than this, and clean, is fast [%]."""

Asked = Callable[[Callable[[], Policy], int], bool]
"""asked(driver, steps): whether that is enough; driver() gives the greedy policy as it is now."""
Peer = Callable[[Config, Track, Asked], None]
"""Trains the car of a config with its seed on a track, and asks after each step."""


def bench_peers(
    seeds: int, limit_s: float = LIMIT_S, track_name: str = TRACK, car: CarName = "lesson"
) -> Iterator[Row]:
    """A row per learner and seed, then one per learner with median and worst.

    `first_s` is the wall clock until a greedy driver first laps clean from a standing start and from each of 100
    random ones; `kept_s` the time from which that lasts for KEPT_S, but that one random start may fail; `fast_s`
    until it laps clean from all of them and within FAST_PCT of the limit, for on an easy road whoever crawls laps
    clean. Each is None where the time was over before. The clock stands still while drivers are judged. All learn the
    same decisions from the same observations and rewards, one after the other, with the machine to themselves.

    Raises:
        QRaceError: when Stable-Baselines3 is not installed.
    """
    if find_spec("stable_baselines3") is None:
        raise QRaceError(f"bench peers compares with Stable-Baselines3, which is not installed: pip install {SB3}")
    track, config, peers = load_track(track_name), preset("default", car), the_peers()
    warm_up(config, [track])
    for train in peers.values():
        time_to_clean(train, replace(config, seed=seeds), track, WARM_UP_S)
    found: dict[str, list[Row]] = {name: [] for name in peers}
    for seed in range(seeds):
        for name, train in peers.items():
            row: Row = {"bench": "peers", "track": track.name, "car": car, "learner": name, "seed": seed}
            row |= time_to_clean(train, replace(config, seed=seed), track, limit_s)
            found[name].append(row)
            yield row
    for name, rows in found.items():
        yield summary(name, rows, found[OWN])


OWN = "QRace"


def the_peers() -> dict[str, Peer]:
    """The learners by name, QRace first."""
    from qrace.bench import peer_cleanrl, peer_sb3

    return {
        OWN: partial(train_qrace, Trainer.best_policy),
        "QRace without its champion": partial(train_qrace, lambda trainer: trainer.agent.frozen()),
        "SB3 DQN, its defaults": peer_sb3.train_default,
        "SB3 DQN, tuned": peer_sb3.train_tuned,
        "CleanRL DQN, as published": lambda config, track, asked: peer_cleanrl.train(
            QRaceEnv(track, config.env), config.seed, asked
        ),
    }


def train_qrace(driver: Callable[[Trainer], Policy], config: Config, track: Track, asked: Asked) -> None:
    """Training as it runs everywhere; driver(trainer) is who gets judged."""
    trainer = Trainer(config, [track])
    while True:
        trainer.step(background=True)
        if asked(partial(_joined, trainer, driver), trainer.metrics.transitions):
            break
    trainer.close()


def _joined(trainer: Trainer, driver: Callable[[Trainer], Policy]) -> Policy:
    trainer.join()
    return driver(trainer)


def time_to_clean(train: Peer, config: Config, track: Track, limit_s: float) -> Row:
    """Train until laps have been kept clean and were fast once, or the time is over, or the learner itself ends."""
    questioning = Questioning(Jury(config.env, [track], STARTS, JURY_SEED + config.seed), limit_s)
    train(config, track, questioning)
    return {
        "first_s": rounded(questioning.first_s),
        "kept_s": rounded(questioning.kept_s),
        "fast_s": rounded(questioning.fast_s),
        "best_random_pct": rounded(questioning.best_pct),
        "last_random_pct": rounded(questioning.last.random_pct) if questioning.last else None,
        "last_off_limit_pct": rounded(questioning.last.best_off_pct) if questioning.last else None,
        "stopped_s": rounded(questioning.seconds()),
        "steps": questioning.steps,
    }


class Questioning:
    """Called after each step of a learner: judges it from time to time and says when it is enough.

    Attributes:
        first_s: when every start was first lapped clean [s].
        kept_s: since when that, or KEPT_PCT of the random ones, has lasted for KEPT_S [s].
        fast_s: when that was first within FAST_PCT of the limit [s].
        best_pct: the largest share of random starts lapped clean so far [%].
        last: the last verdict.
        steps: what the learner last said it had made.
    """

    def __init__(self, jury: Jury, limit_s: float) -> None:
        self._jury, self._limit_s, self._next_s = jury, limit_s, EVERY_S
        self._began = perf_counter()
        self._clean_since_s: float | None = None
        self.first_s: float | None = None
        self.kept_s: float | None = None
        self.fast_s: float | None = None
        self.best_pct = 0.0
        self.last: Verdict | None = None
        self.steps = 0

    def seconds(self) -> float:
        """Wall clock of training, without the time that judging took [s]."""
        return perf_counter() - self._began

    def __call__(self, driver: Callable[[], Policy], steps: int) -> bool:
        self.steps, seconds = steps, self.seconds()
        if seconds < self._next_s:
            return False
        policy = driver()
        seconds = self.seconds()
        self._note(self._jury.judge(policy), seconds)
        self._began = perf_counter() - seconds
        self._next_s = seconds + max(EVERY_S, EVERY_SHARE * seconds)
        return None not in (self.kept_s, self.fast_s) or seconds >= self._limit_s

    def _note(self, found: Verdict, seconds: float) -> None:
        self.last, self.best_pct = found, max(self.best_pct, found.random_pct)
        if found.random_pct == found.standing_pct == 100.0:
            if self.first_s is None:
                self.first_s = seconds
            if self.fast_s is None and found.best_off_pct is not None and found.best_off_pct <= FAST_PCT:
                self.fast_s = seconds
        if found.random_pct < KEPT_PCT or found.standing_pct < 100.0:
            self._clean_since_s = None
        elif self._clean_since_s is None:
            self._clean_since_s = seconds
        elif self.kept_s is None and seconds - self._clean_since_s >= KEPT_S:
            self.kept_s = self._clean_since_s


def summary(name: str, rows: list[Row], own: list[Row]) -> Row:
    """Median and worst over the seeds, and how many times as fast QRace's median was.

    Where the median run never got there, the time at which it was stopped stands in: QRace was at least so many times
    as fast.
    """
    row: Row = {"bench": "peers", "learner": name, "seeds": len(rows)}
    for figure in ("first", "kept", "fast"):
        times = [line[f"{figure}_s"] for line in rows]
        middle = median(times)
        own_s, reached = median(line[f"{figure}_s"] for line in own), middle or median(r["stopped_s"] for r in rows)
        row |= {f"{figure}_s_median": middle, f"{figure}_s_worst": highest(times)}
        row[f"{figure}_qrace_times_faster"] = rounded(reached / own_s, 1) if own_s and reached else None
    return row
