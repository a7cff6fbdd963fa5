"""The drivers: all saved models, who they are and what they can do; to train on, watch, race, rename, delete."""

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pygame

from qrace.errors import QRaceError
from qrace.game.driver_book import DriverBook, DriverDesk
from qrace.game.driver_deeds import race_driver, train_driver, watch_driver
from qrace.game.driver_files import SavedDriver
from qrace.game.keys import Action
from qrace.game.limits import off_limit_text
from qrace.game.screens.dialogs import Ask
from qrace.game.screens.driver_card import CAR_LENGTH, DriverCard
from qrace.game.screens.page import Page, Shape
from qrace.game.screens.rows import Row
from qrace.rl.persona import LONGEST_NAME
from qrace.view import palette
from qrace.view.car_sprites import CarSprites
from qrace.view.help_overlay import KeyHelp
from qrace.view.layout import GRID, PADDING
from qrace.view.type import WORDS

if TYPE_CHECKING:
    from qrace.game.game import Game

LIST_SHARE = 0.44
"""Of the window's width, for the list …"""
LIST_WIDEST = 480
"""… up to this [px at scale 1], as are the following."""
CARD_WIDEST = 560
BESIDE_FROM = 640
"""A narrower window has no room for the card."""
DRIVER_ROW = 40
PICTURE = 44
CAR_COLUMN, OFF_COLUMN = 10, 10
"""[figures]"""
LINE = 20
HINTS = (KeyHelp("↑ ↓", "move"), KeyHelp("Esc", "back"), KeyHelp("U", "undo"))
KEYS = {"T": "Train on", "W": "Watch", "G": "Race", "R": "Rename", "Del": "Delete"}
"""Keys of the buttons; the hint line names as many as there is room for."""
Deed = tuple[str, Callable[[], object]]
GROUPS = ("With the game", "Your own", "Saved automatically", "In the bin")


class DriversScreen(Page):
    """A list by where the drivers come from, and the marked one on a card beside it.

    Attributes:
        book: what has been read, None until then.
        shown: the drivers by row of the list, None for headings.
    """

    def __init__(self, game: "Game") -> None:
        super().__init__(game, "Drivers", Shape.FULL, hints=HINTS)
        self.book: DriverBook | None = None
        self.shown: list[SavedDriver | None] = []
        self._desk = DriverDesk(game.session.folder, game.context.recorder)
        self._reading = self._read()
        self._jobs: list[tuple[Future[Any], Callable[[Any], None]]] = []
        """On their way to the disk, and what to do once they are there."""
        self._deleted: list[Path] = []
        self._wanted: Path | None = None
        """The file to be marked once it is in the list."""
        self._sprites = CarSprites()
        self._car: tuple[object, pygame.Surface] | None = None
        self._kind: object = None

    @property
    def driver(self) -> SavedDriver | None:
        """The marked one."""
        marked = self.list.marked
        return self.shown[marked] if 0 <= marked < len(self.shown) else None

    @property
    def settled(self) -> bool:
        """Whether all that was asked for is done and shown."""
        return not self._jobs and self._reading.done() and self._reading.result() is self.book

    def _read(self) -> "Future[DriverBook]":
        self._scale = self.game.type.scale
        return self._desk.read(self.game.type.px(PICTURE))

    def update(self, dt: float, deadline: float) -> None:
        super().update(dt, deadline)
        self._finish_jobs()
        if self._reading.done():
            book = self._reading.result()
            if book is not self.book:
                self.book = book
                self._list_drivers()
                self.refresh()

    def _finish_jobs(self) -> None:
        """Those that are done."""
        while self._jobs and self._jobs[0][0].done():
            job, then = self._jobs.pop(0)
            self._reading = self._read()
            then(job.result())

    def close(self) -> None:
        """What has been asked for is done before the screen goes, or it is told why not."""
        for job, then in self._jobs:
            try:
                then(job.result())
            except QRaceError as error:
                self.game.notices.warn(str(error))
        self._desk.close()

    def _list_drivers(self) -> None:
        assert self.book is not None
        drivers, self.shown = self.book.drivers, []
        groups = (
            [driver for driver in drivers if driver.shipped],
            [driver for driver in drivers if not driver.shipped and not driver.unasked],
            [driver for driver in drivers if not driver.shipped and driver.unasked],
            list(self.book.binned),
        )
        self._names: list[str] = []
        for name, members in zip(GROUPS, groups, strict=True):
            if members:
                self.shown += [None, *members]
                self._names += [name, *("" for _ in members)]
        if self._wanted is not None:
            paths = [driver and driver.path for driver in self.shown]
            if self._wanted in paths:
                self._marks[0] = paths.index(self._wanted)
                self.list.marked = self._marks[0]
            self._wanted = None

    def build(self, body: pygame.Rect) -> None:
        type_ = self.game.type
        beside = body.width >= type_.px(BESIDE_FROM)
        width = min(round(LIST_SHARE * body.width), type_.px(LIST_WIDEST)) if beside else body.width
        rows = [self._row(place, driver) for place, driver in enumerate(self.shown)]
        place = pygame.Rect(body.left, body.top, width, body.height)
        self.list = self.add_rows(place, rows, lambda row: None, row_height=DRIVER_ROW, moved=self._moved)
        left, top = place.right + type_.px(3 * GRID), body.top + type_.px(GRID)
        room = body.right - left - type_.px(PADDING)
        self._card = pygame.Rect(left, top, min(room, type_.px(CARD_WIDEST)) if beside else 0, body.bottom - top)
        self._kind = kind = self._kind_of(self.driver)
        texts = [text for text, _ in self._deeds(kind)]
        self.hints = (*HINTS, *(KeyHelp(key, text.lower()) for key, text in KEYS.items() if text in texts))
        for text, act in self._deeds(kind):
            self.add_button(text, act, primary=not self._buttons and text != "Delete")

    def _row(self, place: int, driver: SavedDriver | None) -> Row:
        if driver is None:
            name = self._names[place]
            return Row(name, f"{'off limit':>{OFF_COLUMN}}" if place == 0 else "", heading=True)
        assert self.book is not None
        picture, laps = self.book.pictures.get(driver.path), self.book.laps.get(driver.path)
        if driver.description is None:
            return Row(driver.name, f"{'damaged':>{CAR_COLUMN}}{'':>{OFF_COLUMN}}", picture=picture, dim=True)
        off = off_limit_text(laps[0].off_pct) if laps else ""
        detail = f"{driver.description.config.env.car:>{CAR_COLUMN}}{off:>{OFF_COLUMN}}"
        return Row(driver.name, detail, picture=picture, dim=self._kind_of(driver) == "bin")

    def _kind_of(self, driver: SavedDriver | None) -> str:
        """Drivers of a kind have the same buttons."""
        if driver is None:
            return "none"
        if self.book is not None and driver in self.book.binned:
            return "bin"
        if driver.description is None:
            return "damaged"
        return "shipped" if driver.shipped else "own"

    def _deeds(self, kind: str) -> list[Deed]:
        """The buttons, the main one first."""
        use: list[Deed] = [("Train on", self.train_on), ("Watch", self.watch), ("Race", self.race)]
        change: list[Deed] = [("Rename", self.rename), ("Delete", self.delete)]
        back: list[Deed] = [("Put back", self.put_back)]
        deeds = {"bin": back, "damaged": change[1:], "shipped": use, "own": use + change}
        return deeds.get(kind, [])

    def resize(self) -> None:
        super().resize()
        if self.game.type.scale != self._scale:
            self._reading = self._read()  # pictures of another size

    def _moved(self, row: int) -> None:
        if self._kind_of(self.shown[row]) != self._kind:
            self._guard(self.refresh)

    def process_event(self, event: pygame.event.Event) -> bool:
        if event.type == pygame.MOUSEMOTION and not any(event.buttons) and self.list.rect.collidepoint(event.pos):
            return True  # on its way to the buttons the mouse marks no other driver
        return super().process_event(event)

    def enter(self) -> None:
        """Enter on a driver goes to what can be done with it."""
        if self.focused is self.list and len(self.stops) > 1:
            self.focus(1)
        else:
            super().enter()

    def press(self, key: int, character: str) -> bool:
        deeds = dict(self._deeds(self._kind_of(self.driver)))
        name = KEYS.get("Del" if key in (pygame.K_DELETE, pygame.K_BACKSPACE) else pygame.key.name(key).upper())
        if key == pygame.K_u:
            self.undo()
        elif name in deeds:
            deeds[name]()
        else:
            return False
        return True

    def train_on(self) -> None:
        if (driver := self.driver) is not None:
            train_driver(self.game, driver)

    def watch(self) -> None:
        if (driver := self.driver) is not None:
            watch_driver(self.game, driver)

    def race(self) -> None:
        if (driver := self.driver) is not None:
            race_driver(self.game, driver)

    def rename(self) -> None:
        driver = self.driver
        if driver is None:
            return
        text = "Its file and its records get the name too."
        ask = Ask(
            self.game, "Rename", text, "Rename", lambda name: self._rename(driver, name), driver.name, LONGEST_NAME
        )
        self.game.open(ask)

    def _rename(self, driver: SavedDriver, name: str) -> None:
        """Raises DriverError for a name that cannot be, and then one goes on typing."""
        name = self._desk.files.check_name(driver, name)

        def then(result: Any) -> None:
            path, persona = result
            self.game.session.file_moved(driver.path, path, persona)
            self._wanted = path
            self.game.notices.tell(f"{driver.name} is {name} now.")

        self._jobs.append((self._desk.rename(driver, name), then))

    def delete(self) -> None:
        driver = self.driver
        if driver is None:
            return

        def then(path: Path) -> None:
            self._deleted.append(path)
            self.game.notices.tell(f"{driver.name} is in the bin; U puts it back.")

        self._jobs.append((self._desk.put_in_bin(driver), then))

    def put_back(self) -> None:
        if (driver := self.driver) is not None:
            self._put_back(driver.path)

    def undo(self) -> None:
        """Put back what was deleted last."""
        if self._deleted:
            self._put_back(self._deleted.pop())

    def _put_back(self, path: Path) -> None:
        def then(back: Path) -> None:
            self._wanted = back
            self.game.notices.tell(f"{back.stem} is back.")

        self._jobs.append((self._desk.put_back(path), then))

    def draw(self, surface: pygame.Surface, dt: float) -> None:
        super().draw(surface, dt)
        driver = self.driver
        if driver is None or self.book is None:
            self._draw_empty(surface)
        elif self._card.width > 0:
            laps = self.book.laps.get(driver.path, ())
            DriverCard(surface, self._card, self.game.type).draw(driver, laps, self._picture(driver))

    def _draw_empty(self, surface: pygame.Surface) -> None:
        type_, style = self.game.type, WORDS.in_colour(palette.TEXT_DIM)
        text, save = "Reading …", self.game.keys.label(Action.SAVE)
        if self.book is not None:
            text = f"No drivers yet: {save} saves the brain that learns, while it trains."
        place = self.list.rect.inflate(-2 * type_.px(PADDING), 0)
        for line, words in enumerate(type_.wrap(text, style, place.width)):
            type_.left(surface, words, style, place.left, place.top + type_.px(LINE) * (line + 1))

    def _picture(self, driver: SavedDriver) -> pygame.Surface | None:
        """The large one, painted when first asked for."""
        if driver.description is None:
            return None
        length = self.game.type.px(CAR_LENGTH)
        key = (driver.description.config.env.car, driver.livery, driver.number, length)
        if self._car is None or self._car[0] != key:
            self._car = key, self._sprites.picture(*key)
        return self._car[1]
