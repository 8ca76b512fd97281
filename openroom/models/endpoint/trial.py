"""Tries an endpoint as a room would use it, and says in plain words what works there and what to change.

Short calls: the list of models and one turn with a system message and a JSON Schema; where the endpoint wanted to be
asked in another way, the same again in that way, for its times.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from openroom.errors import ModelError
from openroom.models.endpoint import probe
from openroom.models.endpoint.late import remote_model
from openroom.models.endpoint.manners import Manners
from openroom.models.endpoint.wire import Retry, Timeouts
from openroom.ports.model import Delta, Message, Model, ModelRequest, Usage
from openroom.ports.reply.structured import Parsed, ReplyReader

_LIST_SECONDS = 3.0
_TIMEOUTS = Timeouts(connect=3.0, first=12.0, between=6.0, total=20.0)
_LATE = 6.0
_SLOW = 8.0
_NAME = "Mirabel"
_QUESTION = ModelRequest(
    (
        Message("system", f"You are {_NAME}, who keeps a tea room. You say one short sentence at a time."),
        Message("user", "Ann: Good evening. What is your name?"),
    ),
    max_tokens=120,
    schema={
        "type": "object",
        "properties": {"say": {"type": "string"}, "emotion": {"type": "string", "enum": ["calm", "happy"]}},
        "required": ["say", "emotion"],
        "additionalProperties": False,
    },
    purpose="test",
)
_CURES = {
    "wrong_key": "Give the key of this service: --key, or OPENROOM_MODEL_KEY.",
    "unreachable": "See whether the server runs, and whether address and port are right.",
    "rate_limited": "Wait, or see to the limits and the credit of the account.",
    "declined": "See whether --model is one that the server lists, and whether the address ends where its API begins.",
    "timeout": "Take a smaller model: one that needs so long is too slow for talk.",
    "malformed": "Give the address of an OpenAI-compatible API, usually ending in /v1.",
}

Works = Literal["yes", "partly", "no"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried, and what came of it."""

    what: str
    works: Works
    told: str


@dataclass(slots=True)
class Trial:
    """What came of trying an endpoint. ``advice`` are sentences on what to change."""

    url: str
    model: str = ""
    answer: str = ""
    findings: list[Finding] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)

    def note(self, what: str, works: Works, told: str, advice: str = "") -> None:
        """Add a finding."""
        self.findings.append(Finding(what, works, told))
        if advice:
            self.advice.append(advice)


@dataclass(slots=True)
class _Call:
    """How a call went; times are seconds since it began."""

    said: str
    parsed: Parsed
    usage: Usage
    first: float
    last: float
    pieces: int

    @property
    def speed(self) -> float:
        """Tokens a second, once it writes."""
        return self.usage.completion / max(self.last - self.first, 0.001)


async def try_endpoint(
    url: str, key: str, name: str = "", *, timeouts: Timeouts = _TIMEOUTS, clock: Callable[[], float] = time.monotonic
) -> Trial:
    """Try it. ``url`` and ``key`` are as `openroom.ports.address` gives them; without a name the first in its list."""
    listing = await probe.look(url, key, _LIST_SECONDS)
    fit = probe.chat_names(listing.names)
    trial = Trial(listing.url, name or next(iter(fit), "default"))
    _note_listing(trial, listing, fit, named=bool(name))
    model = (await remote_model())(listing.url, key, trial.model, timeouts=timeouts, retry=Retry(attempts=1))
    try:
        call = await _ask(model, clock)
        if model.manners != Manners() and call.last < _LATE:
            call = await _ask(model, clock)
        trial.answer = call.said
        _note_form(trial, call, model.manners)
        _note_times(trial, call, thinks=model.thinks)
    except ModelError as error:
        told = f"{error} It says: {error.said}" if error.said else str(error)
        trial.note("answers", "no", told, _CURES.get(error.kind, ""))
    finally:
        await model.aclose()
    return trial


async def _ask(model: Model, clock: Callable[[], float]) -> _Call:
    reader, usage, times = ReplyReader(_QUESTION.schema), Usage(), [clock()]
    async with aclosing(cast("Any", model.stream(_QUESTION))) as pieces:
        async for piece in pieces:
            if isinstance(piece, Delta):
                reader.feed(piece.text)
                times.append(clock())
            else:
                usage = piece
    parsed = reader.close()[1]
    began, *seen = times
    first, last = (seen[0] - began, seen[-1] - began) if seen else (0.0, 0.0)
    return _Call(reader.text.strip(), parsed, usage, first, last, len(seen))


def _note_listing(trial: Trial, listing: probe.Listing, fit: list[str], *, named: bool) -> None:
    if not listing.names:
        advice = (
            ""
            if named or not listing.status
            else "Name a model with --model, since the server does not say which it has."
        )
        trial.note("lists its models", "no", listing.trouble, advice)
    elif named and trial.model not in listing.names:
        some = ", ".join(fit[:5])
        trial.note("lists its models", "partly", f"{trial.model} is not among them", f"Take one that it lists: {some}.")
    else:
        trial.note("lists its models", "yes", f"{len(listing.names)}, and {trial.model} is tried")


def _note_form(trial: Trial, call: _Call, manners: Manners) -> None:
    """What the endpoint takes, and what it does with it."""
    if not call.said:
        trial.note("answers", "no", "nothing that could be said", "Take a model made for chat (instruct).")
        return
    trial.note("answers", "yes", call.said[:120])
    if manners.shape == "json_schema":
        kept = call.parsed.how == "clean"
        trial.note(
            "JSON Schema", "yes" if kept else "partly", "" if kept else "taken, but not kept to: read as far as it goes"
        )
    else:
        instead = "JSON mode" if manners.shape == "json_object" else "words"
        trial.note("JSON Schema", "no", f"the form is asked for by {instead}; it works, with more mistakes")
    if not manners.system:
        trial.note("system role", "no", "what stands there is put into the first message; it works")
    elif _NAME.lower() in call.said.lower():
        trial.note("system role", "yes", "")
    else:
        trial.note(
            "system role",
            "partly",
            "taken, but the answer shows nothing of it",
            "Try another model, or its chat template.",
        )
    given_up = sorted(manners.dropped) + ([] if manners.usage else ["stream_options"])
    if given_up:
        trial.note("parameters", "partly", f"left out, since it refuses them: {', '.join(given_up)}")


def _note_times(trial: Trial, call: _Call, *, thinks: bool) -> None:
    streams = call.pieces > 2
    trial.note("streams", "yes" if streams else "no", "" if streams else "the whole answer came at once")
    if thinks:
        trial.note(
            "thinks first",
            "partly",
            f"{call.first:.1f} s before the first word; thoughts are never shown, but cost time and tokens",
            "Switch its thinking off or down at the server, or take a model without: people wait for each first word.",
        )
    late = call.first > _LATE
    trial.note(
        "first word", "partly" if late else "yes", f"after {call.first:.1f} s", _CURES["timeout"] if late else ""
    )
    if streams:
        slow = call.speed < _SLOW
        counted = ", counted here" if call.usage.estimated else ""
        trial.note(
            "speed",
            "partly" if slow else "yes",
            f"{call.speed:.0f} tokens a second{counted}",
            _CURES["timeout"] if slow else "",
        )
