"""Seeded random circuits: straights and bends with real radii, closed, never running into themselves.

A random polygon gives the plan (qrace.sim.polygons). Its sharp points become hairpins; some sides grow a hairpin, a
chicane, esses or a kink (qrace.sim.road_features), unless that brings the road too close to itself; then the corners
are rounded.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from qrace.sim.corners import fit_radii, polygon_turns, round_corners, straights
from qrace.sim.polygons import clearance, random_tour, stretch_longest_side
from qrace.sim.road_features import (
    Feature,
    RoadNeeds,
    chicane,
    esses,
    hairpin,
    insert_feature,
    kink,
    round_hairpin,
    split_sharp_corners,
)
from qrace.sim.road_shape import TrackError
from qrace.sim.track import Track

Floats = NDArray[np.float64]
Range = tuple[float, float]

_BRIEFS, _ATTEMPTS_PER_BRIEF = 40, 25
"""How often a circuit is drawn anew before its brief, and in the end the style, is given up."""
_TIGHTEST_SHARE = 0.95
"""A finished bend may be this little tighter than the style's tightest: the spline and its points take some."""
_SLIGHT_TURN = np.radians(55.0)
"""Corners that turn by less than this are wide."""


@dataclass(frozen=True)
class RoadStyle:
    """What kind of circuits to build; each circuit draws its own value from each range."""

    length_m: Range = (1_000.0, 3_000.0)
    """Length of the centre line [m]."""
    width_m: Range = (9.0, 14.0)
    """Width of the road from edge to edge [m]."""
    narrowness: float = 1.0
    """1: every width of the range is as likely; n: half of the roads lie in its lowest 1 / 2 ** n."""
    unevenness: Range = (0.1, 0.1)
    """Share by which the width at a corner differs from the road's at most; it never leaves `width_m`."""
    twistiness: Range = (0.1, 0.9)
    """0: a few long sides, 1: bend upon bend."""
    elongation: Range = (1.2, 2.6)
    """Length of the circuit's plan over its breadth; long plans have long straights."""
    main_straight: Range = (0.0, 0.15)
    """Share of the circuit's plan that its longest side takes at least."""
    slowed: float = 0.0
    """Share of the circuits with a chicane in that side's second half; no other feature stands there."""
    hairpins_per_km: Range = (0.0, 1.0)
    """Legs that run out, turn back and return, besides the hairpins that the plan itself has, where there is room for
    them, which is for one of three or four [1/km]."""
    round_hairpins: float = 0.0
    """Share of those legs that turn back in one round bend; the others do in two, with hardly a straight between."""
    tightest_m: Range = (9.0, 14.0)
    """Radius of the tightest bends [m]."""
    warp: Range = (0.0, 0.0)
    """Steepness of the waves that the finished road is bent by, none where the draw is negative; see `_warp`."""


TRAINING_STYLE = RoadStyle(
    length_m=(500.0, 7_000.0),
    width_m=(8.0, 16.0),
    narrowness=2.0,
    unevenness=(0.0, 0.6),
    twistiness=(0.0, 1.0),
    elongation=(1.0, 4.0),
    main_straight=(0.0, 0.4),
    slowed=0.5,
    hairpins_per_km=(0.0, 8.0),
    round_hairpins=0.7,
    tightest_m=(9.0, 13.0),
    warp=(-0.2, 0.4),
)
"""Everything a general driver may meet: built roads, and grown ones without a true straight or a round bend. Hairpins,
long straights, chicanes at their end and narrow roads are more frequent than road builders have them, for that is where
drivers fail."""
WIDE_STYLE = replace(TRAINING_STYLE, width_m=(12.0, 22.0), narrowness=1.0)
"""The same on the widest of roads, where a hairpin's inner edge is a point: airfields, avenues."""
_WAVES, _WAVELENGTH_M = 4, (150.0, 900.0)


@dataclass(frozen=True)
class _Brief:
    """What one circuit should be like: a value from each range of the style."""

    length_m: float
    twistiness: float
    elongation: float
    main_straight: float
    hairpins_per_km: float
    round_hairpins: float
    warp: float
    needs: RoadNeeds
    unevenness: float
    slowed: bool


def generate_track(seed: int, style: RoadStyle | None = None) -> Track:
    """The circuit of a seed, named "random:SEED"; the same seed and style always give the same road.

    Raises:
        TrackError: when the style's ranges leave no room for a circuit.
    """
    style = style or RoadStyle()
    rng = np.random.default_rng(seed)
    for _ in range(_BRIEFS):
        brief = _draw_brief(rng, style)
        for _ in range(_ATTEMPTS_PER_BRIEF):
            track = _attempt(rng, seed, brief, style)
            if track is not None:
                return track
    raise TrackError(f"No circuit fits {style}; widen the length or allow narrower roads and tighter bends.")


def _draw_brief(rng: np.random.Generator, style: RoadStyle) -> _Brief:
    return _Brief(
        length_m=rng.uniform(*style.length_m),
        twistiness=rng.uniform(*style.twistiness),
        elongation=rng.uniform(*style.elongation),
        main_straight=rng.uniform(*style.main_straight),
        hairpins_per_km=rng.uniform(*style.hairpins_per_km),
        round_hairpins=style.round_hairpins,
        warp=max(0.0, rng.uniform(*style.warp)),
        needs=RoadNeeds(width_m=_draw_width(rng, style), tightest_m=rng.uniform(*style.tightest_m)),
        unevenness=_draw_unevenness(rng, *style.unevenness),
        slowed=_chance(rng, style.slowed),
    )


def _draw_width(rng: np.random.Generator, style: RoadStyle) -> float:
    low, high = style.width_m
    return low + (high - low) * rng.uniform() ** style.narrowness


def _draw_unevenness(rng: np.random.Generator, least: float, most: float) -> float:
    return least if least == most else rng.uniform(least, most)  # no draw without a choice: seeds keep their roads


def _chance(rng: np.random.Generator, share: float) -> bool:
    return share > 0.0 and rng.random() < share  # a share of 0 draws nothing: seeds keep their roads


def _attempt(rng: np.random.Generator, seed: int, brief: _Brief, style: RoadStyle) -> Track | None:
    """One draw of the circuit; None when it came too close to itself or a bend got too tight."""
    sketch = _draw_plan(rng, brief)
    if sketch is None:
        return None
    sketch = _add_features(rng, sketch, brief)
    radii = fit_radii(sketch[:, :2], sketch[:, 2])
    if radii.min() < style.tightest_m[0]:
        return None
    try:
        half_widths = _draw_half_widths(rng, len(sketch), brief, style.width_m)
        track = _build(rng, seed, sketch[:, :2], radii, half_widths, brief.warp)
    except TrackError:
        return None
    too_tight = _tightest_m(track) < _TIGHTEST_SHARE * style.tightest_m[0]
    return None if too_tight or not style.length_m[0] <= track.length_m <= style.length_m[1] else track


def _draw_plan(rng: np.random.Generator, brief: _Brief) -> Floats | None:
    """The circuit's main corners (K, 3), a random polygon whose last side is the longest: x, y, wanted radius [m]."""
    wanted = brief.length_m / 1000.0 * (1.5 + 5.5 * brief.twistiness)
    corners = int(np.clip(round(wanted) + rng.integers(2, 5), 4, 30))
    plan = random_tour(rng, corners, evenness=int(rng.integers(1, 7))) * [brief.elongation, 1.0]
    angle = rng.uniform(0.0, 2.0 * np.pi)
    plan = plan @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    plan = stretch_longest_side(plan, brief.main_straight)
    plan *= rng.uniform(0.8, 1.05) * brief.length_m / polygon_turns(plan)[1].sum()
    if rng.random() < 0.5:
        plan = plan[::-1]  # the last side stays the last
    radii = _draw_radii(rng, polygon_turns(plan)[0])
    sketch = split_sharp_corners(rng, np.column_stack([plan, radii]), brief.needs)
    if sketch is None or clearance(sketch[:, :2]) < brief.needs.apart_m:
        return None
    return sketch


def _add_features(rng: np.random.Generator, sketch: Floats, brief: _Brief) -> Floats:
    """The sketch with hairpins, chicanes, esses and kinks on some sides but the last, where there is room for them."""
    kilometres = brief.length_m / 1000.0
    features = [_hairpin(rng, brief) for _ in range(rng.poisson(kilometres * brief.hairpins_per_km))]
    smaller = rng.poisson(kilometres * 3.0 * brief.twistiness)
    features += [(chicane, esses, kink)[k] for k in rng.integers(0, 3, size=smaller)]
    for feature in features:
        sides = polygon_turns(sketch[:, :2])[1][:-1]
        side = int(rng.choice(len(sides), p=sides / sides.sum()))
        sketch = _put_on(sketch, side, feature(rng, float(sides[side]), brief.needs), brief.needs)
    return _slow_down(rng, sketch, brief.needs) if brief.slowed else sketch


def _hairpin(rng: np.random.Generator, brief: _Brief) -> Feature:
    return round_hairpin if _chance(rng, brief.round_hairpins) else hairpin


def _slow_down(rng: np.random.Generator, sketch: Floats, needs: RoadNeeds) -> Floats:
    """The sketch with a chicane in the second half of its last side, where cars have become fast."""
    half = 0.5 * float(polygon_turns(sketch[:, :2])[1][-1])
    slow = chicane(rng, half, needs)
    if slow is not None:
        slow[:, 0] += half
    return _put_on(sketch, len(sketch) - 1, slow, needs)


def _put_on(sketch: Floats, side: int, feature: Floats | None, needs: RoadNeeds) -> Floats:
    """The sketch with the feature on that side, or as it was where there is none or no room for it."""
    if feature is None:
        return sketch
    candidate = insert_feature(sketch, side, feature)
    return candidate if clearance(candidate[:, :2]) >= needs.apart_m else sketch


def _draw_radii(rng: np.random.Generator, turn: Floats) -> Floats:
    """Radii (K,) [m] for corners with these turns [rad]: tight ones, medium ones, sweepers; slight turns are wide."""
    sharp = np.abs(turn) > _SLIGHT_TURN
    tight = sharp & (rng.random(len(turn)) < 0.4)
    low, high = np.where(sharp, 25.0, 60.0), np.where(sharp, 150.0, 400.0)
    wide = np.exp(rng.uniform(np.log(low), np.log(high)))
    return np.where(tight, rng.uniform(12.0, 25.0, size=len(turn)), wide)


def _draw_half_widths(rng: np.random.Generator, count: int, brief: _Brief, allowed: Range) -> Floats:
    """Distances (count, 2) from the centre line to the left and right edge at each corner [m]."""
    share = rng.uniform(1.0 - brief.unevenness, 1.0 + brief.unevenness, size=(count, 2))
    return (0.5 * brief.needs.width_m * share).clip(0.5 * allowed[0], 0.5 * allowed[1])


def _tightest_m(track: Track) -> float:
    """Smallest radius of the centre line, from the turn between its points [m]."""
    turn = np.diff(track.heading, append=track.heading[:1])
    turn = np.abs((turn + np.pi) % (2.0 * np.pi) - np.pi)
    step = np.diff(track.arc_length, append=track.length_m)
    return float(np.min(step / np.maximum(turn, 1e-9)))


def _warp(rng: np.random.Generator, points: Floats, steepness: float) -> Floats:
    """Points (M, 2) moved by sine waves through the plane: straights sway, round bends tighten and open."""
    wavelength = np.exp(rng.uniform(np.log(_WAVELENGTH_M[0]), np.log(_WAVELENGTH_M[1]), size=_WAVES))
    towards, phase = rng.uniform(0.0, 2.0 * np.pi, size=(2, _WAVES))
    wave = 2.0 * np.pi * np.stack([np.cos(towards), np.sin(towards)]) / wavelength
    height = steepness / np.sqrt(_WAVES) * wavelength / (2.0 * np.pi) * np.sin(points @ wave + phase)
    across = rng.uniform(0.0, 2.0 * np.pi, size=_WAVES)
    return points + height @ np.stack([np.cos(across), np.sin(across)], axis=1)


def _build(
    rng: np.random.Generator, seed: int, vertices: Floats, radii: Floats, half_widths: Floats, warp: float
) -> Track:
    """Round the corners, ease the width between them, put the start line on the middle of the longest straight."""
    straight = straights(vertices, radii)
    first = int(straight.argmax())
    points, corner = round_corners(np.roll(vertices, -first, axis=0), np.roll(radii, -first))
    before = np.floor(corner).astype(int) % len(vertices)
    ease = corner % 1.0
    ease = (ease * ease * (3.0 - 2.0 * ease))[:, None]
    widths = half_widths[before] * (1.0 - ease) + half_widths[(before + 1) % len(vertices)] * ease
    return Track.from_points(
        f"random:{seed}",
        _warp(rng, points, warp),
        widths[:, 0],
        widths[:, 1],
        title=f"Random {seed}",
        description="A circuit nobody has driven before.",
        start_m=0.5 * float(straight[first]),
    )
