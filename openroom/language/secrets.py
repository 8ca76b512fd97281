"""What a card's prose and attributes tell as a secret, by how it is marked: under a key ("Secret: ..."), under a
heading of that name, or by the sentence itself and the one behind it ("Nobody knows that ...", "Nobody knows it.")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from openroom.language.attribute_lists import attributes
from openroom.language.sentences import spans

_NAMED = re.compile(
    r"\b(?:secrets?|hidden|geheimnis(?:se)?|geheim|heimlich|secretos?|ocult[oa]s?)\b|秘密|隠し事|"
    r"^(?:(?:what|that which) )?(?:nobody|no[ -]?one)(?: else)? knows\b|"
    r"^unknown to (?:others|all|everyone|everybody)\b",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"\b(?:nobody|no[ -]?one)(?: else)? (?:knows|may know|must know|is to know)(?: that|,)? \w+|"
    r"\bsecretly\b|\bsecrets?(?: is that| is|:)|\b(?:hides|hiding|conceals|keeps secret) (?:the fact )?that\b|"
    r"\b(?:niemand|keiner) weiß|\b(?:heimlich|insgeheim|geheimnis)\b|\bnadie sabe\b|\ben secreto\b|\bsecretamente\b|"
    r"没有?人知道|沒有?人知道|无人知晓|秘密|誰も知らない|ひそかに",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"^(?:but |and |yet |so far )?(?:nobody|no[ -]?one)(?: else)? (?:knows|may (?:ever )?know|must (?:ever )?know|"
    r"is to know)(?: (?:it|this|that|of it|about (?:it|this|that)))?\W*$|"
    r"^(?:this|that|it) is (?:a|(?:his|her|their|your|its)) secret\W*$|"
    r"^(?:das weiß niemand|niemand weiß (?:es|das|davon))"
    r"\W*$|^nadie lo sabe\W*$",
    re.IGNORECASE,
)
"""A sentence that makes a secret of the one in front of it."""
_BULLET = r"(?:[-*•+][ \t]+)?"
_LINE = re.compile(
    rf"^[ \t]*{_BULLET}\[?(?:\*\*|__)?(?P<key>[^\W\d_][^\n:：=(]{{0,39}})(?:[:：=](?:\*\*|__)?[ \t]*"
    r"(?P<value>(?:[^\w\n]|_)*[^\W_][^\n]*)|\((?P<inside>[^()\n]{1,600})\)[ \t]*)$",
    re.MULTILINE,
)
_HEADING = re.compile(r"^(?:[^\w\n]|_){0,8}(?P<key>[^\W\d_][\w '’-]{0,39})(?:[^\w\n]|_){0,8}$", re.MULTILINE)
_BLANK = re.compile(r"(?:[^\S\n]*\n)*")
_KEY = re.compile(r"^[A-Z][\w ]{0,39}: ")
_LISTED = re.compile(r"[ \t]*(?:[-*•+]|\d{1,3}[.)])[ \t]")
_IN_PROSE = re.compile(r"(?:your|his|her|their|its|my|the|an?|one)\b", re.IGNORECASE)
"""How a sentence begins that has a colon in it ("Your secret: ..."), and is one sentence of many."""
_MOST_WORDS = 4


@dataclass(frozen=True, slots=True)
class Secret:
    """``start`` to ``end`` of the text tell it, and so do the ``texts``, each for itself."""

    start: int
    end: int
    texts: tuple[str, ...]


def names_secret(key: str) -> bool:
    """Whether a key or heading says that what stands under it is secret."""
    return len(key.split()) <= _MOST_WORDS and bool(_NAMED.search(key.strip()))


def says_secret(sentence: str) -> bool:
    """Whether a sentence itself says that it tells a secret."""
    return bool(_SAYS.search(sentence))


def marked_secrets(text: str) -> list[Secret]:
    """The secrets that a key, a heading or the next sentence marks as such, in order; none overlaps another."""
    found: list[Secret] = []
    for one in sorted(
        [*_of_keys(text), *_of_headings(text), *_of_sentences(text)], key=lambda one: (one.start, -one.end)
    ):
        if not found or one.start >= found[-1].end:
            found.append(one)
    return found


def _of_keys(text: str) -> Iterator[Secret]:
    for listed in attributes(text):
        if names_secret(listed.name):
            yield Secret(listed.start, listed.end, tuple(value.strip("[]*_ ") for value in listed.values))
    for line in _LINE.finditer(text):
        if names_secret(line["key"]) and not _IN_PROSE.match(line["key"]):
            value = (line["value"] or line["inside"]).strip(' \t]*_"“”')
            start = line.start() + len(line.group()) - len(line.group().lstrip())
            yield Secret(start, line.start() + len(line.group().rstrip()), (value,) if value else ())


def _of_headings(text: str) -> Iterator[Secret]:
    """What stands under each heading; one within what another took is a line of that."""
    at = 0
    while heading := _HEADING.search(text, at):
        at = min(heading.end() + 1, len(text))
        under = _under(text, at) if names_secret(heading["key"]) else None
        if under is not None:
            at = under.end
            yield under


def _under(text: str, at: int) -> Secret | None:
    """The first paragraph, or list, from ``at`` on: a blank line may stand in front of it, and within a list."""
    begin = _BLANK.match(text, at)
    start = at = end = begin.end() if begin else at
    said: list[str] = []
    lists = bool(_LISTED.match(text, at))
    while at < len(text):
        close = text.find("\n", at)
        close = len(text) if close < 0 else close
        line = text[at:close]
        listed = _LISTED.match(line)
        if (lists and line.strip() and not listed) or not (lists or line.strip()) or (not listed and _heads(line)):
            break
        if line.strip():
            said.append(line[listed.end() if listed else 0 :].strip(" \t\r-*•+"))
            end = at + len(line.rstrip())
        at = close + 1
    return Secret(start, end, tuple(one for one in said if one)) if said else None


def _heads(line: str) -> bool:
    """Whether a line is marked as the heading of what comes next."""
    line = line.strip()
    return line.startswith("#") or line.rstrip("*_ ").endswith((":", "："))


def _of_sentences(text: str) -> Iterator[Secret]:
    before: tuple[int, int] | None = None
    for start, end in spans(text):
        if before is not None and _BEFORE.match(text[start:end]):
            yield Secret(before[0], end, (_KEY.sub("", text[before[0] : before[1]]),))
        before = start, end
