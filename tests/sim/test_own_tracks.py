"""The player's own tracks: listed, found by name, saved under free names, put in the bin."""

from pathlib import Path

import numpy as np
import pytest

from qrace.folders import HOME_VARIABLE
from qrace.sim.own_tracks import (
    BIN,
    find_own_track,
    free_track_path,
    own_tracks,
    own_tracks_folder,
    put_in_bin,
    save_own_track,
)
from qrace.sim.track import Track, TrackError
from qrace.sim.track_files import builtin_tracks, load_track

ANGLE = np.linspace(0.0, 2.0 * np.pi, 12, endpoint=False)
EGG = np.column_stack([120.0 * np.cos(ANGLE), 60.0 * np.sin(ANGLE)])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The player's folder, which does not exist yet."""
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    return own_tracks_folder()


def egg(title: str = "My egg") -> Track:
    return Track.from_points("drawing", EGG, 5.0, 6.0, title=title, start_m=30.0, drawn=True)


def test_a_saved_track_is_listed_and_loads_by_its_name_as_it_was_drawn(folder: Path) -> None:
    assert own_tracks() == []
    saved = save_own_track(egg(), folder)
    assert saved.name == "my-egg"
    assert own_tracks() == [folder / "my-egg.json"]
    for name in ("my-egg", str(folder / "my-egg.json")):
        track = load_track(name)
        assert (track.name, track.title, track.shape.drawn, track.shape.start_m) == ("my-egg", "My egg", True, 30.0)
        np.testing.assert_array_equal(track.shape.points, EGG)
        np.testing.assert_array_equal(track.centre, saved.centre)


def test_no_built_in_track_and_no_other_file_is_taken_for_a_new_one(folder: Path) -> None:
    titles = ("Oval", "oval", "Óval!", "///", "東京", "x" * 99)
    names = [save_own_track(egg(title), folder).name for title in titles]
    assert names == ["oval-2", "oval-3", "oval-4", "track", "track-2", "x" * 40]
    assert [load_track(name).title for name in names] == [*titles[:-1], "x" * 60]
    assert load_track("oval").title == "Oval"
    assert load_track("oval").length_m != load_track("oval-2").length_m
    assert not set(names) & set(builtin_tracks())


def test_the_bin_keeps_every_track_that_was_deleted(folder: Path) -> None:
    kept = []
    for _ in range(3):
        save_own_track(egg(), folder)
        kept.append(put_in_bin(own_tracks()[0]))
    assert own_tracks() == []
    assert [path.name for path in kept] == ["my-egg.json", "my-egg-2.json", "my-egg-3.json"]
    assert all(path.parent == folder / BIN and path.exists() for path in kept)
    with pytest.raises(TrackError, match="cannot be moved"):
        put_in_bin(folder / "my-egg.json")


def test_what_else_lies_in_the_folder_harms_nothing(folder: Path) -> None:
    save_own_track(egg(), folder)
    for name, content in (("notes.txt", "hello"), (".hidden.json", "{}"), ("broken.json", "{"), ("a.csv", "")):
        (folder / name).write_text(content)
    assert [path.name for path in own_tracks()] == ["a.csv", "broken.json", "my-egg.json"]
    with pytest.raises(TrackError, match=r"broken\.json"):
        load_track("broken")
    assert find_own_track("hidden") is None
    assert free_track_path("Broken", folder).name == "broken-2.json"


def test_a_folder_that_cannot_be_made_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(TrackError, match="cannot be made"):
        save_own_track(egg(), tmp_path / "file" / "tracks")
