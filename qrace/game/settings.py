"""What the person at the window has chosen: a frozen tree, and the file in their config folder that keeps it."""

import json
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Literal

from qrace.errors import QRaceError, check_range
from qrace.folders import config_folder
from qrace.game.bindings import check_chosen
from qrace.race.rules import CrashRule
from qrace.rl.config import parse_json
from qrace.whole_file import read_bounded, write_whole

FILE_NAME = "settings.json"
LARGEST_FILE = 2**20
"""Bytes; a settings file has some hundred."""
SMALLEST_TEXT, LARGEST_TEXT = 0.85, 1.5
MOST_KEYS = 4
"""Keys that one action can have."""

SchemeName = Literal["okabe-ito", "tol", "high-contrast"]
FrameCap = Literal[30, 60, 120, 0]
"""Frames per second; 0 for no cap."""


class SettingsError(QRaceError):
    """A settings file that cannot be read or written."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings; each has a line on the settings screen."""

    sound_on: bool = True
    sound_volume: float = 0.6
    """0 to 1."""
    colours: SchemeName = "okabe-ito"
    """Liveries and interface; every scheme is safe for colour-blind eyes."""
    text_size: float = 1.0
    """Scale of type and spacing, on top of the window's."""
    full_screen: bool = False
    frame_cap: FrameCap = 60
    crash_rule: CrashRule = "back"
    """What happens to a car that leaves the road in a race: back on it with a time penalty, or out."""
    collisions: bool = False
    """Whether contact counts in a race, or cars pass through one another."""
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Names of keys, as pygame has them, by the name of the action; what is not there has its keys from keys.py."""

    def __post_init__(self) -> None:
        check_range("sound_volume", self.sound_volume, 0.0, 1.0)
        check_range("text_size", self.text_size, SMALLEST_TEXT, LARGEST_TEXT)
        for name, keys in self.keys.items():
            check_range(f"number of keys of {name}", len(keys), 0, MOST_KEYS)
        check_chosen(self.keys)


class SettingsFile:
    """Reads the settings once, and writes what is changed on a thread of its own; other windows may do so, too.

    Attributes:
        settings: as read, or the defaults, with what was changed here since.
        first: there was no file, so nobody has played here yet.
        notice: what was wrong with the file, empty if nothing was.
    """

    def __init__(self, path: Path | None = None) -> None:
        """path: the one in the config folder when left out. A broken file is renamed, never overwritten."""
        self.path = path or config_folder() / FILE_NAME
        self.settings, self.first, self.notice = Settings(), False, ""
        self._writable = True
        self._disk = ThreadPoolExecutor(1, "settings")
        self._saving: Future[None] | None = None
        self._unwritten: dict[str, object] = {}
        """Changes that the disk did not take; known to its thread alone."""
        try:
            self.settings = read_settings(self.path)
        except FileNotFoundError:
            self.first = True
        except SettingsError as error:
            self.notice = f"{error} {self._set_aside('the defaults hold')}"

    def _set_aside(self, holds: str) -> str:
        number = 1
        while (aside := self.path.with_name(f"{self.path.stem}.broken-{number}{self.path.suffix}")).exists():
            number += 1
        try:
            self.path.rename(aside)
        except OSError as error:
            self._writable = False
            return f"It stays as it is ({error.strerror}): nothing you change here is kept until it can be moved."
        return f"It is set aside as {aside.name}, and {holds}."

    def save(self, **changes: object) -> None:
        """Write some of them soon, by the names of their fields. Raises SettingsError if the write before failed."""
        self.settings = replace(self.settings, **changes)  # type: ignore[arg-type]
        before, self._saving = self._saving, None
        if self._writable:
            self._saving = self._disk.submit(self._write, self.settings, changes)
        if before is not None:
            before.result()

    def _write(self, settings: Settings, changes: Mapping[str, object]) -> None:
        """Change what the file holds by now; where there is none, it gets all the settings of this window."""
        self._unwritten |= changes
        told = ""
        try:
            settings = replace(read_settings(self.path), **self._unwritten)  # type: ignore[arg-type]
        except FileNotFoundError:
            pass
        except SettingsError as error:
            told = f"{error} {self._set_aside('the settings of this window hold')}"
        if self._writable:
            write_settings(settings, self.path)
            self._unwritten.clear()
        if told:
            raise SettingsError(told)

    def finish(self, wait: bool = True) -> None:
        """Wait for a write that is under way, or only look. Raises SettingsError if it failed."""
        if self._saving is not None and (wait or self._saving.done()):
            saving, self._saving = self._saving, None
            saving.result()

    def close(self) -> None:
        """Write the first file, if there is none yet, so that the next start is not the first; wait for the disk."""
        try:
            self.finish()
            if self.first:
                write_settings(self.settings, self.path, exclusive=True)
        finally:
            self._disk.shutdown()


def read_settings(path: Path) -> Settings:
    """Read a settings file. Raises FileNotFoundError where there is none, SettingsError where it is no good."""
    try:
        data = read_bounded(path, LARGEST_FILE)
        if len(data) > LARGEST_FILE:
            raise SettingsError(f"{path}: is too large for a settings file.")
        text = data.decode()
    except FileNotFoundError:
        raise
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read ({error}).") from error
    try:
        return parse_json(Settings, text)
    except QRaceError as error:
        raise SettingsError(f"{path}: {error}") from error


def write_settings(settings: Settings, path: Path, *, exclusive: bool = False) -> None:
    """Write them whole or not at all; exclusive: only where there is no file.

    Raises SettingsError when the disk does not take them.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):  # where exclusive: another window was first
            write_whole(path, f"{json.dumps(asdict(settings), indent=2)}\n", exclusive=exclusive)
    except OSError as error:
        raise SettingsError(
            f"{path}: the settings could not be saved ({error.strerror}): free some space there or allow writing."
        ) from error
