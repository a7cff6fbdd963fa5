"""`evaluate`: how well saved brains drive when they explore nothing, and how near that is to what their car can do."""

from itertools import chain
from pathlib import Path

import numpy as np

from qrace.cli.arguments import Evaluate
from qrace.cli.output import print_json, print_table
from qrace.rl.checkpoint import load_checkpoint, load_policy
from qrace.rl.evaluate import Evaluation, as_row, evaluate
from qrace.sim.limit import Limit, load_limit
from qrace.sim.track_files import builtin_tracks, load_track

Row = dict[str, str | int | float | bool | None]
FOR_PROGRAMS = (
    "starts",
    "standing_lap_clean",
    "standing_lap_s",
    "standing_limit_s",
    "standing_off_limit_pct",
    "model",
)
"""Fields that the table has no room for, or its title has."""


def run_evaluate(command: Evaluate) -> int:
    """Drive each model on every track and print a line for each pair; its figures do not depend on the others.

    All files are read before the first model drives.
    """
    checkpoints = [load_checkpoint(path) for path in command.models]
    names = [command.track or checkpoint.tracks or builtin_tracks() for checkpoint in checkpoints]
    roads = {name: load_track(name) for name in chain(*names)}
    rows = []
    for path, checkpoint, own in zip(command.models, checkpoints, names, strict=True):
        policy, env = load_policy(checkpoint), checkpoint.config.env
        for track in (roads[name] for name in own):
            found = evaluate(policy, env, track, command.starts, np.random.default_rng(command.seed))
            rows.append(_row(path, found, load_limit(track, env.car)))
            if command.json:
                print_json(rows[-1])
    if not command.json:
        _print_table(rows, [checkpoint.persona.name or checkpoint.name for checkpoint in checkpoints])
    return 0


def _row(path: Path, found: Evaluation, limit: Limit | None) -> Row:
    """Laps are compared with the limit of their kind: from a standing start, or flying."""
    row: Row = dict(as_row(found))
    standing = found.best_lap_s is not None and found.best_lap_s == found.standing_lap_s
    row["limit_s"] = row["off_limit_pct"] = None
    row["standing_lap_s"] = found.standing_lap_s
    row["standing_limit_s"] = row["standing_off_limit_pct"] = None
    if limit is not None:
        row["limit_s"] = round(limit.standing_limit_s if standing else limit.limit_s, 4)
        row["standing_limit_s"] = round(limit.standing_limit_s, 4)
        if found.best_lap_s is not None:
            row["off_limit_pct"] = round(limit.percent_off(found.best_lap_s, standing=standing), 3)
        if found.standing_lap_s is not None:
            row["standing_off_limit_pct"] = round(limit.percent_off(found.standing_lap_s, standing=True), 3)
    row["model"] = str(path)
    return row


def _print_table(rows: list[Row], names: list[str]) -> None:
    """The model stands first where there are several, and in the title where there is one."""
    several = len(names) > 1
    shown: list[Row] = []
    for row in rows:
        first: Row = {"model": Path(str(row["model"])).stem} if several else {}
        shown.append(first | {name: value for name, value in row.items() if name not in FOR_PROGRAMS})
    print_table(shown, title=f"{'Greedy' if several else f'{names[0]}, greedy'}, {rows[0]['starts']} starts each")
