"""The command line: words in, exit status out."""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress

from qrace.cli.arguments import Bench, Command, Evaluate, Play, Race, Reference, Screenshots, Train
from qrace.cli.parsing import parse
from qrace.errors import QRaceError, printable

BAD_COMMAND = 2
INTERRUPTED = 130
BROKEN_PIPE = 141
"""128 plus the signal's number, as shells count."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line (of this process, when none is given) and return the exit status.

    0: done. 2: what the user can mend, told in one line on stderr: a mistake, or a disk that takes or gives nothing.
    130: interrupted. 141: nobody reads on.
    """
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")  # pygame greets on stdout, where JSON lines go
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without the lines of a table's frame is no reason to fail
    try:
        try:
            return _run(parse(sys.argv[1:] if argv is None else argv))
        finally:
            print(end="", flush=True)  # here a disk that is full can still be told
    except QRaceError as error:
        _tell(str(error))
        return BAD_COMMAND
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _let_go()
        return BROKEN_PIPE
    except OSError as error:
        place = error.filename or "The output"
        _tell(f"{place} cannot be used ({error.strerror or error}): free some space there, or choose another place")
        _let_go()
        return BAD_COMMAND


def _tell(sentence: str) -> None:
    with suppress(OSError):  # the terminal may be closed
        print(printable(" ".join(sentence.split())), file=sys.stderr)


def _let_go() -> None:
    """Lead a stream that takes nothing any more to where all is taken, for Python flushes it once more at the end."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _run(command: Command) -> int:
    """Import what the command needs, and nothing else, and hand over."""
    match command:
        case Play():
            from qrace.cli.play import run_play

            return run_play(command)
        case Train():
            from qrace.cli.train import run_train

            return run_train(command)
        case Evaluate():
            from qrace.cli.evaluate import run_evaluate

            return run_evaluate(command)
        case Race():
            from qrace.cli.race import run_race

            return run_race(command)
        case Reference():
            from qrace.cli.reference import run_reference

            return run_reference(command)
        case Bench():
            from qrace.cli.bench import run_bench

            return run_bench(command)
        case Screenshots():
            from qrace.cli.screenshots import run_screenshots

            return run_screenshots(command)
