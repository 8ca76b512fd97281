"""How one speaks to somebody in five languages: where a form of address stands in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Speaking:
    """``opens`` is a first word behind which whom one speaks to stands ("Yes, captain, I do"); ``small`` are words that
    are written small behind it when they began the sentence ("Captain, the river is high"); ``mine`` is what may stand
    before a form ("my dear"). ``comma`` joins. ``call_me`` asks to be called by a name, which is its group."""

    opens: str
    small: frozenset[str]
    call_me: str
    named: str
    mine: str = ""
    comma: str = ", "
    kept: frozenset[str] = frozenset()
    """Words that begin a sentence, and are written as they are behind a form, too."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SPEAKING: Mapping[str, Speaking] = {
    "en": Speaking(
        opens=r"(?:yes|no|oh|ah|aye|well|hm+|sure|indeed|perhaps|maybe|of course|thank you|thanks|hello|welcome"
        r"|good (?:morning|evening|day|night|afternoon))",
        small=_words(
            "the a an it this that these those my your our we you he she they there here in on at for from with when "
            "if what where who why how which nobody nothing some every all but and so not never is are do did can"
        ),
        kept=_words("I I'm I've I'll I'd"),
        call_me=r"\b[Cc]all me ([^\W\d_][\w'’-]*)",
        named=r"\b[Mm]y name(?:'s|’s| is) ([A-Z][\w'’-]+)",
        mine=r"(?:my )?",
    ),
    "de": Speaking(
        opens=r"(?:ja|nein|oh|ach|ah|tja|nun|hm+|gut|gewiss|sicher|vielleicht|natürlich|danke|hallo|willkommen"
        r"|guten (?:morgen|abend|tag)|gute nacht)",
        small=_words(
            "der die das den dem ein eine einen es dies dieser diese mein meine unser wir ihr er sie da hier dort in "
            "im am an auf für von mit wenn was wo wer warum wie welche niemand nichts aber und so nicht nie ist sind "
            "ich du hast bist kannst heute"
        ),
        call_me=r"\b[Nn]enn(?:e|t|en [Ss]ie)? mich ([^\W\d_][\w'’-]*)",
        named=r"\b(?:[Ii]ch heiße|[Mm]ein Name ist) ([A-ZÄÖÜ][\w'’-]+)",
        mine=r"(?:mein(?:e|er)? )?",
    ),
    "es": Speaking(
        opens=r"(?:sí|no|oh|ah|ay|bueno|pues|claro|quizás?|tal vez|gracias|hola|bienvenid[oa]"
        r"|buen(?:os|as) (?:días|tardes|noches))",
        small=_words(
            "el la los las un una lo este esta esto mi mis tu nuestro yo tú él ella aquí allí en de con por para si "
            "cuando que nadie nada pero y así nunca es son hoy"
        ),
        call_me=r"\b[Ll]l[aá]mame ([^\W\d_][\w'’-]*)|\b[Pp]uedes llamarme ([^\W\d_][\w'’-]*)",
        named=r"\b(?:[Mm]e llamo|[Mm]i nombre es) ([A-ZÁÉÍÓÚÑ][\w'’-]+)",
        mine=r"(?:mi )?",
    ),
    "zh": Speaking(
        opens=r"(?:是的|是|不|哦|啊|嗯|好|好的|当然|也许|谢谢|你好|您好|欢迎|早上好|晚上好|晚安)",
        small=frozenset(),
        call_me=r"(?:请|就|你可以)?叫我([\w·]{1,8}?)(?:吧|就好|就行|$|[，。！])",
        named=r"我(?:叫|的名字是|名叫)([\w·]{1,8}?)(?:，|。|！|$)",
        comma="，",
    ),
    "ja": Speaking(
        opens=r"(?:はい|ええ|いいえ|いや|ああ|おや|うん|さあ|もちろん|ありがとう|こんにちは|こんばんは|おはよう|ようこそ)",
        small=frozenset(),
        call_me=r"([\w・]{1,12}?)(?:って|と)呼んで",
        named=r"(?:私|わたし|僕|ぼく|俺)?の?名前は([\w・]{1,12}?)(?:です|だ|といいます|。|$)",
        comma="、",
    ),
}
