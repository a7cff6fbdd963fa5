"""Files of saved brains: their names, and which of them is whose."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import count
from pathlib import Path

from qrace.rl.checkpoint import Checkpoint, save_checkpoint, save_new
from qrace.whole_file import OwnFile

AUTOSAVE = "autosave"
"""Beginning of the names of brains that were saved without being asked to."""
SUFFIX = ".safetensors"
LONGEST_STEM = 40
"""Characters of a file's name that come from a track's or a driver's; names end at 255 bytes."""


def free_paths(folder: Path, stem: str) -> Iterator[Path]:
    """Those of stem-1, stem-2, … that do not exist when they are asked for."""
    stem = "".join(c if c.isalnum() or c in "-_" else "-" for c in stem[:LONGEST_STEM])
    paths = (folder / f"{stem}-{number}{SUFFIX}" for number in count(1))
    return (path for path in paths if not os.path.lexists(path))  # Path.exists raises where one may not look


def autosave(checkpoint: Checkpoint, own: OwnFile | None, folder: Path, track_name: str) -> OwnFile:
    """Save over the brain's own file while it is that, else to the first name that is free; returns where it is now.

    Raises CheckpointError as save_checkpoint does.
    """
    if own is not None and own.is_there():
        path = own.path
        save_checkpoint(replace(checkpoint, name=path.stem), path)
    else:
        path = save_new(checkpoint, free_paths(folder, f"{AUTOSAVE}-{track_name}"))
    return OwnFile.as_it_is(path)


def saved_models(folder: Path) -> list[Path]:
    """The model files in a folder, the newest first, without those that have just gone and links that lead nowhere."""
    saved_at: dict[Path, float] = {}
    for path in folder.glob(f"*{SUFFIX}"):
        with suppress(OSError):
            saved_at[path] = path.stat().st_mtime
    return sorted(saved_at, key=saved_at.__getitem__, reverse=True)


def autosaves(folder: Path) -> list[Path]:
    """Those that were saved without being asked to, the newest first."""
    return [path for path in saved_models(folder) if is_autosave(path)]


def is_autosave(path: Path) -> bool:
    """Whether the file goes when there are ten newer ones."""
    return path.name.startswith(f"{AUTOSAVE}-")
