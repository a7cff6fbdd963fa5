"""What a table keeps in files: nothing of an empty drawing, and no draft that another window has drawn over."""

from pathlib import Path

import pytest

from qrace.game.editing.table import Table
from qrace.sim.drawing import EMPTY, Drawing
from qrace.sim.drawing_files import KeptDrawing, load_drawing, save_drawing
from qrace.sim.own_tracks import BIN, own_tracks
from qrace.sim.track import TrackError
from tests.sim.test_drawing import ring


def draw(table: Table, drawing: Drawing) -> None:
    table.history.do(drawing)


def opened(draft: Path) -> Table:
    """The table of another window that has a draft on it."""
    table = Table(draft.parent)
    table.open_drawing(load_drawing(draft), draft)
    return table


def drawn_on(tmp_path: Path) -> tuple[Table, Path]:
    """A table with a drawing, and its draft."""
    table = Table(tmp_path)
    draw(table, ring())
    return table, table.keep_draft()


def drawings(folder: Path) -> list[Drawing]:
    return [load_drawing(path).drawing for path in own_tracks(folder)]


@pytest.mark.parametrize("title", ["Mine", None])
def test_an_empty_drawing_is_saved_nowhere(tmp_path: Path, title: str | None) -> None:
    path = tmp_path / "mine.json"
    save_drawing(KeptDrawing(ring(), "Mine", ""), path)
    before = path.read_bytes()
    table = Table(tmp_path)
    table.open_drawing(load_drawing(path), path)
    draw(table, EMPTY)
    with pytest.raises(TrackError, match="Nothing is drawn"):
        table.save(title)
    assert own_tracks(tmp_path) == [path] and path.read_bytes() == before
    assert (table.title, table.path) == ("Mine", path)


def test_a_draft_that_was_deleted_is_written_again(tmp_path: Path) -> None:
    table, draft = drawn_on(tmp_path)
    draft.unlink()
    assert load_drawing(table.keep_draft()).drawing.same_as(table.drawing)


def test_what_is_thrown_away_is_in_the_bin_though_its_draft_was_deleted(tmp_path: Path) -> None:
    table, draft = drawn_on(tmp_path)
    draft.unlink()
    table.throw_away()
    [kept] = (tmp_path / BIN).iterdir()
    assert load_drawing(kept).drawing.same_as(table.drawing) and not own_tracks(tmp_path)


@pytest.mark.parametrize("ending", ["save", "keep", "throw away"])
def test_a_draft_that_another_window_has_drawn_over_stays_as_it_is(tmp_path: Path, ending: str) -> None:
    table, draft = drawn_on(tmp_path)
    other = opened(draft)
    draw(other, other.drawing.widen(None, 1.0))
    assert other.keep_draft() == draft
    draw(table, table.drawing.reverse())
    if ending == "save":
        table.save("Mine")
    elif ending == "keep":
        table.keep_draft()
    else:
        table.throw_away()
    assert load_drawing(draft).drawing.same_as(other.drawing)
    assert len(own_tracks(tmp_path)) == (1 if ending == "throw away" else 2)


def test_a_draft_that_another_window_has_saved_is_kept_by_whoever_still_has_it(tmp_path: Path) -> None:
    table, draft = drawn_on(tmp_path)
    other = opened(draft)
    table.save("Mine")
    assert not draft.exists(), "nobody has drawn over it"
    assert load_drawing(other.keep_draft()).drawing.same_as(other.drawing)
    assert len(drawings(tmp_path)) == 2


def test_a_draft_is_written_in_its_own_file_and_gone_once_saved(tmp_path: Path) -> None:
    draft = drawn_on(tmp_path)[1]
    table = opened(draft)
    for width in (1.0, 2.0):
        draw(table, table.drawing.widen(None, width))
        assert table.keep_draft() == draft == table.keep_draft()
    path = table.save("Mine")
    assert own_tracks(tmp_path) == [path] and load_drawing(path).drawing.same_as(table.drawing)
