"""A house to decide in: a log, a desk with two operators, and rounds that wait."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from openroom.core.harness import Harness
from openroom.tuning.audit.chain import Chain, verify
from openroom.tuning.audit.record import GateRow, RoundRecord, TestRow
from openroom.tuning.audit.signed_heads import HeadKeeper
from openroom.tuning.audit.tastings import ALPHA, candidate_is_left, commitment
from openroom.tuning.edits import AddRule, apply_edit
from openroom.tuning.governance.desk import Desk
from openroom.tuning.governance.states import Approval
from openroom.tuning.rounds.attempt import patch_of


class Clock:
    """A clock to be set."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


class House:
    """A log, a desk with the operators Ann and Ben, and rounds to decide on."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.heads = HeadKeeper(folder / "heads")
        self.chain = Chain(folder / "log", self.heads, self.clock)
        self.desk = Desk(self.chain, ["ann", "ben"], self.clock, patience=100.0)
        self.head = Harness()
        self.desk.adopt("mira", self.head, "ann")

    def round(self, name: str, state: str = "awaiting_approval", tier: int = 1, operator: str = "templates") -> str:
        """Log a round that ends in ``state``; returns its id."""
        edit = AddRule(id=name, text=f"Mind the {name}.")
        candidate = apply_edit(self.head, edit)
        self.chain.put_blob(candidate.canonical_json())
        record = RoundRecord(
            round_id=f"run/{name}",
            number=0,
            character="mira",
            parent_version=self.head.digest,
            candidate_version=candidate.digest,
            kept_version=candidate.digest,
            tier=tier,
            operator=operator,
            patch=patch_of(self.head, [edit]),
            gate=GateRow(
                tests=(TestRow(name="voice", path=(1.5, 30.0), mean=0.4, alpha=0.05, verdict="keep"),), tokens=4
            ),
            states=("draft", "static_ok", "screened", "gated", state),
        )
        self.chain.append(
            "note", {"kind": "round", "note": record.model_dump(mode="json", exclude_none=True)}, blobs=record.blobs()
        )
        self.head = candidate
        return record.round_id

    def approval(self, round_id: str, **changes: Any) -> Approval:
        """A good approval by Ann, with changes."""
        item = self.desk.item(round_id)
        good = {"round_id": round_id, "patch_digest": item.patch_digest, "evidence_digest": item.evidence_digest}
        return Approval.model_validate({**good, "by": "ann", "at": self.clock.now, "expires": 1050.0, **changes})

    def checkpoint(self, fault: str = "") -> None:
        """Log a check of the head: it passes, or (with a fault) goes back to the bare version."""
        record = RoundRecord(
            round_id=f"run/{len(self.chain.entries)}/release",
            number=0,
            character="mira",
            purpose="release",
            parent_version=self.head.digest,
            candidate_version=Harness().digest if fault else self.head.digest,
            gate=GateRow(guards=(fault,) if fault else ()),
            states=("draft", "screened", "gated", "rolled_back" if fault else "auto_kept"),
        )
        self.chain.append("note", {"kind": "round", "note": record.model_dump(mode="json", exclude_none=True)})

    def holdout(self, round_id: str, kind: str = "holdout_answer", **found: Any) -> None:
        """Log what the holdout says of a candidate against what is released now (it passes, unless told otherwise)."""
        item = self.desk.item(round_id)
        body = {"round": round_id, "candidate": item.version, "against": self.desk.active("mira").released}
        self.chain.append(kind, {**body, **(found or {"passed": True})}, actor="exam")

    def tasted(self, round_id: str, better: int = 16, worse: int = 2, bad: int = 2) -> None:
        """Log a blind tasting of a candidate against what is released now, in which so many pairs fell so."""
        item = self.desk.item(round_id)
        body = {"round": round_id, "candidate": item.version, "against": self.desk.active("mira").released}
        self.chain.append("tasting", {**body, "pairs": better + worse + bad, "alpha": ALPHA}, actor="ben")
        wanted = ["candidate"] * better + ["released"] * worse + ["neither"] * bad
        answers = {"candidate": "1" * 64, "released": "2" * 64}
        for number, who in enumerate(wanted):
            seed = f"{round_id} {number}"
            told = {"number": number, "room": "tea_room", "seq": number + 9, "commit": commitment(seed, answers)}
            self.chain.append("tasting_pair", {**body, **told})
            pick = "bad" if who == "neither" else "left" if (who == "candidate") == candidate_is_left(seed) else "right"
            told = {"number": number, "seed": seed, "answers": answers, "pick": pick, "better": who}
            self.chain.append("tasting_pick", {**body, **told}, actor="ben")
        tasting = self.desk.tasting(item.version, body["against"])
        assert tasting is not None
        self.chain.append("tasting_answer", {**body, **tasting.result()}, actor="ben")

    def refusals(self) -> list[tuple[str, str]]:
        """(who, what) of every refusal in the log."""
        return [(entry.actor, str(entry.body["what"])) for entry in self.chain.entries if entry.kind == "refused"]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    one = House(tmp_path)
    yield one
    one.chain.close()
    assert verify(tmp_path / "log", one.heads).ok
