"""What the editor shows of the drawing table: the road, what a hand can take hold of, and what is wrong."""

import numpy as np
import pygame

from qrace.game.editing.hand import Hand
from qrace.sim.curve import Curve
from qrace.sim.drawing import Drawing
from qrace.sim.road_checks import Checked, Place
from qrace.view import palette
from qrace.view.drawing_marks import (
    draw_ghost_point,
    draw_grid,
    draw_points,
    draw_scale,
    draw_signs,
    draw_width_handles,
)
from qrace.view.drawing_road import draw_direction, draw_flat_road, draw_start_line
from qrace.view.table_camera import TableCamera
from qrace.view.track_painter import TrackPainter
from qrace.view.type import HEADLINE, WORDS, Type

STROKE_PX = 3
"""[px at scale 1]"""
INVITATION = ("Draw the road's centre line", "Drag with the mouse, or click point by point.")

EMPTY_BOUNDS = (-160.0, -100.0, 160.0, 100.0)
"""What an empty table shows [m]."""
NEAR_PX_PER_M = 4.0
"""A place is looked at from at least so near."""


def show_all(camera: TableCamera, curve: Curve) -> None:
    """Look at the whole drawing."""
    if curve.length_m <= 0.0:
        camera.fit(EMPTY_BOUNDS)
        return
    edges = np.concatenate([curve.left, curve.right])
    (left, bottom), (right, top) = edges.min(axis=0).tolist(), edges.max(axis=0).tolist()
    camera.fit((left, bottom, right, top))


def show_place(camera: TableCamera, place: Place | None) -> None:
    """Look at a place, if there is one, from near."""
    if place is not None:
        x, y = place
        reach = 0.5 * min(camera.viewport.size) / NEAR_PX_PER_M
        camera.fit((x - reach, y - reach, x + reach, y + reach))


def draw_canvas(
    surface: pygame.Surface,
    camera: TableCamera,
    drawing: Drawing,
    hand: Hand,
    checked: Checked | None,
    painter: TrackPainter | None,
    type_: Type,
) -> None:
    """Draw the table.

    Args:
        surface: to draw on, within the camera's viewport.
        camera: the view.
        drawing: as it is now.
        hand: what is under the pointer and in the hand.
        checked: the faults of this drawing, None where they are not known yet.
        painter: its painted world, None while it changes.
        type_: to set words.
    """
    before = surface.get_clip()
    surface.set_clip(camera.viewport)
    curve = hand.curve
    if painter is not None:
        painter.draw(surface, camera)
        painter.draw_over(surface, camera)
    else:
        surface.fill(palette.GROUND)
        draw_flat_road(surface, camera, curve)
    draw_grid(surface, camera, type_)
    draw_direction(surface, camera, curve, type_)
    if drawing.closed:
        held = (hand.held or hand.under).kind == "start"
        ends = camera.to_screen(np.stack(hand.start_ends()))
        draw_start_line(surface, ends[0], ends[1], type_, chosen=held)
    _draw_hand(surface, camera, drawing, hand, type_)
    if checked is not None and hand.held is None:
        placed = [(problem, problem.place) for problem in checked.problems if problem.place is not None]
        pixels = camera.to_screen(np.array([place for _, place in placed]).reshape(-1, 2)).tolist()
        signs = [
            ((x, y), problem.sentence, problem.serious) for (problem, _), (x, y) in zip(placed, pixels, strict=True)
        ]
        draw_signs(surface, signs, camera.viewport, type_, hand.pointer, camera.to_screen(drawing.points))
    draw_scale(surface, camera, type_)
    if not drawing.count and not len(hand.stroke):
        _draw_invitation(surface, camera.viewport, type_)
    surface.set_clip(before)


def _draw_hand(surface: pygame.Surface, camera: TableCamera, drawing: Drawing, hand: Hand, type_: Type) -> None:
    under = hand.held or hand.under
    if hand.chosen is not None and drawing.count >= 2:
        left, right = hand.handles(hand.chosen)
        draw_width_handles(surface, left, right, type_, under.side if under.kind == "width" else None)
    if drawing.count:
        hovered = under.index if under.kind == "point" else None
        joins = not drawing.closed and drawing.count >= 3
        draw_points(surface, camera.to_screen(drawing.points), type_, hand.chosen, hovered, joins)
    if under.kind == "road" and hand.held is None:
        x, y = camera.to_screen(hand.line.evaluate(np.array([under.place]))[0])[0].tolist()
        draw_ghost_point(surface, (x, y), type_)
    if len(hand.stroke) >= 2:
        pygame.draw.lines(surface, palette.ACCENT, False, camera.to_screen(hand.stroke).tolist(), type_.px(STROKE_PX))


def _draw_invitation(surface: pygame.Surface, stage: pygame.Rect, type_: Type) -> None:
    first, second = INVITATION
    type_.centre(surface, first, HEADLINE, stage.centerx, stage.centery - type_.px(8))
    type_.centre(surface, second, WORDS.in_colour(palette.TEXT_DIM), stage.centerx, stage.centery + type_.px(16))
