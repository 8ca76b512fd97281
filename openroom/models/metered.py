"""A model whose every call is held against a budget and written into a ledger."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import cast

from openroom.errors import ModelBusy, ModelError
from openroom.language.tokens import estimate_tokens
from openroom.models.purse import Purse
from openroom.ports.ledger import FREE_KINDS, Budget, Call, Ledger, Price
from openroom.ports.model import Delta, Level, Model, ModelInfo, ModelRequest, Usage

# Ended in one of these before any text came, a call has cost nothing: the endpoint did not take it.
_NOT_TAKEN = frozenset({"busy", "wrong_key", "unreachable", "rate_limited", "declined", "unscripted"})
_PER_MESSAGE = 4


def wall_clock() -> int:
    """Milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


def _new_id() -> str:
    return uuid.uuid4().hex


def prompt_estimate(request: ModelRequest) -> int:
    """About how many prompt tokens a request has, its schema included."""
    text = sum(estimate_tokens(m.content) + _PER_MESSAGE for m in request.messages)
    return text + (
        estimate_tokens(json.dumps(dict(request.schema), ensure_ascii=False, default=dict)) if request.schema else 0
    )


@dataclass(slots=True)
class _Watch:
    """What was seen of a call under way."""

    info: ModelInfo
    started_ms: int
    first_ms: int | None = None
    text: list[str] = field(default_factory=list)
    usage: Usage | None = None
    outcome: str = "error"


class MeteredModel:
    """Wraps a model: sets the worst case of a call aside before it, raises `BudgetExceeded` without spending, then
    writes down what it really took, also when it failed or was cancelled (then counted by us).

    An understudy and a scripted model cost nothing and are never held back. Where the price is unknown, limits in
    tokens and calls apply and limits in money do not. A local model costs no money; limits in tokens apply. Wrap each
    model of a `FallbackModel`, not the whole. Models that share a budget share a purse: see `also`.
    ``failed`` is told how a call failed.
    """

    def __init__(
        self,
        model: Model,
        ledger: Ledger,
        budget: Budget | None = None,
        price: Price | None = None,
        clock: Callable[[], int] = wall_clock,
        *,
        purse: Purse | None = None,
        new_id: Callable[[], str] = _new_id,
        failed: Callable[[ModelError], None] | None = None,
    ) -> None:
        self.model = model
        self._failed = failed
        self.level: Level | None = None
        """How well it talks, where that is known better than its adapter's default."""
        self.used = asyncio.Event()
        """Set once it has played a turn to its end."""
        self.purse = purse if purse is not None else Purse(ledger, budget or Budget(), clock)
        self._price = price
        self._new_id = new_id

    def also(self, model: Model, price: Price | None = None) -> MeteredModel:
        """Another model that spends from the same budget."""
        return MeteredModel(model, self.purse.ledger, price=price, purse=self.purse, new_id=self._new_id)

    @property
    def info(self) -> ModelInfo:
        info = self.model.info
        return info if self.level is None else replace(info, level=self.level)

    @property
    def price(self) -> Price | None:
        """The price in force; ``None`` when it is unknown."""
        return Price() if self.info.kind in FREE_KINDS or (self._price is None and self._is_local) else self._price

    @property
    def _is_local(self) -> bool:
        return self.info.kind == "local"

    async def stream(self, request: ModelRequest) -> AsyncIterator[Delta | Usage]:
        """As `Model.stream`; raises `BudgetExceeded` before anything is asked."""
        free = self.info.kind in FREE_KINDS
        estimate = 0 if free else prompt_estimate(request) + self._most(request)
        hold = (
            None
            if free
            else await self.purse.reserve(request.room, estimate, self._worst_case(request), request.person)
        )
        watch = _Watch(self.info, self.purse.clock())
        try:
            async with aclosing(cast("AsyncGenerator[Delta | Usage, None]", self.model.stream(request))) as pieces:
                async for piece in pieces:
                    self._see(watch, piece)
                    yield piece if isinstance(piece, Delta) else self._priced(piece)
            watch.outcome = "ok"
            if request.purpose == "turn":
                self.used.set()
        except ModelError as error:
            watch.outcome = error.kind
            if self._failed is not None and not isinstance(error, ModelBusy):
                self._failed(error)
            raise
        except (asyncio.CancelledError, GeneratorExit):
            watch.outcome = "ok" if watch.usage else "cancelled"
            raise
        finally:
            call = self._call(request, watch)
            if hold is not None:
                await self.purse.settle(hold, call)
            else:
                await self.purse.ledger.record(call)

    def _priced(self, usage: Usage) -> Usage:
        price = self.price
        if price is None:
            return usage
        return replace(usage, usd=price.usd(usage.prompt, usage.cached, usage.completion))

    def _worst_case(self, request: ModelRequest) -> float | None:
        price = self.price
        return None if price is None else price.usd(prompt_estimate(request), 0, self._most(request))

    def _most(self, request: ModelRequest) -> int:
        """As many tokens as it may write: those asked for, and beside them the thoughts of a model that thinks."""
        return request.max_tokens + int(getattr(self.model, "room", 0))

    def _see(self, watch: _Watch, piece: Delta | Usage) -> None:
        if isinstance(piece, Delta):
            if watch.first_ms is None and piece.text:
                watch.first_ms = self.purse.clock() - watch.started_ms
            watch.text.append(piece.text)
        else:
            watch.usage = piece

    def _call(self, request: ModelRequest, watch: _Watch) -> Call:
        usage, info, price = watch.usage or self._counted(request, watch), watch.info, self.price
        return Call(
            id=self._new_id(),
            at_ms=watch.started_ms,
            room=request.room,
            character=request.character,
            purpose=request.purpose,
            model=usage.model or info.name,
            kind=info.kind,
            prompt=usage.prompt,
            cached=usage.cached,
            completion=usage.completion,
            estimated=usage.estimated,
            usd=None if price is None else price.usd(usage.prompt, usage.cached, usage.completion),
            ms_first=watch.first_ms,
            ms_total=max(self.purse.clock() - watch.started_ms, 0),
            outcome=watch.outcome,
        )

    def _counted(self, request: ModelRequest, watch: _Watch) -> Usage:
        """Tokens of a call that ended without saying, or before it could."""
        text = "".join(watch.text)
        if not text and watch.outcome in _NOT_TAKEN:
            return Usage(estimated=True)
        return Usage(prompt=prompt_estimate(request), completion=estimate_tokens(text), estimated=True)

    async def aclose(self) -> None:
        """Close the model inside, if it can be closed."""
        await close_model(self.model)


async def close_model(model: Model) -> None:
    """Close a model that has an ``aclose``; others hold nothing."""
    close = getattr(model, "aclose", None)
    if close is not None:
        await close()
