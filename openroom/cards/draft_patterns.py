"""What a card says of its character, found by patterns in English prose and in attributes.

A pattern would rather miss a fact than make one up: a sentence counts only if the character (or what is theirs) is what
it is about, it says something that lasts, and nothing in it hedges.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from openroom.core.macros import ANYBODY
from openroom.language.attribute_lists import Attribute, attributes
from openroom.language.attributes import PROSE
from openroom.language.secrets import marked_secrets, says_secret
from openroom.language.sentences import clauses, spans

What = Literal["fact", "unknown", "period", "boundary", "secret", "address", "register", "length"]


@dataclass(frozen=True, slots=True)
class Found:
    """One thing: ``text`` is what is drafted, and it rests on ``start`` to ``end`` of the field's text. ``topic`` is
    the key of an attribute, or what a sentence is about (``age``, ``family``)."""

    what: What
    text: str
    start: int
    end: int
    topic: str = ""


_NOTHING = frozenset({"unknown", "none", "n/a", "na", "?", "-", "tbd", "unspecified"})
_NO_FACTS = frozenset(
    [
        "name",
        "nickname",
        "alias",
        "personality",
        "mind",
        "traits",
        "trait",
        "character",
        "tags",
        "scenario",
        "setting",
        "genre",
        "rating",
        "system",
        "note",
        "rules",
        "rule",
        "limits",
        "year",
        "author",
        "creator",
        "speech",
        "voice",
        "dialogue",
        "example",
        "examples",
        "greeting",
        "description",
        "summary",
        "bio",
        "biography",
        "role",
        "attributes",
        "behavior",
        "behaviour",
        "mannerisms",
        "relationship",
    ]
) | {"first message", "system note", "personality traits", "speech style", "speech pattern", "speaking style"}
_ORDERS = frozenset(
    {"rules", "rule", "speech", "voice", "speech style", "speech pattern", "speaking style", "note", "limits"}
)
"""Attributes whose sentences say how to talk and what never to do."""
_SPEECH = frozenset({"speech", "voice", "speech style", "speech pattern", "speaking style", "dialogue"})

_HEDGED = re.compile(
    r"\{\{user\}\}|\?|\b(?:if|might|may|maybe|perhaps|probably|could|would|should|must|will|seems?|"
    r"no ?(?:body|\s?one) (?:is )?(?:sure|knows)|today|tonight|right now|at the moment|suddenly|"
    r"asterisks?|in character|replies|responses?|answers?)\b"
    r"|\b(?:is|are) (?:\w+ly )?(?!missing)\w+ing\b",
    re.IGNORECASE,
)
_LEAD = r"(?:(?:At|In|For|Since|By|After|Before|Until|Over|During) [^,.;]{1,40}?,? |(?:Now|Once|Today|Still),? )?"
_ADVERB = (
    r"(?:(?:is|are|has|have|was|were) )?"
    r"(?:(?:still|also|now|always|often|once|currently|only|barely|just|even|long|mostly) )*"
)
_NUMBER = (
    r"(?:\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|"
    r"seventeen|eighteen|nineteen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-\w+)?|a hundred)"
)
_LOOKS = (
    r"(?:tall|short|slim|slender|thin|lanky|stout|fat|plump|muscular|broad-shouldered|petite|bald|blind|deaf|mute|lame|"
    r"left-handed|bent|pale|tanned|freckled|blond|blonde|barefoot)"
)
_STATE = (
    r"(?:born|raised|afraid|scared|terrified|allergic|fond|married|divorced|widowed|engaged|single|sober|retired|named|"
    r"called|from|missing|made|known|descended|trained|convinced|proud)"
)
_IS = rf"(?:is|are|was|were|has been|have been) (?:\w+ly )?(?:an?|the|one|{_NUMBER}|{_LOOKS}|{_STATE})\b"
_DOES = (
    r"(?:has|have|had|owns?|keeps?|carr(?:y|ies)|wears?|lives?|lived|works?|worked|stud(?:y|ies|ied)|served?|serves|grew|"
    r"came|comes|moved|left|lost|won|learned|learnt|taught|teach(?:es)?|plays?|played|loves?|likes?|adores?|hates?|"
    r"dislikes?|despises?|fears?|enjoys?|prefers?|smokes?|drinks?|eats?|cooks?|collects?|sleeps?|wakes?|believes?|owes?|"
    r"drove|drives?|rode|rides?|flew|fl(?:y|ies)|sailed|sails?|led|leads?|bought|draws?|drew|writes?|guards?|guarded|"
    r"hunts?|hunted|winds?|minds?|(?:was|were) \w+(?:ed|wn|en|ught) (?:out|by|from|at|in|to|into|as)|runs?|tends?|"
    r"built|wrote|made|used to|can|cannot|can't|can not|spent|married|never \w+ed|stands?|goes|weighs?|"
    r"knows (?:every|all|how|the)|has read|brew(?:s|ed)|builds?|sells?|sold|repairs?|repaired|paints?|painted|sings?|"
    r"spoke|inherited|founded|stole|stolen|killed|survived|outlived|escaped|resigned|retired|joined|fought|"
    r"speaks? (?:\w+ )?[A-Z]\w+|can't stand|(?:do|does) ?n[o']t (?:trust|like|eat|drink|sleep|own|have|believe))\b"
)
_TRANSIENT = re.compile(
    r"\b(?:has|have|had) (?:to|just|come|no idea)\b|\b(?:stands?|left) (?:by|at|there|in front|behind)\b|"
    r"\b(?:knows?|has|have) nothing\b",
    re.IGNORECASE,
)
_THEIRS = (
    r"(?:father|mother|brother|sister|son|daughter|wife|husband|uncle|aunt|cousin|nephew|niece|grand\w+|parents?|family|"
    r"partner|twin|children|child|home|house|flat|room|quarters|workshop|shop|ship|boat|cat|dog|horse|pet|hair|eyes|skin|"
    r"hands?|legs?|arms?|face|beard|voice|height|favou?rite(?: \w+){1,3}|name|job|birthday|dream|fear|hobby|weapon)"
)
_BODY_PART = r"(?:One|Two|Three|Half|Some|Most|All|None) of (?:his|her|their|your|its)"

_UNKNOWN = re.compile(
    r"\b(?:(?:has|have) never heard of|never heard of|knows? nothing (?:about|of)|(?:is|are) ?(?:not|n't) aware of|"
    r"(?:is|are) unaware of|(?:do|does) ?(?:not|n't) know (?:about|what))\s+(?P<what>[^,.;!?\n]+)",
    re.IGNORECASE,
)
_SECRET = re.compile(
    r"(?:\bnobody (?:else )?knows that|\bno one (?:else )?knows that|\bsecret(?: is that| is|:)|"
    r"\bwhat (?:he|she|they|you) (?:hides?|conceals?|keeps?)[^.]*? (?:is|was) that|"
    r"\b(?:hides|hiding|conceals) (?:the fact )?that)\s+(?P<what>[^\n]+)",
    re.IGNORECASE,
)
_SECRETLY = re.compile(r"^Secretly,? (?P<what>[^\n]+)|\b(?:he|she|they|you) secretly (?P<more>[^\n]+)", re.IGNORECASE)
_ADDRESS = re.compile(
    r"\b(?:calls?|address(?:es)?) (?:everybody|everyone|anybody|(?:\w+ )?(?:people|visitors?|guests?|strangers?|"
    r"patients?|customers?|men|women)|\{\{user\}\}|<user>)(?: as)?,? [\"“'](?P<what>[^\"”'\n]{1,40})[\"”']",
    re.IGNORECASE,
)
_BOUNDARY = re.compile(
    r"(?<!has )(?<!have )(?<!had )(?<!was )(?<!were )\b(?:(?:will|would|must) (?:never|not)|(?:won|wouldn)'t|"
    r"refuses? to|never|does ?(?:not|n't)|do ?n[o']t)\s+(?P<verb>[a-z]+)\b",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    r"(?<=\bbe) (?:\w+ly )?(?:\w+ed|\w+[eo]wn|told|spoken|seen|left|given|taken|made|caught|found|brought|bought|sold|"
    r"sent|put|held|hurt|lost|won|kept|paid|beaten|forgotten|forgiven)\b",
    re.IGNORECASE,
)
"""What others do to the character ("must never be asked about ...") is no limit of what it does."""
_NO_BOUNDARY = frozenset(
    [
        "know",
        "like",
        "trust",
        "believe",
        "understand",
        "remember",
        "want",
        "care",
        "mind",
        "seem",
        "look",
        "eat",
        "drink",
        "sleep",
        "own",
        "have",
        "feel",
        "need",
        "think",
        "heard",
        "been",
        "married",
        "grown",
        "broken",
        "write",
        "speak",
        "describe",
        "act",
        "control",
        "reply",
        "respond",
    ]
)
_TOLD_OF_ONCE = frozenset(
    [
        *("forbade", "forgot", "forgave", "gave", "took", "went", "came", "saw", "said", "told", "had", "made", "knew"),
        *(
            "thought",
            "found",
            "left",
            "felt",
            "brought",
            "began",
            "kept",
            "held",
            "wrote",
            "stood",
            "met",
            "paid",
            "sat",
        ),
        *("spoke", "lost", "fell", "broke", "drove", "rode", "rose", "ran", "sang", "drank", "ate", "swam", "wore"),
        *("won", "slept", "spent", "sold", "sent", "built", "bought", "taught", "caught", "fought", "chose", "drew"),
        *("flew", "froze", "grew", "hid", "shook", "stole", "struck", "swore", "threw", "understood", "woke", "was"),
        *("were", "did", "got", "became", "led", "meant", "dealt", "sought", "let go"),
    ]
)
"""What somebody never did is no limit of what they do ("though she never forbade it")."""
_REGISTER = re.compile(
    r"\b(?:speaks?|talks?|uses?) (?P<what>(?:in|with|like|slowly|quickly|softly|loudly|plainly|medical|"
    r"nautical|old|formal|long|short|few|many|\w+ly\b)[^.\n]*)"
)
_SAID = r"(?:sentences|answers|replies|responses|speech)"
_HOW = r"(?:,? (?:and )?\w+){0,2}"
_SHORT = re.compile(
    rf"\b(?:(?:short|brief|clipped){_HOW} {_SAID}|{_SAID} (?:are |is )?(?:very |always )?(?:short|brief|clipped)|"
    r"(?:answers|replies|speaks|talks|responds) (?:very |always )?briefly|(?:one|two)(?: or \w+)? sentences|"
    r"few words|terse|curt|laconic)\b",
    re.IGNORECASE,
)
_MEDIUM = re.compile(r"\b(?:(?:one|a single) paragraph|(?:three|four)(?: or \w+)? sentences)\b", re.IGNORECASE)
_LENGTHY = re.compile(
    rf"\b(?:long-winded|verbose|long{_HOW} (?:{_SAID}|speeches)|(?:speaks|talks|answers|replies) at length|"
    r"several paragraphs)\b",
    re.IGNORECASE,
)
_LENGTHS = ((_SHORT, "short"), (_MEDIUM, "medium"), (_LENGTHY, "long"))
_NOT_THIS = re.compile(
    r"\b(?:never|not|no|without|hates?|dislikes?|despises?|loathes?|stand|fears?|avoids?|(?:patient|angry) with|reads?|"
    r"writes?|(?:his|her|their|your|its) (?:\w+ )?(?:father|mother|brother|sister|son|daughter|wife|husband|uncle|aunt|"
    r"children|child|parents?|family|friends?|master|guests?|visitors?|customers?))\b|n['’]t\b",
    re.IGNORECASE,
)
"""What, in front of words of length, makes of them something else than how the character talks."""
_YEAR = re.compile(
    r"\b(?:(?:the )?year(?: is)?|it is|in|(?:early|late|mid)?-?(?:spring|summer|autumn|fall|winter|january|february|"
    r"march|april|may|june|july|august|september|october|november|december)(?: of)?)\s+(?P<year>[12]\d{3})\b",
    re.IGNORECASE,
)
_VISITOR = rf"\{{\{{user\}}\}}|<user>|{ANYBODY}"
_ASKED = re.compile(rf"^[ \t]*(?:{_VISITOR})[ \t]*[:：]", re.IGNORECASE | re.MULTILINE)


class Reader:
    """Reads texts about the character ``name``, whose ``full`` name may be another."""

    def __init__(self, name: str, full: str = "") -> None:
        first = name.partition(" ")[0]
        parts = {name, *(part for part in f"{name} {full}".split() if len(part) > 2), first}
        names = "|".join(re.escape(part) for part in sorted(parts, key=len, reverse=True))
        who = rf"(?:\{{\{{char\}}\}}|(?:Dr\.? |The )?(?:{names})(?: (?:{names}))*|He|She|They|You|It|he|she|they|you)"
        own = rf"(?:His|Her|Their|Your|Its|(?:{names}|\{{\{{char\}}\}})'s)"
        self._fact = re.compile(
            rf"^{_LEAD}{who}(?!\w),?(?: and)? {_ADVERB}(?:{_IS}|{_DOES})|^{_LEAD}You are {re.escape(name)}, an? "
        )
        self._aged = re.compile(
            rf"^{_LEAD}{who} (?:is|are|has|have)\b.*\b(?:years old|year-old)\b|^At {_NUMBER},? {who}\b"
        )
        self._owned = re.compile(rf"^{own} (?:\w+ ){{0,2}}?{_THEIRS}\b|^{_BODY_PART}\b")
        speaker = rf"(?:{_VISITOR}|\{{\{{char\}}\}}|<bot>|{names})"
        self._talk = re.compile(
            rf"^[ \t]*{speaker}[ \t]*[:：][^\n]*(?:\n[^\S\n]*\S[^\n]*)*", re.IGNORECASE | re.MULTILINE
        )
        self._self_named = re.compile(rf"^\W*(?:I'm|I am|You are) (?:{names})\W*$", re.IGNORECASE)

    def read(self, text: str, *, scene: bool = False) -> Iterator[Found]:
        """What a text says; of a ``scene`` its time alone."""
        if scene:
            yield from _years(text)
            return
        interviews = self._interviews(text)
        talk = _Taken(interviews)
        marked = [one for one in marked_secrets(text) if not talk.overlaps(one.start, one.end)]
        kept_back = [(one.start, one.end) for one in marked]
        secrets = _Taken(kept_back)
        for secret in marked:
            told = (said.strip() for said in secret.texts)
            kept = (said for said in told if said and said.strip(" .").casefold() not in _NOTHING)
            yield from (Found("secret", said[:2000], secret.start, secret.end) for said in kept)
        apart = _Taken([*interviews, *kept_back])
        listed = [one for one in attributes(text) if not apart.overlaps(one.start, one.end)]
        for one in listed:
            yield from self._attribute(text, one, secrets)
        apart = _Taken([*interviews, *kept_back, *((one.start, one.end) for one in listed)])
        for start, end in spans(text):
            if not apart.overlaps(start, end):
                yield from self._sentence(text, start, end)

    def _interviews(self, text: str) -> list[tuple[int, int]]:
        """Where a card tells of its character by what is asked and answered, up to the next empty line: somebody's
        words there, and no prose about it."""
        return [found.span() for found in self._talk.finditer(text)] if _ASKED.search(text) else []

    def _attribute(self, text: str, one: Attribute, secrets: _Taken) -> Iterator[Found]:
        value = ", ".join(one.values)
        yield from _ordered(text, one)
        if value.strip(" .").casefold() in _NOTHING:
            return
        if one.name in _SPEECH:
            yield Found("register", value[:300], one.start, one.end)
        if one.name in PROSE and (told := list(self._prose(text, one, secrets))):
            yield from told
        elif one.name in ("name", "full name") and len(value.split()) > 1 and one.name == "full name":
            yield Found("fact", f"Full name: {value}", one.start, one.end, "name")
        elif one.name not in _NO_FACTS and "{{user}}" not in value:
            key = one.key.strip().replace("_", " ")
            what: What = "secret" if says_secret(value) else "fact"
            yield Found(what, f"{key[:1].upper()}{key[1:]}: {value}"[:300], one.start, one.end, one.name)

    def _prose(self, text: str, one: Attribute, secrets: _Taken) -> Iterator[Found]:
        """Sentences of an attribute that tells a story."""
        for value in one.values:
            at = text.find(value, one.start)
            for start, end in spans(value):
                if not secrets.overlaps(at + start, at + end):
                    yield from self._sentence(text, at + start, at + end)

    def _sentence(self, text: str, start: int, end: int) -> Iterator[Found]:
        sentence = text[start:end]
        special = list(_special(sentence, start, end))
        yield from special
        if any(one.what in ("secret", "unknown", "address", "boundary") for one in special):
            return
        facts = [(part, at) for part, at in _parts(sentence) if self._is_fact(part)]
        if facts and says_secret(sentence):  # which may stand behind a semicolon
            yield Found("secret", " ".join(sentence.split())[:2000], start, end)
            return
        for part, at in facts:
            yield Found("fact", " ".join(part.rstrip(" ,;").split())[:300], start + at, start + at + len(part.rstrip()))

    def _is_fact(self, part: str) -> bool:
        if _HEDGED.search(part) or _TRANSIENT.search(part) or self._self_named.match(part):
            return False
        return bool(self._fact.search(part) or self._aged.search(part) or self._owned.search(part))


class _Taken:
    """Where a text is read already."""

    def __init__(self, ranges: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(ranges)
        self._starts = [start for start, _ in ordered]
        self._ends = list(accumulate((end for _, end in ordered), max))

    def overlaps(self, start: int, end: int) -> bool:
        before = bisect_left(self._starts, end)
        return before > 0 and self._ends[before - 1] > start


def _parts(sentence: str) -> Iterator[tuple[str, int]]:
    """A sentence cut at its semicolons, which join what could stand alone."""
    at = 0
    for part in sentence.split(";"):
        lead = len(part) - len(part.lstrip())
        words = part.strip()
        yield words[:1].upper() + words[1:], at + lead
        at += len(part) + 1


def _ordered(text: str, one: Attribute) -> Iterator[Found]:
    """What the sentences of an attribute order: a form of address, a length, what is never done or known."""
    at = one.start
    for said in one.values if one.name in _ORDERS else ():
        here = text.find(said, at)
        if here < 0:  # a value that is not written as it reads
            continue
        at = here
        for start, end in spans(said):
            found = _special(said[start:end], at + start, at + end)
            yield from (part for part in found if part.what not in ("register", "secret"))


def _special(sentence: str, start: int, end: int) -> Iterator[Found]:
    """What a sentence says that is no plain fact."""
    if found := _ADDRESS.search(sentence):
        yield Found("address", found["what"], start, end)
    if found := _UNKNOWN.search(sentence):
        for topic in re.split(r"\s+(?:or|and|nor)\s+", found["what"]):
            yield Found("unknown", topic.strip()[:300], start, end)
    if found := _SECRET.search(sentence) or _SECRETLY.search(sentence):
        yield Found("secret", next(filter(None, found.groups())).strip()[:2000], start, end)
        return
    yield from _years(sentence, start, only=re.compile(r"\b(?:year(?: is)?|it is) [12]\d{3}", re.IGNORECASE))
    if (found := _BOUNDARY.search(sentence)) and not re.search(r"\b(?:in character|\{\{user\}\}'s)\b", sentence):
        verb = found["verb"].casefold()
        does = found.group().casefold().startswith(("never", "does", "do "))
        related = re.search(r"\b(?:that|which|who|whom|what|where|why|when|if)(?: \w+)?\s*$", sentence[: found.start()])
        if (
            verb not in _NO_BOUNDARY
            and not _PASSIVE.match(sentence, found.end())
            and not related
            and not verb.endswith("ed")
            and not (does and verb in _TOLD_OF_ONCE)
            and not (does and sentence.startswith(("Do", "Never")))
        ):
            never = next((part for _, part in clauses(sentence[found.start() :])), "")
            yield Found("boundary", never[:300], start, end)
    if found := _REGISTER.search(sentence):
        yield Found("register", found["what"][:300], start, end)
    if length := _length_in(sentence):
        yield Found("length", length, start, end)


def _length_in(sentence: str) -> str:
    """How long a sentence says that replies are; empty where it does not, or says several things."""
    found = [(match.start(), length) for pattern, length in _LENGTHS if (match := pattern.search(sentence))]
    if len(found) != 1:
        return ""
    at, length = found[0]
    clause = re.split(r"[,;:]", sentence[:at])[-1]
    return "" if _NOT_THIS.search(clause) else length


def length_ordered(text: str) -> str:
    """How long a card's prose says that replies are (``short``, ``medium`` or ``long``); empty where it does not say,
    or says different things at different places."""
    said = {length for start, end in spans(text) if (length := _length_in(text[start:end]))}
    return said.pop() if len(said) == 1 else ""


def _years(text: str, start: int = 0, *, only: re.Pattern[str] = _YEAR) -> Iterator[Found]:
    if only.search(text) and (found := _YEAR.search(text)):
        yield Found("period", found["year"], start + found.start(), start + found.end())
