"""The tool that walks with a value counts stays and returns, and follows the value to where it goes."""

from __future__ import annotations

import pytest

from benchmarks.walks import Stay, returns, stays, told, walked

CALLS = [("a", "ask"), ("a", "hear"), ("a", "ask"), ("core/text", "normal"), ("a", "say"), ("b", "say"), ("a", "end")]


def test_calls_in_a_row_into_one_module_are_one_stay() -> None:
    walk = stays(CALLS)
    assert [stay.module for stay in walk] == ["a", "core/text", "a", "b", "a"]
    assert walk[0] == Stay("a", ("ask", "hear"))


def test_what_lies_on_the_ground_is_no_stay_and_interrupts_none() -> None:
    assert stays(CALLS, ("core/",)) == [Stay("a", ("ask", "hear", "say")), Stay("b", ("say",)), Stay("a", ("end",))]


@pytest.mark.parametrize(
    ("modules", "count"), [("", 0), ("a", 0), ("abc", 0), ("aba", 1), ("abab", 2), ("abcbabca", 5)], ids=repr
)
def test_a_return_is_a_stay_in_a_module_that_was_left(modules: str, count: int) -> None:
    assert returns(stays((module, "call") for module in modules)) == count


def test_a_walk_is_told_a_line_a_stay() -> None:
    assert told("edit", CALLS).splitlines() == [
        "edit: 3 stays, 2 modules, 1 returns (with core: 5 stays, 2 returns)",
        "  1 a: ask, hear, say",
        "  2 b: say",
        "  3 <- a: end",
    ]


@pytest.mark.parametrize(
    ("walk", "way"),
    [
        ("reply", ["Understudy.stream", "Room.submit", "Feed.publish"]),
        ("edit", ["parse_edit", "StaticChecks.__call__", "Desk.approve", "Desk.start_canary", "Desk.release"]),
    ],
)
def test_a_walk_follows_its_value_to_the_end_and_is_the_same_each_time(walk: str, way: list[str]) -> None:
    calls = walked(walk)
    assert list(dict.fromkeys(function for _, function in calls if function in way)) == way
    assert walked(walk) == calls
