"""A driver on the right of its list: its car, its character, where it comes from and what it can do."""

from collections.abc import Sequence

import pygame

from qrace.errors import printable
from qrace.game.driver_files import SavedDriver
from qrace.game.limits import off_limit_text, track_names
from qrace.game.modes.mode import count_text, lap_text
from qrace.game.record_book import DriverLap, duration_text
from qrace.view import palette
from qrace.view.layout import GRID
from qrace.view.type import FIGURE, FIGURE_SMALL, HEADING, HEADLINE, LABEL, WORDS, Style, Type

CAR_BAND = 96
"""Height of the strip that the car stands on [px at scale 1], as are the following."""
CAR_LENGTH = 128
LINE = 20
FACT_ROW = 24
LABEL_WIDTH = 80
OFF_WIDTH = 88
GAP = 3 * GRID
NO_LAPS = "None on record yet: watch it drive."


class DriverCard:
    """Writes from the top of its place down; what has no room is left out."""

    def __init__(self, surface: pygame.Surface, place: pygame.Rect, type_: Type) -> None:
        self._surface, self._place, self._type = surface, place, type_
        self._y = place.top

    def draw(self, driver: SavedDriver, laps: Sequence[DriverLap], car: pygame.Surface | None) -> None:
        """The whole card; car: a picture of it, None for a damaged driver."""
        self._car(car)
        self._line(driver.name, HEADLINE.in_colour(palette.TEXT), 28)
        if driver.fault:
            self._sentence(driver.fault, palette.WARN)
            return
        if driver.persona.about:
            self._sentence(driver.persona.about, palette.TEXT_DIM)
        self._y += self._type.px(GRID)
        self._facts(driver)
        self._laps(laps)
        if driver.description is not None and driver.description.command:
            self._made_by(driver.description.command)

    def _car(self, car: pygame.Surface | None) -> None:
        type_ = self._type
        band = pygame.Rect(self._place.left, self._y, self._place.width, type_.px(CAR_BAND))
        pygame.draw.rect(self._surface, palette.PANEL_RAISED, band)
        if car is not None:
            self._surface.blit(car, car.get_rect(center=band.center))
        else:
            type_.centre(self._surface, "damaged", LABEL, band.centerx, band.centery + type_.px(4))
        self._y = band.bottom

    def _line(self, text: str, style: Style, height: int) -> None:
        type_ = self._type
        self._y += type_.px(height)
        type_.left(self._surface, type_.fit(text, style, self._place.width), style, self._place.left, self._y)

    def _sentence(self, text: str, colour: palette.Colour) -> None:
        style = WORDS.in_colour(colour)
        self._y += self._type.px(GRID // 2)
        for line in self._type.wrap(text, style, self._place.width):
            self._line(line, style, LINE)

    def _facts(self, driver: SavedDriver) -> None:
        """In two columns where there is room for two."""
        type_, facts = self._type, facts_of(driver)
        columns = 2 if self._place.width >= type_.px(400) else 1
        width = self._place.width // columns
        for index, (label, value) in enumerate(facts):
            if index % columns == 0:
                self._y += type_.px(FACT_ROW)
            left = self._place.left + index % columns * width
            type_.left(self._surface, label, LABEL, left, self._y)
            left += type_.px(LABEL_WIDTH)
            room = width - type_.px(LABEL_WIDTH + GRID)
            type_.left(self._surface, type_.fit(value, WORDS, room), WORDS, left, self._y)

    def _laps(self, laps: Sequence[DriverLap]) -> None:
        type_, place = self._type, self._place
        self._heading("Best laps", "off the limit")
        if not laps:
            self._line(NO_LAPS, WORDS.in_colour(palette.TEXT_DIM), FACT_ROW)
        for lap in laps:
            if self._y + type_.px(FACT_ROW) > place.bottom:
                break
            self._y += type_.px(FACT_ROW)
            type_.left(self._surface, lap.track, WORDS, place.left, self._y)
            type_.right(self._surface, off_limit_text(lap.off_pct), FIGURE_SMALL, place.right, self._y)
            type_.right(self._surface, lap_text(lap.lap_s), FIGURE, place.right - type_.px(OFF_WIDTH), self._y)

    def _made_by(self, command: str) -> None:
        """The command line that makes this driver again, where there is room for all of it."""
        type_ = self._type
        lines = type_.wrap(printable(command), FIGURE_SMALL, self._place.width)
        if self._y + type_.px(GAP + 2 * GRID + LINE * len(lines)) <= self._place.bottom:
            self._heading("Made by")
            for line in lines:
                self._line(line, FIGURE_SMALL, LINE)

    def _heading(self, text: str, right: str = "") -> None:
        type_, place = self._type, self._place
        self._y += type_.px(GAP + GRID)
        type_.left(self._surface, text, HEADING, place.left, self._y)
        type_.right(self._surface, right, LABEL, place.right, self._y)
        self._y += type_.px(GRID)
        pygame.draw.line(self._surface, palette.RULE, (place.left, self._y), (place.right - 1, self._y))


def facts_of(driver: SavedDriver) -> list[tuple[str, str]]:
    """Label and value of what there is to know of a sound file."""
    description = driver.description
    if description is None:
        return []
    names = track_names(description.track)
    steps = description.counters.get("metrics", {}).get("steps", 0)
    roads = ", ".join(printable(name) for name in names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    return [
        ("Car", description.config.env.car),
        ("Preset", description.config.preset),
        ("Learnt on", roads or "generated roads"),
        ("Trained", f"{duration_text(description.seconds)}, {count_text(steps)} steps"),
        ("Number", f"{driver.number}, {palette.LIVERY_NAMES[driver.livery]}"),
        ("File", printable(driver.path.stem)),
    ]
