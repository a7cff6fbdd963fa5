"""The panel: what it is doing, how well, how it learns, and the chosen car's mind, in one column."""

from dataclasses import dataclass, field

import pygame

from qrace.view import palette
from qrace.view.chart import TIME_AXIS, LineChart, Series
from qrace.view.layout import GRID, PADDING
from qrace.view.palette import Colour
from qrace.view.plates import PLATE, draw_plate
from qrace.view.q_bars import Decision, QBars
from qrace.view.ray_fan import RayFan, Sight
from qrace.view.type import (
    FIGURE,
    FIGURE_LARGE,
    FIGURE_SMALL,
    HEADING,
    HEADLINE,
    LABEL,
    STRONG,
    WORDS,
    Type,
)

ROW = 20
"""A line of figures [px at scale 1], as are the following."""
GROUP_GAP = 24
HEADING_HEIGHT = 24
TITLE_HEIGHT = 48
HEADLINE_HEIGHT = 60
CHART_LEAST, CHART_MOST = 40, 88
"""Height of a chart without its time axis."""
BEST_LAP_FROM_RIGHT = 84
OFF_LIMIT_WORDS = (" off the limit", " off limit")
SLIDE_S = 0.15
"""Time in which the panel slides in or out [s]."""
NOTHING = "–"
"""Shown where there is no value yet."""


@dataclass(frozen=True)
class Figure:
    """A labelled number."""

    label: str
    value: str
    unit: str = ""
    colour: Colour = field(default_factory=lambda: palette.TEXT)
    off_limit: str = ""
    """How far a lap is off the limit, such as "+3.8 %"; shown in the headline alone."""


@dataclass(frozen=True)
class StandingRow:
    """One line of a race's standings."""

    position: str
    name: str
    livery: int
    """Index of its colour and pattern."""
    number: int | None
    """Painted on the car; None for one without."""
    best_lap: str
    gap: str
    dim: bool
    chosen: bool


@dataclass(frozen=True, eq=False)
class Mind:
    """The chosen car: what it sees and what it expects."""

    title: str
    figures: tuple[Figure, ...]
    sight: Sight | None
    """None for a car that is out."""
    decision: Decision | None
    """None while there is no brain at the wheel."""


@dataclass(frozen=True, eq=False)
class PanelContent:
    """Everything the panel shows. Empty groups are left out."""

    mode: str
    status: str
    status_colour: Colour
    track: str
    car: str
    headline: tuple[Figure, Figure]
    results: tuple[Figure, ...] = ()
    charts: tuple[Series, ...] = ()
    learning: tuple[Figure, ...] = ()
    standings: tuple[StandingRow, ...] = ()
    mind: Mind | None = None
    learner: str = ""
    """Name of the brain that learns."""


class Panel:
    """Draws the content. The bars move every frame; the rest is painted when the content is another."""

    def __init__(self, open_: bool = True) -> None:
        self.open = open_
        self._shown = 1.0 if open_ else 0.0
        self._bars = QBars()
        self._fan = RayFan()
        self._charts: dict[str, LineChart] = {}
        self._content: PanelContent | None = None
        self._image = pygame.Surface((0, 0))
        self._bars_top, self._bars_fit = 0, True

    def update(self, dt: float, content: PanelContent) -> None:
        """Move the slide and the bars on by dt [s]."""
        step = dt / SLIDE_S
        self._shown = min(1.0, self._shown + step) if self.open else max(0.0, self._shown - step)
        if content.mind is not None and content.mind.decision is not None:
            self._bars.update(content.mind.decision, dt)

    def draw(self, surface: pygame.Surface, rect: pygame.Rect, type_: Type, content: PanelContent) -> None:
        """Draw into rect, or as far as the panel has slid into it; the same content is not painted twice."""
        if self._shown <= 0.0:
            return
        if content is not self._content or self._image.get_size() != rect.size:
            self._content = content
            if self._image.get_size() != rect.size:
                self._image = pygame.Surface(rect.size)
            self._paint(type_, content)
        if content.mind is not None and content.mind.decision is not None and self._bars_fit:
            padding, decision = type_.px(PADDING), content.mind.decision
            bars = pygame.Rect(
                0, self._bars_top, rect.width - 2 * padding, self._bars.height(type_, len(decision.names))
            )
            self._bars.draw(self._image, bars.move(padding, 0), type_, decision)
        eased = 1.0 - (1.0 - self._shown) ** 3
        surface.blit(self._image, rect.move(round((1.0 - eased) * rect.width), 0))

    def _paint(self, type_: Type, content: PanelContent) -> None:
        image = self._image
        image.fill(palette.PANEL)
        pygame.draw.line(image, palette.RULE, (0, 0), (0, image.get_height()))
        column = _Column(image, type_, image.get_rect().inflate(-2 * type_.px(PADDING), -2 * type_.px(PADDING)))
        rest = column.area.height - self._height(type_, content)
        self._bars_fit = rest >= 0
        column.title(content)
        column.headline(content.headline)
        column.figures(content.results)
        if content.standings:
            column.rule()
            column.heading("Standings", ("best lap", BEST_LAP_FROM_RIGHT), ("gap", 0))
            column.standings(content.standings)
        self._draw_charts(column, content.charts, rest)
        if content.learning:
            column.rule()
            column.heading("How it learns")
            column.beside_heading("How it learns", content.learner)
            column.figures(content.learning)
        if content.mind is not None:
            column.rule()
            self._draw_mind(column, content.mind)

    def _height(self, type_: Type, content: PanelContent) -> int:
        """Height of all but the charts, which take what is left."""
        rows = -(-len(content.results) // 2) + -(-len(content.learning) // 2) + len(content.standings)
        groups = bool(content.learning) + bool(content.standings)
        height = TITLE_HEIGHT + HEADLINE_HEIGHT + rows * ROW + groups * (GROUP_GAP + HEADING_HEIGHT)
        total = type_.px(height)
        if content.mind is not None:
            total += type_.px(GROUP_GAP + HEADING_HEIGHT) + RayFan.size(type_)[1]
            if content.mind.decision is not None:
                total += type_.px(GRID) + self._bars.height(type_, len(content.mind.decision.names))
        return total

    def _draw_charts(self, column: "_Column", charts: tuple[Series, ...], rest: int) -> None:
        type_, gap, axis = column.type, column.type.px(GRID), column.type.px(TIME_AXIS)
        fitting = min(len(charts), (rest - axis - gap) // (type_.px(CHART_LEAST) + gap))
        if fitting < 1:
            return
        height = min(type_.px(CHART_MOST), (rest - axis - gap) // fitting - gap)
        column.y += gap
        for series in charts[:fitting]:
            last = series is charts[fitting - 1]
            column.y += gap
            place = pygame.Rect(column.area.left, column.y, column.area.width, height + (axis if last else 0))
            self._charts.setdefault(series.label, LineChart()).draw(column.surface, place, type_, series, last)
            column.y = place.bottom

    def _draw_mind(self, column: "_Column", mind: Mind) -> None:
        type_, area = column.type, column.area
        column.heading(mind.title)
        fan_width, fan_height = RayFan.size(type_)
        if mind.sight is not None:
            self._fan.draw(column.surface, area.left, column.y, type_, mind.sight)
        left = area.left + fan_width + type_.px(GRID)
        for row, figure in enumerate(mind.figures):
            column.figure(figure, left, area.right, column.y + row * type_.px(ROW))
        column.y += fan_height
        self._bars_top = column.y + type_.px(GRID)


class _Column:
    """Writes groups one under the other."""

    def __init__(self, surface: pygame.Surface, type_: Type, area: pygame.Rect) -> None:
        self.surface, self.type, self.area = surface, type_, area
        self.y = area.top

    def title(self, content: PanelContent) -> None:
        type_, area = self.type, self.area
        first, second = self.y + type_.px(16), self.y + type_.px(38)
        type_.left(self.surface, content.mode, HEADLINE, area.left, first)
        type_.right(self.surface, content.status, FIGURE.in_colour(content.status_colour), area.right, first)
        car_start = type_.right(self.surface, content.car, LABEL, area.right, second)
        track = type_.fit(content.track, WORDS, car_start - area.left - type_.px(GRID))
        type_.left(self.surface, track, WORDS.in_colour(palette.TEXT_DIM), area.left, second)
        self.y += type_.px(TITLE_HEIGHT)

    def headline(self, figures: tuple[Figure, Figure]) -> None:
        type_ = self.type
        for figure, left in zip(figures, (self.area.left, self.area.centerx + type_.px(GRID)), strict=True):
            type_.left(self.surface, figure.label, LABEL, left, self.y + type_.px(16))
            if figure.off_limit:
                self._off_limit(figure, left)
            style = FIGURE_LARGE.in_colour(figure.colour)
            end = type_.left(self.surface, figure.value, style, left, self.y + type_.px(46))
            if figure.value != NOTHING:
                type_.left(self.surface, figure.unit, FIGURE_SMALL, end + type_.px(4), self.y + type_.px(46))
        self.y += type_.px(HEADLINE_HEIGHT)

    def _off_limit(self, figure: Figure, left: int) -> None:
        """At the right end of the label's line, with as many words as fit."""
        type_ = self.type
        right = left + self.area.width // 2 - type_.px(GRID)
        room = right - left - type_.width(figure.label, LABEL) - type_.px(GRID)
        texts = (figure.off_limit.removeprefix("+") + words for words in OFF_LIMIT_WORDS)
        text = next((text for text in texts if type_.width(text, LABEL) <= room), figure.off_limit)
        type_.right(self.surface, text, LABEL, right, self.y + type_.px(16))

    def rule(self) -> None:
        self.y += self.type.px(GROUP_GAP) // 2
        pygame.draw.line(self.surface, palette.RULE, (self.area.left, self.y), (self.area.right - 1, self.y))
        self.y += self.type.px(GROUP_GAP) - self.type.px(GROUP_GAP) // 2

    def heading(self, text: str, *columns: tuple[str, int]) -> None:
        """A group's name, and names of columns that end so far from the right [px at scale 1]."""
        baseline = self.y + self.type.px(12)
        self.type.left(self.surface, text, HEADING, self.area.left, baseline)
        for name, from_right in columns:
            self.type.right(self.surface, name, LABEL, self.area.right - self.type.px(from_right), baseline)
        self.y += self.type.px(HEADING_HEIGHT)

    def beside_heading(self, heading: str, text: str) -> None:
        """A name at the right end of the heading just written, as much of it as fits."""
        room = self.area.width - self.type.width(heading, HEADING) - self.type.px(PADDING)
        baseline = self.y - self.type.px(HEADING_HEIGHT - 12)
        self.type.right(self.surface, self.type.fit(text, LABEL, room), LABEL, self.area.right, baseline)

    def figures(self, figures: tuple[Figure, ...]) -> None:
        """Two to a row, numbers right-aligned."""
        half = self.area.width // 2 - self.type.px(PADDING) // 2
        for index, figure in enumerate(figures):
            left = self.area.left if index % 2 == 0 else self.area.right - half
            self.figure(figure, left, left + half, self.y + index // 2 * self.type.px(ROW))
        self.y += -(-len(figures) // 2) * self.type.px(ROW)

    def figure(self, figure: Figure, left: int, right: int, top: int) -> None:
        """Of a value that is too wide for what its label leaves, such as a name, the beginning."""
        type_, baseline, style = self.type, top + self.type.px(14), FIGURE.in_colour(figure.colour)
        left = type_.left(self.surface, figure.label, LABEL, left, baseline) + type_.px(GRID // 2)
        if figure.unit and figure.value != NOTHING:
            right = type_.right(self.surface, figure.unit, FIGURE_SMALL, right, baseline) - type_.px(4)
        type_.right(self.surface, type_.fit(figure.value, style, right - left), style, right, baseline)

    def standings(self, rows: tuple[StandingRow, ...]) -> None:
        type_, area = self.type, self.area
        for row in rows:
            baseline = self.y + type_.px(14)
            ink = palette.TEXT_DIM if row.dim else palette.TEXT
            type_.right(self.surface, row.position, FIGURE.in_colour(ink), area.left + type_.px(16), baseline)
            if row.number is not None:
                draw_plate(
                    self.surface, (area.left + type_.px(24), self.y + type_.px(3)), type_, row.livery, row.number
                )
            gap_start = type_.right(self.surface, row.gap, FIGURE.in_colour(ink), area.right, baseline)
            best_start = type_.right(
                self.surface, row.best_lap, FIGURE_SMALL, area.right - type_.px(BEST_LAP_FROM_RIGHT), baseline
            )
            name_left = area.left + type_.px(24 + PLATE[0] + GRID)
            style = (STRONG if row.chosen else WORDS).in_colour(ink)
            room = min(gap_start, best_start) - name_left - type_.px(GRID)
            type_.left(self.surface, type_.fit(row.name, style, room), style, name_left, baseline)
            self.y += type_.px(ROW)
