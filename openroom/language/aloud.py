"""What is read aloud of a line: whether some words are a piece of it, as the page's voices take pieces from a line.

A page leaves out stage notes and marks (`gui/web/voice/readable.js`); the rest it reads as it was said. So a piece is
a run of the line's own characters, in which notes may be missing; blanks, marks and little pictures count for nothing.
"""

from __future__ import annotations

import re
import unicodedata

_NOTE = re.compile(r"\*{1,2}[^*\n]+\*{1,2}|\([^()\n]*\)|\[[^\[\]\n]*\]|（[^（）\n]*）|【[^【】\n]*】")
_MARKS = frozenset("*_~`#\u203c\u2049\u3030\ufe0f")


def spoken(text: str) -> str:
    """The text without marks and little pictures, its blanks single."""
    return " ".join("".join(" " if _is_no_word(one) else one for one in text).split())


def is_piece_of(piece: str, line: str) -> bool:
    """Whether ``piece`` is a run of ``line``, some or all of the notes in it left out. False for what has no letter."""
    wanted = _letters(piece)
    if not any(one.isalnum() for one in wanted):
        return False
    have, notes = _with_notes(line)
    at = dict.fromkeys(wanted, 0)
    for place, letter in enumerate(have):
        if letter in at:
            at[letter] |= 1 << place
    # All places at once, a bit each: a line may be long and say one letter many times.
    places = (1 << len(have)) - 1
    for letter in wanted:
        places = (_past(places, notes) & at[letter]) << 1
    return places != 0


def _with_notes(line: str) -> tuple[str, list[tuple[int, int]]]:
    """The line's letters, and between which of them notes stand, in order."""
    have, notes, at = "", [], 0
    for note in _NOTE.finditer(line):
        have += _letters(line[at : note.start()])
        within = _letters(note.group())
        notes.append((len(have), len(have) + len(within)))
        have, at = have + within, note.end()
    return have + _letters(line[at:]), notes


def _past(places: int, notes: list[tuple[int, int]]) -> int:
    """The places, and those behind the notes that begin at one of them."""
    for start, end in notes:
        if places >> start & 1:
            places |= 1 << end
    return places


def _letters(text: str) -> str:
    return "".join(one for one in text if not one.isspace() and not _is_no_word(one))


def _is_no_word(letter: str) -> bool:
    return letter in _MARKS or unicodedata.category(letter) in ("So", "Cf", "Cc", "Cn", "Co")
