"""A race: saved brains, and whoever sits at the wheel, from the lights to the flag."""

from collections.abc import Callable
from threading import Thread

import numpy as np
import pygame
from numpy.typing import NDArray

from qrace.game.bells import RaceBell
from qrace.game.ghosts import LOOKS, GhostName
from qrace.game.keys import Action, ModeName
from qrace.game.modes.mode import ContentClock, Context, lap_text, limit_unknown
from qrace.game.modes.race_panel import race_content
from qrace.game.pace import Playback
from qrace.game.race_plan import RacePlan
from qrace.game.scene import Cars, RaysShown, interpolate
from qrace.game.wheel import HeldControls, Steered, Wheel
from qrace.race.contacts import warm_up_contact
from qrace.race.limit_ghost import LimitGhost
from qrace.race.race import Race, Standing
from qrace.race.records import RaceResult
from qrace.race.rules import LIGHTS, PENALTY_S, StartLights
from qrace.sim.car import TICK_S
from qrace.view.ghosts import Ghost, draw_ghost_letters
from qrace.view.panel import PanelContent
from qrace.view.ray_fan import Sight
from qrace.view.start_lights import draw_start_lights

WAITING_ALPHA = 110
"""A car that stands for a penalty is pale, of 255 …"""
PASS_THROUGH_ALPHA = 180
"""… and less so while nobody can touch it yet."""
DARK_S = 1.0
"""The dark lights stay for so long after the start [s]."""
RESULT_AFTER_S = 2.5
"""Time from the end of the race to its result [s]."""


class RaceMode:
    """Runs a Race tick by tick; a person's car, if there is one, follows the wheel.

    Attributes:
        plan: what was agreed.
        race: under way.
        ghost: the limit's car, None where none was asked for or none is known.
        readings: what each car saw last, (R + 2 K,), see Simulator.readings [m].
        end_s: race time at which it was over for the last car, None before.
    """

    name = ModeName.RACE

    def __init__(self, context: Context, plan: RacePlan, ended: Callable[["RaceMode"], object] | None = None) -> None:
        """ended: called when the result is due on screen."""
        self.context, self.plan = context, plan
        self._ended = ended or (lambda mode: None)
        self._wheel = Wheel(context.gamepads, lambda: context.bindings)
        self.person = next((i for i, entry in enumerate(plan.entries) if entry.policy is None), None)
        if plan.track is not context.scene.track:
            context.scene.change_track(plan.track)
        self._start()

    def _start(self) -> None:
        plan, scene = self.plan, self.context.scene
        scene.chosen = self.person or 0  # whoever was watched last
        scene.camera.following = scene.camera.following or self.person is not None
        self.race = Race(plan.track, [entry.entrant for entry in plan.entries], plan.laps, plan.rules)
        self.ghost: LimitGhost | None = None
        self._untold = ""  # what the preparation finds that the person should know
        self._lights, self._lights_s = StartLights(plan.lights_seed), 0.0
        self._preparation = Thread(target=self._prepare, name="race", daemon=True)
        self._preparation.start()
        self._bell = RaceBell(self.context.speaker)
        self._playback = Playback(1)
        self.context.pace.index = 0  # whatever the last race ended at: a start is to be seen
        self.end_s: float | None = None
        self._since_end_s, self._told = 0.0, False
        self._crashes = [0] * self.cars
        self._held, self._begun = HeldControls(), False
        self._before = self._after = self.race.poses[1]
        """Poses (N, 5) at the beginning and the end of the tick on screen."""
        self._driven = [self.race.poses[1].copy()]
        """Poses (N, 5) after the ticks whose tyre marks are still to be left, and before them."""
        self.readings = [car.simulator.readings()[0] for car in self.race.cars]
        self._readings_before = list(self.readings)
        self._in_view: set[int] = set()
        self._content = ContentClock()

    def _prepare(self) -> None:
        """What would hold up a frame: compiling, and the limit's replay."""
        if self.plan.rules.collisions:
            warm_up_contact()
        if self.plan.limit:
            track, car = self.plan.track, self.plan.entries[0].entrant.config.car
            self.ghost = LimitGhost.of(track, car, self.plan.laps)
            self._untold = "" if self.ghost is not None else limit_unknown(track, car)

    @property
    def cars(self) -> int:
        return len(self.race.cars)

    @property
    def lights(self) -> int:
        """How many red lights burn."""
        return self._lights.lit(self._lights_s)

    @property
    def started(self) -> bool:
        """Whether the lights have gone out."""
        return self._lights_s >= self._lights.out_s

    def process_event(self, event: pygame.event.Event) -> bool:
        self._wheel.process_event(event)
        return False

    def act(self, action: Action) -> None:
        if action is Action.NEW_BRAIN:  # in a race the same key starts it again
            self.plan = self.plan.again()
            self._start()

    def update(self, dt: float, deadline: float) -> None:
        pace = self.context.pace
        self._turn_wheel(dt)
        self._look_around()
        if not self.started:
            ready = not self._preparation.is_alive()
            if ready and self._untold:
                self.context.notices.warn(self._untold)
                self._untold = ""
            passed_s = 0.0 if pace.paused else dt * pace.time_scale
            latest_s = np.inf if ready else np.nextafter(self._lights.out_s, 0.0)
            self._lights_s = min(self._lights_s + passed_s, latest_s)
            self._bell.lights(self.lights, self.started)
            return
        self._lights_s += dt
        self._playback.advance(pace.ticks(dt), self._next_tick, deadline)
        self._look_ahead()
        self._leave_marks()
        if self.end_s is not None and not self._told:
            self._since_end_s += dt
            if self._since_end_s >= RESULT_AFTER_S:
                self._told = True
                self._ended(self)

    def _look_around(self) -> None:
        """Only cars in view cast rays: one that comes into view does at once, even while time stands still."""
        scene = self.context.scene
        in_view = set(range(self.cars)) if scene.rays_shown is RaysShown.ALL else {scene.chosen}
        for index in in_view - self._in_view:
            self.race.cars[index].simulator.sense()
            self._readings_before[index] = self.readings[index] = self.race.cars[index].simulator.readings()[0]
        self._in_view = in_view

    def _leave_marks(self) -> None:
        """Of all ticks of a frame at once, which is much less work than one by one."""
        if len(self._driven) > 1:
            self.context.scene.painter.marks.add(np.array(self._driven), TICK_S)
            del self._driven[:-1]

    def _turn_wheel(self, dt: float) -> None:
        if self.person is not None:
            model = self.race.cars[self.person].simulator.model
            x, y, heading, _, speed = self._after[self.person].tolist()
            self._wheel.update(dt, Steered(model, x, y, heading, speed), self.context.scene.camera.to_world)

    def _next_tick(self) -> None:
        """Without a person: drive a tick, which is then on screen. With one, that on screen is over: drive it now."""
        if self.person is None:
            self.race.begin_tick()
            self._end_tick()
        else:
            if self._begun:
                self.race.cars[self.person].controls[0] = self._held.end_tick(self._wheel.controls)
                self._end_tick()
            self.race.begin_tick()
            self._begun = True

    def _look_ahead(self) -> None:
        """A person's car answers at the next frame: see where the tick leads with what has been held so far."""
        if self.person is not None and self._begun:
            car, race = self.race.cars[self.person], self.race
            self._held.hold(self._wheel.controls, self._playback.position)
            if not car.held_ticks:
                car.controls[0] = self._held.so_far(self._wheel.controls)
            self._readings_before = [car.simulator.readings()[0] for car in race.cars]
            self._before = race.poses[1].copy()
            self._after, self.readings = race.look_ahead()

    def _end_tick(self) -> None:
        race, scene = self.race, self.context.scene
        flag_s = race.flag_s
        race.end_tick()
        self._bell.laps(race, scene.chosen)
        self._tell_person(flag_s)
        for index, car in enumerate(race.cars):
            if car.crashes > self._crashes[index] or (car.out and self._crashes[index] == 0):
                self._show_crash(index)
            if index in self._in_view:
                car.simulator.sense()
                self._readings_before[index], self.readings[index] = self.readings[index], car.simulator.readings()[0]
        self._before, self._after = race.poses.copy()
        self._driven.append(race.poses[1].copy())
        if race.finished and self.end_s is None:
            times = [car.finish_s for car in race.cars if car.finish_s is not None]
            self.end_s = max(times, default=race.clock_s)
            self.context.session.record_race(race.track, RaceResult.of(race))
            self._tell_result(race.standings()[0])

    def _tell_person(self, flag_s: float | None) -> None:
        """That the flag is out, or that they have seen it; flag_s: when it was, as far as they know."""
        if self.person is None or self.race.flag_s is None:
            return
        car = self.race.cars[self.person]
        if car.crossed_s is not None and car.crossed_s == car.finish_s:
            place = next(row.position for row in self.race.standings() if row.entrant == self.person)
            self.context.notices.tell(f"The flag: you come home in position {place}.")
        elif flag_s is None and not car.done:
            self.context.notices.tell("The winner is home: this lap is your last.")

    def _show_crash(self, index: int) -> None:
        """Leave a ghost and a puff where a car left the road."""
        car, notices = self.race.cars[index], self.context.notices
        self._crashes[index] = max(car.crashes, 1)
        x, y, heading, steer, _ = self.race.poses[0, index].tolist()
        entrant = car.entrant
        self.context.scene.crashes.add(x, y, heading, steer, entrant.livery, entrant.number, entrant.config.car)
        if index == self.person and car.out:
            watch, again = self._key(Action.NEXT_CAR), self._key(Action.NEW_BRAIN)
            notices.tell(f"You are out. {watch} watches another car, {again} races again.")
        elif index == self.person:
            notices.tell(f"Off the road: you go on in {PENALTY_S:.0f} s.")

    def _tell_result(self, winner: Standing) -> None:
        won = "Nobody saw the flag"
        if winner.total_s is not None:
            won = f"{winner.name} won in {lap_text(winner.total_s)}"
        again, train = self._key(Action.NEW_BRAIN), self._key(Action.TRAIN_OR_DRIVE)
        self.context.notices.tell(f"{won}. {again} races again, {train} goes back to training.")

    def _key(self, action: Action) -> str:
        return self.context.bindings.label(action)

    def draw(self, surface: pygame.Surface, dt: float) -> None:
        race, scene = self.race, self.context.scene
        _, share = self._playback.between
        poses = interpolate(self._before, self._after, share)
        put_back = np.array([car.held_ticks > 0 for car in race.cars])
        poses[put_back] = race.poses[1, put_back]  # from the crash to the middle of the road at once
        cars = Cars(
            poses=poses,
            track_position_m=np.array([car.simulator.track_position_m[0] for car in race.cars]),
            models=tuple(car.entrant.config.car for car in race.cars),
            liveries=np.array([car.entrant.livery for car in race.cars]),
            braking=np.array([car.controls[0, 1] < 0.0 for car in race.cars]),
            alpha=self._alpha(),
            sights=self._sights(share),
            numbers=tuple(car.entrant.number for car in race.cars),
            ghosts=self._ghosts(share),
        )
        scene.draw(surface, cars, dt, self.context.pace.time_scale)
        draw_ghost_letters(surface, scene.camera, self.context.type, cars.ghosts)
        if self._lights_s < self._lights.out_s + DARK_S:
            draw_start_lights(surface, scene.camera.viewport, self.context.type, self.lights, LIGHTS)

    def _ghosts(self, share: float) -> tuple[Ghost, ...]:
        """The limit's car, until its race is over."""
        begun_s = self.race.clock_s - (0.0 if self._begun else TICK_S)  # of the tick on screen
        time_s = max(begun_s + share * TICK_S, 0.0)
        if self.ghost is None or time_s > self.ghost.total_s:
            return ()
        place_m = self.ghost.position_m(time_s) % self.race.track.length_m
        return (Ghost(LOOKS[GhostName.LIMIT], self.ghost.car, self.ghost.pose_at(time_s), place_m),)

    def _alpha(self) -> NDArray[np.int64]:
        cars = self.race.cars
        waiting = np.array([car.held_ticks > 0 for car in cars])
        passing = np.array([car.ghost_ticks > 0 for car in cars])
        pale = np.where(waiting, WAITING_ALPHA, np.where(passing, PASS_THROUGH_ALPHA, 255))
        return np.where([car.out for car in cars], 0, pale)

    def _sights(self, share: float) -> tuple[Sight | None, ...]:
        sights: list[Sight | None] = [None] * self.cars
        for index in self._in_view:
            if self.context.scene.rays_shown is not RaysShown.NONE and not self.race.cars[index].out:
                before, after = self._readings_before[index], self.readings[index]
                sights[index] = self.sight(index, before + (after - before) * np.float32(share))
        return tuple(sights)

    def sight(self, index: int, readings: NDArray[np.float32]) -> Sight:
        """One car's readings (R + 2 K,) as they are drawn."""
        return Sight.of(self.race.cars[index].simulator.sensors, readings)

    def content(self) -> PanelContent:
        return self._content.keep(race_content(self)) if self._content.stale() else self._content.kept

    def close(self) -> None:
        """Nothing is kept of a race; the road is again the one that is learned on."""
        scene, track = self.context.scene, self.context.session.track
        if scene.track is not track:
            scene.change_track(track)
