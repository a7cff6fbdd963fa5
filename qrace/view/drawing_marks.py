"""What lies on the drawing table besides the road: grid, control points, handles, signs where something is wrong."""

from collections.abc import Sequence

import numpy as np
import pygame
from numpy.typing import NDArray

from qrace.view import palette
from qrace.view.layout import GRID
from qrace.view.palette import Colour
from qrace.view.table_camera import TableCamera
from qrace.view.type import FIGURE_SMALL, WORDS, Type

Floats = NDArray[np.float64]

GRID_LEAST_PX = 56.0
"""Grid lines lie at least this far apart [px at scale 1]."""
GRID_ALPHA, GRID_STRONG_ALPHA = 16, 30
STRONG_EVERY = 5
POINT_PX, SMALL_POINT_PX, CROWDED_PX = 5.0, 3.0, 16.0
"""Radius of a control point, of one among many, and how close to each other many are [px at scale 1]."""
HANDLE_PX = 4.0
SIGN_PX = 11.0
SENTENCE_WIDTH = 264
"""[px at scale 1], as is the next."""
LINE = 18


def grid_step_m(scale: float, least_px: float) -> float:
    """The smallest of 1, 2, 5, 10, 20 … metres that is at least so many pixels at this scale [px/m]."""
    least = least_px / scale
    power = 10.0 ** np.floor(np.log10(least))
    return float(next(power * step for step in (1.0, 2.0, 5.0, 10.0) if power * step >= least * (1.0 - 1e-9)))


def draw_grid(surface: pygame.Surface, camera: TableCamera, type_: Type) -> None:
    """Faint lines at round metres, every fifth a little stronger."""
    view, step = camera.viewport, grid_step_m(camera.scale, GRID_LEAST_PX * type_.scale)
    low, high = np.sort(camera.to_world([view.topleft, view.bottomright]), axis=0)
    for axis in (0, 1):
        line = pygame.Surface((1, view.height) if axis == 0 else (view.width, 1))
        line.fill(palette.TEXT)
        for number in range(int(np.ceil(low[axis] / step)), int(np.floor(high[axis] / step)) + 1):
            line.set_alpha(GRID_ALPHA if number % STRONG_EVERY else GRID_STRONG_ALPHA)
            x, y = camera.to_screen([[number * step, number * step]])[0].tolist()
            surface.blit(line, (round(x), view.top) if axis == 0 else (view.left, round(y)))


def draw_scale(surface: pygame.Surface, camera: TableCamera, type_: Type) -> None:
    """A bar of one grid step with its length, in the view's lower left corner."""
    step = grid_step_m(camera.scale, GRID_LEAST_PX * type_.scale)
    left, bottom = camera.viewport.left + type_.px(2 * GRID), camera.viewport.bottom - type_.px(2 * GRID)
    right = left + round(step * camera.scale)
    text = f"{step / 1000:g} km" if step >= 1000.0 else f"{step:g} m"
    plate = pygame.Rect(left - type_.px(GRID), bottom - type_.px(26), right - left + type_.px(2 * GRID), type_.px(34))
    pygame.draw.rect(surface, palette.PANEL, plate, border_radius=type_.px(4))
    type_.centre(surface, text, FIGURE_SMALL, (left + right) / 2, bottom - type_.px(10))
    tick = type_.px(4)
    pygame.draw.lines(
        surface,
        palette.TEXT,
        False,
        [(left, bottom - tick), (left, bottom), (right, bottom), (right, bottom - tick)],
    )


def point_radius(pixels: Floats, scale: float) -> float:
    """Radius of the control points at (K, 2) on the window; smaller where they are many [px]."""
    if len(pixels) < 2:
        return POINT_PX * scale
    apart = float(np.median(np.hypot(*np.diff(pixels, axis=0).T)))
    return (SMALL_POINT_PX if apart < CROWDED_PX * scale else POINT_PX) * scale


def draw_points(
    surface: pygame.Surface, pixels: Floats, type_: Type, chosen: int | None, hovered: int | None, first: bool
) -> None:
    """Control points at (K, 2) on the window.

    Args:
        surface: to draw on.
        pixels: where the points are.
        type_: for the scale.
        chosen: index of the one that is worked on.
        hovered: index of the one under the pointer.
        first: mark point 0, which a click joins an open road to.
    """
    radius, marked = point_radius(pixels, type_.scale), {chosen, hovered} - {None}
    dot = _dot(radius)
    reach, view = dot.get_width() // 2, surface.get_clip()
    seen = np.all((pixels > np.array(view.topleft) - reach) & (pixels < np.array(view.bottomright) + reach), axis=1)
    corners = np.round(pixels - reach)[seen].tolist()
    surface.blits([(dot, corner) for corner in corners], doreturn=False)
    big = max(radius, POINT_PX * type_.scale) + 1.0
    for index in marked:
        place = pixels[index].tolist()
        if index == chosen:
            pygame.draw.aacircle(surface, palette.ACCENT, place, big + 4.0 * type_.scale, max(1, type_.px(2)))
        pygame.draw.aacircle(surface, palette.SHADOW, place, big + 1.5)
        pygame.draw.aacircle(surface, palette.ACCENT, place, big)
    if first:
        pygame.draw.aacircle(surface, palette.ACCENT, pixels[0].tolist(), radius + 5.0 * type_.scale, 1)


def _dot(radius: float) -> pygame.Surface:
    """A control point's picture, to be put in many places."""
    middle = int(radius + 3.0)
    image = pygame.Surface((2 * middle + 1, 2 * middle + 1), pygame.SRCALPHA)
    pygame.draw.aacircle(image, palette.SHADOW, (middle, middle), radius + 1.5)
    pygame.draw.aacircle(image, palette.TEXT, (middle, middle), radius)
    return image


def draw_width_handles(surface: pygame.Surface, left: Floats, right: Floats, type_: Type, taken: int | None) -> None:
    """A line across the road at one control point, squares to pull its edges by: 0 left, 1 right is in a hand."""
    pygame.draw.aaline(surface, palette.ACCENT, left.tolist(), right.tolist())
    for side, end in enumerate((left, right)):
        size = round(2 * HANDLE_PX * type_.scale) + (2 if side == taken else 0)
        square = pygame.Rect(0, 0, size, size)
        square.center = round(end[0]), round(end[1])
        pygame.draw.rect(surface, palette.SHADOW, square.inflate(4, 4))
        pygame.draw.rect(surface, palette.ACCENT if side == taken else palette.TEXT, square)


def draw_ghost_point(surface: pygame.Surface, pixel: tuple[float, float], type_: Type) -> None:
    """Where a click puts a new point on the road: a ring with a cross."""
    x, y, arm = *pixel, 3.0 * type_.scale
    pygame.draw.aacircle(surface, palette.SHADOW, pixel, 7.5 * type_.scale)
    pygame.draw.aacircle(surface, palette.ACCENT, pixel, 6.5 * type_.scale, max(1, type_.px(1.5)))
    pygame.draw.line(surface, palette.ACCENT, (x - arm, y), (x + arm, y))
    pygame.draw.line(surface, palette.ACCENT, (x, y - arm), (x, y + arm))


def draw_signs(
    surface: pygame.Surface,
    signs: Sequence[tuple[tuple[float, float], str, bool]],
    stage: pygame.Rect,
    type_: Type,
    pointer: tuple[int, int],
    points: Floats,
) -> None:
    """Signs at places on the window; the one under the pointer and the first of each kind with the sentence.

    Args:
        surface: to draw on.
        signs: place [px], sentence, and whether it is serious: a filled triangle, else a hollow one.
        stage: where sentences must stay.
        type_: to set them.
        pointer: where the mouse is.
        points: (K, 2) of the control points, which sentences cover as few of as they can [px].
    """
    taken: list[pygame.Rect] = []
    told: set[str] = set()
    reach = type_.px(SIGN_PX)
    for (x, y), _, serious in reversed(signs):
        _draw_sign(surface, (x, y), palette.BAD if serious else palette.WARN, type_, filled=serious)
        taken.append(pygame.Rect(round(x) - reach, round(y) - reach, 2 * reach, 2 * reach))
    for (x, y), sentence, serious in sorted(signs, key=lambda sign: not _near(sign[0], pointer, reach)):
        if not stage.collidepoint(x, y) or (sentence in told and not _near((x, y), pointer, reach)):
            continue
        lines = type_.wrap(sentence, WORDS, type_.px(SENTENCE_WIDTH))
        width = max(type_.width(line, WORDS) for line in lines) + 3 * type_.px(GRID)
        plate = pygame.Rect(0, 0, width, len(lines) * type_.px(LINE) + 2 * type_.px(GRID))
        places = _around((x, y), plate, type_.px(SIGN_PX + 6))
        free = [place for place in places if stage.contains(place) and place.collidelist(taken) < 0]
        if free:
            best = min(free, key=lambda place: _covered(place, points))
            taken.append(best)
            told.add(sentence)
            _draw_sentence(surface, best, lines, palette.BAD if serious else palette.WARN, type_)


def _around(sign: tuple[float, float], plate: pygame.Rect, away: int) -> list[pygame.Rect]:
    """Where a sentence can stand beside its sign, the nicer places first."""
    x, y = round(sign[0]), round(sign[1])
    sides = x + away, x - away - plate.width, x - plate.width // 2
    heights = y - plate.height - away // 2, y + away // 2
    beside = [pygame.Rect((left, top), plate.size) for top in heights for left in sides[:2]]
    return [*beside, *(pygame.Rect((sides[2], top), plate.size) for top in (y - plate.height - away, y + away))]


def _covered(plate: pygame.Rect, points: Floats) -> int:
    inside = (points >= plate.topleft) & (points < plate.bottomright)
    return int(np.count_nonzero(inside.all(axis=1)))


def _near(place: tuple[float, float], pointer: tuple[int, int], reach: float) -> bool:
    return abs(place[0] - pointer[0]) <= reach and abs(place[1] - pointer[1]) <= reach


def _draw_sign(
    surface: pygame.Surface, place: tuple[float, float], colour: Colour, type_: Type, *, filled: bool
) -> None:
    x, y = place
    size = SIGN_PX * type_.scale
    corners = [(x, y - size), (x + 0.95 * size, y + 0.7 * size), (x - 0.95 * size, y + 0.7 * size)]
    outer = [
        (x, y - size - 3.0),
        (x + 0.95 * size + 3.0, y + 0.7 * size + 2.0),
        (x - 0.95 * size - 3.0, y + 0.7 * size + 2.0),
    ]
    pygame.draw.polygon(surface, palette.SHADOW, outer)
    pygame.draw.polygon(surface, colour if filled else palette.PANEL, corners)
    pygame.draw.aalines(surface, colour, True, corners)
    ink = palette.PANEL if filled else colour
    pygame.draw.line(surface, ink, (x, y - 0.4 * size), (x, y + 0.15 * size), max(2, type_.px(2)))
    pygame.draw.aacircle(surface, ink, (x, y + 0.42 * size), 1.4 * type_.scale)


def _draw_sentence(surface: pygame.Surface, plate: pygame.Rect, lines: list[str], colour: Colour, type_: Type) -> None:
    pygame.draw.rect(surface, palette.PANEL, plate)
    pygame.draw.rect(surface, colour, (plate.left, plate.top, type_.px(3), plate.height))
    for row, line in enumerate(lines):
        baseline = plate.top + type_.px(GRID) + row * type_.px(LINE) + type_.px(14)
        type_.left(surface, line, WORDS, plate.left + 1.5 * type_.px(GRID), baseline)
