"""The parts that sounds are made of: noise that loops without a seam, tones, envelopes. Mono, float32, -1 to 1."""

import numpy as np
from numpy.typing import NDArray

Wave = NDArray[np.float32]

SAMPLE_RATE = 44_100
"""[Hz]"""
LOUDEST = 0.9
"""Peak of a sound that stands alone."""
FULL_SCALE = 32_767
EDGE_S = 0.004
"""Sounds begin and end over at least this time [s]: an edge is a click."""


def times(seconds: float) -> NDArray[np.float64]:
    """(K,) sample times from 0 [s]."""
    return np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE


def noise_loop(seconds: float, low_hz: float, high_hz: float, rng: np.random.Generator) -> Wave:
    """(K,) noise between two frequencies that repeats without a seam; RMS 1.

    Drawn as a spectrum, so the loop is periodic by construction. Slopes are half an octave wide.
    """
    samples = round(seconds * SAMPLE_RATE)
    hz = np.fft.rfftfreq(samples, 1.0 / SAMPLE_RATE)
    octaves = np.log2(np.maximum(hz, 1e-9))
    above, below = octaves - np.log2(low_hz), np.log2(high_hz) - octaves
    strength = np.clip(2.0 * np.minimum(above, below) + 1.0, 0.0, 1.0) / np.sqrt(np.maximum(hz, 1.0))
    strength[0] = 0.0  # no DC
    spectrum = strength * np.exp(2j * np.pi * rng.random(len(hz)))
    wave = np.fft.irfft(spectrum, samples)
    return (wave / np.sqrt(np.mean(wave**2))).astype(np.float32)


def decay(seconds: float, half_life_s: float, attack_s: float = EDGE_S) -> NDArray[np.float64]:
    """(K,) envelope: a short rise, an exponential fall, and exactly 0 at either end."""
    t = times(seconds)
    rise = np.clip(t / attack_s, 0.0, 1.0)
    fall = 0.5 ** (t / half_life_s)
    end = np.clip((t[-1] - t) / max(EDGE_S, 0.15 * seconds), 0.0, 1.0)
    return np.sin(0.5 * np.pi * rise) * fall * np.sin(0.5 * np.pi * end)


def tone(seconds: float, hz: float, partials: tuple[tuple[float, float], ...]) -> NDArray[np.float64]:
    """(K,) sines at multiples of `hz`, partials as (multiple, strength)."""
    t = times(seconds)
    waves = [strength * np.sin(2.0 * np.pi * hz * multiple * t) for multiple, strength in partials]
    return np.sum(waves, axis=0)


def finished(wave: NDArray[np.float64], envelope: NDArray[np.float64], peak: float = LOUDEST) -> Wave:
    """(K,) a wave under its envelope (K,), free of DC, at this peak."""
    shaped = wave * envelope
    shaped = shaped - envelope * (shaped.sum() / envelope.sum())  # in the envelope's shape, so that the ends stay at 0
    return (shaped * (peak / np.abs(shaped).max())).astype(np.float32)


def to_int16(wave: NDArray[np.floating]) -> NDArray[np.int16]:
    """(K,) samples as a sound card takes them; what is louder than -1 to 1 is clipped."""
    return np.rint(np.clip(wave, -1.0, 1.0) * FULL_SCALE).astype(np.int16)
