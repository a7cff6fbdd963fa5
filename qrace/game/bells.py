"""What is told by a chime: the start lights, laps of a race, and the best lap in training."""

import numpy as np

from qrace.game.speaker import Speaker
from qrace.race.race import Race
from qrace.sound.effects import Effect

TRAINING_LOUDNESS = 0.5
TRAINING_GAP_S = 15.0
"""A brain that has just begun beats its best lap every few seconds; it is told no more often than this [s]."""


class RaceBell:
    """Tells the start lights, and the laps of one car, as they change."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker
        self._lit, self._started = 0, False
        self._car, self._laps = -1, 0

    def lights(self, lit: int, started: bool) -> None:
        """So many red lights burn now, or the race has started."""
        if started and not self._started:
            self._speaker.play(Effect.GO)
        elif lit > self._lit:
            self._speaker.play(Effect.LIGHT)
        self._lit, self._started = lit, started

    def laps(self, race: Race, car: int) -> None:
        """A tick of the race is over, in which this car is watched: a chime for a lap, another for the fastest."""
        watched, laps = race.cars[car], race.cars[car].laps
        if car == self._car and laps > self._laps:
            others = [c.best_lap_s for c in race.cars if c is not watched and c.best_lap_s is not None]
            lap_s = float(watched.simulator.last_lap_s[0])
            fastest = laps > 1 and lap_s <= min([*others, watched.best_lap_s or np.inf])
            self._speaker.play(Effect.RECORD if fastest else Effect.LAP)
        self._car, self._laps = car, laps


class TrainingBell:
    """Tells the first lap of all, and each better one, though not too often."""

    def __init__(self, speaker: Speaker, best_lap_s: float | None) -> None:
        self._speaker = speaker
        self._best_s = best_lap_s
        self._since_s = TRAINING_GAP_S

    def update(self, dt: float, best_lap_s: float | None) -> None:
        """The best lap so far, dt [s] after this was last told."""
        self._since_s += dt
        if best_lap_s is None or (self._best_s is not None and best_lap_s >= self._best_s):
            return
        if self._since_s >= TRAINING_GAP_S:
            self._speaker.play(Effect.LAP if self._best_s is None else Effect.RECORD, TRAINING_LOUDNESS)
            self._since_s = 0.0
        self._best_s = best_lap_s
