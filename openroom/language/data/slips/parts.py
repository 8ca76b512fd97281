"""What the data of slips is made of: what a small model says by mistake, by language.

Patterns are read on a sentence in lower case with straight apostrophes and without a vocative's capital; ``{name}`` and
``{thing}`` stand for escaped words that are filled in.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Slips:
    """One language. ``calls`` is somebody called by a name; ``narrates`` a sentence that tells of somebody by name;
    ``naming`` are words with which one says what one is called, ``named`` says it (the name is its group), ``am`` says
    that one is somebody, ``am_thing`` that one is a thing or a ``place``; ``asks_who`` asks for it, ``asks_name`` for
    the name of who is spoken to.

    ``polite`` are words that change nothing about an order, ``order`` tells an order, ``permission`` and ``together``
    what looks like one and is none, ``leave`` asks for permission, ``begs`` is asking by a bare noun ("tea, please"),
    ``asks_back`` asks what one said oneself.

    ``on``, ``off``, ``open`` and ``closed`` claim that of a thing; ``unsure`` makes a sentence no claim.

    ``sorry``, ``welcome`` (who gives thanks: ``thanks``), ``offers`` (who wants help: ``help``) and ``served`` are
    talk of a service.

    ``open_question`` wants more than a yes, unless it is ``no_question``; ``yes`` begins with one; ``stock`` is a whole
    sentence that fits after anything, ``hail`` is how one begins that greets, and ``of_you`` speaks of who or what
    whom one speaks to is, or asks them to tell. ``lost`` says that one has not understood; ``bad_news`` and
    ``good_news`` are told, ``turned`` says that it was not so, or is over, ``condoles`` and ``rejoices`` answer them.
    ``never`` tells what one never does, ``gives_in`` agrees to do something. ``goes`` says that one leaves,
    ``thanking`` is a sentence of thanks, ``yours`` asks after something of whom one speaks to (its group ``it``),
    and ``theirs`` tells of ``{it}`` as of another's or of who asks. ``words`` are names that are words of the
    language too.
    """

    calls: str
    narrates: str
    naming: str
    named: str
    am: str
    am_thing: str
    place: str
    asks_who: str
    asks_name: str
    polite: str
    order: str
    permission: str
    together: str
    on: str
    off: str
    open: str
    closed: str
    unsure: str
    sorry: str
    welcome: str
    thanks: str
    offers: str
    help: str
    open_question: str
    no_question: str
    stock: str
    lost: str
    bad_news: str
    good_news: str
    turned: str
    rejoices: str
    condoles: str
    never: str
    gives_in: str
    hail: str
    of_you: str
    yes: str = ""
    leave: str = ""
    begs: str = ""
    asks_back: str = ""
    served: str = ""
    goes: str = ""
    thanking: str = ""
    yours: str = ""
    theirs: str = ""
    spaced: bool = True
    words: frozenset[str] = frozenset()
