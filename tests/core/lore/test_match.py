"""Finding keys costs what a line's length is, whatever the number of keys."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from openroom.core.lore.match import Key, Matcher

LETTERS = st.text("abc' -", min_size=1, max_size=6).filter(lambda text: text.strip())


def _expected(key: Key, text: str) -> bool:
    """The same by a regular expression for each key."""
    held = text if key.case else text.casefold()
    first = r"(?<!\w)" if re.match(r"\w", key.text) else ""
    last = r"(?!\w)" if re.search(r"\w$", key.text) else ""
    pattern = f"{first}{re.escape(key.text)}{last}" if key.whole else re.escape(key.text)
    return re.search(pattern, held) is not None


@given(st.lists(st.tuples(LETTERS, st.booleans(), st.booleans()), max_size=8), st.text("abcABC' -.", max_size=40))
def test_it_finds_what_a_search_for_each_key_finds(wanted: list[tuple[str, bool, bool]], text: str) -> None:
    keys = [Key(key, case=case, whole=whole) for key, case, whole in wanted]
    assert Matcher(keys).hits(text) == {key for key in keys if _expected(key, text)}


def test_a_line_is_walked_once() -> None:
    matcher = Matcher([Key("lamp", whole=True)])
    assert matcher.hits("the lamp") is matcher.hits("the " + "lamp")
