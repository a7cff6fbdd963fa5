"""The short sounds, measured: how loud, how long, at which pitch, and that neither end clicks."""

import numpy as np
import pytest

from qrace.sound.effects import GO_HZ, LAP_HZ, LIGHT_HZ, MAKERS, RECORD_HZ, Effect
from qrace.sound.synthesis import SAMPLE_RATE, noise_loop, to_int16


def spectrum(wave: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(K,) frequencies [Hz] and (K,) magnitudes."""
    window = np.hanning(len(wave))
    return np.fft.rfftfreq(len(wave), 1 / SAMPLE_RATE), np.abs(np.fft.rfft(wave * window))


def loudest_hz(wave: np.ndarray) -> float:
    hz, strength = spectrum(wave)
    return float(hz[strength.argmax()])


@pytest.mark.parametrize("effect", Effect)
def test_every_sound_is_soft_short_and_ends_in_silence(effect: Effect) -> None:
    wave = MAKERS[effect]()
    assert wave.dtype == np.float32 and np.isfinite(wave).all()
    assert 0.3 < np.abs(wave).max() < 0.9
    assert abs(float(wave.mean())) < 1e-4
    assert wave[0] == 0.0 and abs(wave[-1]) < 1e-3
    assert np.abs(wave[-50:]).max() < 0.02
    assert len(wave) / SAMPLE_RATE < 2.0


@pytest.mark.parametrize(("effect", "hz"), [(Effect.LIGHT, LIGHT_HZ), (Effect.GO, GO_HZ)])
def test_the_lights_have_the_pitch_asked_for(effect: Effect, hz: float) -> None:
    assert loudest_hz(MAKERS[effect]()) == pytest.approx(hz, rel=0.01)


def test_go_is_an_octave_above_the_lights() -> None:
    assert pytest.approx(2.0 * LIGHT_HZ, rel=1e-3) == GO_HZ


@pytest.mark.parametrize(("effect", "notes"), [(Effect.LAP, LAP_HZ), (Effect.RECORD, RECORD_HZ)])
def test_a_chime_climbs_through_its_notes(effect: Effect, notes: tuple[float, ...]) -> None:
    wave = MAKERS[effect]()
    assert loudest_hz(wave[: round(0.12 * SAMPLE_RATE)]) == pytest.approx(notes[0], rel=0.02)
    assert loudest_hz(wave[-round(1.0 * SAMPLE_RATE) :]) == pytest.approx(notes[-1], rel=0.02)


def test_a_crash_is_dull() -> None:
    hz, strength = spectrum(MAKERS[Effect.CRASH]())
    power = strength**2
    assert power[hz < 2000].sum() > 0.98 * power.sum()


def test_noise_loops_without_a_seam_between_its_frequencies() -> None:
    loop = noise_loop(0.5, 500.0, 1000.0, np.random.default_rng(0)).astype(np.float64)
    assert np.sqrt(np.mean(loop**2)) == pytest.approx(1.0, abs=1e-3) and abs(loop.mean()) < 1e-6
    assert abs(loop[0] - loop[-1]) <= np.abs(np.diff(loop)).max()
    turned = np.roll(loop, len(loop) // 2)  # the seam in the middle
    bend = np.abs(np.diff(turned, 2))
    assert bend[len(loop) // 2 - 2 : len(loop) // 2 + 1].max() <= 1.01 * np.abs(np.diff(loop, 2)).max()
    hz, strength = spectrum(np.tile(loop, 3))
    inside = (hz > 350) & (hz < 1420)  # slopes of half an octave
    assert (strength[inside] ** 2).sum() > 0.99 * (strength**2).sum()


def test_too_loud_is_clipped_and_never_wraps() -> None:
    assert to_int16(np.array([-3.0, -1.0, 0.0, 1.0, 3.0])).tolist() == [-32767, -32767, 0, 32767, 32767]
