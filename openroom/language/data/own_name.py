"""What somebody is called, by language: how they ask for it (``ASKED``), how they tell it (``TOLD``, the name in the
group ``o``), and how it is said to them (``SAID``, with ``{name}``)."""

from __future__ import annotations

from collections.abc import Mapping

from openroom.language.data.tongue import words

ASKED: Mapping[str, str] = {
    "en": (
        r"\bwhat(?:'s| is| was|s)(?: again)? my (?:own |first |real )?name\b"
        r"(?! (?:tag|day|plate|sign|in|mean|spel\w+)\b)"
        r"|\bwhat (?:did|do|have) (?:i|you)\b[^.?!]*\bmy name (?:is|was)\b|\bwhat (?:am|was) i called\b"
        r"|\b(?:know|remember|recall|forgot|forgotten|guess|catch)\b[^.?!,]*\bmy name\b"
        r"(?! (?:is|was|tag|day)\b)[^.!]*\?"
        r"|\b(?:know|remember|recall|remind me|tell me) (?:again )?what (?:my name|i am called|i'm called)\b"
        r"|^\W*(?:(?:please|so|and|now|then),? )*(?:tell me|say|remind me of) my name\b"
        r"|\bwhat (?:do|will|would|should) (?:you|they) call me\b|^\W*(?:(?:and|so|but),? )?who am i\b(?! to\b)"
    ),
    "de": (
        r"\bwie (?:heiße|heisse|hieß) ich\b|\bwie ich (?:heiße|heisse|hieß)\b|^\W*(?:und |aber )?wer bin ich\b"
        r"|\b(?:wie|was) (?:ist|war|lautet)\b[^.?!,]{0,24}\bmein name\b|\bwie (?:nennst du|nennen sie) mich\b"
        r"|\b(?:weißt|weisst|kennst|kennen|wissen|erinner\w*|gemerkt|vergessen|behalten)\b[^.?!,]*\bmeinen? namen?\b"
        r"[^.!]*\?"
        r"|^\W*(?:bitte )?sag(?:en sie)? (?:mir )?(?:bitte )?(?:noch ?mal )?meinen namen\b"
    ),
    "es": (
        r"\bcómo me llam(?:o|aba)\b|\bcuál (?:es|era) mi nombre\b|^\W*(?:y )?¿?quién soy yo\b|^\W*¿?y? ?quién soy\?"
        r"|\b(?:sabes?|recuerdas?|acuerdas?|conoces?|olvid\w+)\b[^.?!,]*\bmi nombre\b(?! es\b)[^.!]*\?"
        r"|^\W*(?:por favor,? )?di(?:me|ga)? mi nombre\b|\bcómo era mi nombre\b"
    ),
    "zh": (
        r"我(?:的名字)?(?:叫|是叫)(?:什么|啥|甚么)|我的名字(?:是|叫)?(?:什么|啥)|^\W*我是谁|(?:记得|知道|忘了|忘记)我(?:的名字|是谁|叫)"
        r"|(?:说|讲)(?:一下|说|出)?我的名字"
    ),
    "ja": (
        r"(?:私|わたし|わたくし|僕|ぼく|俺)の名前(?:は|を|って|が)?[^。!！]{0,12}(?:何|なん|覚え|おぼえ|知って|知りません|わかり|分かり|言って|言え|忘れ)"
        r"|(?:私|わたし|わたくし|僕|ぼく|俺)(?:は|って)(?:誰|だれ)|(?:私|わたし|僕|ぼく|俺)を(?:何|なん)と呼"
    ),
}
_BARE = r"[^\s,.!?;:\"“”„«»()]{1,24}"
_NAME = rf"(?P<o>{_BARE}(?: (?:(?:van|von|de|del|der|la) )?[A-ZÀ-Þ]{_BARE})*)(?!\w)"
_CAPITAL = rf"(?P<p>[A-ZÀ-Þ]{_BARE}(?: [A-ZÀ-Þ]{_BARE})*)"
_WIDE = r"(?P<o>[^\s，。！？、,.!?；;：:“”「」]{1,16}?)"
TOLD: Mapping[str, str] = {
    "en": rf"(?i:\bmy name is|\bmy name's|\bi am called|\bi'm called|\b(?:they|people|friends) call me) {_NAME}"
    rf"|\b[Cc]all me {_CAPITAL}",
    "de": rf"(?i:\bich heiße|\bich heisse|\bmein name ist|\bman nennt mich|\balle nennen mich) {_NAME}"
    rf"|\b[Nn]enn(?:t|en Sie)? mich {_CAPITAL}",
    "es": rf"(?i:\bme llamo|\bmi nombre es|\bme dicen|\bme llaman) {_NAME}|\b[Ll]lám[ae]me {_CAPITAL}",
    "zh": rf"(?:我叫做?|我的名字是|我的名字叫|(?:大家|请|就)?叫我){_WIDE}(?=$|[，。！？、,.!?；;\s]|吧|啦|呢)",
    "ja": rf"名前は{_WIDE}(?=です|だ|と|。|$|、)"
    r"|(?:^|[、。は])(?P<p>[^\s，。！？、,.!?は]{1,16})と(?:言います|いいます|申します|呼んで)",
}
NO_NAMES = words(
    "not no on in at the a an of for too so very your what when if already still unknown written gone important"
    " nicht kein nur auf im schon egal wichtig en el la un una muy como lo 什么 啥 なん 何"
)
"""What stands where a name would and is none ("my name is not important")."""
SAID: Mapping[str, tuple[str, ...]] = {
    "en": ("Your name is {name}.", "You are {name}.", "{name}. That is your name."),
    "de": ("Du heißt {name}.", "Dein Name ist {name}.", "{name}, so heißt du."),
    "es": ("Te llamas {name}.", "Tu nombre es {name}.", "{name}, así te llamas."),
    "zh": ("你叫{name}。", "你的名字是{name}。", "{name}，这是你的名字。"),
    "ja": ("{name}さんですね。", "お名前は{name}さんです。", "{name}さん、でしょう。"),
}
