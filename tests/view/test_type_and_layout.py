"""Type and layout: what is rendered once, what fits, and rectangles that tile the window."""

import pygame
import pytest

from qrace.errors import printable
from qrace.view import palette
from qrace.view.badge import draw_badge
from qrace.view.help_overlay import HintLine, KeyHelp
from qrace.view.layout import OVERLAY_BELOW, arrange, text_scale
from qrace.view.notice import Notices
from qrace.view.panel import NOTHING, Figure, PanelContent
from qrace.view.type import CACHED_STRINGS, FIGURE, FONT_FOLDER, LABEL, WORDS, Face, Type

LONG = "/a/path/without/a/single/space/that/is/longer/than/any/line/could/ever/be/in/a/notice.safetensors: is damaged."


def test_fonts_are_bundled_with_their_licence() -> None:
    assert all((FONT_FOLDER / face.value).is_file() for face in Face)
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONT_FOLDER / "OFL.txt").read_text(encoding="utf-8")


def test_a_string_is_rendered_once_and_memory_is_bounded() -> None:
    type_ = Type()
    first = type_.render("41.27", FIGURE)
    assert type_.render("41.27", FIGURE) is first
    assert type_.render("41.27", FIGURE.in_colour(palette.BAD)) is not first
    for number in range(2 * CACHED_STRINGS):
        type_.render(str(number), LABEL)
    assert len(type_._strings) == CACHED_STRINGS
    type_.set_scale(2.0)
    assert type_.render("41.27", FIGURE).get_height() > 1.8 * first.get_height()


def test_figures_are_tabular() -> None:
    type_ = Type()
    assert len({type_.width(f"{digit}{digit}.{digit}", FIGURE) for digit in range(10)}) == 1


@pytest.mark.parametrize("width", [80, 200, 500])
def test_wrapped_lines_are_no_wider_than_asked_and_lose_no_words(width: int) -> None:
    type_, sentence = Type(), "Four cars crashed into one another and nobody could say who had begun it."
    lines = type_.wrap(sentence, WORDS, width)
    assert " ".join(lines) == sentence
    assert all(type_.width(line, WORDS) <= width for line in type_.wrap(LONG, WORDS, width) + lines)


def test_fit_shortens_only_what_is_too_long() -> None:
    type_ = Type()
    assert type_.fit("oval", WORDS, 200) == "oval"
    short = type_.fit(LONG, WORDS, 120)
    assert short.endswith("…") and LONG.startswith(short[:-1]) and type_.width(short, WORDS) <= 120
    assert type_.fit("i" * 10_000_000, WORDS, 120) == type_.fit("i" * 500, WORDS, 120)
    assert type_.fit("oval", WORDS, -3.0) == "…"


@pytest.mark.parametrize("strange", ["a\0b", "b\udcff.json", "\udcff" * 90])
def test_what_no_font_can_show_is_marked(strange: str) -> None:
    type_, marked = Type(), printable(strange)
    assert type_.width(strange, WORDS) == type_.width(marked, WORDS) > 0
    assert type_.fit(strange, WORDS, 60) == type_.fit(marked, WORDS, 60)
    assert type_.wrap(f"{strange} {strange}", WORDS, 60) == type_.wrap(f"{marked} {marked}", WORDS, 60)


@pytest.mark.parametrize(
    "size", [(960, 600), (999, 700), (1000, 700), (1280, 720), (1920, 1080), (3840, 2160), (320, 200)]
)
@pytest.mark.parametrize("panel_open", [True, False])
def test_rectangles_tile_the_window(size: tuple[int, int], panel_open: bool) -> None:
    layout = arrange(size, panel_open)
    assert layout.overlay == (layout.window.width < OVERLAY_BELOW * layout.scale)
    assert layout.window.contains(layout.stage) and layout.window.contains(layout.panel)
    assert layout.stage.bottom == layout.hints.top and layout.hints.bottom == layout.window.bottom
    assert layout.stage.width > 0 and layout.stage.height > 0
    if panel_open and not layout.overlay:
        assert layout.stage.right == layout.panel.left and not layout.stage.colliderect(layout.panel)
    else:
        assert layout.stage.width == layout.window.width


def test_type_grows_with_the_window_but_never_shrinks() -> None:
    scales = [text_scale(size) for size in ((640, 400), (1280, 720), (1920, 1080), (3840, 2160))]
    assert scales[:2] == [1.0, 1.0] and scales[1] < scales[2] < scales[3] < 3.0
    assert text_scale((1280, 720), text_size=1.5) == 1.5


def test_a_notice_slides_in_stays_and_goes() -> None:
    notices, type_ = Notices(), Type()
    stage = pygame.Rect(0, 0, 960, 688)

    def lowest() -> int:
        surface = pygame.Surface(stage.size)
        notices.draw(surface, stage, type_)
        rows = [y for y in range(120) if surface.get_at((480, y))[:3] != (0, 0, 0)]
        return max(rows, default=0)

    notices.warn(LONG)
    notices.update(0.05)
    coming = lowest()
    notices.update(0.11)
    assert 0 < coming < lowest()  # in its place after 150 ms
    notices.update(2.0)
    assert notices.text == LONG and lowest() > 0
    notices.update(10.0)
    assert notices.text == "" and lowest() == 0


def test_the_hint_line_always_ends_with_the_way_to_the_rest() -> None:
    type_, last = Type(), (KeyHelp("P", "panel"), KeyHelp("F1", "all keys"))
    hints = tuple(KeyHelp("Space", f"a rather long hint {i}") for i in range(12))
    for width in (320, 960, 1920):
        with_hints, alone = (pygame.Surface((width, 32)) for _ in range(2))
        HintLine().draw(with_hints, with_hints.get_rect(), type_, hints, last)
        HintLine().draw(alone, alone.get_rect(), type_, (), last)
        end = pygame.Rect(width - 100, 1, 100, 31)
        assert pygame.image.tobytes(with_hints.subsurface(end), "RGB") == pygame.image.tobytes(
            alone.subsurface(end), "RGB"
        )


@pytest.mark.parametrize("size", [(480, 320), (960, 600), (1280, 720), (3840, 2160)])
@pytest.mark.parametrize("text_size", [0.85, 1.0, 1.5])
def test_a_notice_leaves_the_badge_alone_from_its_first_frame_to_its_last(
    size: tuple[int, int], text_size: float
) -> None:
    layout = arrange(size, False, text_size)
    stage, type_, notices = layout.free_stage(False, badge=True), Type(layout.scale), Notices()
    assert layout.stage.contains(stage) and stage.bottom == layout.stage.bottom
    figures = (Figure("Best lap", "1:23.45"), Figure("Last lap", NOTHING))
    what = PanelContent("Training", "×1", palette.ACCENT, "A road with a long name · 5.2 km", "", figures)
    alone, both = (pygame.Surface(size) for _ in range(2))
    draw_badge(alone, layout.stage, type_, what)
    notices.warn(LONG)
    for _ in range(20):
        both.blit(alone, (0, 0))
        notices.update(0.02)
        notices.draw(both, stage, type_)
        above = pygame.Rect(0, 0, size[0], stage.top)
        assert pygame.image.tobytes(both.subsurface(above), "RGB") == pygame.image.tobytes(
            alone.subsurface(above), "RGB"
        )
    badge = pygame.mask.from_threshold(alone, palette.PANEL, (1, 1, 1, 255)).get_bounding_rects()
    assert max(rect.bottom for rect in badge) <= stage.top
    assert pygame.image.tobytes(both, "RGB") != pygame.image.tobytes(alone, "RGB")
