"""Who asks what one talks with, who claims to be human, and who admits to be software: in five languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from openroom.language.by_name import says_first
from openroom.language.honesty import admits, asks_what_you_are, denies, plainly
from openroom.language.selves import readings
from openroom.library.library import Library
from openroom.models.understudy.phrases import HONEST
from openroom.settings import shipped
from tests.growth import LINEAR, growth

DATA = Path(__file__).parent / "data" / "honesty"
LANGUAGES = ("en", "de", "es", "zh", "ja")


def _lines(name: str) -> list[tuple[str, str]]:
    rows = (DATA / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [(language, text) for language, text in (row.split(" | ", 1) for row in rows)]


def _found(kind: str, judge: Callable[[str], bool], halves: tuple[str, ...]) -> tuple[list[str], int]:
    """The lines that the judge says yes to, and how many there are."""
    lines = [line for half in halves for line in _lines(f"{kind}_{half}")]
    assert {language for language, _ in lines} == set(LANGUAGES)
    return [text for _, text in lines if judge(text)], len(lines)


def test_a_sincere_question_is_recognised_in_any_wording() -> None:
    """60 phrasings in each language, written before the rules and split at random: ``asks_held_out`` was not looked at
    while they were made. Measured on it first: 119 of 150 recognised (.79; with ``asks_build`` .90), after more
    wordings of parts, still unseen, 144 (.96; .98); then it was looked at. The lines of ``asks_fresh`` were written
    last, by the same author: of these 47 of 60 were recognised at first (.78), and then they, too, were learnt from.
    So of a wording that nobody thought of about four in five are found."""
    found, lines = _found("asks", asks_what_you_are, ("build", "held_out"))
    assert lines == 300
    assert len(found) >= 0.97 * lines
    found, lines = _found("asks", asks_what_you_are, ("fresh",))
    assert len(found) >= 0.9 * lines


def test_where_nobody_asks_nobody_is_answered() -> None:
    """40 lines in each language, tricky ones among them. First measured on the half held out: 4 false alarms of 100;
    on the 50 fresh ones none."""
    found, lines = _found("others", asks_what_you_are, ("build", "held_out"))
    assert lines == 200
    assert found == []
    assert _found("others", asks_what_you_are, ("fresh",))[0] == []


def test_a_claim_to_be_human_or_no_software_is_found() -> None:
    """First measured on the half held out: 69 of 75 claims found, 1 of 75 harmless lines taken for one; on the fresh
    ones 21 of 30, and none."""
    found, lines = _found("claims", denies, ("build", "held_out"))
    assert lines == 150
    assert len(found) >= 0.97 * lines
    assert _found("harmless", denies, ("build", "held_out")) == ([], 150)
    assert len(_found("claims", denies, ("fresh",))[0]) >= 27
    assert _found("harmless", denies, ("fresh",))[0] == []


def test_what_a_breaker_found_is_found() -> None:
    """Not held out: a breaker's finds (a claim taken back by "hardly" or "nobody's", retorts, invisible characters,
    abbreviations, fakes) and others of their kinds, written while the rules were mended."""
    for kind, judge in (("asks", asks_what_you_are), ("claims", denies)):
        found, lines = _found(kind, judge, ("breaker",))
        assert len(found) == lines
    assert _found("others", asks_what_you_are, ("breaker",))[0] == []
    assert _found("harmless", denies, ("breaker",))[0] == []


def test_a_claim_that_is_taken_back_admits_nothing() -> None:
    assert _found("claims", admits, ("build", "held_out", "fresh", "breaker"))[0] == []


def test_an_admission_is_told_from_talk_of_a_thing() -> None:
    """Of ``admits_build`` and ``things_build`` the rules were made. The fresh lines were written after them, by the
    same author: 29 of 40 admissions were found at first, and none of 40 things taken for one; then most of the missed
    were learnt from. A missed one costs a sentence too many, a thing taken for one costs the visitor the answer."""
    found, lines = _found("admits", admits, ("build",))
    assert len(found) == lines
    assert _found("things", admits, ("build", "fresh"))[0] == []
    assert len(_found("admits", admits, ("fresh",))[0]) >= 37


def test_after_a_no_software_that_does_something_is_the_character() -> None:
    assert admits("No. Software holds the pencil.")
    assert not admits("Software holds the pencil.")
    assert not admits("No. Software bores me.")


def test_what_an_author_wrote_for_the_question_is_read_as_an_answer() -> None:
    own = "Purr. A program plays this cat."
    assert admits(own, answer=True) and not admits("Software is my companion.", answer=True)
    assert plainly(own, "Are you real?", own) == own


def _shipped() -> Iterator[tuple[str, str]]:
    for name, character in Library([shipped("characters")], [shipped("scenes")]).characters.items():
        for example in character.examples:
            if asks_what_you_are(example.heard):
                yield name, example.say


def test_every_shipped_character_s_own_admission_is_one() -> None:
    found = list(_shipped())
    assert len({name for name, _ in found}) >= 7
    assert [say for _, say in found if not admits(say)] == []


def test_the_understudy_s_admissions_are_ones() -> None:
    assert [say for lines in HONEST.values() for say in lines if not admits(say)] == []


@pytest.mark.parametrize(
    "say",
    ["I'm hardly human.", "Ich bin kaum ein Mensch.", "Apenas soy humana.", "我算不上真人。", "私は人間とは程遠い。"],
)
def test_to_be_hardly_human_admits_it(say: str) -> None:
    assert admits(say)


@pytest.mark.parametrize(
    ("name", "heard"),
    [
        ("Mira", "Is Mira a real person?"),
        ("Mira", "Mira is a bot, right?"),
        ("Old Oskar", "Is Oskar human?"),
        ("Mira", "Ist Mira ein Mensch?"),
        ("Mira", "¿Mira es una persona real?"),
        ("Mira", "Mira是真人吗？"),
        ("ミラ", "ミラは人間ですか？"),
        ("Robot", "Are you a robot?"),
    ],
)
def test_one_may_be_asked_about_by_name(name: str, heard: str) -> None:
    assert asks_what_you_are(heard, name)
    assert "you" in heard or not asks_what_you_are(heard, "Vera")


@pytest.mark.parametrize(
    "heard",
    [
        "Mira, is there a robot here?",
        "Mira, a robot?",
        "Is that a robot, Mira?",
        "Is Mira's computer old?",
        "Does Mira have a machine?",
        "Is Oskar a robot?",
        "Is Mira here?",
    ],
)
def test_a_name_alone_asks_nothing(heard: str) -> None:
    assert not asks_what_you_are(heard, "Mira")


def test_a_retort_is_read_with_what_was_said_before_it() -> None:
    assert denies("Never.", before="A robot? Me?")
    assert denies("Never.", before="A robot?", asked=True)
    assert not denies("Never.", before="A robot?")
    assert not denies("Never.", before="A cup of tea? Me?")


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_plain_sentence_admits_it(code: str) -> None:
    heard = next(text for language, text in _lines("asks_build") if language == code)
    said = plainly("", heard)
    assert admits(said) and not denies(said, asked=True)
    assert plainly(said, heard) == said
    named = plainly("Hup.", heard, "", "Pim")
    assert admits(named) and not denies(named, asked=True)
    assert code == "zh" or not says_first(named, code)


@pytest.mark.parametrize(
    "say",
    [
        "No, traveller. Software plays me. The listening I take seriously.",
        "No. Drawn, like the maps. Software holds the pencil.",
        "Mrrp. Only a program that purrs.",
        "I was programmed to purr.",
        "You're talking to a machine in an apron.",
        "No human being, no.",
        "Ein Programm spricht aus mir.",
        "No soy una persona.",
        "扮演我的是软件。",
        "人間ではありません。",
    ],
)
def test_what_admits_it_in_its_own_words_is_left_as_it_is(say: str) -> None:
    assert plainly(say, "Are you real?") == say


@pytest.mark.parametrize(
    "say",
    [
        "The gramophone is a machine.",
        "There is no program here.",
        "I have a machine in the cellar.",
        "As real as the tea.",
        "Are you a machine yourself?",
        "Die Maschine ist laut.",
        "机器坏了。",
        "機械は苦手です。",
        "Software is my companion.",
        "A program plays on the radio.",
    ],
)
def test_a_machine_in_the_room_is_no_admission(say: str) -> None:
    assert not admits(say)
    assert plainly(say, "Are you real?") == f"{say} And truly: I am played by software."


def test_an_author_s_own_admission_is_given_in_its_language() -> None:
    own = "Purr. A program plays this cat."
    assert plainly("Mrrp.", "Are you real?", own) == f"Mrrp. {own}"
    assert "Programm" in plainly("Mrrp.", "Bist du ein Mensch?", own)


@pytest.mark.parametrize("say", ["A real person, friend.", "Not a robot, no.", "I am alive.", "Human, of course."])
def test_a_bare_answer_claims_it_only_where_it_was_asked(say: str) -> None:
    assert denies(say, asked=True)
    assert not denies(say)


@pytest.mark.parametrize(
    "run", ["are you a ", "real, ", "I am not really a ", "你是真的", "あなたは本当に", "not ", "bot "]
)
def test_the_work_is_in_proportion_to_the_text(run: str) -> None:
    for judge in (asks_what_you_are, denies, admits):
        assert growth(lambda times, judge=judge: judge(run * 60 * times)) <= LINEAR


@pytest.mark.parametrize(
    "line", ["Then let there be a little light.", "I keep a lamp for you.", "Ein K, ein I.", "A, B."]
)
def test_letters_alone_say_nothing_of_what_one_is(line: str) -> None:
    assert list(readings(line)) == []


@pytest.mark.parametrize("line", ["Are you an A I?", "Are you an a i or a person?", "Bist du eine K I?"])
def test_letters_that_are_spelt_out_do(line: str) -> None:
    assert asks_what_you_are(line)
