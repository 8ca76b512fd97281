"""A form of address, where it stands naturally and nowhere twice."""

from __future__ import annotations

import pytest

from openroom.language.addressed import Addressing, addressed, asked_name, replaced
from openroom.language.text import first_word

CASES = [
    ("en", "captain", "Good evening.", "Good evening, captain."),
    ("en", "captain", "Yes, I do.", "Yes, captain, I do."),
    ("en", "captain", "Where are you from?", "Where are you from, captain?"),
    (
        "en",
        "captain",
        "I like the colour green, pears, and songs.",
        "Captain, I like the colour green, pears, and songs.",
    ),
    ("en", "captain", "The river is slow. It rains.", "The river is slow, captain. It rains."),
    ("en", "captain", "Good evening, Tom.", "Good evening, captain."),
    ("en", "captain", "Tom, sit down.", "Captain, sit down."),
    ("en", "captain", "*smiles*", "*smiles*"),
    ("en", "captain", 'She said "go".', 'Captain, she said "go".'),
    ("en", "captain", '"Go," said Tom.', '"Go," said Tom.'),
    ("en", "captain", "Are you a captain?", "Are you a captain?"),
    ("de", "Kapitän", "Das Wasser ist hoch.", "Das Wasser ist hoch, Kapitän."),
    ("de", "Kapitän", "Ja, das stimmt.", "Ja, Kapitän, das stimmt."),
    ("es", "capitán", "¿De dónde vienes?", "¿De dónde vienes, capitán?"),
    ("zh", "船长", "今天下雨了。", "今天下雨了，船长。"),
    ("zh", "船长", "是的，我知道。", "是的，船长，我知道。"),
    ("ja", "船長", "今日は雨ですね。", "今日は雨ですね、船長。"),
    ("ja", "船長", "はい、知っています。", "はい、船長、知っています。"),
    ("fr", "capitaine", "Bonsoir.", "Bonsoir."),
]


@pytest.mark.parametrize(("code", "form", "before", "after"), CASES)
def test_it_stands_where_people_put_it(code: str, form: str, before: str, after: str) -> None:
    assert addressed(before, form, code, (), names=("Tom",)) == after
    assert addressed(after, form, code, (), names=("Tom",)) == after


def test_it_does_not_stand_at_the_same_place_each_time() -> None:
    said: list[str] = []
    for line in ("The river is high.", "The boat is dry.", "The oars are new.", "The rain has stopped."):
        said.append(addressed(line, "captain", "en", said))
    assert said == [
        "The river is high, captain.",
        "Captain, the boat is dry.",
        "The oars are new, captain.",
        "Captain, the rain has stopped.",
    ]


def test_nine_replies_of_ten_have_it_and_not_every_one() -> None:
    said: list[str] = []
    for at in range(40):
        said.append(addressed(f"The river rose {at} inches today.", "captain", "en", said))
    having = [bool(first_word(["captain"], line)) for line in said]
    assert 0.9 <= sum(having) / len(having) < 1
    assert all(line.lower().count("captain") <= 1 for line in said)


def test_a_reply_has_it_once() -> None:
    address = Addressing("captain", "en", names=("Tom",))
    shown = ""
    for sentence in (
        "The water is high. ",
        "Sit down, captain. ",
        "Captain, the tea is hot. ",
        "The captain is asleep.",
    ):
        shown += address.put(sentence, shown)
    assert shown == "The water is high, captain. Sit down. The tea is hot. The captain is asleep."


def test_a_form_that_is_never_used_gives_its_place() -> None:
    address = Addressing("captain", "en", never=("dear", "customer"))
    assert address.without_never("Sit down, my dear.", "") == "Sit down, captain."
    assert address.without_never("Dear, sit down.", "") == "Captain, sit down."
    assert address.without_never("Sit down, dear.", "Hello, captain. ") == "Sit down."
    assert address.without_never("The customer is a dear.", "") == "The customer is a dear."


def test_an_authors_line_stays_as_it_is_and_a_word_of_it_is_no_line() -> None:
    address = Addressing("captain", "en", written=("Come in and sit where the light is.", "Yes. It rained."))
    assert address.put("Come in and sit where the light is.", "") == "Come in and sit where the light is."
    assert address.put("Yes.", "") == "Yes, captain."
    assert Addressing("captain", "en", written=address.written, recites=True).put("Yes.", "") == "Yes."


def test_an_able_model_is_left_alone_until_it_forgets() -> None:
    replies = ("It rains.", "It snows.")
    assert Addressing("captain", "en", said=replies, patience=3).put("It hails.", "") == "It hails."
    assert Addressing("captain", "en", said=(*replies, "So."), patience=3).put("It hails.", "") == "It hails, captain."
    kept = (*replies, "So it is, captain.")
    assert Addressing("captain", "en", said=kept, patience=3).put("It hails.", "") == "It hails."


def test_with_or_without_it_a_line_is_the_same() -> None:
    bare = Addressing("my friend", "en").bare
    assert bare("the river is high my friend") == bare("the river is high") == "the river is high"
    assert bare("my friend") == "my friend"


@pytest.mark.parametrize(
    ("code", "line", "name"),
    [
        ("en", "Please call me Ben.", "Ben"),
        ("en", "My name is Ben.", ""),
        ("de", "Nenn mich Uwe.", "Uwe"),
        ("es", "Llámame Ana.", "Ana"),
        ("zh", "请叫我小明吧。", "小明"),
        ("ja", "ケンと呼んでください。", "ケン"),
    ],
)
def test_who_asks_to_be_called_by_a_name_is_heard(code: str, line: str, name: str) -> None:
    assert asked_name(line, code) == name


def test_a_name_that_is_only_told_counts_where_the_card_says_so() -> None:
    assert asked_name("My name is Ben.", "en", introduced=True) == "Ben"
    assert asked_name("Ich heiße Uwe und komme aus Ulm.", "de", introduced=True) == "Uwe"


def test_what_is_said_of_somebody_stays() -> None:
    assert replaced("I saw the captain, and he saw me.", "captain", "", "en") == "I saw the captain, and he saw me."
