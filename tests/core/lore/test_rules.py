"""One test for each rule by which an entry of a lorebook is in or out."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from openroom.core.lore.book import FOR_GOOD, Lore
from openroom.core.lore.judge import judge
from openroom.core.lore.match import Key
from openroom.core.lore.moment import Timer
from openroom.core.lore.timers import wound
from tests.core.lore.books import book, ids, lit, moment, why


def test_an_entry_is_in_when_one_of_its_keys_is_found() -> None:
    lore = book({"keys": ["lighthouse", "beacon"]})
    assert lit(lore, "The beacon is dark.") == ["e0"]
    assert lit(lore, "Nothing of it.") == []
    assert judge(lore, moment("The beacon is dark.")).lit[0].key == "beacon"


def test_an_entry_without_text_is_never_in() -> None:
    assert lit(book({"keys": ["a"], "text": ""}), "a") == []


def test_what_is_not_enabled_is_never_in() -> None:
    assert lit(book({"keys": ["lamp"], "enabled": False}, {"constant": True, "enabled": False}), "lamp") == []
    assert lit(book({"keys": ["lamp"], "enabled": False}), "lamp", timers={"e0": Timer(sticky=9)}) == []


def test_a_constant_needs_no_key_and_no_line() -> None:
    assert lit(book({"constant": True})) == ["e0"]


def test_case_counts_only_where_it_is_said() -> None:
    assert lit(book({"keys": ["Rose"]}), "a rose") == ["e0"]
    assert lit(book({"keys": ["Rose"], "case": True}), "a rose") == []
    assert lit(book({"keys": ["Rose"]}, {"keys": ["Rose"], "case": False}, case=True), "a rose") == ["e1"]
    assert lit(book({"keys": ["STRASSE"]}), "die Straße") == ["e0"]


def test_whole_words_unless_the_book_or_the_entry_says_otherwise() -> None:
    assert lit(book({"keys": ["cat"]}), "a category") == []
    assert lit(book({"keys": ["cat"], "whole_words": False}), "a category") == ["e0"]
    assert lit(book({"keys": ["cat"]}, whole_words=False), "a category") == ["e0"]
    assert lit(book({"keys": ["cat"]}), "The cat!") == ["e0"]
    assert lit(book({"keys": ["black cat"]}), "two black cats") == []


def test_a_key_may_begin_or_end_with_a_sign() -> None:
    assert lit(book({"keys": ["C++", ":salt:"]}), "he writes C++ well") == ["e0"]
    assert lit(book({"keys": [":salt:"]}), "I feel :salt: now") == ["e0"]


def test_scripts_without_spaces_have_no_whole_words() -> None:
    assert lit(book({"keys": ["灯台"]}), "あの灯台は暗い") == ["e0"]


def test_letters_may_be_composed_or_not() -> None:
    assert lit(book({"keys": ["caf\u00e9"]}), "the cafe\u0301 there") == ["e0"]


def test_only_the_newest_lines_are_looked_at() -> None:
    lore = book({"keys": ["lamp"]}, {"keys": ["lamp"], "scan_depth": 3}, {"keys": ["lamp"], "scan_depth": 0})
    shallow = lore.model_copy(update={"scan_depth": 2})
    assert lit(shallow, "the lamp", "well", "so") == ["e1"]
    assert lit(shallow, "the lamp", "well") == ["e0", "e1"]


@pytest.mark.parametrize(
    ("when", "line", "is_in"),
    [
        ({"any": ["storm", "keeper"]}, "lamp and keeper", True),
        ({"any": ["storm", "keeper"]}, "lamp alone", False),
        ({"all": ["storm", "keeper"]}, "lamp, keeper, storm", True),
        ({"all": ["storm", "keeper"]}, "lamp, keeper", False),
        ({"not_any": ["storm", "keeper"]}, "lamp alone", True),
        ({"not_any": ["storm", "keeper"]}, "lamp, keeper", False),
        ({"not_all": ["storm", "keeper"]}, "lamp, keeper", True),
        ({"not_all": ["storm", "keeper"]}, "lamp, keeper, storm", False),
    ],
)
def test_selective_logic(when: dict, line: str, is_in: bool) -> None:
    lore = book({"keys": ["lamp"], "when": [when]})
    assert lit(lore, line) == (["e0"] if is_in else [])
    assert why(lore, line) == ({} if is_in else {"e0": "when"})


def test_all_conditions_have_to_hold() -> None:
    lore = book({"keys": ["lamp"], "when": [{"any": ["storm"]}, {"not_any": ["dream"]}]})
    assert lit(lore, "lamp storm") == ["e0"]
    assert lit(lore, "lamp storm dream") == []


def test_a_condition_never_holds_a_constant_back_nor_wakes_anything() -> None:
    assert lit(book({"constant": True, "when": [{"any": ["storm"]}]}), "calm") == ["e0"]
    assert lit(book({"keys": ["lamp"], "when": [{"any": ["storm"]}]}), "storm") == []


def test_entries_stand_in_their_order_then_as_in_the_book() -> None:
    lore = book(*({"keys": ["x"], "order": order} for order in (3, 1, 1)))
    assert lit(lore, "x") == ["e1", "e2", "e0"]


# recursion ------------------------------------------------------------------------------------------------------------

CHAIN = ({"keys": ["lamp"], "text": "the oil"}, {"keys": ["oil"], "text": "the whale"}, {"keys": ["whale"]})


def test_texts_wake_entries_only_with_recursion() -> None:
    assert lit(book(*CHAIN), "lamp") == ["e0"]
    assert lit(book(*CHAIN, recursion=True), "lamp") == ["e0", "e1", "e2"]


def test_recursion_ends_after_its_rounds_and_in_a_circle() -> None:
    assert lit(book(*CHAIN, recursion=True, rounds=1), "lamp") == ["e0", "e1"]
    circle = ({"keys": ["a"], "text": "b"}, {"keys": ["b"], "text": "a"})
    assert lit(book(*circle, recursion=True, rounds=10), "a") == ["e0", "e1"]


def test_an_entry_can_refuse_to_be_woken_by_lore() -> None:
    first, second, third = CHAIN
    assert lit(book(first, {**second, "woken_by_lore": False}, third, recursion=True), "lamp") == ["e0"]


def test_an_entry_can_refuse_to_wake_others() -> None:
    first, second, third = CHAIN
    assert lit(book({**first, "wakes_lore": False}, second, third, recursion=True), "lamp") == ["e0"]


def test_an_entry_can_wait_for_a_round_of_recursion() -> None:
    waiting = {"keys": ["lamp"], "only_after_lore": 2}
    assert lit(book(waiting, recursion=True), "lamp") == []
    assert lit(book(*CHAIN, waiting, recursion=True), "lamp") == ["e0", "e1", "e2", "e3"]
    assert lit(book(*CHAIN, waiting, recursion=True, rounds=1), "lamp") == ["e0", "e1"]
    assert lit(book(*CHAIN, waiting), "lamp") == ["e0"]


def test_a_condition_may_come_true_by_lore() -> None:
    lore = book({"keys": ["lamp"], "when": [{"any": ["oil"]}]}, {"keys": ["lamp"], "text": "oil"}, recursion=True)
    assert lit(lore, "lamp") == ["e0", "e1"]


# time -----------------------------------------------------------------------------------------------------------------


def test_delay_counts_lines() -> None:
    lore = book({"keys": ["lamp"], "delay": 3})
    assert why(lore, "lamp", count=2) == {"e0": "delay"}
    assert lit(lore, "lamp", count=3) == ["e0"]


def test_own_replies_count_for_after_replies_and_every() -> None:
    lore = book({"keys": ["lamp"], "after_replies": 2}, {"keys": ["lamp"], "every": 3})
    assert lit(lore, "lamp", replies=0) == ["e1"]
    assert why(lore, "lamp", replies=1) == {"e0": "replies", "e1": "replies"}
    assert lit(lore, "lamp", replies=3) == ["e0", "e1"]


def test_sticky_keeps_an_entry_in_without_its_key() -> None:
    lore = book({"keys": ["lamp"], "sticky": 3})
    timers = wound({}, judge(lore, moment("lamp", count=5)), 5)
    assert lit(lore, "well", count=7, timers=timers) == ["e0"]
    assert judge(lore, moment("well", count=7, timers=timers)).lit[0].why == "sticky"
    assert lit(lore, "well", count=8, timers=timers) == []


def test_sticky_is_not_wound_again_while_it_runs() -> None:
    lore = book({"keys": ["lamp"], "sticky": 3})
    timers = wound({}, judge(lore, moment("lamp", count=5)), 5)
    again = wound(timers, judge(lore, moment("lamp", count=7, timers=timers)), 7)
    assert again == timers


def test_sticky_asks_for_no_luck() -> None:
    lore = book({"keys": ["lamp"], "sticky": 3, "probability": 0})
    assert lit(lore, "lamp", count=6, timers={"e0": Timer(sticky=8)}) == ["e0"]


def test_cooldown_keeps_an_entry_out() -> None:
    lore = book({"keys": ["lamp"], "cooldown": 4})
    timers = wound({}, judge(lore, moment("lamp", count=5)), 5)
    assert why(lore, "lamp", count=8, timers=timers) == {"e0": "cooldown"}
    assert lit(lore, "lamp", count=9, timers=timers) == ["e0"]


def test_cooldown_begins_when_sticky_ends() -> None:
    lore = book({"keys": ["lamp"], "sticky": 2, "cooldown": 4})
    timers = wound({}, judge(lore, moment("lamp", count=5)), 5)
    assert [bool(lit(lore, "lamp", count=count, timers=timers)) for count in (6, 7, 10, 11)] == [
        True,
        False,
        False,
        True,
    ]


def test_timers_that_have_run_out_are_dropped() -> None:
    lore = book({"keys": ["lamp"], "sticky": 2})
    timers = wound({}, judge(lore, moment("lamp", count=5)), 5)
    assert wound(timers, judge(lore, moment("well", count=9, timers=timers)), 9) == {}


def test_for_good_is_for_good() -> None:
    lore = book({"keys": ["lamp"], "sticky": FOR_GOOD}, {"keys": ["lamp"], "cooldown": FOR_GOOD})
    timers = wound({}, judge(lore, moment("lamp", count=1)), 1)
    assert lit(lore, "lamp", count=100_000, timers=timers) == ["e0"]


# chance ---------------------------------------------------------------------------------------------------------------


def test_probability_is_a_share_of_moments_and_the_same_in_a_replay() -> None:
    lore = book({"keys": ["lamp"], "probability": 0.3})
    found = [bool(lit(lore, *[""] * at, "lamp")) for at in range(400)]
    assert 80 < sum(found) < 160
    assert found == [bool(lit(lore, *[""] * at, "lamp")) for at in range(400)]


def test_probability_at_its_ends() -> None:
    lore = book({"keys": ["x"], "probability": 0}, {"keys": ["x"], "probability": 1})
    assert lit(lore, "x") == ["e1"]
    assert why(lore, "x") == {"e0": "probability"}


def test_of_a_group_one_is_in() -> None:
    lore = book(*({"keys": ["x"], "groups": ["g"]} for _ in range(4)), {"keys": ["x"]})
    winners = {tuple(lit(lore, *[""] * at, "x")) for at in range(60)}
    assert winners == {(f"e{n}", "e4") for n in range(4)}


def test_the_draw_goes_by_weight() -> None:
    lore = book({"keys": ["x"], "groups": ["g"], "weight": 3}, {"keys": ["x"], "groups": ["g"], "weight": 1})
    won = sum(lit(lore, *[""] * at, "x") == ["e0"] for at in range(400))
    assert 260 < won < 340
    nobody = book({"keys": ["x"], "groups": ["g"], "weight": 0}, {"keys": ["x"], "groups": ["g"], "weight": 1})
    assert {tuple(lit(nobody, *[""] * at, "x")) for at in range(40)} == {("e1",)}


def test_first_wins_its_group_by_order() -> None:
    group = [{"keys": ["x"], "groups": ["g"], "first": True, "order": order} for order in (5, 9)]
    assert lit(book(*group, {"keys": ["x"], "groups": ["g"], "weight": 1000}), "x") == ["e1"]


def test_scored_wins_by_the_number_of_keys() -> None:
    group = [{"keys": ["x"], "groups": ["g"], "scored": True}, {"keys": ["x", "y"], "groups": ["g"], "scored": True}]
    assert {tuple(lit(book(*group), *[""] * at, "x y")) for at in range(20)} == {("e1",)}


def test_who_stays_wins_its_group() -> None:
    lore = book({"keys": ["x"], "groups": ["g"], "first": True}, {"keys": ["z"], "groups": ["g"], "sticky": 5})
    assert lit(lore, "x", count=3, timers={"e1": Timer(sticky=9)}) == ["e1"]


def test_an_entry_of_two_groups_has_to_win_both() -> None:
    lore = book(
        {"keys": ["x"], "groups": ["a", "b"], "first": True, "order": 5},
        {"keys": ["x"], "groups": ["b"], "first": True, "order": 9},
    )
    assert lit(lore, "x") == ["e1"]


def test_who_came_by_lore_does_not_push_out_who_is_in() -> None:
    lore = book(
        {"keys": ["lamp"], "text": "oil", "groups": ["g"]},
        {"keys": ["oil"], "groups": ["g"], "first": True},
        recursion=True,
    )
    assert lit(lore, "lamp") == ["e0"]
    assert why(lore, "lamp") == {"e1": "group"}


# who and when ---------------------------------------------------------------------------------------------------------


def test_entries_for_some_characters() -> None:
    lore = book({"keys": ["x"], "characters": ["vera"]}, {"keys": ["x"], "not_characters": ["vera"]})
    assert lit(lore, "x", character="vera") == ["e0"]
    assert lit(lore, "x", character="otto") == ["e1"]
    assert why(lore, "x", character="otto") == {"e0": "character"}


def test_entries_for_some_kinds_of_turn() -> None:
    lore = book({"keys": ["x"], "turns": ["entered", "nudged"]})
    assert lit(lore, "x", turn="nudged") == ["e0"]
    assert why(lore, "x", turn="said") == {"e0": "turn"}


def test_entries_for_some_greetings() -> None:
    lore = book({"keys": ["x"], "greetings": [0, 2]}, {"keys": ["x"], "greetings": [1], "sticky": 5})
    assert lore.counts and lit(lore, "x", greeting=2) == ["e0"]
    assert lit(lore, "x", greeting=1) == ["e1"]
    assert why(lore, "x", greeting=0) == {"e1": "greeting"}
    assert lit(lore, "x") == ["e0", "e1"], "which one it was is not known"
    assert lit(lore, "y", greeting=0, timers={"e1": Timer(sticky=9)}) == [], "another talk began"


# patterns -------------------------------------------------------------------------------------------------------------


def test_patterns_are_left_to_who_can_run_them() -> None:
    lore = book({"keys": ["/drag(on|ons)/i"], "when": [{"not_any": ["/tame/"]}]}, {"keys": ["lamp"]})
    asked = judge(lore, moment("Dragons by the lamp"))
    assert ids(asked) == ["e1"]
    assert asked.unread == {"Dragons by the lamp"}
    dragons = Key("drag(on|ons)", "i", pattern=True)
    assert set(lore.matcher.patterns) == {dragons, Key("tame", pattern=True)}
    found = {"Dragons by the lamp": frozenset({dragons})}
    answered = judge(lore, moment("Dragons by the lamp", found=found))
    assert (ids(answered), answered.unread) == (["e0", "e1"], frozenset())
    assert answered.lit[0].key == "/drag(on|ons)/i"


def test_slashes_that_are_no_pattern_are_a_word() -> None:
    assert lit(book({"keys": ["/etc/"]}, {"keys": ["and/or"]}), "and/or") == ["e1"]
    assert book({"keys": ["/etc/hosts"]}).matcher.patterns == ()


# the form -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"keys": ["x"], "probability": 1.5}, "less than or equal to 1"),
        ({"keys": ["x"], "turns": ["swipe"]}, "said"),
        ({"keys": ["x"], "when": [{}]}, "keys under any"),
        ({"keys": ["x"], "colour": "red"}, "Extra inputs"),
        ({"keys": ["x"], "to": []}, "at least 1"),
        ({"keys": [" "]}, "at least 1"),
    ],
)
def test_what_does_not_fit_is_refused(entry: dict, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        book(entry)


def test_ids_occur_once() -> None:
    with pytest.raises(ValidationError, match="no other entry has"):
        book({"id": "same"}, {"id": "same"})


def test_a_book_is_pinned_as_it_was_written() -> None:
    lore = book({"keys": ["x"], "sticky": 2, "when": [{"any": ["y"]}], "kept": "{}"}, kept="{}")
    body = lore.model_dump(mode="json", exclude_none=True)
    assert body["entries"][0].keys() == {"id", "text", "keys", "sticky", "when"}
    assert "kept" not in body
    assert Lore.model_validate(body).model_dump() == lore.model_dump()
