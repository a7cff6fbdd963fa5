"""What numba keeps is used again only while all that it was compiled from is the same."""

from pathlib import Path

import numba
import pytest

import qrace
from qrace.kernel_cache import KERNELS, ROOMS, kernels_folder


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A kernel with a constant of a module, which takes one from another; and a module that has no part in it."""
    (tmp_path / "sim").mkdir()
    (tmp_path / "sim" / "kernel.py").write_text("from numba import njit\n\nfrom qrace.sim.car import TICK_S\n")
    (tmp_path / "sim" / "car.py").write_text("from qrace.units import KMH\nTICK_S = 0.05\n")
    (tmp_path / "units.py").write_text("KMH = 3.6\n")
    (tmp_path / "words.py").write_text("HELLO = 'hello'\n")
    return tmp_path


@pytest.mark.parametrize("name", ["sim/kernel.py", "sim/car.py", "units.py"])
def test_a_change_of_what_a_kernel_is_made_from_begins_a_new_folder(package: Path, name: str) -> None:
    before = kernels_folder(package)
    (package / name).write_text((package / name).read_text() + "NEW = 1\n")
    assert kernels_folder(package) != before
    assert kernels_folder(package).parent == before.parent == package / "__pycache__"


def test_any_other_change_does_not(package: Path) -> None:
    before = kernels_folder(package)
    (package / "words.py").write_text("HELLO = 'good day'\n")
    (package / "more.py").write_text("from qrace.sim.kernel import TICK_S\n")
    assert kernels_folder(package) == before


def test_numba_keeps_the_programs_kernels_there() -> None:
    folder = kernels_folder(Path(qrace.__file__).parent)
    assert Path(numba.config.CACHE_DIR) == folder


def test_there_are_kernels_in_those_rooms_alone() -> None:
    package = Path(qrace.__file__).parent
    found = {path.relative_to(package).parts[0] for path in package.rglob("*.py") if KERNELS.search(path.read_bytes())}
    assert found == set(ROOMS)
