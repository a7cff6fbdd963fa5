"""Chimes for what happens in a race and in training, told apart by what is asked of the speaker."""

import pytest

from qrace.game.bells import TRAINING_GAP_S, TrainingBell
from qrace.game.modes.race import RaceMode
from qrace.game.race_plan import RacePlan, Racer, entries_of
from qrace.game.speaker import Speaker
from qrace.race.rules import LIGHTS, RaceRules
from qrace.sound.effects import Effect
from tests.game.helpers import Game, run
from tests.game.racing import mode_of


@pytest.fixture
def played(game: Game, monkeypatch: pytest.MonkeyPatch) -> list[Effect]:
    effects: list[Effect] = []
    monkeypatch.setattr(game.context.speaker, "play", lambda effect, loudness=1.0: effects.append(effect))
    return effects


def begin_race(game: Game) -> RaceMode:
    config, policy = game.session.config.env, game.session.trainer.best_policy()
    racers = [Racer(name, config, policy) for name in ("one", "two")]
    plan = RacePlan(game.session.track, 3, RaceRules(crash="back"), entries_of(racers))
    game.enter(lambda context: RaceMode(context, plan))
    return mode_of(game)


def test_a_beep_for_each_light_and_a_higher_one_at_the_start(game: Game, played: list[Effect]) -> None:
    mode = begin_race(game)
    mode._preparation.join()
    while not mode.started:
        run(game, 0.1)
    run(game, 0.2)
    assert [effect for effect in played if effect in (Effect.LIGHT, Effect.GO)] == [Effect.LIGHT] * LIGHTS + [Effect.GO]


def test_laps_of_the_watched_car_ring_and_the_fastest_rings_higher(game: Game, played: list[Effect]) -> None:
    mode = begin_race(game)
    mode._preparation.join()
    while not mode.started:
        run(game, 0.1)
    run(game, 0.2)
    played.clear()
    for laps, lap_s, best_s, expected in ((1, 12.0, 12.0, Effect.LAP), (2, 11.0, 11.0, Effect.RECORD)):
        car = mode.race.cars[0]
        car.laps, car.best_lap_s = laps, best_s
        car.simulator.last_lap_s[0] = lap_s
        mode._bell.laps(mode.race, 0)
        assert played[-1] is expected
    mode.race.cars[1].best_lap_s = 9.0
    mode.race.cars[0].laps = 3
    mode._bell.laps(mode.race, 0)
    assert played[-1] is Effect.LAP  # somebody else was faster
    count = len(played)
    mode._bell.laps(mode.race, 1)  # another car is watched now: its laps are no news
    assert len(played) == count


def test_training_tells_the_first_lap_and_better_ones_now_and_then() -> None:
    played: list[Effect] = []
    speaker = Speaker()
    speaker.play = lambda effect, loudness=1.0: played.append(effect)  # type: ignore[method-assign]
    bell = TrainingBell(speaker, None)
    bell.update(1.0, None)
    assert played == []
    bell.update(1.0, 20.0)
    assert played == [Effect.LAP]
    bell.update(1.0, 19.0)
    assert played == [Effect.LAP]
    bell.update(TRAINING_GAP_S, 19.0)  # no better than what has been there for long
    assert played == [Effect.LAP]
    bell.update(1.0, 18.0)
    assert played == [Effect.LAP, Effect.RECORD]
