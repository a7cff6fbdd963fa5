"""Curves, crossings and edges against shapely and geometry on paper."""

import numpy as np
import pytest
from shapely import LineString, Point, Polygon, unary_union

from qrace.sim.corners import fit_radii, round_corners, straights, unit_corner
from qrace.sim.crossings import find_crossings
from qrace.sim.edges import strip_areas
from qrace.sim.spline import PeriodicSpline, interpolate_monotone
from qrace.sim.track import Track, TrackError
from qrace.sim.track_files import builtin_tracks, load_track


def circle(radius: float, count: int = 60) -> np.ndarray:
    angle = np.linspace(0.0, 2.0 * np.pi, count, endpoint=False)
    return radius * np.column_stack([np.cos(angle), np.sin(angle)])


def wedge(opening_deg: float, radius: float, half_width: float) -> Track:
    """A closed road with one sharp bend: two legs that open by so many degrees, joined by a bend of this radius."""
    half = np.radians(opening_deg / 2)
    leg = 160.0 * np.array([np.cos(half), np.sin(half)])
    vertices = np.array([leg, [leg[0] + 120, leg[1] + 90], [leg[0] + 120, -leg[1] - 90], leg * [1, -1], [0, 0]])
    points, _ = round_corners(vertices, np.array([40.0, 30.0, 30.0, 40.0, radius]))
    return Track.from_points("wedge", points, half_width, half_width)


def test_spline_is_the_periodic_cubic_through_its_points() -> None:
    """Cubic between knots, two continuous derivatives across them, the seam included: only one curve is all that."""
    rng = np.random.default_rng(3)
    points, steps = rng.normal(size=(40, 2)), rng.uniform(0.2, 5.0, size=40)
    spline = PeriodicSpline(points, steps)
    knots = spline.knots[:-1]
    after = spline.evaluate(knots)
    before = spline.evaluate((knots - 1e-9) % spline.period)
    np.testing.assert_allclose(after[0], points, atol=1e-12)
    for left, right in zip(before, after, strict=True):
        np.testing.assert_allclose(left, right, atol=1e-6)
    five = knots + np.linspace(0.1, 0.9, 5)[:, None] * steps
    position, first, second = (values.reshape(5, 40, 2) for values in spline.evaluate(five.ravel()))
    np.testing.assert_allclose(np.diff(position, n=4, axis=0), 0.0, atol=1e-12)
    gap = 0.2 * steps[:, None]
    np.testing.assert_allclose((position[3] - position[1]) / (2 * gap) - first[2], (second[3] - second[1]) * gap / 12)
    np.testing.assert_allclose((position[3] - 2 * position[2] + position[1]) / gap**2, second[2], atol=1e-9)


def test_monotone_interpolation_meets_its_data_and_never_overshoots() -> None:
    rng = np.random.default_rng(4)
    values, steps = rng.uniform(3.0, 9.0, size=(30, 2)), rng.uniform(0.5, 20.0, size=30)
    knots = np.concatenate([[0.0], np.cumsum(steps)])
    np.testing.assert_allclose(interpolate_monotone(values, steps, knots[:-1]), values)
    between = knots[:-1] + rng.random((200, 30)) * steps
    low, high = np.minimum(values, np.roll(values, -1, axis=0)), np.maximum(values, np.roll(values, -1, axis=0))
    got = interpolate_monotone(values, steps, between.ravel()).reshape(200, 30, 2)
    assert np.all(got >= low - 1e-12)
    assert np.all(got <= high + 1e-12)


@pytest.mark.parametrize("pairs_at_once", [500_000, 100])
def test_crossings_agree_with_shapely(pairs_at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qrace.sim.crossings._PAIRS_AT_ONCE", pairs_at_once)
    rng = np.random.default_rng(5)
    start = rng.random((150, 2)) * 20.0
    end = start + rng.normal(size=(150, 2)) * 3.0
    lines = [LineString(pair) for pair in np.stack([start, end], axis=1)]
    expected = {(a, b) for a in range(150) for b in range(a + 1, 150) if lines[a].intersects(lines[b])}
    i, j, point = find_crossings(start, end)
    assert set(zip(i.tolist(), j.tolist(), strict=True)) == expected
    for a, b, where in zip(i, j, point, strict=True):
        np.testing.assert_allclose(where, lines[a].intersection(lines[b]).coords[0], atol=1e-9)


@pytest.mark.parametrize("turn_deg", [-150.0, -40.0, 0.0, 5.0, 90.0, 160.0])
def test_a_corner_leaves_along_the_next_side_and_is_as_tight_as_said(turn_deg: float) -> None:
    turn = np.radians(turn_deg)
    points, tangent = unit_corner(turn)
    np.testing.assert_allclose(points[-1], [tangent * (1 + np.cos(turn)), tangent * np.sin(turn)], atol=1e-9)
    steps = np.diff(points, axis=0)
    bend = np.abs(np.diff(np.unwrap(np.arctan2(steps[:, 1], steps[:, 0])))) / np.hypot(*steps[1:].T)
    assert bend.max() == pytest.approx(1.0, rel=2e-3)


def test_fitted_bends_always_leave_a_straight_between_them() -> None:
    rng = np.random.default_rng(6)
    for _ in range(50):
        angle = np.sort(rng.uniform(0.0, 2.0 * np.pi, size=9))
        vertices = rng.uniform(50.0, 300.0, size=(9, 1)) * np.column_stack([np.cos(angle), np.sin(angle)])
        wanted = rng.uniform(5.0, 200.0, size=9)
        radii = fit_radii(vertices, wanted)
        assert np.all(radii <= wanted)
        assert straights(vertices, radii).min() > 0.0


def test_a_round_road_has_the_length_edges_and_headings_of_a_circle() -> None:
    track = Track.from_points("round", circle(80.0), 5.0, 7.0)
    assert track.length_m == pytest.approx(2 * np.pi * 80.0, rel=1e-3)
    np.testing.assert_allclose(np.hypot(*track.left_edge.T), 75.0, atol=1e-3)
    np.testing.assert_allclose(np.hypot(*track.right_edge.T), 87.0, atol=1e-3)
    middle = 0.5 * (track.right_edge + np.roll(track.right_edge, -1, axis=0))
    assert 87.0 - np.hypot(*middle.T).min() < 0.04
    x, y, heading = track.pose_at(np.array([0.0, track.length_m / 4, 1.5 * track.length_m]))
    np.testing.assert_allclose(np.column_stack([x, y]), [[80, 0], [0, 80], [-80, 0]], atol=0.05)
    np.testing.assert_allclose(np.cos(heading), [0, -1, 0], atol=0.02)
    np.testing.assert_allclose(np.sin(heading), [1, 0, -1], atol=0.02)


def test_arc_length_measures_the_centre_line() -> None:
    track = load_track("river")
    line = LineString(np.vstack([track.centre, track.centre[:1]]))
    assert track.length_m == pytest.approx(line.length)
    for k in (0, 10, len(track.centre) - 1):
        np.testing.assert_allclose(track.centre[k], line.interpolate(track.arc_length[k]).coords[0], atol=1e-6)


def test_straights_have_few_points_and_bends_many() -> None:
    track = load_track("airfield")
    step = np.diff(track.arc_length)
    assert 0.4 < step.min() < 3.0
    assert 15.0 < step.max() <= 20.5


def test_start_line_lies_where_it_is_put() -> None:
    for start_m in (0.0, 33.0, 400.0, -20.0):
        track = Track.from_points("round", circle(80.0), 5.0, 5.0, start_m=start_m)
        np.testing.assert_allclose(track.centre[0], [80 * np.cos(start_m / 80), 80 * np.sin(start_m / 80)], atol=0.02)


@pytest.mark.parametrize("name", builtin_tracks())
def test_no_triangle_of_a_built_in_road_is_turned_over(name: str) -> None:
    track = load_track(name)
    assert min(areas.min() for areas in strip_areas(track.left_edge, track.right_edge)) >= -1e-9


@pytest.mark.parametrize("opening_deg", [20.0, 45.0, 90.0])
@pytest.mark.parametrize("radius", [1.0, 4.0, 6.5])
def test_folds_of_tight_bends_are_cut_so_that_the_strip_covers_the_road_once(opening_deg: float, radius: float) -> None:
    track = wedge(opening_deg, radius, half_width=6.0)
    areas = np.stack(strip_areas(track.left_edge, track.right_edge))
    assert areas.min() >= -1e-9
    outer, inner = Polygon(track.right_edge).buffer(0), Polygon(track.left_edge).buffer(0)
    road = outer.difference(inner) if outer.area > inner.area else inner.difference(outer)
    assert areas.sum() == pytest.approx(road.area, rel=1e-6)
    left, right = track.left_edge, track.right_edge
    next_left, next_right = np.roll(left, -1, axis=0), np.roll(right, -1, axis=0)
    quads = [Polygon(corners) for corners in np.stack([right, next_right, next_left, left], axis=1)]
    assert unary_union([quad.buffer(1e-6) for quad in quads]).area == pytest.approx(road.area, rel=1e-3)


def test_edges_at_a_fold_are_the_outline_of_all_points_within_the_half_width() -> None:
    track = wedge(30.0, 2.0, half_width=6.0)
    outline = LineString(np.vstack([track.centre, track.centre[:1]])).buffer(6.0, quad_segs=64).boundary
    folded = [np.all(edge == np.roll(edge, -1, axis=0), axis=1).sum() for edge in (track.left_edge, track.right_edge)]
    assert max(folded) > 3
    assert max(outline.distance(Point(p)) for p in np.vstack([track.left_edge, track.right_edge])) < 0.05


def test_a_road_wider_than_its_circle_is_refused() -> None:
    with pytest.raises(TrackError, match="too wide for its bend"):
        Track.from_points("disc", circle(20.0), 25.0, 5.0)


def test_loops_too_long_for_folds_are_not_even_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two stretches whose left edges cross sixty times, each time closing a loop of hundreds of metres."""
    measured: list[int] = []
    monkeypatch.setattr("qrace.sim.edges._loop_area", lambda _, points: float(measured.append(len(points)) or 0))
    x = np.linspace(-500.0, 500.0, 401)
    share = ((np.abs(x) - 300.0) / 200.0).clip(0.0, 1.0)
    apart = 4.0 + 36.0 * share**2 * (3.0 - 2.0 * share)
    angle = np.linspace(-np.pi / 2, np.pi / 2, 21)[1:-1]
    cap = np.column_stack([500.0 + 40.0 * np.cos(angle), 40.0 * np.sin(angle)])
    points = np.concatenate([np.column_stack([x, -apart]), cap])
    widths = np.concatenate([4.0 + np.sin(np.pi * x / 10.0), np.full(len(cap), 4.0)])
    with pytest.raises(TrackError, match="runs into itself"):
        Track.from_points("pinched", np.concatenate([points, -points]), np.concatenate([widths, 8.0 - widths]), 4.0)
    assert not measured
