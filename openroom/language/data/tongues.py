"""Words by which people ask for things, as data: what they are about, what is to be done, and how one asks.

Used by the understudy only (`openroom.language.requests.match`). English in full; German, Spanish, Chinese and Japanese
in outline. Words are given in lower case; they are stemmed where they are used. In Chinese and Japanese they are looked
for anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


def words(text: str) -> frozenset[str]:
    """The words of a text that is a list of words."""
    return frozenset(text.split())


CONCEPTS: Mapping[str, frozenset[str]] = {
    "music": words(
        "music song songs tune tunes record records melody vinyl gramophone phonograph jukebox playlist "
        "track jazz waltz "
        "radio musical hits album disc melodies gramophones player musik lied lieder platte plattenspieler grammophon "
        "música musica canción cancion disco tocadiscos gramófono 音乐 歌 唱片 留声机 曲 音楽 レコード 蓄音機"
    ),
    "light": words(
        "light lamp lamps lights lantern candle candles bulb lighting lampshade licht lampe kerze laterne luz lámpara "
        "lampara vela farol 灯 蜡烛 燈 ランプ 明かり 灯り 電気 ろうそく"
    ),
    "tea": words(
        "tea kettle samovar cuppa teapot brew tee kessel wasserkocher samowar té tetera "
        "samovares 茶 水壶 やかん サモワール"
    ),
    "coffee": words("coffee espresso kaffee café cafetera 咖啡 コーヒー"),
    "door": words("door doors gate tür tor puerta 门 門 ドア 扉"),
    "window": words("window windows shutter shutters fenster ventana 窗 窓"),
    "curtain": words("curtain curtains blinds blind drapes vorhang cortina cortinas 窗帘 カーテン"),
    "fire": words("fire fireplace hearth stove radiator feuer ofen kamin fuego chimenea estufa 火 炉 暖炉"),
    "board": words("noticeboard board notice notices poster bulletin brett tablón tablon 布告栏 公告 掲示板"),
    "book": words("book books novel shelf diary journal buch tagebuch libro diario 书 日记 本 日記"),
    "clock": words("clock watch uhr reloj 钟 時計"),
    "chess": words("chess schach ajedrez 棋 国际象棋 チェス"),
    "cards": words("cards freecell solitaire patience karten cartas 纸牌 トランプ"),
    "gomoku": words("gomoku 五子棋 五目並べ"),
    "mail": words("mail letter letters post inbox brief post carta cartas correo 信 邮件 手紙 メール"),
    "radio": words("radio wireless rundfunk 收音机 ラジオ"),
}

COMMON: frozenset[str] = words(
    "a an the and or but if of to in on at by for with from as is am are was were be been do does did "
    "have has had i me "
    "my we us our you your he him his she her it its they them their this that these those what which who whom whose "
    "where when why how there here so not no yes just very can could will would shall should may might must about some "
    "any too oh well then than"
)
"""English words that say little about what a text is about."""

# What is done. An item and a request that both say what is to be done must agree.
OPPOSED: frozenset[str] = words("off close next prev up down clear")
"""Deeds that are never meant when somebody only names a thing (`some light, please` is no wish to have it out)."""


@dataclass(frozen=True, slots=True)
class Hint:
    """A remark that asks without asking: ``pattern`` is a regular expression, ``wants`` are (concept, deed) pairs that
    would help, any of them; ``unless`` is a pattern that shows the remark to be about something else."""

    pattern: str
    wants: tuple[tuple[str, str], ...]
    unless: str = ""


@dataclass(frozen=True, slots=True)
class Tongue:
    """How one language asks. ``deeds`` maps single words to what is done; ``markers`` is a pattern of polite asking,
    ``no`` of asking not to; ``joints`` a pattern of words between clauses; ``talk`` are verbs that make it talk and no
    request; ``empty`` are words without content. ``spaced`` tells whether words stand apart.
    """

    deeds: Mapping[str, str]
    markers: str
    no: str
    joints: str = ""
    talk: frozenset[str] = frozenset()
    empty: frozenset[str] = frozenset()
    verbs: frozenset[str] = frozenset()
    wants: frozenset[str] = frozenset()
    bare: frozenset[str] = frozenset()
    hints: tuple[Hint, ...] = ()
    offs: str = ""
    spaced: bool = True
    stop_words: frozenset[str] = field(default_factory=frozenset)


def _deeds(**groups: str) -> dict[str, str]:
    return {word: deed.rstrip("_") for deed, words in groups.items() for word in words.split()}


_ABOUT_STORIES = (
    r"\b(story|stories|book|novel|film|joke|humou?r|chocolate|thoughts?|colou?r|past|tale|was|were|matter)\b"
)

ENGLISH = Tongue(
    deeds=_deeds(
        on="on start play light ignite kindle begin resume boil heat brew make wind spin brighten "
        "activate illuminate crank warm",
        off="off stop pause out extinguish silence mute kill douse snuff quench quit halt hush quiet",
        clear="empty drain clear erase delete discard remove",
        open="open unlock unbolt",
        close="close shut lock bolt",
        next="next skip another different",
        prev="previous back",
        up="up louder raise brighter bright high",
        down="down quieter lower softer dim low dimmer",
        pour="pour serve fill refill",
        read="read look inspect examine",
        write="write pin post scribble",
        take="take fetch bring",
        move="move",
    ),
    verbs=words(
        "put turn switch set get give let hit strike throw play start stop light open close shut pour make boil "
        "brew heat read write pin post take move skip pause resume change lower raise dim extinguish kill "
        "fire wind flip "
        "spin pop pull draw stick bring serve fill refill lock unlock silence mute blow snuff brighten "
        "crank look check "
        "pass hand empty clear ring feed water clean sweep wipe hang sit shuffle deal bolt unbolt douse kindle ignite "
        "hush examine inspect"
    ),
    markers=(
        r"\b(?:could|can|would|will|won't|can't|couldn't|wouldn't) (?:you|we|i|u|someone|somebody|anyone|anybody)\b"
        r"|\b(?:please|pls|kindly)\b|\blet's\b|\blet us\b|\blet there be\b|\blet me have\b|\bhow about\b"
        r"|\bwhy (?:don't|not)\b|\b(?:would|is) it be possible to\b|\bis it possible to\b|\b(?:could"
        r"|may) i trouble you\b"
        r"|\bi(?:'d| would| could) (?:kill|murder|die)(?: for)?\b|\bhave a (?:look|peek|go)\b|^(?:you"
        r"|we) (?:could|can|may)\b"
        r"|\bwouldn't (?:hurt|go amiss|be bad)\b"
        r"|\bi(?:'d| would) (?:really |so |quite |rather )?(?:like|love|appreciate|enjoy|fancy|welcome)\b"
        r"|\b(?:i|we) (?:really |just |badly )?(?:want|need|fancy|could (?:use|do with)|wouldn't mind)\b"
        r"|\b(?:i|we) (?:really )?wish (?:there (?:was|were)|we had|i had|you would|you'd)\b"
        r"|\b(?:may|might|shall|should) (?:i|we)\b|\b(?:would|do) you mind\b|\bmind if\b"
        r"|\b(?:could|can) (?:the|your) \w+(?: \w+)? (?:be|bring|make|give)\b"
        r"|\bneeds? (?:a |some )?\w+ing\b|\bwould (?:do|go well|suit|save|help)\b"
        r"|\b(?:do you have|have you got|is there|are there|got)(?= (?:any|some|that)\b)|\bany chance of\b|\bcare to\b"
        r"|\b(?:would|might) be (?:so |very |quite )?(?:nice|lovely|good|great|wonderful|welcome"
        r"|perfect)\b|\bin the mood for\b"
        r"|\b(?:time|ready|dying|desperate) for\b|\bfancy(?= (?:a|some)\b)|\bbe (?:a dear|so kind|an angel)\b"
        r"|\b(?:we|you) (?:should|ought to|might as well)\b|\bgive us\b|\bmore\b(?=.{0,20}$)"
    ),
    no=r"\b(?:don't|do not|never|didn't|doesn't|hasn't|haven't|not yet|rather not|no need"
    r"|leave(?! (?:me |us )?(?:a|an|some)\b))\b"
    r"|\bshed\b.*\blight on\b",
    joints=r"and|then|but|so(?= \w+ (?:i|we|it|they)\b)",
    talk=words(
        "tell say talk speak explain describe know think thought believe guess wonder remember forget "
        "mean like love hate "
        "hear see smell feel taste imagine recommend suggest prefer help teach learn ask answer "
        "understand agree be been "
        "come go stay live visit buy sell bought sold discuss mention name call find repair fix own keep "
        "marry trust show "
        "promise repeat wait accept afford miss recall count guess expect tempt bet admit"
    ),
    wants=words("hear listen read drink have play sit dance warm try enjoy"),
    bare=words(
        "a an bit little much some more the please pls now maestro sir madam dear on off out up down cup glass pot of"
    ),
    empty=words(
        "a an the some any that this these those it its one ones thing things something anything us we i "
        "me you my your our "
        "please pls yes no now then just a bit of little for in here there to up with and so more again nice "
        "good lovely maybe "
        "perhaps also too kindly possibly at on off out go ahead have get give want need like would could "
        "can will do does "
        "is are let lets how about why not be what another first second moment minute while oh hey well ok okay dear "
        "cup glass pot drop touch hot warm fresh quick whole round spot couple set down back over by from "
        "into room place "
        "around today tonight everyone everybody all if maestro sir madam love yes thanks thank"
    ),
    hints=(
        Hint(
            r"\b(?:sit|stay|be|have it|want it|like it|make it)(?: \w+){0,2} dark\b|^(?:some |total "
            r"|more )?darkness(?: please)?$",
            (("light", "off"), ("light", "down")),
            r"\b(?:was|were|afraid|scared|hate)\b",
        ),
        Hint(
            r"\b(?:rather|prefer|like|want|have|need)(?: have| some| a bit of| a little| the){0,2} (?:silence|quiet)\b",
            (("music", "off"), ("music", "down")),
        ),
        Hint(
            r"\b(?:it's|it is|so|too|getting|gets|got|rather|awfully|pretty|bit|quite|terribly|very|feels?"
            r"|awful|how|is)\b"
            r"(?: \w+){0,2} (?:dark|dim|gloomy|murky|dusky)\b|\bpitch[- ](?:dark|black)\b"
            r"|\b(?:about|against) (?:the|this|all this) (?:dark|darkness|gloom)\b|\bbrighten (?:this "
            r"|the |up )*(?:place|room|corner|things|here)\b"
            r"|\b(?:can't|cannot|can hardly|can barely|hardly) (?:see|read|make out) (?:a thing|anything"
            r"|much|you|your|my|in|the)\b",
            (("light", "on"), ("light", "up"), ("curtain", "open")),
            _ABOUT_STORIES,
        ),
        Hint(
            (
                r"\b(?:too|awfully|terribly|dreadfully|painfully) (?:bright|glaring)\b|\b(?:light"
                r"|lamp) (?:hurts|blinds|is in my eyes)\b"
            ),
            (("light", "down"), ("light", "off"), ("curtain", "close")),
            r"\b(?:was|were|too bright for(?! me| us| my))\b",
        ),
        Hint(
            r"\b(?:too|awfully|terribly|dreadfully|rather|so|bit|deathly|painfully) (?:quiet|silent)\b",
            (("music", "on"), ("music", "up")),
            r"\b(?:was|were|like|love|nice|peaceful|he|she|they|you're|you)\b",
        ),
        Hint(
            (
                r"\b(?:too|awfully|terribly|so|bit|rather) (?:loud|noisy)\b|\bcan't hear (?:myself|you|a thing"
                r"|anything)\b|\bheadache\b"
            ),
            (("music", "down"), ("music", "off")),
            r"\b(?:was|were|he|she|they)\b",
        ),
        Hint(
            r"\b(?:i'm|i am|we're|we are|feeling|getting|so|rather|bit) (?:so |very |really |rather "
            r"|quite |a bit |awfully )?"
            r"(?:thirsty|parched)\b|\bthroat is (?:so )?dry\b|\b(?:my|this|the|our) (?:cup|mug|glass|pot"
            r"|cups)(?:'s| is| are) (?:\w+ )?empty\b|\bdying for a (?:drink|cuppa)\b"
            r"|\b(?:is there|do you have|have you(?: got)?)(?: still| any| some| more)* tea(?: left)?$",
            (("tea", "pour"), ("tea", "on"), ("coffee", "pour"), ("coffee", "on")),
        ),
        Hint(
            r"^(?:hush|silence|mute|shush|quieten|shut up)\b.*\b(?:that|this|it|thing)\b",
            (("music", "off"), ("music", "down")),
        ),
        Hint(
            r"\b(?:can't|cannot|can hardly|can barely|can scarcely|hardly|barely)(?: even)? (?:hear|catch"
            r"|make out) (?:the|this|that|any)"
            r" (?:\w+ )?(?:music|record|song|tune|melody|gramophone)\b",
            (("music", "up"),),
        ),
        Hint(
            r"\b(?:fingers?|hands?|feet|toes|nose|teeth|bones|ears|face)\b.*\b(?:ice|icy|icicles?|frozen|numb"
            r"|freezing|chattering"
            r"|blue|frost\w*|stiff)\b|\b(?:i'm|i am|we're|feel) (?:\w+ )?(?:frozen|shivering|chilled|numb"
            r"|frozen solid|trembling with cold)\b"
            r"|\bteeth (?:are )?chatter|\bbrr+\b|\bcatch my death\b|\bfire (?:is|has) (?:\w+ )?(?:low|dying"
            r"|gone out|going out|nearly out)\b",
            (("fire", "on"), ("window", "close"), ("door", "close")),
            r"\b(?:was|were|yesterday)\b",
        ),
        Hint(
            r"\b(?:i'm|i am|we're|we are|everything is|everyone is) (?:\w+ )?(?:getting |being )?(?:drenched"
            r"|soaked|wet|dripping|soggy)\b",
            (("mist", "off"),),
        ),
        Hint(
            r"\b(?:plants?|pots?|ferns?|flowers?|seedlings?|parsley|soil|earth|leaves|leaf|it|he|she|that"
            r"|they) (?:\w+ )?(?:looks?|seems?|is|are|feels?)"
            r" (?:\w+ )?(?:thirsty|wilting|wilted|drooping|droopy|parched|bone dry|dried out|limp|withering)\b",
            (("plant", "water"), ("mist", "on")),
        ),
        Hint(
            r"\b(?:air|it|leaves|everything|greenhouse)(?:'s| is| are) (?:\w+ )?(?:so |too |very |awfully "
            r"|terribly )?dry\b",
            (("mist", "on"), ("plant", "water")),
        ),
        Hint(
            r"\b(?:i'm|i am|we're|it's|it is|like) (?:\w+ )?(?:sweltering|boiling|roasting|baking|melting"
            r"|sweating|suffocating|an oven|a sauna|stifling)\b",
            (("fire", "off"), ("window", "open"), ("door", "open")),
            r"\b(?:was|were|with rage|outside|water|kettle|samovar)\b",
        ),
        Hint(
            r"\b(?:it's|it is|i'm|i am|we're|so|too|getting|rather|bit|awfully|feels?)(?: \w+)? "
            r"(?:cold|chilly|freezing|draughty|drafty|shivering|nippy)\b(?! (?:to|towards|with|on|case"
            r"|facts?|fish))|\b(?:there's|in|feel|is) a (?:\w+ )?(?:draught|draft)\b"
            r"|\bwind (?:\w+ )?(?:blow\w*|com\w+|gets?|howl\w*) (?:in|through)\b",
            (("fire", "on"), ("window", "close"), ("door", "close")),
            r"\b(?:was|were|outside|he|she|they|war|tea|soup)\b",
        ),
        Hint(
            r"\b(?:it's|it is|so|too|getting|rather|bit|awfully|feels?)(?: \w+)? (?:stuffy|hot|stifling"
            r"|airless|smoky)\b"
            r"|\b(?:some|fresh|more|bit of) (?:fresh )?air\b|\blet(?: \w+)* air in\b|\b(?:can't|cannot"
            r"|can hardly|can barely|hardly) breathe\b",
            (("window", "open"), ("fire", "off"), ("fire", "down"), ("door", "open")),
            r"\b(?:was|were|outside|he|she|they|tea|soup|water|drink|topic)\b",
        ),
        Hint(
            r"\bwhat(?:'s| is) (?:new |written |pinned |posted )?(?:up )?on the (?:notice ?)?board\b",
            (("board", "read"),),
        ),
        Hint(
            r"\b(?:someone|somebody|knock|knocking)\b.{0,12}\bdoor\b|\bknock,? knock\b",
            (("door", "open"),),
            r"\b(?:was|were|yesterday|once)\b",
        ),
    ),
    offs=r"\b(?:no|enough|without)(?: more| of)?(?: \w+)? (?=(?:music|light|lights|noise|songs?)\b)",
    stop_words=words(
        "the and is are you i it to of what that have do in my me we this was for with not your on how a "
        "he she they please "
        "could can would"
    ),
)

GERMAN = Tongue(
    deeds=_deeds(
        on="an ein anmachen einschalten anzünden spiel spiele spielen spielst anschalten starte koch "
        "koche kochen aufsetzen",
        off="aus ausmachen ausschalten stopp stoppe löschen lösch pause",
        open="auf öffne öffnen aufmachen",
        close="zu schließe schließ schließen schliess zumachen",
        next="nächste nächstes nächsten weiter",
        up="lauter heller",
        down="leiser dunkler",
        pour="gieß einschenken schenk",
    ),
    verbs=words(
        "mach mache schalte schalt spiel spiele öffne schließ schließe zünde koch koche stell stelle setz "
        "gieß schenk dreh "
        "leg lösch starte stoppe gib lies schreib"
    ),
    markers=(
        r"\bbitte\b|\b(?:kannst|könntest|würdest|willst) du\b|\b(?:können|könnten|könnt|würden) (?:wir|sie"
        r"|ihr)\b|\bkann ich\b"
        r"|\bich (?:möchte|hätte gern|hätte gerne|will|brauche|würde gern)\b|\blass(?:t)? uns\b"
        r"|\bwie wäre es mit\b|\bwie wär's mit\b"
    ),
    no=r"\b(?:nicht|kein|keine|keinen|nie|niemals)\b",
    joints="und|dann|aber",
    talk=words("sag sagen erzähl erzählen erklären glaubst denkst weißt wissen hören sehen magst mögen helfen"),
    bare=words("der die das ein eine einen etwas bitte mehr jetzt an aus tasse"),
    empty=words(
        "der die das den dem ein eine einen etwas bitte mal doch du wir ich sie mir uns hier ist es und "
        "noch jetzt kannst "
        "könntest können könnten würdest mach mache schalte möchte hätte gern will brauche lass tasse"
    ),
    hints=(
        Hint(
            r"\b(?:so|zu|sehr|ziemlich|ist es|es ist|hier ist es)(?: \w+)? (?:dunkel|finster)\b",
            (("light", "on"),),
            r"\bwar\b",
        ),
        Hint(r"\bmir ist (?:so |sehr )?kalt\b|\bes zieht\b", (("fire", "on"), ("window", "close"), ("door", "close"))),
        Hint(r"\b(?:ich habe|hab) (?:so |großen )?durst\b", (("tea", "pour"), ("tea", "on"))),
        Hint(r"\bzu (?:laut)\b", (("music", "off"), ("music", "down"))),
        Hint(r"\bzu (?:still|ruhig)\b", (("music", "on"),)),
    ),
    stop_words=words(
        "der die das und ist nicht ich du wir mir bitte ein eine einen kannst könntest mach es zu mit auf für "
        "hallo guten dank danke vielen tschüss bist sind"
    ),
)

SPANISH = Tongue(
    deeds=_deeds(
        on="enciende encender prende prender pon poner toca tocar empieza calienta hierve prepara",
        off="apaga apagar para parar detén quita quitar",
        open="abre abrir",
        close="cierra cerrar",
        next="siguiente otra otro",
        up="sube subir",
        down="baja bajar",
        pour="sirve servir",
    ),
    verbs=words(
        "enciende prende pon toca empieza apaga para abre cierra sube baja sirve calienta hierve prepara quita ponme"
    ),
    markers=(
        r"\bpor favor\b|\b(?:puedes|podrías|puede|podría|podemos|podríamos|quieres)\b|\b(?:quiero|quisiera"
        r"|me gustaría|necesito)\b"
        r"|\bvamos a\b|\bqué tal (?:si|un|una|algo)\b"
    ),
    no=r"\b(?:no|nunca)\b",
    joints="y|luego|pero",
    talk=words(
        "decir decirme dime cuenta contar contarme explica explicar sabes saber crees piensas gusta oír ver ayudar"
    ),
    bare=words("el la un una algo de más por favor ahora"),
    empty=words(
        "el la los las un una unos unas de por favor me nos aquí algo más y a en que puedes podrías "
        "podemos quiero quisiera "
        "pon poner ponme taza lo ahora"
    ),
    hints=(
        Hint(r"\b(?:está|esta|muy|tan|demasiado)(?: \w+)? oscuro\b", (("light", "on"),), r"\b(?:estaba|era)\b"),
        Hint(r"\btengo (?:mucho |tanto )?frío\b|\bhace (?:mucho )?frío\b", (("fire", "on"), ("window", "close"))),
        Hint(r"\btengo (?:mucha )?sed\b", (("tea", "pour"), ("tea", "on"))),
    ),
    stop_words=words(
        "el la los las que de por favor está puedes podrías pon quiero y una un en con para muy aquí es "
        "hola gracias muchas adiós buenos buenas eres usted"
    ),
)

CHINESE = Tongue(
    deeds=_deeds(on="打开 开灯 点亮 点上 播放 放点 放一 放首 放个 来点 来首 开 放 煮 泡 烧",
        off="关掉 关灯 关上灯 熄 停 关",
                 open="打开 开窗 开门", close="关上 关窗 关门", next="下一", up="大声", down="小声", pour="倒"),
    markers=r"请|能不能|可以|能|吧|来点|帮|想听|想喝|想要|给我|把|一下",
    no=r"不要|别|不用",
    talk=words("告诉 觉得 喜欢 知道 说说 认为"),
    hints=(
        Hint(r"(?:好|太|很|有点)(?:黑|暗)", (("light", "on"),)),
        Hint(r"(?:好|太|很|有点)冷", (("fire", "on"), ("window", "close"), ("door", "close"))),
        Hint(r"口渴|好渴", (("tea", "pour"), ("tea", "on"))),
        Hint(r"太安静", (("music", "on"),)),
        Hint(r"太吵", (("music", "off"), ("music", "down"))),
    ),
    spaced=False,
)  # fmt: skip

JAPANESE = Tongue(
    deeds=_deeds(on="つけ 点け 流し かけて 流す かけ 淹れ 入れて 沸かし 始め", off="消し 止め とめ",
                 open="開け あけ", close="閉め しめ", next="次の", up="大きく", down="小さく", pour="注い"),
    markers=r"ください|下さい|くれ|お願い|もらえ|ましょう|たい(?:です|な|$)|ほしい|欲しい|て[。！!]?$|いただけ",
    no=r"ないで|なくて(?:いい|も)",
    talk=words("教え 話し 思い 好き 知って"),
    hints=(
        Hint(r"暗い(?!話|本|歌)|真っ暗", (("light", "on"),), r"暗かった"),
        Hint(r"寒い", (("fire", "on"), ("window", "close"), ("door", "close"))),
        Hint(r"喉が渇|のどが渇", (("tea", "pour"), ("tea", "on"))),
        Hint(r"静かすぎ", (("music", "on"),)),
        Hint(r"うるさい", (("music", "off"), ("music", "down"))),
    ),
    spaced=False,
)  # fmt: skip

TONGUES: Mapping[str, Tongue] = {"en": ENGLISH, "de": GERMAN, "es": SPANISH, "zh": CHINESE, "ja": JAPANESE}
