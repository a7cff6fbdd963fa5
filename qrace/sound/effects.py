"""Short sounds: a crash, the start lights, a lap, a record. Soft, and none longer than two seconds."""

from collections.abc import Callable
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from qrace.sound.synthesis import Wave, decay, finished, noise_loop, times, tone

CRASH_S = 0.5
LIGHT_HZ, LIGHT_S = 523.25, 0.22
"""C5, the red lights …"""
GO_HZ, GO_S = 1046.5, 0.6
"""… and an octave above, when they go out."""
LAP_HZ = (659.26, 880.0)
"""E5, A5: a fourth up."""
RECORD_HZ = (880.0, 1108.73, 1318.51)
"""A5, C sharp 6, E6: a chord that opens upwards."""
NOTE_GAP_S = 0.13
BELL = ((1.0, 1.0), (2.0, 0.35), (3.01, 0.12), (4.2, 0.05))
"""Partials of a small bell: the upper ones a little sharp."""
BEEP = ((1.0, 1.0), (2.0, 0.18), (3.0, 0.06))


class Effect(Enum):
    """The short sounds, by what they tell."""

    CRASH = "crash"
    LIGHT = "light"
    GO = "go"
    LAP = "lap"
    RECORD = "record"


def crash() -> Wave:
    """A dull thud and a breath of gravel."""
    rng = np.random.default_rng(7)
    t = times(CRASH_S)
    gravel = noise_loop(CRASH_S, 250.0, 1600.0, rng) * 0.5 ** (t / 0.07)
    thud = np.sin(2.0 * np.pi * (95.0 * t - 60.0 * t**2)) * 0.5 ** (t / 0.05)
    return finished(0.4 * gravel + 0.8 * thud, decay(CRASH_S, 0.3, attack_s=0.006), peak=0.7)


def light() -> Wave:
    """One start light comes on."""
    return finished(tone(LIGHT_S, LIGHT_HZ, BEEP), decay(LIGHT_S, 0.2, attack_s=0.008), peak=0.5)


def go() -> Wave:
    """The start lights go out."""
    return finished(tone(GO_S, GO_HZ, BEEP), decay(GO_S, 0.18, attack_s=0.008), peak=0.5)


def lap() -> Wave:
    """A lap is complete: two gentle tones."""
    return _chime(LAP_HZ, 0.9, peak=0.45)


def record() -> Wave:
    """A lap faster than any before: three tones."""
    return _chime(RECORD_HZ, 1.4, peak=0.55)


def _chime(notes_hz: tuple[float, ...], ring_s: float, peak: float) -> Wave:
    """Bells, one after the other, each ringing on under the next."""
    gap = len(times(NOTE_GAP_S))
    bell = [tone(ring_s, hz, BELL) * decay(ring_s, 0.16) for hz in notes_hz]
    wave: NDArray[np.float64] = np.zeros(len(bell[0]) + gap * (len(bell) - 1))
    for number, note in enumerate(bell):
        wave[gap * number : gap * number + len(note)] += note
    whole = len(wave) / len(bell[0]) * ring_s
    return finished(wave, decay(whole, 2.0 * whole)[: len(wave)], peak)


MAKERS: dict[Effect, Callable[[], Wave]] = {
    Effect.CRASH: crash,
    Effect.LIGHT: light,
    Effect.GO: go,
    Effect.LAP: lap,
    Effect.RECORD: record,
}
