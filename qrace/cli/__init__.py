"""The command line: words in, exit status out."""

import os
import sys
from collections.abc import Sequence

from qrace.cli.arguments import Bench, Command, Evaluate, Play, Race, Reference, Screenshots, Train
from qrace.cli.parsing import parse
from qrace.errors import QRaceError

BAD_COMMAND = 2
INTERRUPTED = 130
BROKEN_PIPE = 141
"""128 plus the signal's number, as shells count."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line (of this process, when none is given) and return the exit status.

    0: done. 2: a mistake that the user can mend, told in one line on stderr. 130: interrupted. 141: nobody reads on.
    """
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")  # pygame greets on stdout, where JSON lines go
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without the lines of a table's frame is no reason to fail
    try:
        return _run(parse(sys.argv[1:] if argv is None else argv))
    except QRaceError as error:
        print(" ".join(str(error).split()), file=sys.stderr)
        return BAD_COMMAND
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that Python's last flush finds a reader
        return BROKEN_PIPE


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
