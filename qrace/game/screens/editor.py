"""The track editor: a drawing table beside a column of buttons."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pygame
from pygame_gui.elements import UIButton

from qrace.game.editing.builder import RoadBuilder
from qrace.game.editing.hand import Hand
from qrace.game.editing.picture import RoadPicture
from qrace.game.editing.table import NEW_TITLE, Table
from qrace.game.screens.dialogs import Ask
from qrace.game.screens.drawing_table import go_to, replace_drawing
from qrace.game.screens.editor_canvas import draw_canvas, show_all, show_place
from qrace.game.screens.editor_keys import NUDGES, EditorHelp, command_of
from qrace.game.screens.editor_mouse import WIDEN_M, EditorMouse
from qrace.game.screens.editor_panel import COLUMNS, GROUPS, WIDTH, button_rects, draw_keys, draw_panel
from qrace.game.screens.page import Page, Shape
from qrace.sim.drawing_files import check_drawn
from qrace.sim.road_checks import Checked, Problem
from qrace.sim.road_shape import TrackError
from qrace.view.drawing_marks import GRID_LEAST_PX, grid_step_m
from qrace.view.help_overlay import HintLine, KeyHelp
from qrace.view.layout import HINT_HEIGHT
from qrace.view.table_camera import TableCamera

if TYPE_CHECKING:
    from qrace.game.game import Game

LAST = (KeyHelp("F1", "all keys"), KeyHelp("Esc", "back"))
DRAWING = (
    KeyHelp("Drag", "draw"),
    KeyHelp("Click", "add a point"),
    KeyHelp("Wheel", "zoom"),
    KeyHelp("Right drag", "move the view"),
    KeyHelp("Ctrl Z", "undo"),
)
SHAPING = (
    KeyHelp("Drag", "points, start line, edges"),
    KeyHelp("Click the road", "new point"),
    KeyHelp("Del", "delete it"),
    KeyHelp("Shift wheel", "width"),
    KeyHelp("Wheel", "zoom"),
    KeyHelp("Right drag", "move the view"),
    KeyHelp("C", "next fault"),
)


class EditorScreen(Page):
    """Draws and changes what lies on the game's table.

    Attributes:
        table: the drawing and its past.
        hand: what the mouse holds.
        camera: the view of the table.
    """

    def __init__(self, game: "Game") -> None:
        super().__init__(game, "Track editor", Shape.FULL, pauses=True)
        self.table: Table = game.table
        self.camera = TableCamera(self._canvas())
        self.hand = Hand(self.table.history, self.camera)
        self._builder, self._picture, self._hint_line = RoadBuilder(), RoadPicture(), HintLine()
        self._mouse = EditorMouse(self.hand, self.camera)
        self._fault = -1
        self._faults_at: list[tuple[pygame.Rect, Problem]] = []
        self._buttons_of: dict[str, UIButton] = {}
        self._commands = self._make_commands()
        self._focus = -1  # no button, so that Enter does nothing before one is gone to
        self._fit()

    def _make_commands(self) -> dict[str, Callable[[], object]]:
        table, hand = self.table, self.hand
        return {
            "undo": lambda: table.history.undo(),
            "redo": lambda: table.history.redo(),
            "close": lambda: table.history.do(table.drawing.close()),
            "reverse": lambda: table.history.do(table.drawing.reverse()),
            "narrower": lambda: hand.widen(-WIDEN_M, everywhere=True),
            "wider": lambda: hand.widen(WIDEN_M, everywhere=True),
            "snap": self._toggle_snap,
            "fit": self._fit,
            "fault": self._next_fault,
            "delete": lambda: hand.delete(hand.chosen),
            "insert": self._insert,
            "next point": lambda: self._choose(1),
            "previous point": lambda: self._choose(-1),
            "zoom in": lambda: self.camera.zoom(1, self.camera.viewport.center),
            "zoom out": lambda: self.camera.zoom(-1, self.camera.viewport.center),
            "drive": lambda: go_to(self.game, table.road(), "drive"),
            "train": lambda: go_to(self.game, table.road(), "train"),
            "save": self._save,
            "save as": self._ask_name,
            "new": lambda: replace_drawing(self.game, table.begin),
            "help": lambda: self.game.open(EditorHelp(self.game)),
            "generate": lambda: self.game.open_named("Generate"),
        }

    def _canvas(self) -> pygame.Rect:
        window, type_ = self.game.layout.window, self.game.type
        return pygame.Rect(0, 0, window.width - type_.px(WIDTH), window.height - type_.px(HINT_HEIGHT))

    def _column(self) -> pygame.Rect:
        window, width = self.game.layout.window, self.game.type.px(WIDTH)
        return pygame.Rect(window.width - width, 0, width, window.height)

    def build(self, body: pygame.Rect) -> None:
        self.camera.resize(self._canvas())
        self.hand.scale = self.game.type.scale
        self.hand.look_again()
        rects = button_rects(self._column(), self.game.type)
        self._buttons_of = {}
        for group in GROUPS:
            for command, text in group:
                button = UIButton(rects[command], text, self.gui.manager, command=self._press_of(command))
                self._buttons_of[command] = button
                self.add(button)

    def _press_of(self, name: str) -> Callable[[], None]:
        return lambda: self._guard(lambda: self.run(name))

    def run(self, name: str) -> None:
        """Do what a button or a key asks for."""
        self.hand.let_go()
        self._commands[name]()
        self.hand.look_again()

    def begin(self) -> None:
        """Something else lies on the table: look at it whole, with an empty hand."""
        self.hand.let_go()
        self.hand.chosen = None
        self.hand.look_again()
        self._fit()

    @property
    def checked(self) -> Checked | None:
        """What is known of the drawing as it is now."""
        known = self._builder.checked
        return known if known is not None and known.drawing is self.table.drawing else None

    def finish(self) -> None:
        """Wait for the check of the drawing as it is now, and for its painted world; for tests and pictures."""
        self._builder.build(self.table.drawing)
        self._builder.finish()
        if self.checked is not None and self.checked.track is not None:
            self._picture.finish(self.checked.track, self.camera)

    def process_event(self, event: pygame.event.Event) -> bool:
        if event.type == pygame.KEYDOWN:
            return self._key(event) or super().process_event(event)
        if self._mouse.process_event(event):
            return True
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            for rect, problem in self._faults_at:
                if rect.collidepoint(event.pos):
                    show_place(self.camera, problem.place)
                    return True
        return super().process_event(event)

    def _key(self, event: pygame.event.Event) -> bool:
        if event.key == pygame.K_ESCAPE and self.hand.cancel():
            return True
        if event.key in NUDGES and self.hand.chosen is not None:
            self._nudge(event)
            return True
        name = command_of(event)
        if name is None:
            return False
        self.run(name)
        return True

    def _step(self, step: int) -> None:
        """Up or down among the buttons."""
        place = self._focus + int(np.sign(step)) * COLUMNS
        if self._focus >= 0 and 0 <= place < len(self.stops):
            self.focus(place)

    def _sideways(self, step: int) -> None:
        if self._focus >= 0 and 0 <= self._focus + step < len(self.stops):
            self.focus(self._focus + step)

    def _nudge(self, event: pygame.event.Event) -> None:
        step = self.hand.snap_m or (10.0 if event.mod & pygame.KMOD_SHIFT else 1.0)
        index, drawing = self.hand.chosen, self.table.drawing
        assert index is not None
        self.table.history.do(drawing.move(index, drawing.points[index] + np.array(NUDGES[event.key]) * step))

    def _toggle_snap(self) -> None:
        self.hand.snap_m = 0.0 if self.hand.snap_m else self._grid_m()
        self._set_texts()

    def _grid_m(self) -> float:
        return grid_step_m(self.camera.scale, GRID_LEAST_PX * self.game.type.scale) / 4.0

    def _fit(self) -> None:
        show_all(self.camera, self.hand.curve)

    def _next_fault(self) -> None:
        problems = [problem for problem in (self.checked.problems if self.checked else ()) if problem.place]
        if problems:
            self._fault = (self._fault + 1) % len(problems)
            show_place(self.camera, problems[self._fault].place)

    def _insert(self) -> None:
        drawing, chosen = self.table.drawing, self.hand.chosen
        if chosen is not None and drawing.count >= 2 and (drawing.closed or chosen + 1 < drawing.count):
            self.table.history.do(drawing.insert(chosen + 0.5))
            self.hand.chosen = chosen + 1

    def _choose(self, step: int) -> None:
        if count := self.table.drawing.count:
            self.hand.chosen = (self.hand.chosen + step) % count if self.hand.chosen is not None else 0

    def _save(self) -> None:
        if self.table.path is None:
            self._ask_name()
        else:
            self._tell_saved(self.table.save())

    def _ask_name(self) -> None:
        check_drawn(self.table.drawing)
        title = "" if self.table.title == NEW_TITLE else self.table.title
        text = "It is kept among your own tracks."
        self.game.open(Ask(self.game, "Name the track", text, "Save", self._save_as, first=title))

    def _save_as(self, title: str) -> None:
        self._tell_saved(self.table.save(title))

    def _tell_saved(self, path: Path) -> None:
        faulty = self.checked is not None and self.checked.track is None
        self.game.notices.tell(
            f"Saved as {path.name}" + (", faults and all: cars cannot use it yet." if faulty else ".")
        )

    def _set_texts(self) -> None:
        """Buttons say what they would do, and are dim where that is nothing."""
        history, drawing = self.table.history, self.table.drawing
        can = {
            "undo": history.can_undo,
            "redo": history.can_redo,
            "close": not drawing.closed and drawing.count >= 3,
            "reverse": drawing.count >= 2,
            "narrower": drawing.count > 0,
            "wider": drawing.count > 0,
            "drive": self.checked is None or self.checked.track is not None,
        }
        can["train"] = can["drive"]
        can["save"] = can["save as"] = drawing.count > 0
        for name, possible in can.items():
            button = self._buttons_of[name]
            if button.is_enabled is not possible:
                (button.enable if possible else button.disable)()
        snap = self._buttons_of["snap"]
        text = f"Snap {self.hand.snap_m:g} m" if self.hand.snap_m else "Snap to grid"
        if snap.text != text:
            snap.set_text(text)

    def update(self, dt: float, deadline: float) -> None:
        super().update(dt, deadline)
        self._builder.update()
        if self.hand.held is None:
            self._builder.build(self.table.drawing)
        checked = self.checked
        self._picture.want(checked.track if checked is not None and self.hand.held is None else None)
        self._picture.update(dt)
        self._set_texts()

    def draw(self, surface: pygame.Surface, dt: float) -> None:
        type_, checked = self.game.type, self.checked
        draw_canvas(surface, self.camera, self.table.drawing, self.hand, checked, self._picture.painter, type_)
        column = self._column()
        self._faults_at = draw_panel(surface, column, type_, self.table, self.hand, checked)
        window = self.game.layout.window
        hints = pygame.Rect(0, self.camera.viewport.bottom, column.left, window.height - self.camera.viewport.bottom)
        self._hint_line.draw(surface, hints, type_, SHAPING if self.table.drawing.closed else DRAWING, LAST)
        self.gui.draw(surface)
        draw_keys(surface, column, type_)

    def close(self) -> None:
        self.hand.cancel()
        if self.table.unsaved:
            try:
                self.table.keep_draft()
            except TrackError as error:
                self.game.notices.warn(str(error))
        self._builder.close()
        self._picture.close()
