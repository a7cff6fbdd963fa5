"""What lies on the drawing table: one drawing with its past, its title and the file it is kept in."""

from pathlib import Path
from typing import NamedTuple

from qrace.game.editing.history import History
from qrace.sim.drawing import EMPTY, Drawing
from qrace.sim.drawing_files import KeptDrawing, save_drawing
from qrace.sim.drawing_fit import drawing_of
from qrace.sim.own_tracks import free_track_path, make_folder, own_tracks_folder, put_in_bin
from qrace.sim.road_checks import check_drawing
from qrace.sim.track import Track, TrackError
from qrace.sim.track_files import LONGEST_TITLE, load_track
from qrace.whole_file import OwnFile

NEW_TITLE = "New track"
DRAFT_MARK = " · unsaved"
"""Ends the title of a drawing that is kept without having been saved: nothing that was drawn is ever lost."""
DESCRIPTION = "Drawn by hand."


class Draft(NamedTuple):
    """An unsaved drawing, and the file that it is kept in: as this table has just read or written it."""

    file: OwnFile
    drawing: Drawing


class Table:
    """Stays as it is while one drives on what is drawn.

    Attributes:
        history: the drawing, undo and redo.
        title: the track's, as people read it.
        description: the track's.
        path: the player's file it was opened from or saved to, None for none.
        folder: of the player's tracks.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or own_tracks_folder()
        self.history = History(EMPTY)
        self._kept_road: tuple[Drawing, Track] | None = None
        """The drawing as it was opened or saved, and its road."""
        self._draft_road: tuple[Drawing, Track] | None = None
        """The last unsaved one that was driven on, and its road."""
        self._roads: list[Track] = []
        """Every road that this drawing has been, before and after it was saved."""
        self._draft: Draft | None = None
        self.begin()

    def begin(self) -> None:
        """Clear the table for a new drawing."""
        self._put(KeptDrawing(EMPTY, NEW_TITLE, DESCRIPTION), None)

    def open(self, track: Track, path: Path | None = None, *, kept: bool = True) -> None:
        """Lay a track on the table.

        Args:
            track: any; what is saved of it is a track of the player's own.
            path: its file, if it is the player's own.
            kept: whether `load_track` knows it by its name; else it counts as unsaved.
        """
        self._put(KeptDrawing(drawing_of(track), track.title, track.description), path)
        if kept:
            self._kept_road = self.drawing, track
            self._roads.append(track)
        else:
            self._saved = EMPTY

    def open_drawing(self, kept: KeptDrawing, path: Path) -> None:
        """Lay a drawing of the player's on the table that need not make a road; path: its file."""
        self._put(kept, path)

    def _put(self, kept: KeptDrawing, path: Path | None) -> None:
        self.history.begin(kept.drawing)
        self.title, self.description = kept.title, kept.description
        self.path = path if path is not None and path.suffix == ".json" and path.parent == self.folder else None
        self._saved, self._kept_road, self._draft_road, self._roads = kept.drawing, None, None, []
        self._draft = None
        if self.path is not None and self.title.endswith(DRAFT_MARK):
            self._draft, self.path = Draft(OwnFile.as_it_is(self.path), kept.drawing), None
            self._saved, self.title = EMPTY, self.title.removesuffix(DRAFT_MARK)

    @property
    def drawing(self) -> Drawing:
        return self.history.present

    @property
    def unsaved(self) -> bool:
        """Whether there is something on the table that has not been saved."""
        return self.drawing is not self._saved and self.drawing.count > 0

    def shows(self, track: Track) -> bool:
        """Whether this track is what lies on the table, or an earlier state of it."""
        return any(road is track for road in self._roads)

    def road(self) -> Track:
        """The road to drive on, as it is kept: what is unsaved is kept as a draft.

        Raises:
            TrackError: where the drawing makes no road, or cannot be kept.
        """
        for known in (self._kept_road, self._draft_road):
            if known is not None and known[0] is self.drawing:
                return known[1]
        checked = check_drawing(self.drawing)
        if checked.track is None:
            raise TrackError(checked.problems[0].sentence)
        if not self.unsaved and self.path is not None:
            track = load_track(str(self.path))
            self._kept_road = self.drawing, track
        else:
            track = load_track(str(self.keep_draft()))
            self._draft_road = self.drawing, track
        self._roads.append(track)
        return track

    def keep_draft(self) -> Path:
        """Keep the drawing, of at least one point, in a file of its own until it is saved; returns the file.

        Raises:
            TrackError: when it cannot be written.
        """
        draft = self._own_draft()
        if draft is None or draft.drawing is not self.drawing:
            title = self.title[: LONGEST_TITLE - len(DRAFT_MARK)] + DRAFT_MARK
            path = draft.file.path if draft is not None else free_track_path(title, self.folder)
            make_folder(self.folder)
            save_drawing(KeptDrawing(self.drawing, title, self.description), path)
            self._draft = draft = Draft(OwnFile.as_it_is(path), self.drawing)
        return draft.file.path

    def _own_draft(self) -> Draft | None:
        """The draft, as long as nobody else has touched its file."""
        return self._draft if self._draft is not None and self._draft.file.is_there() else None

    def save(self, title: str | None = None) -> Path:
        """Keep the drawing: under a new title in a new file, or without one where it was.

        Raises:
            TrackError: when it cannot be written; the file is as it was then.
        """
        title, path = title or self.title, self.path if title is None else None
        make_folder(self.folder)
        path = path or free_track_path(title, self.folder)
        save_drawing(KeptDrawing(self.drawing, title, self.description), path)
        self.title, self.path, self._saved = title, path, self.drawing
        self._kept_road = self._draft_road = None
        if (draft := self._own_draft()) is not None:
            draft.file.path.unlink(missing_ok=True)
        self._draft = None
        return path

    def throw_away(self) -> None:
        """What is unsaved goes to the bin.

        Raises:
            TrackError: when it cannot be kept there.
        """
        put_in_bin(self.keep_draft())
        self._draft = None
