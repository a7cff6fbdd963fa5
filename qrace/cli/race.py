"""`race`: saved brains against each other, without a window."""

from collections.abc import Sequence
from pathlib import Path

from qrace.cli.arguments import Race as RaceCommand
from qrace.cli.output import print_json, print_table
from qrace.race.entrant import Entrant
from qrace.race.race import Race, Standing
from qrace.rl.checkpoint import load_checkpoint, load_policy
from qrace.sim.track_files import load_track


def run_race(command: RaceCommand) -> int:
    """Race to the flag and print a line per entrant, the winner first."""
    checkpoints = [load_checkpoint(path) for path in command.models]
    track = load_track(command.track)
    entrants = [
        Entrant(name, livery=place, number=place + 1, config=checkpoint.config.env, policy=load_policy(checkpoint))
        for place, (name, checkpoint) in enumerate(zip(_names(command.models), checkpoints, strict=True))
    ]
    race = Race(track, entrants, command.laps, grid=not command.rolling)
    rows = [result_row(race, standing) for standing in race.run()]
    if command.json:
        for row in rows:
            print_json(row)
    else:
        print_table(rows, title=f"{track.title}, {command.laps} lap{'s' * (command.laps > 1)}")
    return 0


def result_row(race: Race, standing: Standing) -> dict[str, object]:
    """One line of the result; `progress` is the way driven from the start line in laps, the order of those out."""
    driven = race.laps if standing.total_s is not None else race.cars[standing.entrant].position_m / race.track.length_m
    return {
        "position": standing.position,
        "name": standing.name,
        "laps": standing.laps,
        "best_lap_s": standing.best_lap_s,
        "total_s": standing.total_s,
        "gap_s": None if standing.position == 1 else standing.gap_s,
        "out": standing.out,
        "progress": round(float(driven), 4),
    }


def _names(paths: Sequence[Path]) -> list[str]:
    """A name per entrant: the file's, with a number from the second of its kind on."""
    names: list[str] = []
    for path in paths:
        twins = sum(other.stem == path.stem for other in paths[: len(names)])
        names.append(f"{path.stem} {twins + 1}" if twins else path.stem)
    return names
