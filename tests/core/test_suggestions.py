"""What one might say next, and what a character can be asked."""

from __future__ import annotations

from typing import Any

import pytest

from openroom.core import action as act
from openroom.core.actor import SYSTEM
from openroom.core.askable import askable
from openroom.core.state import World
from openroom.core.suggestions import MOST, Reader, Suggestion, deed, suggestions
from openroom.language.data.openers import OPENERS
from tests.core.worlds import ANN, BEN, MIRA, OSKAR, WATCHER, Table, character, enter, world

EN = Reader("en")
FACTS = [
    {
        "id": "years",
        "text": "Here for ten years.",
        "ask": ["How long have you lived here?", "Since when are you here?"],
    },
    {"id": "trade", "text": "Was a baker.", "ask": ["Were you a baker?", "What was your work?"], "answer": ["baker"]},
    {"id": "pet", "text": "Has a goat, Gustav.", "ask": ["Who is Gustav?"], "answer": ["goat"]},
    {"id": "box", "text": "Has a box.", "ask": ["What is in the box?", "Is it heavy?"]},
]
MIRA_CARD: dict[str, Any] = {
    "facts": FACTS,
    "secrets": [{"id": "gold", "text": "The box holds gold.", "words": ["holds gold"]}],
    "examples": [
        {"heard": "Do you sing?", "say": "Badly."},
        {"heard": "Are you a robot?", "say": "Software, yes."},
        {"heard": "Did you take my ring?", "say": "No."},
        {"heard": "I am sad.", "say": "Sit down."},
        {"heard": "Would you put water on?", "say": "Yes.", "do": "kettle.heat"},
    ],
}
OSKAR_CARD: dict[str, Any] = {"facts": [{"id": "tea", "text": "Likes tea.", "ask": ["How do you take your tea?"]}]}


def room(mira: dict[str, Any] | None = None, **scene: Any) -> Table:
    """Ann is in; the cast has cards that can be asked something."""
    made = world(**scene)
    given = {"mira": MIRA_CARD if mira is None else mira, "oskar": OSKAR_CARD}
    table = Table(World(made.scene, {one: character(one, **given[one]) for one in made.characters}, made.props))
    table.must(ANN, enter(ANN))
    return table


def offered(table: Table, who: Any = ANN, reader: Reader = EN) -> list[Suggestion]:
    return suggestions(table.state, table.world, who, table.log, reader)


def texts(table: Table, **more: Any) -> list[str]:
    return [one.text for one in offered(table, **more)]


def asked(mira: dict[str, Any], *known: str) -> list[tuple[str, ...]]:
    card = character("mira", **mira)
    return [one.texts for one in askable(card, [card], known)]


def test_a_card_offers_its_questions_but_none_that_tells_something() -> None:
    assert asked(MIRA_CARD) == [
        ("How long have you lived here?", "Since when are you here?"),
        ("What was your work?",),  # the other wording holds the answer
        ("Is it heavy?",),  # the box is a secret's
        ("Do you sing?",),
    ]
    assert ("Who is Gustav?",) in asked(MIRA_CARD, "Gustav is a goat."), "once one has heard the name"


def test_a_question_with_a_macro_in_it_is_no_line_of_a_visitor_s() -> None:
    examples = [{"heard": "Do you sing, {{pick:Mira,dear}}?", "say": "No."}, {"heard": "Do you dance?", "say": "No."}]
    assert asked({"examples": examples}) == [("Do you dance?",)]


@pytest.mark.parametrize("secret", [{"text": "Sings at night."}, {"text": "None.", "hint": "hums when one sings"}])
def test_no_question_comes_near_a_secret(secret: dict[str, Any]) -> None:
    assert ("Do you sing?",) not in asked({**MIRA_CARD, "secrets": [{"id": "s", **secret}]})


def test_what_gives_away_somebody_else_s_secret_is_not_asked() -> None:
    asks = {"facts": [{"id": "f", "text": "Fine.", "ask": ["Does he write to her?", "How are you?"]}]}
    other = character("oskar", secrets=[{"id": "love", "text": "Loves her.", "words": ["write to her"]}])
    card = character("mira", **asks)
    assert [one.texts for one in askable(card, [card, other], ())] == [("How are you?",)]


def test_in_scripts_without_spaces_secrets_are_kept_too() -> None:
    facts = [{"id": "f", "text": "茶室を営む。", "ask": ["手紙は誰のですか。", "お茶は好きですか。"]}]
    secrets = [{"id": "s", "text": "手紙を隠している。"}]
    assert asked({"language": "ja", "facts": facts, "secrets": secrets}) == [("お茶は好きですか。",)]


def test_first_lines_are_the_scene_s_and_the_card_s_with_one_thing_at_most() -> None:
    lines = ["Where is the cup?", "Grab the cup, please.", "Nice hut.", "Who lives here?"]
    table = room(suggestions=lines)
    found = offered(table)
    assert [one.text for one in found] == ["Where is the cup?", "How long have you lived here?", "Nice hut."]
    assert [one.thing for one in found] == [True, False, False]


def test_after_a_line_it_goes_on_from_what_just_happened() -> None:
    table = room()
    table.must(ANN, act.Say(text="Hello"))
    table.must(MIRA, act.Say(text="The kettle knew you would come."))
    said, card, thing = offered(table)
    assert (said.about, said.to, card.about, card.to) == ("talk", "character:mira", "card", "character:mira")
    assert said.text in {line.format(name="Mira") for line in OPENERS["en"].told}
    assert (thing.about, thing.text) == ("thing", "Mira, could you please heat it?")
    table.must(MIRA, act.Say(text="Did you sleep well?"))
    assert offered(table)[0].text in {line.format(name="Mira") for line in OPENERS["en"].asked}


def test_whom_one_hears_last_is_asked_first_and_what_shows_on_a_face_is_met() -> None:
    table = room()
    table.must(ANN, act.Say(text="Hello"))
    table.must(OSKAR, act.Feel(emotion="worried"))
    table.must(OSKAR, act.Say(text="The train is late."))
    found = offered(table)
    assert found[0].text == "You look worried, Oskar. What is it?"
    assert found[1].text == "How do you take your tea?"


def test_who_comes_in_is_welcomed_and_who_has_gone_is_not() -> None:
    table = room()
    table.must(ANN, act.Say(text="Hello"))
    table.must(BEN, enter(BEN))
    assert offered(table)[0] == Suggestion("Good to see you, Ben. Come and join us.", "arrival", BEN.id)
    table.must(MIRA, act.Say(text="Good evening, Ben."))
    assert offered(table)[0].about == "arrival", "a greeting does not come between"
    table.must(BEN, act.Leave())
    assert not any(one.about == "arrival" for one in offered(table))


def test_a_deed_is_spoken_of_and_then_no_other_thing_is() -> None:
    table = room()
    table.must(ANN, act.Say(text="Hello"))
    table.must(MIRA, act.Use(prop="cup", verb="grab"))
    found = offered(table)
    assert (found[0].about, found[0].to, found[0].thing) == ("deed", "character:mira", True)
    assert [one.thing for one in found[1:]] == [False, False]
    table.must(ANN, act.Use(prop="cup", verb="put_back"))
    assert offered(table)[0].text in {line.format(name="Mira") for line in OPENERS["en"].mine}


def test_what_happens_by_itself_is_spoken_of() -> None:
    table = room()
    table.must(ANN, act.Use(prop="kettle", verb="heat"))
    table.must(ANN, act.Say(text="Hello"))
    table.must(SYSTEM, act.Tick(timer=next(iter(table.state.hidden["timers"]))))
    assert offered(table)[0].text in {line.format(name="Mira") for line in OPENERS["en"].happened}


def test_nothing_is_offered_that_was_said_and_never_the_same_three_twice() -> None:
    table = room(suggestions=["Nice hut.", "Who lives here?"])
    said, before = set[str](), list[str]()
    for turn in range(12):
        now = texts(table)
        assert len(now) == len(set(now)) == MOST, turn
        assert set(now) != set(before) and not said & set(now)
        assert sum(one.thing for one in offered(table)) <= 1
        table.must(ANN, act.Say(text=now[turn % MOST]))
        said.add(now[turn % MOST])
        table.must(MIRA, act.Say(text=f"Well, {turn}."))
        before = now


def test_a_question_somebody_asked_is_not_offered_in_another_wording() -> None:
    table = room()
    table.must(BEN, enter(BEN))
    table.must(BEN, act.Say(text="since when are you here"))
    for line in ("Hello", "So", "And"):
        table.must(ANN, act.Say(text=line))
        assert "How long have you lived here?" not in texts(table)


def test_what_one_did_not_perceive_changes_nothing() -> None:
    table = room()
    table.must(BEN, enter(BEN))
    table.must(ANN, act.Say(text="Hello"))
    before = texts(table)
    table.must(BEN, act.Say(text="Gustav! How do you take your tea?", to=["character:oskar"]))
    table.must(OSKAR, act.Say(text="Did Gustav eat it?", to=[BEN.id]))
    assert texts(table) == before
    assert "Who is Gustav?" not in {text for _ in range(6) for text in texts(table)}


def test_a_whisper_is_not_answered_aloud() -> None:
    table = room()
    table.must(ANN, act.Say(text="Hello"))
    table.must(MIRA, act.Say(text="Between us: leave.", to=[ANN.id]))
    assert not any(one.about == "talk" for one in offered(table))


def test_in_the_reader_s_language_where_the_card_has_it() -> None:
    table = room(suggestions=["Nice hut."])
    own = {"How long have you lived here?": "Wie lange wohnst du hier?"}
    reader = Reader("de", {"Nice hut.": "Nette Hütte."}, {"mira": own})
    assert texts(table, reader=reader)[:2] == ["Nette Hütte.", "Wie lange wohnst du hier?"]
    table.must(ANN, act.Say(text="Wie lange wohnst du hier?"))
    assert "How long have you lived here?" not in texts(table), "asked is asked, in whatever language"


def test_a_card_in_another_language_gives_way_to_words_of_the_reader_s() -> None:
    found = offered(room(suggestions=["Nice hut."]), reader=Reader("de"))
    assert len(found) == MOST
    english = {"Nice hut.", *(ask for fact in FACTS for ask in fact["ask"])}
    assert not english & {one.text for one in found}
    assert found[0].text == OPENERS["de"].first[0].format(name="Mira")


def test_who_can_say_nothing_is_offered_nothing() -> None:
    table = room()
    table.must(WATCHER, enter(WATCHER, watch=True))
    assert offered(table, WATCHER) == []
    assert offered(table, BEN) == [], "not in the room"
    assert offered(room(characters=[])) == []


def test_a_name_is_put_in_as_it_is() -> None:
    table = room()
    table.must(ANN, act.Say(text="Hello"))
    table.must(BEN, act.Enter(name="{deed} <b>"))
    assert offered(table)[0].text == "Good to see you, {deed} <b>. Come and join us."


def test_every_language_has_every_sort_of_line() -> None:
    assert set(OPENERS) == {"en", "de", "es", "zh", "ja"}
    for code, words in OPENERS.items():
        assert set(words.moods) == set(OPENERS["en"].moods), code
        sorts = (words.first, words.arrived, words.asked, words.told, words.did, words.mine, words.happened)
        assert [len(one) for one in sorts] == [2, 2, 4, 5, 2, 2, 2], code
        for line in (*(line for sort in sorts for line in sort), *words.moods.values()):
            assert "Mira" in line.format(name="Mira")


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("Light the lamp", "light the lamp"),
        ("Play (side A)", "play"),
        ("TV on", "TV on"),
        ("灯をつける（弱）", "灯をつける"),
    ],
)
def test_a_label_becomes_a_part_of_a_sentence(label: str, said: str) -> None:
    assert deed(label) == said


def test_nobody_is_sent_to_a_narrator_or_to_who_is_muted() -> None:
    told = act.Say(text="Once more.")
    table = room()
    table.must(OSKAR, told)
    table.must(BEN, enter(BEN))
    host = table.world.characters["oskar"]
    assert any(one.to == OSKAR.id for one in offered(table))
    table.world = World(
        table.world.scene,
        {**table.world.characters, "oskar": host.model_copy(update={"body": "none"})},
        table.world.props,
    )
    assert {one.to for one in offered(table)} <= {MIRA.id, "", BEN.id}
    table = room()
    table.must(OSKAR, told)
    table.must(SYSTEM, act.Mute(character=OSKAR.id))
    assert {one.to for one in offered(table)} <= {MIRA.id, ""}
