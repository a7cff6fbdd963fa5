"""Driving: the brain drives as well as it can, nothing is learned or stored, and anyone may take the wheel."""

from dataclasses import replace

import numpy as np
import pygame
from numpy.typing import NDArray

from qrace.env.config import EnvConfig
from qrace.env.vector_env import VectorEnv
from qrace.errors import QRaceError
from qrace.folders import data_folder
from qrace.game.ghosts import GhostsShown
from qrace.game.keys import Action, ModeName
from qrace.game.limits import limit_of
from qrace.game.modes.drive_panel import Tally, drive_content
from qrace.game.modes.drive_world import Brain, DriveWorld
from qrace.game.modes.mode import ContentClock, Context, cars_of, limit_unknown, show_crashes
from qrace.game.other_brain import OtherBrain
from qrace.game.pace import Playback
from qrace.game.scene import RaysShown
from qrace.game.time_trial import TimeTrial
from qrace.game.wheel import Wheel
from qrace.race.driven_lap import DrivenLap
from qrace.race.race import ROLLING_M, ROLLING_SPEED
from qrace.rl.presets import preset
from qrace.sim.car import TICK_S, CarName
from qrace.sound.effects import Effect
from qrace.view.ghosts import draw_ghost_letters
from qrace.view.lap_board import delta_text, draw_lap_board
from qrace.view.panel import PanelContent

EPISODE_S = 3600.0
"""Long enough for laps of any road [s]."""
VIEW_S = 1.8
"""Whoever steers sees so many seconds of driving at top speed from the view's bottom to its top [s]."""
BACK_M = 20.0
"""A person who leaves the road is put back so far before the place [m]."""
GHOSTS_FOLDER = "ghosts"
"""In the user's data folder."""
PAD_BUTTONS = {
    pygame.CONTROLLER_BUTTON_Y: Action.HAND_OVER,
    pygame.CONTROLLER_BUTTON_X: Action.GHOSTS,
    pygame.CONTROLLER_BUTTON_BACK: Action.TO_THE_LINE,
}
"""What a gamepad's buttons do besides driving."""
OTHER: dict[CarName, CarName] = {"lesson": "grand-prix", "grand-prix": "lesson"}


class DriveMode:
    """Greedy cars in a world of their own. One of them may have a person at its wheel.

    The car is the brain's own, or the other model where the person asked for it: then there is that car alone, with
    the newest saved brain that can drive it, if there is one.
    """

    name = ModeName.DRIVE

    def __init__(self, context: Context) -> None:
        self._context = context
        session = context.session
        self._track = session.track
        self._wheel = Wheel(context.gamepads, lambda: context.bindings)
        self._other = OtherBrain(session.folder, OTHER[session.config.env.car])
        self._build(context.drive_car or session.config.env.car)

    def _build(self, car: CarName) -> None:
        """Make the world for one of the two cars."""
        context, session = self._context, self._context.session
        own = car == session.config.env.car
        if own:
            name = "champion" if session.trainer.champion.policy is not None else "learner"
            brain: Brain | None = Brain(name, session.config.env, session.trainer.best_policy())
        else:
            brain = self._other.brain()
        config = brain.config if brain is not None else preset("default", car).env
        config = replace(
            config, max_episode_s=EPISODE_S, margin_m=0.0, start_speed=EnvConfig.start_speed, standing_starts=0.0
        )
        cars = session.config.cars if own else 1
        self._world = DriveWorld(self._track, config, cars, session.config.seed, brain, self._wheel)
        self._playback = Playback(1)
        self._playback.position = 0.0
        self._content = ContentClock()
        self._tally = Tally()
        self._trial = TimeTrial(self._track, car, context.recorder, data_folder() / GHOSTS_FOLDER)
        self._driver_asked = brain is not None
        if brain is not None:
            self._trial.ghosts.add_driver(brain.config, brain.policy)
        context.scene.chosen %= cars
        self._world.begin_tick(context.scene.chosen, every=True)
        self._world.look_ahead(context.scene.chosen, every=True)
        if brain is None:
            self._to_the_line()

    @property
    def cars(self) -> int:
        return self.env.cars

    @property
    def env(self) -> VectorEnv:
        return self._world.env

    @property
    def controls(self) -> NDArray[np.float64]:
        """(N, 2) steer and pedal of the tick on screen, as far as it has come."""
        return self._world.seat.so_far(self.env.controls)

    @property
    def trial(self) -> TimeTrial:
        """The person's laps."""
        return self._trial

    @property
    def at_wheel(self) -> int | None:
        """Index of the car that a person steers."""
        return self._world.seat.person

    @property
    def _share(self) -> float:
        """Of the tick on screen, how much is over."""
        return self._playback.between[1]

    def process_event(self, event: pygame.event.Event) -> bool:
        """An arrow key, a gamepad or the steering mouse takes the wheel of the chosen car."""
        if self._wheel.process_event(event) and self.at_wheel is None:
            self._take_wheel()
        if event.type == pygame.CONTROLLERBUTTONDOWN and event.button in PAD_BUTTONS:
            self.act(PAD_BUTTONS[event.button])
        return self._wheel.mouse and event.type == pygame.MOUSEBUTTONDOWN

    def act(self, action: Action) -> None:
        actions = {
            Action.HAND_OVER: self._hand_over,
            Action.MOUSE: self._switch_mouse,
            Action.OTHER_CAR: self._change_car,
            Action.GHOSTS: self._next_ghosts,
            Action.TO_THE_LINE: self._to_the_line,
        }
        if action in actions:
            actions[action]()

    @property
    def _key(self) -> str:
        return self._context.bindings.label(Action.HAND_OVER)

    def _take_wheel(self, tell: bool = True) -> None:
        car = self._context.scene.chosen
        self._world.seat.take(car, self._share)
        self._world.void_lap(car)
        self._trial.begin(float(self.env.simulator.track_position_m[car]))
        camera = self._context.scene.camera
        camera.following = True
        camera.back_off_to(VIEW_S * self.env.simulator.model.top_speed)
        self._context.pace.index = 0
        if tell:
            self._context.notices.tell(f"You have the wheel of car {car + 1}; {self._key} gives it back.")

    def _leave_wheel(self) -> None:
        if self.at_wheel is not None:
            self._world.void_lap(self.at_wheel)
            self._world.seat.leave()

    def _hand_over(self) -> None:
        """To the brain, or back to the person."""
        tell = self._context.notices.tell
        if self.at_wheel is None:
            self._take_wheel()
        elif self._world.brain is None and self._other.brain() is not None:  # found while they drove
            self._close_ghosts()
            self._build(self.env.config.car)
            tell(f"A saved brain drives now; {self._key} takes the wheel back.")
        elif self._world.brain is None:
            tell(f"No saved brain drives the {self.env.config.car} car yet: it is all yours.")
        else:
            tell(f"The brain drives car {self.at_wheel + 1} again; {self._key} takes it back.")
            self._leave_wheel()

    def _switch_mouse(self) -> None:
        self._wheel.mouse = not self._wheel.mouse
        if self._wheel.mouse:
            if self.at_wheel is None:
                self._take_wheel(tell=False)
            self._context.notices.tell("The mouse steers: point the way, left button drives, right button brakes.")
        else:
            self._context.notices.tell("The mouse steers no more; the keys do.")

    def _change_car(self) -> None:
        car = OTHER[self.env.config.car]
        self._context.drive_car = car
        self._close_ghosts()
        self._build(car)
        self._to_the_line()
        key = self._context.bindings.label(Action.OTHER_CAR)
        self._context.notices.tell(f"You have a {car} car; {key} changes it back.")

    def _next_ghosts(self) -> None:
        shown = self._context.ghosts_shown = self._context.ghosts_shown.next
        car = self.env.config.car
        if shown is GhostsShown.LIMIT and limit_of(self._track, car) is None:
            self._context.notices.warn(limit_unknown(self._track, car))
        else:
            self._context.notices.tell(f"Ghosts: {shown.value}.")

    def _to_the_line(self) -> None:
        """A new lap from a rolling start, as in a time trial."""
        if self.at_wheel is None:
            self._take_wheel(tell=False)
        assert self.at_wheel is not None
        self._world.place(self.at_wheel, -ROLLING_M, ROLLING_SPEED)
        self._trial.begin(self._track.length_m - ROLLING_M)

    def update(self, dt: float, deadline: float) -> None:
        chosen, every = self._context.scene.chosen, self._context.scene.rays_shown is RaysShown.ALL
        if self.at_wheel is not None and self.at_wheel != chosen:
            self._leave_wheel()
        self._wheel.update(dt, self._world.steered(chosen, self._share), self._context.scene.camera.to_world)
        self._playback.advance(self._context.pace.ticks(dt), self._run_tick, deadline)
        self._world.seat.hold(self._playback.position)
        self._world.look_ahead(chosen, every)
        self._trial.update()
        if not self._driver_asked and (found := self._other.brain()) is not None:
            self._driver_asked = True
            self._trial.ghosts.add_driver(found.config, found.policy)

    def _run_tick(self) -> None:
        """The tick on screen is over: run it, and begin the next."""
        world, scene, person = self._world, self._context.scene, self.at_wheel
        world.end_tick()
        if person is not None:
            lap = self._trial.observe(world.simulator, person)
            if lap is not None:
                self._tell_lap(lap)
        if world.step_over:
            self._end_step(person)
        world.begin_tick(scene.chosen, scene.rays_shown is RaysShown.ALL)

    def _end_step(self, person: int | None) -> None:
        env, scene = self.env, self._context.scene
        # Noted before the step ends, which puts a car that has crashed elsewhere.
        reached_m = 0.0 if person is None else float(env.simulator.track_position_m[person])
        env.end_step()
        show_crashes(env, scene)
        scene.painter.marks.add(env.poses, TICK_S)
        self._tally.count(env.lap_times, int(np.count_nonzero(env.terminated)))
        session = self._context.session
        if person is None and env.config.car == session.config.env.car:
            session.record_laps(env.lap_times)
        if person is not None and env.ended[person]:
            self._trial.crashes += int(env.terminated[person])
            back_m = (reached_m - BACK_M) % self._track.length_m
            self._world.place(person, back_m)
            self._trial.begin(back_m)
            self._context.notices.tell("Off the road: you go on a little before; the next lap counts from the line.")

    def _tell_lap(self, lap: DrivenLap) -> None:
        timer = self._trial.timer
        self._context.speaker.play(Effect.RECORD if timer.best is lap else Effect.LAP)
        if timer.best is lap:
            delta = f", {delta_text(timer.last_delta_s)}" if timer.last_delta_s is not None else ""
            self._context.notices.tell(f"Your best lap here: {lap.lap_s:.2f} s{delta}.")

    def draw(self, surface: pygame.Surface, dt: float) -> None:
        context, scene, share = self._context, self._context.scene, self._share
        world, person = self._world, self.at_wheel is not None
        sights = world.interval.sights(share, scene.chosen, scene.rays_shown)
        cars = cars_of(world.env, world.interval, world.poses(share), sights)
        cars = replace(cars, braking=self.controls[:, 1] < 0.0)
        ghosts = self._trial.ghosts_now(share, context.ghosts_shown) if person else ()
        scene.draw(surface, replace(cars, ghosts=ghosts), dt, context.pace.time_scale)
        draw_ghost_letters(surface, scene.camera, context.type, ghosts)
        if person:
            draw_lap_board(surface, context.free_stage, context.type, self._trial.board(share))

    def content(self) -> PanelContent:
        if not self._content.stale():
            return self._content.kept
        return self._content.keep(drive_content(self._context, self._track, self._world, self._trial, self._tally))

    def close(self) -> None:
        """Best laps that are on their way to the disk arrive there."""
        self._other.close()
        self._close_ghosts()

    def _close_ghosts(self) -> None:
        try:
            self._trial.ghosts.close()
        except QRaceError as error:
            self._context.notices.warn(str(error))
