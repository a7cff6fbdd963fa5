"""Contact between cars against mechanics on paper and shapely."""

import numpy as np
import pytest
from numpy.typing import NDArray
from shapely.geometry import LineString

from qrace.sim.car import TICK_S
from qrace.sim.contact import RESTITUTION, TOUCH_M, collide, exchange, gap_between, time_of_contact
from qrace.sim.strip import build_strips, overhang, point_on_road, walk
from qrace.sim.track import Track

Floats = NDArray[np.float64]
HALF, RADIUS = 1.75, 1.0
"""Of the grand-prix car: 5.5 m long, 2 m wide."""


def axis(pose: Floats, half: float = HALF) -> LineString:
    x, y, heading = pose
    along = half * np.array([np.cos(heading), np.sin(heading)])
    return LineString([(x - along[0], y - along[1]), (x + along[0], y + along[1])])


def gap(a: Floats, b: Floats, half_a: float = HALF, half_b: float = HALF) -> float:
    return axis(a, half_a).distance(axis(b, half_b)) - 2.0 * RADIUS


class Road:
    """A ring or a wide plain for cars to meet on."""

    def __init__(self, radius_m: float, half_width_m: float) -> None:
        angle = np.linspace(0.0, 2.0 * np.pi, 80, endpoint=False)
        points = radius_m * np.stack([np.cos(angle), np.sin(angle)], axis=1)
        self.track = Track.from_points("ring", points, half_width_m, half_width_m)
        self.strips = build_strips([self.track])
        self.strip = (self.strips.vertices, 0, int(self.strips.triangles[0]))

    def place(self, along_m: float, across: float) -> tuple[Floats, int]:
        """Pose (3,) and triangle."""
        x, y, heading, k = point_on_road(self.strip[0], self.strips.arc_length, 0, self.strip[2], along_m, across)
        return np.array([x, y, heading]), k

    def beyond(self, pose: Floats, start: Floats, triangle: int) -> float:
        fraction, k, _ = walk(*self.strip, triangle, *start[:2], *(pose - start)[:2])
        return overhang(*self.strip, k, *pose, HALF + RADIUS, RADIUS) if fraction == 1.0 else np.inf

    def collide(self, triangles: list[int], before: Floats, after: Floats, speed: Floats) -> NDArray[np.bool_]:
        cars = len(speed)
        every = np.ones((cars, cars), dtype=np.bool_)
        return collide(
            *self.strip,
            np.array(triangles),
            before,
            after,
            speed,
            np.full(cars, HALF),
            RADIUS,
            every,
        )


PLAIN = Road(4000.0, 40.0)


def meet(poses: Floats, speed: Floats, ticks: int = 1) -> tuple[Floats, Floats, list[Floats]]:
    """Drive cars straight on across the plain; returns poses, speeds and the poses after each tick."""
    origin, _ = PLAIN.place(1000.0, 0.5)
    turn = np.array([[np.cos(origin[2]), -np.sin(origin[2])], [np.sin(origin[2]), np.cos(origin[2])]])
    before = poses.copy()
    before[:, :2] = poses[:, :2] @ turn.T + origin[:2]
    before[:, 2] += origin[2]
    triangles = [walk(*PLAIN.strip, PLAIN.place(1000.0, 0.5)[1], *origin[:2], *(p - origin)[:2])[1] for p in before]
    speed, seen = speed.astype(np.float64), []
    for _ in range(ticks):
        after = before.copy()
        after[:, :2] += TICK_S * speed[:, None] * np.stack([np.cos(before[:, 2]), np.sin(before[:, 2])], axis=1)
        PLAIN.collide(triangles, before, after, speed)
        triangles = [
            walk(*PLAIN.strip, k, *b[:2], *(a - b)[:2])[1] for k, b, a in zip(triangles, before, after, strict=True)
        ]
        before = after
        seen.append(after.copy())
    back = before.copy()
    back[:, :2] = (before[:, :2] - origin[:2]) @ turn
    back[:, 2] -= origin[2]
    return back, speed, seen


def test_the_gap_of_two_capsules_is_shapelys() -> None:
    rng = np.random.default_rng(1)
    for _ in range(500):
        a, b = rng.uniform((-5, -5, -4), (5, 5, 4), (2, 3))
        half_a, half_b = rng.uniform(0.5, 2.0, 2)
        found, nx, ny = gap_between(*a, half_a, *b, half_b, RADIUS)
        assert found == pytest.approx(gap(a, b, half_a, half_b), abs=1e-9)
        assert np.hypot(nx, ny) == pytest.approx(1.0)
        if found > 0.0:  # along the normal the gap closes one to one
            moved = a + np.array([0.3 * found * nx, 0.3 * found * ny, 0.0])
            assert gap(moved, b, half_a, half_b) == pytest.approx(0.7 * found)


def test_an_impulse_conserves_momentum_loses_energy_and_is_symmetric() -> None:
    rng = np.random.default_rng(2)
    for _ in range(500):
        va, vb = rng.normal(0.0, 40.0, (2, 2))
        angle = rng.uniform(0.0, 2.0 * np.pi)
        normal = np.array([np.cos(angle), np.sin(angle)])
        after = np.array(exchange(*va, *vb, *normal)).reshape(2, 2)
        assert after.sum(axis=0) == pytest.approx(va + vb)
        assert np.sum(after**2) <= np.sum(va**2) + np.sum(vb**2) + 1e-9
        closing = (va - vb) @ normal
        parting = (after[1] - after[0]) @ normal
        assert parting == pytest.approx(RESTITUTION * closing if closing > 0.0 else -closing)
        swapped = np.array(exchange(*vb, *va, *-normal)).reshape(2, 2)
        assert swapped[::-1] == pytest.approx(after)


def test_a_car_that_runs_into_the_one_ahead_shares_its_speed_with_it() -> None:
    poses, speed, _ = meet(np.array([[0.0, 0.0, 0.0], [6.0, 0.0, 0.0]]), np.array([60.0, 40.0]))
    assert speed.sum() == pytest.approx(100.0)
    assert speed[1] - speed[0] == pytest.approx(RESTITUTION * 20.0)
    contact_s = (6.0 - 5.5 - TOUCH_M) / 20.0  # on paper: the gap over the closing speed
    rest = TICK_S - contact_s
    assert poses[0, 0] == pytest.approx(60.0 * contact_s + speed[0] * rest, abs=0.02)
    assert poses[1, 0] == pytest.approx(6.0 + 40.0 * contact_s + speed[1] * rest, abs=0.02)
    assert poses[:, 1] == pytest.approx(0.0, abs=1e-6)


def test_mirrored_cars_collide_in_mirrored_ways() -> None:
    poses = np.array([[0.0, 0.9, -0.1], [4.0, -1.4, 0.12], [6.5, 1.2, -0.05]])
    speed = np.array([70.0, 30.0, 25.0])
    found, speeds, _ = meet(poses, speed, 3)
    mirrored, mirrored_speeds, _ = meet(poses * (1.0, -1.0, -1.0), speed, 3)
    assert mirrored == pytest.approx(found * (1.0, -1.0, -1.0), abs=1e-6)
    assert mirrored_speeds == pytest.approx(speeds, abs=1e-6)
    order = [2, 0, 1]
    renamed, renamed_speeds, _ = meet(poses[order], speed[order], 1)
    once, once_speeds, _ = meet(poses, speed, 1)
    assert renamed == pytest.approx(once[order], abs=1e-6)
    assert renamed_speeds == pytest.approx(once_speeds[order], abs=1e-6)


@pytest.mark.parametrize("across", [0.0, 0.5, 1.4, 1.9])
@pytest.mark.parametrize("ahead", np.linspace(5.6, 9.8, 8))
def test_nothing_is_passed_through_at_85_metres_per_second(across: float, ahead: float) -> None:
    poses, speed, seen = meet(np.array([[0.0, 0.0, 0.0], [ahead, across, 0.0]]), np.array([85.0, 0.0]), 4)
    assert all(gap(*poses) >= -1e-6 for poses in seen)
    assert speed[0] ** 2 + speed[1] ** 2 <= 85.0**2 + 1e-6
    if across < 1.0:
        assert poses[0, 0] < poses[1, 0]


def test_a_corner_that_no_tick_sees_is_hit_in_between() -> None:
    """Both before and after the tick there is room between the cars; on the way there is none."""
    before = np.array([[0.0, 0.0, 0.0], [4.6, 3.2, -0.5 * np.pi]])
    after = before + np.array([[4.0, 0.0, 0.0], [0.0, -3.0, 0.0]])
    closest = min(
        gap(before[0] + t * (after - before)[0], before[1] + t * (after - before)[1]) for t in np.linspace(0, 1, 400)
    )
    assert closest < 0.0 < gap(*before)
    t, _, _ = time_of_contact(before, after, np.full(2, HALF), RADIUS, 0, 1)
    assert 0.0 < t < 1.0
    there = before + t * (after - before)
    assert 0.0 <= gap(*there) <= TOUCH_M + 1e-9


def test_a_crowd_on_a_narrow_ring_keeps_apart_on_the_road_and_gains_no_energy() -> None:
    road, rng = Road(80.0, 5.0), np.random.default_rng(3)
    places = [road.place(12.0 * n, 0.35 if n % 2 else 0.65) for n in range(12)]
    before, triangles = np.array([pose for pose, _ in places]), [k for _, k in places]
    touches = 0
    for _ in range(400):
        speed = rng.uniform(0.0, 85.0, 12)
        after = before.copy()
        after[:, 2] += rng.normal(0.0, 0.1, 12)
        after[:, :2] += TICK_S * speed[:, None] * np.stack([np.cos(after[:, 2]), np.sin(after[:, 2])], axis=1)
        for n in range(12):  # who would leave the road stays; the simulator would call it a crash
            if road.beyond(after[n], before[n], triangles[n]) > 0.0:
                after[n] = before[n]
                speed[n] = 0.0
        energy, alone = np.sum(speed**2), after.copy()
        touched = road.collide(triangles, before, after, speed)
        touches += int(touched.sum())
        assert np.sum(speed**2) <= energy + 1e-6
        assert np.array_equal(after[~touched], alone[~touched])
        for i in range(12):
            assert road.beyond(after[i], before[i], triangles[i]) <= 1e-9
            for j in range(i + 1, 12):
                assert gap(after[i], after[j]) >= -1e-6
        triangles = [
            walk(*road.strip, k, *b[:2], *(a - b)[:2])[1] for k, b, a in zip(triangles, before, after, strict=True)
        ]
        before = after
    assert touches > 300


def test_ghosts_touch_nobody_and_the_same_cars_collide_the_same_way() -> None:
    before, k = PLAIN.place(1000.0, 0.5)
    pair = np.array([before, before + np.array([1.0, 1.0, 0.0])])
    moved = pair + np.array([0.5, 0.5, 0.0])
    results = []
    for pairs in (np.zeros((2, 2), np.bool_), np.ones((2, 2), np.bool_), np.ones((2, 2), np.bool_)):
        after, speed = moved.copy(), np.array([20.0, 20.0])
        touched = collide(*PLAIN.strip, np.array([k, k]), pair, after, speed, np.full(2, HALF), RADIUS, pairs)
        results.append((touched.tolist(), after.tolist(), speed.tolist()))
    assert results[0] == ([False, False], moved.tolist(), [20.0, 20.0])
    assert results[1] == results[2] != results[0]
