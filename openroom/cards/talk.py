"""Example talk of a card (``mes_example``) as exchanges: blocks behind <START>, lines that begin with who speaks."""

from __future__ import annotations

import re
from typing import NamedTuple

_START = re.compile(r"^\s*<START>\s*$|<START>", re.IGNORECASE | re.MULTILINE)
_SPEAKER = r"\{\{\s*(?:user|char)\s*\}\}|<(?:user|bot|char)>"


class Exchange(NamedTuple):
    """What was said to the character, and its answer."""

    heard: str
    say: str


def exchanges(text: str, name: str) -> tuple[list[Exchange], int]:
    """The exchanges in ``text``, and how many lines of the character answer nobody (they make none). ``name`` is the
    character's own, as cards write it instead of ``{{char}}``."""
    line = re.compile(
        rf"^[ \t]*(?P<who>{_SPEAKER}|{re.escape(name)})[ \t]*:[ \t]*" if name else rf"^(?P<who>{_SPEAKER}):",
        re.IGNORECASE | re.MULTILINE,
    )
    found: list[Exchange] = []
    alone = 0
    for block in _START.split(text):
        heard = ""
        marks = list(line.finditer(block))
        for at, mark in enumerate(marks):
            end = marks[at + 1].start() if at + 1 < len(marks) else len(block)
            said = block[mark.end() : end].strip()
            if not said:
                continue
            if "user" in mark["who"].lower():
                heard = f"{heard}\n{said}".strip()
            elif heard:
                found.append(Exchange(heard, said))
                heard = ""
            elif found and at and "user" not in marks[at - 1]["who"].lower():
                found[-1] = Exchange(found[-1].heard, f"{found[-1].say}\n{said}")
            else:
                alone += 1
    return found, alone
