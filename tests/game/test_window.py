"""The window around the game: size, pictures, help, and a brain that is saved whatever ends it."""

import json
import os
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event, Timer

import pygame
import pytest

from qrace.errors import QRaceError
from qrace.folders import HOME_VARIABLE
from qrace.game.display import Display
from qrace.game.keys import KEYS, ModeName
from qrace.game.loading import Preparation, show_while
from qrace.game.modes.race import RaceMode
from qrace.game.screens.help import HelpScreen
from qrace.game.screens.rows import RowList
from qrace.game.screens.title import TitleScreen
from qrace.game.session import Session
from qrace.game.stopping import stop_signals
from qrace.game.window import play, prepare, run
from qrace.rl.checkpoint import load_checkpoint, save_checkpoint
from qrace.rl.config import Config
from qrace.rl.presets import preset
from qrace.rl.trainer import Trainer
from qrace.sim.track import Track
from qrace.sim.track_files import TRACKS_FOLDER, load_track
from qrace.view.track_painter import TrackPainter
from tests.game import helpers
from tests.game.helpers import Game, press

ROOT = Path(__file__).resolve().parents[2]


def test_full_screen_and_back(game: Game) -> None:
    press(game, pygame.K_F11)
    assert game.display.full_screen
    assert game.layout.window.size == game.display.surface.get_size()
    helpers.run(game, 0.1)
    press(game, pygame.K_F11)
    assert not game.display.full_screen and game.display.surface.get_size() == (1280, 720)


def test_full_screen_goes_back_to_the_size_before_without_a_warning(game: Game) -> None:
    pygame.display.set_mode((1100, 640), pygame.RESIZABLE)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(2):
            press(game, pygame.K_F11)
            assert game.display.surface.get_size() == pygame.display.get_desktop_sizes()[0]
            press(game, pygame.K_F11)
            assert game.display.surface.get_size() == game.layout.window.size == (1100, 640)


def test_screenshot(game: Game, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    helpers.run(game, 0.1)
    press(game, pygame.K_F12)
    (picture,) = (tmp_path / "screenshots").glob("*.png")
    assert pygame.image.load(picture).get_size() == (1280, 720)
    assert picture.name in game.notices.text


def test_help_tells_the_keys_and_its_own_key_closes_it(game: Game) -> None:
    press(game, pygame.K_h)
    assert isinstance(game.screens.top, HelpScreen)
    helpers.run(game, 0.1)
    press(game, pygame.K_r)
    assert isinstance(game.screens.top, HelpScreen), "no key of the mode reaches it"
    told = [row.name.lower() for stop in game.screens.top.stops if isinstance(stop, RowList) for row in stop.rows]
    assert {key.text.lower() for key in KEYS if ModeName.TRAIN in key.modes} <= set(told)
    press(game, pygame.K_F1)
    assert game.screens.top is None


def test_resize_makes_the_panel_an_overlay_that_starts_closed(game: Game) -> None:
    assert game.panel.open and game.layout.stage.width == 960
    for size, overlay in (((960, 600), True), ((1600, 900), False)):
        helpers.resize(game, size)
        assert game.layout.overlay is overlay and game.context.scene.camera.viewport == game.layout.stage
        helpers.run(game, 0.1)
    assert not game.panel.open
    press(game, pygame.K_p)
    assert game.panel.open and game.layout.stage.width < 1600


def test_escape_quits_and_the_brain_is_saved(game: Game, tmp_path: Path) -> None:
    helpers.run(game, 1.0)
    pygame.event.clear()
    for _ in range(2):  # to the title, and out
        pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_ESCAPE, mod=0, unicode=""))
    run(game, Event())
    (saved,) = tmp_path.glob("autosave-*.safetensors")
    assert load_checkpoint(saved).counters["metrics"]["updates"] == game.session.trainer.agent.updates > 0


@pytest.mark.skipif(sys.platform == "win32", reason="SIGTERM ends a Windows program at once")
def test_sigterm_saves(game: Game, tmp_path: Path) -> None:
    helpers.run(game, 1.0)
    with stop_signals() as stop:
        Timer(0.2, os.kill, (os.getpid(), signal.SIGTERM)).start()
        run(game, stop)
    assert len(list(tmp_path.glob("autosave-*.safetensors"))) == 1


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="there are no terminals that hang up")
def test_a_closed_terminal_asks_for_the_end_unless_nohup_stands_before_it() -> None:
    before = signal.getsignal(signal.SIGHUP)
    try:
        for handler, ends in ((signal.SIG_DFL, True), (signal.SIG_IGN, False)):
            signal.signal(signal.SIGHUP, handler)
            with stop_signals() as stop:
                os.kill(os.getpid(), signal.SIGHUP)
                assert stop.is_set() is ends
            assert signal.getsignal(signal.SIGHUP) is handler
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_crash_of_the_program_saves_and_is_told(game: Game, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    helpers.run(game, 1.0)
    monkeypatch.setattr(game.context.scene, "draw", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run(game, Event())
    assert len(list(tmp_path.glob("autosave-*.safetensors"))) == 1


def test_loading_shows_a_picture_and_hands_over_a_session(display: Display, tmp_path: Path) -> None:
    track = load_track("oval")
    painter = TrackPainter(track)
    told: list[str] = []
    preparation = Preparation(
        lambda report: prepare(
            lambda share, what: (report(share, what), told.append(what))[0], track, cars=3, folder=tmp_path
        )
    )
    session = show_while(display, painter, preparation)
    painter.close()
    assert session is not None and session.trainer.env.cars == 3 and len(told) >= 3
    session.close()
    pixels = {tuple(display.surface.get_at((x, 360)))[:3] for x in range(0, 960, 3)}
    assert len(pixels) > 20, "a picture of the track, not a blank window"


def test_loading_can_be_left(display: Display) -> None:
    painter, hold = TrackPainter(load_track("oval")), Event()
    pygame.event.post(pygame.event.Event(pygame.QUIT))
    assert show_while(display, painter, Preparation(lambda report: hold.wait(5.0))) is None  # type: ignore[arg-type, return-value]
    hold.set()
    painter.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals to send to oneself")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_loading_too(display: Display, number: signal.Signals) -> None:
    painter, hold = TrackPainter(load_track("oval")), Event()

    def prepare_for_ever(report: object) -> None:
        os.kill(os.getpid(), number)
        hold.wait(20.0)

    with stop_signals() as stop:
        preparation = Preparation(prepare_for_ever)  # type: ignore[arg-type]
        assert show_while(display, painter, preparation, stop.is_set) is None
        assert not hold.is_set() and not preparation.done()
    hold.set()
    painter.close()


def test_a_model_that_is_not_there_is_told_in_one_sentence(display: Display, tmp_path: Path) -> None:
    track = load_track("oval")
    painter = TrackPainter(track)
    preparation = Preparation(lambda report: prepare(report, track, model=tmp_path / "none.safetensors"))
    with pytest.raises(QRaceError, match=r"none\.safetensors"):
        show_while(display, painter, preparation)
    painter.close()


def test_a_saved_brain_is_played_on_its_own_track(tmp_path: Path) -> None:
    """From the first picture to the last: the window opens on the kidney, is closed at once, and saves nothing new."""
    path = tmp_path / "mine.safetensors"
    track = load_track("kidney")
    save_checkpoint(Trainer(replace(preset("q-table"), cars=2), [track]).checkpoint("mine"), path)
    shown: list[str] = []

    def load(name: str) -> Track:
        shown.append(name)
        pygame.event.post(pygame.event.Event(pygame.QUIT))
        return load_track(name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("qrace.game.window.load_track", load)
        pygame.init()
        assert play(model=path) == 0
    assert shown == ["kidney"]


def test_the_first_launch_begins_with_cars_learning_and_later_ones_with_the_title(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    opened: list[tuple[ModeName, bool]] = []

    def see(game: Game, stop: Event) -> None:
        opened.append((game.mode.name, isinstance(game.screens.top, TitleScreen)))
        before = game.session.trainer.metrics.steps
        helpers.run(game, 0.2)
        assert game.session.trainer.metrics.steps > before, "cars drive, title or not"
        game.close()

    monkeypatch.setattr("qrace.game.window.run", see)
    monkeypatch.setattr("qrace.game.window.MODELS_FOLDER", tmp_path / "models")
    for arguments in ({}, {}, {"track": "oval"}):
        assert play(cars=2, preset="q-table", **arguments) == 0
    assert opened == [(ModeName.TRAIN, False), (ModeName.TRAIN, True), (ModeName.TRAIN, False)]
    assert (tmp_path / "config" / "settings.json").is_file()


def test_settings_hold_in_the_window_too_and_a_brain_keeps_what_it_reads_the_world_by(tmp_path: Path) -> None:
    track, path = load_track("oval"), tmp_path / "small.safetensors"

    def made(*settings: str, model: Path | None = None) -> Session:
        return prepare(lambda share, what: None, track, model, 2, settings=settings, folder=tmp_path)

    session = made("learner.double=false", "learner.hidden=8")
    learner = session.trainer.config.learner
    assert (learner.double, learner.hidden, learner.n_step) == (False, (8,), preset("default").learner.n_step)
    save_checkpoint(session.trainer.checkpoint("small"), path)
    session.close()
    session = made("seed=7", "cars=3")
    assert (session.config.seed, session.config.cars) == (7, 3)
    session.close()
    with pytest.raises(QRaceError, match=r"learner\.hidden=16: no longer fits"):
        made("learner.hidden=16", model=path)
    with pytest.raises(QRaceError, match="there is no such key"):
        made("learner.nothing=1")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have text for names alone")
def test_a_track_whose_name_and_title_are_no_text_is_listed_and_shown(
    make_game: Callable[[Config], Game], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = json.loads((TRACKS_FOLDER / "oval.json").read_text(encoding="utf-8"))
    strange = tmp_path / "tracks" / "b\udcff.json"
    strange.parent.mkdir()
    strange.write_text(json.dumps(fields | {"title": "a\0b"}), encoding="utf-8")
    game = make_game(helpers.small_config())
    monkeypatch.setattr("qrace.sim.track_files.TRACKS_FOLDER", strange.parent)
    game.go_to(load_track(strange.stem))
    helpers.run(game, 0.5)
    game.open_named("Tracks")
    helpers.run(game, 0.5)
    assert (game.session.track.name, game.session.track.title) == (strange.stem, "a\N{REPLACEMENT CHARACTER}b")


@pytest.mark.parametrize(
    "keys",
    [
        (pygame.K_s, pygame.K_g, pygame.K_RETURN),
        (pygame.K_ESCAPE, pygame.K_DOWN, pygame.K_DOWN, pygame.K_RETURN, pygame.K_RETURN),
    ],
    ids=["by keys", "by the menu"],
)
def test_a_newcomer_races_a_saved_driver_in_five_keys(game: Game, keys: tuple[int, ...]) -> None:
    helpers.run(game, 1.0)
    if pygame.K_s not in keys:
        game.session.save()  # an earlier day's
    for key in keys:
        press(game, key)
        helpers.run(game, 0.1)
    assert len(keys) <= 5 and isinstance(game.mode, RaceMode)
    assert {"You", "oval-1"} <= {car.entrant.name for car in game.mode.race.cars}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a screen")
def test_no_screen_is_told_in_one_sentence() -> None:
    environment = {k: v for k, v in os.environ.items() if "DISPLAY" not in k and not k.startswith("SDL_")}
    code = "from qrace.game.display import Display; Display()"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert "DisplayError: No window can be opened here" in done.stderr and "python main.py train" in done.stderr
