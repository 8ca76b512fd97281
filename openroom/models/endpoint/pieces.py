"""What one chunk of a streamed reply brings, in the shapes in which endpoints send it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import openai

from openroom.models.endpoint.wire import Tally, get

_THOUGHTS = ("reasoning_content", "reasoning", "thinking", "reasoning_details")


class Chunks(Protocol):
    """A reply as it comes, chunk by chunk."""

    async def __anext__(self) -> Any: ...
    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Piece:
    """``text`` of the answer, and of the thoughts where the endpoint parts them (neither: a sign of life at most)."""

    text: str = ""
    thought: str = ""

    @property
    def alive(self) -> bool:
        """Whether the model wrote anything."""
        return bool(self.text or self.thought)


class WholeReply:
    """A reply that came in one piece, as JSON, though a stream was asked for; read like a stream of one chunk."""

    def __init__(self, stream: openai.AsyncStream[Any]) -> None:
        self._stream, self._read = stream, False

    async def __anext__(self) -> Any:
        if self._read:
            raise StopAsyncIteration
        self._read = True
        response = self._stream.response
        body = json.loads(await response.aread())
        if isinstance(body, Mapping) and "choices" not in body:
            raise openai.APIError("no reply", response.request, body=body.get("error", body))
        return body

    async def close(self) -> None:
        await self._stream.close()


def chunks_of(stream: openai.AsyncStream[Any]) -> Chunks:
    """The chunks of an answer that has begun."""
    kind = stream.response.headers.get("content-type", "")
    return WholeReply(stream) if kind.partition(";")[0].strip().lower() == "application/json" else stream


async def next_piece(chunks: Chunks, tally: Tally) -> Piece | None:
    """One chunk, or ``None`` when there is no more."""
    try:
        chunk = await anext(chunks)
    except StopAsyncIteration:
        return None
    tally.read(chunk)
    choices = get(chunk, "choices")
    if not isinstance(choices, list) or not choices:
        return Piece()
    tally.end(get(choices[0], "finish_reason"))
    tally.weigh(get(choices[0], "logprobs"))
    delta = get(choices[0], "delta") or get(choices[0], "message")
    if get(delta, "refusal"):
        tally.finish = "content_filter"
    text, thought = _parted(get(delta, "content"))
    return Piece(text, thought or next((str(said) for key in _THOUGHTS if (said := get(delta, key))), ""))


def _parted(content: Any) -> tuple[str, str]:
    """The words and the thoughts of a content: a text, or a list of typed parts."""
    if isinstance(content, str):
        return content, ""
    if not isinstance(content, list):
        return "", ""
    words, thoughts = "", ""
    for part in content:
        text = part if isinstance(part, str) else get(part, "text")
        kind = get(part, "type")
        if isinstance(text, str) and kind in (None, "text", "output_text"):
            words += text
        else:
            thoughts += str(get(part, "thinking") or get(part, "text") or get(part, "reasoning") or "")
    return words, thoughts
