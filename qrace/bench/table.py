"""Measurements as Markdown tables in a file, with the command, the date and the machine that they come from."""

import datetime
import os
import platform
import shlex
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from qrace.errors import QRaceError
from qrace.whole_file import read_bounded, write_whole

Row = dict[str, object]
MARK = "<!-- measured -->"
"""A line of a file above which everything is people's own."""
LARGEST_FILE = 16 * 2**20
"""Bytes; of a larger file nothing is kept, so none is written."""


def check_out(path: Path) -> None:
    """Find out before an hour of measuring whether the file can be written; raises QRaceError."""
    if path.suffix.lower() != ".md":
        raise QRaceError(f"{path}: measurements are kept as Markdown; give a name that ends in .md.")
    if path.is_dir():
        raise QRaceError(f"{path}: this is a folder; give a file in it.")
    if not path.parent.is_dir():
        raise QRaceError(f"{path.parent}: there is no such folder; make it, or give another --out.")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise QRaceError(f"{path}: cannot be written; give another --out.")
    _above(path)


def write_tables(path: Path, rows: Sequence[Row], words: Sequence[str]) -> None:
    """Write rows as tables, a new one wherever their columns change; the file appears whole or not at all.

    What an older file has above its mark stays.

    Args:
        path: the .md file.
        rows: the measurements.
        words: the command line that made them.

    Raises:
        QRaceError: when the file cannot be written, or what people wrote in it cannot be read.
    """
    tables = [_table(list(group)) for _, group in groupby(rows, key=list)]
    above = _above(path)
    heading = f"{'##' if above else '#'} `{shlex.join(words)}`\n\n{datetime.date.today().isoformat()}, {machine()}.\n"
    try:
        write_whole(path, above + "\n".join([heading, *tables]).encode())
    except OSError as error:
        raise QRaceError(f"{path}: cannot be written ({error.strerror}); give another --out.") from error


def _above(path: Path) -> bytes:
    """What people wrote, in whatever encoding, with the mark and an empty line; nothing without a file or a mark.

    Raises QRaceError for a file that cannot be read.
    """
    try:
        content = read_bounded(path, LARGEST_FILE)
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise QRaceError(f"{path}: cannot be read ({error.strerror}); give another --out.") from error
    if len(content) > LARGEST_FILE:
        raise QRaceError(f"{path}: is larger than {LARGEST_FILE >> 20} MB; give another --out.")
    lines = content.splitlines(keepends=True)
    marks = [number for number, line in enumerate(lines) if line.rstrip().endswith(MARK.encode())]
    return b"".join(lines[: marks[0] + 1]).rstrip() + b"\n\n" if marks else b""


def machine() -> str:
    """This machine, its Python and, where the system tells, how many processes wanted a core of late."""
    words = f"{_processor()}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    return f"{words}, load {os.getloadavg()[2]:.1f}" if hasattr(os, "getloadavg") else words


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _table(rows: Sequence[Row]) -> str:
    columns = [name for name in rows[0] if name != "bench"]
    head = [name.replace("_", " ") for name in columns]
    rule = ["---" if isinstance(rows[0][name], str) else "---:" for name in columns]
    cells = [head, rule, *([_cell(row[name]) for name in columns] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in cells)


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.2f}".rstrip("0").rstrip(".") if abs(value) >= 0.01 or value == 0.0 else f"{value:.1e}"
    return f"{value:,}" if isinstance(value, int) else str(value).replace("|", "\\|")
