"""Macros: filled in where it can be known what is meant, drawn the same way each time, and never a way in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroom.core.macros import MOST_CHARACTERS, Values, expand, filled, read_card, unknown_in, was_said
from tests.core.worlds import character
from tests.growth import LINEAR, growth

ANN = Values("Mira", "Ann", "the original", "16:05", "29 November 2026", "Sunday", "seed", "stable")


def test_the_characters_name_stands_for_itself_wherever_it_is_written() -> None:
    card = character(
        "mira",
        persona="{{Char}} minds the inn and watches {{user}}.",
        line="<BOT>'s inn.",
        facts=[{"id": "age", "text": "{{ char }} is old, older than <user>."}],
        voice={"fallbacks": ["Hm, {{user}}."]},
        greeting="I am {{char}}, {{user}}.",
        examples=[{"heard": "Hi {{char}}", "say": "Hello, {{user}}."}],
    )
    assert card.persona == "Mira minds the inn and watches the visitor."
    assert card.line == "Mira's inn."
    assert card.facts[0].text == "Mira is old, older than the visitor."
    assert card.greeting == "I am Mira, {{user}}.", "whom it is said to is known when it is said"
    assert (card.examples[0].heard, card.examples[0].say) == ("Hi Mira", "Hello, {{user}}.")
    assert card.voice.fallbacks == ("Hm, {{user}}.",)


@pytest.mark.parametrize("written", ["{{user}}", "{{User}}", "{{ USER }}", "<user>", "<USER>"])
def test_a_line_is_said_to_somebody(written: str) -> None:
    assert filled(f"Well, {written}!", ANN) == "Well, Ann!"
    tricky = Values(user=r"\1 {{user}} {{random:a,b}}", seed="s")
    assert filled(f"Well, {written}!", tricky) == r"Well, \1 {{user}} {{random:a,b}}!", "a name is taken as it is"


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("{{char}} and {{user}}", "Mira and Ann"),
        ("{{original}}, and more", "the original, and more"),
        ("{{time}} {{ Date }} {{WEEKDAY}}", "16:05 29 November 2026 Sunday"),
        ("a{{// a note, {{user}} }}b{{comment: x}}{{noop}}", "ab"),
        ("one{{newline}}two", "one\ntwo"),
        ("one\n\n{{trim}}\n\ntwo", "onetwo"),
        ("\n{{// gone }}\n{{trim}}\ntwo", "two"),
        ("{{random:{{user}}}}", "Ann"),
        ("{{random::{{char}}, the elder}}", "Mira"),
        ("{{random: only\\, this }}", "only, this"),
        ("{{{user}}}", "{Ann}"),
        ("{{user", "{{user"),
        ("user}}", "user}}"),
        ("{{random:{{user}}", "{{random:Ann"),
        ("{{strange {{user}}}}", "{{strange Ann}}"),
        ("{{char x}}{{}}{{random}}{{random:,}}{{roll:x}}", "{{char x}}{{}}{{random}}{{random:,}}{{roll:x}}"),
    ],
)
def test_what_a_macro_stands_for(text: str, result: str) -> None:
    if text == "{{random::{{char}}, the elder}}":
        assert filled(text, ANN) in ("Mira", "the elder")
        return
    assert filled(text, ANN) == result


def test_draws_are_one_of_the_list_and_agree_with_their_seed() -> None:
    seen = {filled("{{random:a, b,c}}", Values(seed=str(n))) for n in range(60)}
    assert seen == {"a", "b", "c"}
    assert {filled("{{random::a, b::c}}", Values(seed=str(n))) for n in range(60)} == {"a, b", "c"}
    rolls = {int(filled("{{roll:2d6+1}}", Values(seed=str(n)))) for n in range(300)}
    assert rolls == set(range(3, 14))
    assert int(filled("{{roll d6}}", Values(seed="x"))) in range(1, 7) and filled("{{ROLL::6}}", ANN).isdigit()
    again = [filled("{{random:a,b,c}} {{random:a,b,c}} {{roll:d1000}}", ANN) for _ in range(3)]
    assert len(set(again)) == 1


def test_a_pick_stays_while_a_random_changes() -> None:
    text = "{{pick:a,b,c,d,e,f,g,h}}"
    assert len({filled(text, Values(seed=str(n), stable="room")) for n in range(20)}) == 1
    assert len({filled(text, Values(seed="turn", stable=str(n))) for n in range(60)}) == 8


def test_what_comes_out_of_a_macro_is_not_cut_into_choices() -> None:
    duke = Values(user="Ann, Duke :: of York", seed="s")
    assert {filled("{{random:{{user}},x}}", Values("C", duke.user, seed=str(n))) for n in range(20)} == {duke.user, "x"}


def test_what_has_no_value_stays_and_is_reported() -> None:
    found = expand("{{user}} {{mood}} {{random:a,{{user}}}} {{time}} {{mood}}", Values(char="Mira"))
    assert found.text == "{{user}} {{mood}} {{random:a,{{user}}}} {{time}} {{mood}}"
    assert found.left == ("{{user}}", "{{mood}}", "{{random:a,{{user}}}}", "{{time}}")
    assert expand("{{random:{{mood}},b}}", Values(seed="s")).left == ("{{mood}}",)


def test_what_is_unknown_on_a_card_is_found() -> None:
    card = "{{user}} {{random: a, b}} {{char}} {{original}} {one} {{}} {{time}} {{roll:x}}"
    assert unknown_in(card) == ("{{original}}", "{{}}", "{{roll:x}}")
    assert unknown_in(card, spoken=False) == ("{{original}}", "{{}}", "{{time}}", "{{roll:x}}")


def test_a_card_is_read_the_same_each_time_and_once() -> None:
    card = {"persona": "{{random:a,b}} {{pick:c,d}}{{// note}}", "greeting": "{{random:a,b}} {{char}}"}
    read = read_card(card, "Mira", "mira")
    assert read["greeting"] == "{{random:a,b}} Mira" and "{" not in read["persona"]
    assert read_card(read, "Mira", "mira") == read == read_card(card, "Mira", "mira")


@pytest.mark.parametrize(
    ("line", "text", "was"),
    [
        ("Hi, {{user}}.", "Hi, Bert.", True),
        ("Hi, {{user}}.", "Hi, Bert!", False),
        ("{{random:Hi,Ho}}, {{user}}: {{roll:d6}} left.", "Ho, Bert: 3 left.", True),
        ("{{random:Hi,Ho}}, {{user}}: {{roll:d6}} left.", "Ho, Bert: 3 right.", False),
        ("{{random:{{user}},x}} comes.", "Bert comes.", True),
        ("Hm.", "Hm.", True),
        ("Hm.", "Hm", False),
    ],
)
def test_a_line_that_was_said_is_known_again(line: str, text: str, was: bool) -> None:
    assert was_said(line, text) is was


def test_a_long_line_is_known_by_how_it_begins() -> None:
    line = "Come in, {{user}}, and mind the dog. " + "It is late. " * 40
    assert was_said(line, filled(line, ANN)[:200], whole=False)
    assert not was_said(line, "Come in, Ann, and mind the cat. It is late.", whole=False)
    assert was_said("It is late. " * 40, ("It is late. " * 40)[:100], whole=False)


def test_the_result_is_bounded() -> None:
    found = expand("{{original}}" * 1000, Values(original="x" * 20_000))
    assert len(found.text) <= MOST_CHARACTERS and found.cut
    assert not expand("{{user}}", ANN).cut


@pytest.mark.parametrize("unit", ["{{", "}}", "{{user}}", "{{random:a,", "{{{", "{{random:{{user}},b}}", "{{trim}}\n"])
def test_work_grows_with_the_text(unit: str) -> None:
    assert growth(lambda times: expand(unit * (500 * times), ANN)) < LINEAR


@given(st.text(st.sampled_from("{}:,/\\ \nabduser<>"), max_size=200))
def test_any_text_gives_a_text_and_the_same_one(text: str) -> None:
    found = expand(text, ANN)
    assert found == expand(text, ANN) and isinstance(found.text, str)
    assert unknown_in(text) is not None and was_said(text, text) in (True, False)
