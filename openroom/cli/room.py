"""``openroom room``: rooms of a server, running or not."""

from __future__ import annotations

import asyncio
import io
import sys
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from openroom.cli.connect import Data, opened, running
from openroom.cli.output import AsJson, show_json, show_table
from openroom.core.actor import Actor
from openroom.core.event import Event, Rolled, Said
from openroom.core.state import State
from openroom.errors import RoomNotFound, SettingsError
from openroom.lobby.lobby import Lobby, LobbySettings
from openroom.room.clock import moment, system_clock
from openroom.room.kept import stored
from openroom.room.past import bring_past
from openroom.room.past_file import Chat, read_chat
from openroom.room.portable import RoomFile, digest, export_room, final_state, import_room, read_file
from openroom.room.talk_file import Heading, TalkFormat, written
from openroom.room.told import Told
from openroom.settings import Settings

_OPERATOR = Actor("player:command-line", "operator", "openroom")

app = typer.Typer(help="List, move and replay rooms.", no_args_is_help=True)

RoomName = Annotated[str, typer.Argument(help="A room's id.")]


@app.command("list")
def list_(data: Data = None, as_json: AsJson = False) -> None:
    """All rooms."""
    settings = Settings.load(data=data)
    cards = asyncio.run(_cards(settings))
    if as_json:
        show_json(cards)
        return
    rows = [
        (
            c["id"],
            c["title"],
            "open" if c["open"] else "private",
            c["players"],
            _when(c["last_at"]),
            c["last_line"][:50],
        )
        for c in cards
    ]
    show_table(("id", "title", "door", "players", "last", "line"), rows, "There are no rooms yet.")


async def _cards(settings: Settings) -> list[dict[str, Any]]:
    if (server := running(settings)) is not None:
        rooms: list[dict[str, Any]] = (await server.ask("GET", "/api/rooms"))["rooms"]
        return rooms
    async with _lobby(settings) as lobby:
        return [asdict(card) for card in await lobby.rooms(_OPERATOR)]


def _lobby(settings: Settings) -> Lobby:
    return Lobby(
        characters=settings.character_folders,
        scenes=settings.scene_folders,
        store=settings.store_url,
        settings=LobbySettings(watch=False, data=settings.data.expanduser()),
    )


def _when(ms: int) -> str:
    return moment(ms).strftime("%Y-%m-%d %H:%M") if ms else ""


class Form(StrEnum):
    """What `room export` writes."""

    LOG = "log"
    SILLYTAVERN = "sillytavern"
    MARKDOWN = "markdown"


@app.command("export")
def export(
    room: RoomName,
    out: Annotated[Path | None, typer.Option("--out", help="The file to write (default: standard output).")] = None,
    form: Annotated[
        Form,
        typer.Option("--format", help="The whole log as JSON, or its talk: as JSONL for SillyTavern, or as Markdown."),
    ] = Form.LOG,
    data: Data = None,
) -> None:
    """Write a room's whole log, or all of its talk, whispers too: keep the file to yourself."""
    settings = Settings.load(data=data)
    if form is not Form.LOG:
        talk = asyncio.run(_talk(settings, room, "jsonl" if form is Form.SILLYTAVERN else "markdown"))
        _write(out, talk.decode(), f"the talk of {room}")
        return
    body = asyncio.run(_export(settings, room))
    if out is None:
        show_json(body)
        return
    text = io.StringIO()
    show_json(body, text)
    _write(out, text.getvalue(), f"{body['seq']} events of {body['room']}")


def _write(out: Path | None, text: str, what: str) -> None:
    if out is None:
        sys.stdout.write(text)
        return
    try:
        with out.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise SettingsError(f"--out: expected a new file, came {out}, which is there already.") from None
    print(f"{out}: {what}", file=sys.stderr)


async def _talk(settings: Settings, room: str, form: TalkFormat) -> bytes:
    if (server := running(settings)) is not None:
        return await server.fetch("GET", f"/api/rooms/{room}/talk", params={"format": form, "full": True})
    async with opened(settings) as store:
        record = await store.room(room)
        if record is None:
            raise RoomNotFound(f"There is no room {room!r}.")
        state, _ = await stored(store, room)
        told = await Told.of(store, room, state, None)
        heading = Heading.of(told, state, record.title or state.shared["scene"]["title"], "", record.created)
        return b"".join([piece async for piece in written(told, heading, form)])


async def _export(settings: Settings, room: str) -> dict[str, Any]:
    if (server := running(settings)) is not None:
        body: dict[str, Any] = await server.ask("GET", f"/api/rooms/{room}/export", params={"full": True})
        return body
    async with opened(settings) as store:
        return await export_room(store, room)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="What `room export` wrote.")],
    data: Data = None,
) -> None:
    """Bring a room in; it keeps its id where that is free."""
    raw = file.read_bytes()
    checked = read_file(raw)
    final_state(checked.events)
    print(asyncio.run(_import(Settings.load(data=data), raw, checked)))


async def _import(settings: Settings, raw: bytes, checked: RoomFile) -> str:
    if (server := running(settings)) is not None:
        return str((await server.ask("POST", "/api/rooms/import", content=raw))["id"])
    async with opened(settings) as store:
        return (await import_room(store, checked, system_clock())).id


@app.command("past")
def past(
    room: Annotated[str, typer.Argument(help="A room's id; in it nothing was said yet.")],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A chat of SillyTavern (JSONL).")],
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Make a chat of SillyTavern the past of a room: what was said there before."""
    raw = file.read_bytes()
    chat = read_chat(raw)
    done = asyncio.run(_past(Settings.load(data=data), room, raw, chat))
    if as_json:
        show_json(done)
        return
    left_out = ", ".join(f"{count} {what}" for what, count in done["lost"].items())
    print(f"{room}: {done['lines']} lines came in" + (f"; left out: {left_out}" if left_out else ""))
    show_table(("name", "is here"), sorted(done["speakers"].items()), "Nobody spoke.")


async def _past(settings: Settings, room: str, raw: bytes, chat: Chat) -> dict[str, Any]:
    if (server := running(settings)) is not None:
        done: dict[str, Any] = await server.ask("POST", f"/api/rooms/{room}/past", content=raw)
        return done
    async with _lobby(settings) as lobby:
        found = await lobby.open(room)
        return asdict(await bring_past(found, chat, found.owner or _OPERATOR.id))


@app.command("replay")
def replay(
    room: Annotated[str, typer.Argument(help="A room's id, or the file of an export.")],
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Replay a room's log: what was said and done, and a fingerprint of the state it leads to."""
    file = _log(Settings.load(data=data), room)
    state = final_state(file.events)
    if as_json:
        show_json({"room": file.room, "seq": state.seq, "digest": digest(state), "state": state.shared})
        return
    for event in file.events:
        if line := _line(event, state):
            print(line)
    print(f"{file.room}: {state.seq} events, state {digest(state)}")


def _log(settings: Settings, room: str) -> RoomFile:
    path = Path(room)
    if path.is_file():
        return read_file(path.read_bytes())
    return RoomFile.model_validate(asyncio.run(_export(settings, room)))


def _line(event: Event, state: State) -> str:
    """An event as a line of a play; empty for housekeeping."""
    who, text = state.name(event.actor), getattr(event, "telling", None)
    if isinstance(event, Said):
        to = f" (to {', '.join(map(state.name, event.to))})" if event.to else ""
        text = f"{who}{to}: {event.text or '…'}"
    elif isinstance(event, Rolled):
        text = f"{who} rolls {event.dice}: {event.total}."
    elif event.kind in ("entered", "left"):
        text = f"{getattr(event, 'name', who)} {'came in' if event.kind == 'entered' else 'went'}."
    return f"{event.seq:>6} {_when(event.at)}  {text}" if text else ""
