"""The chosen car's rays as it sees them: a fan seen from above, the car heading up; its map as two rows of dots."""

from dataclasses import dataclass, field

import numpy as np
import pygame
from numpy.typing import NDArray

from qrace.sim.sensors import SensorConfig
from qrace.view import palette
from qrace.view.type import Type

RADIUS = 64
"""Length of a ray that meets nothing [px at scale 1]."""
MAP_DOT = 1.0
"""Radius of a point of the map [px at scale 1]."""
FOOT = 8
"""Room under the car for rays that look sideways [px at scale 1]."""


@dataclass(frozen=True, eq=False)
class Sight:
    """What one car's sensors read."""

    angles: NDArray[np.float64]
    """(R,) from the heading, left positive [rad]."""
    distances: NDArray[np.float32]
    """(R,) [m]."""
    range_m: float
    road: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 2), dtype=np.float32))
    """(2 K, 2) the points of its map, right and left edge in turns, forward and left of the car [m]."""

    @classmethod
    def of(cls, sensors: SensorConfig, readings: NDArray[np.float32]) -> "Sight":
        """From one row of Simulator.readings()."""
        rays = len(sensors.angles_deg)
        return cls(np.deg2rad(sensors.angles_deg), readings[:rays], sensors.range_m, readings[rays:].reshape(-1, 2))


class RayFan:
    """Draws a sight; repaints only when a new one comes."""

    def __init__(self) -> None:
        self._sight: Sight | None = None
        self._scale = 0.0
        self._image = pygame.Surface((1, 1))

    @staticmethod
    def size(type_: Type) -> tuple[int, int]:
        return 2 * type_.px(RADIUS + FOOT), type_.px(RADIUS + 2 * FOOT)

    def draw(self, surface: pygame.Surface, left: int, top: int, type_: Type, sight: Sight) -> None:
        if sight is not self._sight or type_.scale != self._scale:
            self._sight, self._scale = sight, type_.scale
            self._image = _paint(self.size(type_), type_, sight)
        surface.blit(self._image, (left, top))


def _paint(size: tuple[int, int], type_: Type, sight: Sight) -> pygame.Surface:
    image = pygame.Surface(size)
    image.fill(palette.PANEL)
    radius = type_.px(RADIUS)
    foot = (size[0] / 2, size[1] - type_.px(FOOT))
    pygame.draw.aacircle(image, palette.RULE, foot, radius, 1, draw_top_right=True, draw_top_left=True)
    shares = np.clip(sight.distances / sight.range_m, 0.0, 1.0).astype(np.float64)
    lengths = radius * np.sqrt(shares)  # a root keeps near edges apart on sensors that look far
    tips = np.column_stack((foot[0] - lengths * np.sin(sight.angles), foot[1] - lengths * np.cos(sight.angles)))
    for share, tip in zip(shares.tolist(), tips.tolist(), strict=True):
        colour = palette.mix(palette.RAY_NEAR, palette.RAY_FAR, share)
        pygame.draw.aaline(image, colour, foot, tip)
        if share < 1.0:
            pygame.draw.aacircle(image, colour, tip, type_.px(2))
    for place in _map_points(sight, foot, radius):
        pygame.draw.aacircle(image, palette.RAY_NEAR, place, type_.px(MAP_DOT))
    width, length = type_.px(6), type_.px(11)
    car = pygame.Rect(0, 0, width, length)
    car.center = (round(foot[0]), round(foot[1]))
    pygame.draw.rect(image, palette.ACCENT, car, border_radius=type_.px(2))
    return image


def _map_points(sight: Sight, foot: tuple[float, float], radius: int) -> list[tuple[float, float]]:
    """Where the points of the map are in the fan, at the scale of its rays; those beyond them, or behind, are not."""
    forward, left = sight.road.astype(np.float64).T
    distance = np.hypot(forward, left)
    shown = (distance > 0.0) & (distance < sight.range_m) & (forward > 0.0)
    stretch = radius * np.sqrt(distance[shown] / sight.range_m) / distance[shown]
    return list(zip(foot[0] - stretch * left[shown], foot[1] - stretch * forward[shown], strict=True))
