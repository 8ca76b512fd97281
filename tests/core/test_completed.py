"""What is made for a plain card, and how it yields to what its author wrote."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from openroom.core.character import Character
from openroom.core.completed import MADE_KIND, Completed, completed
from openroom.core.harness import Example, Guards
from openroom.language.data.made.made import MADE
from openroom.language.data.made.parts import fallbacks
from openroom.language.detect import guess_language
from openroom.language.honesty import asks_what_you_are
from openroom.language.sentences import sentences
from openroom.library.library import Library

ROOT = Path(__file__).parents[2]
SHIPPED = Library([ROOT / "characters", ROOT / "benchmarks" / "cards"], [ROOT / "scenes"]).characters


def card(persona: str, **more: object) -> Character:
    given = {"format": 1, "id": "bo", "name": "Bo", "line": "A ferryman.", "persona": persona, "greeting": "Come in."}
    return Character.model_validate({**given, **more})


def keys(found: Completed) -> set[str]:
    return {item.key.split(".made_")[0] for item in found.made}


def said(found: Completed) -> dict[str, str]:
    return {one.heard: one.say for one in found.examples}


@pytest.mark.parametrize("name", ["amparo", "edda", "mira", "oskar", "pim", "tobias", "yuki"])
def test_a_card_that_shows_how_it_talks_stays_as_it_is(name: str) -> None:
    found = completed(SHIPPED[name])
    assert found.made == ()
    assert found.character == SHIPPED[name]
    harness = SHIPPED[name].harness()
    assert found.harness(harness) is harness


def test_prose_becomes_facts_and_facts_become_talk() -> None:
    found = completed(SHIPPED["harlan"])
    told = [fact.text for fact in found.character.facts]
    assert "My boat is painted yellow, because my daughter chose the colour when she was five." in told
    assert all(fact.kind == MADE_KIND for fact in found.character.facts)
    assert dict(found.answers)["Who are you?"] == "I am Harlan Voss, a ferryman on the river Anner."
    assert dict(found.answers)["What do you have in your pocket?"].startswith("In my pocket I carry a brass whistle")
    assert found.of is SHIPPED["harlan"]
    feelings = {one.heard: one.emotion for one in found.examples}
    assert feelings["My sister is ill."] == "worried"
    assert feelings["I have good news!"] == "happy"
    assert "Who are you?" not in feelings, "a small model would say it to anything"


def test_a_list_of_attributes_becomes_sentences() -> None:
    found = completed(SHIPPED["nima"])
    told = [fact.text for fact in found.character.facts]
    assert "I am an apprentice glassblower." in told
    assert "I come from Pelt, a village of salt makers four days to the south." in told
    assert "I like the colour green, pears, early mornings and being asked how things are made." in told
    assert not [text for text in told if "tower" in text or "they" in text]
    assert said(found)["What do you do?"] == "I am an apprentice glassblower."


@pytest.mark.parametrize(
    ("code", "persona", "asked", "answer"),
    [
        ("de", "Du bist Fährmann auf der Weser. Du lebst allein und hast zwei Katzen.", "Wo wohnst du?",
         "Ich lebe allein und habe zwei Katzen."),
        ("de", "Alter: 40\nBeruf: Fährmann, seit Langem\nHerkunft: Bremen", "Was machst du?", "Ich bin Fährmann."),
        ("es", "Eres barquero en el río Duero. Vives en una casa junto al agua.", "¿Dónde vives?",
         "Vivo en una casa junto al agua."),
        ("es", "Edad: 40\nOficio: barquero\nOrigen: Zamora", "¿De dónde vienes?", "Vengo de Zamora."),
        ("zh", "你是河上的船夫。你住在老磨坊。", "你住在哪里？", "我住在老磨坊。"),
        ("zh", "年龄：40\n职业：船夫\n喜欢：梨、清晨、雨", "你喜欢什么？", "我喜欢梨、清晨和雨。"),
        ("ja", "あなたは川の渡し守だ。あなたは古い水車小屋に住んでいる。", "どこに住んでいますか。",
         "私は古い水車小屋に住んでいる。"),
        ("ja", "年齢：40\n職業：渡し守\n好きなもの：梨、朝、雨", "お仕事は何ですか。", "渡し守です。"),
    ],
)  # fmt: skip
def test_it_speaks_the_language_of_its_card(code: str, persona: str, asked: str, answer: str) -> None:
    found = completed(card(persona, language=code))
    talk = said(found)
    assert talk[asked] == answer
    assert all(guess_language(f"{heard} {say}") == code for heard, say in talk.items() if "Bo" not in say)
    assert found.character.voice.fallbacks == fallbacks(MADE[code])


def test_a_card_that_does_not_say_its_language_is_read_by_its_prose() -> None:
    found = completed(card("Du bist Fährmann auf der Weser. Du lebst allein und hast zwei Katzen."))
    assert found.character.voice.fallbacks == fallbacks(MADE["de"])


def test_orders_of_the_prose_are_seen_to() -> None:
    persona = "You row people over. You call visitors captain. It is 1890. You have never heard of football."
    found = completed(card(persona, rules=["Never more than one sentence.", 'Never says "okay".']))
    voice, knows = found.character.voice, found.character.knowledge
    assert (voice.address, voice.banned) == ("captain", ("okay",))
    assert (knows.until, knows.period, knows.unknown) == (1890, "1890", ("football",))
    played = found.harness(card(persona).harness())
    assert played.guards.max_sentences == 1
    assert 'Call whom you speak to "captain".' in played.guards.reminder
    assert "1890" in played.guards.reminder
    assert said(found)["What do you think of football?"] == "I have never heard of that, captain. What is it?"
    assert all("captain" in say.lower() for say in said(found).values())


def test_what_the_author_wrote_stands_item_by_item() -> None:
    persona = "You are a ferryman. You call visitors captain. You live by the mill. It is 1890. You like pears."
    wrote = card(
        persona,
        voice={"address": "sailor", "fallbacks": ["The water is high."]},
        knowledge={"period": "the Middle Ages", "until": 1400},
        facts=[{"id": "home", "text": "Lives by the mill.", "ask": ["Where do you live?"], "answer": ["mill"]}],
        examples=[{"heard": "Hello!", "say": "Ahoy."}],
        guards={"reminder": "Be brief.", "facts_at_hand": 0},
    )
    found = completed(wrote)
    assert found.character.voice.address == "sailor"
    assert found.character.voice.fallbacks == ("The water is high.",)
    assert found.character.knowledge == wrote.knowledge
    assert [fact.text for fact in found.character.facts if fact.kind != MADE_KIND] == ["Lives by the mill."]
    assert "I live by the mill." not in [fact.text for fact in found.character.facts]
    played = found.harness(wrote.harness())
    assert (played.guards.reminder, played.guards.facts_at_hand) == ("Be brief.", 0)
    assert played.examples[0] == Example(id="author_1", heard="Hello!", say="Ahoy.")
    assert [one.heard for one in played.examples].count("Hello!") == 1
    assert "guards.reminder" not in keys(found)


def test_one_fact_of_the_authors_takes_none_away_that_the_prose_tells() -> None:
    """Nor where the card shows how it talks: what is copied from a draft makes nobody forget the rest."""
    examples = [{"heard": f"Question {n}?", "say": f"Answer {n}."} for n in range(3)]
    persona = 'Age("27")\nFamily("Younger brother Tobin, a ferryman")\nLikes("rain")'
    brother = {"id": "brother", "text": "Her younger brother Tobin is a ferryman.", "ask": ["Do you have a brother?"]}
    without, with_one = (
        completed(card(persona, examples=examples, facts=facts, pronouns="she/her")) for facts in ([], [brother])
    )
    asked = dict(with_one.answers)
    assert asked["How old are you?"] == dict(without.answers)["How old are you?"] == "I am 27 years old."
    assert asked["Do you have a brother?"] == "My younger brother Tobin is a ferryman."
    assert [fact.text for fact in with_one.character.facts if "Tobin" in fact.text] == [brother["text"]]


def test_a_version_with_examples_of_its_own_gets_none_of_ours() -> None:
    found = completed(SHIPPED["harlan"])
    own = [Example(id=f"e{n}", heard=f"Question {n}?", say=f"Answer {n}.") for n in range(3)]
    version = SHIPPED["harlan"].harness().model_copy(update={"examples": own})
    assert found.harness(version).examples == tuple(own)
    off = version.model_copy(update={"examples": (), "order": ("rules",)})
    assert found.harness(off).examples == ()


def test_the_version_itself_is_left_as_it_was() -> None:
    harness = SHIPPED["harlan"].harness()
    digest = harness.digest
    played = completed(SHIPPED["harlan"]).harness(harness)
    assert len(played.examples) >= 5
    assert (harness.digest, harness.examples) == (digest, ())
    assert played.guards == harness.guards.model_copy(update={"facts_at_hand": 1})
    assert harness.guards == Guards(max_sentences=3)


def test_secrets_do_not_come_out_in_what_is_made() -> None:
    persona = "You keep a garden. You buried the gold under the pear tree. You like pears."
    secret = {"id": "gold", "text": "The gold is under the tree.", "words": ["gold"], "never": True}
    found = completed(card(persona, secrets=[secret]))
    assert [fact.text for fact in found.character.facts] == ["I keep a garden.", "I like pears."]
    assert not [item for item in found.made if "gold" in f"{item.text} {item.source}"]


def test_who_has_no_words_gets_none() -> None:
    found = completed(card("You are a cat. You cannot speak, you only purr.", greeting="Prrrt!"))
    assert found.examples == ()
    assert found.character.voice.fallbacks == ()


def test_an_honest_question_is_never_answered_by_what_is_made() -> None:
    for one in SHIPPED.values():
        for example in completed(one.model_copy(update={"examples": ()})).examples:
            assert not asks_what_you_are(example.heard, one.name)


def test_lines_for_no_answer_differ_from_their_neighbours() -> None:
    for code, words in MADE.items():
        lines = fallbacks(words)
        assert len(set(lines)) == len(lines) == 16
        assert all(guess_language(line) == code for line in lines)
        for one, next_one in pairwise(lines):
            assert set(sentences(one)).isdisjoint(sentences(next_one))


def test_all_that_was_made_says_what_from() -> None:
    for one in ("harlan", "nima"):
        found = completed(SHIPPED[one])
        made = {item.key for item in found.made}
        assert {f"examples.{example.id}" for example in found.examples} <= made
        assert {f"facts.{fact.id}" for fact in found.character.facts} <= made
        assert all(item.text and item.source for item in found.made)


def test_who_she_is_is_known_from_what_was_just_told() -> None:
    found = completed(card("You row a boat. Your daughter lives in the city; she writes to you every Sunday."))
    told = {fact.text: fact.ask for fact in found.character.facts}
    assert "Do you have children?" in told["My daughter writes to me every Sunday."]
    unsure = completed(card("Your daughter and your sister live far away; she writes to you every Sunday."))
    assert not any("writes" in fact.text for fact in unsure.character.facts)


def test_what_speaks_of_itself_by_name_is_known() -> None:
    assert completed(card("You are Bo.", rules=["Speak of yourself as Bo, never as I."])).by_name
    assert not completed(card("You are Bo. You speak of your daughter in the evening.")).by_name
