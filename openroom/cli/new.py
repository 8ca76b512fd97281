"""``openroom new character|scene|prop NAME``: commented files to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from openroom.library.scaffold import What, beside, scaffold

app = typer.Typer(help="Write commented files to start from.", no_args_is_help=True)

Named = Annotated[str, typer.Argument(help="Its name; the id is made from it.")]
Folder = Annotated[Path, typer.Option("--in", help="Where characters/ and scenes/ are.")]
HERE = Path()


def _write(what: What, name: str, folder: Path) -> None:
    path = scaffold(what, name, folder)
    print(path)
    for other in beside(what, path):
        print(other)
    target = path.parent if beside(what, path) else path
    print(f"Edit it, then: openroom check {target}")


@app.command("character")
def character(name: Named, folder: Folder = HERE) -> None:
    """A character: the folder characters/NAME with character.yaml, cases.yaml and art/."""
    _write("character", name, folder)


@app.command("scene")
def scene(name: Named, folder: Folder = HERE) -> None:
    """A scene: scenes/NAME/scene.yaml."""
    _write("scene", name, folder)


@app.command("prop")
def prop(name: Named, folder: Folder = HERE) -> None:
    """A prop that all scenes may place: scenes/_props/NAME.yaml."""
    _write("prop", name, folder)
