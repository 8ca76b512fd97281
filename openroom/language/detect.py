"""A cheap language detector: by script, and by the commonest words of English, German, Spanish, French and Italian."""

from __future__ import annotations

import re

_KANA = re.compile(r"[\u3040-\u30ff]")
_HANGUL = re.compile(r"[\uac00-\ud7af]")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")

_COMMON = {
    "en": "the and or is are was you your i it's that this with have has not but what for of to in on at "
    "my me we they he she don't can't there's a an be so do come sit here then when if will would "
    "could had his her from it",
    "de": "der die das und ist sind war du ich nicht ein eine einen dem den des mit auf für von zu im am "
    "es wir ihr sie er was wie aber auch noch schon dann wenn hier kein keine mir dir mich dich hat "
    "habe haben sich nur so ja nein",
    "es": "el la los las un una y es son está que de no en con por para como pero más muy yo tú te se lo "
    "le mi tu su al del ya aquí cuando si hay era fue eso esto qué sí también porque todo nada",
    "fr": "le la les un une et est sont que de des ne pas en avec pour comme mais plus je tu il elle nous "
    "vous se ce mon ton son au du ici quand si c'est j'ai dans sur",
    "it": "il lo la gli un una e è sono che di non in con per come ma più io tu si mi ti del della qui "
    "quando se c'è ho questo quello anche",
}
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

_LISTS = {code: frozenset(text.split()) for code, text in _COMMON.items()}
_ENOUGH = 2


def detect(text: str) -> str:
    """``en``, ``de``, ``es``, ``fr``, ``it``, ``zh``, ``ja``, ``ko`` or ``ru``; empty when nothing tells."""
    letters = sum(char.isalpha() for char in text)
    if not letters:
        return ""
    for code, script in (("ja", _KANA), ("ko", _HANGUL), ("zh", _HAN), ("ru", _CYRILLIC)):
        if len(script.findall(text)) > 0.15 * letters:
            return code
    found = [word.lower().replace("’", "'") for word in _WORD.findall(text)]
    hits = {code: sum(word in known for word in found) for code, known in _LISTS.items()}
    ranked = sorted(hits.items(), key=lambda item: -item[1])
    (best, most), (_, second) = ranked[0], ranked[1]
    return best if most >= _ENOUGH and most > second else ""
