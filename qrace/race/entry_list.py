"""The entry list: who wants to race, and what each is called and looks like so that no two are alike."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count

from qrace.env.config import EnvConfig
from qrace.errors import QRaceError
from qrace.race.entrant import Driver, Entrant
from qrace.race.rules import MOST_ENTRANTS

COLOURS = 8
"""How many colours liveries have; a livery of COLOURS and more is the same colour with a pattern on it."""


@dataclass(frozen=True, eq=False)
class Applicant:
    """One who wants to race, before there is a list."""

    name: str
    config: EnvConfig
    policy: Driver | None
    livery: int | None = None
    """The colour it would like, None for any."""
    number: int | None = None
    """The number it would like, None for any."""


def entry_list(applicants: Sequence[Applicant]) -> list[Entrant]:
    """Entrants in the same order: names get a number from the second of a kind on, liveries and numbers are unique.

    Who asks for a colour or a number first gets it; a colour that is taken comes with a pattern on it.

    Raises:
        QRaceError: for more than MOST_ENTRANTS.
    """
    if len(applicants) > MOST_ENTRANTS:
        raise QRaceError(f"{len(applicants)} cars are too many for a race: enter {MOST_ENTRANTS} or fewer.")
    liveries = _assign([applicant.livery for applicant in applicants], step=COLOURS, first=0)
    numbers = _assign([applicant.number for applicant in applicants], step=1, first=1)
    names: list[str] = []
    for applicant in applicants:
        names.append(_free_name(applicant.name, names))
    return [
        Entrant(name, livery, number, applicant.config, applicant.policy)
        for name, livery, number, applicant in zip(names, liveries, numbers, applicants, strict=True)
    ]


def _assign(wishes: Sequence[int | None], step: int, first: int) -> list[int]:
    """A number for everyone, no two the same: the wish or the next free one `step` further; any where there is none."""
    given: dict[int, int] = {}
    for index, wish in enumerate(wishes):
        if wish is not None:
            given[index] = _next_free(given.values(), wish, step)
    for index, wish in enumerate(wishes):
        if wish is None:
            given[index] = _next_free(given.values(), first, 1)
    return [given[index] for index in range(len(wishes))]


def _next_free(taken: Iterable[int], first: int, step: int) -> int:
    used = set(taken)
    return next(number for number in count(first, step) if number not in used)


def _free_name(name: str, names: Sequence[str]) -> str:
    return next(candidate for k in count(1) if (candidate := name if k == 1 else f"{name} {k}") not in names)
