"""A remark cut into clauses: what each does, and the reason that it gives."""

from __future__ import annotations

import re
from dataclasses import dataclass

from openroom.language.data.en import ENGLISH
from openroom.language.requests.acts import Act, act, any_left
from openroom.language.requests.menu import Menu
from openroom.language.sentences import asks, clauses, sentences

_REASON = re.compile(
    r"(?<!time )(?<!mood )(?<!dying )(?<!ready )(?<!look )(?<!up )(?<!go )(?<!wish )(?<!ask )(?<!chance )"
    r"(?<!desperate )\bfor (?=the |my |our |your |these |those )"
    r"|\b(?:before|because|until|till|while|since|so that|so (?=i |we |it |they )|in case|otherwise|whenever|unless"
    r"|as (?=i |we |it is|it's)|when (?=you|i|we|the|it))"
)
MOST_CLAUSES = 24
"""So many clauses of a remark are read."""
_STATES = re.compile(r"(?:i|we|it|they|he|she|there|i'm|we're|it's|i'd|we'd|the \w+|my \w+)\b")


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause, the reason it gives, and what it does."""

    text: str
    reason: str
    act: Act
    joined: bool
    """Whether "and" comes before it."""
    sentence: int


def clauses_of(text: str, known: Menu) -> list[Clause]:
    found: list[Clause] = []
    for number, sentence in enumerate(sentences(text)):
        asking = asked_before = False
        joined = re.sub(r"[,;]\s*(?:please|pls)\b(?=\s*(?:$|[.!?,;]))", " please", sentence)
        for link, part in clauses(joined, ENGLISH.joints):
            cut = _REASON.search(part)
            main, reason = (part[: cut.start()].strip(), part[cut.end() :]) if cut and cut.start() else (part, "")
            does = act(main, known.verbs, asking, known.bare)
            if does is Act.TELL and asks(sentence) and any_left(main, known.bare):
                does = Act.ASK
            if does is Act.ASK and asked_before and _STATES.match(main):
                does = Act.TELL  # "light the lamp, I want to read": that says why
            asking = does is Act.ASK
            asked_before = asked_before or asking
            found.append(Clause(main, reason, does, link == "and", number))
            if len(found) == MOST_CLAUSES:
                return found
    return found
