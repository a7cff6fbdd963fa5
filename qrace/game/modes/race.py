"""A race on this track: saved brains, and whoever sits at the keyboard."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pygame
from numpy.typing import NDArray

from qrace.env.actions import ACTION_TABLES
from qrace.game.keys import Action, ModeName
from qrace.game.modes.mode import KMH, ContentClock, Context, lap_figure, lap_text, mind, road_text
from qrace.game.pace import Playback
from qrace.game.scene import Cars, RaysShown, interpolate
from qrace.game.wheel import Steered, Wheel
from qrace.race.entrant import Entrant
from qrace.race.race import Race, Standing
from qrace.race.records import RaceResult
from qrace.race.rules import RaceRules
from qrace.rl.policy import Policy
from qrace.sim.car import TICK_S
from qrace.view import palette
from qrace.view.panel import NOTHING, Figure, Mind, PanelContent, StandingRow
from qrace.view.q_bars import Decision
from qrace.view.ray_fan import Sight
from qrace.view.type import DISPLAY

COUNTDOWN_S = 3.0


@dataclass(frozen=True, eq=False)
class Entry:
    """An entrant and what drives it: a policy that can also tell what it expects, or None for a person."""

    entrant: Entrant
    policy: Policy | None


class RaceMode:
    """Runs a Race tick by tick; a person's car, if there is one, follows the arrow keys."""

    name = ModeName.RACE

    def __init__(self, context: Context, entries: Sequence[Entry], laps: int) -> None:
        self._context = context
        self._entrants = [entry.entrant for entry in entries]
        self._policies = [entry.policy for entry in entries]
        self._laps = laps
        self._wheel = Wheel(context.gamepads, lambda: context.bindings)
        self._person = next((i for i, policy in enumerate(self._policies) if policy is None), None)
        context.scene.chosen = self._person or 0
        if self._person is not None:
            context.scene.camera.following = True
        self._start()

    def _start(self) -> None:
        self.race = Race(self._context.session.track, self._entrants, self._laps, RaceRules(crash="out"))
        self._playback = Playback(1)
        self._context.pace.index = 0  # whatever the last race ended at: a start is to be seen
        self._countdown_s = COUNTDOWN_S
        self._end_s: float | None = None
        self._crashed = np.zeros(len(self.race.cars), dtype=np.bool_)
        self._rays = [car.simulator.rays[0].copy() for car in self.race.cars]
        self._rays_before = list(self._rays)
        self._content = ContentClock()

    @property
    def cars(self) -> int:
        return len(self.race.cars)

    def process_event(self, event: pygame.event.Event) -> bool:
        self._wheel.process_event(event)
        return False

    def act(self, action: Action) -> None:
        if action is Action.NEW_BRAIN:  # in a race the same key starts it again
            self._start()

    def update(self, dt: float, deadline: float) -> None:
        pace = self._context.pace
        if self._person is not None:
            simulator = self.race.cars[self._person].simulator
            x, y, heading, _, speed = self.race.poses[1, self._person].tolist()
            steered = Steered(simulator.model, x, y, heading, speed)
            self._wheel.update(dt, steered, self._context.scene.camera.to_world)
        if self._countdown_s > 0.0:
            self._countdown_s -= 0.0 if pace.paused else dt * pace.time_scale
            return
        self._playback.advance(pace.ticks(dt), self._tick, deadline)

    def _tick(self) -> None:
        race, scene = self.race, self._context.scene
        if self._person is not None:
            race.cars[self._person].controls[0] = self._wheel.controls
        race.tick()
        for index, car in enumerate(race.cars):
            if car.out and not self._crashed[index]:
                self._crashed[index] = True
                x, y, heading, steer, _ = race.poses[1, index].tolist()
                scene.crashes.add(x, y, heading, steer, car.entrant.livery, car.entrant.number, car.entrant.config.car)
                if index == self._person:
                    self._context.notices.tell("You are out. Tab watches another car, R races again.")
            if index == scene.chosen or scene.rays_shown is RaysShown.ALL:
                car.simulator.sense()
                self._rays_before[index], self._rays[index] = self._rays[index], car.simulator.rays[0].copy()
        scene.painter.marks.add(race.poses, TICK_S)
        if race.finished and self._end_s is None:
            times = [car.finish_s for car in race.cars if car.finish_s is not None]
            self._end_s = max(times, default=race.clock_s)
            self._context.recorder.race(race.track, RaceResult.of(race))
            self._tell_result(race.standings()[0])

    def _tell_result(self, winner: Standing) -> None:
        if winner.total_s is None:
            self._context.notices.tell("Nobody saw the flag. R races again, T goes back to training.")
        else:
            name, time = winner.name, lap_text(winner.total_s)
            self._context.notices.tell(f"{name} won in {time}. R races again, T goes back to training.")

    def draw(self, surface: pygame.Surface, dt: float) -> None:
        race, scene = self.race, self._context.scene
        _, share = self._playback.between
        cars = Cars(
            poses=interpolate(race.poses[0], race.poses[1], share),
            track_position_m=np.array([car.simulator.track_position_m[0] for car in race.cars]),
            models=tuple(car.entrant.config.car for car in race.cars),
            liveries=np.array([car.entrant.livery for car in race.cars]),
            braking=np.array([car.controls[0, 1] < 0.0 for car in race.cars]),
            alpha=np.where(self._crashed, 0, 255),
            sights=self._sights(share),
        )
        scene.draw(surface, cars, dt, self._context.pace.time_scale)
        if self._countdown_s > 0.0:
            self._draw_countdown(surface)

    def _draw_countdown(self, surface: pygame.Surface) -> None:
        type_, stage = self._context.type, self._context.scene.camera.viewport
        text = f"{np.ceil(self._countdown_s):.0f}"
        box = pygame.Rect(0, 0, type_.px(64), type_.px(64))
        box.midtop = (stage.centerx, stage.top + stage.height // 6)
        pygame.draw.rect(surface, palette.PANEL, box)
        type_.centre(surface, text, DISPLAY, box.centerx, box.centery + type_.px(10))

    def _sights(self, share: float) -> tuple[Sight | None, ...]:
        scene = self._context.scene
        sights: list[Sight | None] = [None] * self.cars
        for index in range(self.cars):
            wanted = index == scene.chosen or scene.rays_shown is RaysShown.ALL
            if wanted and scene.rays_shown is not RaysShown.NONE and not self._crashed[index]:
                before, after = self._rays_before[index], self._rays[index]
                sights[index] = self._sight(index, before + (after - before) * np.float32(share))
        return tuple(sights)

    def _sight(self, index: int, distances: NDArray[np.float32]) -> Sight:
        sensors = self.race.cars[index].simulator.sensors
        return Sight(np.deg2rad(sensors.angles_deg), distances, sensors.range_m)

    def content(self) -> PanelContent:
        if not self._content.stale():
            return self._content.kept
        context, race, chosen = self._context, self.race, self._context.scene.chosen
        watched = race.cars[chosen]
        speed = Figure("Speed", f"{watched.simulator.speed[0] * KMH:.0f}", "km/h")
        return self._content.keep(
            PanelContent(
                mode=self.name.value,
                status=context.pace.label,
                status_colour=palette.WARN if context.pace.paused else palette.ACCENT,
                track=road_text(race.track),
                car=f"{race.laps} laps" if race.laps > 1 else "1 lap",
                headline=(
                    self._progress(),
                    lap_figure("Race time", race.clock_s if self._end_s is None else self._end_s),
                ),
                results=(
                    lap_figure(f"Best lap, car {chosen + 1}", watched.best_lap_s),
                    Figure("Speed", "out") if watched.out else speed,
                ),
                standings=tuple(self._standing_row(row) for row in race.standings()),
                mind=self._mind(chosen),
            )
        )

    def _progress(self) -> Figure:
        """The leader's lap, until the last car has seen the flag or is out."""
        if self._end_s is not None:
            return Figure("Race", "Finished")
        lap = min(max(car.laps for car in self.race.cars) + 1, self.race.laps)
        return Figure("Lap", f"{lap}", f"of {self.race.laps}")

    def _standing_row(self, row: Standing) -> StandingRow:
        if row.out:
            gap = "out"
        elif row.total_s is not None and row.position == 1:
            gap = lap_text(row.total_s)
        elif row.gap_s is None:
            gap = NOTHING
        else:
            gap = "leads" if row.position == 1 else f"+{row.gap_s:.2f}"
        return StandingRow(
            position=str(row.position),
            name=row.name,
            livery=palette.LIVERIES[self._entrants[row.entrant].livery],
            best_lap=lap_text(row.best_lap_s),
            gap=gap,
            dim=row.out,
            chosen=row.entrant == self._context.scene.chosen,
        )

    def _mind(self, chosen: int) -> Mind:
        car = self.race.cars[chosen]
        policy = self._policies[chosen]
        title = "Your car" if policy is None else f"The mind of car {car.entrant.number}"
        if car.out:
            return Mind(title, (Figure("This race", "out", colour=palette.WARN),), None, None)
        decision = None
        if policy is not None:
            names = ACTION_TABLES[car.entrant.config.car].names
            decision = Decision(names, policy.q_values(car.observation)[0], car.action)
        sight = self._sight(chosen, self._rays[chosen])
        return mind(car.simulator, 0, title, sight, decision, "you" if policy is None else "brain")

    def close(self) -> None:
        """Nothing is kept of a race."""
