"""Cars as small pictures, painted when first needed and kept."""

import math

import numpy as np
import pygame

from qrace.sim.car import CarName
from qrace.view import palette
from qrace.view.camera import Camera
from qrace.view.car_shapes import HALF_LENGTH_M, HALF_WIDTH_M, car_polygons, look_count
from qrace.view.display_list import Window, finished, paint_polygons
from qrace.view.picture_cache import PictureCache

BYTES_KEPT = 48_000_000
SHORTEST_PX = 13.0
"""A car is never drawn shorter than this, so that it is found on a circuit of 5 km."""
LENGTH_M = 5.0
ZOOM_STEP = 2.0 ** (1 / 12)
MASTER_ZOOMS = 4
"""One master serves so many zooms, from its own to one a quarter larger."""
FINE_ZOOM = 7 * MASTER_ZOOMS
"""From this zoom on, 5 px/m, cars are drawn with all details and a number."""
TIP_STEP_PX = 0.5
"""Headings are told apart so finely that a car's nose moves by this much from one to the next."""
SMALL_PHASES, FINE_PHASES = 2, 1
"""Steps within a pixel, so that cars that are small, and thus slow on the screen, glide."""
SMALL_SAMPLES, FINE_SAMPLES = 4, 3
"""Samples per pixel and axis in a master."""
STEER_STEP = 0.12
"""[rad]"""
SHADOW_ALPHA = 95
SHADOW_SHIFT_M = (0.3, 0.45)
SHADOW_SHIFT_PX = 1.0
"""To the right and down, at least this much."""
HALO_M = 4.2
HALO_PX = 13
HALO_LINE_PX = 1.5
HALO_GLOW = 0.22

Kind = tuple[CarName, int, int | None, int, bool]
"""What a car looks like: model, livery, number, steps of its steering, braking."""


class CarSprites:
    """Draws cars of any livery at any zoom and heading; one for the whole window. Memory is bounded."""

    def __init__(self) -> None:
        self.sprites = PictureCache(BYTES_KEPT)
        """As they are drawn."""
        self.masters = PictureCache(BYTES_KEPT // 2)
        """Heading along +x, supersampled: what sprites are turned from."""
        self._rings = PictureCache(BYTES_KEPT // 8)

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
        number: int | None,
        car: CarName,
        braking: bool = False,
        alpha: int = 255,
        detailed: bool = True,
    ) -> None:
        """Draw a car, if it is in view.

        Args:
            surface, camera: to draw on and through.
            x, y: middle of the car [m].
            heading: [rad]
            steer: angle of the front wheels [rad].
            livery: index of its colour and pattern, any integer.
            number: on its roof, where there is room to read it; None for none.
            car: which model.
            braking: whether its brake lights shine.
            alpha: 255 for a solid car, 0 for none.
            detailed: whether its number and turned wheels are seen, where the zoom allows it.
        """
        zoom = round(math.log(max(camera.scale, SHORTEST_PX / LENGTH_M), ZOOM_STEP))
        fine = zoom >= FINE_ZOOM
        column = x * camera.scale - float(camera.origin[0])
        row = -y * camera.scale - float(camera.origin[1])
        half = _half_px(zoom)
        if not (-half < column < camera.viewport.width + half and -half < row < camera.viewport.height + half):
            return
        phases = FINE_PHASES if fine else SMALL_PHASES
        left, top = round(column * phases), round(row * phases)
        phase = (left % phases / phases, top % phases / phases)
        detailed = detailed and fine
        wheels = round(steer / STEER_STEP) if detailed else 0
        kind = (car, livery % look_count(), number if detailed else None, wheels, braking)
        sprite = self._sprite(kind, zoom, heading, phase)
        if alpha < 255:
            sprite = sprite.copy()
            sprite.fill((alpha,) * 4, special_flags=pygame.BLEND_RGBA_MULT)
        place = (left // phases - half + camera.viewport.left, top // phases - half + camera.viewport.top)
        surface.blit(sprite, place, special_flags=pygame.BLEND_PREMULTIPLIED)

    def picture(self, car: CarName, livery: int, number: int, length_px: float) -> pygame.Surface:
        """A car of about that length with its nose to the right, for lists; straight alpha, cut to what is painted."""
        zoom = max(round(math.log(length_px / LENGTH_M, ZOOM_STEP)), FINE_ZOOM)
        kind: Kind = (car, livery % look_count(), number, 0, False)
        sprite = self._sprite(kind, zoom, 0.0, (0.0, 0.0))
        return _straight(sprite.subsurface(sprite.get_bounding_rect()))

    def draw_halo(self, surface: pygame.Surface, camera: Camera, x: float, y: float) -> None:
        """Draw the ring that marks the chosen car; before the cars, so that it lies under them."""
        radius = max(round(HALO_M * camera.scale), HALO_PX)
        ring = self._rings.get(radius, lambda: _paint_ring(radius))
        column, row = camera.to_screen(np.array([[x, y]]))[0]
        half = ring.get_width() / 2
        surface.blit(ring, (round(column - half), round(row - half)), special_flags=pygame.BLEND_PREMULTIPLIED)

    def _sprite(self, kind: Kind, zoom: int, heading: float, phase: tuple[float, float]) -> pygame.Surface:
        headings = round(2.0 * math.pi * HALF_LENGTH_M * ZOOM_STEP**zoom / TIP_STEP_PX)
        turn = round(heading / (2.0 * math.pi) * headings) % headings
        key = (kind, zoom, turn, phase)
        return self.sprites.get(key, lambda: self._paint(kind, zoom, 360.0 * turn / headings, phase))

    def _paint(self, kind: Kind, zoom: int, degrees: float, phase: tuple[float, float]) -> pygame.Surface:
        """Turn a master and its shadow and scale them down; premultiplied alpha."""
        rung = zoom // MASTER_ZOOMS * MASTER_ZOOMS
        turned = pygame.transform.rotate(self.masters.get((kind, rung), lambda: _paint_master(kind, rung)), degrees)
        shadow = turned.copy()
        shadow.fill((0, 0, 0, SHADOW_ALPHA), special_flags=pygame.BLEND_RGBA_MULT)
        scale, half = ZOOM_STEP**zoom, _half_px(zoom)
        finer = _master_scale(rung) / scale  # pixels of the master per pixel of the sprite
        side = round(2 * half * finer)
        sheet = pygame.Surface((side, side), pygame.SRCALPHA, 32)
        left, top = ((side - size) / 2.0 + part * finer for size, part in zip(turned.get_size(), phase, strict=True))
        right, down = (max(shift * scale, SHADOW_SHIFT_PX) * finer for shift in SHADOW_SHIFT_M)
        sheet.blit(shadow, (round(left + right), round(top + down)), special_flags=pygame.BLEND_PREMULTIPLIED)
        sheet.blit(turned, (round(left), round(top)), special_flags=pygame.BLEND_PREMULTIPLIED)
        return pygame.transform.smoothscale(sheet, (2 * half, 2 * half))


def _half_px(zoom: int) -> int:
    """Half the side of a sprite."""
    return math.ceil(HALF_LENGTH_M * ZOOM_STEP**zoom) + 3


def _paint_master(kind: Kind, zoom: int) -> pygame.Surface:
    car, livery, number, wheels, braking = kind
    polygons = car_polygons(car, livery, number, wheels * STEER_STEP, braking, fine=zoom >= FINE_ZOOM)
    scale = _master_scale(zoom)
    columns, rows = (math.ceil(half * scale) for half in (HALF_LENGTH_M, HALF_WIDTH_M))
    return finished(paint_polygons(polygons, Window(-columns, -rows, 2 * columns, 2 * rows, scale), supersample=1))


def _straight(premultiplied: pygame.Surface) -> pygame.Surface:
    """The same picture for blits that know nothing of premultiplied alpha."""
    picture = premultiplied.copy()
    colours, alpha = pygame.surfarray.pixels3d(picture), pygame.surfarray.array_alpha(picture)[:, :, None]
    colours[:] = np.minimum(colours * 255.0 / np.maximum(alpha, 1), 255.0)
    return picture


def _master_scale(zoom: int) -> float:
    """[px/m]"""
    return ZOOM_STEP**zoom * (FINE_SAMPLES if zoom >= FINE_ZOOM else SMALL_SAMPLES)


def _paint_ring(radius: int) -> pygame.Surface:
    """A thin ring with a faint glow inside, premultiplied alpha."""
    half = radius + 3
    distance = np.hypot(*np.mgrid[-half:half, -half:half] + 0.5)
    line = np.clip(1.0 - np.abs(distance - radius) / HALO_LINE_PX, 0.0, 1.0)
    glow = HALO_GLOW * np.clip(1.0 - distance / radius, 0.0, 1.0) ** 0.5
    return cloud(palette.ACCENT, np.maximum(line, glow))


def cloud(colour: palette.Colour, opacity: np.ndarray) -> pygame.Surface:
    """A picture of one colour with the given opacity (columns, rows), 0 to 1; premultiplied alpha."""
    picture = pygame.Surface(opacity.shape, pygame.SRCALPHA, 32)
    pygame.surfarray.pixels3d(picture)[:] = np.rint(opacity[:, :, None] * colour).astype(np.uint8)
    pygame.surfarray.pixels_alpha(picture)[:] = np.rint(opacity * 255).astype(np.uint8)
    return picture
