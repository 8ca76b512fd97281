"""Asking an OpenAI-compatible server which models it has. Anything may answer: the reply's shape is checked."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
from pydantic import BaseModel, Field, ValidationError

from openroom.ports.address import bases

LOOPBACK = ("127.0.0.1", "localhost", "::1")
LOOPBACK_SERVERS = (("Ollama", 11434), ("llama.cpp", 8080), ("LM Studio", 1234))
_SECONDS = 0.5
_LARGEST = 1_000_000
# Not for talk, or (the last two, at Ollama) not on this machine.
_UNFIT = ("embed", "rerank", "whisper", "tts", "bge-", "clip", "moderation", "dall-e", "transcribe", "image")
_ELSEWHERE = ("-cloud", ":cloud")


class _Listed(BaseModel):
    id: str = Field(min_length=1, max_length=300)


class _List(BaseModel):
    """The reply to GET /v1/models, as the OpenAI API describes it."""

    data: list[_Listed]


@dataclass(frozen=True, slots=True)
class Listing:
    """What came of asking an address for its models: their names in its order, and the status (0: no answer)."""

    url: str
    names: tuple[str, ...] = ()
    status: int = 0

    @property
    def trouble(self) -> str:
        """Why there are no names, in words; empty where there are."""
        if self.names:
            return ""
        if not self.status:
            return "nothing answers there"
        if self.status in (401, 403):
            return f"it does not accept the key ({self.status})"
        return f"it lists no models ({self.status})"


async def look(url: str, key: str, seconds: float) -> Listing:
    """The listing at an address as people write it; where it has no path, that of /v1 below it if there is one."""
    found = await asyncio.gather(*(_listing(base, key, seconds) for base in bases(url)))
    return next((one for one in found if one.names), None) or next(
        (one for one in found if one.status not in (0, 404, 405)), found[0]
    )


async def list_models(base_url: str, key: str, seconds: float) -> list[str]:
    """The names an endpoint lists, in its order; empty if it does not answer in time or answers something else."""
    return list((await _listing(base_url, key, seconds)).names)


async def _listing(base_url: str, key: str, seconds: float) -> Listing:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        parts = urlsplit(base_url)
        here = parts.hostname in LOOPBACK  # no proxy has business between us and this machine
        tls = parts.scheme == "https"  # without it no certificates need to be read, which takes 30 ms each time
        async with (
            asyncio.timeout(seconds),
            httpx.AsyncClient(trust_env=not here, verify=tls, timeout=seconds) as client,
            client.stream("GET", f"{base_url.rstrip('/')}/models", headers=headers) as reply,
        ):
            names = _names(await _bounded(reply)) if reply.status_code == httpx.codes.OK else ()
            return Listing(base_url, names, reply.status_code)
    except (TimeoutError, httpx.HTTPError, httpx.InvalidURL, ValueError):
        return Listing(base_url)


async def on_loopback(servers: Sequence[tuple[str, int]]) -> list[tuple[str, str, list[str]]]:
    """Which of these (program, port) answer on 127.0.0.1: program, base URL, names listed. Asked all at once."""
    urls = [f"http://127.0.0.1:{port}/v1" for _, port in servers]
    lists = await asyncio.gather(*(list_models(url, "", _SECONDS) for url in urls))
    found = zip(servers, urls, lists, strict=True)
    return [(program, url, names) for (program, _), url, names in found if names]


def chat_names(names: Sequence[str]) -> list[str]:
    """Those that look as if they can hold a conversation, on the machine that lists them."""
    return [
        name
        for name in names
        if not any(word in name.lower() for word in _UNFIT) and not name.lower().endswith(_ELSEWHERE)
    ]


def _names(body: bytes) -> tuple[str, ...]:
    try:
        return tuple(model.id for model in _List.model_validate_json(body).data)
    except ValidationError:
        return ()


async def _bounded(reply: httpx.Response) -> bytes:
    """The body, up to a size no list of models has; the rest is left unread."""
    body = b""
    async for piece in reply.aiter_bytes():
        body += piece
        if len(body) > _LARGEST:
            break
    return body
