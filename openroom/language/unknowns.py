"""What somebody cannot know: topics that an author names, and what came after the last year they know of.

A sentence claims to know of such a topic when it names it, or answers with a yes, and neither asks nor says that it
does not know.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from openroom.language.data.since import SINCE
from openroom.language.detect import guess_language
from openroom.language.sentences import asks
from openroom.language.text import first_word
from openroom.language.words import content

_YEAR = re.compile(r"(?<![\d.,:#$€£])(1[0-9]{3}|20[0-9]{2})(?![\d.,:]\d|\d|%)")
_MOST_READ = 600
_OWN_TIME = 1
"""A year later may be spoken of: plans are made."""
_NOT_KNOWING: dict[str, str] = {
    "en": r"\b(?:never heard|no idea|not heard|don't know|do not know|doesn't mean|means nothing|no such|not know|"
    r"never seen|never met|what(?:ever)? (?:is|are|that|it)|whatever|unknown|strange|puzzl|don't understand|"
    r"do not understand|can't say|cannot say|couldn't say|could not say|never knew|nothing of|know nothing|"
    r"not (?:a thing|something|a word)|no)\b|\b(?:not|n't)\b",
    "de": r"\b(?:nie|niemals|nicht|nichts|kein\w*|keine ahnung|unbekannt|fremd|seltsam|was (?:ist|soll|sind)|nein)\b",
    "es": r"\b(?:nunca|jamás|no|nada|ningun[oa]?|ni idea|desconozco|extrañ[oa]|qué (?:es|son))\b",
    "zh": r"没听|没有|不知道|不懂|不认识|不明白|什么|没见|从未|奇怪|陌生|不",
    "ja": r"知らな|知りませ|聞いたことが|わから|分から|何(?:です|だ|の|か)|なん(?:です|だ)|ない|ません|初めて|不思議",
}
"""What says that one does not know, or that something is not so."""
_YES: dict[str, str] = {
    "en": r"^(?:yes|yeah|of course|sure|certainly|indeed|absolutely|i (?:have|own|do|like|love|use|know|watch)\b|"
    r"it(?:'s| is| was)|they(?:'re| are| were)|that(?:'s| is| was))",
    "de": r"^(?:ja|natürlich|klar|sicher|ich (?:habe|mag|liebe|kenne|benutze|weiß)|es (?:ist|war)|das (?:ist|war)|"
    r"sie (?:ist|sind|waren?))\b",
    "es": r"^(?:sí|claro|por supuesto|(?:yo )?(?:tengo|uso|conozco|sé)\b|me gusta|es |son |era |fue )",
    "zh": r"^(?:是的|是|有|当然|我(?:有|知道|喜欢|用|认识)|它|那是|这是)",
    "ja": r"^(?:はい|ええ|もちろん|うん|それは|持って)",
}

_OF_IT: dict[str, str] = {
    "en": r"^(?:(?:however|also|but|and|besides|still|moreover|in addition),? )?"
    r"(?:it|they|that|those|these|this|he|she)(?:'s|'re)?\b",
    "de": r"^(?:es|sie|er|das|diese[rs]?|die)\b",
    "es": r"^(?:es|son|eso|esa|ese|está|están|se|sirven?|envía\w*)\b",
    "zh": r"^(?:它|他|她|这|那)",
    "ja": r"^(?:それ|これ|あれ|その|彼)",
}
"""How a sentence begins that goes on about what the one before was about."""


def cannot_know(heard: str, topics: Sequence[str], until: int | None) -> tuple[str, ...]:
    """The words of a line that speak of what one cannot know: of ``topics``, or of what came after ``until``."""
    heard = heard[:_MOST_READ]
    found = [word for topic in topics if (word := _named(topic, heard))]
    if until is not None:
        found += [year for year in _YEAR.findall(heard) if int(year) > until + _OWN_TIME]
        language = guess_language(heard)
        words = (word for since, named in SINCE if since > until + _OWN_TIME for word in _named_in(named, language))
        found += [word for word in words if first_word([word], heard)]
    return tuple(dict.fromkeys(found))


def _named_in(named: Mapping[str, tuple[str, ...]], language: str) -> tuple[str, ...]:
    return (*named.get("*", ()), *named.get(language, ()))


def _named(topic: str, heard: str) -> str:
    """The topic as a line names it: whole, or by all its words that say what it is about."""
    if first_word([topic], heard):
        return topic
    for code in ("en", "de", "es"):
        about = content(topic, code)
        if about and topic.isascii() and about <= content(heard, code):
            return topic
    return ""


def does_not_know(text: str, language: str) -> bool:
    """Whether a text asks, or says that one does not know."""
    held = text.casefold().replace("’", "'")
    return asks(text) or re.search(_NOT_KNOWING.get(language, _NOT_KNOWING["en"]), held) is not None


def claims_to_know(sentence: str, unknown: Sequence[str], language: str, *, first: bool) -> str:
    """The word of ``unknown`` that a sentence claims to know of; empty: none. ``first``: it begins the answer, so a
    yes claims it too, and so does telling what it is."""
    held = sentence.casefold().replace("’", "'").strip(' "“”„«»')
    if not unknown or asks(sentence) or re.search(_NOT_KNOWING.get(language, _NOT_KNOWING["en"]), held):
        return ""
    if word := first_word(unknown, sentence):
        return word
    yes = first and re.match(_YES.get(language, _YES["en"]), held)
    return unknown[0] if yes else ""


def goes_on_about(sentence: str, language: str) -> bool:
    """Whether a sentence goes on to tell of what the one before was about ("It sends pictures."), by a pronoun."""
    held = sentence.casefold().replace("’", "'").strip(' "“”„«»')
    return re.match(_OF_IT.get(language, _OF_IT["en"]), held) is not None and not does_not_know(sentence, language)
