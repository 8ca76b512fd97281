"""The page: words of the prompt or of the author that are read out where they are no answer."""

from __future__ import annotations

import re
from functools import lru_cache

from openroom.language import slips
from openroom.language.sense.moment import Flaw, Moment
from openroom.language.sentences import sentences
from openroom.language.text import first_word, normal
from openroom.language.words import WORD

_FORM = re.compile(r"\"?\b(?:say|emotion|do)\"?\s*:\s*[\"\[{]|\b(?:emotion|do)\s*:\s*\w+$", re.IGNORECASE)
"""The keys in which a reply is written."""

_BRACKETS = re.compile(r"\(([^()\n]{12,2000})\)")

_NOTE = 24
"""A sentence of so many letters that stands in a note is hardly in a reply by chance."""

_REST = 3
"""So many words at the end of an author's line are hardly said by chance."""

_RUN, _OWN_RUN = 7, 4
"""So many words in a row are hardly said by chance as they stand in the prompt, or in what it tells of oneself."""

_YOU = re.compile(r" (?:you|your|yours|du|dir|dich|dein\w*|tú|te|ti|tus?|contigo) ")


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
        if (
            len(plain) >= _NOTE
            and plain not in facts
            and any(plain in note if at.strict else note.endswith(plain) for note in notes)
        ):
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


def names_the_unknown(at: Moment, say: str, _code: str) -> Flaw | None:
    """Names what its card says it never heard of, where nobody spoke of it: a list of the prompt is read out."""
    found = first_word(at.unknown, say) if at.strict else ""
    return ("names what it never heard of", say) if found and not first_word(at.unknown, at.heard) else None


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


def borrows(at: Moment, say: str, _code: str) -> Flaw | None:
    """Says one of the author's lines that answers something else: what fits is said before a small model is asked."""
    if not at.strict:
        return None
    plain = normal(say)
    whole = len(plain) >= _NOTE
    rest = f" {plain}" if len(plain.split()) >= _REST else "-"  # what is left of a line whose beginning was dropped
    found = next(
        (one for line in at.examples if (one := normal(line)).endswith(rest) or (whole and one.startswith(plain))), ""
    )
    return ("says words that are for another moment", say) if found else None
