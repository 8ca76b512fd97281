"""Where sentences and clauses end, and that one module knows it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import openroom
from openroom.language.data.tongues import TONGUES
from openroom.language.sentences import Cutter, asks, clauses, sentences


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("Well... yes. It cost 3.5 crowns!", ["Well...", "yes.", "It cost 3.5 crowns!"]),
        ("“Sit down.” She sat\nand slept", ["“Sit down.”", "She sat", "and slept"]),
        ("灯が暗い。「こんばんは。」どうぞ", ["灯が暗い。", "「こんばんは。」", "どうぞ"]),
        ("你好!我叫美咲", ["你好!", "我叫美咲"]),
    ],
)
def test_sentences_keep_their_marks(text: str, found: list[str]) -> None:
    assert sentences(text) == found


@given(st.text("aBNo35 .!?。？」'\n か", max_size=30), st.lists(st.integers(0, 30), max_size=8))
@example("。か. 3", [2])  # "か." alone looked like an initial, and behind "。" it did not
def test_a_text_in_pieces_is_cut_into_the_same_sentences(text: str, cuts: list[int]) -> None:
    at, whole, pieces = sorted({0, *cuts, 30}), Cutter(), Cutter()
    found = [one for start, end in pairwise(at) for one in pieces.feed(text[start:end])]
    found += pieces.rest()
    assert found == [*whole.feed(text), *whole.rest()]
    assert "".join(found) == text
    assert [one.strip() for one in found if one.strip()] == sentences(text)


@given(st.text(max_size=80))
def test_no_letter_is_lost(text: str) -> None:
    kept = "".join("".join(sentences(text)).split())
    assert kept == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "question"),
    [("Tea?", True), ("“Tea?” ", True), ("お茶？」", True), ("Tea? No.", False), ("", False)],
)
def test_what_ends_with_a_question_mark_asks(text: str, question: bool) -> None:
    assert asks(text) is question


@pytest.mark.parametrize(
    ("code", "text", "found"),
    [
        ("en", "light the lamp, and then play", [("", "light the lamp"), ("then", "play")]),
        ("en", "tune it to 2,182.5 - now", [("", "tune it to 2,182.5"), ("", "now")]),
        ("de", "mach das licht an und spiel etwas", [("", "mach das licht an"), ("und", "spiel etwas")]),
        ("es", "abre la puerta; luego canta", [("", "abre la puerta"), ("luego", "canta")]),
        ("zh", "开灯，放一首歌。", [("", "开灯"), ("", "放一首歌")]),
    ],
)
def test_clauses_come_with_the_word_that_links_them(code: str, text: str, found: list[tuple[str, str]]) -> None:
    assert list(clauses(text, TONGUES[code].joints)) == found


def _patterns(path: Path) -> Iterator[str]:
    """The regular expressions that a module writes out."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            of_re = isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
            if of_re and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
                yield node.args[0].value


def _cuts_sentences(pattern: str) -> bool:
    text, wanted = "one fish. two fish! three fish?", ["one fish", "two fish", "three fish"]
    found = (re.split(pattern, text), [match.group() for match in re.finditer(pattern, text)])
    return any([one.strip(" .!?") for one in cut if (one or "").strip(" .!?")] == wanted for cut in found)


def test_no_other_module_cuts_sentences() -> None:
    package = Path(str(openroom.__file__)).parent
    found = [
        f"{path.relative_to(package)}: {pattern}"
        for path in package.rglob("*.py")
        if path.name != "sentences.py"
        for pattern in _patterns(path)
        if _cuts_sentences(pattern)
    ]
    assert found == []


@pytest.mark.parametrize("pattern", [r"[.!?]+", r"(?<=[.!?…])\s+", r"[^.!?…\n]+[.!?…]*", r"[.,;:!?…\n]+|\s+-\s+"])
def test_a_second_pattern_of_sentences_would_be_found(pattern: str) -> None:
    assert _cuts_sentences(pattern)
