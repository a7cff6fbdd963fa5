"""bench stay, general, ablation and update with budgets of a blink: the rows that they promise, what counts in them."""

from dataclasses import replace
from typing import get_type_hints

import pytest

from qrace.bench import ablation, general, judging, stay, update
from qrace.rl.config import LearnerConfig
from qrace.rl.presets import PRESETS, preset
from qrace.sim.track import Track
from qrace.sim.track_files import load_track


def test_stay_judges_every_ten_seconds_and_at_the_end() -> None:
    assert stay.evaluation_times(0.5) == [0.5]
    assert stay.evaluation_times(30.0) == [10.0, 20.0, 30.0]
    assert stay.evaluation_times(25.0) == [10.0, 20.0, 25.0]


def test_stay_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stay, "STARTS", 3)
    *rows, last = stay.bench_stay(2, 0.1)
    assert [(row["seed"], row["seconds"]) for row in rows] == [(0, 0.1), (1, 0.1)]
    assert {"first_clean_lap_s", "champion_random_pct", "learner_best_off_pct"} <= rows[0].keys()
    assert last["seeds"] == 2


def test_stay_counts_the_worst_evaluation_once_settled() -> None:
    figures = {f"{driver}_{name}": 1.0 for driver in ("champion", "learner") for name in ("random_pct", "best_off_pct")}
    rows = [
        {"seed": 0, "seconds": s, "first_clean_lap_s": 2.0, **figures, "learner_random_pct": clean}
        for s, clean in ((10.0, 0.0), (60.0, 97.0), (70.0, 100.0), (80.0, 99.0))
    ]
    last = stay.summary(rows, 80.0)
    assert (last["learner_random_pct_worst"], last["learner_random_pct_median"]) == (97.0, 99.0)
    assert last["first_clean_lap_s_worst"] == 2.0


def two_roads(seed: int) -> tuple[list[Track], list[Track]]:
    return [load_track("oval")], [load_track("kidney")]


def test_general_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(general, "general_roads", two_roads)
    monkeypatch.setattr(general, "builtin_tracks", lambda: ["oval"])
    monkeypatch.setattr(general, "TIMES_S", (0.05, 30.0))
    monkeypatch.setattr(general, "STARTS", 2)
    rows = list(general.bench_general(2, 0.1, ["kart"]))
    assert [(row.get("seed"), row["seconds"]) for row in rows] == [
        (0, 0.05), (0, 0.1), (1, 0.05), (1, 0.1), (None, 0.05), (None, 0.1)
    ]  # fmt: skip
    assert (rows[0]["circuits"], rows[0]["with_limit"]) == (2, 2)
    assert set(str(rows[0]["champion_missed"]).split()) <= {"oval", "kart"}
    assert {f"{d}_standing_pct_{s}" for d in ("champion", "learner") for s in ("median", "worst")} <= rows[-1].keys()


def test_general_takes_the_worst_share_and_the_worst_lap() -> None:
    rows = [
        {"seconds": 30.0}
        | {f"{driver}_{name}": value for driver in ("champion", "learner") for name in judging.FIGURES}
        for value in (90.0, 100.0, 80.0)
    ]
    found = general.summary(rows)
    assert (found["learner_standing_pct_worst"], found["learner_standing_pct_median"]) == (80.0, 90.0)
    assert found["champion_best_off_pct_worst"] == 100.0


def test_every_switch_of_the_learner_is_tried() -> None:
    hints = get_type_hints(LearnerConfig)
    tried = set()
    for name in ("default", "general"):
        own = preset(name)
        found = dict(ablation.variants(own))
        assert found.pop("as it is") == own
        assert all(config != own for config in found.values())
        assert len(set(found.values())) == len(found)
        tried |= {word.split()[0] for word in found}
    assert {field for field, kind in hints.items() if kind is bool} - {"fast"} <= tried
    assert {"kind", "n_step", "average_rate", "target_update", "loss", "cars"} <= tried


def test_a_variant_changes_one_thing() -> None:
    own = PRESETS["default"]
    changed = ablation.changed(own, "learner.n_step", 5)
    assert changed == replace(own, learner=replace(own.learner, n_step=5))
    assert ablation.changed(own, "cars", 8) == replace(own, cars=8)


def test_ablation_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    own = preset("default")
    monkeypatch.setattr(ablation, "general_roads", two_roads)
    monkeypatch.setattr(ablation, "builtin_tracks", lambda: ["oval"])
    monkeypatch.setattr(ablation, "variants", lambda config: [("as it is", config), ("cars 8", replace(own, cars=8))])
    rows = list(ablation.bench_ablation(1, 0.02))
    assert [(row["task"], row["variant"]) for row in rows] == [
        (task, variant) for task in ("lesson", "general") for variant in ("as it is", "cars 8")
    ]
    assert {"first_lap_s", "clean_pct_worst", "fallen_to_pct", "champion_pct", "off_limit_pct_worst"} <= rows[0].keys()


def test_what_was_lost_again_counts_from_the_first_lap_on() -> None:
    def one(standing: float, clean: float) -> judging.Verdict:
        return judging.Verdict(standing, clean, None, None, ())

    assert ablation.fallen_to([one(0, 0), one(100, 30), one(100, 100), one(0, 40), one(100, 90)]) == 40
    assert ablation.fallen_to([one(0, 0), one(0, 50)]) == 0
    assert ablation.fallen_to([one(0, 0), one(100, 90)]) == 90  # the first is the last


def test_update_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(update, "BLOCKS", 1)
    monkeypatch.setattr(update, "BLOCK_S", 0.001)
    rows = list(update.bench_update())
    assert [(row["network"], row["batch"]) for row in rows] == [
        (network, batch) for network in ("plain", "dueling layer_norm") for batch in (64, 256)
    ]
    assert all(0.0 <= float(str(row["gradient_error"])) < 1e-5 for row in rows)
    assert all(int(str(row["by_hand_per_s"])) > 0 for row in rows)
