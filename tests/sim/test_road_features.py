"""Round hairpins: they fit on their side, and are as tight and turn as far as they say."""

import numpy as np
import pytest

from qrace.sim.corners import fit_radii, polygon_turns
from qrace.sim.road_features import RoadNeeds, insert_feature, round_hairpin

NEEDS = RoadNeeds(width_m=10.0, tightest_m=9.0)
SQUARE = np.array([[0.0, 0.0, 9.0], [1500.0, 0.0, 9.0], [1500.0, 1500.0, 9.0], [0.0, 1500.0, 9.0]])


def drawn(side_m: float, count: int = 200) -> list[np.ndarray]:
    rng = np.random.default_rng(4)
    found = (round_hairpin(rng, side_m, NEEDS) for _ in range(count))
    return [corners for corners in found if corners is not None]


def test_round_hairpins_turn_as_far_as_they_say_and_are_as_tight_as_wanted() -> None:
    """On a side of a large square: their legs are long enough for the bend at their tip."""
    turns = []
    for corners in drawn(1500.0):
        sketch = insert_feature(SQUARE, 0, corners)
        assert fit_radii(sketch[:, :2], sketch[:, 2])[2] == corners[1, 2]
        turns.append(np.degrees(abs(polygon_turns(sketch[:, :2])[0][2])))
    assert 135.0 - 1e-6 <= min(turns) < 138.0
    assert 162.0 < max(turns) <= 165.0 + 1e-6


def test_round_hairpins_are_tight_more_often_than_wide() -> None:
    radii = [corners[1, 2] / NEEDS.tightest_m for corners in drawn(1500.0)]
    assert min(radii) >= 1.0 and max(radii) > 3.0
    assert np.median(radii) < 1.4


@pytest.mark.parametrize("side_m", [40.0, 120.0, 200.0, 400.0])
def test_a_hairpin_that_does_not_fit_on_a_side_is_left_out(side_m: float) -> None:
    found = drawn(side_m)
    assert all(corners[:, 0].min() > 0.0 and corners[:, 0].max() < side_m for corners in found)
    assert bool(found) == (side_m > 100.0)
