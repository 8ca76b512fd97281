"""``openroom card``: look into character cards, bring them in, and take characters out as cards."""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from openroom.cards.condensing import CODE, Choice, choose
from openroom.cards.draft import Draft, draft, propose
from openroom.cards.draft_cases import Part, alone
from openroom.cards.released import Released
from openroom.cards.write import FORMATS, SPECS
from openroom.cli.connect import Data, has_store, opened, running
from openroom.cli.output import AsJson, show_json
from openroom.cli.round_log import desk_of
from openroom.cli.tuning import quietly, speaking, warn
from openroom.core.character import Character
from openroom.errors import CardError, CardHere, DefinitionError, LorebookAlone, OpenroomError, StoreLocked
from openroom.library.author_bin import bin_of
from openroom.library.library import Library
from openroom.lobby.card_export import export_card
from openroom.lobby.card_lore import attach
from openroom.lobby.card_originals import read_file
from openroom.lobby.card_removal import remove, restore
from openroom.lobby.cards import Imported, import_card, long_one, put_in_force, shown
from openroom.lobby.in_force import version_in_force
from openroom.room.clock import moment, system_clock
from openroom.settings import Settings

app = typer.Typer(
    help="Look into character cards, bring them in, and take characters out as cards.", no_args_is_help=True
)

File = Annotated[
    Path, typer.Argument(help="A card (PNG, APNG, CharX, JPEG with a CharX, WebP or JSON), or a lorebook (JSON).")
]


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
def import_(
    file: File,
    to: Annotated[str, typer.Option("--to", help="Whose a lorebook by itself will be: character:ID or scene:ID.")] = "",
    again: Annotated[bool, typer.Option("--again", help="Make one more of a card that came in before.")] = False,
    model: Annotated[
        str | None,
        typer.Option(
            "--model",
            help="Have a model choose what of a long persona a small one reads first: auto, or a model's name. A small "
            "model is not asked.",
        ),
    ] = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Make a character of a card, or a lorebook that of a character or scene, in the author folder; a running server
    has it at once. What of a long persona a small model reads is chosen by code, or with --model by that one."""
    settings = Settings.load(data=data, model=model)
    library = Library(settings.character_folders, settings.scene_folders)
    if to:
        given = attach(read_file(file), to, settings.author_folder, library)
        if as_json:
            show_json({**given.body(), "file": str(given.file)})
            return
        print(given.file)
        _print_report(given.report.body())
        print(f"Edit it, then: openroom check {given.file}")
        return
    done = _made(file, settings, library, again, asks=model is not None)
    version = asyncio.run(_bring_version(settings, done)) if done.released else ""
    if as_json:
        show_json({"id": done.id, "folder": str(done.folder), "version": version, "report": done.report.body()})
        return
    print(done.folder / "character.yaml")
    _print_report(done.report.body())
    if version:
        print(f"Version {version[:12]} came along and is in force; back to the card alone: openroom rollback {done.id}")
    print(f"Edit it, then: openroom check {done.folder}")
    print("To talk with it: openroom serve, open the operator's link that it prints, and press Talk beside its name.")


def _made(file: Path, settings: Settings, library: Library, again: bool, *, asks: bool) -> Imported:
    """The card as a character, of whose persona a model chooses what goes first where it ``asks`` one; what keeps it
    out is told with what to do then."""
    data, folder = read_file(file), settings.author_folder
    try:
        choice = CODE
        if asks and (character := long_one(data, folder, library, again=again, called=file.stem)) is not None:
            quietly()
            choice = asyncio.run(_chosen(settings, character))
        return import_card(data, folder, library, again=again, called=file.stem, choice=choice)
    except CardHere as error:
        again_ = f"openroom card import {shlex.quote(str(file))} --again"
        there = f"This card is here already, as {error.character!r} ({error.file}), and nothing was made of it"
        raise OpenroomError(f"{there}. To have it a second time: {again_}") from None
    except LorebookAlone:
        said = "This is a lorebook by itself. Say with --to whose it will be, character:ID or scene:ID"
        someone = next(iter(library.characters), "mira")
        example = f"openroom card import {shlex.quote(str(file))} --to character:{someone}"
        raise OpenroomError(f"{said}, for example: {example}") from None


async def _chosen(settings: Settings, character: Character) -> Choice:
    async with speaking(settings, starts=False) as speaker:  # a local one is small, and not asked
        return await choose(speaker.model, character)


async def _bring_version(settings: Settings, done: Imported) -> str:
    """The digest of the version that a card brought, in force now; empty beside a running server, which owns the
    store."""
    try:
        async with opened(settings) as store:
            return await put_in_force(store, done, system_clock(), "card import")
    except StoreLocked:
        warn("a server has the store, so the version that came along is not in force; bring the card in on its page")
        return ""


async def in_force(settings: Settings, character: str) -> Released | None:
    """The version of a character that rooms play, and its evidence; none: the author's own. What the log says, where a
    running server has the store."""
    if not has_store(settings):
        return None
    desk = desk_of(settings.data.expanduser())
    try:
        async with opened(settings) as store:
            harness = await version_in_force(store, character)
    except StoreLocked:
        digest = desk.active(character).released
        harness = desk.harness(digest) if digest else None
    return Released(harness, desk.evidence(character, harness.digest)) if harness else None


@app.command("export")
def export(
    name: Annotated[str, typer.Argument(help="The id of a character.")],
    out: Annotated[Path, typer.Option("--out", help="The file to write; one that is there already is not touched.")],
    format: Annotated[str, typer.Option("--format", help=f"One of {', '.join(FORMATS)}.")] = "png",
    spec: Annotated[int, typer.Option("--spec", help="The version of the card: 2 or 3.")] = 3,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Write a character as a card. One that came as a card and was not edited goes out as it came in. What tuning kept
    and released is told in the fields that other programs read."""
    if format not in FORMATS or spec not in SPECS:
        raise CardError(f"--format {'|'.join(FORMATS)} and --spec 2|3", came=f"{format} and {spec}")
    settings = Settings.load(data=data)
    library = Library(settings.character_folders, settings.scene_folders)
    written = export_card(library, name, format, spec, asyncio.run(in_force(settings, name)))
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


@app.command("remove")
def remove_(
    name: Annotated[str, typer.Argument(help="The id of a character in the author folder.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Put it back; without a name whoever was removed last.")] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Move a character out of the author folder, with the room that was made for it, into the bin beside that folder.
    Its talks and what it remembers stay in the store. Refused while people are with it in a room."""
    if not name and not undo:
        raise CardError("the id of a character", came="none")
    settings = Settings.load(data=data)
    if not undo and not yes:
        typer.confirm(f"Remove {name} and its own room? They go into {bin_of(settings.author_folder)}", abort=True)
    moved = asyncio.run(_move(settings, name, undo=undo))
    if as_json:
        show_json(moved)
        return
    print(moved["folder"])
    rooms = f", with its room {', '.join(moved['scenes'])}" if moved["scenes"] else ""
    back = f"it is in the bin{rooms}. To put it back: openroom card remove --undo {moved['id']}"
    print(f"{moved['id']}: {f'it is back{rooms}.' if undo else back}")


async def _move(settings: Settings, name: str, *, undo: bool) -> dict[str, Any]:
    """Into the bin or back, by the server that runs where there is one: it knows who plays."""
    if (server := running(settings)) is not None and name:
        quoted = quote(name, safe="")
        way, path = ("POST", f"{quoted}/restore") if undo else ("DELETE", quoted)
        moved: dict[str, Any] = await server.ask(way, f"/api/cards/{path}")
        return moved
    author = settings.author_folder
    library = Library(settings.character_folders, settings.scene_folders)
    at = f"{moment(system_clock()):%Y%m%dT%H%M%S}"
    done = restore(author, name) if undo else remove(author, library, name, at)
    return {"id": done.character, "scenes": list(done.scenes), "folder": str(done.folder)}


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
    by_themselves: Annotated[
        Part | None,
        typer.Option(
            "--alone",
            help="Cases that need none of those keys, for a card as it stands: tune (a cases.yaml) or report (a "
            "report.yaml, with situations that tuning never sees).",
        ),
    ] = None,
    model: Annotated[
        str | None, typer.Option("--model", help="Have a model name more: auto, local, or a model's name.")
    ] = None,
    data: Data = None,
) -> None:
    """Print what a character's prose says as facts, limits, voice, boundaries and secrets, each with the words it rests
    on: YAML to read, copy and edit. Nothing is written. What a model names counts where its quote stands there letter
    for letter; how much did not is told."""
    settings = Settings.load(data=data, model=model)
    library = Library(settings.character_folders, settings.scene_folders)
    card = library.characters.get(name)
    if card is None:
        raise DefinitionError("the id of a character", came=library.unknown("character", name))
    texts = {"persona": card.persona}
    made = draft(card.name, texts)
    if model is not None:
        quietly()
        made = asyncio.run(_proposed(settings, made, texts))
    if by_themselves is not None:
        print(alone(made, by_themselves), end="")
        return
    print(made.cases_yaml() if cases else made.card_yaml(), end="")


async def _proposed(settings: Settings, made: Draft, texts: Mapping[str, str]) -> Draft:
    async with speaking(settings) as speaker:
        return await propose(speaker.model, made, texts)
