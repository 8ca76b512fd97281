"""The shapes of REST's answers, for /openapi.json: routes answer with plain dicts, and a test holds them to these."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from openroom.core.action import Action
from openroom.core.event import Event
from openroom.core.persona import Persona
from openroom.protocol.messages import Bare, CauseId, Snapshot
from openroom.protocol.shapes import Manifest, RoomState
from openroom.server.card_bodies import CardMade, CardReport, Drafted, Removed, RoomGiven, Shelf
from openroom.server.prompt_bodies import Prompt

Role = Literal["spectator", "player", "creator", "operator"]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Problem(_Body):
    """What is answered when something is refused or fails: ``reason`` for programs, ``message`` for people.
    ``character``: the id of who came on a card before (``card_here``), or cannot be removed (``card_in_use``), with the
    titles of the ``rooms`` or scenes that need it."""

    reason: str
    message: str
    character: str | None = None
    rooms: list[str] | None = None


class Acting(_Body):
    """An action to be asked for; ``id`` makes sending it again harmless."""

    action: Action
    id: CauseId | None = None


class Acted(_Body):
    """What was done: the seqs of its events (none if nothing had to change), and the room's seq."""

    seqs: list[int]
    seq: int


class Me(_Body):
    """Who one is; ``rooms`` are those one was invited to."""

    id: str
    role: Role
    name: str
    rooms: list[str]


class Redeemed(Me):
    """Who one is after an invite, and the room it leads into."""

    room: str


class Member(_Body):
    """A character of a scene."""

    id: str
    name: str


class Card(_Body):
    """A room in a list."""

    id: str
    title: str
    scene: str
    line: str
    open: bool
    owner: str
    players: int
    watching: int
    here: list[str]
    characters: list[str]
    last_line: str
    last_speaker: str
    last_at: int
    time: str
    weather: str
    backdrop: str
    mine: bool


class Cards(_Body):
    """Rooms one can see."""

    rooms: list[Card]


class Door(_Body):
    """Whether there is a room."""

    there: bool


class OneCard(Card):
    """Whether there is a room, and its card."""

    there: bool
    cast: list[Member]
    gone: bool = False


class Made(_Body):
    """A room that was made."""

    id: str
    scene: str
    title: str
    open: bool


class Room(Snapshot):
    """The room as one perceives it, as the message ``snapshot`` has it."""

    state: RoomState  # type: ignore[assignment]
    manifest: Manifest  # type: ignore[assignment]


class Suggestion(_Body):
    """A line that one might say: where it comes from, and whom it is said to."""

    text: str
    about: Literal["card", "scene", "talk", "arrival", "deed", "thing", "first"]
    to: str | None = None


class Suggestions(_Body):
    """At most three lines that one might say now."""

    suggestions: list[Suggestion]


class Events(_Body):
    """Events after a seq, those one did not perceive as a bare seq with its patch."""

    epoch: str
    seq: int
    events: list[Event | Bare]


class Hit(_Body):
    """A line, or a happening, that holds all words that were looked for: ``text`` is an excerpt that begins ``from`` a
    character on, out of so many ``of`` the whole, ``marks`` are the places of the words in it; ``room`` and its
    ``title`` where one looked in all."""

    model_config = ConfigDict(extra="forbid", serialize_by_alias=True)

    seq: int
    at: int
    kind: Literal["said", "used", "happened"]
    who: str
    name: str
    text: str
    marks: list[tuple[int, int]]
    whisper: bool
    start: int = Field(alias="from")
    of: int
    room: str | None = None
    title: str | None = None


class Hits(_Body):
    """Newest first; ``more``: whether there are others. ``too_short``: nothing was looked for."""

    hits: list[Hit]
    more: bool
    too_short: bool


class Story(_Body):
    """A part of the story; ``there``: whether the event it was asked ``around`` is in it; ``earlier`` and ``later``:
    whether one perceived others; ``ways``: lines that stand in for each other, by the first of them."""

    events: list[Event]
    names: dict[str, str]
    ways: dict[str, list[int]]
    there: bool
    earlier: bool
    later: bool


class Past(_Body):
    """A talk that came in: so many ``lines``, whom each name stands for here, how much was left out of what."""

    lines: int
    speakers: dict[str, str]
    lost: dict[str, int]
    seq: int


class Export(_Body):
    """A room's log."""

    model_config = ConfigDict(extra="allow")

    format: int
    full: bool


class Link(_Body):
    """An invite, and the address to give away."""

    id: str
    token: str
    url: str


class Grant(Link):
    """A token that was handed out."""

    role: Role


class Invite(_Body):
    """An invite without its link; times in ms since 1970."""

    id: str
    created: int
    expires: int | None
    uses: int
    used: int


class Invites(_Body):
    """Those that were not taken back."""

    invites: list[Invite]


class Tokens(_Body):
    """Everything that was handed out, without signatures."""

    tokens: list[dict[str, Any]]


class Writing(_Body):
    """What an event wrote on a thing."""

    seq: int
    at: int
    by: str
    words: list[str]
    about: dict[str, Any]


class Writings(_Body):
    """Newest first."""

    writings: list[Writing]


class Memory(_Body):
    """Something that a character remembers of one; ``persona``: as whom of one's own it met one."""

    id: str
    kind: str
    text: str
    at: int
    persona: str | None = None


class Memories(_Body):
    """Newest first."""

    memories: list[Memory]


class Personas(_Body):
    """One's own characters, the oldest first."""

    personas: list[Persona]


class Deed(_Body):
    """Something that a character did with a thing."""

    seq: int
    prop: str
    verb: str
    args: dict[str, Any] | None = None
    telling: str


class Reply(_Body):
    """What a character said and did in answer. ``say`` is empty where it chose to say nothing."""

    character: str
    say: str
    emotion: str
    actions: list[Deed]
    cut: bool
    seqs: list[int]


class CharacterCard(_Body):
    """The public side of a character."""

    model_config = ConfigDict(extra="allow")

    id: str
    name: str
    emotions: list[str]


class Characters(_Body):
    """Public cards; ``problems`` and ``warnings`` (for creators): what is wrong with the files."""

    characters: list[CharacterCard]
    problems: list[dict[str, Any]] | None = None
    warnings: list[dict[str, Any]] | None = None


class RoomLore(_Body):
    """A room's own lorebook; ``notes`` tell what of the file was taken otherwise."""

    lore: dict[str, Any] | None
    notes: list[str] = []


class SceneCard(_Body):
    """What a room can be made of."""

    model_config = ConfigDict(extra="allow")

    id: str
    title: str
    line: str
    characters: list[Member]


class Scenes(_Body):
    """``problems`` and ``warnings`` (for creators): what is wrong with the files."""

    scenes: list[SceneCard]
    problems: list[dict[str, Any]] | None = None
    warnings: list[dict[str, Any]] | None = None


class Speaks(_Body):
    """Who speaks for the characters, and why; ``speech``: whether `POST /api/speech` speaks what they say."""

    model_config = ConfigDict(extra="allow")

    name: str
    kind: str
    detail: str
    why: str
    speech: bool


class Health(_Body):
    """The server works."""

    ok: bool
    rooms: int
    connections: int


ANSWERS: dict[tuple[str, str], type[BaseModel]] = {
    ("post", "/api/session"): Me,
    ("get", "/api/people/me"): Me,
    ("post", "/api/people/me"): Me,
    ("get", "/api/people/me/memories"): Memories,
    ("get", "/api/people/me/personas"): Personas,
    ("post", "/api/people/me/personas"): Persona,
    ("put", "/api/people/me/personas/{id}"): Persona,
    ("patch", "/api/people/me/memories/{id}"): Memory,
    ("post", "/api/redeem"): Redeemed,
    ("get", "/api/tokens"): Tokens,
    ("post", "/api/tokens"): Grant,
    ("get", "/api/rooms"): Cards,
    ("post", "/api/rooms"): Made,
    ("post", "/api/rooms/import"): Made,
    ("get", "/api/rooms/{room}"): Room,
    ("get", "/api/rooms/{room}/door"): Door,
    ("get", "/api/rooms/{room}/card"): OneCard,
    ("post", "/api/rooms/{room}/actions"): Acted,
    ("get", "/api/rooms/{room}/events"): Events,
    ("get", "/api/rooms/{room}/suggestions"): Suggestions,
    ("get", "/api/rooms/{room}/export"): Export,
    ("get", "/api/rooms/{room}/search"): Hits,
    ("get", "/api/search"): Hits,
    ("get", "/api/rooms/{room}/story"): Story,
    ("post", "/api/rooms/{room}/past"): Past,
    ("get", "/api/rooms/{room}/writings"): Writings,
    ("get", "/api/rooms/{room}/prompts/{seq}"): Prompt,
    ("get", "/api/rooms/{room}/invites"): Invites,
    ("post", "/api/rooms/{room}/invites"): Link,
    ("get", "/api/rooms/{room}/lore"): RoomLore,
    ("put", "/api/rooms/{room}/lore"): RoomLore,
    ("post", "/api/rooms/{room}/characters/{character}/reply"): Reply,
    ("get", "/api/characters"): Characters,
    ("get", "/api/cards"): Shelf,
    ("post", "/api/cards"): CardMade,
    ("post", "/api/cards/{character}/room"): RoomGiven,
    ("delete", "/api/cards/{character}"): Removed,
    ("post", "/api/cards/{character}/restore"): Removed,
    ("get", "/api/cards/{character}/import"): CardMade,
    ("get", "/api/cards/{character}/report"): CardReport,
    ("get", "/api/cards/{character}/draft"): Drafted,
    ("get", "/api/scenes"): Scenes,
    ("get", "/api/model"): Speaks,
    ("put", "/api/model"): Speaks,
    ("get", "/healthz"): Health,
}
"""By method and path. What is not here (settings, ledger, tuning) is an object whose fields the pages know."""
