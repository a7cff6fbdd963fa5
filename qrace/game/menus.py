"""The cards that L and G open: which brain to load, and who races."""

from collections.abc import Callable
from pathlib import Path

from qrace.errors import QRaceError
from qrace.game.chooser import Chooser, Item
from qrace.game.modes.mode import lap_text
from qrace.game.modes.race import Entry
from qrace.game.session import Session, saved_models
from qrace.race.entrant import Entrant
from qrace.rl.checkpoint import Checkpoint, load_checkpoint, load_policy
from qrace.rl.policy import Policy
from qrace.view.palette import LIVERIES

MOST_ENTRANTS = len(LIVERIES)
MOST_MODELS = 40
"""The newest are listed."""
LAPS = 3


def model_menu(session: Session, load: Callable[[Path], None]) -> Chooser:
    """Saved brains, the newest first; `load` gets the file. Raises QRaceError when there is none."""
    models = _models(session.folder)
    if not models:
        raise QRaceError("There is no saved brain yet: S saves the one that is learning.")

    def done(chooser: Chooser) -> None:
        load(models[chooser.marked][0])

    return Chooser("Load a brain", [_item(path, checkpoint) for path, checkpoint in models], done)


def race_menu(session: Session, race: Callable[[list[Entry], int], None]) -> Chooser:
    """Oneself, the brain of this sitting, and the saved ones; `race` gets those ticked, and the laps."""
    models = _models(session.folder)
    items = [Item("You", "arrow keys"), Item("The brain that learns now", session.config.env.car)]
    items += [_item(path, checkpoint) for path, checkpoint in models]

    def done(chooser: Chooser) -> None:
        race(
            [_entry(session, models, index, place) for place, index in enumerate(chooser.chosen)],
            chooser.number or LAPS,
        )

    return Chooser(
        "Race", items, done, several=True, ticked={0, 1}, most=MOST_ENTRANTS, number=LAPS, number_name="laps"
    )


def _entry(session: Session, models: list[tuple[Path, Checkpoint]], index: int, place: int) -> Entry:
    """The index-th line of the race menu, with the livery and number of its place on the entry list."""
    policy: Policy | None
    if index == 0:
        name, config, policy = "You", session.config.env, None
    elif index == 1:
        name, config, policy = "This brain", session.config.env, session.trainer.best_policy()
    else:
        path, checkpoint = models[index - 2]
        name, config, policy = path.stem, checkpoint.config.env, load_policy(checkpoint)
    return Entry(Entrant(name, place, place + 1, config, policy), policy)


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
