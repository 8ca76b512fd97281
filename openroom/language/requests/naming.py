"""What words of English name: things, the kinds of these (`openroom.language.data.thesaurus`), and deeds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from openroom.language.data.thesaurus import ADJECTIVES, DEEDS, DULL, IRREGULAR, PARTICLES, QUALITIES, THINGS
from openroom.language.data.tongue import words
from openroom.language.words import WORD, stem

_LIKE = 0.75
_NOUN_BEFORE = words(
    "the a an my your that this those these some any more no of our his her its another each every fresh"
)
_LIGHT_BEFORE = words("a some")
_NO_HEAD = words("outside inside upstairs downstairs already soon enough instead quick for with from than as of")
_OWNED = words("my your his her its our their the")
_GRADED = frozenset({"light", "music", "fire", "volume"})
_VERB_BEFORE = words(
    "you to please and then could can would will should somebody someone anybody i we us let's just now go "
    "quick kindly also or better not me hey oh it quickly"
)


def _by_stem(table: Mapping[str, str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name, listed in table.items():
        for word in listed.split():
            found.setdefault(stem(word), set()).add(name)
    return {word: frozenset(names) for word, names in found.items()}


DEED_OF, KIND_OF = _by_stem(DEEDS), _by_stem(THINGS)
_PARTICLE_OF: dict[str, dict[str, str]] = {}
for _listed, _after in PARTICLES.items():
    for _verb in _listed.split():
        _PARTICLE_OF.setdefault(stem(_verb), {}).update(_after)
DULL_STEMS = frozenset(map(stem, DULL))
QUALITY_STEMS = frozenset(map(stem, QUALITIES))


@dataclass(frozen=True, slots=True)
class Said:
    """What a piece of text names: things with their weight, deeds, stems in order. ``heads`` are what a word that only
    says how a thing is stands before: the stem and the kinds of that thing ("black": book)."""

    things: Mapping[str, float]
    deeds: frozenset[str]
    stems: tuple[str, ...]
    verbs: frozenset[str]
    heads: Mapping[str, frozenset[str]] = field(default_factory=dict)


@lru_cache(maxsize=2048)
def said(text: str) -> Said:
    tokens = [IRREGULAR.get(word, word) for word in WORD.findall(text)]
    stems = tuple(map(stem, tokens))
    things: dict[str, float] = {}
    verbs = frozenset(word for at, word in enumerate(stems) if word in DEED_OF and not _is_noun(tokens, at))
    for word in stems:
        if word in DULL_STEMS:
            continue
        things[word] = 1.0
        for kind in () if word in verbs else KIND_OF.get(word, ()):
            things[f"#{kind}"] = _LIKE
    return Said(things, deeds_in(tuple(tokens)), stems, verbs, dict(_heads(tokens)))


def _heads(tokens: Sequence[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """The words that say how a thing is, and their kinds, each with the thing that they stand before."""
    for at, word in enumerate(tokens):
        before = tokens[at - 1] if at else ""
        light = word == "light" and before in _LIGHT_BEFORE  # "a light snack"
        if not light and not (word in ADJECTIVES and _stands_before_noun(tokens, at)):
            continue
        head = _head(tokens, at + 1)
        if head and not (light and head in DEED_OF):
            known = frozenset({head, *(f"#{kind}" for kind in KIND_OF.get(head, ()))})
            yield from ((one, known) for one in (stem(word), *(f"#{kind}" for kind in KIND_OF.get(stem(word), ()))))


def _stands_before_noun(tokens: Sequence[str], at: int) -> bool:
    """Whether a word has an article or the like before it, or another word that says how a thing is and has one."""
    while at and tokens[at - 1] in ADJECTIVES:
        at -= 1
    return at > 0 and tokens[at - 1] in _NOUN_BEFORE | {"me", "us"}


def _head(tokens: Sequence[str], at: int) -> str:
    """The stem of the thing that the words from ``at`` on come to; empty where they come to none."""
    found = ""
    for word in tokens[at:]:
        if word in ADJECTIVES:
            continue
        if word in _NO_HEAD or word.endswith("ly") or stem(word) in DULL_STEMS | QUALITY_STEMS:
            break
        found = stem(word)
    return found


@lru_cache(maxsize=4096)
def deeds_in(tokens: tuple[str, ...]) -> frozenset[str]:
    """The deeds that words name."""
    phrases, used = phrased(tokens)
    found = set(phrases)
    for at, word in enumerate(tokens):
        if at not in used and not _is_noun(tokens, at) and not (at and tokens[at - 1] in _OWNED):
            found |= DEED_OF.get(stem(word), frozenset())
    said = [word for word in tokens if word not in ("please", "now")]
    last = said[-1] if said else ""
    if not used and ((last in ("on", "off", "out") and len(said) < 5) or (last == "off" and len(said) < 9)):
        found.add("on" if last == "on" else "off")  # "lights on!", "can we have the music off"
    for measure, deed in (("more", "up"), ("less", "down")):
        if measure in tokens and any(KIND_OF.get(stem(word), frozenset()) & _GRADED for word in tokens):
            found.add(deed)
    if found & {"next"}:
        found -= {"on", "play"}
    if "water" in tokens and {"give", "pour", "add", "needs", "need", "drop", "get"} & set(tokens):
        found.add("water")
    return frozenset(found)


def _is_noun(tokens: Sequence[str], at: int) -> bool:
    """Whether a word that may name a thing or a deed ("light", "water", "ring") names the thing here."""
    word = tokens[at]
    if stem(word) not in KIND_OF:
        return False
    return word.endswith("s") or len(tokens) == 1 or (at > 0 and tokens[at - 1] not in _VERB_BEFORE)


def phrased(tokens: tuple[str, ...]) -> tuple[frozenset[str], frozenset[int]]:
    """Deeds of verbs with a particle ("turn it off"), and the places of these verbs."""
    found: set[str] = set()
    used: set[int] = set()
    for at, word in enumerate(tokens):
        after = _PARTICLE_OF.get(stem(word))
        if after is None or (at and tokens[at - 1] in _NOUN_BEFORE):
            continue
        place = next((n for n in range(at + 1, min(at + 7, len(tokens))) if tokens[n] in after), None)
        if place is not None and _is_particle(tokens, at, place):
            found.add(after[tokens[place]])
            used |= {at, place}
    return frozenset(found), frozenset(used)


def _is_particle(tokens: Sequence[str], verb: int, place: int) -> bool:
    """Whether "on" and the like belong to the verb, and are not the beginning of "on the fire"."""
    if place == verb + 1:
        return True
    following = tokens[place + 1 : place + 2]
    measure = tokens[place + 1 : place + 3]
    if (
        len(measure) == 2
        and measure[0] == "a"
        and measure[1] in ("bit", "little", "touch", "notch", "tad", "while", "moment")
    ):
        return True
    return not following or following[0] not in _NOUN_BEFORE | words("me you it us them top platform board fire")
