"""How a headless training tells of itself: a bar on stderr for people, lines on stdout for programs."""

import time
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


class TrainingProgress:
    """A context to call `update` in after every step; it decides itself when to print."""

    def __init__(self, json: bool) -> None:
        self._json = json
        columns = (BarColumn(bar_width=24), TimeElapsedColumn(), TextColumn("[dim]{task.fields[figures]}"))
        self._bar = Progress(*columns, console=Console(stderr=True), auto_refresh=False)
        self._task = self._bar.add_task("", total=1.0, figures="")
        self._next_bar = self._next_line = 0.0

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._bar.refresh()
        self._bar.stop()

    def update(self, metrics: Metrics, seconds: float, share: float) -> None:
        """Take the figures after `seconds` of training, `share` (0 to 1) of what was asked for."""
        now = time.perf_counter()
        if now >= self._next_bar or share >= 1.0:
            self._next_bar = now + BAR_S
            self._bar.update(self._task, completed=share, figures=_figures(metrics), refresh=True)
        if self._json and now >= self._next_line:
            self._next_line = now + LINE_S
            print_json({"event": "progress"} | training_row(metrics, seconds))


def _figures(metrics: Metrics) -> str:
    lap = "no lap yet" if metrics.best_lap_s is None else f"best lap {metrics.best_lap_s:.2f} s"
    return f"{metrics.steps:,} steps · epsilon {metrics.epsilon:.2f} · {lap}"
