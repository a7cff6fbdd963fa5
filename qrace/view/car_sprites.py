"""Cars as small pictures, painted when first needed and kept."""

from collections import OrderedDict

import numpy as np
import pygame

from qrace.sim.car import CarName
from qrace.view import palette
from qrace.view.camera import Camera
from qrace.view.car_shapes import FINE_PX_PER_M, SHADOW, car_polygons
from qrace.view.display_list import Polygon, Window, finished, paint_polygons

BYTES_KEPT = 32_000_000
SHORTEST_PX = 13.0
"""A car is never drawn shorter than this, so that it is found on a circuit of 5 km."""
LENGTH_M = 5.0
HEADINGS_SMALL, HEADINGS_LARGE = 120, 240
"""Steps of a full turn, below and above FINE_PX_PER_M."""
PHASES = 2
"""Steps within a pixel, for the small pictures, whose jumps by whole pixels would show."""
STEER_STEP = 0.12
"""[rad]"""
ZOOM_STEP = 2.0 ** (1 / 12)
SHADOW_SHIFT_M = (0.35, -0.5)
SHADOW_SHIFT_PX = 1.2
REACH_M = 3.6
"""Everything of a car, its shadow and the glow of its lights is nearer to its middle than this."""
HALO_M = 4.2
HALO_PX = 13
HALO_LINE_PX = 1.5
HALO_GLOW = 0.22
RINGS_KEPT = 64

SpriteKey = tuple[CarName, int, int, int | None, int, int, bool, int, int]
"""Car, livery, zoom, number, heading, steer, braking, phase in x and y; numbers of steps."""


class CarSprites:
    """Draws cars of any livery at any zoom and heading; one for the whole window. Memory is bounded."""

    def __init__(self) -> None:
        self._sprites: OrderedDict[SpriteKey, pygame.Surface] = OrderedDict()
        self._rings: dict[int, pygame.Surface] = {}
        self.bytes_kept = 0

    def draw(
        self,
        surface: pygame.Surface,
        camera: Camera,
        x: float,
        y: float,
        heading: float,
        steer: float,
        *,
        livery: int,
        number: int,
        car: CarName,
        braking: bool = False,
        alpha: int = 255,
    ) -> None:
        """Draw a car.

        Args:
            surface: to draw on.
            camera: to draw through.
            x: middle of the car [m].
            y: [m]
            heading: [rad]
            steer: angle of the front wheels [rad].
            livery: index of its colour, any integer.
            number: on its roof, where there is room to read it.
            car: which model.
            braking: whether its brake lights shine.
            alpha: 255 for a solid car, 0 for none.
        """
        column = x * camera.scale - camera.origin[0] + camera.viewport.left
        row = -y * camera.scale - camera.origin[1] + camera.viewport.top
        zoom = round(np.log(max(camera.scale, SHORTEST_PX / LENGTH_M)) / np.log(ZOOM_STEP))
        fine = ZOOM_STEP**zoom > FINE_PX_PER_M
        headings, phases = (HEADINGS_LARGE, 1) if fine else (HEADINGS_SMALL, PHASES)
        left, top = np.floor(column * phases + 0.5) / phases, np.floor(row * phases + 0.5) / phases
        key = (
            car,
            livery % len(palette.LIVERIES),
            zoom,
            number if fine else None,
            round(heading / (2.0 * np.pi) * headings) % headings,
            round(steer / STEER_STEP) if fine else 0,
            braking,
            int(left * phases) % phases,
            int(top * phases) % phases,
        )
        sprite = self._sprite(key, headings, phases, fine)
        half = sprite.get_width() // 2
        place = (int(left // 1) - half, int(top // 1) - half)
        if alpha < 255:
            sprite = sprite.copy()
            sprite.fill((alpha,) * 4, special_flags=pygame.BLEND_RGBA_MULT)
        surface.blit(sprite, place, special_flags=pygame.BLEND_PREMULTIPLIED)

    def draw_halo(self, surface: pygame.Surface, camera: Camera, x: float, y: float) -> None:
        """Draw the ring that marks the chosen car; before the cars, so that it lies under them."""
        radius = max(round(HALO_M * camera.scale), HALO_PX)
        ring = self._rings.get(radius)
        if ring is None:
            ring = self._rings[radius] = _paint_ring(radius)
            while len(self._rings) > RINGS_KEPT:
                del self._rings[next(iter(self._rings))]
        column, row = camera.to_screen(np.array([[x, y]]))[0]
        half = ring.get_width() / 2
        surface.blit(ring, (round(column - half), round(row - half)), special_flags=pygame.BLEND_PREMULTIPLIED)

    def _sprite(self, key: SpriteKey, headings: int, phases: int, fine: bool) -> pygame.Surface:
        sprite = self._sprites.get(key)
        if sprite is not None:
            self._sprites.move_to_end(key)
            return sprite
        car, livery, zoom, number, heading, steer, braking, column, row = key
        scale = ZOOM_STEP**zoom
        angle = heading / headings * 2.0 * np.pi
        turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        shift = np.array([column, -row]) / (phases * scale)
        shadow_shift = shift + np.array(SHADOW_SHIFT_M) * max(1.0, SHADOW_SHIFT_PX / (0.6 * scale))
        polygons = [
            Polygon(part.colour, part.points @ turn + (shadow_shift if part.colour == SHADOW else shift))
            for part in car_polygons(car, livery, number, steer * STEER_STEP, braking, fine)
        ]
        half = int(np.ceil(REACH_M * scale)) + 2
        sprite = finished(paint_polygons(polygons, Window(-half, -half, 2 * half, 2 * half, scale)))
        self._sprites[key] = sprite
        self.bytes_kept += _bytes(sprite)
        while self.bytes_kept > BYTES_KEPT:
            self.bytes_kept -= _bytes(self._sprites.popitem(last=False)[1])
        return sprite


def _bytes(sprite: pygame.Surface) -> int:
    return sprite.get_width() * sprite.get_height() * 4


def _paint_ring(radius: int) -> pygame.Surface:
    """A thin ring with a faint glow inside, premultiplied alpha."""
    half = radius + 3
    distance = np.hypot(*np.mgrid[-half:half, -half:half] + 0.5)
    line = np.clip(1.0 - np.abs(distance - radius) / HALO_LINE_PX, 0.0, 1.0)
    glow = HALO_GLOW * np.clip(1.0 - distance / radius, 0.0, 1.0) ** 0.5
    ring = pygame.Surface((2 * half, 2 * half), pygame.SRCALPHA, 32)
    alpha = np.maximum(line, glow)
    pygame.surfarray.pixels3d(ring)[:] = (alpha[:, :, None] * palette.ACCENT).astype(np.uint8)
    pygame.surfarray.pixels_alpha(ring)[:] = (alpha * 255).astype(np.uint8)
    return ring
