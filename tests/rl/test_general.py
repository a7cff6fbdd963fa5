"""The roads of a general driver: others for every run, and in every examination some as wide as they come."""

from typing import Any

import pytest

from qrace.rl import general
from qrace.rl.champion import TRACKS_AT_ONCE
from qrace.sim.track_generator import TRAINING_STYLE, WIDE_STYLE, RoadStyle


def test_no_road_is_met_twice_and_one_of_eight_is_wide(monkeypatch: pytest.MonkeyPatch) -> None:
    def named(seed: int, style: RoadStyle) -> Any:
        return seed, style

    monkeypatch.setattr(general, "generate_track", named)
    runs: list[Any] = [general.general_roads(seed) for seed in range(3)]
    seeds = [seed for run in runs for roads in run for seed, _ in roads]
    assert len(set(seeds)) == len(seeds)
    for roads, validation in runs:
        styles = [style for _, style in (*roads, *validation)]
        assert styles.count(WIDE_STYLE) * 8 == len(styles)
        assert styles.count(TRAINING_STYLE) == len(styles) - styles.count(WIDE_STYLE)
        for first in range(0, len(validation), TRACKS_AT_ONCE):
            examined = [style for _, style in validation[first : first + TRACKS_AT_ONCE]]
            assert examined.count(WIDE_STYLE) == TRACKS_AT_ONCE // 8
