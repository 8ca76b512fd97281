"""``openroom check``: what is wrong with the definitions, with file, line and key."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from openroom.cli.show import AsJson, show_json
from openroom.errors import DefinitionError
from openroom.library import Library
from openroom.library import check as check_definitions
from openroom.server.server_api import problem_body
from openroom.settings import Settings


def check(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files or folders (default: the folders of the settings).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say what is wrong with characters, scenes and props; the exit code is 1 if anything is."""
    settings = Settings.load()
    library = Library(settings.characters, settings.scenes)
    problems: list[DefinitionError] = check_definitions(paths, library=library) if paths else library.problems
    if as_json:
        show_json([problem_body(problem) for problem in problems])
    else:
        for problem in problems:
            print(problem)
        if not problems:
            count = "" if paths else f": {len(library.characters)} characters, {len(library.scenes)} scenes"
            print(f"All is well{count}.")
    if problems:
        raise typer.Exit(1)
