"""Somebody who speaks while the local model is on its way."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from typing import cast

from openroom.errors import ModelUnreachable
from openroom.models.local.model import LocalModel
from openroom.models.metered import close_model
from openroom.ports.model import Delta, Model, ModelInfo, ModelRequest, Usage


class StandIn:
    """The local model once it is ready, another model (the understudy) until then and whenever the engine is down.

    ``info`` says who would speak now. Only turns are stood in for: a judge or a proposer must not be replaced by
    somebody who plays from example lines, and gets `ModelUnreachable` instead; nor has it anything to warm.
    """

    def __init__(self, local: LocalModel, other: Model, *, speaker: Model | None = None) -> None:
        """``speaker`` is the local model as it is to be called (metered), if that is not ``local`` itself."""
        self.local, self.other = local, other
        self._speaker = speaker or local

    @property
    def info(self) -> ModelInfo:
        """Who speaks now; the stand-in's detail says what the local model is doing."""
        if self.local.ready:
            return self._speaker.info
        other = self.other.info
        return replace(other, detail=f"Standing in: {self.local.status.text}")

    async def stream(self, request: ModelRequest) -> AsyncIterator[Delta | Usage]:
        """As `Model.stream`; a local call that fails before its first word is given to the stand-in."""
        if request.purpose == "warm" and not self.local.ready:
            yield Usage(finish="yielded")
            return
        shown = False
        try:
            async with aclosing(_pieces(self._speaker, request)) as pieces:
                async for piece in pieces:
                    shown = True
                    yield piece
            return
        except ModelUnreachable:
            if shown or request.cue is None:
                raise
        async with aclosing(_pieces(self.other, request)) as pieces:
            async for piece in pieces:
                yield piece

    async def aclose(self) -> None:
        await close_model(self._speaker)
        await close_model(self.other)


def _pieces(model: Model, request: ModelRequest) -> AsyncGenerator[Delta | Usage, None]:
    return cast("AsyncGenerator[Delta | Usage, None]", model.stream(request))
