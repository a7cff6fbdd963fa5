"""Contact between cars: capsules of equal mass that never overlap, whatever their speeds.

A tick has each car move in a straight line from one pose to the next. Where two capsules would meet on the way is found
by conservative advancement (Mirtich 1996): time runs on by no more than the gap between them allows, so nothing is
passed through. What follows is a nearly plastic impulse along the contact's normal, after which a car keeps what the
impulse left of its speed along its own course: tyres take the rest. Nobody is pushed over the road's edge.
"""

import numpy as np
from numba import njit

from qrace.sim.car import TICK_S
from qrace.sim.strip import overhang, walk

RESTITUTION = 0.15
"""Share of the closing speed with which cars part: bodywork gives."""
TOUCH_M = 0.01
"""A gap of this is contact …"""
CLEAR_M = 0.03
"""… and cars that were in contact are set so far apart [m]."""
EDGE_M = 0.3
"""Contact brings no car nearer to the road's edge than this [m]."""
_ROUNDS = 6
_LEAST_STEP = 0.02
"""Share of a tick by which time runs on where cars touch and part."""


@njit(cache=True, nogil=True)
def gap_between(ax, ay, ah, half_a, bx, by, bh, half_b, radius):  # type: ignore[no-untyped-def]
    """Gap [m] between the capsules of cars a and b and the unit normal (nx, ny) from a to b; negative: they overlap.

    half_a and half_b are the half lengths of the capsules' axes, radius their common radius [m].
    """
    ux, uy, vx, vy = np.cos(ah), np.sin(ah), np.cos(bh), np.sin(bh)
    rx, ry = ax - bx, ay - by
    along, a_r, b_r = ux * vx + uy * vy, ux * rx + uy * ry, vx * rx + vy * ry
    square = 1.0 - along * along
    # Nearest points of two segments (Ericson, Real-Time Collision Detection, 5.1.9), from their middles.
    s = min(max((along * b_r - a_r) / square, -half_a), half_a) if square > 1e-12 else 0.0
    t = min(max(along * s + b_r, -half_b), half_b)
    s = min(max(along * t - a_r, -half_a), half_a)
    t = min(max(along * s + b_r, -half_b), half_b)
    dx, dy = -rx + t * vx - s * ux, -ry + t * vy - s * uy
    distance = np.sqrt(dx * dx + dy * dy)
    if distance > 1e-9:
        return distance - 2.0 * radius, dx / distance, dy / distance
    centres = np.sqrt(rx * rx + ry * ry)  # the axes cross: apart along the centres, or sideways from one another
    if centres > 1e-9:
        return -2.0 * radius, -rx / centres, -ry / centres
    return -2.0 * radius, -uy, ux


@njit(cache=True, nogil=True)
def exchange(ax, ay, bx, by, nx, ny):  # type: ignore[no-untyped-def]
    """Velocities of two equal cars after an impulse along the normal from a to b; unchanged if they part already."""
    closing = (ax - bx) * nx + (ay - by) * ny
    if closing <= 0.0:
        return ax, ay, bx, by
    impulse = 0.5 * (1.0 + RESTITUTION) * closing
    return ax - impulse * nx, ay - impulse * ny, bx + impulse * nx, by + impulse * ny


@njit(cache=True, nogil=True)
def time_of_contact(before, after, half, radius, i, j):  # type: ignore[no-untyped-def]
    """Share of the tick at which cars i and j come into contact while closing, and the normal; 2.0 where they do not.

    before, after: (N, 3) x, y [m] and heading. half: (N,) of the capsules' axes [m].
    """
    dix, diy, djx, djy = _way(before, after, i, j)
    turn_i, turn_j = after[i, 2] - before[i, 2], after[j, 2] - before[j, 2]
    bound = np.hypot(dix - djx, diy - djy) + abs(turn_i) * half[i] + abs(turn_j) * half[j]
    t = 0.0 if bound > 0.0 else 2.0  # cars that do not move to one another do not meet
    while t <= 1.0:
        gap, nx, ny = gap_between(
            before[i, 0] + t * dix, before[i, 1] + t * diy, before[i, 2] + t * turn_i, half[i],
            before[j, 0] + t * djx, before[j, 1] + t * djy, before[j, 2] + t * turn_j, half[j], radius,
        )  # fmt: skip
        if gap <= TOUCH_M and (dix - djx) * nx + (diy - djy) * ny > 0.0:
            return t, nx, ny
        if gap > bound:
            return 2.0, 0.0, 0.0
        t += max(gap / bound, _LEAST_STEP) if gap <= TOUCH_M else gap / bound
    return 2.0, 0.0, 0.0


@njit(cache=True, nogil=True)
def _way(before, after, i, j):  # type: ignore[no-untyped-def]
    return (
        after[i, 0] - before[i, 0], after[i, 1] - before[i, 1], after[j, 0] - before[j, 0], after[j, 1] - before[j, 1]
    )  # fmt: skip


@njit(cache=True, nogil=True)
def collide(vertices, first, count, triangle, before, after, speed, half, radius, pairs):  # type: ignore[no-untyped-def]
    """Let the cars of a tick touch; changes `after` and `speed` in place and returns who was touched, (N,) bool.

    Args:
        vertices, first, count: the strip that all cars drive on.
        triangle: (N,) of the strip, at the poses before.
        before: (N, 3) x, y [m], heading before the tick, where no pair overlaps.
        after: the same after it; who is in a pair is on the road there.
        speed: (N,) [m/s].
        half: (N,) half lengths of the capsules' axes [m]; radius: of all [m].
        pairs: (N, N) who can touch whom, counted where the row is less than the column.
    """
    road, cars = (vertices, first, count), len(speed)
    touched, alone = np.zeros(cars, dtype=np.bool_), after.copy()
    _hit(before, after, speed, half, radius, pairs, touched)
    for n in range(cars):
        if touched[n] and not _fits(road, triangle[n], before[n], alone[n], after[n], half[n], radius):
            _keep_to_its_way(before[n], alone[n], after[n])
            if _overhang(road, triangle[n], before[n], after[n], half[n], radius)[0] > 0.0:
                after[n] = before[n]
    for _ in range(_ROUNDS):
        if not _part(road, triangle, before, after, half, radius, pairs, touched):
            return touched
    _give_way(before, after, speed, half, radius, pairs, touched)
    return touched


@njit(cache=True, nogil=True)
def _keep_to_its_way(before, alone, after):  # type: ignore[no-untyped-def]
    """As far as contact let the car come, but on the way that it went alone."""
    dx, dy = alone[0] - before[0], alone[1] - before[1]
    square = dx * dx + dy * dy
    along = (after[0] - before[0]) * dx + (after[1] - before[1]) * dy
    share = min(max(along / square, 0.0), 1.0) if square > 0.0 else 0.0
    turned = before[2] + share * (alone[2] - before[2])
    after[0], after[1], after[2] = before[0] + share * dx, before[1] + share * dy, turned


@njit(cache=True, nogil=True)
def _hit(before, after, speed, half, radius, pairs, touched):  # type: ignore[no-untyped-def]
    """Impulses in the order of time, and where the cars are at the tick's end with the velocities that they leave."""
    cars = len(speed)
    contacts = np.empty((cars * (cars - 1) // 2, 5))
    found = 0
    for i in range(cars):
        for j in range(i + 1, cars):
            if pairs[i, j]:
                t, nx, ny = time_of_contact(before, after, half, radius, i, j)
                if t <= 1.0:
                    contacts[found] = np.array([t, float(i), float(j), nx, ny])
                    found += 1
    if found == 0:
        return
    way = after[:, :2] - before[:, :2]
    course, velocity = np.empty_like(way), np.empty_like(way)
    for n in range(cars):
        metres = np.hypot(way[n, 0], way[n, 1])
        course[n] = way[n] / metres if metres > 1e-9 else np.array([np.cos(after[n, 2]), np.sin(after[n, 2])])
        velocity[n] = speed[n] * course[n]
    for c in np.argsort(contacts[:found, 0], kind="mergesort"):
        t, nx, ny = contacts[c, 0], contacts[c, 3], contacts[c, 4]
        i, j = int(contacts[c, 1]), int(contacts[c, 2])
        ax, ay, bx, by = exchange(velocity[i, 0], velocity[i, 1], velocity[j, 0], velocity[j, 1], nx, ny)
        for n, vx, vy in ((i, ax, ay), (j, bx, by)):
            rest = (1.0 - t) * TICK_S
            after[n, 0] += rest * (vx - velocity[n, 0])
            after[n, 1] += rest * (vy - velocity[n, 1])
            velocity[n, 0], velocity[n, 1] = vx, vy
            touched[n] = True
    for n in range(cars):
        if touched[n]:
            speed[n] = max(velocity[n, 0] * course[n, 0] + velocity[n, 1] * course[n, 1], 0.0)


@njit(cache=True, nogil=True)
def _fits(road, triangle, before, alone, after, half, radius):  # type: ignore[no-untyped-def]
    """Whether a car that stood at `before` may be at `after`: on the road, and no nearer to its edge than EDGE_M or
    than at `alone`; poses (3,).
    """
    beyond, close = _overhang(road, triangle, before, after, half, radius)
    if beyond > 0.0:
        return False
    return close <= 1e-9 or close <= _overhang(road, triangle, before, alone, half, radius)[1] + 1e-9


@njit(cache=True, nogil=True)
def _overhang(road, triangle, before, after, half, radius):  # type: ignore[no-untyped-def]
    """By how much a car that came from one pose to another is beyond the road's edge, and nearer to it than EDGE_M."""
    vertices, first, count = road
    fraction, k, _ = walk(
        vertices, first, count, triangle, before[0], before[1], after[0] - before[0], after[1] - before[1]
    )
    if fraction < 1.0:
        return np.inf, np.inf
    x, y, heading, length = after[0], after[1], after[2], half + radius
    return (
        overhang(vertices, first, count, k, x, y, heading, length, radius),
        overhang(vertices, first, count, k, x, y, heading, length + EDGE_M, radius + EDGE_M),
    )


@njit(cache=True, nogil=True)
def _part(road, triangle, before, after, half, radius, pairs, touched):  # type: ignore[no-untyped-def]
    """Push overlapping cars apart, each by half, or one by all where the other would leave the road."""
    cars, apart = len(half), True
    for i in range(cars):
        for j in range(i + 1, cars):
            if not pairs[i, j]:
                continue
            gap, nx, ny = _gap(after, half, radius, i, j)
            if gap >= 0.0:
                continue
            apart = False
            touched[i] = touched[j] = True
            push = CLEAR_M - gap
            for share_i in (0.5, 1.0, 0.0):
                pushed_i, pushed_j = after[i].copy(), after[j].copy()
                pushed_i[:2] -= share_i * push * np.array([nx, ny])
                pushed_j[:2] += (1.0 - share_i) * push * np.array([nx, ny])
                stays_i = share_i == 0.0 or _fits(road, triangle[i], before[i], after[i], pushed_i, half[i], radius)
                stays_j = share_i == 1.0 or _fits(road, triangle[j], before[j], after[j], pushed_j, half[j], radius)
                if stays_i and stays_j:
                    after[i], after[j] = pushed_i, pushed_j
                    break
    return not apart


@njit(cache=True, nogil=True)
def _give_way(before, after, speed, half, radius, pairs, touched):  # type: ignore[no-untyped-def]
    """What pushing does not solve: the car behind stays where it was before the tick, no faster than the one ahead.

    Where all were before, nobody overlapped; so this ends with nobody overlapping.
    """
    cars = len(speed)
    stayed = np.zeros(cars, dtype=np.bool_)
    again = True
    while again:
        again = False
        for i in range(cars):
            for j in range(i + 1, cars):
                if not pairs[i, j] or (stayed[i] and stayed[j]):
                    continue
                gap, nx, ny = _gap(after, half, radius, i, j)
                if gap >= 0.0:
                    continue
                i_is_behind = nx * np.cos(after[i, 2]) + ny * np.sin(after[i, 2]) >= 0.0
                behind = (i if i_is_behind else j) if not (stayed[i] or stayed[j]) else (j if stayed[i] else i)
                ahead = i + j - behind
                after[behind] = before[behind]
                speed[behind] = min(speed[behind], speed[ahead])
                stayed[behind] = touched[i] = touched[j] = again = True


@njit(cache=True, nogil=True)
def _gap(poses, half, radius, i, j):  # type: ignore[no-untyped-def]
    return gap_between(
        poses[i, 0], poses[i, 1], poses[i, 2], half[i], poses[j, 0], poses[j, 1], poses[j, 2], half[j], radius
    )
