"""What was said: the visitor's words given back, taken for one's own, asked again, or not taken up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

from openroom.language import slips
from openroom.language.data.past import PAST
from openroom.language.detect import guess_language
from openroom.language.own_name import told_name
from openroom.language.sense.moment import Flaw, Moment
from openroom.language.sentences import asks, sentences, without_call
from openroom.language.text import normal
from openroom.language.words import WORD, content, telling_words

_MINE = {
    "en": re.compile(r"^(?:yes,? |no,? |oh,? |well,? )?(?:i|i'm|i've|my)\b"),
    "de": re.compile(r"^(?:ja,? |nein,? |oh,? )?(?:ich|mein\w*)\b"),
    "es": re.compile(r"^(?:sí,? |no,? |oh,? )?(?:yo|mi|mis|me|soy|estoy|tengo|he)\b"),
}

_TOO = re.compile(
    r"\b(?:too|also|as well|so (?:do|am|did|have) i|auch|también|tampoco|neither|not|never|n't|nicht|nie|nunca)\b"
)


_THIRD = re.compile(
    r"^(?:yes,? |oh,? |so |well,? )*(?:(?:he|she|it|they|that) (?:is|was|are|were|has|had|did|does)\b"
    r"|(?:er|sie|es|das) (?:ist|war|sind|waren|hat|hatte)\b|(?:es|era|fue|son|eran|está|estaba)\b)"
)
"""What tells of somebody or something by a pronoun alone."""
_WISH = re.compile(r"^(?:a |very )?(?:good|happy|merry|guten?|gute|schöne\w*|frohe\w*|buen[oa]s?|feliz)\b")
_MOST_READ = 1200
_SO_MANY = 4
"""A clause of fewer words may be a wish, or a word taken up."""
_MOST_OF_IT = 0.6
_ASKS_WHAT = re.compile(
    r"\b(?P<what>what|who|where|which \w+|when) (?:did|do|have|are|were|was) you\b.*?(?P<last>\w+)?\?$", re.IGNORECASE
)
_PLACE = re.compile(r"\b(?:in|at|on|under|near|by|behind|from|to) (?:the|a|an|my|our|this|that)? ?\w+")
_ASKING = frozenset({"what", "who", "where", "which", "when"})
_PREPOSITIONS = frozenset({"in", "at", "on", "under", "near", "by", "behind", "from", "to", "with", "for"})
_THING = r"\b(?:the|a|an|my|our|some|this|that|his|her|two|three|\d+) \w+"


def given_back(at: Moment, say: str, code: str) -> Flaw | None:
    """Tells the visitor to do what they have asked for."""
    if guess_language(at.heard) != code:
        return None
    found = slips.given_back(at.heard, say, code)
    found = found or slips.given_back(_without_calls(at.heard), _without_calls(say), code)
    return ("gives the visitor's order back", found) if found else None


@lru_cache(maxsize=64)
def _without_calls(text: str) -> str:
    return " ".join(map(without_call, sentences(text)))


def takes_for_its_own(at: Moment, say: str, code: str) -> Flaw | None:
    """Says of itself what the visitor has just said of themselves, or only says it back."""
    if code not in _MINE or guess_language(at.heard) != code:
        return None
    told = _told_of_oneself(at.heard, code)
    for sentence in sentences(say):
        words = content(sentence, code)
        mine = bool(_MINE[code].match(without_call(sentence).lower())) and not _TOO.search(sentence.lower())
        if told and not asks(sentence) and ((mine and told <= words) or (len(words) > 1 and words <= told)):
            return "says the visitor's own words back", sentence
        if mine and at.strict and any(_is_theirs(at, words, one, code) for one in _told_lately(at, code)):
            return "tells the visitor's life as its own", sentence
    return None


def _is_theirs(at: Moment, words: frozenset[str], told: frozenset[str], code: str) -> bool:
    """Whether a sentence says all that somebody told of themselves; a single word ("I am a teacher.") and nothing else,
    where it is not spoken of."""
    if len(told) > 1:
        return told <= words
    return bool(told) and words - content(at.address, code) == told and not told & content(at.heard, code)


def _told_lately(at: Moment, code: str) -> Iterator[frozenset[str]]:
    return (_told_of_oneself(line, code) for line in at.lately if guess_language(line) == code)


def asks_it_back(at: Moment, say: str, code: str) -> Flaw | None:
    """Asks the visitor what they have asked themselves."""
    if not at.strict:
        return None
    questions = [one for one in sentences(say) if asks(one)]
    asked, about = _asked_lately(at.lately, code) if questions else (frozenset(), frozenset())
    found = next((one for one in questions if _uncalled(one) in asked or content(_uncalled(one), code) in about), "")
    return ("asks what the visitor asked", found) if found else None


@lru_cache(maxsize=16)
def _asked_lately(lately: tuple[str, ...], code: str) -> tuple[frozenset[str], frozenset[frozenset[str]]]:
    """The questions of lines, and what each is about. Kept for a while: each sentence of a reply is held against
    them."""
    asked = frozenset(_uncalled(one) for line in lately for one in sentences(line) if asks(one))
    return asked, frozenset(content(one, code) for one in asked) - {frozenset()}


@lru_cache(maxsize=512)
def _uncalled(sentence: str) -> str:
    """The words of a sentence without whom it calls, as `normal` has them."""
    return " ".join(WORD.findall(normal(without_call(sentence))))


@lru_cache(maxsize=64)
def _told_of_oneself(heard: str, code: str) -> frozenset[str]:
    """What a line is about where it tells of who says it. Kept for a while: each sentence of a reply is held against
    it."""
    theirs = [one for one in sentences(heard) if not asks(one) and _MINE[code].search(one.lower())]
    return frozenset(chain.from_iterable(content(one, code) for one in theirs))


def says_it_back(at: Moment, say: str, code: str) -> Flaw | None:
    """Only says what the visitor has just said of something, as it is or with a pronoun for what it is about."""
    if not at.strict or at.acts or code not in _MINE or guess_language(at.heard) != code:
        return None
    told = _remarked(at.heard, code)
    for sentence in sentences(say) if told else ():
        bare = without_call(sentence).lower()
        if asks(sentence) or _MINE[code].match(bare) or _WISH.match(bare) or _TOO.search(bare):
            continue
        about = content(bare, code)
        whole = len(about) > 1 and len(bare.split()) >= _SO_MANY
        if about and about <= told and (whole or _THIRD.match(bare)):
            return "says the visitor's own words back", sentence
    return None


@lru_cache(maxsize=64)
def _remarked(heard: str, code: str) -> frozenset[str]:
    """What a line that asks for nothing is about. Kept for a while, as `_told_of_oneself` is."""
    return frozenset() if any(map(asks, sentences(heard))) else content(heard, code)


def asks_what_was_said(at: Moment, say: str, code: str) -> Flaw | None:
    """Asks who somebody is who has just said it, or what, or where, they did something of which they told that."""
    if at.strict and code == "en" and (known := _asked_and_told(at.heard, say)):
        return "asks what was just said", known
    found = next((one for one in sentences(say) if asks(one) and slips.asks_name(one, code)), "")
    if not found or not at.visitor or not slips.says_to_be(at.heard, [at.visitor], guess_language(at.heard)):
        return None
    return "asks for the name that was just given", found


def _asked_and_told(heard: str, say: str) -> str:
    """The English question about what a line has told: all that it names stands there, and what it asks for too."""
    told, theirs = _told_in_english(heard[:_MOST_READ])
    for sentence in sentences(say) if theirs else ():
        asked, about = _ASKS_WHAT.search(sentence[:_MOST_READ]), _first_forms(sentence) - _ASKING
        if asked and about and about <= told and any(_answers(asked, about, line) for line in theirs):
            return sentence
    return ""


@lru_cache(maxsize=64)
def _told_in_english(heard: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """What a line is about, and its sentences that tell of who says it."""
    told = (one.lower() for one in sentences(heard) if not asks(one))
    return _first_forms(heard), tuple(one for one in told if _MINE["en"].search(one))


def _answers(asked: re.Match[str], about: frozenset[str], line: str) -> bool:
    """Whether a line holds what is asked for beside what the question names."""
    what, last = asked["what"].lower(), (asked["last"] or "").lower()
    if what == "where":
        return any(_first_forms(place[0]) - about for place in _PLACE.finditer(line))
    if last in _PREPOSITIONS:
        return any(_first_forms(one[0]) - about for one in re.finditer(rf"\b{last} {_THING[2:]}", line))
    return what == "what" and len(about) == 1 and re.search(_THING, line) is not None


@lru_cache(maxsize=256)
def _first_forms(text: str) -> frozenset[str]:
    """What an English text is about, past forms of verbs read as their first."""
    words = (PAST.get(word, word) for word in WORD.findall(text.lower()))
    return content(" ".join(words)) | {PAST[word] for word in WORD.findall(text.lower()) if word in PAST}


def _only_tells_who(at: Moment, say: str, code: str) -> Flaw | None:
    """Answers with a greeting, its name or what the card tells of it, and with nothing else, where nobody greets it or
    speaks of who it is: what small models say to a remark."""
    if not at.heard or at.acts or _is_about_it(at.heard, at.visitor, code):
        return None
    said = sentences(say)
    beside = not slips.shares_words(say, [at.heard], code) and all(_tells_who(at, one, code) for one in said)
    return ("says who it is, and answers nothing", say) if said and beside else None


def _misses(at: Moment, say: str, code: str) -> Flaw | None:
    """Has not understood a plain line, or is glad of bad news, or sorry for good ones."""
    if found := slips.wrong_mood(at.heard, say, code):
        return "takes bad news for good, or good for bad", found
    found = slips.is_lost(say, code) if _is_plain(at.heard, code) else ""
    return ("has not understood a plain line", found) if found else None


@lru_cache(maxsize=64)
def _is_plain(heard: str, code: str) -> bool:
    """Whether a line of some words can be understood, and speaks of other things than who it is said to."""
    some = len(heard.split()) >= _SO_MANY - 1 or not slips.slips(code).spaced
    return some and code == guess_language(heard) and not slips.speaks_of_you(heard, code)


def breaks_its_word(at: Moment, say: str, code: str) -> Flaw | None:
    """Agrees to what its card says it never does."""
    if not any(_speaks_of(at.heard, one, code) for one in at.vows):
        return None
    found = slips.gives_in(_uncalled(say), code)
    return ("agrees to what you never do: say no", found) if found else None


@lru_cache(maxsize=256)
def _speaks_of(heard: str, vow: str, code: str) -> bool:
    """Whether a line speaks of what a vow is about: most words of it come up, and two at least."""
    about, said = _about(vow, code), _about(heard, code)
    return len(about & said) >= max(2, round(_MOST_OF_IT * len(about)))


def _about(text: str, code: str) -> frozenset[str]:
    if slips.slips(code).spaced:
        return content(text[:_MOST_READ], code)
    return frozenset(word for word in telling_words(text[:_MOST_READ], 80) if len(word) > 1)


def _tells_who(at: Moment, sentence: str, code: str) -> bool:
    """Whether a sentence greets, says the character's name and little more, or a fact of its card as it stands; to a
    question, one that has nothing to do with it."""
    if slips.only_greets(sentence, code):
        return True
    if _asks_something(at.heard):
        if _uncalled(sentence) in _lines(at.beside):
            return True
        named = slips.says_to_be(sentence, at.own, code)
        return bool(named) and content(without_call(sentence), code) <= content(at.name, code)
    return bool(slips.says_to_be(sentence, at.own, code)) or _uncalled(sentence) in _lines(at.facts)


@lru_cache(maxsize=64)
def _is_about_it(heard: str, visitor: str, code: str) -> bool:
    """Whether a line greets, says who says it, or speaks of who it is said to; or is in another language. Kept for a
    while, as `_told_of_oneself` is."""
    if code != guess_language(heard) or slips.greets(heard, code):
        return True
    if slips.asks_who(heard, code) or slips.speaks_of_you(heard, code) or told_name([heard], code):
        return True
    return bool(visitor and slips.says_to_be(heard, [visitor], code))


@lru_cache(maxsize=64)
def _asks_something(heard: str) -> bool:
    return any(map(asks, sentences(heard)))


@lru_cache(maxsize=16)
def _lines(texts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(_uncalled, texts))


def takes_nothing_up(at: Moment, say: str, code: str) -> Flaw | None:
    """Answers an open question with a yes, with words that fit after anything and take up none of the question, the
    card or the room, or with a hedge; or answers only who it is, or has not understood."""
    if found := _only_tells_who(at, say, code) or _misses(at, say, code):
        return found
    question = slips.open_question(at.heard, at.name, guess_language(at.heard))
    if not question or at.acts:
        return None
    if yes := slips.says_yes(say, code):
        return f"says yes to {question!r}", yes
    if normal(say) in {normal(one) for one in at.hedges} and not slips.shares_words(say, [at.heard], code):
        return f"fits after anything, and so not after {question!r}", say
    if slips.is_stock(say, at.visitor, code) and (at.strict or not slips.shares_words(say, list(_known(at)), code)):
        return f"takes up nothing of {question!r}", say
    return None


def _known(at: Moment) -> Iterator[str]:
    """What a reply may take a word from: the line, the card, the things."""
    yield from (at.heard, at.persona, *at.facts, *(thing.name for thing in at.things))
