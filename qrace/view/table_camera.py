"""The view of the drawing table: north up, moved and zoomed by hand, at rest in between."""

import numpy as np
import pygame
from numpy.typing import ArrayLike, NDArray

from qrace.view.camera import FIT_MARGIN_PX, Bounds

Floats = NDArray[np.float64]

ZOOM_STEP = 2.0**0.25
"""One notch of the wheel. Scales are whole powers of this, so that what is painted at one serves again."""
FINEST, COARSEST = 24.0, 0.02
"""[px/m]"""


class TableCamera:
    """Shows the world through `viewport`; the painter of tracks takes it for a camera that rests.

    Attributes:
        viewport: part of the window [px].
        centre: (2,) the point in the middle of the view [m].
        scale: [px/m]
        origin: (2,) world pixel at the viewport's top left corner.
    """

    def __init__(self, viewport: pygame.Rect) -> None:
        self.viewport = pygame.Rect(viewport)
        self.centre, self.scale = np.zeros(2), 2.0
        self._place()

    @property
    def following(self) -> bool:
        """It follows nothing."""
        return False

    @property
    def settled(self) -> bool:
        """It is at rest."""
        return True

    @property
    def destination(self) -> tuple[Floats, float]:
        """Where the view is going: nowhere."""
        return self.centre, self.scale

    def resize(self, viewport: pygame.Rect) -> None:
        """Show the same through another part of the window."""
        self.viewport = pygame.Rect(viewport)
        self._place()

    def fit(self, bounds: Bounds) -> None:
        """Show all of (min x, min y, max x, max y) [m]."""
        low, high = np.array(bounds[:2]), np.array(bounds[2:])
        room = np.maximum(np.array(self.viewport.size) - 2 * FIT_MARGIN_PX, 16.0)
        scale = float(np.min(room / np.maximum(high - low, 1.0)))
        notches = np.floor(np.log(scale) / np.log(ZOOM_STEP) + 1e-9)
        self.centre, self.scale = (low + high) / 2.0, float(np.clip(ZOOM_STEP**notches, COARSEST, FINEST))
        self._place()

    def zoom(self, notches: float, pixel: tuple[float, float]) -> None:
        """Come closer by so many notches (back off if negative); what is under the pixel stays there."""
        fixed = self.to_world([pixel])[0]
        notch = round(np.log(self.scale) / np.log(ZOOM_STEP)) + notches
        self.scale = float(np.clip(ZOOM_STEP**notch, COARSEST, FINEST))
        self._place()
        self.centre = self.centre + fixed - self.to_world([pixel])[0]
        self._place()

    def pan(self, pixels: tuple[float, float]) -> None:
        """Move the picture by (right, down) [px]."""
        self.centre = self.centre - np.array([pixels[0], -pixels[1]]) / self.scale
        self._place()

    def to_screen(self, points: ArrayLike) -> Floats:
        """Window pixels (K, 2) of world points (K, 2) [m]."""
        return np.asarray(points, dtype=np.float64) * (self.scale, -self.scale) - self.origin + self.viewport.topleft

    def to_world(self, pixels: ArrayLike) -> Floats:
        """World points (K, 2) [m] of window pixels (K, 2)."""
        world = np.asarray(pixels, dtype=np.float64) - self.viewport.topleft + self.origin
        return world / (self.scale, -self.scale)

    def _place(self) -> None:
        self.origin = np.round(self.centre * (self.scale, -self.scale) - np.array(self.viewport.size) / 2.0)
