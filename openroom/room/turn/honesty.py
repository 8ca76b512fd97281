"""What a character says when somebody sincerely asks what it is: that it is software, whatever its model writes.

The prompt asks for it, but a small model claims to be a person about as often as not. So a sentence that claims it is
dropped (`openroom.room.turn.guards`), and a reply that does not say it gets one sentence more.
"""

from __future__ import annotations

import re

from openroom.core.language import detect

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
