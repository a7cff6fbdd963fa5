"""The driver's seat: who drives a car, the brain or a person, from one moment to the next."""

import numpy as np
from numpy.typing import NDArray

from qrace.game.wheel import HeldControls, Wheel

Floats = NDArray[np.float64]


class Seat:
    """Puts a person's controls in the place of the brain's, to the moment at which they take the wheel or leave it.

    Attributes:
        person: index of the car that a person steers, None for none.
    """

    def __init__(self, wheel: Wheel) -> None:
        self.person: int | None = None
        self._wheel = wheel
        self._mixed: int | None = None
        """The car whose controls in this tick are, in part or all, a person's."""
        self._held = HeldControls()
        self._brain = np.zeros((0, 2))

    def begin_step(self, controls: Floats) -> None:
        """The brain has decided: its controls (N, 2) for the ticks to come."""
        self._brain = controls.copy()

    def take(self, car: int, share: float) -> None:
        """A person takes the wheel when this share, 0 to 1, of the tick is over."""
        if self._mixed != car:
            self._mixed, self._held = car, HeldControls()
            self._held.hold(self._brain[car], share)
        self.person = car

    def leave(self) -> None:
        """The brain takes it back."""
        self.person = None

    def hold(self, share: float) -> None:
        """This share of the tick is over, and the wheel was held as it is now."""
        if self._mixed is not None:
            self._held.hold(self._now(self._mixed), share)

    def so_far(self, controls: Floats) -> Floats:
        """Controls (N, 2) of the tick, as far as it has come."""
        if self._mixed is None:
            return controls
        controls = controls.copy()
        controls[self._mixed] = self._held.so_far(self._now(self._mixed))
        return controls

    def end_tick(self, controls: Floats) -> None:
        """Write what was held into the controls (N, 2) of the tick that is over."""
        if self._mixed is None:
            return
        controls[self._mixed] = self._held.end_tick(self._now(self._mixed))
        self._mixed = self.person

    def _now(self, car: int) -> Floats:
        return np.array(self._wheel.controls) if self.person == car else self._brain[car]
