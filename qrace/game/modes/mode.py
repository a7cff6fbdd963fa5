"""What the window asks of a mode, and what modes share."""

import shlex
from dataclasses import dataclass, field
from time import perf_counter
from typing import Protocol

import numpy as np
import pygame
from numpy.typing import NDArray

from qrace.env.vector_env import VectorEnv
from qrace.game.bindings import Bindings
from qrace.game.gamepads import Gamepads
from qrace.game.ghosts import GhostsShown
from qrace.game.keys import Action, ModeName
from qrace.game.limits import find_road, off_limit_text
from qrace.game.pace import Pace
from qrace.game.recorder import Recorder
from qrace.game.scene import Cars, RaysShown, Scene, liveries
from qrace.game.session import Session
from qrace.game.settings import Settings
from qrace.game.speaker import Speaker
from qrace.race.records import geometry_of
from qrace.sim.car import CarName
from qrace.sim.simulator import Simulator
from qrace.sim.track import Track
from qrace.view import palette
from qrace.view.lap_board import lap_text as lap_text
from qrace.view.notice import Notices
from qrace.view.palette import Colour
from qrace.view.panel import NOTHING, Figure, Mind, PanelContent
from qrace.view.q_bars import Decision
from qrace.view.ray_fan import Sight
from qrace.view.type import Type

CONTENT_S = 0.05
"""Figures in the panel change no faster than this [s]."""
APPEAR_S = 0.3
"""A car that has been put on the road fades in over this time of its world [s] …"""
FIRST_ALPHA = 40
"""… from this opacity, of 255."""
KMH = 3.6


@dataclass
class Context:
    """What all modes work on."""

    session: Session
    scene: Scene
    pace: Pace
    notices: Notices
    type: Type
    settings: Settings = field(default_factory=Settings)
    """What the person has chosen; another object after every change, see Game.change_settings."""
    bindings: Bindings = field(default_factory=Bindings)
    """Which key does what; as the settings."""
    speaker: Speaker = field(default_factory=Speaker)
    """Silent until the window starts it."""
    gamepads: Gamepads = field(default_factory=Gamepads)
    drive_car: CarName | None = None
    """The car that the person chose to drive; None for the brain's."""
    ghosts_shown: GhostsShown = GhostsShown.ALL
    free_stage: pygame.Rect = field(default_factory=lambda: pygame.Rect(0, 0, 1, 1))
    """The part of the stage that no panel lies over."""

    @property
    def recorder(self) -> Recorder:
        """Keeps laps, races and training runs."""
        return self.session.recorder


class Mode(Protocol):
    """One thing to do in the window. A mode is made when it is entered and closed when it is left."""

    name: ModeName

    @property
    def cars(self) -> int:
        """How many cars there are to choose from."""
        ...

    def process_event(self, event: pygame.event.Event) -> bool:
        """Take notice of an event; returns whether it is to mean nothing else."""
        ...

    def update(self, dt: float, deadline: float) -> None:
        """Let dt seconds pass; stop beginning new steps at `deadline` (perf_counter time)."""
        ...

    def draw(self, surface: pygame.Surface, dt: float) -> None:
        """Draw the stage."""
        ...

    def content(self) -> PanelContent:
        """What the panel shows; the same object until it changes."""
        ...

    def act(self, action: Action) -> None:
        """Do what a key of this mode asks for."""
        ...

    def close(self) -> None:
        """Leave."""
        ...


class ContentClock:
    """Makes a panel's content anew a few times a second."""

    def __init__(self) -> None:
        self._content: PanelContent | None = None
        self._due = 0.0

    def stale(self) -> bool:
        """Whether it is time for new content."""
        now = perf_counter()
        if self._content is not None and now < self._due:
            return False
        self._due = now + CONTENT_S
        return True

    def keep(self, content: PanelContent) -> PanelContent:
        self._content = content
        return content

    @property
    def kept(self) -> PanelContent:
        assert self._content is not None
        return self._content


class Interval:
    """What the cars saw before and after the ticks on screen, so that rays move as smoothly as the cars."""

    def __init__(self, simulator: Simulator) -> None:
        self._sensors = simulator.sensors
        self._after = simulator.readings()
        self.begin(simulator)

    def begin(self, simulator: Simulator) -> None:
        """The ticks to come start from here."""
        self._before = simulator.readings()
        self._clock_s = simulator.clock_s.copy()
        self.track_position_m = simulator.track_position_m.copy()

    def end(self, simulator: Simulator, ended: NDArray[np.bool_] | None = None) -> None:
        """The ticks have run; cars that have `ended` (N,) and were put elsewhere keep what they saw."""
        self._after = simulator.readings()
        if ended is not None:
            self._after[ended] = self._before[ended]

    def sights(self, share: float, chosen: int, shown: RaysShown) -> tuple[Sight | None, ...]:
        """What is to be drawn at this share of the way from before to after."""
        if shown is RaysShown.NONE:
            return ()
        wanted = range(len(self._before)) if shown is RaysShown.ALL else (chosen,)
        sights: list[Sight | None] = [None] * len(self._before)
        for car in wanted:
            sights[car] = self.sight(car, share)
        return tuple(sights)

    def sight(self, car: int, share: float = 1.0) -> Sight:
        """What one car sees."""
        return Sight.of(self._sensors, self._before[car] + (self._after[car] - self._before[car]) * np.float32(share))

    def alpha(self) -> NDArray[np.int64]:
        """(N,) opacity: a car that has just been put on the road fades in."""
        return np.clip(self._clock_s * (255.0 / APPEAR_S), FIRST_ALPHA, 255).astype(np.int64)


def cars_of(env: VectorEnv, interval: Interval, poses: NDArray[np.float64], sights: tuple[Sight | None, ...]) -> Cars:
    """The cars of an env, at poses (N, 5)."""
    return Cars(
        poses=poses,
        track_position_m=interval.track_position_m,
        models=(env.config.car,) * env.cars,
        liveries=liveries(env.cars),
        braking=env.controls[:, 1] < 0.0,
        alpha=interval.alpha(),
        sights=sights,
    )


def show_crashes(env: VectorEnv, scene: Scene) -> None:
    """Leave a ghost and a puff where cars crashed in the env's last step."""
    for car in np.flatnonzero(env.terminated).tolist():
        x, y, heading, steer, _ = env.poses[-1, car].tolist()
        scene.crashes.add(x, y, heading, steer, int(liveries(env.cars)[car]), car + 1, env.config.car)


def lap_figure(
    label: str, lap_s: float | None, colour: Colour | None = None, off_limit_pct: float | None = None
) -> Figure:
    """A lap time to a hundredth, minutes apart from a minute on, and how far it is off the limit, if that is known."""
    note = off_limit_text(off_limit_pct)
    return Figure(
        label, lap_text(lap_s), "s" if lap_s is not None and lap_s < 60.0 else "", colour or palette.TEXT, note
    )


def count_text(count: float) -> str:
    """Large counts in groups of three, very large ones in millions."""
    return f"{count / 1e6:.2f} M" if count >= 1e6 else f"{count:,.0f}".replace(",", " ")


def number_text(value: float, decimals: int) -> str:
    return f"{value:.{decimals}f}" if np.isfinite(value) else NOTHING


def small_text(value: float) -> str:
    """A number of which only the order of magnitude and a digit or two count: "0.013", "4.2e-5"."""
    if not np.isfinite(value) or abs(value) >= 1e-3 or value == 0.0:
        return number_text(value, 3)
    digits, _, exponent = f"{value:.1e}".partition("e")
    return f"{digits}e{int(exponent)}"


def length_text(track: Track) -> str:
    """ "469 m" or "5.2 km"."""
    return f"{track.length_m / 1000:.1f} km" if track.length_m >= 1000.0 else f"{track.length_m:.0f} m"


def road_text(track: Track) -> str:
    """The road in the panel: "Oval · 254 m"."""
    return f"{track.title} · {length_text(track)}"


def limit_unknown(track: Track, car: CarName) -> str:
    """That there is no limit to show, and what finds it; a road that its name does not lead to is a file."""
    found = find_road(track.name)
    named = found is not None and geometry_of(found) == geometry_of(track)
    road = shlex.quote(track.name) if named else "FILE"
    return f"The limit is not known on this road: `python main.py reference {road} --car {car}` finds it."


def mind(simulator: Simulator, car: int, title: str, sight: Sight, decision: Decision | None, driver: str) -> Mind:
    """The panel's group about one car; `car` is its index in the simulator."""
    figures = (
        Figure("Speed", f"{simulator.speed[car] * KMH:.0f}", "km/h"),
        Figure("This lap", number_text(float(simulator.lap_time_s()[car]), 1), "s"),
        Figure("Driver", driver),
    )
    return Mind(title, figures, sight, decision)
