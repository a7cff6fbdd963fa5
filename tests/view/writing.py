"""What is written on the screen and where, for the tests of what must not be cut or overprinted."""

from dataclasses import dataclass
from itertools import combinations

import pygame

from qrace.view.type import Style, Type


@dataclass(frozen=True, eq=False)
class Written:
    """A string on a surface [px]."""

    surface: pygame.Surface
    text: str
    baseline: int
    start: int
    end: int


def note_writing(type_: Type) -> list[Written]:
    """The list of all that is written from now on."""
    written: list[Written] = []
    left = type_.left

    def note(surface: pygame.Surface, text: str, style: Style, x: float, baseline: float) -> int:
        end = left(surface, text, style, x, baseline)
        if text:
            written.append(Written(surface, text, round(baseline), round(x), end))
        return end

    type_.left = note  # type: ignore[method-assign]
    return written


def overprinted(written: list[Written]) -> list[tuple[str, str]]:
    """Strings on one line of which one runs into the other."""
    return [
        (one.text, other.text)
        for one, other in combinations(written, 2)
        if one.surface is other.surface and one.baseline == other.baseline
        if one.start < other.end and other.start < one.end
    ]
