"""What the person has chosen for the next race; it is kept from one race to the next of a sitting."""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from qrace.errors import QRaceError
from qrace.game.driver_files import DriverFiles, SavedDriver
from qrace.game.race_plan import RacePlan, Racer, entries_of, new_seed
from qrace.game.session import THIS_BRAIN, Session
from qrace.game.settings import Settings
from qrace.game.time_trial import PERSON
from qrace.race.rules import MOST_ENTRANTS, RaceRules
from qrace.rl.checkpoint import load_checkpoint, load_policy
from qrace.sim.car import CAR_MODELS, CarName
from qrace.sim.own_tracks import own_tracks
from qrace.sim.track import Track
from qrace.sim.track_files import RANDOM_PREFIX, builtin_tracks, load_track

YOU, BRAIN = "you", "brain"
"""Keys of the first two on the list; saved drivers have their paths."""
LAPS = 3
MOST_LAPS = 99
MOST_TRACK_SEED = 9999


@dataclass
class RaceChoice:
    """Track, laps and so on, and who is ticked.

    Attributes:
        track: name or file of the road; None for the one that is learned on.
        track_seed: of the random road.
        ticked: keys of those who race.
    """

    files: DriverFiles
    track: str | None = None
    track_seed: int = 1
    laps: int = LAPS
    by_lot: bool = False
    limit: bool = False
    car: CarName | None = None
    """Your own; None for the car of the brain that learns now."""
    ticked: set[str] | None = None
    """None before the first choice."""
    _names: list[str] = field(default_factory=list)
    _loaded: dict[Path, tuple[SavedDriver, Racer]] = field(default_factory=dict)

    def racers(self) -> list[SavedDriver]:
        """Saved drivers that can race, in the order of the list: those saved by name, then the older selves."""
        good = [driver for driver in self.files.drivers() if driver.description is not None]
        return sorted(good, key=lambda driver: driver.unasked)

    def open(self, session: Session) -> None:
        """The setup is opened."""
        drivers = self.racers()
        known = {YOU, BRAIN, *(str(driver.path) for driver in drivers)}
        if self.ticked is None:
            newest = max((d for d in drivers if not d.unasked), key=lambda d: d.saved_at, default=None)
            self.ticked = {YOU, BRAIN} | ({str(newest.path)} if newest else set())
        self.ticked &= known
        names = [*builtin_tracks(), *(str(path) for path in own_tracks())]
        here = session.track.name
        if here not in names and not here.startswith(RANDOM_PREFIX) and not any(Path(n).stem == here for n in names):
            names.insert(0, here)
        self._names = [*names, RANDOM_PREFIX]
        if self.track is None or self.track not in self._names:
            self._choose_here(here)

    def _choose_here(self, here: str) -> None:
        if here.startswith(RANDOM_PREFIX):
            self.track, self.track_seed = RANDOM_PREFIX, int(here.removeprefix(RANDOM_PREFIX))
        else:
            self.track = next(name for name in self._names if name == here or Path(name).stem == here)

    @property
    def random(self) -> bool:
        """Whether the road is a random one."""
        return self.track == RANDOM_PREFIX

    @property
    def track_label(self) -> str:
        if self.random:
            return "Random"
        name = Path(self.track or "").stem.replace("-", " ")
        return name[:1].upper() + name[1:]

    def change_track(self, step: int) -> None:
        self.track = self._names[(self._names.index(self.track or "") + step) % len(self._names)]

    def tick(self, key: str) -> bool:
        """Tick or untick; whether it could be done."""
        ticked = self.ticked or set()
        if key not in ticked and len(ticked) >= MOST_ENTRANTS:
            return False
        self.ticked = ticked ^ {key}
        return True

    @property
    def track_name(self) -> str:
        """Of the road, as `load_track` takes it."""
        return f"{RANDOM_PREFIX}{self.track_seed}" if self.random else self.track or ""

    def load_track(self, session: Session) -> Track:
        """The road. Raises TrackError."""
        here, name = session.track, self.track_name
        return here if name == here.name else load_track(name)

    def plan(self, session: Session, settings: Settings, track: Track | None = None) -> RacePlan:
        """Everything loaded; track: the road, if it is there already.

        Raises QRaceError: nobody is ticked, or a file has gone bad.
        """
        ticked = self.ticked or set()
        if not ticked:
            raise QRaceError("Nobody is ticked: Space ticks who races.")
        env = session.config.env
        racers: list[Racer] = []
        if YOU in ticked:
            own = env if self.car in (None, env.car) else replace(env, car=self.car)
            racers.append(Racer(PERSON, own, None))
        if BRAIN in ticked:
            racers.append(Racer(THIS_BRAIN, env, session.trainer.best_policy()))
        racers += [self._racer(driver) for driver in self.racers() if str(driver.path) in ticked]
        seed = new_seed() if self.by_lot else None
        rules = RaceRules(settings.crash_rule, settings.collisions, seed=seed)
        return RacePlan(
            track or self.load_track(session), self.laps, rules, entries_of(racers), self.limit, lights_seed=new_seed()
        )

    def change_car(self, step: int, session: Session) -> None:
        names = list(CAR_MODELS)
        self.car = names[(names.index(self.car or session.config.env.car) + step) % len(names)]

    def preload(self) -> None:
        """Read the drivers that are ticked, so that the start need not; fit for any thread. Faults are told later."""
        for driver in self.racers():
            if str(driver.path) in (self.ticked or ()):
                with suppress(QRaceError):
                    self._racer(driver)

    def _racer(self, driver: SavedDriver) -> Racer:
        """A file that has not changed is read once. Raises CheckpointError."""
        known = self._loaded.get(driver.path)
        if known is None or known[0] != driver:
            checkpoint = load_checkpoint(driver.path)
            racer = Racer(driver.name, checkpoint.config.env, load_policy(checkpoint), driver.livery, driver.number)
            known = self._loaded[driver.path] = driver, racer
        return known[1]
