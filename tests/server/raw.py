"""A bare protocol client for tests: what is sent and what comes, with nothing in between."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.server.live import Live
from tests.waiting import PATIENCE, patience


class Raw:
    """One socket. `get` waits for the next message of a type; `log` keeps all that came."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.log: list[dict[str, Any]] = []

    async def send(self, **message: Any) -> None:
        await self.socket.send(json.dumps(message))

    async def next(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(await asyncio.wait_for(self.socket.recv(), PATIENCE))
        self.log.append(message)
        return message

    async def get(self, kind: str, **wanted: Any) -> dict[str, Any]:
        """The next message of that type whose fields are as wanted."""
        while True:
            message = await self.next()
            if message["type"] == kind and all(message.get(key) == value for key, value in wanted.items()):
                return message

    async def act(self, id: str, **action: Any) -> dict[str, Any]:
        """Act, and the answer."""
        await self.send(type="act", id=id, action=action)
        while True:
            message = await self.next()
            if message["type"] in ("done", "refused") and message["id"] == id:
                return message

    async def closed(self) -> int:
        """Read to the end; the close code."""
        with contextlib.suppress(ConnectionClosed):
            async with patience():
                async for data in self.socket:
                    self.log.append(json.loads(data))
        return self.socket.close_code or 0


@contextlib.asynccontextmanager
async def raw(live: Live, room: str = "hall", **options: Any) -> AsyncIterator[Raw]:
    """A socket that has not joined."""
    given: dict[str, Any] = {"subprotocols": ["openroom.v1"], "compression": None, "proxy": None, "close_timeout": 1}
    given |= {"open_timeout": PATIENCE, "ping_interval": None}
    async with connect(f"{live.ws}/ws/rooms/{room}", **given | options) as socket:
        yield Raw(socket)


@contextlib.asynccontextmanager
async def joined(live: Live, name: str = "Ann", room: str = "hall", **join: Any) -> AsyncIterator[Raw]:
    """A socket that has joined and got its snapshot."""
    async with raw(live, room) as me:
        await me.send(type="join", name=name, **join)
        await me.get("hello")
        if "last_seq" not in join:
            await me.get("snapshot")
        yield me
