"""The hand at the drawing table: what lies under the pointer, and what pressing, dragging and letting go does to it."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from qrace.game.editing.history import History
from qrace.sim.curve import Curve, curve_of
from qrace.sim.drawing import EMPTY, Drawing
from qrace.sim.drawing_fit import drawing_of_stroke
from qrace.sim.drawn_line import DrawnLine
from qrace.view.drawing_road import start_plate
from qrace.view.table_camera import TableCamera

Floats = NDArray[np.float64]
Pixel = tuple[float, float]

POINT_REACH_PX = 10.0
"""A press takes hold of what is no farther away than this [px at scale 1], as are the following."""
HANDLE_REACH_PX = 8.0
HANDLE_OUT_PX = 14.0
"""The handles of a width stand so far outside of the edge, clear of the point."""
ROAD_REACH_PX = 9.0
DRAG_PX = 4.0
"""A press that moves less is a click."""
STROKE_TOLERANCE_PX = 5.0
LEAST_TOLERANCE_M = 0.5
JOINS_PX = 18.0
"""A stroke that ends so near to the first point joins it."""


@dataclass(frozen=True)
class Target:
    """What a pixel takes hold of."""

    kind: Literal["ground", "point", "width", "start", "road"]
    index: int = 0
    """Of a point, or the point whose width it is."""
    side: int = 0
    """0 left, 1 right."""
    place: float = 0.0
    """On the road."""


GROUND = Target("ground")


class Hand:
    """Turns what a mouse does into steps of a history.

    Attributes:
        chosen: index of the control point that keys and handles work on, None for none.
        under: what lies under the pointer.
        held: what a button holds, None while it is up.
        stroke: (M, 2) the free-hand line that is being drawn, empty if none [m].
        pointer: where the mouse was last [px].
        snap_m: points go to multiples of this, 0 for anywhere [m].
    """

    def __init__(self, history: History, camera: TableCamera) -> None:
        self._history, self._camera = history, camera
        self.scale = 1.0
        self.chosen: int | None = None
        self.under: Target = GROUND
        self.held: Target | None = None
        self.stroke: Floats = np.zeros((0, 2))
        self.snap_m = 0.0
        self.pointer: tuple[int, int] = (-1, -1)
        self._pressed_at: Pixel = (0.0, 0.0)
        self._dragging = False
        self._offset = np.zeros(2)
        self._before = history.present
        self._line: DrawnLine | None = None
        self._curve: Curve = curve_of(EMPTY)
        self._curve_of = EMPTY

    @property
    def on_bare_ground(self) -> bool:
        """Whether a button is down where there is nothing to take hold of or to draw."""
        return self.held == GROUND and self._history.present.closed

    @property
    def curve(self) -> Curve:
        """The road of the drawing as it is now."""
        self._follow()
        return self._curve

    @property
    def line(self) -> DrawnLine:
        """The line through its points, of which there must be two."""
        self._follow()
        assert self._line is not None
        return self._line

    def _follow(self) -> None:
        drawing = self._history.present
        if self._curve_of is not drawing:
            self._line = drawing.line() if drawing.count >= 2 else None
            self._curve, self._curve_of = curve_of(drawing, self._line), drawing

    def section(self, index: int) -> tuple[Floats, Floats, Floats]:
        """Left edge, control point and right edge, each (2,), at one point of two or more [m]."""
        drawing = self._history.present
        first = self.line.evaluate(np.array([float(index)]))[1][0]
        normal = np.array([-first[1], first[0]]) / max(float(np.hypot(*first)), 1e-9)
        point, (left, right) = drawing.points[index], drawing.widths[index]
        return point + normal * left, point, point - normal * right

    def handles(self, index: int) -> Floats:
        """(2, 2) where the left and the right handle of a point's width are on the window [px]."""
        left, _, right = self._camera.to_screen(np.stack(self.section(index)))
        across = left - right
        out = across * (HANDLE_OUT_PX * self.scale / max(float(np.hypot(*across)), 1e-9))
        return np.stack([left + out, right - out])

    def start_ends(self) -> tuple[Floats, Floats]:
        """Left and right end (2,) of the start line [m]."""
        drawing, curve = self._history.present, self.curve
        left, right = (
            np.array([np.interp(drawing.start, curve.place, column) for column in edge.T])
            for edge in (curve.left, curve.right)
        )
        return left, right

    def find(self, pixel: Pixel) -> Target:
        """What a press at this pixel takes hold of."""
        drawing, camera, reach = self._history.present, self._camera, self.scale
        if not drawing.count:
            return GROUND
        if self.chosen is not None and drawing.count >= 2:
            for side, end in enumerate(self.handles(self.chosen)):
                if np.hypot(*(end - pixel)) <= HANDLE_REACH_PX * reach:
                    return Target("width", self.chosen, side)
        away = np.hypot(*(camera.to_screen(drawing.points) - pixel).T)
        nearest = int(away.argmin())
        if away[nearest] <= POINT_REACH_PX * reach:
            return Target("point", nearest)
        if drawing.closed and self._on_start(pixel):
            return Target("start")
        x, y = camera.to_world([pixel])[0].tolist()
        place, gap = self.curve.nearest((x, y))
        if gap * camera.scale <= ROAD_REACH_PX * reach:
            return Target("road", place=place)
        return GROUND

    def _on_start(self, pixel: Pixel) -> bool:
        """Whether a pixel lies on the start line or on its plate."""
        left, right = self._camera.to_screen(np.stack(self.start_ends()))
        along = right - left
        share = np.clip(np.dot(pixel - left, along) / max(float(along @ along), 1e-9), 0.0, 1.0)
        near = float(np.hypot(*(left + share * along - pixel))) <= HANDLE_REACH_PX * self.scale
        return near or bool(start_plate(left, right, self.scale).collidepoint(pixel))

    def hover(self, pixel: Pixel) -> None:
        """The pointer is here, with no button down."""
        self.pointer = round(pixel[0]), round(pixel[1])
        self.under = self.find(pixel)

    def press(self, pixel: Pixel) -> None:
        """The left button goes down."""
        self.under = self.held = target = self.find(pixel)
        self._pressed_at, self._dragging, self._before = pixel, False, self._history.present
        drawing, world = self._history.present, self._camera.to_world([pixel])[0]
        if target.kind == "point":
            self.chosen, self._offset = target.index, drawing.points[target.index] - world
        elif target.kind == "width":
            self._offset = np.array([drawing.widths[target.index, target.side] - self._reach(target, world)])
        elif target.kind == "road":
            inserted = drawing.insert(target.place)
            if inserted is not drawing:
                self._history.hold(inserted)
                self.chosen = int(target.place) + 1
                self.held = Target("point", self.chosen)
                self._offset = inserted.points[self.chosen] - world
        elif target.kind == "ground":
            self.chosen = None
            if not drawing.closed:
                self.stroke = world[None]

    def move(self, pixel: Pixel) -> None:
        """The pointer moves with the left button down."""
        if self.held is None:
            self.hover(pixel)
            return
        away = float(np.hypot(pixel[0] - self._pressed_at[0], pixel[1] - self._pressed_at[1]))
        self._dragging = self._dragging or away > DRAG_PX * self.scale
        if not self._dragging:
            return
        drawing, held = self._history.present, self.held
        world = self._camera.to_world([pixel])[0]
        if held.kind == "point":
            self._history.hold(drawing.move(held.index, self._snapped(world + self._offset)))
        elif held.kind == "width":
            self._history.hold(self._pulled(drawing, held, world))
        elif held.kind == "start":
            self._history.hold(drawing.set_start(self.curve.nearest((float(world[0]), float(world[1])))[0]))
        elif len(self.stroke):
            self.stroke = np.vstack([self.stroke, world])

    def _reach(self, held: Target, world: Floats) -> float:
        """How far a place lies from a control point towards one of its edges [m]."""
        left, point, _ = self.section(held.index)
        out = (left - point) / max(float(np.hypot(*(left - point))), 1e-9)
        return float((world - point) @ out) * (1.0 if held.side == 0 else -1.0)

    def _pulled(self, drawing: Drawing, held: Target, world: Floats) -> Drawing:
        reach = max(round(self._reach(held, world) + float(self._offset[0]), 1), 0.0)
        return drawing.set_width(held.index, **{("left", "right")[held.side]: reach})

    def release(self, pixel: Pixel) -> None:
        """The left button goes up: what was done becomes a step."""
        held, self.held = self.held, None
        drawing = self._history.present
        if held is None:
            return
        if held.kind == "point" and not self._dragging and held.index == 0 and not drawing.closed:
            if drawing.count >= 3:
                self._history.do(drawing.close())
        elif held.kind == "ground" and not drawing.closed:
            self._end_stroke(drawing)
        self._history.settle()
        self.stroke = np.zeros((0, 2))
        self.hover(pixel)

    def _end_stroke(self, drawing: Drawing) -> None:
        if not self._dragging:
            self._history.do(drawing.append(self._snapped(self.stroke[0])))
            self.chosen = self._history.present.count - 1
            return
        tolerance = max(STROKE_TOLERANCE_PX * self.scale / self._camera.scale, LEAST_TOLERANCE_M)
        if not drawing.count:
            self._history.do(_finished(drawing_of_stroke(self.stroke, tolerance)))
            return
        joined = np.hypot(*(self.stroke[-1] - drawing.points[0])) <= JOINS_PX * self.scale / self._camera.scale
        line = np.vstack([drawing.points[-1:], self.stroke])
        fitted = drawing_of_stroke(line, tolerance)
        for point in fitted.points[1:]:
            drawing = drawing.append(point)
        self._history.do(_finished(replace(drawing, closed=bool(joined and drawing.count >= 3))))

    def cancel(self) -> bool:
        """Give up what a button holds; returns whether there was something."""
        if self.held is None:
            return False
        self.held, self.stroke = None, np.zeros((0, 2))
        self._history.hold(self._before)
        self._history.settle()
        self.look_again()
        return True

    def let_go(self) -> None:
        """End what a button holds as it is, without the button going up: something else is about to be done."""
        self.held, self.stroke = None, np.zeros((0, 2))
        self._history.settle()

    def delete(self, index: int | None) -> None:
        """Delete a control point, if any."""
        drawing = self._history.present
        if index is not None and index < drawing.count:
            self._history.do(drawing.delete(index))
            self.chosen = None
            self.look_again()

    def widen(self, by_m: float, everywhere: bool) -> None:
        """Widen the road at the point under the pointer or else the chosen one, or everywhere [m]."""
        index = self.under.index if self.under.kind in ("point", "width") else self.chosen
        if everywhere or index is not None:
            self._history.do(self._history.present.widen(None if everywhere else index, by_m))

    def look_again(self) -> None:
        """The drawing has changed by other means: nothing is chosen that is no longer there."""
        if self.chosen is not None and self.chosen >= self._history.present.count:
            self.chosen = None
        self.under = GROUND

    def _snapped(self, world: Floats) -> Floats:
        return np.round(world / self.snap_m) * self.snap_m if self.snap_m else world


def _finished(drawing: Drawing) -> Drawing:
    return drawing.close() if drawing.closed else drawing
