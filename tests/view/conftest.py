"""No test of the drawing needs a screen."""

import os

os.environ["SDL_VIDEODRIVER"] = "dummy"

import pygame
import pytest


@pytest.fixture(autouse=True, scope="session")
def display() -> pygame.Surface:
    pygame.display.init()
    return pygame.display.set_mode((64, 64))
