"""Training: all cars learn, and one watches."""

from time import perf_counter

import numpy as np
import pygame

from qrace.game.bells import TrainingBell
from qrace.game.keys import Action, ModeName
from qrace.game.limits import limit_of, off_limit
from qrace.game.modes.mode import (
    ContentClock,
    Context,
    Interval,
    cars_of,
    count_text,
    lap_figure,
    mind,
    number_text,
    road_text,
    show_crashes,
    small_text,
)
from qrace.game.pace import Playback, Rate
from qrace.game.scene import interpolate
from qrace.rl.backup import Backup, Transition, backup
from qrace.rl.evaluate import Evaluation
from qrace.sim.car import TICK_S
from qrace.view import palette
from qrace.view.chart import Series
from qrace.view.panel import NOTHING, Figure, PanelContent
from qrace.view.q_bars import Decision

CHARTS_S = 0.5
"""The charts grow no faster than this [s]."""


class TrainMode:
    """Runs Trainer.step() as time passes; its updates run on the second thread while the frame is drawn."""

    name = ModeName.TRAIN

    def __init__(self, context: Context) -> None:
        self._context = context
        self._trainer = context.session.trainer
        env = self._trainer.env
        self._playback = Playback(env.config.ticks_per_action)
        self._interval = Interval(env.simulator)
        self._watched: tuple[Transition, Decision] | None = None
        """What the chosen car decided last and what came of it; another car may have been chosen since."""
        self._decision_due = True
        self._backup: Backup | None = None
        self._sound_at: float = self._trainer.metrics.updates
        """Updates before the first whose loss is told; infinite when all is lost."""
        self._content = ContentClock()
        self._charts: tuple[Series, ...] = ()
        self._charts_due = 0.0
        self._bell = TrainingBell(context.speaker, self._trainer.metrics.best_lap_s)
        self._steps, self._updates = Rate(), Rate()
        context.scene.chosen %= env.cars

    @property
    def cars(self) -> int:
        return self._trainer.env.cars

    @property
    def backup(self) -> Backup | None:
        """The last decision of the chosen car in the Bellman equation, once there is one."""
        found = self._backup
        return found if found is not None and found.transition.car == self._context.scene.chosen else None

    def process_event(self, event: pygame.event.Event) -> bool:
        """Nothing but the keys of the table."""
        return False

    def act(self, action: Action) -> None:
        """No key is for training alone."""

    def update(self, dt: float, deadline: float) -> None:
        self._decision_due = True
        self._playback.advance(self._context.pace.ticks(dt), self._step, deadline)
        now, metrics = perf_counter(), self._trainer.metrics
        self._bell.update(dt, metrics.best_lap_s)
        self._steps.update(now, metrics.steps)
        self._updates.update(now, metrics.updates)
        if metrics.updates > self._sound_at and not np.isfinite(metrics.loss):
            self._sound_at = np.inf  # once is enough
            self._context.notices.warn("The learner blew up: R starts a new brain, L trains a saved one on.")

    def _step(self) -> None:
        """The step on screen is over: show who crashed in it, and run the next."""
        context, trainer, env = self._context, self._trainer, self._trainer.env
        chosen = context.scene.chosen
        show_crashes(env, context.scene)
        trainer.join()
        context.session.greedy_laps.note(trainer)
        self._interval.begin(env.simulator)
        watched = self._decision_due  # once a frame is enough for the panel
        if watched:
            observation = env.observation[chosen : chosen + 1].copy()
            q_values = trainer.agent.q_values(observation)[0]
            if self._watched is not None:
                self._backup = backup(trainer.agent, self._watched[0], trainer.config.learner.discount)
        trainer.step(background=True)
        context.session.record_laps([*env.lap_times, *(e.best_lap_s for e in trainer.champion.evaluations)])
        self._interval.end(env.simulator, env.ended)
        context.scene.painter.marks.add(env.poses, TICK_S)
        if watched:
            taken = int(np.abs(env.actions.controls - env.controls[chosen]).sum(axis=1).argmin())
            transition = Transition(
                observation[0],
                taken,
                float(env.reward[chosen]),
                env.next_observation[chosen].copy(),
                bool(env.terminated[chosen]),
                chosen,
            )
            self._watched = transition, Decision(env.actions.names, q_values, taken)
            self._decision_due = False

    def draw(self, surface: pygame.Surface, dt: float) -> None:
        env, scene = self._trainer.env, self._context.scene
        tick, share = self._playback.between
        sights = self._interval.sights((tick + share) / self._playback.ticks, scene.chosen, scene.rays_shown)
        poses = interpolate(env.poses[tick], env.poses[tick + 1], share)
        scene.draw(surface, cars_of(env, self._interval, poses, sights), dt, self._context.pace.time_scale)

    def content(self) -> PanelContent:
        if not self._content.stale():
            return self._content.kept
        context, trainer, metrics = self._context, self._trainer, self._trainer.metrics
        pace, chosen, search = context.pace, context.scene.chosen, self._trainer.champion
        return self._content.keep(
            PanelContent(
                mode=self.name.value,
                status=pace.label,
                status_colour=palette.WARN if pace.paused else palette.ACCENT,
                track=road_text(context.session.track),
                car=f"{trainer.config.env.car} car",
                headline=(
                    lap_figure("Best lap", metrics.best_lap_s, off_limit_pct=self._off_limit(metrics.best_lap_s)),
                    lap_figure("Last lap", metrics.last_lap_s),
                ),
                results=(
                    Figure("Laps", count_text(metrics.laps)),
                    Figure("Return", number_text(metrics.mean_return, 1)),
                    examined("Champion", search.evaluations),
                    examined("Learner", search.latest),
                ),
                charts=self._series(),
                learning=(
                    Figure("Episodes", count_text(metrics.episodes)),
                    Figure("Steps", count_text(metrics.steps)),
                    _exploration(metrics.epsilon, trainer.agent.explored),
                    Figure("Loss", small_text(metrics.loss)),
                    Figure("Updates/s", count_text(self._updates.per_second)),
                    Figure("Steps/s", count_text(self._steps.per_second)),
                ),
                mind=mind(
                    trainer.env.simulator,
                    chosen,
                    f"The mind of car {chosen + 1}",
                    self._interval.sight(chosen),
                    self._decision_of(chosen),
                    "learner",
                ),
                learner=context.session.brain_name,
            )
        )

    def _decision_of(self, car: int) -> Decision:
        """The last one that was watched if it is this car's, else what the car expects where it is now."""
        if self._watched is not None and self._watched[0].car == car:
            return self._watched[1]
        env = self._trainer.env
        q_values = self._trainer.agent.q_values(env.observation[car : car + 1])[0]
        return Decision(env.actions.names, q_values, None)

    def _off_limit(self, lap_s: float | None) -> float | None:
        return off_limit(self._context.session.track, self._trainer.config.env.car, lap_s)

    def _series(self) -> tuple[Series, ...]:
        now = perf_counter()
        if now >= self._charts_due:
            self._charts_due = now + CHARTS_S
            history = self._trainer.metrics.history
            x = np.array([point.world_s for point in history])
            returns = np.array([point.mean_return for point in history])
            lap_x, laps = self._context.session.greedy_laps.curve()
            limit = limit_of(self._context.session.track, self._trainer.config.env.car)
            best_s = self._trainer.metrics.best_lap_s
            goal_s, goal = (best_s, "best") if limit is None else (limit.limit_s, "limit")
            self._charts = (
                Series("Return", "", x, returns, palette.ACCENT),
                Series("Greedy lap", "s", lap_x, laps, palette.WARN, goal_s, goal),
            )
        return self._charts

    def close(self) -> None:
        self._trainer.join()


def _exploration(epsilon: float, explored: float | None) -> Figure:
    """How much is tried that is not thought best: epsilon, or what a softmax made of it in the last step."""
    if explored is None:
        return Figure("Epsilon", number_text(epsilon, 2))
    return Figure("Explores", f"{100 * explored:.0f}", "%")


def examined(label: str, evaluations: list[Evaluation]) -> Figure:
    """How a greedy examination went: the best clean lap, or how far round the cars came."""
    if not evaluations:
        return Figure(label, NOTHING)
    best = evaluations[0]
    if best.best_lap_s is not None:
        return lap_figure(label, best.best_lap_s, palette.GOOD)
    return Figure(label, f"{100 * best.progress:.0f}", "% lap")
