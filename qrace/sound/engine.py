"""Engine notes: what one cycle of an engine sounds like at any rate, and the gears between road speed and engine.

A cycle is a short table of samples, made from a spectrum: the firing order gives the harmonics, and resonances of pipe
and body, which stay where they are while the engine speeds up, weigh them. Read round and round, it is the note.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qrace.sound.synthesis import SAMPLE_RATE, Wave

TABLE = 2048
"""Samples in the table of a cycle."""
LEVELS = 12
"""Engine rates at which a table is made; between them two are blended."""
HIGHEST_HZ = 9_000.0
"""Nothing of an engine is above."""


@dataclass(frozen=True)
class Engine:
    """The character of an engine."""

    lowest_hz: float
    """Cycles per second at idle …"""
    highest_hz: float
    """… and at most."""
    firings: int
    """Ignitions per cycle: the loud harmonics."""
    roughness: float
    """Strength of the other harmonics, 0 to 1: cylinders are never quite alike."""
    cutoff_hz: tuple[float, float]
    """Where the spectrum begins to fall, coasting and under full power."""
    resonances: tuple[tuple[float, float, float], ...]
    """(Hz, octaves wide, gain) of pipe and body."""
    gear_tops: tuple[float, ...]
    """Road speed at the highest rate in each gear [m/s]; a single gear never changes."""

    def tables(self) -> NDArray[np.float32]:
        """(2, LEVELS, TABLE + 1) cycles coasting and under power, at rates from lowest to highest; RMS 1.

        The last sample repeats the first, for reading between samples.
        """
        rng = np.random.default_rng(3)
        order = np.arange(1, TABLE // 2)
        turns = rng.random(len(order))
        uneven = self.roughness * rng.uniform(0.4, 1.0, len(order))
        half = np.where(order % max(self.firings // 2, 1) == 0, max(0.35, self.roughness), uneven)
        weights = np.where(order % self.firings == 0, 1.0, half)
        cycles = [
            [_cycle(weights * self._spectrum(order * hz, cutoff), turns) for hz in self.level_hz()]
            for cutoff in self.cutoff_hz
        ]
        return np.array(cycles, dtype=np.float32)

    def level_hz(self) -> NDArray[np.float64]:
        """(LEVELS,) cycles per second of the tables, evenly spaced in pitch."""
        return np.geomspace(self.lowest_hz, self.highest_hz, LEVELS)

    def _spectrum(self, hz: NDArray[np.float64], cutoff_hz: float) -> NDArray[np.float64]:
        fall = (hz + 60.0) ** -0.7 / (1.0 + (hz / cutoff_hz) ** 2)
        body = 1.0 + sum(
            gain * np.exp(-0.5 * (np.log2(hz / middle) / width) ** 2) for middle, width, gain in self.resonances
        )
        return np.where(hz < HIGHEST_HZ, fall * body, 0.0)


def _cycle(strength: NDArray[np.float64], turns: NDArray[np.float64]) -> NDArray[np.float64]:
    spectrum = np.zeros(TABLE // 2 + 1, dtype=np.complex128)
    spectrum[1 : len(strength) + 1] = strength * np.exp(2j * np.pi * turns)
    cycle = np.fft.irfft(spectrum, TABLE)
    cycle /= np.sqrt(np.mean(cycle**2))
    return np.append(cycle, cycle[0])


KART = Engine(
    lowest_hz=28.0,
    highest_hz=180.0,
    firings=1,
    roughness=0.0,
    cutoff_hz=(420.0, 700.0),
    resonances=((260.0, 0.6, 0.8), (900.0, 0.5, 0.5)),
    gear_tops=(36.0,),
)
"""The lesson's car: a single-speed hum."""
FORMULA = Engine(
    lowest_hz=36.0,
    highest_hz=97.0,
    firings=6,
    roughness=0.16,
    cutoff_hz=(1100.0, 2600.0),
    resonances=((300.0, 0.5, 0.9), (820.0, 0.4, 1.2), (2300.0, 0.35, 1.4)),
    gear_tops=(20.0, 28.5, 37.0, 46.0, 55.0, 64.5, 75.0, 90.0),
)
"""The grand-prix car: a V6 of 11 600 turns a minute, eight gears."""
ENGINES: dict[str, Engine] = {"lesson": KART, "grand-prix": FORMULA}

SHIFT_UP, SHIFT_DOWN = 0.985, 0.76
"""Shares of a gear's top speed: above the first the next gear is taken, below the second that gear is taken again."""


class Gearbox:
    """Which gear an engine is in, and how fast it turns."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.gear = 0

    def rate_hz(self, speed: float) -> tuple[float, bool]:
        """Cycles per second at a road speed [m/s], and whether the gear has just been changed."""
        tops, before = self._engine.gear_tops, self.gear
        while self.gear < len(tops) - 1 and speed > SHIFT_UP * tops[self.gear]:
            self.gear += 1
        while self.gear > 0 and speed < SHIFT_DOWN * tops[self.gear - 1]:
            self.gear -= 1
        hz = speed / tops[self.gear] * self._engine.highest_hz
        return float(np.clip(hz, self._engine.lowest_hz, self._engine.highest_hz)), self.gear != before


class Oscillator:
    """Reads an engine's tables: phase, rate and timbre go on from one stretch of samples to the next."""

    def __init__(self, engine: Engine) -> None:
        self._tables = engine.tables()
        self._log_hz = np.log(engine.level_hz())
        self._phase = 0.0
        self._hz = engine.lowest_hz
        self._cycle = self._blend(self._hz, 0.0)

    def render(self, samples: int, hz: float, power: float) -> Wave:
        """(samples,) on the way from the last rate and timbre to `hz` cycles per second and `power`, 0 to 1; RMS 1."""
        share = np.arange(1, samples + 1) / samples
        turned = self._phase + np.cumsum(self._hz + (hz - self._hz) * share) / SAMPLE_RATE
        place = (turned % 1.0) * TABLE
        index = place.astype(np.int64)
        between = place - index
        after = self._blend(hz, power)
        table = np.stack([self._cycle, after])
        old, new = table[:, index] + (table[:, index + 1] - table[:, index]) * between
        self._phase, self._hz, self._cycle = float(turned[-1] % 1.0), hz, after
        return (old + (new - old) * share).astype(np.float32)

    def _blend(self, hz: float, power: float) -> Wave:
        """(TABLE + 1,) the cycle at this rate and power."""
        level = float(np.interp(np.log(hz), self._log_hz, np.arange(LEVELS)))
        low = min(int(level), LEVELS - 2)
        pair = self._tables[:, low] + (self._tables[:, low + 1] - self._tables[:, low]) * np.float32(level - low)
        return pair[0] + (pair[1] - pair[0]) * np.float32(power)
