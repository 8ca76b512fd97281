"""Decisions over candidates, made in one way whichever door they come by: the command line, or a running server."""

from __future__ import annotations

import asyncio
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from openroom.ports.store import Versions
from openroom.tuning.governance.desk import Desk
from openroom.tuning.governance.exam import EXAM_CALLS
from openroom.tuning.governance.states import Approval, Digest

APPROVAL_SECONDS: Final = 600.0
#: The share of turns in which a canary plays, unless an operator says otherwise.
SHARE: Final = 0.2


class Decision(BaseModel):
    """An operator's answer about a round. The digests are those of the page that was read: an approval holds for
    exactly that patch on exactly that evidence. ``share`` is the canary's share of turns (0: none yet).

    ``release`` asks the holdout first, with ``calls`` at most, and takes effect when it has passed; ``override`` are
    the words with which an operator releases what has not."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    answer: Literal["approve", "reject", "later", "canary", "release"]
    patch_digest: Digest
    evidence_digest: Digest
    why: Annotated[str, Field(max_length=500)] = ""
    share: Annotated[float, Field(ge=0.0, le=0.5)] = SHARE
    calls: Annotated[int, Field(ge=1, le=100_000)] = EXAM_CALLS
    override: Annotated[str, Field(max_length=500)] = ""

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


async def keep(desk: Desk, store: Versions, character: str, digest: str) -> None:
    """Put a version among the stored ones, so that rooms can play it."""
    await store.add_version(await asyncio.to_thread(desk.version, character, digest))
