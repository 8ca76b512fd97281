"""The journal of a run: effects are announced before and recorded after, so that a killed run goes on where it was.

A run is deterministic but for its effects (rollouts, the operators' answers, the clock). Each effect is a
numbered step: an entry ``reserve`` names it before it starts, an entry ``outcome`` holds what came of it. A resumed
run starts again from its seed and is handed the recorded outcomes until they run out; only then does it act. So it
takes the same path, and what was paid for is not paid again. Replaying a finished run to its end is the proof that
its records follow from its evidence.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol

from openroom.core.harness import canonical, digest_of
from openroom.errors import StoreCorrupt
from openroom.tuning.audit.chain import Chain, Entry

Body = dict[str, Any]
#: An effect gives a JSON body, and the digests of the blobs it refers to.
Effect = Callable[[], Awaitable[tuple[Body, Sequence[str]]]]


class Journal(Protocol):
    """What the loop writes through."""

    async def step(self, kind: str, key: Mapping[str, Any], effect: Effect) -> Body:
        """The outcome of an effect: recorded if the run has been here before, else announced, made and recorded."""
        ...

    async def note(self, kind: str, body: Mapping[str, Any], blobs: Sequence[str] = (), actor: str = "") -> str:
        """Record a decision that follows from what is recorded; returns its hash."""
        ...

    async def keep(self, data: bytes) -> str:
        """Store bytes under their digest, which is returned."""
        ...

    async def read(self, digest: str) -> bytes:
        """Bytes stored before. Raises `StoreCorrupt` when they are gone."""
        ...


class MemoryJournal:
    """A journal without a disk, for simulations: nothing survives. ``notes`` holds what was noted."""

    def __init__(self) -> None:
        self.notes: list[tuple[str, Body]] = []
        self._blobs: dict[str, bytes] = {}

    async def step(self, kind: str, key: Mapping[str, Any], effect: Effect) -> Body:  # noqa: ARG002
        return (await effect())[0]

    async def note(
        self,
        kind: str,
        body: Mapping[str, Any],
        blobs: Sequence[str] = (),  # noqa: ARG002
        actor: str = "",  # noqa: ARG002
    ) -> str:
        self.notes.append((kind, dict(body)))
        return str(len(self.notes))

    async def keep(self, data: bytes) -> str:
        digest = digest_of(data)
        self._blobs[digest] = data
        return digest

    async def read(self, digest: str) -> bytes:
        if digest not in self._blobs:
            raise StoreCorrupt(f"expected a blob {digest[:12]}, it is missing")
        return self._blobs[digest]


class ChainJournal:
    """A journal in the audit log. Opening it for a run that is already there resumes, or replays, that run."""

    def __init__(self, chain: Chain, run: str) -> None:
        self._chain, self._run = chain, run
        self._past: list[Entry] = [entry for entry in chain.entries if entry.run == run and entry.kind in _OURS]
        self._at = 0

    @property
    def replaying(self) -> bool:
        """Whether recorded steps are still ahead."""
        return self._at < len(self._past)

    async def step(self, kind: str, key: Mapping[str, Any], effect: Effect) -> Body:
        """See `Journal.step`. Raises `StoreCorrupt` when the run takes another path than the one recorded."""
        announced = {"kind": kind, "key": dict(key)}
        if self._recorded("reserve", announced) is None:
            await self._append("reserve", announced)
        if self.replaying:
            entry = self._next("outcome")
            return dict(entry.body["outcome"])
        body, blobs = await effect()
        # Through JSON and back, so that a first run and a resumed one see the very same values.
        body = dict(json.loads(canonical(body)))
        await self._append("outcome", {"kind": kind, "outcome": body}, blobs)
        return body

    async def note(self, kind: str, body: Mapping[str, Any], blobs: Sequence[str] = (), actor: str = "") -> str:
        """See `Journal.note`. Raises `StoreCorrupt` when another note is recorded here."""
        noted = {"kind": kind, "note": json.loads(canonical(dict(body)))}
        entry = self._recorded("note", noted)
        return entry.hash if entry else (await self._append("note", noted, blobs, actor)).hash

    async def keep(self, data: bytes) -> str:
        """Store bytes in the blobs of the log."""
        return await asyncio.to_thread(self._chain.put_blob, data)

    async def read(self, digest: str) -> bytes:
        """Bytes from the blobs of the log."""
        return await asyncio.to_thread(self._chain.blobs.get, digest)

    def _recorded(self, kind: str, body: Body) -> Entry | None:
        if not self.replaying:
            return None
        entry = self._next(kind)
        if canonical(entry.body) != canonical(body):
            raise StoreCorrupt(
                f"expected run {self._run} to take the path recorded at entry {entry.seq}, it came to another {kind}; "
                "the code or a setting has changed since: start a new run"
            )
        return entry

    def _next(self, kind: str) -> Entry:
        entry = self._past[self._at]
        if entry.kind != kind:
            raise StoreCorrupt(f"expected {entry.kind} at entry {entry.seq} of run {self._run}, the run came to {kind}")
        self._at += 1
        return entry

    async def _append(self, kind: str, body: Body, blobs: Sequence[str] = (), actor: str = "") -> Entry:
        return await asyncio.to_thread(self._chain.append, kind, body, run=self._run, actor=actor, blobs=blobs)


_OURS = frozenset({"reserve", "outcome", "note"})
