"""What a person is meant to read: the one exception, the check that most often raises it, and text made fit for it."""


class QRaceError(Exception):
    """A mistake that the user can mend, told in one sentence: the file or flag, what is wrong, and the cure.

    The command line prints the sentence without a traceback and exits with status 2; the window shows it as a notice.
    """


LARGEST = 1e308
"""Numbers beyond it are told as if they were this one."""


def check_range(name: str, value: float, low: float, high: float) -> None:
    """Raise QRaceError, by name, for a setting outside of low to high (nan is outside of everything)."""
    if not low <= value <= high:
        value = min(max(value, -LARGEST), LARGEST)  # an int may have more figures than a float can tell
        raise QRaceError(f"{name} {value:g} is out of range: choose one from {low:g} to {high:g}.")


def printable(text: str) -> str:
    """The text with a mark for everything that no font can show, such as what a file's name may hold."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)
