"""How a request is put to an OpenAI-compatible endpoint, and how usage is read.

Pure: no connection is made here. Field names are those of the Chat Completions API and (``timings``) of
llama.cpp's server.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from openroom.language.tokens import estimate_tokens
from openroom.models.endpoint.manners import ODDS, SAMPLING, Manners, Shape
from openroom.ports.model import Message, ModelRequest, Usage

_MOST_ODDS = 20
"""Of so many tokens at most endpoints tell how likely they were."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds: to connect, to the first token, between two tokens, and for the whole call with its retries."""

    connect: float = 5.0
    first: float = 60.0
    between: float = 30.0
    total: float = 180.0


@dataclass(frozen=True, slots=True)
class Retry:
    """``attempts`` in all; the wait doubles from ``base`` up to ``cap`` seconds, less up to a quarter by chance.

    A ``Retry-After`` longer than ``patience`` seconds is not waited for.
    """

    attempts: int = 3
    base: float = 0.5
    cap: float = 8.0
    patience: float = 30.0

    def wait(self, failures: int, chance: float) -> float:
        """Seconds to wait after that many failures (from 1); ``chance`` is 0..1."""
        return min(self.base * 2.0 ** min(failures - 1, 30), self.cap) * (1 - 0.25 * chance)


def payload(request: ModelRequest, name: str, manners: Manners) -> dict[str, Any]:
    """The keyword arguments of ``chat.completions.create`` for a streamed call."""
    shape: Shape = manners.shape if request.schema is not None else "text"
    body: dict[str, Any] = {
        "model": name,
        "messages": [{"role": m.role, "content": m.content} for m in _messages(request, shape, manners)],
        "stream": True,
        manners.length_key: request.max_tokens + manners.room,
    }
    if manners.usage:
        body["stream_options"] = {"include_usage": True}
    for key in SAMPLING:
        value = getattr(request.sampling, key)
        if value is not None and key not in manners.dropped:
            body[key] = value
    if request.choices and ODDS not in manners.dropped:
        body |= {"logprobs": True, "top_logprobs": _MOST_ODDS}
    if request.schema is not None and shape != "text":
        body["response_format"] = _response_format(request.schema, shape)
    return body


def _messages(request: ModelRequest, shape: Shape, manners: Manners) -> tuple[Message, ...]:
    """The messages; where the endpoint does not enforce the schema, the last one says it (the prefix stays)."""
    messages = request.messages if manners.system else _without_system(request.messages)
    if request.schema is None or shape == "json_schema":
        return messages
    say = (
        "Reply with exactly one JSON object and nothing else, no code fence. It must fit this JSON Schema:\n"
        + json.dumps(dict(request.schema), ensure_ascii=False, sort_keys=True, default=dict)
    )
    if not messages or messages[-1].role == "assistant":
        return (*messages, Message("user", say))
    last = messages[-1]
    return (*messages[:-1], Message(last.role, f"{last.content}\n\n{say}"))


def _without_system(messages: tuple[Message, ...]) -> tuple[Message, ...]:
    """For a chat template that has no such role: what stood there begins the first message of the user."""
    told = "\n\n".join(m.content for m in messages if m.role == "system")
    rest = [m for m in messages if m.role != "system"]
    if not told:
        return messages
    if not rest or rest[0].role != "user":
        return (Message("user", told), *rest)
    return (replace(rest[0], content=f"{told}\n\n{rest[0].content}"), *rest[1:])


def _response_format(schema: Mapping[str, Any], shape: Shape) -> dict[str, Any]:
    if shape == "json_object":
        return {"type": "json_object"}
    title = re.sub(r"[^A-Za-z0-9_-]+", "_", str(schema.get("title", ""))).strip("_")[:64]
    wrapped = {"name": title or "reply", "schema": dict(schema), "strict": is_strict(schema)}
    return {"type": "json_schema", "json_schema": wrapped}


def is_strict(schema: Any) -> bool:
    """Whether a schema fits the strict subset: each object closed and all its properties required.

    OpenAI answers 400 to ``strict`` with any other; llama.cpp enforces both alike.
    """
    if isinstance(schema, list):
        return all(is_strict(item) for item in schema)
    if not isinstance(schema, Mapping):
        return True
    if "properties" in schema:
        if schema.get("additionalProperties") is not False:
            return False
        if set(schema["properties"]) != set(schema.get("required", ())):
            return False
        return is_strict(list(schema["properties"].values()))
    if schema.get("type") == "object":
        return False
    return all(is_strict(value) for value in schema.values())


def _count(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def get(source: Any, name: str) -> Any:
    """A field of a mapping, or an attribute (known or extra) of one of the SDK's objects."""
    return source.get(name) if isinstance(source, Mapping) else getattr(source, name, None)


_ENDS = {"max_tokens": "length", "model_length": "length", "error": "unknown", "abort": "unknown", "aborted": "unknown"}
"""Reasons why a reply ended, as some endpoints name them."""


@dataclass(slots=True)
class Tally:
    """Gathers what the chunks of one call say about tokens, the model's name and the end.

    Where the endpoint was asked more than once for one answer, what it took before counts too.
    """

    model: str = ""
    finish: str = ""
    prompt: int = 0
    cached: int = 0
    completion: int = 0
    read_seconds: float = 0.0
    odds: dict[str, float] = field(default_factory=dict)
    """By token, how likely it was to be the first (logarithms)."""
    before: Usage = field(default_factory=Usage)
    reading: Callable[[int, int], None] | None = None
    """Told how much of the prompt has been read (llama.cpp says so where ``return_progress`` asks for it)."""

    def read(self, chunk: Any) -> None:
        """Take in one chunk (an object of the SDK, or a mapping)."""
        model, usage, timings = get(chunk, "model"), get(chunk, "usage"), get(chunk, "timings")
        self.model = model if isinstance(model, str) and model else self.model
        if usage is not None:
            self._read_usage(usage)
        if timings is not None:
            self._read_timings(timings)
        if self.reading is not None and (progress := get(chunk, "prompt_progress")) is not None:
            self.reading(_count(get(progress, "processed")), _count(get(progress, "total")))

    def weigh(self, logprobs: Any) -> None:
        """What a choice says of how likely the tokens were that could stand first."""
        tokens = get(logprobs, "content")
        if self.odds or not isinstance(tokens, list) or not tokens:
            return
        told = get(tokens[0], "top_logprobs")
        for one in told if isinstance(told, list) else ():
            token, value = get(one, "token"), get(one, "logprob")
            if isinstance(token, str) and isinstance(value, int | float):
                self.odds[token.strip()] = max(value, self.odds.get(token.strip(), -math.inf))

    def end(self, reason: Any) -> None:
        """The endpoint said why it ended."""
        if isinstance(reason, str) and reason:
            self.finish = _ENDS.get(reason.lower(), reason)

    def _read_usage(self, usage: Any) -> None:
        self.prompt = _count(get(usage, "prompt_tokens")) or self.prompt
        self.completion = _count(get(usage, "completion_tokens")) or self.completion
        cached = _count(get(get(usage, "prompt_tokens_details"), "cached_tokens"))
        self.cached = cached or _count(get(usage, "prompt_cache_hit_tokens")) or self.cached

    def _read_timings(self, timings: Any) -> None:
        """llama.cpp: ``cache_n`` tokens came from the cache, ``prompt_n`` were read in
        ``prompt_ms``, ``predicted_n`` written."""
        cached = _count(get(timings, "cache_n"))
        self.cached = self.cached or cached
        self.prompt = self.prompt or cached + _count(get(timings, "prompt_n"))
        self.completion = self.completion or _count(get(timings, "predicted_n"))
        took = get(timings, "prompt_ms")
        if isinstance(took, float | int) and math.isfinite(took) and took > 0:
            self.read_seconds = took / 1000

    def again(self, request: ModelRequest, text: str, name: str) -> None:
        """The endpoint is asked once more; ``text`` is what it wrote in vain."""
        before = self.usage(request, text, name)
        self.prompt = self.cached = self.completion = 0
        self.finish, self.before = "", before

    def usage(self, request: ModelRequest, text: str, name: str) -> Usage:
        """The final `Usage`; what the endpoint did not say is counted here and marked so."""
        estimated = not self.prompt
        prompt = self.prompt or sum(estimate_tokens(m.content) for m in request.messages)
        completion = self.completion if self.prompt else estimate_tokens(text)
        return Usage(
            prompt=self.before.prompt + prompt,
            completion=self.before.completion + completion,
            cached=self.before.cached + min(self.cached, prompt),
            model=self.model or name,
            finish=self.finish or "unknown",
            estimated=self.before.estimated or estimated,
            odds=self._shares(request.choices),
            read_seconds=0.0 if self.before.prompt else self.read_seconds,
        )

    def _shares(self, choices: Sequence[str]) -> dict[str, float]:
        """The choices that were told of, as shares of what they have together."""
        known = {one: math.exp(self.odds[one]) for one in choices if one in self.odds}
        total = sum(known.values())
        return {one: value / total for one, value in known.items()} if total else {}
