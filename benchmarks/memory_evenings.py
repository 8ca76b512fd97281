"""What visitors tell and ask on the made-up evenings of `benchmarks.memory_recall`, in five languages."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Told:
    """What a visitor says, and later asks, and the word that answers it."""

    says: str
    asks: str
    answer: str


@dataclass(frozen=True)
class Tellings:
    """What is told in one language: six rows of (what is said, what is asked, the slot that answers), the words for the
    slots, the small talk between, and what the character answers to everything."""

    rows: tuple[tuple[str, str, str], ...]
    words: Mapping[str, str]
    chat: tuple[str, ...]
    reply: str

    def of_one(self, rng: random.Random) -> list[Told]:
        """Six things one visitor tells, in random order."""
        given = {slot: rng.choice(words.split()) for slot, words in self.words.items()}
        found = [Told(says.format(**given), asks.format(**given), given[slot]) for says, asks, slot in self.rows]
        rng.shuffle(found)
        return found


ENGLISH = Tellings(
    rows=(
        ("I live in {city}, near the harbour.", "Do you know where my home is?", "city"),
        ("I have a {pet} called {name}.", "What was my pet's name?", "name"),
        ("I work as a {job} since the spring.", "What do I do for a living?", "job"),
        ("I really can't stand {food}.", "Which food do I dislike?", "food"),
        ("Last Tuesday the {thing} fell from the {place} roof.", "What fell down at the {place}?", "thing"),
        (
            "A stranger gave me a {thing} on the {place} steps.",
            "What did the stranger give me by the {place}?",
            "thing",
        ),
    ),
    words={
        "city": "Bergen Lyon Porto Gdansk Kyoto Galway Tartu Trieste Cusco Malmo Ghent Izmir",
        "pet": "parrot ferret tortoise greyhound axolotl hedgehog goose pony",
        "name": "Rex Mimi Bruno Pelle Nanook Tosca Fips Ludo",
        "job": "baker cartographer midwife glazier beekeeper welder notary luthier",
        "food": "rhubarb anchovies marzipan kimchi gooseberries liquorice polenta chicory",
        "thing": "umbrella telescope accordion suitcase compass violin kite typewriter",
        "place": "ferry library cemetery funicular market greenhouse cinema lighthouse",
    },
    chat=(
        "It is so loud outside tonight.",
        "The rain does not stop, does it?",
        "I could sit here for hours.",
        "Somebody should mend that door.",
        "What a long week this was.",
        "You keep the place so tidy.",
        "Did the clock stop again?",
        "People are in a hurry these days.",
        "My shoes are soaked.",
        "That smells good.",
    ),
    reply="I see.",
)

GERMAN = Tellings(
    rows=(
        ("Ich wohne in {city}, gleich am Hafen.", "Weißt du, wo ich zu Hause bin?", "city"),
        ("Ich habe ein Haustier, ein Tier namens {name}, eine Art {pet}.", "Wie hieß mein Haustier?", "name"),
        ("Ich arbeite seit dem Frühling als {job}.", "Was mache ich beruflich?", "job"),
        ("Ich kann {food} wirklich nicht ausstehen.", "Welches Essen mag ich nicht?", "food"),
        (
            "Letzten Dienstag fiel vom Dach beim {place} ein Ding herunter: {thing}.",
            "Was fiel beim {place} herunter?",
            "thing",
        ),
        (
            "Ein Fremder schenkte mir auf den Stufen beim {place} etwas: {thing}.",
            "Was schenkte mir der Fremde beim {place}?",
            "thing",
        ),
    ),
    words={
        "city": "Bergen Lyon Porto Danzig Kyoto Galway Tartu Triest Cusco Malmö Gent Izmir",
        "pet": "Papagei Frettchen Schildkröte Windhund Axolotl Igel Gans Pony",
        "name": "Rex Mimi Bruno Pelle Nanook Tosca Fips Ludo",
        "job": "Bäcker Kartograf Hebamme Glaser Imker Schweißer Notar Geigenbauer",
        "food": "Rhabarber Sardellen Marzipan Kimchi Stachelbeeren Lakritz Polenta Chicorée",
        "thing": "Regenschirm Fernrohr Akkordeon Koffer Kompass Geige Drachen Schreibmaschine",
        "place": "Anleger Bücherhaus Friedhof Bahnhof Markt Gewächshaus Kino Leuchtturm",
    },
    chat=(
        "Draußen ist es heute Abend so laut.",
        "Der Regen hört nicht auf, was?",
        "Hier könnte ich stundenlang sitzen.",
        "Jemand sollte die Tür da richten.",
        "Was für eine lange Woche das war.",
        "Du hältst es hier so ordentlich.",
        "Ist die Uhr wieder stehen geblieben?",
        "Die Leute haben es eilig heutzutage.",
        "Meine Schuhe sind durchnässt.",
        "Das riecht gut.",
    ),
    reply="Aha.",
)

SPANISH = Tellings(
    rows=(
        ("Vivo en {city}, cerca del puerto.", "¿Sabes dónde está mi casa?", "city"),
        ("Tengo una mascota que se llama {name}, un animal raro: {pet}.", "¿Cómo se llamaba mi mascota?", "name"),
        ("Trabajo de {job} desde la primavera.", "¿A qué me dedico?", "job"),
        ("No soporto el sabor de esto: {food}.", "¿Qué comida no me gusta?", "food"),
        (
            "El martes pasado cayó del tejado del {place} esto: {thing}.",
            "¿Qué se cayó del tejado del {place}?",
            "thing",
        ),
        (
            "Un desconocido me dio esto en los escalones del {place}: {thing}.",
            "¿Qué me dio el desconocido junto al {place}?",
            "thing",
        ),
    ),
    words={
        "city": "Bergen Lyon Oporto Gdansk Kioto Galway Tartu Trieste Cusco Malmo Gante Esmirna",
        "pet": "loro hurón tortuga galgo ajolote erizo ganso poni",
        "name": "Rex Mimi Bruno Pelle Nanook Tosca Fips Ludo",
        "job": "panadera cartógrafa matrona vidriera apicultora soldadora notaria luthier",
        "food": "ruibarbo anchoas mazapán kimchi grosellas regaliz polenta achicoria",
        "thing": "paraguas telescopio acordeón maleta brújula violín cometa imprenta",
        "place": "muelle museo cementerio funicular mercado invernadero cine faro",
    },
    chat=(
        "Hay tanto ruido fuera esta noche.",
        "La lluvia no para, ¿verdad?",
        "Podría quedarme aquí horas.",
        "Alguien debería arreglar esa puerta.",
        "Qué semana tan larga ha sido.",
        "Lo tienes todo tan ordenado.",
        "¿Se ha parado otra vez el reloj?",
        "La gente va con prisa estos días.",
        "Tengo los zapatos empapados.",
        "Eso huele bien.",
    ),
    reply="Ya veo.",
)

CHINESE = Tellings(
    rows=(
        ("我住在{city}，就在港口旁边。", "你知道我家在哪儿吗？", "city"),
        ("我养了一只{pet}，名叫{name}。", "我的宠物叫什么名字？", "name"),
        ("从春天起我在做{job}。", "我是做什么工作的？", "job"),
        ("我真的受不了{food}。", "我讨厌吃什么？", "food"),
        ("上星期二{thing}从{place}的屋顶上掉了下来。", "{place}那里掉下来的是什么？", "thing"),
        ("在{place}的台阶上，一个陌生人给了我一个{thing}。", "在{place}旁边陌生人给了我什么？", "thing"),
    ),
    words={
        "city": "卑尔根 里昂 波尔图 格但斯克 京都 戈尔韦 塔尔图 的里雅斯特 库斯科 马尔默 根特 伊兹密尔",
        "pet": "鹦鹉 雪貂 乌龟 灵缇 蝾螈 刺猬 鹅 小马",
        "name": "雷克斯 咪咪 布鲁诺 佩勒 纳努克 托斯卡 菲普斯 卢多",
        "job": "面包师 制图师 助产士 玻璃匠 养蜂人 焊工 公证人 制琴师",
        "food": "大黄 凤尾鱼 杏仁糖 泡菜 醋栗 甘草糖 玉米粥 菊苣",
        "thing": "雨伞 望远镜 手风琴 手提箱 指南针 小提琴 风筝 打字机",
        "place": "渡口 图书馆 墓园 缆车站 市场 温室 电影院 灯塔",
    },
    chat=(
        "今晚外面真吵。",
        "这雨下个不停，是吧？",
        "我能在这儿坐上好几个小时。",
        "那扇门该有人修一修了。",
        "这个星期真漫长。",
        "你这儿收拾得真整齐。",
        "钟又停了吗？",
        "如今的人都急急忙忙的。",
        "我的鞋都湿透了。",
        "真香啊。",
    ),
    reply="原来如此。",
)

JAPANESE = Tellings(
    rows=(
        ("港の近くの{city}に住んでいます。", "私の家がどこか知っていますか？", "city"),
        ("{name}という名前の{pet}を飼っています。", "私のペットの名前は何でしたか？", "name"),
        ("春から{job}として働いています。", "私の仕事は何ですか？", "job"),
        ("{food}だけは本当に苦手です。", "私の嫌いな食べ物は何ですか？", "food"),
        ("先週の火曜日に{place}の屋根から{thing}が落ちました。", "{place}で落ちたのは何でしたか？", "thing"),
        ("{place}の階段で知らない人が{thing}をくれました。", "{place}のそばで知らない人は何をくれましたか？", "thing"),
    ),
    words={
        "city": "ベルゲン リヨン ポルト グダニスク 京都 ゴールウェイ タルトゥ トリエステ クスコ マルメ ヘント イズミル",
        "pet": "オウム フェレット 亀 グレイハウンド ウーパールーパー ハリネズミ ガチョウ ポニー",
        "name": "レックス ミミ ブルーノ ペレ ナヌーク トスカ フィップス ルド",
        "job": "パン職人 地図職人 助産師 ガラス職人 養蜂家 溶接工 公証人 弦楽器職人",
        "food": "ルバーブ アンチョビ マジパン キムチ すぐり リコリス ポレンタ チコリ",
        "thing": "傘 望遠鏡 アコーディオン 鞄 羅針盤 バイオリン 凧 タイプライター",
        "place": "渡し場 図書館 墓地 駅 市場 温室 映画館 灯台",
    },
    chat=(
        "今夜は外がとてもうるさいですね。",
        "雨が止みませんね。",
        "ここなら何時間でも座っていられます。",
        "あのドアは誰かが直さないと。",
        "長い一週間でした。",
        "いつもきれいにしていますね。",
        "時計がまた止まりましたか？",
        "近ごろはみんな急いでいます。",
        "靴がびしょ濡れです。",
        "いい匂いですね。",
    ),
    reply="なるほど。",
)

EVENINGS: Mapping[str, Tellings] = {
    "en": ENGLISH,
    "de": GERMAN,
    "es": SPANISH,
    "zh": CHINESE,
    "ja": JAPANESE,
}
