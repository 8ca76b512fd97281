"""``openroom room``: rooms of a server, running or not."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from openroom.cli.connect import Data, opened, running
from openroom.cli.output import AsJson, show_json, show_table
from openroom.core.actor import Actor
from openroom.core.event import Event, Said
from openroom.core.state import State
from openroom.errors import SettingsError
from openroom.lobby.lobby import Lobby, LobbySettings
from openroom.room.clock import system_clock
from openroom.room.portable import RoomFile, digest, export_room, final_state, import_room, read_file
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
    lobby = Lobby(
        characters=settings.character_folders,
        scenes=settings.scenes,
        store=settings.store_url,
        settings=LobbySettings(watch=False, data=settings.data.expanduser()),
    )
    async with lobby:
        return [asdict(card) for card in await lobby.rooms(_OPERATOR)]


def _when(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%d %H:%M") if ms else ""


@app.command("export")
def export(
    room: RoomName,
    out: Annotated[Path | None, typer.Option("--out", help="The file to write (default: standard output).")] = None,
    data: Data = None,
) -> None:
    """Write a room's whole log as JSON, whispers too: keep the file to yourself."""
    body = asyncio.run(_export(Settings.load(data=data), room))
    if out is None:
        show_json(body)
        return
    try:
        with out.open("x", encoding="utf-8") as file:
            show_json(body, file)
    except FileExistsError:
        raise SettingsError(f"--out: expected a new file, came {out}, which is there already.") from None
    print(f"{out}: {body['seq']} events of {body['room']}", file=sys.stderr)


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
    elif event.kind in ("entered", "left"):
        text = f"{getattr(event, 'name', who)} {'came in' if event.kind == 'entered' else 'went'}."
    return f"{event.seq:>6} {_when(event.at)}  {text}" if text else ""
