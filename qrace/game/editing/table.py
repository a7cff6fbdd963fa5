"""What lies on the drawing table: one drawing with its past, its title and the file it is kept in."""

from pathlib import Path

from qrace.game.editing.history import History
from qrace.sim.drawing import EMPTY, Drawing
from qrace.sim.drawing_fit import drawing_of
from qrace.sim.own_tracks import own_tracks_folder, save_own_track
from qrace.sim.road_checks import check_drawing
from qrace.sim.track import Track, TrackError

UNSAVED = "drawing"
"""Name of a road that is driven before it is saved, and of the file it is kept in meanwhile."""
NEW_TITLE = "New track"
DESCRIPTION = "Drawn by hand."


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
        self._opened: Track | None = None
        """The track as it is kept."""
        self._driven: tuple[Drawing, Track] | None = None
        """What was driven on before it was saved."""
        self.begin()

    def begin(self) -> None:
        """Clear the table for a new drawing."""
        self._put(EMPTY, NEW_TITLE, DESCRIPTION, None)

    def open(self, track: Track, path: Path | None = None, *, kept: bool = True) -> None:
        """Lay a track on the table.

        Args:
            track: any; what is saved of it is a track of the player's own.
            path: its file, if it is the player's own and to be replaced when saved.
            kept: whether `load_track` knows it by its name; else it counts as unsaved.
        """
        own = path if path is not None and path.parent == self.folder and path.suffix == ".json" else None
        self._put(drawing_of(track), track.title, track.description, own)
        if kept:
            self._opened = track
        else:
            self._saved = EMPTY

    def _put(self, drawing: Drawing, title: str, description: str, path: Path | None) -> None:
        self.history.begin(drawing)
        self._saved = drawing
        self.title, self.description, self.path = title, description, path
        self._opened = self._driven = None

    @property
    def drawing(self) -> Drawing:
        return self.history.present

    @property
    def unsaved(self) -> bool:
        """Whether there is something on the table that is in no file."""
        return self.drawing is not self._saved and self.drawing.count > 0

    def shows(self, track: Track) -> bool:
        """Whether this track is what lies on the table, or an earlier state of it."""
        known = [self._opened, self._driven[1] if self._driven else None]
        return any(track is other for other in known)

    def road(self) -> Track:
        """The road to drive on: the track as it is kept, or where it is unsaved, kept as the unsaved one.

        Raises:
            TrackError: where the drawing makes no road, or cannot be kept.
        """
        if self._opened is not None and self.drawing is self._saved:
            return self._opened
        if self._driven is None or self._driven[0] is not self.drawing:
            track = self._track(UNSAVED, "Unsaved drawing" if self.title == NEW_TITLE else self.title)
            self._driven = self.drawing, save_own_track(track, self.folder, self.folder / f"{UNSAVED}.json")
        return self._driven[1]

    def save(self, title: str | None = None) -> Path:
        """Keep the drawing: under a new title in a new file, or without one where it was.

        Raises:
            TrackError: where the drawing makes no road, or cannot be written; the file is as it was then.
        """
        path = self.path if title is None else None
        track = self._track(path.stem if path is not None else UNSAVED, title or self.title)
        kept = save_own_track(track, self.folder, path)
        self.title, self.path = track.title, self.folder / f"{kept.name}.json"
        self._saved, self._opened = self.drawing, kept
        return self.path

    def check(self) -> None:
        """Raises TrackError where the drawing makes no road."""
        self._track(UNSAVED, self.title)

    def _track(self, name: str, title: str) -> Track:
        checked = check_drawing(self.drawing, name, title, self.description)
        if checked.track is None:
            raise TrackError(checked.problems[0].sentence)
        return checked.track
