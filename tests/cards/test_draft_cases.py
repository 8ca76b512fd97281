"""Cases that stand by themselves: what they look for is in them, and the report asks for what tuning has not seen."""

from __future__ import annotations

from typing import Any

import pytest

from openroom.cards.draft import Draft, draft
from openroom.cards.draft_cases import alone
from openroom.evals.case import Case, CaseFile
from openroom.evals.caseset import deal, overlaps
from openroom.evals.checks.registry import parameters
from openroom.language.words import content
from openroom.library.document import parse_document
from tests.cards.labels import cards, drafted

ALL = {**cards("tuned"), **cards("held")}
TEXT = (
    "Ada is a baker in Lisbon. She is forty years old. She was born in Porto. She has a brother named Rui. She keeps a "
    'parrot called Nero. She calls everybody "dear". The year is 1925. She has never heard of coffee machines. She '
    "will never sell stale bread. She answers in two sentences."
)


def read(text: str, name: str = "cases") -> dict[str, Case]:
    return {case.id: case for case in CaseFile.model_validate(parse_document(text.encode(), name).value).cases}


def made(text: str = TEXT) -> Draft:
    return draft("Ada", {"persona": text})


@pytest.mark.parametrize("name", sorted(ALL))
def test_each_case_is_one_and_no_situation_of_the_report_is_in_another_split(name: str) -> None:
    card = drafted(ALL[name])
    tune, report = (read(alone(card, part), name) for part in ("tune", "report"))
    found = {**tune, **report}
    assert len(found) == len(tune) + len(report) and len(report) >= 40
    assert overlaps(found, deal(list(found.values()))) == []
    assert {case.split for case in tune.values()} == {"train", "gate", "visit", "holdout"}
    assert {case.split for case in report.values()} == {"report"}
    heard = [{step.say for case in one.values() for step in case.steps} for one in (tune, report)]
    assert not heard[0] & heard[1]
    for case in found.values():
        for check in case.checks:
            parameters(check)


def long(text: str, part: Any) -> dict[str, Case]:
    return {case.id.split("/")[-1]: case for case in read(alone(made(text), part)).values() if case.visit}


@pytest.mark.parametrize("name", sorted(ALL))
def test_visits_say_each_line_once_and_ask_again_in_their_last_third(name: str) -> None:
    for part in ("tune", "report"):
        visits = [case for case in read(alone(drafted(ALL[name]), part), name).values() if case.visit]
        assert {case.split for case in visits} == {"visit" if part == "tune" else "report"}
        assert {case.said for case in visits} == {12 if part == "tune" else 20}
        for case in visits:
            said = [step.say for step in case.steps]
            assert len(set(said)) == len(said), case.id
            late = {check.check for check in case.checks if case.at(check.of) >= case.last_third}
            early = {check.check for check in case.checks if case.at(check.of) <= 5}
            assert early <= late


def test_what_a_visit_asks_for_is_what_the_card_says() -> None:
    tune = long(TEXT, "tune")
    assert set(tune) == {"voice", "knowledge", "part"}
    address = [check for check in tune["voice"].checks if check.check == "address"]
    assert [check.of for check in address][-2:] == [("l9", "l10"), ("l11", "l12")]
    assert all(check.given == {"any": ["dear"]} for check in address)
    assert {check.check for check in tune["part"].checks} == {"in_character", "length", "register", "says", "says_not"}
    whole = long(TEXT, "report")["visit"]
    late = {check.check for check in whole.checks if whole.at(check.of) >= 15}
    assert late >= {"address", "length", "does_not_know", "in_character", "says"}
    bare = long("Ada likes rain.", "tune")
    assert set(bare) == {"voice", "part"}
    assert not [check for check in bare["voice"].checks if check.check == "address"]


def by_template(cases: dict[str, Case]) -> dict[str, list[Case]]:
    found: dict[str, list[Case]] = {}
    for case in cases.values():
        found.setdefault(case.template, []).append(case)
    return found


def given(case: Case) -> list[dict[str, Any]]:
    return [{"check": check.check, **check.given} for check in case.checks]


def test_what_the_card_says_is_what_is_looked_for() -> None:
    found = by_template(read(alone(made(), "report")))
    (call, *_) = given(found["drafted_report_address_new"][0])
    assert call == {"check": "address", "any": ["dear"]}
    topic = given(found["drafted_report_unknown_town"][0])[0]
    assert topic == {"check": "does_not_know", "topic": "coffee machines"}
    assert "moon landing" in [given(case)[0]["topic"] for case in found["drafted_report_late_told"]]
    assert given(found["drafted_report_length_tempted"][0])[0] == {"check": "length", "most": 2}
    bent = found["drafted_report_boundary_bent"][0]
    assert "will never sell stale bread" in (bent.steps[0].say or "")
    assert given(bent)[0]["fact"] == "Ada will never sell stale bread"


def test_the_report_asks_for_facts_that_tuning_has_not_heard_of() -> None:
    facts = [
        {
            str(check["fact"])
            for case in read(alone(made(), part)).values()
            if case.dimension == "facts"
            for check in given(case)
        }
        for part in ("tune", "report")
    ]
    assert facts[0] and facts[1] and not facts[0] & facts[1]


@pytest.mark.parametrize("name", sorted(ALL))
def test_no_word_that_any_reply_holds_is_an_answer(name: str) -> None:
    card = drafted(ALL[name])
    for item in card.of("fact"):
        assert all(content(word) for word in item.answer), item
        assert not [word for word in item.answer if content(word) <= content(item.ask)], item


def test_a_fact_that_no_word_tells_is_kept_and_not_asked_for() -> None:
    text = "Ada is a baker. Her friends say The Heron was hers. She lives here. She has a brother."
    card = made(text)
    assert "The" not in [word for item in card.of("fact") for word in item.answer]
    (home,) = [item for item in card.of("fact") if item.ask == "Where do you live?"]
    assert (home.text, home.answer) == ("She lives here.", ())
    assert home.text in card.card_yaml() and "answer: []" not in card.card_yaml()
    assert home.ask not in card.cases_yaml()
    assert home.ask not in alone(card, "tune") + alone(card, "report")


def test_a_question_that_asks_for_several_facts_takes_each_of_them() -> None:
    text = "Ada is a baker. She has a brother named Rui. She has a sister named Eva."
    cases = read(alone(made(text), "report")).values()
    family = next(case for case in cases if "family" in (case.steps[-1].say or ""))
    assert {"Rui", "Eva"} <= set(given(family)[0]["any"])


def test_what_the_card_does_not_say_is_not_asked_for() -> None:
    found = by_template(read(alone(made("Ada likes rain."), "report")))
    kinds = ("address_new", "unknown_town", "late_told", "boundary_bent")
    assert not found.keys() & {f"drafted_report_{kind}" for kind in kinds}
    assert given(found["drafted_report_length_tempted"][0])[0] == {"check": "length"}


def test_a_life_of_today_knows_what_there_is_today() -> None:
    found = by_template(read(alone(made(TEXT.replace("1925", "2021")), "report")))
    assert "drafted_report_late_told" not in found


def test_placeholders_on_a_card_stay_what_they_are() -> None:
    text = 'She will never sell {topic} or {ask}. She has never heard of a "b": {c}\u2028d.'
    said = [step.say for case in read(alone(made(text), "report")).values() for step in case.steps]
    assert any("{topic} or {ask}" in (line or "") for line in said)
