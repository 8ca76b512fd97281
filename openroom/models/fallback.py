"""Several models in a row: the next one speaks when the one before it cannot."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from typing import cast

from openroom.errors import (
    BudgetExceeded,
    ModelAuthError,
    ModelBusy,
    ModelError,
    ModelRateLimited,
    ModelTimeout,
    ModelUnreachable,
    UnscriptedPrompt,
)
from openroom.models.metered import close_model
from openroom.ports.model import Delta, Model, ModelInfo, ModelRequest, Usage

COSTLESS = frozenset({"local", "understudy", "scripted"})
"""Kinds of model that cost no money: these may still speak when a budget is used up."""

# These say something about the endpoint, not about the one request: worth staying away for a while.
_LASTING = (ModelAuthError, ModelUnreachable, ModelTimeout, ModelRateLimited)


class FallbackModel:
    """Asks the first model, and the next when that one fails before any text was shown.

    A model whose endpoint failed is left alone for ``cooldown`` seconds; when all are cooling, all are tried again.
    When a budget is used up, only models that cost no money are asked next, and none at all if ``free_over_budget``
    is false. ``info`` says who would speak now, ``last`` who spoke last. An `UnscriptedPrompt` is never covered up.
    """

    def __init__(
        self,
        first: Model,
        *others: Model,
        cooldown: float = 30.0,
        free_over_budget: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.models: tuple[Model, ...] = (first, *others)
        self._cooldown, self._free_over_budget, self._clock = cooldown, free_over_budget, clock
        self._until: dict[int, float] = {}
        self._last: ModelInfo | None = None
        self.failure: ModelError | None = None

    @property
    def info(self) -> ModelInfo:
        """Who would be asked now."""
        return self.models[self._order()[0]].info

    @property
    def last(self) -> ModelInfo | None:
        """Who answered last; ``None`` before the first answer. ``failure`` holds the last error that was met."""
        return self._last

    def reset(self) -> None:
        """Forget which models failed: the settings have changed."""
        self._until.clear()
        self.failure = None

    async def stream(self, request: ModelRequest) -> AsyncIterator[Delta | Usage]:
        """As `Model.stream`. Raises the first model's error when no other could answer either."""
        first_error: ModelError | None = None
        only_free = False
        order = self._order()
        for index in order[:1] if request.purpose == "pick" else order:  # who answers is nobody else's to say
            model = self.models[index]
            if only_free and model.info.kind not in COSTLESS:
                continue
            shown = False
            try:
                async with aclosing(cast("AsyncGenerator[Delta | Usage, None]", model.stream(request))) as pieces:
                    async for piece in pieces:
                        if not shown:
                            self._last, shown = model.info, True
                        yield piece
                self._until.pop(index, None)
                return
            except UnscriptedPrompt:
                raise
            except ModelError as error:
                self._note(index, error)
                if shown or (isinstance(error, BudgetExceeded) and not self._free_over_budget):
                    raise
                only_free = only_free or isinstance(error, BudgetExceeded)
                first_error = first_error or error
        if first_error is not None:
            raise first_error

    def _note(self, index: int, error: ModelError) -> None:
        if not isinstance(error, ModelBusy):  # that it was at work says nothing of why it did not answer
            self.failure = error
        if isinstance(error, _LASTING):
            self._until[index] = self._clock() + self._cooldown

    def _order(self) -> list[int]:
        """The models to be asked, by their places: those that are not cooling, else all."""
        now = self._clock()
        ready = [i for i in range(len(self.models)) if self._until.get(i, now) <= now]
        return ready or list(range(len(self.models)))

    async def aclose(self) -> None:
        """Close all models that can be closed."""
        for model in self.models:
            await close_model(model)
