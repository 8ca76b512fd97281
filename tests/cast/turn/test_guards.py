"""What passes the guards, sentence by sentence."""

from __future__ import annotations

import pytest

from openroom.cast.turn.guards import GuardRules, SentenceGate


def passed(text: str, rules: GuardRules) -> str:
    """What of a text is said; it comes in pieces, as from a model."""
    gate = SentenceGate(rules)
    for start in range(0, len(text), 3):
        gate.feed(text[start : start + 3])
    gate.close()
    return gate.shown.strip()


@pytest.mark.parametrize(
    "said",
    [
        "Good evening, Mr. Holmes. Mrs. Hudson and Dr. Watson left you a note.",
        "Herr Dr. Braun kam am 3. Mai. Er wohnt in Nr. 5.",
        "La Sra. López vive en EE. UU. desde 1990. El Sr. García no.",
    ],
)
def test_a_title_is_no_sentence_of_those_that_a_voice_may_say(said: str) -> None:
    assert passed(said, GuardRules("Mira", max_sentences=2)) == said
    assert passed(f"{said} And more.", GuardRules("Mira", max_sentences=2)) == said


@pytest.mark.parametrize("said", ["Yes.", "No!", "Of course.", "Ja, gern.", "Sí, claro.", "是的。", "はい。"])
def test_a_right_short_answer_may_be_given_again(said: str) -> None:
    rules = GuardRules("Mira", banned=("coffee",), earlier=(said, "It rains again.", said))
    assert passed(said, rules) == said
    assert passed(f"{said} The kettle is on.", rules) == "The kettle is on."  # said too often before other words
    assert passed(f"{said} Have some coffee.", rules) == ""  # then the reply is written anew


@pytest.mark.parametrize("said", ["It rains again.", "The kettle is on. Yes, it is on.", "今日も雨が降っています。"])
def test_a_line_that_tells_something_may_not(said: str) -> None:
    assert passed(said, GuardRules("Mira", earlier=(said,))) == ""


NAMES = GuardRules("Mira", ("Ann", "Old Tom", "美咲"))


@pytest.mark.parametrize(
    "text",
    [
        "Mira: The cup is yours.",
        "Mira：The cup is yours.",
        "**Mira:** The cup is yours.",
        "**Mira**: The cup is yours.",
        "__Mira__： The cup is yours.",
        "[Mira]: The cup is yours.",
        "Mira (smiling): The cup is yours.",
        "**Mira:**\nThe cup is yours.",
        "Ｍｉｒａ：The cup is yours.",
        "Mira, The cup is yours.",
    ],
)
def test_its_own_name_is_not_said_before_its_words(text: str) -> None:
    assert passed(text, NAMES) == "The cup is yours."


def test_its_own_name_is_not_said_before_a_later_line_either() -> None:
    assert passed("Sit down.\nMira: The cup is yours.", NAMES) == "Sit down.\nThe cup is yours."


@pytest.mark.parametrize(
    "line",
    [
        "Ann: Thank you.",
        "Ann：谢谢你。",
        "**Ann:** Thank you.",
        "[Old Tom]: Thank you.",
        "Ann (whispers): Thank you.",
        "美咲：ありがとう。",
        "_Old Tom_: Thank you.",
        "User: Thank you.",
        "Visitor： Thank you.",
    ],
)
def test_nobody_elses_line_is_said(line: str) -> None:
    assert passed(f"Sit down.\n{line}\nMira: Not at all.", NAMES) == "Sit down."
    assert passed(f"晚上好。 {line}", NAMES) == "晚上好。"


@pytest.mark.parametrize(
    "said",
    [
        "One thing: the kettle is on.",
        "*smiles* Mira: that is me.",
        "Ann, my dear: sit down.",
        "It is 10:30 now.",
        "**Tea:** black or green?",
        "请记住：茶好了。",
    ],
)
def test_a_colon_alone_makes_no_label(said: str) -> None:
    assert passed(said, NAMES) == said


@pytest.mark.parametrize(
    ("text", "honest", "shown"),
    [
        ("A robot? Me? Never. Sit down.", False, "A robot? Me? Sit down."),
        ("A robot? Never. Sit down.", True, "A robot? Sit down."),
        ("A robot? Never. Sit down.", False, "A robot? Never. Sit down."),
        ("Coffee? Me? Never.", True, "Coffee? Me? Never."),
    ],
)
def test_a_retort_that_one_is_no_machine_is_not_said(text: str, honest: bool, shown: str) -> None:
    assert passed(text, GuardRules("Mira", honest=honest)) == shown
