"""Checkpoints: what is left of a line without the edit at fault becomes a candidate of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from openroom.core.harness import Harness, load_harness
from openroom.tuning.audit.chain import Chain
from openroom.tuning.audit.journal import ChainJournal
from openroom.tuning.audit.record import Hypothesis, Split
from openroom.tuning.audit.signed_heads import HeadKeeper
from openroom.tuning.edits import AddRule
from openroom.tuning.governance.desk import Desk
from openroom.tuning.proposals.operators import Proposal
from openroom.tuning.rounds.arena import ArenaCase, Cost, Rollout
from openroom.tuning.rounds.budget import RunBudget
from openroom.tuning.rounds.gate import GateSettings
from openroom.tuning.rounds.loop import Optimizer
from openroom.tuning.rounds.objective import Objective
from openroom.tuning.rounds.settings import LoopSettings

OBJECTIVE = Objective(character="vera", weights={"a": 1.0, "b": 1.0, "c": 1.0}, locked=("safety",))


class Hall:
    """Each rule lifts the dimension of its name; the rule of ``bad`` breaks the traps."""

    def __init__(self, bad: str) -> None:
        self.bad = bad

    def cases(self, split: Split) -> Sequence[ArenaCase]:
        names = ("safety",) if split == "trap" else ("a", "b", "c")
        return [ArenaCase(f"{split}/{name}/{number}", name, split) for name in names for number in range(4)]

    def digests(self) -> Mapping[str, str]:
        return {}

    def cost(self, case_id: str) -> Cost:
        return Cost(1)

    async def evaluate(self, harness: Harness, case_id: str, seed: int) -> Rollout:
        dimension = case_id.split("/")[1]
        there = harness.rule(dimension) is not None
        return Rollout({dimension: float(harness.rule(self.bad) is None if dimension == "safety" else there)}, "x")


async def run(folder: Path, bad: str, mode: str = "auto") -> tuple[Chain, list[int]]:
    """A run that tries a, b and c in this order, with one checkpoint, at its end."""
    suggested = [
        Proposal(AddRule(id=name, text=f"Mind the {name}."), Hypothesis(dimension=name), operator)
        for name, operator in (("a", "ann"), ("b", "ben"), ("c", "templates"))
    ]
    settings = LoopSettings(
        "run", rounds=3, mode=mode, screen=0, traps=0, prune_every=0, gate=GateSettings(alpha=0.5, n_min=2)
    )
    chain, checks = Chain(folder / "log", HeadKeeper(folder / "heads")), []
    optimizer = Optimizer(
        Hall(bad),
        ChainJournal(chain, "run"),
        [],
        OBJECTIVE,
        Harness(),
        budget=RunBudget(),
        settings=settings,
        suggested=suggested,
        checked=lambda: checks.append(1),
    )
    result = await optimizer.run()
    assert {rule.id for rule in result.head.rules} == {"a", "b", "c"} - {bad}
    return chain, checks


async def test_a_head_that_passes_is_checked_and_may_be_a_canary(tmp_path: Path) -> None:
    chain, checks = await run(tmp_path, bad="none")
    desk = Desk(chain, ["zoe"], lambda: 0.0)
    assert [(item.round_id, item.checked) for item in desk.items()] == [
        ("run/0/improve", False),
        ("run/1/improve", False),
        ("run/2/improve", True),
    ]
    assert desk.start_canary("run/2/improve", 0.2).state == "canary"
    assert checks == [1]
    chain.close()


@pytest.mark.parametrize("mode", ["auto", "suggest"])
async def test_without_the_edit_at_fault_the_rest_is_a_candidate_of_its_own(tmp_path: Path, mode: str) -> None:
    chain, _ = await run(tmp_path, bad="b", mode=mode)
    desk = Desk(chain, ["zoe", "ann"], lambda: 0.0)
    assert [item.state for item in desk.items()[:3]] == ["quarantined"] * 3
    item = desk.items()[-1]
    assert (item.round_id, item.checked) == ("run/3/rebuild", True)
    assert item.state == ("auto_kept" if mode == "auto" else "awaiting_approval")
    assert {rule.id for rule in load_harness(chain.blobs.get(item.version)).rules} == {"a", "c"}
    assert item.parent == Harness().digest
    assert item.proposer == "ann, templates"  # whoever proposed a part of it can't approve it
    chain.close()


async def test_when_the_last_edit_was_at_fault_the_version_before_it_has_passed(tmp_path: Path) -> None:
    chain, _ = await run(tmp_path, bad="c")
    desk = Desk(chain, ["zoe"], lambda: 0.0)
    assert [(item.state, item.checked) for item in desk.items()] == [
        ("auto_kept", False),
        ("auto_kept", True),
        ("quarantined", False),
    ]
    chain.close()
