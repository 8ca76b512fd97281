"""A model as a case sees it: calls get seeds of the case and a slot of its own, and are written down."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any, cast

from openroom.evals.played import PlaySpent
from openroom.ports.ledger import Price
from openroom.ports.model import Delta, Model, ModelInfo, ModelRequest, Usage, prompt_text


def derive(*parts: object) -> int:
    """A seed (31 bits) that depends on the parts alone."""
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) & 0x7FFFFFFF


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """One call: who asked for what, the prompt, and what came."""

    character: str
    purpose: str
    prompt: str
    raw: str
    usage: Usage


class Recorder:
    """Wraps a model for one case. ``seed`` decides the sampling seed of each call; ``lane`` keeps cases that are played
    at the same time from sharing a slot of a local engine, while cases of one lane share its prompt cache."""

    def __init__(self, model: Model, seed: int, lane: str = "0", price: Price | None = None) -> None:
        self._model, self._seed, self._lane, self._price = model, seed, lane, price
        self.asked: list[RecordedCall] = []
        self.begun = 0

    @property
    def info(self) -> ModelInfo:
        return self._model.info

    async def stream(self, request: ModelRequest) -> AsyncIterator[Delta | Usage]:
        number = self.begun
        self.begun += 1
        request = self._seeded(request, number)
        pieces: list[str] = []
        usage = Usage(estimated=True)
        try:
            async with aclosing(cast("Any", self._model.stream(request))) as stream:
                async for item in stream:
                    if isinstance(item, Delta):
                        pieces.append(item.text)
                    else:
                        usage = item
                    yield item
        finally:
            prompt = prompt_text(request.messages)
            self.asked.append(RecordedCall(request.character, request.purpose, prompt, "".join(pieces), usage))

    def _seeded(self, request: ModelRequest, number: int) -> ModelRequest:
        seed = derive(self._seed, number)
        cue = request.cue and replace(request.cue, nonce=request.cue.nonce + self._seed % 1009)
        sampling = replace(request.sampling, seed=seed)
        return replace(request, sampling=sampling, slot=f"eval{self._lane}:{request.character}", cue=cue, stable=0)

    def spent(self, ms: int) -> PlaySpent:
        usages = [call.usage for call in self.asked]
        price = self._price or Price()
        return PlaySpent(
            calls=self.begun,
            prompt=sum(usage.prompt for usage in usages),
            cached=sum(usage.cached for usage in usages),
            completion=sum(usage.completion for usage in usages),
            ms=ms,
            usd=sum(price.usd(usage.prompt, usage.cached, usage.completion) for usage in usages),
        )
