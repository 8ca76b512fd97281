"""Attributes of a card in the forms that communities write them, each with its span of the text.

Read are, by their look alone: W++ (``Age("19")``, ``Likes("tea" + "rain")``, with or without ``[Character("X") {...}]``
around; without quotes where it fills its line, ``Likes(tea + rain)``), lists of ``Key: value`` lines (also
``**Key:** value``, ``- Key: value``, ``[Key: a, b]``), and the one-line form ``[Key = a, b; Key = c]``. Prose with a
colon in it is none: a list has two such lines in a row at least, with keys of at most four words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_KEY = r"[^\W\d_][\w /'’&.-]{0,39}"
_TEXT = r"[\"“][^\"”\n]{0,600}[\"”]"
_WPP = re.compile(rf"(?P<key>{_KEY}?)[ \t]*\([ \t]*(?P<values>{_TEXT}(?:[ \t]*[+,][ \t]*{_TEXT}){{0,60}})[ \t]*\)")
_UNQUOTED = re.compile(
    rf"^[ \t]*(?P<key>{_KEY}?)[ \t]*\((?P<value>[^\"“()\n]{{1,600}})\)[ \t]*(?:[,;][ \t]*)?$", re.MULTILINE
)
_QUOTED = re.compile(r"[\"“]([^\"”\n]*)[\"”]")
_LISTED = re.compile(
    rf"^[ \t]*(?:[-*•+][ \t]+)?\[?(?P<bold>\*\*|__)?(?P<key>{_KEY}?)(?:(?P=bold))?[ \t]*[:：=]"
    r"(?(bold)(?:\*\*|__)?)(?P<value>[^\n]+)$",  # blanks around a value are cut off in code: a pattern reads them twice
    re.MULTILINE,
)
_ROW = re.compile(rf"[\[;][ \t]*(?P<key>{_KEY}?)[ \t]*=(?P<value>[^;=\]\n]{{1,600}})(?=[;\]])")
_FRAMES = frozenset({"character", "char", "npc"})
"""Keys that say only whose attributes these are."""
_MOST_WORDS = 4
_LONGEST = 2000
"""A value is no longer."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """``key`` as it was written, its ``values`` (one, where it is a line of prose), and where it stands."""

    key: str
    values: tuple[str, ...]
    start: int
    end: int
    form: str
    """``wpp``, ``list`` or ``row``."""

    @property
    def name(self) -> str:
        """The key as it is looked up: small letters, one blank between words."""
        return " ".join(self.key.casefold().replace("_", " ").split())


def attributes(text: str) -> list[Attribute]:
    """All attributes of a text, in order; none overlaps another."""
    found: list[Attribute] = []
    for one in sorted(
        [*_wpp(text), *_unquoted(text), *_rows(text), *_listed(text)], key=lambda one: (one.start, -one.end)
    ):
        if not found or one.start >= found[-1].end:
            found.append(one)
    return found


def _wpp(text: str) -> Iterator[Attribute]:
    for match in _WPP.finditer(text):
        values = tuple(value for one in _QUOTED.findall(match["values"]) if (value := one.strip()))
        key = match["key"].strip()
        if values and key and key.casefold() not in _FRAMES and len(key.split()) <= _MOST_WORDS:
            start = match.start() + len(match.group()) - len(match.group().lstrip())
            yield Attribute(key, values, start, match.end(), "wpp")


def _unquoted(text: str) -> Iterator[Attribute]:
    """Lines of W++ without quotes, where at least two stand in a card: one may be prose."""
    found = []
    for match in _UNQUOTED.finditer(text):
        values = tuple(value for one in re.split(r"[+,]", match["value"]) if (value := one.strip()))
        if values and len(match["key"].split()) <= _MOST_WORDS and match["key"].strip().casefold() not in _FRAMES:
            start = match.start() + len(match.group()) - len(match.group().lstrip())
            found.append(
                Attribute(match["key"].strip(), values, start, match.start() + len(match.group().rstrip()), "wpp")
            )
    yield from found if len(found) > 1 else ()


def _rows(text: str) -> Iterator[Attribute]:
    for match in _ROW.finditer(text):
        values = tuple(value for one in match["value"].split(",") if (value := one.strip(' \t"“”')))
        if values and len(match["key"].split()) <= _MOST_WORDS:
            end = match.start("value") + len(match["value"].rstrip())
            yield Attribute(match["key"].strip(), values, match.start("key"), end, "row")


def _listed(text: str) -> Iterator[Attribute]:
    """Lines of a list, where at least two stand in a row (blank lines between them do not count)."""
    run: list[Attribute] = []
    at = 0
    for match in _LISTED.finditer(text):
        line = _line(match)
        if line is None:
            continue
        if run and text[at : match.start()].strip():
            yield from run if len(run) > 1 else ()
            run = []
        run.append(line)
        at = match.end()
    yield from run if len(run) > 1 else ()


def _line(match: re.Match[str]) -> Attribute | None:
    key, value = match["key"].strip(), match["value"].strip().removesuffix("]").strip().rstrip(",")
    if len(value) > _LONGEST or len(key.split()) > _MOST_WORDS or '("' in match.group() or not value.strip("{[("):
        return None
    start = match.start() + len(match.group()) - len(match.group().lstrip())
    return Attribute(key, (value,), start, match.start() + len(match.group().rstrip()), "list")
