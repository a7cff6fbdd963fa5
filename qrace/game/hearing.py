"""What the chosen car sounds like, told from the pictures of it: the view decides how near one is, and so how loud."""

import math

import numpy as np

from qrace.game.keys import ModeName
from qrace.game.pace import Pace
from qrace.game.scene import Cars, Scene
from qrace.game.speaker import Speaker
from qrace.sim.car import DOWNFORCE, DRAG, GRAVITY, GRIP, POWER, ROLLING, THROTTLE_MAX
from qrace.sound.effects import Effect
from qrace.sound.stream import Heard
from qrace.view.effects import Crash

FOLLOWED: dict[ModeName, float] = {ModeName.TRAIN: 0.4, ModeName.DRIVE: 1.0, ModeName.RACE: 1.0}
"""Loudness in follow view. Training is for watching: there it stays in the background …"""
FROM_ABOVE: dict[ModeName, float] = {ModeName.TRAIN: 0.0, ModeName.DRIVE: 0.4, ModeName.RACE: 0.4}
"""… and with the whole track in view it is not heard at all."""
FASTEST_SCALE = 4.0
"""Beyond so many simulated seconds per second an engine would only howl: silence …"""
FAST_SHARE = 0.5
"""… and up to there it is softer."""
SLIDE = (0.75, 1.05)
"""Shares of the grip at which tyres begin to be heard, and at which they are loudest."""
LESSON_SLIDE = 0.3
"""The lesson's car has no grip to lose; its tyres are heard a little when it turns …"""
LESSON_TURN = 3.5
"""… at this rate [rad/s]."""
JUMP_M = 3.0
"""A car that has moved further than its speed explains, and this, was put somewhere else."""
OTHERS_SHARE = 0.35
OTHERS_M = 40.0
"""Crashes of other cars are softer, and fade with their distance [m]."""
CRASH_GAP_S = 0.15
"""Crashes closer together are heard as one."""


class Ear:
    """Listens to the chosen car of a scene, frame by frame, and tells the speaker."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker
        self._chosen = -1
        self._pose = np.zeros(5)
        self._heard = Heard()
        self._since_crash_s = CRASH_GAP_S

    def listen(self, scene: Scene, mode: ModeName, pace: Pace, dt: float, quiet: bool) -> None:
        """Take in the frame just drawn, dt [s] after the last; `quiet` while something lies over the stage."""
        cars, crashes = scene.shown, scene.crashes.take_new()
        if cars is None:
            return
        near = FOLLOWED[mode] if scene.camera.following else FROM_ABOVE[mode]
        loudness = 0.0 if quiet else near * _loudness_at(pace)
        if scene.chosen < len(cars.poses):
            self._follow(cars, scene.chosen, dt * pace.time_scale)
        present = cars.alpha[scene.chosen] > 0
        heard = self._heard
        self._speaker.hear(Heard(heard.car, heard.speed, heard.power, heard.slide, loudness * present))
        self._since_crash_s += dt
        if loudness > 0.0 and crashes:
            number = cars.numbers[scene.chosen] if cars.numbers else scene.chosen + 1
            self._crash(crashes, number, loudness)

    def _follow(self, cars: Cars, chosen: int, passed_s: float) -> None:
        """Tell power and tyres from how the car has moved in `passed_s` of its own time."""
        pose, last, car = cars.poses[chosen].copy(), self._pose, cars.models[chosen]
        jumped = math.hypot(*(pose[:2] - last[:2])) > JUMP_M + 2.0 * abs(pose[4]) * passed_s
        if chosen != self._chosen or jumped or passed_s <= 0.0:
            power, slide = self._heard.power, 0.0
        else:
            faster = float(pose[4] - last[4]) / passed_s
            turning = (float(pose[2] - last[2] + math.pi) % (2.0 * math.pi) - math.pi) / passed_s
            power = 0.0 if cars.braking[chosen] else engine_power(car, float(pose[4]), faster)
            slide = tyre_work(car, float(pose[4]), faster, turning)
        self._chosen, self._pose = chosen, pose
        self._heard = Heard(car, float(pose[4]), power, slide)

    def _crash(self, crashes: list[Crash], chosen_number: int, loudness: float) -> None:
        """Let the loudest of these crashes be heard."""
        x, y = self._pose[:2].tolist()
        shares = [
            1.0
            if crash.number == chosen_number
            else OTHERS_SHARE * math.exp(-math.hypot(crash.x - x, crash.y - y) / OTHERS_M)
            for crash in crashes
        ]
        if self._since_crash_s >= CRASH_GAP_S:
            self._since_crash_s = 0.0
            self._speaker.play(Effect.CRASH, loudness * max(shares))


def engine_power(car: str, speed: float, faster: float) -> float:
    """Share of the engine's power that explains an acceleration [m/s²] at a speed [m/s], 0 to 1."""
    if car == "lesson":  # it changes its speed at once, or rolls on
        return float(np.clip(0.5 + 0.05 * faster, 0.0, 1.0))
    most = min(THROTTLE_MAX, POWER / max(speed, 1.0))
    return float(np.clip((faster + DRAG * speed * speed + ROLLING) / most, 0.0, 1.0))


def tyre_work(car: str, speed: float, faster: float, turning: float) -> float:
    """How loud the tyres are, 0 to 1, at an acceleration [m/s²] and a turn rate [rad/s]."""
    if car == "lesson":
        return LESSON_SLIDE * min(abs(turning) / LESSON_TURN, 1.0)
    grip = GRIP * (GRAVITY + DOWNFORCE * speed * speed)
    share = math.hypot(speed * turning, min(faster, 0.0)) / grip
    return float(np.clip((share - SLIDE[0]) / (SLIDE[1] - SLIDE[0]), 0.0, 1.0))


def _loudness_at(pace: Pace) -> float:
    if pace.paused or pace.speed is None or pace.speed > FASTEST_SCALE:
        return 0.0
    return 1.0 if pace.speed <= 1.0 else FAST_SHARE
