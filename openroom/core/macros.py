"""Macros: words in double braces, as authors of character cards write them (the table: docs/macros.md).

``expand`` is the one engine. What a macro stands for is given by the caller (`Values`); core knows no clock, and what
is drawn comes from `openroom.core.chance`, so the same text with the same values is the same for ever. A macro whose
value is not given, and one that nobody knows, stays as it was written and is reported.

Text that comes out of a macro is never read again: a visitor called ``{{random:a,b}}`` is called that. Each character
is looked at once, whatever the nesting, and the result is bounded.

``{{char}}`` is known when a card is read (`read_card`). Who is talked to is known only when a line is said (`said`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from openroom.core.chance import dice, pick

ANYBODY = "the visitor"
SPOKEN = frozenset({"greeting", "greetings", "examples", "repertoire", "fallbacks", "doing", "say"})
"""The keys of lines that are said to somebody: they keep their ``{{user}}``, and draw anew each time."""
MOST_CHARACTERS = 60_000
"""No expansion is longer; what is more is cut."""
MOST_DEPTH = 16
"""Macros within macros; what is deeper stays as it was written."""

_ENOUGH = 20
"""So many letters that are the same tell a line that goes on after them."""

_TOKEN = re.compile(r"\{\{+|\}\}+|<(?:user|bot|char)>", re.IGNORECASE)
_ITSELF = "the character"
"""What a name calls itself that should hold itself."""
_HEAD = re.compile(r"\s*(//|[A-Za-z_]+)\s*")
_ANGLED = {"<user>": "user", "<bot>": "char", "<char>": "char"}


@dataclass(frozen=True, slots=True)
class Values:
    """What macros stand for; ``None``: not known here. ``seed`` is what ``random`` and ``roll`` draw from, ``stable``
    what ``pick`` draws from; time, date and weekday are texts."""

    char: str | None = None
    user: str | None = None
    original: str | None = None
    time: str | None = None
    date: str | None = None
    weekday: str | None = None
    seed: str | None = None
    stable: str | None = None


class Expanded(NamedTuple):
    """The text, the macros in it that stayed (as they were written, each once), and whether it was cut."""

    text: str
    left: tuple[str, ...]
    cut: bool


class _Piece(NamedTuple):
    """``written``: by the author, so separators in it count. ``trims``: takes the line breaks around it away."""

    text: str
    written: bool = True
    trims: bool = False


def expand(text: str, values: Values, *, most: int = MOST_CHARACTERS) -> Expanded:
    """The text with its macros filled in."""
    reader = _Reader(values)
    pieces = reader.read(text)
    whole = _joined(pieces)
    cut = len(whole) > most or reader.given > MOST_CHARACTERS
    return Expanded(whole[:most], tuple(dict.fromkeys(reader.left)), cut)


def filled(text: str, values: Values) -> str:
    """The text of `expand`."""
    return expand(text, values).text if "{{" in text or "<" in text else text


_ALL = Values("C", "U", "", "T", "D", "W", "s", "s")


def unknown_in(text: str, *, spoken: bool = True) -> tuple[str, ...]:
    """Macros of a card's text that nothing stands for, as they were written. ``spoken``: of a line that is said to
    somebody; what stands in every prompt knows no time."""
    known = replace(_ALL, original=None)
    return expand(text, known if spoken else replace(known, time=None, date=None, weekday=None)).left


def read_name(name: str, card: str) -> str:
    """A character's name as everybody sees it: one text for all and for ever, so its macros become words when it is
    read (``{{user}}`` "the visitor", ``{{char}}`` "the character"; what is drawn is drawn from the id of the ``card``).
    One that nothing is left of stays as it was written."""
    words = " ".join(filled(name, Values(char=_ITSELF, user=ANYBODY, seed=card, stable=card)).split())
    return words or name


def read_card(value: Any, name: str, card: str, spoken: frozenset[str] = SPOKEN) -> Any:
    """A card's values, its macros filled in as far as they are known when it is read: in a line that is said to
    somebody (under the keys ``spoken``) the character's name alone, elsewhere all but the time. What is drawn there
    is drawn once, from the id of the ``card``, since it stands in every prompt."""
    told = Values(char=name, user=ANYBODY, seed=card, stable=card)
    return _filled_in(value, told, Values(char=name), spoken)


def _filled_in(value: Any, told: Values, said_: Values, spoken: frozenset[str]) -> Any:
    if isinstance(value, str):
        return filled(value, told)
    if isinstance(value, Mapping):
        return {key: _filled_in(one, said_ if key in spoken else told, said_, spoken) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_filled_in(one, told, said_, spoken) for one in value]
    return value


def was_said(line: str, text: str, *, whole: bool = True) -> bool:
    """Whether ``text`` is the line as it was said once: to whoever it was, whatever was drawn. Without ``whole`` the
    line may go on after it."""
    first, *rest = _fixed_parts(line)
    first = first.lstrip()
    if not whole:
        return _begins([first, *rest], text)
    if not rest:
        return text == line.strip()
    at, last = len(first), rest[-1].rstrip()
    for part in rest[:-1]:
        at = text.find(part, at) + len(part)
        if at < len(part):
            return False
    return text.startswith(first) and text.endswith(last) and len(text) - len(last) >= at


def _begins(parts: list[str], text: str) -> bool:
    """Whether ``text`` is how something with these parts begins, by letters enough to tell."""
    if not text.startswith(parts[0]):
        return parts[0].startswith(text)
    at = told = len(parts[0])
    for part in parts[1:]:
        found = text.find(part[:_ENOUGH], at)
        seen = text[found : found + len(part)]
        if found < 0 or not part.startswith(seen):
            break
        at, told = found + len(seen), told + len(seen)
    return told >= _ENOUGH


def _fixed_parts(line: str) -> list[str]:
    """What of a line is the same each time it is said: the texts between its macros."""
    reader = _Reader(Values(), holes=True)
    parts = [""]
    for piece in reader.read(line):
        if piece.written:
            parts[-1] += piece.text
        else:
            parts.append("")
    return parts


class _Frame:
    """A macro that is open: where it began, and what came since."""

    def __init__(self, start: int) -> None:
        self.start, self.pieces = start, list[_Piece]()


class _Reader:
    """Reads one text. ``holes``: macros that change from time to time are left out, as pieces that nobody wrote."""

    def __init__(self, values: Values, *, holes: bool = False) -> None:
        self._values, self._holes = values, holes
        self.left: list[str] = []
        self._drawn = self.given = 0
        self._deep = 0
        """Macros that are open and too deep to be looked at."""
        self._deep_from = (0, 0)
        """Where the first of them began: in the text, and among the pieces of the last frame."""

    def read(self, text: str) -> list[_Piece]:
        """The text in pieces."""
        frames = [_Frame(0)]
        at = 0
        for token in _TOKEN.finditer(text):
            frames[-1].pieces.append(_Piece(text[at : token.start()]))
            at, run = token.end(), token.group()
            if run[0] == "{":
                self._open(frames, run, at)
            elif run[0] == "}":
                self._close(frames, run, token.start(), text)
            else:
                frames[-1].pieces.append(self._named(_ANGLED[run.lower()], run))
        frames[-1].pieces.append(_Piece(text[at:]))
        for frame in frames[1:]:  # never closed: as it was written
            frames[0].pieces += [_Piece("{{"), *frame.pieces]
        return frames[0].pieces

    def _open(self, frames: list[_Frame], run: str, end: int) -> None:
        """Of a run of braces the last two open a macro; where it is too deep, none does."""
        frames[-1].pieces.append(_Piece(run[:-2]))
        if len(frames) <= MOST_DEPTH:
            frames.append(_Frame(end - 2))
            return
        if not self._deep:
            self._deep_from = (end - 2, len(frames[-1].pieces))
        self._deep += 1
        frames[-1].pieces.append(_Piece("{{"))

    def _close(self, frames: list[_Frame], run: str, at: int, text: str) -> None:
        """Of a run of braces each two close a macro, as long as one is open."""
        done = 0
        while len(run) - done >= 2 and len(frames) > 1:
            done += 2
            if self._deep:
                self._close_deep(frames[-1].pieces, text, at + done)
                continue
            frame = frames.pop()
            frames[-1].pieces.append(self._evaluated(frame.pieces, text[frame.start : at + done]))
        frames[-1].pieces.append(_Piece(run[done:]))

    def _close_deep(self, pieces: list[_Piece], text: str, end: int) -> None:
        """With the last of those that are too deep, all of them become one piece as it was written."""
        self._deep -= 1
        start, first = self._deep_from
        if self._deep:
            pieces.append(_Piece("}}"))
            return
        del pieces[first:]
        pieces.append(self._stays((), text[start:end]))

    def _evaluated(self, pieces: list[_Piece], source: str) -> _Piece:
        head = _HEAD.match(pieces[0].text) if pieces[0].written else None
        if head is None:
            return self._stays(pieces, source)
        name = head[1].lower()
        rest = [_Piece(pieces[0].text[head.end() :]), *pieces[1:]]
        if name in ("char", "user", "original", "time", "date", "weekday"):
            return self._named(name, source, pieces) if not _joined(rest).strip() else self._stays(pieces, source)
        if name in _NOTES:
            return _Piece("", written=False)
        if name in _BARE and not _joined(rest).strip():
            return _BARE[name]
        return self._drawn_from(name, rest, pieces, source)

    def _named(self, name: str, source: str, pieces: Sequence[_Piece] = ()) -> _Piece:
        value: str | None = getattr(self._values, name)
        if value is None:
            return self._stays(pieces, source)
        self.given += len(value)
        return _Piece(value if self.given <= MOST_CHARACTERS else "", written=False)

    def _drawn_from(self, name: str, rest: list[_Piece], pieces: list[_Piece], source: str) -> _Piece:
        if name not in ("random", "pick", "roll"):
            return self._stays(pieces, source)
        choices = [] if name == "roll" else _choices(rest)
        thrown = dice(_joined(rest).strip(" :")) if name == "roll" else None
        seed = self._values.stable if name == "pick" else self._values.seed
        if seed is None or (thrown is None if name == "roll" else not choices):
            return self._stays(pieces, source)
        self._drawn += 1
        what = (name, self._drawn, *choices)
        drawn = str(thrown.throw(seed, what).total) if thrown else pick(seed, what, choices)
        return _Piece(drawn, written=False)

    def _stays(self, pieces: Sequence[_Piece], source: str) -> _Piece:
        """Left as it was written, but for the macros within it that are known."""
        if self._holes:
            return _Piece("", written=False)
        self.left.append(source)
        return _Piece(f"{{{{{_joined(pieces)}}}}}" if pieces else source, written=False)


def _choices(rest: list[_Piece]) -> list[str]:
    """The list of a draw: ``::a::b``, or ``:a,b`` (``\\,`` is a comma). What macros within it gave is not cut."""
    first = rest[0].text
    if not first.startswith(":"):
        return []
    rest = [_Piece(first[2:] if first.startswith("::") else first[1:]), *rest[1:]]
    by = re.compile("::" if any(piece.written and "::" in piece.text for piece in rest) else r"(?<!\\),")
    items = [""]
    for piece in rest:
        head, *more = by.split(piece.text) if piece.written else [piece.text]
        items[-1] += head
        items += more
    return [item.strip().replace("\\,", ",") for item in items] if any(item.strip() for item in items) else []


_NOTES = frozenset({"//", "comment", "hidden_key", "noop"})
"""Macros that stand for nothing, whatever is in them."""
_BARE: Mapping[str, _Piece] = {"newline": _Piece("\n"), "trim": _Piece("", trims=True)}
"""Macros that need no value and take none."""


def _joined(pieces: Sequence[_Piece]) -> str:
    parts: list[str] = []
    trims = False
    for piece in pieces:
        if piece.trims:
            while parts and not (kept := parts[-1].rstrip("\r\n")):
                parts.pop()
            if parts:
                parts[-1] = kept
            trims = True
            continue
        text = piece.text.lstrip("\r\n") if trims else piece.text
        trims = trims and not text
        parts.append(text)
    return "".join(parts)
