"""A second look at a request that `openroom.models.asks` understood as one but found nothing for: by the words that the
props themselves bring (labels, names, "words" of a verb), so that things nobody foresaw can be asked for as well.

English only in its word lists; the words of props may be of any language with spaces.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from openroom.models.lexical import stem
from openroom.models.port import MenuItem
from openroom.models.tongues import COMMON, CONCEPTS, ENGLISH, words

_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_LEAST = 1.0
_AROUND = 0.3
_THINGS_TOO = frozenset(map(stem, ("warm", "heat", "light")))
"""Deeds that are things as well ("a bit of warmth")."""

_ALIKE: dict[str, str] = {
    "parched": "thirsty dry", "soaked": "wet", "drenched": "wet", "lullaby": "sing song", "chant": "sing",
    "lens": "telescope light", "dial": "tune", "kilocycles": "tune", "station": "tune channel",
    "bar": "close", "fasten": "close", "latch": "close", "shield": "close", "unbar": "open", "unlatch": "open",
    "pull": "open", "aside": "open", "warmth": "warm heat", "freezing": "cold", "frozen": "cold", "shivering": "cold",
    "sweating": "hot", "boiling": "hot", "bulbs": "lights lamp", "bulb": "lamp", "fog": "mist", "drizzle": "mist rain",
    "sprinklers": "mist spray", "moisture": "mist", "lantern": "lamp", "pink": "rose", "golden": "gold", "red": "rose",
    "snowflakes": "snow", "downpour": "rain", "raindrops": "rain", "sunny": "clear",
    "brighter": "bright", "dimmer": "low dim", "warm": "warm heat", "colder": "cold", "hotter": "hot",
    "else": "another different",
    "other": "another different", "mug": "cup", "outside": "outside see", "waves": "sea see", "ocean": "sea see",
    "soften": "low dim", "top": "pour cup",
    "jot": "write note", "inscribe": "write", "sign": "write", "memo": "note", "log": "logbook", "journal": "diary",
    "knock": "tap", "pressure": "barometer weather", "forecast": "weather", "telegraph": "send morse",
    "signal": "send message", "coastguard": "call send", "radioed": "send", "answer": "answer send",
    "strongest": "strong black", "smokiest": "smoky", "smokier": "smoky", "peppermint": "mint", "planet": "star",
    "planets": "star", "match": "game chess", "opponent": "chess game", "lid": "cap", "cover": "cap close",
    "wipe": "clear clean", "coal": "coal fire", "logs": "wood fire", "log's": "logbook", "spoons": "spoons chime",
    "drink": "drink tea cup", "hear": "listen play", "plant": "plant flower pot",
    "bell": "bell ring", "tinkle": "ring chime", "flower": "flower plant", "seedling": "plant pot",
}  # fmt: skip
"""Words, and words of props that mean much the same."""

_SENSES = frozenset(map(stem, words("see look watch hear listen read")))
_NO_THINGS = _SENSES | frozenset(map(stem, words("play try draw")))
"""Verbs of so many meanings that one of them alone says nothing about a thing."""
_ORDERS = frozenset(
    map(
        stem,
        words(
            "try point aim tune send call answer sing tap knock leave plug wipe bar unbar fasten sign "
            "hang make show find go come bring keep block save clear damp stoke sink sort fix rid quit "
            "finish add enter log pass"
        ),
    )
)
_BEFORE = frozenset(map(stem, words("hey oh well ok okay so now just and ah yes please")))
_NO_VERBS = words("not yesterday today tomorrow thanks thank once all both half only even like maybe perhaps what such")
_GOVERNED = words("the a an me us it them my your this that some")
_FINITE = words("is was were are has had have looks seems feels i we you he she they")
_DULL = frozenset(
    map(
        stem,
        words(
            "put turn switch set make do get give take have go let use it sit change keep show find "
            "bring come leave try want need like love would could can will please some any something "
            "anything thing one ones more bit little again now here there up down on off out in at to "
            "for of with from by as and or but the a an this that these those my your our his her its "
            "me you us we i them they be is are was were am been so too very really just back over "
            "around over low high tonight today moment while what which who how why when where if no "
            "yes nice good lovely better well dear sir madam else's far no longer i'd i'm i'll "
            "you'd it's that's there's let's think thing things say ask anybody somebody everybody "
            "still other's time way lot much many few"
        ),
    )
)
_DEEDS = {stem(word): deed for word, deed in ENGLISH.deeds.items()}
_AGAINST = {"on": "off", "off": "on", "open": "close", "close": "open", "up": "down", "down": "up"}
_CONCEPT = {stem(word): f"#{name}" for name, words in CONCEPTS.items() for word in words}
_ALIKE_STEMS = {stem(word): tuple(map(stem, sorted(words(others)))) for word, others in _ALIKE.items()}


@dataclass(frozen=True, slots=True)
class _Item:
    """An item's words: of its label, of all else, and what it does."""

    label: frozenset[str]
    words: frozenset[str]
    deeds: frozenset[str]
    verb: str
    title: frozenset[str]
    """The words of a name in it, one of which alone does not mean it ("a cup" is not "Second Cup")."""


def loosely(clauses: Sequence[str], menu: Sequence[MenuItem], text: str = "") -> str | None:
    """The id of the item that the asking ``clauses`` (lower case) are most likely about; ``None`` when none is.

    ``text`` is what was said around them, which decides between items that fit alike.
    """
    heard, around = _stems(" ".join(clauses)), _stems(text)
    items = [_item(one) for one in menu]
    seen = Counter(word for one in items for word in one.label | one.words)
    scored = []
    for place, one in enumerate(items):
        score = _score(heard, one, seen, len(items))
        scored.append((score and score + _AROUND * _score(around, one, seen, len(items)), -place))
    best, place = max(scored, default=(0.0, 0))
    return menu[-place].id if best >= _LEAST else None


def sibling(found: str, text: str, menu: Sequence[MenuItem]) -> str:
    """Of the items that differ from ``found`` in their choice only (which tea, which record), the one that ``text``
    is about; ``found`` itself when it says nothing of that.
    """
    kin = [item for item in menu if item.id.partition(":")[0] == found.partition(":")[0]]
    if len(kin) < 2:
        return found
    heard, items = _stems(text), [_item(one) for one in kin]
    common = frozenset.intersection(*(one.label | one.words for one in items))
    shares = [len({word for word in heard if word in (one.label | one.words) - common}) for one in items]
    own = next(share for share, item in zip(shares, kin, strict=True) if item.id == found)
    return kin[shares.index(max(shares))].id if max(shares) > own else found


def is_order(clause: str, menu: Sequence[MenuItem]) -> bool:
    """Whether a clause begins like an order: by a verb, by the verb of an item, or by any word at all that governs
    something ("surprise me", "radio the ship") in a clause without "is" and the like.
    """
    said = _TOKEN.findall(clause)
    while said and stem(said[0]) in _BEFORE:
        said = said[1:]
    if not said or said[0] in _NO_VERBS or said[0] in ENGLISH.talk - {"call", "answer", "send"}:
        return False
    if said[0] == "note" or stem(said[0]) in _ORDERS or stem(said[0]) in _verbs(tuple(menu)):
        return True
    governs = len(said) > 2 and said[1] in _GOVERNED
    return governs and said[0] not in COMMON and not _FINITE & set(said)


def is_sense(word: str) -> bool:
    """Whether a verb (its stem) after "I'd like to" asks for a thing to be shown or heard."""
    return word in _SENSES


@lru_cache(maxsize=64)
def _verbs(menu: tuple[MenuItem, ...]) -> frozenset[str]:
    labels = (_TOKEN.findall(item.label.lower())[:1] for item in menu)
    return frozenset(stem(word) for found in labels for word in found)


def _stems(text: str) -> dict[str, float]:
    """Stems with their weight: a word itself 1, words like it less."""
    found: dict[str, float] = {}
    for word in (stem(one) for one in _TOKEN.findall(text) if one != "not"):  # "not" would be taken for "note"
        found[word] = 1.0
        for other in _ALIKE_STEMS.get(word, ()):
            found.setdefault(other, 0.8)
        if word in _CONCEPT:
            found.setdefault(_CONCEPT[word], 0.6)
    return found


@lru_cache(maxsize=2048)
def _item(item: MenuItem) -> _Item:
    plain, aside = re.sub(r"\(.*?\)", "", item.label), " ".join(re.findall(r"\((.*?)\)", item.label))
    label = _bag(_TOKEN.findall(plain.lower()))
    other = [stem(word) for word in _TOKEN.findall(" ".join(item.words).lower())]
    named_aside = _bag(_TOKEN.findall(aside.lower()))
    named = _bag(re.findall(r"[a-z0-9]+", item.id.lower()))
    said = [stem(word) for word in _TOKEN.findall(plain.lower())]
    first = _DEEDS.get(said[0], "") if said else ""
    deeds = {_DEEDS[word] for word in said if word in _DEEDS}
    if first in _AGAINST:
        deeds -= {_AGAINST[first]}
    deeds |= {deed for word in other if (deed := _DEEDS.get(word)) and _AGAINST.get(deed) not in deeds}
    title = _bag(word.lower() for word in _TOKEN.findall(plain)[1:] if word[0].isupper())
    return _Item(
        label,
        (_bag(other) | named | named_aside) - label,
        frozenset(deeds),
        said[0] if said else "",
        title - set(_CONCEPT.values()),
    )


def _bag(given: Iterable[str]) -> frozenset[str]:
    stems = {stem(word) for word in given}
    return frozenset(stems | {_CONCEPT[word] for word in stems if word in _CONCEPT}) - _DULL


def _score(heard: dict[str, float], item: _Item, seen: Counter[str], count: int) -> float:
    """Shared words, rare ones more, those of the label more; nothing when only a verb is shared or it goes against."""
    deeds = {_DEEDS[word] for word in heard if word in _DEEDS}
    if any(_AGAINST.get(deed) in deeds and deed not in deeds for deed in item.deeds):
        return 0.0
    shared = {word for word in heard if word in item.label or word in item.words}
    things = {word for word in shared if word not in _DEEDS} - {item.verb} - _NO_THINGS | (shared & _THINGS_TOO)
    if not things or (things <= item.title and len(things) < min(2, len(item.title))):
        return 0.0
    score = 0.0
    for word in shared:
        rarity = math.log(1 + count / seen[word])
        score += heard[word] * rarity * (1.4 if word in item.label else 1.0)
    extra = 0.05 * len(item.label - shared)
    return score + (1.0 if deeds & item.deeds else 0.0) - extra
