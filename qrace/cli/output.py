"""What commands print: JSON lines for programs, tables for people."""

import json
import math
from collections.abc import Mapping, Sequence

from qrace.errors import printable


def print_json(row: Mapping[str, object]) -> None:
    """One JSON object on one line of stdout; a number that is not finite becomes null."""
    plain = {
        name: None if isinstance(value, float) and not math.isfinite(value) else value for name, value in row.items()
    }
    print(json.dumps(plain, allow_nan=False), flush=True)


def print_table(rows: Sequence[Mapping[str, object]], title: str = "") -> None:
    """Rows with the same keys as a table on stdout, figures to the right; what files say is shown, never obeyed."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    head = Text(printable(title), style="table.title") if title else None
    table = Table(title=head, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for name, value in rows[0].items():
        table.add_column(name.replace("_", " "), justify="left" if isinstance(value, str) else "right")
    for row in rows:
        table.add_row(*(Text(printable(_cell(name, value))) for name, value in row.items()))
    Console().print(table)


def _cell(name: str, value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.2f}" if name.endswith(("_s", "_pct")) else f"{value:,.3f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
