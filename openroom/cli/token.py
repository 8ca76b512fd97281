"""``openroom token``: tokens and invite links."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Annotated, Any, cast

import typer

from openroom.cli.connect import Data, access_to, opened, running
from openroom.cli.output import AsJson, show_json, show_table
from openroom.cli.serve import address
from openroom.errors import AccessError
from openroom.server.access import ROLES, PersonRole
from openroom.settings import Settings

app = typer.Typer(help="Hand out tokens and invite links, and take them back.", no_args_is_help=True)


def _role(value: str) -> str:
    if value not in ROLES:
        raise typer.BadParameter(f"expected one of {', '.join(ROLES)}, came {value!r}")
    return value


@app.command("new")
def new(
    role: Annotated[str, typer.Option("--role", callback=_role, help=f"One of {', '.join(ROLES)}.")] = "player",
    note: Annotated[str, typer.Option("--note", help="Whom it is for.")] = "",
    room: Annotated[str, typer.Option("--room", help="A private room that it opens.")] = "",
    uses: Annotated[int, typer.Option("--uses", min=0, help="How often the link may be used; 0: any number.")] = 0,
    hours: Annotated[float | None, typer.Option("--hours", min=0.01, help="For how long it is good.")] = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Make a token: for programs (`token`), or as a link for a person (`url`)."""
    wish = {"role": role, "note": note, "room": room, "uses": uses, "hours": hours}
    made = asyncio.run(_new(Settings.load(data=data), wish))
    if as_json:
        show_json(made)
        return
    print(f"link   {made['url']}")
    if uses == 0 and not room:
        print(f"token  {made['token']}")
    print(f"id     {made['id']} (openroom token revoke {made['id']})")


async def _new(settings: Settings, wish: dict[str, Any]) -> dict[str, Any]:
    if (server := running(settings)) is not None:
        made: dict[str, Any] = await server.ask("POST", "/api/tokens", json=wish)
        return made
    seconds = None if wish["hours"] is None else int(wish["hours"] * 3600)
    async with opened(settings) as store, access_to(settings, store) as access:
        role = cast("PersonRole", wish["role"])
        record = await access.hand_out(role, room=wish["room"], note=wish["note"], uses=wish["uses"], seconds=seconds)
        token = access.grant(record)
    url = f"{address(settings, settings.port)}/invite/{token}"
    return {"id": record.id, "role": record.role, "token": token, "url": url}


@app.command("list")
def list_(data: Data = None, as_json: AsJson = False) -> None:
    """What was handed out. The tokens themselves are not kept, so they are not shown."""
    tokens = asyncio.run(_tokens(Settings.load(data=data)))
    if as_json:
        show_json(tokens)
        return
    rows = [(t["id"], t["role"], t["note"], t["room"], _state(t)) for t in tokens]
    show_table(("id", "role", "note", "room", "state"), rows, "Nothing was handed out yet.")


def _state(token: dict[str, Any]) -> str:
    if token["revoked"] is not None:
        return "revoked, with its guests" if token["withdrawn"] is not None else "revoked"
    return f"used {token['used']}" + (f" of {token['uses']}" if token["uses"] else "")


async def _tokens(settings: Settings) -> list[dict[str, Any]]:
    if (server := running(settings)) is not None:
        tokens: list[dict[str, Any]] = (await server.ask("GET", "/api/tokens"))["tokens"]
        return tokens
    async with opened(settings) as store:
        return [asdict(token) for token in await store.tokens()]


@app.command("revoke")
def revoke(
    id: Annotated[str, typer.Argument(help="An id from `openroom token list`.")],
    guests: Annotated[
        bool, typer.Option("--guests", help="Also shut its private room to those who came in by it.")
    ] = False,
    data: Data = None,
) -> None:
    """Take a token back: nobody redeems it any more; a role that came from it, or was given by who had it, is gone."""
    asyncio.run(_revoke(Settings.load(data=data), id, guests))
    print(f"{id} is taken back.")


async def _revoke(settings: Settings, id: str, guests: bool) -> None:
    if (server := running(settings)) is not None:
        await server.ask("DELETE", f"/api/tokens/{id}?guests={str(guests).lower()}")
        return
    async with opened(settings) as store, access_to(settings, store) as access:
        if not await access.revoke(id, withdraw=guests):
            raise AccessError(f"There is no token {id!r}, or it was taken back already.")
