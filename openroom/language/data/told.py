"""How somebody is told what they said of themselves, by language.

``QUOTES`` gives their own words; ``FRAMES`` are the (English) frames in which facts about people are kept, with what
says them to whom they are of. ``KINDS`` are kinds of things told that question and answer need share no word of: the
pattern of a question after it, of a sentence that tells it, and the frames that hold it. ``SAYING`` are words that ask
for what was said and tell nothing of what about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

QUOTES: Mapping[str, str] = {
    "en": "You said: “{it}”",
    "de": "Du hast gesagt: „{it}“",
    "es": "Dijiste: «{it}»",
    "zh": "你说过：“{it}”",
    "ja": "「{it}」と言っていましたね。",
}
FRAMES: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    ("name", r"'s name is (?P<o>.+)", {
        "en": "You said your name is {o}.", "de": "Du hast gesagt, du heißt {o}.", "es": "Dijiste que te llamas {o}.",
        "zh": "你说过你叫{o}。", "ja": "{o}という名前だと言っていましたね。",
    }),
    ("home", r" lives in (?P<o>.+)", {
        "en": "You said you live in {o}.", "de": "Du hast gesagt, du wohnst in {o}.", "es": "Dijiste que vives en {o}.",
        "zh": "你说过你住在{o}。", "ja": "{o}に住んでいると言っていましたね。",
    }),
    ("home", r" lives (?P<o>.+)", {
        "en": "You said you live {o}.", "de": "Du hast gesagt, du wohnst {o}.", "es": "Dijiste que vives {o}.",
    }),
    ("origin", r" is from (?P<o>.+)", {
        "en": "You said you are from {o}.", "de": "Du hast gesagt, du kommst aus {o}.",
        "es": "Dijiste que eres de {o}.", "zh": "你说过你来自{o}。", "ja": "{o}から来たと言っていましたね。",
    }),
    ("work", r" works as (?P<o>.+)", {
        "en": "You said you work as {o}.", "de": "Du hast gesagt, du arbeitest als {o}.",
        "es": "Dijiste que trabajas como {o}.", "zh": "你说过你的工作是{o}。",
        "ja": "{o}として働いていると言っていましたね。",
    }),
    ("work", r" works (?:at )?(?P<o>.+)", {
        "en": "You said you work {o}.", "de": "Du hast gesagt, du arbeitest {o}.", "es": "Dijiste que trabajas {o}.",
        "zh": "你说过你在{o}工作。", "ja": "{o}で働いていると言っていましたね。",
    }),
    ("work", r"'s work is (?P<o>.+)", {
        "en": "You said your work is {o}.", "de": "Du hast gesagt, von Beruf bist du {o}.",
        "es": "Dijiste que tu trabajo es {o}.", "zh": "你说过你是{o}。", "ja": "お仕事は{o}だと言っていましたね。",
    }),
    ("work", r" is (?P<o>an? .+)", {"en": "You said you are {o}."}),
    ("", r" does not like (?P<o>.+)", {
        "en": "You said you don't like {o}.", "de": "Du hast gesagt, {o} magst du nicht.",
        "es": "Dijiste que no te gusta {o}.", "zh": "你说过你不喜欢{o}。", "ja": "{o}は苦手だと言っていましたね。",
    }),
    ("", r" likes (?P<o>.+)", {
        "en": "You said you like {o}.", "de": "Du hast gesagt, du magst {o}.", "es": "Dijiste que te gusta {o}.",
        "zh": "你说过你喜欢{o}。", "ja": "{o}が好きだと言っていましたね。",
    }),
    ("", r" has (?P<o>.+)", {
        "en": "You said you have {o}.", "de": "Du hast gesagt, du hast {o}.", "es": "Dijiste que tienes {o}.",
        "zh": "你说过你有{o}。", "ja": "{o}がいると言っていましたね。",
    }),
    ("", r"'s (?P<o>.+ (?:is|was) .+)", {"en": "You said your {o}."}),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing that somebody tells of themselves: its ``name`` in `FRAMES`, how it is ``asked`` and ``told``."""

    name: str
    asked: str
    told: str


KINDS: Mapping[str, tuple[Kind, ...]] = {
    "en": (
        Kind(
            "work",
            r"\b(?:work|job|trade|profession|for a living)\b",
            r"\bi(?:'m| am) an? (?!(?:little|bit|lot|tad|big fan)\b)\w+|\bi work\b|\bmy (?:work|job|trade)\b",
        ),
        Kind("origin", r"\bfrom\b", r"\bi(?:'m| am| come) from\b"),
        Kind("home", r"\blive\b", r"\bi live\b"),
        Kind("name", r"\bname\b|\bcalled\b", r"\bmy name is\b|\bi am called\b"),
    ),
    "de": (
        Kind(
            "work", r"\barbeit\w*|\bberuf\w*", r"\bich arbeite\b|\bvon beruf\b|\bich bin \w+(?:er|erin|in|mann|frau)\b"
        ),
        Kind("origin", r"\bherkomme|\bwoher\b", r"\bich (?:komme|stamme) aus\b"),
        Kind("home", r"\bwohne\b|\blebe\b", r"\bich (?:wohne|lebe)\b"),
        Kind("name", r"\bheiße\b|\bname\b", r"\bich heiße\b|\bmein name\b"),
    ),
    "es": (
        Kind("work", r"\btrabaj\w+|\boficio\b|\bprofesión\b", r"\bsoy (?!de\b)\w+|\btrabajo\b|\bmi oficio\b"),
        Kind("origin", r"\bde dónde\b|\bvengo\b", r"\b(?:soy|vengo) de\b"),
        Kind("home", r"\bvivo\b", r"\bvivo\b"),
        Kind("name", r"\bllamo\b|\bnombre\b", r"\bme llamo\b|\bmi nombre\b"),
    ),
    "zh": (
        Kind("work", r"工作|职业|做什么", r"我是.{0,8}(?:师|员|工|生|家|手|匠|医|警)|我在.+工作"),
        Kind("origin", r"哪里来|来自|哪儿来", r"我来自|我是从"),
        Kind("home", r"住", r"我住"),
        Kind("name", r"叫什么|名字", r"我叫|我的名字"),
    ),
    "ja": (
        Kind("work", r"仕事|職業", r"(?:師|員|屋|者|手|家|人|士)です|働いて|仕事は"),
        Kind("origin", r"どこから|出身", r"から来|出身"),
        Kind("home", r"住んで", r"住んで"),
        Kind("name", r"名前", r"名前は|と(?:言います|いいます|申します)"),
    ),
}

SAYING: Mapping[str, str] = {
    "en": "say said tell told mention mentioned call called remember recall know still just before earlier",
    "de": "gesagt erzählt gemeint noch weißt erinnerst vorhin eben",
    "es": "dije dicho conté contado acuerdas recuerdas antes",
}
