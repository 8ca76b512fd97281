"""How commands talk: tables for people, JSON for machines, and errors of ours as one sentence without a traceback."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Annotated, Any, TextIO

import typer
from rich.console import Console
from rich.table import Table
from typer.core import TyperGroup

from openroom.errors import OpenroomError

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


class Shown(TyperGroup):
    """A command group whose errors of ours end the process with their sentence and exit code 1."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command."""
        try:
            return super().main(*args, **kwargs)
        except OpenroomError as error:
            print(f"openroom: {error}", file=sys.stderr)
            raise SystemExit(1) from None


def show_json(body: Any, file: TextIO | None = None) -> None:
    """Print a value as JSON, to standard output or a file."""
    print(json.dumps(body, ensure_ascii=False, indent=2, default=str), file=file)


def show_table(columns: Sequence[str], rows: Sequence[Sequence[object]], empty: str) -> None:
    """Print rows under headings, or the sentence ``empty``. Texts are shown as they are, never as markup."""
    console = Console(markup=False, highlight=False)
    if not rows:
        console.print(empty)
        return
    table = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    console.print(table)
