"""English sentences about a third person, told by themselves: ``Carries his whistle.`` or ``At forty she has outlived
two captains and never swims.`` -> ``At forty I have outlived two captains and never swim.``

Turned is the subject with its verbs and pronouns. Where a pronoun could mean somebody else, or a word could be a verb
or a noun, the sentence is not turned.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from openroom.language.own_words.english import NOT_A_VERB, ONLY_BEFORE_OBJECTS, words
from openroom.language.own_words.names import names_of

_VERBS = words(
    "keep live write know carry own wear sell mend teach learn grow eat tell say speak sing hear hold read lose "
    "find believe remember belong make bake become bring build buy choose collect come dislike draw drive enjoy "
    "fear feel fix follow forget get give go hate help hide like love meet need paint pay play prefer repair row "
    "run send serve sew sleep study swim tap think trust understand use want weave worry weep laugh dream admire "
    "adore steer sail gather knit drink sit stand wait watch walk work travel talk tend count smoke owe cook "
    "train hunt guard fly ride lead fight refuse avoid miss blame see try plan spend save visit trade rule "
    "command protect heal treat stutter limp snore hum whistle dance climb fish farm breed raise raid rob steal "
    "cheat gamble curse swear pray worship kneel bow brew mix pour polish clean wash sweep dust iron fold stitch "
    "carve forge shape cut chop dig plant water harvest pick peel boil roast burn light open close lock unlock "
    "break"
)
"""Verbs that may go on with the same subject, and those that a sentence without its subject may begin with."""
_COULD_BE_NOUNS = words(
    "drink walk work play help dream laugh count talk watch wait stand sail row run draw paint hate love like "
    "need use fear study travel meet find build drive read tap feel swim sleep worry hold smoke cook train hunt "
    "guard fly ride lead fight miss plan save visit trade rule command treat limp snore hum whistle dance climb "
    "fish farm breed raise raid cheat gamble curse bow brew mix polish sweep dust iron fold stitch forge shape "
    "cut chop plant water harvest pick peel boil roast burn light lock break wash try"
)
_ONLY_ALONE = words("fly light water fish dust iron plant train try")
"""Never taken for a verb where the subject is left out."""
_PAST = words(
    "was had lost found grew learned learnt lived worked mended burnt burned made built wrote kept sold bought "
    "taught came went left met saw heard knew won broke fell drove sailed rowed spent studied travelled traveled "
    "ran served painted drew swam survived inherited moved stopped started began stood stole fought flew rode led "
    "sang slept spoke swore took gave got held sat became brought chose did ate drank felt forgot hid paid said "
    "sent thought told understood wore rose bore bred dug fled forgave froze lay lit rang sank shot shut spun "
    "stuck struck swept threw woke"
)
_NO_PAST = words("red bed shed wed need seed weed bleed breed feed speed indeed hundred")
_ADVERBS = (
    r"(?:(?:never|always|often|still|also|now|once|usually|rarely|seldom|only|sometimes|barely|just|even|long|mostly|"
    r"currently|once|already|ever|secretly|quite|[a-z]{3,}ly) )*"
)
_HEAD = re.compile(rf"(?P<adverb>{_ADVERBS})(?P<verb>[a-z]+(?:n't|n’t)?)\b", re.I)
_LATER = re.compile(rf"(?:\b(?:and|but|or|then)|,) +(?:(?:then|and|but) )?(?P<adverb>{_ADVERBS})(?P<verb>[a-z]+)\b")
_SUBORDINATE = re.compile(r"\b(?:who|that|which|whose|where|when|because|while|if|as|since|what|how)\b", re.I)
_PEOPLE = re.compile(
    r"\b(?:(?:grand|step|god|foster)?(?:mother|father|brother|sister|daughter|son|parent|child)|wife|husband|aunt|uncle|"
    r"cousin|niece|nephew|friend|\w*(?:man|woman)|girl|boy|lady|king|queen|captain|teacher|master|mistress|widow|baby|"
    r"doctor|neighbou?r|dog|cat|horse|boss|partner|lover|twin|hero|rival|enemy|guard|soldier|prince|princess|lord|nurse|"
    r"priest|witch|colleague)(?:e?s)?(?:'s)?\b",
    re.I,
)
_PRONOUNS: Mapping[str, tuple[str, str, str, str]] = {
    "she": ("she", "her", "her", "herself"),
    "he": ("he", "him", "his", "himself"),
}
_ANY = {one for forms in _PRONOUNS.values() for one in forms} | words("hers they them their theirs themselves")
_LEAD = (
    r"(?:At|In|For|Since|By|After|Before|Until|Over|During|On|Every|Once|Now|Today|Still|Nowadays|When|Whenever|Though|"
    r"Although|As)\b[^;.]{0,60}?[, ]"
)
_HEDGES = re.compile(r"\b(?:might|may|maybe|perhaps|probably|seems?|could be|would be)\b", re.I)
_STRANGE = re.compile(r"[\"“”«»(){}\[\]*<>|~#:?]|\b(?:I|me|my|you|your|we|our|us)\b", re.I)
_GIVES_HER = words(
    "keep make makes made give let lets call help tell ask see hear leave find want send bring teach show buy hurt "
    "love hate"
)
_NOT_HERS = words(
    "awake happy sad warm alive busy going safe laugh cry alone company angry nervous mad calm sick tired"
)
_MAKES = words("make makes made")
_MADE_SO = _NOT_HERS | words("homesick sleepy uneasy proud hungry dizzy jealous smile blush think feel weep shiver")
_BEFORE_A_PLACE = words("in at from of near aboard on the around across through over under outside inside a an")
_PARTS = words("hands eyes arms legs ears teeth fingers feet shoulders knuckles boots gloves glasses")
_STARTS_AN_OBJECT = words("a an the my it them him her his this that these those every each no any")


def pronouns_in(text: str) -> str:
    """Which of ``she/her`` and ``he/him`` a text about somebody speaks of, where it is far more often the one."""
    held = [word.lower() for word in re.findall(r"[A-Za-z]+", text)]
    she = sum(word in ("she", "her", "hers", "herself") for word in held)
    he = sum(word in ("he", "him", "his", "himself") for word in held)
    if she >= 2 and she > 2 * he:
        return "she/her"
    return "he/him" if he >= 2 and he > 2 * she else ""


def from_them(sentence: str, name: str, pronouns: str) -> str:
    """A sentence that tells of its subject, whose name or pronoun may be left out; empty where it can't be turned."""
    if _STRANGE.search(sentence) or _HEDGES.search(sentence):
        return ""
    meant = next((one for one in _PRONOUNS if re.match(rf"\s*{one}\b", pronouns, re.I)), "")
    names = names_of(name)
    if theirs := _theirs(sentence, names, meant):
        return theirs
    lead, rest, kind, named = _without_subject(sentence, names, meant)
    if not rest or _means_another(f"{lead} {rest}", kind):
        return ""
    turned = _first_verb(rest, named=named)
    turned = turned and _later_verbs(turned, named=named)
    turned = turned and _own_subjects(f"{lead}{turned}", kind)
    own = turned and _own_pronouns(turned, kind)
    return own and own[:1].upper() + own[1:]


def _theirs(sentence: str, names: list[str], meant: str) -> str:
    """What is told of something of theirs ("Her mother is a medium."), where nobody else can be meant."""
    owners = "|".join(rf"{re.escape(one)}['’]s" for one in names)
    if meant:
        owners = "|".join(filter(None, (owners, _PRONOUNS[meant][2])))
    some = r"(?:(?:One|Two|Three|Some|Most|All|Both|None|Neither|Each) of )?"
    found = re.match(rf"(?P<some>{some})(?:{owners}) (?P<rest>[a-z].*)$", sentence, re.I) if owners else None
    if found is None or _words_of(found["rest"]) & _ANY or any(_holds(found["rest"], one) for one in names):
        return ""
    return f"{found['some']}my {found['rest']}" if found["some"] else f"My {found['rest']}"


def _holds(text: str, name: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", text) is not None


def _words_of(text: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[^\W\d_]+", text)}


def _without_subject(sentence: str, names: list[str], meant: str) -> tuple[str, str, str, bool]:
    """What stands before the subject, what is told of it, which pronoun means it, and whether it is there at all."""
    who = "|".join([*("she", "he"), *map(re.escape, names)])
    if found := re.match(rf"(?P<lead>{_LEAD})?(?P<who>{who}) ", sentence) or re.match(
        r"(?P<lead>)(?P<who>She|He) ", sentence
    ):
        said = found["who"].lower()
        kind = said if said in _PRONOUNS else meant
        if meant and kind != meant:
            return "", "", "", True
        return found["lead"] or "", sentence[found.end() :], kind, True
    return "", sentence, meant, False


def _means_another(text: str, kind: str) -> bool:
    """Whether a pronoun is there that is not the subject's, or one that could be somebody else's."""
    used = _words_of(text) & _ANY
    if used - set(_PRONOUNS.get(kind, ())):
        return True
    return bool(used) and (_PEOPLE.search(text) is not None or _names_somebody(text))


def _names_somebody(text: str) -> bool:
    """Whether a word with a capital stands there that need not be a place: "with Henrik", not "in Nairobi"."""
    before = ""
    for at, word in enumerate(re.findall(r"[^\W_]+(?:['’-][^\W_]+)*|[.;]", text)):
        if (
            at
            and word[0].isupper()
            and before not in _BEFORE_A_PLACE
            and not before[:1].isupper()
            and before not in ".;"
        ):
            return True
        before = word
    return False


_IRREGULAR = {
    "is": "am", "has": "have", "does": "do", "isn't": "am not", "hasn't": "haven't", "doesn't": "don't",
    "aches": "ache", "dies": "die", "lies": "lie", "ties": "tie", "focuses": "focus",
}  # fmt: skip
_MODALS = words("can cannot can't could couldn't will would won't wouldn't must may might should shall")


def _first_verb(text: str, *, named: bool) -> str:
    """The text from its verb on, as one says it of oneself. Where the subject is ``named``, any word may be one."""
    head = _HEAD.match(text)
    if head is None:
        return ""
    verb, rest = head["verb"].lower().replace("’", "'"), text[head.end() :]
    after = rest.split()[0].lower() if rest.split() else ""
    adverb = head["adverb"].lower()
    if verb in ("born", "married") and not adverb and not named:
        return f"I {'was' if verb == 'born' else 'am'} {verb}{rest}" if after in ("in", "to", "on", "near") else ""
    past = verb in _PAST or (named and verb.endswith("ed") and verb not in _NO_PAST)
    if past and after != "by":
        return f"I {adverb}{verb}{rest}"
    if mine := _own_form(verb, named=named):
        return f"I {adverb}{mine}{rest}"
    return ""


def _own_form(verb: str, *, named: bool = False) -> str:
    """``keeps`` -> ``keep``; empty for what is no verb of the third person, or one that is not known."""
    verb = verb.lower().replace("’", "'")
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if verb in _MODALS:
        return verb
    if named and verb.endswith("s") and not verb.endswith("ss") and len(verb) > 3:
        return next(_stems(verb))
    return next((stem for stem in _stems(verb) if stem in _VERBS and stem not in _ONLY_ALONE), "")


def _stems(verb: str) -> Iterator[str]:
    """What a verb in -s may be the third person of, the likeliest first."""
    if verb.endswith("ies"):
        yield f"{verb[:-3]}y"
    if re.search(r"(?:ss|sh|ch|x|zz|o)es$", verb):
        yield verb[:-2]
    if verb.endswith("s"):
        yield verb[:-1]


def _later_verbs(text: str, *, named: bool) -> str:
    """The verbs that go on with the same subject, turned too; empty where one may be a noun, or another's verb."""
    for found in reversed(list(_LATER.finditer(text))):
        word, before, after = found["verb"], text[: found.start()], text[found.end() :].split()
        mine = _own_form(word)
        next_word = re.sub(r"\W", "", after[0]).lower() if after else ""
        if not mine or mine == word:
            unknown = named and word.endswith("s") and not mine and word not in _PARTS
            if unknown and next_word in _STARTS_AN_OBJECT:
                return ""  # "and smirks at the moon": a verb that is not known
            continue
        lived = re.match(r"I (?:live|work|sleep|lived|worked)\b", before) and next_word in ONLY_BEFORE_OBJECTS
        goes_on = (
            lived
            or found["adverb"]
            or (named and next_word and next_word not in NOT_A_VERB)
            or next_word in _STARTS_AN_OBJECT
        )
        if (mine in _COULD_BE_NOUNS and not goes_on) or _SUBORDINATE.search(before):
            return ""
        text = text[: found.start("verb")] + mine + text[found.end("verb") :]
    return text


def _own_subjects(text: str, kind: str) -> str:
    """With *I* for the subject where it comes again ("before she resigned"); empty where its verb is not known."""
    if kind not in _PRONOUNS:
        return text
    for found in reversed(list(re.finditer(rf"\b{kind}\b (?P<adverb>{_ADVERBS})(?P<verb>[a-z]+(?:n't|n’t)?)\b", text))):
        verb = found["verb"].lower()
        past = verb in _PAST or (verb.endswith("ed") and verb not in _NO_PAST)
        mine = verb if past else _own_form(verb, named=True)
        if not mine:
            return ""
        text = f"{text[: found.start()]}I {found['adverb']}{mine}{text[found.end() :]}"
    return "" if re.search(rf"\b{kind}\b", text, re.I) else text


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
        if not after or after in NOT_A_VERB or (before in _MAKES and after in _MADE_SO):
            turned = "me"
        elif after in _NOT_HERS or (before in _GIVES_HER and after != "own"):
            return ""
        else:
            turned = "my"
        text = text[: found.start()] + re.sub(r"\bher\b", turned, found[0]) + text[found.end() :]
    return text
