"""Anybody may press anything anywhere: keys, clicks, wheel, gamepad and window sizes at random, over every screen."""

import random
from pathlib import Path

import pygame
import pytest

from qrace.folders import HOME_VARIABLE
from tests.game.helpers import Game, take_events

EVENTS = 400
DRAWN_EVERY = 4
KEYS = {
    pygame.K_ESCAPE: 3, pygame.K_RETURN: 8, pygame.K_UP: 5, pygame.K_DOWN: 14, pygame.K_LEFT: 4, pygame.K_RIGHT: 6,
    pygame.K_TAB: 4, pygame.K_SPACE: 4, pygame.K_DELETE: 1, pygame.K_BACKSPACE: 1, pygame.K_PAGEDOWN: 1,
} | {pygame.K_a + letter: 0.6 for letter in range(26)}  # fmt: skip
"""Codes and how often they are pressed."""
SIZES = ((1280, 720), (960, 600), (480, 320), (700, 900))


def something(hand: random.Random) -> list[pygame.event.Event]:
    """The events of one thing that a person may do."""
    event, kind = pygame.event.Event, hand.random()
    if kind < 0.75:
        [code] = hand.choices(list(KEYS), list(KEYS.values()))
        character, mod = (chr(code) if 32 <= code < 127 else ""), hand.choice((0, 0, 0, pygame.KMOD_LSHIFT))
        typed = [event(pygame.TEXTINPUT, text=character, window=None)] if character else []
        down = event(pygame.KEYDOWN, key=code, mod=mod, unicode=character, scancode=0)
        return [down, *typed, event(pygame.KEYUP, key=code, mod=mod, unicode=character, scancode=0)]
    if kind < 0.9:
        width, height = pygame.display.get_window_size()
        place = hand.randrange(width), hand.randrange(height)
        moved = event(pygame.MOUSEMOTION, pos=place, rel=(1, 1), buttons=(0, 0, 0))
        return [moved, *(event(k, pos=place, button=1) for k in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP))]
    if kind < 0.93:
        return [event(pygame.MOUSEWHEEL, x=0, y=hand.choice((-3, 3)))]
    if kind < 0.98:
        return [event(pygame.CONTROLLERBUTTONDOWN, button=hand.randrange(15), instance_id=0)]
    size = hand.choice(SIZES)
    pygame.display.set_mode(size, pygame.RESIZABLE)
    return [event(pygame.VIDEORESIZE, size=size, w=size[0], h=size[1])]


@pytest.mark.parametrize("seed", range(2))
def test_nothing_falls_over(game: Game, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    hand, seen = random.Random(seed), set()
    for count in range(EVENTS):
        for event in something(hand):
            pygame.event.post(event)
        take_events(game)
        game.quit = False
        game.update(1 / 60, 0.0)
        if count % DRAWN_EVERY == 0:
            game.draw(game.display.surface, DRAWN_EVERY / 60)
        seen.add(type(game.screens.top).__name__)
    assert {"NoneType", "TitleScreen"} < seen
