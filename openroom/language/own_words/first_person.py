"""A sentence about somebody, as they would say it of themselves; nothing where that might come out wrong."""

from __future__ import annotations

import re
from collections.abc import Callable

from openroom.language.own_words import english, english_them, german, spanish, wide
from openroom.language.own_words.names import names_of
from openroom.language.text import one_line, width

_LONGEST = 220
_SHORTEST = 8
_ENDS = ".!。！"
_OWN: dict[str, str] = {
    "en": r"(?:I|I'm|I’m|I've|My)\b(?!.*\b[Yy]ou)",
    "de": r"(?:Ich|Mein\w*)\b(?!.*\b(?:[Dd]u|[Dd]ein\w*|[Dd]ir|[Dd]ich)\b)",
    "es": r"(?:Yo|Soy|Tengo|Vivo|Trabajo|Me|Mi|Mis|Nací|Vengo)\b(?!.*\b(?:tú|te|tus?|ti)\b)",
    "zh": r"我(?!.*[你您])",
    "ja": r"(?:私|僕|俺|わたし)(?!.*あなた)",
}
"""What is told by oneself already."""
_NOT_TO_BE_SAID: dict[str, str] = {
    "en": r"\b(?:speaks?|talk(?:s|ing)?|says?|said|sentences?|words?|repl(?:y|ies)|answers?|address(?:es)?|calls?|"
    r"greets?|secret\w*|never tells?|never told|nobody knows|no one knows|hides? that|pretends?|lies? about|"
    r"roleplay\w*|AI|users?|persona|character|prompt|visitors?|must|should|scene|assistant|heard of|knows? nothing|"
    r"might|perhaps|maybe|probably|asterisks?|actions|in character|responses?|paragraphs?)\b",
    "de": r"\b(?:sprich\w*|sprech\w*|rede\w*|sag\w*|S[aä]tze?n?|Wörter|Wort\w*|antwort\w*|nenn\w*|Geheim\w*|heimlich|"
    r"niemand weiß|verschweig\w*|Nutzer\w*|Besucher\w*|Figur|Charakter|KI|musst?|sollst|gehört)\b",
    "es": r"\b(?:habl\w+|dic\w+|frases?|palabras?|respond\w+|contest\w+|llam[ao]s?|secret\w+|en secreto|nadie sabe|"
    r"ocult\w+|usuarios?|visitantes?|personaje|IA|debes?|oído)\b",
    "zh": r"说|讲|回答|称呼|叫|句|词|秘密|没人知道|隐瞒|用户|访客|角色|必须|应该|听说|不知道",
    "ja": r"話し方|話す|言う|言わ|答え|呼|文で|言葉|秘密|誰も知らない|隠|ユーザー|訪問者|キャラ|べき|"
    r"知らない|聞いたこと",
}
"""Orders on how to talk, and what one keeps to oneself: nobody says that of themselves."""


def first_person(sentence: str, name: str, pronouns: str, language: str) -> str:
    """The sentence in the first person, or empty. ``language`` is one of the five that have words of their own."""
    text = one_line(sentence).strip()
    bare = text.rstrip(".!。！…")
    if language not in _OWN or not _SHORTEST <= width(bare) <= _LONGEST or text.endswith(("?", "？", "…", ":", "：")):
        return ""
    if re.search(_NOT_TO_BE_SAID[language], bare, re.I if language != "de" else 0):
        return ""
    if re.match(_OWN[language], bare):
        return _ended(bare, language)
    turned = {
        "en": lambda: english.from_you(bare) or english_them.from_them(bare, name, pronouns),
        "de": lambda: german.from_you(bare) or _any_name(german.from_them, bare, name),
        "es": lambda: spanish.from_you(bare) or _any_name(spanish.from_them, bare, name),
        "zh": lambda: wide.chinese(bare, name),
        "ja": lambda: wide.japanese(bare, name),
    }[language]()
    return _ended(turned, language) if turned else ""


def _any_name(from_them: Callable[[str, str], str], sentence: str, name: str) -> str:
    return next((turned for one in names_of(name) if (turned := from_them(sentence, one))), "")


def _ended(text: str, language: str) -> str:
    if text.endswith(tuple(_ENDS)):
        return text
    return f"{text}{'。' if language in ('zh', 'ja') else '.'}"
