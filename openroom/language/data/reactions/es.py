"""What answers a remark by its kind, in Spanish."""

from __future__ import annotations

from openroom.language.data.reactions.parts import Reaction

_TOLD = (
    r"(?s)\A(?!.*(?:\bpor favor\b|\b(?:dime|dinos|dígame|cuéntame|cuéntanos|cuénteme|háblame|hábleme|dame|deme"
    r"|muéstrame"
    r"|enséñame|léeme|explícame|ayúdame|recomiéndame|cántame|tráeme|descríbeme|di (?:algo|una?|más))\b"
    r"|\b(?:me|nos) (?:puedes?|podrías?|cuentas|dices|das|ayudas|dirías)\b"
    r"|(?:\A|[.!,;:¿] ?)(?:y |pero |entonces )?(?:puedes|podrías|puede|podría|quieres|sabes(?!,)|tienes|conoces|eres"
    r"|crees"
    r"|has|te gustan?|cuenta|habla|cómo|dónde|de dónde|cuándo|cuánt[oa]s?|quiénes|quién|cuáles|cuál|por qué"
    r"|qué (?:es|son|haces?|te|piensas|opinas|sabes|hora|hay|tienes|quieres|libros?|me|se|le|lo|tal|tiempo hace))\b))"
    r".*?"
)
"""What is told: no request, and no question without its mark. Then anything, up to what shows the kind."""

_YES = r"(?<!no )(?<!nunca )\b"
_AWFUL = r"(?:terrible|horrible|mal[oa]?|dur[oa]|larg[oa]|larguísim[oa]|pésim[oa]|difícil|espantos[oa]|fatal)"
_MUCH = r"(?:(?:much[oa]|muchísim[oa]|tant[oa]|bastante|un poco de|algo de|demasiad[oa]) )?"
_TRADE = (
    r"(?!(?:solter|extranjer|sincer|primer|tercer|pasajer|viajer|heredera|heredero|foraster|compañer|ultim|enter"
    r"|optim|pesim|real|tur|perfeccion|soñador|perdedor|trabajador|madrugador|conservador|lista\b|vista\b))"
    r"(?:\w+(?:er[oa]|dora?|sora?|tora?|ista|log[oa]|graf[oa])|médic[oa]|abogad[oa]|estudiante|soldado|piloto|monj[ea]"
    r"|sastre|juez|jueza|chef|policía|arquitect[oa]|músic[oa]|maestr[oa]|guardia|poeta|marino|mecánic[oa]|secretari[oa]"
    r"|emplead[oa]|aprendi[zc]a?|guía|actriz|veterinari[oa]|bibliotecari[oa]|comerciante|científic[oa]|químic[oa])"
)

SPANISH = (
    Reaction(
        _TOLD + r"(?:\b(?:murió|murieron|falleció|fallecieron|(?:ha|han) (?:muerto|fallecido)|está muert[oa]|funeral"
        r"|entierro|velatorio|enterramos|enterraron)\b|\b(?:perdí|perdimos|he perdido|hemos perdido) a (?:mi|mis"
        r"|nuestr[oa])\b)",
        ("Lo siento. Eso deja un hueco que no se cierra.", "Lo siento por ti. Cuéntamelo, si quieres."),
    ),
    Reaction(
        _TOLD
        + r"(?:\b(?:te|le|os|les) (?:he |hemos )?(?:traje|trajimos|traigo|traído|preparé|preparado|horneé|horneado"
        r"|compré|comprado|cociné|cocinado|(?:hice|hecho)(?! (?:una |otra )?(?:pregunta|daño|caso)))\b"
        r"|\b(?:es|son) para (?:ti|usted|vosotros)\b"
        r"|\b(?:traído|traje|traigo|hice|hecho|preparé|preparado|horneé)\b.{0,60}\bpara (?:ti|usted|compartir)\b)",
        ("Qué amable de tu parte. Gracias.", "No hacía falta que trajeras nada, pero gracias."),
    ),
    Reaction(
        _TOLD + r"(?:\b(?:perdí|he perdido|dejé|he dejado) (?:el|mi) (?:trabajo|empleo|puesto)\b"
        r"|\bme (?:han )?(?:despidieron|despedido)\b"
        r"|\b(?:sin|busco) (?:trabajo|empleo)\b|\ben (?:el )?paro\b|\bdesemplead[oa]\b)",
        ("Es duro. Algo saldrá.", "Lo siento. ¿Qué te gustaría hacer ahora?"),
    ),
    Reaction(
        _TOLD + rf"(?:{_YES}(?:perdí|he perdido|rompí|he roto|olvidé|he olvidado|extravié|he dejado mis?|dejé mis?)\b"
        rf"|{_YES}se me (?:ha |han )?(?:perdió|perdido|cayó|caído|rompió|roto|olvidó|olvidado|estropeó|estropeado)\b"
        rf"|{_YES}me (?:han )?(?:robaron|robado)\b)",
        ("Es una pena. Esas cosas nos pasan a todos.", "Siento oírlo. ¿Te importaba mucho?"),
    ),
    Reaction(
        _TOLD + rf"(?:\b(?:día|semana|noche|año|tarde) (?:(?!no\b)\w+ ){{0,2}}{_AWFUL}\b"
        rf"|\b{_AWFUL} (?:día|semana|noche|año)\b"
        rf"|{_YES}(?:estoy|me siento) (?:\w+ ){{0,2}}(?:triste|sol[oa](?! \w+ndo)|preocupad[oa]|desanimad[oa]|infeliz"
        rf"|deprimid[oa]"
        rf"|desconsolad[oa]|fatal|mal)\b|{_YES}me preocupan?\b|\bcorazón roto\b)",
        ("Siento oír eso. Quizá mañana se vea de otra manera.", "Parece duro. Puedes contármelo."),
    ),
    Reaction(
        _TOLD + rf"(?:{_YES}(?:me|nos) duelen?\b|\bdolor de (?:cabeza|espalda|muelas|garganta|estómago|barriga)\b"
        rf"|{_YES}tengo {_MUCH}(?:hambre|sed|frío|fiebre|sueño)\b|\bme muero de (?:hambre|sed|frío|sueño)\b"
        rf"|\bno puedo dormir\b"
        rf"|{_YES}(?:estoy|vengo) (?:\w+ ){{0,2}}(?:cansad|agotad|empapad|mojad|helad|enferm|congelad|resfriad"
        rf"|maread)[oa]\b"
        r"|\b(?:manos|pies|dedos) (?:\w+ ){0,2}(?:helad|frí|congelad)[oa]s\b)",
        ("Entonces siéntate y descansa un rato.", "Pues quédate un rato. No hace falta seguir enseguida."),
    ),
    Reaction(
        _TOLD
        + rf"(?:{_YES}(?:tengo|llevo|voy con) (?:\w+ )?prisa\b|\b(?:llego|voy) (?:\w+ )?tarde\b|\bse me hace tarde\b"
        rf"|{_YES}(?:tengo que|debo|debería) (?:irme|marcharme|salir|volver|partir)\b|\bme tengo que (?:ir|marchar)\b"
        r"|\bno tengo (?:\w+ )?tiempo\b|\bno puedo quedarme\b)",
        ("Lo entiendo. No te entretendré más de lo necesario.", "Entonces vete cuando tengas que irte. No me importa."),
    ),
    Reaction(
        _TOLD + rf"(?:{_YES}(?:tengo|tenía|siento|me dan?|me daba) (?:\w+ ){{0,3}}miedo\b"
        rf"|{_YES}me (?:asustan?|aterran?|asusté|aterrorizan?)\b|{_YES}estoy (?:\w+ )?(?:asustad|aterrad"
        rf"|aterrorizad)[oa]\b)",
        ("No hay por qué avergonzarse. Todo el mundo teme algo.", "Sé lo que se siente."),
    ),
    Reaction(
        _TOLD
        + r"(?:\bsoy (?:\w+ ){0,2}(?:mal[oa]?|malísim[oa]|fatal|pésim[oa]|negad[oa]|inútil|torpe) (?:en|para|con)\b"
        r"|\bse me dan? (?:\w+ )?(?:mal|fatal)\b|\bno sé (?!decir|qué)\w+[aeií]r\b"
        r"|\b(?:nunca|jamás) (?:pude|puedo|he podido|aprendí|he aprendido|supe|he sabido|logro)\b"
        r"|\bno (?:puedo|consigo|logro) (?!creer|soportar|aguantar|esperar)\w+[aeií]r(?:l[oa]s?|me|se)?\b)",
        ("Nadie puede con todo.", "Creo que nunca es tarde para eso."),
    ),
    Reaction(
        _TOLD + r"\b(?:crecí|nací|me cri[ée]|provengo de|vengo de(?! \w+[aei]r\b)|soy de(?:l)? (?!l[oa]s que\b)"
        r"|vivo (?:\w+ )?(?:en|cerca|lejos|junto))\b",
        ("Apenas conozco el lugar. ¿Cómo es?", "Entonces has recorrido un buen camino. ¿Piensas mucho en ello?"),
        narrow=True,
    ),
    Reaction(
        _TOLD
        + r"(?:(?<!el )(?<!un )(?<!tu )(?<!su )(?<!del )(?<!al )\btrabajo (?:en|como|de|con|para)\b|\bmi (?:trabajo"
        r"|oficio) es\b"
        r"|(?<!el )(?<!un )(?<!mi )(?<!tu )(?<!su )(?<!del )\bestudio (?:medicina|derecho|historia|música|arte|en"
        r"|para)\b"
        rf"|(?<!no )\bsoy (?:una? )?{_TRADE}\b)",
        ("Es una buena ocupación. ¿Te gusta?", "Entonces tienes los días llenos. ¿Hace mucho que te dedicas a eso?"),
        narrow=True,
    ),
    Reaction(
        _TOLD
        + r"\b(?:mis?|nuestr[oa]s?) (?:\w+ )?(?:madre|padres?|mamá|papá|herman[oa]s?|abuel[oa]s?|tí[oa]s?|prim[oa]s?"
        r"|espos[oa]"
        r"|marido|mujer|novi[oa]|hij[oa]s?|niet[oa]s?|sobrin[oa]s?|suegr[oa]s?|familia|amig[oa]s?|perr[oa]s?"
        r"|perrit[oa]|gat[oa]s?)\b",
        ("Es bueno tener en quién pensar.", "Te escucho. Cuéntame más, si quieres."),
    ),
    Reaction(
        _TOLD + rf"(?:{_YES}(?:me|nos) (?:gustan?|gustaban?|gustó|encantan?|encantaban?|encantó|fascinan?)\b"
        rf"|(?<!el ){_YES}amo\b|{_YES}(?:adoro|disfruto)\b)",
        ("Me alegra oírlo.", "Puedo entenderlo."),
        narrow=True,
    ),
    Reaction(
        _TOLD + r"(?:\b(?:no|nunca) (?:me|nos) (?:ha |han )?(?:gustan?|gustó|gustaban?|gustado|interesan?|agradan?)\b"
        r"|(?<!el )(?<!del )(?<!al )\b(?:odio|detesto|aborrezco)\b|\bno (?:soporto|aguanto|puedo soportar"
        r"|puedo aguantar)\b)",
        ("Entonces no hace falta hablar de eso.", "No tiene por qué gustarle a todo el mundo."),
    ),
    Reaction(
        _TOLD + r"(?:\b(?:deberían|deberíamos|tendrían que|tendríamos que|habría que|alguien debería|se debería"
        r"|debería haber)\b"
        r"|\bsería (?:\w+ )?(?:mejor|bueno|bonito|lindo|bien)\b(?! (?:que|si) (?:me|nos|tú|te)\b))",
        ("Puede ser. No me toca a mí decidirlo.", "Yo también lo he pensado."),
    ),
    Reaction(
        _TOLD
        + r"(?:\b(?:llueve|llover|llovió|lloviendo|lluvia|nieva|nevando|nevó|nieve|tormenta|truenos?|viento|niebla"
        r"|granizo"
        r"|clima)\b|\bhace (?:\w+ )?(?:calor|frío|sol)\b|\b(?:hace|qué) (?:buen |mal |un )?tiempo (?:tan|más|horrible"
        r"|estupendo)\b"
        r"|\bhace (?:muy )?(?:buen|mal) tiempo\b)",
        ("Sí, yo también lo noto.", "El tiempo hace lo que quiere."),
        narrow=True,
    ),
    Reaction(
        _TOLD + rf"(?:{_YES}(?:qué|es|está|son|están|parecen?|se ven?) (?:(?!no\b)\w+ ){{0,3}}(?:bonit[oa]|lind[oa]"
        rf"|hermos[oa]|precios[oa]"
        rf"|bell[oa]|maravillos[oa]|acogedora?|encantadora?|agradable)(?:e?s)?\b|{_YES}(?:huele"
        rf"|suena) (?:\w+ )?(?:bien|rico|bonito)\b)",
        ("Me alegra que te lo parezca.", "Qué bien que tú también lo veas."),
        narrow=True,
    ),
)
