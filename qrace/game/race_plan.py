"""What is agreed before a race: the road, the laps, the rules, and who drives what."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qrace.env.config import EnvConfig
from qrace.race.entrant import Entrant
from qrace.race.entry_list import Applicant, entry_list
from qrace.race.rules import RaceRules
from qrace.rl.policy import Policy
from qrace.sim.track import Track

MOST_SEED = 2**32


@dataclass(frozen=True, eq=False)
class Entry:
    """An entrant and what drives it: a policy that can also tell what it expects, or None for a person."""

    entrant: Entrant
    policy: Policy | None


@dataclass(frozen=True, eq=False)
class Racer:
    """One who wants to race, as the setup knows them."""

    name: str
    config: EnvConfig
    policy: Policy | None
    livery: int | None = None
    number: int | None = None


@dataclass(frozen=True, eq=False)
class RacePlan:
    """A race that can begin, once or again."""

    track: Track
    laps: int
    rules: RaceRules
    entries: tuple[Entry, ...]
    limit: bool = False
    """Whether the limit drives along, for the car of the first entry."""
    lights_seed: int = 0

    def again(self) -> "RacePlan":
        """The same race with other lots: nobody knows when the lights go out."""
        seed = None if self.rules.seed is None else new_seed()
        return replace(self, rules=replace(self.rules, seed=seed), lights_seed=new_seed())


def new_seed() -> int:
    """A lot that nobody can know before."""
    return secrets.randbelow(MOST_SEED)


def entries_of(racers: Sequence[Racer]) -> tuple[Entry, ...]:
    """The entry list. Raises QRaceError for too many."""
    listed = entry_list([Applicant(r.name, r.config, r.policy, r.livery, r.number) for r in racers])
    return tuple(Entry(entrant, racer.policy) for entrant, racer in zip(listed, racers, strict=True))
