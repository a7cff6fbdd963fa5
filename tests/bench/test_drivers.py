"""bench drivers: the recipes of the drivers in the box, made and measured with budgets of a blink."""

import json
import shlex
from pathlib import Path

import pytest

from qrace.bench import drivers
from qrace.bench.drivers import RECIPES, ROOT, Recipe, bench_drivers
from qrace.cli.parsing import parse
from qrace.errors import QRaceError
from qrace.folders import MODELS_FOLDER
from qrace.rl.checkpoint import load_checkpoint
from qrace.rl.persona import Persona

FILES = [f"{recipe.stem}.safetensors" for recipe in RECIPES]


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.stem)
def test_every_recipe_is_a_command_with_a_card_that_fits(recipe: Recipe) -> None:
    command = parse(["train", *shlex.split(recipe.words)])
    persona = Persona(command.name, command.about, command.livery, command.number)
    assert persona.name and persona.about and persona.livery is not None and persona.number is not None


def test_the_drivers_are_told_apart_and_learn_from_nothing_the_general_one_first() -> None:
    commands = [parse(["train", *shlex.split(recipe.words)]) for recipe in RECIPES]
    for what in ("name", "livery", "number"):
        assert len({getattr(command, what) for command in commands}) == len(RECIPES)
    assert commands[0].general
    assert [command.resume for command in commands] == [None] * len(RECIPES)


def test_git_and_the_window_know_the_same_drivers() -> None:
    assert json.loads((MODELS_FOLDER / "shipped.json").read_text(encoding="utf-8")) == FILES
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert [line for line in ignored if line.startswith("!")] == [f"!models/{name}" for name in FILES]


def test_drivers_are_made_and_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = (
        Recipe("general", 9.0, "--preset q-table --cars 4 --name Ada --about Quick.", ("oval", "kidney")),
        Recipe("pupil", 9.0, "--resume models/general.safetensors --track kidney --name Bea", ("kidney",)),
    )
    monkeypatch.setattr(drivers, "RECIPES", small)
    monkeypatch.setattr(drivers, "STARTS", 3)
    folder = tmp_path / "models"
    folder.mkdir()
    with pytest.raises(QRaceError, match=r"general\.safetensors"):
        list(bench_drivers(False, folder=folder))
    rows = list(bench_drivers(True, 0.1, folder))
    assert [(row["file"], row.get("track")) for row in rows] == [
        ("general.safetensors", None),
        ("pupil.safetensors", None),
        ("general.safetensors", "oval"),
        ("general.safetensors", "kidney"),
        ("pupil.safetensors", "kidney"),
    ]
    assert [row["name"] for row in rows[:2]] == ["Ada", "Bea"]
    assert {"clean_of_100", "standing_lap_s", "best_off_limit_pct"} <= rows[-1].keys()
    made = load_checkpoint(folder / "pupil.safetensors")
    assert "--resume models/general.safetensors" in made.command
    assert list(bench_drivers(False, folder=folder)) == rows, "measuring again gives the same figures"


def test_a_training_that_fails_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drivers, "RECIPES", (Recipe("general", 1.0, "--track nowhere.csv"),))
    with pytest.raises(QRaceError, match=r"was not trained \(.*nowhere\.csv"):
        list(bench_drivers(True, folder=tmp_path / "models"))


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.stem)
def test_the_shipped_file_is_the_recipe_s_and_small(recipe: Recipe) -> None:
    path = MODELS_FOLDER / f"{recipe.stem}.safetensors"
    asked, made = (parse(["train", *shlex.split(words)]) for words in (recipe.words, _stored(path)))
    for what in ("general", "car", "track", "resume", "set", "preset", "seed", "name", "about", "livery", "number"):
        assert getattr(made, what) == getattr(asked, what), what
    assert made.steps and load_checkpoint(path).persona.name == asked.name
    assert path.stat().st_size < 1_500_000


def _stored(path: Path) -> str:
    command = load_checkpoint(path).command
    assert command.startswith("python main.py train ")
    return command.removeprefix("python main.py train ")
