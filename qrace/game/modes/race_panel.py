"""What the panel shows of a race: laps, standings with gaps, and the chosen car's mind."""

from dataclasses import replace
from typing import TYPE_CHECKING

from qrace.env.actions import ACTION_TABLES
from qrace.game.modes.mode import KMH, lap_figure, lap_text, mind, road_text
from qrace.race.race import Standing
from qrace.sim.car import TICK_S
from qrace.view import palette
from qrace.view.panel import NOTHING, Figure, Mind, PanelContent, StandingRow
from qrace.view.q_bars import Decision

if TYPE_CHECKING:
    from qrace.game.modes.race import RaceMode


def race_content(mode: "RaceMode") -> PanelContent:
    """The panel's content as the race stands."""
    race, pace, chosen = mode.race, mode.context.pace, mode.context.scene.chosen
    watched = race.cars[chosen]
    return PanelContent(
        mode=mode.name.value,
        status=pace.label,
        status_colour=palette.WARN if pace.paused else palette.ACCENT,
        track=road_text(race.track),
        car=f"{race.laps} laps" if race.laps > 1 else "1 lap",
        headline=(_progress(mode), lap_figure("Race time", race.clock_s if mode.end_s is None else mode.end_s)),
        results=(
            lap_figure(f"Best, no. {watched.entrant.number}", watched.best_lap_s),
            _state(mode, chosen),
        ),
        standings=tuple(_rows(mode)),
        mind=_mind(mode, chosen),
    )


def _progress(mode: "RaceMode") -> Figure:
    """The leader's lap, until the last car has seen the flag or is out."""
    race = mode.race
    if mode.end_s is not None:
        return Figure("Race", "Finished")
    if not mode.started:
        return Figure("Race", "Grid")
    return Figure("Lap", f"{min(max(car.laps for car in race.cars) + 1, race.laps)}", f"of {race.laps}")


def _state(mode: "RaceMode", chosen: int) -> Figure:
    car = mode.race.cars[chosen]
    if car.out:
        return Figure("Speed", "out")
    if car.held_ticks:
        return Figure("Goes on in", f"{car.held_ticks * TICK_S:.1f}", "s", palette.WARN)
    return Figure("Speed", f"{car.simulator.speed[0] * KMH if mode.started else 0.0:.0f}", "km/h")


def _rows(mode: "RaceMode") -> list[StandingRow]:
    """The standings, and among them, without a position, the limit's ghost."""
    race, rows = mode.race, mode.race.standings()
    shown = [_row(mode, row) for row in rows]
    if mode.ghost is not None:
        ghost_m = min(mode.ghost.position_m(race.clock_s), race.laps * race.track.length_m)
        ahead = sum(not row.out and _ahead_of_limit(mode, row, ghost_m) for row in rows)
        time = lap_text(mode.ghost.total_s) if race.clock_s >= mode.ghost.total_s else ""
        ghost = StandingRow("", "The limit", 0, None, lap_text(mode.ghost.lap_s), time, dim=True, chosen=False)
        shown.insert(ahead, ghost)
    return shown


def _ahead_of_limit(mode: "RaceMode", row: Standing, ghost_m: float) -> bool:
    assert mode.ghost is not None
    if row.total_s is not None and row.laps_down == 0:
        return row.total_s < mode.ghost.total_s
    return mode.race.cars[row.entrant].position_m > ghost_m


def _row(mode: "RaceMode", row: Standing) -> StandingRow:
    entrant = mode.race.cars[row.entrant].entrant
    return StandingRow(
        position=str(row.position),
        name=row.name,
        livery=entrant.livery,
        number=entrant.number,
        best_lap=lap_text(row.best_lap_s),
        gap=gap_text(row) if mode.started else NOTHING,
        dim=row.out or row.flagged,
        chosen=row.entrant == mode.context.scene.chosen,
    )


def gap_text(row: Standing) -> str:
    """ "leads", "+1.24", "+2 laps", "out", or the winner's time."""
    if row.out:
        return "out"
    if row.laps_down:
        return f"+{row.laps_down} lap{'s' * (row.laps_down > 1)}"
    if row.position == 1:
        return "leads" if row.total_s is None else lap_text(row.total_s)
    return NOTHING if row.gap_s is None else f"+{row.gap_s:.2f}"


def _mind(mode: "RaceMode", chosen: int) -> Mind:
    car, policy = mode.race.cars[chosen], mode.plan.entries[chosen].policy
    title = "Your car" if policy is None else f"The mind of car {car.entrant.number}"
    if car.out:
        return Mind(title, (Figure("This race", "out", colour=palette.WARN),), None, None)
    decision = None
    if policy is not None:
        names = ACTION_TABLES[car.entrant.config.car].names
        action = car.action if mode.race.ticks else None  # on the grid nothing has been decided yet
        decision = Decision(names, policy.q_values(car.observation)[0], action)
    sight = mode.sight(chosen, mode.readings[chosen])
    shown = mind(car.simulator, 0, title, sight, decision, "you" if policy is None else "brain")
    if mode.started and not car.held_ticks:
        return shown
    return replace(shown, figures=(Figure("Speed", "0", "km/h"), *shown.figures[1:]))
