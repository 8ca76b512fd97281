"""Many cases: cached by what they depend on, resumed after an interruption, reported with intervals."""

from __future__ import annotations

import pytest

from openroom.errors import ModelTimeout, ModelUnreachable
from openroom.evals.cache import PlayCache
from openroom.evals.case import CheckSpec
from openroom.evals.evaluator import Evaluator
from openroom.evals.player import Troupe
from openroom.evals.report import Report, as_markdown
from openroom.evals.stats import share
from openroom.models.scripted import InTurn, ScriptedModel
from openroom.ports.model import ModelInfo
from openroom.tuning.edits import AddRule, apply_edit
from tests.evals.conftest import case, case_set, evaluator, speaks

HAT = {
    "steps": [{"say": "What do you wear, Vera?", "as": "q"}],
    "checks": [{"check": "fact", "fact": "hat", "of": "q"}],
}


def cases(count: int = 3):
    return [case(id=f"case{n}", cluster=f"c{n}", **HAT) for n in range(count)]


def hat(_heard: str, _prompt: str) -> str:
    return "It is a green hat."


async def test_what_was_played_before_is_not_played_again(library, tmp_path):
    model = speaks(hat)
    run = evaluator(library, model, *cases(), cache=PlayCache(tmp_path))
    first = await run.run(list(run.cases.cases.values()))
    assert (len(model.requests), [one.cached for one in first]) == (3, [False] * 3)
    again = await run.run(list(run.cases.cases.values()))
    assert (len(model.requests), [one.cached for one in again]) == (3, [True] * 3)
    assert [one.scores for one in again] == [one.scores for one in first]


@pytest.mark.parametrize("change", ["seed", "harness", "model", "script"])
async def test_the_cache_goes_by_everything_a_play_depends_on(library, tmp_path, change):
    model = speaks(hat)
    run = evaluator(library, model, *cases(1), cache=PlayCache(tmp_path))
    (one,) = run.cases.cases.values()
    await run.one(one)
    harness, seed = run.harness(), 0
    if change == "seed":
        seed = 1
    elif change == "harness":
        harness = apply_edit(harness, AddRule(id="extra", text="Wear it proudly."))
    elif change == "model":
        model = ScriptedModel(
            [("", {"say": "Green hat.", "emotion": "calm", "do": []})], info=ModelInfo("b", "scripted")
        )
        run = evaluator(library, model, *cases(1), cache=PlayCache(tmp_path))
    else:
        one = one.model_copy(update={"steps": case(steps=[{"say": "Vera, your hat?", "as": "q"}]).steps})
    assert not (await run.one(one, harness, seed)).cached


async def test_new_checks_need_no_new_play(library, tmp_path):
    model = speaks(hat)
    run = evaluator(library, model, *cases(1), cache=PlayCache(tmp_path))
    (one,) = run.cases.cases.values()
    await run.one(one)
    stricter = one.model_copy(update={"checks": (CheckSpec.model_validate({"check": "says", "any": ["red"]}),)})
    result = await run.one(stricter)
    assert (result.cached, result.score, len(model.requests)) == (True, 0.0, 1)


async def test_an_interrupted_run_goes_on_where_it_was(library, tmp_path):
    calls = []

    def failing(request):
        calls.append(request)
        if len(calls) == 3:
            raise ModelUnreachable("gone for a moment")
        return {"say": "It is a green hat.", "emotion": "calm", "do": []}

    run = evaluator(library, ScriptedModel([failing]), *cases(5), cache=PlayCache(tmp_path))
    with pytest.raises(ModelUnreachable):
        await run.run(list(run.cases.cases.values()))
    results = await run.run(list(run.cases.cases.values()))
    assert len(calls) == 6, "the failed call and five good ones, none of them twice"
    assert [one.score for one in results] == [1.0] * 5


async def test_a_deadline_that_passed_is_a_fail_but_not_what_is_remembered(library, tmp_path):
    replies = InTurn([ModelTimeout("slow today"), {"say": "It is a green hat.", "emotion": "calm", "do": []}])
    run = evaluator(library, ScriptedModel([("", replies)]), *cases(1), cache=PlayCache(tmp_path))
    (one,) = run.cases.cases.values()
    assert [(await run.one(one)).score for _ in range(3)] == [0.0, 1.0, 1.0]


async def test_a_broken_cache_file_counts_as_absent(library, tmp_path):
    model = speaks(hat)
    run = evaluator(library, model, *cases(1), cache=PlayCache(tmp_path))
    (one,) = run.cases.cases.values()
    await run.one(one)
    (file,) = tmp_path.rglob("*.gz")
    file.write_bytes(b"\x1f\x8b broken")
    assert not (await run.one(one)).cached


async def test_cases_play_side_by_side_in_slots_of_their_own(library):
    model = speaks(hat)
    run = evaluator(library, model, *cases(6), parallel=3)
    await run.run(list(run.cases.cases.values()))
    version = run.harness().prompt_digest[:8]
    assert {request.slot for request in model.requests} <= {f"eval{lane}.{version}:vera" for lane in range(3)}


async def test_standing_checks_look_at_every_case_in_their_own_dimension(library):
    standing = (CheckSpec(check="speaks"), CheckSpec(check="banned_words"))
    model = speaks(lambda _heard, _prompt: "Certainly! It is a green hat.")
    run = Evaluator(Troupe(library, model), case_set(*cases(1), standing=standing))
    result = await run.one(run.cases.cases["case0"])
    assert (result.scores["facts"], result.scores["voice"]) == (1.0, 0.0)
    assert result.flaws == ("banned_words: says 'certainly'",)


async def test_the_report_has_intervals_languages_apart_and_each_failure_in_its_words(library):
    good, bad = cases(2)
    german = case(id="de", language="de", dimension="language", checks=[{"check": "language"}])
    wrong = bad.model_copy(update={"steps": case(steps=[{"say": "And your coat?", "as": "q"}]).steps})
    model = speaks(lambda heard, _prompt: "It is a green hat." if "wear" in heard else "You and the coat are here.")
    run = evaluator(library, model, good, wrong, german)
    results = await run.run(list(run.cases.cases.values()))
    report = Report("vera", model.info, "", 0, run.harness().digest, run.cases.digest, tuple(results))
    assert {name: (one.passed, one.total) for name, one in report.dimensions().items()} == {
        "facts": (1, 2),
        "language": (0, 1),
    }
    assert set(report.languages()) == {"de", "en"}
    text = as_markdown(report)
    assert "facts" in text
    assert "FAIL case1  (facts, en)" in text
    assert "does not say it: Vera wears a green hat." in text
    assert "You and the coat are here." in text
    body = report.dump()
    assert body["dimensions"]["facts"]["low"] < 0.5 < body["dimensions"]["facts"]["high"]
    assert body["results"][1]["checks"][0]["spans"][0]["seq"] > 0


@pytest.mark.parametrize(
    ("passed", "total", "low", "high"), [(8, 10, 0.490, 0.943), (0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0)]
)
def test_intervals_are_wilsons(passed, total, low, high):
    found = share(passed, total)
    assert (round(found.low, 3), round(found.high, 3)) == (low, high)
    assert (share(0, 0).low, share(0, 0).high) == (0.0, 1.0)
