"""The scalars of an agent's saved state: its count of updates and its random generators, fit for JSON."""

from typing import Any

import numpy as np

from qrace.errors import QRaceError


def saved_scalars(updates: int, **generators: np.random.Generator) -> dict[str, Any]:
    """What restore_scalars reads."""
    return {"updates": updates, "generators": {name: rng.bit_generator.state for name, rng in generators.items()}}


def restore_scalars(scalars: dict[str, Any], **generators: np.random.Generator) -> int:
    """Put each generator into its saved state and return the number of updates; QRaceError when they do not fit."""
    try:
        updates = scalars["updates"]
        if not isinstance(updates, int) or updates < 0:
            raise ValueError(f"{updates!r} updates")
        for name, rng in generators.items():
            rng.bit_generator.state = scalars["generators"][name]
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise QRaceError(f"the learner's saved state is damaged ({error}): use another copy of the model.") from error
    return updates
