"""What the tests of several commands do."""

import json
from pathlib import Path

from qrace.cli import main


def train(out: Path, *more: str) -> int:
    return main(["train", "--preset", "q-table", "--steps", "30", "--cars", "4", "--out", str(out), *more])


def rows(text: str) -> list[dict[str, object]]:
    """Every line is one JSON object, or this fails."""
    return [json.loads(line) for line in text.splitlines()]
