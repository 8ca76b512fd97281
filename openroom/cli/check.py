"""``openroom check``: what is wrong with the definitions, with file, line and key."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from openroom.cli.output import AsJson, show_json
from openroom.errors import DefinitionError
from openroom.evals.caseset import CASES_FILE, REPORT_FILE, load_cases
from openroom.library.check import check as check_definitions
from openroom.library.library import Library
from openroom.library.lore_check import pattern_problems
from openroom.library.plugins import prop_class
from openroom.patterns.javascript import JavaScriptPatterns
from openroom.settings import Settings


def check(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files or folders (default: the folders of the settings).")
    ] = None,
    prop: Annotated[
        list[str] | None,
        typer.Option(help="A prop in Python that your game passes to its Library (my_game.bell:Bell); once for each."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say what is wrong with characters (and their cases), scenes and props; the exit code is 1 if anything is.

    A warning tells of what works all the same; warnings alone leave the exit code at 0.
    """
    settings = Settings.load()
    sys.path.insert(0, str(Path.cwd()))
    library = Library(
        settings.character_folders, settings.scene_folders, props=[prop_class(name) for name in prop or ()]
    )
    if paths:
        files = [path for path in paths if path.name not in (CASES_FILE, REPORT_FILE)]
        problems = [*check_definitions(files, library=library), *_problems_of_cases(paths, settings, library)]
    else:
        problems = [
            *library.problems,
            *(flaw for one in library.characters for flaw in load_cases(library, one).problems),
        ]
    problems += asyncio.run(_of_patterns(paths or [*library.folders[0], *library.folders[1]]))
    wrong = [problem for problem in problems if not problem.warning]
    if as_json:
        show_json([problem.parts() for problem in problems])
    else:
        for problem in problems:
            print(problem)
        if not wrong:
            count = "" if paths else f": {len(library.characters)} characters, {len(library.scenes)} scenes"
            print(f"All is well{count}.{f' Warnings: {len(problems)}.' if problems else ''}")
    if wrong:
        raise typer.Exit(1)


def _problems_of_cases(paths: list[Path], settings: Settings, behind: Library) -> Iterator[DefinitionError]:
    """What is wrong with the cases of the characters at ``paths``."""
    for folder in dict.fromkeys(folder for path in paths for folder in _characters_at(path)):
        library = Library(
            [folder.parent, *settings.character_folders], [*settings.scene_folders], props=behind.own_props
        )
        yield from _of_cases(library, folder.name)


async def _of_patterns(paths: Sequence[Path]) -> list[DefinitionError]:
    """What is wrong with the regular expressions in lorebooks. They run in a process of their own, which starts where
    there is one to run."""
    patterns = JavaScriptPatterns()
    try:
        return await pattern_problems(paths, patterns)
    finally:
        await patterns.close()


def _of_cases(library: Library, character: str) -> Sequence[DefinitionError]:
    """A character that does not load has no cases to speak of, nor has one without any scene to be played in."""
    known = character in library.characters and library.scenes
    return load_cases(library, character).problems if known else ()


def _characters_at(path: Path) -> list[Path]:
    """The folders of characters that a path means: a file's own, the folder itself, or those in it."""
    if path.is_file():
        return [path.parent] if path.name in ("character.yaml", CASES_FILE, REPORT_FILE) else []
    if (path / "character.yaml").is_file():
        return [path]
    return sorted(file.parent for pattern in ("*", "characters/*") for file in path.glob(f"{pattern}/character.yaml"))
