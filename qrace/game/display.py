"""The window on the screen: opening it, full screen, screenshots."""

import os
from datetime import datetime
from pathlib import Path

import pygame

from qrace.errors import QRaceError
from qrace.view.layout import DESIGN_SIZE

SCREENSHOTS_FOLDER = Path("screenshots")
DRIVERS_WITHOUT_SCREEN = ("offscreen", "dummy", "evdev")
"""SDL falls back to one of these where there is no screen; all draw into the void."""


class DisplayError(QRaceError):
    """There is no screen to open a window on."""


class Display:
    """Owns the window's surface; `surface` is another one after every change of size."""

    def __init__(self, size: tuple[int, int] = DESIGN_SIZE) -> None:
        """Raises DisplayError where there is no screen and SDL was not told to do without one."""
        self._windowed = size, (0, 0)
        """Size and position of the window before it filled the screen."""
        try:
            pygame.display.init()
            driver = pygame.display.get_driver()
            if driver in DRIVERS_WITHOUT_SCREEN and not os.environ.get("SDL_VIDEODRIVER"):
                raise pygame.error("no screen")
            if driver == "x11":
                # Plain X images: where OpenGL is done in software, every frame through it takes 7 ms instead of 0.4.
                os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0")
            self._open(size, pygame.RESIZABLE)
        except pygame.error as error:
            pygame.display.quit()
            raise DisplayError(
                f"No window can be opened here ({error}): train without one, `python main.py train --track oval`."
            ) from error
        pygame.display.set_caption("QRace")

    def _open(self, size: tuple[int, int], flags: int) -> None:
        pygame.display.set_mode(size, flags)

    @property
    def surface(self) -> pygame.Surface:
        surface = pygame.display.get_surface()
        assert surface is not None
        return surface

    @property
    def full_screen(self) -> bool:
        return bool(self.surface.get_flags() & pygame.FULLSCREEN)

    def toggle_full_screen(self) -> None:
        """Fill the screen, or go back to the size the window had."""
        if self.full_screen:
            size, position = self._windowed
            # The screen's size is left in a step of its own: asked for both at once, SDL keeps the size.
            self._open(self.surface.get_size(), pygame.NOFRAME)
            self._open(size, pygame.RESIZABLE)
            pygame.display.set_window_position(position)
        else:
            self._windowed = self.surface.get_size(), pygame.display.get_window_position()
            pygame.display.set_window_position((0, 0))  # without a window manager nobody else moves it there
            self._open(pygame.display.get_desktop_sizes()[0], pygame.FULLSCREEN)

    def screenshot(self, folder: Path = SCREENSHOTS_FOLDER) -> Path:
        """Write what the window shows; returns the file. Raises QRaceError when it cannot be written."""
        path = folder / f"qrace-{datetime.now():%Y%m%d-%H%M%S-%f}.png"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            pygame.image.save(self.surface, path)
        except (OSError, pygame.error) as error:
            raise QRaceError(
                f"{path}: cannot be written ({error}); run the game from a folder that is yours."
            ) from error
        return path

    def close(self) -> None:
        pygame.display.quit()
