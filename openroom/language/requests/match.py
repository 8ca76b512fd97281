"""Which of the things that can be done now a remark asks for. Word by word, without a language model.

English goes its own, fuller way (`openroom.language.requests.english`); what follows is for the other languages. A
remark counts only when it asks: an order, a polite form, a bare "music!", or a hint such as "it's dark in here". Then
the item of the menu is chosen that is about the same thing and does what was asked; talk about a thing moves nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from openroom.language.data.tongue import OPPOSED, Tongue
from openroom.language.data.tongues import TONGUES
from openroom.language.likeness import guess_language, stem
from openroom.language.requests.by_label import by_label
from openroom.language.requests.clauses import clauses_of
from openroom.language.requests.english import english_request
from openroom.language.requests.item import MenuItem
from openroom.language.requests.menu import menu_of
from openroom.language.requests.politeness import plain
from openroom.language.sentences import clauses, sentences

_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_BEFORE_PLEASE = re.compile(r"[,;]\s*(?=(?:please|bitte|por favor)\b)")
_MOST_HEARD = 600
_GENERIC = frozenset(
    map(
        stem,
        ("put", "turn", "switch", "set", "make", "do", "get", "give", "take", "have", "go", "let", "use", "it", "sit"),
    )
)


@dataclass(frozen=True, slots=True)
class _Wish:
    """What a clause or an item is about and what is to be done: stems, concepts, deeds."""

    stems: frozenset[str]
    concepts: frozenset[str]
    deeds: frozenset[str]
    said: frozenset[str] = frozenset()
    """Of an item: the stems and concepts of its label alone, which say what it does; the words only help to find it.
    Of a clause: all its stems, the empty ones too."""


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """See `openroom.language.data.tongues.Tongue`."""

    deeds: dict[str, str]
    talk: frozenset[str]
    empty: frozenset[str]
    verbs: frozenset[str]
    bare: frozenset[str]


@lru_cache(maxsize=16)
def _lexicon(code: str) -> _Lexicon:
    """The word lists of a language, stemmed."""
    tongue = TONGUES[code]
    lists = (tongue.talk, tongue.empty, tongue.verbs, tongue.bare)
    return _Lexicon(
        {stem(word): deed for word, deed in tongue.deeds.items()}, *(frozenset(map(stem, words)) for words in lists)
    )


_CONCEPT_OF = {
    stem(word): name for tongue in TONGUES.values() for name, listed in tongue.concepts.items() for word in listed
}
_WIDE_CONCEPTS = [
    (word, name)
    for tongue in TONGUES.values()
    if not tongue.spaced
    for name, listed in tongue.concepts.items()
    for word in listed
]


def asked_for(heard: str, menu: Sequence[MenuItem], *, language: str = "", limit: int = 2) -> tuple[str, ...]:
    """The ids of what ``heard`` asks for, at most ``limit``, in the order it was asked for; empty when it asks for
    nothing.

    ``language`` is a BCP 47 tag; without it (or for one we know no words of) the language is guessed.
    """
    if not menu or not heard.strip():
        return ()
    return _asked_for(heard[:_MOST_HEARD], tuple(menu), language.partition("-")[0].lower(), limit)


@lru_cache(maxsize=512)
def _asked_for(heard: str, menu: tuple[MenuItem, ...], code: str, limit: int) -> tuple[str, ...]:
    """The same; kept for a while, since a character's own lines are looked at in every turn."""
    code = code if code in TONGUES else guess_language(heard)
    text = unicodedata.normalize("NFKC", heard).lower().replace("’", "'")
    if named := by_label(text, menu):
        return (named,)
    if code == "en":
        offered = menu_of(menu)
        return english_request(text, clauses_of(plain(text), offered), offered, limit)
    known = [(item, _item_wish(item, code)) for item in menu]
    chosen: list[str] = []
    for sentence in sentences(text):
        asking = False
        sentence = _BEFORE_PLEASE.sub(" ", sentence)
        for _, clause in clauses(sentence, TONGUES[code].joints):
            found, asking = _clause(clause, text, known, code, asking)
            if found is not None and found not in chosen:
                chosen.append(found)
    return tuple(chosen[:limit])


def _is_move(clause: str, known: Sequence[tuple[MenuItem, _Wish]]) -> bool:
    """A few words with a name such as ``e4`` in it that the menu knows: that is enough of an order."""
    words = [stem(t) for t in _TOKEN.findall(clause)]
    names = {word for word in words if any(c.isdigit() for c in word) and len(word) > 1}
    return len(words) <= 4 and any(names & wish.stems for _, wish in known)


def _clause(
    clause: str, text: str, known: Sequence[tuple[MenuItem, _Wish]], code: str, asking: bool
) -> tuple[str | None, bool]:
    """What one clause asks for, and whether the next one may go on asking ("... and some tea")."""
    tongue = TONGUES[code]
    if re.search(tongue.no, clause):
        return None, False
    for hint in tongue.hints:
        if re.search(hint.pattern, clause) and not (hint.unless and re.search(hint.unless, text)):
            return _by_hint(hint.wants, known), False
    rest = _request(clause, code, asking) if tongue.spaced else _wide_request(clause, tongue)
    if rest is None and _is_move(clause, known):
        rest = clause
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
    named = any(word in _CONCEPT_OF or lexicon.deeds.get(word) in ("up", "down", "next") for word in words)
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
    found = {
        deeds[w] for at, w in enumerate(words) if w in deeds and not _is_noun(at, words) and not _phrasal(at, words)
    }
    tongue = TONGUES[code]
    if not tongue.spaced:
        concepts |= {name for word, name in _WIDE_CONCEPTS if word in text}
        found |= {deed for word, deed in tongue.deeds.items() if word in text}
    dull = empty | _GENERIC | _lexicon(code).talk
    stems = frozenset(w for w in words if w not in dull)
    return _Wish(stems, frozenset(concepts), frozenset(_settle(found)), frozenset(words))


def _is_noun(at: int, words: Sequence[str]) -> bool:
    """Whether a word that may be a verb (light, record, brew) is the thing here: something else comes before it."""
    return words[at] in _CONCEPT_OF and at > 0 and words[at - 1] not in _SKIPPED


def _phrasal(at: int, words: Sequence[str]) -> bool:
    """Whether ``up`` or ``down`` only belongs to its verb ("sit down", "take down", "get up")."""
    if words[at] not in ("up", "down"):
        return False
    return (at > 0 and words[at - 1] in _POSTURE) or words[at + 1 : at + 2] in ([stem("here")], [stem("there")])


_POSTURE = frozenset(
    map(stem, ("sit", "get", "stand", "take", "lay", "write", "note", "open", "warm", "wake", "give", "wind"))
)


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
    label_text, aside = re.sub(r"\(.*?\)", "", item.label).lower(), re.findall(r"\((.*?)\)", item.label.lower())
    words = [word for word in item.words if not (word in aside and stem(word) in _DEED_STEMS)]
    text = unicodedata.normalize("NFKC", " . ".join((label_text, *words))).lower()
    spoken = _wish(text, code)
    deeds = set(_wish(label_text, code).deeds)
    if not deeds - {"take", "move", "write"}:  # a label such as "Take down the notes" leaves it to the words
        deeds |= spoken.deeds
    concepts = set(spoken.concepts)
    named = re.sub(r"[\W_]+", " ", item.id.lower())
    by_id = _wish(named, "en")
    for other in TONGUES:
        if not deeds or not concepts:
            wish = _wish(text, other)
            deeds, concepts = deeds or set(wish.deeds), concepts or set(wish.concepts)
    label = _wish(label_text, code)
    said = label.stems | label.concepts | by_id.concepts
    stems = spoken.stems | by_id.stems
    return _Wish(stems, frozenset(concepts or by_id.concepts), frozenset(deeds or by_id.deeds), said)


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
    """How well an item does what is wished: 0 when it is about something else or does something else."""
    things = {word for word in wish.stems & item.stems if word not in _DEED_STEMS}
    about = wish.concepts & item.concepts
    if not (about or _covers(things, wish, item)) or not _agree(wish, item, things, about):
        return 0.0
    if wish.concepts and item.concepts and not about and len(things) < 2:
        return 0.0
    agreed = len(wish.deeds & item.deeds)
    verbs = len(wish.stems & item.stems & _DEED_STEMS)
    return 3.0 * len(things) + 2.0 * len(about) + 2.0 * agreed + 3.5 * verbs - 0.05 * len(item.stems - wish.stems)


def _covers(things: set[str], wish: _Wish, item: _Wish) -> bool:
    """Whether the things that wish and item share are most of what the wish names ("draw me a picture" is no draw)."""
    named = {word for word in wish.stems if word not in _DEED_STEMS}
    share = len(things) / len(named) if named else 0.0
    return share > 0.5 or (share == 0.5 and bool(wish.deeds & item.deeds))


def _agree(wish: _Wish, item: _Wish, things: set[str], about: frozenset[str]) -> bool:
    """Whether what is to be done agrees."""
    if any(char.isdigit() for word in things for char in word):
        return True  # "play e4" is a move, whatever the verb
    deeds = wish.deeds if "music" in about else wish.deeds - {"next"}  # "another cup" is no next cup
    if not item.deeds:
        return bool((things | about) & item.said)
    if deeds:
        return bool(deeds & item.deeds)
    if len(things & item.said) > 1:
        return True  # the label in its own words: "draw the curtain"
    return not item.deeds & OPPOSED or bool(wish.stems & item.stems & _DEED_STEMS)


_DEED_STEMS = frozenset(stem(word) for tongue in TONGUES.values() for word in tongue.deeds)


def _by_deed(wish: _Wish, known: Sequence[tuple[MenuItem, _Wish]]) -> str | None:
    """ "Turn it on", "louder", "play something": no thing is named. Taken when only one item does that, or music for
    "play".
    """
    if not wish.deeds & _UNNAMED or wish.concepts or wish.stems - _DEED_STEMS:
        return None
    if not wish.said & _PRONOUNS and not wish.deeds & {"up", "down", "next", "prev"}:
        return None
    exact = [item.id for item, other in known if wish.stems & other.stems & _DEED_STEMS and wish.deeds & other.deeds]
    if "play" in wish.stems and "on" in wish.deeds:
        music = [item.id for item, other in known if "music" in other.concepts and "on" in other.deeds]
        return music[0] if music else (exact[0] if exact else None)
    doing = [item.id for item, other in known if wish.deeds & other.deeds]
    return next((found[0] for found in (exact, doing) if len(found) == 1), None)


_UNNAMED = frozenset({"on", "off", "open", "close", "up", "down", "next", "prev"})
_PRONOUNS = frozenset(
    map(stem, ("it", "this", "that", "something", "anything", "some", "one", "es", "etwas", "algo", "lo"))
)
