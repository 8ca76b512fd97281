"""A member of a room: one WebSocket that is made again when it breaks, and what came over it."""

from __future__ import annotations

import asyncio
import contextlib
import re
import uuid
from collections import deque
from collections.abc import AsyncIterator, Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, urlsplit

import orjson
from pydantic import BaseModel
from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as open_socket
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI
from websockets.typing import Subprotocol

from openroom.client.backoff import Backoff
from openroom.client.view import RoomView
from openroom.core.event import save_id
from openroom.errors import RefusedError
from openroom.protocol.closing import FINAL

PROTOCOL = Subprotocol("openroom.v1")
KEPT_MESSAGES = 10_000
"""So many messages wait for `Member.events` and `Member.messages`; older ones that nobody read are dropped."""

_ACT_ID = re.compile(r"[A-Za-z0-9_:.\-]{1,80}")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_MOST_BYTES = 64 * 1_048_576


def connect(
    url: str,
    room: str,
    *,
    name: str = "",
    watch: bool = False,
    language: str = "",
    look: Mapping[str, str] | None = None,
    persona: str = "",
    token: str | None = None,
    backoff: Backoff | None = None,
) -> Member:
    """A member to be: enter it with ``async with``. ``url`` is the server's (``http://127.0.0.1:8200``, perhaps with
    the prefix it is mounted under); ``token`` says who one is (see ``openroom token new``), else one is somebody new.
    ``language`` (``de``) is the one that characters greet in; ``look`` is how others see one drawn, ``persona``
    the id of one's own whom one is there (docs/protocol.md).
    """
    join: dict[str, Any] = {"type": "join", "name": name, "watch": watch}
    if language:
        join["language"] = language
    if look:
        join["look"] = dict(look)
    if persona:
        join["persona"] = persona
    return Member(_socket_url(url, room), join, token, backoff or Backoff())


def _socket_url(url: str, room: str) -> str:
    parts = urlsplit(url)
    scheme = {"http": "ws", "https": "wss"}.get(parts.scheme, parts.scheme)
    if scheme not in ("ws", "wss") or not parts.netloc:
        raise ValueError(f"expected a URL such as http://127.0.0.1:8200, came {url!r}")
    return f"{scheme}://{parts.netloc}{parts.path.rstrip('/')}/ws/rooms/{quote(room, safe='')}"


class Member:
    """Somebody in a room. Made by `connect`; use it as an async context manager.

    ``state``, ``seq``, ``you`` and the rest of `RoomView` are kept up while it is open.
    """

    def __init__(self, url: str, join: dict[str, Any], token: str | None, backoff: Backoff) -> None:
        self.view = RoomView(token=token)
        self._url, self._join, self._backoff = url, join, backoff
        self._socket: ClientConnection | None = None
        self._task: asyncio.Task[None] | None = None
        self._joined: asyncio.Future[None] | None = None
        self._pending: dict[str, tuple[bytes, asyncio.Future[tuple[int, ...]]]] = {}
        self._asked: deque[asyncio.Future[dict[str, Any]]] = deque()
        self._inbox: deque[dict[str, Any]] = deque(maxlen=KEPT_MESSAGES)
        self._some = asyncio.Event()
        self._over: RefusedError | None = None
        self._said: dict[str, Any] = {}
        self._closed = False
        self._prefix = uuid.uuid4().hex[:12]
        self._count = 0
        self.reconnects = 0
        """How often the connection was made again."""

    @property
    def state(self) -> dict[str, Any]:
        """The shared state after event `seq`. Treat it as read-only."""
        return self.view.state

    @property
    def seq(self) -> int:
        """The seq of the last event taken in."""
        return self.view.seq

    @property
    def you(self) -> str:
        return self.view.you

    @property
    def token(self) -> str | None:
        """Signs who one is: keep it to be the same person next time."""
        return self.view.token

    async def __aenter__(self) -> Self:
        """Connect and join; the first snapshot has come when this returns.

        Raises `RefusedError` (banned, full, no such room, …), OSError or `TimeoutError` when there is no server.
        """
        self._joined = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(self._run(), name=f"openroom.client {self._url}")
        try:
            await self._joined
        except BaseException:
            await self._end()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Hang up. One stays in the room for the server's grace; `leave` goes at once."""
        await self._end()

    # acting ---------------------------------------------------------------------------------------------------------

    async def act(self, action: Mapping[str, Any] | BaseModel, *, id: str | None = None) -> tuple[int, ...]:
        """Ask for an action and wait until it is done: the seqs of its events. Raises `RefusedError`.

        It survives reconnections. The same ``id`` again gets the first answer again, a refusal too: to
        try anew take a new one.
        """
        if self._over is not None:
            raise self._over
        self._count += 1
        id = id or f"{self._prefix}-{self._count}"
        if not _ACT_ID.fullmatch(id):
            raise RefusedError(
                "malformed", f"Expected an id of 1 to 80 characters of A-Z a-z 0-9 _ : . -, came {id[:80]!r}."
            )
        body = action.model_dump(mode="json", exclude_none=True) if isinstance(action, BaseModel) else dict(action)
        message = orjson.dumps({"type": "act", "id": id, "action": body})
        answer: asyncio.Future[tuple[int, ...]] = asyncio.get_running_loop().create_future()
        self._pending[id] = (message, answer)
        try:
            await self._send_raw(message)
            return await answer
        finally:
            self._pending.pop(id, None)

    async def say(
        self, text: str, to: list[str] | None = None, *, persona: str = "", play: str = ""
    ) -> tuple[int, ...]:
        """Speak, or whisper to the participants of ``to``. ``persona``: one of one's own does; ``play``: a character
        does, as who runs the room may play it. Raises `RefusedError`."""
        spoken = {"to": to, "persona": persona, "play": play}
        return await self.act({"do": "say", "text": text, **{key: value for key, value in spoken.items() if value}})

    async def use(self, prop: str, verb: str, **args: str | float | bool) -> tuple[int, ...]:
        """Use a verb of a prop. Raises `RefusedError`."""
        return await self.act({"do": "use", "prop": prop, "verb": verb, "args": args})

    async def roll(self, dice: str) -> tuple[int, ...]:
        """Throw dice (``2d6+1``) before everybody; what fell is in the event ``rolled``. Raises `RefusedError`."""
        return await self.act({"do": "roll", "dice": dice})

    async def nudge(self, character: str) -> tuple[int, ...]:
        """Ask a character to speak now. Raises `RefusedError`."""
        return await self.act({"do": "nudge", "character": character})

    async def mute(self, character: str, on: bool = True) -> tuple[int, ...]:
        """Have a character say nothing, or let it speak again: for who runs the room. Raises `RefusedError`."""
        return await self.act({"do": "mute", "character": character, "on": on})

    async def note(self, text: str) -> tuple[int, ...]:
        """What characters are to keep in mind in this room; an empty text takes it away. For who runs it. Raises
        `RefusedError`."""
        return await self.act({"do": "note", "text": text})

    # the story's ways -----------------------------------------------------------------------------------------------

    async def retry(self, seq: int, wish: str = "") -> tuple[int, ...]:
        """Have a character try another reply than ``seq``, perhaps with a wish ("shorter"). Raises `RefusedError`."""
        return await self.act({"do": "retry", "seq": seq, **({"wish": wish} if wish else {})})

    async def choose(self, seq: int) -> tuple[int, ...]:
        """Have line ``seq`` tell the story instead of the one it is an alternative of. Raises `RefusedError`."""
        return await self.act({"do": "choose", "seq": seq})

    async def edit(self, seq: int, text: str) -> tuple[int, ...]:
        """Say a line in other words: a new way begins there. Raises `RefusedError`."""
        return await self.act({"do": "edit", "seq": seq, "text": text})

    async def delete(self, seq: int) -> tuple[int, ...]:
        """Go back to before a line; nothing of the log is lost. Raises `RefusedError`."""
        return await self.act({"do": "delete", "seq": seq})

    async def rewind(self, to: int) -> tuple[int, ...]:
        """Go to after event ``to``, of any way that the story took. Raises `RefusedError`."""
        return await self.act({"do": "rewind", "to": to})

    async def save(self, name: str) -> str:
        """Name the moment that the story has come to: the id of the save point. Raises `RefusedError`."""
        (seq,) = await self.act({"do": "save", "name": name})
        return save_id(seq)

    async def load(self, id: str) -> tuple[int, ...]:
        """Go on from a save point (``state["saves"]`` holds them by id). Raises `RefusedError`."""
        return await self.act({"do": "load", "id": id})

    async def unsave(self, id: str) -> tuple[int, ...]:
        """Take a save point's name off. Raises `RefusedError`."""
        return await self.act({"do": "unsave", "id": id})

    async def branch(
        self, name: str | None = None, *, of: int | None = None, listed: bool | None = None
    ) -> tuple[int, ...]:
        """Name a branch (an empty name takes it off), or have it listed no more or again; ``of`` is its first event,
        without it the one that the story is in. Raises `RefusedError`."""
        wish = {"name": name, "of": of, "listed": listed}
        return await self.act({"do": "branch", **{key: value for key, value in wish.items() if value is not None}})

    async def leave(self) -> None:
        """Leave the room; the connection ends with that. Raises `RefusedError`."""
        await self.act({"do": "leave"})

    async def typing(self, on: bool = True) -> None:
        """Let the others know that one types. Lost while there is no connection."""
        await self._send({"type": "typing", "on": on})

    async def stop(self) -> None:
        """Stop what a character is saying. Lost while there is no connection."""
        await self._send({"type": "stop"})

    async def recite(self, turn: str) -> None:
        """Have the author's lines answer in a turn that takes long (its signal says who has the ``choice``). Lost
        while there is no connection."""
        await self._send({"type": "recite", "turn": turn})

    async def options(self) -> list[dict[str, Any]]:
        """What one can do with the props now. Raises `RefusedError` when the connection ends for good before the
        answer.
        """
        asked: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._asked.append(asked)
        await self._send({"type": "options"})
        options: list[dict[str, Any]] = (await asked)["options"]
        return options

    # listening ------------------------------------------------------------------------------------------------------

    async def events(self) -> AsyncIterator[dict[str, Any]]:
        """Every event since joining that was not read yet, in order; those one cannot perceive as a bare seq.

        Ends with the connection: quietly when one left, with `RefusedError` when one was removed or turned away.
        """
        async for message in self.messages():
            if message["type"] == "event":
                yield message["event"]

    async def messages(self) -> AsyncIterator[dict[str, Any]]:
        """As `events`, but every message of the protocol: snapshots and signals too."""
        while True:
            while self._inbox:
                yield self._inbox.popleft()
            if self._closed:
                if self._over is not None and self._over.reason != "left":
                    raise self._over
                return
            self._some.clear()
            await self._some.wait()

    # the connection -------------------------------------------------------------------------------------------------

    async def drop(self) -> None:
        """Cut the connection as a bad network would; it is made again (for tests and demonstrations)."""
        if self._socket is not None:
            self._socket.transport.abort()

    async def _run(self) -> None:
        try:
            waits = self._backoff.waits()
            while True:
                failure = await self._connect_once()
                if self._over is not None:
                    return
                if failure is None:
                    waits = self._backoff.waits()
                elif self._joined is not None and not self._joined.done():
                    self._joined.set_exception(failure)
                    return
                wait = next(waits, None)
                if wait is None:
                    self._over = RefusedError("unreachable", f"{self._url} could not be reached again: {failure}")
                    return
                await asyncio.sleep(wait)
                self.reconnects += 1
        finally:
            self._finish()

    async def _connect_once(self) -> Exception | None:
        """One connection from its beginning to its end; why it could not be made, or ``None`` when it was."""
        local = urlsplit(self._url).hostname in _LOOPBACK
        try:
            async with open_socket(
                self._url,
                subprotocols=[PROTOCOL],
                compression=None,
                max_size=_MOST_BYTES,
                proxy=None if local else True,
                close_timeout=2,
            ) as socket:
                await socket.send(orjson.dumps(self._joining()).decode())
                await self._read(socket)
        except (OSError, InvalidHandshake, InvalidURI, TimeoutError) as error:
            return error
        finally:
            self._socket = None
        return None

    def _joining(self) -> dict[str, Any]:
        join = dict(self._join)
        if self.view.token:
            join["token"] = self.view.token
        if self.view.seq:
            join |= {"epoch": self.view.epoch, "last_seq": self.view.seq}
        return join

    async def _read(self, socket: ClientConnection) -> None:
        try:
            async for data in socket:
                await self._take(orjson.loads(data), socket)
        except ConnectionClosed:
            pass
        code = socket.close_code or 1006
        said, self._said = self._said, {}
        reason = said.get("reason", "")
        if said.get("type") == "bye" and reason != "closing":
            self._over = RefusedError(reason, f"You have left the room ({reason}).")
        elif code in FINAL:
            message = said.get("message") or socket.close_reason or ""
            self._over = RefusedError(reason or FINAL[code], message)

    async def _take(self, message: dict[str, Any], socket: ClientConnection) -> None:
        kind = message["type"]
        if kind == "event":
            new = self.view.event(message["event"])
            if new is None:
                await socket.send('{"type":"resync"}')
            if not new:
                return
        elif kind == "hello":
            await self._hello(message, socket)
        elif kind == "snapshot":
            self.view.snapshot(message)
            self._is_in()
        elif kind in ("done", "refused"):
            self._settle(message)
        elif kind == "signal":
            self.view.signal(message)
        elif kind == "options":
            self.view.options = message["options"]
            if self._asked:
                _resolve(self._asked.popleft(), message)
        elif kind == "bye" or (kind == "error" and self._socket is None):
            self._said = message  # else an error was about a message: it ends nothing
        self._inbox.append(message)
        self._some.set()

    async def _hello(self, message: dict[str, Any], socket: ClientConnection) -> None:
        self.view.hello(message)
        self._socket = socket
        if self.view.seq:
            self._is_in()
        for body, _ in list(self._pending.values()):
            await socket.send(body.decode())
        for _ in self._asked:
            await socket.send('{"type":"options"}')

    def _is_in(self) -> None:
        if self._joined is not None and not self._joined.done():
            self._joined.set_result(None)

    def _settle(self, message: dict[str, Any]) -> None:
        _, answer = self._pending.get(message["id"], (b"", None))
        if answer is None or answer.done():
            return
        if message["type"] == "done":
            answer.set_result(tuple(message["seqs"]))
        else:
            answer.set_exception(RefusedError(message["reason"], message["message"]))

    async def _send(self, message: dict[str, Any]) -> None:
        await self._send_raw(orjson.dumps(message))

    async def _send_raw(self, body: bytes) -> None:
        if self._socket is not None:
            with contextlib.suppress(ConnectionClosed):  # it is made again, and what is pending is sent again
                await self._socket.send(body.decode())

    def _finish(self) -> None:
        """Nothing more will come: whoever waits is told."""
        over = self._over or RefusedError("closed", "The connection was closed.")
        if self._joined is not None and not self._joined.done():
            self._joined.set_exception(over)
        for _, answer in self._pending.values():
            if not answer.done():
                answer.set_exception(over)
        while self._asked:
            asked = self._asked.popleft()
            if not asked.done():
                asked.set_exception(over)
        self._closed = True
        self._some.set()

    async def _end(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._joined is not None and self._joined.done() and not self._joined.cancelled():
            self._joined.exception()  # seen: a failure was raised to the caller already


def _resolve(asked: asyncio.Future[dict[str, Any]], message: dict[str, Any]) -> None:
    if not asked.done():
        asked.set_result(message)
