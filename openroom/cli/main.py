"""The command ``openroom``: one file for each group of commands. Without a command it serves.

A command's module is imported when it is called: what ``openroom --help`` shows stands here.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from openroom import __version__
from openroom.cli.output import Shown


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a command is: ``module:name`` of its function or its own group, and its line in the list of commands."""

    where: str
    line: str

    def load(self, word: str) -> Any:
        """The command itself, as typer builds it."""
        module, _, name = self.where.partition(":")
        found = getattr(importlib.import_module(f"openroom.cli.{module}"), name)
        if isinstance(found, typer.Typer):
            command: Any = typer.main.get_group(found)
        else:
            single = typer.Typer(add_completion=False)
            single.command(word)(found)
            command = typer.main.get_command(single)
        command.name = word
        return command


COMMANDS = {
    "serve": _Place("serve:serve", "Start the server. Every setting of docs/settings.md is a flag here."),
    "check": _Place(
        "check:check",
        "Say what is wrong with characters (and their cases), scenes and props; the exit code is 1 if anything is.",
    ),
    "prompt": _Place(
        "prompt:prompt",
        "Show what a model is told of a character before anybody speaks; what the card left out is marked.",
    ),
    "new": _Place("new:app", "Write commented files to start from."),
    "card": _Place("card:app", "Look into character cards, bring them in, and take characters out as cards."),
    "model": _Place("model:app", "The weights of the local model; try an endpoint."),
    "room": _Place("room:app", "List, move and replay rooms."),
    "token": _Place("token:app", "Hand out tokens and invite links, and take them back."),
    "db": _Place("db:app", "The database."),
    "eval": _Place(
        "eval:evaluate",
        "Play the cases of a character in real rooms: a table per dimension, and each failure with its words.",
    ),
    "training": _Place(
        "eval:training",
        "Make training data of a character's train cases, filtered by the same checks, and of what people chose in "
        "blind tastings and among its replies in rooms: chats and preference pairs.",
    ),
    "collect": _Place("eval:collect", "Make cases of what visitors disliked and of what went wrong in rooms."),
    "optimize": _Place(
        "optimize:optimize",
        "Improve a character round by round. An interrupted run goes on when the command is given again.",
    ),
    "rounds": _Place("rounds:app", "What the optimiser tried, and why it was kept or not."),
    "approve": _Place(
        "decisions:approve",
        "Approve a round. The holdout is asked, unless a blind tasting releases it; what passes is released, any other "
        "version becomes a canary.",
    ),
    "reject": _Place("decisions:reject", "Turn a round down."),
    "rollback": _Place("decisions:rollback", "Go back to an older version, the same bytes, from the next turn on."),
    "audit": _Place("audit:app", "The audit log: check it, replay a run, export the evidence."),
}
"""In the order in which a reader needs them. A test holds each line against the command's own."""


class _Commands(Shown):
    """The commands, loaded when they are called; their list is shown without loading any."""

    _listing = False

    def list_commands(self, ctx: Any) -> list[str]:
        """In the order in which a reader needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command, or while the list is printed one that only has its line."""
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        if self._listing:
            return typer.core.TyperCommand(cmd_name, short_help=place.line, help=place.line)
        return place.load(cmd_name)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The list of commands."""
        self._listing = True
        try:
            super().format_help(ctx, formatter)
        finally:
            self._listing = False


app = typer.Typer(
    name="openroom",
    help="Rooms where persistent characters live. Without a command: serve.",
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    cls=_Commands,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"openroom {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _default(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        importlib.import_module("openroom.cli.serve").serve_default()
