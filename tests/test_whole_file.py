"""Files that appear whole or not at all, and are read within bounds."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from qrace.whole_file import read_bounded, write_whole


@pytest.fixture(params=["links", "no links"])
def disk(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on a file system with hard links, and on one without."""

    def refuse(*_: object) -> None:
        raise OSError(1, "Operation not permitted")

    if request.param == "no links":
        monkeypatch.setattr(Path, "hardlink_to", refuse)
    return tmp_path


def test_of_many_that_ask_for_one_name_one_gets_it(disk: Path) -> None:
    def ask(number: int) -> bool:
        try:
            write_whole(disk / "m", str(number) * 100, exclusive=True)
        except FileExistsError:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        got = list(threads.map(ask, range(8)))
    assert got.count(True) == 1
    assert (disk / "m").read_text() == str(got.index(True)) * 100
    assert [path.name for path in disk.iterdir()] == ["m"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets few people make links")
def test_a_link_to_nothing_is_a_name_that_is_taken(disk: Path) -> None:
    (disk / "m").symlink_to(disk / "elsewhere")
    with pytest.raises(FileExistsError):
        write_whole(disk / "m", "x", exclusive=True)
    assert (disk / "m").is_symlink() and len(list(disk.iterdir())) == 1


def test_a_name_may_be_as_long_as_the_disk_allows(tmp_path: Path) -> None:
    write_whole(tmp_path / ("n" * 250), "x")
    assert (tmp_path / ("n" * 250)).read_text() == "x"


def test_a_file_is_read_to_its_end_or_to_just_beyond_the_limit(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"12345")
    assert read_bounded(tmp_path / "f", 5) == b"12345"
    assert read_bounded(tmp_path / "f", 3) == b"1234"
    with pytest.raises(FileNotFoundError):
        read_bounded(tmp_path / "none", 5)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_what_never_ends_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "zeros").symlink_to("/dev/zero")
    for name in ("pipe", "zeros", "."):
        with pytest.raises(OSError, match="no regular file"):
            read_bounded(tmp_path / name, 5)
