"""What commands print of names that files bring: shown as they are, never obeyed."""

import pytest

from qrace.cli.output import print_table

Captured = pytest.CaptureFixture[str]


def test_names_are_no_markup_and_control_no_terminal(capsys: Captured) -> None:
    print_table([{"name": "[/x]"}, {"name": "[red]b[/red]"}, {"name": "\x1b[31mc"}], title="[/t] \x1b]0;mine\x07")
    out = capsys.readouterr().out
    assert all(name in out for name in ("[/x]", "[red]b[/red]", "\N{REPLACEMENT CHARACTER}[31mc", "[/t]"))
    assert "\x1b]0" not in out and "\x1b[31m" not in out and "\x07" not in out
