"""Cold start: a picture at once, and everything heavy behind it.

numba compiles the simulator and the learner on the very first start, and a learner that asks for torch waits a second
for its import. All this happens on a second thread while the window shows the track and what is being prepared. The
picture goes on moving because that thread never holds Python's lock for long: the switch interval is short, the
collector rests (a full collection over what has been imported takes 100 ms), and large shared libraries are opened
through a call that releases the lock.
"""

import ctypes
import gc
import importlib.util
import os
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from time import perf_counter
from typing import TYPE_CHECKING

import pygame

from qrace.game.clock import FRAME_S, FramePacer
from qrace.game.display import Display
from qrace.view import palette
from qrace.view.camera import Camera
from qrace.view.layout import GRID, PADDING, arrange
from qrace.view.track_painter import TrackPainter
from qrace.view.type import DISPLAY, LABEL, WORDS, Type

if TYPE_CHECKING:
    from qrace.game.session import Session

SWITCH_INTERVAL_S = 0.001
"""How long a thread may keep Python's lock while another waits: the default of 5 ms is a third of a frame."""
LARGE_BYTES = 10_000_000
"""Shared libraries from this size on are worth opening ahead."""
BAR_WIDTH = 240
"""[px at scale 1]"""

Report = Callable[[float, str], None]
"""Called with the share that is done and what comes next."""


class Preparation:
    """Runs `prepare` on a second thread and knows how far it is."""

    def __init__(self, prepare: Callable[[Report], "Session"]) -> None:
        self.share, self.what = 0.0, "Starting"
        self.session: Session | None = None
        self._error: BaseException | None = None
        self._done = Event()
        self._prepare = prepare
        self._thread = Thread(target=self._run, name="preparation", daemon=True)

    def start(self) -> None:
        sys.setswitchinterval(SWITCH_INTERVAL_S)
        gc.disable()
        self._thread.start()

    def _report(self, share: float, what: str) -> None:
        self.share, self.what = share, what

    def _run(self) -> None:
        try:
            open_large_libraries("llvmlite")
            self.session = self._prepare(self._report)
        except BaseException as error:
            self._error = error
        finally:
            self._done.set()

    def done(self) -> bool:
        """Whether it has ended; raises what it raised."""
        if not self._done.is_set():
            return False
        if self._error is not None:
            raise self._error
        gc.freeze()  # what has been imported stays, so the collector need not look at it again
        gc.enable()
        return True


def open_large_libraries(package: str) -> None:
    """Let the system load what a package is about to need, without holding Python's lock meanwhile.

    An import holds the lock as long as the dynamic linker works, 0.2 s for torch; a foreign function does not.
    """
    spec = importlib.util.find_spec(package)
    if sys.platform == "win32" or spec is None or spec.origin is None:  # on Windows, imports go through ctypes already
        return
    dlopen = ctypes.CDLL(None).dlopen
    dlopen.argtypes, dlopen.restype = [ctypes.c_char_p, ctypes.c_int], ctypes.c_void_p
    for path in sorted(Path(spec.origin).parent.glob("[bl]i[bn]*/*")):  # torch/lib, llvmlite/binding
        if path.suffix in (".so", ".dylib") and path.stat().st_size > LARGE_BYTES:
            dlopen(str(path).encode(), os.RTLD_LAZY)


def show_while(
    display: Display, painter: TrackPainter, preparation: Preparation, stop: Callable[[], bool] = lambda: False
) -> "Session | None":
    """Show the track and the progress until the session is there.

    None when the window is closed before, or `stop`, asked at every frame, says so.
    """
    picture, pacer, dt = _Picture(display, painter), FramePacer(), FRAME_S
    picture.draw(preparation, dt)
    preparation.start()
    while not preparation.done():
        if stop():
            return None
        for event in pygame.event.get():
            if event.type == pygame.QUIT or (event.type == pygame.KEYDOWN and event.key == pygame.K_ESCAPE):
                return None
        picture.draw(preparation, dt)
        dt = pacer.wait()
    return preparation.session


class _Picture:
    """The track, the name, and one quiet line of progress."""

    def __init__(self, display: Display, painter: TrackPainter) -> None:
        self._display = display
        self._type = Type()
        self._painter = painter
        self._camera = Camera(pygame.Rect(0, 0, 1, 1))
        self._camera.fit(painter.track.bounds)
        self._begin = perf_counter()
        self._shown = 0.0

    def draw(self, preparation: Preparation, dt: float) -> None:
        surface = self._display.surface
        layout = arrange(surface.get_size(), panel_open=True)
        type_, panel = self._type, layout.panel
        type_.set_scale(layout.scale)
        self._camera.resize(layout.stage)
        surface.fill(palette.PANEL)
        self._painter.draw(surface, self._camera)
        self._painter.draw_over(surface, self._camera)
        if layout.overlay:
            pygame.draw.rect(surface, palette.PANEL, panel)
        left, top = panel.left + type_.px(PADDING), panel.top + type_.px(PADDING)
        type_.left(surface, "QRace", DISPLAY, left, top + type_.px(26))
        text = "Cars that learn to drive"
        type_.left(surface, text, WORDS.in_colour(palette.TEXT_DIM), left, top + type_.px(52))
        self._draw_progress(surface, pygame.Rect(left, top + type_.px(88), type_.px(BAR_WIDTH), 2), preparation, dt)
        pygame.display.flip()

    def _draw_progress(self, surface: pygame.Surface, line: pygame.Rect, preparation: Preparation, dt: float) -> None:
        self._shown += (preparation.share - self._shown) * min(1.0, 3.0 * dt)
        pygame.draw.rect(surface, palette.PANEL_RAISED, line)
        pygame.draw.rect(surface, palette.ACCENT, (line.left, line.top, round(line.width * self._shown), line.height))
        seconds = perf_counter() - self._begin
        text = preparation.what + (f" · {seconds:.0f} s" if seconds >= 2.0 else "")
        self._type.left(surface, text, LABEL, line.left, line.bottom + self._type.px(2.5 * GRID))
