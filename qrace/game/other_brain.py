"""A brain for the car that this sitting's brain does not drive: the newest saved one that can, looked for meanwhile."""

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event

from qrace.errors import QRaceError
from qrace.game.modes.drive_world import Brain
from qrace.rl.checkpoint import load_checkpoint, load_description, load_policy
from qrace.sim.car import CarName

MOST_FILES = 40
"""The newest are looked at."""


class OtherBrain:
    """Looks for it on a second thread."""

    def __init__(self, folder: Path, car: CarName) -> None:
        self._stop = Event()
        self._thread = ThreadPoolExecutor(1, "other brain")
        self._found: Future[Brain | None] = self._thread.submit(self._find, folder, car)

    def _find(self, folder: Path, car: CarName) -> Brain | None:
        from qrace.game.brain_files import saved_models

        for path in saved_models(folder)[:MOST_FILES]:
            if self._stop.is_set():
                break
            try:
                description = load_description(path)
                if description.config.env.car == car:
                    name = description.persona.name or path.stem
                    return Brain(name, description.config.env, load_policy(load_checkpoint(path)))
            except QRaceError:  # a damaged file; `evaluate` says what is wrong with it
                continue
        return None

    def brain(self) -> Brain | None:
        """What has been found so far."""
        return self._found.result() if self._found.done() else None

    def close(self) -> None:
        """Stop looking."""
        self._stop.set()
        self._thread.shutdown()
