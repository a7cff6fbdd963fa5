"""What most screens are: a heading, a body of widgets, a row of buttons and a line of hints, all in one language."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import pygame
from pygame_gui import UI_BUTTON_PRESSED
from pygame_gui.core import ObjectID, UIElement
from pygame_gui.elements import UIButton, UITextEntryLine

from qrace.game.keys import ModeName
from qrace.game.screens.rows import ROW, Change, Row, RowList, Take
from qrace.game.screens.shape import Shape
from qrace.game.screens.theme import PRIMARY, Gui
from qrace.view import palette
from qrace.view.help_overlay import KeyHelp, veil
from qrace.view.layout import GRID, PADDING
from qrace.view.type import HEADLINE, LABEL, STRONG

if TYPE_CHECKING:
    from qrace.game.game import Game

HEAD, FOOT = 56, 56
"""Height of what lies over and under the body [px at scale 1], as are the following."""
BUTTON = (112, 32)

CHOOSE = (KeyHelp("↑ ↓", "move"), KeyHelp("Enter", "choose"), KeyHelp("Esc", "back"))
"""Hints of a plain list."""
ENTER_KEYS = (pygame.K_RETURN, pygame.K_KP_ENTER)
STEPS = {pygame.K_UP: -1, pygame.K_DOWN: 1, pygame.K_PAGEUP: -8, pygame.K_PAGEDOWN: 8}


class Page:
    """A screen with widgets; see screen.py on how to write one.

    Attributes:
        title: the heading.
        note: a word at the heading's right end.
        stops: the widgets that Tab and the arrows go through, in order: what was added.
        pauses: whether the mode below stands still.
    """

    def __init__(
        self,
        game: "Game",
        title: str,
        shape: Shape = Shape.CARD,
        size: tuple[int, int] = (560, 480),
        hints: Sequence[KeyHelp] = CHOOSE,
        pauses: bool | None = None,
    ) -> None:
        """size: of a card, at most the window's [px at scale 1].

        pauses: when left out, a race stands still and a drive with a person at the wheel; whatever learns goes on.
        """
        self.game, self.title, self.shape, self.size, self.hints = game, title, shape, size, hints
        self.note = ""
        at_wheel = game.mode.name is ModeName.RACE or getattr(game.mode, "at_wheel", None) is not None
        self.pauses = at_wheel if pauses is None else pauses
        self.stops: list[UIElement] = []
        self._buttons: list[UIButton] = []
        self._marks: dict[int, int] = {}
        """Where the mark was in the list that is the n-th stop, from one build to the next."""
        self._focus = 0
        self._fresh = True
        """Opened in this frame: the character of the key that opened it is not for its entry line."""

    @property
    def covers(self) -> bool:
        return self.shape is Shape.FULL

    @property
    def column(self) -> int:
        return self.frame.width if self.shape is Shape.COLUMN else 0

    @property
    def gui(self) -> Gui:
        return self.game.gui

    @property
    def frame(self) -> pygame.Rect:
        """The page [px]."""
        return self.shape.frame(self.game.layout.window, self.size, self.game.type)

    @property
    def body(self) -> pygame.Rect:
        """What the heading and the buttons leave of it [px]."""
        frame, type_ = self.frame, self.game.type
        head, foot = type_.px(HEAD), type_.px(FOOT)
        return pygame.Rect(frame.left, frame.top + head, frame.width, frame.height - head - foot)

    def build(self, body: pygame.Rect) -> None:
        """Make the widgets."""

    def add(self, element: UIElement) -> None:
        """Make a widget one of those that Tab goes through."""
        self.stops.append(element)

    def add_rows(
        self,
        rect: pygame.Rect,
        rows: Sequence[Row],
        take: Take,
        change: Change | None = None,
        marked: int = 0,
        row_height: int = ROW,
        moved: Take | None = None,
    ) -> RowList:
        """A list in rect; see RowList. `marked` counts when it is built for the first time."""
        marked = self._marks.get(len(self.stops), marked)

        def later(index: int) -> None:
            self._guard(lambda: take(index))

        made = RowList(rect, self.gui.manager, self.game.type, rows, later, change, marked, row_height, moved)
        self.add(made)
        return made

    def add_button(self, text: str, press: Callable[[], object], primary: bool = False) -> UIButton:
        """A button at the bottom, left of those before; ask for the main one first."""
        type_, frame = self.game.type, self.frame
        width = max(type_.px(BUTTON[0]), type_.width(text, STRONG) + 2 * type_.px(PADDING))
        right = min((int(button.rect.left) - type_.px(GRID) for button in self._buttons), default=0)
        rect = pygame.Rect(0, 0, width, type_.px(BUTTON[1]))
        rect.right = right or frame.right - type_.px(PADDING)
        rect.centery = frame.bottom - type_.px(FOOT) // 2
        style = ObjectID(class_id=PRIMARY) if primary else None
        button = UIButton(rect, text, self.gui.manager, object_id=style, command=lambda: self._guard(press))
        self._buttons.append(button)
        self.add(button)
        return button

    def _guard(self, press: Callable[[], object]) -> None:
        """pygame_gui calls back from within its own loop over the widgets: wait until it has come out of it."""
        self.game.screens.later(press)

    def refresh(self) -> None:
        """Build anew with what is true now; marks and focus stay."""
        self.resize()

    def resize(self) -> None:
        for place, stop in enumerate(self.stops):
            if isinstance(stop, RowList):
                self._marks[place] = stop.marked
        self.gui.clear(self.game.layout.window.size, self.game.type.scale)
        self.stops, self._buttons = [], []
        self.build(self.body)
        self.focus(min(self._focus, len(self.stops) - 1))

    def close(self) -> None:
        """Nothing to end."""

    @property
    def focused(self) -> UIElement | None:
        return self.stops[self._focus] if 0 <= self._focus < len(self.stops) else None

    def focus(self, place: int) -> None:
        """Give the keyboard to a stop, by its place."""
        for stop in self.stops:
            if isinstance(stop, UIButton) and stop.is_selected:
                stop.unselect()
        self._focus = place
        focused = self.focused
        if focused is not None:
            self.gui.manager.set_focus_set(focused)
        if isinstance(focused, UIButton):
            focused.select()

    def _move_focus(self, step: int) -> None:
        if self.stops:
            self.focus((self._focus + step) % len(self.stops))

    def process_event(self, event: pygame.event.Event) -> bool:
        if event.type == pygame.TEXTINPUT and self._fresh:
            return True
        if event.type == pygame.KEYDOWN:
            return self._press(event)
        if event.type == pygame.MOUSEWHEEL:
            for stop in self.stops:
                if isinstance(stop, RowList):
                    stop.scroll(-event.y)
            return True
        down = event.type == pygame.MOUSEBUTTONDOWN and event.button == 1
        if down and self.shape is Shape.CARD and not self.frame.collidepoint(event.pos):
            self.game.back()
            return True
        used = self.gui.manager.process_events(event)
        if down:
            focused = self.gui.manager.get_focus_set() or set()
            place = next((i for i, stop in enumerate(self.stops) if stop in focused), None)
            if place is not None and not isinstance(self.stops[place], UIButton):
                self.focus(place)
        return used

    def press(self, key: int, character: str) -> bool:
        """Take a key of the screen's own; whether it was one."""
        return False

    def _press(self, event: pygame.event.Event) -> bool:
        key, stop = event.key, self.focused
        if key == pygame.K_ESCAPE:
            self.escape()
        elif key == pygame.K_TAB:
            self._move_focus(-1 if event.mod & pygame.KMOD_SHIFT else 1)
        elif isinstance(stop, UITextEntryLine) and key not in (*STEPS, *ENTER_KEYS):
            return self.gui.manager.process_events(event)
        elif self.press(key, getattr(event, "unicode", "")):
            return True
        elif key in STEPS:
            self._step(STEPS[key])
        elif key in (pygame.K_LEFT, pygame.K_RIGHT):
            self._sideways(1 if key == pygame.K_RIGHT else -1)
        elif key in ENTER_KEYS:
            self.enter()
        elif key == pygame.K_SPACE:
            self._take(stop)
        else:
            return False
        return True

    def _step(self, step: int) -> None:
        """Up or down: within a list, and from its end to what follows it."""
        stop = self.focused
        if isinstance(stop, RowList) and (stop.move(step) or abs(step) > 1):
            return
        if isinstance(stop, UIButton):
            others = [place for place, other in enumerate(self.stops) if not isinstance(other, UIButton)]
            if step < 0 and others:
                self.focus(others[-1])
        elif 0 <= self._focus + step < len(self.stops):
            self.focus(self._focus + step)

    def _sideways(self, step: int) -> None:
        stop = self.focused
        if isinstance(stop, RowList):
            stop.change(step)
        elif stop in self._buttons:
            # They were added from right to left.
            place = self._buttons.index(stop) - step
            if 0 <= place < len(self._buttons):
                self.focus(self.stops.index(self._buttons[place]))

    def escape(self) -> None:
        """Esc: one step back."""
        self.game.back()

    def enter(self) -> None:
        """Enter: take what has the focus."""
        self._take(self.focused)

    def _take(self, stop: UIElement | None) -> None:
        if isinstance(stop, RowList):
            stop.take()
        elif isinstance(stop, UIButton):
            stop.on_self_event(UI_BUTTON_PRESSED, {"mouse_button": 1})

    def update(self, dt: float, deadline: float) -> None:
        self._fresh = False
        self.gui.manager.update(dt)

    def draw(self, surface: pygame.Surface, dt: float) -> None:
        type_, frame = self.game.type, self.frame
        if self.shape is Shape.CARD:
            surface.blit(veil(surface.get_size()), (0, 0))
        pygame.draw.rect(surface, palette.PANEL, frame)
        left, right = frame.left + type_.px(PADDING), frame.right - type_.px(PADDING)
        baseline = frame.top + type_.px(34)
        room = right - left - type_.px(PADDING)
        note = type_.fit(self.note, STRONG, max(room - type_.width(self.title, HEADLINE), room // 2))
        note_start = type_.right(surface, note, STRONG.in_colour(palette.ACCENT), right, baseline)
        title = type_.fit(self.title, HEADLINE, note_start - left - type_.px(PADDING))
        type_.left(surface, title, HEADLINE, left, baseline)
        room = min((int(button.rect.left) for button in self._buttons), default=right) - type_.px(PADDING)
        self._draw_hints(surface, left, room, frame.bottom - type_.px(FOOT) // 2 + type_.px(4))
        self.gui.draw(surface)
        if isinstance(self.focused, UITextEntryLine):
            pygame.draw.rect(surface, palette.ACCENT, self.focused.rect, 1)
        if self.shape is Shape.CARD:
            pygame.draw.rect(surface, palette.RULE, frame, 1)

    def _draw_hints(self, surface: pygame.Surface, left: int, right: int, baseline: int) -> None:
        """As many as there is room for."""
        type_, gap = self.game.type, self.game.type.px(6)
        for hint in self.hints:
            if left + type_.width(hint.key, STRONG) + gap + type_.width(hint.text, LABEL) > right:
                break
            left = type_.left(surface, hint.key, STRONG, left, baseline) + gap
            left = type_.left(surface, hint.text, LABEL, left, baseline) + type_.px(PADDING)
