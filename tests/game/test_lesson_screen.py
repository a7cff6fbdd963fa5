"""The lesson beside the training: the numbers of one decision, what the keys still do, and what a brain learns by."""

from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pygame
import pytest

from qrace.game.keys import ModeName
from qrace.game.modes.train import TrainMode
from qrace.game.screens.lesson import HOLD_S, LessonScreen
from qrace.game.screens.title import TitleScreen
from qrace.rl.config import LearnerConfig
from qrace.rl.presets import preset
from tests.game.conftest import MakeGame
from tests.game.helpers import SMALL_BRAIN, Game, click, press, resize, run, small_config, take_events


def lesson(game: Game) -> LessonScreen:
    if game.screens.top is None:
        press(game, pygame.K_i)
    assert isinstance(game.screens.top, LessonScreen)
    return game.screens.top


def training(game: Game) -> TrainMode:
    assert isinstance(game.mode, TrainMode)
    return game.mode


def test_it_tells_the_decision_that_the_car_has_made(make_game: MakeGame) -> None:
    config = small_config()
    game = make_game(replace(config, learner=replace(config.learner, updates_per_step=0)))  # its values stay
    screen, env, agent = lesson(game), game.session.trainer.env, game.session.trainer.agent
    press(game, pygame.K_TAB)
    run(game, 0.5)
    press(game, pygame.K_SPACE)
    run(game, 0.1)
    seen = env.observation[1].copy()
    q = agent.q_values(seen[None])[0]
    press(game, pygame.K_n)
    run(game, 0.1)
    reward, after, crashed = float(env.reward[1]), env.next_observation[1].copy(), bool(env.terminated[1])
    press(game, pygame.K_n)
    run(game, 0.1)
    shown = screen.shown
    assert shown is not None and shown.transition.reward == reward and shown.transition.terminated == crashed
    assert shown.q_value == pytest.approx(float(q[shown.transition.action]))
    future = 0.0 if crashed else config.learner.discount * float(agent.q_values(after[None]).max())
    assert shown.target == pytest.approx(reward + future, abs=1e-6)


def test_a_decision_stays_long_enough_to_be_read(game: Game) -> None:
    screen = lesson(game)
    run(game, 0.5)
    first = screen.shown
    assert first is not None
    run(game, HOLD_S / 2)
    assert screen.shown is first and training(game).backup is not first
    run(game, HOLD_S)
    assert screen.shown is not first


def drawn(game: Game) -> list[str]:
    """All that the window writes from the left."""
    with patch.object(game.type, "left", wraps=game.type.left) as left:
        game.draw(game.display.surface, 1 / 60)
    return [call.args[1].strip() for call in left.call_args_list]


def test_paused_another_car_has_no_decision_until_it_has_made_one(game: Game) -> None:
    screen = lesson(game)
    run(game, 0.5)
    press(game, pygame.K_SPACE)
    run(game, 0.1)
    first = screen.shown
    assert first is not None and "None yet." not in drawn(game)
    press(game, pygame.K_TAB)
    run(game, 0.1)
    assert screen.shown is None and {"One decision of car 2", "None yet."} <= {*drawn(game)}
    press(game, pygame.K_TAB, shift=True)
    run(game, 0.1)
    assert screen.shown is first
    press(game, pygame.K_TAB)
    press(game, pygame.K_n)
    run(game, 0.1)
    assert screen.shown is None
    reward = float(game.session.trainer.env.reward[1])
    press(game, pygame.K_n)
    run(game, 0.1)
    assert screen.shown is not None and screen.shown.transition.reward == reward
    assert screen.shown.transition.car == 1 and "None yet." not in drawn(game)


def test_running_no_decision_is_told_of_another_car(game: Game) -> None:
    screen = lesson(game)
    run(game, 0.5)
    for _ in range(3):
        press(game, pygame.K_TAB)
        for _ in range(15):
            game.update(1 / 60, float("inf"))
            assert screen.shown is None or screen.shown.transition.car == game.context.scene.chosen
        assert screen.shown is not None


def test_watching_goes_on_and_the_key_closes_it(game: Game) -> None:
    screen, scene, steps = lesson(game), game.context.scene, game.session.trainer.metrics.steps
    run(game, 0.5)
    assert game.session.trainer.metrics.steps > steps
    press(game, pygame.K_TAB)
    assert scene.chosen == 1
    press(game, pygame.K_PLUS)
    assert game.context.pace.index == 1
    run(game, 0.2)
    car = scene.camera.to_screen(np.array([game.session.trainer.env.poses[-1, 3, :2]]))[0]
    click(game, (round(float(car[0])), round(float(car[1]))))
    assert game.screens.top is screen, "a click beside the column belongs to the cars"
    press(game, pygame.K_i)
    assert game.screens.top is None


def test_from_the_title_it_leads_to_training(game: Game) -> None:
    press(game, pygame.K_t)
    assert game.mode.name is ModeName.DRIVE
    press(game, pygame.K_ESCAPE)
    assert isinstance(game.screens.top, TitleScreen)
    game.open_named("Lesson")
    assert game.mode.name is ModeName.TRAIN
    lesson(game)
    run(game, 0.3)


@pytest.mark.parametrize(
    ("learner", "expected"),
    [
        (
            replace(SMALL_BRAIN, n_step=3, average_rate=0.01),
            {"Epsilon-greedy", "Replay memory", "Target network", "Double DQN", "n-step", "Average"},
        ),
        (
            replace(SMALL_BRAIN, double=False, target_update="hard"),
            {"Epsilon-greedy", "Replay memory", "Target network", "Double DQN"},
        ),
        (LearnerConfig(kind="q-table"), {"Epsilon-greedy", "Q-table"}),
        (replace(SMALL_BRAIN, kind="pqn", temperature=0.1), {"Exploration", "No replay", "λ-return"}),
    ],
)
def test_the_words_are_those_of_the_brain(make_game: MakeGame, learner: LearnerConfig, expected: set[str]) -> None:
    config = small_config()
    env = preset("q-table").env if learner.kind == "q-table" else config.env
    game = make_game(replace(config, env=env, learner=learner))
    screen = lesson(game)
    run(game, 1.0)
    assert {term.name for term in screen.terms} == expected


def words_drawn(game: Game) -> list[str]:
    """Names of the lesson's words on the screen, from above."""
    names = {term.name for term in lesson(game).terms}
    return [text for text in drawn(game) if text in names]


def test_in_a_low_window_one_gets_to_every_word(make_game: MakeGame) -> None:
    config = small_config()
    game = make_game(replace(config, learner=replace(SMALL_BRAIN, n_step=3, average_rate=0.01)))
    names = [term.name for term in lesson(game).terms]
    assert words_drawn(game) == names
    resize(game, (960, 540))
    run(game, 0.1)
    above = words_drawn(game)
    assert above == names[: len(above)] and 0 < len(above) < len(names)
    press(game, pygame.K_DOWN)
    assert words_drawn(game)[0] == names[1]
    pygame.event.post(pygame.event.Event(pygame.MOUSEWHEEL, x=0, y=-9))
    take_events(game)
    below = words_drawn(game)
    assert below == names[-len(below) :] and {*above, *below} == {*names}
    press(game, pygame.K_PAGEUP)
    assert words_drawn(game) == above
    press(game, pygame.K_PAGEDOWN)
    resize(game, (1280, 720))
    assert words_drawn(game) == names


def test_its_numbers_are_the_brains_own(game: Game) -> None:
    screen = lesson(game)
    run(game, 1.0)
    game.session.trainer.join()
    values = {term.name: term.value for term in screen.terms}
    steps, cars = game.session.trainer.metrics.steps, game.session.trainer.env.cars
    assert values["Replay memory"] == f"{steps * cars} of 2 000"
    assert values["Epsilon-greedy"] == f"ε {game.session.trainer.metrics.epsilon:.3f}"
    assert values["Double DQN"] == "on"
