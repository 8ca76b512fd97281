"""The shape of a reply's prompt in REST's answers: see `openroom.server.bodies`."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PromptPiece(_Body):
    """A part of a message: what it is (``kind``; `openroom.ports.prompt`), about how many ``tokens``, and, for who may
    read it, its ``text``, which of its kind it is (``name``), ``why`` it is in, and the events that it rests on, here
    (``rests_on``) and in other rooms (``elsewhere``). Else why not (``hidden``): it rests on what one did not perceive,
    or on what no visitor reads (``not_yours``), it was ``erased``, or the character was made to forget it
    (``forgotten``)."""

    kind: str
    tokens: int
    text: str | None = None
    name: str | None = None
    why: str | None = None
    rests_on: list[int] | None = None
    elsewhere: list[tuple[str, int]] | None = None
    hidden: Literal["not_yours", "erased", "forgotten"] | None = None


class PromptMessage(_Body):
    """A message as it was sent."""

    role: Literal["system", "user", "assistant"]
    parts: list[PromptPiece]


class PromptChoice(_Body):
    """Whose line was played where no model wrote it (``kind``; `openroom.cast.turn.sent`); for operators the ``line``
    as its author wrote it, and the question (``asked``) that it answers."""

    kind: str
    line: str | None = None
    asked: str | None = None


class PromptCall(_Body):
    """One call: ``model`` is its name, ``played`` whether the understudy answered, which reads no prompt. ``prompt``,
    ``cached`` and ``completion`` are tokens (absent: it was stopped), ``estimated`` where nobody counted them;
    ``usd`` is for operators. ``dropped`` is what was found in sentences that nobody saw (``nonsense``, ``repeat``)."""

    purpose: str
    model: str
    model_kind: str
    played: bool
    prompt: int | None = None
    cached: int | None = None
    completion: int | None = None
    estimated: bool | None = None
    usd: float | None = None
    sampling: dict[str, float]
    messages: list[PromptMessage]
    choice: PromptChoice | None = None
    dropped: list[str] | None = None


class PromptLore(_Body):
    """An entry that came up: whether it ``is_in``, and ``why``, or why not."""

    book: str
    entry: str
    is_in: bool
    why: str
    key: str


class Prompt(_Body):
    """What made a reply. ``kept`` is false where it is not kept any more; then nothing else is told. ``all``: one reads
    the whole, as operators do. ``greeting``: the author's greeting was said as it stands, and nothing was asked."""

    seq: int
    character: str
    kept: bool
    all: bool
    turn: str | None = None
    at: int | None = None
    why: str | None = None
    by: str | None = None
    hearers: list[str] | None = None
    version: str | None = None
    calls: list[PromptCall] | None = None
    lore: list[PromptLore] | None = None
    greeting: PromptChoice | None = None
