"""The shapes of REST's answers about cards: see `openroom.server.bodies`."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Fate(_Body):
    """What became of a part of a card, and why."""

    what: str
    why: str


class Note(_Body):
    """Something odd about a card's file and what was done about it."""

    code: str
    text: str


class CardReport(_Body):
    """What was kept, converted and dropped of a card, each with its reason, and what was odd about its file."""

    kept: list[Fate]
    converted: list[Fate]
    dropped: list[Fate]
    notes: list[Note]


class CardTold(_Body):
    """What a card says of itself to people."""

    model_config = ConfigDict(extra="allow")

    name: str
    creator: str
    creator_notes: str
    format: str
    spec: int


class CardMade(_Body):
    """A card that became a character, or a lorebook that was given ``to`` one or to a scene."""

    id: str
    name: str
    digest: str
    version: str = ""
    card: CardTold
    report: CardReport
    to: str | None = None
    folder: str | None = None


class Removed(_Body):
    """A character that went into the bin or came back, and the ``scenes`` that were its own. ``folder`` (for
    operators): where it lies on the server now."""

    id: str
    scenes: list[str]
    folder: str | None = None


class Drafted(_Body):
    """What a character's prose says, as YAML: keys of its definition, and evaluation cases; how much was ``found``."""

    card: str
    cases: str
    found: int


class Shelved(_Body):
    """A character as those see it who make some."""

    id: str
    name: str
    line: str
    art: str
    room: str
    card: bool
    ours: bool


class Shelf(_Body):
    """All characters."""

    characters: list[Shelved]


class RoomGiven(_Body):
    """The standing room that a character has to itself."""

    room: str
