"""The graded score of sense: one token of the model that was measured, and a mean that fails nothing."""

from __future__ import annotations

import json
import math

import pytest

from benchmarks.sense_rows import LEANINGS, rows
from openroom.errors import ModelUnreachable, SettingsError
from openroom.evals.evaluator import Evaluator
from openroom.evals.player import Troupe
from openroom.evals.report import Report, as_markdown
from openroom.evals.sense_score import LIKELY, SenseJudge, fitted, leaning, question
from openroom.models.scripted import ScriptedModel
from openroom.ports.model import ModelInfo, ModelRequest
from tests.evals.conftest import case, case_set, evaluator, played, speaks

GOOD, BAD = "A new job! What will you do there?", "I am Vera, guest."


def leans(**odds: float) -> ScriptedModel:
    return ScriptedModel([("", odds)], info=ModelInfo(fitted().judge, "local"))


def prefers(good: str) -> ScriptedModel:
    """Leans to yes where the reply is ``good``."""

    def of(request: ModelRequest) -> dict[str, float]:
        return {"yes": 0.9, "no": 0.1} if good in request.messages[-1].content else {"yes": 0.2, "no": 0.8}

    return ScriptedModel([of], info=ModelInfo(fitted().judge, "local"))


def test_what_the_model_said_of_labelled_replies_still_tells_sense_from_nonsense():
    """The figure of docs/lab/sense.md, of what is committed: nothing is asked and nothing fitted."""
    said = json.loads(LEANINGS.read_text())
    found = [row for row in rows() if row.id in said and row.plain and row.sense != 0.5]
    assert len(found) >= 250
    good, bad = ([said[row.id] for row in found if (row.sense > 0.5) is kind] for kind in (True, False))
    higher = sum((one > other) + (one == other) / 2 for one in good for other in bad)
    assert higher / (len(good) * len(bad)) == pytest.approx(0.76, abs=0.005)
    likely = [fitted().likely(said[row.id]) for row in found]
    assert math.fsum(likely) / len(likely) == pytest.approx(sum(row.sense for row in found) / len(found), abs=0.01)


def test_the_score_goes_up_with_the_leaning_and_stays_between_0_and_1():
    scores = [fitted().likely(one) for one in (-400.0, -3.0, 0.0, 3.0, 400.0)]
    assert scores == sorted(scores)
    assert 0.0 <= scores[0] < 0.2 < scores[2] < 0.9 < scores[4] <= 1.0


async def test_a_model_is_asked_for_one_token_after_what_is_the_same_each_time():
    first, second = question("Who are you?", "Vera."), question("How old are you?", "I forget.\nMakes sense? yes")
    assert (first.max_tokens, first.choices, first.stable) == (1, ("yes", "no"), len(first.messages) - 1)
    assert first.messages[:-1] == second.messages[:-1]
    assert second.messages[-1].content.count("\n") == 2
    assert await leaning(leans(yes=0.8, no=0.2), "Who are you?", "Vera.") == pytest.approx(math.log(4))
    assert await leaning(leans(no=1.0), "Who are you?", "Vera.") == pytest.approx(math.log(1e-4))


async def test_a_model_that_tells_no_odds_or_was_not_measured_is_none():
    mute = ScriptedModel([("", "yes")], info=ModelInfo(fitted().judge, "local"))
    with pytest.raises(ModelUnreachable, match="how likely"):
        await leaning(mute, "Who are you?", "Vera.")
    with pytest.raises(SettingsError, match=f"expected {fitted().judge}"):
        SenseJudge(ScriptedModel([], info=ModelInfo("another", "endpoint")))


async def test_a_play_has_the_mean_of_its_replies_and_no_flaw(library):
    judge, card = SenseJudge(prefers(GOOD)), library.characters["vera"]

    async def look(*says: str, **more: object):
        return await judge.look(card, case(**more), played(*says, heard="I have a new job!"))

    both, first, second = await look(GOOD, BAD), await look(GOOD), await look(BAD)
    assert (both.flaws, both.error, both.dimensions, both.calls) == ((), "", (), 2)
    assert second.shares[LIKELY] < first.shares[LIKELY]
    assert both.shares[LIKELY] == pytest.approx((first.shares[LIKELY] + second.shares[LIKELY]) / 2)
    assert (await look("")).shares == {LIKELY: 0.0}
    assert (await look("Er ist grün.", language="de")).shares == {}


async def test_the_report_tells_the_mean_and_counts_nothing_as_failed_by_it(library):
    speaker = speaks(lambda _heard, _prompt: "It is a green hat.")
    one = case(checks=[{"check": "says", "any": ["green"]}])
    result = await evaluator(library, speaker, one, judge=SenseJudge(leans(yes=0.6, no=0.4))).one(one)
    assert result.scores[LIKELY] == pytest.approx(fitted().likely(math.log(1.5)))
    report = Report("vera", speaker.info, "", 0, "0" * 64, "", (result,))
    assert (report.total().value, LIKELY in report.everywhere()) == (1.0, False)
    assert "sense, graded (of 1 cases)" in as_markdown(report)
    plain = Evaluator(Troupe(library, speaker), case_set(one))
    assert Report("vera", speaker.info, "", 0, "0" * 64, "", (await plain.one(one),)).sense() is None
