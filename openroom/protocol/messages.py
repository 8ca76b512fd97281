"""The messages of the protocol openroom.v1, both ways. These models are the source of docs/protocol/*.schema.json.

A client's message is read by `parse`: JSON text of at most a set size, nested at most `MAX_DEPTH` deep, without NaN and
without lone surrogates. The server's messages are models for documentation, tests and clients; the room encodes the
frequent ones (events, signals) itself and once for everybody.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated, Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from openroom.core.action import NO_CONTROLS, Action, Id, LanguageCode, Name, PersonaId
from openroom.core.event import Event
from openroom.core.look import Look
from openroom.errors import OpenroomError

PROTOCOL = "openroom.v1"
MAX_BYTES = 16_384
MAX_DEPTH = 16

CauseId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_:.\-]{1,80}$")]
"""The id that a client gives an act, so that sending it again is harmless."""

_CAUSE_ID: TypeAdapter[str] = TypeAdapter(CauseId)
_OF_CODE = re.compile(r"^(?:function-\w+\[|constrained-\w|nullable\[|literal\[|json-or-python\[|lax-or-strict\[)")
_ESCAPED = 3
"""So many times longer a text of letters beyond ASCII is where each is written as ``\\u…``."""


def accepted(offered: Sequence[str]) -> str | None:
    """The subprotocol to accept a connection with, also one that is closed at once: a browser hides the close code of a
    connection that took none of those it had offered."""
    return PROTOCOL if PROTOCOL in offered else next(iter(offered), None)


class MalformedMessage(OpenroomError):
    """A client's message does not fit the protocol; ``reason`` is ``malformed`` or ``too_large``."""

    def __init__(self, reason: str, message: str, id: str | None = None) -> None:
        self.reason, self.message, self.id = reason, message, id
        super().__init__(message)


class _Inbound(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Outbound(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


# client -> server ---------------------------------------------------------------------------------------------------


class Join(_Inbound):
    """The first message. ``epoch`` and ``last_seq`` resume; ``token`` says who one is where there is no cookie;
    ``language`` is the one that the person reads, ``look`` how they are drawn, ``persona`` whom of their own they are
    here (``self``: themselves; without it as they are there, else themselves)."""

    type: Literal["join"]
    name: Name | Literal[""] = ""
    watch: bool = False
    language: LanguageCode | None = None
    look: Look | None = None
    persona: PersonaId | Literal["self"] | None = None
    epoch: Annotated[str, StringConstraints(max_length=64)] | None = None
    last_seq: int | None = Field(default=None, ge=0, lt=2**53)
    token: Annotated[str, StringConstraints(max_length=1000)] | None = None


class Act(_Inbound):
    """An action; answered by ``done`` or ``refused`` with the same ``id``."""

    type: Literal["act"]
    id: CauseId
    action: Action


class Typing(_Inbound):
    """The person began or stopped typing."""

    type: Literal["typing"]
    on: bool


class Stop(_Inbound):
    """Stop what is being generated; what was shown stays, marked cut."""

    type: Literal["stop"]


class Recite(_Inbound):
    """Have the author's lines answer in ``turn`` instead of waiting for the model (see ``choice``). Nothing happens
    when its words have come meanwhile, or somebody else called for it."""

    type: Literal["recite"]
    turn: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class AskOptions(_Inbound):
    """What can I do now, with all props or with ``prop``?"""

    type: Literal["options"]
    prop: Id | None = None


class AskResync(_Inbound):
    """Send a snapshot."""

    type: Literal["resync"]


class Ping(_Inbound):
    """Answered by ``pong`` with the same ``t``."""

    type: Literal["ping"]
    t: int | float = 0


ClientMessage = Annotated[
    Join | Act | Typing | Stop | Recite | AskOptions | AskResync | Ping,
    Field(discriminator="type"),
]
CLIENT: TypeAdapter[ClientMessage] = TypeAdapter(ClientMessage)


def parse(data: str | bytes, max_bytes: int = MAX_BYTES) -> ClientMessage:
    """Read one message of a client. Raises `MalformedMessage`, which names the place, what was expected and what
    came, and the act's id where it could be read.
    """
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    body = read_json(raw, max_bytes)
    if not isinstance(body, dict):
        raise MalformedMessage("malformed", "expected a JSON object")
    try:
        return CLIENT.validate_python(body)
    except ValidationError as error:
        raise MalformedMessage("malformed", explain(error), _id_of(body)) from None


def read_json(raw: bytes, max_bytes: int = MAX_BYTES) -> Any:
    """Strict JSON of bounded size and depth. Raises `MalformedMessage`.

    The size is that of the text in UTF-8: JSON that writes all but ASCII as ``\\u…`` may be three times as long.
    """
    if len(raw) > max_bytes and (b"\\u" not in raw or len(raw) > _ESCAPED * max_bytes):
        id = _id_in(raw) if len(raw) <= _ESCAPED * max_bytes else None
        raise MalformedMessage("too_large", f"expected at most {max_bytes} bytes, came {len(raw)}", id)
    if _depth(raw) > MAX_DEPTH:
        raise MalformedMessage("malformed", f"expected JSON nested at most {MAX_DEPTH} deep", _id_in(raw))
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise MalformedMessage("malformed", f"expected JSON: {error}", _id_in(raw)) from None
    if len(raw) > max_bytes and (size := len(orjson.dumps(body))) > max_bytes:
        raise MalformedMessage("too_large", f"expected at most {max_bytes} bytes, came {size}", _id_of(body))
    return body


def explain(error: ValidationError) -> str:
    """The first fault as one sentence; values are quoted shortly, never a whole text."""
    first = error.errors(include_url=False)[0]
    place, wrong = where(first["loc"]), expected(first)
    came = repr(first["input"])
    came = f", came {came if len(came) <= 60 else came[:57] + '...'}" if first["type"] != "missing" else ""
    return f"{place}: {wrong}{came}" if place else f"{wrong}{came}"


def where(loc: Sequence[int | str]) -> str:
    """The place of a fault as whoever sent it knows it: names and numbers with dots between, without what only the
    code that reads it calls so (``function-after[...]``, ``constrained-str``)."""
    return ".".join(str(part) for part in loc if isinstance(part, int) or not _OF_CODE.search(part))


def expected(fault: ErrorDetails) -> str:
    """What was wrong, in words; a pattern only where it says more than they."""
    if fault["type"] == "string_pattern_mismatch" and fault["ctx"]["pattern"] == NO_CONTROLS:
        return "expected text without control characters"
    return fault["msg"].removeprefix("Value error, ")


def _id_in(raw: bytes) -> str | None:
    """The id of an act that is no JSON as we take it (too deep, or a lone surrogate) where other readers take it."""
    with suppress(orjson.JSONDecodeError):
        return _id_of(orjson.loads(raw))
    if _depth(raw) > MAX_DEPTH:
        return None
    with suppress(ValueError):
        return _id_of(json.loads(raw))
    return None


def _id_of(body: Any) -> str | None:
    """The id of a broken act, so that its sender can be told which one it was."""
    if not isinstance(body, dict) or body.get("type") != "act":
        return None
    try:
        return _CAUSE_ID.validate_python(body.get("id"))
    except ValidationError:
        return None


def _depth(raw: bytes) -> int:
    """How deep the brackets outside of strings nest (an upper bound where there are few brackets)."""
    opening = raw.count(b"{") + raw.count(b"[")
    if opening <= MAX_DEPTH:
        return opening
    depth = deepest = 0
    in_string = escaped = False
    for byte in raw:
        if in_string:
            if escaped:
                escaped = False
            elif byte == 0x5C:
                escaped = True
            elif byte == 0x22:
                in_string = False
        elif byte == 0x22:
            in_string = True
        elif byte in b"{[":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"}]":
            depth -= 1
    return deepest


# server -> client ---------------------------------------------------------------------------------------------------


class Hello(_Outbound):
    """The answer to ``join``. ``token`` signs who one is, for reconnecting; absent where a cookie does that."""

    type: Literal["hello"] = "hello"
    protocol: Literal["openroom.v1"] = "openroom.v1"
    room: str
    epoch: str
    seq: int
    you: str
    role: Literal["spectator", "player", "creator", "operator"]
    name: str
    owner: bool
    token: str | None = None


class OptionBody(_Outbound):
    """Something one can do now: use ``verb`` of ``prop`` with ``args``; ``text`` names the argument still to be
    written.
    """

    model_config = ConfigDict(extra="allow", frozen=True)

    id: str
    prop: str
    verb: str
    label: str
    args: dict[str, Any] | None = None
    text: str | None = None


class TurnBody(_Outbound):
    """A character's turn under way, or waiting for the one before it; ``since`` in ms since 1970."""

    turn: str
    who: str
    phase: str
    since: int
    text: str | None = None
    read: int | None = None
    choice: str | None = None


class ModelBody(_Outbound):
    """Who speaks for the characters."""

    name: str
    kind: Literal["remote", "local", "understudy", "scripted"]
    detail: str = ""
    status: dict[str, Any] | None = None
    """How far the local model is: state, text, done and total bytes."""


class Bare(_Outbound):
    """An event that one cannot perceive: its seq, and its patch of the shared state where it has one."""

    seq: int
    patch: dict[str, Any] | None = None


class MovedBody(_Outbound):
    """Who took the story another way, with which event, and why (`openroom.core.event.Moved`)."""

    seq: int
    why: str
    by: str


class Snapshot(_Outbound):
    """The room as one perceives it: the shared state after ``seq``, definitions' public side, the last lines.
    What is in them is in state.schema.json and manifest.schema.json."""

    type: Literal["snapshot"] = "snapshot"
    room: str
    epoch: str
    seq: int
    title: str = ""
    state: dict[str, Any]
    manifest: dict[str, Any]
    log: list[Event]
    options: list[OptionBody]
    looks: dict[str, str] | None = None
    """How things look now, by prop, in a sentence or a few words; without those that always look the same."""
    turns: list[TurnBody]
    model: ModelBody
    note: str | None = None
    """The author's note of the room; only for its owner."""
    head: int = 0
    """The event that the story stands at: `rewind` to it comes back here."""
    ways: dict[str, list[int]] | None = None
    """By the first of them: lines that stand in for each other, in the order they were told; of those one heard."""
    wishes: dict[str, int] | None = None
    """By line the event that is one's own wish for it (`retry`)."""
    moved: MovedBody | None = None
    """How the story came to where it is, if it was taken there."""


class EventMessage(_Outbound):
    """The next event; ``seq`` follows the one before without a gap. Apply ``patch`` (RFC 7396) to the state."""

    type: Literal["event"] = "event"
    event: Event | Bare


class TypingSignal(_Outbound):
    """Somebody is typing, or no longer."""

    type: Literal["signal"] = "signal"
    signal: Literal["typing"] = "typing"
    who: str
    on: bool


class TurnSignal(_Outbound):
    """How a turn goes. ``text`` is all that was shown so far; the final line arrives as an event. One that has to wait
    for another says so first (``waiting``), and that it ``stopped`` where it will not come.

    While it thinks, ``read`` is how many percent of the prompt a model on this machine has read. ``choice`` comes when
    it takes long: that person (empty: anybody) and who runs the room may send ``recite``.
    """

    type: Literal["signal"] = "signal"
    signal: Literal["turn"] = "turn"
    turn: str
    who: str
    phase: Literal["waiting", "thinking", "speaking", "done", "stopped", "failed", "passed"]
    text: str | None = None
    since: int | None = None
    reason: str | None = None
    message: str | None = None
    retry: bool | None = None
    ms: int | None = None
    """How long the turn took."""
    read: int | None = None
    choice: str | None = None


class ModelSignal(_Outbound):
    """Who speaks has changed, or how far the weights on their way are (``model.status``)."""

    type: Literal["signal"] = "signal"
    signal: Literal["model"] = "model"
    model: ModelBody


class LostSignal(_Outbound):
    """The files of ``characters`` (ids of definitions) of this room are gone; they go on as they were."""

    type: Literal["signal"] = "signal"
    signal: Literal["lost"] = "lost"
    characters: list[str]


class ClosingSignal(_Outbound):
    """The room is about to close; ``bye`` follows."""

    type: Literal["signal"] = "signal"
    signal: Literal["closing"] = "closing"
    reason: str = ""


class Done(_Outbound):
    """An act was done and is stored; ``seqs`` are its events (none if nothing had to change)."""

    type: Literal["done"] = "done"
    id: str
    seqs: list[int]


class Refused(_Outbound):
    """An act was refused: ``reason`` for programs, ``message`` for people."""

    type: Literal["refused"] = "refused"
    id: str
    reason: str
    message: str


class Options(_Outbound):
    """What one can do now, and how things look; with ``prop`` alone where that was asked."""

    type: Literal["options"] = "options"
    prop: str | None = None
    options: list[OptionBody]
    looks: dict[str, str] | None = None


class Resync(_Outbound):
    """The connection was too slow; a snapshot follows."""

    type: Literal["resync"] = "resync"


class Pong(_Outbound):
    """The answer to ``ping``."""

    type: Literal["pong"] = "pong"
    t: int | float


class ErrorMessage(_Outbound):
    """A message did not fit; the connection goes on, unless it was about joining."""

    type: Literal["error"] = "error"
    reason: str
    message: str


class Bye(_Outbound):
    """The server closes the connection. ``superseded`` is not sent yet."""

    type: Literal["bye"] = "bye"
    reason: Literal["kicked", "banned", "left", "closing", "superseded"]


SIGNALS = frozenset({"typing", "turn", "model", "lost", "closing"})
ServerSignal = Annotated[
    TypingSignal | TurnSignal | ModelSignal | LostSignal | ClosingSignal, Field(discriminator="signal")
]
ServerMessage = Annotated[
    Hello | Snapshot | EventMessage | ServerSignal | Done | Refused | Options | Resync | Pong | ErrorMessage | Bye,
    Field(discriminator="type"),
]
SERVER: TypeAdapter[ServerMessage] = TypeAdapter(ServerMessage)


def encode_done(id: str, seqs: Sequence[int]) -> bytes:
    """`Done` as it is sent: the most frequent answer, so without building the model first."""
    return orjson.dumps({"type": "done", "id": id, "seqs": seqs})


def encode(message: BaseModel) -> bytes:
    """A server message as the JSON text that is sent; absent fields are not written."""
    return message.model_dump_json(exclude_none=True).encode()
