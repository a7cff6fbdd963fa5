"""What is heard all the time: the engine, the tyres and the wind of one car, as a stream without a seam."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qrace.sound.engine import ENGINES, Gearbox, Oscillator
from qrace.sound.synthesis import SAMPLE_RATE, Wave, noise_loop, to_int16

STRETCH = 2048
"""Samples rendered at a time: 46 ms. A multiple of the mixer's buffer, so that one stretch follows the other."""
STRETCH_S = STRETCH / SAMPLE_RATE
SPEED_EASE_S = 0.09
"""The lesson's car changes its speed at once; an engine takes this long [s]."""
POWER_EASE_S = 0.08
SLIDE_EASE_S = 0.10
LOUDNESS_EASE_S = 0.12
LOOP_S = 1.5
ENGINE_GAIN, TYRE_GAIN, WIND_GAIN = 0.17, 0.075, 0.05
WIND_SPEED = 85.0
"""Wind is loudest at this speed [m/s]."""
SHIFT_POWER = 0.15
"""What is left of the power while the gear changes."""
WANDER = 0.004
"""An engine's rate is never quite steady: share by which it wanders."""
SILENT = 1e-4


@dataclass(frozen=True)
class Heard:
    """The car that is listened to."""

    car: str = "lesson"
    speed: float = 0.0
    """[m/s]"""
    power: float = 0.0
    """0 coasting to 1 full power."""
    slide: float = 0.0
    """How hard the tyres work, 0 quiet to 1 sliding."""
    loudness: float = 0.0
    """0 to 1; everything fades there."""


class CarStream:
    """Renders stretch after stretch; whatever changes from one to the next, the samples go on smoothly."""

    def __init__(self) -> None:
        rng = np.random.default_rng(11)
        self._tyres = noise_loop(LOOP_S, 500.0, 1300.0, rng)
        self._wind = noise_loop(LOOP_S, 90.0, 420.0, rng)
        self._oscillators = {name: Oscillator(engine) for name, engine in ENGINES.items()}
        self._gearboxes = {name: Gearbox(engine) for name, engine in ENGINES.items()}
        self._rng = rng
        self._place = 0
        self._speed = self._power = self._slide = 0.0
        self._car = "lesson"
        self._wander = 0.0
        self._gains: NDArray[np.float64] = np.zeros(3)
        """Of engine, tyres and wind at the end of the last stretch."""
        self._loudness = 0.0

    @property
    def silent(self) -> bool:
        """Whether nothing is heard any more."""
        return bool(self._gains.max() < SILENT)

    def render(self, heard: Heard, volume: float) -> NDArray[np.int16]:
        """(STRETCH,) the next samples, on the way to what is heard now; volume 0 to 1 on top."""
        if heard.car != self._car:  # another engine begins when the last one has faded
            if self.silent:
                self._car, self._speed = heard.car, heard.speed
            else:
                heard = Heard(self._car, self._speed)
        self._ease(heard)
        hz, shifted = self._gearboxes[self._car].rate_hz(self._speed)
        self._wander += 0.3 * (self._rng.normal(0.0, WANDER) - self._wander)
        power = SHIFT_POWER * self._power if shifted else self._power
        gains = self._targets(power) * (volume * self._loudness)
        engine = self._oscillators[self._car].render(STRETCH, hz * (1.0 + self._wander), power)
        mixed = sum(
            wave * np.linspace(before, after, STRETCH, endpoint=False, dtype=np.float32)
            for wave, before, after in zip(
                (engine, self._loop(self._tyres), self._loop(self._wind)), self._gains, gains, strict=True
            )
        )
        self._gains, self._place = gains, (self._place + STRETCH) % len(self._tyres)
        return to_int16(np.tanh(np.asarray(mixed)))

    def _ease(self, heard: Heard) -> None:
        self._speed += _share(SPEED_EASE_S) * (heard.speed - self._speed)
        self._power += _share(POWER_EASE_S) * (heard.power - self._power)
        self._slide += _share(SLIDE_EASE_S) * (heard.slide - self._slide)
        self._loudness += _share(LOUDNESS_EASE_S) * (heard.loudness - self._loudness)
        if self._loudness < SILENT:
            self._loudness = 0.0

    def _targets(self, power: float) -> NDArray[np.float64]:
        wind = min(self._speed / WIND_SPEED, 1.0) ** 2
        return np.array([ENGINE_GAIN * (0.45 + 0.55 * power), TYRE_GAIN * self._slide, WIND_GAIN * wind])

    def _loop(self, loop: Wave) -> Wave:
        """(STRETCH,) the next samples of a noise."""
        return np.take(loop, np.arange(self._place, self._place + STRETCH), mode="wrap")


def _share(ease_s: float) -> float:
    """Of the way to a target that is gone in a stretch."""
    return 1.0 - float(np.exp(-STRETCH_S / ease_s))
