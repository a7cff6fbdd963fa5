"""The game behind the window: which mode is on, what the keys do, and what lies over the stage."""

from collections.abc import Callable
from threading import Thread
from time import perf_counter

import pygame

from qrace.errors import QRaceError
from qrace.game.bindings import Bindings
from qrace.game.commands import Commands
from qrace.game.display import Display
from qrace.game.driver_files import DriverFiles
from qrace.game.editing.table import Table
from qrace.game.hearing import Ear
from qrace.game.keys import Action, within_reach
from qrace.game.modes.drive import DriveMode
from qrace.game.modes.mode import Context, Mode
from qrace.game.modes.train import TrainMode
from qrace.game.pace import Pace
from qrace.game.preferences import Preferences
from qrace.game.race_choice import RaceChoice
from qrace.game.scene import Scene
from qrace.game.screens.drawing_table import open_dropped
from qrace.game.screens.pad import MENU_BUTTON, Pad
from qrace.game.screens.registry import NAMED
from qrace.game.screens.screen import Screen
from qrace.game.screens.stack import Screens
from qrace.game.screens.theme import Gui
from qrace.game.screens.title import TitleScreen
from qrace.game.session import Session
from qrace.game.settings import Settings, SettingsFile
from qrace.game.wheel import RELEASES
from qrace.sim.track import Track
from qrace.view.badge import draw_badge
from qrace.view.help_overlay import HintLine
from qrace.view.layout import arrange
from qrace.view.notice import Notices
from qrace.view.panel import Panel
from qrace.view.track_painter import TrackPainter
from qrace.view.type import Type

AUTOSAVE_S = 60.0
"""The brain is saved so often while one watches [s]."""


class Game:
    """Takes events, lets time pass, draws. The window around it owns the display and the clock.

    Attributes:
        mode: what is going on.
        context: the session, the scene, the pace and the notices, shared by the modes.
        screens: what lies over the mode; see screens/screen.py.
        table: what the track editor works on.
        gui: the widgets of the screen on top.
        commands: what the keys ask for.
        quit: whether the window is to close.
    """

    def __init__(
        self,
        session: Session,
        display: Display,
        painter: TrackPainter | None = None,
        settings: SettingsFile | None = None,
    ) -> None:
        """painter: of the session's track, where one is there already; settings: None for the defaults, kept nowhere.

        Both are closed with the game.
        """
        self.display = display
        chosen = settings.settings if settings is not None else Settings()
        self.layout = arrange(display.surface.get_size(), True, chosen.text_size)
        self.panel = Panel(not self.layout.overlay)
        self.layout = arrange(display.surface.get_size(), self.panel.open, chosen.text_size)
        self.type = Type(self.layout.scale)
        scene = Scene(painter or TrackPainter(session.track), self.layout.stage, self.layout.scale)
        self.context = Context(session, scene, Pace(), Notices(), self.type, chosen, Bindings(chosen.keys))
        self.mode: Mode = TrainMode(self.context)
        self.screens = Screens()
        self.gui = Gui(self.layout.window.size, self.layout.scale)
        self.table = Table()
        self.race_choice = RaceChoice(DriverFiles(session.folder))
        Thread(target=self.race_choice.racers, name="drivers", daemon=True).start()  # read before they are asked for
        self.quit = False
        self._hints, self._column, self._pad = HintLine(), 0, Pad()
        self._ear = Ear(self.context.speaker)
        self._autosave_due = perf_counter() + AUTOSAVE_S
        self.commands: Commands = Commands(self)
        self._preferences: Preferences = Preferences(self, settings)

    @property
    def session(self) -> Session:
        return self.context.session

    @property
    def settings(self) -> Settings:
        return self.context.settings

    @property
    def keys(self) -> Bindings:
        """Which key does what."""
        return self.context.bindings

    @property
    def notices(self) -> Notices:
        return self.context.notices

    @property
    def frame_s(self) -> float:
        """How long a frame is to take, 0 for as short as can be [s]."""
        return 1.0 / self.settings.frame_cap if self.settings.frame_cap else 0.0

    def change_settings(self, **changes: object) -> None:
        """Set some of the settings, by the names of their fields; they hold at once and are saved soon."""
        self._preferences.change(**changes)

    def repaint(self) -> None:
        """Paint everything anew: the palette has another scheme."""
        self.type.forget()
        self.panel, self._hints = Panel(self.panel.open), HintLine()
        self.context.scene.repaint()
        self.gui.restyle(self.type.scale)
        self.screens.resize()

    def process_event(self, event: pygame.event.Event) -> None:
        """Take one pygame event. What cannot be done is told in a notice."""
        try:
            self.context.speaker.process_event(event)
            self._keep_wheel(event)
            pressed = self._pad.key_event(event) or event
            if told := self.context.gamepads.plug(event):
                self.notices.tell(told)
            if event.type == pygame.QUIT:
                self.quit = True
            elif event.type == pygame.VIDEORESIZE:
                self.resize()
            elif event.type == pygame.DROPFILE:
                open_dropped(self, event.file)
            elif self.screens.top is not None:
                self._process_in_screen(pressed)
            elif event.type == pygame.CONTROLLERBUTTONDOWN and event.button == MENU_BUTTON:
                self.open_title()
            else:
                self._process(event)
        except QRaceError as error:
            self.notices.warn(str(error))

    def _keep_wheel(self, event: pygame.event.Event) -> None:
        """What is held is known whatever is on; a button that is pressed in a screen is for the screen alone."""
        in_screen = self.screens.top is not None
        if not (in_screen and event.type == pygame.CONTROLLERBUTTONDOWN):
            self.context.gamepads.process_event(event)
        if in_screen and event.type in RELEASES:
            self.mode.process_event(event)

    def _process_in_screen(self, event: pygame.event.Event) -> None:
        if not self.screens.process_event(event) and event.type == pygame.KEYDOWN:
            action = self.keys.action_of(event, self.mode.name)
            if action in (Action.FULL_SCREEN, Action.SCREENSHOT):
                self.commands.act(action)

    def _process(self, event: pygame.event.Event) -> None:
        if self.mode.process_event(event):
            return
        if event.type == pygame.KEYDOWN:
            action = self.keys.action_of(event, self.mode.name)
            if action is not None:
                self.commands.act(action)
        elif event.type == pygame.MOUSEBUTTONDOWN and event.button == 1 and self.layout.stage.collidepoint(event.pos):
            self.context.scene.choose_at(event.pos)
        elif event.type == pygame.MOUSEWHEEL:
            self.context.scene.camera.zoom_by(1.15**event.y)

    def enter(self, make: Callable[[Context], Mode]) -> None:
        """Leave the present mode, and all screens, for another mode.

        It is made once the old one is closed, which may change the road or wait for what is being learned.
        """
        self.close_screens()
        self.mode.close()
        self.mode = make(self.context)

    def open(self, screen: Screen) -> None:
        """Put a screen over the mode, or over the screen that is open."""
        self.screens.open(screen, self.display.surface)
        self._make_room()

    def open_named(self, name: str) -> None:
        """Open a screen of the registry, or do what its entry on the title does."""
        NAMED[name](self)

    def back(self) -> None:
        """Close the screen on top."""
        self.screens.back()
        self._make_room()

    def close_screens(self) -> None:
        """Back to the mode."""
        self.screens.clear()
        self._make_room()

    def _make_room(self) -> None:
        """The stage moves beside a column of the screens, and back; no widget outlives the last of them."""
        if self.screens.top is None:
            self.gui.clear(self.layout.window.size, self.type.scale)
        before = self._column
        self._column = self.screens.column
        if self._column != before:
            self._arrange()

    def open_title(self) -> None:
        self.open(TitleScreen(self))

    def train(self) -> None:
        self.enter(TrainMode)

    def drive(self) -> None:
        self.enter(DriveMode)

    def go_to(self, track: Track) -> None:
        """Take the brain to a road; the present mode stays on the old one until another is entered."""
        self.session.go_to(track)
        self.context.scene.change_track(track)

    def leave(self) -> None:
        """Close the window; the brain is saved first."""
        self.quit = True

    def resize(self) -> None:
        """Lay everything out anew for the size that the window has now."""
        size = self.display.surface.get_size()
        if arrange(size, True, self.settings.text_size).overlay and not self.layout.overlay:
            self.panel.open = False  # a window grown narrow has no room for it; the key shows it all the same
        self._arrange()
        self.screens.resize()

    def _arrange(self) -> None:
        size, text_size = self.display.surface.get_size(), self.settings.text_size
        self.layout = arrange(size, self.panel.open, text_size)
        self.type.set_scale(self.layout.scale)
        self.layout = arrange(size, self.panel.open, text_size, self.screens.column)
        self.context.scene.resize(self.layout.stage, self.layout.scale)

    def update(self, dt: float, deadline: float) -> None:
        """Let dt [s] pass. New steps of the world begin only before `deadline` (perf_counter time)."""
        self.notices.update(dt)
        if told := self.session.recorder.told():
            self.notices.warn(told)
        try:
            if not self.screens.pause:
                self.mode.update(dt, deadline)
            self.screens.update(dt, deadline)
            self.session.finish_autosave()
            self._preferences.update()
            if perf_counter() >= self._autosave_due:
                self._autosave_due = perf_counter() + AUTOSAVE_S
                self.session.begin_autosave()
        except QRaceError as error:
            self.notices.warn(str(error))

    def draw(self, surface: pygame.Surface, dt: float) -> None:
        """Draw a frame, dt [s] after the last."""
        if not self.screens.cover:
            self._draw_mode(surface, dt)
        self.screens.draw(surface, dt)
        self._ear.listen(self.context.scene, self.mode.name, self.context.pace, dt, quiet=self.screens.top is not None)
        badge = not (self.panel.open or self.screens.cover)
        self.notices.draw(surface, self.layout.free_stage(self.panel.open, badge), self.type)

    def _draw_mode(self, surface: pygame.Surface, dt: float) -> None:
        layout, content = self.layout, self.mode.content()
        self.context.free_stage = layout.free_stage(self.panel.open)
        self.panel.update(dt, content)
        self.mode.draw(surface, dt)
        if not self.panel.open:
            draw_badge(surface, layout.stage, self.type, content)
        keys, last = within_reach(self.keys.hints(self.mode.name), self.mode), self.keys.last_hints
        if self.screens.top is not None:
            keys, last = (), ()  # these keys are out of reach
        self._hints.draw(surface, layout.hints, self.type, keys, last)
        self.panel.draw(surface, layout.panel, self.type, content)

    def close(self) -> None:
        """Save the brain, if it has learned something that is not saved yet, and end what runs in the background.

        Raises CheckpointError when it cannot be saved, SettingsError when the settings cannot.
        """
        try:
            self.close_screens()
            self.mode.close()
        finally:
            self.context.speaker.close()
            self.context.scene.close()
            try:
                self.session.save_unasked()
            finally:
                self.session.close()
                self._preferences.close()
