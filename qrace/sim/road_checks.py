"""What is wrong with a drawn road, and where: sentences for the person who draws it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qrace.sim.bridges import Collision, find_collisions, sort_crossings
from qrace.sim.curve import curve_of
from qrace.sim.drawing import Drawing
from qrace.sim.edges import road_edges
from qrace.sim.road_shape import FARTHEST_M, FEWEST_POINTS, LONGEST_M, SHORTEST_M, TrackError, resample_road
from qrace.sim.track import Track

Floats = NDArray[np.float64]
Place = tuple[float, float]

TIGHTEST_M = 9.0
"""Both cars get round bends of this radius without slowing to a crawl [m]."""
TOO_NARROW_M = 6.0
"""Three cars' breadth: below this even a good driver has no line to choose [m]."""
APART_M = 20.0
"""Faults of one kind nearer to each other than this are one fault [m]."""
MOST_PLACES = 12
"""Of one kind, so many are told."""


@dataclass(frozen=True)
class Problem:
    """One fault."""

    sentence: str
    """What is wrong, and the cure."""
    place: Place | None = None
    """Where, if it is at one place [m]."""
    serious: bool = True
    """Without a cure this is no road; else it can be driven, with trouble."""


@dataclass(frozen=True, eq=False)
class Checked:
    """A drawing that was looked at."""

    drawing: Drawing
    track: Track | None
    """The road as the game builds it; None where it has a serious fault."""
    problems: tuple[Problem, ...]
    """The serious ones first."""


def check_drawing(drawing: Drawing, name: str = "drawing", title: str = "Drawing", description: str = "") -> Checked:
    """Build the road of a drawing and look for faults; the other arguments are those of the track."""
    faults = _faults_of_shape(drawing)
    if faults:
        return Checked(drawing, None, tuple(faults))
    try:
        track = drawing.track(name, title, description)
    except TrackError as error:
        return Checked(drawing, None, tuple(_faults_of_road(drawing) or [_told(error)]))
    return Checked(drawing, track, tuple(_narrow_places(track) + _tight_bends(drawing)))


def _faults_of_shape(drawing: Drawing) -> list[Problem]:
    if drawing.count < 2:
        return [Problem("There is no road yet: draw its centre line.")]
    if np.abs(drawing.points).max() > FARTHEST_M:
        return [Problem("The road goes too far: keep it within a thousand kilometres.")]
    if not drawing.closed:
        x, y = drawing.points[-1].tolist()
        return [Problem("The road is open here: close the loop.", (x, y))]
    if drawing.count < FEWEST_POINTS:
        return [
            Problem(f"A road needs at least {FEWEST_POINTS} points, this one has {drawing.count}: insert some on it.")
        ]
    length = float(drawing.line().arc()[1][-1])
    if length < SHORTEST_M:
        return [Problem(f"The road is {length:.0f} m long, too short: make it at least {SHORTEST_M:.0f} m.")]
    if length > LONGEST_M:
        return [Problem(f"The road is {length / 1000:.1f} km long, too long: keep it under {LONGEST_M / 1000:.0f} km.")]
    return []


def _faults_of_road(drawing: Drawing) -> list[Problem]:
    """Every place where the road runs into itself, or is too wide for a bend."""
    faults: list[Problem] = []
    collisions: list[Collision] = []
    try:
        centre, heading, widths = resample_road(drawing.shape())
        step = np.hypot(*(np.roll(centre, -1, axis=0) - centre).T)
        arc, length = np.concatenate([[0.0], np.cumsum(step[:-1])]), float(step.sum())
        bridges, collisions = sort_crossings(centre, arc, widths)
        left, right = road_edges(centre, heading, arc, length, widths)
        collisions += find_collisions(left, right, arc, length, bridges)
    except TrackError as error:
        faults.append(_told(error))
    places = _apart([(collision.x, collision.y) for collision in collisions])
    sentence = "The road runs into itself here: move the points apart or narrow it."
    return [Problem(sentence, place) for place in places] + faults


def _told(error: TrackError) -> Problem:
    """The fault that a road was refused for, in the editor's words."""
    if error.place is not None:
        return Problem("The road is too wide for its bend here: narrow it or widen the bend.", error.place)
    sentence = str(error).removeprefix("points: ")
    return Problem(sentence[:1].upper() + sentence[1:])


def _narrow_places(track: Track) -> list[Problem]:
    width = track.width_left + track.width_right
    return [
        Problem(f"The road is {width[k]:.1f} m wide here: make it at least {TOO_NARROW_M:.0f} m.", place, serious=False)
        for k, place in _worst(width, TOO_NARROW_M, track.centre)
    ]


def _tight_bends(drawing: Drawing) -> list[Problem]:
    curve = curve_of(drawing)
    radius, centre = curve.radius_m[:-1], curve.centre[:-1]
    cure = f"is too tight for cars at speed: widen it to {TIGHTEST_M:.0f} m."
    return [
        Problem(f"This bend of {radius[k]:.1f} m radius {cure}", place, serious=False)
        for k, place in _worst(radius, TIGHTEST_M, centre)
    ]


def _worst(values: Floats, limit: float, centre: Floats) -> list[tuple[int, Place]]:
    """Index and place of the smallest value in each stretch of a closed road where values (M,) are below the limit."""
    below = values < limit
    if not below.any():
        return []
    first = int(below.argmin())  # a sample that is not below, so that no stretch is cut in two
    order = (np.arange(len(values)) + first) % len(values)
    stretches = np.split(order, np.flatnonzero(np.diff(below[order])) + 1)
    worst = [int(stretch[values[stretch].argmin()]) for stretch in stretches if below[stretch[0]]]
    worst.sort(key=lambda k: float(values[k]))
    return [(k, (float(centre[k, 0]), float(centre[k, 1]))) for k in worst[:MOST_PLACES]]


def _apart(places: list[Place]) -> list[Place]:
    """Those of the places, the first ones first, that lie apart from one another."""
    kept: list[Place] = []
    for x, y in places:
        if all(np.hypot(x - other[0], y - other[1]) >= APART_M for other in kept):
            kept.append((x, y))
            if len(kept) == MOST_PLACES:
                break
    return kept
