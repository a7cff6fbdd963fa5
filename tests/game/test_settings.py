"""The settings file: whole, broken, missing, and a folder that takes none."""

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from qrace.folders import HOME_VARIABLE
from qrace.game.settings import Settings, SettingsError, SettingsFile, read_settings, write_settings

CHOSEN = Settings(
    sound_on=False,
    sound_volume=0.25,
    colours="tol",
    text_size=1.25,
    frame_cap=0,
    collisions=True,
    keys={"PAUSE": ("p",), "PANEL": ()},
)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "config" / "settings.json"
    file = SettingsFile(path)
    assert file.first and file.settings == Settings() and not file.notice
    file.save(**vars(CHOSEN))
    file.close()
    assert read_settings(path) == CHOSEN
    assert not SettingsFile(path).first
    assert [other.name for other in path.parent.iterdir()] == ["settings.json"]


def test_the_first_start_is_the_first_only_once(tmp_path: Path) -> None:
    SettingsFile(tmp_path / "settings.json").close()
    assert not SettingsFile(tmp_path / "settings.json").first


def test_a_first_start_that_ends_takes_nothing_from_another_window(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    file = SettingsFile(path)
    assert file.first
    write_settings(CHOSEN, path)
    file.close()
    assert read_settings(path) == CHOSEN
    assert [other.name for other in tmp_path.iterdir()] == ["settings.json"]


@pytest.mark.parametrize("first", [False, True])
def test_windows_change_what_they_were_told_to_and_nothing_else(tmp_path: Path, first: bool) -> None:
    path = tmp_path / "settings.json"
    if not first:
        write_settings(Settings(), path)
    one, other = SettingsFile(path), SettingsFile(path)
    one.save(keys=CHOSEN.keys)
    one.finish()
    other.save(sound_volume=0.25)
    other.finish()
    one.save(frame_cap=0, sound_on=False)
    one.close()
    other.close()
    assert read_settings(path) == Settings(keys=CHOSEN.keys, sound_volume=0.25, frame_cap=0, sound_on=False)


def test_a_setting_that_another_window_has_changed_goes_back_when_that_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    file = SettingsFile(path)
    write_settings(CHOSEN, path)
    file.save(**vars(Settings()))
    file.close()
    assert read_settings(path) == Settings()


def test_a_file_that_breaks_meanwhile_is_set_aside_and_said(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    write_settings(CHOSEN, path)
    file = SettingsFile(path)
    path.write_text('{"sound_on": tru')
    file.save(sound_volume=0.5)
    with pytest.raises(SettingsError, match=r"Invalid JSON.*settings\.broken-1\.json"):
        file.finish()
    file.close()
    assert (tmp_path / "settings.broken-1.json").read_text() == '{"sound_on": tru'
    assert read_settings(path) == replace(CHOSEN, sound_volume=0.5)


def test_a_file_that_breaks_meanwhile_and_cannot_be_moved_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "settings.json"
    file = SettingsFile(path)
    path.write_text("{")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "rename", refuse)
    file.save(sound_volume=0.5)
    with pytest.raises(SettingsError, match="It stays as it is"):
        file.finish()
    file.save(sound_volume=0.25)
    file.close()
    assert path.read_text() == "{"


def test_a_variable_names_another_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    assert SettingsFile().path == tmp_path / "config" / "settings.json"


def test_what_is_left_out_keeps_its_default(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"sound_volume": 0.5}')
    assert read_settings(path) == Settings(sound_volume=0.5)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"", "Invalid JSON"),
        (b'{"sound_on": tru', "Invalid JSON"),
        (b"[" * 100_000, "recursion"),
        (b'{"keys": {"PAUSE": ["NOKEY"]}}', "NOKEY"),
        (b'{"keys": {"FLY": ["a"]}}', "FLY"),
        (b"\xff\xfe\x00", "cannot be read"),
        (b" " * (2**20 + 1), "too large"),
        (b'{"sound_on": 1}', "'sound_on'"),
        (b'{"sound_volume": 7}', "sound_volume 7"),
        (b'{"sound_volume": NaN}', "sound_volume"),
        (b'{"text_size": 0.1}', "text_size 0.1"),
        (b'{"frame_cap": 59}', "'frame_cap'"),
        (b'{"colours": "neon"}', "'colours'"),
        (b'{"speed": 3}', "'speed' is not known"),
        (b'{"keys": {"PAUSE": "p"}}', "keys.PAUSE"),
    ],
)
def test_a_broken_file_is_set_aside_and_said(tmp_path: Path, text: bytes, told: str) -> None:
    path, aside = tmp_path / "settings.json", tmp_path / "settings.broken-2.json"
    (tmp_path / "settings.broken-1.json").write_text("older")
    path.write_bytes(text)
    file = SettingsFile(path)
    assert file.settings == Settings() and not file.first
    assert str(path) in file.notice and told in file.notice and aside.name in file.notice
    assert aside.read_bytes() == text and not path.exists()
    file.save(**vars(CHOSEN))
    file.close()
    assert read_settings(path) == CHOSEN


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_a_pipe_in_place_of_the_file_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    os.mkfifo(path)
    file = SettingsFile(path)
    assert file.settings == Settings() and "no regular file" in file.notice and not path.exists()
    file.close()


def test_a_folder_that_takes_nothing_is_said(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file where the folder should be")
    path = tmp_path / "config" / "settings.json"
    with pytest.raises(SettingsError, match=r"settings\.json: the settings could not be saved"):
        write_settings(Settings(), path)


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "settings.json"
    write_settings(CHOSEN, path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    file = SettingsFile(path)
    file.save(**vars(Settings()))
    with pytest.raises(SettingsError, match="No space left"):
        file.finish()
    assert read_settings(path) == CHOSEN and json.loads(path.read_text())["colours"] == "tol"
    assert len(list(tmp_path.iterdir())) == 1


def test_what_a_full_disk_did_not_take_is_written_with_the_next_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "settings.json"
    write_settings(Settings(), path)
    file = SettingsFile(path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        file.save(sound_volume=0.25)
        with pytest.raises(SettingsError, match="No space left"):
            file.finish()
        file.save(text_size=1.25)
        file._disk.submit(lambda: None).result()
    with pytest.raises(SettingsError, match="No space left"):
        file.save(sound_on=False)
    file.close()
    assert read_settings(path) == Settings(sound_volume=0.25, text_size=1.25, sound_on=False)
