"""Who speaks of itself by its name and says I all the same."""

from __future__ import annotations

import re

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


def says_first(sentence: str, code: str) -> bool:
    """Whether a sentence in a language (``en``, ``de``, ``es``; others: never) says I, me or my."""
    found = _FIRST.get(code)
    return found is not None and found.search(sentence.lower().replace("’", "'")) is not None


def named(sentence: str, name: str) -> str:
    """A Chinese or Japanese sentence with the name for I; any other as it is."""
    for pattern in _UNBENT.values():
        sentence = pattern.sub(lambda _: name, sentence)
    return sentence
