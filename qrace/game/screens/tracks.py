"""The tracks screen: every track there is, with its picture, its length and its times; choose one to do something."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pygame

from qrace.game.modes.mode import lap_text, length_text
from qrace.game.screens.drawing_table import edit, go_to, replace_drawing
from qrace.game.screens.page import FOOT, HEAD, Page, Shape
from qrace.game.screens.rows import ROW, Row, RowList
from qrace.game.track_shelf import Listed, Seen, TrackShelf, list_tracks
from qrace.sim.drawing_files import load_drawing
from qrace.sim.own_tracks import put_in_bin
from qrace.view import palette
from qrace.view.help_overlay import KeyHelp
from qrace.view.layout import GRID, PADDING
from qrace.view.type import FIGURE, HEADLINE, LABEL, WORDS, Type

if TYPE_CHECKING:
    from qrace.game.game import Game

ROW_HEIGHT = 48
"""[px at scale 1], as are the following."""
PICTURE = (64, 40)
CARD_WIDTH = 400
LIST_SHARE = 0.45
FACT_ROW = 24
FACTS_HEIGHT = 176
HINTS = (KeyHelp("↑ ↓", "move"), KeyHelp("Enter", "choose"), KeyHelp("Esc", "back"))


class TracksScreen(Page):
    """A list at the left, the marked track at the right.

    Attributes:
        shelf: what is listed.
    """

    def __init__(self, game: "Game") -> None:
        super().__init__(game, "Tracks", Shape.FULL, hints=HINTS, pauses=True)
        self._row_of: dict[int, int] = {}
        self._listed = 0
        """How many of those seen stand in the list."""
        self._make_shelf()

    def _make_shelf(self) -> None:
        type_, session = self.game.type, self.game.session
        size = type_.px(PICTURE[0]), type_.px(PICTURE[1])
        self.shelf = TrackShelf(list_tracks(session.track), session.recorder, session.config.env.car, size)

    def resize(self) -> None:
        """Whoever comes back from the editor finds what they have drawn there; the mark stays on its track."""
        marked = self.shelf.listed[self.marked].name if self.stops else None
        if self.shelf.listed != list_tracks(self.game.session.track):
            self.shelf.close()
            self._row_of = {}
            self._make_shelf()
        super().resize()
        for place, item in enumerate(self.shelf.listed):
            if item.name == marked:
                self.list.marked = self._row_of[place]
                self.list.set_rows(self.list.rows)

    def build(self, body: pygame.Rect) -> None:
        rows, present = self._rows(), self.game.session.track.name
        names = [item.path.stem if item.path else item.name for item in self.shelf.listed]
        marked = self._row_of[names.index(present)] if present in names else 1
        left = pygame.Rect(body.left, body.top, round(body.width * LIST_SHARE), body.height)
        self.list: RowList = self.add_rows(left, rows, self._take_row, marked=marked, row_height=ROW_HEIGHT)
        self.add_button("New track", lambda: replace_drawing(self.game, self.game.table.begin), primary=True)
        self.add_button("Generate", lambda: self.game.open_named("Generate"))

    def _rows(self) -> list[Row]:
        rows: list[Row] = []
        group, self._listed = "", len(self.shelf.seen)
        for place, item in enumerate(self.shelf.listed):
            if item.group != group:
                group = item.group
                rows.append(Row(group, heading=True))
            self._row_of[place] = len(rows)
            rows.append(_row(item, self.shelf.seen.get(place)))
        return rows

    @property
    def marked(self) -> int:
        """Place of the marked track in the shelf's list."""
        return next((place for place, row in self._row_of.items() if row == self.list.marked), 0)

    def _take_row(self, row: int) -> None:
        place = next(place for place, other in self._row_of.items() if other == row)
        seen, item = self.shelf.seen.get(place), self.shelf.listed[place]
        if seen is not None and (seen.track is not None or item.path is not None):
            self.game.open(TrackScreen(self.game, item, seen, self._delete))

    def _delete(self, item: Listed) -> None:
        assert item.path is not None
        kept = put_in_bin(item.path)
        self.game.notices.tell(f"{item.path.name} is in the bin: {kept}.")
        self.refresh()

    def update(self, dt: float, deadline: float) -> None:
        super().update(dt, deadline)
        self.shelf.update()
        if len(self.shelf.seen) != self._listed:
            self.list.set_rows(self._rows())

    def draw(self, surface: pygame.Surface, dt: float) -> None:
        super().draw(surface, dt)
        body, type_ = self.body, self.game.type
        right = pygame.Rect(body.left + round(body.width * LIST_SHARE), body.top, 0, body.height)
        right.left += type_.px(PADDING)
        right.width = body.right - type_.px(PADDING) - right.left
        seen = self.shelf.seen.get(self.marked)
        if seen is None:
            return
        picture = pygame.Rect(right.left, right.top, right.width, right.height - type_.px(FACTS_HEIGHT))
        pygame.draw.rect(surface, palette.GROUND, picture)
        image = self.shelf.large_picture(self.marked, picture.size) if min(picture.size) > 0 else None
        if image is not None:
            surface.blit(image, picture)
        facts = pygame.Rect(right.left, picture.bottom, right.width, right.bottom - picture.bottom)
        _draw_facts(surface, facts, type_, self.shelf.listed[self.marked], seen)

    def close(self) -> None:
        self.shelf.close()


class TrackScreen(Page):
    """What can be done with one track."""

    def __init__(self, game: "Game", item: Listed, seen: Seen, delete: Callable[[Listed], object]) -> None:
        title = seen.track.title if seen.track else seen.title or (item.path.name if item.path else item.name)
        super().__init__(game, title, pauses=True)
        self._item, self._seen, self._delete = item, seen, delete
        self._names = ["Let cars learn", "Drive", "Race"] if self._seen.track is not None else []
        self._names += ["Edit"] if self._seen.track is not None or self._unfinished else []
        self._names += ["Delete"] if self._item.path is not None else []
        self.size = CARD_WIDTH, HEAD + FOOT + GRID + ROW * len(self._names)

    def build(self, body: pygame.Rect) -> None:
        details = {"Edit": "" if self._item.path else "as a copy", "Delete": "to the bin"}
        self.add_rows(body, [Row(name, details.get(name, "")) for name in self._names], self._take_row)

    @property
    def _unfinished(self) -> bool:
        """Whether it is a drawing of the player's that makes no road yet."""
        return self._seen.track is None and bool(self._seen.title)

    def _take_row(self, row: int) -> None:
        game, name, path = self.game, self._names[row], self._item.path
        if name == "Delete":
            game.back()
            self._delete(self._item)
            return
        if self._unfinished:
            assert path is not None
            drawing = load_drawing(path)
            game.back()
            replace_drawing(game, lambda: game.table.open_drawing(drawing, path))
            return
        track = self._seen.track
        assert track is not None
        if name == "Edit":
            game.back()
            edit(game, track, path)
        elif name == "Race":
            go_to(game, track, "train")
            game.race_choice.track = None  # not the road of the last race
            game.open_named("Race")
        else:
            go_to(game, track, "drive" if name == "Drive" else "train")


def _row(item: Listed, seen: Seen | None) -> Row:
    if seen is None:
        return Row(item.path.stem if item.path else item.name, dim=True)
    if seen.track is None:
        name = item.path.name if item.path else item.name
        return Row(seen.title or name, "unfinished" if seen.title else "cannot be read", dim=True)
    best = f"   {_lap(seen.best_lap_s)}" if seen.best_lap_s is not None else ""
    return Row(seen.track.title, f"{length_text(seen.track)}{best}", picture=seen.picture)


def _lap(lap_s: float | None) -> str:
    """A lap time with its unit, as far as it needs one."""
    return lap_text(lap_s) + (" s" if lap_s is not None and lap_s < 60.0 else "")


def _draw_facts(surface: pygame.Surface, rect: pygame.Rect, type_: Type, item: Listed, seen: Seen) -> None:
    x, y = rect.left, rect.top + type_.px(32)
    if seen.track is None:
        for line in type_.wrap(seen.fault, WORDS, rect.width):
            type_.left(surface, line, WORDS.in_colour(palette.WARN), x, y)
            y += type_.px(20)
        return
    track = seen.track
    type_.left(surface, type_.fit(track.title, HEADLINE, rect.width), HEADLINE, x, y)
    for line in type_.wrap(track.description, WORDS, rect.width)[:2]:
        y += type_.px(20)
        type_.left(surface, line, WORDS.in_colour(palette.TEXT_DIM), x, y)
    width = track.width_left + track.width_right
    low, high = round(float(width.min())), round(float(width.max()))
    facts = [
        ("Length", length_text(track)),
        ("Width", f"{low} – {high} m" if low < high else f"{high} m"),
        ("Best lap", _lap(seen.best_lap_s)),
        ("Limit", _lap(seen.limit_s)),
    ]
    y += type_.px(GRID)
    column = min(rect.width // 2, type_.px(240))
    for place, (label, value) in enumerate(facts):
        left = x + (place % 2) * column
        baseline = y + type_.px(FACT_ROW) * (1 + place // 2)
        type_.left(surface, label, LABEL, left, baseline)
        type_.right(surface, value, FIGURE, left + column - type_.px(3 * GRID), baseline)
