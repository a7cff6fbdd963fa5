"""`play`: the window."""

import os
import sys

from qrace.cli.arguments import CommandError, Play

HEADLESS = "train without a window instead: python main.py train --track oval --seconds 60"


def run_play(command: Play) -> int:
    """Open the window and stay until it is closed; what is heavy is imported once the window shows."""
    check_display()
    from qrace.game.window import play

    return play(command.track, command.model, command.cars, command.car, command.seed, command.preset)


def check_display() -> None:
    """Raise CommandError where a window cannot open, before anything tries."""
    if sys.platform.startswith("linux") and not any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER", "SDL_VIDEO_DRIVER")
    ):
        raise CommandError(f"There is no display to open a window on: {HEADLESS}")
