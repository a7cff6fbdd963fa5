"""Which screens there are, by the name on the title: the place where a new screen plugs in."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from qrace.game.screens.drivers import DriversScreen
from qrace.game.screens.generate import GenerateScreen
from qrace.game.screens.help import HelpScreen
from qrace.game.screens.key_choice import KeysScreen
from qrace.game.screens.lesson import LessonScreen
from qrace.game.screens.records import RecordsScreen
from qrace.game.screens.screen import Screen
from qrace.game.screens.settings import SettingsScreen
from qrace.game.screens.tracks import TracksScreen

if TYPE_CHECKING:
    from qrace.game.game import Game

Open = Callable[["Game"], object]
"""What choosing an entry does: opens a screen, or enters a mode."""


def _screen(make: Callable[["Game"], Screen]) -> Open:
    return lambda game: game.open(make(game))


ENTRIES: dict[str, Open] = {
    "Train": lambda game: game.train(),
    "Drive": lambda game: game.drive(),
    "Race": lambda game: game.commands.choose_race(),
    "Tracks": _screen(TracksScreen),
    "Drivers": _screen(DriversScreen),
    "Records": _screen(RecordsScreen),
    "Lesson": _screen(LessonScreen),
    "Settings": _screen(SettingsScreen),
    "Help": _screen(HelpScreen),
    "Quit": lambda game: game.leave(),
}
"""The entries of the title, from top to bottom. A screen takes its place as `_screen(NameScreen)`."""
NAMED: dict[str, Open] = {
    **ENTRIES,
    "Generate": _screen(GenerateScreen),
    "Keys": _screen(KeysScreen),
}
"""All that `game.open_named` knows; a screen that is reached from another one only has its line here."""
