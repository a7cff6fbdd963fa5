"""`bench ablation`: the table that justifies the defaults, each switch of the learner changed alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, get_args, get_origin, get_type_hints

from qrace.bench.judging import JURY_SEED, Jury, Row, TimedRun, Verdict, highest, lowest, median
from qrace.bench.learn import TRACK
from qrace.rl.config import DEEP, DQN, PQN, Config, LearnerConfig, read_by
from qrace.rl.general import general_roads
from qrace.rl.presets import PRESETS, preset
from qrace.rl.warm_up import warm_up
from qrace.sim.track import Track
from qrace.sim.track_files import builtin_tracks, load_track

SECONDS = 20.0
"""Of training with the lesson's car; the general driver takes a multiple of it, see the_tasks [s]."""


@dataclass(frozen=True)
class Setting:
    """A field of the config that is no switch, and the values to try."""

    path: str
    values: tuple[object, ...]
    kinds: tuple[str, ...] = DEEP
    """The kinds of learner for which it means something."""


SETTINGS = (
    Setting("learner.kind", ("pqn",), DQN),
    Setting("learner", (preset("grand-prix").learner,), PQN),
    Setting("learner.n_step", (1, 3, 5), DQN),
    Setting("learner.trace", (0.5, 0.9), PQN),
    Setting("learner.temperature", (0.003,), PQN),
    Setting("learner.discount", (0.985,)),
    Setting("learner.hidden", ((128, 128),)),
    Setting("learner.learning_rate", (1e-3,), DQN),
    Setting("learner.learning_rate_half_life", (0,)),
    Setting("learner.average_rate", (0.0,)),
    Setting("learner.batch_size", (256,), DQN),
    Setting("cars", (32,), DQN),
    Setting("cars", (128,), PQN),
    Setting("env.features", (("rays", "speed", "steer"),), PQN),
    Setting("env.margin_m", (0.0,)),
    Setting("env.start_speed", (0.35,), PQN),
    Setting("env.standing_starts", (0.0,), PQN),
    Setting("env.max_episode_s", (60.0,), PQN),
    Setting("env.reward.crash", (-3.0,), PQN),
)
"""A value that a preset has already is no variant of it."""
NO_SWITCHES = {"kind", "fast"}
"""Switches that stand in SETTINGS or do not change what a network learns."""


@dataclass(frozen=True)
class Task:
    """What is learnt, and on what it is judged: the roads of training, or circuits never seen."""

    name: str
    preset: str
    circuits: tuple[str, ...]
    """Names of the tracks to be judged on."""
    generated: bool
    """Train on generated roads instead of the circuits."""
    longer: float
    """Training time as a multiple of --seconds."""
    evaluations: int
    """Spread over the training time."""
    starts: int
    """Random starts on each circuit."""


def the_tasks() -> list[Task]:
    """The lesson's car on the default track; the general driver on the built-in tracks, which it never trains on."""
    return [
        Task("lesson", "default", (TRACK,), False, 1.0, 10, 100),
        Task("general", "general", tuple(builtin_tracks()), True, 2.0, 5, 3),
    ]


def bench_ablation(seeds: int, seconds: float = SECONDS) -> Iterator[Row]:
    """A row per task and variant: the preset as it is, then each setting changed alone; median and worst over seeds.

    Judged is the learner, by the weights that it drives by, for a champion hides what learning loses again; only
    `champion_pct` is the champion's. `first_lap_s`: first clean standing lap in training's own examinations. `clean`:
    share of random starts lapped clean at the end. `fallen_to`: the lowest such share at any evaluation after the first
    with a clean standing lap. `off_limit`: the best lap of each circuit against the limit, at the end.
    """
    for task in the_tasks():
        circuits = [load_track(name) for name in task.circuits]
        for variant, config in variants(preset(task.preset)):
            warm_up(config, circuits[:1])
            cells = [cell(task, config, circuits, seed, seconds * task.longer) for seed in range(seeds)]
            yield {"bench": "ablation", "task": task.name, "variant": variant, **summary(cells)}


def variants(config: Config) -> Iterator[tuple[str, Config]]:
    """The config itself, then one for each other value of a switch or setting, named after it."""
    yield "as it is", config
    for setting in (*switches(), *SETTINGS):
        if config.learner.kind not in setting.kinds:
            continue
        for value in setting.values:
            if value != _read(config, setting.path):
                yield f"{setting.path.rpartition('.')[2]} {_word(value)}", changed(config, setting.path, value)


def switches() -> list[Setting]:
    """Every field of the learner's config that is yes or no or one of some words, with its values."""
    hints, found = get_type_hints(LearnerConfig), []
    for name in (field.name for field in fields(LearnerConfig) if field.name not in NO_SWITCHES):
        if hints[name] is bool:
            found.append(Setting(f"learner.{name}", (True, False), read_by(name)))
        elif get_origin(hints[name]) is Literal:
            found.append(Setting(f"learner.{name}", get_args(hints[name]), read_by(name)))
    return found


def changed(config: Any, path: str, value: object) -> Any:
    """A copy of a tree of dataclasses with the field at a dotted path replaced."""
    name, _, rest = path.partition(".")
    return replace(config, **{name: changed(getattr(config, name), rest, value) if rest else value})


def cell(task: Task, config: Config, circuits: Sequence[Track], seed: int, seconds: float) -> Row:
    """One training run of one variant, judged again and again while its clock stands still."""
    roads = general_roads(seed) if task.generated else (circuits, None)
    jury = Jury(config.env, circuits, task.starts, JURY_SEED + seed)
    run = TimedRun(replace(config, seed=seed), *roads)
    found: list[Verdict] = []
    for i in range(1, task.evaluations + 1):
        run.train_until(seconds * i / task.evaluations)
        found.append(jury.judge(run.drivers()["learner"]))
    champion = jury.judge(run.drivers()["champion"])
    run.close()
    return {
        "first_lap_s": run.first_lap_s,
        "clean_pct": found[-1].random_pct,
        "fallen_to_pct": fallen_to(found),
        "champion_pct": champion.random_pct,
        "off_limit_pct": found[-1].best_off_pct,
        "updates": run.trainer.metrics.updates,
    }


def fallen_to(found: Sequence[Verdict]) -> float:
    """The lowest share of clean random starts from the first verdict with a clean standing lap on, 0 without one.

    That first one itself counts only where it is the last of all: laps that have just begun to be clean are not lost.
    """
    first = next((i for i, one in enumerate(found) if one.standing_pct > 0.0), None)
    if first is None:
        return 0.0
    return min(one.random_pct for one in found[first + 1 :] or found[first:])


def summary(cells: Sequence[Row]) -> Row:
    """Median and worst of each figure over the seeds."""
    row: Row = {}
    for name in cells[0]:
        values = [found[name] for found in cells]
        if name == "updates":
            row[name] = round(median(values) or 0)
        elif name in ("clean_pct", "fallen_to_pct", "champion_pct"):
            row |= {name: median(values), f"{name}_worst": lowest(values)}
        else:
            row |= {name: median(values), f"{name}_worst": highest(values)}
    return row


def _read(config: Any, path: str) -> object:
    for name in path.split("."):
        config = getattr(config, name)
    return config


def _word(value: object) -> str:
    if isinstance(value, LearnerConfig):
        return next(name for name, known in PRESETS.items() if known.learner == value)
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value)
