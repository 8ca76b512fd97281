"""The one estimate of tokens, by which the talk is cut and budgets are reserved."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroom.language.tokens import estimate_tokens


@given(st.text(max_size=200))
def test_the_estimate_is_between_a_quarter_and_all_of_the_characters(text: str) -> None:
    assert len(text) / 4 <= estimate_tokens(text) <= len(text)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [("", 0), ("tea", 1), ("lamps", 2), ("お茶", 2), ("Tür", 2), ("чай", 3), ("a lone \ud800", 3)],
)
def test_four_plain_letters_to_a_token_and_every_other_character_one(text: str, tokens: int) -> None:
    assert estimate_tokens(text) == tokens
