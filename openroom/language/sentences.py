"""A text cut into sentences, and a sentence into clauses: the one place that knows where they end.

A text may be 4,000 characters of anything, so no pattern here begins again within a run of marks or blanks that it has
read: whatever the text, each character of it is looked at a few times at most.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from openroom.language.shortening import goes_on

_MARKS = ".!?…。！？"
_CLOSE = r"""["'»”’」』)*\]]*"""
_END = re.compile(
    rf"[{_MARKS}\n](?:(?P<line>(?<=\n)\n*)|(?<![{_MARKS}][{_MARKS}])(?:"
    rf"(?:(?P<stop>(?<=\.)(?=\s))|[{_MARKS}]*{_CLOSE})(?:\s+|$)"  # space behind the marks: "3.5" goes on
    rf"|(?:[{_MARKS}]*[。！？]|(?<=[。！？]))[{_MARKS}]*{_CLOSE}"
    rf"|(?:[{_MARKS}]*[!?]|(?<=[!?]))(?=[\u3040-\u30ff\u3400-\u9fff])"  # scripts without it
    r"))"
)
"""Where a sentence ends, unless the full stop only shortens a word; it begins at the first of its marks. The pattern
begins with the marks themselves, so that what has none is passed over at once."""

_BREAK = r"(?:[;!?…。、，；：！？\n]|[.,:](?!(?<=\d.)\d))+|(?<![^\S\n])[^\S\n]+[-–—]+\s+"
_CLOSING = " \"'»”’」』)*]"


OPEN_QUESTION = r"(?:and |but |so |well )?(?:who|what|when|where|why|how|which|whose|whom)\b"
"""How a question begins that no yes and no no answers."""


class Cutter:
    """Cuts a text into sentences while it is written: the same ones, however it comes in pieces."""

    def __init__(self) -> None:
        self.held = ""
        """What is no whole sentence yet."""
        self._read = 0

    def feed(self, piece: str) -> list[str]:
        """Take more text; the sentences that are whole now, with the blanks behind them."""
        self.held += piece
        found: list[str] = []
        done, read = 0, len(self.held)
        for end in _END.finditer(self.held, self._read):
            shortens = _shortens(self.held, end, done)
            if shortens is None or (end.end() == len(self.held) and end["line"] is None):  # more of it may come
                read = end.start()
                break
            if not shortens:
                found.append(self.held[done : end.end()])
                done = end.end()
        self.held, self._read = self.held[done:], read - done
        return found

    @property
    def unfinished(self) -> bool:
        """Whether what is held is the beginning of a sentence, without its end."""
        held = self.held.rstrip()
        ends = (end for end in _END.finditer(held) if end.end() == len(held))
        return bool(held) and all(_shortens(held, end, 0, whole=True) for end in ends)

    def rest(self) -> list[str]:
        """The text has ended: what is held is its last sentences."""
        rest, self.held, self._read = self.held, "", 0
        return list(_cut(rest))


def _cut(text: str) -> Iterator[str]:
    """The sentences of a whole text, with the blanks behind them."""
    at = 0
    for end in _END.finditer(text):
        if not _shortens(text, end, at, whole=True):
            yield text[at : end.end()]
            at = end.end()
    if at < len(text):
        yield text[at:]


def _shortens(text: str, end: re.Match[str], start: int, *, whole: bool = False) -> bool | None:
    """Whether the full stop of an end shortens a word in the sentence from ``start`` on; ``None`` while that can't be
    told."""
    if end["stop"] is None or "\n" in end.group():
        return False
    return goes_on(text, end.start(), end.end(), start=start, whole=whole)


def sentences(text: str) -> list[str]:
    """Split a text into sentences, marks kept."""
    return list(_sentences(text))


@lru_cache(maxsize=256)
def _sentences(text: str) -> tuple[str, ...]:
    """The same, kept for a while: a line is read by all who hear it, and for more than one reason."""
    return tuple(sentence for one in _cut(text) if (sentence := one.strip()))


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Where the sentences of a text stand: from, to; blanks around them left out."""
    at = 0
    for one in _cut(text):
        if sentence := one.strip():
            start = at + len(one) - len(one.lstrip())
            yield start, start + len(sentence)
        at += len(one)


def cut_to(text: str, most: int) -> list[str]:
    """The text in pieces of at most ``most`` characters, cut where a sentence ends where one does; blank text: none."""
    pieces = [""]
    for sentence in _cut(text):
        if len(pieces[-1]) + len(sentence.rstrip()) > most:
            pieces.append("")
        while len(sentence.rstrip()) > most:
            pieces[-1:] = [sentence[:most], ""]
            sentence = sentence[most:]
        pieces[-1] += sentence
    return [piece.strip() for piece in pieces if piece.strip()]


def asks(text: str) -> bool:
    """Whether a text ends with a question mark."""
    return text.rstrip(_CLOSING).endswith(("?", "？"))


def clauses(sentence: str, joints: str = "") -> Iterator[tuple[str, str]]:
    """The clauses of a sentence, marks left out, each with the word that links it to the one before (mostly none).
    ``joints`` is a pattern of such words (`openroom.language.data.tongue.Tongue`)."""
    at, link = 0, ""
    for match in _breaks(joints).finditer(sentence):
        if part := sentence[at : match.start()].strip():
            yield link, part
            link = ""
        said = match.group().strip()
        at, link = match.end(), said if said.isalpha() else link
    if part := sentence[at:].strip():
        yield link, part


@cache
def _breaks(joints: str) -> re.Pattern[str]:
    return re.compile(rf"{_BREAK}|\b(?:{joints})\b" if joints else _BREAK)


_CALL = 2
"""So many words before the first comma, or after the last, hardly say more than whom one speaks to."""


def without_call(sentence: str) -> str:
    """A sentence without whom it calls, or greets, at its beginning or its end."""
    parts = re.split(r"[,，、]\s*", sentence.strip())
    while len(parts) > 1 and len(parts[0].split()) <= _CALL and not re.search("['’]", parts[0]):
        parts.pop(0)
    while len(parts) > 1 and len(parts[-1].split()) <= _CALL:
        parts.pop()
    return ", ".join(parts)
