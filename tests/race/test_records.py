"""Records against plain bookkeeping, SQLite's own shell of queries, and two processes at once."""

import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from qrace.race import records_file
from qrace.race.entrant import Entrant
from qrace.race.race import Race
from qrace.race.records import EntrantResult, Lap, RaceResult, Records, TrainingRun, geometry_of
from qrace.race.records_file import APPLICATION_ID, MIGRATIONS, RecordsError
from qrace.sim.track import Track

ROOT = Path(__file__).parents[2]


def ring(radius: float = 60.0, name: str = "ring", start_m: float = 0.0) -> Track:
    angle = np.linspace(0.0, 2.0 * np.pi, 60, endpoint=False)
    points = radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return Track.from_points(name, points, 10.0, 10.0, start_m=start_m)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "records.sqlite"


def test_the_best_lap_of_each_driver_and_car_is_kept(path: Path) -> None:
    records, track = Records(path), ring()
    rng = np.random.default_rng(1)
    best: dict[tuple[str, str], float] = {}
    for _ in range(200):
        car, driver = rng.choice(["lesson", "grand-prix"]), f"driver {rng.integers(3)}"
        lap_s = float(rng.uniform(10.0, 20.0))
        is_record = lap_s < best.get((car, driver), np.inf)
        assert records.add_lap(track, Lap(car, driver, lap_s)) is is_record
        if is_record:
            best[car, driver] = lap_s
    kept = {(r.lap.car, r.lap.driver): r.lap.lap_s for r in records.lap_records()}
    assert kept == best
    assert records.best_lap_s(track, "lesson") == min(lap for (car, _), lap in best.items() if car == "lesson")


def test_an_equal_lap_leaves_the_older_record_and_sectors_come_back(path: Path) -> None:
    records, track = Records(path), ring()
    assert records.add_lap(track, Lap("lesson", "Ada", 12.0, (3.0, 4.0, 5.0)), "2026-01-01T00:00:00+00:00")
    assert not records.add_lap(track, Lap("lesson", "Ada", 12.0), "2026-01-02T00:00:00+00:00")
    records.close()
    [kept] = Records(path).lap_records()
    assert (kept.lap.sectors_s, kept.driven_at) == ((3.0, 4.0, 5.0), "2026-01-01T00:00:00+00:00")


@pytest.mark.parametrize("changed", [ring(60.5), ring(start_m=50.0), ring(name="other")])
def test_a_changed_road_starts_new_records(path: Path, changed: Track) -> None:
    records = Records(path)
    records.add_lap(ring(), Lap("lesson", "Ada", 12.0))
    assert records.best_lap_s(ring(), "lesson") == 12.0
    assert records.best_lap_s(changed, "lesson") is None
    assert records.add_lap(changed, Lap("lesson", "Ada", 15.0))
    assert len(records.lap_records()) == 2


def test_rounding_does_not_change_a_road() -> None:
    track = ring()
    nudged = Track.from_points("ring", track.shape.points + 1e-9, 10.0, 10.0)
    assert geometry_of(nudged) == geometry_of(track)


@pytest.mark.parametrize("lap_s", [0.0, -1.0, float("nan"), float("inf")])
def test_times_that_no_lap_has_are_refused(lap_s: float) -> None:
    with pytest.raises(ValueError, match="no lap"):
        Lap("lesson", "Ada", lap_s)
    with pytest.raises(ValueError, match="no lap"):
        Lap("lesson", "Ada", 10.0, (3.0, 3.0, lap_s))


def test_names_are_data_and_not_sql(path: Path) -> None:
    records, name = Records(path), "Robert'); DROP TABLE lap_record;--"
    track = ring(name=name)
    records.add_lap(track, Lap("lesson", name, 12.0))
    [kept] = records.lap_records()
    assert kept.lap.driver == name and kept.track == name


def test_a_race_comes_back_and_its_laps_are_records(path: Path) -> None:
    records, track = Records(path), ring()
    rows = (
        EntrantResult(1, "Ada", "lesson", 3, 11.0, 35.0, False),
        EntrantResult(2, "Bob", "grand-prix", 1, None, None, True),
    )
    for _ in range(3):
        records.add_race(track, RaceResult(3, rows))
    kept = records.races(2)
    assert [race.result for race in kept] == [RaceResult(3, rows)] * 2
    assert [(r.lap.driver, r.lap.lap_s) for r in records.lap_records()] == [("Ada", 11.0)]


def test_a_result_is_taken_from_the_race_and_stays_as_it_was() -> None:
    race = Race(ring(), [Entrant("Ada"), Entrant("Bob")], laps=1)
    race.cars[1].finish_s, race.cars[1].best_lap_s, race.cars[1].laps = 20.0, 19.0, 1
    result = RaceResult.of(race)
    race.cars[1].finish_s = 5.0
    assert [(e.position, e.name, e.car, e.total_s) for e in result.entrants] == [
        (1, "Bob", "lesson", 20.0),
        (2, "Ada", "lesson", None),
    ]


def test_a_race_is_kept_whole_or_not_at_all(path: Path) -> None:
    records = Records(path)
    twice_first = (EntrantResult(1, "Ada", "lesson", 1, 11.0, 11.0, False),) * 2
    with pytest.raises(RecordsError, match="cannot be used"):
        records.add_race(ring(), RaceResult(1, twice_first))
    assert records.races() == [] and records.lap_records() == []
    records.add_lap(ring(), Lap("lesson", "Ada", 12.0))  # and the file is as good as before
    assert len(records.lap_records()) == 1


def test_training_in_the_same_file_is_one_run(path: Path) -> None:
    records = Records(path)
    first = TrainingRun("models/a.safetensors", "default", "oval", 3, 10.0, 500, None)
    longer = TrainingRun("models/a.safetensors", "default", "oval", 3, 20.0, 900, 8.5)
    other = TrainingRun("models/b.safetensors", "q-table", "oval kidney", 1, 5.0, 100, 9.0)
    for hour, run in enumerate((first, longer, other)):
        records.add_training_run(run, f"2026-01-01T0{hour}:00:00+00:00")
    assert [record.run for record in records.training_runs()] == [other, longer]
    assert records.training_runs()[0].ended_at == "2026-01-01T02:00:00+00:00"


WRITER = """
import sys
from pathlib import Path
from qrace.race.records import EntrantResult, Lap, RaceResult, Records
from tests.race.test_records import ring
name, path, track = sys.argv[1], Path(sys.argv[2]), ring()
sys.stdin.readline()
records = Records(path)
for i in range(100):
    records.add_lap(track, Lap("lesson", "shared", 500.0 - i + (name == "b") / 2))
    records.add_race(track, RaceResult(1, (EntrantResult(1, name, "lesson", 1, None, 10.0 + i, False),)))
"""


def test_two_windows_at_once_lose_nothing(path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", WRITER]
    writers = [
        subprocess.Popen([*command, name, str(path)], stdin=subprocess.PIPE, env=environment, cwd=ROOT, text=True)
        for name in "ab"
    ]
    for writer in writers:  # both are ready to make the file
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate(timeout=60)
    assert [writer.returncode for writer in writers] == [0, 0]
    records = Records(path)
    assert records.told == ""
    won = [race.result.entrants[0] for race in records.races(1000)]
    for name in "ab":
        assert sorted(e.total_s for e in won if e.name == name) == [10.0 + i for i in range(100)]
    assert [r.lap.lap_s for r in records.lap_records()] == [401.0]


@pytest.mark.parametrize("damage", ["garbage", "torn"])
def test_a_damaged_file_is_set_aside_and_play_goes_on(path: Path, damage: str) -> None:
    for n in (1, 2):
        records = Records(path)
        for lap in range(300):
            records.add_race(ring(), RaceResult(1, (EntrantResult(1, "x" * 50, "lesson", 1, None, 9.0 + lap, False),)))
        records.close()
        whole = path.read_bytes()
        broken = b"no database" * 500 if damage == "garbage" else whole[:4096] + bytes(len(whole) - 4096)
        path.write_bytes(broken)
        records = Records(path)
        aside = path.with_name(f"records.sqlite.broken-{n}")
        assert str(path) in records.told and aside.name in records.told
        assert aside.read_bytes() == broken
        assert records.add_lap(ring(), Lap("lesson", "Ada", 12.0))
        records.close()


def test_a_newer_file_is_refused_and_left_alone(path: Path) -> None:
    Records(path).close()
    with sqlite3.connect(path) as database:
        database.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    database.close()
    before = path.read_bytes()
    with pytest.raises(RecordsError, match="newer QRace"):
        Records(path)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_file_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "theirs.sqlite"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE theirs (x)")
    database.close()
    before = path.read_bytes()
    with pytest.raises(RecordsError, match="another program"):
        Records(path)
    assert path.read_bytes() == before


def test_an_older_file_is_brought_up_to_date(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    records = Records(path)
    records.add_lap(ring(), Lap("lesson", "Ada", 12.0))
    records.close()
    added = ("ALTER TABLE race ADD COLUMN rule TEXT NOT NULL DEFAULT 'out'",)
    monkeypatch.setattr(records_file, "MIGRATIONS", (*MIGRATIONS, added))
    for _ in range(2):  # the second time there is nothing left to do
        records = Records(path)
        assert [r.lap.lap_s for r in records.lap_records()] == [12.0]
        records.close()
    database = sqlite3.connect(path)
    assert database.execute("SELECT count(rule) FROM race").fetchone() == (0,)
    assert database.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS) + 1,)
    assert database.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    database.close()


def test_a_migration_that_fails_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Records(path).close()
    bad = ("ALTER TABLE race ADD COLUMN rule TEXT", "ALTER TABLE no_such_table ADD COLUMN x")
    with monkeypatch.context() as patch:
        patch.setattr(records_file, "MIGRATIONS", (*MIGRATIONS, bad))
        with pytest.raises(RecordsError, match="no_such_table"):
            Records(path)
    database = sqlite3.connect(path)
    assert "rule" not in [row[1] for row in database.execute("PRAGMA table_info(race)")]
    assert database.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
    database.close()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RecordsError, match="play goes on without records"):
        Records(tmp_path / "file" / "records.sqlite")


def test_a_file_that_is_locked_for_long_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records_file, "BUSY_S", 0.05)
    records, other = Records(path), sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(RecordsError, match="locked"):
        records.add_lap(ring(), Lap("lesson", "Ada", 12.0))
    other.execute("ROLLBACK")
    assert records.add_lap(ring(), Lap("lesson", "Ada", 12.0))
    other.close()


def test_a_renamed_driver_takes_its_laps_and_its_training_along(path: Path) -> None:
    records = Records(path)
    records.add_lap(ring(), Lap("lesson", "oval-1", 12.0))
    records.add_lap(ring(90.0, name="wide"), Lap("grand-prix", "oval-1", 15.0))
    records.add_lap(ring(), Lap("lesson", "other", 11.0))
    records.add_training_run(TrainingRun("oval-1", "default", "oval", 0, 5.0, 10, 12.0))
    assert records.has_driver("oval-1") and not records.has_driver("Hanna")
    records.rename_driver("oval-1", "Hanna", "oval-1", "hanna")
    kept = {(record.name, record.lap.driver): record.lap.lap_s for record in records.lap_records()}
    assert kept == {("ring", "Hanna"): 12.0, ("wide", "Hanna"): 15.0, ("ring", "other"): 11.0}
    assert [record.run.file for record in records.training_runs()] == ["hanna"]
    assert not records.has_driver("oval-1")


@pytest.mark.parametrize("wrong", [{"steps": 10**30}, {"file": "\udcff"}])
def test_what_no_file_can_hold_is_told_and_leaves_the_records_as_they_were(
    path: Path, wrong: dict[str, object]
) -> None:
    records, run = Records(path), TrainingRun("m.safetensors", "default", "oval", 0, 1.0, 5, None)
    records.add_training_run(run)
    with pytest.raises(RecordsError, match="play goes on without records"):
        records.add_training_run(replace(run, **({"file": "n.safetensors"} | wrong)))
    with pytest.raises(RecordsError, match="play goes on without records"):
        records.has_driver("\udcff")
    assert [record.run for record in records.training_runs()] == [run]
    records.close()
