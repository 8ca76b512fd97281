"""The room: claims about its things that are not so."""

from __future__ import annotations

import re
from functools import lru_cache

from openroom.language import slips
from openroom.language.data.conditions import SAID, VERBS, WORDS
from openroom.language.detect import guess_language
from openroom.language.sense.moment import Flaw, Moment
from openroom.language.sense.things import Seen
from openroom.language.sentences import asks, clauses, sentences
from openroom.language.text import normal
from openroom.language.words import content

_MOST_READ = 1200
_SAYS_SOMETHING = 2
"""So many words that say what a sentence is about make it one that is about something."""
_NOT = re.compile(r"\b(?:not|no|never|instead of|nicht|kein\w*|nie|nunca)\b|n't|不|没|ない|ません")


def untrue_to_room(at: Moment, say: str, code: str) -> Flaw | None:
    """Says of a thing that it is lit, off, open or closed when it was not, whenever it was looked at, or in another of
    its conditions than it was, or tells by title of what it was not set to."""
    return _other_way(at, say, code) or _other_condition(at, say, code) or _other_title(at, say, code)


def _other_way(at: Moment, say: str, code: str) -> Flaw | None:
    words_of = {thing.prop: slips.words_for(thing.name, code) for thing in at.things}
    for thing in at.things:
        for word in words_of[thing.prop]:
            claim = slips.claims(say, (word,), code)
            meant = [other for other in at.things if word in words_of[other.prop]]
            if claim and all(other.was_never(claim[0]) for other in meant):
                return f"{thing.name} is {slips.OPPOSITE[claim[0]]}", claim[1]
    return None


def _other_condition(at: Moment, say: str, code: str) -> Flaw | None:
    claims = [one for one in sentences(say[:_MOST_READ]) if not slips.is_unsure(one, code)]
    for thing in at.things if claims else ():
        for name in thing.called(code):
            meant = [other for other in at.things if name in other.called(code)]
            found = next((one for one in claims if _claimed(one, name, thing, code)), "")
            if found and all(_claimed(found, name, other, code) for other in meant):
                return f"{thing.name} is not so", found
    return None


def _claimed(sentence: str, name: str, thing: Seen, code: str) -> bool:
    """Whether a sentence says of who is called so that it is in a condition that the thing never was in."""
    held = slips.low(sentence)
    return name in held and any(
        re.search(pattern, held) for value in thing.never for pattern in _patterns(value, name, code)
    )


@lru_cache(maxsize=1024)
def _patterns(value: str, name: str, code: str) -> tuple[str, ...]:
    """The patterns that say of a thing that it is so; none where a language has no words for the value."""
    if code not in SAID:
        return ()
    own = re.escape(slips.low(value.replace("_", " "))) if code == "en" or value.isdecimal() else ""
    so = WORDS[code].get(value) or own
    said = (SAID[code].replace("{thing}", re.escape(name)).replace("{so}", f"(?:{so})"),) if so else ()
    form, verbs = VERBS.get(code, ("", {}))
    verb = verbs.get(value)
    return (*said, form.replace("{thing}", re.escape(name)).replace("{so}", verb)) if verb else said


def _other_title(at: Moment, say: str, code: str) -> Flaw | None:
    """The sentence names by title what a thing was not set to in this turn, or begins with what it was set to before;
    the line that is answered does not."""
    changed = [thing for thing in at.things if thing.passed or thing.left]
    for sentence in sentences(say[:_MOST_READ]) if changed else ():
        if slips.is_unsure(sentence, code) or _NOT.search(slips.low(sentence)):
            continue
        begun = next((part for _, part in clauses(sentence)), "")
        for thing in changed:
            named = [one for one in thing.passed if _names(sentence, one)]
            named += [one for one in thing.left if normal(one) == normal(begun)]
            if any(not _names(at.heard, one) for one in named):
                return f"{thing.name}: it is another one", sentence
    return None


def _names(text: str, title: str) -> bool:
    return f" {normal(title)} " in f" {normal(text)} "


def goes_away(at: Moment, say: str, code: str) -> Flaw | None:
    """Says that it leaves: a character stays in its room, and who takes their leave is the visitor."""
    found = slips.goes_away(say, code) if at.strict else ""
    if not found or slips.goes_away(" ".join(at.authored), at.language):
        return None
    return f"says that {at.name} leaves, who stays", found


def speaks_past_its_deed(at: Moment, say: str, code: str) -> Flaw | None:
    """Speaks of something else than what it does meanwhile: none of its words are of the request or the deed, and
    there are more than an "As you like." has."""
    if not (at.strict and at.doing and slips.is_asked_for(at.heard, guess_language(at.heard))):
        return None  # who only remarks that it is dark is answered as one likes
    if not slips.slips(code).spaced or asks(say) or slips.says_yes(say, code):
        return None
    if len(content(say, code) - content(f"{at.visitor} {at.address}", code)) < _SAYS_SOMETHING:
        return None
    about = (at.heard, at.doing, *(title for thing in at.things for title in thing.chosen))
    if slips.shares_words(say, about, code) or any(normal(say) in normal(line) for line in at.authored):
        return None
    return f"speaks of something else than what you do: {at.doing}", say
