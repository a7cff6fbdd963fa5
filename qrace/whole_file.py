"""Files that appear whole or not at all, whatever ends the program in the middle, and that are read within bounds."""

import errno
import os
import secrets
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


def write_whole(path: Path, content: str | bytes, *, exclusive: bool = False) -> None:
    """Write a file, text in UTF-8; an older one stays as it was until the new one is safe on the disk.

    Args:
        path: the file.
        content: all of it.
        exclusive: never replace what has this name already, be it a link to nothing.

    Raises OSError when the disk does not take it or there is no such folder, and leaves nothing behind; FileExistsError
    where `exclusive` finds the name taken.
    """
    temporary = path.with_name(f".{secrets.token_hex(8)}.tmp")  # short: the file's own name may be as long as names get
    try:
        with temporary.open("xb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        if exclusive:
            _take_name(temporary, path)
        else:
            temporary.replace(path)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _take_name(temporary: Path, path: Path) -> None:
    """Give a file a name that nobody has, also where two ask for it at once; raises FileExistsError if somebody has."""
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        path.touch(exist_ok=False)  # nobody else gets the name from here on
        try:
            temporary.replace(path)
        except BaseException:
            path.unlink(missing_ok=True)
            raise


def read_bounded(path: Path, limit: int) -> bytes:
    """The content of a file, of a longer one the first limit + 1 bytes, by which the caller knows it.

    Raises OSError when it cannot be read, or is a folder, a pipe or a device, which may never end.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "it is no regular file", str(path))
    with path.open("rb") as file:
        return file.read(limit + 1)


@dataclass(frozen=True)
class OwnFile:
    """A file as this program left it, which another one may replace or take away."""

    path: Path
    stamp: tuple[int, ...] | None

    @classmethod
    def as_it_is(cls, path: Path) -> "OwnFile":
        return cls(path, file_stamp(path))

    def is_there(self) -> bool:
        """Whether nobody has replaced it since, or taken it away."""
        return self.stamp is not None and file_stamp(self.path) == self.stamp


def file_stamp(path: Path) -> tuple[int, ...] | None:
    """What tells this file from one that takes its name later, None where there is none to be seen."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
