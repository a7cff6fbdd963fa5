"""What a person does at the window: press, click, wait."""

from time import perf_counter, sleep

import pygame

from qrace.env.config import EnvConfig
from qrace.game.game import Game
from qrace.game.screens.drivers import DriversScreen
from qrace.rl.config import Config, LearnerConfig

SMALL_BRAIN = LearnerConfig(hidden=(8,), batch_size=16, learning_starts=32, updates_per_step=1, replay_capacity=2000)


def small_config(cars: int = 4, ticks_per_action: int = 1, seed: int = 0) -> Config:
    return Config(env=EnvConfig(ticks_per_action=ticks_per_action), learner=SMALL_BRAIN, cars=cars, seed=seed)


def press(game: Game, key: int, *, shift: bool = False, character: str = "", release: bool = True) -> None:
    """Post a real key press to pygame's queue and let the game take what is in it."""
    pygame.event.clear()
    mod = pygame.KMOD_LSHIFT if shift else 0
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key, mod=mod, unicode=character, scancode=0))
    if release:
        pygame.event.post(pygame.event.Event(pygame.KEYUP, key=key, mod=mod, unicode=character, scancode=0))
    take_events(game)


def click(game: Game, position: tuple[int, int]) -> None:
    pygame.event.clear()
    for kind in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP):
        pygame.event.post(pygame.event.Event(kind, pos=position, button=1))
    take_events(game)


def resize(game: Game, size: tuple[int, int]) -> None:
    """Give the window another size, as its frame does when it is pulled."""
    pygame.display.set_mode(size, pygame.RESIZABLE)
    pygame.event.clear()
    pygame.event.post(pygame.event.Event(pygame.VIDEORESIZE, size=size, w=size[0], h=size[1]))
    take_events(game)


def take_events(game: Game) -> None:
    for event in pygame.event.get():
        game.process_event(event)


DRAWN_EVERY = 10


def run(game: Game, seconds: float) -> None:
    """Let time pass at sixty frames a second, with all the time that the world may need; draw every tenth frame."""
    for frame in range(1, round(seconds * 60) + 1):
        game.update(1 / 60, deadline=float("inf"))
        if frame % DRAWN_EVERY == 0:
            game.draw(game.display.surface, DRAWN_EVERY / 60)
    game.draw(game.display.surface, 1 / 60)


def open_drivers(game: Game) -> DriversScreen:
    """Press L and wait until the drivers have been read."""
    press(game, pygame.K_l)
    screen = game.screens.top
    assert isinstance(screen, DriversScreen)
    wait_for_drivers(game, screen)
    return screen


def wait_for_drivers(game: Game, screen: DriversScreen) -> None:
    """Until the disk has done all that it was asked for, and the list shows it."""
    deadline = perf_counter() + 20.0
    while not screen.settled and perf_counter() < deadline:
        run(game, 1 / 60)
        sleep(0.005)


def mark_driver(game: Game, screen: DriversScreen, name: str) -> None:
    """Go to a driver by the arrow keys."""
    row = next(row for row, driver in enumerate(screen.shown) if driver is not None and driver.name == name)
    for _ in screen.shown:
        if screen.list.marked != row:
            press(game, pygame.K_DOWN if screen.list.marked < row else pygame.K_UP)
    assert screen.driver is not None and screen.driver.name == name
    run(game, 1 / 60)
