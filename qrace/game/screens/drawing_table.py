"""The ways to the drawing table and from it to the road; nothing unsaved leaves the table unasked."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pygame

from qrace.game.screens.page import Page
from qrace.game.screens.rows import Row
from qrace.race.records import geometry_of
from qrace.sim.track import Track
from qrace.sim.track_files import load_track
from qrace.view.layout import PADDING
from qrace.view.type import HEADLINE

if TYPE_CHECKING:
    from qrace.game.game import Game


def go_to(game: "Game", track: Track, what: Literal["drive", "train"]) -> None:
    """Take the brain to a road, and drive on it or learn."""
    if track is not game.session.track:
        game.go_to(track)
    if what == "drive":
        game.drive()
    else:
        game.train()


def edit(game: "Game", track: Track, path: Path | None = None, *, kept: bool = True) -> None:
    """Open the editor with a track, or as it was left where that track lies on the table; see Table.open."""
    if game.table.shows(track):
        show_editor(game)
    else:
        newest = track if path is None else _newest(track, path)
        replace_drawing(game, lambda: game.table.open(newest, path, kept=kept))


def _newest(track: Track, path: Path) -> Track:
    """What its file holds now: it may have been drawn over since one came to this road."""
    now = load_track(str(path))
    return track if geometry_of(now) == geometry_of(track) else now


def open_dropped(game: "Game", name: str) -> None:
    """Lay a copy of the track in a file on the table, one that was dropped on the window.

    Raises:
        TrackError: where the file is no track.
    """
    track = load_track(name)
    if isinstance(game.screens.top, UnsavedScreen):
        game.back()  # it is asked again, for this file
    replace_drawing(game, lambda: game.table.open(track, kept=False))


def replace_drawing(game: "Game", replace: Callable[[], object]) -> None:
    """Put something else on the table and show it, after a question if what is there is unsaved."""

    def go() -> None:
        replace()
        show_editor(game)

    if game.table.unsaved:
        game.open(UnsavedScreen(game, go))
    else:
        go()


def show_editor(game: "Game") -> None:
    """Open the editor, or go back to the one that is open and look at the table anew: there is one hand at a table."""
    from qrace.game.screens.editor import EditorScreen

    editor = game.screens.find(EditorScreen)
    if editor is None:
        game.open(EditorScreen(game))
        return
    while game.screens.top is not editor:
        game.back()
    editor.begin()


class UnsavedScreen(Page):
    """Asks what is to become of the drawing on the table before another takes its place."""

    def __init__(self, game: "Game", go: Callable[[], object]) -> None:
        super().__init__(game, "", size=(480, 224))
        self._go = go

    def build(self, body: pygame.Rect) -> None:
        type_, end = self.game.type, " is not saved"
        room = body.width - 3 * type_.px(PADDING) - type_.width(end, HEADLINE)
        self.title = type_.fit(self.game.table.title, HEADLINE, room) + end
        rows = [Row("Save it first"), Row("Throw it away", "to the bin"), Row("Go on drawing it")]
        self.add_rows(body, rows, self._take_row)

    def _take_row(self, index: int) -> None:
        table = self.game.table
        if index == 0:
            table.save(None if table.path else table.title)
        elif index == 1:
            table.throw_away()
        self.game.back()
        if index < 2:
            self._go()
        else:
            show_editor(self.game)
