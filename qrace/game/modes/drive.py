"""Driving: the brain drives as well as it can, nothing is learned or stored, and anyone may take the wheel."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pygame

from qrace.env.vector_env import VectorEnv
from qrace.game.keys import Action, ModeName, Wheel
from qrace.game.limits import off_limit
from qrace.game.modes.mode import (
    ContentClock,
    Context,
    Interval,
    cars_of,
    count_text,
    lap_figure,
    mind,
    road_text,
    show_crashes,
)
from qrace.game.pace import Playback
from qrace.game.scene import RaysShown, interpolate
from qrace.sim.car import TICK_S
from qrace.view import palette
from qrace.view.panel import Figure, PanelContent
from qrace.view.q_bars import Decision

EPISODE_S = 3600.0
"""Long enough for laps of any road [s]."""
BACK_M = 20.0
"""A person who leaves the road is put back so far before the place [m]."""


@dataclass
class Tally:
    """Laps and crashes of this drive."""

    laps: int = 0
    crashes: int = 0
    best_lap_s: float | None = None
    last_lap_s: float | None = None

    def count(self, lap_times: Iterable[float], crashes: int) -> None:
        """Add laps [s] and crashes."""
        self.crashes += crashes
        for lap_s in lap_times:
            self.laps += 1
            self.last_lap_s = float(lap_s)
            self.best_lap_s = min(float(lap_s), self.best_lap_s or np.inf)


class DriveMode:
    """Greedy cars in a world of their own. One of them may have a person at its wheel."""

    name = ModeName.DRIVE

    def __init__(self, context: Context) -> None:
        self._context = context
        session = context.session
        self._policy = session.trainer.best_policy()
        self._driver = "champion" if session.trainer.champion.policy is not None else "learner"
        config = replace(session.config.env, max_episode_s=EPISODE_S, margin_m=0.0)
        self._env = VectorEnv([session.track], config, session.config.cars, np.random.default_rng(session.config.seed))
        self._playback = Playback(1)
        self._tick = config.ticks_per_action
        self._before = self._after = self._env.poses[0]
        self._interval = Interval(self._env.simulator)
        self._decision: Decision | None = None
        self._content = ContentClock()
        self._laps_before = self._env.simulator.laps.copy()
        self._all, self._own = Tally(), Tally()
        """Of all cars, and of the person at the wheel."""
        self._wheel = Wheel()
        self.at_wheel: int | None = None
        """Index of the car that a person steers."""
        context.scene.chosen %= self._env.cars

    @property
    def cars(self) -> int:
        return self._env.cars

    @property
    def env(self) -> VectorEnv:
        return self._env

    def process_event(self, event: pygame.event.Event) -> None:
        """An arrow key takes the wheel of the chosen car."""
        if self._wheel.process_event(event) and self.at_wheel is None:
            self.at_wheel = self._context.scene.chosen
            self._void_lap(self.at_wheel)
            self._context.scene.camera.following = True
            self._context.pace.index = 0
            self._context.notices.tell(f"You have the wheel of car {self.at_wheel + 1}; B gives it back.")

    def act(self, action: Action) -> None:
        if action is Action.GIVE_BACK and self.at_wheel is not None:
            self._context.notices.tell(f"The brain drives car {self.at_wheel + 1} again.")
            self._leave_wheel()

    def update(self, dt: float, deadline: float) -> None:
        if self.at_wheel is not None and self.at_wheel != self._context.scene.chosen:
            self._leave_wheel()
        self._playback.advance(self._context.pace.ticks(dt), self._run_tick, deadline)

    def _leave_wheel(self) -> None:
        if self.at_wheel is not None:
            self._void_lap(self.at_wheel)
            self.at_wheel = None

    def _void_lap(self, car: int) -> None:
        """A lap that two have driven is nobody's: the clock starts at the line."""
        self._env.simulator.lap_start_s[car] = np.nan

    def _run_tick(self) -> None:
        """The tick on screen is over; run the next, and what begins or ends with it."""
        env, simulator = self._env, self._env.simulator
        if self._tick == env.config.ticks_per_action:
            show_crashes(env, self._context.scene)
            self._begin_step()
        self._interval.begin(simulator)
        if self.at_wheel is not None:
            env.controls[self.at_wheel] = self._wheel.controls
        env.tick(self._tick)
        self._before, self._after = env.poses[self._tick], env.poses[self._tick + 1]
        self._tick += 1
        every = self._context.scene.rays_shown is RaysShown.ALL
        simulator.sense(None if every else np.array([self._context.scene.chosen]))
        self._interval.end(simulator)
        if self._tick == env.config.ticks_per_action:
            self._end_step()

    def _begin_step(self) -> None:
        env, chosen = self._env, self._context.scene.chosen
        self._laps_before[:] = env.simulator.laps
        q_values = self._policy.q_values(env.observation)
        actions = q_values.argmax(axis=1)
        env.begin_step(actions)
        taken = None if self.at_wheel == chosen else int(actions[chosen])
        self._decision = Decision(env.actions.names, q_values[chosen], taken)
        self._tick = 0

    def _end_step(self) -> None:
        env, simulator, person = self._env, self._env.simulator, self.at_wheel
        # Noted before the step ends, which puts a car that has crashed elsewhere.
        reached_m = 0.0 if person is None else float(simulator.track_position_m[person])
        own_laps = [] if person is None else self._laps_of(person)
        env.end_step()
        self._context.scene.painter.marks.add(env.poses, TICK_S)
        self._all.count(env.lap_times, int(np.count_nonzero(env.terminated)))
        if person is not None:
            self._own.count(own_laps, int(env.terminated[person]))
            if env.ended[person]:
                self._put_back(person, reached_m)

    def _laps_of(self, car: int) -> list[float]:
        """The lap that a car has completed in this step, if any [s]."""
        simulator = self._env.simulator
        return [float(simulator.last_lap_s[car])] if simulator.laps[car] > self._laps_before[car] else []

    def _put_back(self, car: int, reached_m: float) -> None:
        """Let a person go on shortly before the place where they left the road; the lap is void."""
        env, cars = self._env, np.array([car])
        env.simulator.place(cars, np.array([(reached_m - BACK_M) % self._context.session.track.length_m]))
        self._void_lap(car)
        env.simulator.sense(cars)
        env.observer.write(env.observation)
        self._context.notices.tell("Off the road: you go on a little before; the next lap counts from the line.")

    def draw(self, surface: pygame.Surface, dt: float) -> None:
        scene = self._context.scene
        _, share = self._playback.between
        sights = self._interval.sights(share, scene.chosen, scene.rays_shown)
        poses = interpolate(self._before, self._after, share)
        scene.draw(surface, cars_of(self._env, self._interval, poses, sights), dt, self._context.pace.time_scale)

    def content(self) -> PanelContent:
        if not self._content.stale():
            return self._content.kept
        context, chosen = self._context, self._context.scene.chosen
        person = self.at_wheel == chosen
        tally, whose = (self._own, "Your ") if person else (self._all, "")
        best = "Your best lap" if person else "Best of this drive"
        off = off_limit(context.session.track, self._env.config.car, tally.best_lap_s)
        return self._content.keep(
            PanelContent(
                mode=self.name.value,
                status=context.pace.label,
                status_colour=palette.WARN if context.pace.paused else palette.ACCENT,
                track=road_text(context.session.track),
                car=f"{self._env.config.car} car",
                headline=(
                    lap_figure(best, tally.best_lap_s, off_limit_pct=off),
                    lap_figure("Your last lap" if person else "Last lap", tally.last_lap_s),
                ),
                results=(
                    Figure(f"{whose}laps".capitalize(), count_text(tally.laps)),
                    Figure(f"{whose}crashes".capitalize(), count_text(tally.crashes)),
                    Figure("Brain", self._driver),
                    Figure("Updates", count_text(context.session.trainer.agent.updates)),
                ),
                mind=mind(
                    self._env.simulator,
                    chosen,
                    f"The mind of car {chosen + 1}",
                    self._interval.sight(chosen),
                    self._decision,
                    "you" if person else self._driver,
                ),
            )
        )

    def close(self) -> None:
        """Nothing is kept of a drive."""
