"""How a request is put to an OpenAI-compatible endpoint, what such an endpoint may not know, and how usage is read.

Pure: no connection is made here. Field names are those of the Chat Completions API and (``timings``) of
llama.cpp's server.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from openroom.language.tokens import estimate_tokens
from openroom.ports.model import Message, ModelRequest, Usage

Shape = Literal["json_schema", "json_object", "text"]
SHAPES: tuple[Shape, ...] = ("json_schema", "json_object", "text")
_SAMPLING = ("temperature", "top_p", "frequency_penalty", "presence_penalty", "seed")


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


@dataclass(frozen=True, slots=True)
class Manners:
    """What one endpoint takes, as learned so far. Immutable: a better guess is a new value, kept once it has worked."""

    shape: Shape = "json_schema"
    usage: bool = True
    length_key: str = "max_tokens"
    dropped: frozenset[str] = field(default_factory=frozenset)

    def after_refusal(self, request: ModelRequest, message: str) -> Manners | None:
        """What to try next when the endpoint refused ``request`` (400, 422) with that message; ``None``: nothing
        left.
        """
        lowered = message.lower()
        if self.usage and ("stream_options" in lowered or "include_usage" in lowered):
            return Manners(self.shape, False, self.length_key, self.dropped)
        if self.length_key == "max_tokens" and "max_completion_tokens" in lowered:
            return Manners(self.shape, self.usage, "max_completion_tokens", self.dropped)
        for name in _SAMPLING:
            sent = getattr(request.sampling, name) is not None and name not in self.dropped
            if sent and re.search(rf"\b{name}\b", lowered):
                return Manners(self.shape, self.usage, self.length_key, self.dropped | {name})
        if request.schema is not None and self.shape != "text":
            lesser = SHAPES[SHAPES.index(self.shape) + 1]
            return Manners(lesser, self.usage, self.length_key, self.dropped)
        if self.usage:
            return Manners(self.shape, False, self.length_key, self.dropped)
        return None


def payload(request: ModelRequest, name: str, manners: Manners) -> dict[str, Any]:
    """The keyword arguments of ``chat.completions.create`` for a streamed call."""
    shape: Shape = manners.shape if request.schema is not None else "text"
    body: dict[str, Any] = {
        "model": name,
        "messages": [{"role": m.role, "content": m.content} for m in _messages(request, shape)],
        "stream": True,
        manners.length_key: request.max_tokens,
    }
    if manners.usage:
        body["stream_options"] = {"include_usage": True}
    for key in _SAMPLING:
        value = getattr(request.sampling, key)
        if value is not None and key not in manners.dropped:
            body[key] = value
    if request.schema is not None and shape != "text":
        body["response_format"] = _response_format(request.schema, shape)
    return body


def _messages(request: ModelRequest, shape: Shape) -> tuple[Message, ...]:
    """The messages; where the endpoint does not enforce the schema, the last one says it (the prefix stays)."""
    if request.schema is None or shape == "json_schema":
        return request.messages
    say = (
        "Reply with exactly one JSON object and nothing else, no code fence. It must fit this JSON Schema:\n"
        + json.dumps(dict(request.schema), ensure_ascii=False, sort_keys=True, default=dict)
    )
    if not request.messages or request.messages[-1].role == "assistant":
        return (*request.messages, Message("user", say))
    last = request.messages[-1]
    return (*request.messages[:-1], Message(last.role, f"{last.content}\n\n{say}"))


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


def _get(source: Any, name: str) -> Any:
    """A field of a mapping, or an attribute (known or extra) of one of the SDK's objects."""
    return source.get(name) if isinstance(source, Mapping) else getattr(source, name, None)


@dataclass(slots=True)
class Tally:
    """Gathers what the chunks of one stream say about tokens, the model's name and the end."""

    model: str = ""
    finish: str = ""
    prompt: int = 0
    cached: int = 0
    completion: int = 0

    def read(self, chunk: Any) -> None:
        """Take in one chunk (an object of the SDK, or a mapping)."""
        model, usage, timings = _get(chunk, "model"), _get(chunk, "usage"), _get(chunk, "timings")
        self.model = model if isinstance(model, str) and model else self.model
        if usage is not None:
            self._read_usage(usage)
        if timings is not None:
            self._read_timings(timings)

    def _read_usage(self, usage: Any) -> None:
        self.prompt = _count(_get(usage, "prompt_tokens")) or self.prompt
        self.completion = _count(_get(usage, "completion_tokens")) or self.completion
        cached = _count(_get(_get(usage, "prompt_tokens_details"), "cached_tokens"))
        self.cached = cached or _count(_get(usage, "prompt_cache_hit_tokens")) or self.cached

    def _read_timings(self, timings: Any) -> None:
        """llama.cpp: ``cache_n`` tokens came from the cache, ``prompt_n`` were read, ``predicted_n`` written."""
        cached = _count(_get(timings, "cache_n"))
        self.cached = self.cached or cached
        self.prompt = self.prompt or cached + _count(_get(timings, "prompt_n"))
        self.completion = self.completion or _count(_get(timings, "predicted_n"))

    def usage(self, request: ModelRequest, text: str, name: str) -> Usage:
        """The final `Usage`; what the endpoint did not say is counted here and marked so."""
        estimated = not self.prompt
        prompt = self.prompt or sum(estimate_tokens(m.content) for m in request.messages)
        completion = self.completion if self.prompt else estimate_tokens(text)
        finish = self.finish or "unknown"
        return Usage(prompt, completion, min(self.cached, prompt), self.model or name, finish, estimated)
