"""Decisions over candidates, made in one way whichever door they come by: the command line, or a running server.

`decide` writes an answer to the log, `put_in_force` then brings the store to what the log says. A door adds what is its
own: who asks the holdout, and what rooms do with a version.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Final, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from openroom.errors import SettingsError
from openroom.ports.store import Activation, KeyValues, Versions
from openroom.protocol.messages import explain
from openroom.tuning.audit.record import RoundRecord
from openroom.tuning.audit.run_log import KEPT_MARK
from openroom.tuning.governance.desk import Active, Desk
from openroom.tuning.governance.exam import EXAM_CALLS
from openroom.tuning.governance.states import Approval, Digest, Item

APPROVAL_SECONDS: Final = 600.0
#: The share of turns in which a canary plays, unless an operator says otherwise.
SHARE: Final = 0.2
Answer = Literal["approve", "reject", "later", "canary", "release"]
#: Has the holdout asked about a candidate, in so many calls at most: at once, or begun, with no answer yet.
Ask = Callable[[Item, int], Awaitable[object]]


class Decision(BaseModel):
    """An operator's answer about a round. The digests are those of the page that was read: an approval holds for
    exactly that patch on exactly that evidence. ``share`` is the canary's share of turns (0: none yet).

    ``release`` asks the holdout first, with ``calls`` at most, and takes effect when it has passed, or a blind tasting
    where that is what releases it; ``override`` are the words with which an operator releases what has not."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    answer: Answer
    patch_digest: Digest
    evidence_digest: Digest
    why: Annotated[str, Field(max_length=500)] = ""
    share: Annotated[float, Field(ge=0.0, le=0.5)] = SHARE
    calls: Annotated[int, Field(ge=1, le=100_000)] = EXAM_CALLS
    override: Annotated[str, Field(max_length=500)] = ""

    @classmethod
    def on(cls, read: Item | RoundRecord, answer: Answer, **more: str | float) -> Decision:
        """An answer about a round as it stands here. Raises `SettingsError` for one that no door takes."""
        digests = {"patch_digest": read.patch_digest, "evidence_digest": read.evidence_digest}
        try:
            return cls.model_validate({"answer": answer, **digests, **more})
        except ValidationError as error:
            raise SettingsError(explain(error)) from None

    def approval(self, round_id: str, by: str, now: float) -> Approval:
        """The approval that this answer gives to a round, which ends by itself."""
        return Approval(
            round_id=round_id,
            patch_digest=self.patch_digest,
            evidence_digest=self.evidence_digest,
            by=by,
            at=now,
            expires=now + APPROVAL_SECONDS,
            why=self.why,
        )


async def decide(desk: Desk, round_id: str, wish: Decision, by: str, ask: Ask) -> Item:
    """Take an answer about a round. Who may release a version has the holdout asked first, unless it has answered, or
    people taste it; what does not pass is not released. Raises `AccessError` when the answer may not be given; the
    refusal is logged."""
    await asyncio.to_thread(desk.sweep)
    if wish.answer == "release" and not wish.override:
        item = await asyncio.to_thread(desk.may_release, round_id, by)
        if item.tasting == "not_needed" and item.holdout in ("not_asked", "unplayed"):
            await ask(item, wish.calls)
            item = await asyncio.to_thread(desk.item, round_id)
            if item.holdout != "passed":
                return item
    return await asyncio.to_thread(_decide, desk, round_id, wish, by)


def _decide(desk: Desk, round_id: str, wish: Decision, by: str) -> Item:
    if wish.answer == "reject":
        return desk.reject(round_id, by, wish.why)
    if wish.answer == "release":
        return desk.release(round_id, by, wish.override)
    if wish.answer == "canary":
        return desk.start_canary(round_id, wish.share or SHARE, by)
    if wish.answer == "approve":
        item = desk.approve(wish.approval(round_id, by, desk.clock()))
        return desk.start_canary(round_id, wish.share, by) if wish.share else item
    return desk.item(round_id)


class VersionStore(Versions, KeyValues, Protocol):
    """What of a store is brought to what the log says."""


async def put_in_force(desk: Desk, store: VersionStore, character: str, *, went_back: bool = False) -> Active:
    """Bring the store to what the log says; what that is. Where the log has never released anything, what the store
    says stays, unless a version ``went_back`` just now. The store also learns how far the log has come."""
    if mark := await asyncio.to_thread(desk.chain.mark, await store.get(KEPT_MARK)):
        await store.put(KEPT_MARK, mark)
    active = await asyncio.to_thread(desk.active, character)
    for digest in filter(None, (active.canary, active.released)):
        await keep(desk, store, character, digest)
    ours = went_back or bool(active.released or active.history)
    if ours and (await store.active(character) or "") != active.released:
        now = round(desk.clock() * 1000)
        await store.activate(Activation(character, active.released or None, now, "governance", "as the log says"))
    return active


async def keep(desk: Desk, store: Versions, character: str, digest: str) -> None:
    """Put a version among the stored ones, so that rooms can play it."""
    await store.add_version(await asyncio.to_thread(desk.version, character, digest))
