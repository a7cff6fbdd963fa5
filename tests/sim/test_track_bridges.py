"""A road may cross over itself, but not run into itself."""

import re

import numpy as np
import pytest
from shapely import LinearRing, LineString, polygonize, unary_union

from qrace.sim.bridges import MOST_BRIDGES
from qrace.sim.track import Track, TrackError
from qrace.sim.track_files import load_track


def through(points: list[tuple[float, float]], step: float = 5.0) -> np.ndarray:
    """Points every few metres along a closed polygon."""
    corners = np.array(points, dtype=float)
    sides = np.roll(corners, -1, axis=0) - corners
    return np.concatenate(
        [
            corner + side * np.linspace(0.0, 1.0, int(np.hypot(*side) / step), endpoint=False)[:, None]
            for corner, side in zip(corners, sides, strict=True)
        ]
    )


def lemniscate(half_length: float, flatness: float = 1.0) -> np.ndarray:
    t = np.linspace(0.0, 2.0 * np.pi, 48, endpoint=False)
    return half_length * np.column_stack([np.sin(t + 0.4), flatness * np.sin(t + 0.4) * np.cos(t + 0.4)])


def test_a_figure_of_eight_has_one_bridge_where_its_line_crosses() -> None:
    track = Track.from_points("eight", lemniscate(150.0), 5.0, 5.0)
    (bridge,) = track.bridges
    assert np.hypot(bridge.x, bridge.y) < 0.1
    assert 0.0 < bridge.under_m < bridge.over_m < track.length_m
    for s in (bridge.under_m, bridge.over_m):
        x, y, _ = track.pose_at(s)
        assert np.hypot(x, y) < 0.1


def test_bridges_of_the_built_in_tracks_are_the_crossings_that_shapely_finds() -> None:
    for name, count in (("eight", 1), ("clover", 3), ("kidney", 0)):
        track = load_track(name)
        assert len(track.bridges) == count
        ring = np.vstack([track.centre, track.centre[:1]])
        for bridge in track.bridges:
            halves = [
                LineString(ring[np.abs(np.append(track.arc_length, track.length_m) - s) < 30.0])
                for s in (bridge.under_m, bridge.over_m)
            ]
            crossing = halves[0].intersection(halves[1])
            np.testing.assert_allclose([crossing.x, crossing.y], [bridge.x, bridge.y], atol=1e-6)


def test_road_surfaces_overlap_only_within_the_reach_of_a_bridge() -> None:
    track = load_track("clover")
    cross_section = [LineString(pair) for pair in np.stack([track.left_edge, track.right_edge], axis=1)]
    edges = np.stack([track.left_edge, track.right_edge])
    for s, own in zip(track.arc_length, cross_section, strict=True):
        reach = [
            abs((s - where + track.length_m / 2) % track.length_m - track.length_m / 2) <= allowed
            for bridge in track.bridges
            for where, allowed in ((bridge.under_m, bridge.under_reach_m), (bridge.over_m, bridge.over_reach_m))
        ]
        if any(reach):
            continue
        for edge in edges:
            ring = LineString(np.vstack([edge, edge[:1]]))
            assert own.intersection(ring).distance(own.boundary) < 1e-6


def test_a_shallow_crossing_is_no_bridge() -> None:
    with pytest.raises(TrackError, match="runs into itself"):
        Track.from_points("flat", lemniscate(200.0, flatness=0.17), 4.0, 4.0)


def test_stretches_side_by_side_are_refused_with_both_places() -> None:
    lower = [(0, 0), (60, 0), (60, 46), (140, 46), (140, 0), (200, 0)]
    upper = [(200, 100), (140, 100), (140, 54), (60, 54), (60, 100), (0, 100)]
    with pytest.raises(TrackError) as refusal:
        Track.from_points("dumbbell", through(lower + upper), 5.0, 5.0)
    x, y, first, second = (
        float(n) for n in re.search(r"\((-?\d+), (-?\d+)\), where (\d+) m and (\d+) m", str(refusal.value)).groups()
    )
    assert 45 <= x <= 155
    assert 40 <= y <= 60
    assert 100 < first < 190
    assert 490 < second < 585


def test_a_road_that_goes_round_twice_is_refused() -> None:
    angle = np.linspace(0.0, 2.0 * np.pi, 200, endpoint=False)
    lap = 100.0 * np.column_stack([np.cos(angle), np.sin(angle)])
    with pytest.raises(TrackError):
        Track.from_points("twice", np.vstack([lap, lap]), 5.0, 5.0)
    with pytest.raises(TrackError, match="runs into itself"):
        Track.from_points("twice", np.vstack([lap, 1.03 * lap]), 5.0, 5.0)


def test_nonsense_points_are_refused_quickly() -> None:
    rng = np.random.default_rng(1)
    with pytest.raises(TrackError, match="crosses itself at more than"):
        Track.from_points("nonsense", rng.random((5_000, 2)) * 5.0, 5.0, 5.0)


def zip_road(gap_at_the_right: float) -> np.ndarray:
    """A closed road of two wavy stretches, 2 km from left to right, that come near each other before the right end."""
    x = np.linspace(0.0, 2_000.0, 401)
    apart = 60.0 - (60.0 - 0.5 * gap_at_the_right) * np.exp(-(((x - 1_800.0) / 60.0) ** 2))
    waves = np.minimum(12.0, 0.12 * np.minimum(x, 2_000.0 - x)) * np.sin(x / 12.0)
    angle = np.linspace(-np.pi / 2, np.pi / 2, 15)[1:-1]
    cap = 60.0 * np.column_stack([np.cos(angle), np.sin(angle)])
    there, back = np.column_stack([x, waves - apart]), np.column_stack([x, waves + apart])[::-1]
    return np.concatenate([there, cap + np.array([2_000.0, 0.0]), back, -cap])


def test_a_large_road_is_searched_from_end_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its cross-sections touch its edges thousands of times before the search comes to where it meets itself."""
    monkeypatch.setattr("qrace.sim.crossings._PAIRS_AT_ONCE", 2_000)
    track = Track.from_points("zip", zip_road(60.0), 4.0, 4.0)
    edges = [LinearRing(edge) for edge in (track.left_edge, track.right_edge)]
    assert edges[0].is_simple and edges[1].is_simple and not edges[0].intersects(edges[1])
    with pytest.raises(TrackError, match="runs into itself") as refusal:
        Track.from_points("zip", zip_road(5.0), 4.0, 4.0)
    assert refusal.value.place is not None and abs(refusal.value.place[0] - 1_800.0) < 60.0


def looping(loops: int) -> np.ndarray:
    """A ring of 500 m radius with so many small loops, each of which crosses itself once."""
    t = np.linspace(0.0, 2.0 * np.pi, 30 * loops, endpoint=False)
    turns = np.exp(1j * t) + 2.0 / (loops + 1) * np.exp(1j * (loops + 1) * t)
    return 500.0 * np.column_stack([turns.real, turns.imag])


@pytest.mark.parametrize("loops", [MOST_BRIDGES, MOST_BRIDGES + 1, 2 * MOST_BRIDGES])
def test_a_road_has_so_many_bridges_and_no_more(loops: int) -> None:
    points = looping(loops)
    assert len(polygonize([unary_union(LinearRing(points))]).geoms) == loops + 1
    if loops <= MOST_BRIDGES:
        assert len(Track.from_points("loops", points, 1.2, 1.2).bridges) == loops
        return
    with pytest.raises(TrackError, match=f"crosses itself at more than {MOST_BRIDGES} places"):
        Track.from_points("loops", points, 1.2, 1.2)
