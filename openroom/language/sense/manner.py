"""The manner: talk of a service or of a machine out of nowhere, and of one who repeats a clause."""

from __future__ import annotations

import re

from openroom.language import slips
from openroom.language.honesty import admits, asks_what_you_are
from openroom.language.sense.moment import Flaw, Moment
from openroom.language.sentences import clauses, sentences
from openroom.language.text import normal

_MACHINE = re.compile(
    r"\b(?:software|computer program|language model|chat ?bot|artificial intelligence|sprachmodell|computerprogramm"
    r"|inteligencia artificial|programa de ordenador)\b|软件|程序|人工智能|ソフトウェア|プログラム|人工知能",
    re.IGNORECASE,
)

_REST = 3
"""So many words at the end of an author's line are hardly said by chance."""


def serves(at: Moment, say: str, code: str) -> Flaw | None:
    """Talks as a service does, out of nowhere: apologies for a fault that is none, offers of help that nobody wants,
    thanks taken that nobody gave, thanks for what it was asked for itself."""
    if found := slips.service(at.heard, say, at.visitor, code):
        return "talks as a service does, out of nowhere", found
    found = slips.thanks_for_it(say, code) if at.acts and slips.is_asked_for(at.heard, code) else ""
    return ("thanks for what it does itself", found) if found else None


def steps_out(at: Moment, say: str, _code: str) -> Flaw | None:
    """Says that it is software where nobody asked."""
    found = "" if at.sincere else next((one for one in sentences(say) if admits(one)), "")
    if at.strict and not (at.sincere or found):
        found = next((one for one in sentences(say) if _MACHINE.search(one)), "")
        found = "" if found and _MACHINE.search(at.heard) else found
    if not found or asks_what_you_are(at.heard, at.name):
        return None
    return "says that it is software, and nobody asked", found


def says_twice(at: Moment, say: str, _code: str) -> Flaw | None:
    """Says a clause twice in one sentence ("It's always there, it's always there.")."""
    for sentence in sentences(say) if at.strict else ():
        parts = [normal(part) for _, part in clauses(sentence)]
        found = next((one for one in parts if len(one.split()) >= _REST and parts.count(one) > 1), "")
        if found:
            return f"says {found!r} twice", sentence
    return None
