"""Which thing on the menu an English remark asks for.

Each clause is judged by its form (`openroom.models.speech`): does it ask, forbid, or merely tell? One that asks is
compared with the menu by the things it names (the props' own words and names, widened by `openroom.models.thesaurus`)
and by the deed it names. Deeds that are opposites never meet. What other clauses say counts a little: it
decides between things that fit alike, and is what "it" and "that thing" mean. A remark about how somebody feels
("my fingers are like ice") asks without asking, where nothing else was asked for.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from openroom.models.lexical import stem
from openroom.models.port import MenuItem
from openroom.models.speech import TOKEN, Act, act
from openroom.models.thesaurus import DEEDS, DULL, IRREGULAR, NEAR, OPPOSITES, PARTICLES, QUALITIES, THINGS
from openroom.models.tongues import CONCEPTS, ENGLISH, TONGUES, words

_SENTENCE = re.compile(r"(?<=[.!?;…])\s*(?=\S)")
_CLAUSE = re.compile(r"[.,;:!?…\n]+|\s+[-–—]+\s+|\b(?:and|then|but|so(?= \w+ (?:i|we|it|they)\b))\b")
_REASON = re.compile(r"(?<!time )(?<!mood )(?<!dying )(?<!ready )(?<!look )(?<!up )(?<!go )(?<!wish )(?<!ask )(?<!chance )(?<!desperate )"
    r"\bfor (?=the |my |our |your |these |those )|\b(?<!e)(?=before|because|until|till|while|since|so that|so |in case|otherwise|whenever|unless|as |when )(?:before|because|until|till|while|since|so that|so (?=i |we |it |they )|in case|otherwise|whenever|unless"
    r"|as (?=i |we |it is|it's)|when (?=you|i|we|the|it))")  # fmt: skip
_POLITE = re.compile(
    r",? *\b(?:if you (?:don't|wouldn't) mind|i don't mind|don't you think|if it's (?:no|not too much) trouble|if i may"
    r"|if you please|if you would|would you|will you|won't you|if you like|if that's all right|there's a dear)\b(?=\W*$|[.!?])"
)
_STATES = re.compile(r"(?:i|we|it|they|he|she|there|i'm|we're|it's|i'd|we'd|the \w+|my \w+)\b")
_TAKEN_BACK = re.compile(
    r"^.*\b(?:no,? (?:thank you|thanks)|never ?mind|forget (?:it|that|about it)|on second thoughts?)\b"
)
"""What was said before it is not wished any more."""
_SAID_PLAINLY = [
    (re.compile(r"\b(on|off|out) with (the|that|those|this|your) "), r"turn \1 \2 "),
    (re.compile(r"\btake (?:everything|all|it all|it|them|those|these|all \w+|the \w+s) (?:off|down)\b"), "clear"),
    (re.compile(r"\b(?:make|take) (?:a|another) note\b"), "write"),
    (re.compile(r"\bget rid of\b|\bdo away with\b"), "remove"),
    (re.compile(r"\blet ((?:\w+ ){1,4})know\b"), r"tell \1"),
    (
        re.compile(
            r"\b(?:give|have given) ((?:the |that |this |your |those )?\w+(?: \w+)?) (?:a|another) (?:\w+ )?"
            r"(shake|push|knock|tap|wind|ring|stir|poke|turn|twist|crank|flick|rattle|water|call|wipe|clean)(?=\W|$)"
        ),
        r"\2 \1",
    ),
]
_FOR_HELP = re.compile(r"\b(?:do something|do anything|something be done|anything be done|about (?:it|that)|help)\b")
_PLEASED = re.compile(
    r"(?<!'d )(?<!would )\b(?:nice|lovely|love|(?:i|we|they|you) like|likes|beautiful|cosy|cozy|pleasant|enjoy|don't mind)\b"
)
_NAMED = 0.45
_AROUND = 0.35
_LIKE = 0.75
_POINTING = frozenset(
    map(
        stem,
        words(
            "it its them that this one something some those thing these another her him she place room here everything"
        ),
    )
)
_NOUN_BEFORE = words(
    "the a an my your that this those these some any more no of our his her its another each every fresh"
)
_OWNED = words("my your his her its our their the")
_MEASURES = frozenset(
    map(stem, words("next another other louder quieter softer brighter dimmer lower higher off out on up down"))
)
_GENERIC = words("put turn make set get give take do")
_SMALL = words("the a an of over on in and to at for by put")
_OPPOSED = frozenset({"pause", "up", "off", "close", "empty", "clear", "next", "down"})
_TO_SOMEBODY = frozenset({"send", "write"})
"""Deeds whose object may be anything: "call the other lighthouse"."""
_GRADED = frozenset({"light", "music", "fire", "volume"})
_BY_ITSELF = frozenset({"up", "down", "next", "off", "close", "open", "on"})
_NAMES_ITSELF = frozenset({"up", "down", "next", "pour", "write", "open", "close"})
_UNNAMED = _BY_ITSELF | {"pour", "heat", "stoke", "wind", "sing", "empty", "write", "play", "change", "send"}
_VERB_BEFORE = words("you to please and then could can would will should somebody someone anybody i we us let's just now go "
    "quick kindly also or better not me hey oh it quickly")  # fmt: skip
_UNITS = {word: at for at, word in enumerate(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"])}  # fmt: skip
_TENS = {
    word: 10 * at
    for at, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}


def _foreign(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Kinds and deeds that a label in another language names."""
    low = text.lower()
    said = {stem(word) for word in TOKEN.findall(low)}
    kinds = {
        name
        for name, listed in CONCEPTS.items()
        for word in listed
        if stem(word) in said or (_is_wide(word) and word in low)
    }
    deeds = {
        deed
        for code, tongue in TONGUES.items()
        for word, deed in tongue.deeds.items()
        if code != "en" and (stem(word) in said or (not tongue.spaced and word in low))
    }
    return frozenset(f"#{kind}" for kind in kinds), frozenset(deeds)


def _is_wide(word: str) -> bool:
    return word[0] > "\u2fff"


def _by_stem(table: Mapping[str, str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name, listed in table.items():
        for word in listed.split():
            found.setdefault(stem(word), set()).add(name)
    return {word: frozenset(names) for word, names in found.items()}


_DEED_OF, _KIND_OF = _by_stem(DEEDS), _by_stem(THINGS)
_PARTICLE_OF: dict[str, dict[str, str]] = {}
for _listed, _after in PARTICLES.items():
    for _verb in _listed.split():
        _PARTICLE_OF.setdefault(stem(_verb), {}).update(_after)
_DULL_STEMS = frozenset(map(stem, DULL))
_QUALITY_STEMS = frozenset(map(stem, QUALITIES))


@dataclass(frozen=True, slots=True)
class _Item:
    """An item: stems of its label and words that name a thing, groups of these, names of several words, deeds."""

    id: str
    prop: str
    label: frozenset[str]
    words: frozenset[str]
    names: tuple[frozenset[str], ...]
    deeds: frozenset[str]
    verb: str
    aside: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Menu:
    """All items, with how many props know a word, and which words only some items of a prop have."""

    items: tuple[_Item, ...]
    props: int
    known_by: Mapping[str, int]
    own: Mapping[str, frozenset[str]]
    by_prop: Mapping[str, tuple[_Item, ...]]
    verbs: frozenset[str]
    bare: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Said:
    """What a piece of text names: things with their weight, deeds, stems in order."""

    things: Mapping[str, float]
    deeds: frozenset[str]
    stems: tuple[str, ...]
    verbs: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Fit:
    """How much of a clause names a prop, and how much of what is said around it does."""

    named: float
    near: float

    @classmethod
    def of(cls, said: _Said, around: Sequence[_Said], prop: str, known: _Menu) -> _Fit:
        """For one prop."""
        return cls(_named(said, prop, known), max((_named(other, prop, known) for other in around), default=0.0))


@dataclass(frozen=True, slots=True)
class _Choice:
    """What a clause asks for; ``sure`` when it names the deed too."""

    id: str
    prop: str
    score: float
    sure: bool


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause, the reason it gives, and what it does."""

    text: str
    reason: str
    act: Act
    joined: bool
    """Whether "and" comes before it."""
    sentence: int


def english_request(text: str, menu: Sequence[MenuItem], limit: int) -> tuple[str, ...]:
    """The ids of what a remark (lower case, straight apostrophes) asks for, in the order it was asked for."""
    known = _menu(tuple(menu))
    clauses = _clauses(_plain(text), known)
    barred = _forbidden(clauses, known)
    chosen: list[_Choice] = []
    for place, clause in enumerate(clauses):
        following = clauses[place + 1] if place + 1 < len(clauses) else None
        found = None
        if clause.act in (Act.ASK, Act.END):
            asked = clauses[place::-1] if _FOR_HELP.search(clause.text) else [clause]
            found = _hinted(asked, text, known, barred) if _is_vague(clause, known) else None
            found = found or _choose(clause, clauses, known, barred)
        elif _is_wish_too(clause, following, clauses[:place]):
            found = _hinted([clause], text, known, barred)
        if found:
            chosen.append(found)
    ids = [one.id for one in _settled(chosen)]
    if not ids and (hinted := _hinted(clauses, text, known, barred)):
        ids = [hinted.id]
    return tuple(ids[:limit])


def _is_wish_too(clause: _Clause, following: _Clause | None, before: Sequence[_Clause]) -> bool:
    """Whether a remark may be a wish beside others: "it's dark, and could we have some music?", or a sentence of its own
    after what was asked for. Before or within the same sentence it only says why.
    """
    if following is not None and following.joined and following.act is Act.ASK:
        return True
    asked = [one for one in before if one.act in (Act.ASK, Act.END)]
    return bool(asked) and all(one.sentence < clause.sentence for one in before)


def _is_vague(clause: _Clause, known: _Menu) -> bool:
    """Whether a clause names no thing that is here, but at most how it is or shall be ("dark", "quiet")."""
    named = [word for word in _heard(clause.text).things if word in known.known_by and word[0] != "#"]
    return all(word in _QUALITY_STEMS for word in named)


def _settled(chosen: Sequence[_Choice]) -> list[_Choice]:
    """One choice of a verb (one tea, one record, one seat), and where a thing was named twice, the surer deed."""
    kept: list[_Choice] = []
    for one in chosen:
        verb = one.id.partition(":")[0]
        rival = next((other for other in kept if other.id.partition(":")[0] == verb), None)
        rival = rival or next((other for other in kept if other.prop == one.prop and other.sure != one.sure), None)
        if rival is None:
            kept.append(one)
        elif one.score > rival.score:
            kept[kept.index(rival)] = one
    return kept


# the menu -----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def _menu(menu: tuple[MenuItem, ...]) -> _Menu:
    items = tuple(map(_item, menu))
    props: dict[str, set[str]] = {}
    for one in items:
        props.setdefault(one.prop, set()).update(one.label | one.words)
    by_prop: dict[str, list[_Item]] = {}
    for one in items:
        by_prop.setdefault(one.prop, []).append(one)
    own = {}
    for one in items:
        others = [other for other in by_prop[one.prop] if other.id != one.id]
        shared = Counter(word for other in others for word in other.label | other.words)
        own[one.id] = frozenset(word for word in one.label | one.words if shared[word] <= len(others) // 3)
    bare = frozenset(word for one in items for word in one.label | one.words | {w for name in one.names for w in name})
    return _Menu(
        items,
        len(props),
        Counter(word for known in props.values() for word in known),
        own,
        {prop: tuple(found) for prop, found in by_prop.items()},
        frozenset(one.verb for one in items) - _DULL_STEMS,
        bare | frozenset(_KIND_OF) - _DULL_STEMS | _MEASURES,
    )


@lru_cache(maxsize=4096)
def _item(item: MenuItem) -> _Item:
    plain, aside = re.sub(r"\(.*?\)", "", item.label), " ".join(re.findall(r"\((.*?)\)", item.label))
    said = TOKEN.findall(plain)
    title = [word for word in said[1:] if word[0].isupper()]
    label = [word.lower() for word in said if word not in title or len(title) == 1]
    names = [_title(title)] if len(title) > 1 else []
    words_of = [word.lower() for word in item.words]
    prop_name = words_of[-1] if words_of else ""
    single = TOKEN.findall(prop_name)
    for phrase in words_of[:-1]:
        parts = TOKEN.findall(phrase)
        if _title(parts) in names:
            continue
        if len(_names(parts)) > 1:
            names.append(_title(parts))
        elif len(_title(parts)) < 2:  # "note down" and "put on" name nothing
            single += parts
    path, _, choice = item.id.partition(":")
    verb_id = path.partition(".")[2]
    parts = re.findall(r"[a-z0-9]+", choice.lower())
    single += parts if len(_title(parts)) == 1 else []
    deeds = _label_deeds([word.lower() for word in said], verb_id.split("_"), single, bool(choice))
    kinds, foreign = _foreign(plain) if not deeds else (frozenset(), frozenset())
    verb = stem(said[0]) if said else ""
    asides = frozenset(map(stem, TOKEN.findall(aside.lower()))) & _QUALITY_STEMS
    return _Item(
        item.id,
        item.id.partition(".")[0],
        (_bag(label, verb) - asides) | kinds,
        _bag(single, verb) - _bag(label, verb) - asides,
        tuple(name for name in dict.fromkeys(names) if name),
        deeds or foreign,
        verb,
        frozenset(map(stem, TOKEN.findall(aside.lower()))) - _DULL_STEMS,
    )


def _label_deeds(label: Sequence[str], verb: Sequence[str], single: Sequence[str], chosen: bool) -> frozenset[str]:
    """What an item does: by a verb with its particle, by "next", "up" and the like, else by its first word; where that
    says little ("put", "make"), by the words that the prop brings too.
    """
    phrase = _phrased(tuple(verb))[0] or _phrased(tuple(label))[0]
    if phrase:
        return phrase
    modified = frozenset(
        deed for word in label for deed in _DEED_OF.get(stem(word), ()) if deed in ("next", "up", "down")
    )
    if modified:
        return modified
    by_verb = frozenset(deed for word in verb if word not in _GENERIC for deed in _DEED_OF.get(stem(word), ()))
    if by_verb:
        return by_verb
    if label and label[0] not in _GENERIC and stem(label[0]) in _DEED_OF:
        return _DEED_OF[stem(label[0])]
    if chosen:  # its words are the same for every choice
        return frozenset()
    return frozenset(deed for word in single if word not in _GENERIC for deed in _DEED_OF.get(stem(word), ()))


def _names(given: Iterable[str]) -> frozenset[str]:
    return frozenset(stem(word) for word in given) - _DULL_STEMS


def _title(given: Iterable[str]) -> frozenset[str]:
    """The words of a name by which it can be told: "Second Cup" by both, "the moon" by one."""
    return frozenset(stem(word) for word in given if word.lower() not in _SMALL)


def _bag(given: Iterable[str], verb: str = "") -> frozenset[str]:
    """Stems of words and their kinds; a verb is of no kind ("water the pot" is no water)."""
    stems = {stem(word) for word in given} - _DULL_STEMS
    return frozenset(stems | {f"#{kind}" for word in stems if word != verb for kind in _KIND_OF.get(word, ())})


# what is said -------------------------------------------------------------------------------------------------------


def _clauses(text: str, known: _Menu) -> list[_Clause]:
    found: list[_Clause] = []
    for number, sentence in enumerate(_SENTENCE.split(text)):
        asking = asked_before = False
        joined = re.sub(r"[,;]\s*(?:please|pls)\b", " please", sentence)
        for link, part in _parts(joined):
            cut = _REASON.search(part)
            main, reason = (part[: cut.start()].strip(), part[cut.end() :]) if cut and cut.start() else (part, "")
            does = act(main, known.verbs, asking, known.bare)
            if does is Act.TELL and sentence.rstrip().endswith("?") and _any_left(main, known):
                does = Act.ASK
            if does is Act.ASK and asked_before and _STATES.match(main):
                does = Act.TELL  # "light the lamp, I want to read": that says why
            asking = does is Act.ASK
            asked_before = asked_before or asking
            found.append(_Clause(main, reason, does, link == "and", number))
    return found


def _parts(sentence: str) -> Iterator[tuple[str, str]]:
    """The clauses of a sentence, each with what links it to the one before."""
    at, link = 0, ""
    for match in _CLAUSE.finditer(sentence):
        if part := sentence[at : match.start()].strip():
            yield link, part
            link = ""
        at, link = match.end(), match.group().strip() if match.group().strip().isalpha() else link
    if part := sentence[at:].strip():
        yield link, part


def _any_left(clause: str, known: _Menu) -> bool:
    """ "Any tea?", "more music?": a thing with nothing else said of it, as a question."""
    said = TOKEN.findall(clause)
    return (
        bool(said)
        and len(said) <= 5
        and said[0] in ("any", "some", "more", "another")
        and bool(_names(said) & known.bare)
    )


@lru_cache(maxsize=2048)
def _heard(text: str) -> _Said:
    tokens = [
        IRREGULAR.get(token, token) for token in TOKEN.findall(text) if token != "not"
    ]  # whose stem is that of "note"
    stems = tuple(map(stem, tokens))
    things: dict[str, float] = {}
    verbs = frozenset(word for at, word in enumerate(stems) if word in _DEED_OF and not _is_noun(tokens, at))
    for word in stems:
        if word in _DULL_STEMS:
            continue
        things[word] = 1.0
        for kind in () if word in verbs else _KIND_OF.get(word, ()):
            things[f"#{kind}"] = _LIKE
    return _Said(things, _deeds(tuple(tokens)), stems, verbs)


@lru_cache(maxsize=4096)
def _deeds(tokens: tuple[str, ...]) -> frozenset[str]:
    """The deeds that words name."""
    phrases, used = _phrased(tokens)
    found = set(phrases)
    for at, word in enumerate(tokens):
        if at not in used and not _is_noun(tokens, at) and not (at and tokens[at - 1] in _OWNED):
            found |= _DEED_OF.get(stem(word), frozenset())
    said = [word for word in tokens if word not in ("please", "now")]
    last = said[-1] if said else ""
    if not used and ((last in ("on", "off", "out") and len(said) < 5) or (last == "off" and len(said) < 9)):
        found.add("on" if last == "on" else "off")  # "lights on!", "can we have the music off"
    for measure, deed in (("more", "up"), ("less", "down")):
        if measure in tokens and any(_KIND_OF.get(stem(word), frozenset()) & _GRADED for word in tokens):
            found.add(deed)
    if found & {"next"}:
        found -= {"on", "play"}
    if "water" in tokens and {"give", "pour", "add", "needs", "need", "drop", "get"} & set(tokens):
        found.add("water")
    return frozenset(found)


def _is_noun(tokens: Sequence[str], at: int) -> bool:
    """Whether a word that may name a thing or a deed ("light", "water", "ring") names the thing here."""
    word = tokens[at]
    if stem(word) not in _KIND_OF:
        return False
    return word.endswith("s") or len(tokens) == 1 or (at > 0 and tokens[at - 1] not in _VERB_BEFORE)


def _phrased(tokens: tuple[str, ...]) -> tuple[frozenset[str], frozenset[int]]:
    """Deeds of verbs with a particle ("turn it off"), and the places of these verbs."""
    found: set[str] = set()
    used: set[int] = set()
    for at, word in enumerate(tokens):
        after = _PARTICLE_OF.get(stem(word))
        if after is None or (at and tokens[at - 1] in _NOUN_BEFORE):
            continue
        place = next((n for n in range(at + 1, min(at + 7, len(tokens))) if tokens[n] in after), None)
        if place is not None and _is_particle(tokens, at, place):
            found.add(after[tokens[place]])
            used |= {at, place}
    return frozenset(found), frozenset(used)


def _is_particle(tokens: Sequence[str], verb: int, place: int) -> bool:
    """Whether "on" and the like belong to the verb, and are not the beginning of "on the fire"."""
    if place == verb + 1:
        return True
    following = tokens[place + 1 : place + 2]
    measure = tokens[place + 1 : place + 3]
    if (
        len(measure) == 2
        and measure[0] == "a"
        and measure[1] in ("bit", "little", "touch", "notch", "tad", "while", "moment")
    ):
        return True
    return not following or following[0] not in _NOUN_BEFORE | words("me you it us them top platform board fire")


def _plain(text: str) -> str:
    """The remark without its politeness, with figures for numbers."""
    text = _TAKEN_BACK.sub("", _POLITE.sub("", text))
    for pattern, plain in _SAID_PLAINLY:
        text = pattern.sub(plain, text)
    return _figures(
        re.sub(r"\b(?:not (?:quite )?(?:so|that)|less)(?= (?:bright|loud|hot|dark|quiet|cold|noisy)\b)", "too", text)
    )


def _figures(text: str) -> str:
    """Numbers in words as figures: "five hundred", "twenty-one eighty-two", "sixteen fifty"."""
    found = re.sub(
        r"\b([a-z]+)-([a-z]+)\b", lambda m: m.group().replace("-", " ") if m.group(1) in _TENS else m.group(), text
    )
    number = rf"(?:{'|'.join([*_UNITS, *_TENS, 'hundred', 'thousand'])})"
    return re.sub(rf"\b{number}(?: (?:and )?{number})+\b", lambda m: _number(m.group().split()), found)


def _number(said: list[str]) -> str:
    parts: list[int] = []
    for word in said:
        if word in ("hundred", "thousand") and parts:
            parts[-1] *= 100 if word == "hundred" else 1000
        elif word in _UNITS and parts and parts[-1] % 10 == 0 and 20 <= parts[-1] % 100 <= 90 and _UNITS[word] < 10:
            parts[-1] += _UNITS[word]
        elif word in _UNITS or word in _TENS:
            parts.append(_UNITS.get(word, _TENS.get(word, 0)))
    if len(parts) == 2 and parts[0] >= 1000:
        return str(sum(parts))
    return "".join(map(str, parts))


# choosing -----------------------------------------------------------------------------------------------------------


def _choose(clause: _Clause, clauses: Sequence[_Clause], known: _Menu, barred: Sequence[str]) -> _Choice | None:
    """The item that a clause asks for; ``None`` where it names nothing that is here."""
    said = _heard(clause.text)
    around = [_heard(other.text) for other in clauses if other is not clause and other.act is not Act.FORBID]
    around += [_heard(clause.reason)] if clause.reason else []
    deeds = frozenset({"off"}) if clause.act is Act.END else said.deeds
    open_to = [one for one in known.items if one.id not in barred and _agrees(deeds, one, clause.act)]
    props = {prop: _Fit.of(said, around, prop, known) for prop in known.by_prop}
    named = any(fit.named >= _NAMED for fit in props.values())
    if named:
        scores = {one.id: _score(props[one.prop], deeds, one, said, known) for one in open_to}
    else:
        scores = {
            one.id: _pointed(props[one.prop], deeds, one, known, said) for one in open_to if deeds & _helpful(one)
        }
        if max(scores.values(), default=0.0) <= 0:  # "show me", "do it": what the words around are about
            scores = {one.id: _pointed(props[one.prop], frozenset(), one, known, said) for one in open_to}
    best = max((one for one in open_to if one.id in scores), key=lambda one: scores[one.id], default=None)
    if best is None or scores[best.id] <= 0:
        return None
    within = [one for one in open_to if one.prop == best.prop and scores.get(one.id, 0.0) > 0]
    best = max(
        within,
        key=lambda one: (
            scores[one.id] + _own(said, one, known) + _hinted_at(around, one, known) * (0.5 if named else 1.0)
        ),
    )
    return _Choice(best.id, best.prop, scores[best.id], bool(deeds & best.deeds))


def _hinted_at(around: Sequence[_Said], item: _Item, known: _Menu) -> float:
    """How much of what is said around a clause names this item among those of its prop, or its deed."""
    own = max((_own(other, item, known) for other in around), default=0.0)
    return _AROUND * own + (0.3 if any(other.deeds & item.deeds for other in around) else 0.0)


def _helpful(item: _Item) -> frozenset[str]:
    """What an item does, or is done by for want of better."""
    return item.deeds | {near for deed in item.deeds for near in NEAR.get(deed, ())}


def _agrees(deeds: frozenset[str], item: _Item, how: Act) -> bool:
    """Whether an item does not do the opposite of what is wished (and, where an end is wished, ends something)."""
    if how is Act.END:
        return "off" in item.deeds or "stop" in item.words
    against = {deed for wish in deeds for deed in OPPOSITES.get(wish, ())} - deeds
    return not against & item.deeds or bool(deeds & item.deeds)


def _score(fit: _Fit, deeds: frozenset[str], item: _Item, said: _Said, known: _Menu) -> float:
    """How well an item fits that is named; 0 when it is not."""
    if fit.named < _NAMED:
        to_whom = deeds & item.deeds & _TO_SOMEBODY if fit.named else frozenset()
        return 1.5 * fit.named + 1.2 if to_whom else 0.0
    if "next" not in item.deeds:
        deeds = deeds - {"next"}  # another log is no next log
    score = 1.5 * fit.named + _AROUND * fit.near
    if deeds & item.deeds:
        return score + 1.2 + (0.6 if item.verb in said.stems and item.verb not in _DULL_STEMS else 0.0)
    lowered = (
        "down" in deeds and "off" in item.deeds and not any("down" in one.deeds for one in known.by_prop[item.prop])
    )
    if lowered or deeds & _helpful(item):
        return score + 0.5
    if deeds & _BY_ITSELF and item.deeds:
        return score - 0.8 if score > 1.7 else 0.0
    if item.deeds & _OPPOSED:
        return score - (0.3 if item.deeds <= {"up", "next"} else 0.5)
    return score


def _pointed(fit: _Fit, deeds: frozenset[str], item: _Item, known: _Menu, said: _Said) -> float:
    """How well an item fits words that name nothing here ("turn it off", "louder", "may I?"): by the deed, and by what
    was named around them.
    """
    agreed = deeds & item.deeds
    agreed = agreed or deeds & _helpful(item)
    most = max((len(deeds & other.deeds) for other in known.items), default=0)
    rivals = [other for other in known.items if len(deeds & other.deeds) == most and (most or deeds & _helpful(other))]
    literal = [other for other in rivals if not (other.words | other.label).isdisjoint(said.stems)]
    alone = bool(agreed) and item in (literal or rivals) and all(other.prop == item.prop for other in literal or rivals)
    pointing = bool(set(said.stems) & _POINTING)
    unknown = not agreed & {"write", "send"} and said.things.keys() - said.verbs - _DEED_OF.keys() - _QUALITY_STEMS
    if fit.near < _NAMED and not (alone and agreed & _UNNAMED and (pointing or agreed & _NAMES_ITSELF) and not unknown):
        return 0.0
    if not (agreed or pointing or not said.things.keys() - said.verbs - _QUALITY_STEMS):
        return 0.0
    score = fit.near + (1.2 if deeds & item.deeds else 0.5 if agreed else 0.1)
    return score - 0.5 if item.deeds & _OPPOSED and not agreed else score


def _named(said: _Said, prop: str, known: _Menu) -> float:
    """How much of what is said names a prop: its rarest word, and a little of the others."""
    found = [0.0]
    items = known.by_prop[prop]
    for word, weight in said.things.items():
        inside = [one for one in items if word in one.label or word in one.words]
        if not inside:
            continue
        rare = (1.2 if any(word in one.label for one in inside) else 1.0) / math.sqrt(known.known_by[word])
        if word in said.verbs or all(word == one.verb for one in inside):
            weight *= 0.3
        elif word in _QUALITY_STEMS:
            weight *= 0.5
        found.append(weight * rare)
    found += [1.6 for one in items for name in one.names if len(name & set(said.stems)) >= min(2, len(name))][:1]
    found.sort()
    return found[-1] + 0.25 * sum(found[:-1])


def _own(said: _Said, item: _Item, known: _Menu) -> float:
    """How much of what is said names this item among those of its prop: which tea, which record."""
    own = 0.0
    for word, weight in said.things.items():
        if word in known.own[item.id] and word != item.verb:
            own += weight * (0.4 if word in _QUALITY_STEMS or word[0] == "#" else 0.8)
    stems = set(said.stems)
    own += sum(1.5 for name in item.names if len(name & stems) >= min(2, len(name)))
    return own + (0.5 if item.aside & stems else 0.0)


# forbidding and hinting ---------------------------------------------------------------------------------------------


def _forbidden(clauses: Sequence[_Clause], known: _Menu) -> list[str]:
    """What must not be done, whatever else is said: all that a forbidding clause names."""
    barred: list[str] = []
    for clause in (one for one in clauses if one.act is Act.FORBID):
        said = _heard(clause.text)
        for item in known.items:
            if _named(said, item.prop, known) >= _NAMED and (
                not said.deeds or said.deeds & item.deeds or not item.deeds
            ):
                barred.append(item.id)
    return barred


def _hinted(clauses: Sequence[_Clause], text: str, known: _Menu, barred: Sequence[str]) -> _Choice | None:
    """What would help somebody who only says how things are ("it's dark in here")."""
    for clause in clauses:
        if clause.act is Act.FORBID or _PLEASED.search(clause.text):
            continue
        for hint in ENGLISH.hints:
            if re.search(hint.pattern, clause.text) and not (hint.unless and re.search(hint.unless, text)):
                return _helps(hint.wants, known, barred)
    return None


def _helps(wants: Sequence[tuple[str, str]], known: _Menu, barred: Sequence[str]) -> _Choice | None:
    usable = [one for one in known.items if one.id not in barred]
    usable = [one for one in usable if not (one.deeds & {"up", "down"} and _is_off(one.prop, known))]
    for kind, deed in wants:
        about = [one for one in usable if f"#{kind}" in one.label | one.words]
        exact = [one for one in about if deed in one.deeds]
        near = [one for one in about if any(deed in NEAR.get(own, ()) for own in one.deeds)]
        for item in (exact or near)[:1]:
            return _Choice(item.id, item.prop, 1.0, True)
    return None


def _is_off(prop: str, known: _Menu) -> bool:
    """Whether a prop could be switched on, so that there is nothing to turn up or down."""
    return any("on" in one.deeds and ":" not in one.id for one in known.by_prop[prop])
