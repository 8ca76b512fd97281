"""Reads JSON as language models write it: trailing commas, single quotes, Python literals, comments, or half of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

_MAX_DEPTH = 48
_SPACE = re.compile(r"(?:\s+|//[^\n]*|/\*.*?\*/)+", re.DOTALL)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_BARE = re.compile(r"[^\s,:{}\[\]\"']+")
_WORDS: dict[str, Any] = {
    "true": True,
    "false": False,
    "null": None,
    "True": True,
    "False": False,
    "None": None,
    "undefined": None,
    "NaN": None,
    "Infinity": None,
}
_QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’", "`": "`"}
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_SURROGATE = re.compile("[\ud800-\udfff]")
_HALF = object()
_LONGEST_NUMBER = 300


def tidy(text: str) -> str:
    """The text without half characters (lone surrogates), which no socket or store can carry."""
    return _SURROGATE.sub("\ufffd", text)


class LenientReader:
    """Reads one value from ``text`` at ``start``. Afterwards ``pos`` is where it ended and ``cut`` tells whether the
    text ended before the value did; what was not complete is left out.

    ``keep_half(key)`` says of which top-level strings the beginning is to be kept. Never raises.
    """

    def __init__(self, text: str, start: int, keep_half: Callable[[str], bool]) -> None:
        self._text, self.pos, self._keep_half = text, start, keep_half
        self.cut = False

    def read_object(self, depth: int = 0) -> dict[str, Any]:
        """The object whose ``{`` stands at ``pos``. The first of two equal keys counts."""
        self.pos += 1
        found: dict[str, Any] = {}
        while (char := self._peek()) not in ("}", ""):
            if char in ",:]":
                self.pos += 1
                continue
            key = self._key()
            if key is _HALF or self._peek() == "":
                self.cut = True
                return found
            if self._peek() != ":":
                continue
            self.pos += 1
            value = self._value(depth, str(key))
            if value is not _HALF:
                found.setdefault(str(key), value)
            if self.cut:
                return found
        self._close()
        return found

    def _read_array(self, depth: int) -> list[Any]:
        self.pos += 1
        found: list[Any] = []
        while (char := self._peek()) not in ("]", ""):
            if char in ",:}":
                if char == "}":  # the bracket was forgotten
                    return found
                self.pos += 1
                continue
            value = self._value(depth, "")
            if value is not _HALF:
                found.append(value)
            if self.cut:
                return found
        self._close()
        return found

    def _close(self) -> None:
        if self.pos >= len(self._text):
            self.cut = True
        else:
            self.pos += 1

    def _peek(self) -> str:
        """The next character that is no space or comment, ``""`` at the end."""
        match = _SPACE.match(self._text, self.pos)
        if match:
            self.pos = match.end()
        return self._text[self.pos] if self.pos < len(self._text) else ""

    def _key(self) -> Any:
        char = self._peek()
        if char in _QUOTES:
            text, whole = self._string(_QUOTES[char])
            return text if whole else _HALF
        return self._bare()

    def _bare(self) -> Any:
        match = _BARE.match(self._text, self.pos)
        if match is None:
            self.pos += 1
            return ""
        self.pos = match.end()
        return match.group()

    def _value(self, depth: int, key: str) -> Any:
        char = self._peek()
        if char in "{[" and char:
            if depth >= _MAX_DEPTH:
                self.cut, self.pos = True, len(self._text)
                return _HALF
            return self.read_object(depth + 1) if char == "{" else self._read_array(depth + 1)
        if char in _QUOTES:
            text, whole = self._string(_QUOTES[char])
            if whole:
                return text
            self.cut = True
            return text if depth == 0 and key and self._keep_half(key) else _HALF
        return self._scalar()

    def _scalar(self) -> Any:
        number = _NUMBER.match(self._text, self.pos)
        bare = _BARE.match(self._text, self.pos)
        end = max(number.end() if number else 0, bare.end() if bare else 0)
        if end >= len(self._text) or bare is None:  # "1" may have become 12, "tru" true
            self.cut = self.cut or end >= len(self._text)
            self.pos = max(end, self.pos + (not self.cut and self._peek() not in ",}]"))
            return _HALF
        self.pos = end
        word = bare.group()
        if number and number.end() == bare.end() and len(word) <= _LONGEST_NUMBER:
            return float(word) if re.search(r"[.eE]", word) else int(word)
        return _WORDS.get(word, tidy(word))

    def _string(self, quote: str) -> tuple[str, bool]:
        """The string that opens at ``pos``, and whether its closing quote was there."""
        out: list[str] = []
        i, text = self.pos + 1, self._text
        while i < len(text):
            char = text[i]
            if char == quote and not (quote == "'" and _inside_word(text, i)):
                self.pos = i + 1
                return tidy(_pair("".join(out))), True
            if char == "\\":
                piece, i = _escape(text, i)
                out.append(piece)
                continue
            out.append(char)
            i += 1
        self.pos = len(text)
        return tidy(_pair("".join(out))), False


def _inside_word(text: str, at: int) -> bool:
    """Whether a single quote is an apostrophe: letters on both sides."""
    return text[at - 1].isalpha() and at + 1 < len(text) and text[at + 1].isalpha()


def _escape(text: str, at: int) -> tuple[str, int]:
    """The meaning of the escape at ``at`` and where it ends; nothing if the text ends in it."""
    if at + 1 >= len(text):
        return "", len(text)
    char = text[at + 1]
    if char != "u":
        return _ESCAPES.get(char, char), at + 2
    digits = text[at + 2 : at + 6]
    if re.fullmatch(r"[0-9a-fA-F]{4}", digits):
        return chr(int(digits, 16)), at + 6
    return ("", len(text)) if at + 6 > len(text) else ("\ufffd", at + 2)


def _pair(text: str) -> str:
    """Join surrogate halves that were written as two escapes."""
    return re.sub(
        "[\ud800-\udbff][\udc00-\udfff]",
        lambda m: m.group().encode("utf-16-le", "surrogatepass").decode("utf-16-le"),
        text,
    )
