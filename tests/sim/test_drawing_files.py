"""Drawings come back from their files, finished or not; hostile files get one sentence or do no harm."""

import json
import warnings
from pathlib import Path

import numpy as np
import pytest
from shapely import LinearRing, LineString, Point, hausdorff_distance

from qrace.sim.curve import curve_of
from qrace.sim.drawing import EMPTY, Drawing
from qrace.sim.drawing_files import KeptDrawing, load_drawing, save_drawing
from qrace.sim.road_checks import check_drawing
from qrace.sim.track import TrackError
from qrace.sim.track_files import load_track
from tests.sim.test_drawing import ring


def keep(drawing: Drawing, folder: Path) -> Path:
    save_drawing(KeptDrawing(drawing, "Mine", "By hand."), folder / "mine.json")
    return folder / "mine.json"


@pytest.mark.parametrize(
    "drawing",
    [
        EMPTY.append((3.25, 4.5)),
        EMPTY.append((0, 0)).append((50, 0)).append((60, 50)).set_width(1, 3.0, 9.5),
        ring(),
        ring().move(3, ring().points[8] + 1.0),
        ring(5),
    ],
)
def test_what_was_kept_comes_back(drawing: Drawing, tmp_path: Path) -> None:
    kept = load_drawing(keep(drawing, tmp_path))
    assert (kept.title, kept.description, kept.drawing.closed) == ("Mine", "By hand.", drawing.closed)
    np.testing.assert_array_equal(kept.drawing.points, drawing.points)
    np.testing.assert_array_equal(kept.drawing.widths, drawing.widths)
    assert kept.drawing.start == pytest.approx(drawing.start, abs=1e-4)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.json"]


def test_a_finished_drawing_is_a_track_and_an_unfinished_one_is_told_to_be_none(tmp_path: Path) -> None:
    track = load_track(str(keep(ring(), tmp_path)))
    np.testing.assert_array_equal(track.centre, ring().track("a", "A").centre)
    for drawing in (ring().move(3, ring().points[8] + 1.0), EMPTY.append((0, 0)).append((500, 0))):
        with pytest.raises(TrackError, match=r"mine\.json"):
            load_track(str(keep(drawing, tmp_path)))


def test_a_road_given_backwards_is_turned(tmp_path: Path) -> None:
    path = keep(ring(), tmp_path)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"reversed": True}))
    assert load_drawing(path).drawing.reverse().points.tolist() == ring().points.tolist()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"points": [[1e300, 0.0], [0.0, 0.0]]}, "within 1e"),
        ({"width_left": [1.0, 2.0]}, "width_left"),
        ({"points": "none"}, "points"),
        ({"format_version": 7}, "format_version"),
    ],
)
def test_a_hostile_file_gets_one_sentence(tmp_path: Path, changes: dict[str, object], words: str) -> None:
    path = keep(ring(), tmp_path)
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))
    with pytest.raises(TrackError, match=words) as refusal:
        load_drawing(path)
    assert "mine.json" in str(refusal.value) and "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    "points",
    [
        [],
        [[0.0, 0.0]] * 40,
        [[0.0, 0.0], [0.2, 0.0], [0.4, 0.0], [0.0, 0.0]],
        [[0.0, 0.0], [1e6, 1e6], [0.0, 0.0], [-1e6, 3.0], [0.0, 0.0]],
        [[float(k % 2), 0.0] for k in range(50)],
        np.random.default_rng(3).normal(size=(2000, 2)).tolist(),
    ],
)
def test_a_hostile_drawing_does_no_harm(tmp_path: Path, points: list[list[float]]) -> None:
    path = keep(ring(), tmp_path)
    fields = json.loads(path.read_text()) | {"points": points, "width_left": -5.0, "width_right": 1e9}
    path.write_text(json.dumps(fields))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawing = load_drawing(path).drawing
        assert np.all(np.isfinite(curve_of(drawing).centre))
        assert check_drawing(drawing).track is None


def test_of_a_road_given_densely_enough_points_stay(tmp_path: Path) -> None:
    """An ellipse by points 0.1 m apart, whose last ones lie within reach of the first."""
    angle = np.linspace(0.0, 2.0 * np.pi, 6_000)
    given = np.column_stack([100.0 * np.cos(angle), 90.0 * np.sin(angle)])
    given[-1] = given[0]
    widths = np.linspace(4.0, 6.0, len(given))
    changes = {"points": given.tolist(), "width_left": widths.tolist(), "width_right": 5.0, "start_m": 150.0}
    path = keep(ring(), tmp_path)
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))
    drawing = load_drawing(path).drawing
    gaps = np.hypot(*(np.roll(drawing.points, -1, axis=0) - drawing.points).T)
    assert drawing.closed and gaps.min() >= 0.25 and gaps.max() < 0.6
    assert hausdorff_distance(LinearRing(drawing.points), LinearRing(given)) < 0.01
    width_at = dict(zip(map(tuple, given[:-1].tolist()), widths[:-1].tolist(), strict=True))
    assert drawing.widths[:, 0].tolist() == [width_at[x, y] for x, y in drawing.points.tolist()]
    start = drawing.line().evaluate(np.array([drawing.start]))[0][0]
    assert Point(start).distance(LineString(given).interpolate(150.0)) < 0.01
