"""Limits: believed after a replay, bounded by paper, kept for exactly one road."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from qrace.sim import limit as limit_module
from qrace.sim.car import CAR_MODELS, LESSON_SPEED_MAX, TICK_S, CarName, grip_limit
from qrace.sim.limit import Limit, LimitError, Run, limit_key, load_limit, save_limit
from qrace.sim.limit_find import find_limit, replay
from qrace.sim.sensors import SensorConfig
from qrace.sim.simulator import Simulator
from qrace.sim.track import Track
from qrace.sim.track_files import builtin_tracks, load_track


def ring(radius: float, half_width: float = 5.0) -> Track:
    angle = np.linspace(0.0, 2.0 * np.pi, 200, endpoint=False)
    return Track.from_points("ring", radius * np.stack([np.cos(angle), np.sin(angle)], axis=1), half_width, half_width)


RING = ring(40.0)


@pytest.fixture(scope="module")
def found() -> Callable[[CarName], Limit]:
    """The ring's limits, each searched for once."""
    kept: dict[CarName, Limit] = {}

    def find(car: CarName) -> Limit:
        if car not in kept:
            kept[car] = find_limit(RING, car)
        return kept[car]

    return find


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("QRACE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_grand_prix_on_a_circle_reaches_the_grip_on_the_inside(found: Callable[[CarName], Limit]) -> None:
    """v² / r = grip(v) on the circle 1 m (half the car) from the inner edge cannot be beaten, and nearly be reached."""
    radius = 40.0 - 5.0 + 1.0
    speed = np.sqrt(grip_limit(0.0) / (1.0 / radius - (grip_limit(1.0) - grip_limit(0.0))))
    paper_s = 2.0 * np.pi * radius / speed
    assert paper_s < found("grand-prix").limit_s < 1.02 * paper_s


def test_lesson_car_cannot_beat_the_inner_edge_at_top_speed(found: Callable[[CarName], Limit]) -> None:
    """Headings in steps of 10° make a way at most 1 / cos 5° longer; the car's length keeps it off the edge."""
    fastest_s = 2.0 * np.pi * (40.0 - 5.0 + 1.0) / LESSON_SPEED_MAX
    assert fastest_s < found("lesson").limit_s < 1.03 * fastest_s / np.cos(np.deg2rad(5.0))


@pytest.mark.parametrize("car", ["lesson", "grand-prix"])
def test_a_finer_search_changes_little_and_standing_is_slower(found: Callable[[CarName], Limit], car: CarName) -> None:
    limit = found(car)
    assert 0.0 <= limit.refined_change_pct < 0.5
    assert limit.standing_limit_s > limit.limit_s
    assert limit.percent_off(1.1 * limit.limit_s) == pytest.approx(10.0)


@pytest.mark.parametrize("car", ["lesson", "grand-prix"])
def test_runs_drive_their_times_and_never_leave_the_road(found: Callable[[CarName], Limit], car: CarName) -> None:
    limit = found(car)
    assert replay(RING, car, limit.flying) == pytest.approx(limit.limit_s, abs=1e-9)
    assert replay(RING, car, limit.standing) == pytest.approx(limit.standing_limit_s, abs=1e-9)
    into_the_wall = replace(limit.flying, controls=np.tile([-1.0, 1.0], (400, 1)))
    assert replay(RING, car, into_the_wall) is None


def test_no_follower_of_any_circle_is_faster(found: Callable[[CarName], Limit]) -> None:
    """Cars that keep to a circle at a speed, over all circles and speeds: the clean laps are slower than the limit."""
    simulator = Simulator([RING], 300, "grand-prix", SensorConfig())
    across = np.repeat(np.linspace(0.2, 0.9, 15), 20)
    speed = np.tile(np.linspace(16.0, 32.0, 20), 15)
    simulator.place(np.arange(300), np.full(300, -30.0), across=across, speed=speed)
    radius = 45.0 - 10.0 * across
    for _ in range(int(40.0 / TICK_S)):
        x, y = simulator.x, simulator.y
        beyond = np.hypot(x, y) - radius
        off = np.angle(np.exp(1j * (simulator.heading - np.arctan2(y, x) - 0.5 * np.pi)))
        bend = 1.0 / radius + 0.02 * beyond - 0.2 * off
        lock = np.arctan(3.6 * 1.08 * np.array([grip_limit(v) for v in simulator.speed]) / simulator.speed**2)
        steer = np.arctan(3.6 * bend) / np.minimum(0.42, lock)
        simulator.step(np.clip(np.stack([steer, speed - simulator.speed + 0.1], axis=1), -1.0, 1.0))
    laps_s = simulator.best_lap_s[~np.isnan(simulator.best_lap_s)]
    assert len(laps_s) > 50
    assert found("grand-prix").limit_s < laps_s.min() < 1.3 * found("grand-prix").limit_s


@pytest.mark.parametrize("car", list(CAR_MODELS))
@pytest.mark.parametrize("name", builtin_tracks())
def test_the_limits_of_the_built_in_tracks_are_kept_and_still_drive(name: str, car: CarName) -> None:
    track = load_track(name)
    limit = load_limit(track, car)
    assert limit is not None, f"python main.py reference {name} --car {car}"
    assert limit.refined_change_pct < 0.5
    assert replay(track, car, limit.flying) == pytest.approx(limit.limit_s, abs=1e-6)
    assert replay(track, car, limit.standing) == pytest.approx(limit.standing_limit_s, abs=1e-6)


def kept(track: Track) -> Limit:
    run = Run(-12.3, 0.4, 0.1, 30.0, np.array([[0.125, -1.0], [1.0, 0.333]]))
    return Limit(track.name, "lesson", 9.5, 9.9, 0.1, 2.0, run, replace(run, start_m=0.0))


def test_what_is_saved_is_read_back_to_the_last_digit(own_cache: Path) -> None:
    path = save_limit(kept(RING), RING)
    assert own_cache in path.parents
    limit = load_limit(RING, "lesson")
    assert limit is not None
    for saved, read in ((kept(RING).flying, limit.flying), (kept(RING).standing, limit.standing)):
        assert np.array_equal(saved.controls, read.controls)
        assert (saved.start_m, saved.across, saved.turned, saved.speed) == (
            read.start_m, read.across, read.turned, read.speed
        )  # fmt: skip
    assert (limit.limit_s, limit.standing_limit_s, limit.refined_change_pct) == (9.5, 9.9, 0.1)


def test_another_road_another_car_or_another_constant_has_no_limit(
    own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_limit(kept(RING), RING)
    assert load_limit(ring(40.0), "lesson") is not None
    assert load_limit(ring(40.1), "lesson") is None
    assert load_limit(ring(40.0, 5.1), "lesson") is None
    assert load_limit(RING, "grand-prix") is None
    key = limit_key(RING, "lesson")
    monkeypatch.setattr(limit_module.car_constants, "GRIP", 1.7)
    assert limit_key(RING, "lesson") != key and load_limit(RING, "lesson") is None


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"format_version": 2}', '{"format_version": 1, "key": 3}'])
def test_a_spoilt_file_is_no_limit(own_cache: Path, text: str) -> None:
    save_limit(kept(RING), RING).write_text(text)
    assert load_limit(RING, "lesson") is None


@pytest.mark.parametrize("text", ["null", '"x"', "3", "[" * 100_000, "\xff", " " * (16 * 2**20 + 1) + "{}"])
def test_what_holds_no_object_is_no_limit(own_cache: Path, text: str) -> None:
    save_limit(kept(RING), RING).write_text(text, encoding="latin-1")
    assert load_limit(RING, "lesson") is None


@pytest.mark.parametrize(
    ("part", "name", "wrong"),
    [
        (None, "limit_s", "9"),
        (None, "limit_s", 0.0),
        (None, "standing_limit_s", -1),
        (None, "seconds", True),
        (None, "limit_s", float("nan")),
        (None, "limit_s", 10**400),
        ("flying", "speed", "fast"),
        ("flying", "start_m", float("inf")),
        ("standing", "steer", [[1, 2]]),
        ("standing", "pedal", [1000]),
        ("standing", "pedal", [1000, 10**9]),
    ],
)
def test_a_limit_with_a_wrong_value_is_none(own_cache: Path, part: str | None, name: str, wrong: object) -> None:
    path = save_limit(kept(RING), RING)
    fields = json.loads(path.read_text())
    (fields if part is None else fields[part])[name] = wrong
    path.write_text(json.dumps(fields))
    assert load_limit(RING, "lesson") is None


def test_a_road_that_has_only_the_name_of_a_built_in_one_leaves_its_limit_alone(
    own_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limit_module, "LIMITS_FOLDER", tmp_path / "limits")
    oval = load_track("oval")
    shipped = save_limit(kept(oval), oval)
    assert shipped == tmp_path / "limits" / "oval.lesson.json"
    before = shipped.read_bytes()
    mine = replace(ring(80.0), name="oval")
    assert own_cache in save_limit(replace(kept(mine), limit_s=99.0), mine).parents
    assert shipped.read_bytes() == before
    read = [load_limit(track, "lesson") for track in (oval, mine)]
    assert [limit and limit.limit_s for limit in read] == [9.5, 99.0]


def test_a_file_without_its_runs_is_no_limit(own_cache: Path) -> None:
    path = save_limit(kept(RING), RING)
    fields = json.loads(path.read_text())
    del fields["flying"]["steer"]
    path.write_text(json.dumps(fields))
    assert load_limit(RING, "lesson") is None


def test_where_nothing_can_be_written_the_cure_is_told(own_cache: Path) -> None:
    own_cache.write_text("a file where the folder should be")
    with pytest.raises(LimitError, match="QRACE_CACHE"):
        save_limit(kept(RING), RING)


def test_a_road_without_a_way_round_is_told() -> None:
    narrow = ring(20.0, 1.05)
    for car in CAR_MODELS:
        with pytest.raises(LimitError, match="ring"):
            find_limit(narrow, car)
