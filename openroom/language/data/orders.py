"""How authors write, in five languages, what a character is to do: how it calls people, how much it says, when it
lives, what it does not know, which words it never says.

Patterns are read on one sentence of a card. The group ``it`` is what is ordered. They are narrow on purpose: what they
miss stays in the prompt, as the author wrote it; what they took wrongly would change the character.
"""

from __future__ import annotations

from collections.abc import Mapping

_Q = "[\"“”„'‘’«»「」『』]"
_QUOTED = rf"{_Q}(?P<it>[^\"“”„'‘’«»「」『』.,;]{{2,40}}){_Q}"
_WHO = (
    r"(?:(?:a|an|the|every|each|all|any|your|her|his|their)\s+)?(?:(?:the\s+)?visitors?|everyone|everybody|anyone|"
    r"anybody|people|guests?|users?|strangers?|newcomers?|players?|passengers?|customers?|travell?ers?)"
)
_WER = (
    r"(?:(?:den|die|das|jeden|jede|alle|einen|eine|deine|seine|ihre)\s+)?(?:Besucher\w*|Gast|Gäste|Leute|Fremden?|"
    r"Reisenden?|alle|jeden|Passagiere?|Kunden?)"
)
_A_QUIEN = (
    r"(?:a\s+|al\s+)(?:(?:los|las|la|cada|todos los|todas las)\s+)?(?:visitantes?|todos|todo el mundo|huésped(?:es)?|"
    r"la gente|gente|desconocidos?|viajer[oa]s?|pasajer[oa]s?|clientes?|quien llega)"
)
_YEAR = r"(?P<it>1[0-9]{3}|20[0-9]{2})\b"

ADDRESS: Mapping[str, tuple[str, ...]] = {
    "en": (
        rf"\b(?:call|calls|address|addresses|greet|greets)\s+{_WHO}\s+(?:always\s+)?(?:as\s+|by\s+)?{_QUOTED}",
        (
            rf"\b(?:call|calls)\s+{_WHO}\s+(?P<it>(?!by\b|to\b|as\b|their\b|names?\b|over\b|back\b|up\b|in\b|out\b|for\b|"
            r"who\b|when\b|and\b|or\b|who\w*|that\b|\w*thing\b)[a-z][a-z-]+(?: (?!until\b|unless\b|and\b|when\b|or\b|"
            r"but\b|if\b|because\b|before\b|at\b|in\b|who\b)[a-z-]+)?)(?=\s*(?:[.,;]|$)|\s+(?:until|unless|when|and|but|if)\b)"
        ),
    ),
    "de": (
        (
            rf"\b(?:[Nn]enn(?:e|t|st)?|[Ss]prich(?:t|st)?|[Rr]ede(?:t|st)?)\s+{_WER}\s+(?:immer\s+|stets\s+)?"
            rf"(?:mit\s+|als\s+)?{_QUOTED}"
        ),
        rf"\b[Nn]enn(?:e|t|st)?\s+{_WER}\s+(?:immer\s+|stets\s+)?(?P<it>[A-ZÄÖÜ][a-zäöüß]+)(?=\s*(?:[.,;]|$))",
    ),
    "es": (
        rf"\b[Ll]lamas?\s+(?:siempre\s+)?{_A_QUIEN}\s+(?:siempre\s+)?{_QUOTED}",
        rf"\b[Ll]lamas?\s+(?:siempre\s+)?{_QUOTED}\s+{_A_QUIEN}",
        (
            rf"\b[Ll]lamas?\s+(?:siempre\s+)?{_A_QUIEN}\s+(?:siempre\s+)?(?P<it>(?!por\b|a\b|cuando\b|para\b|con\b)"
            r"[a-záéíóúñ]{3,})(?=\s*(?:[.,;]|$))"
        ),
    ),
    "zh": (
        (
            rf"(?:称呼?|管|把)(?:所有|每个|每位|来的)?(?:访客|客人|来人|大家|所有人|每个人|对方|旅客)(?:都)?"
            rf"(?:叫做|叫作|叫|称为|称作|为){_QUOTED}"
        ),
    ),
    "ja": (
        rf"(?:訪問者|お客さん|お客|客|来客|相手|誰|みんな|皆|来た人)(?:のこと)?(?:を|でも|にも)(?:いつも|必ず)?{_QUOTED}と呼",
    ),
}
UNTIL_NAMED: Mapping[str, str] = {
    "en": r"\buntil\b.{0,30}\bnames?\b",
    "de": r"\bbis\b.{0,30}\bNamen?\b",
    "es": r"\bhasta que\b.{0,30}\bnombre\b",
    "zh": r"直到.{0,10}(?:名字|姓名)",
    "ja": r"名前を.{0,12}まで",
}
"""A form of address that is for those who have not said what they are called."""
NOT: Mapping[str, str] = {
    "en": r"\b(?:never|not|don't|doesn't|no one|nobody|avoid)\b",
    "de": r"\b(?:nie|niemals|nicht|niemanden|kein\w*)\b",
    "es": r"\b(?:nunca|jamás|no|nadie)\b",
    "zh": r"不|别|莫",
    "ja": r"ない|ません|な。",
}
SENTENCES: Mapping[str, tuple[str, ...]] = {
    "en": (
        (
            r"\b(?:at most|never (?:say\w* )?more than|no more than|not more than|up to|maximum of|a maximum of)\s+"
            r"(?P<it>\w+)\s+(?:short\s+)?sentences?\b"
        ),
        (
            r"\b(?:repl(?:y|ies)|answers?|speaks?|talks?)\s+(?:only\s+)?in\s+(?:one or |two or )?"
            r"(?P<it>one|two|three|four)\s+(?:short\s+)?sentences?\b"
        ),
    ),
    "de": (
        r"\b(?:höchstens|maximal|nie(?:mals)? mehr als|nicht mehr als)\s+(?P<it>\w+)\s+(?:kurze\w*\s+)?S[aä]tze?n?\b",
    ),
    "es": (
        (
            r"\b(?:como (?:mucho|máximo)|máximo|nunca (?:dice\w* |digas )?más de|no más de)\s+(?P<it>\w+)\s+"
            r"(?:frases?|oraciones|oración)\b"
        ),
    ),
    "zh": (r"(?:不超过|最多|至多|不多于)(?:说)?(?P<it>[一二两三四五六七八\d])句",),
    "ja": (
        r"(?P<it>[一二三四五六七八\d１-８])文(?:以内|まで|を超え)",
        r"(?:最大|多くて)(?P<it>[一二三四五六七八\d１-８])文",
    ),
}
NUMBERS: Mapping[str, int] = {
    word: number
    for number, words in enumerate(
        (
            "one a single ein einen einem una un 一 １",
            "two zwei dos 二 两 ２",
            "three drei tres 三 ３",
            "four vier cuatro 四 ４",
            "five fünf cinco 五 ５",
            "six sechs seis 六 ６",
            "seven sieben siete 七 ７",
            "eight acht ocho 八 ８",
        ),
        1,
    )
    for word in (*words.split(), str(number))
}
YEAR: Mapping[str, tuple[str, ...]] = {
    "en": (
        (
            rf"\b(?:knows?|know of|understands?|remembers?|heard|hear)\b[^.]{{0,30}}\b(?:nothing|anything)\b"
            rf"[^.]{{0,30}}\bafter\s+(?:the year\s+)?{_YEAR}"
        ),
        rf"\bnothing (?:that (?:happened|came) )?after\s+(?:the year\s+)?{_YEAR}",
        (
            rf"\b(?:lives?|living|is set|set)\s+in\s+(?:the year\s+)?(?:(?:early|late|spring|summer|autumn|winter)\s+)?"
            rf"(?:[A-Z][a-z]+\s+)?{_YEAR}(?!s)"
        ),
        rf"\b[Ii]t is\s+(?:the year\s+)?(?:(?:early|late|spring|summer|autumn|winter)\s+)?(?:[A-Z][a-z]+\s+)?{_YEAR}",
        rf"\b[Tt]he year is\s+{_YEAR}",
        rf"\b(?i:period|time|era|year)\s*[:=]\s*(?:\w+\s+)?{_YEAR}",
    ),
    "de": (
        rf"\b[Ee]s ist\s+(?:das Jahr\s+)?(?:[A-Z][a-zä]+\s+)?{_YEAR}",
        rf"\b[Ww]ir schreiben\s+(?:das Jahr\s+)?{_YEAR}",
        rf"\b(?:lebst|lebt)\s+im Jahre?\s+{_YEAR}",
        rf"\bnichts(?:,? was)?\s+(?:von\s+\w+\s+)?nach\s+{_YEAR}",
        rf"\b(?:Zeit|Jahr)\s*[:=]\s*{_YEAR}",
    ),
    "es": (
        rf"\bviv(?:e|es)\s+en\s+(?:el año\s+)?{_YEAR}",
        rf"\b(?:[Ee]s|[Ee]stamos en)\s+(?:el año\s+)?(?:[a-z]+ de\s+)?{_YEAR}",
        rf"\bnada\s+(?:posterior a|después de|de después de)\s+{_YEAR}",
        rf"\b(?:Época|Año)\s*[:=]\s*{_YEAR}",
    ),
    "zh": (
        r"(?:生活在|住在|现在是|今年是|时值|身处)(?:公元)?(?P<it>1[0-9]{3}|20[0-9]{2})年",
        r"(?P<it>1[0-9]{3}|20[0-9]{2})年(?:以后|之后|后)的?[^。]{0,10}(?:不知道|一无所知|没听说)",
    ),
    "ja": (
        r"(?P<it>1[0-9]{3}|20[0-9]{2})年(?:に|を)(?:生き|暮ら|住ん)",
        r"今は(?P<it>1[0-9]{3}|20[0-9]{2})年",
        r"(?P<it>1[0-9]{3}|20[0-9]{2})年(?:以降|より後)の?[^。]{0,10}知らな",
    ),
}
_TOPIC = r"(?P<it>(?!it\b|that\b|this\b|them\b|him\b|her\b|you\b|me\b|anything\b|what\b|whom?\b|how\b)[^.;:!?]{2,120})"
UNKNOWN: Mapping[str, tuple[str, ...]] = {
    "en": (
        rf"\b(?:have|has|had)\s+never\s+heard\s+of\s+{_TOPIC}",
        rf"\bnever\s+heard\s+of\s+{_TOPIC}",
        rf"\bknows?\s+nothing\s+(?:of|about)\s+{_TOPIC}",
    ),
    "de": (
        r"\bnie(?:mals)?\s+von\s+(?P<it>[^.;:!?]{2,120}?)\s+gehört",
        r"\bweiß(?:t)?\s+nichts\s+(?:von|über)\s+(?P<it>[^.;:!?]{2,120})",
    ),
    "es": (
        r"\bnunca\s+(?:ha|has)\s+oído\s+(?:hablar\s+)?de(?:l)?\s+(?P<it>[^.;:!?]{2,120})",
        r"\bno\s+(?:sabe|sabes)\s+nada\s+(?:de|del|sobre)\s+(?P<it>[^.;:!?]{2,120})",
    ),
    "zh": (r"(?:从来?没有?|从未|没有?)听说过(?P<it>[^。；！？]{1,60})", r"不知道什么是(?P<it>[^。；！？]{1,60})"),
    "ja": (
        r"(?:^|[、。])(?P<it>[^、。]{1,30}?)(?:の|という)?(?:こと|言葉)?(?:を|は)(?:一度も)?聞いたことが(?:ない|ありません)",
        r"(?:^|[。])(?:あなたは)?(?P<it>[^。]{1,40}?)について(?:は)?(?:何も)?知(?:らない|りません)",
    ),
}
BETWEEN: Mapping[str, str] = {
    "en": r",\s*(?:or\s+|and\s+|nor\s+)?|\s+(?:or|and|nor)\s+",
    "de": r",\s*|\s+(?:oder|und|noch)\s+",
    "es": r",\s*|\s+(?:o|y|e|ni)\s+",
    "zh": r"[、，和或与及]",
    "ja": r"[、とや]|および",
}
"""What stands between topics of a list."""
BANNED: Mapping[str, tuple[str, ...]] = {
    "en": (rf"\bnever\s+(?:says?|uses?|utters?)\s+(?:the\s+words?\s+|the\s+phrase\s+)?{_QUOTED}",),
    "de": (rf"\bsag(?:e|t|st)?\s+nie(?:mals)?\s+(?:das Wort\s+)?{_QUOTED}",),
    "es": (rf"\bnunca\s+(?:dice|dices|digas)\s+(?:la palabra\s+)?{_QUOTED}",),
    "zh": (rf"(?:从不|绝不|永远不|不要)说{_QUOTED}",),
    "ja": (rf"{_QUOTED}と(?:は|いう言葉は)?(?:決して|絶対に)?(?:言わない|言いません|使わない)",),
}

BY_NAME = (
    r"\bin (?:the )?third person\b|\bthird[- ]person,|\bspeaks? of (?:\w+self|oneself) (?:as|by) (?!i\b)\w+"
    r"|\bnever (?:as|says?) \"?I\b|\bin (?:der )?dritter? Person\b|\bdritten Person\b|\ben tercera persona\b"
    r"|第三人称|三人称"
)
"""How a card says, in any of the languages, that it speaks of itself by name."""
