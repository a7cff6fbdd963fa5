"""Greedy evaluation and the champion, with drivers whose result is known beforehand."""

from dataclasses import replace

import numpy as np
import pytest

from qrace.env.config import EnvConfig
from qrace.rl import champion as champions
from qrace.rl.champion import ChampionSearch, score
from qrace.rl.evaluate import DECISION_COST, Evaluation, Examination, evaluate, pooled
from qrace.sim.car import TICK_S
from qrace.sim.track import Track
from qrace.sim.track_files import load_track

CONFIG = EnvConfig()
LEFT, RIGHT, SLOWER, FASTER = range(4)


class Follower:
    """Turns towards the side with more road; its laps are clean on a wide round track."""

    def q_values(self, observation: np.ndarray) -> np.ndarray:
        q = np.zeros((len(observation), 4), dtype=np.float32)
        ahead = observation[:, 2]
        q[:, LEFT] = observation[:, 1] - observation[:, 3]
        q[:, RIGHT] = observation[:, 3] - observation[:, 1]
        q[:, SLOWER] = np.where(ahead > 0.2, 0.02, 0.0)
        return q

    def select_actions(self, observation: np.ndarray) -> np.ndarray:
        return self.q_values(observation).argmax(axis=1)


class Fixed(Follower):
    def __init__(self, action: int) -> None:
        self.action = action

    def select_actions(self, observation: np.ndarray) -> np.ndarray:
        return np.full(len(observation), self.action)


def round_track(width_m: float = 16.0, radius_m: float = 60.0) -> Track:
    angle, half_m = np.linspace(0.0, 2.0 * np.pi, 100, endpoint=False), 0.5 * width_m
    return Track.from_points("round", radius_m * np.stack([np.cos(angle), np.sin(angle)], axis=1), half_m, half_m)


def test_a_driver_that_follows_the_road_laps_clean_from_every_start() -> None:
    track = round_track()
    result = evaluate(Follower(), CONFIG, track, 20, np.random.default_rng(0))
    assert (result.laps_clean, result.standing_lap_clean, result.progress) == (20, True, 1.0)
    assert result.best_lap_s is not None and result.mean_lap_s is not None
    slowest = track.length_m / 20.0  # the car's lowest speed, along the centre line
    assert 0.8 * slowest < result.best_lap_s <= result.mean_lap_s < 1.1 * slowest
    alone = evaluate(Follower(), CONFIG, track, 1, np.random.default_rng(1))
    assert alone.standing_lap_s == result.standing_lap_s


def test_progress_is_the_share_of_the_lap_before_the_crash() -> None:
    """Straight on from a standing start, the oval's first straight is all that a car can reach."""
    result = evaluate(Fixed(FASTER), CONFIG, load_track("oval"), 1, np.random.default_rng(0))
    assert result.laps_clean == 0 and result.best_lap_s is None and not result.standing_lap_clean
    assert 0.02 < result.progress < 0.5


def test_a_driver_that_circles_for_ever_is_given_up_however_long_the_other_roads_are() -> None:
    """At 20 m/s and 10 degrees a tick it circles within 12 m of its start, which a tenth of 33 m/s covers in 4 s."""
    tracks = [round_track(width_m=40.0), load_track("mountain")]
    examination = Examination(Fixed(LEFT), CONFIG, tracks, 1, np.random.default_rng(0))
    ticks = 0
    while not examination.advance(1):
        ticks += 1
    assert 20.0 < ticks * TICK_S < 24.0
    assert [e.laps_clean for e in examination.results()] == [0, 0]


class Circling(Follower):
    """The first car circles, and drives straight on at its last decision before it is given up; the others follow."""

    def __init__(self, last: int) -> None:
        self.asked, self.last = 0, last

    def select_actions(self, observation: np.ndarray) -> np.ndarray:
        self.asked += 1
        actions = super().select_actions(observation)
        if self.asked <= self.last:
            actions[0] = LEFT if self.asked < self.last else FASTER
        return actions


def test_a_car_that_was_given_up_counts_no_further_while_others_drive() -> None:
    tracks = [round_track(width_m=40.0), round_track(radius_m=200.0)]
    trial = Circling(last=10_000)
    Examination(trial, CONFIG, tracks[:1], 1, np.random.default_rng(0)).run()
    alone, beside = (Circling(trial.asked) for _ in range(2))
    (expected,) = Examination(alone, CONFIG, tracks[:1], 1, np.random.default_rng(0)).run()
    found, other = Examination(beside, CONFIG, tracks, 1, np.random.default_rng(0)).run()
    assert alone.asked == trial.asked < beside.asked - 100 and other.laps_clean == 1
    assert found.progress == expected.progress < 0.1


class Counted(Fixed):
    """Straight on, so that one car after the other leaves the oval; remembers how many cars it was asked for."""

    def __init__(self) -> None:
        super().__init__(FASTER)
        self.asked: list[int] = []

    def select_actions(self, observation: np.ndarray) -> np.ndarray:
        self.asked.append(len(observation))
        return super().select_actions(observation)


def test_only_cars_that_still_drive_are_asked_for_an_action() -> None:
    driver = Counted()
    evaluate(driver, CONFIG, load_track("oval"), 8, np.random.default_rng(0))
    assert driver.asked[0] == 8 and driver.asked == sorted(driver.asked, reverse=True) and driver.asked[-1] < 8


def test_the_fewer_cars_drive_the_more_decisions_are_taken_at_once() -> None:
    """A decision costs a part of its own and a part per car; their sum is the same in every call but the last."""
    driver, calls = Counted(), 0
    examination = Examination(driver, CONFIG, [load_track("oval")], 64, np.random.default_rng(0))
    while not examination.advance(1):
        calls += 1
        spent, due = sum(cars + DECISION_COST for cars in driver.asked), calls * (64 + DECISION_COST)
        assert due <= spent < due + 64 + DECISION_COST
    assert driver.asked[-1] < 8 and calls < 0.9 * len(driver.asked)


def outcome(clean: int, progress: float, lap_s: float | None) -> list[Evaluation]:
    return [Evaluation("t", 8, clean, clean > 0, lap_s, lap_s, progress)]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (outcome(8, 1.0, 16.0), outcome(7, 1.0, 12.0)),
        (outcome(7, 1.0, 12.0), outcome(8, 1.0, 24.0)),
        (outcome(8, 1.0, 10.0), outcome(8, 1.0, 10.1)),
        (outcome(0, 0.5, None), outcome(0, 0.2, None)),
        (outcome(1, 0.3, 30.0), outcome(0, 0.9, None)),
    ],
)
def test_score_weighs_crashes_against_speed_and_then_goes_by_how_far(better, worse):
    assert score(better, [10.0]) > score(worse, [10.0])


def test_one_more_crash_in_a_hundred_starts_is_worth_three_per_cent_of_speed():
    safe = [Evaluation("t", 100, 100, True, 10.0, 10.0, 1.0)]
    one_crash = [Evaluation("t", 100, 99, True, 10.0, 10.0, 0.995)]
    assert score(safe, [9.5])[0] - score(one_crash, [9.5])[0] == pytest.approx(0.01 * (2.0 + 0.95))


def test_pooled_evaluations_are_those_of_all_starts():
    first, second = Evaluation("t", 4, 2, True, 9.0, 10.0, 0.8), Evaluation("t", 4, 1, True, 11.0, 13.0, 0.4)
    both = pooled(first, second)
    assert (both.starts, both.laps_clean, both.best_lap_s, both.mean_lap_s) == (8, 3, 9.0, pytest.approx(11.0))
    assert both.progress == pytest.approx(0.6)
    assert pooled(outcome(0, 0.1, None)[0], outcome(0, 0.3, None)[0]).mean_lap_s is None


def test_the_champion_is_never_replaced_by_a_worse_driver() -> None:
    search = ChampionSearch(CONFIG, [round_track()], np.random.default_rng(0))
    good = Follower()
    for policy in (Fixed(LEFT), good, Fixed(FASTER)):
        assert search.idle
        search.begin(policy)
        while not search.idle:
            search.advance(8)
    assert search.policy is good and search.examined == 3
    assert search.evaluations[0].laps_clean == search.evaluations[0].starts == 64 and search.latest[0].laps_clean == 0


class Crashing(Follower):
    """So many of its 32 cars crash in its first examination, so many in its second, and so on."""

    def __init__(self, *crashes: int) -> None:
        self._to_come, self._crashes, self._driving = iter(crashes), 0, 0

    def select_actions(self, observation: np.ndarray) -> np.ndarray:
        actions = super().select_actions(observation)
        if len(actions) > self._driving:
            self._crashes = next(self._to_come)
        self._driving = len(actions)
        actions[: max(len(actions) - 32 + self._crashes, 0)] = LEFT
        return actions


def examined(*policies: Crashing, tracks: int = 1) -> ChampionSearch:
    """A search that has examined these one after the other, on so many tracks."""
    search = ChampionSearch(CONFIG, [round_track()] * tracks, np.random.default_rng(0))
    for policy in policies:
        search.begin(policy)
        while not search.idle:
            search.advance(8)
    return search


def test_a_champion_that_was_lucky_gives_way_to_a_steadier_driver() -> None:
    """It is examined again after a challenger that failed, and 20 crashes in 64 starts are more than 16."""
    steady = Crashing(8, 8, 8)
    search = examined(Crashing(0, 20), steady, steady)
    assert search.policy is steady
    assert search.evaluations[0].laps_clean == 48 and search.evaluations[0].starts == 64


def test_a_challenger_that_was_lucky_once_is_found_out_by_a_second_examination() -> None:
    champion = Crashing(3, 3)
    search = examined(champion, Crashing(0, 8))
    assert search.policy is champion and search.examined == 3


def test_a_challenger_far_ahead_is_champion_after_one_examination() -> None:
    """Four crashes fewer in 32 starts put it three eighths of a lap ahead."""
    challenger = Crashing(8)
    search = examined(Crashing(12), challenger)
    assert search.policy is challenger and search.evaluations[0].starts == 32


@pytest.mark.parametrize(("share", "enough"), [(1, 3), (16, 2)])
def test_on_many_tracks_a_challenger_a_little_ahead_is_examined_more_often(
    share: int, enough: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 8 starts on each of four tracks it takes three examinations to see 24; a beginner has only two."""
    monkeypatch.setattr(champions, "EXAMINATIONS_SHARE", share)
    challenger = Crashing(2, 2, 2)
    search = examined(Crashing(3), challenger, tracks=4)
    assert search.policy is challenger and search.examined == 1 + enough
    assert [one.starts for one in search.evaluations] == [8 * enough] * 4


def test_of_many_tracks_each_examination_has_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four of eight at a time, 8 starts on each: the champion on the first four, a challenger on all and on four again;
    one crash fewer on the first four, which both know, is what counts."""
    monkeypatch.setattr(champions, "TRACKS_AT_ONCE", 4)
    monkeypatch.setattr(champions, "EXAMINATIONS_SHARE", 1)
    challenger = Crashing(2, 9, 2)
    search = examined(Crashing(3), challenger, tracks=8)
    assert search.policy is challenger and search.examined == 4
    assert [one.starts for one in search.evaluations] == [16] * 4 + [8] * 4
    crashes = [one.starts - one.laps_clean for one in search.evaluations]
    assert (sum(crashes[:4]), sum(crashes[4:])) == (4, 9)


def test_a_champion_is_compared_on_the_tracks_that_its_challenger_has_met(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its 20 crashes were all on tracks that the challenger has not seen; on the others that crashed once more."""
    monkeypatch.setattr(champions, "TRACKS_AT_ONCE", 4)
    monkeypatch.setattr(champions, "EXAMINATIONS_SHARE", 1)
    champion = Crashing(4, 20, 4, 4, 4)
    search = examined(Crashing(5), champion, Crashing(5), tracks=8)
    assert search.policy is champion and [one.starts for one in search.evaluations] == [16] * 4 + [16] * 4


def test_as_many_tracks_as_there_are_are_examined() -> None:
    """Forty: 32 at first, then the other eight, with two starts on each."""
    roads = [replace(round_track(), name=str(number)) for number in range(40)]
    search = ChampionSearch(CONFIG, roads, np.random.default_rng(0))
    met = []
    for _ in range(3):
        search.begin(search.policy or Follower())
        while not search.idle:
            search.advance(50)
        met.append([(one.track, one.starts) for one in search.evaluations])
    assert met[0] == [(str(number), 2) for number in range(32)]
    assert met[1] == [(str(number), 2) for number in range(40)]
    assert met[2] == [(str(number), 4 if number < 32 else 2) for number in range(40)]


def test_a_lead_that_lasts_needs_fewer_examinations_the_larger_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two crashes fewer in 32 starts are six laps ahead, in two examinations twelve: clear before the third."""
    monkeypatch.setattr(champions, "EXAMINATIONS_SHARE", 1)
    challenger = Crashing(1, 1)
    search = examined(Crashing(3), challenger, tracks=4)
    assert search.policy is challenger and [one.starts for one in search.evaluations] == [16] * 4
