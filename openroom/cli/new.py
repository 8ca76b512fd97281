"""``openroom new character|scene|prop NAME``: commented files to start from."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from openroom.errors import DefinitionError
from openroom.library.avatar import SPECIES, Species
from openroom.library.scaffold import What, beside, scaffold, slug_of

app = typer.Typer(help="Write commented files to start from.", no_args_is_help=True)

Named = Annotated[str, typer.Argument(help="Its name; the id is made from it.")]
Folder = Annotated[Path, typer.Option("--in", help="Where characters/ and scenes/ are.")]
HERE = Path()


def _write(what: What, name: str, folder: Path, pronouns: str = "", looks: Species = "person") -> None:
    path = scaffold(what, name, folder, pronouns=pronouns, looks=looks)
    print(path)
    for other in beside(what, path):
        print(other)
    target = path.parent if beside(what, path) else path
    print(f"Edit it, then: openroom check {target}")


def _somebody_is_there() -> bool:
    return sys.stdin.isatty()


def _asked(what: str, usual: str) -> str:
    """The answer to a question; the usual one where nobody is there to be asked."""
    return str(typer.prompt(what, default=usual, show_default=bool(usual))) if _somebody_is_there() else usual


def _species(looks: str) -> Species:
    if looks not in SPECIES:
        raise DefinitionError(f"looks to be one of {', '.join(SPECIES)}", came=repr(looks))
    return looks


def _asked_looks() -> Species:
    """Asked again until it is one of them."""
    while True:
        try:
            return _species(_asked(f"Looks ({', '.join(SPECIES)})", "person"))
        except DefinitionError as error:
            typer.echo(error)


@app.command("character")
def character(
    name: Named,
    folder: Folder = HERE,
    pronouns: Annotated[str | None, typer.Option(help="she/her, he/him, they/them, it/its …")] = None,
    looks: Annotated[str | None, typer.Option(help=f"How it is drawn: {', '.join(SPECIES)}.")] = None,
) -> None:
    """A character: the folder characters/NAME with character.yaml, cases.yaml and art/.

    Asks for pronouns and looks where they are not given and somebody is there to answer.
    """
    slug_of(name)  # a name that will not do is told before anything is asked
    called = _asked("Pronouns (she/her, he/him, they/them, it/its; empty: none)", "") if pronouns is None else pronouns
    drawn = _asked_looks() if looks is None else _species(looks)
    _write("character", name, folder, called, drawn)


@app.command("scene")
def scene(name: Named, folder: Folder = HERE) -> None:
    """A scene: scenes/NAME/scene.yaml."""
    _write("scene", name, folder)


@app.command("prop")
def prop(name: Named, folder: Folder = HERE) -> None:
    """A prop that all scenes may place: scenes/_props/NAME.yaml."""
    _write("prop", name, folder)
