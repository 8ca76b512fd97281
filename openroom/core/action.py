"""Actions: what somebody asks for. Players, characters, timers and embedding games submit the same ones.

An action never names its actor: the room sets the actor from the connection. JSON form: ``{"do": "say", "text":
"Hello"}``.
"""

from __future__ import annotations

import unicodedata
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

from openroom.core.look import Look
from openroom.language.alike import legible, seen
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
    if not legible(name):
        raise ValueError("expected a name with something to read in it")
    return name


_TURNING = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_:.\-]{0,79}$")]
MOST_SAID = 4000
"""Characters of a line, and of whatever is written."""
MOST_PAST = 16_000
"""Characters of a line that was said elsewhere."""
Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_SAID), AfterValidator(_without_controls)
]
MOST_NOTED = 1000
"""Characters of a room's note."""
NoteText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=MOST_NOTED), AfterValidator(printable)]
DiceName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
NO_CONTROLS = r"^[^\x00-\x1f\x7f]+$"
"""The pattern of a text in one line."""
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=40, pattern=NO_CONTROLS),
    AfterValidator(_visible),
]
LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
"""A language by its short code of ISO 639: ``en``, ``de``, ``ja``."""
PersonaId = Annotated[str, StringConstraints(pattern=r"^p[a-z0-9]{1,19}$")]
"""A persona of a person: see `openroom.core.persona`."""
Seq = Annotated[int, Field(ge=1, le=2**53 - 1)]
"""The seq of an event; what JSON and SQL can hold."""
Arg = Annotated[int, Field(strict=True, ge=-(2**53) + 1, le=2**53 - 1)]


class _Action(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Say(_Action):
    """Speak. With ``to`` it is a whisper: only those participants (and the speaker) perceive it. ``persona``: one of
    one's own speaks. ``play``: a character that is here, as who runs the room may play it; aloud."""

    do: Literal["say"] = "say"
    text: Line
    to: list[Id] | None = Field(default=None, min_length=1, max_length=20)
    cut: bool = False
    """The line was stopped before its end (Stop was pressed while it streamed)."""
    persona: PersonaId | None = None
    play: Id | None = None


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
    the person reads (``de``): characters greet in it. ``look`` is how they are drawn; without it, as before.
    ``persona``: who they are here (`openroom.core.persona`), by whose name and look they go; ``self``: themselves."""

    do: Literal["enter"] = "enter"
    name: Name
    watch: bool = False
    language: LanguageCode | None = None
    look: Look | None = None
    persona: PersonaId | Literal["self"] | None = None


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
    """Ask a character to speak now, whatever the responder mode; ``go_on``: to go on from its last line. Not one that
    is muted; and where the room keeps that to who runs it, only they may."""

    do: Literal["nudge"] = "nudge"
    character: Id
    go_on: bool = False


class Roll(_Action):
    """Throw dice before everybody: ``2d6+1``, ``d20``, ``d%``. What fell is in the event."""

    do: Literal["roll"] = "roll"
    dice: DiceName


class Note(_Action):
    """The author's note of the room: what its characters are to keep in mind. An empty one takes it away."""

    do: Literal["note"] = "note"
    text: NoteText = ""


class Mute(_Action):
    """Have a character say nothing until it is unmuted (``on`` false), whatever the responder mode."""

    do: Literal["mute"] = "mute"
    character: Id
    on: bool = True


class Configure(_Action):
    """Change how the room runs: who answers and in which order, who may nudge, whether characters talk among
    themselves, who may enter. ``order`` names characters; those it leaves out follow as they came, an empty one takes
    it away."""

    do: Literal["configure"] = "configure"
    responders: Literal["natural", "smart", "round_robin", "list", "pooled", "manual", "nobody"] | None = None
    order: list[Id] | None = Field(default=None, max_length=12)
    nudge: Literal["everybody", "owner"] | None = None
    autoplay: bool | None = None
    open: bool | None = None
    steer: Literal["own", "owner", "everybody", "nobody"] | None = None
    """Who may take the story another way: see `openroom.core.steering`."""


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
    """Move the active head to ``to``, an event of any way that the story took: what does not lead there stays in the
    log and is no longer part of the story."""

    do: Literal["rewind"] = "rewind"
    to: Seq


class Retry(_Action):
    """Have a character try another reply than ``seq``; ``wish`` says what it should be like ("shorter")."""

    do: Literal["retry"] = "retry"
    seq: Seq
    wish: str = Field(default="", max_length=200)


class Choose(_Action):
    """Have ``seq`` tell the story instead of the line that it is an alternative of, with what came after it."""

    do: Literal["choose"] = "choose"
    seq: Seq


class Edit(_Action):
    """Say a line (one's own, or a character's) in other words: a new way begins there. A person's is answered anew."""

    do: Literal["edit"] = "edit"
    seq: Seq
    text: Line


class Delete(_Action):
    """Go back to before a line: it and what followed are no longer part of the story."""

    do: Literal["delete"] = "delete"
    seq: Seq


class Save(_Action):
    """Name the moment that the story has come to, or with ``at`` the one after that event of any way it took."""

    do: Literal["save"] = "save"
    name: Name
    at: Seq | None = None


class Unsave(_Action):
    """Take a save point's name off; the story stays as it is."""

    do: Literal["unsave"] = "unsave"
    id: Id


class Load(_Action):
    """Go on from a save point."""

    do: Literal["load"] = "load"
    id: Id


class Branch(_Action):
    """Name a branch of the story (an empty ``name`` takes it off), or have it ``listed`` no more, or again. ``of`` is
    its first event; without it, it is the one that the story goes on in now."""

    do: Literal["branch"] = "branch"
    of: Seq | None = None
    name: Name | Annotated[str, Field(max_length=0)] | None = None
    listed: bool | None = None


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
    """Put a new definition of the scene, a character, a prop or the room's own lorebook into the log (system only):
    live from the next turn."""

    do: Literal["define"] = "define"
    what: Literal["scene", "character", "prop", "lore"]
    id: Id
    definition: dict[str, Any]


class Tick(_Action):
    """A timer is due (system only)."""

    do: Literal["tick"] = "tick"
    timer: Id


class PastLine(_Action):
    """A line of a talk from elsewhere: who said it (`openroom.core.past`; ``system``: what was told), when, and to whom
    if not to all."""

    who: Id
    text: Annotated[str, StringConstraints(min_length=1, max_length=MOST_PAST), AfterValidator(_without_controls)]
    at: Annotated[int, Field(ge=0, le=2**53 - 1)]
    to: list[Id] | None = Field(default=None, min_length=1, max_length=20)


class Recount(_Action):
    """Have lines of a talk from elsewhere be the room's past (system only): some of those that ``by`` brings. With the
    last of them ``brought`` is how many they are, the first of which is event ``since`` (one of these, if that is not
    said). ``guests`` are those who spoke there and are nobody here, by id."""

    do: Literal["recount"] = "recount"
    by: Id
    lines: list[PastLine] = Field(min_length=1, max_length=500)
    guests: dict[Id, Name] = Field(default_factory=dict, max_length=100)
    since: Seq | None = None
    brought: int = Field(default=0, ge=0)


Action = Annotated[
    Say
    | Use
    | Feel
    | Pass
    | Enter
    | Leave
    | Rate
    | Nudge
    | Roll
    | Note
    | Mute
    | Configure
    | Advance
    | Erase
    | Rewind
    | Retry
    | Choose
    | Edit
    | Delete
    | Save
    | Unsave
    | Load
    | Branch
    | Reset
    | Remove
    | Unban
    | Define
    | Tick
    | Recount,
    Field(discriminator="do"),
]

ACTION: TypeAdapter[Action] = TypeAdapter(Action)
"""Validates and dumps any action: ``ACTION.validate_json(b'{"do": "leave"}')``."""
