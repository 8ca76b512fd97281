"""What a character cannot know: found in a question, and held back where an answer claims it."""

from __future__ import annotations

import pytest

from openroom.language.unknowns import cannot_know, claims_to_know, does_not_know


@pytest.mark.parametrize(
    ("heard", "until", "found"),
    [
        ("Do you have an iPhone?", 1962, ("iPhone",)),
        ("Who won the World Cup of 2018?", 1962, ("2018",)),
        ("Did you watch the moon landing on television?", 1962, ("moon landing",)),
        ("Hast du ein Handy?", 1962, ("Handy",)),
        ("Is that handy?", 1890, ()),
        ("¿Tienes un ordenador?", 1890, ("ordenador",)),
        ("你有手机吗？", 1962, ("手机",)),
        ("テレビを見ますか。", 1890, ("テレビ",)),
        ("What happened in 1931?", 1962, ()),
        ("What will 1963 bring?", 1962, ()),
        ("It costs $2018.", 1962, ()),
        ("Do you have an iPhone?", None, ()),
        ("Do you have an iPhone?", 2024, ()),
    ],
)
def test_what_came_later_is_found(heard: str, until: int | None, found: tuple[str, ...]) -> None:
    assert cannot_know(heard, (), until) == found


def test_topics_are_found_whole_or_by_their_words() -> None:
    topics = ("football results", "money")
    assert cannot_know("Any football results?", topics, None) == ("football results",)
    assert cannot_know("Do you know the results of the football?", topics, None) == ("football results",)
    assert cannot_know("Do you like football?", topics, None) == ()


@pytest.mark.parametrize(
    ("say", "code", "claimed"),
    [
        ("The iPhone is a small telephone.", "en", True),
        ("Yes.", "en", True),
        ("It is a small telephone.", "en", True),
        ("What is an iPhone?", "en", False),
        ("I never heard of an iPhone.", "en", False),
        ("That word means nothing to me.", "en", False),
        ("Sit down.", "en", False),
        ("Ja, ich habe ein iPhone.", "de", True),
        ("Davon habe ich nie gehört.", "de", False),
        ("Sí, claro.", "es", True),
        ("No sé qué es eso.", "es", False),
        ("是的，我有。", "zh", True),
        ("那是什么？", "zh", False),
        ("はい、持っています。", "ja", True),
        ("聞いたことがありません。", "ja", False),
    ],
)
def test_a_claim_is_told_from_a_question_and_from_not_knowing(say: str, code: str, claimed: bool) -> None:
    assert bool(claims_to_know(say, ("iPhone",), code, first=True)) is claimed


def test_a_yes_further_on_claims_nothing() -> None:
    assert not claims_to_know("It is late.", ("iPhone",), "en", first=False)
    assert not claims_to_know("It is a telephone.", (), "en", first=True)


def test_not_knowing() -> None:
    assert does_not_know("What is that?", "en")
    assert does_not_know("I have never heard of it.", "en")
    assert not does_not_know("It is lovely.", "en")
