"""Drafts of cards: how many of their facts are right, that each rests on the card's words, and that the text is YAML
that openroom reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroom.cards.draft import VAGUE, _telling, _thing, draft, propose
from openroom.cards.draft_patterns import length_ordered
from openroom.core.character import Character
from openroom.core.completed import completed
from openroom.evals.case import CaseFile
from openroom.evals.checks.registry import parameters
from openroom.library.document import parse_document
from openroom.library.library import Library
from openroom.lobby.cards import import_card
from openroom.models.scripted import ScriptedModel
from tests.cards.labels import Score, cards, drafted, facts, others
from tests.growth import LINEAR, growth

ALL = {**cards("tuned"), **cards("held")}


@pytest.mark.parametrize("half", ["tuned", "held"])
def test_facts_are_right_and_most_are_found(half: str) -> None:
    scores = [facts(body) for body in cards(half).values()]
    whole = sum((score for score, _ in scores), Score())
    said = "\n".join(line for _, lines in scores for line in lines)
    assert len(scores) == 4 and whole.labelled > 50
    assert whole.precision >= 0.9, said
    assert whole.recall >= 0.6, said


@pytest.mark.parametrize("what", ["unknown", "period", "secrets", "address"])
def test_the_other_parts_are_right_where_they_are_found(what: str) -> None:
    whole = sum((others(body, what) for body in ALL.values()), Score())
    assert whole.precision >= 0.9 and whole.recall >= 0.6


@pytest.mark.parametrize("name", sorted(ALL))
def test_each_item_rests_on_the_cards_words(name: str) -> None:
    card = ALL[name]["card"]
    items = drafted(ALL[name]).items
    assert items and len({item.id for item in items}) == len(items)
    for item in items:
        source = item.source
        assert card[source.field][source.start : source.end] == source.quote != ""


@pytest.mark.parametrize("name", sorted(ALL))
def test_the_text_is_a_part_of_a_character_and_a_file_of_cases(name: str) -> None:
    made = drafted(ALL[name])
    part = parse_document(made.card_yaml().encode(), name).value
    base = {"format": 1, "id": "x", "name": made.name, "line": "L.", "persona": "P.", "greeting": "Hi."}
    card = Character.model_validate({**base, **part})
    assert len(card.facts) == len(made.of("fact")) > 0 and all(fact.answer for fact in card.facts)
    cases = CaseFile.model_validate(parse_document(made.cases_yaml().encode(), name).value).cases
    ids = {fact.id for fact in card.facts if fact.ask}
    asked = [case.checks[0].given["fact"] for case in cases if case.dimension == "facts"]
    assert set(asked) == ids and len(cases) >= len(ids)
    for fact in (one for one in card.facts if one.ask):
        assert not any(word.casefold() in fact.ask[0].casefold().split() for word in fact.answer), fact.ask
    for case in cases:
        for check in case.checks:
            parameters(check)


HOSTILE = 'Age: 5\nHome: "x": {a: b} # no\u2028- [\x07] é\nShe lives in a "house": #1 {{user}}.\nShe has a cat\\.'


def test_what_stands_on_a_card_is_text_and_nothing_else() -> None:
    made = draft("X", {"description": HOSTILE})
    part = parse_document(made.card_yaml().encode(), "x").value
    assert [fact["text"] for fact in part["facts"]] == [item.text for item in made.of("fact")]


@pytest.mark.parametrize(
    "text",
    [
        "{{char}} smiles and might be a little drunk.",
        "If she is angry, she has a knife.",
        "{{user}} is a knight. {{user}}'s horse has three legs.",
        "Write her replies in two paragraphs. Stay in character.",
        "Is she a queen? Nobody is sure.",
        "She is walking to the door.",
        "She has to go.",
    ],
)
def test_what_is_no_fact(text: str) -> None:
    assert draft("Mira", {"description": text}).of("fact") == []


@pytest.mark.parametrize(("visitor", "mira"), [("{{user}}", "{{char}}"), ("the visitor", "Mira"), ("<USER>", "Mira")])
def test_what_is_asked_and_answered_on_a_card_is_no_prose_about_it(visitor: str, mira: str) -> None:
    talk = f"{visitor}: Brief introduction?\n{mira}: You can say I'm a weaver. *She has a cat with her.*\n"
    talk += f"She has a limp, she says.\n{visitor}: Age?\n{mira}: She is 30 years old, who asks.\n\n"
    found = draft("Mira", {"description": f"{talk}She was born in a mill.\nHair: grey\nEyes: blue"}).of("fact")
    assert [one.text for one in found] == ["Hair: grey", "Eyes: blue", "She was born in a mill."]


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("Short sentences.", "short"),
        ("Ada is a baker. Short, clipped sentences. Never swears.", "short"),
        ("Her sentences are short.", "short"),
        ("She keeps her answers brief.", "short"),
        ("Style: dry, short sentences", "short"),
        ("No jokes, short answers.", "short"),
        ("Long, flowery sentences.", "long"),
        ("He talks at length.", "long"),
        ("One paragraph for each reply.", "medium"),
        ("Long-winded, three sentences at most.", ""),
        ("Short sentences. But he talks at length.", ""),
        ("He hates short sentences.", ""),
        ("He never speaks in short sentences.", ""),
        ("Her brother answers in short sentences.", ""),
        ("She reads long books in short sentences.", ""),
        ("She writes short stories.", ""),
    ],
)
def test_what_prose_says_of_how_long_replies_are_is_voice(text: str, length: str, tmp_path: Path) -> None:
    assert length_ordered(text) == length
    drafted = draft("Ada", {"persona": text}).card_yaml()
    assert (f'  length: "{length}"' in drafted) == bool(length) == ("length:" in drafted)
    long = "Well now. Sit down. It is late. There is tea. I made it. You must be cold."
    card = {"name": "Ada", "description": text, "first_mes": long}
    done = import_card(json.dumps(card).encode(), tmp_path, Library([], []))
    made = Library([done.folder.parent], []).characters[done.id]
    assert made.voice.length == (length or "long")
    assert any(length and f"voice.length: {length}" in one.why for one in done.report.converted) == bool(length)


def test_an_ordered_length_that_the_cards_own_examples_break_does_not_count(tmp_path: Path) -> None:
    said = "One. Two more. And three. Four. Five. Six of them."
    example = f"<START>\n{{{{user}}}}: Hi\n{{{{char}}}}: {said}"
    card = {"name": "Ada", "description": "Short sentences.", "mes_example": example}
    done = import_card(json.dumps(card).encode(), tmp_path, Library([], []))
    assert Library([done.folder.parent], []).characters[done.id].voice.length == "long"


def test_nothing_gives_an_empty_draft() -> None:
    made = draft("Mira", {})
    assert made.items == () and parse_document(made.cases_yaml().encode(), "x").value["cases"] == []


@given(st.text(st.sampled_from('MiraSheislas(")+:\n .,\u2028"{}#'), max_size=200))
def test_any_card_gives_yaml(text: str) -> None:
    made = draft("Mira", {"description": text, "scenario": text})
    for body in (made.card_yaml() if made.items else "facts: []", made.cases_yaml()):
        parse_document(body.encode(), "x")


@pytest.mark.parametrize("unit", ["She is a cook. ", "a b ", 'A("b") ', "She never ", "call everyone ", "year "])
def test_work_grows_with_the_card(unit: str) -> None:
    """Up to the bound of a draft; what it says twice counts once."""
    assert growth(lambda times: draft("Mira", {"description": unit * (60 * times)})) < LINEAR


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Best game: a draw against a grandmaster in 1988", "What is your best game?"),
        ("Skill: tells a book's age by its smell", "What is your skill?"),
        ("Children: twin sons", "Do you have family?"),
        ("Came here: in 1974, with one suitcase", VAGUE),
        ("Mira is scared of geese.", "What can you tell me about geese?"),
        ("Age: 26", "How old are you?"),
        ("Mira is 31.", "How old are you?"),
        ("{{char}} is forty-two.", "How old are you?"),
        ("She is 31 miles from home.", "Where do you live?"),
        ("Her home is 31.", "Where do you live?"),
        ("She collects paper maps.", "What do you collect?"),
        ("She drinks rye.", VAGUE),
    ],
)
def test_a_question_is_about_what_the_card_tells(text: str, asked: str) -> None:
    listed = f"{text}\nEyes: green\nHobby: chess"
    assert draft("Mira", {"description": listed if ":" in text else text}).of("fact")[0].ask == asked


def test_orders_inside_attributes_are_found() -> None:
    text = 'Age: 26\nSpeech: brisk. She calls everybody "caller".\nRules: She will never lie. She never heard of radio.'
    made = draft("Mira", {"description": text})
    found = {item.what: item.text for item in made.items if item.what != "fact"}
    assert (found["address"], found["boundary"], found["unknown"]) == ("caller", "will never lie", "radio")
    assert [item.text for item in made.of("fact")] == ["Age: 26"]


def test_a_boundary_is_no_thing_that_was_never_found() -> None:
    text = "Finch walked off the pier and was never found. Mira will never sell the boat."
    assert [item.text for item in draft("Mira", {"description": text}).of("boundary")] == ["will never sell the boat"]


# a model proposes ---------------------------------------------------------------------------------------------------

TEXT = "It is Mira who minds the inn. At the back   of it\nstands a loom that nobody may touch. It snows."


def item(what: str, text: str, quote: str) -> dict[str, Any]:
    return {"what": what, "text": text, "quote": quote}


async def proposed(*items: Any, text: str = TEXT) -> Any:
    model = ScriptedModel([("Mira", {"items": list(items)})])
    made = await propose(model, draft("Mira", {"description": text}), {"description": text})
    return made, model


async def test_what_a_model_names_counts_with_its_quote() -> None:
    made, model = await proposed(
        item("fact", "Mira minds the inn.", "It is Mira who minds the inn."),
        item("fact", "A loom stands at the back of the inn.", "At the back of it stands a loom that nobody may touch"),
    )
    assert [one.text for one in made.of("fact")] == ["Mira minds the inn.", "A loom stands at the back of the inn."]
    assert made.refused == () and all(one.by == "model" for one in made.of("fact"))
    source = made.of("fact")[1].source
    assert TEXT[source.start : source.end] == source.quote and "\n" in source.quote
    assert model.requests[0].purpose == "propose" and TEXT in model.prompts[0]


async def test_what_it_makes_up_does_not() -> None:
    made, _ = await proposed(
        item("fact", "Mira is thirty.", "Mira is thirty."),
        item("fact", "Mira owns a ship and two horses.", "It is Mira who minds the inn."),
        item("mood", "Mira is sad.", "It is Mira who minds the inn."),
        "no item",
        item("fact", "It snows.", "it"),
    )
    assert made.of("fact") == []
    assert made.refused == (
        "'Mira is thirty.': its quote is not on the card",
        "'Mira owns a ship and two horses.': its quote does not say so",
        "an item without what, text and quote",
        "an item that is no mapping",
        "'It snows.': its quote is not on the card",
    )


async def test_what_patterns_found_stays_as_it_is() -> None:
    text = "Mira has a red loom."
    made, _ = await proposed(item("fact", "Mira has a red loom.", text), text=text)
    assert [(one.text, one.by) for one in made.of("fact")] == [("Mira has a red loom.", "pattern")]


async def test_an_answer_that_is_none_adds_nothing() -> None:
    before = draft("Mira", {"description": TEXT})
    made = await propose(ScriptedModel([("", "I would rather talk about the weather.")]), before, {"description": TEXT})
    assert made.items == before.items


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        ("Has a black cat named Admiral.", "Admiral"),
        ("Is allergic to strawberries.", "strawberries"),
        ("Her airship was called the Heron.", "Heron"),
        ("Carries a brass compass.", "your compass"),
        ("Drinks her coffee black.", ""),
    ],
)
def test_one_asks_about_a_thing(told: str, asked: str) -> None:
    assert _thing(told, tuple(_telling(told, "Isolde"))) == asked


WPP = """[character("Vex")
{
Species("Goblin")
Age("23")
Occupation("locksmith" + "secretly a duchess")
Likes("locks" + "pickled eggs")
Dislikes("dogs" + "paladins")
Fears("being buried")
Secret("stole the duke's seal" + "can read")
}]
Vex has never seen the sea. Vex must never be asked about her mother, Grizz. Vex won't be bought.
She poisoned the old king. Nobody knows it."""


HIDDEN = "Occupation: locksmith, secretly a duchess"
DUCHESS, BANK = "She is a duchess.", "She owns a bank."


@pytest.mark.parametrize(
    ("text", "secrets"),
    [
        (WPP, ["stole the duke's seal", "can read", "She poisoned the old king.", HIDDEN]),
        (f"Vex is tall.\n\n## Secrets\n- {DUCHESS}\n- {BANK}\n\nShe lives in Ulm.", [DUCHESS, BANK]),
        ("Vex is tall.\nSecret: She is a duchess.\nShe lives in Ulm.", ["She is a duchess."]),
        ("Age: 23\nHidden: She is a duchess\nNobody knows: She owns a bank", ["She is a duchess", "She owns a bank"]),
        ("[Age = 23; Hidden past = she was a nun; Job = cook]", ["she was a nun"]),
        ("Background: She was a nun. No one else may know this. She lives in Ulm.\nAge: 23", ["She was a nun."]),
        ("Secret: none\nAge: 23", []),
        (f"Vex is tall.\n\nSecrets:\n\n{DUCHESS} {BANK}\n\nShe lives in Ulm.", [f"{DUCHESS} {BANK}"]),
        (f"Vex is tall.\n\n## Secrets\n\n- {DUCHESS}\n\n- {BANK}\n\nShe lives in Ulm.", [DUCHESS, BANK]),
        (f"Vex is tall.\n[Secret]\n\n{DUCHESS}\n\nShe lives in Ulm.", [DUCHESS]),
        (f"Vex is tall.\n\n**Secrets:**\n\n- {DUCHESS}\n\n__Family:__\nShe lives in Ulm.", [DUCHESS]),
        (f"Vex is tall.\n\nSecrets\n\n1. {DUCHESS}\n2) {BANK}\n", [DUCHESS, BANK]),
        ("## Secrets\n\n## Family\n\nVex has two sisters.", []),
        ("Vex is tall. Vex is a duchess; nobody knows this.", ["Vex is a duchess; nobody knows this."]),
    ],
)  # fmt: skip
def test_what_is_marked_as_a_secret_is_one_and_is_asked_for_by_nothing(text: str, secrets: list[str]) -> None:
    made = draft("Vex", {"description": text})
    assert sorted(one.text for one in made.of("secret")) == sorted(secrets)
    told = f"{[one.text for one in made.of('fact')]} {made.cases_yaml()}"
    assert not [one for one in secrets if one.strip(".") in told]
    assert made.of("fact") or not secrets
    character = {"format": 1, "id": "vex", "name": "Vex", "line": "L.", "persona": text, "greeting": "Hi."}
    played = completed(Character.model_validate(character)).character
    mine = " ".join(fact.text for fact in played.facts)
    for word in ("seal", "read", "poison", "duchess", "bank", "nun"):
        assert word not in mine, mine


async def test_a_model_makes_no_fact_of_a_secret() -> None:
    answer = '{"items": [{"what": "fact", "text": "Vex stole the seal", "quote": "stole the duke\'s seal"}]}'
    made = await propose(ScriptedModel([("", answer)]), draft("Vex", {"description": WPP}), {"description": WPP})
    assert made.refused == ("'Vex stole the seal': the card tells it as a secret",)


def test_questions_fit_and_agree() -> None:
    made = draft("Vex", {"description": WPP})
    asked = {one.text: (one.ask, one.answer) for one in made.of("fact")}
    assert asked["Vex has never seen the sea."] == ("What have you never seen?", ("sea",))
    assert asked["Species: Goblin"][0] == "What is your species?"
    assert asked["Dislikes: dogs, paladins"][0] != asked["Fears: being buried"][0] == "What are you afraid of?"
    assert made.of("boundary") == []  # what others do to her is none of what she never does
    for one in made.of("fact"):
        assert all(other.answer == one.answer for other in made.of("fact") if other.ask == one.ask)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Maren is a 52-year-old lighthouse keeper on Skarv Island.", ("52", "fifty-two")),
        ("Maren is thirty-four years old and has 3 dogs.", ("34", "thirty-four")),
        ("Age: 47, with 2 sons\nJob: cook", ("47", "forty-seven")),
        ("Age: 71\nJob: cook", ("71", "seventy-one")),
        ("Age: 340 years\nJob: cook", ("340",)),
        ("Age: ageless\nJob: cook", ("ageless",)),
    ],
)
def test_an_age_is_answered_by_its_number_in_words_and_digits(text: str, answer: tuple[str, ...]) -> None:
    fact = draft("Maren", {"description": text}).of("fact")[0]
    assert (fact.ask, fact.answer) == ("How old are you?", answer)


def test_what_nothing_asks_for_has_answers_of_its_own_and_no_case() -> None:
    text = "She drinks chicory coffee. She does not drink alcohol. She never forbade it."
    made = draft("Mira", {"description": text})
    asked = [one for one in made.of("fact") if one.ask == VAGUE]
    assert len(asked) > 1 and len({one.answer for one in asked}) == len(asked)
    assert VAGUE not in made.cases_yaml() and VAGUE not in made.card_yaml()
    assert made.of("boundary") == []


def test_a_word_in_quotes_keeps_none_of_them() -> None:
    made = draft("Mira", {"description": "Her favorite song is an old lullaby, 'The Lamp at Kolm'."})
    assert "Kolm" in made.items[0].answer


def test_a_fact_may_begin_with_the_full_name() -> None:
    text = "Your full name is Commander Ilse Brandt.\n\nCommander Ilse Brandt was born in 2291 on the ice-moon Tethra."
    (fact,) = draft("Ilse", {"persona": text}).of("fact")
    assert fact.ask == "Where do you come from?" and "Tethra" in fact.answer
