"""`reference`: the fastest lap that a car can do round a track, found once and kept."""

import sys

from qrace.cli.arguments import Reference
from qrace.cli.output import print_json, print_table
from qrace.sim.limit import Limit, load_limit, save_limit
from qrace.sim.limit_find import find_limit, replay
from qrace.sim.track import Track
from qrace.sim.track_files import load_track


def run_reference(command: Reference) -> int:
    """Print the limit that is kept, if the simulator still drives it, or search for it and keep it."""
    track = load_track(command.track)
    limit = None if command.again else load_limit(track, command.car)
    found = limit is None or not _still_drives(limit, track)
    if limit is None or found:
        if not command.json:
            print("Searching for the fastest lap, which may take a minute …", file=sys.stderr)
        limit = find_limit(track, command.car)
    row = _as_row(limit)
    try:
        if command.json:
            print_json(row)
        else:
            print_table([row], title="The limit")
    finally:  # a search is not lost for want of a reader
        if found:
            save_limit(limit, track)
    return 0


def _still_drives(limit: Limit, track: Track) -> bool:
    """Whether the kept runs drive their times, to the microsecond; physics may have changed beyond its constants."""
    kept = ((limit.flying, limit.limit_s), (limit.standing, limit.standing_limit_s))
    laps = [(replay(track, limit.car, run), lap_s) for run, lap_s in kept]
    return all(driven_s is not None and abs(driven_s - lap_s) < 1e-6 for driven_s, lap_s in laps)


def _as_row(limit: Limit) -> dict[str, object]:
    return {
        "track": limit.track,
        "car": limit.car,
        "limit_s": round(limit.limit_s, 4),
        "refined_change_pct": round(limit.refined_change_pct, 4),
        "seconds": round(limit.seconds, 2),
        "standing_limit_s": round(limit.standing_limit_s, 4),
    }
