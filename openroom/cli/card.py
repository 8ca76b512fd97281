"""``openroom card``: look into character cards, bring them in, and take characters out as cards."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from openroom.cards.draft import draft
from openroom.cards.write import FORMATS, SPECS
from openroom.cli.connect import Data
from openroom.cli.output import AsJson, show_json
from openroom.errors import CardError, DefinitionError, OpenroomError
from openroom.library.library import Library
from openroom.lobby.cards import export_card, import_card, read_file, shown
from openroom.settings import Settings

app = typer.Typer(
    help="Look into character cards, bring them in, and take characters out as cards.", no_args_is_help=True
)

File = Annotated[Path, typer.Argument(help="A card: PNG, APNG, CharX, JPEG with a CharX, WebP or JSON.")]


@app.command("show")
def show(file: File, as_json: AsJson = False) -> None:
    """Say what is in a card or lorebook, and what is odd about it; nothing is made."""
    body = shown(read_file(file))
    if as_json:
        show_json(body)
        return
    notes = body.pop("notes")
    for key, value in body.items():
        if value not in ("", [], 0):
            print(f"{key:14} {_told(value)}")
    _print_notes(notes)


@app.command("import")
def import_(file: File, data: Data = None, as_json: AsJson = False) -> None:
    """Make a character of a card, in the author folder; a running server has it at once."""
    settings = Settings.load(data=data)
    library = Library(settings.character_folders, settings.scenes)
    done = import_card(read_file(file), settings.author_folder, library)
    if as_json:
        show_json({"id": done.id, "folder": str(done.folder), "report": done.report.body()})
        return
    print(done.folder / "character.yaml")
    _print_report(done.report.body())
    print(f"Edit it, then: openroom check {done.folder}")


@app.command("export")
def export(
    name: Annotated[str, typer.Argument(help="The id of a character.")],
    out: Annotated[Path, typer.Option("--out", help="The file to write; one that is there already is not touched.")],
    format: Annotated[str, typer.Option("--format", help=f"One of {', '.join(FORMATS)}.")] = "png",
    spec: Annotated[int, typer.Option("--spec", help="The version of the card: 2 or 3.")] = 3,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Write a character as a card. One that came as a card and was not edited goes out as it came in."""
    if format not in FORMATS or spec not in SPECS:
        raise CardError(f"--format {'|'.join(FORMATS)} and --spec 2|3", came=f"{format} and {spec}")
    settings = Settings.load(data=data)
    library = Library(settings.character_folders, settings.scenes)
    written = export_card(library, name, format, spec)
    try:
        with out.open("xb") as stream:
            stream.write(written.data)
    except OSError as error:
        raise OpenroomError(f"{out}: expected a new file, came {error.strerror or error}") from None
    if as_json:
        show_json({"file": str(out), "report": written.report.body()})
        return
    print(out)
    _print_report(written.report.body())


def _told(value: Any) -> str:
    if not isinstance(value, list):
        return " ".join(str(value).split())
    return ", ".join(" ".join(one.values()) if isinstance(one, dict) else str(one) for one in value)


def _print_report(body: dict[str, Any]) -> None:
    for part in ("kept", "converted", "dropped"):
        for fate in body[part]:
            print(f"{part:10} {fate['what']}{': ' if fate['why'] else ''}{fate['why']}")
    _print_notes(body["notes"])


def _print_notes(notes: list[dict[str, str]]) -> None:
    for note in notes:
        print(f"{'note':10} {note['text']}")


@app.command("draft")
def draft_(
    name: Annotated[str, typer.Argument(help="The id of a character.")],
    cases: Annotated[bool, typer.Option("--cases", help="The evaluation cases instead of the card's keys.")] = False,
    data: Data = None,
) -> None:
    """Print what a character's prose says as facts, limits, voice, boundaries and secrets, each with the words it rests
    on: YAML to read, copy and edit. Nothing is written."""
    settings = Settings.load(data=data)
    card = Library(settings.character_folders, settings.scenes).characters.get(name)
    if card is None:
        raise DefinitionError("the id of a character", came=repr(name))
    made = draft(card.name, {"persona": card.persona})
    print(made.cases_yaml() if cases else made.card_yaml(), end="")
