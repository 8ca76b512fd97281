"""A cheap language detector: by script, and by the commonest words of English, German, Spanish, French and Italian."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from openroom.language.data.tongue import words
from openroom.language.data.tongues import TONGUES
from openroom.language.words import WORD

_KANA = re.compile(r"[\u3040-\u30ff]")
_HANGUL = re.compile(r"[\uac00-\ud7af]")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")

# Languages that are only told apart: nothing else is known of them.
_OTHERS = {
    "fr": words(
        "le la les un une et est sont que de des ne pas en avec pour comme mais plus je tu il elle nous vous se ce mon "
        "ton son au du ici quand si c'est j'ai dans sur"
    ),
    "it": words(
        "il lo la gli un una e è sono che di non in con per ma più io tu si mi ti del della qui quando se c'è ho "
        "questo quello anche"
    ),
}
_LISTS = {code: tongue.stop_words for code, tongue in TONGUES.items() if tongue.spaced} | _OTHERS
ANSWER_IN = {
    "en": "Answer in English.",
    "de": "Antworte auf Deutsch.",
    "es": "Responde en español.",
    "fr": "Réponds en français.",
    "it": "Rispondi in italiano.",
    "zh": "请用中文回答。",
    "ja": "日本語で答えてください。",
    "ko": "한국어로 대답하세요.",
    "ru": "Отвечай по-русски.",
}
"""How one asks for an answer in each language that `detect` knows, in that language."""

_ENOUGH = 2
_MOST_READ = 400
"""So much of a text is enough to tell."""
_SHARE = 0.15
"""So much of the letters, and a script tells the language; a name or a word of another changes nothing."""


@lru_cache(maxsize=256)  # a turn asks of the line it answers more than once
def detect(text: str) -> str:
    """``en``, ``de``, ``es``, ``fr``, ``it``, ``zh``, ``ja``, ``ko`` or ``ru``; empty when nothing tells."""
    text = text[:_MOST_READ]
    if script := _by_script(text):
        return script
    (best, most), (_, second) = _by_words(text).most_common(2)
    return best if most >= _ENOUGH and most > second else ""


@lru_cache(maxsize=256)
def guess_language(text: str) -> str:
    """The likeliest of the languages whose words we know (`TONGUES`); English when nothing tells."""
    text = text[:_MOST_READ]
    script, found = _by_script(text), _by_words(text)
    if script:
        return script if script in TONGUES else "en"
    return max(TONGUES, key=lambda code: found[code])  # of equals the first, English


def _by_script(text: str) -> str:
    if text.isascii():
        return ""
    letters = sum(map(str.isalpha, text))
    for code, script in (("ja", _KANA), ("ko", _HANGUL), ("zh", _HAN), ("ru", _CYRILLIC)):
        if len(script.findall(text)) > _SHARE * letters:
            return code
    return ""


def _by_words(text: str) -> Counter[str]:
    """How many words of a text are among the commonest of each language; a mark that only one has is enough."""
    found = [word.lower().replace("’", "'") for word in WORD.findall(text)]
    hits = Counter({code: sum(word in known for word in found) for code, known in _LISTS.items()})
    for code, tongue in TONGUES.items():
        hits[code] += _ENOUGH * any(sign in text for sign in tongue.signs)
    return hits
