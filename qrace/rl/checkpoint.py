"""Model files: all that is needed to drive and to go on training, in one safetensors file.

The tensors are the champion's weights, which drive, and the learner's: online, target, average and Adam's moments, by
the torch module's names (or the champion's Q-table and the learner's). The file's metadata has one entry, "qrace", a
JSON object of the other fields of Checkpoint. Nothing is ever unpickled.
"""

import json
import reprlib
import shlex
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, fields, replace
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qrace.env.actions import ACTION_TABLES
from qrace.env.config import EnvConfig
from qrace.env.observation import observation_labels
from qrace.errors import QRaceError, check_range
from qrace.rl.agent_state import MOST_COUNTED
from qrace.rl.config import Config, parse_json
from qrace.rl.persona import Persona
from qrace.rl.policy import Driver, NetworkPolicy
from qrace.rl.q_table import TablePolicy
from qrace.rl.weights import BRAIN_PARTS, NetworkShape
from qrace.whole_file import write_whole

FORMAT_VERSION = 1
LARGEST_FILE = 64 * 2**20
"""Bytes; a model is some hundred kilobytes."""
LONGEST_S = 1e9
"""Of a lap or a training, a bound for what a damaged file says [s]."""
LONGEST_FAULT = 200
"""Characters of what a damaged file says that are told on."""


class CheckpointError(QRaceError):
    """A model file that cannot be read or written."""


@dataclass(frozen=True, kw_only=True)
class Description:
    """All of a checkpoint but its tensors."""

    name: str
    config: Config
    counters: dict[str, Any]
    """Steps, updates, generator states and so on, as the trainer and the agent keep them; fit for JSON."""
    track: str
    """The tracks that it was trained on, as `--track` takes them; empty for a general driver."""
    best_lap_s: float | None
    command: str
    """The command line that reproduces it."""
    seconds: float
    """Wall clock spent in training [s]."""
    persona: Persona = field(default_factory=Persona)
    format_version: int = FORMAT_VERSION

    def __post_init__(self) -> None:
        """Raises QRaceError for a list of tracks, for counters or for times that cannot be."""
        try:
            shlex.split(self.track)
        except ValueError as error:
            raise QRaceError(f"track {self.track[:40]!r} is no list of names ({error}): quote the names.") from error
        for name in ("agent", "metrics", "trainer"):
            if not isinstance(self.counters.get(name, {}), dict):
                raise QRaceError(f"counters.{name} are no counters by name: correct them.")
        steps = self.counters.get("metrics", {}).get("steps", 0)
        if not (isinstance(steps, int) and 0 <= steps <= MOST_COUNTED):
            raise QRaceError("counters.metrics.steps is no count: correct it.")
        check_range("seconds", self.seconds, 0.0, LONGEST_S)
        check_range("best_lap_s", self.best_lap_s or 0.0, 0.0, LONGEST_S)

    @property
    def tracks(self) -> list[str]:
        """The names in `track`."""
        return shlex.split(self.track)


@dataclass(frozen=True, kw_only=True, eq=False)
class Checkpoint(Description):
    """A brain with its senses, its car and its past."""

    tensors: dict[str, NDArray[np.float32]]


def observation_size(env: EnvConfig) -> int:
    """D of an environment, see the table in qrace.env.observation. Raises QRaceError where that does."""
    return sum(map(len, observation_labels(env.features, env.sensors)))


def tensor_shapes(config: Config) -> dict[str, tuple[int, ...]]:
    """Name and shape of every tensor that a model of this config consists of. Raises QRaceError as above."""
    env, learner = config.env, config.learner
    actions = len(ACTION_TABLES[env.car].names)
    if learner.kind == "q-table":
        return dict.fromkeys(("champion", "table"), (learner.ray_bins ** observation_size(env), actions))
    parameters = NetworkShape.of(learner, observation_size(env), actions).parameters()
    return {f"{part}.{name}": shape for part in ("champion", *BRAIN_PARTS) for name, shape in parameters.items()}


def save_checkpoint(checkpoint: Checkpoint, path: str | Path, *, exclusive: bool = False) -> None:
    """Write a model file whole or not at all: an old file stays as it was until the new one is safe on disk.

    Raises CheckpointError when the tensors do not fit the config, are not finite, or the disk does not take them;
    FileExistsError where `exclusive` finds the name taken.
    """
    from safetensors.numpy import save

    path = Path(path)
    description = Description(**_description_fields(checkpoint))
    tensors = {name: np.ascontiguousarray(tensor) for name, tensor in checkpoint.tensors.items()}
    _check_tensors(path, checkpoint.config, {name: tensor.shape for name, tensor in tensors.items()})
    _check_finite(path, tensors)
    words = json.dumps(asdict(description), ensure_ascii=False)
    words = words.encode(errors="replace").decode()  # a path need be no text, and then no reader took the file
    data = save(tensors, {"qrace": words})
    if len(data) > LARGEST_FILE:
        raise CheckpointError(f"{path}: the model is larger than {LARGEST_FILE >> 20} MB: use smaller hidden layers.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data, exclusive=exclusive)
    except OSError as error:
        if exclusive and isinstance(error, FileExistsError) and path.parent.is_dir():
            raise
        raise CheckpointError(
            f"{path}: could not be saved ({error.strerror}): free some space there or choose another file."
        ) from error


def save_new(checkpoint: Checkpoint, names: Iterable[Path]) -> Path:
    """Save under the first name that is free, also where several ask for it at once; the model is called after it.

    Returns the path. Raises CheckpointError as save_checkpoint does, FileExistsError when no name is left.
    """
    for path in names:
        with suppress(FileExistsError):
            save_checkpoint(replace(checkpoint, name=path.stem), path, exclusive=True)
            return path
    raise FileExistsError("every name is taken")


def save_elsewhere(checkpoint: Checkpoint, error: CheckpointError) -> Path:
    """Save what did not go where it should into a new folder among the temporary files; returns the path.

    Raises `error`, by which saving failed before, when this fails too.
    """
    with suppress(CheckpointError, OSError):
        path = Path(tempfile.mkdtemp(prefix="qrace-")) / "rescued.safetensors"
        save_checkpoint(checkpoint, path)
        return path
    raise error


def load_checkpoint(path: str | Path) -> Checkpoint:
    """Read a model file and check it whole. Raises CheckpointError: one sentence with the file, the fault, the cure."""
    path = Path(path)
    with _opened(path) as (file, description):
        tensors = {name: file.get_tensor(name) for name in file.offset_keys()}
    _check_finite(path, tensors)
    return Checkpoint(tensors=tensors, **_description_fields(description))


def load_description(path: str | Path) -> Description:
    """A model file without its tensors, in a millisecond; all but their values is checked. Raises CheckpointError."""
    with _opened(Path(path)) as (_, description):
        return description


@contextmanager
def _opened(path: Path) -> Iterator[tuple[Any, Description]]:
    """The file as safetensors opens it, and what it says of itself; all that can be checked without its tensors is."""
    from safetensors import SafetensorError, safe_open

    try:
        if path.is_dir():
            raise CheckpointError(f"{path} is a folder: give a model file in it, such as {path / 'oval.safetensors'}.")
        if not path.is_file():
            raise CheckpointError(f"{path}: there is no such model file: check the path, or train one with --out.")
        if path.stat().st_size > LARGEST_FILE:
            raise CheckpointError(f"{path}: too large for a QRace model: choose one under {LARGEST_FILE >> 20} MB.")
        with safe_open(path, framework="numpy") as file:
            description = _parse_description(path, file.metadata() or {})
            slices = {name: file.get_slice(name) for name in file.offset_keys()}
            if any(part.get_dtype() != "F32" for part in slices.values()):
                raise CheckpointError(f"{path}: has tensors that are not float32: use another copy of the model.")
            _check_tensors(path, description.config, {name: tuple(part.get_shape()) for name, part in slices.items()})
            yield file, description
    except (SafetensorError, OSError) as error:
        raise CheckpointError(
            f"{path}: is damaged or no QRace model ({error}): use another copy, a .safetensors file that QRace saved."
        ) from error


def _description_fields(description: Description) -> dict[str, Any]:
    return {field.name: getattr(description, field.name) for field in fields(Description)}


def load_policy(checkpoint: Checkpoint) -> Driver:
    """The champion of a model, a greedy driver in numpy alone."""
    config, tensors = checkpoint.config, checkpoint.tensors
    if config.learner.kind == "q-table":
        return TablePolicy(tensors["champion"], config.learner.ray_bins)
    shape = NetworkShape.of(config.learner, observation_size(config.env), len(ACTION_TABLES[config.env.car].names))
    return NetworkPolicy(shape, np.concatenate([tensors[f"champion.{name}"].ravel() for name in shape.parameters()]))


def _parse_description(path: Path, metadata: dict[str, str]) -> Description:
    if set(metadata) != {"qrace"}:
        raise CheckpointError(f"{path}: a safetensors file, but not one that QRace saved: choose another file.")
    try:
        version = json.loads(metadata["qrace"])["format_version"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise CheckpointError(
            f"{path}: its description is damaged ({error}): use another copy of the model or train anew."
        ) from error
    if version != FORMAT_VERSION:
        raise CheckpointError(
            f"{path}: has format version {reprlib.repr(version)}, this QRace reads {FORMAT_VERSION}: update QRace or "
            "train anew."
        )
    try:
        return parse_json(Description, metadata["qrace"])
    except QRaceError as error:
        fault = str(error).rpartition(": ")[0][:LONGEST_FAULT]  # the cure after it is for who writes JSON
        raise CheckpointError(
            f"{path}: its description does not fit this QRace ({fault}): use another copy of the model or train anew."
        ) from error


def _check_tensors(path: Path, config: Config, found: dict[str, tuple[int, ...]]) -> None:
    """The tensors must be exactly those of the config, in name and shape."""
    try:
        expected = tensor_shapes(config)
    except QRaceError as error:
        raise CheckpointError(f"{path}: {error}") from error
    if max(map(prod, expected.values())) * 4 > LARGEST_FILE:  # and no shape with a number of thousands of figures
        raise CheckpointError(f"{path}: its config asks for more than {LARGEST_FILE >> 20} MB: use another copy of it.")
    for name in expected.keys() | found.keys():
        if expected.get(name) != found.get(name):
            raise CheckpointError(
                f"{path}: tensor {name[:LONGEST_FAULT]!r} has shape {found.get(name)} where its config asks for "
                f"{expected.get(name)}: use another copy of the model."
            )


def _check_finite(path: Path, tensors: dict[str, NDArray[np.float32]]) -> None:
    for name, tensor in tensors.items():
        if not np.isfinite(tensor).all():
            raise CheckpointError(f"{path}: tensor '{name}' is not finite (learning blew up): use an earlier model.")
