"""Where a trained model goes, such that nothing that exists is lost."""

import tempfile
from collections.abc import Iterator
from itertools import chain, count
from pathlib import Path

from qrace.cli.arguments import CommandError
from qrace.rl.checkpoint import Checkpoint, CheckpointError, save_checkpoint, save_elsewhere, save_new

MODEL_SUFFIX = ".safetensors"


def model_path(path: Path) -> Path:
    """The path with the ending by which the window finds models, added where it is missing."""
    return path if path.suffix == MODEL_SUFFIX else path.with_name(path.name + MODEL_SUFFIX)


def free_path(path: Path) -> Path:
    """The path itself if nothing is there, else the first of name-2, name-3, … that is free."""
    return next(candidate for candidate in _names(path) if not _taken(candidate))


def _names(path: Path) -> Iterator[Path]:
    return chain([path], (path.with_stem(f"{path.stem}-{number}") for number in count(2)))


def _taken(path: Path) -> bool:
    """Whether something has this name, be it a link to nothing. Raises OSError for a name that nothing can have."""
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    return True


def check_out(out: Path, force: bool) -> Path:
    """The model file that `out` means; raises CommandError before the training, not after it, if it cannot be."""
    try:
        if not out.is_dir():
            out = model_path(out)
        if out.is_dir():
            raise CommandError(f"--out {out} is a folder: name a file in it, such as {out / 'oval.safetensors'}")
        if _taken(out) and not force:
            raise CommandError(f"--out {out} exists already: give another name, or --force to replace it")
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out.parent):
            pass
    except OSError as error:
        raise CommandError(f"--out {out} cannot be written ({error.strerror}): choose another place") from error
    return out


def save_model(checkpoint: Checkpoint, out: Path, force: bool) -> Path:
    """Save, without `force` under a free name even if `out` appeared meanwhile; returns the path.

    Raises CheckpointError when `out` fails now, naming the place in the temporary folder where the model is instead.
    """
    try:
        if not force:
            return save_new(checkpoint, _names(out))
        save_checkpoint(checkpoint, out)
    except CheckpointError as error:
        raise CheckpointError(f"{error} The model is safe in {save_elsewhere(checkpoint, error)}") from error
    return out
