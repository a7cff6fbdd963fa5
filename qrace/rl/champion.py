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
"""Cars in an examination, shared out among the tracks."""
FEWEST_STARTS = 2
"""… but at least so many on each."""
AGAIN = 4
"""How often a champion is examined again."""
LOST_LAPS = 2.0
"""A crash costs as much as so many laps at the best time known. At more, one crash in dozens of starts decides, and
a driver that had none stays champion while the learner gets much faster and crashes as seldom."""
NOBODY = (-np.inf, 0.0)
"""The score to beat while there is no champion."""
CLEAR_LEAD = 0.3
"""A challenger so far ahead in its first examination is champion at once: one crash fewer in ten starts, which is twice
what luck makes of 64. A beginner is slow, and so is its examination; while it was examined a second time, the learner
had long left it behind."""


class ChampionSearch:
    """Examines frozen copies of a learner one after the other and keeps the best.

    A challenger that did a little better than the champion is examined a second time, from other places, and has to be
    better in both together: of many copies some are lucky once. Some are lucky twice, so the champion is examined
    again, too, after each challenger that failed: whoever was chosen for its figures has better ones than it deserves.

    Attributes:
        policy: the champion, None until a first examination has ended.
        evaluations: the champion's figures, one per track.
        latest: the figures of the learner's last examined copy.
        examined: examinations of challengers ended so far.
    """

    def __init__(self, config: EnvConfig, tracks: Sequence[Track], rng: np.random.Generator) -> None:
        self._config, self._tracks, self._rng = config, tuple(tracks), rng
        self._starts = max(FEWEST_STARTS, CARS // len(tracks))
        self._examination: tuple[Driver, Examination] | None = None
        self._first: list[Evaluation] = []
        self._best_lap_s = np.full(len(self._tracks), np.inf)
        self._again = 0
        self.policy: Driver | None = None
        self.evaluations: list[Evaluation] = []
        self.latest: list[Evaluation] = []
        self.examined = 0

    def defend(self, champion: Driver) -> None:
        """Take over a saved champion; it is examined first, to have figures for its challengers to beat."""
        self.policy = champion
        self.begin(champion)

    def begin(self, policy: Driver) -> None:
        """Examine this frozen policy next."""
        self._examination = policy, Examination(policy, self._config, self._tracks, self._starts, self._rng)

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
        np.minimum(self._best_lap_s, laps_s, out=self._best_lap_s)
        if policy is self.policy:
            self.evaluations = _together(self.evaluations, found)
        else:
            self.latest = found
            self.examined += 1
            self._judge(policy)
        return True

    def _judge(self, policy: Driver) -> None:
        figures = _together(self._first, self.latest)
        reached = self._score(figures)
        to_beat = self._score(self.evaluations) if self.evaluations else NOBODY
        better = reached > to_beat
        if better and not self._first and reached[0] - to_beat[0] < CLEAR_LEAD:
            self._first = self.latest
            self.begin(policy)
            return
        self._first = []
        if better:
            self.policy, self.evaluations, self._again = policy, figures, 0
        elif self.policy is not None and self._again < AGAIN:
            self._again += 1
            self.begin(self.policy)

    def _score(self, evaluations: Sequence[Evaluation]) -> tuple[float, float]:
        return score(evaluations, self._best_lap_s)


def _together(before: Sequence[Evaluation], now: list[Evaluation]) -> list[Evaluation]:
    """All examinations of one policy as one, track by track; before is empty at its first."""
    return [pooled(*pair) for pair in zip(before, now, strict=True)] if before else now


def score(evaluations: Sequence[Evaluation], best_lap_s: Iterable[float]) -> tuple[float, float]:
    """What makes one driver better than another, comparable where best_lap_s (M,), a lap time per track [s], is.

    First the mean over all starts: of a clean lap the share of the best lap time in its own, of a crash -LOST_LAPS; so
    a driver who crashes once more in a hundred starts has to be three per cent faster. Between equals, how far it
    gets.
    """
    starts = sum(e.starts for e in evaluations)
    total = -LOST_LAPS * (starts - sum(e.laps_clean for e in evaluations))
    for e, best_s in zip(evaluations, best_lap_s, strict=True):
        total += 0.0 if e.mean_lap_s is None else e.laps_clean * best_s / e.mean_lap_s
    return total / starts, float(np.mean([e.progress for e in evaluations]))
