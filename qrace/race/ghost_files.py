"""The player's best laps on disk, one file per road and car, so that they can be chased at the next launch."""

import os
from pathlib import Path
from typing import Annotated, Final, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from qrace.errors import QRaceError, printable
from qrace.race.driven_lap import DrivenLap
from qrace.race.records import geometry_of
from qrace.sim.car import CarName
from qrace.sim.road_shape import FARTHEST_M
from qrace.sim.track import Track
from qrace.whole_file import read_bounded, write_whole

FORMAT_VERSION: Final = 1
LARGEST_FILE = 16 * 2**20
"""Bytes; a lap of a minute is some sixty kilobytes."""
DECIMALS = 4
"""A tenth of a millimetre, of a millisecond."""
MOST_TICKS = 200_000
"""A lap of hours is not kept."""
SET_ASIDE = ".damaged"
_LONGEST_NAME = 40
"""So much of a field's name is told."""

Number = Annotated[float, Field(ge=-2.0 * FARTHEST_M, le=2.0 * FARTHEST_M, allow_inf_nan=False)]
"""Twice as far as a road's points may lie, for a road is wide; and farther than a car comes in MOST_TICKS."""
Seconds = Annotated[float, Field(gt=0.0, le=1e5, allow_inf_nan=False)]
Column = Annotated[list[Number], Field(min_length=2, max_length=MOST_TICKS)]


class GhostError(QRaceError):
    """A best lap that cannot be read or kept."""


class _Document(BaseModel):
    """The file: JSON; columns of one length, one entry per tick."""

    model_config = ConfigDict(extra="forbid", strict=True)

    format_version: Literal[1]
    geometry: str
    car: CarName
    lap_s: Seconds
    sectors_s: Annotated[list[Seconds], Field(min_length=3, max_length=3)]
    time_s: Column
    progress_m: Column
    x: Column
    y: Column
    heading: Column
    wheels: Column

    @model_validator(mode="after")
    def _fits_together(self) -> "_Document":
        columns = (self.time_s, self.progress_m, self.x, self.y, self.heading, self.wheels)
        if len({len(column) for column in columns}) != 1:
            raise ValueError("its columns differ in length")
        if np.any(np.diff(self.time_s) <= 0.0) or np.any(np.diff(self.progress_m) < 0.0):
            raise ValueError("its time or its way runs backwards")
        if abs(sum(self.sectors_s) - self.lap_s) > 0.01 or self.time_s[-1] < self.lap_s - 0.01:
            raise ValueError("its times do not add up to the lap")
        return self


def ghost_path(folder: Path, track: Track, car: CarName) -> Path:
    """The file of the best lap with a car on exactly this road."""
    return folder / f"{geometry_of(track)}.{car}.json"


def load_ghost(folder: Path, track: Track, car: CarName) -> DrivenLap | None:
    """The lap that was kept, None if there is none yet.

    Raises:
        GhostError: the file is damaged; it has been set aside, so that a new lap does not overwrite it.
    """
    path = ghost_path(folder, track, car)
    try:
        data = read_bounded(path, LARGEST_FILE)
        if len(data) > LARGEST_FILE:
            raise ValueError("it is too large for a lap")
        document = _Document.model_validate_json(data)
        if document.geometry != geometry_of(track) or document.car != car:
            raise ValueError("it is a lap of another road or car")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise GhostError(f"{path}: your best lap cannot be read ({error.strerror}); check who may read it.") from error
    except ValueError as error:  # pydantic's errors are ValueErrors
        reason = _first_fault(error) if isinstance(error, ValidationError) else str(error)
        raise GhostError(
            f"{path.name}: your best lap there is unusable ({reason}); {_set_aside(path)}, drive a new one."
        ) from error
    poses = np.array([document.x, document.y, document.heading, document.wheels], dtype=np.float64).T
    first, second, third = document.sectors_s
    times, progress = (np.array(column, dtype=np.float64) for column in (document.time_s, document.progress_m))
    return DrivenLap(document.lap_s, (first, second, third), times, progress, poses)


def save_ghost(folder: Path, track: Track, car: CarName, lap: DrivenLap) -> None:
    """Keep a lap, whole or not at all, unless a faster one is there already (another window may have kept it).

    Raises:
        GhostError: the folder does not take it, or the lap there cannot be read and may be the faster one; what was
            there is still there.
    """
    if len(lap.time_s) > MOST_TICKS:
        return
    path = ghost_path(folder, track, car)
    try:
        kept = load_ghost(folder, track, car)
    except GhostError:
        if os.path.lexists(path):
            raise
        kept = None  # what was damaged has been set aside
    if kept is not None and kept.lap_s <= lap.lap_s:
        return
    columns = {"time_s": lap.time_s, "progress_m": lap.progress_m}
    columns |= dict(zip(("x", "y", "heading", "wheels"), lap.poses.T, strict=True))
    document = _Document(
        format_version=FORMAT_VERSION,
        geometry=geometry_of(track),
        car=car,
        lap_s=lap.lap_s,
        sectors_s=list(lap.sectors_s),
        **{name: np.round(column, DECIMALS).tolist() for name, column in columns.items()},
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(path, document.model_dump_json())
    except OSError as error:
        raise GhostError(
            f"{path}: your best lap could not be kept ({error.strerror}); free some space there or make it writable."
        ) from error


def _first_fault(error: ValidationError) -> str:
    fault = error.errors(include_url=False, include_input=False)[0]
    place = "".join(f"{printable(str(part)[:_LONGEST_NAME])} " for part in fault["loc"])
    return f"{place}{fault['msg'].removeprefix('Value error, ')}".strip()


def _set_aside(path: Path) -> str:
    """Move a damaged file out of the way; says what has become of it."""
    aside = path.with_name(f"{path.name}{SET_ASIDE}")
    number = 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.name}{SET_ASIDE}-{number}")
    try:
        path.rename(aside)
    except OSError:
        return f"it lies in {path.parent}"
    return f"it is kept as {aside}"
