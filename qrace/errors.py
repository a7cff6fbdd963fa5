"""The one exception that a person is meant to read."""


class QRaceError(Exception):
    """A mistake that the user can mend, told in one sentence: the file or flag, what is wrong, and the cure.

    The command line prints the sentence without a traceback and exits with status 2; the window shows it as a notice.
    """
