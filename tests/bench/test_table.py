"""Measurements kept as Markdown."""

import platform
from pathlib import Path

import pytest

from qrace.bench.table import MARK, check_out, write_tables
from qrace.cli import main
from qrace.errors import QRaceError

WORDS = ["python", "main.py", "bench", "x"]


def test_rows_become_tables(tmp_path: Path) -> None:
    rows = [
        {"bench": "x", "name": "a|b", "lap_s": 1.5, "clean": None},
        {"bench": "x", "name": "c", "lap_s": 2.0, "clean": 1234},
        {"bench": "x", "gradient_error": 3e-9, "done": True},
    ]
    path = tmp_path / "kept.md"
    path.write_text("of last year")
    write_tables(path, rows, WORDS)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "# `python main.py bench x`"
    assert f"Python {platform.python_version()}" in lines[2]
    assert lines[4:8] == [
        "| name | lap s | clean |",
        "| --- | ---: | ---: |",
        "| a\\|b | 1.5 | – |",
        "| c | 2 | 1,234 |",
    ]
    assert lines[9:] == ["| gradient error | done |", "| ---: | ---: |", "| 3.0e-09 | yes |"]
    assert [one.name for one in tmp_path.iterdir()] == ["kept.md"]


def test_what_people_wrote_above_the_mark_stays(tmp_path: Path) -> None:
    path = tmp_path / "README.md"
    path.write_text(f"# Mine\n\nWords.\n\n{MARK}\n\nof last year\n", encoding="utf-8")
    for _ in range(2):
        write_tables(path, [{"bench": "x", "lap_s": 1.5}], WORDS)
    text = path.read_text(encoding="utf-8")
    assert text.startswith(f"# Mine\n\nWords.\n\n{MARK}\n\n## `python main.py bench x`\n")
    assert "of last year" not in text and text.count("| 1.5 |") == 1


@pytest.mark.parametrize(
    "mine", [f"Words.\n{MARK}", f"Words.\r\n{MARK}\r\nof last year\r\n", f"Gr\xfc\xdfe.\n{MARK}\nof last year\n"]
)
def test_words_above_a_mark_stay_whatever_wrote_them(mine: str, tmp_path: Path) -> None:
    path = tmp_path / "README.md"
    path.write_bytes(mine.encode("latin-1"))
    check_out(path)
    write_tables(path, [{"bench": "x", "lap_s": 1.5}], WORDS)
    above = mine.encode("latin-1").partition(MARK.encode())[0]
    assert path.read_bytes().startswith(above + f"{MARK}\n\n## `python".encode())
    assert b"of last year" not in path.read_bytes()


def test_words_that_cannot_be_read_are_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "README.md"
    path.write_text("Words.", encoding="utf-8")

    def refuse(*_: object) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("qrace.bench.table.read_bounded", refuse)
    with pytest.raises(QRaceError, match=r"README\.md: cannot be read \(Permission denied\); give another"):
        check_out(path)
    with pytest.raises(QRaceError, match="cannot be read"):
        write_tables(path, [{"bench": "x", "lap_s": 1.5}], WORDS)
    assert path.read_text(encoding="utf-8") == "Words."


def test_a_place_that_does_not_work_is_told_before_measuring(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "folder.md").mkdir()
    for name, said in (("a.txt", "ends in .md"), ("folder.md", "is a folder"), ("none/a.md", "no such folder")):
        with pytest.raises(QRaceError, match=said):
            check_out(tmp_path / name)
        assert main(["bench", "learn", "--out", str(tmp_path / name)]) == 2
        out, err = capsys.readouterr()
        assert (out, err.count("\n")) == ("", 1)


def test_what_was_measured_is_kept_when_the_bench_ends_early(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def rows(seeds: int) -> object:
        yield {"bench": "learn", "seed": 0}
        raise KeyboardInterrupt

    monkeypatch.setattr("qrace.bench.learn.bench_learn", rows)
    assert main(["bench", "learn", "--seeds", "3", "--out", str(tmp_path / "a.md")]) == 130
    text = (tmp_path / "a.md").read_text(encoding="utf-8")
    assert "| 0 |" in text
    assert "bench learn --seeds 3`" in text
