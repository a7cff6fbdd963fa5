"""The stage: the road, the cars on it, and the camera that watches them. A mode says which cars there are and where."""

from dataclasses import dataclass
from enum import Enum
from functools import cache
from itertools import compress

import numpy as np
import pygame
from numpy.typing import NDArray

from qrace.sim.car import CarName
from qrace.sim.track import Track
from qrace.view.camera import AHEAD_S, Camera
from qrace.view.car_sprites import CarSprites
from qrace.view.effects import CrashEffects
from qrace.view.ghosts import Ghost, draw_ghosts
from qrace.view.layout import MINIMAP, PADDING
from qrace.view.minimap import Minimap
from qrace.view.palette import LIVERIES
from qrace.view.ray_fan import Sight
from qrace.view.rays import draw_rays
from qrace.view.road_map import draw_road_map
from qrace.view.track_painter import TrackPainter

Floats = NDArray[np.float64]

CLICK_PX = 40.0
"""A click chooses the nearest car if it is no further away than this."""
MOST_DRAWN = 256
"""Of more cars, only so many are drawn, and the chosen one: a frame has its limits."""
CROWD = 32
"""Of more cars, on the track seen whole, none has its number or turned wheels: too small to be read in the throng, and
where all cars look different hardly a picture is of use twice."""


class RaysShown(Enum):
    """Whose rays are drawn."""

    CHOSEN = "of the chosen car"
    ALL = "of all cars"
    NONE = "hidden"


@dataclass(frozen=True, eq=False)
class Cars:
    """The cars of one frame, N of them, and where they are in it."""

    poses: Floats
    """(N, 5) x, y [m], heading, front wheel angle [rad], speed [m/s]."""
    track_position_m: Floats
    """(N,) along the centre line, for bridges."""
    models: tuple[CarName, ...]
    """(N,)"""
    liveries: NDArray[np.int64]
    """(N,) index into the palette's liveries."""
    braking: NDArray[np.bool_]
    """(N,)"""
    alpha: NDArray[np.int64]
    """(N,) 0 to 255."""
    sights: tuple[Sight | None, ...] = ()
    """Of the cars whose rays are to be drawn, by index; None or left out for the others."""
    ghosts: tuple[Ghost, ...] = ()
    numbers: tuple[int, ...] = ()
    """(N,) painted on the cars; left out: their places in the list, from 1."""


def interpolate(before: Floats, after: Floats, share: float) -> Floats:
    """Poses (N, 5) between two ticks; headings turn the shorter way."""
    poses = before + (after - before) * share
    turn = np.mod(after[:, 2] - before[:, 2] + np.pi, 2.0 * np.pi) - np.pi
    poses[:, 2] = before[:, 2] + share * turn
    return poses


@cache
def liveries(cars: int) -> NDArray[np.int64]:
    """(N,) a livery for each car, in turn."""
    return np.arange(cars) % len(LIVERIES)


class Scene:
    """Draws one track and the cars on it; remembers which car is chosen and where the camera is."""

    def __init__(self, painter: TrackPainter, stage: pygame.Rect, scale: float) -> None:
        self.camera = Camera(stage)
        self.sprites = CarSprites()
        self.chosen = 0
        self.rays_shown = RaysShown.CHOSEN
        self.shown: Cars | None = None
        """The cars of the last frame."""
        self._scale = scale
        self._positions: Floats = np.zeros((0, 2))
        self._set_track(painter)

    def _set_track(self, painter: TrackPainter) -> None:
        self.track = painter.track
        self.painter = painter
        self.crashes = CrashEffects()
        self.camera.fit(painter.track.bounds)
        self._make_minimap()

    def _make_minimap(self) -> None:
        self._minimap = Minimap(self.track, (round(MINIMAP[0] * self._scale), round(MINIMAP[1] * self._scale)))

    def change_track(self, track: Track) -> None:
        """Show another road, whole or followed as before."""
        self.painter.close()
        self._set_track(TrackPainter(track))

    def repaint(self) -> None:
        """Paint everything anew: the palette has another scheme."""
        self.painter.close()
        self.painter, self.sprites = TrackPainter(self.track), CarSprites()
        self._make_minimap()

    def resize(self, stage: pygame.Rect, scale: float) -> None:
        """The window or the panel has changed its size."""
        self.camera.resize(stage)
        if scale != self._scale:
            self._scale = scale
            self._make_minimap()

    def close(self) -> None:
        self.painter.close()

    def choose_next(self, step: int, cars: int) -> None:
        self.chosen = (self.chosen + step) % cars

    def choose_at(self, pixel: tuple[int, int]) -> bool:
        """Choose the car nearest to a pixel of the last frame; returns whether there was one."""
        if not len(self._positions):
            return False
        off = np.hypot(*(self.camera.to_screen(self._positions) - pixel).T)
        nearest = int(np.argmin(off))
        if off[nearest] > CLICK_PX * self._scale:
            return False
        self.chosen = nearest
        return True

    def next_rays(self) -> RaysShown:
        shown = list(RaysShown)
        self.rays_shown = shown[(shown.index(self.rays_shown) + 1) % len(shown)]
        return self.rays_shown

    def draw(self, surface: pygame.Surface, cars: Cars, dt: float, time_scale: float) -> None:
        """Draw a frame: dt [s] since the last one, in which time_scale * dt passed in the cars' world."""
        camera, painter, chosen = self.camera, self.painter, self.chosen
        x, y, heading, _, speed = cars.poses[chosen].tolist()
        ahead = self._road_ahead(x, y, heading, speed, float(cars.track_position_m[chosen]))
        camera.follow((x, y, heading), speed, dt, time_scale, ahead)
        self.shown, self._positions = cars, cars.poses[:, :2]
        before = surface.get_clip()
        surface.set_clip(camera.viewport)
        painter.draw(surface, camera)
        self.crashes.draw(surface, camera, self.sprites, dt)
        above, drawn = painter.on_bridge(cars.track_position_m), np.arange(len(cars.poses)) < MOST_DRAWN
        drawn[chosen] = True
        ghosts_above = painter.on_bridge(np.array([ghost.track_position_m for ghost in cars.ghosts]))
        draw_ghosts(surface, camera, self.sprites, compress(cars.ghosts, ~ghosts_above))
        if cars.alpha[chosen] > 0:
            self.sprites.draw_halo(surface, camera, x, y)
        self._draw_cars(surface, cars, np.flatnonzero(drawn & ~above))
        self._draw_rays(surface, cars, drawn & ~above)
        painter.draw_over(surface, camera)
        draw_ghosts(surface, camera, self.sprites, compress(cars.ghosts, ghosts_above))
        self._draw_cars(surface, cars, np.flatnonzero(drawn & above))
        self._draw_rays(surface, cars, drawn & above)
        surface.set_clip(before)
        if camera.following:
            margin = round(PADDING * self._scale)
            corner = (camera.viewport.left + margin, camera.viewport.bottom - margin - self._minimap.size[1])
            self._minimap.draw(surface, corner, self._positions, cars.liveries, chosen)

    def _road_ahead(self, x: float, y: float, heading: float, speed: float, position_m: float) -> Floats:
        """(2,) from a car to where it will be in AHEAD_S if it goes on along the road [m].

        position_m is of the last tick; in between the car's way along the road there counts, so that nothing leaps.
        """
        road_x, road_y, road_heading = (float(value) for value in self.track.pose_at(position_m))
        here_m = position_m + (x - road_x) * np.cos(road_heading) + (y - road_y) * np.sin(road_heading)
        there_m = here_m + AHEAD_S * speed * np.cos(heading - road_heading)
        xs, ys, _ = self.track.pose_at(np.array([here_m, there_m]))
        return np.array([xs[1] - xs[0], ys[1] - ys[0]])

    def _draw_cars(self, surface: pygame.Surface, cars: Cars, indices: NDArray[np.int64]) -> None:
        order = indices.tolist()
        if self.chosen in order:  # the chosen car lies on top
            order.remove(self.chosen)
            order.append(self.chosen)
        detailed = self.camera.following or len(cars.poses) <= CROWD
        for index in order:
            x, y, heading, steer, _ = cars.poses[index].tolist()
            self.sprites.draw(
                surface,
                self.camera,
                x,
                y,
                heading,
                steer,
                livery=int(cars.liveries[index]),
                number=cars.numbers[index] if cars.numbers else index + 1,
                car=cars.models[index],
                braking=bool(cars.braking[index]),
                alpha=int(cars.alpha[index]),
                detailed=detailed,
            )

    def _draw_rays(self, surface: pygame.Surface, cars: Cars, which: NDArray[np.bool_]) -> None:
        for index, sight in enumerate(cars.sights):
            if sight is not None and which[index]:
                x, y, heading = cars.poses[index, :3].tolist()
                draw_rays(surface, self.camera, x, y, heading, sight.angles, sight.distances, sight.range_m)
                if index == self.chosen:
                    draw_road_map(surface, self.camera, x, y, heading, sight.road)
