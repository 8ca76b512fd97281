"""What playing a case gave: lines, replies with their prompts and costs, and the room at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Perceived:
    """Something perceivable that happened: ``kind`` is an event's kind, ``text`` what was said or told."""

    seq: int
    kind: str
    who: str
    name: str
    text: str
    to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deed:
    """A prop the character used in a turn."""

    seq: int
    prop: str
    verb: str
    args: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return f"{self.prop}.{self.verb}"

    @property
    def choice(self) -> str:
        """The id by which a menu offers it: the verb with its short argument, if it has one."""
        value = next((v for v in self.args.values() if isinstance(v, str) and len(v) <= 24), "")
        return self.id + (f":{value.lower().replace(' ', '_')}" if value else "")


@dataclass(frozen=True, slots=True)
class Thing:
    """A prop as anybody in the room sees it: its name there, how it looks in words, and its shared state. ``values``
    are the words that a field of it may hold, where it holds one of several, ``names`` its name by language."""

    prop: str
    name: str
    look: str = ""
    state: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlayedReply:
    """One turn of a character. ``step`` is the index of the step it answers, ``named`` that step's name, ``heard``
    the line it answers, ``seq`` the seq of its line (0: none). ``outcome`` is that of the turn, ``error`` the kind of
    what went wrong, ``held_back`` what the guards dropped. ``messages`` are those of the request, as (role, content),
    ``raw`` what the last call wrote. ``before`` and ``after`` are the things of the room as the step began and when the
    turn had ended."""

    step: int
    named: str
    who: str
    heard: str
    by: str
    say: str = ""
    seq: int = 0
    emotion: str = ""
    deeds: tuple[Deed, ...] = ()
    refused: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    outcome: str = "said"
    error: str = ""
    held_back: tuple[tuple[str, str], ...] = ()
    messages: tuple[tuple[str, str], ...] = ()
    raw: str = ""
    before: tuple[Thing, ...] = ()
    after: tuple[Thing, ...] = ()

    @property
    def prompt(self) -> str:
        """The whole prompt as one text."""
        return "\n".join(content for _, content in self.messages)


@dataclass(frozen=True, slots=True)
class PlaySpent:
    """Model calls of a case with their tokens, and the time it took."""

    calls: int = 0
    prompt: int = 0
    cached: int = 0
    completion: int = 0
    ms: int = 0
    usd: float = 0.0


@dataclass(frozen=True, slots=True)
class PlayedCase:
    """A played case. ``before`` and ``after`` are the shared state of the props at the start and the end; ``prompts``
    are all prompts of all characters as (character, prompt); ``missing`` says why a step could not be played."""

    case: str
    character: str
    name: str
    lines: tuple[Perceived, ...]
    replies: tuple[PlayedReply, ...]
    prompts: tuple[tuple[str, str], ...]
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    people: Mapping[str, str]
    spent: PlaySpent = field(default_factory=PlaySpent)
    missing: str = ""

    def own(self, of: Sequence[str] = ()) -> list[PlayedReply]:
        """The character's replies, to the steps of these names if any are given."""
        return [reply for reply in self.replies if reply.who == self.character and (not of or reply.named in of)]

    def text(self) -> str:
        """The transcript in lines ``heard:``, ``say:``, ``emotion:``, ``do:``; what proposers and people read."""
        parts: list[str] = []
        for reply in self.replies:
            if reply.who != self.character:
                parts.append(f"({reply.who.removeprefix('character:')} says: {_flat(reply.say)})")
                continue
            parts.append(f"heard: {_flat(reply.heard)}")
            parts.append(f"say: {_flat(reply.say)}" if reply.say else f"(no line: {reply.error or reply.outcome})")
            parts += [f"emotion: {reply.emotion}"] if reply.emotion else []
            parts += [f"do: {deed.choice}" for deed in reply.deeds]
            parts += [f"(refused: {why})" for why in reply.refused]
        return "\n".join(parts)

    def dump(self) -> dict[str, Any]:
        return asdict(self)


def load_played(body: Mapping[str, Any]) -> PlayedCase:
    """The inverse of `PlayedCase.dump`, from JSON."""
    replies = tuple(
        PlayedReply(
            **{
                **raw,
                "deeds": tuple(Deed(**deed) for deed in raw["deeds"]),
                "refused": tuple(raw["refused"]),
                "to": tuple(raw["to"]),
                "held_back": tuple((kind, text) for kind, text in raw["held_back"]),
                "messages": tuple((role, content) for role, content in raw["messages"]),
                "before": tuple(Thing(**thing) for thing in raw.get("before", ())),
                "after": tuple(Thing(**thing) for thing in raw.get("after", ())),
            }
        )
        for raw in body["replies"]
    )
    return PlayedCase(
        **{
            **body,
            "lines": tuple(Perceived(**{**raw, "to": tuple(raw["to"])}) for raw in body["lines"]),
            "replies": replies,
            "prompts": tuple((who, text) for who, text in body["prompts"]),
            "spent": PlaySpent(**body["spent"]),
        }
    )


def _flat(text: str) -> str:
    return " ".join(text.split())
