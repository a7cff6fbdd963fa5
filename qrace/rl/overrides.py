"""Single settings of the config tree changed by words, such as learner.epsilon.end=0.005."""

from collections.abc import Iterable
from dataclasses import fields, is_dataclass, replace
from math import prod
from typing import Any, get_args, get_origin, get_type_hints

from qrace.errors import QRaceError
from qrace.rl.checkpoint import LARGEST_FILE, tensor_shapes
from qrace.rl.config import Config, read_by

MEANING = ("learner.kind", "env.car", "env.features", "env.sensors")
"""Keys, alone or of a whole group, by which a trained brain reads the world, whatever the shapes of its tensors."""


def override(config: Config, settings: Iterable[str], trained: bool = False) -> Config:
    """The config with these settings, each KEY=VALUE, the key dotted and the items of a list joined by commas.

    With `trained` the config is that of a brain that has learned already, and has to fit it afterwards. Settings that
    need one another may come in any order.
    Raises QRaceError, with the setting, for an unknown key, a wrong type, a value out of range, or a key that means
    nothing to the kind of learner that there is in the end.
    """
    settings = waiting = list(settings)
    while waiting:
        refused: dict[str, QRaceError] = {}
        for setting in waiting:
            try:
                config = _with(config, setting, trained)
            except QRaceError as error:
                refused[setting] = error
        if len(refused) == len(set(waiting)):
            setting, fault = next(iter(refused.items()))
            raise QRaceError(f"--set {setting}: {fault}") from fault
        waiting = list(refused)
    for setting in settings:
        _check_read(setting, config.learner.kind)
    return config


def _with(config: Config, setting: str, trained: bool) -> Config:
    key, _, text = setting.partition("=")
    changed = _changed(config, key.split("."), 0, text)
    if trained and changed != config and not _fits(key, config, changed):
        raise QRaceError("no longer fits what the brain has learned: leave it out.")
    if sum(4 * prod(shape) for shape in tensor_shapes(changed).values()) > LARGEST_FILE:
        raise QRaceError(f"makes the model larger than {LARGEST_FILE >> 20} MB: choose less.")
    return changed


def _check_read(setting: str, kind: str) -> None:
    group, _, name = setting.partition("=")[0].partition(".")
    if group == "learner" and kind not in (kinds := read_by(name.partition(".")[0])):
        raise QRaceError(f"--set {setting}: means nothing to {kind}, only to {' and '.join(kinds)}: leave it out.")


def _changed(tree: Any, path: list[str], depth: int, text: str) -> Any:
    """A copy of a dataclass of the tree, with the key path[depth:] below it set to what the text says."""
    here, name = ".".join(path[:depth]), path[depth]
    names = [field.name for field in fields(tree) if (here, field.name) != ("", "preset")]
    if name not in names:
        raise QRaceError(f"there is no such key: {here or 'the config'} has {', '.join(names)}.")
    value = getattr(tree, name)
    if not is_dataclass(value):
        if depth + 1 < len(path):
            raise QRaceError(f"there is nothing below {'.'.join(path[: depth + 1])}: give it a value itself.")
        return replace(tree, **{name: _parsed(get_type_hints(type(tree))[name], text)})
    if depth + 1 == len(path):
        raise QRaceError(f"is a group of keys: choose from {', '.join(field.name for field in fields(value))}.")
    return replace(tree, **{name: _changed(value, path, depth + 1, text)})


def _parsed(kind: Any, text: str) -> Any:
    from pydantic import TypeAdapter, ValidationError  # only who reads a setting needs it

    try:
        if get_origin(kind) is not tuple:
            return TypeAdapter(kind).validate_strings(text)
        item = TypeAdapter(get_args(kind)[0])
        return tuple(item.validate_strings(word) for word in text.split(",")) if text else ()
    except ValidationError as error:
        raise QRaceError(f"the value does not work ({error.errors(include_url=False)[0]['msg']}).") from error


def _fits(key: str, before: Config, after: Config) -> bool:
    return tensor_shapes(before) == tensor_shapes(after) and not f"{key}.".startswith(tuple(f"{k}." for k in MEANING))
