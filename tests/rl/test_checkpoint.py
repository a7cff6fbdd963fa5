"""Model files: the round trip, and a disk or a person that gets in between."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from qrace.env.observation import Observer
from qrace.rl.checkpoint import (
    CheckpointError,
    load_checkpoint,
    load_policy,
    observation_size,
    save_checkpoint,
)
from qrace.rl.network import QNetwork
from qrace.rl.persona import TRAINED_ON, Persona
from qrace.rl.presets import PRESETS, preset
from qrace.rl.weights import NetworkShape
from qrace.sim.simulator import Simulator
from qrace.sim.track_files import load_track
from tests.rl.models import TINY, a_checkpoint, an_agent, rewrite


@pytest.mark.parametrize("name", PRESETS)
def test_round_trip_drives_and_learns_on(name, tmp_path):
    config = preset(name)
    saved = a_checkpoint(config)
    save_checkpoint(saved, tmp_path / "a.safetensors")
    loaded = load_checkpoint(tmp_path / "a.safetensors")
    assert loaded.config == config
    assert (loaded.name, loaded.track, loaded.best_lap_s, loaded.seconds) == ("tiny", "oval", 9.25, 1.5)
    assert loaded.command == saved.command
    assert loaded.counters["agent"] == saved.counters["agent"]  # with the generators' 128-bit numbers
    assert all(np.array_equal(loaded.tensors[key], saved.tensors[key]) for key in saved.tensors)
    observation = np.random.default_rng(0).random((9, observation_size(config.env)), dtype=np.float32)
    original, other = an_agent(config), an_agent(replace(config, seed=9))
    np.testing.assert_array_equal(load_policy(loaded).q_values(observation), original.q_values(observation))
    other.set_state(loaded.tensors, loaded.counters["agent"])
    np.testing.assert_array_equal(other.explore(observation), original.explore(observation))


def test_the_champion_drives_not_the_learner(tmp_path):
    checkpoint = a_checkpoint()
    for part, bias in (("online", 1.0), ("target", 2.0), ("champion", 3.0)):
        checkpoint.tensors[f"{part}.head.weight"][:] = 0.0
        checkpoint.tensors[f"{part}.head.bias"][:] = bias
    save_checkpoint(checkpoint, tmp_path / "a.safetensors")
    q = load_policy(load_checkpoint(tmp_path / "a.safetensors")).q_values(np.zeros((1, 6), np.float32))
    assert (q == 3.0).all()


def test_the_file_opens_with_the_safetensors_library_into_a_torch_module(tmp_path):
    save_checkpoint(a_checkpoint(), tmp_path / "a.safetensors")
    shape = NetworkShape.of(TINY.learner, 6, 4)
    module = QNetwork(shape, np.zeros(shape.size(), dtype=np.float32))
    tensors = load_file(tmp_path / "a.safetensors")
    module.load_state_dict({name[7:]: value for name, value in tensors.items() if name.startswith("online.")})
    observation = np.random.default_rng(0).random((3, 6), dtype=np.float32)
    found = module(torch.from_numpy(observation)).detach().numpy()
    np.testing.assert_allclose(found, an_agent(TINY).q_values(observation), rtol=1e-5, atol=1e-6)


def test_saving_over_a_file_replaces_it_and_leaves_nothing_else(tmp_path):
    path = tmp_path / "new folder" / "a.safetensors"
    for seconds in (1.0, 2.0):
        save_checkpoint(replace(a_checkpoint(), seconds=seconds), path)
    assert load_checkpoint(path).seconds == 2.0
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("step", ["open", "fsync", "replace"])
def test_a_full_disk_leaves_the_old_file_untouched(step, tmp_path, monkeypatch):
    path = tmp_path / "a.safetensors"
    save_checkpoint(a_checkpoint(), path)
    before = path.read_bytes()

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os if step == "fsync" else Path, step, fail)
    with pytest.raises(CheckpointError, match=r"a.safetensors: could not be saved \(No space left on device\): free"):
        save_checkpoint(replace(a_checkpoint(), seconds=9.0), path)
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_an_interrupt_while_saving_leaves_the_old_file_untouched(tmp_path, monkeypatch):
    path = tmp_path / "a.safetensors"
    save_checkpoint(a_checkpoint(), path)
    before = path.read_bytes()

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        save_checkpoint(a_checkpoint(), path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_brain_that_blew_up_is_not_saved(tmp_path):
    checkpoint = a_checkpoint()
    checkpoint.tensors["online.head.bias"][0] = np.nan
    with pytest.raises(CheckpointError, match="not finite"):
        save_checkpoint(checkpoint, tmp_path / "a.safetensors")
    assert list(tmp_path.iterdir()) == []


def test_the_size_of_an_observation_is_what_an_observer_writes():
    for env in (preset(name).env for name in PRESETS):
        simulator = Simulator([load_track("oval")], 1, env.car, env.sensors)
        assert observation_size(env) == Observer(simulator, env.features).size


def test_what_is_no_text_is_saved_as_text(tmp_path):
    strange = replace(a_checkpoint(), name="\udcff", track="mine/\udcff.json", command="train --track \udcff.json é")
    save_checkpoint(strange, tmp_path / "a.safetensors")
    loaded = load_checkpoint(tmp_path / "a.safetensors")
    assert (loaded.name, loaded.tracks, loaded.command) == ("?", ["mine/?.json"], "train --track ?.json é")


def test_a_name_that_is_taken_is_left_alone(tmp_path):
    path = tmp_path / "a.safetensors"
    save_checkpoint(a_checkpoint(), path, exclusive=True)
    with pytest.raises(FileExistsError):
        save_checkpoint(replace(a_checkpoint(), seconds=9.0), path, exclusive=True)
    assert load_checkpoint(path).seconds == 1.5
    with pytest.raises(CheckpointError, match="could not be saved"):
        save_checkpoint(a_checkpoint(), path / "b.safetensors", exclusive=True)


def test_who_the_driver_is_comes_back_and_older_files_have_none(tmp_path):
    path, persona = tmp_path / "a.safetensors", Persona("Hairpin Hanna", "Late on the brakes.", 3, 27)
    save_checkpoint(replace(a_checkpoint(), persona=persona), path)
    assert load_checkpoint(path).persona == persona
    assert load_checkpoint(rewrite(tmp_path / "older.safetensors")).persona == Persona()


def test_a_driver_that_learns_on_is_another_one():
    persona = Persona("Hairpin Hanna", "Late on the brakes.", 3, 27)
    once = persona.trained_on("hanna")
    assert once == Persona(f"Hairpin Hanna{TRAINED_ON}", "", 3, 27)
    assert once.trained_on("hanna") == once
    assert Persona().trained_on("oval-1").name == f"oval-1{TRAINED_ON}"
    assert len(Persona("n" * 40).trained_on("x").name) == len(Persona().trained_on("a\n" * 90).name) == 40
