"""What trips authors in YAML: texts that are read as something else, and the cure for each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

_VALUE = re.compile(r"(?:^|[\s{,\[-])[\w \"'-]*?:\s+(?P<text>\S.*)$|^\s*-\s+(?P<item>\S.*)$")
_SIGNS = "*&!%@`"
_CUT = re.compile(r"\s#[^\s#!]")
QUOTE = "put the text in quotes"


def cure(line: str, problem: str) -> str:
    """What to do about a line that a YAML reader stumbles over; empty where nothing is known to help."""
    if "\\t" in problem:
        return "indent with blanks, not with tabs"
    found = _VALUE.search(line)
    text = (found["text"] or found["item"]) if found else line.strip()
    if not text:
        return ""
    if text[:1] in _SIGNS:
        return f"a text that begins with {text[0]} is read as YAML's own sign: {QUOTE}"
    if text.startswith("{{"):
        return f"a text that begins with {{{{ is read as a mapping: {QUOTE}"
    if text[:1] in "\"'" and _goes_on(text):
        return "a text goes on behind its closing quote: put the whole text in quotes of the other kind"
    if "mapping values are not allowed" in problem or re.search(r": \S", text):
        return f"a colon and a blank inside a text begin a new key: {QUOTE}"
    if text[:1] in "[{" or "flow" in problem:
        return f"a text with a bracket, or with a comma between brackets: {QUOTE}"
    return ""


def _goes_on(text: str) -> bool:
    """Whether something stands behind a closing quote that is no end of a value."""
    closing = text.find(text[0], 1)
    return closing > 0 and re.match(r"\s*(?:$|[,\]}#])", text[closing + 1 :]) is None


Lost = tuple[int, int, str, str]
"""Line, column, what is expected there, what was lost."""


def cut_texts(lines: list[str], ends: Iterable[tuple[int, int]]) -> Iterator[Lost]:
    """Texts that end where a comment begins without a blank behind its #. ``ends`` are the places (counted from 0)
    where texts without quotes end."""
    for line, column in sorted(ends):
        rest = lines[line][column:] if line < len(lines) else ""
        if found := _CUT.match(rest):
            expected = f"a blank behind the # of a comment, or else: {QUOTE}"
            yield line + 1, column + found.start() + 2, expected, rest.strip()


def unused_anchors(text: str, anchors: Mapping[str, tuple[int, int]]) -> Iterator[Lost]:
    """Words behind an & that name nothing: they were meant as text."""
    for anchor, (line, column) in anchors.items():
        if f"*{anchor}" not in text:
            yield line, column, f"a text, not YAML's sign for a name: {QUOTE}", f"&{anchor}"
