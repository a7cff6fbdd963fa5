"""The champion: the best greedy driver that training has produced so far, found by examining it again and again.

Learning goes up and down; what drives, races and is saved should only go up. A copy of the learner's weights drives
laps beside the training, a few decisions per training step, so that no step waits for it.
"""

from collections.abc import Sequence

import numpy as np

from qrace.env.config import EnvConfig
from qrace.rl.evaluate import Evaluation, Examination
from qrace.rl.policy import Driver
from qrace.sim.track import Track

CARS = 32
"""Cars in an examination, shared out among the tracks."""
FEWEST_STARTS = 2
"""… but at least so many on each."""
DECISIONS_PER_STEP = 8
"""Examination decisions per training step."""


class ChampionSearch:
    """Examines frozen copies of a learner one after the other and keeps the best.

    Attributes:
        policy: the champion, None until a first examination has ended.
        evaluations: the champion's figures, one per track.
        latest: the figures of the learner's last examined copy.
        examined: examinations ended so far.
    """

    def __init__(self, config: EnvConfig, tracks: Sequence[Track], rng: np.random.Generator) -> None:
        self._config, self._tracks, self._rng = config, tuple(tracks), rng
        self._starts = max(FEWEST_STARTS, CARS // len(tracks))
        self._examination: tuple[Driver, Examination] | None = None
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

    def advance(self) -> bool:
        """Drive the running examination on; at its end, keep the better of challenger and champion.

        Returns whether an examination has ended.
        """
        if self._examination is None:
            return False
        policy, examination = self._examination
        if not examination.advance(DECISIONS_PER_STEP):
            return False
        self.latest = examination.results()
        self.examined += 1
        if not self.evaluations or rank(self.latest) > rank(self.evaluations):
            self.policy, self.evaluations = policy, self.latest
        self._examination = None
        return True


def rank(evaluations: Sequence[Evaluation]) -> tuple[float, float, float]:
    """What makes one driver better than another: the share of clean laps, then how far it gets, then lap time."""
    clean = sum(e.laps_clean for e in evaluations) / sum(e.starts for e in evaluations)
    progress = float(np.mean([e.progress for e in evaluations]))
    lap_s = sum(np.inf if e.mean_lap_s is None else e.mean_lap_s for e in evaluations)
    return clean, round(progress, 2), -lap_s
