"""What the keys of the table ask for, wherever it is not a matter of the mode alone."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from qrace.game.keys import Action, ModeName
from qrace.game.modes.race import RaceMode
from qrace.game.race_plan import RacePlan
from qrace.game.screens.drawing_table import edit
from qrace.game.screens.race_result import RaceResultScreen
from qrace.game.screens.race_setup import RaceSetupScreen
from qrace.sim.own_tracks import find_own_track

if TYPE_CHECKING:
    from qrace.game.game import Game


class Commands:
    """One function for each action; those that it does not know are the mode's."""

    def __init__(self, game: "Game") -> None:
        self._game = game
        self._table = self._make_table()

    def act(self, action: Action) -> None:
        """Do what an action asks for. Raises QRaceError where that cannot be done."""
        if action in self._table:
            self._table[action]()
        else:
            self._game.mode.act(action)

    def _make_table(self) -> dict[Action, Callable[[], object]]:
        game, pace, scene = self._game, self._game.context.pace, self._game.context.scene
        return {
            Action.TRAIN_OR_DRIVE: self._train_or_drive,
            Action.RACE: self.choose_race,
            Action.PAUSE: self._pause,
            Action.ONE_TICK: self._one_tick,
            Action.FASTER: lambda: pace.faster(1),
            Action.SLOWER: lambda: pace.faster(-1),
            Action.NEXT_CAR: lambda: scene.choose_next(1, game.mode.cars),
            Action.PREVIOUS_CAR: lambda: scene.choose_next(-1, game.mode.cars),
            Action.CAMERA: self._switch_camera,
            Action.RAYS: lambda: game.notices.tell(f"Rays {scene.next_rays().value}."),
            Action.PREVIOUS_TRACK: lambda: self._change_track(-1),
            Action.NEXT_TRACK: lambda: self._change_track(1),
            Action.EDIT: lambda: edit(game, game.session.track, find_own_track(game.session.track.name)),
            Action.NEW_BRAIN: self._new_brain,
            Action.SAVE: self._save,
            Action.LOAD: lambda: game.open_named("Drivers"),
            Action.PANEL: self._toggle_panel,
            Action.HELP: lambda: game.open_named("Help"),
            Action.LESSON: lambda: game.open_named("Lesson"),
            Action.SOUND: self._switch_sound,
            Action.FULL_SCREEN: self._full_screen,
            Action.SCREENSHOT: self._screenshot,
            Action.MENU: game.open_title,
        }

    def _train_or_drive(self) -> None:
        if self._game.mode.name is ModeName.TRAIN:
            self._game.drive()
        else:
            self._game.train()

    def _pause(self) -> None:
        self._game.context.pace.paused = not self._game.context.pace.paused

    def _one_tick(self) -> None:
        self._game.context.pace.paused = self._game.context.pace.one_tick = True

    def _switch_camera(self) -> None:
        camera = self._game.context.scene.camera
        camera.following = not camera.following

    def _change_track(self, step: int) -> None:
        self._game.session.change_track(step)
        self._game.context.scene.change_track(self._game.session.track)
        self._begin_again()
        self._game.notices.tell(f"{self._game.session.track.title}. {self._game.session.track.description}".strip())

    def _begin_again(self) -> None:
        """The session has another trainer: enter the present mode with it."""
        if self._game.mode.name is ModeName.DRIVE:
            self._game.drive()
        else:
            self._game.train()

    def _new_brain(self) -> None:
        if self._game.mode.name is ModeName.RACE:
            self._game.mode.act(Action.NEW_BRAIN)
            return
        kept = self._game.session.new_brain()
        self._begin_again()
        self._game.notices.tell("A new brain." if kept is None else f"A new brain; the old one is kept as {kept.name}.")

    def _save(self) -> None:
        self._game.notices.tell(f"Saved as {self._game.session.save().name}.")

    def choose_race(self) -> None:
        """Open the setup of a race."""
        self._game.open(RaceSetupScreen(self._game))

    def race(self, plan: RacePlan) -> None:
        """To the grid, from whatever is on."""
        game = self._game
        game.enter(lambda context: RaceMode(context, plan, lambda mode: game.open(RaceResultScreen(game, mode))))

    def _toggle_panel(self) -> None:
        self._game.panel.open = not self._game.panel.open
        self._game.resize()

    def _switch_sound(self) -> None:
        self._game.change_settings(sound_on=not self._game.settings.sound_on)
        told = "Sound on." if self._game.settings.sound_on else "Sound off."
        self._game.notices.tell(
            told if self._game.context.speaker.available is not False else "There is no sound device here."
        )

    def _full_screen(self) -> None:
        self._game.change_settings(full_screen=not self._game.display.full_screen)

    def _screenshot(self) -> None:
        self._game.notices.tell(f"Picture saved as {self._game.display.screenshot()}.")
