"""The WebSocket of a room: ``/ws/rooms/{room}``, subprotocol openroom.v1, as a raw ASGI application.

One task reads, always, so that a shutdown is noticed; one sends (`openroom.server.socket.outbox`). Nobody waits for an
act: its answer comes by a callback, so that acts sent together share a commit. The actor is set here, from the
connection, never from a message.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from functools import partial

from starlette.requests import HTTPConnection
from starlette.types import Receive, Scope, Send

from openroom.core.actor import Actor
from openroom.core.resolve import Refusal
from openroom.core.view import sights
from openroom.errors import (
    AccessError,
    DefinitionError,
    OpenroomError,
    RoomClosed,
    RoomNotFound,
    StoreError,
    TooManyRooms,
)
from openroom.lobby.wardrobe import Wardrobe
from openroom.protocol import messages as m
from openroom.protocol.closing import (
    CLOSE_BAD_JOIN,
    CLOSE_DEADLINE,
    CLOSE_NO_ROOM,
    CLOSE_NOT_KNOWN,
    CLOSE_REFUSED,
    CLOSE_RESTART,
    CLOSE_TOO_FAST,
    CLOSE_TOO_LARGE,
)
from openroom.room.room import Room
from openroom.room.writer import Answer
from openroom.server.access import Person, new_person
from openroom.server.identity import ask, by_cookie
from openroom.server.limits import Bucket, address_of
from openroom.server.site import Entering, Site, site_in
from openroom.server.socket.outbox import End, FastOutbox, Outbox, PlainOutbox, raw_transport

JOIN_SECONDS = 10.0
_LOG = logging.getLogger("openroom.socket")


class RoomSocket:
    """The ASGI application of the route. ``site`` is looked up at each connection: it exists once the server has
    started.
    """

    def __init__(self, join_seconds: float = JOIN_SECONDS) -> None:
        self._join_seconds = join_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection to its end."""
        site = site_in(scope["app"])
        await receive()  # websocket.connect
        offered = scope.get("subprotocols") or []
        await send({"type": "websocket.accept", "subprotocol": m.accepted(offered)})
        address = address_of(scope)
        connection = Connection(site, scope, receive, send)
        if offered and m.PROTOCOL not in offered:
            await connection.close(End(CLOSE_BAD_JOIN, reason=f"expected the subprotocol {m.PROTOCOL}"))
        elif not site.addresses.enter(address):
            await connection.close(End(CLOSE_TOO_FAST, reason="too many connections from this address"))
        else:
            try:
                await connection.serve(scope["path_params"]["room"], self._join_seconds)
            finally:
                site.addresses.leave(address)


class Connection:
    """One client from its join to its end."""

    def __init__(self, site: Site, scope: Scope, receive: Receive, send: Send) -> None:
        self._site, self._scope, self._receive, self._send = site, scope, receive, send
        transport = raw_transport(receive) if site.fast else None
        self.is_fast = transport is not None
        self._outbox: Outbox = (
            PlainOutbox(send, receive, site.patience)
            if transport is None
            else FastOutbox(transport, send, site.patience)
        )
        settings = site.settings
        self._bucket = Bucket(settings.rate_per_second, settings.rate_burst, asyncio.get_running_loop().time)
        self._strikes = 0
        self.person: Person
        self._room: Room
        self._wardrobe: Wardrobe
        site.counts["connections"] += 1

    # its life -------------------------------------------------------------------------------------------------------

    async def serve(self, room: str, join_seconds: float) -> None:
        """Join, then read and send until one side ends it.

        No `asyncio.TaskGroup`: it cancels this task, which under anyio (as in Starlette's TestClient) only anyio may.
        """
        sending = asyncio.create_task(self._outbox.run(), name="socket.sending")
        reading = asyncio.create_task(self._live(room, join_seconds), name="socket.reading")
        try:
            await asyncio.wait((sending, reading), return_when=asyncio.FIRST_COMPLETED)
        finally:
            sending.cancel()
            reading.cancel()
            await asyncio.wait((sending, reading))
        ends = [_end(task) for task in (reading, sending) if not task.cancelled()]
        if end := next((end for end in ends if end.code), None):
            await self.close(end)

    def end(self, end: End) -> None:
        self._outbox.end(end)

    async def close(self, end: End) -> None:
        self._site.counts[f"closed_{end.code}"] += 1
        bye = m.encode(m.Bye.model_validate({"reason": end.bye})) if end.bye else None
        await self._outbox.close(end, bye)

    async def _live(self, room: str, join_seconds: float) -> None:
        try:
            async with asyncio.timeout(join_seconds):
                join = await self._first_message()
        except TimeoutError:
            raise End(CLOSE_DEADLINE, reason=f"expected join within {join_seconds:.0f} s") from None
        self.person = await self._identify(join)
        self._site.saw(self.person, self._scope)
        self._room = await self._open(room)
        await self._enter(join)
        self._site.welcome(self._room, self)
        feed = self._room.subscribe(self._actor, self._wake, epoch=join.epoch, after=join.last_seq)
        try:
            self._hello(with_token=not self.person.identified and (join.token is not None or not self._has_cookie))
            self._outbox.subscription = feed
            self._wake()
            while True:
                self._take(await self._read())
        finally:
            feed.close()
            self._site.goodbye(self._room, self)

    def _wake(self) -> None:
        self._outbox.wake()
        if self._room.closed:
            self._outbox.end(End(CLOSE_RESTART, "closing"))

    # joining --------------------------------------------------------------------------------------------------------

    async def _first_message(self) -> m.Join:
        try:
            message = m.parse(await self._read(), self._site.settings.max_message_bytes)
        except m.MalformedMessage as error:
            code = CLOSE_TOO_LARGE if error.reason == "too_large" else CLOSE_BAD_JOIN
            raise self._turn_away(code, "bad_join", error.message) from None
        if not isinstance(message, m.Join):
            raise self._turn_away(CLOSE_BAD_JOIN, "bad_join", f"expected join first, came {message.type}")
        return message

    async def _identify(self, join: m.Join) -> Person:
        access, asked = self._site.access, HTTPConnection(self._scope)
        try:
            user = await ask(self._site.identify, access, asked)
        except AccessError as error:
            raise self._turn_away(CLOSE_NOT_KNOWN, "not_known", str(error)) from None
        person = user or by_cookie(access, asked)
        self._has_cookie = person is not None
        if join.token is None or user is not None:
            return person or new_person()
        person = access.person(join.token)
        if person is None:
            raise self._turn_away(CLOSE_NOT_KNOWN, "not_known", "This token is not one of ours, or was taken back.")
        return person

    async def _open(self, room: str) -> Room:
        try:
            return await self._site.open(room)
        except RoomNotFound as error:
            raise self._turn_away(CLOSE_NO_ROOM, "no_such_room", str(error)) from None
        except TooManyRooms as error:
            raise self._turn_away(CLOSE_REFUSED, "busy", str(error)) from None
        except (DefinitionError, StoreError) as error:
            _LOG.error("room %s could not be opened: %s", room[:80], error)
            raise self._turn_away(CLOSE_REFUSED, "broken", str(error)) from None
        except OpenroomError as error:
            raise self._turn_away(CLOSE_REFUSED, "refused", str(error)) from None

    async def _enter(self, join: m.Join) -> None:
        entering = Entering(join.name, join.watch, join.language, join.look, join.persona)
        try:
            self._wardrobe = await self._site.wardrobes.of(self.person.id)
            answer = await self._site.enter(self._room, self.person, entering)
        except RoomClosed:
            raise End(CLOSE_RESTART, "closing") from None
        except StoreError as error:
            raise self._turn_away(CLOSE_RESTART, "store", str(error)) from None
        if isinstance(answer, Refusal):
            raise self._turn_away(CLOSE_REFUSED, answer.reason, answer.message)

    def _turn_away(self, code: int, reason: str, message: str) -> End:
        """An ``error`` message for people, then the close code for programs."""
        self._outbox.reply(m.encode(m.ErrorMessage(reason=reason, message=message[:500])))
        return End(code, reason=reason)

    @property
    def _actor(self) -> Actor:
        return replace(self._site.actor(self._room, self.person), personas=self._wardrobe.personas)

    def _hello(self, with_token: bool) -> None:
        room, person, actor = self._room, self.person, self._actor
        hello = m.Hello(
            room=room.id,
            epoch=room.epoch,
            seq=room.seq,
            you=person.id,
            role=person.role,
            name=actor.name,
            owner=actor.owner,
            token=self._site.access.session(person) if with_token else None,
        )
        self._outbox.reply(m.encode(hello))

    # reading --------------------------------------------------------------------------------------------------------

    async def _read(self) -> str | bytes:
        """The next message. Raises `End` (code 0: nobody is left to be told) when the connection is gone."""
        message = await self._receive()
        if message["type"] == "websocket.disconnect":
            raise End(0)
        text: str | None = message.get("text")
        return text if text is not None else bytes(message.get("bytes") or b"")

    def _take(self, data: str | bytes) -> None:
        self._site.counts["messages"] += 1
        try:
            message = m.parse(data, self._site.settings.max_message_bytes)
        except m.MalformedMessage as error:
            if error.reason == "too_large" and error.id is None:
                raise End(CLOSE_TOO_LARGE, reason=error.message) from None
            self._may_go_on()
            self._objection(error.id, error.reason, error.message)
            return
        if not self._may_go_on():
            id = message.id if isinstance(message, m.Act) else None
            self._objection(id, "rate_limited", "Too fast: this was left out.")
            return
        if isinstance(message, m.Act):
            self._act(message)
        else:
            self._small(message)

    def _may_go_on(self) -> bool:
        """Spend a message. Who keeps sending far above the limit is disconnected."""
        if self._bucket.take():
            self._strikes = 0
            return True
        self._strikes += 1
        self._site.counts["rate_limited"] += 1
        if self._strikes > self._site.settings.rate_burst:
            raise End(CLOSE_TOO_FAST, reason="too fast")
        return False

    def _objection(self, id: str | None, reason: str, message: str) -> None:
        if id is None:
            self._outbox.reply(m.encode(m.ErrorMessage(reason=reason, message=message[:500])))
        else:
            self._outbox.reply(m.encode(m.Refused(id=id, reason=reason, message=message[:500])))

    def _small(self, message: m.ClientMessage) -> None:
        room, outbox = self._room, self._outbox
        if isinstance(message, m.Ping):
            outbox.reply(m.encode(m.Pong(t=message.t)))
        elif isinstance(message, m.Typing):
            room.signal(self._actor, message.on)
        elif isinstance(message, m.Stop):
            room.stop(self._actor)
        elif isinstance(message, m.Recite):
            room.recite(self._actor, message.turn)
        elif isinstance(message, m.AskOptions):
            prop = message.prop or ""
            options = [option.public() for option in room.options(self._actor, prop)]
            looks = sights(room.state, room.world, prop) or None
            outbox.reply(m.encode(m.Options.model_validate({"prop": message.prop, "options": options, "looks": looks})))
        elif isinstance(message, m.AskResync):
            if outbox.subscription is not None:
                outbox.subscription.need_snapshot()
                outbox.wake()
        else:
            self._objection(None, "malformed", "expected join only once")

    def _act(self, message: m.Act) -> None:
        """Submit an act. No task waits for it: the answer is sent from a callback."""
        try:
            future = self._room.ask(self._actor, message.action, cause=message.id)
        except RoomClosed:
            self._outbox.end(End(CLOSE_RESTART, "closing"))
            return
        future.add_done_callback(partial(self._answer, message.id))

    def _answer(self, id: str, future: asyncio.Future[Answer]) -> None:
        error = future.exception()
        if isinstance(error, RoomClosed):
            self._outbox.end(End(CLOSE_RESTART, "closing"))
        elif error is not None:
            _LOG.error("act failed in room %s: %s", self._room.id, error)
            self._objection(id, "store" if isinstance(error, StoreError) else "failed", str(error))
        elif isinstance(answer := future.result(), Refusal):
            self._site.counts["refused"] += 1
            self._objection(id, answer.reason, answer.message)
        else:
            self._outbox.reply(m.encode_done(id, answer.seqs), after=max(answer.seqs, default=0))


def _end(task: asyncio.Task[None]) -> End:
    """How a task ended. Raises what was no `End`."""
    error = task.exception()
    if isinstance(error, End):
        return error
    raise error or RuntimeError(f"{task.get_name()} ended without a reason")
