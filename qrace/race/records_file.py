"""The file that records are kept in: an SQLite database which several windows may use at the same time.

It is written ahead (WAL), so that readers never wait for a writer; a writer waits for another one, but not for ever.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from qrace.errors import QRaceError

BUSY_S = 5.0
"""A window waits so long for another one to finish its writing [s]."""
APPLICATION_ID = 0x51526163
"""Marks a database as QRace's own; the letters QRac."""

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """
        CREATE TABLE track (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            geometry TEXT NOT NULL,
            title TEXT NOT NULL,
            length_m REAL NOT NULL,
            UNIQUE (name, geometry)
        ) STRICT
        """,
        """
        CREATE TABLE lap_record (
            track INTEGER NOT NULL REFERENCES track,
            car TEXT NOT NULL,
            driver TEXT NOT NULL,
            lap_s REAL NOT NULL CHECK (lap_s > 0),
            sector_1_s REAL,
            sector_2_s REAL,
            sector_3_s REAL,
            driven_at TEXT NOT NULL,
            PRIMARY KEY (track, car, driver)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE race (
            id INTEGER PRIMARY KEY,
            track INTEGER NOT NULL REFERENCES track,
            laps INTEGER NOT NULL,
            driven_at TEXT NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE race_entrant (
            race INTEGER NOT NULL REFERENCES race,
            position INTEGER NOT NULL,
            name TEXT NOT NULL,
            car TEXT NOT NULL,
            laps INTEGER NOT NULL,
            best_lap_s REAL,
            total_s REAL,
            crashed INTEGER NOT NULL,
            PRIMARY KEY (race, position)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE training_run (
            file TEXT PRIMARY KEY,
            preset TEXT NOT NULL,
            tracks TEXT NOT NULL,
            seed INTEGER NOT NULL,
            seconds REAL NOT NULL,
            steps INTEGER NOT NULL,
            best_lap_s REAL,
            ended_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
    ),
)
"""Statements that lead from each version of the file to the next; one that players have is never changed."""


class RecordsError(QRaceError):
    """Records that cannot be read or written; play goes on without them."""


class _DamagedError(Exception):
    """The file is no database any more; says what is wrong with it."""


def open_records(path: Path) -> tuple[sqlite3.Connection, str]:
    """A connection to the records, made where there are none, and a sentence for the player, mostly empty.

    A damaged file is set aside as NAME.broken-N next to it, which the sentence tells, and new records begin.

    Raises:
        RecordsError: the file is from a newer QRace or another program's, or the disk refuses; it stays as it is.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        found = _identity(path)
        try:
            return _open(path), ""
        except _DamagedError as damage:
            aside = _set_aside(path, found)
            told = f"{path} is damaged ({damage}): it is kept as {aside.name}, and new records begin." if aside else ""
            return _open(path), told
    except (OSError, sqlite3.Error, _DamagedError) as error:
        raise unusable(path, error) from error


def unusable(path: Path, error: Exception) -> RecordsError:
    """What to tell of an error that keeps the records from being used."""
    return RecordsError(f"{path} cannot be used ({error}): play goes on without records.")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing; the lock is taken at the start, so that what is read inside still holds when it is written."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        with suppress(sqlite3.Error):  # a full disk has rolled back by itself
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
    try:
        _check(connection, path)
        _write_ahead(connection)
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        _migrate(connection)
    except sqlite3.DatabaseError as error:
        connection.close()
        if _code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise _DamagedError(str(error)) from error
        raise
    except BaseException:
        connection.close()
        raise
    return connection


def _check(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse what is not ours before anything is written to it."""
    connection.execute("BEGIN")  # one moment for the three: another window may be making the tables right now
    version, owner, tables = (
        connection.execute(query).fetchone()[0]
        for query in ("PRAGMA user_version", "PRAGMA application_id", "SELECT count(*) FROM sqlite_schema")
    )
    connection.execute("COMMIT")
    if tables and owner != APPLICATION_ID:
        raise RecordsError(f"{path} belongs to another program: move it away, and QRace keeps records again.")
    if version > len(MIGRATIONS):
        raise RecordsError(
            f"{path} is from a newer QRace (version {version}, this one knows {len(MIGRATIONS)}): update QRace to keep "
            "records; until then play goes on without."
        )
    health = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if health != "ok":
        raise _DamagedError(" ".join(health.split()))


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Change to WAL; SQLite does not wait by itself for another window that changes at the same moment."""
    deadline = time.monotonic() + BUSY_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if _code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def _migrate(connection: sqlite3.Connection) -> None:
    with transaction(connection):
        [version] = connection.execute("PRAGMA user_version").fetchone()
        for statements in MIGRATIONS[version:]:
            for statement in statements:
                connection.execute(statement)
        if version < len(MIGRATIONS):
            # A pragma takes no bound values; both are this file's own numbers.
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def _code(error: sqlite3.Error) -> int:
    """SQLite's primary result code; the higher bits only say more about it."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _identity(path: Path) -> tuple[int, int] | None:
    """Tells one file from another that has taken its name."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_dev, status.st_ino


def _set_aside(path: Path, found: tuple[int, int] | None) -> Path | None:
    """Move the damaged file and its journals to the first free name; None if another window has just done it."""
    if _identity(path) != found:
        return None
    aside = next(name for n in count(1) if not (name := path.with_name(f"{path.name}.broken-{n}")).exists())
    for ending in ("-wal", "-shm", ""):
        with suppress(FileNotFoundError):
            Path(f"{path}{ending}").replace(f"{aside}{ending}")
    return aside
