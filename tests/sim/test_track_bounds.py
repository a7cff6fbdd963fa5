"""Track files have their bounds: nothing beyond them is written, and sentences about what is beyond them stay short."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from qrace.sim.road_shape import RoadShape, TrackError
from qrace.sim.track_files import load_track, save_shape, save_track
from qrace.sim.track_schema import parse_document
from tests.sim.test_track_files import document, write, write_csv


def test_a_title_or_description_longer_than_a_file_takes_is_cut(tmp_path: Path) -> None:
    for title, told in (("t" * 100, "t" * 60), ("", "copy")):
        track = replace(load_track("oval"), title=title, description="d" * 999)
        save_track(track, tmp_path / "copy.json")
        copy = load_track(str(tmp_path / "copy.json"))
        assert (copy.title, copy.description) == (told, "d" * 300)


def test_a_csv_file_with_a_long_name_is_saved_and_loads_again(tmp_path: Path) -> None:
    track = load_track(str(Path(write_csv(tmp_path)).rename(tmp_path / f"{'my_' * 40}egg.csv")))
    save_track(track, tmp_path / "copy.json")
    assert load_track(str(tmp_path / "copy.json")).title == ("my " * 40)[:60]


def test_no_file_is_written_with_more_points_than_one_may_have(tmp_path: Path) -> None:
    angle = np.linspace(0.0, 2.0 * np.pi, 20_000, endpoint=False)
    ring = 2_000.0 * np.column_stack([np.cos(angle), np.sin(angle)])
    path = tmp_path / "ring.json"
    most = RoadShape(ring[1:], np.linspace(4.0, 5.0, 19_999), np.full(19_999, 4.0))
    save_shape(most, path, "Ring", "")
    assert len(parse_document(path.read_text())["points"]) == 20_000
    with pytest.raises(TrackError, match=r"more\.json: 20001 points are too many .* fewer"):
        save_shape(RoadShape(ring, np.full(20_000, 4.0), np.full(20_000, 4.0)), tmp_path / "more.json", "Ring", "")
    assert [path.name for path in tmp_path.iterdir()] == ["ring.json"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("egg.json", json.dumps(document(NAME=1))),
        ("egg.csv", "# x_m,NAME\n1,2,3\n"),
        ("egg.csv", "# x_m,NAME\nno,row\n"),
    ],
)
@pytest.mark.parametrize("part", ["k\x7f", "k,"])
def test_a_file_with_an_endless_name_gets_a_short_sentence(tmp_path: Path, name: str, text: str, part: str) -> None:
    with pytest.raises(TrackError) as refusal:
        load_track(write(tmp_path, text.replace("NAME", 400_000 * part), name))
    sentence = str(refusal.value).removeprefix(str(tmp_path))
    assert len(sentence) < 250 and sentence.isprintable()


def test_a_list_of_widths_is_read_no_further_than_there_may_be_points() -> None:
    with pytest.raises(TrackError, match="width_left") as refusal:
        parse_document(json.dumps(document(width_left=["wide"] * 300_000)))
    cause = refusal.value.__cause__
    assert isinstance(cause, ValidationError) and cause.error_count() < 30_000
