"""How commands reach rooms: over REST where a server owns the data folder, else by opening the store themselves."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from openroom.cli.serve import OWNER_FILE
from openroom.errors import OpenroomError
from openroom.ports.store import Store
from openroom.room.clock import system_clock
from openroom.server.access import MACHINE, Access, Person, load_secret
from openroom.settings import Settings
from openroom.store.lock import owner_of
from openroom.store.open import open_store

Data = Annotated[Path | None, typer.Option("--data", help="The data folder (default: as the settings say).")]

_OPERATOR = Person(MACHINE, "operator", "openroom")
_PATIENCE = 60
"""Seconds. A server that is slow to answer has the data folder all the same; one that has gone refuses at once."""


class ServerSaid(OpenroomError):
    """The running server refused what a command asked."""


class Running:
    """A server that owns the data folder; asked as an operator, which whoever can read its secret is."""

    def __init__(self, url: str, token: str) -> None:
        self.url, self._token = url, token

    async def ask(self, method: str, path: str, **body: Any) -> Any:
        """Ask; the JSON that came. Raises `ServerSaid`."""
        content = await self.fetch(method, path, **body)
        return json.loads(content) if content else None

    async def fetch(self, method: str, path: str, **body: Any) -> bytes:
        """Ask; what came, as it is. Raises `ServerSaid`."""
        headers = {"Authorization": f"Bearer {self._token}"}
        async with httpx.AsyncClient(
            base_url=self.url, headers=headers, trust_env=False, verify=_tls(self.url), timeout=_PATIENCE
        ) as http:
            answer = await http.request(method, path, **body)
        if answer.is_success:
            return answer.content
        try:
            said = str(answer.json()["message"])
        except (ValueError, KeyError):
            said = f"status {answer.status_code}"
        if answer.status_code == httpx.codes.FORBIDDEN:
            said += " (is OPENROOM_SECRET set as it is for the server?)"
        raise ServerSaid(f"the server at {self.url} said: {said}")


def running(settings: Settings) -> Running | None:
    """The server that owns the data folder, if one answers."""
    try:
        folder = settings.data.expanduser()
        found = json.loads((folder / OWNER_FILE).read_text(encoding="utf-8"))
        if found["pid"] != owner_of(folder):  # what a copied folder says of the server of the first
            return None
        url = str(found["url"])
        with httpx.Client(trust_env=False, verify=_tls(url), timeout=_PATIENCE) as http:
            http.get(f"{url}/healthz").raise_for_status()
    except (OSError, ValueError, KeyError, httpx.HTTPError):
        return None
    return Running(url, _token(settings))


def has_store(settings: Settings) -> bool:
    """Whether there is a store to open: one is named, or its file lies in the data folder."""
    return settings.store is not None or (settings.data.expanduser() / "openroom.db").is_file()


def _tls(url: str) -> bool:
    """Whether certificates have to be read, which takes 30 ms each time."""
    return url.startswith("https:")


def _token(settings: Settings) -> str:
    return Access(_NoTokens(), load_secret(settings), system_clock).session(_OPERATOR)


class _NoTokens:
    """Signing a session needs no records."""

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Store]:
    """The store, while nobody else owns the data folder. Raises `StoreLocked`."""
    store = await open_store(settings.store_url, settings.data.expanduser())
    try:
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def access_to(settings: Settings, store: Store) -> AsyncIterator[Access]:
    """What was handed out, over an opened store."""
    access = Access(store, load_secret(settings), system_clock)
    await access.load()
    yield access
