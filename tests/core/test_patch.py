"""JSON Merge Patch: RFC 7396's own table, and diff as its inverse."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroom.core.patch import diff, merge, nulls

KEYS = st.sampled_from(["a", "b", "c"])
LEAVES = st.booleans() | st.integers(-2, 2) | st.floats(-2, 2) | st.sampled_from(["", "x", "y"])
VALUES: st.SearchStrategy[Any] = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)
OBJECTS = st.dictionaries(KEYS, VALUES, max_size=3)


@pytest.mark.parametrize(
    ("target", "patch", "result"),
    [  # RFC 7396, appendix A
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"a": "foo"}, "bar", "bar"),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_merge_does_what_the_rfc_says(target: Any, patch: Any, result: Any) -> None:
    assert merge(target, patch) == result


@given(OBJECTS, OBJECTS)
def test_a_diff_leads_from_one_state_to_the_other(before: dict[str, Any], after: dict[str, Any]) -> None:
    untouched = copy.deepcopy(before)
    patched = merge(before, diff(before, after))
    assert repr_sorted(patched) == repr_sorted(after)
    assert before == untouched


@given(OBJECTS)
def test_no_difference_is_an_empty_patch(value: dict[str, Any]) -> None:
    assert diff(value, copy.deepcopy(value)) == {}


def test_numbers_that_json_writes_differently_differ() -> None:
    assert diff({"a": 1}, {"a": True}) == {"a": True}
    assert diff({"a": [1]}, {"a": [1.0]}) == {"a": [1.0]}
    assert diff({"a": 1}, {"a": 1}) == {}


@given(OBJECTS)
def test_a_state_of_these_has_no_nulls(value: dict[str, Any]) -> None:
    assert list(nulls(value)) == []


def test_nulls_are_named_by_their_path() -> None:
    assert list(nulls({"a": {"b": None}, "c": [1, None], "d": [{"e": None}]})) == ["a.b", "c[1]", "d[0].e"]


def repr_sorted(value: Any) -> str:
    """Equality that tells 1, 1.0 and True apart."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{key}:{repr_sorted(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(repr_sorted, value)) + "]"
    return repr(value)
