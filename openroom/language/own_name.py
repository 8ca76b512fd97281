"""A visitor's own name: whether they ask for it, and what they said that it is."""

from __future__ import annotations

import re
from collections.abc import Iterable

from openroom.language.data.own_name import ASKED, NO_NAMES, SAID, TOLD
from openroom.language.sentences import asks, sentences

_MOST_READ = 1200
_LONGEST = 40
_KNOWN = re.compile(r"'s name is (?P<o>.+?)\.?$")
"""How memory keeps somebody's name: "Ann's name is Maria.\""""


def asks_own_name(heard: str, code: str) -> bool:
    """Whether somebody asks what they are called themselves."""
    plain = heard[:_MOST_READ].lower().replace("’", "'")
    return code in ASKED and any(re.search(ASKED[code], one) for one in sentences(plain))


def told_name(lines: Iterable[str], code: str) -> str:
    """The name that somebody gave last in their ``lines`` (oldest first); empty where they gave none."""
    found = ""
    for line in lines:
        for sentence in sentences(line[:_MOST_READ].replace("’", "'")):
            if code in TOLD and not asks(sentence) and (told := re.search(TOLD[code], sentence)):
                found = _name(told) or found
    return found


def known_name(facts: Iterable[str], name: str) -> str:
    """The name of who is called ``name`` in the room, in what is remembered of them; empty where none is."""
    told = (_KNOWN.fullmatch(fact[len(name) :]) for fact in facts if name and fact.startswith(name))
    return next((found["o"] for found in told if found and len(found["o"]) <= _LONGEST), "")


def names_to_say(name: str, code: str) -> tuple[str, ...]:
    """The sentences that tell somebody their name."""
    return tuple(line.replace("{name}", name) for line in SAID.get(code, SAID["en"])) if name else ()


def _name(told: re.Match[str]) -> str:
    name = next((part for part in told.groups() if part), "").strip("'’ ")
    return name if name and name.lower() not in NO_NAMES and len(name) <= _LONGEST else ""
