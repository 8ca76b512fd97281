"""Which of the things that can be done now a remark asks for. Word by word, without a language model.

A remark counts only when it asks: an order, a polite form, a bare "music!", or a hint such as "it's dark in here".
Then the item of the menu is chosen that is about the same thing and does what was asked; talk about a thing moves
nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from openroom.models.lexical import guess_language, stem
from openroom.models.port import MenuItem
from openroom.models.tongues import CONCEPTS, OPPOSED, TONGUES, Tongue

_CLAUSE = re.compile(r"[.,;:!?。、，！？；…\n]+|\s+[-–—]\s+|\b(?:and|then|but|und|y|luego)\b")
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_MOST_HEARD = 600
_GENERIC = frozenset(
    map(stem, ("put", "turn", "switch", "set", "make", "do", "get", "give", "take", "have", "go", "let", "use", "it"))
)


@dataclass(frozen=True, slots=True)
class _Wish:
    """What a clause or an item is about and what is to be done: stems, concepts, deeds."""

    stems: frozenset[str]
    concepts: frozenset[str]
    deeds: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """See `openroom.models.tongues.Tongue`."""

    deeds: dict[str, str]
    talk: frozenset[str]
    empty: frozenset[str]
    verbs: frozenset[str]
    wants: frozenset[str]
    bare: frozenset[str]


@lru_cache(maxsize=16)
def _lexicon(code: str) -> _Lexicon:
    """The word lists of a language, stemmed."""
    tongue = TONGUES[code]
    lists = (tongue.talk, tongue.empty, tongue.verbs, tongue.wants, tongue.bare)
    return _Lexicon(
        {stem(word): deed for word, deed in tongue.deeds.items()}, *(frozenset(map(stem, words)) for words in lists)
    )


_CONCEPT_OF: dict[str, str] = {stem(word): name for name, words in CONCEPTS.items() for word in words}
_WIDE_CONCEPTS = [(word, name) for name, words in CONCEPTS.items() for word in words if not word.isascii()]


def asked_for(heard: str, menu: Sequence[MenuItem], *, language: str = "", limit: int = 2) -> tuple[str, ...]:
    """The ids of what ``heard`` asks for, at most ``limit``, in the order it was asked for; empty when it asks for
    nothing.

    ``language`` is a BCP 47 tag; without it (or for one we know no words of) the language is guessed.
    """
    if not menu or not heard.strip():
        return ()
    text = unicodedata.normalize("NFKC", heard[:_MOST_HEARD]).lower().replace("’", "'")
    code = language.partition("-")[0].lower()
    code = code if code in TONGUES else guess_language(text)
    known = [(item, _item_wish(item, code)) for item in menu]
    chosen: list[str] = []
    asking = False
    for clause in _clauses(text, TONGUES[code]):
        found, asking = _clause(clause, text, known, code, asking)
        if found is not None and found not in chosen:
            chosen.append(found)
    return tuple(chosen[:limit])


def _clauses(text: str, tongue: Tongue) -> list[str]:
    if not tongue.spaced:
        return [part for part in re.split(r"[.,;:!?。、，！？；\n]+", text) if part.strip()]
    return [part.strip() for part in _CLAUSE.split(text) if part.strip()]


def _clause(
    clause: str, text: str, known: Sequence[tuple[MenuItem, _Wish]], code: str, asking: bool
) -> tuple[str | None, bool]:
    """What one clause asks for, and whether the next one may go on asking ("... and some tea")."""
    tongue = TONGUES[code]
    if re.search(tongue.no, clause) and not (tongue.offs and re.search(tongue.offs, clause)):
        return None, False
    for hint in tongue.hints:
        if re.search(hint.pattern, clause) and not (hint.unless and re.search(hint.unless, text)):
            return _by_hint(hint.wants, known), False
    if tongue.offs and re.search(tongue.offs, clause):
        wish = _wish(clause, code)
        return _best(_Wish(wish.stems, wish.concepts, frozenset({"off"})), known), True
    rest = _request(clause, code, asking) if tongue.spaced else _wide_request(clause, tongue)
    if rest is None:
        return None, False
    return _best(_wish(rest, code), known), True


def _request(clause: str, code: str, asking: bool) -> str | None:
    """The part of a clause that says what is wanted, or ``None`` if the clause does not ask."""
    marker = re.search(TONGUES[code].markers, clause)
    if marker is None:
        return clause if _orders([stem(t) for t in _TOKEN.findall(clause)], _lexicon(code), asking) else None
    before, after = clause[: marker.start()], clause[marker.end() :]
    follow = [stem(t) for t in _TOKEN.findall(after or before)]
    if marker.group().startswith(("i ", "i'", "we ")) and follow[:1] == ["to"]:
        wanted = follow[1:2]
        return f"{before} {after}" if set(wanted) <= _lexicon(code).verbs | _lexicon(code).wants else None
    lead = next((word for word in follow if word not in _SKIPPED), "")
    return None if lead in _lexicon(code).talk else f"{before} {after}"


def _orders(words: list[str], lexicon: _Lexicon, asking: bool) -> bool:
    """Whether a clause without any polite form is an order: it begins with a verb, names nothing but a thing
    ("music!"), or goes on from a clause that asked ("... and a cup of tea").
    """
    while words and words[0] in _OPENERS:
        words = words[1:]
    if not words:
        return False
    if words[0] in lexicon.verbs or words[0] in lexicon.deeds:
        return True
    named = any(word in _CONCEPT_OF for word in words)
    if asking and named and words[0] in lexicon.empty and len(words) <= 6:
        return True
    alone = all(word in lexicon.bare or word in lexicon.deeds or word in _CONCEPT_OF for word in words)
    return named and alone and len(words) <= 5


_OPENERS = frozenset(
    map(stem, ("hey", "oh", "well", "ok", "okay", "so", "now", "do", "just", "and", "ah", "yes", "no"))
)
_SKIPPED = frozenset(
    map(
        stem,
        (
            "please",
            "maybe",
            "perhaps",
            "just",
            "also",
            "kindly",
            "possibly",
            "then",
            "now",
            "to",
            "you",
            "we",
            "so",
            "be",
        ),
    )
)


def _wide_request(clause: str, tongue: Tongue) -> str | None:
    """The same for scripts without spaces: a marker of asking, or a deed together with nothing said about it."""
    if any(word in clause for word in tongue.talk):
        return None
    if re.search(tongue.markers, clause) or any(clause.lstrip().startswith(word) for word in tongue.deeds):
        return clause
    return None


def _wish(text: str, code: str) -> _Wish:
    """What a piece of text is about."""
    deeds, empty = _lexicon(code).deeds, _lexicon(code).empty
    words = [stem(t) for t in _TOKEN.findall(text)]
    concepts = {_CONCEPT_OF[w] for w in words if w in _CONCEPT_OF}
    found = {deeds[w] for w in words if w in deeds and not _is_noun(w, words)}
    tongue = TONGUES[code]
    if not tongue.spaced:
        concepts |= {name for word, name in _WIDE_CONCEPTS if word in text}
        found |= {deed for word, deed in tongue.deeds.items() if word in text}
    stems = frozenset(w for w in words if w not in empty and w not in _GENERIC)
    return _Wish(stems, frozenset(concepts), frozenset(_settle(found)))


def _is_noun(word: str, words: Sequence[str]) -> bool:
    """Whether a word that may be a verb (light, record, brew) is the thing here: something else comes before it."""
    at = words.index(word)
    return word in _CONCEPT_OF and at > 0 and words[at - 1] not in _SKIPPED


def _settle(deeds: set[str]) -> set[str]:
    """ "turn the playing off" is about off: where opposite deeds are named, the one that ends something wins."""
    if "off" in deeds:
        return deeds - {"on", "up", "down"}
    if deeds & {"next", "prev"}:
        return deeds - {"on"}
    return deeds


@lru_cache(maxsize=2048)
def _item_wish(item: MenuItem, code: str) -> _Wish:
    """What an item of the menu is about: its label and words; its id helps where these say nothing of a deed."""
    text = unicodedata.normalize("NFKC", " . ".join((item.label, *item.words))).lower()
    spoken = _wish(text, code)
    deeds = set(_wish(item.label.lower(), code).deeds) or set(spoken.deeds)
    concepts = set(spoken.concepts)
    named = re.sub(r"[\W_]+", " ", item.id.lower())
    by_id = _wish(named, "en")
    for other in TONGUES:
        if not deeds or not concepts:
            wish = _wish(text, other)
            deeds, concepts = deeds or set(wish.deeds), concepts or set(wish.concepts)
    return _Wish(spoken.stems | by_id.stems, frozenset(concepts or by_id.concepts), frozenset(deeds or by_id.deeds))


def _by_hint(wants: Sequence[tuple[str, str]], known: Sequence[tuple[MenuItem, _Wish]]) -> str | None:
    for concept, deed in wants:
        for item, wish in known:
            if concept in wish.concepts and deed in wish.deeds:
                return item.id
    return None


def _best(wish: _Wish, known: Sequence[tuple[MenuItem, _Wish]]) -> str | None:
    """The item that fits best; of equals the first."""
    scored = [(_fit(wish, other), -place) for place, (_, other) in enumerate(known)]
    score, place = max(scored)
    if score > 0:
        return known[-place][0].id
    return _by_deed(wish, known)


def _fit(wish: _Wish, item: _Wish) -> float:
    """How well an item does what is wished: 0 when it is about something else or does the opposite."""
    things = {w for w in wish.stems & item.stems if w not in _DEED_STEMS}
    about = wish.concepts & item.concepts
    if not things and not about:
        return 0.0
    if wish.concepts and item.concepts and not about and len(things) < 2:
        return 0.0
    named_exactly = any(char.isdigit() for word in things for char in word)  # "play e4" is a move, whatever the verb
    if wish.deeds and item.deeds and not wish.deeds & item.deeds and not named_exactly:
        return 0.0
    if not wish.deeds and item.deeds & OPPOSED and not wish.stems & item.stems & _DEED_STEMS:
        return 0.0
    agreed = len(wish.deeds & item.deeds)
    verbs = len(wish.stems & item.stems & _DEED_STEMS)
    return 3.0 * len(things) + 2.0 * len(about) + 2.0 * agreed + 1.5 * verbs - 0.05 * len(item.stems - wish.stems)


_DEED_STEMS = frozenset(stem(word) for tongue in TONGUES.values() for word in tongue.deeds)


def _by_deed(wish: _Wish, known: Sequence[tuple[MenuItem, _Wish]]) -> str | None:
    """ "Turn it on", "play something": no thing is named. Taken when only one item does that, or music for "play"."""
    named = wish.stems - _DEED_STEMS
    if not wish.deeds or wish.concepts or named:
        return None
    exact = [item.id for item, other in known if wish.stems & other.stems & _DEED_STEMS and wish.deeds & other.deeds]
    if "play" in wish.stems:
        music = [item.id for item, other in known if "music" in other.concepts and "on" in other.deeds]
        return music[0] if music else (exact[0] if exact else None)
    doing = [item.id for item, other in known if wish.deeds & other.deeds]
    for found in (exact, doing):
        if len(found) == 1:
            return found[0]
    return None
