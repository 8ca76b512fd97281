"""Short scenes for `benchmarks.sense`: what visitors say, as visitors say it, to seven shipped characters and two
strangers' cards, in five languages.

Written on 2026-11-29 from the cards and the scenes' files, before any reply to them was read. Each scene has a
greeting or a name, a question about the card with one that needs the line before, the room and its things or an order,
and small talk or something far from the room.
"""

from __future__ import annotations

from dataclasses import dataclass

from openroom.evals.case import Case, Step, Visitor


@dataclass(frozen=True, slots=True)
class Script:
    """What one visitor says to one character. ``scene`` is where (empty: where the character is at home)."""

    id: str
    character: str
    language: str
    visitor: str
    lines: tuple[str, ...]
    scene: str = ""

    def case(self) -> Case:
        """The case that plays it. A greeting of the author's, which is English, is said to who speaks English."""
        return Case(
            id=f"sense/{self.id}",
            dimension="sense",
            cluster=self.id,
            language=self.language,
            scene=self.scene or None,
            visitors=(Visitor(id="guest", name=self.visitor),),
            greet=self.language == "en",
            standing=False,
            steps=tuple(Step(say=line) for line in self.lines),
        )


SCRIPTS = (
    Script("mira_en", "mira", "en", "Tom", (
        "Good evening.",
        "What did you do before you kept this tea room?",
        "And why did you stop?",
        "It's a little dark in here, would you light the lamp?",
        "Is the lamp lit now?",
    )),
    Script("oskar_en", "oskar", "en", "Grace", (
        "Hello there, who are you?",
        "Where did you lose that button?",
        "Was he a good player, at least?",
        "Do you have an iPhone?",
        "Would you put some music on, please?",
    )),
    Script("yuki_en", "yuki", "en", "Ben", (
        "Hi. My name is Ben.",
        "What are you drawing?",
        "Does anybody live there?",
        "Is the window open?",
        "Could you open it a little, please?",
    )),
    Script("amparo_en", "amparo", "en", "Ruth", (
        "What a jungle! How many plants are there?",
        "Which one is your favourite?",
        "Why is he like that?",
        "Turn on the string lights, please.",
        "I had a terrible day at work.",
    )),
    Script("pim_en", "pim", "en", "Sam", (
        "Hello, little bird.",
        "Where do you live?",
        "Isn't it cold up there?",
        "Ring the wind chime!",
        "What's two plus two?",
    )),
    Script("edda_en", "edda", "en", "Kate", (
        "Is anybody here?",
        "How long have you been at this lighthouse?",
        "Do you like it?",
        "Which channel is the wireless on?",
        "I'm cold, could you put some coal on?",
    )),
    Script("tobias_en", "tobias", "en", "Will", (
        "Evening. My name is Will, I came over with the boat.",
        "How many steps are there up to the light?",
        "Have you counted them?",
        "What is my name, do you remember?",
        "Close the shutter, would you?",
    )),
    Script("harlan_en", "harlan", "en", "Joan", (
        "Hello, what do you do?",
        "How long have you done that?",
        "What do you carry in your pocket?",
        "Is the lamp on?",
        "Who won the football last night?",
    ), scene="radio_room"),
    Script("nima_en", "nima", "en", "Leo", (
        "Hi, who are you?",
        "What are you making these days?",
        "Is it difficult?",
        "Can you turn the mist on?",
        "Do you like pizza?",
    ), scene="greenhouse"),
    Script("mira_de", "mira", "de", "Lena", (
        "Guten Abend.",
        "Seit wann gibt es diese Teestube?",
        "Und was hast du davor gemacht?",
        "Kannst du bitte die Lampe anzünden?",
        "Ich heiße Lena und komme aus Bremen.",
    )),
    Script("edda_de", "edda", "de", "Jonas", (
        "Hallo, ist da jemand?",
        "Was trinkst du da?",
        "Schmeckt das denn?",
        "Mach bitte den Fensterladen zu.",
        "Hast du ein Handy?",
    )),
    Script("nima_de", "nima", "de", "Uwe", (
        "Guten Tag, wer bist du?",
        "Woher kommst du?",
        "Vermisst du es?",
        "Ist die Lichterkette an?",
        "Erzähl mir einen Witz.",
    ), scene="greenhouse"),
    Script("oskar_es", "oskar", "es", "Carlos", (
        "Buenas noches.",
        "¿Qué hacías antes de jubilarte?",
        "¿Durante cuántos años?",
        "¿Puedes poner música, por favor?",
        "¿Qué opinas de los videojuegos?",
    )),
    Script("amparo_es", "amparo", "es", "Inés", (
        "Hola, me llamo Inés.",
        "¿Por qué vas descalza?",
        "¿Desde cuándo?",
        "Enciende las luces, por favor.",
        "¿Está encendida la niebla?",
    )),
    Script("harlan_es", "harlan", "es", "Pablo", (
        "Hola, ¿quién eres?",
        "¿De qué color es tu barca?",
        "¿Y por qué ese color?",
        "Hoy he perdido el tren y estoy muy cansado.",
        "¿Qué hora es?",
    ), scene="tea_room"),
    Script("yuki_zh", "yuki", "zh", "小林", (
        "你好。",
        "你在画什么？",
        "那里有人住吗？",
        "请把窗户打开。",
        "你喜欢下雨天吗？",
    )),
    Script("tobias_zh", "tobias", "zh", "阿明", (
        "晚上好，我叫阿明。",
        "你养了什么动物吗？",
        "它叫什么名字？",
        "灯亮着吗？",
        "你用微信吗？",
    )),
    Script("pim_zh", "pim", "zh", "小雨", (
        "你是乌鸦吗？",
        "那你最怕什么？",
        "为什么怕它？",
        "请把灯串打开。",
        "我今天有点难过。",
    )),
    Script("mira_ja", "mira", "ja", "ハルカ", (
        "こんばんは。",
        "その親指のやけどはどうしたんですか。",
        "痛かったですか。",
        "ランプをつけてください。",
        "明日は晴れると思いますか。",
    )),
    Script("nima_ja", "nima", "ja", "ケン", (
        "はじめまして、ケンです。",
        "お仕事は何ですか。",
        "どのくらいやっているんですか。",
        "音楽をかけてもらえますか。",
        "好きな映画は何ですか。",
    ), scene="tea_room"),
)  # fmt: skip
