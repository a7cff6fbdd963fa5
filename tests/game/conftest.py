"""A game in a window that nobody sees, with a brain so small that it learns in no time."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ["SDL_VIDEODRIVER"] = "dummy"
os.environ["SDL_AUDIODRIVER"] = "dummy"

import pytest

from qrace.folders import HOME_VARIABLE
from qrace.game.display import Display
from qrace.game.game import Game
from qrace.game.screens.drawing_table import show_editor
from qrace.game.screens.editor import EditorScreen
from qrace.game.session import Session
from qrace.rl.config import Config
from qrace.rl.trainer import Trainer
from qrace.sim.track_files import load_track
from tests.game.drawing import editor
from tests.game.helpers import small_config


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The player's folders are the test's own."""
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def display() -> Iterator[Display]:
    display = Display((1280, 720))
    yield display
    display.close()


MakeGame = Callable[[Config], Game]


@pytest.fixture
def make_game(display: Display, tmp_path: Path) -> Iterator[MakeGame]:
    """Makes a game on the oval, whose brains are saved in a folder of the test's own."""
    games: list[Game] = []

    def make(config: Config) -> Game:
        track = load_track("oval")
        games.append(Game(Session(track, Trainer(config, [track]), tmp_path), display))
        return games[-1]

    yield make
    for game in games:
        game.close()


@pytest.fixture
def game(make_game: MakeGame) -> Game:
    return make_game(small_config())


@pytest.fixture
def table(game: Game) -> EditorScreen:
    """The editor, open, with nothing drawn."""
    show_editor(game)
    return editor(game)
