"""Cases from files and cards: expanded, checked where they stand, dealt into splits that do not mix."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from pydantic import ValidationError

from openroom.evals.case import Case, Template
from openroom.evals.caseset import deal, load_cases, overlaps
from openroom.evals.checks.registry import parameters
from openroom.evals.expand import SharedCases, expand
from openroom.evals.freeze import check_frozen, freeze
from openroom.library.library import Library
from openroom.settings import shipped
from tests.evals.conftest import HOUSE, case


@pytest.fixture
def house(tmp_path) -> Path:
    shutil.copytree(HOUSE, tmp_path / "house")
    return tmp_path / "house"


def load(house: Path, cases: str = "", report: str = "", **more):
    folder = house / "characters" / "vera"
    for name, text in (("cases.yaml", cases), ("report.yaml", report)):
        if text:
            (folder / name).write_text(text)
    return load_cases(Library([house / "characters"], [house / "scenes"]), "vera", **more)


CASES = """format: 1
cases:
  - id: hat_colour
    dimension: facts
    cluster: hat
    steps: [{say: What colour is it?, as: q}]
    checks: [{check: says, any: [green], of: q}]
"""


def test_the_card_itself_gives_cases_of_every_kind(house):
    cases = load(house)
    assert cases.problems == ()
    asked = [case for case in cases.cases.values() if case.template == "fact_direct"]
    assert [step.say for step in asked[0].steps] == ["What do you wear?"]
    templates = {case.template for case in cases.cases.values()}
    assert {"secret_asked", "deed_asked", "trap_sincere_question", "report_voice_long_answer"} <= templates
    assert "anachronism" not in templates, "Vera's world ends in no year"


def test_own_cases_join_the_shared_ones(house):
    cases = load(house, CASES)
    assert "hat_colour" in cases.cases
    assert cases.splits["hat_colour"] in ("train", "gate", "holdout")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("any: [green]", "of: q, colour: red"),
        ("check: says, any: [green]", "check: sayz"),
        ("of: q", "of: nobody"),
        ("say: What colour is it?", "shout: What"),
        ("cluster: hat", "cluster: A Hat"),
    ],
)
def test_what_is_wrong_with_a_file_is_told_with_its_place(house, wrong, said):
    cases = load(house, CASES.replace(wrong, said))
    (problem, *_) = cases.problems
    assert str(problem).startswith("characters/vera/cases.yaml:")
    assert problem.line in (3, 5, 6, 7)
    assert problem.key.startswith("cases[0]")
    assert "hat_colour" not in cases.cases


def test_clusters_never_mix_between_splits_and_every_tuned_dimension_has_train_and_gate(house):
    cases = load(house, CASES)
    by_cluster: dict[str, set[str]] = {}
    for name, split in cases.splits.items():
        by_cluster.setdefault(cases.cases[name].cluster, set()).add(split)
    assert [cluster for cluster, splits in by_cluster.items() if len(splits) > 1] == []
    train = {case.dimension for case in cases.of("train")}
    gate = {case.dimension for case in cases.of("gate")}
    assert train == gate
    assert {"voice", "in_character", "language", "action", "memory", "secrets"} <= train


def test_report_cases_stay_apart_and_a_shared_cluster_is_a_problem(house):
    cases = load(house, CASES, CASES.replace("hat_colour", "hat_report").replace("cluster: hat", "cluster: hat_new"))
    assert cases.splits["hat_report"] == "report"
    assert cases.problems == ()
    mixed = load(house, CASES, CASES.replace("hat_colour", "hat_report"))
    assert "'hat'" in str(mixed.problems[0])


def test_dealing_is_the_same_whatever_the_order_of_the_cases(house):
    cases = list(load(house).cases.values())
    assert deal(cases) == deal(cases[::-1])


def test_freezing_names_what_changed_since(house):
    report = CASES.replace("hat_colour", "hat_report").replace("cluster: hat", "cluster: hat_new")
    folder = house / "characters" / "vera"
    body = freeze(load(house, report=report), folder)
    assert "hat_report" in body["cases"]
    assert check_frozen(load(house), folder) == []
    edited = load(house, report=report.replace("What colour", "Which colour"))
    assert check_frozen(edited, folder) == ["report case hat_report was edited"]
    gone = load(house, report="format: 1\n")
    assert check_frozen(gone, folder) == ["report case hat_report is gone"]


def test_generated_cases_are_read_and_a_broken_file_is_told(house, tmp_path):
    path = tmp_path / "generated.json"
    path.write_text(json.dumps([case(id="made").model_dump(mode="json", by_alias=True, exclude_none=True)]))
    assert "made" in load(house, generated=path).cases
    path.write_text("[{}]")
    assert "a list of cases" in str(load(house, generated=path).problems[0])


def test_small_talk_is_written_out_and_the_same_each_time(house):
    long = [load(house).cases["drift_fifty_turns/1"] for _ in range(2)]
    assert long[0] == long[1]
    assert len(long[0].steps) == 50
    assert len({step.say for step in long[0].steps}) >= 35


def test_a_case_asks_for_one_thing_a_step_and_for_people_it_has():
    with pytest.raises(ValidationError, match="expected one of say, use"):
        case(steps=[{"say": "x", "use": "lamp.light"}])
    with pytest.raises(ValidationError, match="came 'zoe'"):
        case(steps=[{"say": "x", "by": "zoe"}])


def test_the_cost_of_a_case_counts_a_repair_for_each_line():
    assert case().calls == 2
    assert case(steps=[{"say": "a"}, {"talk": 3}, {"wait": 5}], greet=True).calls == 2 * (1 + 6 + 1)


def test_every_shipped_character_has_sound_cases_and_forty_or_more_for_the_report():
    library = Library([shipped("characters")], [shipped("scenes")])
    assert library.characters
    for character in library.characters:
        cases = load_cases(library, character)
        assert cases.problems == (), character
        assert len(cases.of("report")) >= 40, character
        assert len(cases.of("trap")) >= 10, character
        assert len(cases.of("holdout")) >= 6, character
        for one in cases.cases.values():
            assert one.checks, one.id
            for spec in one.checks:
                parameters(spec)
        assert overlaps(cases.cases, cases.splits) == []
        tuned = [{one.dimension for one in cases.of(split)} for split in ("train", "gate")]
        assert len(tuned[0] & tuned[1]) >= 9, character


def test_a_template_without_what_it_needs_gives_nothing(house):
    template = Template.model_validate(
        {"id": "t", "dimension": "voice", "cluster": "c", "needs": ["until"], "steps": [{"say": "x"}]}
    )
    library = Library([house / "characters"], [house / "scenes"])
    assert expand(template, library.characters["vera"], library.scenes["parlour"], SharedCases()) == []


def test_the_digest_of_a_case_is_that_of_what_it_says_not_of_its_split():
    assert case(split="gate").digest == case(split="train").digest
    assert case(steps=[{"say": "Other."}]).digest != case().digest
    assert isinstance(case(), Case)
