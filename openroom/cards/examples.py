"""Example talk of a card (``mes_example``): exchanges, each with the span of the text that it was read from.

The form, as authors write it: ``<START>`` begins a scene; a line that begins with ``{{user}}:``, ``{{char}}:`` or the
name of one of them is said by them; lines without a name go on with what was said before. What somebody else says, and
what stands before the first name of a scene, is no exchange. Macros stay as they are written: they are filled in where
the examples are used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

_START = re.compile(r"<\s*START\s*>", re.IGNORECASE)
_SPEAKER = re.compile(r"[ \t]*(?P<name>\{\{\s*\w+\s*\}\}|<\w+>|[^\W\d_][^:\n{}<>]{0,59}?)[ \t]*[:：](?!//)[ \t]*")
_USER = frozenset({"{{user}}", "<user>", "user", "you", "{{name}}"})
_CHAR = frozenset({"{{char}}", "<char>", "<bot>", "{{bot}}"})
_OPENS = "*\"“”'‘’_ \t"


@dataclass(frozen=True, slots=True)
class Exchange:
    """``heard`` was said to the character (empty: it began), ``say`` is what it answered; ``start`` and ``end`` are
    where both stand in the text, ``scene`` counts the ``<START>`` before it (from 0)."""

    heard: str
    say: str
    start: int
    end: int
    scene: int = 0


@dataclass(frozen=True, slots=True)
class _Line:
    who: str
    text: str
    start: int
    end: int


def exchanges(text: str, name: str, users: Iterable[str] = ()) -> list[Exchange]:
    """The exchanges of a card's example talk, in order. ``name`` is the character's, ``users`` are names of those it
    talks to besides ``{{user}}``."""
    known = dict.fromkeys((*_USER, *(user.casefold() for user in users)), "user")
    known |= dict.fromkeys((*_CHAR, *_names(name)), "char")
    found: list[Exchange] = []
    for scene, (start, end) in enumerate(_scenes(text)):
        found += (replace(one, scene=scene) for one in _paired(list(_lines(text, start, end, known))))
    return found


def chosen(found: Sequence[Exchange], *, heard: int = 300, say: int = 600, most: int = 24) -> list[Exchange]:
    """Those that fit a character (`openroom.core.character.ExampleLine`): with both sides, neither too long, the first
    of each scene before the others, in the order of the card."""
    fit = [one for one in found if one.heard and one.say and len(one.heard) <= heard and len(one.say) <= say]
    first = list({one.scene: one for one in reversed(fit)}.values())[::-1]
    return sorted([*first, *(one for one in fit if one not in first)][:most], key=lambda one: one.start)


def _names(name: str) -> Iterator[str]:
    whole = name.casefold().strip()
    yield whole
    yield whole.partition(" ")[0]


def _scenes(text: str) -> Iterator[tuple[int, int]]:
    """Where each scene stands; what comes before the first mark is one where it says something."""
    at = 0
    for mark in _START.finditer(text):
        if text[at : mark.start()].strip():
            yield at, mark.start()
        at = mark.end()
    if text[at:].strip():
        yield at, len(text)


def _lines(text: str, start: int, end: int, known: dict[str, str]) -> Iterator[_Line]:
    """What is said, by whom; a stranger's lines are told too, by nobody."""
    who, parts, begun, last = "", list[str](), start, start
    for line in re.compile(r"[^\n]+").finditer(text, start, end):
        speaker = _SPEAKER.match(line.group())
        name = re.sub(r"\s", "", speaker["name"]).casefold() if speaker and "{" in speaker["name"] else ""
        name = name or (speaker["name"].strip(_OPENS).casefold() if speaker else "")
        if speaker and (name in known or _strange(speaker["name"])):
            if who:
                yield _Line(who, "\n".join(parts).strip(), begun, last)
            who, parts, begun = known.get(name, "stranger"), [line.group()[speaker.end() :]], line.start()
        else:
            parts.append(line.group().strip())
        last = line.start() + len(line.group().rstrip())
    if who:
        yield _Line(who, "\n".join(parts).strip(), begun, last)


def _strange(name: str) -> bool:
    """Whether it is somebody's name rather than the beginning of a sentence with a colon: each word is capital."""
    return "{" in name or "<" in name or (all(word[:1].isupper() for word in name.split()) and len(name.split()) <= 3)


def _paired(lines: Sequence[_Line]) -> Iterator[Exchange]:
    """Each answer with what was said right before it. Several lines of one in a row are one."""
    heard: _Line | None = None
    answer: Exchange | None = None
    for line in lines:
        if line.who == "char" and line.text:
            if answer is not None:
                answer = replace(answer, say=f"{answer.say}\n{line.text}", end=line.end)
            else:
                began = heard if heard is not None else _Line("user", "", line.start, line.start)
                answer = Exchange(began.text, line.text, began.start, line.end)
                heard = None
            continue
        if answer is not None:
            yield answer
            answer = None
        if line.who == "user":
            joined = f"{heard.text}\n{line.text}".strip() if heard else line.text
            heard = _Line("user", joined, heard.start if heard else line.start, line.end)
        else:
            heard = None
    if answer is not None:
        yield answer
