"""The chart's arithmetic against brute force, and that it paints what it says."""

import numpy as np
import pygame
import pytest

from qrace.view import palette
from qrace.view.chart import (
    LineChart,
    Series,
    moving_average,
    round_ticks,
    thin_out,
    three_digits,
    time_label,
    value_range,
)
from qrace.view.type import Type


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (-3.2, 57.0), (12.31, 13.05), (0.0, 4e6), (-0.004, 0.001)])
@pytest.mark.parametrize("most", [1, 2, 3, 5])
def test_ticks_are_round_and_inside(low: float, high: float, most: int) -> None:
    ticks = round_ticks(low, high, most)
    assert len(ticks) <= most
    assert all(low - 1e-9 * abs(low) <= tick <= high + 1e-9 * abs(high) for tick in ticks)
    if len(ticks) > 1:
        step = ticks[1] - ticks[0]
        mantissa = step / 10.0 ** np.floor(np.log10(step) + 1e-9)
        assert min(abs(mantissa - m) for m in (1.0, 2.0, 5.0)) < 1e-6
        assert np.allclose(np.diff(ticks), step)
        assert np.allclose(np.array(ticks) / step, np.round(np.array(ticks) / step))


def test_at_least_one_tick_where_there_is_room_for_two() -> None:
    rng = np.random.default_rng(0)
    for low, span in zip(rng.normal(0.0, 100.0, 200), rng.exponential(50.0, 200), strict=True):
        assert round_ticks(low, low + span, 2)


def test_no_ticks_on_an_axis_without_length() -> None:
    assert round_ticks(1.0, 1.0, 3) == [] == round_ticks(0.0, float("nan"), 3)


def test_moving_average_by_brute_force() -> None:
    rng = np.random.default_rng(1)
    y = np.where(rng.random(40) < 0.3, np.nan, rng.normal(size=40))
    for width in (1, 3, 9, 60):
        averaged = moving_average(y, width)
        for i in range(len(y)):
            window = y[max(0, i - width + 1) : i + 1]
            known = window[np.isfinite(window)]
            assert averaged[i] == pytest.approx(known.mean()) if len(known) else np.isnan(averaged[i])


def test_thinning_keeps_the_mean_and_the_span() -> None:
    x, y = np.arange(1000.0), np.sin(np.arange(1000.0))
    y[100:200] = np.nan
    thin_x, thin_y = thin_out(x, y, 100)
    assert len(thin_x) <= 100
    assert np.average(thin_y, weights=[9] * 100) == pytest.approx(np.nanmean(y), abs=1e-9)
    assert thin_x[0] < 10.0 and thin_x[-1] > 990.0 and np.all(np.diff(thin_x) > 0)


def test_one_wild_value_does_not_flatten_the_rest() -> None:
    y = np.append(np.linspace(10.0, 12.0, 200), 500.0)
    low, high = value_range(y, reference=9.5)
    assert low < 9.5 and high < 100.0


def test_labels() -> None:
    assert [three_digits(v) for v in (0.0, 0.12345, 1.234, 14.04, -3.14159, 1234.5)] == [
        "0.00",
        "0.123",
        "1.23",
        "14.0",
        "-3.14",
        "1234",
    ]
    assert [time_label(s) for s in (45.0, 119.0, 120.0, 7200.0)] == ["45 s", "119 s", "2 min", "2 h"]


def rows_of(image: pygame.Surface, colour: palette.Colour, column: int) -> list[int]:
    return [y for y in range(image.get_height()) if image.get_at((column, y))[:3] == colour]


def test_the_line_goes_where_the_values_are() -> None:
    image, place = pygame.Surface((288, 120)), pygame.Rect(0, 0, 288, 120)
    x = np.linspace(0.0, 100.0, 50)
    LineChart().draw(image, place, Type(), Series("Return", "", x, np.linspace(0.0, 10.0, 50), palette.ACCENT))
    columns = (40, 120, 200)
    heights = [np.mean([y for y in range(24, 100) if image.get_at((c, y))[2] > 90]) for c in columns]
    assert heights[0] > heights[1] > heights[2]
    slopes = np.diff(heights) / np.diff(columns)
    assert slopes[0] == pytest.approx(slopes[1], abs=0.06)


def test_painted_again_only_when_it_has_grown(monkeypatch: pytest.MonkeyPatch) -> None:
    painted = []
    real = LineChart._paint
    monkeypatch.setattr(LineChart, "_paint", staticmethod(lambda *a: (painted.append(1), real(*a))[1]))
    chart, image = LineChart(), pygame.Surface((288, 120))
    x = np.arange(10.0)
    for length in (8, 8, 8, 9, 9):
        series = Series("Return", "", x[:length], x[:length] ** 2, palette.ACCENT)
        chart.draw(image, image.get_rect(), Type(), series)
    assert len(painted) == 2


@pytest.mark.parametrize("points", [0, 1])
def test_too_little_data_is_said_so(points: int) -> None:
    image = pygame.Surface((288, 80))
    nothing = np.full(points, np.nan)
    LineChart().draw(image, image.get_rect(), Type(), Series("Lap time", "s", nothing, nothing, palette.WARN, 12.0))
    assert not rows_of(image, palette.WARN, 280)


def test_the_number_is_the_newest_value_and_not_the_smoothed_one(monkeypatch: pytest.MonkeyPatch) -> None:
    written, real = [], Type.right

    def right(type_: Type, image: pygame.Surface, text: str, *rest: object) -> int:
        written.append(text)
        return real(type_, image, text, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Type, "right", right)
    image, x = pygame.Surface((288, 120)), np.arange(60.0)
    y = np.append(np.linspace(20.0, 30.0, 58), [41.2, np.nan])
    LineChart().draw(image, image.get_rect(), Type(), Series("Return", "", x, y, palette.ACCENT))
    assert "41.2" in written
