"""`evaluate`: how well a saved brain drives when it explores nothing."""

import shlex

import numpy as np

from qrace.cli.arguments import Evaluate
from qrace.cli.output import print_json, print_table
from qrace.rl.checkpoint import load_checkpoint, load_policy
from qrace.rl.evaluate import as_row, evaluate
from qrace.sim.track_files import builtin_tracks, load_track


def run_evaluate(command: Evaluate) -> int:
    """Drive the model on every track and print a line for each; a track's figures do not depend on the others."""
    checkpoint = load_checkpoint(command.model)
    policy = load_policy(checkpoint)
    tracks = [load_track(name) for name in command.track or shlex.split(checkpoint.track) or builtin_tracks()]
    rows = []
    for track in tracks:
        rng = np.random.default_rng(command.seed)
        rows.append(as_row(evaluate(policy, checkpoint.config.env, track, command.starts, rng)))
        if command.json:
            print_json(rows[-1])
    if not command.json:
        print_table(rows, title=f"{checkpoint.name}, greedy")
    return 0
