"""Lap times beside the limit, as the window shows them."""

import json

import pytest

from qrace.game.limits import limit_of, off_limit, off_limit_text
from qrace.sim.limit import LIMITS_FOLDER
from qrace.sim.track_files import load_track
from tests.game.helpers import Game, run


def kept_limit(track: str, car: str) -> float:
    return json.loads((LIMITS_FOLDER / f"{track}.{car}.json").read_text(encoding="utf-8"))["limit_s"]


@pytest.mark.parametrize(("track", "car"), [("oval", "lesson"), ("kidney", "grand-prix")])
def test_a_lap_is_compared_with_the_flying_limit_of_its_car(track: str, car: str) -> None:
    road, limit_s = load_track(track), kept_limit(track, car)
    assert off_limit(road, car, limit_s * 1.25) == pytest.approx(25.0)  # type: ignore[arg-type]
    assert limit_of(road, car) is limit_of(road, car)  # type: ignore[arg-type]


def test_where_nothing_is_known_nothing_is_said() -> None:
    oval = load_track("oval")
    assert off_limit(load_track("random:3"), "lesson", 20.0) is None
    assert off_limit(oval, "lesson", None) is off_limit(oval, "lesson", float("nan")) is None
    assert off_limit_text(None) == ""


@pytest.mark.parametrize(
    ("off", "text"), [(3.84, "+3.8 %"), (0.0, "+0.0 %"), (-0.12, "−0.1 %"), (99.96, "+100 %"), (123.4, "+123 %")]
)
def test_no_percentage_is_wider_than_it_means(off: float, text: str) -> None:
    assert off_limit_text(off) == text


def test_the_best_lap_in_training_and_driving_tells_how_far_it_is_off_the_limit(game: Game) -> None:
    limit_s = kept_limit("oval", "lesson")
    game.session.trainer.metrics.best_lap_s = limit_s * 1.05
    run(game, 0.1)
    best, last = game.mode.content().headline
    assert (best.off_limit, last.off_limit) == ("+5.0 %", "")
