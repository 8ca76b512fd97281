"""What answers a remark by its kind, in German."""

from __future__ import annotations

from openroom.language.data.reactions.parts import Reaction

_TOLD = (
    r"(?s)\A(?!.*(?:\bbitte\b|\b(?:sage?|gib|zeige?|lies|nenne?|spiele?|hilf) (?:mir|uns|etwas|was|mal|doch"
    r"|eine?n?)\b"
    r"|\b(?:erzähl|beschreib|erklär|verrat)e? (?:mir|uns|doch|mal|etwas|was|von|vom|noch)\b"
    r"|\b(?:sprich|rede?) (?:\w+ )?(?:über|von|mit|lauter|leiser)\b"
    r"|(?:\A|[.!?,;:] )(?:und |aber |also |dann )?(?:(?:was(?! für)|wer|wo|woher|wohin|wann|warum|wieso|weshalb"
    r"|welche[rsn]?"
    r"|wie (?:ist|war|geht|heißt|alt|lange|viele?|findest|machst|kommt|wird|spät))\b"
    r"|(?:hast|bist|kannst|könntest|würdest|willst|möchtest|magst|kennst|weißt|glaubst|findest) du\b(?!,)"
    r"|(?:haben|können|könnten|würden|wollen|möchten|kennen) sie\b)))"
    r".*?"
)
"""What is told: no request, and no question without its mark. Then anything, up to what shows the kind."""

_NO = r"(?!nicht\b|kein|nie\b)"
_KIN = (
    r"(?:\w+ )?(?:(?:groß|ur|schwieger|stief)?(?:mutter|vater|eltern)|mama|mutti|papa|vati|oma|opa|bruder|brüder\w*"
    r"|schwestern?|tanten?|onkel|cousine?|frau|mann|ehemann|ehefrau|söhne?n?|sohn|töchtern?|tochter|kind|kindern?"
    r"|enkel\w*|familie|freunde?n?|freundin\w*|hund\w?|katzen?|kater)\b"
)
_AWFUL = r"(?:schrecklich|furchtbar|schlecht|schlimm|hart|lang|anstrengend|schwer|mies|grauenhaft|entsetzlich)"
_LOVELY = r"(?:wunderschön|schön|hübsch|wunderbar|gemütlich|herrlich|reizend|bezaubernd|zauberhaft|nett)(?:e[rsnm]?)?"
_TRADE = (
    r"\w*(?:lehrer|bäcker|schneider|tischler|schreiner|maler|gärtner|fischer|müller|fahrer|schüler|händler|verkäufer"
    r"|pfleger|arbeiter|musiker|techniker|informatiker|mechaniker|elektriker|handwerker|metzger|förster|jäger|richter"
    r"|schriftsteller|dichter|künstler|sänger|tänzer|schauspieler|kellner|wächter|forscher|wissenschaftler|ingenieur"
    r"|friseur|ärzt|arzt|anwalt|anwält|koch|köch|krankenschwester|schmied|student|polizist|journalist|pilot|soldat"
    r"|matrose|seemann|kaufmann|kauffrau|hebamme|bauer|bäuer|mönch|nonne|priester|pfarrer|bibliothekar|architekt"
    r"|apotheker|programmierer|entwickler|macher|lehrling|azubi|beamter|beamt|rentner)(?:in)?\b"
)

GERMAN = (
    Reaction(
        _TOLD + r"(?:\b(?:gestorben|verstorben|beerdigung|beerdigt|begräbnis|begraben|trauerfeier|starb)\b"
        rf"|\b(?:ist|sind|war) (?:{_NO}\w+ ){{0,4}}tot\b|\bhabe? (?:\w+ ){{0,2}}mein\w* {_KIN} (?:\w+ )?verloren\b)",
        (
            "Das tut mir leid. So eine Lücke schließt sich nicht.",
            "Es tut mir leid für dich. Erzähl mir davon, wenn du magst.",
        ),
    ),
    Reaction(
        _TOLD + r"(?:\bhabe?\b.{0,60}\bmitgebracht\b|\b(?:das|dies|die|der|hier) (?:ist|sind) für (?:dich|euch|sie)\b"
        r"|\bhabe? (?:ich )?(?:dir|euch|ihnen)\b.{0,60}\b(?:gebracht|gebacken|gekocht|gekauft|gebastelt|gestrickt)\b"
        r"|\bhabe?\b.{0,40}\bfür (?:dich|euch|sie)\b.{0,20}\b(?:gebacken|gekocht|gekauft|gemacht|dabei)\b"
        r"|\bich bringe? (?:dir|euch|ihnen)\b)",
        ("Das ist lieb von dir. Danke.", "Du hättest nichts mitbringen müssen, aber danke."),
    ),
    Reaction(
        _TOLD
        + r"(?:\bmein\w* (?:job|arbeit|arbeitsplatz|stelle) (?:\w+ ){0,2}(?:verloren|gekündigt|los)\b|\barbeitslos\b"
        r"|\b(?:wurde|worden|bin|mich|mir|man hat mich|habe) (?:\w+ ){0,2}(?:entlassen|gefeuert|gekündigt"
        r"|rausgeworfen)\b)",
        ("Das ist hart. Es wird sich etwas finden.", "Das tut mir leid. Was würdest du jetzt gern tun?"),
    ),
    Reaction(
        _TOLD + r"(?:\bhabe?\b(?! nie| nichts| nicht).{0,60}\b(?:verloren|vergessen|verpasst|verlegt|zerbrochen"
        r"|fallen (?:ge)?lassen|kaputt ?gemacht|liegen ?(?:ge)?lassen)\b|\b(?:gestohlen|geklaut)\b"
        r"|\bmein\w* \w+ (?:ist|sind) (?:mir )?(?:\w+ )?(?:kaputt|weg|verschwunden|zerbrochen|heruntergefallen)\b)",
        ("Das ist schade. So etwas passiert uns allen.", "Das tut mir leid. Lag dir viel daran?"),
    ),
    Reaction(
        _TOLD + rf"(?:\b{_AWFUL}e?[rnms]? (?:tag|woche|nacht|jahr|abend)\b"
        rf"|\b(?:tag|woche|nacht|jahr|abend) (?:war|ist) (?:{_NO}\w+ ){{0,2}}{_AWFUL}\b"
        rf"|\b(?:bin|fühle?) (?:ich )?(?:mich )?(?:{_NO}\w+ ){{0,3}}(?:traurig|unglücklich|einsam|besorgt"
        r"|niedergeschlagen|verzweifelt)\b|\bmir (?:\w+ ){0,2}(?<!keine )sorgen\b)",
        (
            "Das tut mir leid. Morgen sieht es vielleicht anders aus.",
            "Das klingt schwer. Du kannst mir davon erzählen.",
        ),
    ),
    Reaction(
        _TOLD + r"(?:\b(?:tut|tun)\b.{0,30}\bweh\b|\bwehtut\b|\bschmerzt\b|\w(?:weh|schmerzen)\b|\bhabe? (?:ich )?"
        rf"(?:{_NO}\w+ ){{0,3}}(?:hunger|durst|fieber|schmerzen)\b|\bich friere\b|\bfriere ich\b"
        rf"|\bnicht (?:ein)?schlafen\b"
        rf"|\b(?:mir ist|ist mir) (?:{_NO}\w+ ){{0,3}}(?:kalt|schlecht|übel|schwindlig)\b"
        r"|\b(?:hände|füße|finger|zehen) sind\b.{0,20}kalt\b"
        rf"|\bbin (?:ich )?(?:{_NO}\w+ ){{0,3}}(?:tod)?(?:müde|erschöpft|durchnässt|nass|hungrig|durstig|krank"
        rf"|erkältet"
        r"|durchgefroren)\b)",
        ("Dann setz dich und ruh dich ein wenig aus.", "Dann bleib eine Weile. Du musst nicht gleich weiter."),
    ),
    Reaction(
        _TOLD
        + r"(?:\bin eile\b|\bhabe?\b(?:(?! nicht) \w+){0,3} eilig\b|\bkeine zeit\b|\bspät dran\b|\bkomme zu spät\b"
        r"|\b(?:ich muss|muss ich) (?:\w+ ){0,3}(?:los|gehen|weiter|fort|weg|aufbrechen|nach hause|heim)\b"
        r"|\bkann (?:\w+ ){0,2}nicht (?:\w+ )?bleiben\b)",
        (
            "Ich verstehe. Ich halte dich nicht länger auf als nötig.",
            "Dann geh, wenn du musst. Das macht mir nichts aus.",
        ),
    ),
    Reaction(
        _TOLD + rf"(?:\bhabe? (?:ich )?(?:{_NO}\w+ ){{0,3}}angst\b|\b(?:macht|machen) mir (?:{_NO}\w+ ){{0,2}}angst\b"
        r"|\bich fürchte mich\b|\bfürchte ich mich\b|\b(?:erschreckt|ängstigt) mich\b|\bgruselt (?:mich|mir)\b)",
        ("Dafür muss sich niemand schämen. Jeder hat vor etwas Angst.", "Ich weiß, wie sich das anfühlt."),
    ),
    Reaction(
        _TOLD + r"(?:\bbin (?:ich )?(?:\w+ ){0,2}(?:schlecht|hoffnungslos|miserabel|nicht gut|ungeschickt) (?:in|im|mit"
        r"|bei)\b"
        r"|\b(?:ich kann|kann ich|ich konnte|konnte ich) (?:(?!dich\b|dir\b|sie\b|ihnen\b|euch\b)\w+ ){0,3}"
        r"(?:nicht|nie|kein\w*)\b(?!.{0,30}\b(?:leiden|ausstehen|glauben)\b))",
        ("Niemand kann alles.", "Dafür ist es nie zu spät, glaube ich."),
    ),
    Reaction(
        _TOLD + r"(?:\b(?:ich (?:komme|stamme|kam)|(?:komme|stamme) ich|ich bin) (?:\w+ ){0,2}aus\b(?! dem haus)"
        r"|\b(?:ich|bin)\b.{0,60}\b(?:aufgewachsen|geboren)\b|\baufgewachsen bin ich\b|\bwuchs ich\b|\bich wuchs\b"
        r"|\b(?:ich (?:wohne|lebe)|(?:wohne|lebe) ich)\b.{0,30}\b(?:in|im|am|an|auf|bei|nahe)\b)",
        ("Ich kenne es kaum. Wie ist es dort?", "Dann hast du einen Weg hinter dir. Denkst du oft daran?"),
        narrow=True,
    ),
    Reaction(
        _TOLD + r"(?:\b(?:ich arbeite|arbeite ich|ich studiere|studiere ich)\b(?! nicht)|\bvon beruf\b|\bmein beruf\b"
        r"|\b(?:ich bin|bin ich) (?:(?!nicht\b|kein|beim?\b|zu[mr]?\b|mit\b|vom?\b|i[mn]\b|a[mn]\b|auf\b"
        r"|de[rmn]\b)\w+ )"
        rf"{{0,3}}{_TRADE})",
        ("Das ist eine gute Sache. Machst du es gern?", "Dann sind deine Tage voll. Machst du das schon lange?"),
        narrow=True,
    ),
    Reaction(
        _TOLD + rf"\b(?:mein|unser)(?:e[nmrs]?)? {_KIN}",
        ("Es ist gut, wenn man an jemanden denken kann.", "Ich höre dir zu. Erzähl mehr, wenn du magst."),
    ),
    Reaction(
        _TOLD
        + r"(?:\b(?:ich (?:\w+ )?(?:mag|liebe|genieße)|(?:mag|liebe|genieße) ich)\b(?!.{0,40}\b(?:nicht|kein|nie))"
        r"|\bich (?!hätte\b|würde\b|möchte\b|wüsste\b|will\b)\w+ (?:(?!nicht\b)\w+ ){0,4}gerne?\b"
        r"|\b(?:gefällt|gefallen) mir\b(?!.{0,20}\b(?:nicht|kein))|\bmir (?:gefällt|gefallen)\b(?!.{0,40}\b(?:nicht"
        r"|kein)))",
        ("Das höre ich gern.", "Das kann ich verstehen."),
        narrow=True,
    ),
    Reaction(
        _TOLD + r"(?:\b(?:ich (?:\w+ )?mag|mag ich)\b.{0,40}\b(?:nicht|kein\w*)\b|\b(?:ich hasse|hasse ich)\b"
        r"|\bnicht (?:leiden|ausstehen)\b|\bgef(?:ällt|allen) mir (?:\w+ ){0,2}nicht\b"
        r"|\bich \w+ (?:\w+ ){0,3}nicht gerne?\b)",
        ("Dann müssen wir nicht davon sprechen.", "Das muss nicht jeder mögen."),
    ),
    Reaction(
        _TOLD
        + r"(?:\b(?:man|jemand|die|wir|es) (?:\w+ )?(?:sollten?|müssten?)\b|\b(?:sollten?|müssten?) (?:man|jemand|wir"
        r"|es)\b"
        r"|\b(?:es wäre|wäre es) (?:\w+ )?(?:besser|schön|gut)\b(?!.{0,20}\b(?:du|sie|ihr)\b))",
        ("Vielleicht. Das habe nicht ich zu entscheiden.", "Das habe ich mir auch schon gedacht."),
    ),
    Reaction(
        _TOLD + r"\b(?:regen|regnete?|geregnet|sturm|stürmt|gewitter|donner|donnert|wind|windig|schnee|schneite?"
        r"|nebel"
        r"|neblig|wetter|\w+wetter|hagelt)\b",
        ("Ja, das merke ich auch.", "Das Wetter macht, was es will."),
        narrow=True,
    ),
    Reaction(
        _TOLD + rf"(?:\b(?:wie|so|ist|sind|sieht|riecht|klingt|was für|welch) (?:(?!nicht\b|kein"
        rf"|ganz\b)\w+ ){{0,3}}{_LOVELY}\b"
        rf"|\b{_LOVELY} (?:hier\b|hast du es\b|ist es\b))",
        ("Es freut mich, dass du das findest.", "Gut, dass du es auch siehst."),
        narrow=True,
    ),
)
