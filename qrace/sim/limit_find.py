"""Find a limit, coarsely and finely, and believe it only after a replay through the simulator."""

import math
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

from qrace.sim.car import CarName
from qrace.sim.limit import Limit, LimitError, Run
from qrace.sim.track import Track

if TYPE_CHECKING:
    from qrace.sim.limit_drive import Lap

_BEGINNINGS = (((3.0, 2.0, 1.4), 0.99), ((1.5, 1.5), 0.97), ((3.0, 2.2, 1.5), 0.97))
"""Margins [m] and usage of the grip of the lines that are polished, see `Course.first_lap`: no one is always best, and
they end up to 1 % apart. The last is for the finer search alone."""
_CLEARANCE_M, _FINE_CLEARANCE_M = 0.1, 0.03
"""Distance from the edges that polishing pays for: room for what a change does to the bends that follow [m]."""


def find_limit(track: Track, car: CarName) -> Limit:
    """Search for the fastest flying and standing lap of a car on a track; takes seconds to a minute.

    Raises:
        LimitError: when there is no clean lap, or one that the simulator does not confirm.
    """
    began = perf_counter()
    flying, standing, change = _find_lesson(track) if car == "lesson" else _find_grand_prix(track)
    return Limit(
        track=track.name,
        car=car,
        limit_s=_confirmed(track, car, flying),
        standing_limit_s=_confirmed(track, car, standing),
        refined_change_pct=100.0 * change,
        seconds=perf_counter() - began,
        flying=flying.run,
        standing=standing.run,
    )


def replay(track: Track, car: CarName, run: Run) -> float | None:
    """The time of the lap that a run drives in the simulator [s], None if it crashes or does not come round."""
    simulator = run.begin(track, car)
    for controls in run.controls:
        simulator.step(controls[None])
    return None if simulator.crashed[0] or simulator.laps[0] != 1 else float(simulator.last_lap_s[0])


class _Found(NamedTuple):
    run: Run
    lap_s: float


def _confirmed(track: Track, car: CarName, found: _Found) -> float:
    """The time that the simulator drives, which must be the one that was found [s]."""
    driven_s = replay(track, car, found.run)
    if driven_s is None or not math.isclose(driven_s, found.lap_s, abs_tol=1e-6):
        raise LimitError(f"{track.name}: the simulator drives another lap than the search; please report this track.")
    return driven_s


def _find_lesson(track: Track) -> tuple[_Found, _Found, float]:
    """The best flying and standing lap, and the share by which a finer search changed the flying one."""
    from qrace.sim.limit_search import COARSE, FINE, Search  # here, so that each car compiles its own search alone

    search = Search(track)
    coarse, fine = (_Found(*search.flying_lap(beam)) for beam in (COARSE, FINE))
    change = abs(fine.lap_s - coarse.lap_s) / coarse.lap_s
    return min(coarse, fine, key=_lap_s), _Found(*search.standing_lap(FINE)), change


def _find_grand_prix(track: Track) -> tuple[_Found, _Found, float]:
    """The same; the finer search adds a lap and polishes the best on, with more bumps and closer to the edges."""
    from qrace.sim.limit_drive import COARSE_BUMPS, FINE_BUMPS, Course

    course, laps = Course(track), []
    for margins_m, usage in _BEGINNINGS:
        laps.append(course.first_lap(margins_m, usage))
        course.polish(laps[-1], COARSE_BUMPS, 3, _CLEARANCE_M)
    coarse_s, best = min(map(_lap_s, laps[:-1])), min(laps, key=_lap_s)
    course.polish(best, FINE_BUMPS, 3, _FINE_CLEARANCE_M)
    standing = course.standing_lap(best)
    course.polish(standing, COARSE_BUMPS, 2, _FINE_CLEARANCE_M)
    change = (coarse_s - best.lap_s) / coarse_s
    return _Found(best.run, best.lap_s), _Found(standing.run, standing.lap_s), change


def _lap_s(lap: "_Found | Lap") -> float:
    return lap.lap_s
