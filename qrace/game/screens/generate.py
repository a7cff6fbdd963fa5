"""The generator: some random tracks to choose from, and sliders for what they are like."""

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import pygame

from qrace.game.modes.mode import length_text
from qrace.game.screens.cards import Card, CardGrid
from qrace.game.screens.drawing_table import edit, go_to
from qrace.game.screens.page import Page, Shape
from qrace.game.screens.slider import Slider
from qrace.game.track_nursery import LARGEST_SEED, Grown, TrackNursery
from qrace.sim.own_tracks import save_own_track
from qrace.sim.track import Track
from qrace.sim.track_generator import RoadStyle
from qrace.view.help_overlay import KeyHelp
from qrace.view.layout import GRID, PADDING

if TYPE_CHECKING:
    from qrace.game.game import Game

CARD = (272, 184)
"""About [px at scale 1]."""
SLIDER_HEIGHT = 48
ANY = "any"
HINTS = (KeyHelp("Arrows", "choose"), KeyHelp("M", "more"), KeyHelp("Enter", "edit"), KeyHelp("Esc", "back"))


class GenerateScreen(Page):
    """Random tracks by seed.

    Attributes:
        nursery: the tracks.
        style: what they are like.
    """

    def __init__(self, game: "Game") -> None:
        super().__init__(game, "Generate a track", Shape.FULL, hints=HINTS, pauses=True)
        self.nursery = TrackNursery()
        self.style = RoadStyle()
        self._wanted: dict[str, float] = {}
        """What the sliders were moved to."""
        self._first_seed = 1
        self._row: tuple[object, ...] = ()
        self._marked = self._shown = 0
        self._kept: dict[Track, Track] = {}

    def build(self, body: pygame.Rect) -> None:
        type_ = self.game.type
        inner = body.inflate(-2 * type_.px(PADDING), 0)
        cards = pygame.Rect(inner.left, inner.top, inner.width, inner.height - type_.px(SLIDER_HEIGHT + 2 * PADDING))
        grid = (
            max(2, cards.width // type_.px(CARD[0])),
            max(1, (cards.height + type_.px(PADDING)) // type_.px(CARD[1] + PADDING)),
        )
        self._count = grid[0] * grid[1]
        self._size = CardGrid.picture_size(cards, *grid, type_)
        self.cards = CardGrid(cards, self.gui.manager, type_, grid, self._cards(), self._take_card, self._marked)
        self.add(self.cards)
        self._build_sliders(pygame.Rect(inner.left, cards.bottom + type_.px(PADDING), inner.width, 0))
        self.add_button("Edit", lambda: self._edit(self._chosen()), primary=True)
        self.add_button("Let cars learn", lambda: self._go("train"))
        self.add_button("Drive", lambda: self._go("drive"))
        self.add_button("Keep", self._keep_chosen)
        self.add_button("More", self.more)
        self._grow()

    def _build_sliders(self, rect: pygame.Rect) -> None:
        type_ = self.game.type
        gap = type_.px(3 * GRID)
        width = (rect.width - 2 * gap) // 3
        for place, (name, label, ends, step, usual) in enumerate(
            (
                ("length", "Length", (0.5, 7.0), 0.1, 2.0),
                ("width", "Width", (8.0, 18.0), 0.5, 11.5),
                ("twistiness", "Twistiness", (0.0, 1.0), 0.1, 0.5),
            )
        ):
            where = pygame.Rect(rect.left + place * (width + gap), rect.top, width, type_.px(SLIDER_HEIGHT))
            self.add(
                Slider(
                    where,
                    self.gui.manager,
                    type_,
                    label,
                    ends,
                    step,
                    self._wanted.get(name, usual),
                    lambda value, name=name: self._value_text(name, value),  # type: ignore[misc]
                    lambda value, name=name: self._want(name, value),  # type: ignore[misc]
                )
            )

    def _value_text(self, name: str, value: float) -> str:
        if name not in self._wanted:
            return ANY
        return {"length": f"{value:.1f} km", "width": f"{value:.1f} m", "twistiness": f"{value:.0%}"}[name]

    def _want(self, name: str, value: float) -> None:
        self._wanted[name] = value
        style = RoadStyle()
        if (length := self._wanted.get("length")) is not None:
            style = replace(style, length_m=(850.0 * length, 1150.0 * length))
        if (width := self._wanted.get("width")) is not None:
            style = replace(style, width_m=(0.9 * width, 1.1 * width))
        if (twistiness := self._wanted.get("twistiness")) is not None:
            style = replace(style, twistiness=(max(twistiness - 0.1, 0.0), min(twistiness + 0.1, 1.0)))
        self.style = style
        self._grow()

    def _grow(self) -> None:
        seeds = [self._first_seed + place for place in range(self._count)]
        row = tuple(seeds), self.style, self._size
        if row != self._row:
            self._row = row
            self.nursery.grow(seeds, self.style, self._size)
            self.cards.set_cards(self._cards())

    def _cards(self) -> list[Card]:
        self._shown = len(self.nursery.grown)
        if not self.nursery.seeds:
            return [Card("", "")] * self._count
        return [_card(seed, self.nursery.grown.get(seed)) for seed in self.nursery.seeds]

    def more(self) -> None:
        """The next seeds; after the last the first again."""
        self._first_seed += self._count
        if self._first_seed + self._count > LARGEST_SEED:
            self._first_seed = 1
        self.cards.mark(0)
        self._grow()

    def _chosen(self) -> Track | None:
        grown = self.nursery.grown.get(self.nursery.seeds[self.cards.marked])
        return grown.track if grown is not None else None

    def _take_card(self, index: int) -> None:
        self.game.screens.later(lambda: self._edit(self._chosen()))

    def _edit(self, track: Track | None) -> None:
        if track is not None:
            self.game.back()
            edit(self.game, track, kept=self._by_name)

    @property
    def _by_name(self) -> bool:
        """Whether "random:SEED" gives these tracks again, anywhere."""
        return self.style == RoadStyle()

    def _go(self, what: Literal["drive", "train"]) -> None:
        if (track := self._chosen()) is not None:
            go_to(self.game, track if self._by_name else self._keep(track), what)

    def _keep_chosen(self) -> None:
        if (track := self._chosen()) is not None:
            self.game.notices.tell(f"Kept as {self._keep(track).name}.json.")

    def _keep(self, track: Track) -> Track:
        """The track as one of the player's own, saved once."""
        if track not in self._kept:
            self._kept[track] = save_own_track(track, self.game.table.folder)
        return self._kept[track]

    def press(self, key: int, character: str) -> bool:
        if key == pygame.K_m:
            self.more()
            return True
        return False

    def _sideways(self, step: int) -> None:
        stop = self.focused
        if isinstance(stop, CardGrid):
            stop.move(step)
        elif isinstance(stop, Slider):
            stop.change(step)
        else:
            super()._sideways(step)

    def _step(self, step: int) -> None:
        if not (isinstance(self.focused, CardGrid) and abs(step) == 1 and self.cards.move(0, step)):
            super()._step(step)

    def enter(self) -> None:
        if isinstance(self.focused, (CardGrid, Slider)):
            self._edit(self._chosen())
        else:
            super().enter()

    def resize(self) -> None:
        if self.stops:
            self._marked = self.cards.marked
        super().resize()

    def update(self, dt: float, deadline: float) -> None:
        super().update(dt, deadline)
        self.nursery.update()
        if len(self.nursery.grown) != self._shown:
            self.cards.set_cards(self._cards())

    def close(self) -> None:
        self.nursery.close()


def _card(seed: int, grown: Grown | None) -> Card:
    if grown is None:
        return Card(f"Random {seed}", "growing")
    track = grown.track
    if track is None:
        return Card(f"Random {seed}", grown.fault)
    width = float((track.width_left + track.width_right).mean())
    return Card(track.title, f"{length_text(track)} · {width:.0f} m wide", grown.picture)
