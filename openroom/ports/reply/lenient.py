"""Reads JSON while a language model writes it: trailing commas, single quotes, Python literals, comments.

Our own, since what was shown can't be taken back: jiter's partial parsing gives up at single quotes and at a line break
in a string, and takes a missing comma for the end; json-repair has to read all again for each piece (200 ms for 1,000
characters, where this takes 1), may then be of another mind, keeps half of an id, and does not tell what was cut.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Generator
from typing import Any, TypeVar

T = TypeVar("T")
Reading = Generator[None, None, T]
"""Reads on each time it is sent for, as far as the text goes; ends with what was read."""

_MAX_DEPTH = 48
_LONGEST_NUMBER = 300
_BLANKS = re.compile(r"\s*")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_BARE = re.compile(r"[^\s,:{}\[\]\"']*")
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
_RUNS = {closing: re.compile(rf"[^\\{closing}]*") for closing in _QUOTES.values()}
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_H = "[0-9a-fA-F]"
_ESCAPE = re.compile(
    rf"\\u([dD][89abAB]{_H}{{2}})\\u([dD][c-fC-F]{_H}{{2}})|\\u({_H}{{4}})|\\(.)", re.DOTALL
)  # a character in two halves, a whole one, or another escape
_HALF_ESCAPE = re.compile(rf"\\(?:u(?:{_H}{{0,3}}|[dD][89abAB]{_H}{{2}}(?:\\(?:u{_H}{{0,3}})?)?))?\Z")
_SURROGATE = re.compile("[\ud800-\udfff]")
_HALF = object()


def tidy(text: str) -> str:
    """The text without half characters (lone surrogates), which no socket or store can carry."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def read_string(text: str) -> str:
    """What the string says that stands at the beginning of a text, as far as it goes."""
    reader = LenientReader(bool, "")
    reader.feed(text)
    reader.ended = True
    try:
        next(reader.read_text())
    except StopIteration as end:
        return str(end.value)
    raise AssertionError("a reader whose text has ended waits for no more")


class LenientReader:
    """Reads values at ``at`` in a text that is fed to it. What is not complete when the text has ended is left out.

    ``keep_half(key)`` says of which top-level strings the beginning is kept all the same; ``shown`` has the pieces of
    the top-level string ``key`` as they are written, ``half_shown`` is whether the text ended within it. ``cut``: the
    text ended within a value; ``doubled``: a key stood twice.
    """

    def __init__(self, keep_half: Callable[[str], bool], key: str) -> None:
        self.text, self.at, self.ended = "", 0, False
        self.cut = self.doubled = self.half_shown = False
        self.shown: list[str] = []
        self._keep_half, self._shown_key = keep_half, key

    def feed(self, piece: str) -> None:
        """More text to read; once it has ended, there is none."""
        if not self.ended:
            self.text, self.at = self.text[self.at :] + tidy(piece), 0

    def skip_past(self, ending: str) -> Reading[None]:
        """Go behind the next ``ending``, or to the end."""
        while (found := self.text.find(ending, self.at)) < 0 and not self.ended:
            self.at = max(self.at, len(self.text) - len(ending) + 1)
            yield
        self.at = found + len(ending) if found >= 0 else len(self.text)

    def read_text(self) -> Reading[str]:
        """The string that opens here."""
        return (yield from self._string(_QUOTES[self.text[self.at]]))[0]

    def read_object(self, found: dict[str, Any], depth: int = 0) -> Reading[dict[str, Any]]:
        """The object whose ``{`` stands here, put into ``found`` as it comes. The first of two equal keys counts."""
        self.at += 1
        while (char := (yield from self._peek())) not in ("}", ""):
            if char in ",:]":
                self.at += 1
                continue
            key = yield from self._key(char)
            if (yield from self._peek()) != ":":
                continue
            self.at += 1
            self.doubled = self.doubled or key in found
            value = yield from self._value(depth, key, first=key not in found)
            if value is not _HALF:
                found.setdefault(key, value)
        self._close()
        return found

    def _array(self, depth: int) -> Reading[list[Any]]:
        self.at += 1
        found: list[Any] = []
        while (char := (yield from self._peek())) not in ("]", ""):
            if char == "}":  # the bracket was forgotten
                return found
            if char in ",:":
                self.at += 1
                continue
            value = yield from self._value(depth)
            if value is not _HALF:
                found.append(value)
        self._close()
        return found

    def _close(self) -> None:
        if self.at >= len(self.text):
            self.cut = True
        else:
            self.at += 1

    def _run(self, pattern: re.Pattern[str]) -> str:
        """What is here of a pattern that may be nothing; it is passed."""
        found = pattern.match(self.text, self.at)
        run = found.group() if found else ""
        self.at += len(run)
        return run

    def _peek(self) -> Reading[str]:
        """The next character that is no blank or comment, ``""`` at the end."""
        while True:
            self._run(_BLANKS)
            two = self.text[self.at : self.at + 2]
            if two in ("//", "/*"):
                yield from self.skip_past("\n" if two == "//" else "*/")
            elif self.ended or two not in ("", "/"):
                return two[:1]
            else:
                yield

    def _key(self, char: str) -> Reading[str]:
        if char in _QUOTES:
            return (yield from self._string(_QUOTES[char]))[0]
        word = yield from self._bare()
        self.at += not word
        return word

    def _value(self, depth: int, key: str = "", *, first: bool = False) -> Reading[Any]:
        char = yield from self._peek()
        if char in ("{", "["):
            if depth >= _MAX_DEPTH:  # of this no more is read
                self.ended, self.at = True, len(self.text)
                return _HALF
            return (yield from self.read_object({}, depth + 1) if char == "{" else self._array(depth + 1))
        if char in _QUOTES:
            top = depth == 0 and first
            shown = top and key == self._shown_key
            text, whole = yield from self._string(_QUOTES[char], shown=shown)
            self.half_shown = self.half_shown or (shown and not whole)
            return text if whole or (top and self._keep_half(key)) else _HALF
        return (yield from self._scalar())

    def _scalar(self) -> Reading[Any]:
        word = yield from self._bare()
        if self.at >= len(self.text):  # "1" may have become 12, "tru" true
            return _HALF
        if not word:
            self.at += self.text[self.at] not in ",}]"
            return _HALF
        if _NUMBER.fullmatch(word) and len(word) <= _LONGEST_NUMBER:
            number = float(word) if re.search(r"[.eE]", word) else int(word)
            return number if math.isfinite(number) else None
        return _WORDS.get(word, word)

    def _bare(self) -> Reading[str]:
        """A word without quotes; it ends where another character follows."""
        parts: list[str] = []
        while True:
            parts.append(self._run(_BARE))
            if self.ended or self.at < len(self.text):
                return "".join(parts)
            yield

    def _string(self, closing: str, *, shown: bool = False) -> Reading[tuple[str, bool]]:
        """The string that opens here, and whether its closing quote was there."""
        self.at += 1
        parts: list[str] = []
        while True:
            piece: str | None = self._run(_RUNS[closing])
            if not piece and self.at < len(self.text):
                piece = yield from self._mark(closing, parts[-1][-1:] if parts else "")
                if piece is None:
                    return "".join(parts), True
            elif not piece:
                if self.ended:
                    return "".join(parts), False
                yield
            if piece:
                parts.append(piece)
                if shown:
                    self.shown.append(piece)

    def _mark(self, closing: str, before: str) -> Reading[str | None]:
        """What the quote or escape here means within a string: ``None``, its end."""
        if self.text[self.at] == "\\":
            return (yield from self._escape())
        self.at += 1
        if closing in "'’" and before.isalpha():  # an apostrophe, if a letter follows
            while self.at >= len(self.text) and not self.ended:
                yield
            if self.text[self.at : self.at + 1].isalpha():
                return closing
        return None

    def _escape(self) -> Reading[str]:
        """What the escape here means; nothing if the text ends in it."""
        while _HALF_ESCAPE.match(self.text, self.at):
            if self.ended:
                self.at = len(self.text)
                return ""
            yield
        found = _ESCAPE.match(self.text, self.at)
        assert found is not None  # a backslash and a character
        self.at = found.end()
        high, low, code, char = found.groups()
        if high:
            return (chr(int(high, 16)) + chr(int(low, 16))).encode("utf-16", "surrogatepass").decode("utf-16")
        if code:
            return tidy(chr(int(code, 16)))
        return "\ufffd" if char == "u" else _ESCAPES.get(char, char)
