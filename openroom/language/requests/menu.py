"""A menu as the matcher of English reads it: what each item is about, by which words and names, and what it does."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from openroom.language.data.tongue import words
from openroom.language.data.tongues import TONGUES
from openroom.language.requests.item import ASIDE, MenuItem
from openroom.language.requests.naming import DEED_OF, DULL_STEMS, KIND_OF, QUALITY_STEMS, phrased
from openroom.language.words import WORD, stem

_MEASURES = frozenset(
    map(stem, words("next another other louder quieter softer brighter dimmer lower higher off out on up down"))
)
_GENERIC = words("put turn make set get give take do")
_SMALL = words("the a an of over on in and to at for by put")


def _foreign(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Kinds and deeds that a label in another language names."""
    low = text.lower()
    kinds: set[str] = set()
    deeds: set[str] = set()
    for code, tongue in TONGUES.items():
        said = {stem(word, code) for word in WORD.findall(low)}
        known = {*tongue.deeds, *chain.from_iterable(tongue.concepts.values())}
        named = {word for word in known if stem(word, code) in said or (not tongue.spaced and word in low)}
        kinds.update(f"#{name}" for name, listed in tongue.concepts.items() if listed & named)
        if code != "en":
            deeds.update(deed for word, deed in tongue.deeds.items() if word in named)
    return frozenset(kinds), frozenset(deeds)


@dataclass(frozen=True, slots=True)
class Item:
    """An item: stems of its label and words that name a thing, groups of these, names of several words, deeds."""

    id: str
    prop: str
    label: frozenset[str]
    words: frozenset[str]
    names: tuple[frozenset[str], ...]
    deeds: frozenset[str]
    verb: str
    aside: frozenset[str]


@dataclass(frozen=True, slots=True)
class Menu:
    """All items, with how many props know a word, and which words only some items of a prop have."""

    items: tuple[Item, ...]
    props: int
    known_by: Mapping[str, int]
    own: Mapping[str, frozenset[str]]
    by_prop: Mapping[str, tuple[Item, ...]]
    verbs: frozenset[str]
    bare: frozenset[str]


@lru_cache(maxsize=256)
def menu_of(menu: tuple[MenuItem, ...]) -> Menu:
    items = tuple(map(_item, menu))
    props: dict[str, set[str]] = {}
    for one in items:
        props.setdefault(one.prop, set()).update(one.label | one.words)
    by_prop: dict[str, list[Item]] = {}
    for one in items:
        by_prop.setdefault(one.prop, []).append(one)
    own = {}
    for one in items:
        others = [other for other in by_prop[one.prop] if other.id != one.id]
        shared = Counter(word for other in others for word in other.label | other.words)
        own[one.id] = frozenset(word for word in one.label | one.words if shared[word] <= len(others) // 3)
    bare = frozenset(word for one in items for word in one.label | one.words | {w for name in one.names for w in name})
    return Menu(
        items,
        len(props),
        Counter(word for known in props.values() for word in known),
        own,
        {prop: tuple(found) for prop, found in by_prop.items()},
        frozenset(one.verb for one in items) - DULL_STEMS,
        bare | frozenset(KIND_OF) - DULL_STEMS | _MEASURES,
    )


@lru_cache(maxsize=4096)
def _item(item: MenuItem) -> Item:
    plain, aside = ASIDE.sub("", item.label), " ".join(ASIDE.findall(item.label))
    said = WORD.findall(plain)
    title = [word for word in said[1:] if word[0].isupper()]
    label = [word.lower() for word in said if word not in title or len(title) == 1]
    names = [_title(title)] if len(title) > 1 else []
    words_of = [word.lower() for word in item.words]
    prop_name = words_of[-1] if words_of else ""
    single = WORD.findall(prop_name)
    for phrase in words_of[:-1]:
        parts = WORD.findall(phrase)
        if _title(parts) in names:
            continue
        if len(things_in(parts)) > 1:
            names.append(_title(parts))
        elif len(_title(parts)) < 2:  # "note down" and "put on" name nothing
            single += parts
    path, _, choice = item.id.partition(":")
    verb_id = path.partition(".")[2]
    parts = re.findall(r"[a-z0-9]+", choice.lower())
    single += parts if len(_title(parts)) == 1 else []
    deeds = _label_deeds([word.lower() for word in said], verb_id.split("_"), single, bool(choice))
    kinds, foreign = _foreign(plain) if not deeds else (frozenset(), frozenset())
    verb = stem(said[0]) if said else ""
    asides = frozenset(map(stem, WORD.findall(aside.lower()))) & QUALITY_STEMS
    return Item(
        item.id,
        item.id.partition(".")[0],
        (_bag(label, verb) - asides) | kinds,
        _bag(single, verb) - _bag(label, verb) - asides,
        tuple(name for name in dict.fromkeys(names) if name),
        deeds or foreign,
        verb,
        frozenset(map(stem, WORD.findall(aside.lower()))) - DULL_STEMS,
    )


def _label_deeds(label: Sequence[str], verb: Sequence[str], single: Sequence[str], chosen: bool) -> frozenset[str]:
    """What an item does: by a verb with its particle, by "next", "up" and the like, else by its first word; where that
    says little ("put", "make"), by the words that the prop brings too.
    """
    phrase = phrased(tuple(verb))[0] or phrased(tuple(label))[0]
    if phrase:
        return phrase
    modified = frozenset(
        deed for word in label for deed in DEED_OF.get(stem(word), ()) if deed in ("next", "up", "down")
    )
    if modified:
        return modified
    by_verb = frozenset(deed for word in verb if word not in _GENERIC for deed in DEED_OF.get(stem(word), ()))
    if by_verb:
        return by_verb
    if label and label[0] not in _GENERIC and stem(label[0]) in DEED_OF:
        return DEED_OF[stem(label[0])]
    if chosen:  # its words are the same for every choice
        return frozenset()
    return frozenset(deed for word in single if word not in _GENERIC for deed in DEED_OF.get(stem(word), ()))


def things_in(given: Iterable[str]) -> frozenset[str]:
    return frozenset(stem(word) for word in given) - DULL_STEMS


def _title(given: Iterable[str]) -> frozenset[str]:
    """The words of a name by which it can be told: "Second Cup" by both, "the moon" by one."""
    return frozenset(stem(word) for word in given if word.lower() not in _SMALL)


def _bag(given: Iterable[str], verb: str = "") -> frozenset[str]:
    """Stems of words and their kinds; a verb is of no kind ("water the pot" is no water)."""
    stems = {stem(word) for word in given} - DULL_STEMS
    return frozenset(stems | {f"#{kind}" for word in stems if word != verb for kind in KIND_OF.get(word, ())})
