"""QRace: cars that learn to drive. `QRace` and `QCar` are the lesson's two names, `Track` is where they drive.

The names are looked up when they are asked for, so that `import qrace` alone, and with it the command line and the
window, does not wait for what they need.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qrace.kernel_cache import kernels_folder

# The one place where QRace sets a thread count. Matrices this small gain nothing from a second BLAS thread, which keeps
# a core busy while it waits; that core belongs to the window. A value that is already set stays.
for _library in ("OPENBLAS", "OMP"):
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")
os.environ.setdefault("NUMBA_CACHE_DIR", str(kernels_folder(Path(__file__).parent)))

if TYPE_CHECKING:
    from qrace.library import QCar, QRace
    from qrace.sim.track import Track

__all__ = ["QCar", "QRace", "Track"]


def __getattr__(name: str) -> Any:
    if name == "Track":
        from qrace.sim.track import Track

        return Track
    if name in ("QCar", "QRace"):
        from qrace import library

        return getattr(library, name)
    raise AttributeError(f"module 'qrace' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
