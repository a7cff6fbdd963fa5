"""The card that L opens: which brain to load."""

from collections.abc import Callable
from pathlib import Path

from qrace.errors import QRaceError
from qrace.game.chooser import Chooser, Item
from qrace.game.modes.mode import lap_text
from qrace.game.session import Session, saved_models
from qrace.rl.checkpoint import Checkpoint, load_checkpoint

MOST_MODELS = 40
"""The newest are listed."""


def model_menu(session: Session, load: Callable[[Path], None]) -> Chooser:
    """Saved brains, the newest first; `load` gets the file. Raises QRaceError when there is none."""
    models = _models(session.folder)
    if not models:
        raise QRaceError("There is no saved brain yet: S saves the one that is learning.")

    def done(chooser: Chooser) -> None:
        load(models[chooser.marked][0])

    return Chooser("Load a brain", [_item(path, checkpoint) for path, checkpoint in models], done)


def _models(folder: Path) -> list[tuple[Path, Checkpoint]]:
    """The newest files that can be read; a damaged one is left out, `evaluate` says what is wrong with it."""
    models = []
    for path in saved_models(folder)[:MOST_MODELS]:
        try:
            models.append((path, load_checkpoint(path)))
        except QRaceError:
            continue
    return models


def _item(path: Path, checkpoint: Checkpoint) -> Item:
    lap = f"{lap_text(checkpoint.best_lap_s)} s" if checkpoint.best_lap_s is not None else "no lap yet"
    return Item(path.stem, f"{checkpoint.config.env.car} · {checkpoint.track or 'any road'} · {lap}")
