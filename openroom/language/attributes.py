"""Attribute lists, as many cards of characters are written ("Age: 19"), as sentences in the first person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from openroom.language.data.made.made import MADE
from openroom.language.data.made.parts import Attribute

_LINE = re.compile(
    r"[\s\-*•+]*(?P<key>[^\W\d_][^\n:：=*]{0,24}?)[\s*]*[:：=]\s*+"
    r"(?:[*]*+(?!$)|[*]*(?=[*]$))(?P<value>[^\n]{1,400})"  # blanks and stars are read once
)
_FEWEST = 2
"""So many attributes make a list; one line with a colon is prose."""
_LONGEST = 140
_OTHERS = re.compile(
    r"\b(?:he|she|they|them|his|her|their|him|you|your|er|sie|ihr\w*|sein\w*|du|dein\w*|él|ella|su|sus|tú|tu|tus)\b|[你他她]|"
    r"あなた|彼",
    re.IGNORECASE,
)
_ODD = re.compile(r"[\"“”«»(){}\[\]<>|~#*?？:：]")
_SOUNDS_LIKE_A = re.compile(r"(?:uni|use|eu|one\b|ur[aoi])", re.IGNORECASE)
_SOUNDS_OPEN = re.compile(r"(?:[aeiou]|hour|honest|heir|honou?r)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence, the questions that it answers, and the line that it was made from."""

    text: str
    asks: tuple[str, ...]
    source: str


def attribute_lines(text: str) -> list[re.Match[str]]:
    """The lines of an attribute list in a text; none where it is prose."""
    found = [line for one in text.splitlines() if (line := _LINE.fullmatch(one.strip()))]
    return found if len(found) >= _FEWEST else []


def from_attributes(text: str, language: str) -> Iterator[Told]:
    """What an attribute list tells, as far as it can be said in a sentence that is certain to be one."""
    known = {key: one for one in MADE[language].attributes for key in one.keys} if language in MADE else {}
    for line in attribute_lines(text):
        attribute = known.get(line["key"].strip().lower())
        if attribute is not None and (value := _value(line["value"], attribute, language)):
            yield Told(_said(attribute.says, value), attribute.asks, line.group().strip())


def _said(says: str, value: str) -> str:
    if "{an}" in says:
        value = re.sub(r"^(?:an?|the) ", "", value)
        opens = _SOUNDS_OPEN.match(value) and not _SOUNDS_LIKE_A.match(value)
        says = says.replace("{an}", "an" if opens else "a")
    return says.replace("{it}", value)


def _value(text: str, attribute: Attribute, language: str) -> str:
    """What is said of it; empty where that can't stand in the sentence."""
    value = re.split(r"[;；]|\.\s", text.strip())[0].strip(" .。!！,，、")
    parts = [part.strip() for part in re.split(r"[,，、]", value) if part.strip()]
    if attribute.first:
        value = parts[0] if parts else ""
    elif attribute.listed:
        value = _joined(parts, language)
    fits = value and len(value) <= _LONGEST and not _OTHERS.search(value) and not _ODD.search(value)
    if not fits or (attribute.takes and not re.match(attribute.takes, value)):
        return ""
    small = attribute.listed and re.match(r"(?:The|A|An|Being|To)\b", value)
    return f"{value[:1].lower()}{value[1:]}" if small else value


def _joined(parts: list[str], language: str) -> str:
    """A list with its last joint in words."""
    joint = MADE[language].last_joint
    last = re.sub(r"^(?:and|und|y|e|和)\s+", "", parts[-1]) if parts else ""
    comma = "、" if language in ("zh", "ja") else ", "
    if language == "ja":
        return comma.join(parts)
    return comma.join(parts[:-1]) + (joint if parts[1:] else "") + last
