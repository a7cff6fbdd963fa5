"""Files that are no models, or damaged, or made to do harm: refused in a sentence, never unpickled."""

import pickle
import struct
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file

from qrace.errors import QRaceError
from qrace.rl.checkpoint import (
    CheckpointError,
    load_checkpoint,
    load_policy,
    save_checkpoint,
)
from tests.rl.models import a_checkpoint, an_agent, rewrite


def huge_table(description):
    """The q-table of so many features has more rows than Python prints."""
    description["config"]["learner"].update(kind="q-table", ray_bins=1000)
    description["config"]["env"]["features"] = ["edges"] * 16
    description["config"]["env"]["sensors"]["ahead_s"] = [1.0] * 64


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
        (lambda d: d.update(counters={"metrics": {"steps": "x"}}), "counters.metrics.steps is no count"),
        (lambda d: d.update(counters={"metrics": {"steps": None}}), "counters.metrics.steps is no count"),
        (lambda d: d.update(counters={"metrics": {"steps": 10**400}}), "counters.metrics.steps is no count"),
        (lambda d: d["config"].update(cars=10**400), "cars 1e\\+308 is out of range"),
        (lambda d: d.update(best_lap_s=1e307), "best_lap_s 1e\\+307 is out of range"),
        (lambda d: d.update(best_lap_s=-1.0), "best_lap_s -1 is out of range"),
        (lambda d: d.update(seconds=1e300), "seconds 1e\\+300 is out of range"),
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
