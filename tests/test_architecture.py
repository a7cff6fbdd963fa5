"""The house rules on imports, checked on the source: which room may lean on which, who may use pygame or torch."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "qrace"

MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "folders": set(),
    "kernel_cache": set(),
    "whole_file": set(),
    "sim": {"errors", "folders", "whole_file"},
    "sound": set(),
    "env": {"errors", "sim"},
    "rl": {"errors", "whole_file", "sim", "env"},
    "race": {"errors", "whole_file", "sim", "env"},
    "view": {"errors", "sim", "env"},
    "game": {"errors", "folders", "whole_file", "sim", "env", "rl", "race", "view", "sound"},
    "library": {"errors", "sim", "env", "rl", "race"},
    "bench": {"errors", "folders", "whole_file", "sim", "env", "rl", "race", "view", "game"},
    "cli": {"errors", "folders", "sim", "env", "rl", "race", "view", "game", "library", "bench"},
    "__init__": {"kernel_cache", "library", "sim"},
}
"""Imports run downwards only: game -> view, race, rl -> env -> sim, with the doors on top."""

FORBIDDEN: dict[str, set[str]] = {
    "sim": {"pygame", "torch"},
    "sound": {"pygame", "torch"},
    "env": {"pygame", "torch"},
    "rl": {"pygame"},
    "race": {"pygame", "torch"},
    "view": {"torch"},
}


def imported_modules(source: str, package: str) -> set[str]:
    """Absolute names of every module that a file imports, inside functions and type-checking blocks too.

    Args:
        source: the file's text.
        package: dotted name of the package that holds the file, which relative imports start from.
    """
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            origin = ".".join([*base, *([node.module] if node.module else [])])
            names.update(f"{origin}.{alias.name}" for alias in node.names)
    return names


def room_of(module: str) -> str:
    """qrace.sim.track -> sim; names that qrace itself exports belong to __init__."""
    parts = module.split(".")
    if len(parts) == 1 or parts[1][0].isupper() or parts[1] == "*":
        return "__init__"
    return parts[1]


def imports_by_room(package: Path) -> dict[str, dict[str, set[str]]]:
    """{room: {file: imported module names}} of a package called qrace."""
    rooms: dict[str, dict[str, set[str]]] = {}
    for path in sorted(package.rglob("*.py")):
        inside = path.relative_to(package)
        dotted = ".".join(["qrace", *inside.parts[:-1]])
        names = imported_modules(path.read_text(encoding="utf-8"), dotted)
        rooms.setdefault(inside.parts[0].removesuffix(".py"), {})[str(inside)] = names
    return rooms


def violations(package: Path) -> list[str]:
    """Every broken rule, as 'file imports module'."""
    found = []
    for room, files in imports_by_room(package).items():
        for file, modules in files.items():
            for module in sorted(modules):
                top = module.split(".")[0]
                outside = top == "qrace" and room_of(module) not in {room, *MAY_IMPORT.get(room, set())}
                if outside or top in FORBIDDEN.get(room, set()):
                    found.append(f"{file} imports {module}")
    return found


def find_circle(package: Path) -> list[str]:
    """Rooms that lean on each other in a ring, or [] when there is none."""
    graph = {
        room: {room_of(name) for modules in files.values() for name in modules if name.startswith("qrace.")} - {room}
        for room, files in imports_by_room(package).items()
    }
    finished: set[str] = set()

    def visit(room: str, path: list[str]) -> list[str]:
        if room in path:
            return path[path.index(room) :]
        if room in finished:
            return []
        for below in sorted(graph.get(room, set())):
            circle = visit(below, [*path, room])
            if circle:
                return circle
        finished.add(room)
        return []

    return next((circle for room in graph if (circle := visit(room, []))), [])


def test_imports_run_downwards() -> None:
    assert violations(PACKAGE) == []


def test_no_circle_between_rooms() -> None:
    assert find_circle(PACKAGE) == []


def test_every_room_has_a_rule() -> None:
    assert set(imports_by_room(PACKAGE)) <= set(MAY_IMPORT)


def make_package(folder: Path, files: dict[str, str]) -> Path:
    package = folder / "qrace"
    for name, text in files.items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(text)
    return package


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("sim/car.py", "import torch.nn"),
        ("env/reward.py", "def f():\n    from pygame import Rect"),
        ("rl/dqn.py", "if TYPE_CHECKING:\n    import pygame"),
        ("sim/car.py", "from qrace.env import config"),
        ("sim/car.py", "from ..env.config import CarName"),
        ("rl/dqn.py", "from qrace import QCar"),
        ("race/race.py", "from qrace.rl.policy import Policy"),
    ],
)
def test_a_broken_rule_is_found(tmp_path: Path, file: str, text: str) -> None:
    assert len(violations(make_package(tmp_path, {file: text}))) == 1


def test_a_circle_is_found(tmp_path: Path) -> None:
    files = {
        "rl/a.py": "from qrace.race import b",
        "race/b.py": "def f():\n    import qrace.game.c",
        "game/c.py": "import qrace.rl.a",
        "sim/d.py": "",
    }
    assert sorted(find_circle(make_package(tmp_path, files))) == ["game", "race", "rl"]
