"""Reading and writing track files, good ones and bad ones."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from qrace.sim.track import Track, TrackError
from qrace.sim.track_files import BUILTIN_ORDER, TRACKS_FOLDER, builtin_tracks, load_track, save_track
from qrace.sim.track_generator import generate_track

ANGLE = np.linspace(0.0, 2.0 * np.pi, 40, endpoint=False)
EGG = np.column_stack([120.0 * np.cos(ANGLE), 60.0 * np.sin(ANGLE)])


def document(**changes: object) -> dict[str, object]:
    fields = {"format_version": 1, "title": "Egg", "width_left": 5.0, "width_right": 6.0, "points": EGG.tolist()}
    return {key: value for key, value in (fields | changes).items() if value is not None}


def write(folder: Path, fields: object, name: str = "egg.json") -> str:
    path = folder / name
    path.write_text(fields if isinstance(fields, str) else json.dumps(fields))
    return str(path)


def write_csv(
    folder: Path, head: str = "# x_m,y_m,w_tr_right_m,w_tr_left_m\n", order: tuple[int, ...] = (0, 1, 2, 3)
) -> str:
    table = np.column_stack([EGG, np.full(40, 6.0), np.full(40, 5.0)])[:, order]
    return write(folder, head + "".join(",".join(f"{v:.6f}" for v in row) + "\n" for row in table), "egg.csv")


def assert_same_road(one: Track, other: Track) -> None:
    for field in ("centre", "heading", "width_left", "width_right", "left_edge", "right_edge", "arc_length"):
        np.testing.assert_array_equal(getattr(one, field), getattr(other, field))
    assert (one.title, one.description, one.length_m) == (other.title, other.description, other.length_m)


def test_twelve_tracks_from_easy_to_hard() -> None:
    names = builtin_tracks()
    assert names[: len(BUILTIN_ORDER)] == list(BUILTIN_ORDER)
    assert names[0] == "oval"
    assert len(BUILTIN_ORDER) >= 10
    assert len({load_track(name).title for name in names}) == len(names)
    assert all(load_track(name).description for name in names)


def test_the_quick_and_the_strict_reader_agree() -> None:
    for name in BUILTIN_ORDER:
        assert_same_road(load_track(name), load_track(str(TRACKS_FOLDER / f"{name}.json")))


def test_built_in_tracks_suit_both_cars() -> None:
    """The lesson's car turns within 9.5 m at full speed, the other within about 8 m; both are 2 m wide."""
    for name in BUILTIN_ORDER:
        track = load_track(name)
        turn = np.abs((np.diff(track.heading, append=track.heading[0]) + np.pi) % (2 * np.pi) - np.pi)
        assert (np.diff(track.arc_length, append=track.length_m) / np.maximum(turn, 1e-9)).min() > 9.5
        assert (track.width_left + track.width_right).min() >= 8.0


def test_the_first_track_is_small_and_wide() -> None:
    oval = load_track("oval")
    assert 350.0 < oval.length_m < 500.0
    assert 12.0 <= oval.width_left[0] + oval.width_right[0] <= 14.0


@pytest.mark.parametrize("name", ["kart", "eight", "random:5"])
def test_a_saved_track_loads_back_equal(name: str, tmp_path: Path) -> None:
    track = load_track(name)
    save_track(track, tmp_path / "copy.json")
    copy = load_track(str(tmp_path / "copy.json"))
    assert_same_road(copy, track)
    assert copy.name == "copy"
    assert [path.name for path in tmp_path.iterdir()] == ["copy.json"]


def test_saving_fails_in_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    track = generate_track(1)
    with pytest.raises(TrackError, match=r"ends in \.json"):
        save_track(track, tmp_path / "copy.txt")
    with pytest.raises(TrackError, match="cannot be written"):
        save_track(track, tmp_path / "missing" / "copy.json")
    assert not list(tmp_path.iterdir())


def test_csv_has_right_before_left_and_goes_by_its_header(tmp_path: Path) -> None:
    track = load_track(write_csv(tmp_path))
    assert (track.width_left[0], track.width_right[0]) == (5.0, 6.0)
    assert track.name == "egg"
    ring = np.vstack([EGG, EGG[:1]])
    assert track.length_m == pytest.approx(np.hypot(*np.diff(ring, axis=0).T).sum(), rel=0.01)
    swapped = write_csv(tmp_path, head="# y_m, x_m, w_tr_left_m, w_tr_right_m\n", order=(1, 0, 3, 2))
    np.testing.assert_array_equal(load_track(swapped).centre, track.centre)
    np.testing.assert_array_equal(load_track(write_csv(tmp_path, head="")).centre, track.centre)


def test_reversed_drives_the_same_road_the_other_way(tmp_path: Path) -> None:
    forward = load_track(write(tmp_path, document()))
    back = load_track(write(tmp_path, document(reversed=True)))
    np.testing.assert_allclose(back.centre[0], forward.centre[0])
    assert np.cos(back.heading[0] - forward.heading[0]) == pytest.approx(-1.0)
    assert back.length_m == pytest.approx(forward.length_m, rel=1e-4)
    assert (back.width_left[0], back.width_right[0]) == (6.0, 5.0)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ("", "empty"),
        ("{", "no complete JSON"),
        (json.dumps(document())[:400], "cut short"),
        ("[1, 2]", "one JSON object"),
        (document(points=None), "points"),
        (document(colour="red"), "colour: no such field"),
        (document(format_version=2), "format_version: must be 1"),
        (document(width_left=-3.0), "width_left: -3 m"),
        (document(width_right=[5.0, 5.0]), "width_right: give one number or one per point"),
        (document(width_left="wide"), "width_left"),
        (document(title=""), "title"),
        (document(points=EGG[:5].tolist()), "at least 8"),
        (document(points=[[0, 0]] * 30), "at least 8"),
        (document(points=(EGG / 100).tolist()), "are the points in metres"),
        (document(points=(EGG * 1000).tolist()), "are the points in metres"),
        (document(points=[*EGG[:-1].tolist(), ["a", 2]]), r"points\[39\]\[0\]"),
        (json.dumps(document()).replace("120.0", "NaN", 1), r"points\[0\]\[0\]"),
        (json.dumps(document()).replace("120.0", "1e400", 1), r"points\[0\]\[0\]"),
        ("[" * 100_000, "no complete JSON"),
    ],
)
def test_a_bad_json_file_gets_one_sentence_with_file_and_field(tmp_path: Path, fields: object, words: str) -> None:
    with pytest.raises(TrackError, match=words) as refusal:
        load_track(write(tmp_path, fields))
    assert "egg.json" in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) < 400


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# x_m,y_m,w_tr_right_m,w_tr_left_m\n", "at least 8"),
        ("# x_m,y_m,width\n1,2,3\n", "lacks w_tr_right_m, w_tr_left_m"),
        ("1,2,3,4\n1,2,three,4\n", "line 2 is no row of numbers"),
        ("1,2,3,4\n1,2,3\n", "line 2 has 3 numbers"),
        ("1,nan,3,4\n" * 20, "point 1"),
        ("<html></html>", "line 1"),
    ],
)
def test_a_bad_csv_file_gets_one_sentence_with_file_and_line(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(TrackError, match=words) as refusal:
        load_track(write(tmp_path, text, "egg.csv"))
    assert "egg.csv" in str(refusal.value)


def test_a_header_after_the_rows_began_is_refused_unless_it_says_the_same(tmp_path: Path) -> None:
    head, more = "# x_m,y_m,w_tr_right_m,w_tr_left_m\n", "# x_m,y_m,w_tr_right_m,w_tr_left_m,speed\n1,2,3,4,5\n"
    text = Path(write_csv(tmp_path, head)).read_text()
    with pytest.raises(TrackError, match=r"egg\.csv: line 42 is a second header; give one"):
        load_track(write(tmp_path, text + more, "egg.csv"))
    first, *rows = text.splitlines(keepends=True)
    load_track(write(tmp_path, "".join([first, *rows[:20], first, *rows[20:]]), "egg.csv"))


def test_titles_and_descriptions_can_be_shown(tmp_path: Path) -> None:
    mark = "\N{REPLACEMENT CHARACTER}"
    track = load_track(write(tmp_path, document(title="a\0b\x1b[31m", description="c\nd")))
    assert (track.title, track.description) == (f"a{mark}b{mark}[31m", f"c{mark}d")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have text for names alone")
def test_a_csv_file_whose_name_is_no_text_has_a_title_that_is(tmp_path: Path) -> None:
    path = Path(write_csv(tmp_path)).rename(tmp_path / "my_\udcff.csv")
    assert load_track(str(path)).title == "my \N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize(
    "text", ["[" * 100_000, json.dumps(document(title=[1])), json.dumps(document()).replace("120.0", "1" * 400, 1), "{"]
)
def test_a_bad_file_in_the_tracks_folder_gets_its_sentence(
    tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qrace.sim.track_files.TRACKS_FOLDER", tmp_path)
    write(tmp_path, text, "mine.json")
    assert builtin_tracks() == ["mine"]
    with pytest.raises(TrackError, match=r"mine\.json: "):
        load_track("mine")


@pytest.mark.parametrize("text", ["[" * 100_000, json.dumps(document()).replace("120.0", "1" * 400, 1), "{"])
def test_a_damaged_built_in_track_gets_its_sentence(tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qrace.sim.track_files.TRACKS_FOLDER", tmp_path)
    write(tmp_path, text, "oval.json")
    with pytest.raises(TrackError, match=r"oval\.json: "):
        load_track("oval")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_what_never_ends_is_no_track(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qrace.sim.track_files.TRACKS_FOLDER", tmp_path)
    os.mkfifo(tmp_path / "oval.json")
    (tmp_path / "zeros.csv").symlink_to("/dev/zero")
    for name in ("oval", str(tmp_path / "oval.json"), str(tmp_path / "zeros.csv")):
        with pytest.raises(TrackError, match=r"cannot be read .*no regular file"):
            load_track(name)


@pytest.mark.parametrize("rows", [19, 28, 33])
def test_a_file_cut_short_is_not_closed_by_a_straight(tmp_path: Path, rows: int) -> None:
    gap = np.hypot(*(EGG[rows - 1] - EGG[0]))
    csv = Path(write_csv(tmp_path))
    csv.write_text("\n".join(csv.read_text().splitlines()[: 1 + rows]))
    part = EGG[:rows].tolist()
    files = [str(csv), *(write(tmp_path, document(points=part, reversed=back)) for back in (False, True))]
    for file in files:
        with pytest.raises(TrackError, match=rf"egg\.\w+: .*not closed.* {gap:.0f} m .*give the whole round"):
            load_track(file)


def test_the_first_point_again_closes_a_road_with_a_straight(tmp_path: Path) -> None:
    half = np.vstack([EGG[:21], EGG[:1]])
    with pytest.raises(TrackError, match="not closed"):
        Track.from_points("half", half[:-1], 3.0, 3.0)
    widths = np.linspace(3.0, 3.4, len(half)).tolist()
    track = load_track(write(tmp_path, document(points=half.tolist(), width_left=widths)))
    assert track.length_m == pytest.approx(240.0 + np.hypot(*np.diff(half[:-1], axis=0).T).sum(), rel=0.2)
    save_track(track, tmp_path / "copy.json")
    assert_same_road(load_track(str(tmp_path / "copy.json")), track)


def test_what_is_no_track_file_at_all(tmp_path: Path) -> None:
    with pytest.raises(TrackError, match="no such file"):
        load_track(str(tmp_path / "missing.json"))
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(TrackError, match="this is a folder"):
        load_track(str(tmp_path / "folder.json"))
    (tmp_path / "binary.json").write_bytes(bytes(range(256)) * 10)
    with pytest.raises(TrackError, match="no text"):
        load_track(str(tmp_path / "binary.json"))
    (tmp_path / "huge.csv").write_text("1,2,3,4\n" * 1_000_000)
    with pytest.raises(TrackError, match="8 MB is no track"):
        load_track(str(tmp_path / "huge.csv"))
    with pytest.raises(TrackError, match="no such file"):
        load_track("a\0b.json")
    with pytest.raises(TrackError, match="cannot be read"):
        load_track("x" * 5_000 + ".csv")
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(TrackError, match=r"ends in \.json or \.csv"):
        load_track(str(tmp_path / "notes.txt"))


@pytest.mark.parametrize(
    "name", ["ovel", "", "random:", "random:x", "random:-1", "random:" + "9" * 5_000, "x" * 5_000, "a\0b"]
)
def test_an_unknown_name_lists_the_known_ones(name: str) -> None:
    with pytest.raises(TrackError) as refusal:
        load_track(name)
    assert "oval" in str(refusal.value) or "random:7" in str(refusal.value)
    assert "::" not in str(refusal.value)


def test_an_unknown_name_is_told_in_one_sentence() -> None:
    with pytest.raises(TrackError, match=r"^There is no track called 'ovel' \(did you mean oval\?\): choose"):
        load_track("ovel")
    with pytest.raises(TrackError, match=r"^'random:' names no random track: .* such as random:7\.$"):
        load_track("random:")


@pytest.mark.skipif(sys.platform == "win32", reason="no file is called so there")
def test_a_file_is_never_called_as_a_generated_track(tmp_path: Path) -> None:
    road = load_track("oval")
    for ending in (".json", ".csv"):
        path = tmp_path / f"random:abc{ending}"
        if ending == ".json":
            save_track(road, path)
        else:
            rows = np.column_stack([road.shape.points, road.shape.width_right, road.shape.width_left])
            np.savetxt(path, rows, delimiter=",", header="x_m,y_m,w_tr_right_m,w_tr_left_m")
        assert load_track(f"{tmp_path}/random:abc{ending}").name == "random-abc"


def test_built_in_tracks_load_without_pydantic() -> None:
    script = (
        "import sys; from qrace.sim.track_files import load_track; load_track('oval'); print('pydantic' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
