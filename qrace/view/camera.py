"""The camera: the only place where metres become pixels (y up becomes y down), and how the view moves."""

import math
from typing import Protocol

import numpy as np
import pygame
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Bounds = tuple[float, float, float, float]

PAN_RATE = 9.0
"""Natural frequency of every ease [rad/s]: a move is nine tenths done after 4 / rate, 0.45 s."""
AHEAD_RATE = 7.0
"""The same for the look-ahead, slower, so that a bend leads the view and does not throw it about."""
AHEAD_S = 0.9
"""The view in follow is centred on where the car will be in so many seconds …"""
AHEAD_SHARE = 0.27
"""… but no further from the car than this share of the view's width or height."""
FOLLOW_HEIGHT_M = 96.0
"""World seen from top to bottom in follow view."""
FOLLOW_HEIGHT_LIMITS_M = (30.0, 400.0)
FIT_MARGIN_PX = 36
JUMP_M = 3.0
"""A target that moves further in a frame than twice its speed explains, and this, was put somewhere else."""


class View(Protocol):
    """What the painter of a track asks of whatever looks at it; see Camera."""

    viewport: pygame.Rect
    scale: float
    origin: Floats

    @property
    def following(self) -> bool: ...

    @property
    def settled(self) -> bool: ...

    @property
    def destination(self) -> tuple[Floats, float]: ...


class Spring:
    """Critically damped ease of an offset (K,) to zero: x'' = -2 w x' - w² x, solved exactly for any time step."""

    def __init__(self, size: int, rate: float, rest: float) -> None:
        """K = `size`; natural frequency w = `rate` [rad/s]; offsets below `rest` end in exact stillness."""
        self._rate, self._rest = rate, rest
        self.offset, self._velocity = np.zeros(size), np.zeros(size)
        self.still = True
        """Whether the offset is zero and stays so."""

    def push(self, offset: Floats | float, velocity: Floats | float = 0.0) -> None:
        """Add to the offset, and to its velocity [1/s]."""
        self.offset = self.offset + offset
        self._velocity = self._velocity + velocity
        self.still = False

    def step(self, dt: float) -> None:
        """Move on by dt [s]."""
        if self.still:
            return
        pull = (self._velocity + self._rate * self.offset) * dt
        decay = math.exp(-self._rate * dt)
        self.offset = (self.offset + pull) * decay
        self._velocity = (self._velocity - self._rate * pull) * decay
        if np.abs(self.offset).max() < self._rest and np.abs(self._velocity).max() < self._rate * self._rest:
            self.stop()

    def stop(self) -> None:
        """Be at rest at zero."""
        self.offset, self._velocity = np.zeros_like(self.offset), np.zeros_like(self._velocity)
        self.still = True


class Camera:
    """North-up view of the world through `viewport`, either of the whole track or following one car."""

    def __init__(self, viewport: pygame.Rect) -> None:
        self.viewport = pygame.Rect(viewport)
        self.centre = np.zeros(2)
        """(2,) the point in the middle of the view [m]."""
        self.scale = 1.0
        """[px/m]"""
        self._bounds: Bounds = (-50.0, -50.0, 50.0, 50.0)
        self._following = False
        self._blend = Spring(1, PAN_RATE, rest=2e-3)  # offset from the wanted end of whole track (0) … follow (1)
        self._height = Spring(1, PAN_RATE, rest=2e-3)  # offset of the logarithm of the follow height
        self._height_m = FOLLOW_HEIGHT_M
        self._car: Floats | None = None
        self._car_velocity = np.zeros(2)
        self._ahead = np.zeros(2)
        self._ahead_ease = Spring(2, AHEAD_RATE, rest=1e-2)
        self._slip = Spring(2, PAN_RATE, rest=1e-2)  # what is left of a jump of the car that is followed
        self._place()

    @property
    def following(self) -> bool:
        """Whether the view follows a car, or is on its way there."""
        return self._following

    @following.setter
    def following(self, following: bool) -> None:
        if following != self._following:
            self._blend.push(-1.0 if following else 1.0)
            self._following = following

    @property
    def settled(self) -> bool:
        """Whether the scale is at rest; the centre may be moving."""
        return self._blend.still and self._height.still

    @property
    def destination(self) -> tuple[Floats, float]:
        """Where the view is going: centre (2,) [m] and scale [px/m]; equal to the present scale once settled."""
        if self._following and self._car is not None:
            return self._follow_centre(), self.viewport.height / self._height_m
        return self._whole()

    def resize(self, viewport: pygame.Rect) -> None:
        """Show the same through another part of the window."""
        self.viewport = pygame.Rect(viewport)
        self._place()

    def fit(self, bounds: Bounds) -> None:
        """Begin on a new track: the whole-track view is of (min x, min y, max x, max y) [m]. No easing."""
        self._bounds = bounds
        self._car = None
        for spring in (self._blend, self._height, self._ahead_ease, self._slip):
            spring.stop()
        self._place()

    def back_off_to(self, height_m: float) -> None:
        """See at least so much of the world from top to bottom in follow view [m]."""
        if self._height_m < height_m:
            self.zoom_by(self._height_m / height_m)

    def zoom_by(self, factor: float) -> None:
        """Come closer (factor > 1) or back off in follow view, within sensible limits."""
        height = float(np.clip(self._height_m / factor, *FOLLOW_HEIGHT_LIMITS_M))
        self._height.push(math.log(self._height_m / height))
        self._height_m = height

    def follow(
        self,
        pose: tuple[float, float, float],
        speed: float,
        dt: float,
        time_scale: float = 1.0,
        ahead: Floats | None = None,
    ) -> None:
        """Tell where the chosen car is, once a frame in both modes, and move on by dt [s].

        Args:
            pose: x [m], y [m], heading [rad] as drawn in this frame.
            speed: [m/s] of simulated time.
            time_scale: simulated seconds per second; a car that moved much further than that explains (it was put back
                on the road, or another was chosen) is eased over to.
            ahead: (2,) from the car to where the road leads in AHEAD_S [m]; straight on where it is left out.
        """
        car = np.array(pose[:2], dtype=np.float64)
        velocity = speed * time_scale * np.array([np.cos(pose[2]), np.sin(pose[2])])
        if ahead is None:
            ahead = AHEAD_S * speed * np.array([np.cos(pose[2]), np.sin(pose[2])])
        ahead = self._within_view(ahead)
        if self._car is None:
            self._ahead_ease.stop()
        else:
            moved = car - self._car
            if math.hypot(*moved) > JUMP_M + 2.0 * dt * abs(speed) * time_scale:
                self._slip.push(-moved, self._car_velocity - velocity)
            self._ahead_ease.push(self._ahead - ahead)
        self._car, self._car_velocity, self._ahead = car, velocity, ahead
        self.update(dt)

    def update(self, dt: float) -> None:
        """Move on by dt [s] with the car where it was."""
        for spring in (self._blend, self._height, self._ahead_ease, self._slip):
            spring.step(dt)
        self._place()

    def to_screen(self, points: ArrayLike) -> Floats:
        """Window pixels (K, 2) of world points (K, 2) [m]."""
        return np.asarray(points, dtype=np.float64) * (self.scale, -self.scale) - self.origin + self.viewport.topleft

    def to_world(self, pixels: ArrayLike) -> Floats:
        """World points (K, 2) [m] of window pixels (K, 2)."""
        world = np.asarray(pixels, dtype=np.float64) - self.viewport.topleft + self.origin
        return world / (self.scale, -self.scale)

    def _within_view(self, ahead: Floats) -> Floats:
        """As far ahead (2,) as the car stays well inside the view [m]."""
        reach = AHEAD_SHARE * np.array(self.viewport.size) * self._height_m / self.viewport.height
        return ahead / max(1.0, math.hypot(*(ahead / reach)))

    def _follow_centre(self) -> Floats:
        assert self._car is not None
        return self._car + self._ahead + self._ahead_ease.offset + self._slip.offset

    def _whole(self) -> tuple[Floats, float]:
        low, high = np.array(self._bounds[:2]), np.array(self._bounds[2:])
        room = np.maximum(np.array(self.viewport.size) - 2 * FIT_MARGIN_PX, 16.0)
        return (low + high) / 2.0, float(np.min(room / np.maximum(high - low, 1.0)))

    def _place(self) -> None:
        """Set centre, scale and origin from the state of the springs."""
        centre, scale = self._whole()
        if self._car is not None:
            near = self.viewport.height / (self._height_m * math.exp(self._height.offset[0]))
            share = float(np.clip(self._following + self._blend.offset[0], 0.0, 1.0))
            far, between = scale, scale ** (1.0 - share) * near**share
            # Metres per pixel and centre change in step, so that one point of the picture stands still in a zoom.
            left = 1.0 - share if abs(near / far - 1.0) < 0.05 else (1 / between - 1 / near) / (1 / far - 1 / near)
            centre, scale = centre * left + self._follow_centre() * (1.0 - left), between
        self.centre, self.scale = centre, scale
        # A whole number of pixels: road and cars move as one, and cached pictures are never resampled.
        self.origin = np.round(centre * (scale, -scale) - np.array(self.viewport.size) / 2.0)
        """(2,) world pixel at the viewport's top left corner."""
