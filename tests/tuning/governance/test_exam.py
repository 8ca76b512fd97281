"""The release exam: asked once, within a budget, and honest about what could not be played."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from openroom.core.harness import Harness
from openroom.errors import ModelUnreachable, SettingsError
from openroom.tuning.audit.chain import Chain
from openroom.tuning.audit.record import Split
from openroom.tuning.audit.signed_heads import HeadKeeper
from openroom.tuning.edits import AddRule, apply_edit
from openroom.tuning.governance.exam import Exam, Question, examine
from openroom.tuning.rounds.arena import Arena, ArenaCase, Cost, Rollout
from openroom.tuning.rounds.budget import RunBudget
from openroom.tuning.rounds.rollouts import GiveWay
from openroom.tuning.run import nobody_waits

START = Harness()


class Hall:
    """An arena in which rules help; it may lose its model after so many plays."""

    def __init__(self, cases: int = 8, breaks_after: int = 10**6, model: str = "local:small:a file") -> None:
        self.count, self.breaks_after, self.model, self.played = cases, breaks_after, model, 0

    def cases(self, split: Split) -> Sequence[ArenaCase]:
        return [ArenaCase(f"{split}/{number}", "voice", split) for number in range(self.count)]

    def digests(self) -> Mapping[str, str]:
        return {"model": self.model}

    def cost(self, case_id: str) -> Cost:
        return Cost(2)

    async def evaluate(self, harness: Harness, case_id: str, seed: int) -> Rollout:
        self.played += 1
        if self.played > self.breaks_after:
            raise ModelUnreachable("nobody answers")
        return Rollout({"voice": float(bool(harness.rules))}, "x")


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    with Chain(tmp_path / "log", HeadKeeper(tmp_path / "heads")) as one:
        yield one


def question(name: str = "tea", better: bool = True) -> Question:
    """A candidate with a rule against a version without; or the other way round."""
    edited = apply_edit(START, AddRule(id=name, text=f"Mind the {name}."))
    return Question("run/0", edited if better else START, START if better else edited, "", "ann")


def kinds(chain: Chain) -> list[str]:
    return [entry.kind for entry in chain.entries]


@pytest.mark.parametrize("better", [True, False])
async def test_pass_or_fail_is_all_that_is_logged(chain: Chain, better: bool) -> None:
    asked = question(better=better)
    assert await Exam(Hall(), chain, 0).hold(asked, RunBudget(100), nobody_waits) is better
    assert kinds(chain) == ["holdout", "holdout_answer"]
    assert chain.entries[1].body == {**asked.body(), "passed": better}
    assert chain.entries[0].actor == "ann"


@pytest.mark.parametrize(
    ("hall", "calls", "why"),
    [
        (Hall(cases=4), 100, "there are 4 holdout cases"),
        (Hall(), 31, "it may take 32 calls, 31 are allowed"),
    ],
)
async def test_what_can_not_be_played_is_said_and_costs_no_question(
    chain: Chain, hall: Hall, calls: int, why: str
) -> None:
    exam = Exam(hall, chain, 0)
    assert await exam.hold(question(), RunBudget(calls), nobody_waits) is None
    assert kinds(chain) == ["holdout_off"]
    assert chain.entries[0].body["why"].startswith(why)
    assert exam.ledger().asked == ()
    assert hall.played == 0


async def test_a_question_that_got_no_answer_may_be_asked_again_and_counts_again(chain: Chain) -> None:
    asked = question()
    assert await Exam(Hall(breaks_after=3), chain, 0, limit=2).hold(asked, RunBudget(100), nobody_waits) is None
    exam = Exam(Hall(), chain, 0, limit=2)
    assert await exam.hold(asked, RunBudget(100), nobody_waits) is True
    assert len(exam.ledger().asked) == 2
    assert await exam.hold(question("rain"), RunBudget(100), nobody_waits) is None
    assert kinds(chain) == ["holdout", "holdout_off", "holdout", "holdout_answer", "refused", "holdout_off"]
    assert "all are used up" in chain.entries[-1].body["why"]


@pytest.mark.parametrize(
    ("measured", "same"), [("local:small:another file", True), ("local:large:a file", False), ("", False)]
)
async def test_the_model_of_the_round_plays_or_nobody(chain: Chain, measured: str, same: bool) -> None:
    assert await Exam(Hall(), chain, 0).measured_with(question(), measured) is same
    assert kinds(chain) == ([] if same else ["holdout_off"])


@pytest.mark.parametrize("failure", [SettingsError("there are no cases"), ModelUnreachable("nobody answers")])
async def test_a_hall_that_does_not_open_is_said_and_costs_no_question(
    chain: Chain, failure: SettingsError | ModelUnreachable
) -> None:
    @asynccontextmanager
    async def closed(measured: str) -> AsyncIterator[tuple[Arena, GiveWay]]:
        assert measured == "local:small:a file"
        raise failure
        yield

    asked = replace(question(), model="local:small:a file")
    assert await examine(chain, asked, 100, closed) is None
    assert kinds(chain) == ["holdout_off"]
    assert chain.entries[0].body == {**asked.body(), "why": str(failure)}
    assert chain.entries[0].actor == "ann"


@pytest.mark.parametrize(("model", "came"), [("local:small:a file", True), ("local:large:a file", None)])
async def test_an_exam_is_held_once_its_hall_is_open(chain: Chain, model: str, came: bool | None) -> None:
    @asynccontextmanager
    async def hall(measured: str) -> AsyncIterator[tuple[Arena, GiveWay]]:
        yield Hall(), nobody_waits

    assert await examine(chain, replace(question(), model=model), 100, hall) is came
    assert kinds(chain) == (["holdout", "holdout_answer"] if came else ["holdout_off"])
