"""`race`: saved brains against each other, without a window."""

from collections.abc import Mapping

from qrace.cli.arguments import CommandError
from qrace.cli.arguments import Race as RaceCommand
from qrace.cli.output import print_json, print_table
from qrace.race.entry_list import Applicant, entry_list
from qrace.race.limit_ghost import LimitGhost
from qrace.race.race import Race, Standing
from qrace.race.rules import RaceRules
from qrace.rl.checkpoint import Checkpoint, load_checkpoint, load_policy
from qrace.sim.car import CarName
from qrace.sim.track import Track
from qrace.sim.track_files import load_track


def run_race(command: RaceCommand) -> int:
    """Race to the flag and print a line per entrant, the winner first."""
    checkpoints = [load_checkpoint(path) for path in command.models]
    track = load_track(command.track)
    entrants = entry_list([applicant(c, path.stem) for path, c in zip(command.models, checkpoints, strict=True)])
    rules = RaceRules(command.crash_rule, command.collisions, command.rolling, command.seed)
    ghost = _limit(command, track, entrants[0].config.car) if command.limit else None
    race = Race(track, entrants, command.laps, rules)
    rows = [result_row(race, standing) for standing in race.run()]
    if ghost is not None:
        rows.append(_limit_row(ghost, command.laps, rows[0]))
    if command.json:
        for row in rows:
            print_json(row)
    else:
        print_table([_told(row) for row in rows], title=f"{track.title}, {command.laps} lap{'s' * (command.laps > 1)}")
    return 0


def applicant(checkpoint: Checkpoint, file_name: str) -> Applicant:
    """The driver in a model file, under its own name or else the file's."""
    persona = checkpoint.persona
    name, env, policy = persona.name or file_name, checkpoint.config.env, load_policy(checkpoint)
    return Applicant(name, env, policy, persona.livery, persona.number)


def result_row(race: Race, standing: Standing) -> dict[str, object]:
    """One line of the result; `progress` is the way driven from the start line in laps, the order of those out."""
    car = race.cars[standing.entrant]
    driven = standing.laps if standing.total_s is not None else car.position_m / race.track.length_m
    return {
        "position": standing.position,
        "name": standing.name,
        "car": car.entrant.config.car,
        "laps": standing.laps,
        "best_lap_s": standing.best_lap_s,
        "total_s": standing.total_s,
        "gap_s": None if standing.position == 1 else standing.gap_s,
        "laps_down": standing.laps_down,
        "penalty_s": standing.penalty_s,
        "out": standing.out,
        "flagged": standing.flagged,
        "progress": round(float(driven), 4),
    }


def _told(row: Mapping[str, object]) -> dict[str, object]:
    """What a person reads of a line."""
    gap = row["gap_s"]
    if row["laps_down"]:
        gap = f"+{row['laps_down']} lap{'s' * (row['laps_down'] != 1)}"
    end = "out" if row["out"] else "flagged" if row["flagged"] else gap
    names = {
        "pos": "position",
        "name": "name",
        "car": "car",
        "laps": "laps",
        "best_s": "best_lap_s",
        "total_s": "total_s",
    }
    return {**{head: row[name] for head, name in names.items()}, "gap_s": end, "penalty_s": row["penalty_s"]}


def _limit(command: RaceCommand, track: Track, car: CarName) -> LimitGhost:
    ghost = LimitGhost.of(track, car, command.laps)
    if ghost is None:
        raise CommandError(
            f"--limit: the limit of the {car} car on {track.name} is not known; find it with "
            f"`python main.py reference {command.track} --car {car}`"
        )
    return ghost


def _limit_row(ghost: LimitGhost, laps: int, winner: Mapping[str, object]) -> dict[str, object]:
    """The limit under the result, with the keys of the winner's line; it takes no position."""
    known = {"name": "limit", "car": ghost.car, "laps": laps, "best_lap_s": ghost.lap_s, "total_s": ghost.total_s}
    return {**dict.fromkeys(winner), **known}
