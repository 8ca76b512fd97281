"""What a small model says by mistake, in five languages: calling itself by name, giving an order back, claims about
things, talk of a service, words that fit after anything. Each function gives the words it rests on; empty: nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Literal

from openroom.language.data.slips.de import GERMAN
from openroom.language.data.slips.en import ENGLISH
from openroom.language.data.slips.es import SPANISH
from openroom.language.data.slips.ja import JAPANESE
from openroom.language.data.slips.parts import Slips
from openroom.language.data.slips.zh import CHINESE
from openroom.language.data.tongues import TONGUES
from openroom.language.sentences import asks, clauses, sentences
from openroom.language.text import normal
from openroom.language.words import WORD, content, telling_words

Way = Literal["on", "off", "open", "closed"]
SLIPS: Mapping[str, Slips] = {"en": ENGLISH, "de": GERMAN, "es": SPANISH, "zh": CHINESE, "ja": JAPANESE}
"""By language; a text in another one is read as English, and next to nothing is found."""
OPPOSITE: Mapping[Way, Way] = {"on": "off", "off": "on", "open": "closed", "closed": "open"}
_MOST_READ = 1200
_NO_CALL = r"(?:i|i['’]m|my|we|it|from|in|at|ich|mein\w*|aus|wir|soy|mi|de|me|yo)\b"
"""What begins a statement, and calls nobody: "Hello, I am Pim." says a name."""
_FEWEST_WORDS = 3
_FEWEST_LETTERS = 4


def slips(code: str) -> Slips:
    """The patterns of a language."""
    return SLIPS.get(code, ENGLISH)


def calls_itself(text: str, name: str, code: str) -> str:
    """The sentence in which who is called ``name`` calls somebody that: speaks to itself, or to another as if they were
    it. Not where it says what it is called."""
    if normal(name) in slips(code).words:
        return ""
    return next((one for one in _said(text) if _calls(low(one), name, code)), "")


def _calls(sentence: str, name: str, code: str) -> bool:
    return _finds(slips(code).calls, sentence, name=[name]) and not _finds(slips(code).naming, sentence)


def tells_of(text: str, name: str, code: str) -> str:
    """The sentence that tells what somebody of this name does, as a narrator would."""
    if normal(name) in slips(code).words:
        return ""
    return next((one for one in _said(text) if _finds(slips(code).narrates, low(one), name=[name])), "")


def says_to_be(text: str, names: Iterable[str], code: str) -> str:
    """The sentence in which the speaker says to be one of these."""
    known = list(names)
    plain, pattern = set(map(normal, known)), slips(code).am
    introduced = (one for one in _said(text) if not plain.isdisjoint(map(normal, _introduced(one, code))))
    return next(introduced, "") or next(
        (one for one in _said(text) if known and _finds(pattern, low(one), name=known)), ""
    )


def says_to_be_a(text: str, name: str, code: str) -> str:
    """The sentence in which the speaker says to be (a) ``name``, and no more of it ("I am a passenger.")."""
    whole = "(?:an? |eine? |una? )?{name}(?=[.,!?;]|$)" if slips(code).spaced else "{name}"
    pattern = slips(code).am.replace("{name}", whole)
    return next((one for one in _said(text) if _finds(pattern, low(one), name=[name])), "")


def other_name(text: str, own: str, code: str) -> str:
    """The sentence in which the speaker introduces itself by a name that is not (a part of) its own."""
    mine = normal(own)
    return next((one for one in _said(text) if any(normal(name) not in mine for name in _introduced(one, code))), "")


def _introduced(sentence: str, code: str) -> list[str]:
    return re.findall(slips(code).named, unicodedata.normalize("NFKC", sentence))


def says_to_be_thing(text: str, things: Iterable[str], code: str) -> str:
    """The sentence in which the speaker says to be a room or one of these things."""
    called = f"(?:{slips(code).place}|{_either(things)})" if (things := list(things)) else slips(code).place
    pattern = slips(code).am_thing.replace("{thing}", called)
    return next((one for one in _said(text) if re.search(pattern, low(one))), "")


def asks_name(sentence: str, code: str) -> bool:
    """Whether a question asks for somebody's name."""
    return _finds(slips(code).asks_name, low(sentence[:_MOST_READ]))


def asks_leave(heard: str, code: str) -> bool:
    """Whether somebody asks whether they may do something."""
    return bool(slips(code).leave) and any(_finds(slips(code).leave, low(one)) for one in _said(heard))


def asks_what_one_said(heard: str, code: str) -> bool:
    """Whether somebody asks what they said themselves."""
    pattern = slips(code).asks_back
    return bool(pattern) and any(_finds(pattern, low(one)) for one in _said(heard))


def asks_who(heard: str, code: str) -> bool:
    """Whether somebody asks who one is, or says who they are."""
    heard = heard[:_MOST_READ]
    return _finds(slips(code).asks_who, low(heard)) or bool(_introduced(heard, code))


def given_back(heard: str, say: str, code: str) -> str:
    """The sentence of ``say`` that is an order of ``heard``, as if the visitor were to do it."""
    orders = _orders(heard[:_MOST_READ], code)
    return next((one for one in _said(say) if orders.all and _gives_back(one, orders, code)), "")


@dataclass(frozen=True, slots=True)
class _Orders:
    """The bare words of all orders of a line and of those that ask, each order on a line of its own, a blank behind
    each word; and what each order is about."""

    all: str
    asking: str
    about: tuple[frozenset[str], ...]


@lru_cache(maxsize=64)
def _orders(heard: str, code: str) -> _Orders:
    """Kept for a while: each sentence of a reply is held against them."""
    found = [(asks(one), " ".join(_bare(one, code))) for one in _clauses(heard, code) if _is_order(one, code)]
    lines = [(asking, f"\n{words} ") for asking, words in found]
    about = tuple(content(words, code) for _, words in found) if slips(code).begs else ()
    return _Orders("".join(one for _, one in lines), "".join(one for asking, one in lines if asking), about)


def _clauses(heard: str, code: str) -> list[str]:
    """Sentences and what they are joined of."""
    found = [(one, [part for _, part in clauses(one, TONGUES[code].joints)]) for one in map(low, _said(heard))]
    return [text for whole, parts in found for text in (whole, *(parts if len(parts) > 1 else ()))]


def _is_order(clause: str, code: str) -> bool:
    one = slips(code)
    return _finds(one.order, clause) and not _finds(one.permission, clause) and not _finds(one.together, clause)


def _gives_back(sentence: str, orders: _Orders, code: str) -> bool:
    held, one, asking = low(sentence), slips(code), asks(sentence)
    words = _bare(held, code)
    said = " ".join(words)
    # "Close it? Now?" wonders; "Could we have it dark?" is only given back
    if len(words) >= _fewest(code) + asking and f"\n{said} " in (orders.asking if asking else orders.all):
        return True
    if not one.begs or asking or not _finds(one.begs, held):
        return False
    named = content(said, code)
    return bool(named) and any(named <= asked for asked in orders.about)


def _bare(text: str, code: str) -> list[str]:
    """Its words without those of politeness; of scripts without spaces, its letters."""
    bare = re.sub(slips(code).polite, " ", text)
    return WORD.findall(bare) if slips(code).spaced else [char for char in bare if char.isalnum()]


def _fewest(code: str) -> int:
    return _FEWEST_WORDS if slips(code).spaced else _FEWEST_LETTERS


def claims(text: str, thing: Iterable[str], code: str) -> tuple[Way, str] | None:
    """(how it is, the sentence) where the text says of a thing, by one of these words, that it is on, off, open or
    closed; questions and what is only supposed claim nothing."""
    called = [name for word in thing if (name := low(word))]
    one = slips(code)
    ways: tuple[tuple[Way, str], ...] = (("on", one.on), ("off", one.off), ("open", one.open), ("closed", one.closed))
    for sentence in _said(text):
        held = low(sentence)
        if not any(word in held for word in called) or asks(sentence) or _finds(one.unsure, held):
            continue
        for way, pattern in ways:
            if _finds(pattern, held, thing=called):
                return way, sentence
    return None


@lru_cache(maxsize=512)
def words_for(name: str, code: str) -> tuple[str, ...]:
    """By which words a thing of this (English) name is spoken of: its name, and those for the same sort of thing."""
    parts = [word.lower() for word in WORD.findall(name)]
    sorts = [sort for sort, listed in TONGUES["en"].concepts.items() if parts and parts[-1] in listed]
    sorts = sorts or [sort for sort, listed in TONGUES["en"].concepts.items() if any(part in listed for part in parts)]
    known = chain.from_iterable(TONGUES[code].concepts.get(sort, ()) for sort in sorts)
    return tuple(dict.fromkeys((name.lower(), *parts[-1:], *sorted(known))))


def mentions_any(text: str, words: Iterable[str], code: str) -> bool:
    """Whether one of these words stands in a text, whole where words are written apart."""
    listed = [word for word in words if len(word) > 1 or not slips(code).spaced]
    pattern = _either(listed) if not slips(code).spaced else rf"\b{_either(listed)}\b"
    return bool(listed) and re.search(pattern, low(text[:_MOST_READ])) is not None


def service(heard: str, say: str, visitor: str, code: str) -> str:
    """The sentence that talks as a service does, out of nowhere: an apology for a fault that is none, an offer of help
    that nobody wants, thanks taken that nobody gave."""
    one, asked = slips(code), low(heard[:_MOST_READ])
    helps = _finds(one.help, asked)
    for sentence in _said(say):
        held = low(sentence)
        if _finds(one.sorry, held) or (one.served and _finds(one.served, held)):
            return sentence
        if _finds(one.welcome, held, name=[visitor]) and not _finds(one.thanks, asked):
            return sentence
        if _finds(one.offers, held) and not helps:
            return sentence
    return ""


def goes_away(say: str, code: str) -> str:
    """The sentence that says that one leaves."""
    pattern = slips(code).goes
    return next((one for one in _said(say) if pattern and _finds(pattern, low(one))), "")


def thanks_for_it(say: str, code: str) -> str:
    """The sentence that only thanks."""
    pattern = slips(code).thanking
    return next((one for one in _said(say) if pattern and re.fullmatch(pattern, low(one).strip(" .!。！"))), "")


def is_asked_for(heard: str, code: str) -> bool:
    """Whether a line asks for something to be done, and thanks for nothing."""
    return not _finds(slips(code).thanks, low(heard[:_MOST_READ])) and bool(_orders(heard[:_MOST_READ], code).all)


def tells_of_yours(heard: str, say: str, asker: str, code: str) -> str:
    """The sentence that tells of something of who asks, where they asked after that of whom they speak to."""
    one = slips(code)
    asked = [found["it"] for sentence in _said(heard) if asks(sentence) for found in _yours(one, sentence)]
    for sentence in _said(say) if asked else ():
        if not asks(sentence) and _finds(one.theirs, low(sentence), it=asked, name=[asker]):
            return sentence
    return ""


def _yours(one: Slips, sentence: str) -> Iterable[re.Match[str]]:
    return re.finditer(one.yours, low(sentence)) if one.yours else ()


def open_question(heard: str, name: str, code: str) -> str:
    """The last sentence of a line, where it asks what no yes answers; ``name`` is who may be called by it."""
    last = next(reversed(_said(heard)), "")
    plain = re.sub(rf"^{re.escape(low(name))}(?:さん)?[,，、] ?", "", low(last))
    one = slips(code)
    wants = asks(last) or not one.spaced
    return last if wants and _finds(one.open_question, plain) and not _finds(one.no_question, plain) else ""


def says_yes(say: str, code: str) -> str:
    """The first sentence, where it is a yes."""
    first, yes = next(iter(_said(say)), ""), slips(code).yes
    return first if yes and _finds(yes, low(first)) else ""


def is_stock(say: str, visitor: str, code: str) -> bool:
    """Whether every sentence fits after anything, as "I see." does."""
    pattern = slips(code).stock.replace("{name}", re.escape(low(visitor)))
    bare = [_without(low(one).strip(" .!?。！？…¡¿"), visitor) for one in _said(say)]
    return bool(bare) and all(re.fullmatch(pattern, one) for one in bare)


def greets(text: str, code: str) -> bool:
    """Whether a text begins with a greeting."""
    return re.match(rf"(?:{slips(code).hail})(?!\w)", low(text[:_MOST_READ].strip())) is not None


def only_greets(sentence: str, code: str) -> bool:
    """Whether a sentence is a greeting, with no more than whom it calls."""
    held = low(sentence[:_MOST_READ]).strip(" .!?。！？…¡¿")
    call = rf"(?!{_NO_CALL})[\w'’-]+(?: [\w'’-]+){{0,2}}"
    return re.fullmatch(rf"(?:{call}[,，、] ?)?(?:{slips(code).hail})(?:[,，、]? ?{call})?", held) is not None


def is_lost(say: str, code: str) -> str:
    """The sentence that says one has not understood."""
    return next((one for one in _said(say) if _finds(slips(code).lost, low(one))), "")


@lru_cache(maxsize=64)
def news(heard: str, code: str) -> Literal["bad", "good", ""]:
    """Which news a line tells; of both kinds, or where it says that something was not so, or is over: none ("She is
    home from the hospital."). Kept for a while: each sentence of a reply is held against it."""
    words, lines = slips(code), [low(one) for one in _said(heard)]
    bad, good = ([one for one in lines if _finds(pattern, one)] for pattern in (words.bad_news, words.good_news))
    if bool(bad) == bool(good) or any(_finds(words.turned, one) for one in bad or good):
        return ""
    return "bad" if bad else "good"


def wrong_mood(heard: str, say: str, code: str) -> str:
    """The sentence that is glad of bad news, or sorry for good ones."""
    words, told = slips(code), news(heard, code)
    wrong, right = (words.rejoices, words.condoles) if told == "bad" else (words.condoles, words.rejoices)
    if not told or _finds(right, low(say[:_MOST_READ])):
        return ""
    return next((one for one in _said(say) if _finds(wrong, low(one))), "")


def is_vow(text: str, code: str) -> bool:
    """Whether a text tells what somebody never does."""
    return _finds(slips(code).never, low(text[:_MOST_READ]))


def gives_in(say: str, code: str) -> str:
    """The sentence that agrees to do what was asked for."""
    return next((one for one in _said(say) if _finds(slips(code).gives_in, low(one))), "")


def is_sorry(say: str, code: str) -> bool:
    """Whether a reply is sorry for what it heard ("I am sorry to hear that")."""
    return _finds(slips(code).condoles, low(say[:_MOST_READ]))


def speaks_of_you(heard: str, code: str) -> bool:
    """Whether a line speaks of who or what the one is whom it is said to, or asks them to tell."""
    return _finds(slips(code).of_you, low(heard[:_MOST_READ]))


def _without(sentence: str, name: str) -> str:
    """A sentence without whom it speaks to at its end."""
    return re.sub(rf"[,，、] ?{re.escape(low(name))}(?:さん)?$", "", sentence)


def shares_words(text: str, others: Sequence[str], code: str) -> bool:
    """Whether a text takes up a word of the others that says what they are about."""
    if slips(code).spaced:
        return bool(content(text, code) & frozenset(chain.from_iterable(content(one, code) for one in others)))
    said = {word for word in telling_words(text, 80) if len(word) > 1}  # one letter alone is shared by chance
    return not said.isdisjoint(chain.from_iterable(telling_words(one, 200) for one in others))


def _said(text: str) -> list[str]:
    return sentences(text[:_MOST_READ])


def is_unsure(sentence: str, code: str) -> bool:
    """Whether a sentence claims nothing: it asks, or only supposes."""
    return asks(sentence) or _finds(slips(code).unsure, low(sentence))


@lru_cache(maxsize=256)
def low(text: str) -> str:
    """A text as the patterns are read on it: lower case, straight apostrophes, no marks of speech around it."""
    return unicodedata.normalize("NFKC", text).casefold().replace("’", "'").strip(' "“”„«»「」*_')


def _finds(pattern: str, text: str, **words: Sequence[str]) -> bool:
    filled = _filled(pattern, tuple((key, tuple(given)) for key, given in words.items()))
    return filled.search(text) is not None


@lru_cache(maxsize=2048)
def _filled(pattern: str, words: tuple[tuple[str, tuple[str, ...]], ...]) -> re.Pattern[str]:
    for key, given in words:
        pattern = pattern.replace(f"{{{key}}}", _either(given))
    return re.compile(pattern)


def _either(given: Iterable[str]) -> str:
    return f"(?:{'|'.join(re.escape(low(one)) for one in given if one) or '(?!)'})"
