"""`screenshots`: the pictures that the README shows."""

from qrace.cli.arguments import Screenshots


def run_screenshots(command: Screenshots) -> int:
    """Take the pictures and say where they are."""
    from qrace.game.screenshots import take_screenshots

    for path in take_screenshots(command.out):
        print(path)
    return 0
