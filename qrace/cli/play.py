"""`play`: the window."""

import os
import sys
from itertools import chain

from qrace.cli.arguments import CommandError, Play


def run_play(command: Play) -> int:
    """Open the window and stay until it is closed; what is heavy is imported once the window shows."""
    check_display()
    name_runtime_folder()
    from qrace.game.window import play

    settings = tuple(chain.from_iterable(command.set))
    return play(command.track, command.model, command.cars, command.car, command.seed, command.preset, settings)


def check_display() -> None:
    """Raise CommandError where there can be no window; SDL's libraries would add complaints of their own."""
    names = ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER", "SDL_VIDEO_DRIVER")
    if sys.platform.startswith("linux") and not any(os.environ.get(name) for name in names):
        raise CommandError("There is no display for a window: train without one, `python main.py train --track oval`")


def name_runtime_folder() -> None:
    """Set XDG_RUNTIME_DIR where nothing else does, to its usual place: without it libwayland complains on stderr."""
    if sys.platform.startswith("linux"):
        os.environ.setdefault("XDG_RUNTIME_DIR", f"/run/user/{os.getuid()}")
