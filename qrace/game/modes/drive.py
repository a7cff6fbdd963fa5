"""Driving: the brain drives as well as it can, nothing is learned or stored, and anyone may take the wheel."""

from dataclasses import replace

import numpy as np
import pygame

from qrace.env.vector_env import VectorEnv
from qrace.game.keys import Action, ModeName, Wheel
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
        self._best_lap_s: float | None = None
        self._last_lap_s: float | None = None
        self._laps = self._crashes = 0
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
            self._context.scene.camera.following = True
            self._context.pace.index = 0
            self._context.notices.tell(f"You have the wheel of car {self.at_wheel + 1}; B gives it back.")

    def act(self, action: Action) -> None:
        if action is Action.GIVE_BACK and self.at_wheel is not None:
            self._context.notices.tell(f"The brain drives car {self.at_wheel + 1} again.")
            self.at_wheel = None

    def update(self, dt: float, deadline: float) -> None:
        if self.at_wheel is not None and self.at_wheel != self._context.scene.chosen:
            self.at_wheel = None
        self._playback.advance(self._context.pace.ticks(dt), self._run_tick, deadline)

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
        q_values = self._policy.q_values(env.observation)
        actions = q_values.argmax(axis=1)
        env.begin_step(actions)
        taken = None if self.at_wheel == chosen else int(actions[chosen])
        self._decision = Decision(env.actions.names, q_values[chosen], taken)
        self._tick = 0

    def _end_step(self) -> None:
        env = self._env
        env.end_step()
        self._context.scene.painter.marks.add(env.poses, TICK_S)
        self._crashes += int(np.count_nonzero(env.terminated))
        if len(env.lap_times):
            self._laps += len(env.lap_times)
            self._last_lap_s = float(env.lap_times[-1])
            self._best_lap_s = min(float(env.lap_times.min()), self._best_lap_s or np.inf)
        if self.at_wheel is not None and env.ended[self.at_wheel]:
            car = np.array([self.at_wheel])
            env.simulator.place(car, np.zeros(1))
            env.simulator.sense(car)
            env.observer.write(env.observation)
            self._context.notices.tell("Off the road: you are back on the start line.")

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
        return self._content.keep(
            PanelContent(
                mode=self.name.value,
                status=context.pace.label,
                status_colour=palette.WARN if context.pace.paused else palette.ACCENT,
                track=road_text(context.session.track),
                car=f"{self._env.config.car} car",
                headline=(lap_figure("Best lap", self._best_lap_s), lap_figure("Last lap", self._last_lap_s)),
                results=(
                    Figure("Laps", count_text(self._laps)),
                    Figure("Crashes", count_text(self._crashes)),
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
