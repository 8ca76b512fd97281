"""German slips."""

from __future__ import annotations

from openroom.language.data.slips.parts import Slips

_BEFORE = (
    r"\b(?:die|der|das|unsere?|meine?|deine?|diese[rs]?) {thing} (?:ist|sind)(?: schon| noch| jetzt"
    r"| wieder| bereits| nun){0,2} "
)
_THEN = r"(?=[.,!;]|$| (?:und|aber|jetzt|schon|wieder)\b)"

GERMAN = Slips(
    calls=(
        r"^(?:(?:oh|ach|ja|nein|gut|hallo|danke|guten (?:morgen|tag|abend)|willkommen),? )?{name},"
        r"(?! (?:die|der|eine?|zu diensten)\b)|, (?:liebe[rs]? )?{name}[.!?]*$"
    ),
    narrates=r"^{name} (?!(?:ist|war) (?:mein|der|die|das|nur)\b)(?:\w+t|sagte|ging|kam|nahm|stand|war)\b",
    naming=r"\b(?:name|namen|heiß|heiße|heißt|heisse|nenn\w*|genannt|ich bin)\b",
    named=r"\b(?:[Mm]ein Name ist|[Ii]ch hei(?:ß|ss)e) ([A-ZÄÖÜ][\w'’-]+)",
    am=r"\bich bin (?:der |die )?{name}\b|^hier (?:ist|spricht) {name}\b",
    am_thing=r"\bich bin (?:der|die|das|diese[rs]?|eine?|deine?|eure?) {thing}(?=[.,!?;]|$| (?:und|selbst)\b)",
    place=r"(?:teestube|teeraum|zimmer|raum|gewächshaus|treibhaus|haus|bahnhof|gebäude)",
    asks_name=r"\bwie (?:heißt du|heißen sie|ist (?:dein|ihr) name)\b|\bwer bist du\b",
    asks_back=(
        r"\b(?:was|wo|wer|wie|wann|womit)\b.*\bich\b.*\b(?:gesagt|erzählt)\b"
        r"|\bwei(?:ß|ss)t du noch\b.*\b(?:ich|mein\w*)\b"
        r"|\berinnerst du dich\b.*\b(?:ich|mein\w*)\b"
    ),
    leave=r"^(?:\w+, )?(?:darf|dürfte|kann|könnte) ich\b",
    asks_who=(
        r"\bnamen?\b|\bwer (?:bist|sind|seid|ist)\b|\bhei(?:ß|ss)t (?:du|ihr)\b|\bheißen sie\b|^bist du\b"
        r"|\bvorstellen\b"
    ),
    polite=r"\b(?:bitte|mal|doch|jetzt|dann|gut|ja|danke|gern|gerne|(?:kannst|könntest|würdest) du)\b",
    order=(
        r"\bbitte\b|\b(?:kannst|könntest|würdest|willst) du\b|\b(?:könnt|können|könnten) (?:ihr|sie|wir)\b"
        r"|^(?:mach|mache|schalte?|spiele?|öffne"
        r"|schließ|schließe|zünde?|koche?|stelle?|setz|gieße?|schenke?|dreh|drehe|lege?|lösch|lösche|gib|lies|schreib"
        r"|schreibe|sag|zeig|bring|hol|läute|sing|erzähl)\b"
    ),
    permission=r"\b(?:darf|kann|soll|könnte|dürfte|muss) ich\b|\bob ich\b",
    together=r"\blass(?:t)? uns\b|\bwollen wir\b|\bsollen wir\b|^(?:bitte )?(?:setz|nimm platz|komm herein)\b",
    on=(
        rf"{_BEFORE}(?:an|eingeschaltet|angezündet){_THEN}"
        r"|\b(?:die|der|das|unsere?|meine?) {thing} (?:brennt|leuchtet|spielt|läuft)(?: schon| noch| jetzt"
        r"| wieder)?(?=[.,!;]|$)"
    ),
    off=rf"{_BEFORE}(?:aus|ausgeschaltet|dunkel|gelöscht|erloschen|stumm){_THEN}",
    open=rf"{_BEFORE}(?:offen|auf|geöffnet){_THEN}",
    closed=rf"{_BEFORE}(?:zu|geschlossen){_THEN}",
    unsure=r"\b(?:wenn|falls|sobald|bis|ob|vielleicht|wäre|würde|könnte|sollte)\b",
    sorry=(
        r"\b(?:entschuldig\w*|verzeih\w*|tut mir leid)\b[^.!?]{0,20}\b(?:verwirrung|unannehmlichkeit\w*"
        r"|missverständnis"
        r"|fehler|verzögerung|umstände)\b"
    ),
    welcome=r"^(?:gern geschehen|gerne geschehen|keine ursache|nichts zu danken)(?:,? {name})?[.!]*$",
    thanks=r"\b(?:dank|danke|danken|dankbar|nett von|lieb von)\b",
    offers=(
        r"\b(?:wie|womit|was) kann ich (?:ihnen|dir|euch) (?:heute |sonst )?(?:\w+ )?(?:helfen|behilflich|dienen)\b"
        r"|\bkann ich (?:ihnen|dir|euch) (?:sonst |noch |heute |irgendwie ){1,2}(?:\w+ )?(?:helfen|behilflich)\b"
        r"|\bich (?:bin|stehe) (?:hier|da|gern|gerne|bereit)[^.!?]{0,12} (?:um )?(?:ihnen|dir"
        r"|euch)? ?(?:zu helfen|zur verfügung)\b"
        r"|\bwie kann ich (?:helfen|behilflich sein)\b|\blass(?:en)? (?:sie )?(?:es )?mich wissen, (?:wenn|falls"
        r"|ob)\b"
        r"|\b(?:tut mir leid|leider),? (?:aber )?(?:ich )?(?:dabei )?kann (?:ich )?(?:dir|ihnen)"
        r" (?:dabei |damit )?nicht helfen\b"
        r"|\bich helfe (?:dir|ihnen|euch) gerne?\b"
    ),
    served=r"\bdanke für (?:deine|ihre|die|eure) (?:geduld|hilfe|frage|anfrage|rückmeldung|verständnis)\b"
    r"|\bdabei kann ich (?:dir|ihnen|euch) (?:leider )?nicht (?:helfen|weiterhelfen)\b",
    help=r"\b(?:hilf|helfen|hilfe|rat|problem|brauche|verloren|verlaufen|schmerz\w*|kannst du|könntest du)\b",
    open_question=(
        r"^(?:(?:und|aber|also|na|sag),? )*(?:was|wo|woher|wohin|wann|wer|wem|wen|wessen|warum|wieso|weshalb"
        r"|womit|wovon"
        r"|wie (?:viele?|lange|alt|hei(?:ß|ss)t|oft|weit)|welche[rsnm]?)\b"
    ),
    no_question=(
        r"\b(?:oder|nicht wahr|gell|ja)[?]|^was für ein\b|^wie wäre|^was (?:meinst|denkst|sagst|hältst) du\b"
        r"|^warum nicht\b"
    ),
    yes=r"^ja[,.!]",
    lost=(
        r"\bwas (?:hast du gesagt|meinst du\?)|\bkannst du das (?:bitte )?wiederholen"
        r"|\b(?:das|dich) (?:habe ich )?nicht (?:gehört|verstanden)"
        r"|\bich (?:weiß|verstehe) nicht,? (?:genau,? )?(?:wovon (?:du|sie) (?:sprichst|sprechen|red\w+)"
        r"|was (?:du|sie) (?:mein\w*|sag\w+|willst|wollen)|wer (?:du bist|sie sind))\b"
    ),
    bad_news=(
        r"\b(?:gestorben|tot|beerdigung|krankenhaus|(?:ist|bin|sind) (?:sehr |so )?krank|gebrochen"
        r"|gestohlen|verbrannt|unfall|krebs|entlassen"
        r"|ertrunken|verloren)\b"
    ),
    good_news=(
        r"\b(?:geheiratet|verlobt|neuen? (?:stelle|arbeit|job)|befördert|gute (?:neuigkeiten|nachrichten)"
        r"|ein baby|prüfung bestanden|geburtstag"
        r"|gewonnen)\b"
    ),
    turned=(
        r"\b(?:nicht|nie|niemand|kein\w*|fast|beinahe|vergessen|abgesagt|weg|vorbei|geheilt|überstanden|überlebt"
        r"|gesund|zurück|raus|aus dem krankenhaus|besser|gerettet|gefunden)\b"
    ),
    rejoices=(
        r"\b(?:gute|tolle|wunderbare|schöne) (?:neuigkeiten|nachrichten)\b|\bglückwunsch|\bfreut mich (?:für"
        r"|zu hören)|\bwie (?:schön|toll|wunderbar)\b"
    ),
    condoles=(
        r"\b(?:das )?tut mir (?:sehr |so )?leid\b|\bbeileid\b|\bwie (?:traurig|schlimm|furchtbar)\b"
        r"|\bdas ist (?:traurig|schlimm|furchtbar)\b"
    ),
    never=r"\b(?:nie|niemals|weigert sich)\b",
    gives_in=(
        r"^\W*(?:ja|klar|natürlich|gern|gerne|selbstverständlich|na gut|einverstanden|meinetwegen)\b"
        r"(?:\W*$|,? (?:ich|hier|nimm|nehmen|du (?:darfst|kannst)|sie (?:dürfen|können)|wir|das (?:mache|tue))\b)"
        r"(?!.*\b(?:nicht|nie|niemals|kein\w*|aber)\b)"
        r"|\bich (?:mache|tue) (?:es|das)\b(?! nicht)|\bnur für (?:dich|sie)\b"
    ),
    hail=(
        r"(?:(?:oh|ach|na),? )?(?:hallo|hi|hey|servus|moin|grüß (?:dich|gott|euch)|guten (?:morgen|abend|tag))"
        r"(?: zurück| nochmal)*"
    ),
    of_you=(
        r"\b(?:du bist|bist du|sie sind|wer du|selbst|dich|rolle|figur|anweisung\w*|prompt|regeln|mensch|roboter"
        r"|bot|ki|maschine|programm|erzähl\w*|stell dich|beschreib\w*|vergiss|hör auf|herein|reinkommen|fremde\w*)\b"
    ),
    stock=(
        r"(?:(?:oh|ach|hm+|na|ja|so|gut|danke),? )*(?:ich verstehe|verstehe|ich höre zu|sprich weiter"
        r"|ich höre zu, sprich weiter"
        r"|und dann|wirklich|interessant|das ist (?:interessant|schön|gut|wahr|richtig|nett)|ich auch|natürlich"
        r"|sicher"
        r"|okay|sofort|gern|gerne|mit vergnügen|wie du möchtest|das haben wir gleich|so, besser|erledigt"
        r"|danke(?: schön| sehr)?|vielen dank"
        r"|ja|stimmt|gern, {name}|gerne, {name}|da ist etwas dran|das würde ich gern|das wäre schön)"
    ),
    goes=(
        r"(?:^|[,;] )(?:(?:aber|und|doch) )?(?:ich (?:muss|sollte)(?: jetzt| leider| nun| bald| nach hause)* "
        r"(?:gehen|los|weg|fort|aufbrechen)(?=[.,!;]|$)|(?:ich bin|bin) gleich (?:zurück|wieder da)\b"
        r"|ich gehe (?:jetzt|nun|nach hause)(?: nach hause)?(?=[.,!;]|$))"
    ),
    thanking=r"(?:oh|na|ach)?,? ?(?:danke|vielen dank)(?: schön| sehr)?(?:, (?:mein\w* )?\w+)?",
    yours=r"\bdein\w{0,2} (?P<it>[a-zäöüß]{3,})\b",
    theirs=r"(?:\b{name}s|^deine?) {it}\b",
)
