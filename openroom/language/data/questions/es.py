"""Plain answers to questions by their kind, in Spanish."""

from __future__ import annotations

from openroom.language.data.reactions.parts import Reaction as Kind

SPANISH = (
    Kind(
        r"\bquién (?:eres|es usted)\b|\bcómo te llamas\b|\bcómo se llama\b|\btu nombre\b",
        ("{name}, así me llaman aquí.", "¿Mi nombre? {name}."),
    ),
    Kind(r"\bme llamo\b|\bmi nombre es\b", ("Es un gusto conocerte, {speaker}.", "{speaker}, entonces. Buen nombre.")),
    Kind(r"\bhay alguien\b", ("Sí, aquí. Acércate.", "Sí, aquí hay alguien que te oye.")),
    Kind(
        r"\bchiste\b",
        (
            "¿Un chiste? No me viene ninguno. ¿Tienes tú uno?",
            "Los chistes salen mal cuando hay que contarlos. Empieza tú.",
        ),
    ),
    Kind(
        r"\b(?:cuéntame|cuenta)\b.*\b(?:historia|cuento)\b",
        ("¿Una historia? Hoy ninguna buena. Cuenta tú una.", "Las historias vienen solas. ¿De qué tendría que tratar?"),
    ),
    Kind(r"\b(?:canta|baila)\b", ("Delante de la gente, mejor no.", "Eso se lo dejo a otros.")),
    Kind(r"\bqué hora\b|\bla hora\b", ("La hora no te la puedo decir.", "No he mirado qué hora es.")),
    Kind(
        r"\b(?:tiempo hará|va a llover|lloverá|hará sol|nevará)\b",
        ("El tiempo hace lo que quiere.", "Del tiempo no prometo nada."),
    ),
    Kind(r"\b(?:cómo estás|qué tal|cómo te va|cómo está)\b", ("Bastante bien, gracias. ¿Y tú?", "No me quejo. ¿Y tú?")),
    Kind(r"\b(?:cuántos años tienes|qué edad)\b", ("Los años no los cuento en voz alta.", "La edad me la guardo.")),
    Kind(
        r"\b(?:desde cuándo|cuánto tiempo|cuántos años|cuántas veces)\b",
        ("¿Cuánto tiempo exactamente? Nadie lo ha contado.", "Desde cuándo, no sabría decirte. ¿Tú qué calculas?"),
    ),
    Kind(r"\bcuánt[oa]s?\b", ("¿Cuánto? Nadie lo ha contado.", "No puedo darte la cifra.")),
    Kind(
        r"\b(?:opinas|piensas de|te parece|tu opinión)\b",
        ("Todavía no tengo una opinión sobre eso. ¿Y tú?", "¿Mi opinión? Ninguna firme. ¿Cuál es la tuya?"),
    ),
    Kind(
        r"\bfavorit[oa]s?\b|\bte gustan?\b",
        ("¿Si me gusta? Nunca tuve que elegir. ¿Y a ti?", "Me cuesta nombrar un favorito. ¿Cuál es el tuyo?"),
    ),
    Kind(r"\b(?:por qué|para qué)\b", ("¿Por qué? No puedo darte una buena razón.", "Si hay una razón, no la sé.")),
    Kind(
        r"\b(?:hacías|eras|trabajabas|vivías|antes)\b.*\?",
        ("Lo de antes lo cuento otro día.", "De entonces no se habla tan deprisa. ¿Por qué te interesa?"),
    ),
    Kind(r"\bcuándo\b", ("Cuándo, no sabría decirte.", "La fecha no la sé.")),
    Kind(r"\bde dónde\b", ("De dónde, me lo guardo por ahora.", "De lejos o de aquí al lado: no te lo digo todavía.")),
    Kind(r"\b(?:dónde|adónde)\b", ("Dónde, no te lo puedo decir.", "El lugar me lo guardo. ¿Por qué quieres saberlo?")),
    Kind(r"\bquién(?:es)?\b", ("Quién, no sabría decirte.", "No me viene ningún nombre.")),
    Kind(
        r"\bde qué color\b", ("¿El color? Eso lo ve mejor cada uno con sus ojos.", "De qué color, no sabría decirte.")
    ),
    Kind(r"\bcuál(?:es)?\b", ("Cuál, no sabría decirte.", "Me cuesta nombrar uno.")),
    Kind(
        r"\b(?:puedes|podrías|quieres|puede)\b.*\?|\bpor favor\b",
        ("Eso no puedo hacerlo por ti ahora.", "Para eso tendrás que pedírselo a otro, lo siento."),
    ),
    Kind(
        r"\b(?:tienes|tiene usted)\b.*\?",
        ("¿Si tengo algo así? Eso es un secreto mío.", "Lo que tengo y lo que no, no lo digo tan deprisa."),
    ),
    Kind(r"\b(?:echas de menos|extrañas|dolió|duele)\b.*\?", ("Unas veces sí, otras no.", "Unos días más que otros.")),
    Kind(
        r"^\W*(?:y |pero )?(?:está|están|es|son|hay|estaba|funciona)\b.*\?",
        ("¿Si es así? Mejor míralo tú.", "Si sí o si no, no quisiera decirte algo falso."),
    ),
    Kind(r"\bqué\b.*\?", ("Qué exactamente, no sabría decirte.", "De eso sé demasiado poco.")),
    Kind(r"\bcómo\b.*\?", ("Cómo, no sabría decirte bien.", "Cómo es o cómo va, ni yo lo sé del todo.")),
)
