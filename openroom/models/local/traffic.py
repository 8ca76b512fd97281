"""The order of calls at a local engine: turns, then other calls, then the reading of prompts in advance."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from openroom.errors import ModelBusy
from openroom.models.local.slots import Gate, SlotTable
from openroom.ports.model import ModelRequest, Usage

_TURNS = frozenset({"turn", "repair", "pick"})


class Traffic:
    """Who of the callers goes first, and with which slot.

    Turns go before other calls, of which one at a time is let in, so that a turn finds a place; warm calls run only
    while nobody else calls. A pick, without which a turn begins as well, waits for nobody.
    """

    def __init__(self, slots: int, parallel: int) -> None:
        self._slots = SlotTable(slots)
        self._gate = Gate(max(1, min(parallel, slots)))
        self._background, self._one_warm = asyncio.Lock(), asyncio.Lock()
        self._real = 0
        self._idle, self._busy = asyncio.Event(), asyncio.Event()
        self._idle.set()
        self._warming: set[_Warming] = set()
        self._numbers = itertools.count()

    def body(self, request: ModelRequest) -> dict[str, Any]:
        """The fields of llama.cpp that pin a call to its slot.

        With ``return_progress`` it writes after every step of reading, and so notices at once that nobody listens;
        else it looks once a second.
        """
        fields: dict[str, Any] = {"cache_prompt": True, "return_progress": True}
        if request.choices:
            fields["grammar"] = "root ::= " + " | ".join(f'"{one}"' for one in request.choices)
        slot = self.slot(request)
        return fields if slot is None else fields | {"id_slot": slot}

    def slot(self, request: ModelRequest) -> int | None:
        """The slot that a call is pinned to, while it holds one."""
        return self._slots.slot(request.slot)

    @asynccontextmanager
    async def real_call(self, request: ModelRequest) -> AsyncIterator[ModelRequest]:
        """Wait for one's turn and hold a slot."""
        if request.purpose == "pick" and self._real:
            raise ModelBusy("The local model is at work.")
        self._real += 1
        self._idle.clear()
        self._busy.set()
        for warming in self._warming:
            warming.overtaken = warming.overtaken or warming.slot == request.slot
        try:
            if request.purpose in _TURNS:
                async with self._gate.enter(0), self._slot(request) as asked:
                    yield asked
            else:
                async with self._background, self._gate.enter(1), self._slot(request) as asked:
                    yield asked
        finally:
            self._real -= 1
            if not self._real:
                self._idle.set()
                self._busy.clear()

    async def warm(self, request: ModelRequest, run: Callable[[ModelRequest], Coroutine[Any, Any, Usage]]) -> Usage:
        """Read a prompt whenever nobody else calls; ends with ``finish="yielded"`` once its slot has had a real call.

        After that call the slot holds more than this prompt, and reading it again would throw that away.
        """
        warming = _Warming(request.slot)
        self._warming.add(warming)
        try:
            async with self._one_warm:
                while True:
                    await self._idle.wait()
                    if warming.overtaken:
                        return Usage(finish="yielded")
                    async with self._slot(replace(request, max_tokens=1, schema=None)) as asked:
                        usage = await self._unless_busy(run(asked))
                    if usage is not None:
                        return usage
        finally:
            self._warming.discard(warming)

    async def _unless_busy(self, call: Coroutine[Any, Any, Usage]) -> Usage | None:
        """The call's usage, or ``None`` when a real call came and it was cancelled."""
        reading = asyncio.ensure_future(call)
        disturbed = asyncio.ensure_future(self._busy.wait())
        try:
            await asyncio.wait({reading, disturbed}, return_when=asyncio.FIRST_COMPLETED)
            return reading.result() if reading.done() else None
        finally:
            disturbed.cancel()
            reading.cancel()
            await asyncio.gather(reading, disturbed, return_exceptions=True)

    @asynccontextmanager
    async def _slot(self, request: ModelRequest) -> AsyncIterator[ModelRequest]:
        """Hold the request's slot; one without a key borrows the coldest."""
        asked = request if request.slot else replace(request, slot=f"\0{next(self._numbers)}")
        self._slots.take(asked.slot)
        try:
            yield asked
        finally:
            self._slots.release(asked.slot, keep=bool(request.slot))


@dataclass(slots=True, eq=False)
class _Warming:
    """A warm call that waits or runs; ``overtaken`` once its slot has had a real call."""

    slot: str
    overtaken: bool = False
