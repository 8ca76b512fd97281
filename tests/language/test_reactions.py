"""Which plain lines answer a remark: its kind is found in five languages, and a request or a question has none."""

from __future__ import annotations

import time

import pytest

from openroom.language.reactions import REACTIONS, reactions

KINDS = (
    "death", "gift", "job", "loss", "sorrow", "body", "hurry", "fear", "inability", "home", "trade", "kin", "liking",
    "dislike", "wish", "weather", "beauty",
)  # fmt: skip

TOLD: dict[str, tuple[tuple[str, str], ...]] = {
    "en": (
        ("My grandmother passed away last spring.", "death"),
        ("I've brought you some apples.", "gift"),
        ("I lost my job.", "job"),
        ("I lost my key on the way.", "loss"),
        ("It was a terrible day.", "sorrow"),
        ("I'm so tired.", "body"),
        ("I have to go soon.", "hurry"),
        ("I’m a little afraid of the dark.", "fear"),
        ("I'm terrible at chess.", "inability"),
        ("I grew up by the sea.", "home"),
        ("I work in a bakery.", "trade"),
        ("My sister plays the violin.", "kin"),
        ("I really love old maps.", "liking"),
        ("I hate loud places.", "dislike"),
        ("Somebody should mend that fence.", "wish"),
        ("It has been raining since noon.", "weather"),
        ("What a lovely room!", "beauty"),
    ),
    "de": (
        ("Meine Großmutter ist letztes Jahr gestorben.", "death"),
        ("Mein alter Hund ist seit einer Woche tot.", "death"),
        ("Ich habe meinen Vater verloren.", "death"),
        ("Ich habe dir einen Kuchen mitgebracht.", "gift"),
        ("Das ist für dich!", "gift"),
        ("Ich habe meine Stelle verloren.", "job"),
        ("Ich habe unterwegs meinen Schlüssel verloren.", "loss"),
        ("Mein Fahrrad wurde gestohlen.", "loss"),
        ("Das war ein schrecklicher Tag.", "sorrow"),
        ("Ich bin heute ziemlich traurig.", "sorrow"),
        ("Mir tun die Füße weh.", "body"),
        ("Ich bin so müde.", "body"),
        ("Mir ist furchtbar kalt.", "body"),
        ("Ich muss gleich wieder los.", "hurry"),
        ("Ich habe es leider eilig.", "hurry"),
        ("Ich habe ein bisschen Angst vor Spinnen.", "fear"),
        ("Ich kann überhaupt nicht singen.", "inability"),
        ("Ich bin in einem kleinen Dorf am Meer aufgewachsen.", "home"),
        ("Ich komme aus Bremen.", "home"),
        ("Ich arbeite in einer Bäckerei.", "trade"),
        ("Ich bin Lehrerin von Beruf.", "trade"),
        ("Meine kleine Schwester spielt Geige.", "kin"),
        ("Ich mag alte Landkarten.", "liking"),
        ("Ich lese abends sehr gern.", "liking"),
        ("Ich mag keinen Lärm.", "dislike"),
        ("Spinat kann ich nicht leiden.", "dislike"),
        ("Jemand sollte den Zaun reparieren.", "wish"),
        ("Draußen regnet es schon wieder.", "weather"),
        ("Es ist sehr gemütlich hier.", "beauty"),
        ("Was für ein schönes Zimmer!", "beauty"),
    ),
    "es": (
        ("Mi abuela murió el año pasado.", "death"),
        ("Perdí a mi padre hace dos años.", "death"),
        ("Te he traído un pastel.", "gift"),
        ("Toma, esto es para ti.", "gift"),
        ("Me han despedido.", "job"),
        ("He perdido las llaves por el camino.", "loss"),
        ("Se me ha roto el paraguas.", "loss"),
        ("Ha sido un día terrible.", "sorrow"),
        ("Hoy estoy un poco triste.", "sorrow"),
        ("Me duelen los pies.", "body"),
        ("Estoy muy cansada.", "body"),
        ("Tengo mucha hambre.", "body"),
        ("Tengo que irme pronto.", "hurry"),
        ("Tengo un poco de miedo a la oscuridad.", "fear"),
        ("Me dan miedo las arañas.", "fear"),
        ("No sé bailar.", "inability"),
        ("Se me da mal el ajedrez.", "inability"),
        ("Crecí en un pueblo junto al mar.", "home"),
        ("Soy de Sevilla.", "home"),
        ("Trabajo en una panadería.", "trade"),
        ("Soy enfermera.", "trade"),
        ("Mi hermana toca el violín.", "kin"),
        ("Me encantan los mapas antiguos.", "liking"),
        ("No me gusta el ruido.", "dislike"),
        ("Odio madrugar.", "dislike"),
        ("Alguien debería arreglar esa valla.", "wish"),
        ("Está lloviendo otra vez.", "weather"),
        ("Hoy hace mucho calor.", "weather"),
        ("¡Qué lugar tan bonito!", "beauty"),
    ),
    "ja": (
        ("去年、祖母が亡くなりました。", "death"),
        ("ケーキを焼いてきました。", "gift"),
        ("これ、あなたにあげます。", "gift"),
        ("仕事を失いました。", "job"),
        ("途中で鍵をなくしてしまいました。", "loss"),
        ("電車に乗り遅れました。", "loss"),
        ("今日はひどい一日でした。", "sorrow"),
        ("少し寂しいです。", "sorrow"),
        ("足が痛いです。", "body"),
        ("とても疲れました。", "body"),
        ("お腹が空きました。", "body"),
        ("そろそろ帰らないといけません。", "hurry"),
        ("暗いところが怖いです。", "fear"),
        ("歌が下手です。", "inability"),
        ("泳げません。", "inability"),
        ("海辺の町で育ちました。", "home"),
        ("大阪から来ました。", "home"),
        ("パン屋で働いています。", "trade"),
        ("私は看護師です。", "trade"),
        ("父は医者です。", "kin"),
        ("妹はバイオリンを弾きます。", "kin"),
        ("古い地図が大好きです。", "liking"),
        ("うるさい場所は好きではありません。", "dislike"),
        ("虫が嫌いです。", "dislike"),
        ("誰かがあの柵を直すべきです。", "wish"),
        ("また雨が降っています。", "weather"),
        ("とてもきれいですね。", "beauty"),
        ("素敵なお部屋ですね。", "beauty"),
    ),
    "zh": (
        ("我奶奶去年去世了。", "death"),
        ("我给你带了一块蛋糕。", "gift"),
        ("这是送给你的。", "gift"),
        ("我失业了。", "job"),
        ("我在路上把钥匙弄丢了。", "loss"),
        ("我的自行车被偷了。", "loss"),
        ("真是糟糕的一天。", "sorrow"),
        ("我今天有点难过。", "sorrow"),
        ("我的脚很疼。", "body"),
        ("我好累。", "body"),
        ("我快饿死了。", "body"),
        ("我得马上走了。", "hurry"),
        ("我有点怕黑。", "fear"),
        ("我不会唱歌。", "inability"),
        ("我在海边的小村子里长大。", "home"),
        ("我来自上海。", "home"),
        ("我在一家面包店工作。", "trade"),
        ("我是一名老师。", "trade"),
        ("我妹妹会拉小提琴。", "kin"),
        ("我很想妈妈。", "kin"),
        ("我很喜欢旧地图。", "liking"),
        ("我不喜欢吵闹的地方。", "dislike"),
        ("我讨厌早起。", "dislike"),
        ("他们应该修一修那道篱笆。", "wish"),
        ("外面又下雨了。", "weather"),
        ("这里真漂亮。", "beauty"),
    ),
}

NONE: dict[str, tuple[str, ...]] = {
    "en": (
        "Say something nice.",
        "Tell me a story.",
        "Do you like the rain?",
        "Is your mother still alive?",
        "Where do you come from?",
        "The train leaves at nine.",
        "There are three chairs in here.",
    ),
    "de": (
        "Sag etwas Nettes.",
        "Sag mir etwas Schönes.",
        "Erzähl mir vom Wetter.",
        "Erzähl mir eine Geschichte über meine Mutter.",
        "Magst du Regen?",
        "Wie ist das Wetter heute",
        "Kannst du mir sagen, ob es regnet",
        "Ich hätte gern einen Tee.",
        "Es wäre schön, wenn du mir hilfst.",
        "Ich habe keine Angst.",
        "Ich bin nicht müde.",
        "Der Zug fährt um neun.",
        "Hier stehen drei Stühle.",
    ),
    "es": (
        "Di algo bonito.",
        "Cuéntame una historia sobre la lluvia.",
        "Háblame de mi madre.",
        "¿Te gusta la lluvia?",
        "Qué tiempo hace hoy",
        "Me puedes decir si llueve",
        "Me gustaría un té.",
        "No tengo miedo.",
        "No estoy cansado.",
        "Hace mucho tiempo que abrió la tienda.",
        "El tren sale a las nueve.",
        "Aquí hay tres sillas.",
    ),
    "ja": (
        "何か素敵なことを言ってください。",
        "雨の話をして。",
        "お母さんのことを教えてください。",
        "雨は好きですか。",
        "雨は好き？",
        "今日の天気はどうですか。",
        "大丈夫です。",
        "お疲れ様です。",
        "怖くないです。",
        "電車は九時に出ます。",
        "ここに椅子が三つあります。",
    ),
    "zh": (
        "说点好听的。",
        "请告诉我今天的天气。",
        "给我讲个关于下雨的故事。",
        "你喜欢下雨吗",
        "你妈妈是谁？",
        "今天天气怎么样",
        "我不累。",
        "我不怕。",
        "火车九点开。",
        "这里有三把椅子。",
        "我觉得走路去比较快。",
    ),
}


@pytest.mark.parametrize(
    ("language", "heard", "kind"), [(language, *told) for language, lines in TOLD.items() for told in lines]
)
def test_a_remark_is_answered_by_its_kind(language: str, heard: str, kind: str) -> None:
    assert reactions(heard, language) == REACTIONS[language][KINDS.index(kind)].lines


@pytest.mark.parametrize(
    ("language", "heard"), [(language, line) for language, lines in NONE.items() for line in lines]
)
def test_a_request_a_question_and_a_plain_statement_are_of_no_kind(language: str, heard: str) -> None:
    assert reactions(heard, language) == ()


@pytest.mark.parametrize("language", REACTIONS)
def test_every_language_has_every_kind_with_two_lines(language: str) -> None:
    assert [len(kind.lines) for kind in REACTIONS[language]] == [2] * len(KINDS)
    assert [kind.narrow for kind in REACTIONS[language]] == [kind.narrow for kind in REACTIONS["en"]]
    assert {kind for _, kind in TOLD[language]} == set(KINDS)
    if language in ("ja", "zh"):
        assert not any(r"\b" in kind.pattern for kind in REACTIONS[language])


@pytest.mark.parametrize("language", REACTIONS)
@pytest.mark.parametrize(
    "piece", ["a", "ich bin ", "soy ", "habe ", "no ", "私は", "我", "我是", "、", " ", "\n", "。"]
)
def test_a_long_line_is_read_at_once(language: str, piece: str) -> None:
    start = time.perf_counter()
    reactions(piece * 2000, language)
    assert time.perf_counter() - start < 1.0


def test_a_language_of_which_nothing_is_known_has_no_reactions() -> None:
    assert reactions("Ma grand-mère est morte.", "fr") == ()


@pytest.mark.parametrize("heard", ["I'm not tired.", "I am not sad.", "I'm never afraid."])
def test_who_is_not_tired_is_not_told_to_rest(heard: str) -> None:
    assert reactions(heard, "en") == ()
