"""`bench frame`: how long a frame takes, its drawing apart from the screen's part, while the cars learn live."""

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
import pygame

from qrace.game.clock import FRAME_S, FramePacer
from qrace.game.display import Display
from qrace.game.loading import SWITCH_INTERVAL_S
from qrace.game.window import DRAWING_S, MARGIN_S, prepare
from qrace.sim.car import CarName
from qrace.sim.track_files import load_track

CARS = 32
WARM_S = 3.0
"""Time before measuring, for the painter and the sprites [s]."""
MEASURED_S = 10.0
SCENES: tuple[tuple[str, str, CarName | None, tuple[int, ...]], ...] = (
    ("train", "oval", None, ()),
    ("train follow 5 km", "autodrome", "grand-prix", (pygame.K_c,)),
    ("drive", "oval", None, (pygame.K_t,)),
    ("at the wheel 5 km", "autodrome", None, (pygame.K_t, pygame.K_x, pygame.K_UP)),
)
"""Name, track, car and the keys that lead there."""


def bench_frame(seconds: float = MEASURED_S) -> Iterator[dict[str, object]]:
    """Measure each scene at 1280 x 720 and x1, with rays, panel and chart; one row per scene.

    p50_ms, p99_ms and max_ms are of the frame's work: events, simulation, whatever it waits for the learner, drawing,
    and the flip; draw_ms is the mean of the drawing alone. Where there is a screen it is used, else none (`driver`).
    """
    if not any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")) and sys.platform.startswith("linux"):
        os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    display = Display()
    try:
        with TemporaryDirectory() as models:
            for mode, track, car, keys in SCENES:
                yield _measure(display, Path(models), mode, track, car, keys, seconds)
    finally:
        display.close()


def _measure(
    display: Display, models: Path, mode: str, track: str, car: CarName | None, keys: tuple[int, ...], seconds: float
) -> dict[str, object]:
    from qrace.game.game import Game

    session = prepare(lambda share, what: None, load_track(track), cars=CARS, car=car, folder=models)
    game, pacer, dt = Game(session, display), FramePacer(), FRAME_S
    frames, drawings, flips = [], [], []
    try:
        for key in keys:
            game.process_event(pygame.event.Event(pygame.KEYDOWN, key=key, mod=0, unicode=""))
        gc.collect()
        gc.freeze()
        start = perf_counter()
        updates, measured_from = 0, start + WARM_S
        while (begin := perf_counter()) < measured_from + seconds:
            for event in pygame.event.get():
                game.process_event(event)
            game.update(dt, begin + FRAME_S - DRAWING_S - MARGIN_S)
            drawing = perf_counter()
            game.draw(display.surface, dt)
            flip = perf_counter()
            pygame.display.flip()
            end = perf_counter()
            if begin < measured_from:
                updates = session.trainer.agent.updates
            else:
                frames.append(end - begin)
                drawings.append(flip - drawing)
                flips.append(end - flip)
            dt = pacer.wait()
        updates = session.trainer.agent.updates - updates
    finally:
        game.close()
    p50, p99, longest = 1e3 * np.percentile(frames, [50, 99, 100])
    return {
        "bench": "frame",
        "mode": mode,
        "cars": CARS,
        "p50_ms": round(float(p50), 2),
        "p99_ms": round(float(p99), 2),
        "max_ms": round(float(longest), 2),
        "draw_ms": round(1e3 * float(np.mean(drawings)), 2),
        "flip_ms": round(1e3 * float(np.mean(flips)), 2),
        "updates_per_s": round(updates / seconds, 1),
        "fps": round(len(frames) / seconds, 1),
        "driver": pygame.display.get_driver(),
    }
