"""Tracks by name or from a file: the project's own JSON, the field's CSV, and random ones by seed."""

import difflib
import json
import os
from pathlib import Path
from typing import Any

import numpy as np

from qrace.errors import printable
from qrace.sim.road_shape import RoadShape, TrackError, check_shape
from qrace.sim.track import Track
from qrace.whole_file import read_bounded, write_whole

TRACKS_FOLDER = Path(__file__).resolve().parents[2] / "tracks"

BUILTIN_ORDER = (
    "oval",
    "kidney",
    "triangle",
    "kart",
    "eight",
    "river",
    "clover",
    "hairpins",
    "old-town",
    "airfield",
    "mountain",
    "autodrome",
)
"""The order in which one meets the built-in tracks, from easy to hard."""

RANDOM_PREFIX = "random:"
LARGEST_FILE_BYTES = 4_000_000
LONGEST_TITLE, LONGEST_DESCRIPTION = 60, 300
MOST_POINTS = 20_000
"""In a file, where the first point of a closed road stands again at the end."""
_LONGEST_HEADER = 80
"""So much of a file's header is told."""
CSV_COLUMNS = ("x_m", "y_m", "w_tr_right_m", "w_tr_left_m")
"""The columns of the public racetrack databases (TUM, F1TENTH), in their usual order."""


def builtin_tracks() -> list[str]:
    """Names of the tracks in the tracks folder: the project's own in their order, then any that people put there."""
    there = {path.stem for path in TRACKS_FOLDER.glob("*.json")}
    return [name for name in BUILTIN_ORDER if name in there] + sorted(there.difference(BUILTIN_ORDER))


def load_track(name_or_path: str) -> Track:
    """The track called so.

    Args:
        name_or_path: a built-in name ("oval"), the name of one of the player's own tracks (a file's stem), a path
            ending in .json or .csv, or "random:SEED".

    Raises:
        TrackError: one sentence with the file, the field and the cure.
    """
    if name_or_path.startswith(RANDOM_PREFIX):
        return _random_track(name_or_path.removeprefix(RANDOM_PREFIX))
    path = Path(name_or_path)
    if path.suffix.lower() == ".csv":
        return _load_csv(path)
    if path.suffix.lower() == ".json":
        return _load_json(path)
    from qrace.sim.own_tracks import find_own_track  # which writes with this module

    names = builtin_tracks()
    if name_or_path in names:
        path = TRACKS_FOLDER / f"{name_or_path}.json"
        return _load_builtin(path) if name_or_path in BUILTIN_ORDER else _load_json(path)
    own = find_own_track(name_or_path)
    if own is not None:
        return load_track(str(own))
    if name_or_path and os.path.lexists(name_or_path):
        raise TrackError(f"{name_or_path}: a track file ends in .json or .csv; give such a file or a track's name.")
    close = difflib.get_close_matches(name_or_path, names, n=1)
    guess = f" (did you mean {close[0]}?)" if close else ""
    raise TrackError(
        f"There is no track called {name_or_path[:60]!r}{guess}: choose from {', '.join(names)}, random:SEED or a file."
    )


def save_track(track: Track, path: Path | str) -> None:
    """Write a track as JSON, too long a title or description cut; the file appears whole or not at all.

    Raises:
        TrackError: when the path cannot be written or does not end in .json, or a file does not hold so many points.
    """
    save_shape(track.shape, Path(path), track.title, track.description)


def save_shape(shape: RoadShape, path: Path, title: str, description: str, *, closed: bool = True) -> None:
    """As save_track, of what need not be a road yet; closed: whether it goes on from its last point to the first."""
    if path.suffix.lower() != ".json":
        raise TrackError(f"{path}: a track is saved as JSON; give a name that ends in .json.")
    ring = [*shape.points.tolist(), *(shape.points[:1].tolist() if closed else [])]  # the first again: it is closed
    if len(ring) > MOST_POINTS:
        raise TrackError(
            f"{path}: {len(ring)} points are too many for a track file, which holds {MOST_POINTS}; give the road by "
            "fewer."
        )
    rows = ",\n".join(f"    [{x!r}, {y!r}]" for x, y in ring)
    fields = {
        "format_version": 1,
        "title": (title or path.stem)[:LONGEST_TITLE],
        "description": description[:LONGEST_DESCRIPTION],
        "start_m": shape.start_m,
        **({"drawn": True} if shape.drawn else {}),
        "width_left": _one_or_all(shape.width_left, closed),
        "width_right": _one_or_all(shape.width_right, closed),
    }
    head = ",\n".join(f'  "{key}": {json.dumps(value, ensure_ascii=False)}' for key, value in fields.items())
    try:
        write_whole(path, f'{{\n{head},\n  "points": [\n{rows}\n  ]\n}}\n')
    except OSError as error:
        raise TrackError(
            f"{path}: cannot be written ({error.strerror}); choose a folder that exists and is yours."
        ) from error


def _load_builtin(path: Path) -> Track:
    """Read a file of the project's own without importing pydantic; should it be wrong, the strict reader says how."""
    try:
        return _build(_name(path), json.loads(read_bounded(path, LARGEST_FILE_BYTES)))
    except (OSError, ValueError, KeyError, TypeError, RecursionError, OverflowError, TrackError):
        return _load_json(path)


def _load_json(path: Path) -> Track:
    from qrace.sim.track_schema import parse_document  # pydantic takes 0.1 s to import, built-in tracks do without

    text = read_text(path)
    try:
        return _build(_name(path), parse_document(text))
    except TrackError as error:
        raise TrackError(f"{path}: {error}") from error


def _name(path: Path) -> str:
    """What a track from a file is called: never as the generated ones are."""
    return path.stem.replace(RANDOM_PREFIX, "random-")


def _build(name: str, fields: dict[str, Any]) -> Track:
    fields = dict(fields)
    del fields["format_version"]
    points = np.asarray(fields.pop("points"), dtype=np.float64)
    left, right = np.asarray(fields.pop("width_left")), np.asarray(fields.pop("width_right"))
    if fields.pop("reversed", False):
        shape = check_shape(points, left, right, 0.0)  # before the gap of an open road becomes a step among others
        backwards = -np.arange(len(shape.points))
        points, left, right = shape.points[backwards], shape.width_right[backwards], shape.width_left[backwards]
    return Track.from_points(name, points, left, right, **fields)


def _load_csv(path: Path) -> Track:
    rows: list[list[float]] = []
    columns: tuple[str, ...] = CSV_COLUMNS
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        cells = [cell.strip() for cell in line.lstrip("#").replace(";", ",").split(",")]
        if not any(cells):
            continue
        if line.startswith("#") or cells[0] == CSV_COLUMNS[0]:
            header = tuple(cells) if CSV_COLUMNS[0] in cells else columns
            if rows and header != columns:
                raise TrackError(f"{path}: line {number} is a second header; give one, above all the rows.")
            columns = header
            continue
        try:
            rows.append([float(cell) for cell in cells])
        except ValueError:
            raise TrackError(f"{path}: line {number} is no row of numbers; expected {_told(columns)}.") from None
        if len(rows[-1]) != len(columns):
            raise TrackError(f"{path}: line {number} has {len(cells)} numbers; expected {_told(columns)}.")
    missing = [column for column in CSV_COLUMNS if column not in columns]
    if missing:
        raise TrackError(f"{path}: the header lacks {', '.join(missing)}; expected # {','.join(CSV_COLUMNS)}.")
    table = np.array(rows, dtype=np.float64).reshape(len(rows), len(columns))
    x, y, right, left = (table[:, columns.index(column)] for column in CSV_COLUMNS)
    try:
        title = printable(path.stem.replace("_", " "))[:LONGEST_TITLE]
        return Track.from_points(_name(path), np.column_stack([x, y]), left, right, title=title)
    except TrackError as error:
        raise TrackError(f"{path}: {error}") from error


def _random_track(seed: str) -> Track:
    from qrace.sim.track_generator import generate_track

    if not (seed.isascii() and seed.isdigit() and len(seed) <= 18):
        raise TrackError(
            f"{RANDOM_PREFIX + seed[:30]!r} names no random track: its seed must be a whole number from 0 on, such as "
            f"{RANDOM_PREFIX}7."
        )
    return generate_track(int(seed))


def read_text(path: Path) -> str:
    """A text file's content, with every way of failing told in one sentence."""
    try:
        if path.is_dir():
            raise TrackError(f"{path}: this is a folder; give a track file inside it.")
        data = read_bounded(path, LARGEST_FILE_BYTES)
        if len(data) > LARGEST_FILE_BYTES:
            raise TrackError(
                f"{path}: {path.stat().st_size / 1e6:.0f} MB is no track; the limit is "
                f"{LARGEST_FILE_BYTES / 1e6:.0f} MB."
            )
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TrackError(f"{path}: this is no text; a track is JSON or CSV in UTF-8.") from None
    except (FileNotFoundError, ValueError):
        raise TrackError(f"{path}: there is no such file; check the path.") from None
    except OSError as error:
        raise TrackError(f"{path}: cannot be read ({error.strerror}); check the path and its permissions.") from error
    if not text.strip():
        raise TrackError(f"{path}: the file is empty; give a track file.")
    return text


def _one_or_all(widths: np.ndarray, closed: bool) -> float | list[float]:
    """Widths (K,) as a file has them: one number, or one for each point, of a closed ring the first again."""
    if np.ptp(widths) == 0.0:
        return float(widths[0])
    return [*widths.tolist(), *(widths[:1].tolist() if closed else [])]


def _told(columns: tuple[str, ...]) -> str:
    """A header as a sentence has it, however long it is."""
    return printable(",".join(columns)[:_LONGEST_HEADER])
