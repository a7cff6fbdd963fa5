"""Model files: the round trip, and every way in which a file can be wrong."""

import json
import os
import pickle
import struct
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file
from safetensors.torch import load_file

from qrace.env.actions import ACTION_TABLES
from qrace.env.observation import Observer
from qrace.errors import QRaceError
from qrace.rl.agent import make_agent
from qrace.rl.checkpoint import (
    Checkpoint,
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

TINY = replace(preset("default"), learner=replace(preset("default").learner, hidden=(4,)))


def an_agent(config):
    actions = len(ACTION_TABLES[config.env.car].names)
    return make_agent(config.learner, observation_size(config.env), actions, cars=4, seed=3)


def a_checkpoint(config=TINY):
    agent = an_agent(config)
    tensors, scalars = agent.get_state()
    tensors |= agent.frozen().tensors()
    counters = {"steps": 12, "mean_return": float("nan"), "agent": scalars}
    return Checkpoint(
        name="tiny",
        config=config,
        tensors=tensors,
        counters=counters,
        track="oval",
        best_lap_s=9.25,
        command="main.py train --track oval",
        seconds=1.5,
    )


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


def huge_table(description):
    """The q-table of so many features has more rows than Python prints."""
    description["config"]["learner"].update(kind="q-table", ray_bins=1000)
    description["config"]["env"]["features"] = ["edges"] * 16
    description["config"]["env"]["sensors"]["ahead_s"] = [1.0] * 64


def rewrite(path, change_description=None, change_tensors=None):
    """The tiny model with its description (as JSON data) or its tensors changed."""
    checkpoint = a_checkpoint()
    description = {
        "format_version": 1,
        "name": "tiny",
        "config": json.loads(json.dumps(asdict(checkpoint.config))),
        "counters": {},
        "track": "oval",
        "best_lap_s": None,
        "command": "",
        "seconds": 0.0,
    }
    tensors = dict(checkpoint.tensors)
    if change_description:
        change_description(description)
    if change_tensors:
        change_tensors(tensors)
    save_file(tensors, path, {"qrace": json.dumps(description)})
    return path


def test_the_rewritten_file_is_good_when_nothing_is_changed(tmp_path):
    assert load_checkpoint(rewrite(tmp_path / "a.safetensors")).name == "tiny"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda d: d.update(format_version=2), "format version 2.*update QRace"),
        (lambda d: d.pop("format_version"), "format_version.*: use another copy of the model or train anew"),
        (lambda d: d.update(wings=2), "key 'wings' is not known"),
        (lambda d: d["config"].update(wings=2), "key 'config.wings' is not known"),
        (lambda d: d["config"]["learner"].update(wings=2), "key 'config.learner.wings' is not known"),
        (lambda d: d["config"]["learner"].update(discount=7), "discount 7 is out of range"),
        (lambda d: d["config"]["learner"].update(hidden=[8]), "tensor '.*' has shape"),
        (lambda d: d["config"]["learner"].update(kind="q-table"), "tensor '.*' has shape"),
        (lambda d: d["config"]["learner"].update(standardise=True), "tensor '.*' has shape None"),
        (lambda d: d["config"]["env"].update(car="grand-prix"), "tensor '.*' has shape"),
        (lambda d: d["config"]["env"].update(features=["rays"]), "tensor '.*' has shape"),
        (lambda d: d["config"]["env"]["sensors"].update(angles_deg=[0.0]), "tensor '.*' has shape"),
        (lambda d: d.update(seconds="long"), "key 'seconds' is wrong"),
        (lambda d: d.pop("track"), "key 'track' is wrong"),
        (lambda d: d.update(persona={"livery": 8}), "livery 8 is out of range"),
        (lambda d: d.update(persona={"livery": "red"}), "key 'persona.livery' is wrong"),
        (lambda d: d.update(persona={"number": -1}), "number -1 is out of range"),
        (lambda d: d.update(persona={"name": "n" * 41}), "name '.*' does not fit"),
        (lambda d: d.update(persona={"about": "a\nb"}), "about '.*' does not fit"),
        (lambda d: d.update(config=None), "key 'config' is wrong"),
        (lambda d: d.update(track="'"), 'track "\'" is no list of names'),
        (lambda d: d.update(counters={"metrics": [1]}), "counters.metrics"),
        (lambda d: d.update(counters={"agent": 3}), "counters.agent"),
        (lambda d: d.update(counters={"trainer": "x"}), "counters.trainer"),
        (lambda d: d["config"]["env"].update(features=["rays", "bogus"]), "feature 'bogus' is unknown: choose"),
        (lambda d: d.update(format_version="9" * 100_000), "format version '9{3,30}\\.\\.\\.9+', this"),
        (lambda d: d.update({"wings" * 20_000: 2}), "key 'wingswings"),
        (huge_table, "its config asks for more than 64 MB"),
        (lambda d: d.pop("config"), "key 'config' is wrong .*required.*: use another copy of the model or train anew"),
    ],
)
def test_wrong_descriptions_are_refused(change, named, tmp_path):
    with pytest.raises(CheckpointError, match=f"a.safetensors: .*{named}") as refusal:
        load_checkpoint(rewrite(tmp_path / "a.safetensors", change))
    assert "correct it" not in str(refusal.value)
    assert len(str(refusal.value)) < 600


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda t: t.pop("target.head.bias"), "'target.head.bias' has shape None"),
        (lambda t: t.update(extra=np.zeros(3, np.float32)), "'extra' has shape"),
        (lambda t: t.update({"\x1b[31m" * 9_000: np.zeros(3, np.float32)}), r"'(\\x1b\[31m){40}' has shape"),
        (lambda t: t.update({"online.head.bias": np.zeros(5, np.float32)}), "'online.head.bias' has shape"),
        (lambda t: t.update({"online.head.bias": np.zeros(4, np.float64)}), "not float32"),
        (lambda t: t.update({"online.head.bias": np.full(4, np.inf, np.float32)}), "not finite"),
    ],
)
def test_wrong_tensors_are_refused(change, named, tmp_path):
    with pytest.raises(CheckpointError, match=f"a.safetensors: .*{named}"):
        load_checkpoint(rewrite(tmp_path / "a.safetensors", None, change))


class Bomb:
    """Unpickling this creates a file."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (Path.touch, (self.path,))


def test_other_files_are_refused_and_never_unpickled(tmp_path):
    path = tmp_path / "a.safetensors"
    trigger = tmp_path / "exploded"
    good = rewrite(path).read_bytes()
    (tmp_path / "folder.safetensors").mkdir()
    torch.save({"a": torch.zeros(2)}, tmp_path / "torch.pt")
    contents = {
        "empty": b"",
        "text": b"not a model",
        "pickle": pickle.dumps(Bomb(trigger)),
        "truncated": good[: len(good) // 2],
        "headless": good[:20],
        "torch": (tmp_path / "torch.pt").read_bytes(),
        "endless header": struct.pack("<Q", 2**62) + good[8:],
        "deep": struct.pack("<Q", 100_000) + b"[" * 100_000,
    }
    for kind, content in contents.items():
        path.write_bytes(content)
        with pytest.raises(CheckpointError, match=r"a.safetensors: is damaged or no QRace model"):
            load_checkpoint(path)
            pytest.fail(kind)
    assert not trigger.exists()
    with pytest.raises(CheckpointError, match=r"no such model file: check the path"):
        load_checkpoint(tmp_path / "none.safetensors")
    with pytest.raises(CheckpointError, match=r"folder.safetensors is a folder: give a model file in it"):
        load_checkpoint(tmp_path / "folder.safetensors")


def test_foreign_safetensors_and_deep_descriptions_are_refused(tmp_path):
    path = tmp_path / "a.safetensors"
    for metadata in (None, {"format": "pt"}, {"qrace": "[" * 100_000}, {"qrace": "7"}, {"qrace": "{}"}):
        save_file({"a": np.zeros(2, np.float32)}, path, metadata)
        with pytest.raises(CheckpointError, match=r"a.safetensors: "):
            load_checkpoint(path)


def test_oversized_file_is_refused_unread(tmp_path):
    path = tmp_path / "a.safetensors"
    with path.open("wb") as file:
        file.truncate(65 * 2**20)  # sparse
    with pytest.raises(CheckpointError, match="too large"):
        load_checkpoint(path)


def test_random_damage_never_escapes(tmp_path):
    """Bytes flipped at random, mostly in the header: a CheckpointError or a model that is whole."""
    path = tmp_path / "a.safetensors"
    save_checkpoint(a_checkpoint(), path)
    good = np.frombuffer(path.read_bytes(), dtype=np.uint8)
    header = 8 + int(good[:8].view(np.uint64)[0])
    rng = np.random.default_rng(0)
    refused = 0
    for trial in range(600):
        bad = good.copy()
        end = header if trial % 3 else len(bad)
        bad[rng.integers(end, size=rng.integers(1, 4))] = rng.integers(256, size=1, dtype=np.uint8)
        path.write_bytes(bad.tobytes())
        try:
            loaded = load_checkpoint(path)
        except CheckpointError as error:
            assert str(path) in str(error)
            refused += 1
            continue
        q = load_policy(loaded).q_values(np.zeros((1, 6), dtype=np.float32))
        assert q.shape == (1, 4)
        try:
            an_agent(loaded.config).set_state(loaded.tensors, loaded.counters["agent"])
        except QRaceError:
            refused += 1
        except KeyError as error:
            assert error.args == ("agent",)  # the name itself was hit
    assert refused > 200


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
