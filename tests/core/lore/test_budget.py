from __future__ import annotations

from openroom.core.lore.budget import fitting
from openroom.core.lore.judge import judge
from tests.core.lore.books import book, moment

LONG, SHORT = "word " * 40, "word " * 4  # 50 and 5 tokens


def _fits(lore, most: int) -> tuple[list[str], list[str]]:
    kept, out = fitting(judge(lore, moment("x")).lit, most)
    assert {one.why for one in out} <= {"budget"}
    return [one.entry.id for one in kept], [one.entry.id for one in out]


def test_the_lowest_priority_is_left_out_first() -> None:
    lore = book(*({"keys": ["x"], "text": LONG, "priority": rank} for rank in (2, 9, 5)))
    assert _fits(lore, 100) == (["e1", "e2"], ["e0"])


def test_without_a_priority_the_order_counts() -> None:
    lore = book(*({"keys": ["x"], "text": LONG, "order": order} for order in (1, 2)))
    assert _fits(lore, 50) == (["e1"], ["e0"])


def test_what_is_smaller_may_still_fit_behind_it() -> None:
    lore = book(
        {"keys": ["x"], "text": LONG, "priority": 9},
        {"keys": ["x"], "text": LONG, "priority": 5},
        {"keys": ["x"], "text": SHORT, "priority": 1},
    )
    assert _fits(lore, 60) == (["e0", "e2"], ["e1"])


def test_some_ask_for_no_budget() -> None:
    lore = book({"keys": ["x"], "text": LONG, "any_budget": True}, {"keys": ["x"], "text": SHORT})
    assert _fits(lore, 5) == (["e0", "e1"], [])


def test_entries_of_two_books_with_one_id_are_two() -> None:
    both = [one for _ in "ab" for one in judge(book({"keys": ["x"], "text": LONG}), moment("x")).lit]
    kept, out = fitting(both, 50)
    assert (len(kept), len(out)) == (1, 1) and out[0].entry is not kept[0].entry
