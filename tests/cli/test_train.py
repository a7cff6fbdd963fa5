"""train, in this process: the model that it writes, what it prints, what it refuses."""

import shlex
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from qrace.cli import main
from qrace.race.records import RECORDS_NAME, Records
from qrace.rl.checkpoint import load_checkpoint, save_checkpoint
from qrace.rl.persona import Persona
from qrace.sim.track_files import builtin_tracks
from tests.cli.helpers import rows, train

Captured = pytest.CaptureFixture[str]


def test_train_writes_a_model_that_says_how_it_was_made(model: Path) -> None:
    checkpoint = load_checkpoint(model)
    assert (checkpoint.name, checkpoint.track) == ("table", "oval")
    assert (checkpoint.config.preset, checkpoint.config.cars, checkpoint.config.seed) == ("q-table", 4, 3)
    assert checkpoint.command == "python main.py train --steps 30 --preset q-table --cars 4 --seed 3"
    assert [path.name for path in model.parent.iterdir()] == ["table.safetensors"]


def test_the_same_command_gives_the_same_brain(model: Path, tmp_path: Path) -> None:
    words = shlex.split(load_checkpoint(model).command)
    assert main([*words[2:], "--out", str(tmp_path / "again.safetensors")]) == 0
    again, first = load_checkpoint(tmp_path / "again.safetensors"), load_checkpoint(model)
    assert again.tensors.keys() == first.tensors.keys()
    assert all((again.tensors[name] == first.tensors[name]).all() for name in first.tensors)
    assert train(tmp_path / "other.safetensors", "--seed", "4") == 0
    assert (load_checkpoint(tmp_path / "other.safetensors").tensors["table"] != first.tensors["table"]).any()


def test_train_prints_json_lines_and_nothing_else(tmp_path: Path, capsys: Captured) -> None:
    out = tmp_path / "m.safetensors"
    assert train(out, "--json", "--track", "oval", "kidney") == 0
    *progress, saved = rows(capsys.readouterr().out)
    assert progress and all(row["event"] == "progress" for row in progress)
    assert saved["event"] == "saved"
    assert (saved["out"], saved["steps"], saved["transitions"]) == (str(out), 30, 120)
    assert load_checkpoint(out).track == "oval kidney"


def test_an_existing_model_is_replaced_by_force_alone(tmp_path: Path, capsys: Captured) -> None:
    out = tmp_path / "precious.safetensors"
    out.write_bytes(b"old")
    assert train(out) == 2
    assert "exists already" in capsys.readouterr().err
    assert out.read_bytes() == b"old"
    assert train(out, "--force") == 0
    assert load_checkpoint(out).config.cars == 4


def test_a_name_without_the_ending_gets_it_and_is_told(tmp_path: Path, capsys: Captured) -> None:
    real = tmp_path / "v1.2.safetensors"
    assert train(tmp_path / "v1.2") == 0
    assert str(real) in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == [real]
    before = real.read_bytes()
    assert train(tmp_path / "v1.2") == 2
    assert f"--out {real} exists already" in capsys.readouterr().err
    assert real.read_bytes() == before
    assert train(tmp_path / "v1.2", "--force", "--seed", "9") == 0
    assert load_checkpoint(real).config.seed == 9
    assert train(tmp_path / ("x" * 300)) == 2


def test_resume_goes_on_beside_the_old_model(model: Path, capsys: Captured) -> None:
    before = model.read_bytes()
    assert main(["train", "--resume", str(model), "--steps", "20", "--json"]) == 0
    saved = rows(capsys.readouterr().out)[-1]
    assert saved["out"] == str(model.with_stem("table-2"))
    assert saved["steps"] == 50
    assert model.read_bytes() == before
    first, second = load_checkpoint(model), load_checkpoint(model.with_stem("table-2"))
    assert second.config == first.config
    assert second.seconds > first.seconds
    model.with_stem("table-2").unlink()


def test_a_place_that_cannot_be_written_is_found_before_training(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "file").touch()
    for out in (tmp_path, tmp_path / "file" / "m.safetensors"):
        assert train(out) == 2
        out_text, err = capsys.readouterr()
        assert out_text == "" and err.count("\n") == 1 and str(out) in err


def test_the_general_driver_learns_on_generated_roads_and_is_evaluated_on_those_that_are_built_in(
    tmp_path: Path, capsys: Captured
) -> None:
    out = tmp_path / "general.safetensors"
    assert main(["train", "--general", "--steps", "3", "--cars", "4", "--out", str(out)]) == 0
    checkpoint = load_checkpoint(out)
    assert (checkpoint.track, checkpoint.config.preset) == ("", "general")
    assert checkpoint.command == "python main.py train --general --steps 3 --cars 4"
    assert main(["train", "--resume", str(out), "--steps", "3", "--out", str(tmp_path / "more.safetensors")]) == 0
    assert load_checkpoint(tmp_path / "more.safetensors").track == ""
    capsys.readouterr()
    assert main(["evaluate", str(out), "--starts", "1", "--json"]) == 0
    assert [row["track"] for row in rows(capsys.readouterr().out)] == builtin_tracks()


def test_settings_are_kept_in_the_command_that_makes_the_driver(tmp_path: Path, capsys: Captured) -> None:
    out, again, more = (tmp_path / f"{name}.safetensors" for name in ("first", "again", "more"))
    assert train(out, "--set", "env.margin_m=0.5", "learner.ray_bins=3", "--set", "env.reward.crash=-2") == 0
    first = load_checkpoint(out)
    assert (first.config.env.margin_m, first.config.env.reward.crash) == (0.5, -2.0)
    assert "--set env.margin_m=0.5 learner.ray_bins=3 env.reward.crash=-2" in first.command
    assert main([*shlex.split(first.command)[2:], "--out", str(again)]) == 0
    assert load_checkpoint(again).config == first.config
    assert (load_checkpoint(again).tensors["table"] == first.tensors["table"]).all()
    resume = ["train", "--resume", str(out), "--steps", "3", "--out", str(more), "--set"]
    assert main([*resume, "learner.ray_bins=5"]) == 2
    assert "--set learner.ray_bins=5" in capsys.readouterr().err
    assert main([*resume, "env.margin_m=0.1"]) == 0
    assert load_checkpoint(more).config.env.margin_m == 0.1
    assert load_checkpoint(more).config.env.reward.crash == -2.0


def test_the_general_driver_goes_on_with_generated_roads_or_on_one_track(tmp_path: Path) -> None:
    out, more, special = (tmp_path / f"{name}.safetensors" for name in ("general", "more", "special"))
    assert main(["train", "--general", "--steps", "3", "--cars", "4", "--out", str(out)]) == 0
    resume = ["train", "--resume", str(out), "--steps", "3"]
    assert main([*resume, "--track", "kart", "--out", str(special)]) == 0
    assert load_checkpoint(special).track == "kart"
    assert main(["train", "--resume", str(special), "--general", "--steps", "2", "--out", str(more)]) == 0
    assert load_checkpoint(more).track == ""
    assert load_checkpoint(more).command == f"python main.py train --general --steps 2 --resume {special}"


@pytest.mark.parametrize("more", [["--track", "oval"], ["--preset", "lesson"], ["--car", "lesson"]])
def test_the_general_driver_brings_its_own_roads_and_car(more: list[str], capsys: Captured) -> None:
    assert main(["train", "--general", *more]) == 2
    assert "--general" in capsys.readouterr().err


def test_a_driver_gets_a_name_and_colours_and_keeps_the_command_that_makes_it(tmp_path: Path) -> None:
    out = tmp_path / "hanna.safetensors"
    about = "Late on the brakes, sorry afterwards."
    card = ["--name", "Hairpin Hanna", "--about", about, "--livery", "0", "--number", "27"]
    assert train(out, "--seed", "0", *card) == 0
    checkpoint = load_checkpoint(out)
    assert checkpoint.persona == Persona("Hairpin Hanna", about, 0, 27)
    again = tmp_path / "again.safetensors"
    assert main([*shlex.split(checkpoint.command)[2:], "--out", str(again)]) == 0
    assert load_checkpoint(again).persona == checkpoint.persona
    assert load_checkpoint(again).config == checkpoint.config
    assert main(["train", "--resume", str(out), "--steps", "5", "--out", str(again), "--force"]) == 0
    assert load_checkpoint(again).persona == Persona("Hairpin Hanna (trained on)", "", 0, 27)


def test_a_training_by_seconds_is_reproduced_by_its_steps(tmp_path: Path) -> None:
    out, again = tmp_path / "timed.safetensors", tmp_path / "again.safetensors"
    assert main(["train", "--preset", "q-table", "--cars", "4", "--seconds", "0.3", "--out", str(out)]) == 0
    first = load_checkpoint(out)
    assert f"--steps {first.counters['metrics']['steps']}" in first.command
    assert main([*shlex.split(first.command)[2:], "--out", str(again)]) == 0
    second = load_checkpoint(again)
    assert all((second.tensors[name] == first.tensors[name]).all() for name in first.tensors)


@pytest.mark.parametrize(
    "wrong", [["--livery", "8"], ["--number", "100"], ["--name", "x" * 41], ["--name", "two\nlines"]]
)
def test_a_card_that_does_not_fit_is_refused_before_training(
    wrong: list[str], tmp_path: Path, capsys: Captured
) -> None:
    assert train(tmp_path / "m.safetensors", *wrong) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.filterwarnings("ignore:overflow", "ignore:invalid")
def test_a_learner_that_blows_up_leaves_its_champion_and_says_so(tmp_path: Path, capsys: Captured) -> None:
    good, wild, out = (tmp_path / f"{name}.safetensors" for name in ("good", "wild", "out"))
    small = ["--set", "learner.hidden=8", "learner.learning_starts=16", "learner.batch_size=16"]
    assert main(["train", "--steps", "20", "--cars", "4", "--out", str(good), *small]) == 0
    before = load_checkpoint(good)
    wide = {name: np.full_like(t, 1e30) if name.startswith("online") else t for name, t in before.tensors.items()}
    save_checkpoint(replace(before, tensors=wide), wild)
    capsys.readouterr()
    assert main(["train", "--resume", str(wild), "--steps", "40", "--out", str(out)]) == 0
    assert "The learner blew up, saved is its champion" in capsys.readouterr().err
    after = load_checkpoint(out).tensors
    assert all(np.array_equal(after[f"champion.{n[7:]}"], after[n]) for n in after if n.startswith("online"))
    assert main(["train", "--resume", str(out), "--steps", "40", "--out", str(tmp_path / "more.safetensors")]) == 0
    assert "blew up" not in capsys.readouterr().err


def test_training_is_kept_in_the_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.setenv("QRACE_HOME", str(tmp_path / "home"))
    out = tmp_path / "m.safetensors"
    assert train(out) == 0
    records = Records(tmp_path / "home" / "data" / RECORDS_NAME)
    [run] = (record.run for record in records.training_runs())
    records.close()
    assert (run.file, run.preset, run.tracks, run.steps) == (str(out), "q-table", "oval", 30)
    monkeypatch.setenv("QRACE_HOME", str(out))  # a file where a folder has to be
    assert train(tmp_path / "n.safetensors") == 0
    assert "play goes on without records" in capsys.readouterr().err
