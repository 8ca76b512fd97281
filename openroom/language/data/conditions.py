"""How it is said of a thing that it is in one of its conditions: a stage, a level, a movement.

``SAID`` has by language the pattern of "the thing is so": ``{thing}`` stands for its names, ``{so}`` for the condition.
``WORDS`` are patterns of conditions that are spoken of in other words than the value's own, by language and value;
``VERBS`` those that are a verb. Read on a sentence in lower case.
"""

from __future__ import annotations

from collections.abc import Mapping

_WHOSE = r"(?:the|our|my|this|that|your)"
_DER = r"(?:die|der|das|den|unsere?|meine?|deine?|diese[rs]?)"
_EL = r"(?:la|el|las|los|nuestr[oa]s?|mi|tu|est[ea])"

SAID: Mapping[str, str] = {
    "en": (
        rf"\b{_WHOSE} {{thing}}(?:'s| is| are| has| says| shows| reads| points (?:to|at))"
        r"(?: \w+ly| already| still| now| all| finally| just){0,2} (?:(?:on|at|in|to) )?(?:an? |the )?{so}"
        r"(?=[.,!;]|$| (?:now|already|again|and|but|for you|tonight)\b)"
    ),
    "de": (
        rf"\b{_DER} {{thing}} (?:ist|sind|steht|hat|zeigt)(?: schon| noch| jetzt| wieder| bereits| nun){{0,2}} "
        r"(?:(?:auf|in|bei) )?(?:eine? |der |die |das )?{so}(?=[.,!;]|$| (?:und|aber|jetzt|schon|wieder)\b)"
    ),
    "es": (
        rf"\b{_EL} {{thing}} (?:ya |todavía |aún |ahora )?(?:está|están|es|son|ha|sigue|marca|dice) (?:ya |ahora )?"
        r"(?:en )?(?:una? |el |la )?{so}(?=[.,!;]|$| (?:y|pero|ahora|ya)\b)"
    ),
    "zh": r"{thing}(?:已经|现在|还|都|正|又|早就|正在)?(?:是|在)?{so}(?!吗|呢|的话)",
    "ja": r"{thing}[はもが](?:もう|今は?|まだ|ずっと)?{so}(?!か|の?でしょうか)",
}

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "bloom": r"(?:full )?bloom(?:ing|ed)?|in (?:full )?flower|flowering|blossoming|open(?:ed|ing)?",
        "bud": r"bud(?:ding|ded)?",
        "sprout": r"sprout(?:ing|ed)?",
        "boiling": r"boil(?:ing)?|bubbling|boiled",
        "heating": r"heating(?: up)?",
        "swinging": r"swinging|ringing|chiming|singing|swaying|moving",
        "blazing": r"blazing|roaring",
        "wet": r"wet|soaked|dripping",
    },
    "de": {
        "bloom": r"(?:in )?(?:voller )?blüte|aufgeblüht|erblüht|offen|geöffnet",
        "boiling": r"am kochen|kochend(?: heiß)?|siedend",
        "cold": r"kalt",
        "wet": r"nass",
    },
    "es": {
        "bloom": r"(?:plena )?flor|floreciendo|florecid[oa]|abiert[oa]",
        "boiling": r"hirviendo",
        "cold": r"frí[oa]",
        "wet": r"mojad[oa]|empapad[oa]",
        "swinging": r"sonando|balanceándose",
    },
    "zh": {
        "bloom": r"(?:盛)?开(?:花)?(?:了|着)|绽放(?:了|着)?",
        "boiling": r"(?:烧|煮)?开了|沸腾(?:了|着)?",
        "cold": r"(?:凉|冷)(?:的|了|着)",
        "swinging": r"响着|摇着|晃着",
    },
    "ja": {
        "bloom": r"(?:満開|咲いてい|咲きまし|開いてい)",
        "boiling": r"(?:沸いてい|沸騰してい|沸きまし)",
        "swinging": r"(?:鳴ってい|揺れてい)",
    },
}
VERBS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "en": (
        rf"\b{_WHOSE} {{thing}} (?:{{so}})(?=[.,!;]|$| (?:now|already|again|and|but|for you|tonight)\b)",
        {"bloom": r"blooms|bloomed|blossoms", "boiling": r"boils", "swinging": r"rings|swings|chimes"},
    ),
    "de": (
        rf"\b{_DER} {{thing}} (?:{{so}})(?: schon| noch| jetzt| wieder)?(?=[.,!;]|$)",
        {"bloom": r"blüht", "boiling": r"kocht|siedet", "swinging": r"schwingt|klingt|läutet", "blazing": r"lodert"},
    ),
    "es": (
        rf"\b{_EL} {{thing}} (?:ya |ahora )?(?:{{so}})(?=[.,!;]|$| (?:y|pero|ahora|ya)\b)",
        {"bloom": r"florece", "boiling": r"hierve", "swinging": r"suena|se balancea"},
    ),
}
LOOSELY = frozenset({"none", "nothing", "warm", "low", "bright", "all", "one", "once"})
"""Values that are no condition one would be wrong about: said loosely, or of a machine's own."""
