"""The states of a candidate, who may move it, and what an approval is bound to.

draft -> static_ok -> screened -> gated -> auto_kept | awaiting_approval -> approved -> canary -> released; and, as
ends, rejected, expired, rolled_back and quarantined. In mode ``auto`` T0 goes all the way by itself, T1 by itself to
canary and a person releases it, T2 waits for a person first; T3 can't be proposed at all.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from openroom.errors import AccessError
from openroom.tuning.edits import Tier

State = Literal[
    "draft",
    "static_ok",
    "screened",
    "gated",
    "auto_kept",
    "awaiting_approval",
    "approved",
    "canary",
    "released",
    "rejected",
    "expired",
    "rolled_back",
    "quarantined",
]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]

#: Where each state may go. A state that is not a key here is an end.
MOVES: Final[dict[str, frozenset[str]]] = {
    "draft": frozenset({"static_ok", "screened", "rejected", "quarantined"}),
    "static_ok": frozenset({"screened", "rejected", "quarantined"}),
    "screened": frozenset({"gated", "rejected", "quarantined"}),
    "gated": frozenset({"auto_kept", "awaiting_approval", "rejected", "rolled_back", "quarantined"}),
    "auto_kept": frozenset({"canary", "rejected", "rolled_back", "quarantined"}),
    "awaiting_approval": frozenset({"approved", "rejected", "expired", "quarantined"}),
    "approved": frozenset({"canary", "released", "expired", "rolled_back", "quarantined"}),
    "canary": frozenset({"released", "rejected", "rolled_back", "quarantined"}),
    "released": frozenset({"rolled_back", "quarantined"}),
}
LOOP: Final = "loop"
#: What the holdout said of a version, against what is released now; ``unplayed``: it could not be asked.
Holdout = Literal["not_asked", "passed", "failed", "unplayed"]
FOUND: Final = {"not_asked": "has not been asked", "failed": "shows no gain", "unplayed": "could not be played"}
#: What a blind tasting said of a version, against what is released now; ``not_needed``: it is not what releases it.
Tasted = Literal["not_needed", "not_begun", "open", "passed", "failed"]
UNTASTED: Final = {
    "not_begun": "has not begun",
    "open": "is under way",
    "failed": "did not show that it is preferred",
}
_SENTENCE: Final = 8
#: Everybody that a person counts as where two pairs of eyes are wanted: themselves, and who gave them their role.
CountsAs = Callable[[str], frozenset[str]]


class Approval(BaseModel):
    """A person's yes to exactly this patch on exactly this evidence, until ``expires`` (Unix seconds)."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    round_id: str
    patch_digest: Digest
    evidence_digest: Digest
    by: Annotated[str, Field(min_length=1)]
    at: float
    expires: float
    why: str = ""


class Item(BaseModel):
    """A candidate on the desk. ``version`` is the digest it would bring, ``parent`` the one it was made from;
    ``deadline`` (Unix seconds) is when waiting turns into expiry. ``model`` (``kind:name:detail``) measured it, in the
    run of ``seed``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    round_id: str
    character: str
    state: State
    tier: Tier
    version: str
    parent: str
    patch_digest: str
    evidence_digest: str
    proposer: str
    deadline: float
    model: str = ""
    seed: int = 0
    against: tuple[str, ...] = ()
    approval: Approval | None = None
    share: float = 0.0
    checked: bool = False
    """Whether this very version has been through a checkpoint: all traps, and cases of every dimension."""
    holdout: Holdout = "not_asked"
    holdout_why: str = ""
    suggested: bool = False
    """Whether it was to wait for a person's approval from the first."""
    tasting: Tasted = "not_needed"


def move(item: Item, to: State) -> Item:
    """The item in another state. Raises `AccessError` for a move that the table does not have."""
    if to not in MOVES.get(item.state, frozenset()):
        raise AccessError(f"expected a move that {item.state} allows, came {to} for round {item.round_id}")
    return item.model_copy(update={"state": to})


def check_path(states: tuple[str, ...]) -> str:
    """Why a record's list of states is no path through the table; empty when it is one."""
    if not states or states[0] != "draft":
        return "does not begin as a draft"
    for now, then in itertools.pairwise(states):
        if then not in MOVES.get(now, frozenset()):
            return f"goes from {now} to {then}"
    return ""


def check_approval(item: Item, approval: Approval, operators: frozenset[str], now: float, counts_as: CountsAs) -> None:
    """Raises `AccessError` unless an operator who did not propose it approves this patch on this evidence in time."""
    if approval.by not in operators:
        raise AccessError(f"expected an operator to approve, came {approval.by!r}")
    if is_proposer(item, approval.by, counts_as):
        raise AccessError(f"expected somebody else to approve, {approval.by!r} (or who made them operator) proposed it")
    if approval.round_id != item.round_id or approval.patch_digest != item.patch_digest:
        raise AccessError(f"expected an approval of the patch of round {item.round_id}, came one of another patch")
    if approval.evidence_digest != item.evidence_digest:
        raise AccessError(f"expected an approval on the evidence of round {item.round_id}, came one on other evidence")
    if now > item.deadline:
        raise AccessError(f"expected a decision on round {item.round_id} in time; the time is over, which rejects it")
    if now > approval.expires:
        raise AccessError(
            f"expected an approval that has not expired, came one that ended {now - approval.expires:.0f} s ago"
        )


def check_release(item: Item, by: str, operators: frozenset[str], counts_as: CountsAs) -> None:
    """Raises `AccessError` unless ``by`` may release the item: the loop for T0, an operator who is not the proposer
    else.
    """
    if item.tier is Tier.T3:
        raise AccessError("expected an edit that may be proposed, came tier T3")
    if by == LOOP and item.tier is Tier.T0:
        return
    if by not in operators or is_proposer(item, by, counts_as):
        raise AccessError(f"expected an operator who did not propose it to release tier T{item.tier}, came {by!r}")


def check_holdout(item: Item, override: str) -> None:
    """Raises `AccessError` unless the holdout has passed the item, or an operator says in a sentence why it is
    released all the same."""
    if item.holdout == "passed" or len(override.strip()) >= _SENTENCE:
        return
    why = f" ({item.holdout_why})" if item.holdout_why else ""
    raise AccessError(
        f"expected a version that passed the holdout, which {FOUND[item.holdout]} for round {item.round_id}{why}; it "
        f"may play as a canary, or an operator says in a sentence why it is released all the same"
    )


def check_tasting(item: Item, override: str) -> None:
    """Raises `AccessError` unless people have preferred the item in a blind tasting, or an operator says in a sentence
    why it is released all the same."""
    if item.tasting == "passed" or len(override.strip()) >= _SENTENCE:
        return
    raise AccessError(
        f"expected a version that passed a blind tasting, which {UNTASTED[item.tasting]} for round {item.round_id}; it "
        f"may play as a canary, or an operator says in a sentence why it is released all the same"
    )


def wants_tasting(unreleased: Sequence[Item]) -> bool:
    """Whether a blind tasting is what releases a version: wording and style (T1 is the highest tier of its line) that
    a run in mode ``suggest`` brought. ``unreleased``: the version and those under it, newest first."""
    return unreleased[0].suggested and max(one.tier for one in unreleased) == Tier.T1


def check_canary(item: Item, share: float, by: str, operators: frozenset[str], playing: str) -> None:
    """Raises `AccessError` unless ``by`` may start a canary with this share of turns. ``playing``: the canary that
    plays now."""
    if not 0.0 < share <= 0.5:
        raise AccessError(f"expected a share of turns above 0 and up to .5, came {share:g}")
    if by != LOOP and by not in operators:
        raise AccessError(f"expected the loop or an operator to start a canary, came {by!r}")
    if playing and playing != item.version:
        raise AccessError(f"expected no other canary of {item.character}, {playing[:12]} is playing")


def check_line(under: Sequence[Item]) -> None:
    """Raises `AccessError` where a version was turned down or still waits among those that it was built on (nearest
    first): it holds what they brought."""
    for before in under:
        if before.state in ("released", "canary"):
            return
        if before.state not in ("auto_kept", "approved"):
            raise AccessError(
                f"expected a version built on accepted ones, round {before.round_id} under it is {before.state}"
            )


def check_loop(item: Item, unreleased: Sequence[Item], highest: Tier) -> None:
    """Raises `AccessError` unless the loop may act on its own. A version brings along everything under it that was
    never released, so the tier of the whole line counts."""
    if not item.checked:
        raise AccessError(f"expected a version that has been through a checkpoint, {item.version[:12]} has not")
    for one in unreleased:
        if one.tier > highest:
            raise AccessError(
                f"expected nothing above tier T{highest} for the loop, round {one.round_id} under it is T{one.tier}"
            )


def alone(who: str) -> frozenset[str]:
    """Where nobody is known to have their role from another."""
    return frozenset({who})


def is_proposer(item: Item, who: str, counts_as: CountsAs) -> bool:
    """Whether a person had a hand in proposing the item, or counts as somebody who had."""
    names = {name.strip() for name in item.proposer.split(",")} | {LOOP}
    return any(counts_as(who) & counts_as(name) for name in names)
