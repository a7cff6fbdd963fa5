"""The benchmarks run and print what they promise; how fast this machine is, is no test."""

import pytest

from qrace.bench import learn, sim
from qrace.cli.bench import _figure
from qrace.sim.track_files import load_track


def test_sim_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sim, "TRACKS", ("oval",))
    monkeypatch.setattr(sim, "CARS", (4,))
    monkeypatch.setattr(sim, "POSES", 50)
    monkeypatch.setattr(sim, "REPEATS", 1)
    monkeypatch.setattr(sim, "REPEAT_S", 0.001)
    rows = list(sim.bench_sim())
    assert [(row["bench"], row["car"]) for row in rows] == [
        (bench, car) for bench in ("sim", "rays") for car in ("lesson", "grand-prix")
    ]
    assert list(rows[0]) == ["bench", "car", "rays", "cars", "track", "steps_per_s"]
    assert [row["rays"] for row in rows[:2]] == [5, 7]
    assert all(row["within_0.15_m"] >= 0.98 for row in rows[2:])
    assert _figure(1234567) == "1,234,567"


def test_a_learning_row_counts_the_ticks_until_it_gives_up() -> None:
    row = learn.first_clean_lap(load_track("oval"), seed=0, give_up_s=0.05)
    assert list(row) == ["bench", "seed", "first_clean_lap_s", "ticks", "updates"]
    assert row["first_clean_lap_s"] is None
    assert int(str(row["ticks"])) > 0
