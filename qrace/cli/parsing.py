"""From words to a command, and one plain sentence for words that make no sense."""

import difflib
from collections.abc import Callable, Sequence
from dataclasses import fields
from functools import partial
from itertools import pairwise

from tyro import (
    _errors as tyro_errors,
)  # private, hence tyro's exact pin: the only way to one sentence instead of a box
from tyro._arguments import ArgumentDefinition
from tyro.conf import DisallowNone, FlagCreatePairsOff
from tyro.extras import subcommand_cli_from_dict

from qrace.cli.arguments import COMMANDS, Command, CommandError

DESCRIPTION = "QRace: watch cars learn to drive. Without a command it is play, and its flags stand alone."
KINDS = {"N": "a whole number", "S": "a number of seconds"}


def parse(argv: Sequence[str]) -> Command:
    """The command that the words after `main.py` ask for; without a command they are flags of play.

    Raises CommandError with one sentence for words that make no sense, SystemExit(0) after printing help.
    """
    words = list(argv)
    if not words or (words[0].startswith("-") and words[0] not in ("-h", "--help")):
        words.insert(0, "play")
    constructors: dict[str, Callable[..., Command]] = {**COMMANDS}
    with tyro_errors.on_parse_error(partial(_refuse, words)):
        return subcommand_cli_from_dict(
            constructors, prog="main.py", description=DESCRIPTION, args=words, config=(DisallowNone, FlagCreatePairsOff)
        )


def _refuse(words: Sequence[str], event: tyro_errors.ParseErrorEvent) -> None:
    """Raise the sentence for what tyro found wrong; what it does not know falls through to tyro's own message."""
    command = words[0]
    if isinstance(event, tyro_errors.UnrecognizedArgs):
        raise CommandError(_unknown(command, event.tokens))
    if isinstance(event, tyro_errors.MissingSubcommand):
        raise CommandError(_unknown(command, [command]))
    if isinstance(event, tyro_errors.InvalidChoice):
        name = command if event.argument.is_positional() else _name(event.argument)
        choices = str(event.argument.lowered.metavar).strip("{}").replace(",", ", ")
        raise CommandError(f"{name} {event.value} does not exist: choose from {choices}")
    if isinstance(event, tyro_errors.MissingArgs):
        raise CommandError(
            f"{command} needs {_name(event.missing_arguments[0].arg)}: see `python main.py {command} --help`"
        )
    if isinstance(event, tyro_errors.BadValue):
        raise CommandError(f"{_name(event.argument)} needs a value: see `python main.py {command} --help`")
    if isinstance(event, tyro_errors.InstantiationFailure) and event.argument is not None:
        flag, metavar = _name(event.argument), event.argument.lowered.metavar or "a value"
        raise CommandError(f"{flag} takes {KINDS.get(metavar, metavar)}, not {_value_of(flag, words)}")


def _name(argument: ArgumentDefinition) -> str:
    """--flag, or FILE for an argument that stands without a flag."""
    return str(argument.lowered.metavar) if argument.is_positional() else argument.display_name()


def _value_of(flag: str, words: Sequence[str]) -> str:
    """The value that the words give a flag."""
    joined = [word.split("=", 1)[1] for word in words if word.startswith(f"{flag}=")]
    following = [after for word, after in pairwise(words) if word == flag]
    return next((value for value in [*joined, *following] if value), "nothing")


def _unknown(command: str, tokens: Sequence[str]) -> str:
    """The sentence for a word that nothing knows, with the nearest known one."""
    if command not in COMMANDS:
        nearest = difflib.get_close_matches(command, COMMANDS, 1)
        cure = f"did you mean {nearest[0]}?" if nearest else f"the commands are {', '.join(COMMANDS)}"
        return f"There is no command {command}: {cure}"
    flags = [f"--{field.name}" for field in fields(COMMANDS[command])]
    word = next((token for token in tokens if token.startswith("-")), tokens[0])
    nearest = difflib.get_close_matches(word.split("=")[0], flags, 1)
    cure = f"did you mean {nearest[0]}?" if nearest and word not in flags else f"see `python main.py {command} --help`"
    return f"{command} does not know {word}: {cure}"
