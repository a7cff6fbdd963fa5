"""Makes the settings hold, from the start on and at every change, and has them kept."""

from dataclasses import replace
from typing import TYPE_CHECKING

from qrace.game.bindings import Bindings
from qrace.game.settings import SettingsFile
from qrace.view import palette

if TYPE_CHECKING:
    from qrace.game.game import Game


class Preferences:
    """Stands between a game, which has the settings in its context, and their file, if there is one."""

    def __init__(self, game: "Game", file: SettingsFile | None) -> None:
        """The game is to have all its parts already, made with these settings."""
        self._game, self._file = game, file
        chosen = game.settings
        if file is not None and file.notice:
            game.notices.warn(file.notice)
        self._set_sound()
        if chosen.colours != palette.scheme():
            self._use_colours()
        if chosen.full_screen:
            game.display.toggle_full_screen()
            game.resize()

    def change(self, **changes: object) -> None:
        """Set some of the settings, by the names of their fields. Raises SettingsError if the last write failed."""
        game = self._game
        before, after = game.settings, replace(game.settings, **changes)  # type: ignore[arg-type]
        game.context.settings = after
        if after.keys != before.keys:
            game.context.bindings = Bindings(after.keys)
        if after.colours != before.colours:
            self._use_colours()
        if after.text_size != before.text_size:
            game.resize()
        self._set_sound()
        if after.full_screen != game.display.full_screen:
            game.display.toggle_full_screen()
            game.resize()
        if self._file is not None:
            self._file.save(**changes)

    def _set_sound(self) -> None:
        self._game.context.speaker.set_level(self._game.settings.sound_volume, self._game.settings.sound_on)

    def _use_colours(self) -> None:
        palette.use(self._game.settings.colours)
        self._game.repaint()

    def update(self) -> None:
        """Take note of a write that has ended. Raises SettingsError if it failed."""
        if self._file is not None:
            self._file.finish(wait=False)

    def close(self) -> None:
        """Wait for the disk. Raises SettingsError if it did not take the settings."""
        if self._file is not None:
            self._file.close()
