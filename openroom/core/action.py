"""Actions: what somebody asks for. Players, characters, timers and embedding games submit the same ones.

An action never names its actor: the room sets the actor from the connection. JSON form: ``{"do": "say", "text":
"Hello"}``.
"""

from __future__ import annotations

import unicodedata
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

from openroom.core.look import Look
from openroom.language.alike import seen
from openroom.language.text import printable


def _without_controls(text: str) -> str:
    kept = printable(text)
    if not kept:
        raise ValueError("expected a text with words in it")
    return kept


def _visible(name: str) -> str:
    """A name one can see and tell apart: something to read in it, nothing that turns the writing around, and what shows
    nothing left out."""
    if any(unicodedata.bidirectional(char) in _TURNING for char in name):
        raise ValueError("expected a name without characters that change the direction of writing")
    name = seen(name)
    if not any(unicodedata.category(char)[0] in "LNSP" for char in name):
        raise ValueError("expected a name with something to read in it")
    return name


_TURNING = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_:.\-]{0,79}$")]
MOST_SAID = 4000
"""Characters of a line, and of whatever is written."""
Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_SAID), AfterValidator(_without_controls)
]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=40, pattern=r"^[^\x00-\x1f\x7f]+$"),
    AfterValidator(_visible),
]
LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
"""A language by its short code of ISO 639: ``en``, ``de``, ``ja``."""
Seq = Annotated[int, Field(ge=1, le=2**53 - 1)]
"""The seq of an event; what JSON and SQL can hold."""
Arg = Annotated[int, Field(strict=True, ge=-(2**53) + 1, le=2**53 - 1)]


class _Action(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Say(_Action):
    """Speak. With ``to`` it is a whisper: only those participants (and the speaker) perceive it."""

    do: Literal["say"] = "say"
    text: Line
    to: list[Id] | None = Field(default=None, min_length=1, max_length=20)
    cut: bool = False
    """The line was stopped before its end (Stop was pressed while it streamed)."""


class Use(_Action):
    """Use a verb of a prop."""

    do: Literal["use"] = "use"
    prop: Id
    verb: Id
    args: dict[str, bool | Arg | float | str] = Field(default_factory=dict, max_length=10)


class Feel(_Action):
    """Show an emotion (one of the character's own; players may use any of the scene's people's)."""

    do: Literal["feel"] = "feel"
    emotion: Id


class Pass(_Action):
    """Say nothing this time. A legal answer of a character; ``note`` tells operators why."""

    do: Literal["pass"] = "pass"
    note: str = Field(default="", max_length=200)


class Enter(_Action):
    """Come into the room. ``watch`` enters as a spectator, who perceives and cannot act. ``language`` is the one that
    the person reads (``de``): characters greet in it. ``look`` is how they are drawn; without it, as before."""

    do: Literal["enter"] = "enter"
    name: Name
    watch: bool = False
    language: LanguageCode | None = None
    look: Look | None = None


class Leave(_Action):
    """Leave the room."""

    do: Literal["leave"] = "leave"


class Rate(_Action):
    """👍 (1) or 👎 (-1) on a character's reply, 0 takes it back; ``reason`` is free text."""

    do: Literal["rate"] = "rate"
    seq: Seq
    value: Literal[-1, 0, 1]
    reason: str = Field(default="", max_length=500)


class Nudge(_Action):
    """Ask a character to speak now, whatever the responder mode."""

    do: Literal["nudge"] = "nudge"
    character: Id


class Configure(_Action):
    """Change how the room runs: who answers, whether characters talk among themselves, who may enter."""

    do: Literal["configure"] = "configure"
    responders: Literal["natural", "round_robin", "manual", "nobody"] | None = None
    autoplay: bool | None = None
    open: bool | None = None


class Advance(_Action):
    """Move the scene's story on (or back) to one of its stages."""

    do: Literal["advance"] = "advance"
    stage: Id


class Erase(_Action):
    """Forget the payload of a line, or of what was written on a thing (a page of a diary, a note): its seq stays, its
    words go, from the thing too. One's own, or anybody's for who may run the room."""

    do: Literal["erase"] = "erase"
    seq: Seq


class Rewind(_Action):
    """Move the active head to ``to``: later events stay in the log but are no longer part of the story."""

    do: Literal["rewind"] = "rewind"
    to: Seq


class Reset(_Action):
    """Begin again: the room as the scene defines it; people stay."""

    do: Literal["reset"] = "reset"


class Remove(_Action):
    """Show somebody the door (``ban`` false) or keep them out (``ban`` true)."""

    do: Literal["remove"] = "remove"
    who: Id
    ban: bool = False
    reason: str = Field(default="", max_length=200)


class Unban(_Action):
    """Let somebody in again."""

    do: Literal["unban"] = "unban"
    who: Id


class Define(_Action):
    """Put a new definition of the scene or a character into the log (system only): live from the next turn."""

    do: Literal["define"] = "define"
    what: Literal["scene", "character", "prop"]
    id: Id
    definition: dict[str, Any]


class Tick(_Action):
    """A timer is due (system only)."""

    do: Literal["tick"] = "tick"
    timer: Id


Action = Annotated[
    Say
    | Use
    | Feel
    | Pass
    | Enter
    | Leave
    | Rate
    | Nudge
    | Configure
    | Advance
    | Erase
    | Rewind
    | Reset
    | Remove
    | Unban
    | Define
    | Tick,
    Field(discriminator="do"),
]

ACTION: TypeAdapter[Action] = TypeAdapter(Action)
"""Validates and dumps any action: ``ACTION.validate_json(b'{"do": "leave"}')``."""
