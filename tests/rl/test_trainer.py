"""Trainer: determinism, what reaches the replay memory, and that learning works end to end."""

import shlex
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from qrace.errors import QRaceError
from qrace.rl.checkpoint import load_checkpoint, save_checkpoint
from qrace.rl.config import Config
from qrace.rl.presets import preset
from qrace.rl.trainer import Trainer
from qrace.sim.track_files import load_track

SMALL = replace(
    preset("default"),
    cars=8,
    learner=replace(preset("default").learner, hidden=(16,), learning_starts=64, batch_size=32),
)


def trained(config: Config, steps: int, background: bool = False) -> Trainer:
    trainer = Trainer(config, [load_track("oval")])
    for _ in range(steps):
        trainer.step(background=background)
    trainer.close()
    return trainer


def weights(trainer: Trainer) -> dict[str, np.ndarray]:
    return trainer.agent.get_state()[0]


@pytest.mark.parametrize("kind", ["default", "lesson", "q-table", "general"])
def test_same_seed_same_weights_in_the_background_or_not(kind: str) -> None:
    config = replace(preset(kind), cars=8)
    one, other = trained(config, 200), trained(config, 200, background=True)
    assert one.metrics.updates == other.metrics.updates > 0
    for name, tensor in weights(one).items():
        assert np.array_equal(tensor, weights(other)[name]), name
    assert one.metrics.history == other.metrics.history
    assert one.champion.latest == other.champion.latest


def test_another_seed_gives_other_weights() -> None:
    one, other = trained(SMALL, 60), trained(replace(SMALL, seed=1), 60)
    assert any(not np.array_equal(tensor, weights(other)[name]) for name, tensor in weights(one).items())


def test_what_is_stored_is_the_state_acted_in_and_its_successor() -> None:
    """Every stored successor is the next stored state of that car, unless its episode ended."""
    trainer = Trainer(replace(SMALL, learner=replace(SMALL.learner, n_step=1)), [load_track("oval")])
    seen = []
    store = trainer.agent.store

    def spy(*step: np.ndarray) -> None:
        seen.append([array.copy() for array in step])
        store(*step)

    trainer.agent.store = spy  # type: ignore[method-assign]
    for _ in range(100):
        trainer.step()
    ended_any = 0
    for (state, _, _, successor, terminated, truncated), (following, *_) in pairwise(seen):
        ended = terminated | truncated
        assert np.array_equal(successor[~ended], following[~ended])
        assert not (successor[ended] == following[ended]).all(axis=1).any()  # not the observation after the reset
        assert not np.array_equal(state, successor)
        ended_any += int(ended.sum())
    assert ended_any > 0


def test_a_failure_in_the_background_reaches_the_caller() -> None:
    trainer = Trainer(SMALL, [load_track("oval")])
    for _ in range(20):
        trainer.step()

    def broken(count: int = 1) -> float:
        raise FloatingPointError("learning blew up")

    trainer.agent.update = broken  # type: ignore[method-assign]
    trainer.step(background=True)
    with pytest.raises(FloatingPointError, match="blew up"):
        trainer.join()


def test_default_preset_learns_a_clean_lap_of_the_oval() -> None:
    trainer = Trainer(replace(preset("default"), seed=11), [load_track("oval")])
    champion = trainer.champion
    while not any(e.standing_lap_clean for e in champion.evaluations) and trainer.metrics.steps < 1500:
        trainer.step()
    assert trainer.metrics.first_clean_lap_step is not None
    assert trainer.champion.evaluations[0].standing_lap_clean


def test_too_little_memory_is_told_with_the_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    def allocate(*sizes: object) -> None:
        raise MemoryError

    monkeypatch.setattr("qrace.rl.trainer.make_agent", allocate)
    with pytest.raises(QRaceError, match="more memory than there is: try fewer cars"):
        Trainer(SMALL, [load_track("oval")])


def test_history_stays_bounded() -> None:
    trainer = Trainer(replace(SMALL, learner=replace(SMALL.learner, updates_per_step=0)), [load_track("oval")])
    trainer.metrics._history_every = 1
    for _ in range(5000):
        trainer.metrics.record(trainer.env)
    assert 500 < len(trainer.metrics.history) < 2_000
    steps = [point.steps for point in trainer.metrics.history]
    assert steps == sorted(steps)


@pytest.mark.parametrize("kind", ["default", "lesson", "q-table"])
def test_a_saved_brain_goes_on_where_it_was(kind: str, tmp_path: Path) -> None:
    before = trained(replace(preset(kind), cars=8), 200)
    save_checkpoint(before.checkpoint("saved"), tmp_path / "saved.safetensors")
    loaded = load_checkpoint(tmp_path / "saved.safetensors")
    after = Trainer.from_checkpoint(loaded, [load_track("oval")])
    assert after.config == before.config and loaded.track == "oval"
    assert after.agent.updates == before.agent.updates > 0
    assert after.agent.epsilon == before.agent.epsilon == after.metrics.epsilon
    assert after.metrics.counters() == before.metrics.counters()
    observation = before.env.observation
    assert np.array_equal(after.agent.q_values(observation), before.agent.q_values(observation))
    while after.metrics.updates == before.metrics.updates:
        after.step()
    assert after.metrics.steps > before.metrics.steps


def test_lap_times_of_another_track_stay_behind() -> None:
    trainer = trained(SMALL, 5)
    trainer.metrics.best_lap_s = trainer.metrics.last_lap_s = 13.5
    checkpoint = trainer.checkpoint("x")
    same, other = (Trainer.from_checkpoint(checkpoint, [load_track(name)]) for name in ("oval", "kidney"))
    assert (same.metrics.best_lap_s, same.metrics.last_lap_s) == (13.5, 13.5)
    assert (other.metrics.best_lap_s, other.metrics.last_lap_s) == (None, None)
    assert other.metrics.steps == same.metrics.steps == 5


@pytest.mark.parametrize("words", ["tracks/oval.json", ""])
def test_lap_times_stay_on_the_same_roads_whatever_words_led_to_them(words: str) -> None:
    trainer = trained(SMALL, 5)
    trainer.metrics.best_lap_s = 13.5
    checkpoint = replace(trainer.checkpoint("x"), track=words)
    assert Trainer.from_checkpoint(checkpoint, [load_track("oval")]).metrics.best_lap_s == 13.5
    assert Trainer.from_checkpoint(checkpoint, [load_track("kidney")]).metrics.best_lap_s is None


def test_a_champion_that_goes_on_is_no_beginners() -> None:
    """How often a challenger is examined grows with the examinations so far."""
    trainer = trained(SMALL, 5)
    trainer.champion.examined = 200
    checkpoint = trainer.checkpoint("x")
    assert Trainer.from_checkpoint(checkpoint, [load_track("oval")]).champion.examined == 200
    del checkpoint.counters["trainer"]  # a file of before
    assert Trainer.from_checkpoint(checkpoint, [load_track("oval")]).champion.examined == 0


def test_a_world_begins_in_another_way_each_time_a_brain_goes_on() -> None:
    first = trained(SMALL, 5)
    again, later = (Trainer.from_checkpoint(one.checkpoint("x"), [load_track("oval")]) for one in (first, first))
    born = Trainer(SMALL, [load_track("oval")])
    assert np.array_equal(again.env.observation, later.env.observation)
    assert not np.array_equal(again.env.observation, born.env.observation)


def test_the_tracks_are_kept_as_words_of_the_command_line() -> None:
    roads = [replace(load_track("oval"), name="Tom's road"), load_track("kidney")]
    assert shlex.split(Trainer(SMALL, roads).checkpoint("x").track) == ["Tom's road", "kidney"]


@pytest.mark.parametrize("damage", ["many", -1, 0.5, None])
def test_damaged_counters_are_refused(damage: object) -> None:
    checkpoint = trained(SMALL, 5).checkpoint("x")
    checkpoint.counters["metrics"]["steps"] = damage
    with pytest.raises(QRaceError, match="steps"):
        Trainer.from_checkpoint(checkpoint, [load_track("oval")])
    checkpoint = trained(SMALL, 5).checkpoint("x")
    checkpoint.counters["trainer"]["examined"] = damage
    with pytest.raises(QRaceError, match="examined"):
        Trainer.from_checkpoint(checkpoint, [load_track("oval")])


def test_the_best_lap_is_the_fastest_of_training_and_examinations() -> None:
    trainer = Trainer(replace(preset("default"), seed=5), [load_track("oval")])
    fastest = np.inf
    while trainer.metrics.laps < 40:
        trainer.step()
        examined = (*trainer.champion.latest, *trainer.champion.evaluations)
        fastest = min([fastest, *trainer.env.lap_times, *(e.best_lap_s or np.inf for e in examined)])
    assert trainer.metrics.best_lap_s == trainer.checkpoint("x").best_lap_s == fastest
