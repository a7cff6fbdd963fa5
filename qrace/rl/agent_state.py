"""The scalars of an agent's saved state: its counts and its random generators, fit for JSON."""

from typing import Any

import numpy as np

from qrace.errors import QRaceError

MOST_COUNTED = 2**53 - 1
"""No count in a file is higher: a float tells all whole numbers up to it apart."""


def saved_scalars(counts: dict[str, int], **generators: np.random.Generator) -> dict[str, Any]:
    """What restore_scalars reads."""
    return counts | {"generators": {name: rng.bit_generator.state for name, rng in generators.items()}}


def restore_scalars(scalars: dict[str, Any], counts: tuple[str, ...], **generators: np.random.Generator) -> list[int]:
    """Put each generator into its saved state and return the counts of these names.

    Raises QRaceError when they do not fit.
    """
    try:
        values = [scalars[name] for name in counts]
        if not all(isinstance(value, int) and 0 <= value <= MOST_COUNTED for value in values):
            raise ValueError(f"{', '.join(counts)} {values!r}")
        for name, rng in generators.items():
            rng.bit_generator.state = scalars["generators"][name]
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise QRaceError(f"the learner's saved state is damaged ({error}): use another copy of the model.") from error
    return values
