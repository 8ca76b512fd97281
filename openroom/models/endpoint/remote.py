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
from typing import Any, Literal
from urllib.parse import urlsplit

import openai

from openroom.errors import ModelError, ModelRefused
from openroom.models.endpoint import failures
from openroom.models.endpoint.manners import ROOMS, Forms, Manners
from openroom.models.endpoint.pieces import Chunks, Piece, chunks_of, next_piece
from openroom.models.endpoint.wire import Retry, Tally, Timeouts, payload
from openroom.ports.ledger import Price
from openroom.ports.model import Delta, ModelInfo, ModelRequest, Usage
from openroom.ports.reply.thoughts import Thoughts, end_of_thoughts

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class RemoteModel:
    """One model of one endpoint.

    ``base_url`` ends where ``/chat/completions`` begins; ``key`` may be empty; ``extra`` gives further body fields
    for a request (llama.cpp: ``id_slot``, ``cache_prompt``). Failures before the first token are retried with growing
    waits; a form of request that the endpoint does not know (JSON Schema, usage in streams, a sampling parameter, the
    system role) is given up once and remembered, and so are the tokens that it needs for thoughts. ``places`` bounds
    how many calls are on their way at a time, over all models that share it; a call that waits for its place does not
    time out. Raises the subclasses of `openroom.errors.ModelError`; their sentences hold neither the key nor what the
    endpoint said. Close with ``aclose``.
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
        self._host, self._base_url = _host(base_url), base_url
        self._key = key
        self._info = ModelInfo(name, kind, detail or self._host)
        self._extra, self._sleep, self._chance, self._clock, self._timeout = extra, sleep, chance, clock, timeout
        self._manners, self._thinks = Manners(), False
        self._place: AbstractAsyncContextManager[Any] = nullcontext() if places is None else places
        self._client = _client(base_url, key, self.timeouts.connect)

    @property
    def info(self) -> ModelInfo:
        return self._info

    def known_as(self) -> str:
        """What tells it from another endpoint of the same name."""
        return self._base_url

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

    @property
    def thinks(self) -> bool:
        """Whether it was seen to think before it answers."""
        return self._thinks

    @property
    def room(self) -> int:
        """Tokens that it may think in a call, beside those of the reply."""
        return self._manners.room

    async def _stream(self, request: ModelRequest) -> AsyncGenerator[Delta | Usage]:
        deadline = self._clock() + self.timeouts.total
        tally = Tally(reading=request.reading)
        for last in (*[False] * (len(ROOMS) - 1), True):
            answer, room = _Answer(), self.room
            chunks, piece = await self._begin(request, tally, deadline)
            try:
                while piece is not None:
                    if text := answer.take(piece):
                        yield Delta(text)
                    piece = await self._next(chunks, tally, deadline)
            finally:
                await chunks.close()
            self._thinks = self._thinks or answer.thought
            if request.purpose in ("warm", "pick") or not answer.only_thoughts(tally.finish):
                break
            if last or not self._make_room(beyond=room):
                yield tally.usage(request, answer.written, self.name)
                raise failures.only_thoughts(self._host)
            tally.again(request, answer.written, self.name)
        if rest := answer.close(shaped=request.schema is not None):
            yield Delta(rest)
        if tally.finish == "content_filter" and not answer.written:
            raise ModelRefused(f"The language model at {self._host} declined to answer this.")
        yield tally.usage(request, answer.written, self.name)

    def _make_room(self, *, beyond: int) -> bool:
        """It thought until its tokens were used up: from now on it gets more, if there is more and no other call has
        seen to it.
        """
        roomier = self._manners.roomier() if self.room <= beyond else self._manners
        self._manners = roomier or self._manners
        return roomier is not None

    async def _begin(self, request: ModelRequest, tally: Tally, deadline: float) -> tuple[Chunks, Piece | None]:
        """Ask, again and in other forms where that may help, until the first token is there."""
        known, failed = self._manners, 0
        forms = Forms(known, request)
        first_refusal: ModelError | None = None
        while True:
            result = await self._attempt(request, forms.manners, tally, deadline)
            if not isinstance(result, failures.Failure):
                if forms.manners is not known:  # a call that learnt nothing must not undo what another one learnt
                    self._manners = forms.manners
                return result
            if result.refusal is not None and forms.refused(result.refusal, guess=result.form):
                first_refusal = first_refusal or result.error
                continue
            if result.form:
                raise first_refusal or result.error
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
    ) -> tuple[Chunks, Piece | None] | failures.Failure:
        """Ask once and read up to the first sign of life."""
        body = payload(request, self.name, manners)
        extra = self._extra(request) if self._extra else None
        limit = min(self.timeouts.first, max(deadline - self._clock(), 0.001))
        chunks: Chunks | None = None
        try:
            async with self._timeout(limit):
                chunks = chunks_of(await self._client.chat.completions.create(**body, extra_body=extra))
                piece = await next_piece(chunks, tally)
                while piece is not None and not piece.alive:
                    piece = await next_piece(chunks, tally)
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

    async def _next(self, chunks: Chunks, tally: Tally, deadline: float) -> Piece | None:
        """The next piece of an answer that has begun; ``None`` at its end."""
        left = deadline - self._clock()
        try:
            async with self._timeout(min(self.timeouts.between, max(left, 0.0))):
                return await next_piece(chunks, tally)
        except TimeoutError:
            if left <= self.timeouts.between:
                raise failures.too_long(self._host, self.timeouts.total) from None
            raise failures.stalled(self._host, self.timeouts.between) from None
        except openai.APIConnectionError:
            raise failures.broke_off(self._host) from None
        except (openai.OpenAIError, ValueError) as error:
            raise failures.understand(error, self._host, self._key, time.time()).error from None


class _Answer:
    """The words of one answer as they come; what is nothing but thoughts is held back until its end."""

    def __init__(self) -> None:
        self._thoughts, self._passed = Thoughts(), False
        self._words: list[str] = []
        self._aside: list[str] = []
        """Thoughts that the endpoint keeps apart."""

    @property
    def written(self) -> str:
        """All that the model wrote."""
        return "".join([*self._aside, *self._words])

    @property
    def thought(self) -> bool:
        """Whether there are thoughts in it."""
        return bool(self._aside) or self._thoughts.opened or end_of_thoughts("".join(self._words)) >= 0

    def take(self, piece: Piece) -> str:
        """Take a piece; the text that may be passed on."""
        if piece.thought:
            self._aside.append(piece.thought)
        if not piece.text:
            return ""
        self._words.append(piece.text)
        text = self._thoughts.feed(piece.text)
        self._passed = self._passed or bool(text.strip())
        return text

    def only_thoughts(self, finish: str) -> bool:
        """Whether the model used up its tokens before it came to an answer."""
        return finish == "length" and not self._passed and bool(self._aside or self._thoughts.opened)

    def close(self, *, shaped: bool) -> str:
        """What is still to be passed on. ``shaped``: an object was asked for, and some endpoints put it among the
        thoughts.
        """
        aside = "".join(self._aside).strip()
        if shaped and not self._passed and aside.startswith("{") and aside.endswith("}"):
            return aside
        return self._thoughts.close()


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
    headers = {"Authorization": f"Bearer {key or 'none'}"}
    # A redirect would take the prompt to an address that nobody set.
    options: dict[str, Any] = {"timeout": timeout, "follow_redirects": False}
    if parts.hostname in _LOOPBACK:
        # Without TLS there is nothing to trust: an empty context instead of reading all certificates (50 ms).
        trust = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if parts.scheme == "http" else ssl.create_default_context()
        # llama.cpp closes a connection after each stream. Used again meanwhile, it fails (4 calls of 100).
        headers["Connection"] = "close"
        options |= {"trust_env": False, "verify": trust}
    client = openai.AsyncOpenAI(
        base_url=base_url,
        api_key=key or "none",
        max_retries=0,
        timeout=timeout,
        default_headers=headers,
        http_client=openai.DefaultAsyncHttpxClient(**options),
    )
    client.organization = client.project = None
    return client
