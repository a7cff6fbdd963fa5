"""How well a policy drives when it explores nothing: greedy laps from a standing start and from random ones."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from qrace.env.actions import ACTION_TABLES
from qrace.env.config import EnvConfig
from qrace.env.observation import Observer
from qrace.env.vector_env import START_ACROSS
from qrace.rl.policy import Policy
from qrace.sim.simulator import Simulator
from qrace.sim.track import Track

PATIENCE_S = 20.0
"""A car is given up when it is so long behind …"""
SLOWEST_SHARE = 0.1
"""… one that has driven on at this share of its top speed."""
DECISION_COST = 20
"""What any decision costs, however few cars take it, in cars: measured, as much as twenty more of them."""


@dataclass(frozen=True)
class Evaluation:
    """One policy on one track. A clean lap is timed from start line to start line by a car that has not crashed."""

    track: str
    starts: int
    laps_clean: int
    """Starts that led to a clean lap."""
    standing_lap_clean: bool
    """Whether the first start, standing on the start line, did."""
    best_lap_s: float | None
    """Fastest clean lap [s]."""
    mean_lap_s: float | None
    """Mean over the clean laps [s]."""
    progress: float
    """Mean share of a lap's length reached before a crash, at most 1."""
    standing_lap_s: float | None = None
    """Lap time of the first start, if clean [s]."""


def pooled(first: Evaluation, second: Evaluation) -> Evaluation:
    """Two evaluations of one policy on one track as one; the standing lap, the same in both, counts twice."""
    laps = first.laps_clean + second.laps_clean
    total_s = sum(e.laps_clean * (e.mean_lap_s or 0.0) for e in (first, second))
    return replace(
        second,
        starts=first.starts + second.starts,
        laps_clean=laps,
        best_lap_s=min((e.best_lap_s for e in (first, second) if e.best_lap_s is not None), default=None),
        mean_lap_s=total_s / laps if laps else None,
        progress=(first.starts * first.progress + second.starts * second.progress) / (first.starts + second.starts),
    )


class Examination:
    """Greedy drivers on M tracks, one lap each; advance() until it is done, a little at a time if need be.

    On every track the first car starts standing on the start line, the others anywhere on the road. A car drives until
    it has lapped, crashed or been given up.
    """

    def __init__(
        self, policy: Policy, config: EnvConfig, tracks: Sequence[Track], starts: int, rng: np.random.Generator
    ) -> None:
        cars = starts * len(tracks)
        self.policy = policy
        self._starts = starts
        self._ticks_per_action = config.ticks_per_action
        self._actions = ACTION_TABLES[config.car].controls
        self._simulator = simulator = Simulator(tracks, cars, config.car, config.sensors)
        self._observer = Observer(simulator, config.features)
        self._observation = np.zeros((cars, self._observer.size), dtype=np.float32)
        track_index = np.repeat(np.arange(len(tracks)), starts)
        lengths = simulator.strips.length_m[track_index]
        start_m = rng.uniform(0.0, 1.0, cars) * lengths
        across = rng.uniform(*START_ACROSS, cars)
        start_m[::starts], across[::starts] = 0.0, 0.5
        simulator.place(np.arange(cars), start_m, track_index=track_index, across=across)
        self._lap_s = np.full(cars, np.nan)
        self._reached_m = np.zeros(cars)
        self._held = np.zeros((cars, 2))
        self._driving = np.arange(cars)
        self._work = 0

    @property
    def done(self) -> bool:
        """Whether no car drives any more."""
        return not len(self._driving)

    def advance(self, decisions: int) -> bool:
        """Drive on, at the cost of so many decisions of all its cars; returns whether it is done.

        A decision of the few that are last to arrive costs less, so more of them are taken.
        """
        self._work += decisions * (len(self._held) + DECISION_COST)
        while self._work > 0 and not self.done:
            self._work -= len(self._driving) + DECISION_COST
            self._decide()
        return self.done

    def _decide(self) -> None:
        simulator, driving = self._simulator, self._driving
        simulator.sense(driving)
        self._observer.write(self._observation)
        self._held[driving] = self._actions[self.policy.select_actions(self._observation[driving])]
        for _ in range(self._ticks_per_action):
            simulator.step(self._held)
        self._reached_m[driving] = simulator.furthest_m[driving]  # one that was given up goes on, and counts no more
        lapped = simulator.laps[driving] > 0
        self._lap_s[driving[lapped]] = simulator.last_lap_s[driving[lapped]]
        expected_m = SLOWEST_SHARE * simulator.model.top_speed * (simulator.clock_s[driving] - PATIENCE_S)
        given_up = self._reached_m[driving] < expected_m
        self._driving = driving[~(lapped | simulator.crashed[driving] | given_up)]

    def run(self) -> list[Evaluation]:
        """Drive on until it is done; the figures of each track."""
        while not self.done:
            self._decide()
        return self.results()

    def results(self) -> list[Evaluation]:
        """The figures of each track so far; final once done."""
        return [
            self._result(track, slice(i * self._starts, (i + 1) * self._starts))
            for i, track in enumerate(self._simulator.tracks)
        ]

    def _result(self, track: Track, cars: slice) -> Evaluation:
        lap_s = self._lap_s[cars]
        clean = ~np.isnan(lap_s)
        times = lap_s[clean]
        reached = np.minimum(self._reached_m[cars] / track.length_m, 1.0)
        return Evaluation(
            track=track.name,
            starts=self._starts,
            laps_clean=int(clean.sum()),
            standing_lap_clean=bool(clean[0]),
            best_lap_s=float(times.min()) if len(times) else None,
            mean_lap_s=float(times.mean()) if len(times) else None,
            progress=float(np.where(clean, 1.0, reached).mean()),
            standing_lap_s=float(lap_s[0]) if clean[0] else None,
        )


def evaluate(policy: Policy, config: EnvConfig, track: Track, starts: int, rng: np.random.Generator) -> Evaluation:
    """Drive `starts` cars greedily until each has lapped, crashed or been given up; one forward pass per decision."""
    return Examination(policy, config, [track], starts, rng).run()[0]


def as_row(evaluation: Evaluation) -> dict[str, str | int | float | bool | None]:
    """The fields that the command line prints, in their order."""
    names = ("track", "starts", "laps_clean", "standing_lap_clean", "best_lap_s", "mean_lap_s", "progress")
    return {name: getattr(evaluation, name) for name in names}
