"""`bench frame`: how long a frame takes, its drawing apart from the screen's part, while the cars learn live."""

import gc
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, thread_time
from typing import TYPE_CHECKING

import numpy as np
import pygame

from qrace.errors import QRaceError
from qrace.game.clock import FRAME_S, FramePacer
from qrace.game.display import Display
from qrace.game.frame_scenes import SCENES, FrameScene
from qrace.game.loading import SWITCH_INTERVAL_S
from qrace.game.window import DRAWING_S, MARGIN_S, prepare
from qrace.sim.track_files import load_track

if TYPE_CHECKING:
    from qrace.game.game import Game

CARS: int | None = None
"""Cars that train; none: as many as the window has."""
WARM_S = 3.0
"""Time before measuring, for the painter and the sprites [s]."""
MEASURED_S = 6.0
SIZES = ((1280, 720), (1920, 1080))
SOAKED = ("train",)
"""The scenes of a soak, where none are named."""
SETTLE_S = 120.0
"""Memory may grow for so long: caches fill [s]."""
LONG_S = 0.050
MB = 2**20


@dataclass
class _Times:
    """Of the frames of one scene [s], and the memory from which on it is to stay flat."""

    frames: list[float] = field(default_factory=list)
    own: list[float] = field(default_factory=list)
    """Processor time of the window's own thread."""
    drawings: list[float] = field(default_factory=list)
    flips: list[float] = field(default_factory=list)
    updates: int = 0
    settled_bytes: int | None = None


def bench_frame(
    seconds: float = MEASURED_S, scenes: Sequence[str] = (), soak_s: float | None = None
) -> Iterator[dict[str, object]]:
    """Measure scenes (all when none is named) with rays, panel and chart, at two sizes; one row per scene and size.

    p50_ms, p99_ms and max_ms are of the frame's work: events, simulation, whatever it waits for the learner, drawing,
    and the flip; cpu_p99_ms is of the window's own thread alone, whatever else this machine does meanwhile; draw_ms is
    the mean of the drawing. Where there is a screen it is used, else none (`driver`).
    With `soak_s` each scene (training when none is named) runs for so long at the first size, and the row ends with
    the frames over 50 ms and with how much memory has grown after the first two minutes.
    """
    chosen = _chosen(scenes or (SOAKED if soak_s else ()))
    if not any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")) and sys.platform.startswith("linux"):
        os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
    os.environ.setdefault("SDL_AUDIODRIVER", "dummy")
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    for size in SIZES[:1] if soak_s else SIZES:
        display = Display(size)
        try:
            for scene in chosen:
                with TemporaryDirectory() as models:
                    yield _measure(display, Path(models), scene, soak_s or seconds, soak_s is not None)
        finally:
            display.close()


def _chosen(names: Sequence[str]) -> list[FrameScene]:
    known = {scene.name: scene for scene in SCENES}
    for name in names:
        if name not in known:
            raise QRaceError(f"There is no scene “{name}” to measure: take {', '.join(known)}.")
    return [known[name] for name in names] if names else list(SCENES)


def _measure(display: Display, models: Path, scene: FrameScene, seconds: float, soak: bool) -> dict[str, object]:
    from qrace.game.game import Game

    session = prepare(lambda share, what: None, load_track(scene.track), cars=CARS, car=scene.car, folder=models)
    game = Game(session, display)
    game.context.speaker.start()
    try:
        scene.enter(game)
        gc.collect()
        gc.freeze()
        times = _run(game, seconds)
    finally:
        game.close()
    frames = np.array(times.frames)
    p50, p99, longest = 1e3 * np.percentile(frames, [50, 99, 100])
    row: dict[str, object] = {
        "bench": "frame",
        "mode": scene.name,
        "size": "{}x{}".format(*display.surface.get_size()),
        "cars": game.mode.cars,
        "p50_ms": round(float(p50), 2),
        "p99_ms": round(float(p99), 2),
        "max_ms": round(float(longest), 2),
        "cpu_p99_ms": round(1e3 * float(np.percentile(times.own, 99)), 2),
        "draw_ms": round(1e3 * float(np.mean(times.drawings)), 2),
        "flip_ms": round(1e3 * float(np.mean(times.flips)), 2),
        "updates_per_s": round(times.updates / seconds, 1),
        "fps": round(len(frames) / seconds, 1),
        "driver": pygame.display.get_driver(),
    }
    if soak:
        resident = _resident_bytes()
        settled = resident if times.settled_bytes is None else times.settled_bytes
        grown = None if resident is None or settled is None else round((resident - settled) / MB, 1)
        row |= {"soak_s": seconds, "frames_over_50_ms": int((frames > LONG_S).sum()), "grown_mb": grown}
    return row


def _run(game: "Game", seconds: float) -> _Times:
    """The window's main loop, measured."""
    times, pacer, dt = _Times(), FramePacer(), FRAME_S
    display, agent, updates = game.display, game.session.trainer.agent, 0
    measured_from = perf_counter() + WARM_S
    settled_at = measured_from + min(SETTLE_S, 0.4 * seconds)
    while (begin := perf_counter()) < measured_from + seconds:
        own = thread_time()
        for event in pygame.event.get():
            game.process_event(event)
        game.update(dt, begin + FRAME_S - DRAWING_S - MARGIN_S)
        drawing = perf_counter()
        game.draw(display.surface, dt)
        flip = perf_counter()
        pygame.display.flip()
        end = perf_counter()
        if begin < measured_from:
            updates = agent.updates
        else:
            times.frames.append(end - begin)
            times.own.append(thread_time() - own)
            times.drawings.append(flip - drawing)
            times.flips.append(end - flip)
        if times.settled_bytes is None and begin > settled_at:
            times.settled_bytes = _resident_bytes()
        dt = pacer.wait()
    times.updates = agent.updates - updates
    return times


def _resident_bytes() -> int | None:
    """Memory that the process has in use; None where the system has no /proc to say so."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")
