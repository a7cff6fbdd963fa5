"""The champion: the best greedy driver that training has produced so far, found by examining it again and again.

Learning goes up and down; what drives, races and is saved should only go up. A copy of the learner's weights drives
laps beside the training, a few decisions per training step, so that no step waits for it.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from qrace.env.config import EnvConfig
from qrace.rl.evaluate import Evaluation, Examination, pooled
from qrace.rl.policy import Driver
from qrace.sim.track import Track

CARS = 32
"""Cars in an examination, shared out among its tracks."""
FEWEST_STARTS = 2
"""… but at least so many on each."""
TRACKS_AT_ONCE = 32
"""Of more tracks than these each examination has the next so many, and after the last the first again."""
STARTS_COMPARED = 24
"""A challenger has to be better over so many starts on each of an examination's tracks, that is in several examinations
where there are many tracks: of a general driver's copies, each 99 % clean and as fast as the next, one examination
chose the luckiest, which missed twice as many of the circuits that it had never seen as the learner itself did."""
FEWEST_EXAMINATIONS = 2
"""… but at least in so many …"""
EXAMINATIONS_SHARE = 16
"""… and, beyond that, in no more than one out of so many of all examinations so far: a beginner is soon better than the
copy that was examined so thoroughly."""
CHAMPIONS_SHARE = 3
"""Up to so many times as often as a challenger the champion is examined, a time after each challenger that failed."""
LOST_LAPS = 2.0
"""A crash costs as much as so many laps at the best time known. At more, one crash in dozens of starts decides, and
a driver that had none stays champion while the learner gets much faster and crashes as seldom."""
NOBODY = (-np.inf, 0.0)
"""The score to beat while there is no champion."""
CLEAR_LEAD = 10.0
"""A challenger that would be so many laps ahead, had the champion begun from as many places, is champion at once: it
had three or four crashes fewer. A beginner is slow, and so is its examination; while it was examined once more, the
learner had long left it behind."""


class ChampionSearch:
    """Examines frozen copies of a learner one after the other and keeps the best.

    A challenger that did a little better than the champion is examined again, from other places, and has to be better
    in all examinations together: of many copies some are lucky once. Some are lucky always, so the champion is examined
    again, too, after each challenger that failed: whoever was chosen for its figures has better ones than it deserves.

    Attributes:
        policy: the champion, None until a first examination has ended.
        evaluations: the champion's figures, one per track: of the first tracks alone, until it was examined on all.
        latest: the figures of the last examination of a challenger.
        examined: examinations of challengers ended so far.
    """

    def __init__(self, config: EnvConfig, tracks: Sequence[Track], rng: np.random.Generator) -> None:
        self._config, self._tracks, self._rng = config, tuple(tracks), rng
        self._starts = max(FEWEST_STARTS, CARS // min(len(tracks), TRACKS_AT_ONCE))
        self._first = 0
        self._examination: tuple[Driver, Examination] | None = None
        self._so_far: list[Evaluation] = []
        self._best_lap_s = np.full(len(self._tracks), np.inf)
        self.policy: Driver | None = None
        self.evaluations: list[Evaluation] = []
        self.latest: list[Evaluation] = []
        self.examined = 0

    def defend(self, champion: Driver, examined: int) -> None:
        """Take over a saved champion, after so many examinations of challengers; it is examined first, to have figures
        for its challengers to beat."""
        self.policy, self.examined = champion, examined
        self.begin(champion)

    def begin(self, policy: Driver) -> None:
        """Examine this frozen policy next, on the tracks that come after those of its last examination."""
        before = self._examinations(self.evaluations if policy is self.policy else self._so_far)
        groups = -(-len(self._tracks) // TRACKS_AT_ONCE)
        self._first = before % groups * TRACKS_AT_ONCE
        tracks = self._tracks[self._first : self._first + TRACKS_AT_ONCE]
        self._examination = policy, Examination(policy, self._config, tracks, self._starts, self._rng)

    @property
    def idle(self) -> bool:
        """Whether begin() is due."""
        return self._examination is None

    def advance(self, decisions: int) -> bool:
        """Drive the running examination on, as its own advance() does; at its end, the better of both is champion.

        Returns whether it has ended.
        """
        if self._examination is None:
            return False
        policy, examination = self._examination
        if not examination.advance(decisions):
            return False
        self._examination = None
        found = examination.results()
        laps_s = [np.inf if e.best_lap_s is None else e.best_lap_s for e in found]
        best_lap_s = self._best_lap_s[self._first : self._first + len(found)]
        np.minimum(best_lap_s, laps_s, out=best_lap_s)
        if policy is self.policy:
            self.evaluations = self._together(self.evaluations, found)
        else:
            self.latest = found
            self.examined += 1
            self._judge(policy)
        return True

    def _judge(self, policy: Driver) -> None:
        figures = self._together(self._so_far, self.latest)
        reached = self._score(figures[: len(self.evaluations)] or figures)
        to_beat = self._score(self.evaluations[: len(figures)]) if self.evaluations else NOBODY
        starts = sum(e.starts for e in figures)
        clear = (reached[0] - to_beat[0]) * starts >= CLEAR_LEAD
        if reached > to_beat and not clear and self._examinations(figures) < self._enough:
            self._so_far = figures
            self.begin(policy)
            return
        self._so_far = []
        if reached > to_beat:
            self.policy, self.evaluations = policy, figures
        elif self.policy is not None and self._examinations(self.evaluations) < CHAMPIONS_SHARE * self._enough:
            self.begin(self.policy)

    @property
    def _enough(self) -> int:
        """Examinations that tell a challenger which is a little better from a lucky one."""
        wanted = -(-STARTS_COMPARED // self._starts)
        return max(FEWEST_EXAMINATIONS, min(wanted, self.examined // EXAMINATIONS_SHARE))

    def _examinations(self, evaluations: Sequence[Evaluation]) -> int:
        """How many of them these figures are of."""
        return sum(e.starts for e in evaluations[::TRACKS_AT_ONCE]) // self._starts

    def _together(self, before: list[Evaluation], now: list[Evaluation]) -> list[Evaluation]:
        """All examinations of one policy as one, track by track; the latest was on the tracks from `_first` on."""
        first, end = self._first, self._first + len(now)
        again = [pooled(*pair) for pair in zip(before[first:end], now, strict=True)] if before[first:end] else now
        return [*before[:first], *again, *before[end:]]

    def _score(self, evaluations: Sequence[Evaluation]) -> tuple[float, float]:
        return score(evaluations, self._best_lap_s[: len(evaluations)])


def score(evaluations: Sequence[Evaluation], best_lap_s: Iterable[float]) -> tuple[float, float]:
    """What makes one driver better than another, comparable where best_lap_s (M,), a lap time per track [s], is.

    First the mean over the tracks, each the mean over its starts: of a clean lap the share of the best lap time in its
    own, of a crash -LOST_LAPS; so a driver who crashes once more in a hundred starts has to be three per cent faster.
    Between equals, how far it gets.
    """
    laps = [_worth(e, best_s) for e, best_s in zip(evaluations, best_lap_s, strict=True)]
    return float(np.mean(laps)), float(np.mean([e.progress for e in evaluations]))


def _worth(e: Evaluation, best_s: float) -> float:
    """Mean over one track's starts, in laps at the best time known there."""
    driven = 0.0 if e.mean_lap_s is None else e.laps_clean * best_s / e.mean_lap_s
    return (driven - LOST_LAPS * (e.starts - e.laps_clean)) / e.starts
