"""evaluate and race, in this process: what they print, and files that are not what they should be."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from qrace.cli import main
from qrace.cli.race import result_row
from qrace.race.entrant import Entrant
from qrace.race.race import Race
from qrace.sim.limit import load_limit
from qrace.sim.track_files import load_track
from tests.cli.helpers import rows

Captured = pytest.CaptureFixture[str]


class Follower:
    """Keeps to the middle of the road by its two diagonal rays."""

    def select_actions(self, observation: NDArray[np.float32]) -> NDArray[np.int64]:
        left, right = observation[0, 1], observation[0, 3]
        return np.array([2 if abs(left - right) < 0.06 else int(left < right)])


class EveryFollower:
    """A follower for many cars at once."""

    def select_actions(self, observation: NDArray[np.float32]) -> NDArray[np.int64]:
        left, right = observation[:, 1], observation[:, 3]
        return np.where(np.abs(left - right) < 0.06, 2, (left < right).astype(np.int64))


class Straight:
    """Holds the wheel straight, and so leaves the road."""

    def select_actions(self, observation: NDArray[np.float32]) -> NDArray[np.int64]:
        return np.array([2])


def test_evaluate_prints_the_promised_fields(model: Path, capsys: Captured) -> None:
    assert main(["evaluate", str(model), "--track", "oval", "kidney", "--starts", "3", "--json"]) == 0
    fields = ["track", "starts", "laps_clean", "standing_lap_clean", "best_lap_s", "mean_lap_s", "progress"]
    fields += ["limit_s", "off_limit_pct", "standing_lap_s", "standing_limit_s", "standing_off_limit_pct", "model"]
    printed = rows(capsys.readouterr().out)
    assert [list(row) for row in printed] == [fields, fields]
    assert [row["track"] for row in printed] == ["oval", "kidney"]
    assert main(["evaluate", str(model), "--track", "kidney", "--starts", "3", "--json"]) == 0
    assert rows(capsys.readouterr().out) == printed[1:]  # a track's figures do not depend on the others


def test_race_prints_the_promised_fields(model: Path, capsys: Captured) -> None:
    assert main(["race", str(model), str(model), "--laps", "1", "--rolling", "--json"]) == 0
    printed = rows(capsys.readouterr().out)
    assert [list(row) for row in printed] == [
        [
            "position",
            "name",
            "car",
            "laps",
            "best_lap_s",
            "total_s",
            "gap_s",
            "laps_down",
            "penalty_s",
            "out",
            "flagged",
            "progress",
        ]
    ] * 2
    assert [(row["position"], row["name"]) for row in printed] == [(1, "table"), (2, "table 2")]
    assert printed[0]["out"] == printed[1]["out"]
    assert printed[0]["gap_s"] is None
    assert printed[0]["progress"] == printed[1]["progress"]


def test_the_rows_of_a_race_tell_the_gap_to_the_winner_and_how_far_those_out_came() -> None:
    track = load_track("oval")
    race = Race(track, [Entrant("lost", policy=Straight()), Entrant("first", policy=Follower())], laps=2)
    first, lost = (result_row(race, standing) for standing in race.run())
    assert (first["name"], first["out"], first["gap_s"], first["progress"]) == ("first", False, None, 2.0)
    nearest = np.hypot(*(track.centre - race.poses[1, 0, :2]).T).argmin()
    assert (lost["out"], lost["gap_s"]) == (True, None)
    assert lost["progress"] == pytest.approx(track.arc_length[nearest] / track.length_m, abs=0.03)
    race = Race(track, [Entrant(name, policy=Follower()) for name in ("ahead", "behind")], laps=1)
    ahead, behind = race.run()
    assert ahead.total_s is not None and behind.total_s is not None
    assert result_row(race, ahead)["gap_s"] is None
    assert result_row(race, behind)["gap_s"] == pytest.approx(behind.total_s - ahead.total_s)


def test_tables_for_people(model: Path, capsys: Captured) -> None:
    assert main(["evaluate", str(model), "--starts", "2"]) == 0
    assert "oval" in capsys.readouterr().out
    assert main(["race", str(model), "--laps", "1"]) == 0
    assert "Oval, 1 lap" in capsys.readouterr().out


@pytest.mark.parametrize(
    "line",
    [
        "evaluate {missing}",
        "evaluate {text}",
        "race {model} {text}",
        "evaluate {model} --track nowhere",
        "race {model} --track {missing}.json",
        "train --track {missing}.csv",
        "train --resume {missing}",
    ],
)
def test_files_that_are_missing_or_something_else(line: str, model: Path, tmp_path: Path, capsys: Captured) -> None:
    text = tmp_path / "text"
    text.write_text("not a model")
    words = line.format(model=model, missing=tmp_path / "missing", text=text).split()
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1 and "Traceback" not in err


def test_evaluate_compares_laps_with_the_limit_of_their_kind(
    model: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr("qrace.cli.evaluate.load_policy", lambda checkpoint: EveryFollower())
    oval = load_track("oval")
    limit = load_limit(oval, "lesson")
    assert limit is not None
    assert main(["evaluate", str(model), str(model), "--track", "oval", "--starts", "4", "--json"]) == 0
    flying, twin = rows(capsys.readouterr().out)
    assert flying == twin and flying["model"] == str(model)
    assert flying["best_lap_s"] < flying["standing_lap_s"]
    assert flying["limit_s"] == pytest.approx(limit.limit_s, abs=1e-4)
    assert flying["off_limit_pct"] == pytest.approx(100 * (flying["best_lap_s"] / limit.limit_s - 1), abs=1e-3)
    assert main(["evaluate", str(model), "--track", "oval", "--starts", "1", "--json"]) == 0
    [standing] = rows(capsys.readouterr().out)
    off = 100 * (standing["best_lap_s"] / limit.standing_limit_s - 1)
    assert standing["limit_s"] == pytest.approx(limit.standing_limit_s, abs=1e-4)
    assert standing["off_limit_pct"] == standing["standing_off_limit_pct"] == pytest.approx(off, abs=1e-3)
    assert main(["evaluate", str(model), "--track", "random:5", "--starts", "1", "--json"]) == 0
    [unknown] = rows(capsys.readouterr().out)
    assert unknown["limit_s"] is unknown["off_limit_pct"] is None
    assert main(["evaluate", str(model), str(model), "--track", "oval", "--starts", "1"]) == 0
    table = capsys.readouterr().out.split()
    assert [table.count(cell) for cell in (model.stem, "13.10", f"{off:.2f}")] == [2, 2, 2]
