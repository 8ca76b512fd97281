"""Who speaks of itself by its name and says I all the same."""

from __future__ import annotations

import re

from openroom.language.data.past import PAST

_FIRST = {
    "en": re.compile(r"\b(?:i|me|my|mine|myself)\b"),
    "de": re.compile(r"\b(?:ich|mich|mir|mein\w*)\b"),
    "es": re.compile(r"\b(?:yo|mi|mis|mí|conmigo)\b"),
}
_UNBENT = {
    "zh": re.compile(r"(?<!自)[我俺](?![们們國国])"),
    "ja": re.compile(r"(?:私|わたし|わたくし|僕|ぼく|俺)(?!たち|達|ども|ら)"),
}
"""Where nothing bends with who speaks, so that a name can stand for I as it is."""


_ASKED = re.compile(
    r"\b(am|do|have|was|were|can|could|will|would|should|shall|may|might|must|did|had) I\b", re.IGNORECASE
)
"""I behind its verb, as in a question."""
_ENGLISH = re.compile(r"\bI\b|\b[Mm]y\b")
_OTHERWISE = re.compile(r"n't I\b|\b(?:and|or|nor|than|as) I\b|\bI (?:and|or)\b", re.IGNORECASE)
"""Where the verb is not that of I alone, or another word stands between."""
_I = re.compile(
    r"\bI(?![A-Za-z])(?P<short>'m|'ve|'ll|'d)?"
    r"(?P<how>(?: (?:never|always|only|just|still|often|also|even|once|[a-z]+ly))*)"
    r"(?: (?P<verb>[A-Za-z]+(?:'t)?))?"
)
_SHORT = {"'m": "is", "'ve": "has", "'ll": "will"}
_BENT = {
    "am": "is", "have": "has", "haven't": "has not", "do": "does", "don't": "does not", "were": "was",
}  # fmt: skip
_UNBENT_VERBS = frozenset((
    "was", "will", "would", "can", "could", "should", "shall", "may", "might", "must", "did", "had", "cannot",
    "won't", "can't", "couldn't", "wouldn't", "shouldn't", "didn't", "hadn't", "wasn't", "put", "let", "cut",
))  # fmt: skip
"""Behind I these stay."""
_VERBS = frozenset(PAST.values()) | frozenset((
    "add", "admit", "agree", "answer", "ask", "bake", "believe", "belong", "bleed", "call", "care", "carry",
    "change", "chase", "choose", "clean", "climb", "close", "collect", "come", "cook", "count", "cross", "cry",
    "cut", "dance", "die", "doubt", "draw", "dream", "enjoy", "expect", "fear", "feed", "fetch", "fill", "fix",
    "follow", "forgive", "get", "guard", "guess", "hate", "help", "hope", "hop", "hurt", "jump", "kick", "laugh",
    "lay", "lie", "lift", "like", "listen", "live", "lock", "look", "love", "mend", "mind", "miss", "move",
    "need", "open", "own", "paint", "pick", "plant", "play", "prefer", "promise", "pull", "push", "read",
    "remember", "rest", "return", "row", "sail", "save", "seem", "serve", "share", "shine", "show", "shout",
    "shut", "smell", "smile", "sort", "spy", "start", "stay", "stop", "study", "suppose", "talk", "taste", "tap",
    "tend", "thank", "trade", "travel", "treasure", "trust", "try", "turn", "use", "wait", "walk", "want", "warn",
    "wash", "watch", "water", "weigh", "whistle", "wish", "wonder", "work", "worry",
))  # fmt: skip
"""Those that are surely verbs; behind another word the sentence stays as it is."""
_MINE = re.compile(r"\bme\b|\bmy\b|\bmyself\b|(?<=\bis )mine\b|(?<=\bare )mine\b|(?<=\bnot )mine\b", re.IGNORECASE)


def says_first(sentence: str, code: str) -> bool:
    """Whether a sentence in a language (``en``, ``de``, ``es``; others: never) says I, me or my."""
    found = _FIRST.get(code)
    return found is not None and found.search(sentence.lower().replace("’", "'")) is not None


def named(sentence: str, name: str) -> str:
    """A Chinese or Japanese sentence with the name for I, and an English one that says I or my and whose verbs are
    known ("I don't like it." "Pim does not like it."); any other as it is."""
    for pattern in _UNBENT.values():
        sentence = pattern.sub(lambda _: name, sentence)
    plain = sentence.replace("’", "'")
    if not _ENGLISH.search(plain) or _OTHERWISE.search(plain):
        return sentence
    return _in_english(plain, name) or sentence


def _in_english(sentence: str, name: str) -> str:
    """Empty where something behind I is not known for a verb."""
    found = list(_I.finditer(_ASKED.sub("", sentence)))
    if any(one["short"] == "'d" or (not one["short"] and one["verb"] and not _third(one["verb"])) for one in found):
        return ""

    def asked(found: re.Match[str]) -> str:
        bent = _BENT.get(found[1].lower(), found[1].lower())
        return f"{bent.capitalize() if found[1][0].isupper() else bent} {name}"

    def told(found: re.Match[str]) -> str:
        short, how, verb = found["short"], found["how"], found["verb"]
        if short:
            return f"{name} {_SHORT[short]}{how}" + (f" {verb}" if verb else "")
        return f"{name}{how}" + (f" {_third(verb)}" if verb else "")

    sentence = _I.sub(told, _ASKED.sub(asked, sentence))
    return _MINE.sub(lambda found: f"{name}'s" if found[0].lower() in ("my", "mine") else name, sentence)


def _third(verb: str) -> str:
    """A verb as it stands behind he, she or it; past forms stay. Empty where it is not known for one."""
    if bent := _BENT.get(verb):
        return bent
    if verb in _UNBENT_VERBS or verb in PAST:
        return verb
    if verb not in _VERBS:
        known = verb.endswith("ed") and {verb[:-2], verb[:-1], f"{verb[:-3]}y"} & _VERBS
        return verb if known else ""
    if verb.endswith(("s", "sh", "ch", "x", "z", "o")):
        return f"{verb}es"
    return f"{verb[:-1]}ies" if verb.endswith("y") and verb[-2:-1] not in "aeiou" else f"{verb}s"
