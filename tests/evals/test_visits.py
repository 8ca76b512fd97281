"""Visits: what is asked for is followed or not, line by line, and the last third is the score."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from openroom.evals.caseset import deal, load_cases
from openroom.evals.freeze import check_frozen
from openroom.evals.report import Report, as_markdown
from openroom.evals.result import Followed, followed
from openroom.library.library import Library
from openroom.settings import shipped
from openroom.tuning.rounds.room_arena import RoomArena
from tests.evals.conftest import case, evaluator, speaks

STEPS = [{"say": f"This is what I say as line {number}.", "as": f"l{number}"} for number in range(1, 13)]
CHECKS = [
    {"check": "address", "any": ["sailor"], "of": ["l1", "l2"]},
    {"check": "address", "any": ["sailor"], "of": ["l9", "l10"]},
    {"check": "address", "any": ["sailor"], "of": ["l11", "l12"]},
    {"check": "length", "most": 2, "of": "l4"},
    {"check": "length", "most": 2, "of": "l10"},
    {"check": "register", "of": "l10"},
    {"check": "in_character", "of": "l12"},
]


def visit(**given: Any):
    body = {"id": "visit", "dimension": "voice", "visit": True, "standing": False, "steps": STEPS, "checks": CHECKS}
    return case(**{**body, **given})


def forgetful(heard: str, _prompt: str) -> str:
    """Says the form of address up to line 9."""
    number = int(heard.rstrip(".").split()[-1])
    words = ("harbour", "kettle", "lantern", "ladder", "orchard", "saddle", "mirror", "bridge", "cellar", "window",
             "garden", "stove")  # fmt: skip
    return f"The {words[number - 1]} needs some paint{', sailor' if number <= 9 else ''}."


async def played(library: Any, answer: Any = forgetful):
    run = evaluator(library, speaks(answer), visit())
    return run, await run.one(run.cases.cases["visit"])


async def test_the_score_is_the_share_followed_in_the_last_third(library):
    _, result = await played(library)
    assert result.visit == 9
    assert result.scores == {
        "in_character": 1.0,
        "in_character.in_character": 1.0,
        "voice": 0.75,
        "voice.address": 0.5,
        "voice.length": 1.0,
    }
    assert followed(result.checks) == (
        Followed("voice", "address", 1, True),
        Followed("voice", "address", 9, True),
        Followed("voice", "address", 11, False),
        Followed("voice", "length", 4, True),
        Followed("voice", "length", 10, True),
        Followed("in_character", "in_character", 12, True),
    )


async def test_what_faded_by_then_does_not_count(library):
    _, result = await played(library, lambda heard, prompt: forgetful(heard, prompt).replace("l, ", "l "))
    assert result.scores["voice.address"] == 0.5
    _, result = await played(
        library, lambda heard, prompt: "I see." if heard.endswith((" 9.", " 10.")) else forgetful(heard, prompt)
    )
    assert (result.scores["voice.address"], followed(result.checks)[0].passed) == (0.0, True)


async def test_lines_without_an_answer_are_not_followed(library):
    _, result = await played(library, lambda *_: "")
    assert set(result.scores.values()) == {0.0}


async def test_visits_stand_in_rows_of_their_own(library):
    short = case(checks=[{"check": "says", "any": ["paint"], "fact": "paint"}])
    run = evaluator(library, speaks(lambda heard, text: "Some paint." if "Vera" in heard else forgetful(heard, text)))
    run.cases = type(run.cases)("vera", {"visit": visit(), "a_case": short}, deal([visit(), short]))
    results = await run.run([visit(), short])
    report = Report("vera", run.troupe.model.info, "", 0, run.harness().digest, run.cases.digest, tuple(results))
    assert report.total().total == 1
    assert set(report.dimensions()) == {"facts"}
    assert report.adherence().total == 1
    text = as_markdown(report)
    assert "In a visit" in text
    assert "voice: address" in text and "1/2" in text
    assert report.dump()["visits"]["voice: address"]["last_third"]["passed"] == 1


async def test_the_arena_has_visits_in_their_own_split_with_what_they_ask_for(library):
    run, _ = await played(library)
    arena = RoomArena(run)
    (one,) = arena.cases("visit")
    assert (one.id, one.dimension, one.asks) == ("visit", "voice", ("address", "length"))
    assert all(not arena.cases(split) for split in ("train", "gate", "holdout"))
    assert arena.cost("visit").calls == 24
    rollout = await arena.evaluate(run.harness(), "visit", 0)
    assert rollout.scores["voice.address"] == 0.5
    assert rollout.calls >= 12
    assert any("never says sailor" in flaw.why for flaw in rollout.flaws)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"steps": STEPS[:11], "checks": CHECKS[:1]}, "expected a visit of 12 to 20 lines, came 11"),
        ({"steps": STEPS * 2}, "expected a visit of 12 to 20 lines, came 24"),
        ({"checks": [{"check": "length"}]}, r"expected checks\[0\].of to name lines of the visit, came none"),
        ({"checks": CHECKS[:1]}, "expected a check of lines from 9 on, came none"),
    ],
)
def test_a_visit_that_is_none_is_told_what_is_missing(given, told):
    with pytest.raises(ValidationError, match=told):
        visit(**given)


def test_visits_are_dealt_into_their_split_unless_they_name_another():
    assert deal([visit(), visit(id="other", split="report")]) == {"visit": "visit", "other": "report"}


def test_every_shipped_character_has_visits_and_its_frozen_report_holds():
    found = Library([shipped("characters")], [shipped("scenes")])
    for name in ("mira", "edda", "pim"):
        cases = load_cases(found, name)
        assert cases.problems == ()
        assert {"voice", "in_character"} <= {one.dimension for one in cases.of("visit")}
        folder = found.folder(name)
        assert folder is not None and check_frozen(cases, folder) == []
