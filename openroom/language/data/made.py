"""What is made for a card that leaves it out, in five languages: sentences of an attribute list, questions about facts,
and a few lines of talk in words that suit anybody.

``{it}`` is the attribute's value, ``{name}`` the character's name, ``{topic}`` something it never heard of. A pattern
of ``asks`` is read on a sentence in the first person; ``{1}`` in its questions is the pattern's first group.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attribute:
    """Keys of an attribute list that mean the same, the sentence that one says, and the questions it answers.
    ``takes``: how its value must begin, as a pattern; ``listed``: it is a list, whose last comma becomes an *and*."""

    keys: frozenset[str]
    says: str
    asks: tuple[str, ...]
    takes: str = ""
    listed: bool = False
    first: bool = False
    """Only what stands before the first comma is said."""


@dataclass(frozen=True, slots=True)
class Made:
    """One language. ``hello``, ``thanks`` and ``bye`` are (heard, said); ``puzzled`` is what is said of what one never
    heard of, and ``asks_of`` how somebody asks about it; ``at_a_loss`` and ``asks_back`` together
    answer a line that nothing else does."""

    attributes: tuple[Attribute, ...]
    asks: tuple[tuple[str, tuple[str, ...]], ...]
    hello: tuple[str, str]
    thanks: tuple[str, str]
    bye: tuple[str, str]
    asks_of: str
    puzzled: tuple[str, ...]
    later: str
    """Something that came late, for who lives before it."""
    at_a_loss: tuple[str, ...]
    asks_back: tuple[str, ...]
    last_joint: str
    """What stands before the last of a list."""


def _keys(text: str) -> frozenset[str]:
    return frozenset(part.strip() for part in text.split("|"))


_SMALL = r"(?!\w+(?:s|es)\b)\D"

MADE: Mapping[str, Made] = {
    "en": Made(
        attributes=(
            Attribute(_keys("age"), "I am {it} years old.", ("How old are you?",), r"\d{1,3}$"),
            Attribute(
                _keys("occupation|job|profession|work|trade"),
                "I am {an} {it}.",
                ("What do you do?", "What is your work?"),
                r"(?!retired$|none\b|unemployed|works?\b|\w+s\b(?<!ss))[a-z]",
                first=True,
            ),
            Attribute(
                _keys("comes from|from|hometown|origin|birthplace|place of birth"),
                "I come from {it}.",
                ("Where do you come from?", "Where are you from?"),
                r"(?!born|comes|raised)\w",
            ),
            Attribute(
                _keys("home|lives in|residence|location"), "I live in {it}.", ("Where do you live?",), r"[A-Z]\w+"
            ),
            Attribute(
                _keys("family|siblings|children|pets|pet"),
                "I have {it}.",
                ("Do you have a family?", "Tell me about your family."),
                r"(?:an?|one|two|three|four|five|six|seven|many|some|no|\d)\s",
                first=False,
            ),
            Attribute(_keys("likes|loves|favourite things"), "I like {it}.", ("What do you like?",), listed=True),
            Attribute(_keys("dislikes|hates"), "I dislike {it}.", ("What do you dislike?",), listed=True),
            Attribute(
                _keys("fear|fears|afraid of"),
                "I am afraid of {it}.",
                ("What are you afraid of?",),
                r"(?!to\b|that\b)",
                True,
            ),
            Attribute(
                _keys("working on"),
                "I am working on {it}.",
                ("What are you working on?", "What are you making?"),
                r"\w",
            ),
            Attribute(_keys("skill|skills|ability|abilities"), "I {it}.", ("What can you do?",), r"can\s"),
            Attribute(_keys("hobby|hobbies"), "I like {it}.", ("What do you like to do?",), r"\w+ing\b", True),
            Attribute(
                _keys("favourite colour|favorite color|favourite color"),
                "My favourite colour is {it}.",
                ("What is your favourite colour?",),
                r"[a-z]+$",
            ),
            Attribute(
                _keys("favourite food|favorite food"), "I like {it} best.", ("What do you like to eat?",), r"[a-z ]+$"
            ),
        ),
        asks=(
            (
                r"^(?:For|Since) .{3,40} I have \w+|^I have \w+ .{2,60}\b(?:for|since) [\w-]+",
                ("How long have you done that?",),
            ),
            (r"^I am (?:an? |the )?[A-Z]?\w+(?: \w+)?, (?:an?|the) |^I am (?:an?|the) ", ("Who are you?",)),
            (r"^I (?:live|sleep) ", ("Where do you live?",)),
            (r"^I (?:come from|was born|am from) ", ("Where do you come from?",)),
            (
                r"^(?:Now )?I (?:work|keep|run|sell|mend|repair|build|row|teach|drive|serve|steer|sail) ",
                ("What do you do?",),
            ),
            (r"^I (?:mended|drove|taught|sold|worked|sailed|built|served) ", ("What did you do before?",)),
            (r"^I (?:like|love|enjoy|adore) ", ("What do you like?",)),
            (r"^I (?:dislike|hate|cannot stand|can't stand) ", ("What do you dislike?",)),
            (r"^I (?:fear|am afraid of|am scared of) ", ("What are you afraid of?",)),
            (r"^In my (\w+) I (?:carry|keep|have) ", ("What do you have in your {1}?",)),
            (
                r"^I (drink|eat|draw|paint|collect|grow|bake|cook|carry|want) (?!to\b|in\b|at\b|and\b)",
                ("What do you {1}?",),
            ),
            (
                (
                    r"^I have (?:\w+ ){0,4}(?:brothers?|sisters?|sons?|daughters?|child|children|wife|husband|"
                    r"cats?|dogs?|goat)\b"
                ),
                ("Do you have a family?",),
            ),
            (r"^I have never learn(?:t|ed) to (\w+)\b", ("Can you {1}?",)),
            (r"^I lost (?:the |my )", ("What did you lose?",)),
            (r"^My ([a-z]+) (?:is|was|are|were) ", ("Tell me about your {1}.",)),
        ),
        hello=("Hello!", "Hello. I am {name}."),
        thanks=("Thank you.", "It was nothing."),
        bye=("Goodbye.", "Goodbye. Come again."),
        asks_of="What do you think of {topic}?",
        puzzled=("I have never heard of that. What is it?", "That word means nothing to me."),
        later="the internet",
        at_a_loss=("I don't know that.", "That I can't say.", "I have no answer to that.", "I never thought about it."),
        asks_back=("What do you think?", "Why do you ask?", "How is it with you?", "Tell me what you mean."),
        last_joint=" and ",
    ),
    "de": Made(
        attributes=(
            Attribute(_keys("alter"), "Ich bin {it} Jahre alt.", ("Wie alt bist du?",), r"\d{1,3}$"),
            Attribute(
                _keys("beruf|arbeit"),
                "Ich bin {it}.",
                ("Was machst du?", "Was bist du von Beruf?"),
                r"[A-ZÄÖÜ][a-zäöüß]+$",
                first=True,
            ),
            Attribute(
                _keys("herkunft|kommt aus|geburtsort|heimat"), "Ich komme aus {it}.", ("Woher kommst du?",), r"[A-ZÄÖÜ]"
            ),
            Attribute(_keys("wohnort|wohnt in|lebt in"), "Ich lebe in {it}.", ("Wo wohnst du?",), r"[A-ZÄÖÜ]"),
            Attribute(_keys("mag|vorlieben|liebt"), "Ich mag {it}.", ("Was magst du?",), listed=True),
            Attribute(
                _keys("mag nicht|abneigungen|hasst"), "Was ich nicht mag: {it}.", ("Was magst du nicht?",), listed=True
            ),
            Attribute(
                _keys("familie|geschwister|haustiere"),
                "Ich habe {it}.",
                ("Hast du Familie?",),
                r"(?:eine?n?|zwei|drei|vier|fünf|viele|keine)\s",
            ),
            Attribute(_keys("angst|ängste"), "Wovor ich Angst habe: {it}.", ("Wovor hast du Angst?",), listed=True),
        ),
        asks=(
            (r"^Ich bin (?:eine? )?[A-ZÄÖÜ]", ("Wer bist du?",)),
            (r"^Ich (?:lebe|wohne) ", ("Wo wohnst du?",)),
            (r"^Ich komme aus ", ("Woher kommst du?",)),
            (r"^Ich (?:arbeite|verkaufe|repariere|lehre|baue|führe|hüte|züchte) ", ("Was machst du?",)),
            (r"^Ich (?:mag|liebe) ", ("Was magst du?",)),
            (r"^Ich hasse ", ("Was magst du nicht?",)),
            (r"^Ich (sammle|trinke|esse|zeichne|male|trage) ", ("Was {1} du?",)),
            (
                r"^Ich habe (?:\w+ ){0,3}(?:Br[uü]der|Schwestern?|S[oö]hne?|T[oö]chter|Kind(?:er)?|Katzen?|Hunde?)\b",
                ("Hast du Familie?",),
            ),
        ),
        hello=("Hallo!", "Guten Tag. Ich bin {name}."),
        thanks=("Danke.", "Gern geschehen."),
        bye=("Auf Wiedersehen.", "Auf Wiedersehen. Komm wieder."),
        asks_of="Was hältst du davon: {topic}?",
        puzzled=("Davon habe ich nie gehört. Was ist das?", "Das Wort sagt mir nichts."),
        later="Internet",
        at_a_loss=(
            "Das weiß ich nicht.",
            "Das kann ich nicht sagen.",
            "Darauf habe ich keine Antwort.",
            "Darüber habe ich nie nachgedacht.",
        ),
        asks_back=("Was denkst du?", "Warum fragst du?", "Wie ist es bei dir?", "Sag mir, wie du es meinst."),
        last_joint=" und ",
    ),
    "es": Made(
        attributes=(
            Attribute(_keys("edad"), "Tengo {it} años.", ("¿Cuántos años tienes?",), r"\d{1,3}$"),
            Attribute(
                _keys("oficio|ocupación|profesión|trabajo"),
                "Soy {it}.",
                ("¿A qué te dedicas?",),
                r"[a-záéíóúñ]+$",
                first=True,
            ),
            Attribute(
                _keys("origen|viene de|lugar de nacimiento"), "Vengo de {it}.", ("¿De dónde vienes?",), r"[A-ZÁÉÍÓÚÑ]"
            ),
            Attribute(_keys("vive en|hogar|residencia"), "Vivo en {it}.", ("¿Dónde vives?",), r"[A-ZÁÉÍÓÚÑ]"),
            Attribute(_keys("gustos|le gusta|le gustan"), "Lo que me gusta: {it}.", ("¿Qué te gusta?",), listed=True),
            Attribute(
                _keys("disgustos|no le gusta|odia"), "Lo que no me gusta: {it}.", ("¿Qué no te gusta?",), listed=True
            ),
            Attribute(
                _keys("familia|hermanos|mascotas"),
                "Tengo {it}.",
                ("¿Tienes familia?",),
                r"(?:una?|dos|tres|cuatro|cinco|muchos|muchas)\s",
            ),
            Attribute(_keys("miedo|miedos"), "Lo que me da miedo: {it}.", ("¿A qué le tienes miedo?",), listed=True),
        ),
        asks=(
            (r"^Soy (?:una? )?\w", ("¿Quién eres?",)),
            (r"^Vivo ", ("¿Dónde vives?",)),
            (r"^(?:Vengo de|Nací en) ", ("¿De dónde vienes?",)),
            (r"^(?:Trabajo|Vendo|Cuido|Reparo|Enseño|Cultivo|Remo) ", ("¿A qué te dedicas?",)),
            (r"^(?:Me gustan?|Me encantan?|Amo) ", ("¿Qué te gusta?",)),
            (r"^Odio ", ("¿Qué no te gusta?",)),
            (r"^Tengo (?:\w+ ){0,3}(?:herman[oa]s?|hij[oa]s?|gat[oa]s?|perr[oa]s?)\b", ("¿Tienes familia?",)),
            (r"^Llevo .*\ben el bolsillo", ("¿Qué llevas en el bolsillo?",)),
        ),
        hello=("¡Hola!", "Hola. Soy {name}."),
        thanks=("Gracias.", "No hay de qué."),
        bye=("Adiós.", "Adiós. Vuelve cuando quieras."),
        asks_of="¿Qué opinas de esto: {topic}?",
        puzzled=("Nunca he oído hablar de eso. ¿Qué es?", "Esa palabra no me dice nada."),
        later="internet",
        at_a_loss=("Eso no lo sé.", "No sabría decirte.", "No tengo respuesta para eso.", "Nunca lo había pensado."),
        asks_back=("¿Tú qué piensas?", "¿Por qué lo preguntas?", "¿Cómo es para ti?", "Dime a qué te refieres."),
        last_joint=" y ",
    ),
    "zh": Made(
        attributes=(
            Attribute(_keys("年龄|年纪"), "我{it}岁。", ("你多大了？",), r"\d{1,3}$"),
            Attribute(
                _keys("职业|工作|身份"), "我是{it}。", ("你是做什么的？",), r"[\u3400-\u9fff]{1,12}$", first=True
            ),
            Attribute(_keys("来自|故乡|家乡|出生地"), "我来自{it}。", ("你是哪里人？",), r"[\u3400-\u9fff]{1,12}$"),
            Attribute(_keys("住处|住址|住在"), "我住在{it}。", ("你住在哪里？",), r"[\u3400-\u9fff]{1,12}$"),
            Attribute(_keys("喜欢|爱好|喜好"), "我喜欢{it}。", ("你喜欢什么？",), listed=True),
            Attribute(_keys("讨厌|不喜欢"), "我不喜欢{it}。", ("你不喜欢什么？",), listed=True),
            Attribute(_keys("害怕|恐惧"), "我怕{it}。", ("你怕什么？",), listed=True),
        ),
        asks=(
            (r"^我是", ("你是谁？",)),
            (r"^我(?:住|生活)在", ("你住在哪里？",)),
            (r"^我来自|^我出生", ("你是哪里人？",)),
            (r"^我(?:喜欢|爱)", ("你喜欢什么？",)),
            (r"^我(?:讨厌|不喜欢)", ("你不喜欢什么？",)),
            (r"^我(?:害)?怕", ("你怕什么？",)),
            (r"^我有.{0,6}(?:哥哥|姐姐|弟弟|妹妹|儿子|女儿|孩子|猫|狗)", ("你有家人吗？",)),
        ),
        hello=("你好！", "你好。我是{name}。"),
        thanks=("谢谢。", "不客气。"),
        bye=("再见。", "再见。有空再来。"),
        asks_of="你觉得{topic}怎么样？",
        puzzled=("我从没听说过。那是什么？", "这个词我不懂。"),
        later="互联网",
        at_a_loss=("这我不知道。", "这我说不好。", "我答不上来。", "我从没想过这个。"),
        asks_back=("你怎么想？", "你为什么问？", "你那边怎么样？", "你是什么意思？"),
        last_joint="和",
    ),
    "ja": Made(
        attributes=(
            Attribute(_keys("年齢|歳"), "{it}歳です。", ("おいくつですか。",), r"\d{1,3}$"),
            Attribute(
                _keys("職業|仕事"),
                "{it}です。",
                ("お仕事は何ですか。",),
                r"[\u3040-\u30ff\u3400-\u9fff]{1,12}$",
                first=True,
            ),
            Attribute(
                _keys("出身|出身地|故郷"),
                "{it}の出身です。",
                ("どこの出身ですか。",),
                r"[\u3040-\u30ff\u3400-\u9fff]{1,12}$",
            ),
            Attribute(
                _keys("住まい|居住地"),
                "{it}に住んでいます。",
                ("どこに住んでいますか。",),
                r"[\u3040-\u30ff\u3400-\u9fff]{1,12}$",
            ),
            Attribute(_keys("好きなもの|好物|好き"), "好きなものは{it}です。", ("何が好きですか。",), listed=True),
            Attribute(_keys("嫌いなもの|嫌い|苦手"), "苦手なものは{it}です。", ("何が苦手ですか。",), listed=True),
            Attribute(_keys("怖いもの|恐れ"), "怖いものは{it}です。", ("何が怖いですか。",), listed=True),
        ),
        asks=(
            (r"^私は.{1,24}(?:だ|です|である)。$", ("あなたは誰ですか。",)),
            (r"^私は.{1,24}に住ん", ("どこに住んでいますか。",)),
            (r"^私は.{1,24}(?:から来|の出身|で生まれ)", ("どこの出身ですか。",)),
            (r"^私は.{1,24}が好き", ("何が好きですか。",)),
            (r"^私は.{1,24}が(?:嫌い|苦手)", ("何が苦手ですか。",)),
            (r"^私は.{1,24}で働", ("お仕事は何ですか。",)),
        ),
        hello=("こんにちは。", "こんにちは。{name}です。"),
        thanks=("ありがとう。", "どういたしまして。"),
        bye=("さようなら。", "さようなら。また来てください。"),
        asks_of="{topic}についてどう思いますか。",
        puzzled=("聞いたことがありません。それは何ですか。", "その言葉は知りません。"),
        later="インターネット",
        at_a_loss=("それは知りません。", "何とも言えません。", "答えが見つかりません。", "考えたこともありません。"),
        asks_back=(
            "あなたはどう思いますか。",
            "なぜ聞くのですか。",
            "あなたのところではどうですか。",
            "どういう意味ですか。",
        ),
        last_joint="と",
    ),
}


def fallbacks(words: Made) -> tuple[str, ...]:
    """What is said where there is no answer: that one does not know, and a question back. Neighbours share neither."""
    back = len(words.asks_back)
    pairs = ((n, (n + turn) % back) for turn in range(back) for n in range(len(words.at_a_loss)))
    space = " " if words.last_joint.startswith(" ") else ""
    return tuple(f"{words.at_a_loss[one]}{space}{words.asks_back[other]}" for one, other in pairs)
