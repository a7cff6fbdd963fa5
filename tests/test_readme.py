"""The README tells the truth: its lines, its keys, its Python, its files."""

import ast
import re
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The code blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_two_lines_play_and_test_and_windows_has_the_same_two() -> None:
    play, test, _ = blocks("sh")
    assert play.count("\n") == test.count("\n") == 1
    assert play.strip().endswith("python main.py")
    assert test.strip().endswith("-m pytest")
    for line, windows in zip((play, test), blocks("bat"), strict=True):
        assert line.replace("python3", "py").replace(".venv/bin/", ".venv\\Scripts\\") == windows


def test_the_command_line_block_parses() -> None:
    from qrace.cli.parsing import parse

    for line in blocks("sh")[2].splitlines():
        assert line.startswith("python main.py ")
        parse(line.split()[2:])


def test_the_keys_are_those_of_the_window() -> None:
    from qrace.game.keys import markdown_table

    assert markdown_table() in README, f"README.md needs this table of keys:\n{markdown_table()}"


def test_the_snippet_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """With fewer episodes, and in a folder where it may write."""
    snippet, _ = blocks("python")
    assert "episodes=1_000" in snippet
    (tmp_path / "models").mkdir()
    monkeypatch.chdir(tmp_path)
    exec(compile(snippet.replace("episodes=1_000", "episodes=40"), "README.md", "exec"), {})
    assert [path.name for path in tmp_path.rglob("*.safetensors")] == ["first.safetensors"]
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["1", "2"]
    assert {line.split()[1] for line in lines} == {"first", "tabular"}


def test_the_environment_is_made_as_it_says() -> None:
    made: dict[str, object] = {}
    exec(compile(blocks("python")[1], "README.md", "exec"), made)
    assert np.shape(made["observation"]) == (6,), "five rays and the speed"


def test_what_it_names_exists() -> None:
    pictures = re.findall(r"!\[.*?\]\((.*?)\)", README)
    assert pictures
    named = [*pictures, "requirements.txt", "tests/requirements.txt", ".ci/run"]
    assert [name for name in named if not (ROOT / name).is_file()] == []


def requirements(path: Path) -> dict[str, str]:
    """{package: version}; every line must be an exact pin, a comment or another requirements file."""
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith(("#", "-r"))]
    pins = [re.fullmatch(r"([a-z0-9_-]+)==([0-9.]+)", line) for line in lines]
    assert all(pins), lines
    return dict(pin.groups() for pin in pins if pin)


@pytest.mark.parametrize(("folder", "file"), [("qrace", "requirements.txt"), ("tests", "tests/requirements.txt")])
def test_what_the_code_imports_is_pinned(folder: str, file: str) -> None:
    names = {"pygame": "pygame-ce"}
    pins = requirements(ROOT / "requirements.txt") | requirements(ROOT / file)
    imported = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported.update(alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                imported.add(node.module.split(".")[0])
    own = set(sys.stdlib_module_names) | {"qrace", "main", "tests"}
    optional = {"shapely", "stable_baselines3"} if folder == "qrace" else set()  # two benches; they say how to get it
    assert {names.get(name, name) for name in imported - own - optional} <= pins.keys()
    if folder == "qrace":
        through_others = {"scipy", "python-i18n"}  # numba's matrix products call its BLAS; pygame_gui's words
        assert pins.keys() - through_others <= {names.get(name, name) for name in imported}
