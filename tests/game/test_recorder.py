"""What is achieved in the window ends up in the file of records, and a file that refuses stops nobody."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pygame
import pytest

from qrace.game.display import Display
from qrace.game.game import Game
from qrace.game.recorder import Recorder
from qrace.game.session import THIS_BRAIN, Session
from qrace.race.records import EntrantResult, Lap, RaceResult, Records, TrainingRun
from qrace.race.records_file import RecordsError
from qrace.rl.evaluate import Evaluation
from qrace.rl.persona import TRAINED_ON
from qrace.rl.trainer import Trainer
from qrace.sim.track_files import load_track
from tests.game.helpers import press, run, small_config

OVAL = load_track("oval")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "records.sqlite"


def test_laps_races_and_runs_are_written_in_their_order(path: Path) -> None:
    recorder = Recorder(path)
    for lap_s in (14.0, 13.5, 13.8, 13.5):
        recorder.lap(OVAL, Lap("lesson", "Ada", lap_s, (4.0, 4.0, lap_s - 8.0)))
    recorder.race(OVAL, RaceResult(1, (EntrantResult(1, "Bo", "lesson", 1, 13.9, 13.9, False),)))
    recorder.training_run(TrainingRun("a.safetensors", "default", "oval", 0, 5.0, 10, None))
    seen = recorder.ask(lambda records: [record.lap.lap_s for record in records.lap_records()]).result(10.0)
    recorder.close()
    assert seen == [13.5, 13.9] and recorder.told() == ""
    records = Records(path)
    assert records.lap_records()[0].lap.sectors_s == (4.0, 4.0, 5.5)
    assert [len(records.races()), len(records.training_runs())] == [1, 1]
    records.close()


def test_only_laps_that_may_be_records_reach_the_disk(path: Path) -> None:
    recorder = Recorder(path)
    asked: list[float] = []
    recorder._write = lambda job: asked.append(0.0)  # type: ignore[method-assign]
    for lap_s in (14.0, 15.0, 14.0, 13.0):
        recorder.lap(OVAL, Lap("lesson", "Ada", lap_s))
    recorder.lap(OVAL, Lap("lesson", "Bo", 20.0))
    recorder.lap(load_track("kidney"), Lap("lesson", "Ada", 30.0))
    recorder.close()
    assert len(asked) == 4


def test_without_a_file_nothing_is_kept_and_nothing_breaks() -> None:
    recorder = Recorder()
    recorder.lap(OVAL, Lap("lesson", "Ada", 14.0))
    with pytest.raises(RecordsError):
        recorder.ask(Records.lap_records).result(10.0)
    recorder.close()
    assert recorder.told() == ""


def test_a_broken_file_is_set_aside_and_told(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database" * 200)
    recorder = Recorder(path)
    recorder.lap(OVAL, Lap("lesson", "Ada", 14.0))
    recorder.close()
    assert "records.sqlite.broken-1" in recorder.told() and recorder.told() == ""
    assert path.with_name("records.sqlite.broken-1").read_bytes().startswith(b"no database")
    assert len(Records(path).lap_records()) == 1


def test_a_file_that_cannot_be_used_is_told_once(path: Path) -> None:
    path.mkdir(parents=True)
    recorder = Recorder(path)
    for lap_s in (14.0, 13.0):
        recorder.lap(OVAL, Lap("lesson", "Ada", lap_s))
    recorder.close()
    assert "play goes on without records" in recorder.told()
    assert recorder.told() == ""


def test_two_windows_at_once(path: Path) -> None:
    first, second = Recorder(path), Recorder(path)
    for step in range(20):
        first.lap(OVAL, Lap("lesson", "Ada", 14.0 - step * 0.1))
        second.lap(OVAL, Lap("lesson", "Bo", 15.0 - step * 0.1))
    first.close()
    second.close()
    assert (first.told(), second.told()) == ("", "")
    with sqlite3.connect(path) as connection:
        kept = dict(connection.execute("SELECT driver, lap_s FROM lap_record"))
    assert kept == pytest.approx({"Ada": 12.1, "Bo": 13.1})


@pytest.fixture
def recorded(display: Display, tmp_path: Path, path: Path) -> Iterator[Game]:
    game = Game(Session(OVAL, Trainer(small_config(), [OVAL]), tmp_path / "models", Recorder(path)), display)
    yield game
    game.close()


def test_training_records_the_champion_under_the_name_of_its_brain(recorded: Game, path: Path) -> None:
    run(recorded, 1.0)
    session = recorded.session
    nameless = session.brain_name
    session.trainer.join()
    session.trainer.champion.evaluations = [Evaluation("oval", 4, 4, True, 16.25, 17.0, 1.0)]
    run(recorded, 0.2)
    saved = session.save()
    assert session.brain_name == saved.stem != nameless
    session.record_laps([None, 15.5, 15.0])
    run(recorded, 1.0)
    assert session.brain_name == f"{saved.stem}{TRAINED_ON}"
    session.new_brain()
    assert session.brain_name not in (nameless, saved.stem)
    laps = session.recorder.ask(Records.lap_records).result(10.0)
    best = {record.lap.driver: record.lap.lap_s for record in laps}
    assert best[nameless] == 16.25 and best[saved.stem] == 15.0
    runs = session.recorder.ask(Records.training_runs).result(10.0)
    assert {Path(kept.run.file).stem for kept in runs} == {saved.stem, "oval-2"}
    assert all(kept.run.steps > 0 and kept.run.tracks == "oval" for kept in runs)


def test_driving_records_the_brain_but_not_a_lap_with_a_person_at_a_wheel(recorded: Game) -> None:
    run(recorded, 0.5)
    press(recorded, pygame.K_t)
    env = recorded.mode.env  # type: ignore[attr-defined]
    end_step, laps = env.end_step, [15.5]

    def end_step_with_a_lap() -> None:
        end_step()
        env.lap_times = np.array(laps)

    env.end_step = end_step_with_a_lap
    run(recorded, 0.2)
    press(recorded, pygame.K_LEFT)
    laps[:] = [11.0]
    run(recorded, 0.2)
    [record] = recorded.session.recorder.ask(Records.lap_records).result(10.0)
    assert (record.lap.driver, record.lap.lap_s) == (recorded.session.brain_name, 15.5)


def test_a_race_records_this_brain_by_its_name(recorded: Game) -> None:
    entrants = [EntrantResult(1, "You", "lesson", 1, 13.0, 13.0, False)]
    entrants.append(EntrantResult(2, THIS_BRAIN, "lesson", 1, 13.5, 13.6, False))
    recorded.session.record_race(OVAL, RaceResult(1, tuple(entrants)))
    laps = recorded.session.recorder.ask(Records.lap_records).result(10.0)
    assert {record.lap.driver for record in laps} == {"You", recorded.session.brain_name}
    [race] = recorded.session.recorder.ask(Records.races).result(10.0)
    assert race.result.entrants[1].name == recorded.session.brain_name


def test_a_fault_of_the_records_is_told_in_a_notice(display: Display, tmp_path: Path, path: Path) -> None:
    path.mkdir(parents=True)
    game = Game(Session(OVAL, Trainer(small_config(), [OVAL]), tmp_path, Recorder(path)), display)
    game.session.record_laps([14.0])
    with pytest.raises(RecordsError):
        game.session.recorder.ask(Records.lap_records).result(10.0)
    run(game, 0.1)
    assert str(path) in game.notices.text
    game.close()
