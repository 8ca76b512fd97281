"""Statements in a person's own line: who they are, where they live, what they like, have, plan and ask to remember.

Deterministic patterns over plain English, no model call: what is not clearly stated in the first person, as a fact, is
left to the episodes, which keep every exchange in its own words (other languages: `openroom.memory.statements.others`).
Questions, quotations, stage directions and
suppositions ("if I lived …") say nothing. Statements are rewritten in the third person ("Ann likes smoky tea."); one
that speaks to somebody ("I'll bring you a book") is kept as a quotation, since "you" would change its meaning.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from openroom.language.sentences import asks, sentences
from openroom.language.text import ends

_MAX_STATEMENTS = 6
MOST_READ = 1200
_MAX_CLAUSES = 60
"""So many characters, sentences and clauses of a line are looked at; what more it tells is left to the episodes."""
_MAX_CLAUSE = 400
"""So much of a clause is read. What is stated is short, and is cut from what follows."""
_MAX_OBJECT_WORDS = 12
_MAX_TEXT = 240


@dataclass(frozen=True, slots=True)
class Statement:
    """A normalised statement about a person. ``slot`` names what it is the value of: a newer value of a slot replaces
    an older one; an empty slot holds any number of statements. ``importance`` is 0..1."""

    text: str
    slot: str = ""
    importance: float = 0.5


Build = Callable[[str, "re.Match[str]"], Statement | None]


@lru_cache(maxsize=256)
def statements(name: str, line: str) -> tuple[Statement, ...]:
    """What a person called ``name`` states about themselves in ``line``, each once. Kept for a while: all who heard a
    line read it."""
    found: dict[str, Statement] = {}
    for sentence in dict.fromkeys(_sentences(line)):
        for statement in _of_sentence(name, sentence):
            found.setdefault(statement.text.casefold(), statement)
    return tuple(found.values())[:_MAX_STATEMENTS]


# sentences and clauses ----------------------------------------------------------------------------------------------

_QUOTED = re.compile(r"\"[^\"]*\"|“[^“”]*”|«[^«»]*»|„[^„“”]*[“”]|\*[^*]*\*|\([^()]*\)")
_CLAUSE = re.compile(
    r"[;:]\s+|\s+[-–—]+\s+|,?\s+(?:and|but|so|because|though|although|since|while)\s+(?=(?:i|my|please|now i)\b)"
    r"|,\s*(?=(?:i|i'm|i've|i'll|my|and|but)\b)",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"^(?:(?:well|oh|ah|hi|hello|hey|yes|yeah|no|ok|okay|actually|honestly|anyway|and|but|so|then|now|you know|you see"
    r"|you must know|by the way|in fact|to be honest|as i said|these days|nowadays"
    r"|good (?:morning|evening|day|afternoon)|also|thanks|thank you)(?:\s+(?:there|everyone|all))?[\s,]+)+",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(r"\b(?:i|me|my|remember|forget|keep|make)\b", re.IGNORECASE)
"""One of these is in every statement."""
_VOCATIVE = re.compile(r"^\w+,\s+(?=(?:i|my|please|remember|don't forget)\b)", re.IGNORECASE)
_SUPPOSED = re.compile(
    r"\b(?:if|would|i'd|imagine|pretend|suppose|let's say|wish|could|might|as though)\b", re.IGNORECASE
)


def _sentences(line: str) -> list[str]:
    plain = _QUOTED.sub(" ", ends(line, MOST_READ).replace("’", "'").replace("‘", "'"))
    if _FIRST_PERSON.search(plain) is None:
        return []
    return [" ".join(sentence.split()) for sentence in sentences(plain)[:_MAX_CLAUSES]]


def _of_sentence(name: str, sentence: str) -> list[Statement]:
    if asks(sentence):
        return []
    body = _VOCATIVE.sub("", _FILLER.sub("", sentence.rstrip(" .!…")))
    if (asked := _asked_to_remember(name, body)) is not None:
        inner = [] if _SUPPOSED.search(asked[0]) else _of_clauses(name, asked[0])
        return [Statement(s.text, s.slot, 0.95) for s in inner] or [asked[1]]
    return [] if _SUPPOSED.search(body) else _of_clauses(name, body)


def _asked_to_remember(name: str, body: str) -> tuple[str, Statement] | None:
    match = _REMEMBER.match(body)
    if match is None or len(match["what"].split()) < 2:
        return None
    what = match["what"].strip()
    return what, Statement(_clip(f"{name} asked you to remember: “{what}.”"), "", 0.95)


def _of_clauses(name: str, body: str) -> list[Statement]:
    found = []
    for clause in dict.fromkeys(_CLAUSE.split(body, _MAX_CLAUSES)[:_MAX_CLAUSES]):
        clause = _VOCATIVE.sub("", _FILLER.sub("", clause.strip(" ,")))[:_MAX_CLAUSE]
        for pattern, build in _PATTERNS:
            if match := pattern.match(clause):
                if statement := build(name, match):
                    found.append(statement)
                break
    return found


# rewriting ----------------------------------------------------------------------------------------------------------

_THIRD = {
    "i": "they", "me": "them", "my": "their", "mine": "theirs", "myself": "themselves", "i'm": "they are",
    "i've": "they have", "i'll": "they will", "we": "they", "us": "them", "our": "their", "ours": "theirs",
    "am": "are",
}  # fmt: skip
_SECOND = re.compile(r"\b(?:you|your|yours|you're|you'll|you've|yourself)\b", re.IGNORECASE)
_TAIL = re.compile(
    r"(?:[\s,]+(?:too|as well|very much|so much|a lot|though|now|right now|by now|here|these days|nowadays|any ?more"
    r"|any longer|please|actually|really|most of all|of course|you know|then|sadly|again))+$",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"\s*(?:,|;|\s[-–—]\s"
    r"|\s(?:but|because|although|though|since|so that|which|who|where|when|while|until|unless)\s).*$",
    re.IGNORECASE,
)
_EMPTY_OBJECT = re.compile(
    r"^(?:it|that|this|these|those|them|him|her|how|what|when|where|why|the way|to say|to think|being|so|not|myself|one"
    r"|idea|clue|doubt|choice|question|problem|point|feeling|moment|minute|(?:no |any )?time)\b",
    re.IGNORECASE,
)
_SINCE = re.compile(
    r"\s+(?:last|this|a few|some|many|\w+) (?:year|month|week|spring|summer|autumn|winter)s?(?: ago)?$", re.IGNORECASE
)


def _object(raw: str) -> str:
    """What a verb is about, cut to its own clause, in the third person; empty when it says nothing by itself."""
    text = _CUT.sub("", raw.strip())
    if len(text.split()) > 2 * _MAX_OBJECT_WORDS:
        return ""
    text = _TAIL.sub("", text).strip(" ,.'")
    if not text or _EMPTY_OBJECT.match(text) or _SECOND.search(text):
        return ""
    words = text.split()
    if len(words) > _MAX_OBJECT_WORDS:
        return ""
    return " ".join(_THIRD.get(word.casefold(), word) for word in words)


def _clip(text: str) -> str:
    return text if len(text) <= _MAX_TEXT else text[: _MAX_TEXT - 1].rstrip() + "…"


def _proper(text: str) -> bool:
    return bool(re.match(r"^[^\W\d_]", text)) and len(text.split()) <= 5


# patterns -----------------------------------------------------------------------------------------------------------


def _value(template: str, slot: str, importance: float, *, proper: bool = False) -> Build:
    """A builder of one statement: ``{n}`` is the person's name, ``{o}`` the object."""

    def build(name: str, match: re.Match[str]) -> Statement | None:
        thing = _object(match["o"])
        if slot in ("home", "job"):  # "in Oslo last year": since when does not belong to where
            thing = _SINCE.sub("", thing)
        if not thing or (proper and not _proper(thing)):
            return None
        return Statement(_clip(template.format(n=name, o=thing)), slot, importance)

    return build


def _taste(likes: bool) -> Build:
    def build(name: str, match: re.Match[str]) -> Statement | None:
        thing = _object(match["o"])
        if not thing:
            return None
        verb = match["v"].casefold() if likes else ""
        verb = {"love": "loves", "adore": "adores", "enjoy": "enjoys", "prefer": "prefers"}.get(verb, "likes")
        text = f"{name} {verb} {thing}." if likes else f"{name} does not like {thing}."
        return Statement(_clip(text), f"taste:{thing.casefold()}", 0.6)

    return build


def _favourite(name: str, match: re.Match[str]) -> Statement | None:
    kind, thing = match["k"].casefold(), _object(match["o"])
    if not thing or len(kind.split()) > 3:
        return None
    return Statement(_clip(f"{name}'s favourite {kind} is {thing}."), f"favourite:{kind}", 0.6)


_SINGLE_KIN = ("wife", "husband", "partner", "mother", "father", "mum", "mom", "dad", "boyfriend", "girlfriend", "boss")


def _kin_named(name: str, match: re.Match[str]) -> Statement | None:
    kin, called = match["k"].casefold(), _object(match["o"])
    if not called or not _proper(called):
        return None
    slot = f"kin:{kin}" if kin in _SINGLE_KIN else ""
    return Statement(_clip(f"{name}'s {kin} is called {called}."), slot, 0.75)


def _kin_is(name: str, match: re.Match[str]) -> Statement | None:
    kin, rest = match["k"].casefold(), _object(match["o"])
    return Statement(_clip(f"{name}'s {kin} {match['v'].casefold()} {rest}."), "", 0.65) if rest else None


def _is_a(name: str, match: re.Match[str]) -> Statement | None:
    thing = _object(match["o"])
    if not thing or len(thing.split()) > 4 or thing.split()[0].casefold() in _NOT_A_KIND:
        return None
    return Statement(_clip(f"{name} is {match['a'].casefold()} {thing}."), "", 0.65)


_NOT_KINDS = """
bit little lot fan big huge mess fool moment minute while few such great good bad touch wreck type person real tad kind
sort stranger long
"""
_NOT_A_KIND = frozenset(_NOT_KINDS.split())


def _has(name: str, match: re.Match[str]) -> Statement | None:
    thing = _object(match["o"])
    return Statement(_clip(f"{name} has {match['c'].casefold()} {thing}."), "", 0.6) if thing else None


_NO_PLANS = frozenset(("know", "say", "ask", "hear", "see", "talk", "tell", "try", "think", "admit"))


def _plan(name: str, match: re.Match[str]) -> Statement | None:
    rest = match["o"].strip()
    if _SECOND.search(rest):
        return Statement(_clip(f"{name} said: “{match[0].strip()}.”"), "", 0.7)
    thing = _object(rest)
    if not thing or len(thing.split()) < 2 or thing.split()[0].casefold() in _NO_PLANS:
        return None
    verb = match["v"].casefold()
    said = {"will": "will", "'ll": "will", "'m going to": "is going to", "am going to": "is going to"}.get(verb)
    if said is None:
        said = {"want to": "wants to", "plan to": "plans to", "hope to": "hopes to", "have to": "has to"}[verb]
    return Statement(_clip(f"{name} {said} {thing}."), "", 0.6)


def _promise(name: str, match: re.Match[str]) -> Statement | None:
    if len(match["o"].split()) < 2:
        return None
    return Statement(_clip(f"{name} promised: “{match[0].strip()}.”"), "", 0.9)


_ADVERB = r"(?:(?:really|absolutely|also|do|just|still|always|simply|quite|actually|truly|rather|only|now|currently) )*"
_KIN = (
    r"(?P<k>(?:(?:older|younger|elder|little|big|best|late|twin|eldest|youngest) )?"
    r"(?:wife|husband|partner|mother|father|mum|mom|dad|brother|sister|son|daughter|uncle|aunt|cousin|nephew|niece|grandmother"
    r"|grandfather|grandma|grandpa|friend|boyfriend|girlfriend|boss|dog|cat|parrot|horse|rabbit|hamster|bird|puppy|kitten"
    r"|ship|boat))"
)
_AM = r"i(?:'m| am) "
_NOT = r"(?:don't|do not|never|can't|cannot|no longer)"
_COUNT = r"an?|no|one|two|three|four|five|six|seven|eight|nine|ten|several|many|\d+"
_REMEMBER = re.compile(
    r"^(?:please |do |now )*(?:remember|don't forget|do not forget|keep in mind|never forget|make a note)"
    r"(?: that|,|:)? (?P<what>.+)$",
    re.IGNORECASE,
)


def _compiled(*rows: tuple[str, Build]) -> list[tuple[re.Pattern[str], Build]]:
    return [(re.compile(f"^{pattern}$", re.IGNORECASE), build) for pattern, build in rows]


_PATTERNS = _compiled(
    (r"my (?:full |real |first )?name(?:'s| is) (?P<o>.+)", _value("{n}'s name is {o}.", "name", 0.95, proper=True)),
    (
        r"(?:please )?(?:you can )?call me (?P<o>.+)",
        _value("{n} wants to be called {o}.", "called", 0.95, proper=True),
    ),
    (
        rf"(?:{_AM}called|i go by|(?:people|friends|everyone|my friends) calls? me) (?P<o>.+)",
        _value("{n} is called {o}.", "called", 0.9, proper=True),
    ),
    (r"my birthday(?:'s| is) (?:on )?(?P<o>.+)", _value("{n}'s birthday is {o}.", "birthday", 0.85)),
    (rf"{_AM}(?P<o>\d{{1,3}})(?: years old)?", _value("{n} is {o} years old.", "age", 0.7)),
    (
        rf"(?:{_AM}(?:originally )?from|i (?:originally )?come from) (?P<o>.+)",
        _value("{n} is from {o}.", "origin", 0.85),
    ),
    (r"i was born (?P<o>(?:in|on|at|near) .+)", _value("{n} was born {o}.", "born", 0.8)),
    (
        rf"i {_ADVERB}(?:live|'m living) (?P<o>(?:in|at|near|by|on|with|outside) .+)",
        _value("{n} lives {o}.", "home", 0.85),
    ),
    (rf"{_AM}living (?P<o>(?:in|at|near|by|on|with) .+)", _value("{n} lives {o}.", "home", 0.85)),
    (r"i(?:'ve| have)? (?:just |recently )?moved (?:house )?to (?P<o>.+)", _value("{n} lives in {o}.", "home", 0.85)),
    (
        r"i (?:no longer|don't|do not) live (?P<o>(?:in|at|near|by|on|with) .+)",
        _value("{n} no longer lives {o}.", "home", 0.8),
    ),
    (rf"i {_ADVERB}work (?P<o>(?:as|at|in|for|on) .+)", _value("{n} works {o}.", "job", 0.8)),
    (rf"{_AM}working (?P<o>(?:as|for) .+)", _value("{n} works {o}.", "job", 0.8)),
    (r"my (?:job|profession|trade|work)(?:'s| is) (?P<o>.+)", _value("{n}'s work is {o}.", "job", 0.8)),
    (rf"{_AM}(?:very |badly |terribly )?allergic to (?P<o>.+)", _value("{n} is allergic to {o}.", "", 0.9)),
    (
        rf"{_AM}(?:so |very |really |terribly )?(?:afraid|scared|frightened|terrified) of (?P<o>.+)",
        _value("{n} is afraid of {o}.", "", 0.75),
    ),
    (
        rf"{_AM}(?:very |really |quite )?(?:fond of|a (?:big |great |huge )?fan of|keen on|into) (?P<o>.+)",
        _value("{n} likes {o}.", "", 0.6),
    ),
    (rf"{_AM}(?P<a>an?) (?P<o>.+)", _is_a),
    (r"my favou?rite (?P<k>[\w ]+?)(?:'s| is| are) (?P<o>.+)", _favourite),
    (
        rf"i {_ADVERB}{_NOT} (?:\w+ly )?(?:like|love|enjoy|stand|bear|care for) (?P<o>.+)",
        _taste(likes=False),
    ),
    (rf"i {_ADVERB}(?:hate|dislike|detest|loathe) (?P<o>.+)", _taste(likes=False)),
    (rf"i {_ADVERB}(?P<v>like|love|enjoy|adore|prefer) (?P<o>.+)", _taste(likes=True)),
    (rf"my {_KIN}(?:'s name is| is called| is named|, called|'s called) (?P<o>.+)", _kin_named),
    (rf"my {_KIN} (?P<v>is|was|lives|works|died|likes|loves|has|plays|came|went) (?P<o>.+)", _kin_is),
    (
        rf"i(?:'ve got| have| own| keep| had) (?P<c>{_COUNT}) (?P<o>.+)",
        _has,
    ),
    (r"i (?:promise|swear|give you my word)\b(?P<o>.+)", _promise),
    (r"i(?: |(?='))(?P<v>'m going to|am going to|will|'ll|want to|plan to|hope to|have to) (?P<o>.+)", _plan),
)
