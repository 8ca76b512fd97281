"""Plain answers to questions by their kind, in German."""

from __future__ import annotations

from openroom.language.data.reactions.parts import Reaction as Kind


def _asked(words: str) -> str:
    """One of these words in a question, or at the beginning: not within what is told."""
    return rf"^(?:\W|und |aber )*(?:{words})\b|\b(?:{words})\b.*\?"


GERMAN = (
    Kind(
        r"\bwer (?:bist du|sind sie)\b|\bwie hei(?:ß|ss)(?:t du|en sie)\b|\b(?:dein|ihr) name\b.*\?",
        ("{name}, so nennt man mich hier.", "Mein Name? {name}."),
    ),
    Kind(
        r"\bich hei(?:ß|ss)e\b|\bmein name ist\b|\bnenn(?:t)? mich\b",
        ("Schön, dich kennenzulernen, {speaker}.", "{speaker} also. Ein guter Name."),
    ),
    Kind(
        r"\b(?:jemand|wer|keiner|niemand) (?:da|hier|zu hause)\b.*\?|\b(?:da|hier) (?:jemand|wer)\b.*\?",
        ("Ja, hier. Komm nur näher.", "Ja, hier ist jemand."),
    ),
    Kind(
        r"\bwitz\b",
        (
            "Ein Witz? Mir fällt gerade keiner ein. Hast du einen?",
            "Witze misslingen, wenn man sie erzählen muss. Fang du an.",
        ),
    ),
    Kind(
        r"\b(?:erzähl|sag)\w*\b.*\b(?:geschichte|märchen)\b",
        (
            "Eine Geschichte? Heute keine gute. Erzähl du eine.",
            "Geschichten müssen von selbst kommen. Wovon soll sie handeln?",
        ),
    ),
    Kind(r"\bsing(?:e|st)?\b|\btanz(?:e|t|st)?\b", ("Vor Leuten lieber nicht.", "Das überlasse ich besser anderen.")),
    Kind(
        r"\bwie spät\b|\bwie viel uhr\b|\bwieviel uhr\b|\buhrzeit\b",
        ("Wie spät es ist, kann ich dir nicht sagen.", "Nach der Uhr habe ich nicht gesehen."),
    ),
    Kind(
        r"\b(?:wetter|regnen|schneien|regnet es|scheint die sonne)\b.*\?",
        ("Wie das Wetter wird, fragt man besser den Himmel.", "Auf das Wetter ist kein Verlass."),
    ),
    Kind(r"\bwie geht(?:'s|s| es)\b", ("Ganz gut, danke. Und dir?", "Man kann nicht klagen. Und selbst?")),
    Kind(
        r"\bwie alt\b",
        ("Die Jahre zähle ich nicht laut.", "Wie viele Jahre es sind, bleibt unter uns beiden ungesagt."),
    ),
    Kind(
        _asked("seit wann|wie lange|wie oft|wie viele jahre"),
        (
            "Seit wann oder wie lange, das hat hier keiner gezählt.",
            "Wie lange genau? Da müsste ich raten. Was schätzt du?",
        ),
    ),
    Kind(_asked("wie ?viele?"), ("Wie viel das ist, hat hier keiner gezählt.", "Eine Zahl kann ich dir nicht nennen.")),
    Kind(
        r"\b(?:hältst du|halten sie|denkst du|meinst du|findest du|deine meinung)\b.*\?",
        ("Darüber habe ich mir noch keine Meinung gebildet. Und du?", "Eine Meinung dazu? Keine feste. Wie ist deine?"),
    ),
    Kind(
        r"\blieblings\w*|\bgern(?:e)?\b.*\?|\b(?:magst|liebst|mögen sie) ",
        (
            "Ob ich das mag? Ich musste mich nie entscheiden. Und du?",
            "Einen Liebling zu nennen fällt mir schwer. Was ist deiner?",
        ),
    ),
    Kind(
        _asked("warum|wieso|weshalb|wozu"),
        ("Warum? Einen guten Grund kann ich dir nicht nennen.", "Wenn es einen Grund gibt, kenne ich ihn nicht."),
    ),
    Kind(
        r"\b(?:davor|vorher|früher|damals)\b.*\?",
        (
            "Was früher war, erzähle ich ein andermal.",
            "Von früher spricht es sich nicht so schnell. Warum fragst du danach?",
        ),
    ),
    Kind(_asked("wann"), ("Wann das war oder sein wird, kann ich dir nicht sagen.", "Das Datum weiß ich nicht.")),
    Kind(
        _asked("woher"),
        ("Woher, das behalte ich noch für mich.", "Von weit her oder von nebenan: das verrate ich noch nicht."),
    ),
    Kind(
        _asked("wo|wohin"), ("Wo, das kann ich dir nicht sagen.", "Den Ort behalte ich für mich. Warum willst du hin?")
    ),
    Kind(
        _asked("wer|wen|wem|wessen"), ("Wer das ist, kann ich dir nicht sagen.", "Ein Name fällt mir dazu nicht ein.")
    ),
    Kind(
        _asked("welche[rsnm]?"), ("Welches davon, kann ich dir nicht sagen.", "Eines davon zu nennen fällt mir schwer.")
    ),
    Kind(
        r"\bschmeck\w+\b.*\?|\btrink\w*\b.*\?|\b(?:isst|essen)\b.*\?",
        ("Über Geschmack rede ich ungern. Hast du Hunger oder Durst?", "Vom Essen und Trinken verstehe ich zu wenig."),
    ),
    Kind(
        r"\b(?:kannst|könntest|würdest|könnten|würden)\b.*\?|\bbitte\b",
        ("Das kann ich gerade nicht für dich tun.", "Darum musst du jemand anderen bitten, leider."),
    ),
    Kind(
        r"\b(?:hast du|haben sie|besitzt du)\b.*\?",
        (
            "Ob ich so etwas habe? Das bleibt mein Geheimnis.",
            "Was ich habe und was nicht, verrate ich nicht so schnell.",
        ),
    ),
    Kind(
        r"\b(?:vermisst du|fehlt dir|hat es|tat es|tut es)\b.*\?",
        ("Manchmal ja, manchmal nein.", "An manchen Tagen mehr als an anderen."),
    ),
    Kind(
        r"^(?:\W|\w+, )*(?:und |aber )?(?:ist|sind|war|waren|bist|brennt|läuft|gibt es)\b.*\?",
        ("Ob es so ist? Sieh besser selbst nach.", "Ob ja oder nein, da will ich nichts Falsches sagen."),
    ),
    Kind(r"\bwas\b.*\?", ("Was genau, kann ich dir nicht sagen.", "Was das angeht: darüber weiß hier keiner viel.")),
    Kind(
        r"\bwie\b.*\?",
        ("Wie, das kann ich dir nicht genau sagen.", "Wie das ist oder geht, weiß hier keiner so recht."),
    ),
)
