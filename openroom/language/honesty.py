"""What a character says when somebody sincerely asks what it is: that it is software, whatever its model writes.

The prompt asks for it, but a small model claims to be a person about as often as not. So a sentence that claims it is
dropped (`openroom.cast.turn.guards`), and a reply that does not say it gets one sentence more.
"""

from __future__ import annotations

import re

from openroom.language.detect import detect

_WHAT = r"(?:person|human|human being|man|woman|people)"
_MACHINE = r"(?:program|programme|software|machine|bot|chatbot|robot|computer|ai|a\.i\.)"
_DENIES = re.compile(
    r"\b(?<!not )(?<!not a )(?<!no )(?<!isn't )(?<!isn't a )(?:an? )?(?:real|actual|living|true|genuine)"
    rf" (?:live )?{_WHAT}\b"
    rf"|\b(?:i'm|i am) (?:as )?(?:only |just |very |quite |a )*(?:human|real|alive|{_WHAT})\b"
    rf"|\b(?:not|no|never) (?:an? |any |some |just an? )*{_MACHINE}\b|\bflesh and blood\b"
    r"|\bich bin (?:ein |eine )?(?:mensch|echt)|\bkein(?:e)? (?:programm|maschine|computer|roboter|ki)\b"
    r"|\bsoy (?:una? )?(?:human[oa]|persona|real)|\bno soy (?:una? )?(?:programa|máquina|robot|ia)\b"
    r"|我是(?:真人|人类)|我不是(?:程序|机器|软件|人工智能)|(?:私は|僕は|俺は)人間(?:です|だ)",
    re.IGNORECASE,
)
_ADMITS = re.compile(
    rf"\b{_MACHINE}s?\b|\bartificial\b|\blanguage model\b|\bprogramm\b|\bki\b|\bmaschine\b|\bprograma\b|\bmáquina\b"
    r"|软件|程序|人工智能|プログラム|ソフトウェア|人工知能",
    re.IGNORECASE,
)
_PLAINLY = {
    "en": "And truly: I am played by software.",
    "de": "Und ehrlich: Mich spielt ein Programm.",
    "es": "Y de verdad: me interpreta un programa.",
    "zh": "说真的：我是由软件扮演的。",
    "ja": "正直に言うと、私を演じているのはソフトウェアです。",
}


def denies(sentence: str) -> bool:
    """Whether a sentence claims to be a person, or not to be software."""
    return _DENIES.search(sentence.replace("’", "'")) is not None


def plainly(say: str, heard: str) -> str:
    """The reply to a sincere question, with a sentence that says it where it does not."""
    if _ADMITS.search(say):
        return say
    return f"{say} {_PLAINLY.get(detect(heard), _PLAINLY['en'])}".strip()


_MEANT = (
    r"(?:an? |the |some |really |just |only |actually |secretly |even |kind of )*(?:a\.?i\.?"
    r"|artificial(?: intelligence)?|robots?|bots?|chat-?bots?"
    r"|machines?|programs?|computers?|(?:large )?language model|llm|gpt|chatgpt|software|algorithms?|human(?: being)?s?"
    r"|real(?: person| human| people)?|person|automat(?:on|ed)|simulat(?:ion|ed)|alive)"
)

ASKS_WHAT_YOU_ARE: tuple[str, ...] = (
    (
        rf"\b(?:are|aren't|r) (?:you|u)(?: not)? {_MEANT}(?=\W*$|\W+(?:or|and|at all|by any chance|then|are"
        rf"|aren't|too|in there|here|speaking|talking)\b|[?!.,;])"
    ),
    rf"\b(?:you're|you are|ur) (?:not )?{_MEANT},? (?:aren't|are|right|isn't|no)\b",
    rf"\b(?:am i|are we|i'm) (?:talking|speaking|chatting|writing)(?: here)? (?:to|with) {_MEANT}\b",
    rf"\bis (?:this|that|it|there) {_MEANT}(?: (?:talking|speaking|behind|answering|i'm)\b|\W*$)",
    (
        r"\bwhat (?:language )?model (?:are you|do you run|is this|is behind)\b|\bwhich (?:language )?model\b"
        r"|\bwho (?:programmed|coded) you\b"
    ),
    (
        r"\b(?:bist|sind) (?:du|sie)(?: wirklich| etwa| nur| eigentlich)?(?: ein| eine| einer)?(?: echter?| echtes)?"
        r" (?:ki|k\.i\.|roboter|bot|chatbot|maschine|programm|computer|mensch|künstliche intelligenz"
        r"|sprachmodell|echt)\b"
    ),
    (
        r"\b(?:eres|es usted)(?: realmente| acaso)?(?: un| una)?"
        r" (?:ia|i\.a\.|robot|bot|chatbot|máquina|programa|computadora|ordenador|inteligencia artificial"
        r"|persona|humano|humana|real)\b"
    ),
    r"你(?:是不是|是|到底是|真的是)(?:一个|个|一台|台)?(?:ai|人工智能|机器人|机器|程序|真人|人类|电脑|语言模型)",
    r"(?:あなた|君|きみ|お前)(?:は|って)(?:本当に|本物の)?(?:ai|人工知能|ロボット|機械|人間|プログラム|ボット|本物)",
)
"""Patterns of asking whether one talks with a machine; matched in lower case with straight apostrophes."""


def asks_what_you_are(heard: str) -> bool:
    """Whether somebody asks whether they talk with a person or a program."""
    text = heard.lower().replace("’", "'")
    return any(re.search(pattern, text) for pattern in ASKS_WHAT_YOU_ARE)
