"""Who a saved brain is to people: a name, a sentence of character, colours. Nothing here changes how it drives."""

from dataclasses import dataclass

from qrace.errors import QRaceError, check_range, printable

LONGEST_NAME = 40
LONGEST_ABOUT = 160
MOST_LIVERIES = 8
"""How many the palette has."""
HIGHEST_NUMBER = 99
TRAINED_ON = " (trained on)"
"""End of the name of a brain that has learned more than is in the file it comes from."""


@dataclass(frozen=True)
class Persona:
    """What a model file tells of its driver. Everything may be left out, as older files do."""

    name: str = ""
    """Shown to people; empty: the file's name."""
    about: str = ""
    """Its character, in a sentence."""
    livery: int | None = None
    """Index into the palette's liveries; None: whatever the place on the grid has."""
    number: int | None = None
    """Painted on the car; None: as for the livery."""

    def __post_init__(self) -> None:
        for field, text, longest in (("name", self.name, LONGEST_NAME), ("about", self.about, LONGEST_ABOUT)):
            if len(text) > longest or not text.isprintable():
                raise QRaceError(
                    f"{field} {text[:longest]!r} does not fit: give one line of up to {longest} characters."
                )
        if self.livery is not None:
            check_range("livery", self.livery, 0, MOST_LIVERIES - 1)
        if self.number is not None:
            check_range("number", self.number, 0, HIGHEST_NUMBER)

    def trained_on(self, file_name: str) -> "Persona":
        """Who the brain from a file of that name is once it has learned more; its character may have changed."""
        name = printable(self.name or file_name).removesuffix(TRAINED_ON)
        return Persona(name[: LONGEST_NAME - len(TRAINED_ON)] + TRAINED_ON, "", self.livery, self.number)
