"""Roads to become a general driver on: generated ones alone, so that every real circuit stays unseen."""

from qrace.sim.track import Track
from qrace.sim.track_generator import TRAINING_STYLE, WIDE_STYLE, generate_track

TRAINING_ROADS = 128
VALIDATION_ROADS = 96
WIDE_EVERY = 8
"""Of so many roads one is as wide as few circuits are: drivers who knew none stopped in the hairpin of one."""
SEEDS_PER_RUN = 1_000
"""Training runs with different seeds share no road."""


def general_roads(seed: int) -> tuple[list[Track], list[Track]]:
    """The roads that a run learns on, and others that choose its champion; both spread over lengths and widths."""
    first = seed * SEEDS_PER_RUN
    roads = [
        generate_track(first + i, TRAINING_STYLE if (i + 1) % WIDE_EVERY else WIDE_STYLE)
        for i in range(TRAINING_ROADS + VALIDATION_ROADS)
    ]
    return roads[:TRAINING_ROADS], roads[TRAINING_ROADS:]
