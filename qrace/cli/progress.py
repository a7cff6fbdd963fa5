"""How a headless training tells of itself: a bar on stderr for people, lines on stdout for programs."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from qrace.cli.output import print_json
from qrace.rl.metrics import Metrics

BAR_S = 0.1
LINE_S = 1.0
"""Times between two refreshes of the bar, and between two JSON lines [s]."""


def training_row(metrics: Metrics, seconds: float) -> dict[str, object]:
    """The figures of a training as a JSON line has them; seconds: time trained so far [s]."""
    names = ("steps", "transitions", "updates", "episodes", "crashes", "laps", "best_lap_s", "mean_return", "epsilon")
    return {name: getattr(metrics, name) for name in names} | {"loss": metrics.loss, "seconds": round(seconds, 3)}


class _Stderr(Console):
    """Falls silent where nobody reads on; rich would end the program, with all that it has learnt."""

    def on_broken_pipe(self) -> None:
        self.quiet = True


class TrainingProgress:
    """A context to call `update` in after every step; it decides itself when to print.

    A closed terminal and a full disk only silence it. Raises BrokenPipeError when nobody reads the JSON lines any more.
    """

    def __init__(self, json: bool) -> None:
        self._json = json
        columns = (BarColumn(bar_width=24), TimeElapsedColumn(), TextColumn("[dim]{task.fields[figures]}"))
        self._bar = Progress(
            *columns,
            console=_Stderr(stderr=True),
            auto_refresh=False,
            redirect_stdout=False,  # else lines for a program would go to the terminal
            redirect_stderr=False,
        )
        self._task = self._bar.add_task("", total=1.0, figures="")
        self._next_bar = self._next_line = 0.0

    def __enter__(self) -> Self:
        with self._falling_silent():
            self._bar.start()
        return self

    def __exit__(self, *_: Any) -> None:
        for last in (self._bar.refresh, self._bar.stop):
            with self._falling_silent():
                last()

    def update(self, metrics: Metrics, seconds: float, share: float) -> None:
        """Take the figures after `seconds` of training, `share` (0 to 1) of what was asked for."""
        now = time.perf_counter()
        if now >= self._next_bar or share >= 1.0:
            self._next_bar = now + BAR_S
            with self._falling_silent():
                self._bar.update(self._task, completed=share, figures=_figures(metrics), refresh=True)
        if self._json and now >= self._next_line:
            self._next_line = now + LINE_S
            try:
                print_json({"event": "progress"} | training_row(metrics, seconds))
            except BrokenPipeError:
                raise
            except OSError:
                self._json = False

    @contextmanager
    def _falling_silent(self) -> Iterator[None]:
        try:
            yield
        except OSError:
            self._bar.console.quiet = True  # else rich keeps what it could not write, and tries again and again


def _figures(metrics: Metrics) -> str:
    lap = "no lap yet" if metrics.best_lap_s is None else f"best lap {metrics.best_lap_s:.2f} s"
    return f"{metrics.steps:,} steps · epsilon {metrics.epsilon:.2f} · {lap}"
