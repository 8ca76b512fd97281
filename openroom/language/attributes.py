"""Attribute lists, as many cards of characters are written ("Age: 19"), as sentences in the first person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from openroom.language.attribute_lists import Attribute as Listed
from openroom.language.attribute_lists import attributes
from openroom.language.data.made.made import MADE
from openroom.language.data.made.parts import Attribute

_LONGEST = 140
_FRAME = ' \t[](){}"“”+,;'
"""What is left of the frame around a W++ list."""
PROSE = frozenset(
    {"description", "background", "backstory", "history", "bio", "biography", "summary", "other", "about", "info"}
)
"""Keys of attributes that are told in sentences."""
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


def from_attributes(text: str, language: str) -> Iterator[Told]:
    """What an attribute list tells, as far as it can be said in a sentence that is certain to be one."""
    known = MADE[language].attributes if language in MADE else ()
    for listed in attributes(text):
        fits = (one for one in known if listed.name in one.keys)
        values = ((one, _value(_parts(listed, one, language), one, language)) for one in fits)
        if found := next(((one, value) for one, value in values if value), None):
            attribute, value = found
            asks = tuple(_asks(attribute, value))
            yield Told(_said(attribute.says, value), asks, text[listed.start : listed.end])


def _asks(attribute: Attribute, value: str) -> Iterator[str]:
    """The questions that a value answers; ``{1}`` in them is the first group of how it begins."""
    begins = re.match(attribute.takes, value)
    for ask in attribute.asks:
        if "{1}" not in ask:
            yield ask
        elif begins is not None and begins.groups():
            yield ask.replace("{1}", begins[1].lower())


def prose(text: str) -> Iterator[tuple[str, bool]]:
    """The lines of a text that are no attributes, and the attributes that are prose ("Background: ..."); and whether
    it is one of these."""
    at = 0
    for listed in attributes(text):
        yield from ((line, False) for line in text[at : listed.start].splitlines() if line.strip(_FRAME))
        if listed.name in PROSE:
            yield from ((value, True) for value in listed.values)
        at = listed.end
    yield from ((line, False) for line in text[at:].splitlines() if line.strip(_FRAME))


def _parts(listed: Listed, attribute: Attribute, language: str) -> list[str]:
    """The values of an attribute: of one that is a line of text, what stands between its commas."""
    if listed.form == "list":
        value = re.split(r"[;；]|\.\s", listed.values[0].strip().strip("*_"))[0].strip(" .。!！,，、*")
        parts = [part.strip() for part in re.split(r"[,，、]", value) if part.strip()]
        small = language == "en" and any(part[0].islower() for part in parts[1:])
    else:
        parts = [part.strip(" .。!！,，、") for part in listed.values if part.strip(" .。!！,，、")]
        small = language == "en"
    return [_small(part) for part in parts] if small and attribute.listed else parts


def _small(part: str) -> str:
    """A part of a list as it stands within a sentence: "Pickled eggs" are no name, "Ballads by Tom" keep theirs."""
    return part if re.match(r"\S*[A-Z]\S*\s+[A-Z]|[A-Z]{2}|I\b", part) else f"{part[:1].lower()}{part[1:]}"


def _said(says: str, value: str) -> str:
    if "{an}" in says:
        value = re.sub(r"^(?:an?|the) ", "", value)
        opens = _SOUNDS_OPEN.match(value) and not _SOUNDS_LIKE_A.match(value)
        says = says.replace("{an}", "the" if re.search(r" of [Tt]he ", value) else "an" if opens else "a")
    return says.replace("{it}", value)


def _value(parts: list[str], attribute: Attribute, language: str) -> str:
    """What is said of it; empty where that can't stand in the sentence."""
    if attribute.first:
        value = parts[0] if parts else ""
    elif attribute.listed:
        value = _joined([part for part in parts if not _OTHERS.search(part) and not _ODD.search(part)], language)
    else:
        value = ("、" if language in ("zh", "ja") else ", ").join(parts)
    if attribute.small:
        value = _small(value)
    fits = value and len(value) <= _LONGEST and not _OTHERS.search(value) and not _ODD.search(value)
    if not fits or (attribute.takes and not re.match(attribute.takes, value)):
        return ""
    opens = re.match(r"(?:The|A|An|Being|To)\b", value)
    return f"{value[:1].lower()}{value[1:]}" if opens else value


def _joined(parts: list[str], language: str) -> str:
    """A list with its last joint in words."""
    joint = MADE[language].last_joint
    last = re.sub(r"^(?:and|und|y|e|和)\s+", "", parts[-1]) if parts else ""
    comma = "、" if language in ("zh", "ja") else ", "
    if language == "ja":
        return comma.join(parts)
    return comma.join(parts[:-1]) + (joint if parts[1:] else "") + last
