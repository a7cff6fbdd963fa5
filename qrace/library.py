"""The lesson's two names, for Python: a QRace is a track to drive on, a QCar a car with a Q-learning brain.

from qrace import QCar, QRace

race = QRace("oval")
car = QCar("first")
race.training_race(car, episodes=1_000)
race.race([car], laps=3)
car.save("models/first.safetensors")
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from qrace.errors import QRaceError, printable
from qrace.race.entrant import Entrant
from qrace.race.race import Race, Standing
from qrace.race.rules import RaceRules
from qrace.rl.checkpoint import Checkpoint, load_checkpoint, load_policy, save_checkpoint
from qrace.rl.config import Config
from qrace.rl.metrics import Metrics
from qrace.rl.persona import LONGEST_NAME, Persona
from qrace.rl.policy import Policy
from qrace.rl.presets import preset as named_preset
from qrace.rl.trainer import Trainer
from qrace.sim.car import CarName
from qrace.sim.track import Track
from qrace.sim.track_files import load_track


class QCar:
    """A car with a Q-learning brain.

    Attributes:
        name: shown in standings and saved with the brain.
        livery: index of its colour.
        number: painted on it.
        config: car model, sensors, rewards and learning; frozen, replace it as a whole before training.
        checkpoint: the brain, None while it has learnt nothing.
    """

    def __init__(
        self,
        name: str = "QCar",
        *,
        livery: int = 0,
        number: int = 1,
        car: CarName | None = None,
        preset: str = "default",
        seed: int = 0,
        config: Config | None = None,
    ) -> None:
        """A car with a new brain, set up by a preset, or by a config in its place.

        Raises QRaceError for a preset that does not exist, and for a name, livery or number that no model file takes.
        """
        Persona(name, livery=livery, number=number)  # which says what does not fit, now and not after the training
        self.name, self.livery, self.number = name, livery, number
        self.config = config or replace(named_preset(preset, car), seed=seed)
        self.checkpoint: Checkpoint | None = None

    @classmethod
    def load(cls, path: str | Path) -> "QCar":
        """The car in a model file, with the car model and the senses it was trained with. Raises CheckpointError."""
        checkpoint = load_checkpoint(path)
        persona = checkpoint.persona
        name = persona.name or printable(checkpoint.name)[:LONGEST_NAME]
        livery, number = persona.livery or 0, persona.number
        car = cls(name, livery=livery, number=1 if number is None else number, config=checkpoint.config)
        car.checkpoint = checkpoint
        return car

    def save(self, path: str | Path) -> None:
        """Write the brain to a model file that the window, the command line and `load` read.

        Raises CheckpointError, and QRaceError for a name, livery or number that was changed to what does not fit.
        """
        checkpoint = self._trained()
        persona = replace(checkpoint.persona, name=self.name, livery=self.livery, number=self.number)
        save_checkpoint(replace(checkpoint, name=self.name, persona=persona), path)

    @property
    def policy(self) -> Policy:
        """The brain as a greedy driver."""
        return load_policy(self._trained())

    def _trained(self) -> Checkpoint:
        if self.checkpoint is None:
            raise QRaceError(f"{self.name} has learnt nothing yet: call training_race first, or load a model.")
        return self.checkpoint


class QRace:
    """A track to learn and to race on."""

    def __init__(self, track: str | Path | Track = "oval") -> None:
        """track: a Track, a built-in name, a .json or .csv file, or random:SEED. Raises TrackError."""
        self.track = track if isinstance(track, Track) else load_track(str(track))

    def training_race(self, car: QCar, episodes: int = 1_000) -> Metrics:
        """Let a car learn until copies of it have ended so many episodes, in a crash or at the time limit.

        Called again, on this track or another, it goes on with the same brain and a new memory. The same calls give
        the same brain. Whatever ends it, Ctrl-C too, the car keeps what it has learnt until then. Returns the counters
        of the training.

        Raises QRaceError for no episodes, and for a car whose config is no longer the one it has learnt with.
        """
        if episodes < 1:
            raise QRaceError(f"{episodes} episodes are none: give 1 or more.")
        if car.checkpoint is None:
            trainer = Trainer(car.config, [self.track])
        elif car.config != car.checkpoint.config:
            raise QRaceError(
                f"{car.name} has learnt with another config: set its config back to that of its checkpoint, or make a "
                "new QCar with this one."
            )
        else:
            trainer = Trainer.from_checkpoint(car.checkpoint, [self.track])
        goal = trainer.metrics.episodes + episodes
        try:
            while trainer.metrics.episodes < goal:
                trainer.step()
        finally:
            car.checkpoint = trainer.checkpoint(car.name)
            trainer.close()
        return trainer.metrics

    def race(self, cars: Sequence[QCar], laps: int = 3, rules: RaceRules | None = None) -> list[Standing]:
        """Race cars from the grid, in the order given, and return the standings, the winner first.

        Each drives and senses as it has been trained. Raises QRaceError for one that has learnt nothing yet.
        """
        entrants = [Entrant(car.name, car.livery, car.number, car._trained().config.env, car.policy) for car in cars]
        return Race(self.track, entrants, laps, rules).run()
