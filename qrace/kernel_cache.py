"""Where numba keeps what it has compiled: a folder of its own for every state of the kernels' sources.

Numba compiles a function again when its own file has changed. What the function takes from other files, constants and
further kernels, is frozen into what is kept: after an update of car.py alone, old physics went on.
"""

import re
from hashlib import sha256
from pathlib import Path

ROOMS = ("sim", "rl")
"""Where kernels are; to look for them in all files would take a tenth of the time of a short command."""
KERNELS = re.compile(rb"^from numba import", re.MULTILINE)
IMPORTS = re.compile(r"^from qrace\.([\w.]+) import", re.MULTILINE)


def kernels_folder(package: Path) -> Path:
    """The folder in `package`'s __pycache__ for its kernels as they are now; another one after any change of them.

    The kernels' sources are the modules that import numba, and all that those import from the package.
    """
    files = (path for room in ROOMS for path in package.joinpath(room).glob("*.py"))
    waiting = [path for path in files if KERNELS.search(path.read_bytes())]
    sources: set[Path] = set()
    while waiting:
        path = waiting.pop()
        if path not in sources and path.is_file():
            sources.add(path)
            modules = IMPORTS.findall(path.read_text(encoding="utf-8"))
            waiting += [package.joinpath(*module.split(".")).with_suffix(".py") for module in modules]
    digest = sha256()
    for path in sorted(sources):
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    return package / "__pycache__" / f"kernels-{digest.hexdigest()[:16]}"
