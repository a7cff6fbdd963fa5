"""The tracks of the person who plays: a folder of files that they drew, kept or put there themselves."""

import unicodedata
from dataclasses import replace
from pathlib import Path

from qrace.folders import data_folder
from qrace.sim.road_shape import TrackError
from qrace.sim.track import Track
from qrace.sim.track_files import builtin_tracks, save_track

SUFFIXES = (".json", ".csv")
BIN = "bin"
"""Folder beside the tracks for those that were deleted."""
LONGEST_STEM = 40


def own_tracks_folder() -> Path:
    """Where the player's tracks lie; whoever writes there makes it."""
    return data_folder() / "tracks"


def own_tracks(folder: Path | None = None) -> list[Path]:
    """The player's track files by name, each fit for `load_track(str(path))`, which says what is wrong with a bad one.

    Args:
        folder: to look in instead of the player's own.
    """
    try:
        paths = [path for path in (folder or own_tracks_folder()).iterdir() if path.suffix.lower() in SUFFIXES]
    except OSError:  # there is no such folder before the first track
        return []
    return sorted((path for path in paths if not path.name.startswith(".")), key=lambda path: path.name.lower())


def find_own_track(name: str, folder: Path | None = None) -> Path | None:
    """The player's track with this name (a file's stem), None if there is none."""
    return next((path for path in own_tracks(folder) if path.stem == name), None)


def free_track_path(title: str, folder: Path) -> Path:
    """A file in the folder for a track of this title, which neither exists nor shares its name with another track."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = "".join(character if character.isalnum() else " " for character in plain).split()
    stem = "-".join(words)[:LONGEST_STEM].strip("-") or "track"
    taken = {path.stem.lower() for path in own_tracks(folder)} | set(builtin_tracks())
    candidates = (stem if number == 1 else f"{stem}-{number}" for number in range(1, len(taken) + 2))
    return folder / f"{next(name for name in candidates if name not in taken)}.json"


def save_own_track(track: Track, folder: Path) -> Track:
    """Write a track into the player's folder, under a free name; returns it under that name.

    Raises:
        TrackError: when the folder cannot be made or written; nothing has changed then.
    """
    path = free_track_path(track.title, folder)
    make_folder(folder)
    save_track(track, path)
    return replace(track, name=path.stem)


def make_folder(folder: Path) -> None:
    """Make the player's folder of tracks, if it is not there.

    Raises:
        TrackError: when it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TrackError(f"{folder}: cannot be made ({error.strerror}); choose a folder that is yours.") from error


def put_in_bin(path: Path) -> Path:
    """Move a track file into the bin beside it; returns where it is now.

    Raises:
        TrackError: when it cannot be moved, and then it is where it was.
    """
    bin_folder = path.parent / BIN
    number = 1
    while (target := bin_folder / f"{path.stem}{'' if number == 1 else f'-{number}'}{path.suffix}").exists():
        number += 1
    try:
        bin_folder.mkdir(exist_ok=True)
        path.rename(target)
    except OSError as error:
        raise TrackError(f"{path}: cannot be moved to the bin ({error.strerror}); check its folder.") from error
    return target
