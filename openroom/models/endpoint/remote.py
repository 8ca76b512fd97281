"""A language model behind an OpenAI-compatible endpoint (hosted, Ollama, LM Studio, llama.cpp): the home of
``openai``.
"""

from __future__ import annotations

import asyncio
import random
import ssl
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, aclosing, nullcontext
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

import openai

from openroom.errors import ModelError, ModelRefused
from openroom.models.endpoint import failures
from openroom.models.endpoint.wire import Manners, Retry, Tally, Timeouts, payload
from openroom.ports.ledger import Price
from openroom.ports.model import Delta, ModelInfo, ModelRequest, Usage

_Chunks = openai.AsyncStream[Any]
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class _Piece:
    """What one chunk brings: ``text`` to show, ``alive`` if the model wrote anything at all (reasoning too)."""

    text: str = ""
    alive: bool = False


class RemoteModel:
    """One model of one endpoint.

    ``base_url`` ends where ``/chat/completions`` begins; ``key`` may be empty; ``extra`` gives further body fields
    for a request (llama.cpp: ``id_slot``, ``cache_prompt``). Failures before the first token are retried with growing
    waits; a form of request that the endpoint does not know (JSON Schema, usage in streams, a sampling parameter) is
    given up once and remembered. ``places`` bounds how many calls are on their way at a time, over all models that
    share it; a call that waits for its place does not time out. Raises the subclasses of `openroom.errors.ModelError`;
    their sentences never hold the key. Close with ``aclose``.
    """

    def __init__(
        self,
        base_url: str,
        key: str,
        name: str,
        *,
        timeouts: Timeouts | None = None,
        retry: Retry | None = None,
        price: Price | None = None,
        extra: Callable[[ModelRequest], dict[str, Any]] | None = None,
        kind: Literal["remote", "local"] = "remote",
        detail: str = "",
        places: asyncio.Semaphore | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
        clock: Callable[[], float] = time.monotonic,
        timeout: Callable[[float], AbstractAsyncContextManager[Any]] = asyncio.timeout,
    ) -> None:
        self.name, self.price = name, price
        self.timeouts, self.retry = timeouts or Timeouts(), retry or Retry()
        self._host = _host(base_url)
        self._key = key
        self._info = ModelInfo(name, kind, detail or self._host)
        self._extra, self._sleep, self._chance, self._clock, self._timeout = extra, sleep, chance, clock, timeout
        self._manners = Manners()
        self._place: AbstractAsyncContextManager[Any] = nullcontext() if places is None else places
        self._client = _client(base_url, key, self.timeouts.connect)

    @property
    def info(self) -> ModelInfo:
        return self._info

    @property
    def manners(self) -> Manners:
        """What this endpoint takes, as learned so far."""
        return self._manners

    async def aclose(self) -> None:
        """Close the connections. The model cannot be used afterwards."""
        await self._client.close()

    async def stream(self, request: ModelRequest) -> AsyncIterator[Delta | Usage]:
        """As `Model.stream`. Closing the iterator closes the connection, so the endpoint can stop."""
        async with self._place, aclosing(self._stream(request)) as pieces:
            async for piece in pieces:
                yield piece

    async def _stream(self, request: ModelRequest) -> AsyncGenerator[Delta | Usage]:
        deadline = self._clock() + self.timeouts.total
        tally, texts = Tally(), list[str]()
        chunks, piece = await self._begin(request, tally, deadline)
        try:
            while piece is not None:
                if piece.text:
                    texts.append(piece.text)
                    yield Delta(piece.text)
                piece = await self._next(chunks, tally, deadline)
        finally:
            await chunks.close()
        if tally.finish == "content_filter" and not texts:
            raise ModelRefused(f"The language model at {self._host} declined to answer this.")
        yield tally.usage(request, "".join(texts), self.name)

    async def _begin(self, request: ModelRequest, tally: Tally, deadline: float) -> tuple[_Chunks, _Piece | None]:
        """Ask, again and in other forms where that may help, until the first token is there."""
        known, failed = self._manners, 0
        manners = known
        first_refusal: ModelError | None = None
        while True:
            result = await self._attempt(request, manners, tally, deadline)
            if not isinstance(result, failures.Failure):
                if manners is not known:  # a call that learnt nothing must not undo what another one learnt meanwhile
                    self._manners = manners
                return result
            if result.refusal is not None:
                first_refusal = first_refusal or result.error
                lesser = manners.after_refusal(request, result.refusal)
                if lesser is None:
                    raise first_refusal
                manners = lesser
                continue
            failed += 1
            await self._wait(result, failed, deadline)

    async def _wait(self, failure: failures.Failure, failed: int, deadline: float) -> None:
        """Wait before the next attempt, or raise if there is to be none."""
        wait = self.retry.wait(failed, self._chance())
        if failure.wait is not None:
            wait = max(wait, failure.wait)
        too_late = wait > self.retry.patience or self._clock() + wait >= deadline
        if not failure.again or failed >= self.retry.attempts or too_late:
            raise failure.error
        await self._sleep(wait)

    async def _attempt(
        self, request: ModelRequest, manners: Manners, tally: Tally, deadline: float
    ) -> tuple[_Chunks, _Piece | None] | failures.Failure:
        """Ask once and read up to the first sign of life."""
        body = payload(request, self.name, manners)
        extra = self._extra(request) if self._extra else None
        limit = min(self.timeouts.first, max(deadline - self._clock(), 0.001))
        chunks: _Chunks | None = None
        try:
            async with self._timeout(limit):
                chunks = await self._client.chat.completions.create(**body, extra_body=extra)
                piece = await _read(chunks, tally)
                while piece is not None and not piece.alive:
                    piece = await _read(chunks, tally)
            if piece is None and not tally.finish:
                return failures.Failure(failures.no_answer(self._host))
            ready, chunks = chunks, None
            return ready, piece
        except TimeoutError:
            return failures.Failure(failures.first_token_late(self._host, limit))
        except (openai.OpenAIError, ValueError) as error:
            return failures.understand(error, self._host, self._key, time.time())
        finally:
            if chunks is not None:
                await chunks.close()

    async def _next(self, chunks: _Chunks, tally: Tally, deadline: float) -> _Piece | None:
        """The next piece of an answer that has begun; ``None`` at its end."""
        left = deadline - self._clock()
        try:
            async with self._timeout(min(self.timeouts.between, max(left, 0.0))):
                return await _read(chunks, tally)
        except TimeoutError:
            if left <= self.timeouts.between:
                raise failures.too_long(self._host, self.timeouts.total) from None
            raise failures.stalled(self._host, self.timeouts.between) from None
        except openai.APIConnectionError:
            raise failures.broke_off(self._host) from None
        except (openai.OpenAIError, ValueError) as error:
            raise failures.understand(error, self._host, self._key, time.time()).error from None


async def _read(chunks: _Chunks, tally: Tally) -> _Piece | None:
    """One chunk, or ``None`` when there is no more."""
    try:
        chunk = await anext(chunks)
    except StopAsyncIteration:
        return None
    tally.read(chunk)
    choices = getattr(chunk, "choices", None)
    if not isinstance(choices, list) or not choices:
        return _Piece()
    tally.finish = getattr(choices[0], "finish_reason", None) or tally.finish
    delta = getattr(choices[0], "delta", None)
    if getattr(delta, "refusal", None):
        tally.finish = "content_filter"
    text = getattr(delta, "content", None)
    thought = getattr(delta, "reasoning_content", None) or getattr(delta, "reasoning", None)
    text = text if isinstance(text, str) else ""
    return _Piece(text, bool(text or thought))


def _host(base_url: str) -> str:
    """Host and port, for sentences: an address may hold a password."""
    parts = urlsplit(base_url)
    return f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname or "?"


def _client(base_url: str, key: str, connect: float) -> openai.AsyncOpenAI:
    """A client that sends this key and nothing else from the environment.

    The SDK would add an organisation, a project or headers from ``OPENAI_*`` variables to any address; and a proxy has
    no business between us and a server on this machine.
    """
    parts, timeout = urlsplit(base_url), openai.Timeout(None, connect=connect)
    http, headers = None, {"Authorization": f"Bearer {key or 'none'}"}
    if parts.hostname in _LOOPBACK:
        # Without TLS there is nothing to trust: an empty context instead of reading all certificates (50 ms).
        trust = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if parts.scheme == "http" else ssl.create_default_context()
        # llama.cpp closes a connection after each stream. Used again meanwhile, it fails (4 calls of 100).
        headers["Connection"] = "close"
        http = openai.DefaultAsyncHttpxClient(trust_env=False, timeout=timeout, verify=trust)
    client = openai.AsyncOpenAI(
        base_url=base_url,
        api_key=key or "none",
        max_retries=0,
        timeout=timeout,
        default_headers=headers,
        http_client=http,
    )
    client.organization = client.project = None
    return client
