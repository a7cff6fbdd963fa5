"""Races on a plain ring, where a lap's time follows from speed and length."""

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from qrace.env.config import EnvConfig
from qrace.errors import QRaceError
from qrace.race.entrant import Entrant
from qrace.race.race import Race
from qrace.race.rules import RaceRules
from qrace.sim.sensors import SensorConfig
from qrace.sim.track import Track

RADIUS_M = 60.0
TICK_S = 0.05
LEFT, RIGHT, SLOWER, FASTER = range(4)
OUT = RaceRules(crash="out")


class Follower:
    """Keeps to the middle of the road by its two diagonal rays; `fast` also speeds up in between."""

    def __init__(self, fast: bool) -> None:
        self.straight_on = FASTER if fast else SLOWER

    def select_actions(self, observation: NDArray[np.float32]) -> NDArray[np.int64]:
        left, right = observation[0, 1], observation[0, 3]
        turn = LEFT if left > right else RIGHT
        return np.array([turn if abs(left - right) > 0.06 else self.straight_on])


class Straight:
    """Holds the wheel straight, and so leaves the road."""

    def select_actions(self, observation: NDArray[np.float32]) -> NDArray[np.int64]:
        return np.array([SLOWER])


class Parked:
    """Stands on the grand-prix car's brakes."""

    def select_actions(self, observation: NDArray[np.float32]) -> NDArray[np.int64]:
        return np.array([7])


@pytest.fixture(scope="module")
def ring() -> Track:
    angle = np.linspace(0.0, 2.0 * np.pi, 60, endpoint=False)
    return Track.from_points("ring", RADIUS_M * np.stack([np.cos(angle), np.sin(angle)], axis=1), 10.0, 10.0)


def crossing_times(positions: list[NDArray[np.float64]]) -> list[float]:
    """Times at which a trail of positions (2,), one per tick, crosses the positive x axis upwards [s]."""
    times = []
    for tick, (before, after) in enumerate(pairwise(positions)):
        if before[0] > 0 and before[1] < 0 <= after[1]:
            times.append(TICK_S * (tick + before[1] / (before[1] - after[1])))
    return times


def test_race_time_is_from_the_start_to_the_last_crossing_of_the_line(ring: Track) -> None:
    race = Race(ring, [Entrant("slow", policy=Follower(False))], laps=2)
    positions = [race.poses[1, 0, :2].copy()]
    while not race.finished:
        race.tick()
        positions.append(race.poses[1, 0, :2].copy())
    [standing] = race.standings()
    crossings = crossing_times(positions)
    assert len(crossings) == 3
    assert standing.total_s == pytest.approx(crossings[-1], abs=2e-3)
    assert standing.best_lap_s == pytest.approx(min(np.diff(crossings)), abs=2e-3)
    assert standing.best_lap_s == pytest.approx(2.0 * np.pi * RADIUS_M / 20.0, rel=0.03)
    assert (standing.position, standing.laps, standing.gap_s, standing.out) == (1, 2, 0.0, False)


def test_the_faster_car_wins_from_the_last_place_and_the_gap_is_the_difference(ring: Track) -> None:
    entrants = [Entrant("slow", policy=Follower(False)), Entrant("fast", policy=Follower(True))]
    first, second = Race(ring, entrants, laps=2).run()
    assert (first.name, second.name) == ("fast", "slow")
    assert first.total_s is not None and second.total_s is not None
    assert second.gap_s == second.total_s - first.total_s > 0.5
    assert (first.entrant, second.entrant) == (1, 0)


def test_a_crash_is_out_and_stands_behind_those_who_finish(ring: Track) -> None:
    race = Race(ring, [Entrant("lost", policy=Straight()), Entrant("slow", policy=Follower(False))], 1, OUT)
    first, last = race.run()
    assert (first.name, last.name) == ("slow", "lost")
    assert last.out and last.total_s is None and last.gap_s is None and last.laps == 0
    assert not first.out


def test_the_running_gap_is_the_time_since_the_leader_passed_here(ring: Track) -> None:
    drivers = [Entrant(name, policy=Follower(False)) for name in ("ahead", "behind")]
    race = Race(ring, drivers, laps=3)
    for _ in range(100):
        race.tick()
    leader, follower = race.standings()
    assert leader.name == "ahead"
    assert leader.total_s is None
    assert follower.gap_s == pytest.approx(8.0 / 20.0, abs=2.5 * TICK_S)  # one place of the grid at 20 m/s


def test_the_same_entrants_race_the_same_race(ring: Track) -> None:
    entrants = [
        Entrant("a", policy=Follower(True)),
        Entrant("b", policy=Straight()),
        Entrant("c", policy=Follower(False)),
    ]
    for rules in (RaceRules(), OUT, RaceRules(collisions=True), RaceRules(rolling=True, collisions=True)):
        assert Race(ring, entrants, 2, rules).run() == Race(ring, entrants, 2, rules).run()


def test_the_grid_is_staggered_on_the_road_and_a_rolling_start_is_level(ring: Track) -> None:
    entrants = [Entrant(str(place), policy=Follower(False)) for place in range(6)]
    grid = Race(ring, entrants, laps=1)
    angle = np.arctan2(grid.poses[1, :, 1], grid.poses[1, :, 0])
    assert np.all(np.diff(angle) < -0.1) and angle[0] < 0.0
    assert set(np.sign(np.hypot(grid.poses[1, :, 0], grid.poses[1, :, 1]) - RADIUS_M)) == {-1.0, 1.0}
    grid.tick()
    assert not any(car.out for car in grid.cars)
    rolling = Race(ring, entrants, laps=1, rules=RaceRules(rolling=True))
    assert np.ptp(rolling.poses[1], axis=0) == pytest.approx(0.0)
    results = rolling.run()
    assert [standing.entrant for standing in results] == [0, 1, 2, 3, 4, 5]
    assert len({standing.total_s for standing in results}) == 1


def test_every_entrant_senses_in_its_own_way(ring: Track) -> None:
    sharp = EnvConfig(sensors=SensorConfig(angles_deg=(30.0, 0.0, -30.0), range_m=80.0), features=("rays",))
    race = Race(ring, [Entrant("five"), Entrant("three", config=sharp)], laps=1)
    assert race.cars[0].observation.shape == (1, 6)
    assert race.cars[1].observation.shape == (1, 3)


def test_a_brain_that_stands_still_is_out_and_a_person_may_wait(ring: Track) -> None:
    config = EnvConfig(car="grand-prix")
    race = Race(ring, [Entrant("parked", config=config, policy=Parked()), Entrant("you", config=config)], laps=1)
    for _ in range(round(19.0 / TICK_S)):
        race.tick()
    assert not any(car.out for car in race.cars)
    for _ in range(round(2.0 / TICK_S)):
        race.tick()
    assert [car.out for car in race.cars] == [True, False]
    race.cars[1].controls[0] = (0.0, 1.0)
    race.tick()
    assert race.poses[1, 1, 4] > 0.0


@pytest.mark.parametrize(("entrants", "laps"), [([], 1), ([Entrant("a")], 0)])
def test_a_race_needs_cars_and_laps(ring: Track, entrants: list[Entrant], laps: int) -> None:
    with pytest.raises(QRaceError, match=r"car|laps"):
        Race(ring, entrants, laps)
