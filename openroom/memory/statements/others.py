"""What a person states about themselves in German, Spanish, Chinese or Japanese: the commonest statements only.

As `openroom.memory.statements.english` does for English: patterns over one clause, in the first person, no model call;
what is not plainly stated is left to the episodes. The frame of a statement is English, as the prompt is ("Ann likes
Rauchtee."), what it is about stays in the person's own words. Questions, quotations and suppositions say nothing, nor
does what speaks to somebody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from openroom.language.sentences import sentences
from openroom.language.text import ends
from openroom.memory.statements.english import MOST_READ, Statement

_MAX_STATEMENTS = 6
_MAX_CLAUSES = 60
_MAX_CLAUSE = 240
"""A longer clause is no plain statement."""
_MAX_WORDS = 10
_MAX_LETTERS = 60
_MAX_ASKED = 160

_QUOTED = re.compile(
    r"\"[^\"]*\"|“[^“”]*”|«[^«»]*»|„[^„“”]*[“”]|「[^「」]*」|『[^『』]*』|\*[^*]*\*|\([^()]*\)|（[^（）]*）"
)
_CLAUSE = re.compile(
    r"[;；…]\s*|[,，、]\s*(?:(?:und|aber|denn|y|pero|e)\s+)?|\s+(?:und|aber|denn|y|pero)\s+", re.IGNORECASE
)
_FILLER = re.compile(
    r"^(?:¡|¿|(?:hallo|guten (?:tag|abend|morgen)|also|ja|nein|nun|übrigens|na|ach|hola|buenas (?:tardes|noches)"
    r"|buenos días|bueno|pues|sí|además|你好|您好|嗨|对了|其实|こんにちは|こんばんは|はい|実は|ええと)"
    r"(?:[\s,，、]+|$))+",
    re.IGNORECASE,
)
_ASKS = re.compile(r"[?？]$|(?:ですか|ますか|でしょうか|吗|呢|嘛)[。.]?$")
_SUPPOSED = re.compile(
    r"\b(?:wenn|falls|würde|wäre|hätte|könnte|angenommen|si|ojalá|imagina|gustaría|quisiera|fuera)\b|如果|要是|假如|想象|もし|としたら",
    re.IGNORECASE,
)
_TO_SOMEBODY = re.compile(
    r"\b(?:du|dich|dir|deine?[nmrs]?|euch|ihnen|tú|ti|te|tu|tus|usted|ustedes|vosotros|es|esto|eso|das|lo)\b|[你您]|あなた|君|きみ",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?:[\s,]+(?:auch|sehr|wirklich|übrigens|gerade|jetzt|hier|sehr gern|también|mucho|ahora|aquí|de verdad|muchísimo)"
    r"|了|呢|啊|呀|吧|よ|ね|の)+$",
    re.IGNORECASE,
)

_KIN_WORDS = {
    "dog": "hund hündin perro perra 狗 犬 いぬ",
    "cat": "katze kater gato gata 猫 ねこ",
    "parrot": "papagei loro 鹦鹉",
    "horse": "pferd caballo 马",
    "daughter": "tochter hija 女儿 娘",
    "son": "sohn hijo 儿子 息子",
    "sister": "schwester hermana 姐姐 妹妹 姉 妹",
    "brother": "bruder hermano 哥哥 弟弟 兄 弟",
    "mother": "mutter madre 妈妈 母",
    "father": "vater padre 爸爸 父",
    "wife": "frau mujer esposa 妻子 妻",
    "husband": "mann marido 丈夫 夫",
    "grandmother": "oma abuela",
    "grandfather": "opa abuelo",
}
_KIN = {word: kin for kin, words in _KIN_WORDS.items() for word in words.split()}
_KINS = "|".join(sorted(_KIN, key=len, reverse=True))
_SINGLE = frozenset(("mother", "father", "wife", "husband"))

_DE_OWNED = (
    r"(?:hunde?|hündin|katzen?|kater|papageie?n?|pferde?|hamster|kaninchen|vögel|vogel|tochter|töchter|sohn|söhne"
    r"|kind|kinder|schwestern?|bruder|brüder|enkel|enkelin)"
)
_ES_OWNED = (
    r"(?:perr[oa]s?|gat[oa]s?|loros?|caballos?|hámsters?|conejos?|pájaros?|hij[oa]s?|niñ[oa]s?|herman[oa]s?|niet[oa]s?)"
)
_DE_COUNT = r"(?:eine?n?|zwei|drei|vier|fünf|sechs|sieben|mehrere|viele|\d+)"
_ES_COUNT = r"(?:una?|dos|tres|cuatro|cinco|seis|siete|varios|varias|muchos|muchas|\d+)"
_DE_ADV = r"(?:(?:auch|sehr|wirklich|besonders|jetzt|zurzeit|seit \w+|immer noch|noch) )*"
_CALLED = "{n}'s {k} is called {o}."
_I_JA = r"(?:(?:私|わたし|僕|ぼく|俺|あたし)は、?)?"
_JA_OWNED, _JA_COUNT = "子供|子ども|鳥|うさぎ|ハムスター", r"(?:[一二三四五六七八九十\d]+(?:匹|人|羽|頭))"
_JA_HAVE = r"(?:います|いる|飼って(?:います|いる|ます))"
_THING_JA = r"(?P<o>[^はがをのも]{1,24}?)"
_PLACE_JA = r"(?P<o>[^はがをも]{1,24})"

_Row = tuple[str, str, str, float]
_SPACED_ROWS: tuple[_Row, ...] = (
    # German
    (r"(?:ich heiße|ich heisse|mein name ist) (?P<o>.+)", "{n}'s name is {o}.", "name", 0.95),
    (r"(?:nenn|nennt|nennen sie) mich (?:einfach )?(?P<o>.+)", "{n} wants to be called {o}.", "called", 0.95),
    (rf"ich (?:wohne|lebe) {_DE_ADV}(?:in|im) (?P<o>.+)", "{n} lives in {o}.", "home", 0.85),
    (rf"ich (?:wohne|lebe) {_DE_ADV}(?P<o>(?:an|am|auf|bei|beim|mit|neben|nahe) .+)", "{n} lives {o}.", "home", 0.85),
    (r"ich bin (?:\w+ )?nach (?P<o>.+?) (?:um)?gezogen", "{n} lives in {o}.", "home", 0.85),
    (r"ich (?:komme|stamme) aus (?P<o>.+)", "{n} is from {o}.", "origin", 0.85),
    (rf"ich arbeite {_DE_ADV}als (?P<o>.+)", "{n} works as {o}.", "job", 0.8),
    (rf"ich arbeite {_DE_ADV}(?P<o>(?:bei|beim|in|im|für|auf|am|an) .+)", "{n} works {o}.", "job", 0.8),
    (r"ich bin (?P<o>\w+) von beruf", "{n}'s work is {o}.", "job", 0.8),
    (r"(?:von beruf bin ich|mein beruf ist) (?P<o>.+)", "{n}'s work is {o}.", "job", 0.8),
    (rf"ich (?:mag|liebe) {_DE_ADV}(?:keine?n? )(?P<o>.+)", "{n} does not like {o}.", "taste", 0.6),
    (rf"ich (?:mag|liebe) {_DE_ADV}(?P<o>.+?) (?:gar |überhaupt )?nicht", "{n} does not like {o}.", "taste", 0.6),
    (rf"ich hasse {_DE_ADV}(?P<o>.+)", "{n} does not like {o}.", "taste", 0.6),
    (rf"ich (?:mag|liebe) {_DE_ADV}(?P<o>.+)", "{n} likes {o}.", "taste", 0.6),
    (r"ich (?!habe|hätte|bin)\w+ (?:sehr |besonders |auch )?gerne? (?P<o>.+)", "{n} likes {o}.", "taste", 0.6),
    (rf"ich habe (?P<o>{_DE_COUNT} (?:\w+ )?{_DE_OWNED}\b.*)", "{n} has {o}.", "", 0.6),
    (rf"meine? (?P<k>{_KINS}) (?:heißt|heisst) (?P<o>.+)", _CALLED, "kin", 0.75),
    # Spanish
    (r"(?:yo )?(?:me llamo|mi nombre es) (?P<o>.+)", "{n}'s name is {o}.", "name", 0.95),
    (r"(?:puedes llamarme|llámame) (?P<o>.+)", "{n} wants to be called {o}.", "called", 0.95),
    (r"(?:yo )?vivo (?:ahora |todavía )?en (?P<o>.+)", "{n} lives in {o}.", "home", 0.85),
    (r"(?:yo )?vivo (?P<o>(?:cerca de|con|junto a) .+)", "{n} lives {o}.", "home", 0.85),
    (r"me (?:mudé|he mudado) a (?P<o>.+)", "{n} lives in {o}.", "home", 0.85),
    (r"(?:yo )?(?:soy|vengo) de (?P<o>.+)", "{n} is from {o}.", "origin", 0.85),
    (r"(?:yo )?trabajo (?:como|de) (?P<o>.+)", "{n} works as {o}.", "job", 0.8),
    (r"(?:yo )?trabajo (?P<o>(?:en|para|con) .+)", "{n} works {o}.", "job", 0.8),
    (r"(?:mi trabajo|mi oficio|mi profesión) es (?P<o>.+)", "{n}'s work is {o}.", "job", 0.8),
    (r"(?:a mí )?no me (?:gustan?|encantan?) (?:nada )?(?P<o>.+)", "{n} does not like {o}.", "taste", 0.6),
    (r"(?:yo )?(?:odio|detesto) (?P<o>.+)", "{n} does not like {o}.", "taste", 0.6),
    (r"(?:a mí )?me (?:gustan?|encantan?) (?:mucho |muchísimo )?(?P<o>.+)", "{n} likes {o}.", "taste", 0.6),
    (rf"(?:yo )?tengo (?P<o>{_ES_COUNT} {_ES_OWNED}\b.*)", "{n} has {o}.", "", 0.6),
    (rf"mi (?P<k>{_KINS}) se llama (?P<o>.+)", _CALLED, "kin", 0.75),
)  # fmt: skip
_CHINESE_ROWS: tuple[_Row, ...] = (
    (r"我(?:的名字)?(?:叫做?|名叫)(?P<o>\S{1,12})", "{n}'s name is {o}.", "name", 0.95),
    (r"我的名字是(?P<o>\S{1,12})", "{n}'s name is {o}.", "name", 0.95),
    (r"(?:请|你可以)?叫我(?P<o>\S{1,12})", "{n} wants to be called {o}.", "called", 0.95),
    (r"我(?:现在|一直)?住在(?P<o>\S{1,20})", "{n} lives in {o}.", "home", 0.85),
    (r"我(?:\w{0,3})搬到了?(?P<o>\S{1,20})", "{n} lives in {o}.", "home", 0.85),
    (r"我(?:来自|是从)(?P<o>\S{1,20}?)(?:来的)?", "{n} is from {o}.", "origin", 0.85),
    (r"我(?:现在)?在(?P<o>\S{1,20})(?:工作|上班)", "{n} works at {o}.", "job", 0.8),
    (r"我是(?:一名|一位|一个|个)(?P<o>\S{1,12})", "{n}'s work is {o}.", "job", 0.7),
    (r"我(?:一点都?|真的|也|很)?(?:不喜欢|讨厌|不爱|受不了)(?P<o>\S{1,20})", "{n} does not like {o}.", "taste", 0.6),
    (r"我(?:真的|非常|特别|也|很|最)*(?:喜欢|爱)(?P<o>\S{1,20})", "{n} likes {o}.", "taste", 0.6),
    (
        rf"我(?:家)?(?:有|养了?)(?P<o>[一二两三四五六七八九十\d]+[只条个匹头位]\S{{0,4}}?(?:{_KINS}|孩子|兔子|鸟|仓鼠))",
        "{n} has {o}.", "", 0.6,
    ),
    (rf"我(?:的|家的?)?(?P<k>{_KINS})(?:的名字)?(?:叫做?|名叫)(?P<o>\S{{1,12}})", _CALLED, "kin", 0.75),
)  # fmt: skip
_JAPANESE_ROWS: tuple[_Row, ...] = (
    (rf"{_I_JA}{_THING_JA}と(?:言います|いいます|申します)", "{n}'s name is {o}.", "name", 0.95),
    (r"(?:私|わたし|僕|ぼく|俺|あたし)?の?名前は(?P<o>[^はがを]{1,16})(?:です|だ)", "{n}'s name is {o}.", "name", 0.95),
    (rf"{_I_JA}(?:今|いま)?{_PLACE_JA}に住んで(?:います|いる|ます|る)", "{n} lives in {o}.", "home", 0.85),
    (rf"{_I_JA}{_THING_JA}に引っ越しました", "{n} lives in {o}.", "home", 0.85),
    (rf"{_I_JA}{_THING_JA}(?:から来ました|の?出身です)", "{n} is from {o}.", "origin", 0.85),
    (rf"{_I_JA}{_THING_JA}として働いて(?:います|いる|ます)", "{n} works as {o}.", "job", 0.8),
    (rf"{_I_JA}{_THING_JA}で働いて(?:います|いる|ます)", "{n} works at {o}.", "job", 0.8),
    (r"(?:私の)?仕事は(?P<o>[^はがを]{1,16})です", "{n}'s work is {o}.", "job", 0.8),
    (
        rf"{_I_JA}{_THING_JA}(?:が|だけは|は)(?:あまり|とても|本当に)?(?:大?嫌い|苦手|好きではありません|好きじゃない|好きじゃありません)(?:です|だ)?",
        "{n} does not like {o}.", "taste", 0.6,
    ),
    (rf"{_I_JA}{_THING_JA}が(?:とても|本当に|一番)?大?好き(?:です|だ|なんです)?", "{n} likes {o}.", "taste", 0.6),
    (
        rf"(?:{_I_JA}|(?:うち|家|私)には?、?)(?P<o>(?:{_KINS}|{_JA_OWNED})(?:が|を){_JA_COUNT}?){_JA_HAVE}",
        "{n} has {o}.", "", 0.6,
    ),
    (rf"(?:私の|うちの)(?P<k>{_KINS})の名前は(?P<o>[^はがを]{{1,16}})(?:です|だ)", _CALLED, "kin", 0.75),
)  # fmt: skip
_ITS_NAME = re.compile(r"[有养][^，]{0,40}，名?叫")
"""The name is that of what one has."""
_REMEMBER = tuple(
    re.compile(f"^{pattern}$", re.IGNORECASE)
    for pattern in (
        r"(?:bitte )?(?:merk dir|vergiss nicht|denk daran)(?: bitte)?[, ](?: ?dass )?(?P<w>.+)",
        r"(?:por favor )?(?:recuerda|no olvides|acuérdate de) que (?P<w>.+)",
        r"请?你?(?:要)?(?:记住|别忘了?|不要忘记)[：:\s]*(?P<w>.+)",
        r"(?P<w>.{4,})(?:こと)?を?(?:覚えて(?:おいて)?(?:ください|ね)|忘れないで(?:ください|ね)?)",
    )
)
_Pattern = tuple[re.Pattern[str], str, str, float]


def _compiled(rows: Iterable[_Row]) -> tuple[_Pattern, ...]:
    return tuple((re.compile(f"^{one}$", re.IGNORECASE), told, slot, weight) for one, told, slot, weight in rows)


_SPACED, _CHINESE, _JAPANESE = map(_compiled, (_SPACED_ROWS, _CHINESE_ROWS, _JAPANESE_ROWS))
_KANA = re.compile(r"[\u3040-\u30ff]")
_FIRST_PERSON = re.compile(
    r"\b(?:ich|mein|meine|mich|yo|me|mi|mí|vivo|soy|vengo|trabajo|llámame|llamarme|odio|detesto|tengo)\b", re.IGNORECASE
)
"""One of these is in every statement in a language with spaces."""


def _fitting(clause: str) -> Iterator[_Pattern]:
    """The patterns of the languages that a clause may be in."""
    if len(clause) > _MAX_CLAUSE:
        return
    if _FIRST_PERSON.search(clause):
        yield from _SPACED
    if "我" in clause:
        yield from _CHINESE
    if _KANA.search(clause):
        yield from _JAPANESE


@lru_cache(maxsize=256)
def statements_elsewhere(name: str, line: str) -> tuple[Statement, ...]:
    """What a person called ``name`` states about themselves in ``line``, in one of these languages; each once."""
    found: dict[str, Statement] = {}
    for sentence in dict.fromkeys(sentences(_QUOTED.sub(" ", ends(line, MOST_READ)))[:_MAX_CLAUSES]):
        for statement in _of_sentence(name, " ".join(sentence.split())):
            found.setdefault(statement.text.casefold(), statement)
    return tuple(found.values())[:_MAX_STATEMENTS]


def _of_sentence(name: str, sentence: str) -> list[Statement]:
    if _ASKS.search(sentence) or _SUPPOSED.search(sentence):
        return []
    body = _FILLER.sub("", sentence.strip(" .!…。！¡"))
    if (asked := next((match for one in _REMEMBER if (match := one.match(body))), None)) is not None:
        what = asked["w"].strip(" ,，、：:")
        kept = 4 <= len(what) <= _MAX_ASKED
        return [Statement(f"{name} asked you to remember: “{what}.”", "", 0.95)] if kept else []
    found, subject, before = [], "", ""
    for clause in dict.fromkeys(_CLAUSE.split(body, _MAX_CLAUSES)[:_MAX_CLAUSES]):
        clause = _FILLER.sub("", clause.strip())
        carried = subject + clause if subject and not _ITS_NAME.search(f"{before}，{clause}") else ""
        statement = _of_clause(name, clause) or (_of_clause(name, carried) if carried else None)
        if statement is not None:
            found.append(statement)
        before = clause
        subject = next((who for who in ("我", "ich ") if clause.casefold().startswith(who)), subject)
    return found


def _of_clause(name: str, clause: str) -> Statement | None:
    for pattern, template, slot, importance in _fitting(clause):
        if match := pattern.match(clause):
            return _statement(name, match.groupdict(), template, slot, importance)
    return None


def _statement(name: str, said: dict[str, str | None], template: str, slot: str, importance: float) -> Statement | None:
    thing = _TAIL.sub("", (said["o"] or "").strip()).strip(" ,'")
    if not thing or _TO_SOMEBODY.search(thing) or len(thing.split()) > _MAX_WORDS or len(thing) > _MAX_LETTERS:
        return None
    kin = _KIN.get((said.get("k") or "").casefold(), "")
    if slot == "taste":
        slot = f"taste:{thing.casefold()}"
    elif slot == "kin":
        slot = f"kin:{kin}" if kin in _SINGLE else ""
    return Statement(template.format(n=name, o=thing, k=kin), slot, importance)
