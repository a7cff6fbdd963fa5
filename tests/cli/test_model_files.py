"""Where models go: nothing that exists is lost, and what cannot be is found before the training."""

import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from qrace.cli import main
from qrace.cli.arguments import CommandError
from qrace.cli.model_files import check_out, free_path, save_model
from qrace.race.records import RECORDS_NAME, Records
from qrace.rl.checkpoint import Checkpoint, CheckpointError, load_checkpoint
from qrace.rl.presets import preset
from qrace.rl.trainer import Trainer
from qrace.sim.track_files import TRACKS_FOLDER, load_track

Captured = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def checkpoint() -> Checkpoint:
    return Trainer(replace(preset("q-table"), cars=2), [load_track("oval")]).checkpoint("m")


def test_trainings_that_end_together_each_get_a_file_of_their_own(checkpoint: Checkpoint, tmp_path: Path) -> None:
    brains = [replace(checkpoint, seconds=float(number)) for number in range(6)]
    with ThreadPoolExecutor(6) as threads:
        paths = list(threads.map(lambda brain: save_model(brain, tmp_path / "m.safetensors", force=False), brains))
    assert len(set(paths)) == 6
    assert [load_checkpoint(path).seconds for path in paths] == [brain.seconds for brain in brains]
    assert len(list(tmp_path.iterdir())) == 6


def test_a_model_that_cannot_be_saved_after_all_is_rescued(
    checkpoint: Checkpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "gone").touch()  # where a folder was when the training began
    with pytest.raises(CheckpointError, match=r"rescued\.safetensors"):
        save_model(checkpoint, tmp_path / "gone" / "m", force=False)
    [rescued] = tmp_path.glob("qrace-*/rescued.safetensors")
    assert load_checkpoint(rescued).name == "m"


def test_a_model_that_appears_meanwhile_is_not_overwritten(checkpoint: Checkpoint, tmp_path: Path) -> None:
    (tmp_path / "m").write_bytes(b"of another training")
    assert save_model(checkpoint, tmp_path / "m", force=False) == tmp_path / "m-2"
    assert (tmp_path / "m").read_bytes() == b"of another training"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets few people make links")
def test_a_link_to_nothing_stays(checkpoint: Checkpoint, tmp_path: Path) -> None:
    link = tmp_path / "m.safetensors"
    link.symlink_to(tmp_path / "on a disk that is not there")
    assert free_path(link) == tmp_path / "m-2.safetensors"
    with pytest.raises(CommandError, match="exists already"):
        check_out(link, force=False)
    assert save_model(checkpoint, link, force=False) == tmp_path / "m-2.safetensors"
    assert link.is_symlink()


def test_a_folder_with_the_ending_is_found_before_the_training(tmp_path: Path) -> None:
    (tmp_path / "race.safetensors").mkdir()
    for force in (False, True):
        with pytest.raises(CommandError, match=r"race\.safetensors is a folder: name a file in it"):
            check_out(tmp_path / "race", force)


@pytest.mark.parametrize("out", ["", ".", "/"])
def test_a_folder_however_it_is_named_is_refused(out: str) -> None:
    with pytest.raises(CommandError, match="is a folder: name a file in it"):
        check_out(Path(out), force=False)


def test_what_passes_the_check_can_be_saved(checkpoint: Checkpoint, tmp_path: Path) -> None:
    out = check_out(tmp_path / ("n" * 240), force=False)
    assert save_model(checkpoint, out, force=False) == out and out.is_file()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have text for names alone")
def test_names_that_are_no_text_give_a_model_that_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setenv("QRACE_HOME", str(tmp_path / "home"))
    road, out = tmp_path / "\udcfe.json", tmp_path / "\udcff.safetensors"
    shutil.copy(TRACKS_FOLDER / "oval.json", road)
    words = ["train", "--preset", "q-table", "--cars", "2", "--steps", "3"]
    assert main([*words, "--track", str(road), "--out", str(out)]) == 0
    checkpoint = load_checkpoint(out)
    for text in (checkpoint.name, checkpoint.track, checkpoint.command):
        assert text.encode()
    assert "play goes on without records" in capsys.readouterr().err
    assert main([*words, "--out", str(tmp_path / "m.safetensors")]) == 0
    records = Records(tmp_path / "home" / "data" / RECORDS_NAME)
    assert len(records.training_runs()) == 1
    records.close()
