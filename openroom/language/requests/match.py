"""Which of the things that can be done now a remark asks for. Word by word, without a language model.

English goes its own, fuller way (`openroom.language.requests.english`); what follows is for the other languages. A
remark counts only when it asks: an order, a polite form, a bare "music!", or a hint such as "it's dark in here". Then
the item of the menu is chosen that is about the same thing and does what was asked; talk about a thing moves nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import dropwhile, islice

from openroom.language.data.tongue import OPPOSED, Tongue, words
from openroom.language.data.tongues import TONGUES
from openroom.language.detect import guess_language
from openroom.language.requests.by_label import by_label
from openroom.language.requests.clauses import MOST_CLAUSES, clauses_of
from openroom.language.requests.english import english_request
from openroom.language.requests.item import MenuItem
from openroom.language.requests.menu import menu_of
from openroom.language.requests.politeness import plain
from openroom.language.requests.wish import SKIPPED, Wish, lexicon_of, stems_of, wish_of, wish_of_item
from openroom.language.sentences import clauses, sentences
from openroom.language.words import WORD, stem

_BEFORE_PLEASE = re.compile(r"[,;]\s*(?=(?:please|bitte|por favor)\b)")
_MOST_HEARD = 600
_OPENERS = words("hey oh well ok okay so now do just and ah yes no")
_PRONOUNS = words("it this that something anything some one es etwas algo lo")
_UNNAMED = frozenset({"on", "off", "open", "close", "up", "down", "next", "prev"})


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
    known = [(item, wish_of_item(item, code)) for item in menu]
    chosen: list[str] = []
    for sentence in sentences(text)[:MOST_CLAUSES]:
        asking = False
        sentence = _BEFORE_PLEASE.sub(" ", sentence)
        for _, clause in islice(clauses(sentence, TONGUES[code].joints), MOST_CLAUSES):
            found, asking = _clause(clause, text, known, code, asking)
            if found is not None and found not in chosen:
                chosen.append(found)
    return tuple(chosen[:limit])


def _is_move(clause: str, code: str, known: Sequence[tuple[MenuItem, Wish]]) -> bool:
    """A few words with a name such as ``e4`` in it that the menu knows: that is enough of an order."""
    said = WORD.findall(clause)
    names = stems_of((word for word in said if any(c.isdigit() for c in word) and len(word) > 1), code)
    return len(said) <= 4 and any(names & wish.stems for _, wish in known)


def _clause(
    clause: str, text: str, known: Sequence[tuple[MenuItem, Wish]], code: str, asking: bool
) -> tuple[str | None, bool]:
    """What one clause asks for, and whether the next one may go on asking ("... and some tea")."""
    tongue = TONGUES[code]
    if re.search(tongue.no, clause):
        return None, False
    for hint in tongue.hints:
        if re.search(hint.pattern, clause) and not (hint.unless and re.search(hint.unless, text)):
            return _by_hint(hint.wants, known), False
    rest = _request(clause, code, asking) if tongue.spaced else _wide_request(clause, tongue)
    if rest is None and _is_move(clause, code, known):
        rest = clause
    if rest is None:
        return None, False
    return _best(wish_of(rest, code), known), True


def _request(clause: str, code: str, asking: bool) -> str | None:
    """The part of a clause that says what is wanted, or ``None`` if the clause does not ask."""
    marker = re.search(TONGUES[code].markers, clause)
    if marker is None:
        return clause if _orders(WORD.findall(clause), code, asking) else None
    before, after = clause[: marker.start()], clause[marker.end() :]
    lead = next((word for word in WORD.findall(after or before) if word not in SKIPPED), "")
    return None if stem(lead, code) in lexicon_of(code).talk else f"{before} {after}"


def _orders(said: Sequence[str], code: str, asking: bool) -> bool:
    """Whether a clause without any polite form is an order: it begins with a verb, names nothing but a thing
    ("music!"), or goes on from a clause that asked ("... and a cup of tea").
    """
    lexicon = lexicon_of(code)
    heads = [stem(word, code) for word in dropwhile(_OPENERS.__contains__, said)]
    if not heads:
        return False
    if heads[0] in lexicon.verbs or heads[0] in lexicon.deeds:
        return True
    named = any(word in lexicon.concepts or lexicon.deeds.get(word) in ("up", "down", "next") for word in heads)
    if asking and named and heads[0] in lexicon.empty and len(heads) <= 6:
        return True
    alone = all(word in lexicon.bare or word in lexicon.deeds or word in lexicon.concepts for word in heads)
    return named and alone and len(heads) <= 5


def _wide_request(clause: str, tongue: Tongue) -> str | None:
    """The same for scripts without spaces: a marker of asking, or a deed together with nothing said about it."""
    if any(word in clause for word in tongue.talk):
        return None
    if re.search(tongue.markers, clause) or any(clause.lstrip().startswith(word) for word in tongue.deeds):
        return clause
    return None


def _by_hint(wants: Sequence[tuple[str, str]], known: Sequence[tuple[MenuItem, Wish]]) -> str | None:
    for concept, deed in wants:
        for item, wish in known:
            if concept in wish.concepts and deed in wish.deeds:
                return item.id
    return None


def _best(wish: Wish, known: Sequence[tuple[MenuItem, Wish]]) -> str | None:
    """The item that fits best; of equals the first."""
    scored = [(_fit(wish, other), -place) for place, (_, other) in enumerate(known)]
    score, place = max(scored)
    if score > 0:
        return known[-place][0].id
    return _by_deed(wish, known)


def _fit(wish: Wish, item: Wish) -> float:
    """How well an item does what is wished: 0 when it is about something else or does something else."""
    things = wish.things & item.things
    about = wish.concepts & item.concepts
    if not (about or _covers(things, wish, item)) or not _agree(wish, item, things, about):
        return 0.0
    if wish.concepts and item.concepts and not about and len(things) < 2:
        return 0.0
    agreed = len(wish.deeds & item.deeds)
    verbs = len(wish.verbs & item.verbs)
    return 3.0 * len(things) + 2.0 * len(about) + 2.0 * agreed + 3.5 * verbs - 0.05 * len(item.stems - wish.stems)


def _covers(things: frozenset[str], wish: Wish, item: Wish) -> bool:
    """Whether the things that wish and item share are most of what the wish names ("draw me a picture" is no draw)."""
    share = len(things) / len(wish.things) if wish.things else 0.0
    return share > 0.5 or (share == 0.5 and bool(wish.deeds & item.deeds))


def _agree(wish: Wish, item: Wish, things: frozenset[str], about: frozenset[str]) -> bool:
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
    return not item.deeds & OPPOSED or bool(wish.verbs & item.verbs)


def _by_deed(wish: Wish, known: Sequence[tuple[MenuItem, Wish]]) -> str | None:
    """ "Turn it on", "louder": no thing is named. Taken when only one item does that."""
    if not wish.deeds & _UNNAMED or wish.concepts or wish.things:
        return None
    if not wish.said & _PRONOUNS and not wish.deeds & {"up", "down", "next", "prev"}:
        return None
    exact = [item.id for item, other in known if wish.verbs & other.verbs and wish.deeds & other.deeds]
    doing = [item.id for item, other in known if wish.deeds & other.deeds]
    return next((found[0] for found in (exact, doing) if len(found) == 1), None)
