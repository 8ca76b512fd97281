"""Spanish sentences about somebody, told by themselves: ``Vives junto al río.`` -> ``Vivo junto al río.``

Only verbs that are known are turned: other words end as they do.
"""

from __future__ import annotations

import re


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_AR = _words(
    "trabaj cuid llev guard us pint cant cocin viaj habl escuch esper am odi busc pas entr repar cultiv enseñ "
    "call naveg rem toc llor dibuj coleccion record estudi descans cont golpe mir necesit camin ayud compr bail"
)
_ER = _words("com beb le cre tem vend corr comprend deb aprend cos tej")
_IR = _words("viv escrib abr sufr recib descubr sub")
_OTHERS: dict[str, tuple[str, str]] = {
    "soy": ("eres", "es"),
    "tengo": ("tienes", "tiene"),
    "estoy": ("estás", "está"),
    "vengo": ("vienes", "viene"),
    "hago": ("haces", "hace"),
    "digo": ("dices", "dice"),
    "voy": ("vas", "va"),
    "sé": ("sabes", "sabe"),
    "puedo": ("puedes", "puede"),
    "quiero": ("quieres", "quiere"),
    "conozco": ("conoces", "conoce"),
    "duermo": ("duermes", "duerme"),
    "pienso": ("piensas", "piensa"),
    "sueño": ("sueñas", "sueña"),
    "juego": ("juegas", "juega"),
    "prefiero": ("prefieres", "prefiere"),
    "pierdo": ("pierdes", "pierde"),
    "he": ("has", "ha"),
    "dirijo": ("diriges", "dirige"),
    "recojo": ("recoges", "recoge"),
    "era": ("eras", "era"),
    "fui": ("fuiste", "fue"),
    "tenía": ("tenías", "tenía"),
    "nací": ("naciste", "nació"),
    "perdí": ("perdiste", "perdió"),
    "aprendí": ("aprendiste", "aprendió"),
    "trabajé": ("trabajaste", "trabajó"),
    "viví": ("viviste", "vivió"),
}


def _forms() -> tuple[dict[str, str], dict[str, str]]:
    yours = {tu: yo for yo, (tu, _) in _OTHERS.items()}
    theirs = {el: yo for yo, (_, el) in _OTHERS.items()}
    for stems, vowel in ((_AR, "a"), (_ER, "e"), (_IR, "e")):
        for stem in stems:
            yours[f"{stem}{vowel}s"] = f"{stem}o"
            theirs[f"{stem}{vowel}"] = f"{stem}o"
    return yours, theirs


_YOURS, _THEIRS = _forms()
_WORD = re.compile(r"[^\W\d_]+")
_PRONOUNS = {
    "tu": "mi",
    "tus": "mis",
    "te": "me",
    "ti": "mí",
    "tú": "yo",
    "contigo": "conmigo",
    "tuyo": "mío",
    "tuya": "mía",
}
_STRANGE = re.compile(
    r"[\"“”«»(){}\[\]*<>|~#:?¿]|\b(?:yo|me|mí|mis?|usted(?:es)?|vosotr[oa]s|nosotr[oa]s|vuestr\w+)\b", re.I
)
_AFTER_LINK = re.compile(r"(?:\b(?:y|e|pero|ni|o|porque|cuando|que|si|no|nunca|siempre)|,)\s+([a-záéíóúñü]+)", re.I)
_LIKES = {"te gusta": "me gusta", "te gustan": "me gustan", "te encanta": "me encanta", "te encantan": "me encantan"}


def from_you(sentence: str) -> str:
    """A sentence that speaks to its subject; empty where it can't be turned."""
    first = _WORD.match(sentence)
    if _STRANGE.search(sentence) or first is None:
        return ""
    begins = first.group().lower()
    likes = any(sentence.lower().startswith(one) for one in _LIKES)
    if not (begins in _YOURS or begins in ("tú", "tu", "tus", "nunca", "desde", "hace", "siempre", "en") or likes):
        return ""
    for found in _AFTER_LINK.finditer(sentence):
        word = found[1].lower()
        if (
            re.search(r"[aeáéí]s$|ste$", word)
            and word not in _YOURS
            and word not in _PRONOUNS
            and word not in _ARTICLES
        ):
            return ""
    verbs = 0
    turned, at = [], 0
    for found in _WORD.finditer(sentence):
        word = found.group()
        low = word.lower()
        own = _PRONOUNS.get(low) or _YOURS.get(low)
        verbs += low in _YOURS
        turned += [sentence[at : found.start()], _as(word, own) if own else word]
        at = found.end()
    told = "".join(turned) + sentence[at:]
    return told if (verbs or likes or begins in ("tu", "tus")) and told != sentence else ""


_ARTICLES = _words("las los unas unos más menos dos tres seis después antes además entonces les nos tras es")


def from_them(sentence: str, name: str) -> str:
    """A sentence that tells of its subject, whose name or pronoun may be left out; empty where it can't be turned."""
    names = "|".join(re.escape(one) for one in dict.fromkeys((name, name.split(maxsplit=1)[0])))
    found = re.match(rf"(?:(?:{names}|Él|Ella) )?(?P<no>(?:[Nn]o |[Nn]unca )?)(?P<verb>[^\W\d_]+)", sentence)
    if found is None or _STRANGE.search(sentence):
        return ""
    own, rest = _THEIRS.get(found["verb"].lower()), sentence[found.end() :]
    if own is None or re.search(
        r"\b(?:sus?|él|ella|ellos|ellas|se|les?|lo|suy[oa]s?|te|tus?|que|quien|cuando)\b", rest, re.I
    ):
        return ""
    for other in reversed(list(re.finditer(r"\b(?:y|e|pero|o)\s+(?:no\s+)?([a-záéíóúñ]+)\b", rest))):
        if turned := _THEIRS.get(other[1]):
            rest = rest[: other.start(1)] + turned + rest[other.end(1) :]
        elif re.search(r"[aeó]$", other[1]):
            return ""
    told = f"{found['no']}{own}{rest}"
    return told[:1].upper() + told[1:]


def _as(word: str, own: str) -> str:
    return own[:1].upper() + own[1:] if word[:1].isupper() else own
