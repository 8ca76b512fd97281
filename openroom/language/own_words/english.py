"""English sentences about somebody, told by themselves: ``You carry your whistle.`` or ``Carries his whistle.`` ->
``I carry my whistle.``

English writes *you* for subject and object alike, and *her* for two things. Where it can't be told which is meant, the
sentence is not turned.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TOKEN = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|\s+|.", re.DOTALL)
_ONLY_BEFORE_OBJECTS = _words(
    "to for with at by of from about on in near behind beside around over under into onto upon without against toward "
    "towards between among"
)
_JOINS = _words(
    "and but so because when while if that where since as than before after until who whom what how why which "
    "whatever whenever wherever though although once unless or then"
)
_NOT_A_VERB = (
    _ONLY_BEFORE_OBJECTS
    | _JOINS
    | _words(
        "the a an this these those every each all both some any no again now today tomorrow tonight well alone too "
        "also there here back up down out away off more less most his her their its our my your two three"
    )
) - _words("no")
_VERBLIKE = _words(
    "am are were was have had do did can could will would shall should may might must cannot can't don't didn't won't "
    "never always still often once only ever rarely seldom usually sometimes own keep like love want need know think "
    "live work make see hear say carry wear meet find hate remember call write draw go come take give tell hold"
)
_PLURAL_BEFORE = re.compile(r"\b(?:who|that|which|they|people|both)\b", re.I)
_LINKED = re.compile(r"(?:\b(?:and|but|or)|,) (?:also |still |now |never |always )?(are|were)\b", re.I)
_STRANGE = re.compile(r"[\"“”«»(){}\[\]*<>|~#:?]|\byou (?:and|all|two|both)\b|\bI\b", re.I)


def from_you(sentence: str) -> str:
    """A sentence that speaks to its subject; empty where it can't be turned."""
    if _STRANGE.search(sentence) or not _tells_of_you(sentence):
        return ""
    if linked := _LINKED.search(sentence):
        before = sentence[: linked.start()]
        if sentence.lower().startswith("your") or _PLURAL_BEFORE.search(before):
            return ""
        one = "am" if linked[1].lower() == "are" else "was"
        sentence = sentence[: linked.start(1)] + one + sentence[linked.end(1) :]
    tokens = _TOKEN.findall(sentence)
    words = [at for at, token in enumerate(tokens) if token[0].isalnum()]
    for place, at in enumerate(words):
        turned = _turn_you(tokens, words, place)
        if turned is None:
            return ""
        tokens[at] = turned
    return "".join(tokens)


_OPENS = re.compile(
    r"(?:you|your)\b|(?:for|in|at|on|since|as|when|every|once|now|tonight|today|years ago|"
    r"[A-Z][a-z]+ed(?: and [a-z]+)?,)\b[^;]{0,80}?\byou\b",
    re.I,
)


def _tells_of_you(sentence: str) -> bool:
    return _OPENS.match(sentence) is not None


_SIMPLE = {"your": "my", "yours": "mine", "yourself": "myself"}
_SHORT = {"you're": "I'm", "you've": "I've", "you'll": "I'll", "you'd": "I'd"}
_BE = {"are": "am", "were": "was", "aren't": "am not", "weren't": "wasn't"}


def _turn_you(tokens: Sequence[str], words: Sequence[int], place: int) -> str | None:
    """A word of the sentence, turned; ``None`` where it is not clear what it is."""
    token = tokens[words[place]]
    low = token.lower().replace("’", "'")
    before = _before(tokens, words, place)
    if low in _SIMPLE:
        turned = _SIMPLE[low]
        return turned.capitalize() if token[0].isupper() else turned
    if low in _SHORT:
        return _SHORT[low]
    if low in _BE and _is_of_you(tokens, words, place):
        return _BE[low]
    if low != "you":
        return token
    after = _after(tokens, words, place)
    if before in _ONLY_BEFORE_OBJECTS:
        return "me"
    if not after or after in _NOT_A_VERB:
        return "me" if before else None
    if not before or before in _JOINS or before == "," or after in _VERBLIKE:
        return "I"
    return None


def _is_of_you(tokens: Sequence[str], words: Sequence[int], place: int) -> bool:
    """Whether a form of *be* follows its *you*, with an adverb between at most."""
    adverbs = ("also", "still", "now", "never", "always", "often", "once", "only")
    for back in (1, 2):
        if place < back:
            return False
        word = tokens[words[place - back]].lower()
        if word in ("you", "i"):
            return True
        if word not in adverbs:
            return False
    return False


def _before(tokens: Sequence[str], words: Sequence[int], place: int) -> str:
    """The word before, a comma where one stands between, or nothing at the beginning."""
    if place == 0:
        return ""
    between = "".join(tokens[words[place - 1] + 1 : words[place]]).strip()
    return "," if between else tokens[words[place - 1]].lower()


def _after(tokens: Sequence[str], words: Sequence[int], place: int) -> str:
    """The word after, or nothing where a mark or the end stands there."""
    if place + 1 == len(words):
        return ""
    between = "".join(tokens[words[place] + 1 : words[place + 1]]).strip()
    return "" if between else tokens[words[place + 1]].lower()


_ONLY_VERBS = _words(
    "keep live write know carry own wear sell mend teach learn grow eat tell say speak sing hear hold read lose find "
    "believe remember belong make bake become bring build buy choose collect come dislike draw draws drive enjoy fear "
    "feel fix follow forget get give go hate help hide keep like love meet need own paint pay play prefer repair row "
    "run send serve sew sleep study swim tap think trust understand use want wear weave worry weep laugh dream believe "
    "admire adore steer sail gather knit drink sit stand wait watch walk work travel talk tend count"
)
_COULD_BE_NOUNS = _words(
    "drink walk work play help dream laugh count talk watch wait stand sail row run draw paint hate love like need use "
    "fear study travel meet find build drive read tap feel swim sleep worry hold"
)
_PAST = _words(
    "was had lost found grew learned learnt lived worked mended burnt burned made built wrote kept sold bought taught "
    "came went left met saw heard knew won broke fell drove sailed rowed spent studied travelled traveled ran served "
    "painted drew swam survived inherited moved stopped started began"
)
_HEADS = re.compile(
    r"(?P<adverb>(?:(?:never|always|often|still|also|now|once|usually|rarely|secretly|only|sometimes) )?)"
    r"(?P<verb>[a-z]+(?:n't|n’t)?)\b",
    re.I,
)
_LATER = re.compile(
    r"(?:\b(?:and|but|or|then)|,)\s+(?:(?:never|always|often|still|also|now|then|and|but)\s+)*([a-z]+)\b"
)
_SUBORDINATE = re.compile(r"\b(?:who|that|which|whose|where|when|because|while|if|as|since)\b", re.I)
_PEOPLE = re.compile(
    r"\b(?:\w*(?:mother|father|brother|sister|daughter|son|wife|husband|aunt|uncle|cousin|niece|nephew|friend|man|woman|"
    r"girl|boy|lady|king|queen|captain|teacher|master|mistress|widow|baby|child|doctor|neighbou?r|dog|cat|horse|boss)"
    r"(?:'s)?)\b",
    re.I,
)
_PRONOUNS = {"she": ("she", "her", "her", "herself"), "he": ("he", "him", "his", "himself")}
_GIVES_HER = _words(
    "keep make give let call help tell ask see hear leave find want send bring teach show buy hurt love hate"
)
_NOT_HERS = _words(
    "awake happy sad warm alive busy going safe laugh cry alone company angry nervous mad calm sick tired"
)


def from_them(sentence: str, name: str, pronouns: str) -> str:
    """A sentence that tells of its subject, whose name or pronoun may be left out; empty where it can't be turned."""
    if re.search(r"[\"“”«»(){}\[\]*<>|~#:?]|\b(?:I|me|my|you|your|we|our|us)\b", sentence, re.I):
        return ""
    rest, kind = _without_subject(sentence, name, pronouns)
    if not rest or _another_subject(rest, kind):
        return ""
    turned = _first_verb(rest)
    if not turned:
        return ""
    begun = _rest_of_verbs(turned)
    own = _own_pronouns(begun, kind) if begun else ""
    return own and own[:1].upper() + own[1:]


def _without_subject(sentence: str, name: str, pronouns: str) -> tuple[str, str]:
    """What is told without its subject, and which pronouns are meant: those of the subject, else those of the card."""
    wanted = next((one for one in _PRONOUNS if re.match(rf"\s*{one}\b", pronouns, re.I)), "")
    if found := re.match(r"(she|he) ", sentence, re.I):
        return sentence[found.end() :], found[1].lower()
    for one in dict.fromkeys((name, name.split(maxsplit=1)[0])):
        if sentence.startswith(f"{one} "):
            return sentence[len(one) + 1 :], wanted
    return sentence, wanted


def _another_subject(text: str, kind: str) -> bool:
    """Whether somebody else is there whom a pronoun could mean, or a pronoun that is not the subject's."""
    held = {word.lower() for word in re.findall(r"[^\W\d_]+", text)}
    mine = set(_PRONOUNS.get(kind, ()))
    if held & {"he", "she", "they", "them", "their", "theirs"}:
        return True
    used = held & {"him", "his", "her", "hers", "himself", "herself"}
    return bool(used - mine) or bool(
        used and (_PEOPLE.search(text) or re.search(r"(?<!^)(?<![.] )\b[A-Z][a-z]+", text))
    )


def _first_verb(text: str) -> str:
    """The text from its verb on, as one says it of oneself."""
    head = _HEADS.match(text)
    if head is None:
        return ""
    verb, rest = head["verb"].lower(), text[head.end() :]
    after = rest.split()[0].lower() if rest.split() else ""
    if verb in ("born", "married") and not head["adverb"]:
        return f"I {'was' if verb == 'born' else 'am'} {verb}{rest}" if after in ("in", "to", "on", "near") else ""
    if verb in _PAST and after != "by":
        return f"I {head['adverb'].lower()}{verb}{rest}"
    if mine := _own_form(verb):
        return f"I {head['adverb'].lower()}{mine}{rest}"
    return ""


_IRREGULAR = {"is": "am", "has": "have", "does": "do", "isn't": "am not", "hasn't": "haven't", "doesn't": "don't"}
_MODALS = _words("can cannot can't could couldn't will would won't wouldn't must may might should shall")


def _own_form(verb: str) -> str:
    """``keeps`` -> ``keep``, of verbs that are known; empty for others."""
    verb = verb.replace("’", "'")
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if verb in _MODALS:
        return verb
    return next((stem for stem in _stems(verb) if stem in _ONLY_VERBS), "")


def _stems(verb: str) -> Iterator[str]:
    if verb.endswith("ies"):
        yield f"{verb[:-3]}y"
    if verb.endswith("es"):
        yield verb[:-2]
    if verb.endswith("s"):
        yield verb[:-1]


def _rest_of_verbs(text: str) -> str:
    """The verbs that go on with the same subject, turned too; empty where one may be a noun, or another's verb."""
    for found in reversed(list(_LATER.finditer(text))):
        word = found[1]
        mine = _own_form(word)
        if not mine or mine == word:
            continue
        before, after = text[: found.start()], text[found.end() :].split()
        goes_on = (
            re.match(r"I (?:live|work|sleep|lived|worked)\b", before) and after[:1] and after[0] in _ONLY_BEFORE_OBJECTS
        )
        if (mine in _COULD_BE_NOUNS and not goes_on) or _SUBORDINATE.search(before):
            return ""
        text = text[: found.start(1)] + mine + text[found.end(1) :]
    return text


def _own_pronouns(text: str, kind: str) -> str:
    """With *my* and *me*; empty where *her* could be either."""
    if kind not in _PRONOUNS:
        return text
    _, them, their, themself = _PRONOUNS[kind]
    text = re.sub(rf"\b{themself}\b", "myself", text)
    if kind == "he":
        return re.sub(rf"\b{their}\b", "my", re.sub(rf"\b{them}\b", "me", text))
    for found in reversed(list(re.finditer(r"(?:(\w+) )?\bher\b(?: (\w+))?", text))):
        before, after = (found[1] or "").lower(), (found[2] or "").lower()
        if not after or after in _NOT_A_VERB:
            turned = "me"
        elif after in _NOT_HERS or before in _GIVES_HER:
            return ""
        else:
            turned = "my"
        text = text[: found.start()] + re.sub(r"\bher\b", turned, found[0]) + text[found.end() :]
    return text
