"""The Model port: what a turn, a judge or a proposer asks of a language model.

A model is anything with ``info`` and ``stream``. It yields text as it is written and ends with one ``Usage``.
Closing the iterator (``aclose``) cancels the call: an adapter must then stop spending as soon as it can.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from openroom.language.requests.item import MenuItem
from openroom.ports.prompt import PromptPart, joined

Role = Literal["system", "user", "assistant"]
Level = Literal["small", "fair", "able"]
"""How well a model talks by itself. *small*: it needs the author's words before its own, and code that sees to sense;
*fair*: it leads, and code sees to sense; *able*: it leads its own talk."""


@dataclass(frozen=True, slots=True)
class Message:
    """One chat message. ``parts`` are what a turn made it of, where one did: their texts, joined, are its content."""

    role: Role
    content: str
    parts: tuple[PromptPart, ...] = field(default=(), compare=False, repr=False)

    @classmethod
    def of(cls, role: Role, parts: Iterable[PromptPart]) -> Message:
        """The message that parts make."""
        held = tuple(parts)
        return cls(role, joined(held), held)


@dataclass(frozen=True, slots=True)
class Sampling:
    """Sampling parameters: ``temperature`` 0..2, ``top_p`` 0..1, penalties -2..2. ``None``: the endpoint's default."""

    temperature: float | None = None
    top_p: float | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Cue:
    """What the understudy plays from: the structured side of a turn's prompt. Language models never read it.

    ``heard`` is the last line said to the character; ``speaker`` who said it; ``lines`` the character's own example
    lines as (what was said, what the character answered) pairs, ``feelings`` the author's feeling for each of these
    (empty: none), ``greetings`` its greetings, ``said`` its own recent lines (newest last, not to be repeated),
    ``menu`` what it can do now, ``emotions`` what it can feel, ``nonce`` a number that makes ties fall the same way
    again in a replay, ``greet`` true when the turn is a greeting. ``asked`` are the ids of the menu's items that
    ``heard`` asks for, as the turn has matched them, and ``sincere`` whether it sincerely asks what one is talking
    with; ``admission`` is how the author has the character say that it is software. ``deeds`` are what the character
    does with each of its lines (ids of the menu; empty: nothing), ``felt`` the author's
    feeling for further lines, ``fallbacks`` what it says when it has no answer,
    ``address`` what it calls a visitor (empty: by name); with ``own_voice`` it never speaks in words of ours.
    ``memories`` are recalled sentences; ``language`` is a BCP 47 tag of the language heard, if known; ``go`` is the
    item to choose where it is the character's go (a move in a game). ``answers`` are lines as well, which fit their
    question and nothing else; ``made`` are those among ``lines`` that code made of the card, and do so too. With
    ``sure`` only what surely answers is given, and nothing (an empty ``say``) where there is no such line;
    ``told`` are facts of a plain card as it tells them itself; ``name`` is the character's, ``by_name`` whether it
    speaks of itself so, ``plain`` whether it has neither a register nor fallbacks of its author's; ``puzzled`` is what
    it says of what it cannot know and was asked about; ``doing`` what it says while it does what it was asked for;
    ``lacking`` tells that they want something written and have not said what;
    ``recalled`` answers a question about what the speaker told before (empty: it is none, or nothing is known);
    ``alike`` tells how alike in meaning (-1 to 1) what was heard and the question of a line are, where that is known.
    """

    heard: str = ""
    speaker: str = ""
    address: str = ""
    own_voice: bool = False
    lines: tuple[tuple[str, str], ...] = ()
    feelings: tuple[str, ...] = ()
    felt: Mapping[str, str] = field(default_factory=dict)
    deeds: tuple[str, ...] = ()
    greetings: tuple[str, ...] = ()
    fallbacks: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    menu: tuple[MenuItem, ...] = ()
    emotions: tuple[str, ...] = ()
    memories: tuple[str, ...] = ()
    nonce: int = 0
    greet: bool = False
    language: str = ""
    go: str = ""
    asked: tuple[str, ...] = ()
    sincere: bool = False
    admission: str = ""
    sure: bool = False
    alike: Mapping[str, float] = field(default_factory=dict)
    told: tuple[str, ...] = ()
    name: str = ""
    by_name: bool = False
    plain: bool = False
    puzzled: tuple[str, ...] = ()
    doing: tuple[str, ...] = ()
    lacking: bool = False
    recalled: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    made: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """One call.

    ``schema`` asks for one JSON object of that JSON Schema; ``max_tokens`` bounds the reply. ``choices`` are texts of
    one token each, one of which is the reply; how likely each is comes with the `Usage`. ``purpose`` (``turn``,
    ``repair``, ``judge``, ``propose``, ``warm``, ``probe``, ``pick``), ``room`` and ``character`` go to the ledger;
    ``slot`` is an affinity key (one per character in a room) with which a local engine keeps the prompt prefix in its
    cache.
    ``person`` is who called for it: the share of the budget that it is taken from. The first ``stable`` messages are
    the same from call to call of that slot and hold nothing that anybody said: a local engine may keep what it read of
    them on disk, and ``opening`` behind them: how the message that follows begins in a room where nothing has happened
    yet. ``reading`` is told how many of the prompt's tokens have been read, and of how many, where the
    endpoint says so.
    """

    messages: tuple[Message, ...]
    max_tokens: int = 256
    schema: Mapping[str, Any] | None = None
    choices: tuple[str, ...] = ()
    sampling: Sampling = field(default_factory=Sampling)
    purpose: str = "turn"
    room: str = ""
    character: str = ""
    slot: str = ""
    cue: Cue | None = None
    person: str = ""
    stable: int = 0
    opening: str = ""
    reading: Callable[[int, int], None] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of the reply's text, as it is written."""

    text: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Ends a stream: token counts, ``cached`` of the prompt's tokens that came from a prefix cache, ``model`` as the
    endpoint names it, ``finish`` the endpoint's finish reason (``length`` at its limit, ``unknown`` if it gave none:
    perhaps the connection was lost), ``estimated`` true if the
    tokens were counted by us because the endpoint did not say. ``odds``: of a request with choices how likely each of
    them is, as shares of 1; empty where the endpoint does not tell probabilities. ``usd`` is what it cost in US dollars
    (absent: nobody knows). ``read_seconds`` is how long the endpoint says that it read those tokens of the prompt that
    came from no cache (0: it does not say)."""

    prompt: int = 0
    completion: int = 0
    cached: int = 0
    model: str = ""
    finish: str = "stop"
    estimated: bool = False
    usd: float | None = None
    odds: Mapping[str, float] = field(default_factory=dict)
    read_seconds: float = 0.0

    @property
    def cut_short(self) -> bool:
        """Whether the reply ended for another reason than that all was said: at its limit, or nobody knows why."""
        return self.finish in ("length", "unknown")


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What a chip in the interface may honestly say: who speaks, of which kind, and (``detail``) where. ``context`` is
    how many tokens prompt and reply may have together; 0: nobody said. ``speed`` is how many tokens of a prompt it
    reads in a second from cold, in coarse steps and the same for as long as the process runs; 0: not known."""

    name: str
    kind: Literal["remote", "local", "understudy", "scripted"]
    detail: str = ""
    level: Level = "able"
    context: int = 0
    speed: int = 0


class Model(Protocol):
    """A language model."""

    @property
    def info(self) -> ModelInfo:
        """Who is speaking."""
        ...

    def stream(self, request: ModelRequest) -> AsyncIterator[Delta | Usage]:
        """Yield `Delta`s as the reply is written and one final `Usage`.

        Raises a subclass of `openroom.errors.ModelError`. The iterator is an async generator: ``aclose`` cancels.
        """
        ...


async def complete(model: Model, request: ModelRequest) -> tuple[str, Usage]:
    """Run a call to its end and return the whole text and its usage. Raises what `Model.stream` raises."""
    pieces: list[str] = []
    usage = Usage(estimated=True)
    async for item in model.stream(request):
        if isinstance(item, Delta):
            pieces.append(item.text)
        else:
            usage = item
    return "".join(pieces), usage


def prompt_text(messages: Sequence[Message]) -> str:
    """The messages as one text (for hashing, showing and searching prompts in tests)."""
    return "\n".join(f"[{m.role}]\n{m.content}" for m in messages)
