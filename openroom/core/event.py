"""Events: what happened in a room, numbered without gaps from 1. Replaying them gives the state, byte for byte.

``patch`` is a JSON Merge Patch (RFC 7396) of the shared state and ``hidden`` one of the server's own side. An event
with ``to`` is perceived by those participants and its actor only; everybody else gets its bare seq (and its patch:
shared state is shared). ``parent`` is the active event it follows, absent when that is ``seq - 1``. ``cause`` is the
id of the act that asked for it. ``erased`` events keep seq, kind and patch; their words are gone (from the patch
too, where they were written on a thing: `openroom.core.redact`).
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

_TURN = re.compile(r"^t(\d+)-.+?(?:-(\d+))?$")


def called_for(cause: str | None) -> tuple[int, int]:
    """Of the id of a turn, or of what came of it: the seq of the event that called for it, and of the move that asked
    for another try. 0: it is no turn, or no other try."""
    named = _TURN.match((cause or "").partition(".")[0])
    return (int(named[1]), int(named[2] or 0)) if named else (0, 0)


def save_id(seq: int) -> str:
    """The id of the save point that an event makes."""
    return f"s{seq}"


class _Event(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    seq: int = Field(ge=1)
    at: int
    """Milliseconds since 1970-01-01 UTC."""
    actor: str
    patch: dict[str, Any] | None = None
    hidden: dict[str, Any] | None = None
    to: list[str] | None = None
    parent: int | None = None
    cause: str | None = None
    erased: bool | None = None


class Opened(_Event):
    """The room began: the definitions it runs with. Perceived by nobody."""

    kind: Literal["opened"] = "opened"
    scene: dict[str, Any]
    props: dict[str, Any]
    characters: dict[str, Any]


class Defined(_Event):
    """A definition changed. Perceived by nobody; its patch may change names and the like. ``lore`` is the room's own
    book, an empty definition of which takes it away."""

    kind: Literal["defined"] = "defined"
    what: Literal["scene", "character", "prop", "lore"]
    id: str
    definition: dict[str, Any]


class Entered(_Event):
    """Somebody came in; ``language`` is the one they read, if they said so."""

    kind: Literal["entered"] = "entered"
    who: str
    name: str
    language: str | None = None


class Left(_Event):
    """Somebody went; ``how`` is ``left``, ``lost`` (the connection), ``removed`` or ``banned``."""

    kind: Literal["left"] = "left"
    who: str
    name: str
    how: Literal["left", "lost", "removed", "banned"] = "left"
    reason: str | None = None


class Said(_Event):
    """A line; ``cut`` if it was stopped; ``alternative_of`` names the first of the lines that it stands in for, and
    ``edited`` says that it is that one with other words; ``goes_on`` names the line it continues; ``imported`` if it
    was said elsewhere and came in as the room's past (`openroom.core.past`), when it says. ``edited_by`` is who put
    other words in a character's mouth. ``persona`` names one of the actor's that spoke, where it was not the one they
    show; ``played_by`` who spoke in a character's place."""

    kind: Literal["said"] = "said"
    text: str
    cut: bool | None = None
    alternative_of: int | None = None
    edited: bool | None = None
    edited_by: str | None = None
    goes_on: int | None = None
    imported: bool | None = None
    persona: str | None = None
    played_by: str | None = None


class Used(_Event):
    """A verb of a prop was used. ``telling`` is one plain sentence of what came of it, ``failed`` if it was in vain."""

    kind: Literal["used"] = "used"
    prop: str
    verb: str
    args: dict[str, Any] | None = None
    telling: str
    failed: bool | None = None


class Felt(_Event):
    """Somebody's emotion changed."""

    kind: Literal["felt"] = "felt"
    emotion: str


class Passed(_Event):
    """A character chose to say nothing."""

    kind: Literal["passed"] = "passed"
    note: str | None = None


class Rated(_Event):
    """👍 or 👎 on a reply. Perceived by its actor only."""

    kind: Literal["rated"] = "rated"
    target: int
    value: Literal[-1, 0, 1]
    reason: str | None = None


class Nudged(_Event):
    """A character was asked to speak, or with ``goes_on`` to continue that line of its own. Perceived by nobody but its
    actor."""

    kind: Literal["nudged"] = "nudged"
    character: str
    goes_on: int | None = None


class Rolled(_Event):
    """Dice were thrown: ``dice`` as one writes them (``2d6+1``), the ``eyes`` of each, and their ``total`` with what is
    added. They fell by ``seed`` (`openroom.core.chance`), so that whoever doubts it can throw them again."""

    kind: Literal["rolled"] = "rolled"
    dice: str
    eyes: list[int]
    total: int
    seed: str


class Noted(_Event):
    """The room's note was written, or taken away. Perceived by who wrote it and the room's owner."""

    kind: Literal["noted"] = "noted"
    text: str | None = None


class Muted(_Event):
    """A character is to say nothing, or may speak again (``on`` false); the patch says so too."""

    kind: Literal["muted"] = "muted"
    character: str
    on: bool


class Configured(_Event):
    """How the room runs has changed; the patch says how."""

    kind: Literal["configured"] = "configured"


class Erased(_Event):
    """The words of an earlier event were forgotten; the patch takes what was written then off its thing."""

    kind: Literal["erased"] = "erased"
    target: int


class Moved(_Event):
    """The active head moved to ``head``: an undo, a reset or a change of branch. ``of`` is the line it is about;
    where ``character`` is asked for another try at it, ``wish`` says what it should be like."""

    kind: Literal["moved"] = "moved"
    head: int
    why: Literal["rewind", "reset", "retry", "edit", "delete", "choose", "load"] = "rewind"
    of: int | None = None
    character: str | None = None
    wish: str | None = None


class Saved(_Event):
    """A moment of the story got a name, or lost it (the patch says which): see ``saves`` of the state."""

    kind: Literal["saved"] = "saved"
    id: str
    name: str


class Branched(_Event):
    """A branch of the story, by its first event, got a name or lost it, or is listed no more or again: see
    ``branches`` of the state."""

    kind: Literal["branched"] = "branched"
    branch: int
    name: str | None = None
    listed: bool | None = None


class Unbanned(_Event):
    """Somebody may come in again. Perceived by its actor only."""

    kind: Literal["unbanned"] = "unbanned"
    who: str


class Happened(_Event):
    """Something happened by itself: a timer ran out, or the story came to a new stage. ``imported`` as in `Said`."""

    kind: Literal["happened"] = "happened"
    timer: str | None = None
    stage: str | None = None
    prop: str | None = None
    telling: str | None = None
    imported: bool | None = None


class Brought(_Event):
    """A talk from elsewhere came in as the room's past: so many ``lines``, from event ``since`` to this one."""

    kind: Literal["brought"] = "brought"
    since: int
    lines: int


Event = Annotated[
    Opened
    | Defined
    | Entered
    | Left
    | Said
    | Used
    | Felt
    | Passed
    | Rated
    | Nudged
    | Rolled
    | Noted
    | Muted
    | Configured
    | Erased
    | Moved
    | Saved
    | Branched
    | Unbanned
    | Happened
    | Brought,
    Field(discriminator="kind"),
]

EVENT: TypeAdapter[Event] = TypeAdapter(Event)
"""Validates and dumps any event; dump with ``exclude_none=True`` (absent means none)."""


def dump(event: Event) -> dict[str, Any]:
    """The event as stored and sent: JSON types, nothing absent is written, patches keep their nulls (they delete)."""
    body = event.model_dump(mode="json", exclude={"patch", "hidden"}, exclude_none=True)
    if event.patch:
        body["patch"] = event.patch
    if event.hidden:
        body["hidden"] = event.hidden
    return body


def load(body: dict[str, Any]) -> Event:
    """The inverse of `dump`. Raises ``pydantic.ValidationError``."""
    return EVENT.validate_python(body)


_WORDS = ("text", "reason", "args", "telling", "note", "wish")


def erase(event: Event) -> Event:
    """The event without its words; seq, kind, actor, time and patch stay, so replay gives the same shared state. Of a
    name that somebody gave, the patch is all that holds it: there it is empty."""
    update: dict[str, Any] = {"erased": True}
    for field in (*_WORDS, "name") if isinstance(event, Saved | Branched) else _WORDS:
        if field in type(event).model_fields:
            update[field] = "" if type(event).model_fields[field].is_required() else None
    if isinstance(event, Saved | Branched) and event.patch:
        update["patch"] = {
            what: {key: {**entry, "name": ""} if entry and entry.get("name") else entry for key, entry in named.items()}
            for what, named in event.patch.items()
        }
    return event.model_copy(update=update)


def words_in(event: Event) -> str:
    """What an event says or tells, as it can be looked for; empty where that is nothing."""
    if isinstance(event, Said):
        return event.text
    return (event.telling or "") if isinstance(event, Used | Happened) else ""


def who_came(event: Event) -> str:
    """Who came in by an event; empty where nobody did."""
    return event.who if isinstance(event, Entered) else ""


def words_by(event: Event) -> str:
    """Whose words an event holds: of a line that somebody spoke in a character's place, theirs."""
    return (event.played_by or event.actor) if isinstance(event, Said) else event.actor


def is_played(event: Event) -> bool:
    """Whether it is a line that somebody spoke in a character's place."""
    return isinstance(event, Said) and event.played_by is not None


def is_imported(event: Event) -> bool:
    """Whether it happened elsewhere, and came in as a room's past."""
    return isinstance(event, Said | Happened) and event.imported is True
