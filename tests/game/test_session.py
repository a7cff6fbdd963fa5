"""Saved brains: nothing that has learned something is lost."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from qrace.env.config import EnvConfig
from qrace.game.brain_files import AUTOSAVE, autosaves, saved_models
from qrace.game.session import AUTOSAVES_KEPT, Session
from qrace.rl.checkpoint import CheckpointError, load_checkpoint
from qrace.rl.persona import Persona
from qrace.rl.trainer import Trainer
from qrace.sim.sensors import SensorConfig
from qrace.sim.track_files import builtin_tracks, load_track
from tests.game.helpers import small_config

LEARNT_STEPS = 20


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    track = load_track("oval")
    session = Session(track, Trainer(small_config(), [track]), tmp_path)
    yield session
    session.close()


def learn(session: Session) -> None:
    before = session.trainer.agent.updates
    for _ in range(LEARNT_STEPS):
        session.trainer.step()
    assert session.trainer.agent.updates > before


def online(path: Path) -> np.ndarray:
    tensors = load_checkpoint(path).tensors
    return np.concatenate([tensor.ravel() for name, tensor in sorted(tensors.items()) if name.startswith("online.")])


def test_each_save_gets_a_name_of_its_own(session: Session) -> None:
    learn(session)
    first = session.save()
    learn(session)
    second = session.save()
    assert [first.name, second.name] == ["oval-1.safetensors", "oval-2.safetensors"]
    assert not np.array_equal(online(first), online(second))


def test_what_has_learned_nothing_since_is_not_copied(session: Session) -> None:
    learn(session)
    first = session.save()
    assert session.save() == first
    assert session.load(first) is None
    assert session.save() == first
    assert session.new_brain() is None
    assert saved_models(session.folder) == [first]
    session.load(first)
    learn(session)
    assert session.save() != first


def test_a_new_brain_starts_over_and_the_old_one_is_kept(session: Session) -> None:
    learn(session)
    old = session.trainer.checkpoint("old").tensors
    kept = session.new_brain()
    assert kept is not None
    assert all(np.array_equal(old[name], tensor) for name, tensor in load_checkpoint(kept).tensors.items())
    assert session.trainer.agent.updates == 0 and session.trainer.agent.epsilon == 1.0
    new = session.trainer.checkpoint("new").tensors
    assert any(not np.array_equal(old[name], new[name]) for name in old)
    assert session.new_brain() is None  # one that has learned nothing leaves no file behind


def test_a_loaded_brain_brings_its_own_car_and_senses(session: Session) -> None:
    learn(session)
    env = EnvConfig(car="grand-prix", sensors=SensorConfig(angles_deg=(30.0, 0.0, -30.0), range_m=120.0))
    other = Session(session.track, Trainer(replace(small_config(), env=env), [session.track]), session.folder)
    learn(other)
    saved = other.save()
    other.close()
    kept = session.load(saved)
    assert kept is not None and kept.exists()
    assert session.config.env == env
    assert session.trainer.env.simulator.rays.shape == (4, 3)
    assert session.trainer.agent.updates == load_checkpoint(saved).counters["metrics"]["updates"]


def test_a_file_that_cannot_be_loaded_changes_nothing(session: Session, tmp_path: Path) -> None:
    learn(session)
    trainer = session.trainer
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"no model")
    with pytest.raises(CheckpointError, match=r"broken\.safetensors"):
        session.load(broken)
    assert session.trainer is trainer


def test_saving_unasked_happens_only_after_learning_and_always_to_the_same_file(session: Session) -> None:
    assert session.save_unasked() is None
    learn(session)
    first = session.save_unasked()
    assert first is not None and first.exists()
    assert session.save_unasked() is None
    learn(session)
    session.begin_autosave()
    session.finish_autosave(wait=True)
    assert autosaves(session.folder) == [first]
    assert not session.unsaved
    current = session.trainer.checkpoint("now").tensors
    assert np.array_equal(
        online(first), np.concatenate([current[n].ravel() for n in sorted(current) if "online." in n])
    )


def test_only_the_newest_autosaves_stay(session: Session) -> None:
    learn(session)
    paths = []
    for sitting in range(AUTOSAVES_KEPT + 3):
        session._autosaved = None  # as a new sitting would have it
        session._saved_updates = 0
        path = session.save_unasked()
        assert path is not None
        paths.append(path)
        os.utime(path, (1000.0 + sitting, 1000.0 + sitting))
    mine = session.save()
    assert autosaves(session.folder) == paths[: -AUTOSAVES_KEPT - 1 : -1]
    assert saved_models(session.folder)[0] == mine


def test_the_autosave_of_now_stays_whatever_the_clock_said_before(session: Session) -> None:
    for number in range(AUTOSAVES_KEPT):
        path = session.folder / f"autosave-later-{number}.safetensors"
        path.touch()
        os.utime(path, (1e10 + number, 1e10 + number))
    learn(session)
    path = session.save_unasked()
    assert path is not None and load_checkpoint(path).name == "autosave-oval-1"
    assert len(autosaves(session.folder)) == AUTOSAVES_KEPT


def test_what_was_saved_only_without_being_asked_gets_a_name_before_another_brain_comes(session: Session) -> None:
    """For autosaves go after ten more of them."""
    learn(session)
    learnt = session.trainer.agent.updates
    assert session.save_unasked() is not None and not session.unsaved
    kept = session.new_brain()
    assert kept is not None and not kept.name.startswith(AUTOSAVE)
    assert load_checkpoint(kept).counters["metrics"]["updates"] == learnt
    learn(session)
    session.save_unasked()
    other = session.load(kept)
    assert other is not None and not other.name.startswith(AUTOSAVE) and other != kept
    session.save_unasked()
    assert session.new_brain() is None  # it has learned nothing since it was loaded by that name


def test_saving_a_brain_that_was_loaded_from_an_autosave_keeps_it_for_good(session: Session) -> None:
    learn(session)
    autosaved = session.save_unasked()
    assert autosaved is not None
    session.load(autosaved)
    kept = session.save()
    assert kept != autosaved and not kept.name.startswith(AUTOSAVE) and session.save() == kept


def test_a_file_is_the_same_by_whatever_path_it_was_loaded(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    learn(session)
    path = session.save()
    monkeypatch.chdir(tmp_path)
    session.load(Path(path.name))
    hanna = path.rename(path.with_name("hanna.safetensors"))
    session.file_moved(path, hanna, Persona("Hanna"))
    assert session.brain_name == "Hanna" and session.save() == hanna


def test_an_autosave_that_is_gone_is_made_anew(session: Session) -> None:
    learn(session)
    path = session.save_unasked()
    assert path is not None and not session.unsaved
    path.unlink()
    assert session.unsaved and session.save_unasked() == path and path.exists()
    path.unlink()
    session.begin_autosave()
    session.finish_autosave(wait=True)
    assert path.exists() and not session.unsaved
    session.save()
    path.unlink()
    assert not session.unsaved  # it has a file by name


def test_an_autosaves_name_that_another_window_has_taken_is_left_to_it(session: Session) -> None:
    learn(session)
    path = session.save_unasked()
    assert path is not None
    path.rename(path.with_name("mine.safetensors"))
    path.write_bytes(b"of another window")
    learn(session)
    moved = session.save_unasked()
    assert moved is not None and moved != path and load_checkpoint(moved)
    assert path.read_bytes() == b"of another window"
    learn(session)
    assert session.save_unasked() == moved


def test_an_autosave_that_gets_a_name_is_the_brains_file_from_then_on(session: Session) -> None:
    learn(session)
    path = session.save_unasked()
    assert path is not None
    hanna = path.rename(path.with_name("hanna.safetensors"))
    session.file_moved(path, hanna, Persona("Hanna"))
    assert session.brain_name == "Hanna" and not session.unsaved and session.save() == hanna
    learn(session)
    assert session.save_unasked() == path and hanna.exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has other limits")
def test_a_long_name_of_a_track_keeps_no_brain_from_being_saved(session: Session) -> None:
    session.track = replace(session.track, name="長" * 80)
    learn(session)
    assert load_checkpoint(session.save()).track and session.new_brain() is None
    learn(session)
    path = session.save_unasked()
    assert path is not None and load_checkpoint(path)


def test_the_champion_of_a_learner_that_blew_up_is_kept_and_goes_on(session: Session) -> None:
    learn(session)
    trainer = session.trainer
    champion = trainer.agent.frozen()
    trainer.champion.policy = champion
    trainer.agent.brain.online[:] = np.nan
    kept = session.new_brain()
    assert kept is not None
    checkpoint = load_checkpoint(kept)
    expected = champion.tensors()
    for name, tensor in checkpoint.tensors.items():
        part, _, parameter = name.partition(".")
        if part in ("champion", "online", "target", "average"):
            assert np.array_equal(tensor, expected[f"champion.{parameter}"])
        else:
            assert not tensor.any()
    session.load(kept)
    learn(session)
    assert not session.trainer.blown_up


@pytest.mark.parametrize("save", [Session.save, Session.save_unasked])
def test_windows_that_save_at_once_take_no_name_from_each_other(
    tmp_path: Path, save: Callable[[Session], Path]
) -> None:
    track = load_track("oval")
    windows = [Session(track, Trainer(small_config(seed=seed), [track]), tmp_path) for seed in range(6)]
    for window in windows:
        learn(window)
    with ThreadPoolExecutor(len(windows)) as threads:
        paths = list(threads.map(save, windows))
    assert len(set(paths)) == len(windows)
    for window, path in zip(windows, paths, strict=True):
        assert load_checkpoint(path).config.seed == window.config.seed
        assert load_checkpoint(path).name == path.stem
        window.close()


def test_a_folder_that_takes_no_file_costs_no_brain(session: Session, tmp_path: Path) -> None:
    learn(session)
    session.folder = tmp_path / "file" / "models"
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CheckpointError, match="The brain is safe in ") as error:
        session.save_unasked()
    spare = Path(str(error.value).split("safe in ")[1].rstrip("."))
    assert load_checkpoint(spare).config == session.config
    spare.unlink()


def test_an_autosave_that_failed_behind_the_scene_costs_no_brain_either(session: Session, tmp_path: Path) -> None:
    learn(session)
    folder, session.folder = session.folder, tmp_path / "file" / "models"
    (tmp_path / "file").write_text("in the way")
    session.begin_autosave()
    session.folder = folder
    with pytest.raises(CheckpointError, match="The brain is safe in ") as error:
        session.save_unasked()
    spare = Path(str(error.value).split("safe in ")[1].rstrip("."))
    assert load_checkpoint(spare).config == session.config
    spare.unlink()


def test_tracks_go_round_and_on_into_random_ones(session: Session) -> None:
    learn(session)
    weights, updates = session.trainer.checkpoint("a").tensors, session.trainer.agent.updates
    seen = [session.track.name]
    for _ in range(len(builtin_tracks()) + 1):
        session.change_track(1)
        seen.append(session.track.name)
    assert seen == [*builtin_tracks(), "random:1", "random:2"]
    session.change_track(-1)
    session.change_track(-1)
    assert session.track.name == builtin_tracks()[-1]
    assert session.trainer.env.simulator.tracks == (session.track,)
    assert session.trainer.agent.updates == updates
    after = session.trainer.checkpoint("b").tensors
    assert all(np.array_equal(weights[name], after[name]) for name in weights if name.startswith("online."))
    assert session.trainer.metrics.best_lap_s is None


def test_from_the_first_track_back_is_the_last(session: Session) -> None:
    session.change_track(-1)
    assert session.track.name == builtin_tracks()[-1]


def test_going_to_a_drawn_road_takes_the_brain_along_and_puts_the_road_in_the_row(session: Session) -> None:
    oval, agent = session.track, session.trainer.agent
    session.trainer.metrics.best_lap_s = 12.0
    drawn = replace(load_track("kidney"), name="my-loop", title="My loop")
    session.go_to(drawn)
    assert session.track is drawn
    assert session.trainer.agent.updates == agent.updates
    assert session.trainer.metrics.best_lap_s is None
    session.change_track(1)
    assert session.track.name == oval.name
    session.change_track(-1)
    assert session.track is drawn
    changed = replace(load_track("triangle"), name="my-loop")
    session.go_to(changed)
    session.change_track(1)
    session.change_track(-1)
    assert session.track is changed


@pytest.mark.parametrize("asked", [Session.begin_autosave, Session.save_unasked])
def test_old_autosaves_that_cannot_be_deleted_keep_no_brain_from_being_saved(
    session: Session, asked: Callable[[Session], object]
) -> None:
    for number in range(AUTOSAVES_KEPT + 2):
        (session.folder / f"autosave-old-{number}.safetensors").mkdir()  # unlink refuses folders
    learn(session)
    asked(session)
    session.finish_autosave(wait=True)
    assert not session.unsaved and load_checkpoint(session.folder / "autosave-oval-1.safetensors")


def test_a_link_that_leads_nowhere_is_no_model_and_in_nobodys_way(session: Session) -> None:
    (session.folder / "x.safetensors").symlink_to(session.folder / "gone.safetensors")
    assert saved_models(session.folder) == []
    learn(session)
    session.begin_autosave()
    session.finish_autosave(wait=True)
    assert not session.unsaved
