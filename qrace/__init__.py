"""QRace: cars that learn to drive. `QRace` and `QCar` are the lesson's two names, `Track` is where they drive.

The names are looked up when they are asked for, so that `import qrace` alone, and with it the command line and the
window, does not wait for torch.
"""

from typing import TYPE_CHECKING, Any

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
