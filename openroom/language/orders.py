"""What a card's prose orders that code can see to: how people are called, how long a reply is, when the character
lives, what it does not know, which words it never says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from openroom.language.data import orders as data
from openroom.language.sentences import sentences

_MOST_READ = 4000
_MOST_TOPICS = 8
_LONGEST_TOPIC = 40
_TOPIC_WORDS = 4
_DOES_NOT_BELONG = re.compile(
    r"^(?:and|or|but|so|because|since|who|which|that|is|are|was|you|he|she|they|it|we|und|aber|der|die|das|weil|pero|"
    r"porque|que)\b",
    re.IGNORECASE,
)
_LEADING = re.compile(
    r"^(?:the|a|an|any|of|about|der|die|das|den|dem|einem|einer|von|los|las|el|la|un|una|del|de)\s+", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Order:
    """Something ordered: the value, and the sentence of the card in which it stands."""

    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Orders:
    """What was found, of each the first; ``sentences`` and ``until`` hold numbers as text. ``until_named``: the form of
    address is for those who have not told a name."""

    address: Order | None = None
    until_named: bool = False
    never_address: tuple[Order, ...] = ()
    sentences: Order | None = None
    until: Order | None = None
    unknown: tuple[Order, ...] = ()
    banned: tuple[Order, ...] = ()
    by_name: bool = False
    """Whether it speaks of itself by its name, and never says I."""


def read_orders(texts: Iterable[str], language: str) -> Orders:
    """The orders in texts of a card that is written in ``language``; English is read besides, since many write their
    rules in it."""
    said = list(_sentences(texts))
    codes = tuple(dict.fromkeys((language, "en")))
    called = [(order, code) for code in codes for order in _found(data.ADDRESS, code, said)]
    asked = [(order, code) for order, code in called if not re.search(data.NOT[code], order.source, re.I)]
    refused = tuple(order for order, code in called if re.search(data.NOT[code], order.source, re.I))
    count = next((one for code in codes for one in _found(data.SENTENCES, code, said) if _number(one.value)), None)
    return Orders(
        address=asked[0][0] if asked else None,
        until_named=bool(asked) and re.search(data.UNTIL_NAMED[asked[0][1]], asked[0][0].source) is not None,
        never_address=refused,
        sentences=count and Order(str(_number(count.value)), count.source),
        until=next((one for code in codes for one in _found(data.YEAR, code, said)), None),
        unknown=tuple(
            topic for code in codes for one in _found(data.UNKNOWN, code, said) for topic in _topics(one, code)
        ),
        banned=tuple(one for code in codes for one in _found(data.BANNED, code, said)),
        by_name=any(re.search(data.BY_NAME, sentence, re.I) for sentence in said),
    )


def _sentences(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        for line in text[:_MOST_READ].splitlines():
            yield from sentences(line)


def _found(patterns: Mapping[str, tuple[str, ...]], code: str, said: Sequence[str]) -> Iterator[Order]:
    """What the patterns of a language find, in the order of the card; of a sentence once."""
    for sentence in said:
        ways = (sentence, f"{sentence[:1].lower()}{sentence[1:]}")
        found = next((hit for one in patterns.get(code, ()) for way in ways if (hit := re.search(one, way))), None)
        if found is not None:
            yield Order(found["it"].strip(), sentence)


def _number(word: str) -> int:
    return data.NUMBERS.get(word.lower(), 0)


def _topics(order: Order, code: str) -> Iterator[Order]:
    """The topics of a list, as far as each is one: what has more words than a name is the rest of the sentence."""
    for part in re.split(data.BETWEEN[code], order.value)[:_MOST_TOPICS]:
        topic = _LEADING.sub("", part.strip(" \"'“”„‘’«»「」"))
        if _DOES_NOT_BELONG.match(part.strip()) or not topic:
            return
        if len(topic) <= _LONGEST_TOPIC and len(topic.split()) <= _TOPIC_WORDS:
            yield Order(topic, order.source)
