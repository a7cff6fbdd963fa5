"""The panel at several sizes: nothing cut, nothing over the edge, the chosen action marked."""

from dataclasses import replace

import numpy as np
import pygame
import pytest

from qrace.view import palette
from qrace.view.badge import draw_badge
from qrace.view.chart import Series
from qrace.view.layout import PADDING, arrange
from qrace.view.panel import NOTHING, SLIDE_S, Figure, Mind, Panel, PanelContent, StandingRow
from qrace.view.q_bars import Decision, QBars
from qrace.view.ray_fan import FOOT, RADIUS, RayFan, Sight
from qrace.view.type import Type
from tests.view.writing import note_writing, overprinted

ACTIONS = tuple(
    f"{steer} {pedal}" for pedal in ("throttle", "coast", "brake") for steer in ("left", "straight", "right")
)
SIZES = [(960, 600), (1280, 720), (1920, 1080)]


def content(actions: int = 9, standings: int = 0) -> PanelContent:
    rng = np.random.default_rng(0)
    x = np.arange(50.0)
    figure = Figure("Updates/s", "12 345", "km/h")
    return PanelContent(
        mode="Training",
        status="Flat out",
        status_colour=palette.ACCENT,
        track="A road with a name so long that it cannot fit · 5.2 km",
        car="grand-prix car",
        headline=(
            Figure("Best lap", "1:23.45", off_limit="+123 %"),
            Figure("Last lap", "59.99", "s", off_limit="+3.8 %"),
        ),
        results=(figure,) * 4,
        charts=(Series("Return", "", x, x, palette.ACCENT), Series("Lap time", "s", x, x, palette.WARN)),
        learning=() if standings else (figure,) * 6,
        standings=tuple(
            StandingRow(str(i + 1), "A very long name of an entrant", i, i + 1, "1:23.45", "+12.34", i > 5, i == 0)
            for i in range(standings)
        ),
        mind=Mind(
            "The mind of car 12",
            (figure,) * 3,
            Sight(np.linspace(1.5, -1.5, 13), rng.uniform(1.0, 200.0, 13).astype(np.float32), 200.0),
            Decision(ACTIONS[:actions], rng.normal(size=actions).astype(np.float32), 2),
        ),
        learner="A brain with a name as long as any can be (trained on)",
    )


def shown(panel: Panel, size: tuple[int, int], what: PanelContent) -> tuple[pygame.Surface, pygame.Rect, Type]:
    layout = arrange(size, panel_open=True)
    type_, surface = Type(layout.scale), pygame.Surface(size)
    surface.fill(palette.GROUND)
    panel.update(SLIDE_S, what)
    panel.draw(surface, layout.panel, type_, what)
    return surface, layout.panel, type_


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("actions", "standings"), [(9, 0), (4, 0), (9, 8)])
def test_everything_fits(size: tuple[int, int], actions: int, standings: int) -> None:
    surface, rect, type_ = shown(Panel(), size, content(actions, standings))
    outside = pygame.surfarray.array3d(surface.subsurface((0, 0, rect.left, size[1])))
    assert np.all(outside == palette.GROUND)
    margin = type_.px(PADDING) // 2
    for band in (
        pygame.Rect(rect.left + 1, rect.bottom - margin, rect.width - 1, margin),
        pygame.Rect(rect.left + 1, rect.top, margin, rect.height),
        pygame.Rect(rect.right - margin, rect.top, margin, rect.height),
    ):
        assert np.all(pygame.surfarray.array3d(surface.subsurface(band)) == palette.PANEL), band


@pytest.mark.parametrize("size", SIZES)
def test_a_long_name_is_shortened_beside_its_label_and_a_number_is_not(size: tuple[int, int]) -> None:
    layout = arrange(size, panel_open=True)
    type_, surface = Type(layout.scale), pygame.Surface(size)
    name, number = "Brain 27 Nov 18:53:42", Figure("Updates/s", "12 345")
    full = content()
    assert full.mind is not None
    mind = replace(full.mind, figures=(number, Figure("Driver", "a" * 40)))
    brain = Figure("Brain", name)
    results, learning = (number, brain, brain, number), (number,) * 6
    what = replace(full, results=results, charts=(), learning=learning, mind=mind)
    panel, written = Panel(), note_writing(type_)
    panel.update(SLIDE_S, what)
    panel.draw(surface, layout.panel, type_, what)
    assert overprinted(written) == []
    texts = [entry.text for entry in written]
    assert texts.count("12 345") == 9
    assert sum(text.endswith("…") and name.startswith(text[:-1]) and len(text) > 8 for text in texts) == 2


def count(surface: pygame.Surface, colour: palette.Colour) -> int:
    return int(np.all(pygame.surfarray.array3d(surface) == colour, axis=2).sum())


@pytest.mark.parametrize("taken", [0, 3])
def test_the_taken_action_is_marked_in_its_row(taken: int) -> None:
    bars, type_ = QBars(), Type()
    decision = Decision(ACTIONS[:4], np.array([1.0, 3.0, 2.0, 1.5], dtype=np.float32), taken)
    surface = pygame.Surface((288, bars.height(type_, 4)))
    bars.update(decision, 0.0)
    bars.draw(surface, surface.get_rect(), type_, decision)
    row = surface.get_height() // 4
    marked = [count(surface.subsurface((0, i * row, 288, row)), palette.ACCENT) > 0 for i in range(4)]
    assert marked == [i == taken for i in range(4)]


def test_bars_are_ordered_as_the_values_are_and_follow_them() -> None:
    bars, type_ = QBars(), Type()
    surface = pygame.Surface((288, bars.height(type_, 4)))
    rng = np.random.default_rng(3)
    row = surface.get_height() // 4
    for _ in range(5):
        decision = Decision(ACTIONS[:4], rng.normal(size=4).astype(np.float32), None)
        for _ in range(60):
            bars.update(decision, 1 / 60)
        bars.draw(surface, surface.get_rect(), type_, decision)
        lengths = [count(surface.subsurface((0, i * row, 288, row)), palette.RAY_FAR) for i in range(4)]
        assert np.argsort(lengths).tolist() == np.argsort(decision.q_values).tolist()


def test_values_that_differ_little_for_their_size_are_told_apart() -> None:
    """What short-sighted discounts give: small values, of which one action is a little better."""
    bars, type_ = QBars(), Type()
    surface = pygame.Surface((288, bars.height(type_, 4)))
    decision = Decision(ACTIONS[:4], np.array([0.168, 0.166, 0.163, 0.169], dtype=np.float32), None)
    bars.update(decision, 0.0)
    bars.draw(surface, surface.get_rect(), type_, decision)
    row = surface.get_height() // 4
    lengths = [count(surface.subsurface((0, i * row, 288, row)), palette.RAY_FAR) for i in range(4)]
    assert lengths[3] > 1.15 * lengths[0] > 1.3 * lengths[1] > 0 and lengths[1] > 2 * lengths[2]


def test_values_that_are_no_numbers_are_not_drawn_wrongly() -> None:
    bars = QBars()
    bars.update(Decision(ACTIONS[:4], np.array([np.nan] * 4, dtype=np.float32), 0), 0.1)
    bars.draw(
        pygame.Surface((288, 80)), pygame.Rect(0, 0, 288, 80), Type(), Decision(ACTIONS[:4], np.zeros(4, np.float32), 0)
    )


def test_slides_out_and_in_within_its_time() -> None:
    panel, what = Panel(), content()
    covered = []
    panel.open = False
    for _ in range(3):
        surface, rect, _ = shown(panel, (1280, 720), what)
        covered.append(count(surface.subsurface(rect), palette.GROUND) / (rect.width * rect.height))
        panel.open = not panel.open
    assert covered == [1.0, 0.0, 1.0]


def test_the_same_content_is_painted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    painted = []
    real = Panel._paint
    monkeypatch.setattr(Panel, "_paint", lambda *a: (painted.append(1), real(*a))[1])
    panel, what = Panel(), content()
    for _ in range(4):
        shown(panel, (1280, 720), what)
    shown(panel, (1280, 720), content())
    assert len(painted) == 2


def test_badge_tells_the_best_lap_once_there_is_one() -> None:
    widths = []
    for lap in (NOTHING, "12.34"):
        surface = pygame.Surface((960, 600))
        what = PanelContent(
            "Training", "×1", palette.ACCENT, "Oval", "", (Figure("Best lap", lap, "s"), Figure("", NOTHING))
        )
        draw_badge(surface, surface.get_rect(), Type(), what)
        widths.append(
            surface.get_bounding_rect().width
            if surface.get_flags() & pygame.SRCALPHA
            else count(surface, palette.PANEL)
        )
    assert widths[1] > widths[0] > 0


def test_the_fan_has_a_dot_for_every_point_of_the_map_within_its_reach() -> None:
    """Ahead and within the reach of the rays; nothing for a point behind the car or beyond them."""

    def painted(road: list[tuple[float, float]]) -> np.ndarray:
        sight = Sight(
            np.array([1.5, -1.5]), np.full(2, 50.0, np.float32), 200.0, np.array(road, np.float32).reshape(-1, 2)
        )
        surface, type_ = pygame.Surface((200, 200)), Type(1.0)
        RayFan().draw(surface, 0, 0, type_, sight)
        return pygame.surfarray.array3d(surface).astype(int)

    without = painted([])
    assert not (painted([(-20.0, 5.0), (250.0, 0.0), (0.0, 0.0)]) - without).any()
    dots = np.argwhere(np.abs(painted([(50.0, 0.0), (100.0, 50.0)]) - without).sum(axis=2) > 60)
    width, height = RayFan.size(Type(1.0))
    foot = np.array([width / 2, height - FOOT])
    for forward, left in ((50.0, 0.0), (100.0, 50.0)):
        distance = np.hypot(forward, left)
        there = foot - RADIUS * np.sqrt(distance / 200.0) * np.array([left, forward]) / distance
        near = np.hypot(*(dots - there).T) < 3.0
        assert near.any()
        dots = dots[~near]
    assert not len(dots)


@pytest.mark.parametrize("width", [480, 640, 960])
def test_the_badge_of_a_road_with_a_long_name_stays_on_the_stage(width: int) -> None:
    surface, type_ = pygame.Surface((width, 320)), Type()
    written = note_writing(type_)
    draw_badge(surface, surface.get_rect(), type_, content())
    assert max(one.end for one in written) <= width - PADDING // 2 and not overprinted(written)
    assert [one.text for one in written][-1].startswith("1:23.45")
