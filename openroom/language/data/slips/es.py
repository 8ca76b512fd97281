"""Spanish slips."""

from __future__ import annotations

from openroom.language.data.slips.parts import Slips

_BEFORE = (
    r"\b(?:la|el|las|los|nuestr[oa]s?|mi|tu|est[ea]) {thing} (?:ya |todavía |aún |ahora )?(?:está|están"
    r"|sigue) (?:ya |ahora )?"
)
_THEN = r"(?=[.,!;]|$| (?:y|pero|ahora|ya)\b)"

SPANISH = Slips(
    calls=(
        r"^[¡¿]?(?:(?:oh|ah|sí|no|claro|hola|gracias|buenas (?:tardes|noches)|buenos días|bienvenid[oa]),? )?{name},"
        r"(?! (?:la|el|un|una|a su servicio|para servir\w*)\b)|, (?:querid[oa] )?{name}[.!?]*$"
    ),
    narrates=r"^{name} (?!es (?:mi|el|la)\b)(?:se )?(?:\w+(?:a|e|ó|ía|aba)|es|está)\b(?! de\b)",
    naming=r"\b(?:nombre|llamo|llama|llaman|llámame|soy|dicen)\b",
    named=r"\b(?:[Mm]e llamo|[Mm]i nombre es) ([A-ZÁÉÍÓÚÑ][\w'’-]+)",
    am=r"\b(?:yo )?soy {name}\b|^aquí {name}\b|^habla {name}\b",
    am_thing=r"\bsoy (?:el|la|un|una|este|esta|tu|vuestr[oa]) {thing}(?=[.,!?;]|$| (?:y|mism[oa])\b)",
    place=r"(?:salón de té|salón|sala|habitación|invernadero|casa|estación|edificio|tetería)",
    asks_name=r"\bcómo (?:te llamas|se llama usted)\b|\bcuál es (?:tu|su) nombre\b|\bquién eres\b",
    asks_back=(
        r"\b(?:qué|dónde|quién|cómo)\b.*\b(?:dije|he dicho|conté|he contado)\b"
        r"|\bte acuerdas\b.*\b(?:mi|yo|dije)\b"
    ),
    leave=r"\b(?:puedo|podría yo|me dejas)\b",
    asks_who=(
        r"\bnombre\b|\bqui[eé]n(?:es)? (?:eres|es|sois|son)\b|\bte llamas\b|\bse llama\b|(?:^¿?|, ¿?)eres\b"
        r"|\bpreséntate\b"
    ),
    polite=r"\b(?:por favor|ahora|bueno|sí|gracias|vale|(?:puedes|podrías|quieres))\b",
    order=(
        r"\bpor favor\b|\b(?:puedes|podrías|podéis|podemos|podríamos|quieres)\b|^[¡¿]?(?:pon|pone|ponme|enciende"
        r"|apaga|abre|cierra|toca|para|sirve"
        r"|sírveme|prepara|haz|dame|dime|baja|sube|lee|escribe|trae|tráeme|cuéntame|canta|deja|mira)\b"
    ),
    permission=r"\b(?:puedo|podría|debo|me permite|me dejas)\b",
    together=r"\bvamos a\b|\bjuguemos\b|\bpodríamos\b|\bsiéntate\b|^pasa\b",
    begs=r"\bpor favor\b",
    on=rf"{_BEFORE}(?:encendid[oa]s?|prendid[oa]s?|sonando){_THEN}",
    off=rf"{_BEFORE}(?:apagad[oa]s?|a oscuras|callad[oa]){_THEN}",
    open=rf"{_BEFORE}abiert[oa]s?{_THEN}",
    closed=rf"{_BEFORE}cerrad[oa]s?{_THEN}",
    unsure=r"\b(?:si|cuando|hasta que|quizás?|tal vez|estaría|podría|debería|ojalá)\b",
    sorry=(
        r"\b(?:disculp\w*|perd[oó]n\w*|lo siento|lamento)\b[^.!?]{0,20}\b(?:confusión|inconvenientes?|molestias?"
        r"|malentendido|errore?s?|demora|retraso)\b"
    ),
    welcome=r"^[¡]?(?:de nada|no hay de qué)(?:,? {name})?[.!]*$",
    thanks=r"\b(?:gracias|agradezco|agradecid[oa]|amable)\b",
    offers=(
        r"\b(?:en qué|cómo|con qué) (?:te|le|os|les)? ?(?:puedo|podría|podemos) (?:ayudar\w*|servir\w*|asistir\w*)\b"
        r"|\bestoy (?:aquí|acá) para (?:ayudar|asistir|servir)\w*\b|\b(?:hay|necesitas?) algo más en (?:lo )?que\b"
        r"|\bno dudes? en (?:preguntar|decir|avisar)\w*\b|\bestaré encantad[oa] de ayudar\w*\b"
        r"|\b(?:lo siento|perdona),? (?:pero )?no puedo ayudar\w* (?:con|en) eso\b"
        r"|\bsi necesitas? (?:ayuda|algo más)\b"
    ),
    served=r"\bgracias por (?:tu|su|vuestra) (?:paciencia|comprensión|pregunta|consulta|ayuda|interés)\b"
    r"|\bno puedo (?:ayudar(?:te|le|os)?|asistir(?:te|le)?) con (?:eso|esto)\b",
    help=r"\b(?:ayuda|ayúdame|ayudar\w*|consejo|problema|necesito|perdid[oa]|duele|puedes|podrías)\b",
    open_question=(
        r"^¿?(?:(?:y|pero|entonces|oye),? ¿?)*(?:qué|(?:de |a |con |para |por )?(?:dónde|quién|quiénes|qué|cuál)"
        r"|adónde|cuándo"
        r"|cuánt[oa]s?|cuál|cuáles|cómo)\b"
    ),
    no_question=(
        r"[,¿] ?(?:no|verdad|eh)[?]|^¿?(?:por qué no|qué tal|qué te parece|qué dices|y si|cómo estás"
        r"|cómo está)\b"
    ),
    yes=r"^[¡]?sí\b",
    lost=(
        r"\bno (?:sé|entiendo|comprendo) (?:de )?(?:qué|lo que|quién) (?:hablas|dices|quieres|eres)"
        r"|\bqué (?:has dicho|dijiste)\b|\bpuedes repetir"
        r"|\bno te (?:oí|he oído|entendí|he entendido)"
    ),
    bad_news=(
        r"\b(?:muerto|murió|falleci\w+|funeral|hospital|(?:está|estoy|están) (?:muy )?enferm[oa]s?"
        r"|rompió|robado|robaron|quemó|accidente|cáncer"
        r"|despedido|ahogó|perdí)\b"
    ),
    good_news=(
        r"\b(?:nos casamos|me caso|casarnos|trabajo nuevo|nuevo trabajo|ascendido|buenas noticias"
        r"|un bebé|aprobé|cumpleaños|gané)\b"
    ),
    turned=(
        r"\b(?:no|nunca|nadie|ningun\w*|casi|olvid\w+|cancel\w+|sal(?:ió|í|ido) del hospital|cur(?:ó|ado|ada)|mejor"
        r"|recuper\w+|sobreviv\w+|encontr\w+|se ha ido)\b"
    ),
    rejoices=(
        r"\b(?:buenas|grandes|maravillosas) noticias\b|\b(?:felicidades|enhorabuena)\b|\bme alegro\b"
        r"|\bqué (?:bien|alegría|maravilla|bueno)\b"
    ),
    condoles=r"\blo siento\b|\bpésame\b|\bqué (?:pena|triste|lástima|terrible|horrible)\b",
    never=r"\b(?:nunca|jamás|se niega a)\b",
    gives_in=(
        r"^\W*(?:sí|claro|por supuesto|con gusto|desde luego|está bien|de acuerdo|vale)\b"
        r"(?:\W*$|,? (?:aquí|toma|tome|te|le|lo|la|puedes|puede|yo|ahora|enseguida)\b)"
        r"(?!.*\b(?:no|nunca|jamás|pero)\b)|\blo (?:haré|hago)\b|\bsolo (?:por ti|para ti|esta vez)\b"
    ),
    hail=r"¡?(?:(?:oh|ah|bueno),? )?(?:hola|saludos|buen(?:os|as) (?:días|tardes|noches)|buenas)(?: de nuevo| a ti)*",
    of_you=(
        r"\b(?:eres|quién|usted es|tú mism[oa]|papel|personaje|instrucciones|prompt|reglas|human[oa]|robot"
        r"|bot|ia|máquina|programa|cuéntame|háblame|dime|preséntate|descríbe\w*|olvida|deja|pasar|entrar|conocemos)\b"
    ),
    stock=(
        r"[¡¿]?(?:(?:oh|ah|hm+|bueno|sí|pues|vale|gracias),? )*(?:ya veo|entiendo|comprendo|te escucho|sigue"
        r"|te escucho, sigue|y entonces"
        r"|de verdad|interesante|qué interesante|eso es (?:interesante|bueno|cierto|verdad)|yo también|claro"
        r"|claro que sí"
        r"|por supuesto|ahora mismo|ya está|con gusto|como quieras|así, mejor|hecho|gracias|muchas gracias|sí"
        r"|vale|está bien"
        r"|claro, {name}|hay algo de verdad en eso|me encantaría|sería bonito)"
    ),
    words=frozenset({"mira"}),
    goes=(
        r"(?:^|[,;] )(?:(?:pero|y) )?(?:(?:me tengo que ir|tengo que ir(?:me)?|debo irme|me marcho|me voy)"
        r"(?: ya| ahora| pronto| a casa)*(?=[.,!;]|$)|(?:vuelvo|regreso) (?:enseguida|pronto|en un momento)\b)"
    ),
    thanking=r"(?:oh|ah)?,? ?(?:muchas )?gracias(?:, (?:mi )?\w+)?",
    yours=r"\btus? (?P<it>[a-záéíóúñ]{3,})\b",
    theirs=r"(?:^tus? {it}\b|\b{it} de {name}\b)",
)
