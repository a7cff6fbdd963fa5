"""The drivers with their laps and pictures, read and changed on a thread of their own beside the window."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pygame

from qrace.game.driver_files import DriverError, DriverFiles, SavedDriver
from qrace.game.record_book import DriverLap, best_laps
from qrace.game.recorder import Recorder
from qrace.race.records import LapRecord, Records
from qrace.race.records_file import RecordsError
from qrace.rl.persona import Persona
from qrace.view.car_sprites import CarSprites

T = TypeVar("T")
PICTURE_SHAPE = (1.25, 0.65)
"""Width and height of a picture in lengths of the car."""


@dataclass(frozen=True)
class DriverBook:
    """All drivers of a folder."""

    drivers: tuple[SavedDriver, ...] = ()
    """See `DriverFiles.drivers`."""
    binned: tuple[SavedDriver, ...] = ()
    laps: Mapping[Path, tuple[DriverLap, ...]] = field(default_factory=dict)
    pictures: Mapping[Path, pygame.Surface] = field(default_factory=dict)
    """A small car in its colours, all of one size; empty for a damaged driver."""


class DriverDesk:
    """Does one thing after the other. Futures raise DriverError or CheckpointError."""

    def __init__(self, folder: Path, recorder: Recorder) -> None:
        self.files = DriverFiles(folder)
        self._recorder = recorder
        self._thread = ThreadPoolExecutor(1, "drivers")

    def close(self) -> None:
        """End the thread once its work is done; not waited for."""
        self._thread.shutdown(wait=False)

    def read(self, picture_px: float) -> "Future[DriverBook]":
        """Everything there is; picture_px: length of the cars in the pictures."""
        return self._thread.submit(self._read, picture_px)

    def rename(self, driver: SavedDriver, name: str) -> "Future[tuple[Path, Persona]]":
        """Rename a driver, its file and its records; gives the file and who it is now."""
        return self._thread.submit(self._rename, driver, name)

    def put_in_bin(self, driver: SavedDriver) -> "Future[Path]":
        return self._thread.submit(self.files.put_in_bin, driver)

    def put_back(self, path: Path) -> "Future[Path]":
        return self._thread.submit(self.files.put_back, path)

    def _read(self, picture_px: float) -> DriverBook:
        none: list[LapRecord] = []
        laps = self._of_records(Records.lap_records, none)
        drivers, binned = tuple(self.files.drivers()), tuple(self.files.binned())
        sprites = CarSprites()
        return DriverBook(
            drivers,
            binned,
            laps={driver.path: best_laps(driver, laps) for driver in drivers + binned},
            pictures={driver.path: _picture(driver, sprites, picture_px) for driver in drivers + binned},
        )

    def _rename(self, driver: SavedDriver, name: str) -> tuple[Path, Persona]:
        name = self.files.check_name(driver, name)
        if name != driver.name and self._of_records(lambda records: records.has_driver(name), False):
            raise DriverError(f"The records know another {name}: give another name.")
        path = self.files.rename(driver, name)
        files = str(driver.path.resolve()), str(path.resolve())
        self._of_records(lambda records: records.rename_driver(driver.name, name, *files), None)
        persona = driver.persona
        return path, Persona(name, persona.about, persona.livery, persona.number)

    def _of_records(self, query: Callable[[Records], T], otherwise: T) -> T:
        """Where there are no records, drivers are there all the same."""
        with suppress(RecordsError):
            return self._recorder.ask(query).result()
        return otherwise


def _picture(driver: SavedDriver, sprites: CarSprites, length_px: float) -> pygame.Surface:
    place = pygame.Surface((round(PICTURE_SHAPE[0] * length_px), round(PICTURE_SHAPE[1] * length_px)), pygame.SRCALPHA)
    if driver.description is not None:
        car = sprites.picture(driver.description.config.env.car, driver.livery, driver.number, length_px)
        place.blit(car, car.get_rect(center=place.get_rect().center))
    return place
