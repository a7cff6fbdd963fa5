"""Where a road has kerbs, and how they look: on the inside of a bend's apex and on the outside of its exit."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qrace.sim.track import Track
from qrace.view import palette
from qrace.view.display_list import Polygon
from qrace.view.road_polygons import cross_sections

Floats = NDArray[np.float64]

STEP_M = 1.0
BEND_RADIUS_M = 150.0
"""A wider curve is none that kerbs are built for."""
BEND_TURN = 0.3
"""Nor is one that turns the road by less [rad]."""
APEX_SHARE = 0.55
"""Share of a bend's length, about its sharpest part, that has a kerb inside."""
APEX_LIMITS_M = (14.0, 60.0)
EXIT_SHARE = 0.25
EXIT_LIMITS_M = (5.0, 11.0)
"""The kerb outside begins this share of the bend's length before its end, and reaches twice as far beyond it."""
WIDTH_M = 1.15
WIDTH_PX = 1.6
STRIPE_M = 2.2
STRIPE_PX = 3.5
TAPER_M = 4.0
"""Kerbs begin and end narrow."""
OVERLAP_M = 0.3
"""How far kerbs reach under the road's edge line."""


@dataclass(frozen=True)
class Kerb:
    """A kerb along one edge of the road, from `start_m` to `end_m` along the centre line [m]; may pass the start."""

    side: int
    """+1 left edge, -1 right edge."""
    start_m: float
    end_m: float


def find_kerbs(track: Track) -> list[Kerb]:
    """All kerbs of a track: inside each bend's apex and outside its exit."""
    count = max(int(track.length_m / STEP_M), 8)
    step = track.length_m / count
    s = np.arange(count) * step
    ahead, behind = (np.stack(track.pose_at(s + sign * 3.0 * STEP_M)[:2], axis=1) for sign in (1, -1))
    here = np.stack(track.pose_at(s)[:2], axis=1)
    first, second = here - behind, ahead - here
    cross = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]
    curvature = np.arctan2(cross, np.sum(first * second, axis=1)) / (3.0 * STEP_M)
    kerbs: list[Kerb] = []
    bends = list(_bends(curvature, step))
    for number, (start, end) in enumerate(bends):
        following = bends[(number + 1) % len(bends)][0] + (count if number + 1 == len(bends) else 0)
        bend = np.arange(start, end) % count
        side = 1 if curvature[bend].sum() > 0 else -1
        sharp = np.abs(curvature[bend]) ** 2
        apex = (start + float(np.average(np.arange(len(bend)), weights=sharp))) * step
        half = 0.5 * float(np.clip(APEX_SHARE * len(bend) * step, *APEX_LIMITS_M))
        kerbs.append(Kerb(side, apex - half, apex + half))
        before = float(np.clip(EXIT_SHARE * len(bend) * step, *EXIT_LIMITS_M))
        room = 0.5 * (following - end) * step
        if room > before:
            kerbs.append(Kerb(-side, end * step - before, end * step + min(2.0 * before, room)))
    return kerbs


def _bends(curvature: Floats, step: float) -> Iterator[tuple[int, int]]:
    """First index and end of each run of one sign that bends enough; the end may lie beyond the last index."""
    count = len(curvature)
    kind = np.where(np.abs(curvature) * BEND_RADIUS_M > 1.0, np.sign(curvature), 0.0)
    changes = np.flatnonzero(kind != np.roll(kind, 1))
    if len(changes) == 0:  # a circle: one bend all round
        changes = np.zeros(1, dtype=np.int64)
    for start, end in zip(changes, np.append(changes[1:], changes[0] + count), strict=True):
        turn = float(np.abs(curvature[np.arange(start, end) % count]).sum()) * step
        if kind[start] != 0.0 and turn > BEND_TURN:
            yield int(start), int(end)


def kerb_polygons(track: Track, kerbs: list[Kerb], scale: float) -> Iterator[Polygon]:
    """Red and white stripes along each kerb as they look at `scale` [px/m]; to be painted before the road."""
    width, stripe = max(WIDTH_M, WIDTH_PX / scale), max(STRIPE_M, STRIPE_PX / scale)
    for kerb in kerbs:
        outline = _outline(track, kerb, width)
        if outline is None:
            continue
        inner, outer, along = outline
        stripes = int(along[-1] / stripe) | 1  # odd: both ends are red
        borders = np.linspace(0.0, along[-1], stripes + 1)
        for number in range(stripes):
            at = np.linspace(borders[number], borders[number + 1], 4)
            a, b = (np.column_stack([np.interp(at, along, line[:, k]) for k in (0, 1)]) for line in (inner, outer))
            colour = palette.KERB_WHITE if number % 2 else palette.KERB_RED
            yield Polygon(colour, np.concatenate([a, b[::-1]]))


def _outline(track: Track, kerb: Kerb, width: float) -> tuple[Floats, Floats, Floats] | None:
    """A kerb's line under the road and its outer line, (K, 2) each [m], and the distance along it (K,) [m].

    None where the edge of a tight bend shrinks to a point, which has no room for a kerb.
    """
    s = np.linspace(kerb.start_m, kerb.end_m, max(int((kerb.end_m - kerb.start_m) / 0.4), 8))
    ribbon = cross_sections(track, s)
    edge = ribbon.left if kerb.side > 0 else ribbon.right
    step = np.hypot(*np.diff(edge, axis=0).T)
    edge = edge[np.append(step > 1e-3, True)]
    if len(edge) < 2:
        return None
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(edge, axis=0).T))])
    tangent = np.gradient(edge, along, axis=0)
    tangent /= np.maximum(np.hypot(*tangent.T), 1e-9)[:, None]
    outward = np.column_stack([-tangent[:, 1], tangent[:, 0]]) * kerb.side
    taper = np.clip(np.minimum(along, along[-1] - along) / TAPER_M, 0.0, 1.0)
    return edge - outward * OVERLAP_M, edge + outward * (width * taper * (2.0 - taper))[:, None], along
