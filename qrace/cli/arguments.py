"""The command line's words: one dataclass per command, one sentence per flag. Imports nothing heavy."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from tyro.conf import Positional, UseAppendAction, arg

from qrace.errors import QRaceError

CrashRule = Literal["back", "out"]
CarChoice = Literal["lesson", "grand-prix"]
PresetChoice = Literal["default", "lesson", "q-table", "grand-prix", "general"]

MAX_CARS = 10_000
MAX_SEED = 2**32 - 1
MAX_LIVERY, MAX_NUMBER = 7, 99


class CommandError(QRaceError):
    """A command line that makes no sense."""


def _hint(default: str) -> str:
    """What help says after a sentence: nothing where the sentence itself tells what happens without the flag."""
    return "" if default in ("None", "False", "") else f"(default: {default})"


def _arg(metavar: str | None = None) -> Any:
    return arg(metavar=metavar, help_behavior_hint=_hint)


Count = Annotated[int, _arg("N")]
CountOrNone = Annotated[int | None, _arg("N")]
SecondsOrNone = Annotated[float | None, _arg("S")]
TrackName = Annotated[str, _arg("TRACK")]
TrackNameOrNone = Annotated[str | None, _arg("TRACK")]
TrackNamesOrNone = Annotated[tuple[str, ...] | None, _arg("TRACK [TRACK ...]")]
Settings = Annotated[UseAppendAction[tuple[tuple[str, ...], ...]], _arg("KEY=VALUE [KEY=VALUE ...]")]
TextOrNone = Annotated[str | None, _arg("TEXT")]
NamesOrNone = Annotated[tuple[str, ...] | None, _arg("MODE [MODE ...]")]
FileOrNone = Annotated[Path | None, _arg("FILE")]
Flag = Annotated[bool, _arg()]


def _check(flag: str, value: float | None, smallest: float, largest: float = math.inf) -> None:
    """Raise CommandError unless value is None, or finite and from smallest to largest."""
    if value is not None and not (smallest <= value <= largest and math.isfinite(value)):
        span = f"from {smallest:g} to {largest}" if math.isfinite(largest) else f"of at least {smallest:g}"
        raise CommandError(f"{flag} {value} does not work: give a number {span}")


def _check_tracks(names: tuple[str, ...] | None) -> None:
    if names == ():
        raise CommandError("--track names no track: give one, such as --track oval")


def _check_resumed(command: "Play | Train", flag: str, names: tuple[str, ...]) -> None:
    """Raise CommandError where a saved model is named together with a flag that it would overrule."""
    given = [name for name in names if getattr(command, name) is not None]
    if given:
        raise CommandError(f"--{given[0]} cannot change with {flag}, the model brings its own: leave it out")


@dataclass(frozen=True)
class Play:
    """Open the window and watch cars learn to drive (what happens without a command)."""

    track: TrackNameOrNone = None
    """A built-in track, one of yours, a .json or .csv file, or random:SEED (oval, or the model's own, if none)."""
    model: FileOrNone = None
    """A saved brain to go on with, such as models/oval-1.safetensors; it brings its own car, preset and seed."""
    cars: CountOrNone = None
    """Cars that learn together (the preset's own number when left out)."""
    car: Annotated[CarChoice | None, _arg()] = None
    """Which car: lesson turns at once, grand-prix has tyres that slip (the preset's own when left out)."""
    seed: CountOrNone = None
    """Seed of everything random (0 when left out)."""
    preset: Annotated[PresetChoice | None, _arg()] = None
    """How the cars learn: default, or grand-prix for that car (so when left out); lesson, the network of the lesson;
    q-table, without a network; general, for many tracks at once."""

    set: Settings = ()
    """Change settings of the preset or the model, such as learner.double=false; see `train --help`."""

    def __post_init__(self) -> None:
        _check("--cars", self.cars, 1, MAX_CARS)
        _check("--seed", self.seed, 0, MAX_SEED)
        if self.model is not None:
            _check_resumed(self, "--model", ("preset", "car", "seed"))


@dataclass(frozen=True)
class Train:
    """Teach cars without a window; Ctrl-C stops early and saves."""

    track: TrackNamesOrNone = None
    """One or more tracks, learnt at once (oval, or the resumed model's own, when left out)."""
    general: Flag = False
    """Learn on generated roads alone, to drive roads never seen; brings the general preset, but to a resumed model."""
    seconds: SecondsOrNone = None
    """Train for so many seconds (60 when neither this nor --steps is given; with both, what is over first ends it)."""
    steps: CountOrNone = None
    """Train for so many steps, each one decision of every car; the same seed and steps give the same brain."""
    out: FileOrNone = None
    """Model file to write, ending in .safetensors (a new name in models/ when left out)."""
    resume: FileOrNone = None
    """Go on training this model; it brings its own car, preset, seed and number of cars."""
    preset: Annotated[PresetChoice | None, _arg()] = None
    """How the cars learn: default, or grand-prix for that car (so when left out); lesson, the network of the lesson;
    q-table, without a network; general, for many tracks at once."""
    car: Annotated[CarChoice | None, _arg()] = None
    """Which car: lesson turns at once, grand-prix has tyres that slip (the preset's own when left out)."""
    cars: CountOrNone = None
    """Cars that learn together (the preset's own number when left out)."""
    seed: CountOrNone = None
    """Seed of everything random (0 when left out)."""
    set: Settings = ()
    """Change settings of the preset, such as env.margin_m=1.0 learner.epsilon.end=0.005 learner.hidden=64,64: the keys
    are those of Config in qrace/rl/config.py, and an unknown one is answered by those there are."""
    name: TextOrNone = None
    """Name of the driver, shown in races and records (the file's name when left out)."""
    about: TextOrNone = None
    """Its character, in a sentence."""
    livery: CountOrNone = None
    """Its colour, 0 to 7 (that of its place on the grid when left out)."""
    number: CountOrNone = None
    """The number on its car, 0 to 99 (that of its place on the grid when left out)."""
    force: Flag = False
    """Replace --out if it exists."""
    json: Flag = False
    """Print JSON lines on stdout: the progress each second, at the end the result."""

    def __post_init__(self) -> None:
        _check("--seconds", self.seconds, 0.1)
        _check("--steps", self.steps, 1)
        _check("--cars", self.cars, 1, MAX_CARS)
        _check("--seed", self.seed, 0, MAX_SEED)
        _check("--livery", self.livery, 0, MAX_LIVERY)
        _check("--number", self.number, 0, MAX_NUMBER)
        _check_tracks(self.track)
        wrong = [words for words in self.set if not words or not all("=" in word for word in words)]
        if wrong:
            raise CommandError(f"--set takes KEY=VALUE, not {' '.join(wrong[0]) or 'nothing'}: see `train --help`")
        if self.resume is not None:
            _check_resumed(self, "--resume", ("preset", "car", "cars", "seed"))
        if self.general:
            for name in ("track", "preset", "car"):
                if getattr(self, name) is not None:
                    raise CommandError(f"--{name} does not go with --general, which brings its own: leave one out")


@dataclass(frozen=True)
class Evaluate:
    """Let saved brains drive greedily and measure them, one line per brain and track."""

    models: Positional[Annotated[tuple[Path, ...], _arg("FILE [FILE ...]")]]
    """The model files."""
    track: TrackNamesOrNone = None
    """One or more tracks (each model's own when left out; a general driver's are all built-in ones)."""
    starts: Count = 20
    """Starting places, the first standing on the start line, the others spread over the track."""
    seed: Count = 0
    """Seed of the starting places."""
    json: Flag = False
    """Print one JSON object per model and track on stdout."""

    def __post_init__(self) -> None:
        if not self.models:
            raise CommandError("evaluate needs a model file: make one with `python main.py train`")
        _check("--starts", self.starts, 1, MAX_CARS)
        _check("--seed", self.seed, 0, MAX_SEED)
        _check_tracks(self.track)


@dataclass(frozen=True)
class Race:
    """Race saved brains against each other; prints the standings."""

    models: Positional[Annotated[tuple[Path, ...], _arg("FILE [FILE ...]")]]
    """The model files, in the order of the grid."""
    track: TrackName = "oval"
    """A built-in track, one of yours, a .json or .csv file, or random:SEED."""
    laps: Count = 3
    """Length of the race; the winner's flag ends it for the others when they next cross the line."""
    rolling: Flag = False
    """All start level and rolling instead of standing on a grid."""
    crash_rule: Annotated[CrashRule, _arg()] = "back"
    """Who leaves the road goes on there after standing for 5 s (back), or is out."""
    collisions: Flag = False
    """Cars touch instead of passing through one another."""
    limit: Flag = False
    """Add the fastest race there is, with the first model's car, as a last line (of other than built-in tracks once
    `reference` has found it)."""
    seed: CountOrNone = None
    """Draw the grid by this lot (in the order of the files when left out)."""
    json: Flag = False
    """Print one JSON object per entrant on stdout, the winner first."""

    def __post_init__(self) -> None:
        _check("--laps", self.laps, 1, 10_000)
        _check("--seed", self.seed, 0, MAX_SEED)
        if not self.models:
            raise CommandError("race needs a model file: make one with `python main.py train`")


@dataclass(frozen=True)
class Reference:
    """Compute how fast a car can go round a track at all, standing and flying; the result is kept."""

    track: Positional[Annotated[str, _arg("TRACK")]]
    """A built-in track, one of yours, a .json or .csv file, or random:SEED."""
    car: Annotated[CarChoice, _arg()] = "lesson"
    """Which car."""
    again: Flag = False
    """Search even if a result is kept."""
    json: Flag = False
    """Print one JSON object on stdout."""


@dataclass(frozen=True)
class Bench:
    """Measure the simulator, the window's frames or the learning on this machine."""

    what: Positional[
        Annotated[
            Literal["sim", "frame", "learn", "stay", "general", "update", "peers", "ablation", "drivers"],
            _arg(),
        ]
    ]
    """sim: car-steps per second and ray accuracy; frame: frame times; learn: seconds to the first clean lap; stay:
    whether laps stay clean; general: clean laps on circuits never seen; update: gradient updates per second; peers:
    other libraries' learners side by side; ablation: each switch of the learner changed alone; drivers: those that
    come with the game, each on roads of its kind."""
    seeds: CountOrNone = None
    """How many seeds, from 0 up, for what learns (5; 3 for peers and ablation when left out)."""
    json: Flag = False
    """Print one JSON object per measurement on stdout."""
    until: SecondsOrNone = None
    """stay, general: how long each seed trains (120 and 600 when left out)."""
    tracks: TrackNamesOrNone = None
    """general: further circuits to drive on, besides the built-in tracks."""
    limit: SecondsOrNone = None
    """peers: how long each learner may try (600 when left out)."""
    track: TrackNameOrNone = None
    """peers: where they learn (oval when left out)."""
    car: Annotated[CarChoice | None, _arg()] = None
    """peers: which car they drive (lesson when left out)."""
    seconds: SecondsOrNone = None
    """ablation: how long each lesson run trains, a general one twice as long (20 when left out); frame: how long each
    mode is measured (6); drivers: how long each trains, instead of its own time."""
    modes: NamesOrNone = None
    """frame: the modes to measure, such as "train x4" (all when left out)."""
    soak: SecondsOrNone = None
    """frame: run each mode, or training alone, for so long and tell frames over 50 ms and how memory grows."""
    train: Flag = False
    """drivers: make them all anew first; they replace those in models/."""
    out: FileOrNone = None
    """Also keep the measurements as tables in this .md file, with date and machine; it is replaced if it exists, but
    for what stands above a line <!-- measured -->."""

    def __post_init__(self) -> None:
        for name, those in BENCH_FLAGS.items():
            if getattr(self, name) not in (None, False) and self.what not in those:
                raise CommandError(f"--{name} does not go with bench {self.what}: it is for {', '.join(those)}")
        _check("--seeds", self.seeds, 1, 1000)
        for name in ("until", "limit", "seconds", "soak"):
            _check(f"--{name}", getattr(self, name), 0.1)
        if self.tracks == ():
            raise CommandError("--tracks names no circuit: give a file, or leave it out")


BENCH_FLAGS = {
    "seeds": ("learn", "stay", "general", "peers", "ablation"),
    "until": ("stay", "general"),
    "tracks": ("general",),
    "limit": ("peers",),
    "track": ("peers",),
    "car": ("peers",),
    "seconds": ("ablation", "frame", "drivers"),
    "modes": ("frame",),
    "soak": ("frame",),
    "train": ("drivers",),
}
"""Which benches a flag goes with; the others it is refused for."""


@dataclass(frozen=True)
class Screenshots:
    """Take the pictures of the window that the README shows."""

    out: Annotated[Path, _arg("FOLDER")] = Path("assets/readme")
    """Folder for the pictures."""


Command = Play | Train | Evaluate | Race | Reference | Bench | Screenshots

COMMANDS: dict[str, type[Command]] = {
    "play": Play,
    "train": Train,
    "evaluate": Evaluate,
    "race": Race,
    "reference": Reference,
    "bench": Bench,
    "screenshots": Screenshots,
}
