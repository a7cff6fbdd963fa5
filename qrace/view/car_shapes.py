"""The two cars as seen from above: outlines in metres, nose along +x, the middle of the car at the origin."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from qrace.sim.car import CarName
from qrace.view import palette
from qrace.view.display_list import Polygon, Rgba
from qrace.view.palette import Colour, mix

Floats = NDArray[np.float64]
Points = Sequence[tuple[float, float]]
Outline = tuple[tuple[float, float], ...]

BRAKE_GLOW: tuple[Rgba, Rgba] = ((44, 9, 7, 40), (105, 24, 18, 95))
"""Premultiplied alpha, as all that is painted on a sheet."""
HALF_LENGTH_M, HALF_WIDTH_M = 3.6, 1.4
"""Everything of a car, the glow of its lights included, is nearer to its middle than this."""
BLACK: Colour = (0, 0, 0)
WHITE: Colour = (255, 255, 255)

# The lesson's car: a small coupe. Right half of each outline from the rear forward, mirrored.
COUPE_BODY: Outline = (
    (-2.5, 0.5), (-2.46, 0.82), (-2.1, 0.95), (-1.3, 0.97), (-0.5, 0.86), (0.5, 0.84), (1.0, 0.8), (1.9, 0.8),
    (2.3, 0.76), (2.48, 0.5), (2.5, 0.0),
)  # fmt: skip
COUPE_GLASS: Outline = ((-1.75, 0.0), (-1.72, 0.5), (-1.35, 0.66), (0.1, 0.7), (0.62, 0.64), (0.85, 0.35), (0.9, 0.0))
COUPE_ROOF: Outline = ((-1.4, 0.0), (-1.4, 0.52), (-1.1, 0.6), (-0.1, 0.6), (0.18, 0.52), (0.3, 0.0))
COUPE_BONNET: Outline = ((1.05, 0.0), (1.05, 0.42), (2.0, 0.34), (2.2, 0.0))
COUPE_WHEELS = ((1.45, 0.83, 0.78, 0.3), (-1.5, 0.84, 0.78, 0.3))
"""Axle, half track, diameter, width of front and rear wheels [m]."""

# The grand-prix car: an open-wheeler.
FORMULA_BODY: Outline = (
    (-2.35, 0.1), (-1.75, 0.2), (-1.2, 0.42), (-0.6, 0.66), (0.15, 0.72), (0.5, 0.62), (0.62, 0.34), (1.1, 0.28),
    (1.9, 0.19), (2.5, 0.13), (2.6, 0.0),
)  # fmt: skip
FORMULA_FLOOR: Outline = ((-2.1, 0.62), (-1.4, 0.8), (0.3, 0.8), (0.62, 0.6), (0.7, 0.2))
FORMULA_COCKPIT: Outline = ((-0.28, 0.0), (-0.2, 0.22), (0.2, 0.27), (0.62, 0.2), (0.78, 0.0))
FORMULA_FRONT_WING: Outline = ((2.2, 0.98), (2.56, 0.98), (2.75, 0.2), (2.75, 0.0), (2.45, 0.0), (2.4, 0.2))
FORMULA_WHEELS = ((1.72, 0.8, 0.68, 0.36), (-1.86, 0.77, 0.72, 0.44))

DIGITS: dict[str, list[Points]] = {
    "0": [[(0, 0.2), (0, 0.8), (0.25, 1), (0.5, 0.8), (0.5, 0.2), (0.25, 0), (0, 0.2)]],
    "1": [[(0.05, 0.78), (0.3, 1), (0.3, 0)]],
    "2": [[(0, 0.8), (0.2, 1), (0.4, 1), (0.5, 0.75), (0, 0), (0.5, 0)]],
    "3": [[(0, 1), (0.5, 1), (0.22, 0.6), (0.5, 0.4), (0.45, 0.1), (0.2, 0), (0, 0.08)]],
    "4": [[(0.38, 0), (0.38, 1), (0, 0.3), (0.55, 0.3)]],
    "5": [[(0.48, 1), (0.05, 1), (0.02, 0.55), (0.35, 0.6), (0.5, 0.35), (0.4, 0.05), (0, 0)]],
    "6": [[(0.42, 1), (0.12, 0.75), (0, 0.3), (0.15, 0), (0.38, 0), (0.5, 0.3), (0.35, 0.55), (0.05, 0.45)]],
    "7": [[(0, 1), (0.5, 1), (0.18, 0)]],
    "8": [
        [(0.25, 0.55), (0.03, 0.78), (0.25, 1), (0.47, 0.78), (0.25, 0.55)],
        [(0.25, 0.55), (0, 0.27), (0.25, 0), (0.5, 0.27), (0.25, 0.55)],
    ],
    "9": [[(0.08, 0), (0.38, 0.25), (0.5, 0.7), (0.35, 1), (0.12, 1), (0, 0.7), (0.15, 0.45), (0.45, 0.55)]],
}
"""Strokes in a box half as wide as high."""
NUMBER_PLACE: dict[CarName, tuple[float, float]] = {"lesson": (-0.55, 1.15), "grand-prix": (-0.72, 1.0)}
"""Middle of the number along the car, and its height [m]."""
STROKE = 0.17
"""Width of a digit's strokes, as a share of its height."""

PATTERNS: dict[CarName, tuple[tuple[tuple[float, float, float, float], ...], ...]] = {
    "lesson": (
        (),
        ((1.55, 0.2, 1.3, 0.14), (1.55, -0.2, 1.3, 0.14), (-2.1, 0.2, 0.5, 0.14), (-2.1, -0.2, 0.5, 0.14)),
        ((1.75, 0.0, 0.4, 1.3), (-2.1, 0.0, 0.3, 1.5)),
    ),
    "grand-prix": (
        (),
        ((1.6, 0.0, 1.5, 0.14), (-0.1, 0.5, 1.1, 0.12), (-0.1, -0.5, 1.1, 0.12)),
        ((1.5, 0.0, 0.45, 0.5), (-0.45, 0.5, 0.35, 0.34), (-0.45, -0.5, 0.35, 0.34)),
    ),
}
"""Plain, striped and banded: boxes (middle x and y, length, width) in the number's colour [m]."""


def pattern_of(livery: int) -> int:
    """Which pattern a livery has: those beyond the palette's colours have the same colours with another one."""
    return livery // len(palette.LIVERIES) % len(PATTERNS["lesson"])


def look_count() -> int:
    """How many liveries look different."""
    return len(palette.LIVERIES) * len(PATTERNS["lesson"])


def car_polygons(
    car: CarName, livery: int, number: int | None, steer: float, braking: bool, fine: bool
) -> list[Polygon]:
    """All parts of a car in painting order.

    Args:
        car: which model.
        livery: index into the palette's liveries, any integer; beyond them the colours come again, with a pattern.
        number: painted on the car; None for no number.
        steer: angle of the front wheels [rad].
        braking: whether the brake lights shine.
        fine: with all details, or only with those that show on a small picture.
    """
    body = palette.LIVERIES[livery % len(palette.LIVERIES)]
    ink = palette.LIVERY_INKS[livery % len(palette.LIVERIES)]
    polygons = list((_formula if car == "grand-prix" else _coupe)(body, steer, braking, fine))
    polygons += [Polygon(ink, _box(*box)) for box in PATTERNS[car][pattern_of(livery)]]
    if number is not None:
        polygons += [Polygon(ink, rectangle) for rectangle in _number(number, *NUMBER_PLACE[car])]
    return polygons


def _coupe(body: Colour, steer: float, braking: bool, fine: bool) -> Iterator[Polygon]:
    yield from _lights_behind(braking, -2.45, 0.55)
    yield from _wheels(COUPE_WHEELS, steer, fine)
    outline = _mirrored(COUPE_BODY)
    yield Polygon(mix(body, BLACK, 0.35), outline)
    yield Polygon(body, outline * (0.96, 0.86))
    if fine:
        yield Polygon(mix(body, WHITE, 0.22), _mirrored(COUPE_BONNET))
        for side in (-1.0, 1.0):
            yield Polygon(palette.HEADLIGHT, _box(2.27, 0.52 * side, 0.22, 0.3))
    yield Polygon(palette.GLASS, _mirrored(COUPE_GLASS))
    yield Polygon(mix(body, WHITE, 0.12), _mirrored(COUPE_ROOF))
    light = palette.BRAKE_LIGHT if braking else palette.TAIL_LIGHT
    for side in (-1.0, 1.0):
        yield Polygon(light, _box(-2.38, 0.58 * side, 0.24, 0.5))


def _formula(body: Colour, steer: float, braking: bool, fine: bool) -> Iterator[Polygon]:
    yield from _lights_behind(braking, -2.7, 0.0)
    yield Polygon(palette.CARBON, _mirrored(FORMULA_FLOOR))
    if fine:
        for axle, track, _, _ in FORMULA_WHEELS:
            for shift in (-0.22, 0.16):
                yield Polygon(palette.CARBON, _box(axle + shift, 0.0, 0.09, 2.0 * track))
    yield from _wheels(FORMULA_WHEELS, steer, fine)
    yield Polygon(mix(body, BLACK, 0.2), _mirrored(FORMULA_FRONT_WING))
    outline = _mirrored(FORMULA_BODY)
    yield Polygon(mix(body, BLACK, 0.3), outline)
    yield Polygon(body, outline * (0.98, 0.8 if fine else 1.3))
    yield Polygon(palette.CARBON, _box(-2.5, 0.0, 0.5, 1.5))
    yield Polygon(body, _box(-2.42, 0.0, 0.16, 1.3))
    if fine:
        for side in (-1.0, 1.0):
            yield Polygon(palette.CARBON, _box(2.42, 0.95 * side, 0.62, 0.1))
            yield Polygon(mix(body, BLACK, 0.2), _box(-2.5, 0.72 * side, 0.6, 0.1))
    yield Polygon(palette.GLASS, _mirrored(FORMULA_COCKPIT))
    yield Polygon(palette.HELMET, _disc(0.14, 0.0, 0.19))
    light = palette.BRAKE_LIGHT if braking else palette.TAIL_LIGHT
    yield Polygon(light, _box(-2.68, 0.0, 0.18, 0.9 if braking else 0.4))


def _lights_behind(braking: bool, x: float, spread: float) -> Iterator[Polygon]:
    """The glow of the brake lights on the road."""
    if braking:
        for radius, colour in zip((0.75, 0.5), BRAKE_GLOW, strict=True):
            for side in (-spread, spread):
                yield Polygon(colour, _disc(x - 0.1, side, radius))


@lru_cache(maxsize=128)
def _wheels(wheels: tuple[tuple[float, float, float, float], ...], steer: float, fine: bool) -> list[Polygon]:
    """Four wheels, of which the front pair, given first, is turned by `steer`."""
    cosine, sine = np.cos(steer), np.sin(steer)
    turned = np.array([[cosine, sine], [-sine, cosine]])
    polygons = []
    for (axle, track, diameter, width), turn in zip(wheels, (turned, np.eye(2)), strict=True):
        for side in (-1.0, 1.0):
            place = np.array([axle, track * side])
            polygons.append(Polygon(palette.TYRE, _box(0.0, 0.0, diameter, width) @ turn + place))
            if fine:
                polygons.append(Polygon(palette.RIM, _box(0.0, 0.0, 0.5 * diameter, 0.4 * width) @ turn + place))
    return polygons


@lru_cache(maxsize=256)
def _number(number: int, middle: float, height: float) -> list[Floats]:
    """Rectangles (4, 2) that make up the number's strokes; its top points to the nose of the car."""
    digits = str(number)
    scale = height * (1.0 if len(digits) < 3 else 2.0 / len(digits))
    advance = 0.5 + 2.0 * STROKE
    rectangles: list[Floats] = []
    begin = -0.5 * (advance * len(digits) - 2.0 * STROKE)
    for place, digit in enumerate(digits):
        for stroke in DIGITS[digit]:
            across, up = np.array(stroke, dtype=np.float64).T
            line = np.column_stack([middle + (up - 0.5) * scale, -(begin + place * advance + across) * scale])
            rectangles += _thick(line, STROKE * scale)
    return rectangles


def _thick(line: Floats, width: float) -> Iterator[Floats]:
    """Rectangles about the segments of a polyline (K, 2), a little longer than these so that the corners are filled."""
    along = np.diff(line, axis=0)
    along *= 0.5 * width / np.hypot(*along.T)[:, None]
    across = np.column_stack([-along[:, 1], along[:, 0]])
    for start, end, a, c in zip(line[:-1], line[1:], along, across, strict=True):
        yield np.array([start - a - c, end + a - c, end + a + c, start - a + c])


@lru_cache(maxsize=32)
def _mirrored(half: Outline) -> Floats:
    """A closed outline, its corners rounded, from its right half."""
    right = np.array(half, dtype=np.float64) * (1.0, -1.0)
    outline = np.concatenate([right, right[::-1] * (1.0, -1.0)])
    outline = outline[np.hypot(*(outline - np.roll(outline, 1, axis=0)).T) > 1e-9]
    following = np.roll(outline, -1, axis=0)  # Chaikin's corner cutting, once
    return np.stack([0.75 * outline + 0.25 * following, 0.25 * outline + 0.75 * following], axis=1).reshape(-1, 2)


@lru_cache(maxsize=128)
def _box(x: float, y: float, length: float, width: float) -> Floats:
    half = np.array([0.5 * length, 0.5 * width])
    return np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half + (x, y)


@lru_cache(maxsize=32)
def _disc(x: float, y: float, radius: float) -> Floats:
    angle = np.linspace(0.0, 2.0 * np.pi, 12, endpoint=False)
    return np.column_stack([x + radius * np.cos(angle), y + radius * np.sin(angle)])
