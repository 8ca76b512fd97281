"""What the understudy says when a character's own lines have nothing that fits: plain, of no period, promising
nothing.

Each template may hold ``{speaker}`` (who spoke), ``{deed}`` (something that could be done now), ``{done}`` (what is
being done) or ``{memory}`` (something remembered); one whose slot has nothing to fill it is passed over. Every list is
a rotation, so it is long rather than rich.
"""

from __future__ import annotations

from collections.abc import Mapping

HEDGES: Mapping[str, tuple[str, ...]] = {
    "en": (
        "Let me turn that over in my mind a moment.",
        "Hm. Say a little more, {speaker}.",
        "I'd rather listen first. Go on.",
        "That is a thing to think about slowly.",
        "If you like, I could {deed} while we talk.",
        "You have a way of putting things, {speaker}.",
        "It puts me in mind of something: {memory}",
        "There may be more to that than it seems.",
        "Well now. I should like to know what you think yourself.",
        "We might come back to that.",
        "Say the word and I will {deed}.",
        "Some things want a little quiet first.",
        "That could be looked at from both sides.",
        "Tell me how you came to that.",
        "I keep my counsel on that for now.",
        "Let us leave that open a while longer.",
        "Now that I did not expect.",
    ),
    "de": (
        "Lass mich einen Augenblick darüber nachdenken.",
        "Hm. Erzähl mir etwas mehr, {speaker}.",
        "Darauf habe ich keine schnelle Antwort.",
        "Kann sein. Wie kommst du darauf?",
        "Das lässt sich von zwei Seiten sehen.",
        "Ich höre zu. Sprich weiter.",
        "Da ist etwas dran.",
        "Darauf kommen wir vielleicht noch zurück.",
        "Ich möchte nichts Unbedachtes sagen.",
        "So? Und was denkst du selbst?",
        "Das will in Ruhe bedacht sein.",
        "Frag mich später noch einmal, {speaker}.",
        "Das hätte ich nicht erwartet.",
        "Mag sein, mag nicht sein.",
        "Und dann?",
    ),
    "es": (
        "Déjame pensarlo un momento.",
        "Hm. Cuéntame un poco más, {speaker}.",
        "No tengo una respuesta rápida para eso.",
        "Puede ser. ¿Por qué lo preguntas?",
        "Eso se puede mirar de dos maneras.",
        "Te escucho. Sigue.",
        "Hay algo de verdad en eso.",
        "Quizá volvamos sobre ello.",
        "No quisiera decir algo a la ligera.",
        "¿Ah, sí? ¿Y tú qué piensas?",
        "Eso hay que pensarlo despacio.",
        "Pregúntame otra vez más tarde, {speaker}.",
        "No me lo esperaba.",
        "Ni sí ni no, por ahora.",
        "¿Y entonces?",
    ),
    "zh": (
        "让我想一想。",
        "嗯，{speaker}，再说一点吧。",
        "这个我一时答不上来。",
        "也许吧。你为什么这么问？",
        "这事可以从两面看。",
        "我在听，请继续。",
        "你说的有些道理。",
        "我们过会儿再谈这个。",
        "我不想随便乱说。",
        "是吗？那你自己怎么看？",
        "这要慢慢想。",
        "晚一点再问我吧。",
        "这我倒没想到。",
        "现在还说不好。",
        "然后呢？",
    ),
    "ja": (
        "少し考えさせてください。",
        "ふむ。{speaker}さん、もう少し聞かせてください。",
        "すぐには答えられませんね。",
        "そうかもしれません。なぜそう思うのですか。",
        "どちらとも言えますね。",
        "聞いていますよ。続けてください。",
        "それは一理ありますね。",
        "その話はまた後にしましょう。",
        "軽々しいことは言いたくありません。",
        "そうですか。ご自身はどう思いますか。",
        "ゆっくり考えたいことですね。",
        "また後で聞いてください。",
        "それは思いがけないことです。",
        "今は何とも言えません。",
        "それから？",
    ),
}

ASKED: Mapping[str, tuple[str, ...]] = {
    "en": (
        "I have no quick answer to that, I'm afraid.",
        "I'll not pretend to know, {speaker}.",
        "Ask me again a little later, {speaker}, and I may know better.",
        "That deserves a better answer than I have at hand.",
        "I would not like to say something careless about that.",
        "Now there's a question.",
        "What would you say, in my place?",
        "You may have to find that out for yourself.",
        "It depends, as so much does.",
    ),
    "de": ("Es kommt darauf an.",),
    "es": ("Depende, como tantas cosas.",),
    "zh": ("要看情况。",),
    "ja": ("場合によりますね。",),
}
"""More of the same, after a question only."""

ORDERED: Mapping[str, tuple[str, ...]] = {
    "en": (
        "Not just now, I think.",
        "Another time, perhaps.",
        "That I leave to others.",
        "I would rather not, if it is all the same to you.",
        "You would do that better than I.",
        "Let us sit a while first.",
    ),
    "de": (
        "Nicht gerade jetzt, denke ich.",
        "Ein andermal vielleicht.",
        "Das überlasse ich anderen.",
        "Lieber nicht, wenn es recht ist.",
        "Das kannst du besser als ich.",
    ),
    "es": (
        "Ahora mismo no, creo.",
        "Otra vez será, quizá.",
        "Eso se lo dejo a otros.",
        "Mejor no, si te da igual.",
        "Eso lo harás mejor que yo.",
    ),
    "zh": ("现在先不了吧。", "改天也许可以。", "这个就让别人来吧。", "我还是不做为好。", "这个你会做得比我好。"),
    "ja": (
        "今はやめておきます。",
        "また今度にしましょうか。",
        "それはほかの人に任せます。",
        "できれば遠慮したいですね。",
        "それはあなたのほうが上手でしょう。",
    ),
}
"""What is said to an order that nothing here can follow."""

WHETHER: Mapping[str, tuple[str, ...]] = {
    "en": (
        "Perhaps. What makes you ask?",
        "I can't say yes, and I can't say no.",
        "More or less. Why, do you?",
        "On some days.",
    ),
}
"""More of the same, after a question that wants a yes or a no."""

TOLD: Mapping[str, tuple[str, ...]] = {
    "en": (
        "Is that so? Then tell me the rest.",
        "I hear you. Give me a moment with it.",
        "You may be right. I would have to see.",
        "I was just thinking along other lines. Once more, {speaker}?",
        "One hears such things. What do you make of it?",
        "Mm. And then?",
        "Go on, I'm following you.",
        "There's something in what you say.",
        "I am all ears.",
        "That stays with one, doesn't it?",
    ),
}
"""More of the same, after anything else."""

WHAT_WORDS: Mapping[str, tuple[str, ...]] = {
    "en": ("What shall it say?", "And what are the words?"),
    "de": ("Was soll darin stehen?", "Und mit welchen Worten?"),
    "es": ("¿Qué debe decir?", "¿Y con qué palabras?"),
    "zh": ("要写些什么呢？", "上面要怎么说？"),
    "ja": ("何と書きましょうか。", "どんな言葉にしましょうか。"),
}
"""What is asked of who wants something written in their name and has not said what."""

REFUSES: Mapping[str, str] = {
    "en": r"\b(?:answers?|ask(?:ed|s)?|questions?)\b|\bi (?:don't|do not|couldn't|can't) (?:know|say|tell)\b",
    "de": r"\b(?:antwort\w*|frag\w*)\b|\bweiß (?:ich )?nicht\b",
    "es": r"\b(?:respuesta|pregunt\w+|respond\w+)\b|\bno (?:lo )?sé\b",
    "zh": r"回答|答|问|不知道",
    "ja": r"答え|質問|聞いて|わかりません|知りません",
}
"""What an author's line for whoever has no answer has in it where it answers a question, which a remark is none of."""

BECKONS: Mapping[str, str] = {
    "en": r"\b(?:go on|tell me more|say (?:a little )?more|i(?:'m| am) listening|and then)\b",
    "de": r"\b(?:sprich weiter|erzähl (?:mir )?(?:mehr|weiter)|ich höre zu|und dann)\b",
    "es": r"\b(?:sigue|cuéntame más|te escucho|y entonces)\b",
    "zh": r"继续|接着说|我在听|然后呢",
    "ja": r"続けて|聞いています|それから",
}
"""What it has in it where it asks somebody to go on, which a question is not waiting for."""

THANKS: Mapping[str, tuple[str, ...]] = {
    "en": ("You are welcome, {speaker}.", "It was nothing.", "Gladly done.", "Don't mention it.", "Any time."),
    "de": ("Gern geschehen, {speaker}.", "Nicht der Rede wert.", "Jederzeit."),
    "es": ("De nada, {speaker}.", "No hay de qué.", "Con gusto, siempre."),
    "zh": ("不客气，{speaker}。", "小事一桩。", "应该的。"),
    "ja": ("どういたしまして、{speaker}さん。", "いえいえ。", "お安いご用です。"),
}

GOODBYES: Mapping[str, tuple[str, ...]] = {
    "en": ("Until next time, {speaker}.", "Go well.", "Come back when you like.", "Safe home.", "Till then."),
    "de": ("Bis bald, {speaker}.", "Komm gut heim.", "Auf Wiedersehen."),
    "es": ("Hasta pronto, {speaker}.", "Que vaya bien.", "Vuelve cuando quieras."),
    "zh": ("再见，{speaker}。", "慢走。", "有空再来。"),
    "ja": ("また今度、{speaker}さん。", "お気をつけて。", "いつでもまたどうぞ。"),
}

ACTING: Mapping[str, tuple[str, ...]] = {
    "en": (
        "Of course, {speaker}.",
        "Gladly.",
        "Let me {done}.",
        "There we are.",
        "I'll {done}, {speaker}.",
        "As you wish.",
        "That is soon done.",
        "With pleasure, {speaker}.",
        "A good thought. I'll {done}.",
        "Consider it done.",
        "Then I'll {done}.",
        "Right away.",
        "I was about to do that myself.",
        "Yes, why not.",
        "At once.",
        "Let me just {done}.",
        "Nothing easier.",
        "So. Is that better?",
        "Very well.",
        "You have only to ask.",
        "Happily, {speaker}.",
        "Done, or as good as.",
        "My pleasure.",
        "I'll {done}, it is no trouble.",
        "Certainly.",
    ),
    "de": ("Gern, {speaker}.", "Sofort.", "Das haben wir gleich.", "Mit Vergnügen.", "Wie du möchtest.", "So. Besser?"),
    "es": ("Claro, {speaker}.", "Con gusto.", "Ahora mismo.", "Ya está.", "Como quieras.", "Así. ¿Mejor?"),
    "zh": ("好的。", "没问题，{speaker}。", "马上就来。", "乐意效劳。", "这就办。", "好了，这样可以吗？"),
    "ja": ("はい、{speaker}さん。", "喜んで。", "すぐに。", "お任せください。", "こうですね。", "これでいかがですか。"),
}

GREETINGS: Mapping[str, tuple[str, ...]] = {
    "en": (
        "Good to see you, {speaker}.",
        "Ah, there you are.",
        "Welcome. Come in.",
        "Hello, {speaker}. Sit where you like.",
        "There's a face. Welcome.",
        "You've come. Good.",
    ),
    "de": ("Schön, dich zu sehen, {speaker}.", "Willkommen. Komm herein.", "Ah, da bist du ja.", "Guten Tag."),
    "es": ("Me alegro de verte, {speaker}.", "Bienvenido seas, pasa.", "Ah, ahí estás.", "Buenas."),
    "zh": ("你来了，{speaker}。", "欢迎，请进。", "见到你真好。", "你好。"),
    "ja": ("{speaker}さん、ようこそ。", "いらっしゃい。", "お会いできてうれしいです。", "こんにちは。"),
}

HONEST: Mapping[str, tuple[str, ...]] = {
    "en": (
        (
            "Honestly? I'm an understudy: a piece of software that reads this character's lines. No person, "
            "and nothing that thinks."
        ),
        (
            "I am software, yes. An understudy who plays this part from its written lines until a larger "
            "model takes over."
        ),
        (
            "No, I'm not a person. I'm a small program standing in for this character, with only its written "
            "lines to go by."
        ),
        (
            "You are talking to a program. I pick from lines that were written for this character, nothing "
            "cleverer than that."
        ),
        (
            "I'm a machine reading a part. An understudy, if you like: the words were written by people, I "
            "only choose among them."
        ),
    ),
    "de": (
        (
            "Ehrlich gesagt: Ich bin eine Zweitbesetzung, ein Stück Software, das die Zeilen dieser Figur "
            "liest. Kein Mensch."
        ),
        "Nein, ich bin kein Mensch. Ein kleines Programm, das aus den geschriebenen Zeilen dieser Figur wählt.",
    ),
    "es": (
        "La verdad: soy un suplente, un programa que lee las líneas de este personaje. No soy una persona.",
        "No soy una persona. Soy un pequeño programa que elige entre las líneas escritas para este personaje.",
    ),
    "zh": (
        "说实话，我是替身演员：一个照着这个角色的台词念的程序，不是真人。",
        "我不是真人，只是一个小程序，从写好的台词里挑选。",
    ),
    "ja": (
        "正直に言うと、私は代役です。この役の台詞を読んでいるソフトウェアで、人間ではありません。",
        "人間ではありません。書かれた台詞から選んでいる小さなプログラムです。",
    ),
}

HELLO = (
    r"^\W*(?:hello|hi|hey|hiya|howdy|good (?:morning|evening|day|afternoon)|greetings|hallo"
    r"|guten (?:tag|abend|morgen)|hola|buen[oa]s?|你好|您好|こんにちは|こんばんは|おはよう)\b"
)
THANK = (
    r"^\W*(?:oh,? |well,? |many |ok,? )*(?:thanks?|thank you|thx|cheers|danke|vielen dank|gracias|muchas gracias)\b"
    r"|^(?:谢谢|多谢|ありがとう)"
)
BYE = (
    r"\b(?:good-?bye|bye|farewell|good night|see you (?:later|tomorrow|soon|around)|so long|auf wiedersehen|tschüss"
    r"|adiós|hasta (?:luego|pronto|mañana))\b|再见|拜拜|さようなら|またね|おやすみ"
)
SAY_IT_TO_ANOTHER = r"\W*(?:please |bitte |por favor )?(?:say|tell|give|wish|sag\w*|grüß\w*|di|dile|dales?|saluda)\b"
"""How somebody begins who wants it said to another ("Say goodbye to the cat")."""
SECRECY = (
    r"\b(?:whisper\w*|secret\w*|confid\w*|promis\w*|private\w*|don't tell|nobody (?:else )?knows"
    r"|geheim\w*|secreto)\b|秘密|内緒"
)
"""A memory with one of these words is never recited: the understudy cannot judge who may hear it."""
