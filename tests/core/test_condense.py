"""What of a long persona stands in a prompt: whole sentences, known by their spans, the same bytes each time."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroom.core.condense import ALWAYS_WHOLE, Budget, condense, fitted
from openroom.language.tokens import estimate_tokens
from openroom.library.library import Library
from openroom.ports.budget import budget_of
from openroom.ports.model import ModelInfo
from tests.core.worlds import character
from tests.growth import LINEAR, growth

ROOT = Path(__file__).parents[2]
CHAT = "It was a grey evening and the rain went on and on, as it does in such places at such times. "
LONG = (
    "Mira minds the inn at the pass. She came over the mountain on foot. "
    + CHAT * 20
    + "\n\nMira was born in 1911 in Kaltwasser. "
    + CHAT * 20
    + "Always stay in character and write two paragraphs."
)


def test_shipped_characters_stand_whole_in_the_prompt_of_the_smallest_model() -> None:
    library = Library([ROOT / "characters"], [ROOT / "scenes"])
    assert len(library.characters) >= 7
    for card in library.characters.values():
        fit = fitted(card, Budget())
        assert fit.persona.text == card.persona and fit.facts == card.facts
        assert fit.report(card.persona) == []


def test_the_first_sentences_and_what_is_told_of_it_stay() -> None:
    found = condense(LONG, "Mira", 120)
    assert found.text.startswith("Mira minds the inn at the pass. She came over the mountain on foot. ")
    assert "\nMira was born in 1911 in Kaltwasser." in found.text, "a new paragraph stays one"
    assert "stay in character" not in found.text
    assert estimate_tokens(found.text) <= 120
    left = [LONG[start:end] for start, end in found.left]
    assert "Always stay in character and write two paragraphs." in left
    assert sorted([*found.kept, *found.left]) == sorted({*found.kept, *found.left})


def test_what_fits_is_left_as_it_is() -> None:
    short = "One.  Two.\n\n\nThree." + " x" * ((ALWAYS_WHOLE - 30) // 2)
    assert condense(short, "Mira", 10).text == short
    assert condense(LONG, "Mira", 5000).text == LONG


@given(st.text(st.sampled_from("ab M.\n!だ。"), min_size=ALWAYS_WHOLE + 1, max_size=3000), st.integers(0, 900))
def test_any_text_fits_and_each_sentence_is_its_authors(text: str, most: int) -> None:
    found = condense(text, "M", most)
    if found.left:
        assert estimate_tokens(found.text) <= most
        if found.kept[0][1] == found.left[0][0]:  # one endless sentence
            return
        assert [part for start, end in found.kept for part in text[start:end].split()] == found.text.split()
    assert found == condense.__wrapped__(text, "M", most)


def test_of_one_endless_sentence_its_beginning_stands() -> None:
    found = condense("Mira talks " + "and talks " * 400, "Mira", 50)
    assert found.text.startswith("Mira talks and") and 40 <= estimate_tokens(found.text) <= 50


def test_facts_that_do_not_fit_are_left_for_when_they_are_asked() -> None:
    facts = [{"id": f"f{n}", "text": f"Fact number {n}, and it is told at some length here."} for n in range(60)]
    fit = fitted(character("mira", persona=LONG, facts=facts), Budget())
    assert 0 < len(fit.facts) < 60 and [*fit.facts, *fit.left] == [*character("mira", facts=facts).facts]
    assert fit.report(LONG)[-1] == facts[-1]["text"]


def test_work_grows_with_the_text() -> None:
    assert growth(lambda times: condense.__wrapped__(CHAT * (24 * times), "Mira", 100)) < LINEAR


@pytest.mark.parametrize(
    ("info", "budget"),
    [
        (ModelInfo("m", "local", "", "small", 4096), Budget(800, 500, 700)),
        (ModelInfo("m", "local", "", "small", 2048), Budget(800, 500, 700)),
        (ModelInfo("m", "scripted"), Budget(800, 500, 700)),
        (ModelInfo("m", "understudy"), Budget(800, 500, 700)),
        (ModelInfo("m", "remote"), Budget(1600, 2000, 1400)),
        (ModelInfo("m", "local", "", "small", 8192), Budget(1600, 2000, 1400)),
        (ModelInfo("m", "remote", context=1_000_000), Budget(6000, 5000, 4500)),
    ],
)
def test_the_budget_comes_from_the_context(info: ModelInfo, budget: Budget) -> None:
    assert budget_of(info) == budget


@pytest.mark.parametrize(
    ("context", "speed", "budget"),
    [
        (4096, 0, Budget(800, 500, 700)),
        (4096, 28, Budget(800, 500, 700)),
        (4096, 320, Budget(800, 500, 700)),  # it has no room for more
        (4096, 20, Budget(400, 500, 700)),
        (4096, 5, Budget(400, 500, 700)),
        (8192, 0, Budget(1600, 2000, 1400)),
        (8192, 28, Budget(800, 500, 700)),
        (8192, 40, Budget(1000, 781, 875)),
        (8192, 80, Budget(1600, 2000, 1400)),
        (1_000_000, 320, Budget(6000, 5000, 4500)),
    ],
)
def test_who_reads_slowly_reads_less(context: int, speed: int, budget: Budget) -> None:
    found = budget_of(ModelInfo("m", "local", "", "small", context, speed))
    assert found == budget
    assert found.talk + found.persona + found.facts <= max(75 * speed if speed else 10**6, 400 + 500 + 700)


@pytest.mark.parametrize("context", [4096, 6000, 8192, 16_384, 32_768, 200_000])
def test_all_of_it_fits_the_context(context: int) -> None:
    found = budget_of(ModelInfo("m", "remote", context=context))
    assert found.talk + found.persona + found.facts <= context * 2 // 3
