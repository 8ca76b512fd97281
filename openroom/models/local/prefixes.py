"""Sees to it that a slot of the engine holds the stable beginning of its prompts before it is called."""

from __future__ import annotations

import asyncio
import importlib.metadata
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx

from openroom.errors import ModelError
from openroom.models.local.options import LocalOptions
from openroom.models.local.states import States
from openroom.models.local.weights import digest_of
from openroom.ports.model import Message, ModelRequest, Usage

HELD = 12
"""So many prompts are counted on to be in the engine's memory still: `EngineSettings.cache_ram` holds about as many."""

_SECONDS = 60.0
_LOG = logging.getLogger(__name__)


class Prefixes:
    """The prompts of one run of the engine at ``address``. What was read is kept in ``states``, and put back from there
    the next time; without them nothing is done. Nothing here makes a call fail: at worst the prompt is read anew.
    """

    def __init__(self, address: str, key: str, states: States | None) -> None:
        headers = {"Authorization": f"Bearer {key}", "Connection": "close"}
        self._client = httpx.AsyncClient(base_url=address, trust_env=False, timeout=_SECONDS, headers=headers)
        self._states = states
        self._held: OrderedDict[str, str] = OrderedDict()
        """By the slot's key: which beginning it holds, those used last at the end."""
        self._owner: dict[int, str] = {}

    async def aclose(self) -> None:
        await self._client.aclose()

    async def begin(
        self, request: ModelRequest, slot: int | None, read: Callable[[ModelRequest], Awaitable[Usage]]
    ) -> int:
        """Have the ``slot`` hold the request's stable messages: from the disk, else by ``read``ing them, which are kept
        then. How many tokens were read for it.
        """
        beginning = _beginning(request)
        if self._states is None or slot is None or not beginning:
            return 0
        wanted = self._states.key(beginning)
        if self._held.get(request.slot) == wanted:
            self._held.move_to_end(request.slot)
            return 0
        fresh = 0
        if not await self._put_back(self._states, slot, wanted):
            fresh = await self._read(self._states, request, slot, wanted, read)
        self._note(request.slot, slot, wanted)
        return fresh

    def _note(self, key: str, slot: int, wanted: str) -> None:
        if (before := self._owner.get(slot)) is not None and before != key:
            self._held.pop(before, None)  # its prompt may have been written over
        self._owner[slot], self._held[key] = key, wanted
        self._held.move_to_end(key)
        while len(self._held) > HELD:
            self._held.popitem(last=False)

    async def _put_back(self, states: States, slot: int, wanted: str) -> bool:
        try:
            file = await asyncio.to_thread(states.find, wanted)
            if file is None:
                return False
            if await self._ask(slot, "restore", file) is not None:
                return True
            await asyncio.to_thread(states.drop, file)
        except OSError as error:
            _LOG.info("a prompt's state could not be read", extra={"error": str(error)})
        return False

    async def _read(
        self,
        states: States,
        request: ModelRequest,
        slot: int,
        wanted: str,
        read: Callable[[ModelRequest], Awaitable[Usage]],
    ) -> int:
        stable = replace(
            request,
            messages=_beginning(request),
            max_tokens=1,
            schema=None,
            purpose="warm",
            reading=_as_part(request),
        )
        try:
            usage = await read(stable)
        except ModelError as error:  # a chat template that wants more than this; the call itself says what is wrong
            _LOG.info("a prompt's beginning could not be read by itself", extra={"error": str(error)})
            return 0
        await self._save(states, slot, wanted)
        return max(0, usage.prompt - usage.cached)

    async def _save(self, states: States, slot: int, wanted: str) -> None:
        fresh = states.fresh()
        try:
            told = await self._ask(slot, "save", fresh)
            if told is not None and told.get("n_written") == (await asyncio.to_thread(fresh.stat)).st_size:
                await asyncio.to_thread(states.keep, fresh, wanted)
        except OSError as error:
            _LOG.info("a prompt's state could not be kept", extra={"error": str(error)})
        finally:
            states.drop(fresh)

    async def _ask(self, slot: int, action: str, file: Path) -> dict[str, Any] | None:
        """Have the engine save or restore a slot; what it said, or nothing where it would not."""
        try:
            answer = await self._client.post(f"/slots/{slot}?action={action}", json={"filename": file.name})
            told = answer.json() if answer.status_code == httpx.codes.OK else None
        except (httpx.HTTPError, ValueError) as error:
            _LOG.info("the engine did not %s a slot", action, extra={"error": str(error)})
            return None
        return told if isinstance(told, dict) else None


async def open_states(folder: Path, weights: Path, options: LocalOptions) -> States | None:
    """What is kept in ``folder`` of prompts that these weights read in this way; nothing where nothing is to be kept,
    or can be."""
    if not options.states_mb:
        return None
    try:
        digest = await asyncio.to_thread(digest_of, weights)
        states = States(folder, options.states_mb * 1_000_000, (digest, _version(), *options.engine.shape()))
        await asyncio.to_thread(states.open)
    except OSError as error:
        _LOG.warning("prompts' states are not kept", extra={"error": str(error)})
        return None
    return states


def _version() -> str:
    """The engine's release: another one may write states in another way."""
    try:
        return importlib.metadata.version("xllamacpp")
    except importlib.metadata.PackageNotFoundError:
        return ""


def _beginning(request: ModelRequest) -> tuple[Message, ...]:
    """The stable messages and the opening, which is of the definitions too. Where a call's talk begins otherwise, the
    engine uses what stands before it. Without an opening they go up to the last that a model answers: many chat
    templates, and models that think, take no prompt that ends with an answer.
    """
    stable = request.messages[: request.stable]
    if stable and request.opening:
        return (*stable, Message("user", request.opening))
    while stable and stable[-1].role == "assistant":
        stable = stable[:-1]
    return stable


def _as_part(request: ModelRequest) -> Callable[[int, int], None] | None:
    """Tells of the beginning as a part of the whole prompt, so that nobody is told that all is read and then less."""
    reading = request.reading
    if reading is None:
        return None
    sizes = [len(message.content) for message in request.messages]
    share = sum(sizes) / max(1, sum(sizes[: len(_beginning(request))]))
    return lambda done, total: reading(done, round(total * share))
