"""What a text or an item of the menu is about and what is to be done, for the languages other than English."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain

from openroom.language.data.tongue import words
from openroom.language.data.tongues import TONGUES
from openroom.language.requests.item import ASIDE, MenuItem
from openroom.language.words import WORD, stem

# Said as they are, in requests or in the English labels of things.
_GENERIC = words("put turn switch set make do get give take have go let use it sit")
SKIPPED = words("please maybe perhaps just also kindly possibly then now to you we so be")
_POSTURE = words("sit get stand take lay write note open warm wake give wind")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a clause or an item is about and what is to be done: stems of things and of verbs, concepts, deeds."""

    things: frozenset[str]
    verbs: frozenset[str]
    concepts: frozenset[str]
    deeds: frozenset[str]
    said: frozenset[str] = frozenset()
    """Of an item: the stems and concepts of its label alone, which say what it does; the words only help to find it.
    Of a clause: all its words, the empty ones too."""

    @property
    def stems(self) -> frozenset[str]:
        """Of things and of verbs."""
        return self.things | self.verbs


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of a language (`openroom.language.data.tongue.Tongue`), with the concepts and verbs of all, stemmed
    as it stems: a label may be in another language than the request."""

    deeds: Mapping[str, str]
    talk: frozenset[str]
    empty: frozenset[str]
    verbs: frozenset[str]
    bare: frozenset[str]
    concepts: Mapping[str, str]
    any_verb: frozenset[str]


@cache
def lexicon_of(code: str) -> Lexicon:
    """The lexicon of one of `TONGUES`."""
    tongue = TONGUES[code]
    concepts = [(word, name) for one in TONGUES.values() for name, listed in one.concepts.items() for word in listed]
    return Lexicon(
        deeds={stem(word, code): deed for word, deed in tongue.deeds.items()},
        talk=stems_of(tongue.talk, code),
        empty=stems_of(tongue.empty, code),
        verbs=stems_of(tongue.verbs, code),
        bare=stems_of(tongue.bare, code),
        concepts={stem(word, code): name for word, name in concepts},
        any_verb=stems_of(chain.from_iterable(one.deeds for one in TONGUES.values()), code),
    )


def stems_of(given: Iterable[str], code: str) -> frozenset[str]:
    """Stems of words."""
    return frozenset(stem(word, code) for word in given)


_WIDE_CONCEPTS = [
    (word, name)
    for tongue in TONGUES.values()
    if not tongue.spaced
    for name, listed in tongue.concepts.items()
    for word in listed
]


def wish_of(text: str, code: str) -> Wish:
    """What a piece of text is about."""
    lexicon, tongue = lexicon_of(code), TONGUES[code]
    said = WORD.findall(text)
    stems = [stem(word, code) for word in said]
    concepts = {lexicon.concepts[word] for word in stems if word in lexicon.concepts}
    found = {
        lexicon.deeds[word]
        for at, word in enumerate(stems)
        if word in lexicon.deeds and not (word in lexicon.concepts and _is_noun(at, said)) and not _phrasal(at, said)
    }
    if not tongue.spaced:
        concepts |= {name for word, name in _WIDE_CONCEPTS if word in text}
        found |= {deed for word, deed in tongue.deeds.items() if word in text}
    kept = {word for spoken, word in zip(said, stems, strict=True) if spoken not in _GENERIC}
    kept -= lexicon.empty | lexicon.talk
    return Wish(
        frozenset(kept - lexicon.any_verb),
        frozenset(kept & lexicon.any_verb),
        frozenset(concepts),
        frozenset(_settle(found)),
        frozenset(said),
    )


def _is_noun(at: int, said: Sequence[str]) -> bool:
    """Whether a word that may be a verb (light, record, brew) is the thing here: something else comes before it."""
    return at > 0 and said[at - 1] not in SKIPPED


def _phrasal(at: int, said: Sequence[str]) -> bool:
    """Whether ``up`` or ``down`` only belongs to its verb ("sit down", "take down", "get up")."""
    if said[at] not in ("up", "down"):
        return False
    return (at > 0 and said[at - 1] in _POSTURE) or tuple(said[at + 1 : at + 2]) in (("here",), ("there",))


def _settle(deeds: set[str]) -> set[str]:
    """ "turn the playing off" is about off: where opposite deeds are named, the one that ends something wins."""
    if "off" in deeds:
        return deeds - {"on", "up", "down"}
    if deeds & {"next", "prev"}:
        return deeds - {"on"}
    return deeds


@lru_cache(maxsize=2048)
def wish_of_item(item: MenuItem, code: str) -> Wish:
    """What an item of the menu is about: its label and words; its id helps where these say nothing of a deed."""
    label_text, aside = ASIDE.sub("", item.label).lower(), ASIDE.findall(item.label.lower())
    kept = [word for word in item.words if not (word in aside and stem(word, code) in lexicon_of(code).any_verb)]
    text = unicodedata.normalize("NFKC", " . ".join((label_text, *kept))).lower()
    spoken = wish_of(text, code)
    deeds = set(wish_of(label_text, code).deeds)
    if not deeds - {"take", "move", "write"}:  # a label such as "Take down the notes" leaves it to the words
        deeds |= spoken.deeds
    concepts = set(spoken.concepts)
    named = re.sub(r"[\W_]+", " ", item.id.lower())
    by_id = wish_of(named, "en")
    for other in TONGUES:
        if not deeds or not concepts:
            wish = wish_of(text, other)
            deeds, concepts = deeds or set(wish.deeds), concepts or set(wish.concepts)
    label = wish_of(label_text, code)
    said = label.stems | label.concepts | by_id.concepts
    return Wish(
        spoken.things | by_id.things,
        spoken.verbs | by_id.verbs,
        frozenset(concepts or by_id.concepts),
        frozenset(deeds or by_id.deeds),
        said,
    )
