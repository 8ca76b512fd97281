"""Whether a reply can be an answer of this character to this line, in this room: one mistake of small models each.

What is looked at is a `Moment`: plain values, so that the guards of a turn and the checks of evaluations ask the same.
A good reply must hardly ever fail, so each function looks for what can be shown; most nonsense passes them. How far
they agree with people: docs/lab/sense.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

from openroom.language import slips
from openroom.language.detect import detect, guess_language
from openroom.language.honesty import admits, asks_what_you_are
from openroom.language.sentences import asks, sentences, without_call
from openroom.language.text import normal
from openroom.language.words import WORD, content

_FORM = re.compile(r"\"?\b(?:say|emotion|do)\"?\s*:\s*[\"\[{]|\b(?:emotion|do)\s*:\s*\w+$", re.IGNORECASE)
"""The keys in which a reply is written."""
_BRACKETS = re.compile(r"\(([^()\n]{12,400})\)")
_NOTE = 24
"""A sentence of so many letters that stands in a note is hardly in a reply by chance."""
_RUN, _OWN_RUN = 7, 4
"""So many words in a row are hardly said by chance as they stand in the prompt, or in what it tells of oneself."""
_YOU = re.compile(r" (?:you|your|yours|du|dir|dich|dein\w*|tú|te|ti|tus?|contigo) ")
_MINE = {
    "en": re.compile(r"^(?:yes,? |no,? |oh,? |well,? )?(?:i|i'm|i've|my)\b"),
    "de": re.compile(r"^(?:ja,? |nein,? |oh,? )?(?:ich|mein\w*)\b"),
    "es": re.compile(r"^(?:sí,? |no,? |oh,? )?(?:yo|mi|mis|me|soy|estoy|tengo|he)\b"),
}
_TOO = re.compile(
    r"\b(?:too|also|as well|so (?:do|am|did|have) i|auch|también|tampoco|neither|not|never|n't|nicht|nie|nunca)\b"
)
_MACHINE = re.compile(
    r"\b(?:software|computer program|language model|chat ?bot|artificial intelligence|sprachmodell|computerprogramm"
    r"|inteligencia artificial|programa de ordenador)\b|软件|程序|人工智能|ソフトウェア|プログラム|人工知能",
    re.IGNORECASE,
)
_FLAGS: Mapping[str, tuple[slips.Way, slips.Way]] = {
    **dict.fromkeys(("lit", "on", "playing", "burning"), ("on", "off")),
    "open": ("open", "closed"),
    **dict.fromkeys(("shut", "closed"), ("closed", "open")),
}
"""What the commonest flags of a thing mean when they are set, and when they are not."""
Flaw = tuple[str, str]
"""Why, and the words it rests on."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A thing: its id, its name, and how it was each time it was looked at (on, off, open, closed)."""

    prop: str
    name: str
    ways: tuple[frozenset[slips.Way], ...] = ()

    def was_never(self, way: slips.Way) -> bool:
        """Whether it was the opposite each time; of what can't be told, not."""
        return bool(self.ways) and all(slips.OPPOSITE[way] in found and way not in found for found in self.ways)


def ways(state: Mapping[str, Any]) -> frozenset[slips.Way]:
    """What a thing's flags say of it."""
    flags = ((_FLAGS[key], value) for key, value in state.items() if key in _FLAGS)
    return frozenset(way[0 if value else 1] for way, value in flags if value in (True, False))


@dataclass(frozen=True, slots=True)
class Moment:
    """What a reply is held against.

    ``name`` is the character's, ``known_as`` what else it is called; ``others`` are the people present, ``visitor`` is
    who is answered, ``heard`` their line. ``authored`` are the lines that the author wrote for the character (in
    ``language``), ``persona`` what is said of it, ``facts`` what is true of it. ``notes`` are the lines in brackets of
    the prompt, ``hedges`` words that fit after anything, ``acts`` whether something is done with the words, ``sincere``
    whether it was asked what it is. ``script`` is what the prompt tells of others and of how to answer,
    ``examples`` are the author's answers to something, ``lately`` what
    others said. ``strict``: a
    small model speaks, and what larger ones may do for a reason is a flaw too.
    """

    name: str
    heard: str = ""
    visitor: str = ""
    others: tuple[str, ...] = ()
    known_as: str = ""
    language: str = "en"
    persona: str = ""
    facts: tuple[str, ...] = ()
    authored: tuple[str, ...] = ()
    things: tuple[Seen, ...] = ()
    notes: tuple[str, ...] = ()
    hedges: tuple[str, ...] = ()
    acts: bool = False
    sincere: bool = False
    script: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    lately: tuple[str, ...] = ()
    strict: bool = False

    @property
    def own(self) -> tuple[str, ...]:
        """What the character is called: its name, and the first part of a longer one."""
        return tuple(dict.fromkeys((self.name, self.name.split()[0])))

    @property
    def named_like_another(self) -> bool:
        """Whether somebody present is called as the character is."""
        return any(self.is_own(name) for name in self.others)

    def is_own(self, name: str) -> bool:
        """Whether a name is (part of) the character's."""
        return bool(set(normal(name).split()) & set(normal(f"{self.name} {self.known_as}").split()))


def calls_itself(at: Moment, say: str, code: str) -> Flaw | None:
    """Speaks to somebody by the character's own name."""
    found = next((one for name in at.own if (one := slips.calls_itself(say, name, code))), "")
    if not found or slips.asks_who(at.heard, code) or at.named_like_another:
        return None
    if slips.says_to_be(at.heard, at.own, guess_language(at.heard)):
        return None
    return f"calls somebody {at.name}", found


def other_part(at: Moment, say: str, code: str) -> Flaw | None:
    """Says to be the visitor, the room, or one of its things, or goes by another name."""
    if found := slips.says_to_be(say, [name for name in at.others if not at.is_own(name)], code):
        return "says to be somebody else who is there", found
    if found := slips.other_name(say, f"{at.name} {at.known_as}", code):
        return "goes by another name", found
    things = [word for thing in at.things for word in slips.words_for(thing.name, code)]
    found = slips.says_to_be_thing(say, things, code)
    own = " ".join((at.persona.replace("You are", "I am"), *at.authored)) if found else ""
    if not found or slips.says_to_be_thing(own, things, at.language):
        return None
    return "says to be the room or a thing in it", found


def given_back(at: Moment, say: str, code: str) -> Flaw | None:
    """Tells the visitor to do what they have asked for."""
    if guess_language(at.heard) != code:
        return None
    found = slips.given_back(at.heard, say, code)
    found = found or slips.given_back(_without_calls(at.heard), _without_calls(say), code)
    return ("gives the visitor's order back", found) if found else None


@lru_cache(maxsize=64)
def _without_calls(text: str) -> str:
    return " ".join(map(without_call, sentences(text)))


def untrue_to_room(at: Moment, say: str, code: str) -> Flaw | None:
    """Says of a thing that it is lit, off, open or closed when it was not, whenever it was looked at."""
    words_of = {thing.prop: slips.words_for(thing.name, code) for thing in at.things}
    for thing in at.things:
        for word in words_of[thing.prop]:
            claim = slips.claims(say, (word,), code)
            meant = [other for other in at.things if word in words_of[other.prop]]
            if claim and all(other.was_never(claim[0]) for other in meant):
                return f"{thing.name} is {slips.OPPOSITE[claim[0]]}", claim[1]
    return None


def said_aloud(at: Moment, say: str, code: str) -> Flaw | None:
    """Says aloud what only stands on the page: notes of the stage, ids of deeds, keys of the form, what the character
    does as a narrator tells it."""
    for thing in at.things:
        if found := re.search(rf"\b{re.escape(thing.prop)}\.[a-z_]{{2,}}\b", say):
            return "says the id of a deed", found[0]
        if found := re.search(rf"(?:^|(?<=[.!?] )){re.escape(thing.name)}: \w+", say):
            return "says how a thing stands on the stage", found[0]
    if found := _FORM.search(say):
        return "says the form of a reply", found[0]
    if noted := _note(at, say):
        return "says a note of the stage aloud", noted
    return _narrated(at, say, code)


def _note(at: Moment, say: str) -> str:
    """A sentence of the reply that stands in a note of its prompt; facts of the card may be told."""
    notes, facts = _noted(at.notes), normal(" ".join(at.facts)) if at.notes else ""
    for sentence in sentences(say):
        plain = normal(sentence)
        if len(plain) >= _NOTE and plain not in facts and any(note.endswith(plain) or note == plain for note in notes):
            return sentence
    return ""


@lru_cache(maxsize=16)
def _noted(lines: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(normal(one) for line in lines for one in _BRACKETS.findall(line))


def _narrated(at: Moment, say: str, code: str) -> Flaw | None:
    if slips.asks_who(at.heard, code) or at.named_like_another:
        return None
    own = " ".join(at.authored)
    for name in at.own:
        if not slips.tells_of(own, name, at.language) and (found := slips.tells_of(say, name, code)):
            return "tells what it does as a narrator would", found
    return None


def serves(at: Moment, say: str, code: str) -> Flaw | None:
    """Talks as a service does, out of nowhere: apologies for a fault that is none, offers of help that nobody wants,
    thanks taken that nobody gave."""
    found = slips.service(at.heard, say, at.visitor, code)
    return ("talks as a service does, out of nowhere", found) if found else None


def reads_aloud(at: Moment, say: str, code: str) -> Flaw | None:
    """Reads its prompt out: what it tells of others, or of itself as "you"."""
    if not slips.slips(code).spaced:
        return None
    told = _texts(at.script)
    for sentence in sentences(say):
        runs = _runs(sentence, _RUN)
        if any(run in told for run in runs):
            return "reads out what the prompt says", sentence
        if any(_YOU.search(run) and run in _text(at.persona) for run in _runs(sentence, _OWN_RUN)):
            return f"tells {at.name}'s life as if it were the visitor's", sentence
    return None


def _runs(sentence: str, length: int) -> list[str]:
    words = _text(sentence).split()
    return [f" {' '.join(words[at : at + length])} " for at in range(len(words) - length + 1)]


@lru_cache(maxsize=256)
def _text(text: str) -> str:
    return f" {' '.join(WORD.findall(normal(text)))} "


@lru_cache(maxsize=16)
def _texts(lines: tuple[str, ...]) -> str:
    """Several lines to look for runs in; none reaches over the end of one."""
    return "\n".join(map(_text, lines))


def talks_past(at: Moment, say: str, code: str) -> Flaw | None:
    """Speaks to somebody else than who is to be answered, and whom they did not speak of."""
    if not at.strict or not at.visitor:
        return None
    others = [name for name in at.others if name != at.visitor and not at.is_own(name)]
    unnamed = [name for name in others if not slips.mentions_any(at.heard, [name], code)]
    found = next(((name, one) for name in unnamed if (one := slips.calls_itself(say, name, code))), None)
    return (f"speaks to {found[0]}, and {at.visitor} is to be answered", found[1]) if found else None


def takes_for_its_own(at: Moment, say: str, code: str) -> Flaw | None:
    """Says of itself what the visitor has just said of themselves, or only says it back."""
    if code not in _MINE or guess_language(at.heard) != code:
        return None
    told = _told_of_oneself(at.heard, code)
    for sentence in sentences(say):
        words = content(sentence, code)
        mine = bool(_MINE[code].match(sentence.lower())) and not _TOO.search(sentence.lower())
        if told and not asks(sentence) and ((mine and told <= words) or (len(words) > 1 and words <= told)):
            return "says the visitor's own words back", sentence
        if mine and at.strict and any(len(one) > 1 and one <= words for one in _told_lately(at, code)):
            return "tells the visitor's life as its own", sentence
    return None


def _told_lately(at: Moment, code: str) -> Iterator[frozenset[str]]:
    return (_told_of_oneself(line, code) for line in at.lately if guess_language(line) == code)


def asks_it_back(at: Moment, say: str, code: str) -> Flaw | None:
    """Asks the visitor what they have asked themselves."""
    if not at.strict:
        return None
    questions = [one for one in sentences(say) if asks(one)]
    asked, about = _asked_lately(at.lately, code) if questions else (frozenset(), frozenset())
    found = next((one for one in questions if _uncalled(one) in asked or content(_uncalled(one), code) in about), "")
    return ("asks what the visitor asked", found) if found else None


@lru_cache(maxsize=16)
def _asked_lately(lately: tuple[str, ...], code: str) -> tuple[frozenset[str], frozenset[frozenset[str]]]:
    """The questions of lines, and what each is about. Kept for a while: each sentence of a reply is held against
    them."""
    asked = frozenset(_uncalled(one) for line in lately for one in sentences(line) if asks(one))
    return asked, frozenset(content(one, code) for one in asked) - {frozenset()}


@lru_cache(maxsize=512)
def _uncalled(sentence: str) -> str:
    """The words of a sentence without whom it calls, as `normal` has them."""
    return " ".join(WORD.findall(normal(without_call(sentence))))


def names_itself(at: Moment, say: str, code: str) -> Flaw | None:
    """Says its own name where nobody asked for it, and no line of its author's does."""
    found = next((one for one in sentences(say) if slips.mentions_any(one, at.own, code)), "") if at.strict else ""
    if not found or slips.asks_who(at.heard, code) or at.named_like_another:
        return None
    if slips.mentions_any(" ".join(at.authored), at.own, at.language):
        return None
    return f"speaks of {at.name} as of somebody else", found


@lru_cache(maxsize=64)
def _told_of_oneself(heard: str, code: str) -> frozenset[str]:
    """What a line is about where it tells of who says it. Kept for a while: each sentence of a reply is held against
    it."""
    theirs = [one for one in sentences(heard) if not asks(one) and _MINE[code].search(one.lower())]
    return frozenset(chain.from_iterable(content(one, code) for one in theirs))


def borrows(at: Moment, say: str, _code: str) -> Flaw | None:
    """Says one of the author's lines that answers something else: what fits is said before a small model is asked."""
    if not at.strict:
        return None
    plain = normal(say)
    found = next((line for line in at.examples if len(plain) >= _NOTE and normal(line).startswith(plain)), "")
    return ("says words that are for another moment", say) if found else None


def asks_what_was_said(at: Moment, say: str, code: str) -> Flaw | None:
    """Asks who somebody is who has just said it."""
    found = next((one for one in sentences(say) if asks(one) and slips.asks_name(one, code)), "")
    if not found or not at.visitor or not slips.says_to_be(at.heard, [at.visitor], guess_language(at.heard)):
        return None
    return "asks for the name that was just given", found


def steps_out(at: Moment, say: str, _code: str) -> Flaw | None:
    """Says that it is software where nobody asked."""
    found = "" if at.sincere else next((one for one in sentences(say) if admits(one)), "")
    if at.strict and not (at.sincere or found):
        found = next((one for one in sentences(say) if _MACHINE.search(one)), "")
        found = "" if found and _MACHINE.search(at.heard) else found
    if not found or asks_what_you_are(at.heard, at.name):
        return None
    return "says that it is software, and nobody asked", found


def takes_nothing_up(at: Moment, say: str, code: str) -> Flaw | None:
    """Answers an open question with a yes, with words that fit after anything and take up none of the question, the
    card or the room, or with a hedge."""
    question = slips.open_question(at.heard, at.name, guess_language(at.heard))
    if not question or at.acts:
        return None
    if yes := slips.says_yes(say, code):
        return f"says yes to {question!r}", yes
    if normal(say) in {normal(one) for one in at.hedges} and not slips.shares_words(say, [at.heard], code):
        return f"fits after anything, and so not after {question!r}", say
    if slips.is_stock(say, at.visitor, code) and (at.strict or not slips.shares_words(say, list(_known(at)), code)):
        return f"takes up nothing of {question!r}", say
    return None


def _known(at: Moment) -> Iterator[str]:
    """What a reply may take a word from: the line, the card, the things."""
    yield from (at.heard, at.persona, *at.facts, *(thing.name for thing in at.things))


FLAWS = (
    calls_itself,
    other_part,
    given_back,
    untrue_to_room,
    said_aloud,
    reads_aloud,
    serves,
    steps_out,
    takes_for_its_own,
    asks_it_back,
    names_itself,
    borrows,
    asks_what_was_said,
    talks_past,
    takes_nothing_up,
)


def language_of(say: str, wanted: str) -> str:
    """The language a reply is read in: where nothing tells, the one that is ``wanted``; one that has no words of its
    own (`slips.SLIPS`) is read as English."""
    found = detect(say) or (wanted if wanted in slips.SLIPS else guess_language(say))
    return found if found in slips.SLIPS else "en"


def nonsense(at: Moment, say: str, wanted: str) -> Flaw | None:
    """The first flaw of a reply, by any of these."""
    code = language_of(say, wanted)
    return next((found for flaw in FLAWS if (found := flaw(at, say, code))), None)


def seen(things: Iterable[Sequence[tuple[str, str, Mapping[str, Any]]]]) -> tuple[Seen, ...]:
    """Things as they stood at several times, each given as (id, name, state); those of the last time count."""
    times = list(things)
    found: dict[str, list[frozenset[slips.Way]]] = {}
    for time in times:
        for prop, _, state in time:
            found.setdefault(prop, []).append(ways(state))
    return tuple(Seen(prop, name, tuple(found[prop])) for prop, name, _ in (times[-1] if times else ()))
