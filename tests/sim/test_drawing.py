"""Edits of a drawing, on paper and against scipy; control points of strokes and of finished roads against shapely."""

from pathlib import Path

import numpy as np
import pytest
from scipy.interpolate import CubicSpline
from shapely import LinearRing, LineString, hausdorff_distance

from qrace.sim.curve import curve_of
from qrace.sim.drawing import CLOSEST_M, EMPTY, Drawing
from qrace.sim.drawing_fit import STRAYS_M, drawing_of, drawing_of_stroke
from qrace.sim.road_shape import NARROWEST_M, WIDEST_M
from qrace.sim.track_files import BUILTIN_ORDER, load_track, save_track


def ring(count: int = 10, radius: float = 80.0) -> Drawing:
    """A wavy ring whose points and widths are all different."""
    angle = np.arange(count) * 2.0 * np.pi / count
    reach = radius * (1.0 + 0.2 * np.sin(3.0 * angle))
    widths = np.column_stack([5.0 + np.sin(angle), 6.0 + np.cos(2.0 * angle)])
    return Drawing(reach[:, None] * np.column_stack([np.cos(angle), np.sin(angle)]), widths, True, start=2.25)


def test_fewer_than_three_places_enclose_nothing() -> None:
    one, two = EMPTY.append((0.0, 0.0)), EMPTY.append((0.0, 0.0)).append((50.0, 0.0))
    there_and_back = two.append((0.1, 0.1))
    for drawing in (EMPTY, one, two, there_and_back):
        assert drawing.close() is drawing and not drawing.closed


def start_point(drawing: Drawing) -> np.ndarray:
    return drawing.line().evaluate(np.array([drawing.start]))[0][0]


def test_the_line_is_scipys_periodic_spline() -> None:
    drawing = ring()
    closed = np.vstack([drawing.points, drawing.points[:1]])
    knots = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(closed, axis=0).T))])
    reference = CubicSpline(knots, closed, bc_type="periodic")
    place = np.linspace(0.0, 9.99, 300)
    parameter = np.interp(place, np.arange(11), knots)
    for got, order in zip(drawing.line().evaluate(place), range(3), strict=True):
        np.testing.assert_allclose(got, reference(parameter, order), atol=1e-8)
    curve = curve_of(drawing)
    speed, second = reference(np.interp(curve.place % 10, np.arange(11), knots), 1), reference.derivative(2)
    bend = second(np.interp(curve.place % 10, np.arange(11), knots))
    cross = np.abs(speed[:, 0] * bend[:, 1] - speed[:, 1] * bend[:, 0]) / np.hypot(*speed.T) ** 3
    np.testing.assert_allclose(1.0 / curve.radius_m, cross, atol=1e-7)


def test_the_drawing_and_the_finished_road_are_one() -> None:
    drawing = ring()
    track = drawing.track("ring", "Ring")
    curve = curve_of(drawing)
    assert hausdorff_distance(LinearRing(track.centre), LinearRing(curve.centre[:-1])) < 0.1
    assert hausdorff_distance(LinearRing(track.left_edge), LinearRing(curve.left[:-1])) < 0.15
    np.testing.assert_allclose(track.centre[0], start_point(drawing), atol=1e-3)
    assert curve.length_m == pytest.approx(track.length_m, rel=1e-3)


def test_an_inserted_point_lies_on_the_road_and_moves_the_start_line_by_nothing() -> None:
    drawing, line = ring(), ring().line()
    for place in (0.5, 2.1, 2.6, 9.5):
        inserted = drawing.insert(place)
        index = int(place) + 1
        np.testing.assert_allclose(inserted.points[index], line.evaluate(np.array([place]))[0][0])
        np.testing.assert_allclose(inserted.widths[index], line.widths_at(np.array([place]))[0])
        np.testing.assert_array_equal(np.delete(inserted.points, index, axis=0), drawing.points)
        assert np.hypot(*(start_point(inserted) - start_point(drawing))) < 1.0
    assert drawing.insert(3.0) is drawing


@pytest.mark.parametrize("start", [0.0, 0.5, 2.25, 9.75])
@pytest.mark.parametrize("index", [0, 2, 3, 9])
def test_deleting_leaves_the_start_line_between_the_same_points(start: float, index: int) -> None:
    drawing = ring().set_start(start)
    deleted = drawing.delete(index)
    assert (deleted.count, deleted.closed) == (9, True)
    before, after = (float(p) for p in (int(start), (int(start) + 1) % 10))
    kept = [k for k in range(10) if k != index]
    first, last = kept[int(deleted.start)], kept[(int(deleted.start) + 1) % 9]
    outside = {int(before), int(after), (index - 1) % 10, (index + 1) % 10}
    assert {first, last} <= outside
    assert 0.0 <= deleted.start < 9.0


def test_reversing_drives_the_same_road_the_other_way_and_twice_is_none() -> None:
    drawing = ring()
    back = drawing.reverse()
    np.testing.assert_allclose(start_point(back), start_point(drawing), atol=1e-9)
    forward_track, back_track = drawing.track("a", "A"), back.track("b", "B")
    assert np.cos(forward_track.heading[0] - back_track.heading[0]) == pytest.approx(-1.0, abs=1e-3)
    assert hausdorff_distance(LinearRing(forward_track.left_edge), LinearRing(back_track.right_edge)) < 0.1
    assert back.reverse().same_as(drawing)
    open_line = EMPTY.append([0, 0]).append([50, 0]).append([60, 40])
    np.testing.assert_array_equal(open_line.reverse().points, open_line.points[::-1])


def test_points_never_lie_on_their_neighbours() -> None:
    drawing = ring().move(3, ring().points[4])
    assert np.hypot(*(drawing.points[3] - drawing.points[4])) == pytest.approx(CLOSEST_M)
    one = EMPTY.append([1.0, 2.0])
    assert one.append([1.1, 2.0]) is one
    assert one.move(0, [5.0, 5.0]).points.tolist() == [[5.0, 5.0]]


def test_widths_stay_within_what_a_road_may_have() -> None:
    drawing = ring()
    wide = drawing.set_width(2, left=99.0).set_width(3, right=0.1)
    assert (wide.widths[2, 0], wide.widths[3, 1]) == (WIDEST_M, NARROWEST_M)
    np.testing.assert_array_equal(wide.widths[4:], drawing.widths[4:])
    np.testing.assert_allclose(drawing.widen(None, 0.5).widths, drawing.widths + 0.5)
    np.testing.assert_allclose(drawing.widen(1, 0.5).widths[2:], drawing.widths[2:])


def test_closing_gives_a_road_its_eight_points() -> None:
    line = EMPTY
    for point in ((0, 0), (100, 0), (120, 80), (0, 60)):
        line = line.append(point)
    closed = line.close()
    assert (closed.count, closed.closed) == (8, True)
    assert closed.track("four", "Four").length_m > 300.0
    around = line.append((0.1, 0.1)).close()
    assert around.same_as(closed)


@pytest.mark.parametrize("name", [*BUILTIN_ORDER, "random:7"])
def test_control_points_give_any_road_back_within_30_cm(name: str) -> None:
    track = load_track(name)
    drawing = drawing_of(track)
    again = drawing.track(name, name)
    assert hausdorff_distance(LinearRing(track.centre), LinearRing(again.centre)) <= STRAYS_M
    assert drawing.count <= max(0.6 * len(track.shape.points), 40)
    np.testing.assert_allclose(again.centre[0], track.centre[0], atol=0.05)


def test_a_drawing_comes_back_from_its_file_point_by_point(tmp_path: Path) -> None:
    drawing = ring(40, 300.0)
    save_track(drawing.track("ring", "Ring"), tmp_path / "ring.json")
    again = drawing_of(load_track(str(tmp_path / "ring.json")))
    np.testing.assert_array_equal(again.points, drawing.points)
    np.testing.assert_array_equal(again.widths, drawing.widths)
    assert again.start == pytest.approx(drawing.start, abs=1e-4)


def test_a_trembling_stroke_becomes_few_points_near_it() -> None:
    rng = np.random.default_rng(2)
    angle = np.linspace(0.0, 1.97 * np.pi, 500)
    path = np.column_stack([200.0 * np.cos(angle), 120.0 * np.sin(angle)])
    drawing = drawing_of_stroke(path + rng.normal(scale=0.7, size=path.shape), tolerance_m=4.0)
    assert drawing.closed
    assert 8 <= drawing.count <= 24
    assert hausdorff_distance(LinearRing(curve_of(drawing).centre[:-1]), LinearRing(path)) < 8.0
    half = drawing_of_stroke(path[:250], tolerance_m=4.0)
    assert not half.closed
    assert hausdorff_distance(LineString(curve_of(half).centre), LineString(path[:250])) < 6.0


@pytest.mark.parametrize("stroke", [np.zeros((0, 2)), np.zeros((1, 2)), np.zeros((9, 2)), np.array([[0, 0], [0.5, 0]])])
def test_a_stroke_of_no_length_is_at_most_a_point(stroke: np.ndarray) -> None:
    drawing = drawing_of_stroke(stroke, tolerance_m=2.0)
    assert drawing.count == min(len(stroke), 1)
    assert curve_of(drawing).length_m == 0.0
