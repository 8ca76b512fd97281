"""How a visitor may begin or go on talking, in each language of the pages. ``{name}`` is whom it is said to, ``{deed}``
the label of what can be done with a thing, without a capital.

A line knows nothing of what was said before: it fits after any line of its sort.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Openers:
    """One language's lines. ``request`` asks for a deed; the others are said: ``first`` to whom one has not talked to,
    ``arrived`` to somebody who came in, ``asked`` after a question, ``told`` after any other line, ``moods`` (by
    emotion) to whom one sees it, ``did`` to who did something, ``mine`` after a deed of one's own, ``happened`` after
    what happened by itself.
    """

    request: str
    first: tuple[str, ...]
    arrived: tuple[str, ...]
    asked: tuple[str, ...]
    told: tuple[str, ...]
    moods: Mapping[str, str]
    did: tuple[str, ...]
    mine: tuple[str, ...]
    happened: tuple[str, ...]


OPENERS: Mapping[str, Openers] = {
    "en": Openers(
        request="{name}, could you please {deed}?",
        first=("Hello, {name}. How is your day going?", "{name}, what should I know about this place?"),
        arrived=("Hello, {name}. What brings you here?", "Good to see you, {name}. Come and join us."),
        asked=(
            "What would you say yourself, {name}?",
            "Why do you ask, {name}?",
            "Take a guess, {name}.",
            "I'll tell you, {name}, if you tell me something first.",
        ),
        told=(
            "Tell me more about that, {name}.",
            "{name}, what happened then?",
            "Why do you say that, {name}?",
            "{name}, have you always thought so?",
            "And what do you make of it, {name}?",
        ),
        moods={
            "worried": "You look worried, {name}. What is it?",
            "sad": "You look sad, {name}. Do you want to talk about it?",
            "angry": "What has made you angry, {name}?",
            "happy": "You look happy, {name}. What is the good news?",
            "amused": "What makes you smile, {name}?",
            "embarrassed": "You don't have to tell me, {name}.",
            "surprised": "You did not expect that, {name}, did you?",
        },
        did=("What made you do that, {name}?", "Do you often do that, {name}?"),
        mine=("Is it better like this, {name}?", "I hope you don't mind, {name}?"),
        happened=("Does that happen often here, {name}?", "What was that, {name}?"),
    ),
    "de": Openers(
        request="{name}, kannst du bitte {deed}?",
        first=("Hallo, {name}. Wie läuft dein Tag?", "{name}, was sollte ich über diesen Ort wissen?"),
        arrived=("Hallo, {name}. Was führt dich her?", "Schön, dass du da bist, {name}. Setz dich zu uns."),
        asked=(
            "Was würdest du selbst sagen, {name}?",
            "Warum fragst du, {name}?",
            "Rate mal, {name}.",
            "Ich sage es dir, {name}, wenn du mir zuerst etwas erzählst.",
        ),
        told=(
            "Erzähl mir mehr davon, {name}.",
            "{name}, was geschah dann?",
            "Warum sagst du das, {name}?",
            "{name}, hast du das schon immer so gesehen?",
            "Und was hältst du davon, {name}?",
        ),
        moods={
            "worried": "Du siehst besorgt aus, {name}. Was ist los?",
            "sad": "Du siehst traurig aus, {name}. Magst du darüber reden?",
            "angry": "Was hat dich so wütend gemacht, {name}?",
            "happy": "Du siehst froh aus, {name}. Was gibt es Schönes?",
            "amused": "Worüber lächelst du, {name}?",
            "embarrassed": "Du musst es mir nicht sagen, {name}.",
            "surprised": "Damit hast du nicht gerechnet, {name}, oder?",
        },
        did=("Wie kamst du gerade darauf, {name}?", "Machst du das oft, {name}?"),
        mine=("Ist es so besser, {name}?", "Das stört dich hoffentlich nicht, {name}?"),
        happened=("Kommt das hier öfter vor, {name}?", "Was war das, {name}?"),
    ),
    "es": Openers(
        request="{name}, ¿puedes {deed}, por favor?",
        first=("Hola, {name}. ¿Qué tal tu día?", "{name}, ¿qué debería saber de este lugar?"),
        arrived=("Hola, {name}. ¿Qué te trae por aquí?", "Qué bien verte, {name}. Ven con nosotros."),
        asked=(
            "¿Qué dirías tú, {name}?",
            "¿Por qué lo preguntas, {name}?",
            "Adivina, {name}.",
            "Te lo digo, {name}, si antes me cuentas algo.",
        ),
        told=(
            "Cuéntame más de eso, {name}.",
            "{name}, ¿qué pasó después?",
            "¿Por qué dices eso, {name}?",
            "{name}, ¿siempre lo has visto así?",
            "¿Y a ti qué te parece, {name}?",
        ),
        moods={
            "worried": "Te veo con preocupación, {name}. ¿Qué pasa?",
            "sad": "Te veo triste, {name}. ¿Quieres hablar de ello?",
            "angry": "¿Qué te ha hecho enfadar, {name}?",
            "happy": "Te veo feliz, {name}. ¿Hay buenas noticias?",
            "amused": "¿De qué te ríes, {name}?",
            "embarrassed": "No tienes que contármelo, {name}.",
            "surprised": "No te lo esperabas, {name}, ¿verdad?",
        },
        did=("¿Por qué has hecho eso, {name}?", "¿Haces eso a menudo, {name}?"),
        mine=("¿Mejor así, {name}?", "Espero que no te moleste, {name}."),
        happened=("¿Pasa eso a menudo aquí, {name}?", "¿Qué ha sido eso, {name}?"),
    ),
    "zh": Openers(
        request="{name}，可以请你{deed}吗？",
        first=("你好，{name}。今天过得怎么样？", "{name}，这个地方有什么是我该知道的？"),
        arrived=("你好，{name}。什么风把你吹来的？", "见到你真好，{name}。过来一起坐吧。"),
        asked=(
            "{name}，换作是你会怎么说？",
            "{name}，你为什么这么问？",
            "{name}，你猜猜看。",
            "{name}，你先说点什么，我就告诉你。",
        ),
        told=(
            "{name}，再多说一点吧。",
            "{name}，后来呢？",
            "{name}，你为什么这么说？",
            "{name}，你一直都这么想吗？",
            "{name}，那你怎么看？",
        ),
        moods={
            "worried": "{name}，你看起来很担心。怎么了？",
            "sad": "{name}，你看起来有点难过。想聊聊吗？",
            "angry": "{name}，什么事让你生气了？",
            "happy": "{name}，你看起来很高兴。有什么好事？",
            "amused": "{name}，你在笑什么？",
            "embarrassed": "{name}，不想说也没关系。",
            "surprised": "{name}，你没想到吧？",
        },
        did=("{name}，你怎么想到这么做？", "{name}，你常这么做吗？"),
        mine=("{name}，这样好些了吗？", "{name}，你不介意吧？"),
        happened=("{name}，这里常这样吗？", "{name}，刚才那是什么？"),
    ),
    "ja": Openers(
        request="{name}さん、{deed}のをお願いできますか。",
        first=(
            "こんにちは、{name}さん。今日はいかがですか。",
            "{name}さん、ここについて知っておくべきことはありますか。",
        ),
        arrived=(
            "こんにちは、{name}さん。どうしてここへ？",
            "ようこそ、{name}さん。こちらへどうぞ。",
        ),
        asked=(
            "{name}さんなら、どう答えますか。",
            "{name}さん、どうしてそれを聞くのですか。",
            "{name}さん、当ててみてください。",
            "{name}さんが先に何か話してくれたら、教えます。",
        ),
        told=(
            "{name}さん、もっと聞かせてください。",
            "{name}さん、それからどうなりましたか。",
            "{name}さん、どうしてそう言うのですか。",
            "{name}さん、ずっとそう思ってきたのですか。",
            "{name}さんは、それをどう思いますか。",
        ),
        moods={
            "worried": "{name}さん、心配そうですね。どうしました？",
            "sad": "{name}さん、悲しそうですね。話してみますか。",
            "angry": "{name}さん、何に怒っているのですか。",
            "happy": "{name}さん、うれしそうですね。何かいいことでも？",
            "amused": "{name}さん、何がおかしいのですか。",
            "embarrassed": "{name}さん、無理に話さなくてもいいですよ。",
            "surprised": "{name}さん、思いがけないことでしたか。",
        },
        did=("{name}さん、どうしてそうしたのですか。", "{name}さん、よくそうするのですか。"),
        mine=("{name}さん、これでよくなりましたか。", "{name}さん、お気に障りませんか。"),
        happened=("{name}さん、ここではよくあることですか。", "{name}さん、今のは何ですか。"),
    ),
}
"""By code."""
