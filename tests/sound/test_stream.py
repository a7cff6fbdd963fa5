"""Engines and the stream: pitch by speed, gears, and samples that go on smoothly whatever changes."""

from itertools import pairwise

import numpy as np
import pytest

from qrace.sound.engine import ENGINES, FORMULA, KART, LEVELS, TABLE, Engine, Gearbox, Oscillator
from qrace.sound.stream import STRETCH, STRETCH_S, CarStream, Heard
from qrace.sound.synthesis import SAMPLE_RATE


def peaks_hz(wave: np.ndarray) -> float:
    strength = np.abs(np.fft.rfft(wave * np.hanning(len(wave))))
    return float(np.fft.rfftfreq(len(wave), 1 / SAMPLE_RATE)[strength.argmax()])


def drive(stream: CarStream, heard: list[Heard], volume: float = 1.0) -> np.ndarray:
    return np.concatenate([stream.render(one, volume) for one in heard]).astype(np.float64) / 32767


@pytest.mark.parametrize("engine", ENGINES.values())
def test_cycles_close_and_have_no_dc(engine: Engine) -> None:
    tables = engine.tables()
    assert tables.shape == (2, LEVELS, TABLE + 1)
    assert np.array_equal(tables[..., 0], tables[..., -1])
    assert np.abs(tables[..., :-1].mean(axis=-1)).max() < 1e-4
    assert np.abs(tables).max() < 8.0


@pytest.mark.parametrize(("engine", "cycle_hz"), [(KART, 100.0), (KART, 160.0), (FORMULA, 50.0), (FORMULA, 90.0)])
def test_an_oscillator_has_the_rate_asked_for(engine: Engine, cycle_hz: float) -> None:
    oscillator = Oscillator(engine)
    oscillator.render(STRETCH, cycle_hz, 1.0)
    wave = oscillator.render(SAMPLE_RATE, cycle_hz, 1.0)
    hz = peaks_hz(wave)
    order = round(hz / cycle_hz)
    assert order % engine.firings == 0 and order > 0  # the loudest harmonic is of the firing order
    assert hz == pytest.approx(order * cycle_hz, abs=1.5)


def test_more_power_is_brighter() -> None:
    bright = []
    for power in (0.0, 1.0):
        oscillator = Oscillator(FORMULA)
        oscillator.render(STRETCH, 80.0, power)
        strength = np.abs(np.fft.rfft(oscillator.render(SAMPLE_RATE, 80.0, power))) ** 2
        bright.append(strength[2000:].sum() / strength.sum())
    assert bright[1] > 2.0 * bright[0]


def test_gears_rise_with_speed_and_do_not_hunt() -> None:
    box, rates, shifts = Gearbox(FORMULA), [], 0
    for speed in np.linspace(0.0, 85.0, 400):
        hz, shifted = box.rate_hz(float(speed))
        shifts += shifted
        rates.append(hz)
    assert shifts == len(FORMULA.gear_tops) - 1 == box.gear
    assert max(rates) <= FORMULA.highest_hz and min(rates) >= FORMULA.lowest_hz
    assert sum(after < before for before, after in pairwise(rates)) == shifts
    box = Gearbox(FORMULA)
    box.rate_hz(40.0)
    steady = [box.rate_hz(46.0 * 0.985 + wobble)[1] for wobble in (0.1, -0.1) * 10]
    assert sum(steady) == 1  # the same gear from then on
    for speed in np.linspace(46.0, 0.0, 400):
        box.rate_hz(float(speed))
    assert box.gear == 0


def test_the_single_gear_never_changes() -> None:
    box = Gearbox(KART)
    assert not any(box.rate_hz(speed)[1] for speed in (20.0, 33.3, 20.0))
    assert box.rate_hz(30.0)[0] == pytest.approx(1.5 * box.rate_hz(20.0)[0])


def test_no_clicks_from_stretch_to_stretch_while_everything_changes() -> None:
    rng = np.random.default_rng(0)
    heard = [
        Heard("grand-prix", *rng.uniform((0, 0, 0), (85, 1, 1)).tolist(), loudness=float(rng.integers(2)))
        for _ in range(120)
    ]
    wave = drive(CarStream(), heard)
    assert np.abs(wave).max() < 1.0 and abs(wave.mean()) < 1e-3
    # A click is a step, or a kink: at the seams there are no larger ones than between them.
    for order in (1, 2):
        steps = np.abs(np.diff(wave, order))
        seams = np.concatenate([steps[STRETCH * k - 2 : STRETCH * k + 1] for k in range(1, len(heard))])
        assert seams.max() <= steps.max() and np.mean(seams) < 1.3 * np.mean(steps)


def test_it_begins_and_ends_in_silence() -> None:
    stream = CarStream()
    assert stream.silent
    loud, quiet = Heard("lesson", 25.0, 0.5, 0.0, 1.0), Heard("lesson", 25.0, 0.5, 0.0, 0.0)
    wave = drive(stream, [loud] * 10)
    assert wave[0] == 0.0 and np.abs(wave[:20]).max() < 0.01 < np.abs(wave).max() and not stream.silent
    wave = drive(stream, [quiet] * round(1.5 / STRETCH_S))
    assert stream.silent and np.abs(wave[-STRETCH:]).max() == 0.0


def test_volume_is_in_proportion() -> None:
    heard = [Heard("grand-prix", 50.0, 1.0, 0.0, 1.0)] * 20
    full, half = (np.std(drive(CarStream(), heard, volume)) for volume in (1.0, 0.5))
    assert half == pytest.approx(0.5 * full, rel=0.1)


def test_another_car_takes_over_only_when_the_last_has_faded() -> None:
    stream = CarStream()
    drive(stream, [Heard("lesson", 30.0, 0.5, 0.0, 1.0)] * 10)
    before = np.abs(np.diff(drive(stream, [Heard("lesson", 30.0, 0.5, 0.0, 1.0)] * 10))).max()
    wave = drive(stream, [Heard("grand-prix", 30.0, 1.0, 0.0, 1.0)] * 50)
    middle = [np.abs(part).max() for part in wave.reshape(50, STRETCH)]
    assert min(middle) < 1e-3 and middle[-1] > 0.05
    assert np.abs(np.diff(wave[: 10 * STRETCH])).max() <= 1.2 * before


def test_tyres_are_heard_beside_the_engine() -> None:
    quiet, sliding = (
        drive(CarStream(), [Heard("grand-prix", 40.0, 0.0, slide, 1.0)] * 40)[20 * STRETCH :] for slide in (0.0, 1.0)
    )
    hz = np.fft.rfftfreq(len(quiet), 1 / SAMPLE_RATE)
    band = (hz > 500) & (hz < 1300)
    power = [(np.abs(np.fft.rfft(wave))[band] ** 2).sum() for wave in (quiet, sliding)]
    assert power[1] > 1.5 * power[0]
