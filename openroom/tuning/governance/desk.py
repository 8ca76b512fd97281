"""The desk: candidates that wait, approvals, canaries, releases and rollbacks, all of it read from and written to the
log.

The desk keeps no state of its own: it is what the log says. Each decision is an entry before it takes effect; each
refused one is an entry too, with who asked and why not. Versions are blobs, so a rollback activates the very same
bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from openroom.cards.notes import counted
from openroom.core.harness import Harness, load_harness
from openroom.errors import AccessError
from openroom.ports.store import Version
from openroom.tuning.audit.chain import Chain, Entry
from openroom.tuning.audit.record import RoundRecord
from openroom.tuning.audit.tastings import Tasting, Tastings
from openroom.tuning.edits import Tier
from openroom.tuning.governance.states import (
    LOOP,
    Approval,
    CountsAs,
    Holdout,
    Item,
    State,
    alone,
    check_approval,
    check_canary,
    check_holdout,
    check_line,
    check_loop,
    check_path,
    check_release,
    check_tasting,
    move,
    wants_tasting,
)

#: States in which a version may still be released, so that what the holdout says matters.
_OPEN = ("auto_kept", "awaiting_approval", "approved", "canary")


@dataclass(frozen=True, slots=True)
class Active:
    """What plays of one character: ``released`` (a digest, empty: the author's own), and a canary with its share of
    turns now, the ``usual`` share that was decided, and the round that brought it. ``history`` is what was released
    before, oldest first.
    """

    released: str = ""
    canary: str = ""
    share: float = 0.0
    usual: float = 0.0
    round_id: str = ""
    history: tuple[str, ...] = ()

    def trial(self, turn: str) -> str | None:
        """The canary, if it plays the turn of that name: which ones follows from the names, so it can be checked
        afterwards."""
        drawn = int.from_bytes(hashlib.sha256(f"{self.canary}/{turn}".encode()).digest()[:4], "big") / 2**32
        return self.canary if self.canary and drawn < self.share else None


class Desk:
    """Governance over one log. ``operators`` may approve, reject, release and roll back; ``patience`` is how many
    seconds a candidate waits before it expires; ``clock`` gives Unix seconds; ``counts_as`` tells who is one person
    where two are wanted."""

    def __init__(
        self,
        chain: Chain,
        operators: Sequence[str],
        clock: Callable[[], float],
        patience: float = 7 * 86400.0,
        counts_as: CountsAs = alone,
    ) -> None:
        self.chain, self.clock, self._patience, self._counts_as = chain, clock, patience, counts_as
        self._operators = frozenset(operators)
        self._items: dict[str, Item] = {}
        self._active: dict[str, Active] = {}
        self._checked: set[str] = set()
        self._made: dict[tuple[str, str], tuple[str, str]] = {}
        self._exams: dict[tuple[str, str], tuple[Holdout, str]] = {}
        self._tastings = Tastings()
        self._read = 0
        self.refresh()

    def refresh(self) -> None:
        """Take in what was written to the log since the last time."""
        fresh = self.chain.entries[self._read :]
        self._read += len(fresh)  # not the length of the log, which a run in another thread may have grown since
        for entry in fresh:
            if entry.kind == "note" and entry.body.get("kind") == "round":
                self._open(entry)
            elif entry.kind == "governance":
                self._follow(entry.body)
            elif entry.kind in ("holdout_answer", "holdout_off") and "against" in entry.body:
                key = str(entry.body["candidate"]), str(entry.body["against"])
                came: Holdout = ("failed", "passed")[entry.body["passed"]] if "passed" in entry.body else "unplayed"
                if self._exams.get(key, ("unplayed", ""))[0] == "unplayed":  # an answer stays
                    self._exams[key] = came, str(entry.body.get("why", ""))
            else:
                self._tastings.take(entry)

    def items(self, state: State | None = None) -> list[Item]:
        """Candidates, oldest first; of one state only, if given."""
        self.refresh()
        return [self._examined(item) for item in self._items.values() if state is None or item.state == state]

    def item(self, round_id: str) -> Item:
        """One candidate. Raises `AccessError` when there is none of that id."""
        self.refresh()
        if round_id not in self._items:
            raise AccessError(f"expected a round that brought a candidate, came {round_id!r}")
        return self._examined(self._items[round_id])

    def active(self, character: str) -> Active:
        """What plays of a character."""
        self.refresh()
        return self._active.get(character, Active())

    def tasting(self, candidate: str, against: str) -> Tasting | None:
        """The blind tasting of one version against another (empty: the author's own), if one was begun."""
        self.refresh()
        return self._tastings.of(candidate, against)

    def harness(self, digest: str) -> Harness:
        """A version by digest, from its stored bytes. Raises `StoreCorrupt` when they are gone or changed."""
        return load_harness(self.chain.blobs.get(digest))

    def version(self, character: str, digest: str) -> Version:
        """A version as the store keeps it, the same whoever puts it there: its parent is what the first round that
        brought it was made from. Raises `StoreCorrupt` when its bytes are gone or changed."""
        self.refresh()
        parent, round_id = self._made.get((character, digest), ("", ""))
        body, now = self.chain.blobs.get(digest), round(self.clock() * 1000)
        return Version(character, digest, body, now, parent or None, f"round {round_id}" if round_id else "")

    def evidence(self, character: str, digest: str) -> str:
        """The digest of the evidence on which a version was kept; empty where no round of this log kept it."""
        kept = (item for item in self.items() if item.character == character and item.version == digest)
        return next((item.evidence_digest for item in kept), "")

    def adopt(self, character: str, harness: Harness, by: str) -> None:
        """Log the version that a character starts from; an operator's act."""
        self._only_operators(by, "adopt", character)
        digest = self.chain.put_blob(harness.canonical_json())
        self._log({"do": "adopt", "character": character, "version": digest, "by": by}, [digest])

    def approve(self, approval: Approval) -> Item:
        """An operator's yes. Raises `AccessError`, and logs the refusal, when the approval does not hold."""
        item = self.item(approval.round_id)

        def may() -> None:
            move(item, "approved")
            check_approval(item, approval, self._operators, self.clock(), self._counts_as)

        what = f"approve {item.round_id}"
        return self._decide(item, "approved", approval.by, what, may, approval=approval.model_dump(mode="json"))

    def reject(self, round_id: str, by: str, why: str) -> Item:
        """An operator's no; a reason is wanted. Raises `AccessError`."""

        def may() -> None:
            if by not in self._operators or not why.strip():
                raise AccessError(f"expected an operator with a reason to reject, came {by!r} with {why!r}")

        return self._decide(self.item(round_id), "rejected", by, f"reject {round_id}", may, why=why)

    def start_canary(self, round_id: str, share: float, by: str = LOOP) -> Item:
        """Let the candidate play in a share of turns. The loop may do so with T0 and T1 that have been through a
        checkpoint, an operator with what was approved.
        """
        item = self.item(round_id)
        playing, under, unreleased = self.active(item.character).canary, self._under(item), self._unreleased(item)

        def may() -> None:
            check_canary(item, share, by, self._operators, playing)
            check_line(under)
            if by == LOOP:
                check_loop(item, unreleased, Tier.T1)

        return self._decide(item, "canary", by, f"canary {round_id}", may, share=share)

    def play_more(self, round_id: str, share: float, why: str) -> None:
        """Give the canary of a round another share of turns for a while (its usual share ends that); the loop's act,
        logged, so that which turns it played can be checked. Nothing for a round whose canary no longer plays. Raises
        `AccessError` for a share that no canary may have."""
        item = self.item(round_id)
        active = self.active(item.character)
        if active.round_id != round_id or active.share == share:
            return
        self._allowed(LOOP, f"share {round_id}", lambda: check_canary(item, share, LOOP, self._operators, ""))
        self._log({"do": "share", "round": round_id, "by": LOOP, "share": share, "why": why})

    def may_release(self, round_id: str, by: str) -> Item:
        """The candidate, if ``by`` may release it once the holdout has passed it. Raises `AccessError`."""
        item = self.item(round_id)
        under, unreleased = self._under(item), self._unreleased(item)
        self._allowed(by, f"release {round_id}", lambda: self._check_release(item, by, under, unreleased))
        return item

    def base(self, item: Item) -> str:
        """The version that a candidate and everything unreleased under it were made from."""
        return self._unreleased(item)[-1].parent

    def may_loop_release(self, round_id: str) -> bool:
        """Whether a canary is the loop's to release, the holdout apart; asking is not an attempt."""
        item = self.item(round_id)
        try:
            self._check_release(item, LOOP, self._under(item), self._unreleased(item))
        except AccessError:
            return False
        return True

    def release(self, round_id: str, by: str, override: str = "") -> Item:
        """Make the candidate what everybody meets. ``override``: an operator's words where what releases it, the blind
        tasting or the holdout, has not passed it. Raises `AccessError` when ``by`` may not."""
        item = self.item(round_id)
        under, unreleased = self._under(item), self._unreleased(item)
        tasted = item.tasting != "not_needed"
        passed = (item.tasting if tasted else item.holdout) == "passed"
        words = override.strip() if by != LOOP and not passed else ""

        def may() -> None:
            self._check_release(item, by, under, unreleased)
            (check_tasting if tasted else check_holdout)(item, words)

        told: dict[str, str] = {"tasting": item.tasting} if tasted else {"holdout": item.holdout}
        told |= {"why": f"released all the same: {words}"} if words else {}
        return self._decide(item, "released", by, f"release {round_id}", may, **told)

    def _check_release(self, item: Item, by: str, under: Sequence[Item], unreleased: Sequence[Item]) -> None:
        check_release(item, by, self._operators, self._counts_as)
        check_line(under)
        if by == LOOP:
            check_loop(item, unreleased, Tier.T0)
        move(item, "released")

    def breach(self, round_id: str, reason: str, by: str = LOOP) -> Item:
        """A guard broke in a live room: the candidate goes back at once, by itself."""
        item = self.item(round_id)
        return self._decide(item, "rolled_back", by, f"roll back {round_id}", lambda: None, why=reason)

    def quarantine(self, round_id: str, by: str, why: str) -> Item:
        """Take a candidate out of everything, for good."""
        item = self.item(round_id)
        self._only_operators(by, "quarantine", round_id)
        return self._decide(item, "quarantined", by, f"quarantine {round_id}", lambda: None, why=why)

    def rollback(self, character: str, by: str, to: str | None = None) -> str:
        """Activate an old version: ``to``, else the one before. Returns its digest. Raises `AccessError`."""
        active = self.active(character)

        def may() -> None:
            if by != LOOP and by not in self._operators:
                raise AccessError(f"expected an operator to roll back, came {by!r}")
            if not active.history and to is None:
                raise AccessError(f"expected an older version of {character}, there is none")
            if to is not None and to not in (*active.history, active.released):
                raise AccessError(f"expected a version that {character} has had, came {to[:12]!r}")
            if target:
                self.chain.blobs.get(target)

        target = to if to is not None else (active.history[-1] if active.history else "")
        self._allowed(by, f"roll back {character}", may)
        self._log({"do": "rollback", "character": character, "version": target, "by": by})
        return target

    def sweep(self) -> list[Item]:
        """Expire what has waited too long."""
        now = self.clock()
        late = [item for item in self.items("awaiting_approval") if now > item.deadline]
        return [self._decided(item.round_id, "expired", LOOP, why="timed out") for item in late]

    def _examined(self, item: Item) -> Item:
        """The item with what the holdout, or a blind tasting, says of it against what is released now."""
        if item.state not in _OPEN:
            return item
        item = item.model_copy(update={"checked": item.version in self._checked})
        against = self._active.get(item.character, Active()).released
        came, why = self._exams.get((item.version, against), ("not_asked", ""))
        found = {"holdout": came, "holdout_why": why, "tasting": "not_needed"}
        if wants_tasting(self._unreleased(item)):
            tasting = self._tastings.of(item.version, against)
            found["tasting"] = tasting.state if tasting else "not_begun"
        return item.model_copy(update=found)

    def _under(self, item: Item) -> list[Item]:
        """The candidates that this one was built on, the nearest first."""
        made = {other.version: other for other in self._items.values()}
        found, seen, parent = [], {item.version}, item.parent
        while parent in made and parent not in seen:
            seen.add(parent)
            found.append(made[parent])
            parent = made[parent].parent
        return found

    def _unreleased(self, item: Item) -> list[Item]:
        """The candidate and those under it, down to the last that was released, newest first."""
        made = {other.version: other for other in self._items.values()}
        found, at = [item], item.parent
        while at in made and made[at] not in found and made[at].state != "released":
            found.append(made[at])
            at = made[at].parent
        return found

    def _only_operators(self, by: str, what: str, subject: str) -> None:
        def may() -> None:
            if by not in self._operators:
                raise AccessError(f"expected an operator to {what}, came {by!r}")

        self._allowed(by, f"{what} {subject}", may)

    def _allowed(self, by: str, what: str, check: Callable[[], object]) -> None:
        try:
            check()
        except AccessError as error:
            self.chain.append("refused", {"what": what, "why": str(error)}, actor=by)
            raise

    def _decide(self, item: Item, to: State, by: str, what: str, may: Callable[[], None], **more: Any) -> Item:
        """Log a decision, if it ``may`` be taken. Raises `AccessError`, and logs that, when it may not."""

        def check() -> None:
            may()
            move(item, to)

        self._allowed(by, what, check)
        return self._decided(item.round_id, to, by, **more)

    def _decided(self, round_id: str, to: State, by: str, **more: Any) -> Item:
        self._log({"do": to, "round": round_id, "by": by, **more})
        return self._examined(self._items[round_id])

    def _log(self, body: Mapping[str, Any], blobs: Sequence[str] = ()) -> None:
        self.chain.append("governance", body, actor=str(body["by"]), blobs=blobs)
        self.refresh()

    def _open(self, entry: Entry) -> None:
        record = RoundRecord.model_validate(entry.body["note"])
        if record.purpose == "release":
            self._after_checkpoint(record)
            return
        self._made.setdefault((record.character, record.parent_version), ("", ""))  # it was there before any round
        made_from = record.parent_version, record.round_id
        self._made.setdefault((record.character, record.candidate_version), made_from)
        if record.states[-1] not in ("auto_kept", "awaiting_approval"):
            return
        bad = check_path(record.states)
        self._items[record.round_id] = Item(
            round_id=record.round_id,
            character=record.character,
            state="quarantined" if bad else record.states[-1],
            tier=Tier(record.tier),
            version=record.kept_version,
            parent=record.parent_version,
            patch_digest=record.patch_digest,
            evidence_digest=record.evidence_digest,
            proposer=record.operator,
            deadline=entry.at + self._patience,
            model=record.digests.get("model", ""),
            seed=record.seeds.get("run", 0),
            against=tuple(evidence_against(record)) + ((f"its record {bad}",) if bad else ()),
            suggested=record.states[-1] == "awaiting_approval",
        )

    def _after_checkpoint(self, record: RoundRecord) -> None:
        """The head passed, or something under it is at fault: then all versions since the last one that passed are out,
        for good, since each may hold it. What the check came back to has passed."""
        head = record.parent_version
        self._checked.add(record.candidate_version)
        if record.states[-1] == "auto_kept":
            return
        by_version = {item.version: item for item in self._items.values() if item.character == record.character}
        while head in by_version and head not in self._checked:
            item = by_version.pop(head)
            if item.state in _OPEN:
                why = f"a checkpoint found a fault in its line: {'; '.join(record.gate.guards)}"
                out = move(item, "quarantined").model_copy(update={"against": (why, *item.against)})
                self._items[item.round_id] = out
                self._retire(item.character, item.version)
            head = item.parent

    def _follow(self, body: Mapping[str, Any]) -> None:
        if "round" not in body:
            self._activate(str(body["character"]), str(body["version"]))
            return
        if body["do"] == "share":
            character = self._items[body["round"]].character
            self._active[character] = replace(self._active[character], share=float(body["share"]))
            return
        item = move(self._examined(self._items[body["round"]]), body["do"])
        if body["do"] == "approved":
            item = item.model_copy(update={"approval": Approval.model_validate(body["approval"])})
        elif body["do"] == "canary":
            item = item.model_copy(update={"share": float(body["share"])})
            active = self._active.get(item.character, Active())
            self._active[item.character] = replace(
                active, canary=item.version, share=item.share, usual=item.share, round_id=item.round_id
            )
        elif body["do"] == "released":
            self._activate(item.character, item.version)
        elif body["do"] in ("rolled_back", "rejected", "quarantined"):
            self._retire(item.character, item.version)
        self._items[item.round_id] = item

    def _activate(self, character: str, version: str) -> None:
        active = self._active.get(character, Active())
        history = active.history
        if version in history:
            history = history[: history.index(version)]
        elif version != active.released:
            history = (*history, active.released)
        self._active[character] = Active(version, history=history)

    def _retire(self, character: str, version: str) -> None:
        active = self._active.get(character, Active())
        if active.canary == version:
            active = replace(active, canary="", share=0.0, usual=0.0, round_id="")
        if active.released == version:
            active = replace(active, released="".join(active.history[-1:]), history=active.history[:-1])
        self._active[character] = active


def evidence_against(record: RoundRecord) -> list[str]:
    """What speaks against a candidate, plainly; the approval page leads with it."""
    found = [f"guard: {reason}" for reason in record.gate.guards]
    found += [
        f"{test.name}: mean change {test.mean:+.2f} in {counted(len(test.path), 'pair', 'pairs')}"
        for test in record.gate.tests
        if test.mean <= 0
    ]
    thin = [test for test in record.gate.tests if test.verdict == "keep" and len(test.path) < 12]
    found += [f"{test.name}: only {counted(len(test.path), 'pair', 'pairs')}" for test in thin]
    if lost := _lost(record):
        cases = counted(len(lost), "case", "cases")
        found.append(f"{cases} the incumbent passed and the candidate failed: {', '.join(lost[:5])}")
    if record.gate.tokens > 0:
        found.append(f"the prompt grows by {counted(record.gate.tokens, 'token', 'tokens')}")
    found += [f"check {row.check} failed: {row.reason}" for row in record.static_checks if not row.ok]
    return found


def _lost(record: RoundRecord) -> list[str]:
    """Short plays alone: a visit is neither passed nor failed, and what it showed stands in the round's reasons."""
    by_play: dict[tuple[str, int], dict[str, float]] = {}
    for row in (one for one in record.rollouts if one.split != "visit"):
        by_play.setdefault((row.case, row.seed), {})[row.arm] = sum(row.by_dimension.values())
    worse = {case for (case, _), arms in by_play.items() if arms.get("candidate", 9.0) < arms.get("incumbent", 0.0)}
    return sorted(worse)
