"""What the tests of the track editor share: what hands do at the drawing table."""

from pathlib import Path

import numpy as np
import pygame

from qrace.game.screens.editor import EditorScreen
from tests.game.helpers import Game, run, take_events

Pixels = np.ndarray
CENTRE = np.array([480.0, 340.0])


def editor(game: Game) -> EditorScreen:
    assert isinstance(game.screens.top, EditorScreen)
    return game.screens.top


def loop(count: int, radius: float = 240.0) -> Pixels:
    """Pixels (count, 2) round a wavy ring on the canvas."""
    angle = np.arange(count) * 2.0 * np.pi / count
    reach = radius * (1.0 + 0.15 * np.cos(3.0 * angle))
    return CENTRE + reach[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])


def mouse(game: Game, kind: int, pixel: np.ndarray, button: int = 1) -> None:
    place = round(float(pixel[0])), round(float(pixel[1]))
    fields = {"buttons": (1, 0, 0), "rel": (0, 0)} if kind == pygame.MOUSEMOTION else {"button": button}
    pygame.event.post(pygame.event.Event(kind, pos=place, **fields))


def click_at(game: Game, pixel: np.ndarray, button: int = 1) -> None:
    pygame.event.clear()
    mouse(game, pygame.MOUSEMOTION, pixel)
    mouse(game, pygame.MOUSEBUTTONDOWN, pixel, button)
    mouse(game, pygame.MOUSEBUTTONUP, pixel, button)
    take_events(game)


def drag(game: Game, path: Pixels, button: int = 1) -> None:
    pygame.event.clear()
    mouse(game, pygame.MOUSEBUTTONDOWN, path[0], button)
    for pixel in path[1:]:
        mouse(game, pygame.MOUSEMOTION, pixel)
    mouse(game, pygame.MOUSEBUTTONUP, path[-1], button)
    take_events(game)


def wheel(game: Game, notches: int, mod: int = 0) -> None:
    pygame.event.clear()
    pygame.key.set_mods(mod)
    pygame.event.post(pygame.event.Event(pygame.MOUSEWHEEL, x=0, y=notches))
    take_events(game)
    pygame.key.set_mods(0)


def control(game: Game, key: int, *, shift: bool = False) -> None:
    pygame.event.clear()
    mod = pygame.KMOD_LCTRL | (pygame.KMOD_LSHIFT if shift else 0)
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key, mod=mod, unicode="", scancode=0))
    take_events(game)


def write(game: Game, text: str) -> None:
    run(game, 0.05)
    for character in text:
        pygame.event.post(pygame.event.Event(pygame.TEXTINPUT, text=character))
        take_events(game)


def at(table: EditorScreen, index: int) -> np.ndarray:
    return table.camera.to_screen(table.table.drawing.points)[index]


def close_points(table: EditorScreen, game: Game, count: int = 10) -> None:
    for pixel in loop(count):
        click_at(game, pixel)
    click_at(game, at(table, 0))


def drop(game: Game, file: Path) -> None:
    """Drop a file on the window."""
    pygame.event.post(pygame.event.Event(pygame.DROPFILE, file=str(file)))
    take_events(game)
