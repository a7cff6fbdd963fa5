"""Laps to chase: the limit's, replayed, and a driver's, driven where nobody looks."""

from collections.abc import Callable
from itertools import count

from qrace.env.config import EnvConfig
from qrace.race.driven_lap import DrivenLap
from qrace.race.entrant import Driver, Entrant, RaceCar
from qrace.race.lap_timer import LapTimer
from qrace.race.race import ROLLING_M, ROLLING_SPEED
from qrace.sim.limit import Limit
from qrace.sim.track import Track

DRIVER_LAPS = 2
"""A driver's lap is the best of so many; the first begins at moderate speed."""
TICKS_PER_STOP = 4
"""How often it is asked whether to stop [ticks]."""


def limit_lap(track: Track, limit: Limit, stop: Callable[[], bool] = lambda: False) -> DrivenLap | None:
    """The flying lap of a limit, replayed; None if it does not come round, or `stop`, asked at times, says so."""
    simulator, timer = limit.flying.begin(track, limit.car), LapTimer(track.length_m)
    for tick, controls in enumerate(limit.flying.controls):
        if tick % TICKS_PER_STOP == 0 and stop():
            return None
        simulator.step(controls[None])
        timer.observe(simulator, 0)
    return timer.best


def driver_lap(
    track: Track, config: EnvConfig, policy: Driver, stop: Callable[[], bool] = lambda: False
) -> DrivenLap | None:
    """A driver's best of its first laps, from a rolling start; None if none was clean, or `stop`, as above, said so."""
    car, timer = RaceCar(Entrant("", config=config, policy=policy), track), LapTimer(track.length_m)
    car.place(-ROLLING_M, 0.5, ROLLING_SPEED)
    for tick in count():
        if car.out or car.finish_s is not None:
            break
        if tick % TICKS_PER_STOP == 0 and stop():
            return None
        car.tick(DRIVER_LAPS)
        timer.observe(car.simulator, 0)
    return timer.best
