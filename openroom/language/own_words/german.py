"""German sentences about somebody, told by themselves: ``Du lebst am Fluss.`` -> ``Ich lebe am Fluss.``

Only verbs that are known are turned: how others bend can't be told from their form.
"""

from __future__ import annotations

import re


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_REGULAR = _words(
    "leb wohn arbeit sammel lieb hass mach koch back spiel sing trink denk glaub träum zeichn mal bau reparier "
    "flick verkauf kauf lehr lern züchte sag frag hör kenn erzähl führ hüt pfleg bewach steuer ruder segel wart "
    "rauch lach wein wander näh web schreib bring geh steh komm bleib find bind zieh lieg brauch such dien "
    "handel stell zähl schau klopf fürcht erinner freu trau heb leg nenn stamm gehör füll polier öffne rechn "
    "versteck beobacht"
)
_OTHERS: dict[str, tuple[str, str]] = {
    "bin": ("bist", "ist"),
    "habe": ("hast", "hat"),
    "werde": ("wirst", "wird"),
    "kann": ("kannst", "kann"),
    "will": ("willst", "will"),
    "mag": ("magst", "mag"),
    "muss": ("musst", "muss"),
    "darf": ("darfst", "darf"),
    "weiß": ("weißt", "weiß"),
    "fahre": ("fährst", "fährt"),
    "trage": ("trägst", "trägt"),
    "schlafe": ("schläfst", "schläft"),
    "laufe": ("läufst", "läuft"),
    "halte": ("hältst", "hält"),
    "lese": ("liest", "liest"),
    "sehe": ("siehst", "sieht"),
    "gebe": ("gibst", "gibt"),
    "nehme": ("nimmst", "nimmt"),
    "esse": ("isst", "isst"),
    "helfe": ("hilfst", "hilft"),
    "spreche": ("sprichst", "spricht"),
    "vergesse": ("vergisst", "vergisst"),
    "heiße": ("heißt", "heißt"),
    "sitze": ("sitzt", "sitzt"),
    "besitze": ("besitzt", "besitzt"),
    "schnitze": ("schnitzt", "schnitzt"),
    "putze": ("putzt", "putzt"),
    "wasche": ("wäschst", "wäscht"),
    "fange": ("fängst", "fängt"),
    "war": ("warst", "war"),
    "hatte": ("hattest", "hatte"),
    "wurde": ("wurdest", "wurde"),
    "kam": ("kamst", "kam"),
    "ging": ("gingst", "ging"),
    "fuhr": ("fuhrst", "fuhr"),
    "verlor": ("verlorst", "verlor"),
    "lebte": ("lebtest", "lebte"),
    "arbeitete": ("arbeitetest", "arbeitete"),
    "lernte": ("lerntest", "lernte"),
}


def _forms() -> tuple[dict[str, str], dict[str, str]]:
    yours = {du: ich for ich, (du, _) in _OTHERS.items()}
    theirs = {er: ich for ich, (_, er) in _OTHERS.items()}
    for stem in _REGULAR:
        stem = stem.removesuffix("e")
        soft = "e" if stem.endswith(("t", "d", "chn", "fn", "ffn")) else ""
        own = f"{stem[:-2]}le" if stem.endswith("el") else f"{stem[:-2]}re" if stem.endswith("eier") else f"{stem}e"
        yours.setdefault(f"{stem}{soft}st", own)
        theirs.setdefault(f"{stem}{soft}t", own)
    return yours, theirs


_YOURS, _THEIRS = _forms()
_WORD = re.compile(r"[^\W\d_]+")
_NO_VERBS = _words(
    "ist fast meist selbst erst sonst fest längst jüngst zuerst ernst bewusst gewusst meistens gast rest dunst "
    "herbst nächst höchst unbewusst zumeist tröst"
)
_STRANGE = re.compile(r"[\"“”„«»(){}\[\]*<>|~#:?]|\b(?:ich|mich|mir|mein\w*|ihr|euch|wir|uns|Sie)\b")


def from_you(sentence: str) -> str:
    """A sentence that speaks to its subject; empty where it can't be turned."""
    if _STRANGE.search(sentence) or not re.match(
        r"(?:Du|Dein\w*|Dir|Seit|In|Im|Am|Als|Heute|Nachts|Abends)\b", sentence
    ):
        return ""
    turned, verbs, subjects = [], 0, 0
    at = 0
    for found in _WORD.finditer(sentence):
        word = found.group()
        low = word.lower()
        own = word
        if low == "du":
            own, subjects = ("Ich" if word[0].isupper() else "ich"), subjects + 1
        elif (low.startswith("dein") and len(low) <= len("deines")) or low in ("dich", "dir"):
            own = f"{'M' if word[0].isupper() else 'm'}{word[1:]}"
        elif word in _YOURS:
            own, verbs = _YOURS[word], verbs + 1
        elif word.endswith("st") and word[0].islower() and low not in _NO_VERBS:
            return ""
        turned += [sentence[at : found.start()], own]
        at = found.end()
    told = "".join(turned) + sentence[at:]
    return told if verbs >= subjects and told != sentence else ""


def from_them(sentence: str, name: str) -> str:
    """A sentence that tells of its subject, whose name or pronoun may be left out; empty where it can't be turned."""
    names = "|".join(re.escape(one) for one in dict.fromkeys((name, name.split(maxsplit=1)[0])))
    found = re.match(rf"(?:(?:{names}|Er|Sie) )?(?P<verb>[^\W\d_]+)", sentence)
    if found is None or _STRANGE.search(sentence[found.end() :]):
        return ""
    verb, rest = found["verb"], sentence[found.end() :]
    own = _THEIRS.get(verb[:1].lower() + verb[1:])
    if own is None or re.search(r"\b(?:[Ee]r|sie|ihr\w*|sein\w*|ihn|ihm|sich|d(?:u|ich|ir)|dein\w*)\b", rest):
        return ""
    if re.search(r"\b(?:der|die|das|weil|wenn|als|wo|dass)\b[^,]*,?\s*(?:und|oder)\b", rest):
        return ""
    for other in reversed(list(re.finditer(r"\b(?:und|aber|oder)\s+([a-zäöüß]+)\b", rest))):
        if turned := _THEIRS.get(other[1]):
            rest = rest[: other.start(1)] + turned + rest[other.end(1) :]
        elif other[1].endswith("t"):
            return ""
    return f"Ich {own}{rest}"
