"""Saved drivers on disk: listed with their faults, renamed, put in the bin and back, and never written over."""

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from qrace.game.driver_files import BIN, SHIPPED, DriverError, DriverFiles, SavedDriver
from qrace.rl.checkpoint import Checkpoint, CheckpointError, load_checkpoint, save_checkpoint
from qrace.rl.persona import Persona
from qrace.rl.trainer import Trainer
from qrace.sim.track_files import load_track
from tests.game.helpers import small_config


@pytest.fixture(scope="module")
def brain() -> Checkpoint:
    trainer = Trainer(small_config(), [load_track("oval")])
    return trainer.checkpoint("brain", "python main.py train")


@pytest.fixture
def files(tmp_path: Path, brain: Checkpoint) -> DriverFiles:
    """Two of one's own, one saved unasked, one that comes with the game, one damaged."""
    names = {"oval-1": "", "hanna": "Hairpin Hanna", "autosave-oval-1": "Brain 1", "general": "The General"}
    for age, (stem, name) in enumerate(names.items()):
        path = tmp_path / f"{stem}.safetensors"
        save_checkpoint(replace(brain, persona=Persona(name, livery=age, number=10 + age)), path)
        os.utime(path, (1000.0 - age, 1000.0 - age))
    (tmp_path / "broken.safetensors").write_bytes(b"\x10")
    os.utime(tmp_path / "broken.safetensors", (900.0, 900.0))
    (tmp_path / "README.md").write_text("no model")
    (tmp_path / SHIPPED).write_text(json.dumps(["general.safetensors"]))
    return DriverFiles(tmp_path)


def called(files: DriverFiles, name: str) -> SavedDriver:
    return next(driver for driver in files.drivers() if driver.name == name)


def stems(files: DriverFiles) -> set[str]:
    return {path.stem for path in files.folder.glob("*.safetensors")}


def test_the_list_tells_who_is_who_and_what_is_wrong_with_the_damaged(files: DriverFiles) -> None:
    drivers = files.drivers()
    assert [driver.name for driver in drivers] == ["The General", "oval-1", "Hairpin Hanna", "broken", "Brain 1"]
    assert [driver.shipped for driver in drivers] == [True, False, False, False, False]
    assert [driver.unasked for driver in drivers] == [False, False, False, False, True]
    assert (drivers[2].livery, drivers[2].number) == (1, 11)
    broken = drivers[3]
    assert broken.description is None and "broken.safetensors" in broken.fault
    assert 0 <= broken.livery < 8 and 1 <= broken.number <= 99


def test_a_file_that_has_not_changed_is_read_once(files: DriverFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    first = files.drivers()
    monkeypatch.setattr("qrace.game.driver_files.load_description", None)
    assert files.drivers() == first


def test_renaming_moves_the_file_and_keeps_the_brain(files: DriverFiles, brain: Checkpoint) -> None:
    hanna = called(files, "Hairpin Hanna")
    path = files.rename(hanna, "  Bold  Béa! ")
    assert path.name == "bold-bea.safetensors" and not hanna.path.exists()
    renamed = load_checkpoint(path)
    assert renamed.persona == Persona("Bold Béa!", livery=1, number=11)
    assert all(np.array_equal(renamed.tensors[name], tensor) for name, tensor in brain.tensors.items())
    assert renamed.command == brain.command
    assert files.rename(called(files, "Bold Béa!"), "BOLD BÉA") == path  # the same file, another way to write it
    assert called(files, "BOLD BÉA").path == path
    assert files.rename(called(files, "Brain 1"), "Autosave").stem == "driver-autosave"


@pytest.mark.parametrize(
    "name", ["", "   ", "a\x00b", "x" * 41, "oval-1", "OVAL-1", "The General", "broken", "General", "you", "This brain"]
)
def test_names_that_cannot_be_or_are_taken_change_nothing(files: DriverFiles, name: str) -> None:
    before = {path: path.read_bytes() for path in files.folder.iterdir()}
    with pytest.raises(DriverError):
        files.rename(called(files, "Hairpin Hanna"), name)
    assert {path: path.read_bytes() for path in files.folder.iterdir()} == before


def test_a_disk_that_refuses_leaves_the_old_file(files: DriverFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise CheckpointError("disk full")

    before = stems(files)
    monkeypatch.setattr("qrace.game.driver_files.save_checkpoint", fail)
    with pytest.raises(CheckpointError, match="disk full"):
        files.rename(called(files, "Hairpin Hanna"), "Béa")
    assert stems(files) == before


def test_the_bin_keeps_what_was_deleted_and_gives_it_back(files: DriverFiles) -> None:
    bytes_before = called(files, "Hairpin Hanna").path.read_bytes()
    binned = files.put_in_bin(called(files, "Hairpin Hanna"))
    files.put_in_bin(called(files, "broken"))
    assert binned == files.folder / BIN / "hanna.safetensors"
    assert stems(files) == {"oval-1", "autosave-oval-1", "general"}
    assert {driver.name for driver in files.binned()} == {"Hairpin Hanna", "broken"}
    (files.folder / "hanna.safetensors").write_bytes(b"another one has taken the name")
    back = files.put_back(binned)
    assert back.stem == "hanna-2" and back.read_bytes() == bytes_before
    assert (files.folder / "hanna.safetensors").read_bytes() == b"another one has taken the name"
    with pytest.raises(DriverError, match="cannot be moved"):
        files.put_back(binned)
    assert not binned.exists() and not (files.folder / "hanna-3.safetensors").exists()


def test_drivers_of_the_game_stay_as_they_are(files: DriverFiles) -> None:
    general = called(files, "The General")
    with pytest.raises(DriverError, match="comes with the game"):
        files.rename(general, "Mine")
    with pytest.raises(DriverError, match="comes with the game"):
        files.put_in_bin(general)
    assert general.path.exists()


def test_a_damaged_driver_cannot_be_renamed_but_deleted(files: DriverFiles) -> None:
    with pytest.raises(CheckpointError, match=r"broken\.safetensors"):
        files.rename(called(files, "broken"), "Mended")
    assert files.put_in_bin(called(files, "broken")).exists()


@pytest.mark.parametrize("content", ["{", "3", "[1, null]", '["general.safetensors"'])
def test_a_damaged_list_of_the_games_drivers_breaks_nothing(files: DriverFiles, content: str) -> None:
    (files.folder / SHIPPED).write_text(content)
    assert not any(driver.shipped for driver in files.drivers())


def test_a_folder_that_does_not_exist_is_empty(tmp_path: Path) -> None:
    files = DriverFiles(tmp_path / "none")
    assert files.drivers() == files.binned() == []


def test_a_file_name_that_no_font_can_show_is_shown_all_the_same(files: DriverFiles) -> None:
    odd = files.folder / os.fsdecode(b"odd-\xff\n.safetensors")
    try:
        odd.write_bytes(b"")
    except OSError:
        pytest.skip("not a name on this disk")
    [driver] = [driver for driver in files.drivers() if driver.path == odd]
    assert driver.name.isprintable() and driver.fault.isprintable() and driver.livery in range(8)
