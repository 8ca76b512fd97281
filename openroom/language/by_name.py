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
_ENGLISH = re.compile(r"\bI\b|\b(?:[Mm]y|[Mm]ine|[Mm]yself)\b")
_I = re.compile(
    r"\bI(?![A-Za-z])(?P<short>'m|'ve|'ll|'d)?"
    r"(?P<how>(?: (?:never|always|only|just|really|still|often|also|even|once))*)"
    r"(?: (?P<verb>[A-Za-z]+(?:'t)?))?"
)
_SHORT = {"'m": "is", "'ve": "has", "'ll": "will", "'d": "would"}
_BENT = {
    "am": "is", "have": "has", "haven't": "has not", "do": "does", "don't": "does not", "go": "goes", "were": "was",
}  # fmt: skip
_UNBENT_VERBS = frozenset(
    {
        "is",
        "was",
        "has",
        "does",
        "will",
        "would",
        "can",
        "could",
        "should",
        "shall",
        "may",
        "might",
        "must",
        "did",
        "had",
        "ought",
        "cannot",
        "won't",
        "can't",
        "couldn't",
        "wouldn't",
        "shouldn't",
        "mustn't",
        "didn't",
        "hadn't",
        "wasn't",
        "and",
        "or",
        "but",
        "too",
        "not",
        "cut",
        "put",
        "let",
        "set",
        "hit",
        "hurt",
    }
)
"""Behind I these stay: what does not bend, and what is no verb."""
_OTHER_FORMS = {"me": "{}", "my": "{}'s", "mine": "{}'s", "myself": "{}"}
_MINE = re.compile(r"\b(?:me|my|mine|myself)\b", re.IGNORECASE)


def says_first(sentence: str, code: str) -> bool:
    """Whether a sentence in a language (``en``, ``de``, ``es``; others: never) says I, me or my."""
    found = _FIRST.get(code)
    return found is not None and found.search(sentence.lower().replace("’", "'")) is not None


def named(sentence: str, name: str) -> str:
    """An English, Chinese or Japanese sentence with the name for I ("I don't like it." "Pim does not like it."); any
    other as it is."""
    for pattern in _UNBENT.values():
        sentence = pattern.sub(lambda _: name, sentence)
    plain = sentence.replace("’", "'")
    return _in_english(plain, name) if _ENGLISH.search(plain) else sentence


def _in_english(sentence: str, name: str) -> str:
    def asked(found: re.Match[str]) -> str:
        bent = _BENT.get(found[1].lower(), found[1].lower())
        return f"{bent.capitalize() if found[1][0].isupper() else bent} {name}"

    def told(found: re.Match[str]) -> str:
        short, how, verb = found["short"], found["how"], found["verb"]
        if short:
            return f"{name} {_SHORT[short]}{how}" + (f" {verb}" if verb else "")
        return f"{name}{how}" + (f" {_third(verb)}" if verb else "")

    sentence = _I.sub(told, _ASKED.sub(asked, sentence))
    return _MINE.sub(lambda found: _OTHER_FORMS[found[0].lower()].format(name), sentence)


def _third(verb: str) -> str:
    """A verb as it stands behind he, she or it; past forms stay."""
    if bent := _BENT.get(verb):
        return bent
    if verb in _UNBENT_VERBS or verb in PAST or (verb.endswith("ed") and verb not in ("need", "feed", "heed")):
        return verb
    if verb.endswith(("s", "sh", "ch", "x", "z", "o")):
        return f"{verb}es"
    return f"{verb[:-1]}ies" if verb.endswith("y") and verb[-2:-1] not in "aeiou" else f"{verb}s"
