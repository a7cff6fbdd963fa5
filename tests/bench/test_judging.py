"""Clocks that stand still, verdicts on paper, and medians where something never happened."""

from time import sleep

import numpy as np
import pytest

from qrace.bench.judging import Jury, TimedRun, figures, highest, lowest, median, verdict
from qrace.env.config import EnvConfig
from qrace.rl.evaluate import Evaluation
from qrace.rl.presets import preset
from qrace.sim.limit import load_limit
from qrace.sim.track_files import load_track


class AlwaysAction:
    """Drives by one action alone."""

    def __init__(self, action: int) -> None:
        self._action = action

    def select_actions(self, observation: np.ndarray) -> np.ndarray:
        return np.full(len(observation), self._action)


def test_the_clock_stands_still_between_the_calls() -> None:
    run = TimedRun(preset("default"), [load_track("oval")])
    run.train_until(0.05)
    shown, steps = run.seconds, run.trainer.metrics.steps
    sleep(0.1)
    run.train_until(shown)
    assert run.trainer.metrics.steps == steps > 0
    assert shown <= run.seconds < shown + 0.05
    run.close()


def test_a_verdict_on_paper() -> None:
    oval = load_limit(load_track("oval"), "lesson")
    assert oval is not None
    clean = Evaluation("oval", 5, 4, True, oval.limit_s * 1.1, None, 1.0, oval.standing_limit_s * 1.2)
    crashed = Evaluation("kart", 5, 1, False, 99.0, None, 0.5)
    found = verdict([clean, crashed], [oval, None])
    assert found.standing_pct == 50.0
    assert found.random_pct == 50.0  # 3 of 4 on the oval, 1 of 4 on the other
    assert found.standing_off_pct == pytest.approx(20.0)
    assert found.best_off_pct == pytest.approx(10.0)  # the track without a limit does not count
    assert found.missed == ("kart",)
    assert figures("champion", found)["champion_missed"] == "kart"


def test_a_car_that_goes_straight_on_laps_nothing() -> None:
    jury = Jury(EnvConfig(), [load_track("oval"), load_track("kidney")], 3, 0)
    found = jury.judge(AlwaysAction(3))
    assert (found.standing_pct, found.random_pct, found.best_off_pct) == (0.0, 0.0, None)
    assert found.missed == ("oval", "kidney")
    assert jury.limits == 2


def test_what_never_happened_is_worse_than_any_number() -> None:
    assert (median([3.0, None, 1.0]), median([None, None, 1.0])) == (3.0, None)
    assert (highest([3, 1]), highest([1, None])) == (3.0, None)
    assert lowest([98.0, 100.0]) == 98.0
