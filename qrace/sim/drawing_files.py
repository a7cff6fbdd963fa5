"""Drawings in the files of tracks, finished or not: `load_track` reads those that make a road."""

from dataclasses import dataclass, replace
from math import dist
from pathlib import Path
from typing import Any

import numpy as np

from qrace.sim.drawing import CLOSEST_M, Drawing
from qrace.sim.road_shape import FARTHEST_M, NARROWEST_M, WIDEST_M, RoadShape, TrackError
from qrace.sim.track_files import read_text, save_shape


@dataclass(frozen=True, eq=False)
class KeptDrawing:
    """What a file holds."""

    drawing: Drawing
    title: str
    description: str


def check_drawn(drawing: Drawing) -> None:
    """Raise TrackError for a drawing without a point, which no file can hold."""
    if not drawing.count:
        raise TrackError("Nothing is drawn, so there is nothing to save: draw a road first.")


def save_drawing(kept: KeptDrawing, path: Path) -> None:
    """Write a drawing of at least one point; the file appears whole or not at all.

    Raises:
        TrackError: when it has no point or cannot be written.
    """
    drawing = kept.drawing
    check_drawn(drawing)
    left, right = drawing.widths.T
    start_m = drawing.start_m() if drawing.closed else 0.0
    shape = RoadShape(drawing.points, left, right, start_m, drawn=True)
    save_shape(shape, path, kept.title, kept.description, closed=drawing.closed)


def load_drawing(path: Path) -> KeptDrawing:
    """Read a drawing, whether it makes a road or not.

    Raises:
        TrackError: one sentence with the file, the field and the cure.
    """
    from qrace.sim.track_schema import parse_document  # pydantic takes 0.1 s to import

    text = read_text(path)
    try:
        return _parsed(parse_document(text))
    except TrackError as error:
        raise TrackError(f"{path}: {error}") from error


def _parsed(fields: dict[str, Any]) -> KeptDrawing:
    points = np.array(fields["points"], dtype=np.float64).reshape(-1, 2)
    if not np.all(np.abs(points) <= FARTHEST_M):
        raise TrackError(f"points: give metres within {FARTHEST_M:g}.")
    widths = np.empty_like(points)
    for column, side in enumerate(("width_left", "width_right")):
        given = np.asarray(fields[side], dtype=np.float64)
        if given.shape not in ((), (len(points),)):
            raise TrackError(f"{side}: give one number or one per point ({len(points)} points, {given.size} widths).")
        widths[:, column] = given.clip(NARROWEST_M, WIDEST_M)
    ring = len(points) > 3 and bool(np.array_equal(points[0], points[-1]))
    kept = _apart((points[:-1] if ring else points).tolist(), ring)
    drawing = Drawing(points[kept], widths[kept])
    if ring and len(kept) >= 3:
        drawing = replace(drawing, closed=True).with_start_m(fields["start_m"])
    return KeptDrawing(drawing.reverse() if fields["reversed"] else drawing, fields["title"], fields["description"])


def _apart(points: list[list[float]], ring: bool) -> list[int]:
    """Indices of the points, the first of them on, that lie apart from the one kept before, in a ring all round [m]."""
    kept: list[int] = []
    for k, point in enumerate(points):
        if not kept or dist(point, points[kept[-1]]) >= 0.5 * CLOSEST_M:
            kept.append(k)
    while ring and len(kept) > 1 and dist(points[kept[-1]], points[0]) < 0.5 * CLOSEST_M:
        kept.pop()
    return kept
