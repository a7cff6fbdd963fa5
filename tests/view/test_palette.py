"""Colours against the published contrast ratios and the needs of colour-blind eyes."""

import itertools
from collections.abc import Iterator

import pytest

from qrace.view import palette


@pytest.fixture(autouse=True, params=palette.SCHEMES)
def scheme(request: pytest.FixtureRequest) -> Iterator[str]:
    """Everything holds in every scheme."""
    palette.use(request.param)
    yield request.param
    palette.use("okabe-ito")


def test_a_scheme_names_colours_that_exist(scheme: str) -> None:
    assert palette.scheme() == scheme
    assert all(getattr(palette, name) == colour for name, colour in palette.SCHEMES[scheme].items())
    assert len(palette.LIVERIES) == len(palette.LIVERY_INKS) == len(palette.LIVERY_NAMES) == 8


def test_high_contrast_is_higher() -> None:
    def least() -> float:
        return min(palette.contrast(ink, palette.PANEL) for ink in (palette.TEXT, palette.TEXT_DIM, palette.BAD))

    palette.use("okabe-ito")
    usual = least()
    palette.use("high-contrast")
    assert least() > max(usual, 7.0)


def test_contrast_agrees_with_published_values() -> None:
    assert palette.contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21.0)
    assert palette.contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)  # WebAIM's example


@pytest.mark.parametrize("ground", ["PANEL", "PANEL_RAISED"])
@pytest.mark.parametrize("ink", ["TEXT", "TEXT_DIM", "ACCENT", "GOOD", "WARN", "BAD"])
def test_text_is_readable(ink: str, ground: str) -> None:
    assert palette.contrast(getattr(palette, ink), getattr(palette, ground)) >= 4.5


def test_a_button_is_readable() -> None:
    assert palette.contrast(palette.TEXT, palette.ACCENT_DARK) >= 4.5


def test_numbers_are_readable_on_their_livery() -> None:
    for body, ink in zip(palette.LIVERIES, palette.LIVERY_INKS, strict=True):
        assert palette.contrast(body, ink) >= 4.5


def test_liveries_differ_for_people_who_see_no_red_or_no_green() -> None:
    # Viénot, Brettel, Mollon 1999: what a deuteranope sees, in linear RGB.
    def seen(colour: palette.Colour) -> tuple[float, float]:
        red, green, blue = ((c / 255) ** 2.2 for c in colour)
        return 0.29275 * red + 0.70725 * green, -0.02234 * red + 0.02234 * green + blue

    for first, second in itertools.combinations(palette.LIVERIES, 2):
        distance = sum((a - b) ** 2 for a, b in zip(seen(first), seen(second), strict=True)) ** 0.5
        assert distance > 0.045


def test_cars_stand_out_from_the_road() -> None:
    assert min(palette.contrast(livery, palette.ROAD) for livery in palette.LIVERIES[:7]) > 1.5


def test_mix_begins_and_ends_with_its_colours() -> None:
    assert palette.mix((10, 20, 30), (110, 220, 130), 0.0) == (10, 20, 30)
    assert palette.mix((10, 20, 30), (110, 220, 130), 1.0) == (110, 220, 130)
    assert palette.mix((10, 20, 30), (110, 220, 130), 0.5) == (60, 120, 80)
