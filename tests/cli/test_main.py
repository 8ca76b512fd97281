"""The command itself: its list of commands, its version."""

from __future__ import annotations

import typer
from typer.testing import CliRunner

from openroom import __version__
from openroom.cli.main import COMMANDS, app


def test_each_line_of_the_list_is_the_first_of_the_command_itself() -> None:
    group = typer.main.get_command(app)
    own = {word: (group.get_command(None, word).help or "").split("\n\n")[0] for word in COMMANDS}  # type: ignore[attr-defined]
    assert {word: " ".join(text.split()) for word, text in own.items()} == {w: p.line for w, p in COMMANDS.items()}


def test_help_lists_every_command() -> None:
    shown = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "200"})
    assert shown.exit_code == 0
    assert all(word in shown.stdout for word in COMMANDS)


def test_version() -> None:
    shown = CliRunner().invoke(app, ["--version"])
    assert (shown.exit_code, shown.stdout) == (0, f"openroom {__version__}\n")


def test_an_unknown_command_is_a_usage_error() -> None:
    assert CliRunner().invoke(app, ["nonsense"]).exit_code == 2
