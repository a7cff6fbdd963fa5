"""Random circuits: the same from the same seed, sound, and of many kinds."""

import time
from dataclasses import replace

import numpy as np
import pytest
from shapely import LinearRing, LineString, Polygon

from qrace.sim.edges import strip_areas
from qrace.sim.polygons import clearance, random_tour, stretch_longest_side
from qrace.sim.track import Track, TrackError
from qrace.sim.track_files import load_track
from qrace.sim.track_generator import TRAINING_STYLE, WIDE_STYLE, RoadStyle, generate_track


@pytest.fixture(scope="module")
def circuits() -> list[Track]:
    return [generate_track(seed, TRAINING_STYLE) for seed in range(50)]


def curvature(track: Track) -> tuple[np.ndarray, np.ndarray]:
    """Turn [rad] and length [m] of each piece between two track points."""
    turn = np.diff(track.heading, append=track.heading[:1])
    return (turn + np.pi) % (2.0 * np.pi) - np.pi, np.diff(track.arc_length, append=track.length_m)


def test_tours_never_cross_themselves() -> None:
    rng = np.random.default_rng(7)
    for count in (4, 9, 25):
        for evenness in (1, 5):
            tour = random_tour(rng, count, evenness)
            assert LinearRing(tour).is_simple
            assert clearance(tour) > 0.0


def test_clearance_agrees_with_shapely() -> None:
    rng = np.random.default_rng(8)
    tour = random_tour(rng, 14, 3)
    sides = [LineString(pair) for pair in np.stack([tour, np.roll(tour, -1, axis=0)], axis=1)]
    apart = [sides[a].distance(sides[b]) for a in range(14) for b in range(14) if 3 <= (a - b) % 14 <= 11]
    assert clearance(tour) == pytest.approx(min(apart))


def test_same_seed_same_road() -> None:
    first, again, other = generate_track(11), generate_track(11), generate_track(12)
    np.testing.assert_array_equal(first.left_edge, again.left_edge)
    assert other.length_m != first.length_m
    np.testing.assert_array_equal(load_track("random:11").centre, first.centre)
    assert load_track(first.name).length_m == first.length_m


def test_roads_are_sound(circuits: list[Track]) -> None:
    for track in circuits:
        assert TRAINING_STYLE.length_m[0] <= track.length_m <= TRAINING_STYLE.length_m[1]
        assert min(areas.min() for areas in strip_areas(track.left_edge, track.right_edge)) >= -1e-9
        width = track.width_left + track.width_right
        assert width.min() >= 8.0 - 1e-6
        assert width.max() <= 16.0 + 1e-6
        turn, length = curvature(track)
        assert (length / np.abs(turn)).min() > 8.5
        assert not track.bridges


def test_edges_never_touch_themselves_or_each_other(circuits: list[Track]) -> None:
    for track in circuits:
        rings = [Polygon(edge) for edge in (track.left_edge, track.right_edge)]
        assert all(ring.is_valid for ring in rings)
        inner, outer = sorted(rings, key=lambda ring: ring.area)
        assert inner.within(outer)


def test_the_start_line_lies_on_a_straight() -> None:
    for track in (generate_track(seed) for seed in range(20)):
        turn, length = curvature(track)
        assert abs(turn[0]) / length[0] < 1e-3
        assert abs(turn[-1]) / length[-1] < 1e-3


def test_the_longest_side_takes_its_share() -> None:
    rng = np.random.default_rng(9)
    reached = []
    for share in (0.0, 0.15, 0.25):
        for _ in range(30):
            tour = stretch_longest_side(random_tour(rng, 12, 2), share)
            length = np.hypot(*(np.roll(tour, -1, axis=0) - tour).T)
            assert length[-1] == length.max()
            reached.append(length[-1] >= (share - 1e-9) * length.sum())
    assert np.mean(reached) > 0.9  # where many sides run across the cut they all grow with it


def test_training_roads_have_straights_as_long_as_real_circuits(circuits: list[Track]) -> None:
    longest = [longest_straight_m(track) for track in circuits]
    assert 200.0 < np.median(longest) < 600.0
    assert max(longest) > 1_000.0


def longest_straight_m(track: Track) -> float:
    """The longest stretch without a bend of less than 800 m radius, found by walking twice round."""
    turn, length = (np.tile(values, 2) for values in curvature(track))
    longest = straight = 0.0
    for angle, metres in zip(turn, length, strict=True):
        straight = straight + metres if abs(angle) < metres / 800.0 else 0.0
        longest = max(longest, straight)
    return longest


def test_circuits_differ_as_real_ones_do(circuits: list[Track]) -> None:
    lengths = [track.length_m for track in circuits]
    assert min(lengths) < 1_000.0
    assert max(lengths) > 4_000.0
    tightest = [np.min(length / np.abs(turn)) for turn, length in map(curvature, circuits)]
    assert min(tightest) < 11.0
    assert max(tightest) > 16.0
    clockwise = [curvature(track)[0].sum() < 0.0 for track in circuits]
    assert 10 < sum(clockwise) < 40


def test_some_long_straights_end_in_hairpins(circuits: list[Track]) -> None:
    found = 0
    for track in circuits:
        turn, length = (np.tile(values, 2) for values in curvature(track))
        station = np.cumsum(length)
        straight = 0.0
        for k in range(len(turn) // 2):
            if abs(turn[k]) / length[k] < 1 / 1500:
                straight += length[k]
                continue
            if straight > 200.0:
                bend = slice(k, np.searchsorted(station, station[k] + 90.0))
                tight = np.min(length[bend] / np.maximum(np.abs(turn[bend]), 1e-9)) < 25.0
                found += bool(abs(turn[bend].sum()) > np.radians(150.0) and tight)
            straight = 0.0
    assert found >= 5


def test_narrowness_makes_narrow_roads_common() -> None:
    """Of widths from 8 to 16 m half are drawn below 10 m instead of 12 m; not every draw gives a road."""
    widths = {}
    for narrowness in (1.0, 2.0):
        roads = (generate_track(seed, RoadStyle(width_m=(8.0, 16.0), narrowness=narrowness)) for seed in range(40))
        widths[narrowness] = [np.median(np.linalg.norm(road.left_edge - road.right_edge, axis=1)) for road in roads]
    assert np.median(widths[2.0]) == pytest.approx(np.median(widths[1.0]) - 2.0, abs=0.5)
    assert all(7.0 < width < 17.0 for width in widths[1.0] + widths[2.0])


def test_uneven_roads_widen_and_narrow_within_their_range() -> None:
    shares = {}
    for unevenness in (0.1, 0.6):
        style = RoadStyle(width_m=(8.0, 16.0), unevenness=(unevenness, unevenness))
        widths = [road.width_left + road.width_right for road in (generate_track(seed, style) for seed in range(10))]
        assert all(width.min() >= 8.0 - 1e-6 and width.max() <= 16.0 + 1e-6 for width in widths)
        shares[unevenness] = np.array([width.max() / width.min() for width in widths])
    assert shares[0.1].max() <= 1.1 / 0.9 + 1e-6
    assert np.median(shares[0.6]) > 1.4


def test_slowed_roads_have_a_chicane_where_their_longest_straight_was() -> None:
    """It cuts off the second half, or part of it."""
    style = RoadStyle(length_m=(3_000.0, 5_000.0), twistiness=(0.0, 0.2), main_straight=(0.2, 0.2))
    free, slowed = (
        [longest_straight_m(generate_track(seed, replace(style, slowed=share))) for seed in range(12)]
        for share in (0.0, 1.0)
    )
    assert np.median(slowed) < 0.8 * np.median(free)


def test_training_roads_turn_back_in_one_round_bend() -> None:
    """Through 130 degrees, tighter than 25 m all the way: on every fourth road at least, as on circuits."""

    def turns_back(track: Track) -> bool:
        turn, length = (np.tile(values, 2) for values in curvature(track))
        curved = np.where(np.abs(turn) > length / 25.0, np.sign(turn), 0.0)
        bend = np.cumsum(np.diff(curved, prepend=0.0) != 0.0)
        return np.bincount(bend, np.abs(turn) * (curved != 0.0)).max() > np.radians(130.0)

    def share(style: RoadStyle) -> float:
        return float(np.mean([turns_back(generate_track(seed, style)) for seed in range(60)]))

    turning_back = share(TRAINING_STYLE)
    assert turning_back > 0.25
    assert turning_back > 2.0 * share(replace(TRAINING_STYLE, round_hairpins=0.0))


def test_wide_roads_have_tight_bends_too() -> None:
    tight = []
    for track in (generate_track(seed, WIDE_STYLE) for seed in range(40)):
        width = track.width_left + track.width_right
        assert width.min() >= 12.0 - 1e-6 and width.max() <= 22.0 + 1e-6
        turn, length = curvature(track)
        radius = length / np.maximum(np.abs(turn), 1e-9)
        tight.append(width[radius < 13.0])
    assert np.concatenate(tight).max() > 20.0
    assert np.mean([len(widths) > 0 and widths.max() > 17.0 for widths in tight]) > 0.15


def test_seeds_keep_their_roads() -> None:
    """Lap times and limits are kept for "random:SEED"."""
    lengths = [round(generate_track(seed).length_m, 3) for seed in range(4)]
    assert lengths == [1768.135, 1496.552, 1469.217, 1099.853]


def test_a_style_without_room_says_so() -> None:
    with pytest.raises(TrackError, match="widen the length"):
        generate_track(1, RoadStyle(length_m=(120.0, 130.0), width_m=(15.0, 16.0)))


def test_generating_is_fast() -> None:
    started = time.process_time()
    for seed in range(20):
        generate_track(seed)
    assert time.process_time() - started < 3.0
