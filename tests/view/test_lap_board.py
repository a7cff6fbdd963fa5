"""The lap board: signs and colours, and a place of its own in every window."""

import pygame
import pytest

from qrace.view import palette
from qrace.view.lap_board import WIDTH, LapBoard, Sector, board_rect, delta_colour, delta_text, draw_lap_board, lap_text
from qrace.view.layout import MINIMAP, PADDING, arrange
from qrace.view.type import Type


@pytest.mark.parametrize(
    ("seconds", "text", "colour"),
    [
        (-0.321, "−0.32", palette.GOOD),
        (0.321, "+0.32", palette.BAD),
        (0.004, "±0.00", palette.TEXT_DIM),
        (-0.004, "±0.00", palette.TEXT_DIM),
        (12.04, "+12.0", palette.BAD),
        (None, "", palette.TEXT_DIM),
    ],
)
def test_faster_and_slower_have_a_sign_and_a_colour(seconds: float | None, text: str, colour: palette.Colour) -> None:
    assert delta_text(seconds) == text and delta_colour(seconds) == colour


def test_signs_are_read_on_the_board() -> None:
    for colour in (palette.GOOD, palette.BAD, palette.TEXT_DIM):
        assert palette.contrast(colour, palette.PANEL) >= 4.5


def test_lap_times() -> None:
    assert [lap_text(s) for s in (None, float("nan"), 1e307, 9.999, 59.996, 83.45)] == [
        "–",
        "–",
        "–",
        "10.00",
        "1:00.00",
        "1:23.45",
    ]


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (960, 600), (480, 320), (3840, 2160)])
@pytest.mark.parametrize("panel_open", [True, False])
@pytest.mark.parametrize("text_size", [0.85, 1.0, 1.5])
def test_the_board_lies_on_the_free_stage(size: tuple[int, int], panel_open: bool, text_size: float) -> None:
    layout = arrange(size, panel_open, text_size)
    type_, stage = Type(layout.scale), layout.free_stage(panel_open)
    rect = board_rect(stage, type_)
    if stage.width < 100:
        return  # a panel over everything
    assert stage.contains(rect)
    margin = round(PADDING * layout.scale)
    minimap = pygame.Rect(margin, 0, *(round(side * layout.scale) for side in MINIMAP))
    minimap.bottom = stage.bottom - margin
    if stage.width >= rect.width + minimap.width + 3 * margin:
        assert not rect.colliderect(minimap)


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (960, 600), (640, 480), (480, 320)])
@pytest.mark.parametrize("panel_open", [True, False])
@pytest.mark.parametrize("text_size", [0.85, 1.0, 1.3, 1.5])
def test_the_board_leaves_of_the_small_map_all_or_nothing(
    size: tuple[int, int], panel_open: bool, text_size: float
) -> None:
    layout = arrange(size, panel_open, text_size)
    type_, stage = Type(layout.scale), layout.free_stage(panel_open)
    margin = round(PADDING * layout.scale)
    minimap = pygame.Rect(margin, 0, *(round(side * layout.scale) for side in MINIMAP))
    minimap.bottom = stage.bottom - margin
    if stage.width < minimap.width + 2 * margin:
        return  # a panel over the map
    surface = pygame.Surface(size)
    surface.fill(palette.GOOD, minimap)
    draw_lap_board(surface, stage, type_, LapBoard("9.99", None, "–", None, "–", "", (Sector(),) * 3, 0))
    left = pygame.mask.from_threshold(surface, palette.GOOD, (1, 1, 1, 255)).count()
    assert left in (0, minimap.width * minimap.height)
    beside = stage.width >= type_.px(WIDTH) + minimap.width + 3 * margin
    assert (left > 0) is beside, "it is seen wherever there is room for both"


def test_the_widest_figures_stay_inside_their_places() -> None:
    type_, surface = Type(1.0), pygame.Surface((960, 720))
    widest = tuple(Sector(599.99, delta) for delta in (-99.94, 99.94, None))
    board = LapBoard("9:59.99", -99.94, "9:59.99", 99.94, "9:59.99", "+99.9 %", widest, 2)
    drawn: list[tuple[str, int, int]] = []
    left = type_.left

    def note(surface, text, style, x, baseline):  # type: ignore[no-untyped-def]
        end = left(surface, text, style, x, baseline)
        drawn.append((text, int(baseline), round(x)))
        drawn.append((text, int(baseline), end))
        return end

    type_.left = note  # type: ignore[method-assign]
    draw_lap_board(surface, surface.get_rect(), type_, board)
    rect = board_rect(surface.get_rect(), type_)
    spans = [(drawn[i][1], drawn[i][2], drawn[i + 1][2], drawn[i][0]) for i in range(0, len(drawn), 2)]
    for line, start, end, text in spans:
        assert rect.left < start <= end < rect.right, text
        for other_line, other_start, other_end, other in spans:
            if other is not text and other_line == line:
                assert end <= other_start or other_end <= start, f"{text} over {other}"
