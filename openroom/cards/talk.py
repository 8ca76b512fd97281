"""Example talk of a card (``mes_example``) as exchanges: blocks behind <START>, lines that begin with who speaks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_START = re.compile(r"^\s*<START>\s*$|<START>", re.IGNORECASE | re.MULTILINE)
_SPEAKER = r"\{\{\s*(?:user|char)\s*\}\}|<(?:user|bot|char)>"


class Exchange(NamedTuple):
    """What was said to the character (empty: it began), and its answer."""

    heard: str
    say: str


def exchanges(text: str, name: str) -> list[Exchange]:
    """The exchanges in ``text``. ``name`` is the character's own, as cards write it instead of ``{{char}}``."""
    speaker = rf"{_SPEAKER}|{re.escape(name)}" if name else _SPEAKER
    line = re.compile(rf"^[ \t]*(?P<who>{speaker})[ \t]*:[ \t]*", re.IGNORECASE | re.MULTILINE)
    return [one for block in _START.split(text) for one in _paired(list(_lines(block, line)))]


def _lines(block: str, line: re.Pattern[str]) -> Iterator[tuple[bool, str]]:
    """(whether the visitor says it, what is said) of each line that somebody says; what follows goes on with it."""
    marks = list(line.finditer(block))
    for at, mark in enumerate(marks):
        end = marks[at + 1].start() if at + 1 < len(marks) else len(block)
        if said := block[mark.end() : end].strip():
            yield "user" in mark["who"].lower(), said


def _paired(lines: Sequence[tuple[bool, str]]) -> Iterator[Exchange]:
    heard, say = "", ""
    for visitor, said in lines:
        if visitor and say:
            yield Exchange(heard, say)
            heard, say = said, ""
        elif visitor:
            heard = f"{heard}\n{said}".strip()
        else:
            say = f"{say}\n{said}".strip()
    if say:
        yield Exchange(heard, say)
