"""Words to commands, and one sentence for words that make no sense."""

from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest

from qrace.cli import main
from qrace.cli.arguments import COMMANDS, Bench, CarChoice, Evaluate, Play, PresetChoice, Race, Reference, Train
from qrace.cli.parsing import parse
from qrace.rl.presets import PRESETS
from qrace.sim.car import CarName


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("", Play()),
        ("--cars 8 --car grand-prix", Play(cars=8, car="grand-prix")),
        ("play --seed=7 --preset lesson", Play(seed=7, preset="lesson")),
        ("--set learner.double=false env.margin_m=1", Play(set=(("learner.double=false", "env.margin_m=1"),))),
        ("--track ../x/Monza.csv --model m", Play(track="../x/Monza.csv", model=Path("m"))),
        (
            "train --track oval kidney --seconds 2.5 --out a.safetensors --json",
            Train(track=("oval", "kidney"), seconds=2.5, out=Path("a.safetensors"), json=True),
        ),
        ("train --steps 100 --seed 3 --force", Train(steps=100, seed=3, force=True)),
        ("train --set a=1 b=2 --set c=3,4", Train(set=(("a=1", "b=2"), ("c=3,4",)))),
        ("train --general --resume m", Train(general=True, resume=Path("m"))),
        ("evaluate m --track a b --starts 5", Evaluate((Path("m"),), track=("a", "b"), starts=5)),
        ("race a b c --track x --laps 2 --rolling", Race((Path("a"), Path("b"), Path("c")), "x", 2, True)),
        ("reference oval --car grand-prix --json", Reference("oval", "grand-prix", json=True)),
        ("bench learn --seeds 2 --json", Bench("learn", 2, True)),
        ("bench general --until 60 --tracks a.csv b.csv", Bench("general", until=60.0, tracks=("a.csv", "b.csv"))),
        ("bench peers --limit 9 --out a.md", Bench("peers", limit=9.0, out=Path("a.md"))),
    ],
)
def test_words_become_a_command(line: str, command: object) -> None:
    assert parse(line.split()) == command


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("--trak oval", "did you mean --track?"),
        ("trian", "did you mean train?"),
        ("xyzzy", "the commands are play, train"),
        ("--cars many", "--cars takes a whole number, not many"),
        ("--cars=0", "--cars 0 does not work: give a number from 1"),
        ("--cars 1000000000", "--cars 1000000000 does not work"),
        ("--seed -1", "--seed -1 does not work"),
        ("--seed nan", "--seed takes a whole number, not nan"),
        ("--car tank", "--car tank does not exist: choose from lesson, grand-prix"),
        ("--preset best", "--preset best does not exist: choose from default, lesson"),
        ("--track", "--track needs a value"),
        ("--track a b", "play does not know b"),
        ("train --track", "--track names no track"),
        ("train --seconds nan", "--seconds nan does not work"),
        ("train --seconds inf", "--seconds inf does not work"),
        ("train --seconds", "--seconds needs a value"),
        ("train --steps 0", "--steps 0 does not work"),
        ("train --json=perhaps", "does not know"),
        ("train --set", "--set takes KEY=VALUE, not nothing"),
        ("train --set env.margin_m 1", "--set takes KEY=VALUE, not env.margin_m 1"),
        ("train --set env.marge_m=1", "--set env.marge_m=1: there is no such key: env has car, sensors"),
        ("train --resume m --car lesson", "--car cannot change with --resume"),
        ("--model m --preset lesson", "--preset cannot change with --model"),
        ("evaluate", "evaluate needs a model file"),
        ("reference", "reference needs TRACK"),
        ("reference a b", "reference does not know b"),
        ("race", "race needs a model file"),
        ("race a --laps 0", "--laps 0 does not work"),
        ("bench", "bench needs"),
        ("bench speed", "bench speed does not exist: choose from sim, frame, learn"),
        ("bench sim --seeds 2", "--seeds does not go with bench sim: it is for learn, stay"),
        ("bench stay --limit 9", "--limit does not go with bench stay: it is for peers"),
        ("bench stay --until 0", "--until 0.0 does not work"),
        ("bench learn --train", "--train does not go with bench learn: it is for drivers"),
        ("bench learn --seeds 0", "--seeds 0 does not work"),
        ("bench ablation --seconds nan", "--seconds nan does not work"),
        ("bench general --tracks", "--tracks names no circuit"),
        ("bench general --tracks no.csv", "no.csv: there is no such file"),
    ],
)
def test_nonsense_is_answered_in_one_line(capsys: pytest.CaptureFixture[str], line: str, said: str) -> None:
    assert main(line.split()) == 2
    out, err = capsys.readouterr()
    assert said in err
    assert err.count("\n") == 1
    assert out == ""


@pytest.mark.parametrize("command", COMMANDS)
def test_help_tells_every_flag(capsys: pytest.CaptureFixture[str], command: str) -> None:
    with pytest.raises(SystemExit) as stop:
        main([command, "--help"])
    assert stop.value.code == 0
    told = capsys.readouterr().out
    without_flag = {"model", "models", "what"} if command != "play" else set()
    without_flag |= {"track"} if command == "reference" else set()
    flags = {field.name for field in fields(COMMANDS[command])} - without_flag
    assert {flag for flag in flags if f"--{flag.replace('_', '-')}" not in told} == set()


def test_help_tells_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    told = capsys.readouterr().out
    assert [command for command in COMMANDS if command not in told] == []


def test_the_choices_are_those_of_the_rooms_below() -> None:
    assert get_args(CarChoice) == get_args(CarName)
    assert get_args(PresetChoice) == tuple(PRESETS)
