"""What is said about bad roads, and where; overlaps against shapely."""

import numpy as np
import pytest
from shapely import LinearRing, Point, Polygon, unary_union

from qrace.sim.curve import curve_of
from qrace.sim.drawing import EMPTY, Drawing
from qrace.sim.drawing_fit import drawing_of
from qrace.sim.road_checks import APART_M, TIGHTEST_M, check_drawing
from qrace.sim.track_files import BUILTIN_ORDER, load_track
from tests.sim.test_drawing import ring


def through(*points: tuple[float, float], half_width: float = 5.0) -> Drawing:
    line = np.array(points, dtype=np.float64)
    return Drawing(line, np.full_like(line, half_width), closed=True)


def surface(drawing: Drawing) -> tuple[float, float]:
    """Area of a road's quadrilaterals, added up and laid over each other [m²]."""
    line = drawing.line()
    place = np.linspace(0.0, drawing.count, 60 * drawing.count)
    centre, first, _ = line.evaluate(place)
    normal = np.column_stack([-first[:, 1], first[:, 0]]) / np.hypot(*first.T)[:, None]
    widths = line.widths_at(place)
    left, right = centre + normal * widths[:, :1], centre - normal * widths[:, 1:]
    pieces = [Polygon([left[k], left[k + 1], right[k + 1], right[k]]).buffer(0) for k in range(len(place) - 1)]
    return sum(piece.area for piece in pieces), unary_union(pieces).area


@pytest.mark.parametrize("name", BUILTIN_ORDER)
def test_nothing_is_wrong_with_the_built_in_tracks(name: str) -> None:
    checked = check_drawing(drawing_of(load_track(name)))
    assert checked.track is not None
    assert [problem for problem in checked.problems if problem.serious] == []


def test_a_road_is_refused_exactly_where_shapely_sees_it_overlap() -> None:
    """Rings with one point pulled towards another; bridges, and what a whisker decides, are left out."""
    rng = np.random.default_rng(8)
    refused = allowed = 0
    for _ in range(60):
        drawing = ring(14, 90.0).set_width(None, 3.0, 3.0)
        index, apart = int(rng.integers(14)), int(rng.integers(4, 9))
        target = drawing.points[(index + apart) % 14]
        drawing = drawing.move(index, target * (1.0 - rng.uniform(2.0, 40.0) / np.hypot(*target)))
        simple = LinearRing(curve_of(drawing).centre[:-1]).is_simple
        added, covered = surface(drawing)
        twice = 1.0 - covered / added
        if not simple or 0.001 < twice < 0.006:
            continue
        checked = check_drawing(drawing)
        assert (checked.track is None) == (twice >= 0.006), f"{twice} {checked.problems}"
        assert any(problem.serious for problem in checked.problems) == (checked.track is None)
        refused += checked.track is None
        allowed += checked.track is not None
    assert min(refused, allowed) >= 5


def test_every_place_where_the_road_runs_into_itself_is_told() -> None:
    """A long loop pinched in two places, 200 m apart."""
    x = np.linspace(-200.0, 200.0, 17)
    gap = 20.0 - 18.0 * np.exp(-(((np.abs(x) - 100.0) / 25.0) ** 2))
    drawing = through(*zip(x, gap, strict=True), *zip(x[::-1], -gap[::-1], strict=True))
    checked = check_drawing(drawing)
    places = np.array([problem.place for problem in checked.problems if "runs into itself" in problem.sentence])
    assert checked.track is None
    for side in (-100.0, 100.0):
        assert np.hypot(*(places - (side, 0.0)).T).min() < 30.0
    assert all("narrow it" in problem.sentence for problem in checked.problems)
    gaps = np.hypot(*(places[:, None] - places).transpose(2, 0, 1)) + 1e9 * np.eye(len(places))
    assert gaps.min() >= APART_M


def test_a_clear_crossing_is_a_bridge_and_no_fault() -> None:
    checked = check_drawing(drawing_of(load_track("eight")))
    assert checked.track is not None
    assert len(checked.track.bridges) == 1
    assert checked.problems == ()


def test_a_tight_bend_is_shown_where_it_is_and_can_still_be_driven() -> None:
    angle = np.linspace(0.0, np.pi, 9)
    tip = np.column_stack([200.0 + 7.0 * np.sin(angle), -7.0 * np.cos(angle)])
    back = np.column_stack([-60.0 * np.sin(angle), 60.0 * np.cos(angle)])
    legs = [(150.0, 9.0), (100.0, 20.0), (50.0, 45.0)]
    drawing = through(*map(tuple, tip), *legs, *map(tuple, back), *[(x, -y) for x, y in legs[::-1]], half_width=4.0)
    checked = check_drawing(drawing)
    assert checked.track is not None
    assert checked.problems
    for problem in checked.problems:
        assert not problem.serious
        assert f"widen it to {TIGHTEST_M:.0f} m" in problem.sentence
        assert Point(problem.place).distance(LinearRing(tip)) < 12.0


def test_a_narrow_place_is_shown_where_it_is() -> None:
    drawing = ring(12, 150.0).set_width(None, 5.0, 5.0).set_width(4, 1.5, 2.0)
    [problem] = check_drawing(drawing).problems
    assert problem.sentence.startswith("The road is 3.5 m wide here")
    assert np.hypot(*(np.array(problem.place) - drawing.points[4])) < 2.0
    assert not problem.serious


def test_a_road_too_wide_for_its_bend() -> None:
    drawing = through(*[(30.0 * np.cos(a), 30.0 * np.sin(a)) for a in np.arange(12) * np.pi / 6], half_width=40.0)
    [problem] = check_drawing(drawing).problems
    assert problem.serious


@pytest.mark.parametrize(
    ("drawing", "words"),
    [
        (EMPTY, "no road yet"),
        (EMPTY.append((3, 4)), "no road yet"),
        (EMPTY.append((0, 0)).append((50, 0)).append((60, 50)), "open here: close the loop"),
        (ring(6), "at least 8 points, this one has 6"),
        (ring(12, 8.0).set_width(None, 2.0, 2.0), "too short: make it at least 100 m"),
        (ring(12, 9_000.0), "too long: keep it under 30 km"),
        (ring(12, 3e6), "too far"),
    ],
)
def test_what_is_no_road_at_all(drawing: Drawing, words: str) -> None:
    checked = check_drawing(drawing)
    [problem] = checked.problems
    assert words in problem.sentence
    assert checked.track is None
    assert problem.serious
