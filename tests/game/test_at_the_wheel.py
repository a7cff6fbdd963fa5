"""A person at the wheel, by real events: either car, gamepad and mouse, the line, and ghosts."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import sleep

import numpy as np
import pygame
import pytest

from qrace.folders import CACHE_VARIABLE, HOME_VARIABLE
from qrace.game.gamepads import FULL
from qrace.game.ghosts import GhostName, GhostsShown
from qrace.game.keys import ModeName
from qrace.game.modes.drive import GHOSTS_FOLDER, DriveMode
from qrace.game.time_trial import TimeTrial
from qrace.race.ghost_files import ghost_path
from qrace.race.race import ROLLING_M, ROLLING_SPEED
from qrace.rl.checkpoint import save_checkpoint
from qrace.rl.presets import preset
from qrace.rl.trainer import Trainer
from qrace.sim.track_files import load_track
from tests.game.conftest import MakeGame
from tests.game.helpers import Game, press, run, small_config, take_events


def drive(game: Game, *keys: int) -> DriveMode:
    for key in (pygame.K_t, *keys):
        press(game, key)
    assert isinstance(game.mode, DriveMode)
    return game.mode


def post(game: Game, kind: int, **values: object) -> None:
    pygame.event.post(pygame.event.Event(kind, **values))
    take_events(game)


def wait_for(game: Game, true: Callable[[], bool]) -> None:
    """Until what is done in the background is done."""
    for _ in range(500):
        game.update(1e-4, float("inf"))
        if true():
            return
        sleep(0.01)
    raise AssertionError("it did not come")


def test_two_keys_from_launch(game: Game) -> None:
    press(game, pygame.K_t)
    press(game, pygame.K_UP)
    assert isinstance(game.mode, DriveMode) and game.mode.at_wheel == 0


def test_a_gamepad_takes_the_wheel_and_drives_by_degrees(game: Game) -> None:
    mode = drive(game)
    axis = pygame.CONTROLLER_AXIS_TRIGGERRIGHT
    post(game, pygame.CONTROLLERAXISMOTION, axis=axis, value=round(0.02 * FULL), instance_id=0)
    assert mode.at_wheel is None  # a trigger that trembles
    post(game, pygame.CONTROLLERAXISMOTION, axis=axis, value=round(0.6 * FULL), instance_id=0)
    assert mode.at_wheel == 0
    run(game, 0.1)
    assert mode.controls[0] == pytest.approx([0.0, 0.6], abs=0.01)
    post(game, pygame.CONTROLLERAXISMOTION, axis=axis, value=0, instance_id=0)
    run(game, 0.1)
    assert mode.controls[0].tolist() == [0.0, 0.0]


def test_buttons_of_a_gamepad_hand_over_and_begin_a_lap(game: Game) -> None:
    mode = drive(game)
    for button, person in ((pygame.CONTROLLER_BUTTON_Y, 0), (pygame.CONTROLLER_BUTTON_Y, None)):
        post(game, pygame.CONTROLLERBUTTONDOWN, button=button, instance_id=0)
        assert mode.at_wheel == person
    post(game, pygame.CONTROLLERBUTTONDOWN, button=pygame.CONTROLLER_BUTTON_BACK, instance_id=0)
    assert mode.at_wheel == 0 and mode.env.simulator.speed[0] == ROLLING_SPEED
    post(game, pygame.CONTROLLERBUTTONDOWN, button=pygame.CONTROLLER_BUTTON_X, instance_id=0)
    assert game.context.ghosts_shown is GhostsShown.OWN


def test_a_stick_moved_over_a_screen_takes_no_wheel_and_is_known_after_it(game: Game) -> None:
    mode = drive(game)
    press(game, pygame.K_ESCAPE)
    assert game.screens.top is not None
    axis = pygame.CONTROLLER_AXIS_LEFTX
    post(game, pygame.CONTROLLERAXISMOTION, axis=axis, value=round(FULL), instance_id=0)
    assert mode.at_wheel is None
    post(game, pygame.CONTROLLERAXISMOTION, axis=axis, value=0, instance_id=0)
    game.close_screens()
    press(game, pygame.K_UP)
    run(game, 0.1)
    assert mode.controls[0, 0] == 0.0


def test_the_mouse_steers_the_grand_prix_car(game: Game) -> None:
    mode = drive(game, pygame.K_x, pygame.K_u)
    run(game, 0.2)
    scene = game.context.scene
    x, y, heading = (float(a[0]) for a in (mode.env.simulator.x, mode.env.simulator.y, mode.env.simulator.heading))
    left = [x + 20.0 * np.cos(heading + 1.0), y + 20.0 * np.sin(heading + 1.0)]
    at = tuple(int(value) for value in scene.camera.to_screen([left])[0])
    post(game, pygame.MOUSEMOTION, pos=at, rel=(0, 0), buttons=(0, 0, 0))
    chosen = scene.chosen
    post(game, pygame.MOUSEBUTTONDOWN, pos=at, button=1)
    run(game, 0.05)
    assert scene.chosen == chosen and mode.controls[0, 0] > 0.5 and mode.controls[0, 1] == 1.0
    post(game, pygame.MOUSEBUTTONUP, pos=at, button=1)
    press(game, pygame.K_u)
    run(game, 0.1)
    assert mode.controls[0].tolist() == [0.0, 0.0]


def test_either_car_whatever_the_brain_drives(game: Game) -> None:
    mode = drive(game)
    assert mode.env.config.car == "lesson"
    press(game, pygame.K_x)
    assert mode.env.config.car == "grand-prix" and mode.at_wheel == 0 and mode.cars == 1
    press(game, pygame.K_b)
    assert mode.at_wheel == 0 and "No saved brain" in game.notices.text
    press(game, pygame.K_UP, release=False)
    run(game, 1.0)
    assert mode.env.simulator.speed[0] > ROLLING_SPEED + 8.0  # nearly 13 m/s² of traction
    press(game, pygame.K_t)
    press(game, pygame.K_t)
    assert isinstance(game.mode, DriveMode) and game.mode.env.config.car == "grand-prix"  # the choice stays
    press(game, pygame.K_x)
    assert game.mode.env.config.car == "lesson" and game.mode.cars == game.session.config.cars
    run(game, 0.1)
    press(game, pygame.K_t)
    assert game.mode.name is ModeName.TRAIN


def test_a_saved_brain_takes_the_other_car(game: Game) -> None:
    config = replace(preset("grand-prix"), cars=1)
    saved = Trainer(config, [game.session.track])
    save_checkpoint(saved.checkpoint("fast"), game.session.folder / "fast.safetensors")
    saved.close()
    mode = drive(game)
    for _ in range(200):  # it is looked for meanwhile
        if mode._other.brain() is not None:
            break
        sleep(0.01)
    press(game, pygame.K_x)
    assert mode.at_wheel == 0
    press(game, pygame.K_b)
    assert mode.at_wheel is None and "brain drives" in game.notices.text
    run(game, 0.2)
    assert {figure.label: figure.value for figure in mode.content().results}["Brain"] == "fast"
    press(game, pygame.K_b)
    assert mode.at_wheel == 0


def test_a_new_lap_rolls_up_to_the_line(game: Game) -> None:
    mode = drive(game, pygame.K_BACKSPACE)
    simulator = mode.env.simulator
    assert mode.at_wheel == 0 and simulator.speed[0] == ROLLING_SPEED
    assert simulator.track_position_m[0] == pytest.approx(simulator.tracks[0].length_m - ROLLING_M)
    assert mode.trial.timer.lap_s is None
    run(game, ROLLING_M / ROLLING_SPEED + 0.2)
    assert mode.trial.timer.lap_s == pytest.approx(0.2, abs=0.06)
    press(game, pygame.K_BACKSPACE)
    assert mode.trial.timer.lap_s is None  # the lap that ran is void


def test_ghosts_cross_the_line_with_the_person_and_one_key_switches_them(game: Game) -> None:
    mode = drive(game, pygame.K_BACKSPACE)
    wait_for(game, lambda: GhostName.LIMIT in mode.trial.ghosts.laps)
    lap = mode.trial.ghosts.laps[GhostName.LIMIT]
    run(game, ROLLING_M / ROLLING_SPEED + 1.0)
    assert mode.trial.timer.lap_s is not None
    (ghost,) = mode.trial.ghosts_now(0.0, GhostsShown.LIMIT)
    assert ghost.pose == lap.pose_at(mode.trial.timer.lap_s)
    seen = []
    for _ in GhostsShown:
        press(game, pygame.K_o)
        seen.append(game.context.ghosts_shown)
        assert seen[-1].value in game.notices.text
        run(game, 0.05)
    assert set(seen) == set(GhostsShown) and seen[-1] is GhostsShown.ALL
    assert mode.trial.ghosts_now(0.0, GhostsShown.NONE) == ()


def test_a_limit_that_nobody_knows_is_told_with_the_cure(
    game: Game, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    game.go_to(load_track("random:3"))
    drive(game, pygame.K_UP)
    while game.context.ghosts_shown is not GhostsShown.LIMIT:
        press(game, pygame.K_o)
    assert "not known on this road: `python main.py reference random:3 --car lesson`" in game.notices.text
    press(game, pygame.K_o)
    assert game.notices.text == "Ghosts: none."


def test_before_the_line_ghosts_start_beside_the_person(game: Game) -> None:
    mode = drive(game)
    wait_for(game, lambda: GhostName.LIMIT in mode.trial.ghosts.laps)
    press(game, pygame.K_UP)
    (ghost,) = mode.trial.ghosts_now(0.0, GhostsShown.LIMIT)
    assert ghost.track_position_m == pytest.approx(float(mode.env.simulator.track_position_m[0]), abs=1e-6)


def test_a_damaged_best_lap_is_told_and_driving_goes_on(
    make_game: MakeGame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    game = make_game(small_config())
    path = ghost_path(tmp_path / "data" / GHOSTS_FOLDER, game.session.track, "lesson")
    path.parent.mkdir(parents=True)
    path.write_text("{")
    mode = drive(game, pygame.K_UP)
    wait_for(game, lambda: path.name in game.notices.text)
    assert not path.exists() and len(list(path.parent.iterdir())) == 1
    run(game, 0.2)
    assert isinstance(mode.trial, TimeTrial)
    wait_for(game, lambda: GhostName.LIMIT in mode.trial.ghosts.laps)  # the other ghosts are there


def test_another_track_ends_what_runs_in_the_background(game: Game) -> None:
    mode = drive(game, pygame.K_UP)
    press(game, pygame.K_RIGHTBRACKET, character="]")
    assert game.mode is not mode and isinstance(game.mode, DriveMode)
    assert mode.trial.ghosts._thread._shutdown
    run(game, 0.1)


def held_pad(game: Game, button: int, down: bool) -> None:
    post(game, pygame.CONTROLLERBUTTONDOWN if down else pygame.CONTROLLERBUTTONUP, button=button, instance_id=0)


@pytest.mark.parametrize(
    ("button", "controls"),
    [(pygame.CONTROLLER_BUTTON_DPAD_LEFT, [1.0, 0.0]), (pygame.CONTROLLER_BUTTON_A, [0.0, 1.0])],
)
def test_a_button_let_go_over_a_screen_does_not_stay_down(game: Game, button: int, controls: list[float]) -> None:
    mode = drive(game)
    held_pad(game, button, True)
    run(game, 0.1)
    assert mode.controls[0].tolist() == controls
    press(game, pygame.K_F1)
    held_pad(game, button, False)
    held_pad(game, pygame.CONTROLLER_BUTTON_B, True)  # which is the brake, but for the screen it means back
    assert game.screens.top is None and mode.at_wheel == 0
    run(game, 0.1)
    assert mode.controls[0].tolist() == [0.0, 0.0]
    held_pad(game, pygame.CONTROLLER_BUTTON_B, False)


def test_a_stick_let_go_over_a_screen_does_not_stay_out(game: Game) -> None:
    mode = drive(game)
    axis = pygame.CONTROLLER_AXIS_LEFTX
    post(game, pygame.CONTROLLERAXISMOTION, axis=axis, value=round(FULL), instance_id=0)
    press(game, pygame.K_F1)
    post(game, pygame.CONTROLLERAXISMOTION, axis=axis, value=round(0.8 * FULL), instance_id=0)
    post(game, pygame.CONTROLLERAXISMOTION, axis=axis, value=0, instance_id=0)
    press(game, pygame.K_ESCAPE)
    run(game, 0.1)
    assert mode.controls[0].tolist() == [0.0, 0.0]


def test_a_trigger_let_go_in_training_does_not_stay_down(game: Game) -> None:
    mode, axis = drive(game), pygame.CONTROLLER_AXIS_TRIGGERRIGHT
    post(game, pygame.CONTROLLERAXISMOTION, axis=axis, value=round(FULL), instance_id=0)
    run(game, 0.1)
    assert mode.controls[0].tolist() == [0.0, 1.0]
    press(game, pygame.K_t)
    post(game, pygame.CONTROLLERAXISMOTION, axis=axis, value=0, instance_id=0)
    mode = drive(game, pygame.K_b)
    run(game, 0.1)
    assert mode.at_wheel == 0 and mode.controls[0].tolist() == [0.0, 0.0]


def test_a_link_to_no_model_is_no_brain_for_the_other_car(game: Game) -> None:
    (game.session.folder / "x.safetensors").symlink_to(game.session.folder / "gone.safetensors")
    mode = drive(game)
    wait_for(game, mode._other._found.done)
    press(game, pygame.K_x)
    run(game, 0.1)
    assert mode.env.config.car == "grand-prix" and mode.at_wheel == 0


def test_what_is_told_names_no_key_that_may_be_another_one(game: Game) -> None:
    drive(game, pygame.K_u, pygame.K_u)
    assert game.notices.text == "The mouse steers no more; the keys do."
    game.context.gamepads._open[7] = object()
    post(game, pygame.JOYDEVICEREMOVED, instance_id=7)
    assert game.notices.text == "The gamepad is gone; the keys steer."
    post(game, pygame.JOYDEVICEADDED, device_index=7, guid="")
    assert "cannot be used" in game.notices.text and "arrow" not in game.notices.text
