"""The saved drivers: listed with their faults, renamed, put in the bin and back; nothing is ever written over."""

import json
import unicodedata
import zlib
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from qrace.errors import printable
from qrace.game.brain_files import AUTOSAVE, LONGEST_STEM, SUFFIX
from qrace.game.session import THIS_BRAIN
from qrace.game.time_trial import PERSON
from qrace.rl.checkpoint import CheckpointError, Description, load_checkpoint, load_description, save_checkpoint
from qrace.rl.persona import HIGHEST_NUMBER, LONGEST_NAME, MOST_LIVERIES, Persona

BIN = "bin"
"""Folder beside the models for those that were deleted."""
SHIPPED = "shipped.json"
"""In the folder of models: a list with the names of the files that come with the game, which stay as they are."""


class DriverError(CheckpointError):
    """A saved driver that cannot be renamed, deleted or put back; its file is as it was."""


@dataclass(frozen=True)
class SavedDriver:
    """A model file, good or damaged."""

    path: Path
    shipped: bool
    """Comes with the game: neither renamed nor deleted."""
    saved_at: float
    """When the file was written [s since 1970]."""
    description: Description | None
    """None for a damaged file."""
    fault: str = ""
    """What is wrong with a damaged file, in a sentence."""

    @property
    def persona(self) -> Persona:
        """As the file has it."""
        return Persona() if self.description is None else self.description.persona

    @property
    def name(self) -> str:
        """As people call it, and as the records do."""
        return self.persona.name or printable(self.path.stem)

    @property
    def unasked(self) -> bool:
        """Saved without being asked to."""
        return self.path.name.startswith(f"{AUTOSAVE}-")

    @property
    def livery(self) -> int:
        """Its own, or one that its name always gets."""
        own = self.persona.livery
        return self._lot % MOST_LIVERIES if own is None else own

    @property
    def number(self) -> int:
        own = self.persona.number
        return 1 + self._lot // MOST_LIVERIES % HIGHEST_NUMBER if own is None else own

    @property
    def _lot(self) -> int:
        return zlib.crc32(self.name.encode())


class DriverFiles:
    """The models of one folder and its bin. A file that has not changed is read once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[Path, tuple[tuple[int, int], SavedDriver]] = {}

    def drivers(self) -> list[SavedDriver]:
        """Those that come with the game by name, then one's own, then those saved unasked, the newest first each."""
        shipped = self._shipped()
        found = [self._driver(path, path.name in shipped) for path in self.folder.glob(f"*{SUFFIX}")]
        known = [driver for driver in found if driver is not None]
        return sorted(known, key=lambda d: (not d.shipped, d.unasked, d.name if d.shipped else -d.saved_at))

    def binned(self) -> list[SavedDriver]:
        """Those in the bin, the newest first."""
        found = [self._driver(path, False) for path in (self.folder / BIN).glob(f"*{SUFFIX}")]
        return sorted((driver for driver in found if driver is not None), key=lambda driver: -driver.saved_at)

    def rename(self, driver: SavedDriver, name: str) -> Path:
        """Give a driver another name, and its file one that fits; returns the file.

        Raises DriverError: for a driver of the game, a name that cannot be or is taken, or a disk that refuses.
        """
        name = self.check_name(driver, name)
        checkpoint = load_checkpoint(driver.path)
        path = self.folder / f"{_stem(name)}{SUFFIX}"
        renamed = replace(checkpoint, name=path.stem, persona=replace(checkpoint.persona, name=name))
        if path == driver.path:
            save_checkpoint(renamed, path)
            return path
        try:
            path.touch(exist_ok=False)  # nobody else gets the name from here on
        except FileExistsError as error:
            raise DriverError(f"{path.name} exists already: give another name.") from error
        except OSError as error:
            raise DriverError(f"{path}: cannot be written ({error.strerror}): check its folder.") from error
        try:
            save_checkpoint(renamed, path)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        driver.path.unlink(missing_ok=True)
        return path

    def check_name(self, driver: SavedDriver, name: str) -> str:
        """A new name for a driver, tidied up. Raises DriverError where `rename` would, but for what the disk says."""
        name = " ".join(name.split())
        self._check_own(driver)
        if not name or not name.isprintable() or len(name) > LONGEST_NAME:
            raise DriverError(f"A driver's name is one line of up to {LONGEST_NAME} characters: give such a name.")
        if name.casefold() in (PERSON.casefold(), THIS_BRAIN.casefold()):
            raise DriverError(f"{name} is what somebody else is called in races: give another name.")
        if any(other.name.casefold() == name.casefold() and other.path != driver.path for other in self.drivers()):
            raise DriverError(f"There is a driver called {name} already: give another name.")
        return name

    def put_in_bin(self, driver: SavedDriver) -> Path:
        """Move a driver's file, damaged or not, into the bin; returns where it is. Raises DriverError."""
        self._check_own(driver)
        return _move(driver.path, self.folder / BIN)

    def put_back(self, path: Path) -> Path:
        """Move a file out of the bin, under its name or the next free one; returns where it is. Raises DriverError."""
        return _move(path, self.folder)

    def _check_own(self, driver: SavedDriver) -> None:
        if driver.shipped:
            raise DriverError(f"{driver.name} comes with the game and stays as it is: train it on, and rename that.")

    def _driver(self, path: Path, shipped: bool) -> SavedDriver | None:
        """None for a file that has just gone."""
        try:
            status = path.stat()
        except OSError:
            return None
        stamp = (status.st_mtime_ns, status.st_size)
        known = self._read.get(path)
        if known is None or known[0] != stamp or known[1].shipped != shipped:
            known = self._read[path] = stamp, _read(path, shipped, status.st_mtime)
        return known[1]

    def _shipped(self) -> set[str]:
        with suppress(OSError, ValueError, TypeError):
            return {name for name in json.loads((self.folder / SHIPPED).read_text(encoding="utf-8")) if name}
        return set()


def _read(path: Path, shipped: bool, saved_at: float) -> SavedDriver:
    try:
        return SavedDriver(path, shipped, saved_at, load_description(path))
    except CheckpointError as error:
        return SavedDriver(path, shipped, saved_at, None, printable(str(error)))


def _stem(name: str) -> str:
    """What a file for this name is called: plain letters, figures and dashes; never like one saved unasked."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = "".join(character if character.isalnum() else " " for character in plain).split()
    stem = "-".join(words)[:LONGEST_STEM].strip("-") or "driver"
    return f"driver-{stem}" if stem.startswith(AUTOSAVE) else stem


def _move(path: Path, folder: Path) -> Path:
    """Into a folder under the first free name."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number in count(1):
            target = folder / f"{path.stem}{'' if number == 1 else f'-{number}'}{SUFFIX}"
            with suppress(FileExistsError):
                target.touch(exist_ok=False)  # nobody else gets the name from here on
                break
        try:
            path.replace(target)
        except BaseException:
            target.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise DriverError(f"{path}: cannot be moved to {folder} ({error.strerror}): check the folder.") from error
    return target
