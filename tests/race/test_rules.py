"""What the rules of a race mean: penalties, the flag, the lot, the lights, contact, the limit beside the race."""

import numpy as np
import pytest
from numpy.typing import NDArray

from qrace.env.config import EnvConfig
from qrace.errors import QRaceError
from qrace.race.entrant import Entrant, RaceCar
from qrace.race.entry_list import COLOURS, Applicant, entry_list
from qrace.race.limit_ghost import LimitGhost
from qrace.race.race import Race
from qrace.race.rules import (
    HOLD_S,
    LIGHT_S,
    LIGHTS,
    MOST_CRASHES,
    MOST_ENTRANTS,
    PASS_THROUGH_S,
    PENALTY_S,
    RaceRules,
    StartLights,
)
from qrace.sim.car import TICK_S
from qrace.sim.limit import load_limit
from qrace.sim.track import Track
from qrace.sim.track_files import load_track
from tests.race.test_race import Follower, Parked, Straight, crossing_times

GRAND_PRIX = EnvConfig(car="grand-prix")
TOUCHING = RaceRules(collisions=True)


@pytest.fixture(scope="module")
def ring() -> Track:
    angle = np.linspace(0.0, 2.0 * np.pi, 60, endpoint=False)
    return Track.from_points("ring", 60.0 * np.stack([np.cos(angle), np.sin(angle)], axis=1), 10.0, 10.0)


class OneMistake(Follower):
    """Drives well but for one moment in which it lets go of the wheel."""

    def __init__(self, at_decision: int, for_decisions: int = 60) -> None:
        super().__init__(False)
        self.made = 0
        self.mistake = range(at_decision, at_decision + for_decisions)

    def select_actions(self, observation: NDArray[np.float32]) -> NDArray[np.int64]:
        self.made += 1
        return np.array([2]) if self.made in self.mistake else super().select_actions(observation)


class FullThrottle:
    """The grand-prix car straight on."""

    def select_actions(self, observation: NDArray[np.float32]) -> NDArray[np.int64]:
        return np.array([1])


def test_a_crash_costs_the_penalty_and_the_car_goes_on_where_it_left_the_road(ring: Track) -> None:
    driver = OneMistake(100)
    race = Race(ring, [Entrant("clumsy", policy=driver), Entrant("clean", policy=Follower(False))], laps=1)
    [clumsy, _] = race.cars
    while not clumsy.crashes:
        race.tick()
    driver.mistake = range(0)
    place, crashed_at = clumsy.position_m, race.ticks
    centre = np.hypot(*race.poses[1, 0, :2])
    assert centre == pytest.approx(60.0, abs=0.3)  # the middle of the road
    while race.poses[1, 0, 4] == 0.0:
        race.tick()
    assert (race.ticks - crashed_at) * TICK_S == pytest.approx(PENALTY_S)
    assert clumsy.ghost_ticks * TICK_S == pytest.approx(PASS_THROUGH_S)
    assert clumsy.position_m == pytest.approx(place, abs=2.0)
    result = {standing.name: standing for standing in race.run()}
    assert result["clean"].penalty_s == 0.0 and result["clean"].position == 1
    late = result["clumsy"]
    assert (late.penalty_s, late.out, late.laps) == (PENALTY_S, False, 1)
    assert late.gap_s is not None and PENALTY_S - 1.0 < late.gap_s < PENALTY_S + 3.0


def test_the_time_of_a_race_with_a_penalty_is_that_of_the_line(ring: Track) -> None:
    race = Race(ring, [Entrant("clumsy", policy=OneMistake(60, 40))], laps=2)
    positions = [race.poses[1, 0, :2].copy()]
    while not race.finished:
        race.tick()
        positions.append(race.poses[1, 0, :2].copy())
    assert race.cars[0].penalties == 1
    assert race.cars[0].finish_s == pytest.approx(crossing_times(positions)[-1], abs=2e-3)


def test_a_brain_that_crashes_on_and_on_is_out_and_a_person_is_not(ring: Track) -> None:
    race = Race(ring, [Entrant("lost", policy=Straight()), Entrant("you")], laps=1)
    race.cars[1].controls[0] = (1.0, 0.0)
    for _ in range(2000):
        race.cars[1].controls[0] = (1.0, 0.0)  # full left, again and again
        race.tick()
    lost, you = race.cars
    assert lost.out and lost.crashes == MOST_CRASHES + 1 and lost.penalty_s == MOST_CRASHES * PENALTY_S
    assert you.crashes > MOST_CRASHES + 1 and not you.out


def test_the_winners_flag_ends_the_lap_that_the_others_are_on(ring: Track) -> None:
    race = Race(ring, [Entrant("slow", policy=Follower(False)), Entrant("fast", policy=Follower(True))], laps=8)
    first, second = race.run()
    assert (first.name, first.laps, first.laps_down) == ("fast", 8, 0)
    assert 0 < second.laps < 8 and second.laps_down == 8 - second.laps
    assert second.total_s is not None and first.total_s is not None and second.gap_s is None
    assert first.total_s < second.total_s < first.total_s + 20.0  # a lap of the slow car's
    assert not second.flagged and not second.out


def test_who_is_far_too_slow_is_stopped_and_keeps_the_place(ring: Track) -> None:
    race = Race(ring, [Entrant("you", config=GRAND_PRIX), Entrant("fast", policy=Follower(True))], laps=1)
    first, last = race.run()
    assert (first.name, last.name) == ("fast", "you")
    assert last.flagged and not last.out and last.total_s is None and last.gap_s is None
    assert first.total_s is not None and 29.0 < race.clock_s - first.total_s < 31.0


def test_the_lot_draws_the_grid_and_the_same_seed_the_same_grid(ring: Track) -> None:
    entrants = [Entrant(str(n), policy=Follower(False)) for n in range(12)]
    given = Race(ring, entrants, 1)
    assert [car.position_m for car in given.cars] == sorted([car.position_m for car in given.cars], reverse=True)
    grids = [[car.position_m for car in Race(ring, entrants, 1, RaceRules(seed=seed)).cars] for seed in (1, 1, 2)]
    assert grids[0] == grids[1] != grids[2]
    assert sorted(grids[0]) == sorted(grids[2]) == sorted(car.position_m for car in given.cars)


def test_the_lights_come_on_one_by_one_and_go_out_after_a_time_that_the_seed_knows() -> None:
    outs = set()
    for seed in range(20):
        lights = StartLights(seed)
        assert [lights.lit(LIGHT_S * k + 1e-6) for k in range(LIGHTS + 1)] == list(range(LIGHTS + 1))
        assert HOLD_S[0] <= lights.out_s - LIGHTS * LIGHT_S <= HOLD_S[1]
        assert lights.lit(lights.out_s - 1e-6) == LIGHTS and lights.lit(lights.out_s) == 0
        assert StartLights(seed).out_s == lights.out_s
        outs.add(lights.out_s)
    assert len(outs) == 20


def test_cars_that_touch_do_not_pass_through_and_without_the_rule_they_do(ring: Track) -> None:
    def race(collisions: bool) -> tuple[float, float]:
        entrants = [Entrant("parked", config=GRAND_PRIX), Entrant("behind", config=GRAND_PRIX, policy=FullThrottle())]
        race = Race(ring, entrants, 1, RaceRules(collisions=collisions, rolling=False))
        for car in race.cars:  # both in the middle of the road
            car.place(car.position_m, 0.5, None)
        for _ in range(30):
            race.tick()
        return race.cars[0].position_m, race.cars[1].position_m

    parked, behind = race(False)
    assert parked == pytest.approx(-4.0) and behind > parked
    pushed, behind = race(True)
    assert pushed > parked and behind < pushed - 5.0


def test_a_full_grid_with_contact_finishes_without_anyone_in_anyone(ring: Track) -> None:
    entrants = [Entrant(str(n), policy=Follower(n % 3 == 0)) for n in range(MOST_ENTRANTS)]
    race = Race(ring, entrants, 2, RaceRules(collisions=True))
    closest = np.inf
    while not race.finished:
        race.tick()
        solid = np.flatnonzero(race.contacts.solid) if race.contacts else []
        places = race.poses[1, solid, :2]
        for i in range(len(places)):
            off = np.hypot(*(places[i + 1 :] - places[i]).T)
            closest = min(closest, off.min(initial=np.inf))
    assert closest > 1.99  # two cars are never nearer than side by side
    assert all(standing.total_s is not None or standing.out for standing in race.standings())


def test_cars_on_a_bridge_and_under_it_do_not_touch() -> None:
    eight = load_track("eight")
    along = np.arange(0.0, eight.length_m, 1.0)
    centre = np.array([[float(value) for value in eight.pose_at(s_m)[:2]] for s_m in along])
    off = np.hypot(centre[:, None, 0] - centre[:, 0], centre[:, None, 1] - centre[:, 1])
    apart = np.abs(along[:, None] - along)
    apart = np.minimum(apart, eight.length_m - apart)
    first, second = np.unravel_index(np.where(apart > 100.0, off, np.inf).argmin(), off.shape)
    assert off[first, second] < 3.0
    race = Race(eight, [Entrant("over", config=GRAND_PRIX), Entrant("under", config=GRAND_PRIX)], 1, TOUCHING)
    for car, index in zip(race.cars, (first, second), strict=True):
        car.place(float(along[index]), 0.5, 20.0)
    before = [car.simulator.x[0] for car in race.cars]
    race.tick()
    for car, x in zip(race.cars, before, strict=True):
        assert car.simulator.speed[0] == pytest.approx(20.0, abs=0.3) and car.simulator.x[0] != x
    assert race.contacts is not None and race.contacts.solid.all()


def test_a_brain_without_headway_is_out_but_not_for_standing_a_penalty(ring: Track) -> None:
    car = RaceCar(Entrant("parked", config=GRAND_PRIX, policy=Parked()), ring, "back")
    car.place(-4.0, 0.5, None)
    car.simulator.crashed[0] = True
    car.mind_the_road()
    ticks = 0
    while not car.out:
        car.tick(1)
        ticks += 1
    assert ticks * TICK_S == pytest.approx(PENALTY_S + 20.0, abs=0.2)


def test_no_two_on_the_entry_list_are_alike() -> None:
    wishes = [(2, 7), (2, 7), (None, None), (2, None), (None, 7), (None, 1)] + [(None, None)] * 6
    listed = entry_list([Applicant("x", EnvConfig(), None, livery, number) for livery, number in wishes])
    assert [entrant.name for entrant in listed] == ["x", *(f"x {n}" for n in range(2, 13))]
    assert len({entrant.livery for entrant in listed}) == len({entrant.number for entrant in listed}) == 12
    assert [entrant.livery for entrant in listed][:4] == [2, 2 + COLOURS, 0, 2 + 2 * COLOURS]
    assert (listed[0].number, listed[1].number, listed[5].number) == (7, 8, 1)
    with pytest.raises(QRaceError, match="12 or fewer"):
        entry_list([Applicant("x", EnvConfig(), None)] * 13)


def test_the_limits_ghost_takes_the_limits_time() -> None:
    oval = load_track("oval")
    limit = load_limit(oval, "grand-prix")
    assert limit is not None
    ghost = LimitGhost.of(oval, "grand-prix", 3)
    assert ghost is not None and ghost.total_s == pytest.approx(limit.standing_limit_s + 2 * limit.limit_s)
    assert ghost.position_m(0.0) == pytest.approx(0.0, abs=0.1)
    assert ghost.position_m(ghost.total_s - 1e-6) == pytest.approx(3 * oval.length_m, abs=1.0)
    times = np.arange(0.0, ghost.total_s, 0.05)
    along = [ghost.position_m(t) for t in times]
    assert np.all(np.diff(along) > -0.5)
    places = np.array([ghost.pose_at(t)[:2] for t in times])
    assert np.hypot(*np.diff(places, axis=0).T).max() < 85.0 * 0.05 + 1.0
    off = np.hypot(places[:, None, 0] - oval.centre[:, 0], places[:, None, 1] - oval.centre[:, 1]).min(axis=1)
    assert off.max() < 12.0
