"""What is left of a car that crashed: it fades, and a little dust drifts apart. Gone within a second."""

import math
from collections import deque
from dataclasses import dataclass

import numpy as np
import pygame

from qrace.sim.car import CarName
from qrace.view import palette
from qrace.view.camera import Camera
from qrace.view.car_sprites import CarSprites, cloud
from qrace.view.picture_cache import PictureCache

FADE_S = 0.8
PUFF_S = 0.6
MOST = 48
"""Crashes shown at once; beyond that the oldest are forgotten."""
PUFFS = 3
PUFF_M = (0.9, 3.0)
"""Radius of the dust at first and at last."""
PUFF_PX = (3.0, 8.0)
"""It is never drawn smaller than this."""
PUFF_OPACITY = 0.6
OPACITY_STEPS = 8
BYTES_KEPT = 4_000_000


@dataclass
class Crash:
    """A car that is no more."""

    x: float
    y: float
    heading: float
    steer: float
    livery: int
    number: int
    car: CarName
    age_s: float = 0.0


class CrashEffects:
    """All recent crashes."""

    def __init__(self) -> None:
        self._crashes: deque[Crash] = deque(maxlen=MOST)
        self._new: deque[Crash] = deque(maxlen=MOST)
        self._puffs = PictureCache(BYTES_KEPT)

    def __len__(self) -> int:
        return len(self._crashes)

    def add(self, x: float, y: float, heading: float, steer: float, livery: int, number: int, car: CarName) -> None:
        """A car crashed in this pose [m, rad]; livery, number and model as `CarSprites.draw` takes them."""
        crash = Crash(x, y, heading, steer, livery, number, car)
        self._crashes.append(crash)
        self._new.append(crash)

    def take_new(self) -> list[Crash]:
        """The crashes since this was last asked."""
        new = list(self._new)
        self._new.clear()
        return new

    def clear(self) -> None:
        """Forget all; for when another track is shown."""
        self._crashes.clear()

    def draw(self, surface: pygame.Surface, camera: Camera, sprites: CarSprites, dt: float) -> None:
        """Let dt [s] go by and draw what is left; before the cars that still drive."""
        for crash in self._crashes:
            crash.age_s += dt
        while self._crashes and self._crashes[0].age_s >= FADE_S:
            self._crashes.popleft()
        for crash in self._crashes:
            alpha = round(230 * (1.0 - crash.age_s / FADE_S) ** 1.5)
            pose = (crash.x, crash.y, crash.heading, crash.steer)
            sprites.draw(
                surface, camera, *pose, livery=crash.livery, number=crash.number, car=crash.car, alpha=min(alpha, 254)
            )
            if crash.age_s < PUFF_S:
                self._draw_puffs(surface, camera, crash)

    def _draw_puffs(self, surface: pygame.Surface, camera: Camera, crash: Crash) -> None:
        share = crash.age_s / PUFF_S
        spread = 1.0 - (1.0 - share) ** 2
        radius = np.interp(spread, (0.0, 1.0), np.maximum(np.array(PUFF_M) * camera.scale, PUFF_PX))
        size, strength = max(round(float(radius)), 2), math.ceil((1.0 - share) * OPACITY_STEPS)
        picture = self._puffs.get((size, strength), lambda: _paint_puff(size, PUFF_OPACITY * strength / OPACITY_STEPS))
        angle = crash.heading + np.arange(PUFFS) * 2.0 * np.pi / PUFFS + crash.number
        middle = camera.to_screen(np.array([[crash.x, crash.y]]))
        places = middle + 0.75 * radius * spread * np.column_stack([np.cos(angle), -np.sin(angle)])
        for column, row in (np.round(places) - picture.get_width() // 2).tolist():
            surface.blit(picture, (column, row), special_flags=pygame.BLEND_PREMULTIPLIED)


def _paint_puff(radius: int, opacity: float) -> pygame.Surface:
    distance = np.hypot(*np.mgrid[-radius:radius, -radius:radius] + 0.5) / radius
    return cloud(palette.PUFF, opacity * np.clip(1.0 - distance, 0.0, 1.0) ** 1.3)
