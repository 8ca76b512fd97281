"""A deterministic player of a character's own lines: no model, no network, never silent.

It reads `Cue`, not the prompt. A character's example lines are answers to things said; it gives the one whose
question is most like what was heard, does what was asked for if the menu has it, and otherwise keeps the talk going
without promising anything: in the character's own lines, or in ours where it speaks as plainly as they do. The same
request gives the same reply.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from openroom.errors import ModelRefused
from openroom.language.by_name import named, says_first
from openroom.language.data.made.made import MADE
from openroom.language.detect import detect, guess_language
from openroom.language.honesty import admission, admits, asks_what_you_are
from openroom.language.likeness import Likeness, same
from openroom.language.matching import other_matter, said_alike, surely_meant, uncalled
from openroom.language.reactions import plain_answers, reactions
from openroom.language.requests.match import asked_for
from openroom.language.sentences import OPEN_QUESTION, asks, clauses, sentences
from openroom.language.slips import is_asked_for, is_vow
from openroom.language.words import content
from openroom.models.understudy import phrases
from openroom.models.understudy.face import face
from openroom.models.understudy.rotation import fill, rotate, unsaid, was_said
from openroom.models.understudy.vows import refusal
from openroom.ports.model import Cue, Delta, ModelInfo, ModelRequest, Usage

_PIECE = 16
_MOST_HEARD = 600
_FITS = 0.36
_FITS_A_DEED = 0.62
_TIE = 0.02
_SHORT = 4
_ABOUT = 2
"""A question about so many things is sure to be about the fact that holds them all."""
_FEW = 3
"""Of so many own lines that fit anything it can live, with some of ours."""
_ROUND = 10
"""Within so many lines nobody hears the same round again."""


class Understudy:
    """Plays from `ModelRequest.cue` and streams one JSON object ``{"say", "emotion", "do"}``.

    ``emotion`` is one of ``cue.emotions`` or absent, ``do`` holds at most two ids of ``cue.menu``. No line is
    repeated that is among ``cue.said``. A call of purpose ``warm`` gives nothing. Raises `ModelRefused` for any other
    call without a cue: judging and proposing need a language model.
    """

    _INFO = ModelInfo("understudy", "understudy", "plays the character's own lines")

    @property
    def info(self) -> ModelInfo:
        return self._INFO

    async def stream(self, request: ModelRequest) -> AsyncIterator[Delta | Usage]:
        if request.cue is None and request.purpose != "warm":
            raise ModelRefused("The understudy only plays a character's own lines; this needs a language model.")
        if request.cue is not None:
            text = json.dumps(play(request.cue), ensure_ascii=False)
            for start in range(0, len(text), _PIECE):
                yield Delta(text[start : start + _PIECE])
        yield Usage(model=self._INFO.name)


def play(cue: Cue) -> dict[str, Any]:
    """The reply to a cue, as the contract's object. A go is taken without words: one's eyes are on the board."""
    if cue.go:
        return {"say": "", "do": [cue.go]}
    cue = replace(cue, heard=cue.heard[:_MOST_HEARD])
    language = _language(cue)
    if _is_foreign(cue, language):
        cue = replace(cue, address="")  # the form is in the card's language
    say, do = _reply(cue, language)
    emotion = face(cue, say, do)
    # What is done without a word may still have to be written (a log, a message): in a line of its own.
    write = {"write": _least_lately(own, cue)} if do and not say and (own := _fillers(cue)) else {}
    return {"say": say, **({"emotion": emotion} if emotion else {}), "do": list(do), **write}


def _language(cue: Cue) -> str:
    code = cue.language.partition("-")[0].lower()
    return code if code in phrases.HEDGES else "en"


def _reply(cue: Cue, language: str) -> tuple[str, tuple[str, ...]]:
    """What is said, and what is done with it."""
    if cue.greet:
        return _greeting(cue, language), ()
    if cue.sincere:
        return _honest(cue, language), cue.asked
    if cue.lacking and not cue.asked:
        own = _own_line(replace(cue, sure=True), language)
        return own if own and not own[1] else (rotate(phrases.WHAT_WORDS[language], cue), ())
    if cue.recalled and not cue.asked and not _wordless(_written(cue)):
        return cue.recalled, ()
    if cue.sure:
        own = _own_line(cue, language) or (_own_line(_only_asked(cue), language) if cue.plain else None)
        return own or (_civility(cue, language) or _fact_asked_for(cue, language) or _reaction(cue, language), ())
    if not cue.asked and (sure := _own_line(replace(cue, sure=True), language)):
        return sure
    if not _is_foreign(cue, language) and (never := refusal(cue, language)):
        return never, ()
    if (own := _own_line(cue, language)) is not None:
        return own
    if cue.asked:
        return _words_for_deed(cue, language), cue.asked
    if _says_hello(cue, language) and (greeting := unsaid(cue.greetings, cue)):
        return greeting[cue.nonce % len(greeting)], ()
    return _at_a_loss(cue, language), ()


def _at_a_loss(cue: Cue, language: str) -> str:
    """What is said where no line of the author's fits. Lines that fit anything come where the author wrote such, or
    has shown by enough lines how the character talks; a few would soon be known by heart, and to another language they
    are no answer."""
    fillers = _fillers(cue)
    foreign = _is_foreign(cue, language)
    few = not cue.fallbacks and len(fillers) < _ROUND and not _wordless(_written(cue))
    ours = few or foreign or cue.plain
    if cue.puzzled and (ours or not fillers) and (fresh := unsaid(cue.puzzled, cue)):
        return fresh[0]
    if reaction := _reaction(cue, language, ours=ours):
        return reaction
    lately = replace(cue, said=cue.said[-_ROUND * (2 if cue.address else 1) :])
    if ours and (line := _by_kind(lately, language)):
        return line
    own = _least_lately(fillers, cue) if fillers and not foreign else ""
    if own and (not ours or (cue.fallbacks and asks(cue.heard)) or not (cue.plain or was_said(own, lately))):
        return own
    if not foreign and (line := _untold_fact(cue, language)):
        return line
    return rotate(_plainly(_hedges(cue.heard, language), cue, language), cue)


def _is_foreign(cue: Cue, language: str) -> bool:
    """Whether it is spoken to in another language than its lines are in. Who has no words has none in any."""
    return bool(cue.greetings) and not _wordless(_written(cue)) and _language_of(cue.greetings) != language


@lru_cache(maxsize=64)
def _language_of(lines: tuple[str, ...]) -> str:
    return guess_language(" ".join(lines))


def _by_kind(cue: Cue, language: str) -> str:
    """Our answer to a small word or a question by its kind, where it was not given lately."""
    if not asks(cue.heard) and (line := _small_talk(cue, language)):
        return line
    slots = {"speaker": cue.address or cue.speaker, "name": cue.name}
    filled = [fill(line, slots) for line in _plainly(plain_answers(cue.heard, language), cue, language)]
    fresh = unsaid([line for line in filled if line], cue)
    return fresh[cue.nonce % len(fresh)] if fresh else ""


def _plainly(lines: Sequence[str], cue: Cue, language: str) -> tuple[str, ...]:
    """Our lines as this character can say them: who speaks of itself by its name never says I."""
    if not cue.by_name:
        return tuple(lines)
    return tuple(named(line, cue.name) for line in lines if not says_first(line, language))


def _untold_fact(cue: Cue, language: str) -> str:
    """A fact of a plain card that was not told yet and has a word of the remark in it, with a question back; what it
    never does stands alone."""
    if asks(cue.heard):
        return ""
    back, about = MADE[language].asks_back, content(uncalled(cue.heard), language)
    near = [fact for fact in cue.told if about & content(fact, language)]
    fresh = [fact for fact in near if not any(fact in said for said in cue.said)]
    fact = fresh[cue.nonce % len(fresh)] if fresh else ""
    gap = "" if language in ("zh", "ja") else " "
    return f"{fact}{gap}{back[2]}" if fact and not is_vow(fact, language) else fact


def _written(cue: Cue) -> tuple[str, ...]:
    """The answers that its author wrote."""
    return tuple(answer for _, answer in cue.lines if answer not in cue.made)


def _fillers(cue: Cue) -> tuple[str, ...]:
    """Own lines that can be said to anything; none where the character speaks as plainly as our phrases do, or has
    too few to go by."""
    if cue.fallbacks:
        return _fitting(cue.fallbacks, cue.heard)
    if not (cue.own_voice or _wordless(_written(cue))):
        return ()
    told = zip(cue.lines, _deeds(cue), strict=False)
    idle = [answer for (_, answer), deed in told if answer and not deed and answer not in cue.made]
    return tuple(idle) if len(idle) >= _FEW else ()


def _fitting(fallbacks: tuple[str, ...], heard: str) -> tuple[str, ...]:
    """The author's lines for whoever has no answer, without those that a question or a remark makes none of; all, where
    nothing else is left."""
    code = _language_of(fallbacks)
    wrong = (phrases.BECKONS if asks(heard) else phrases.REFUSES).get(code)
    fit = tuple(line for line in fallbacks if not (wrong and re.search(wrong, line.lower().replace("’", "'"))))
    return fit or fallbacks


def _words_for_deed(cue: Cue, language: str) -> str:
    """What its author has it say when it does what it was asked for: to this deed, or to any. Else our words; of who
    has its own way of talking, none."""
    told = (answer for (_, answer), deed in zip(cue.lines, _deeds(cue), strict=False) if deed in cue.asked)
    fillers = _fillers(cue)
    if fillers and (line := next((line for line in told if not was_said(line, cue)), "")):
        return line
    foreign = _is_foreign(cue, language)
    if not foreign and (fresh := unsaid(cue.doing, cue)):
        return fresh[cue.nonce % len(fresh)]
    if not foreign and (fillers or cue.doing):
        return ""
    return rotate(_plainly(phrases.ACTING[language], cue, language), cue, cue.asked)


def _deeds(cue: Cue) -> tuple[str, ...]:
    """What is done with each line."""
    return cue.deeds or ("",) * len(cue.lines)


@lru_cache(maxsize=64)
def _wordless(lines: tuple[str, ...]) -> bool:
    """Whether lines are no sentences of any language we know (``Prrrrt!``)."""
    return bool(lines) and not any(detect(line) for line in lines)


def _least_lately(lines: Sequence[str], cue: Cue) -> str:
    """The line that was said longest ago; among those that were not, the nonce picks."""
    order = [lines[(cue.nonce + at) % len(lines)] for at in range(len(lines))]
    return min(order, key=lambda line: max((at for at, said in enumerate(cue.said) if same(line, said)), default=-1))


def _says_hello(cue: Cue, language: str) -> bool:
    heard = cue.heard.lower()
    return not asks(heard) and len(content(heard, language)) <= _SHORT and re.search(phrases.HELLO, heard) is not None


def _honest(cue: Cue, language: str) -> str:
    """The character's own admission where its author wrote one: an example of being asked, or its ``admission``. For a
    model that leads (``sure``) nobody says that he only picks from lines."""
    own = [(asked, say) for asked, say in cue.lines if asks_what_you_are(asked) and admits(say, answer=True)]
    if own and (line := _own_line(replace(cue, lines=tuple(own), deeds=(), asked=()), language, fits=0.0)):
        return line[0]
    if cue.admission and guess_language(cue.admission) == language and not was_said(cue.admission, cue):
        return cue.admission
    if cue.by_name:
        return admission(language, cue.name)
    return admission(language) if cue.sure else rotate(phrases.HONEST[language], cue)


def _civility(cue: Cue, language: str) -> str:
    """What a short hello, thanks or goodbye is answered with; empty for anything else, and where a question follows."""
    if asks(cue.heard):
        return ""
    if _says_hello(cue, language) and (greeting := unsaid(cue.greetings, cue)):
        return greeting[cue.nonce % len(greeting)]
    return _small_talk(cue, language)


def _fact_asked_for(cue: Cue, language: str) -> str:
    """The fact that holds all that a question is about ("What colour is your boat?"), where one does."""
    about = content(uncalled(cue.heard), language)
    if not asks(cue.heard) or len(about) < _ABOUT or cue.asked:
        return ""
    found = [fact for fact in cue.told if about <= content(fact, language) and not was_said(fact, cue)]
    return found[0] if len(found) == 1 else ""


def _reaction(cue: Cue, language: str, *, ours: bool = False) -> str:
    """What answers a remark by its kind, where the character talks as plainly as we do (or ``ours``: may as well) and
    has not said it."""
    may = not cue.asked and (ours or not cue.own_voice)
    fresh = unsaid(_plainly(reactions(cue.heard, language), cue, language), cue) if may else []
    return fresh[cue.nonce % len(fresh)] if fresh else ""


def _small_talk(cue: Cue, language: str) -> str:
    """An answer to a short hello, thanks or goodbye; empty for anything else."""
    heard = cue.heard.lower()
    if len(content(heard, language)) > _SHORT or re.match(phrases.SAY_IT_TO_ANOTHER, heard):
        return ""
    talk = ((phrases.HELLO, phrases.GREETINGS), (phrases.THANK, phrases.THANKS), (phrases.BYE, phrases.GOODBYES))
    for pattern, lines in talk:
        if re.search(pattern, heard):
            return rotate(lines[language], cue)
    return ""


def _hedges(heard: str, language: str) -> tuple[str, ...]:
    """What can be said to a remark, to an order, to a question, or to one that wants a yes or a no."""
    if not asks(heard):
        if is_asked_for(uncalled(heard), language):
            return phrases.ORDERED[language]
        return phrases.HEDGES[language] + phrases.TOLD.get(language, ())
    last = ["", *(clause for _, clause in clauses(heard.lower()))][-1]
    whether = () if re.match(OPEN_QUESTION, last) else phrases.WHETHER.get(language, ())
    return phrases.HEDGES[language] + phrases.ASKED.get(language, ()) + whether


def _greeting(cue: Cue, language: str) -> str:
    """A greeting that was not said yet; after the last one, of who has its own way of talking, the first again."""
    if fresh := unsaid(cue.greetings, cue):
        return fresh[cue.nonce % len(fresh)]
    own = cue.greetings if _fillers(cue) else ()
    return _least_lately(own, cue) if own else rotate(phrases.GREETINGS[language], cue)


def _only_asked(cue: Cue) -> Cue:
    """The cue with the one question alone that a line ends with: "They told me to ask you. What do you do?" """
    said = sentences(cue.heard)
    alone = said[-1].strip() if len(said) > 1 and asks(said[-1]) and not any(map(asks, said[:-1])) else ""
    return replace(cue, heard=alone, alike={})


def _own_line(cue: Cue, language: str, fits: float = _FITS) -> tuple[str, tuple[str, ...]] | None:
    """The example answer whose question is most like what was heard, with what its author has it do; ties fall by the
    nonce. A line with a deed is none where that can't be done now, or something else was asked for; and an answer to a
    request is none where nothing was asked for: it would tell of a deed that nobody does.
    """
    lines = (*cue.lines, *cue.answers)
    if not lines or not cue.heard.strip():
        return None
    likeness, fits = _likeness(tuple(asked for asked, _ in lines), language), _FITS_A_DEED if cue.asked else fits
    possible, ready = {item.id for item in cue.menu}, {asked for asked, _ in cue.answers}
    fresh = {answer: likeness.score(cue.heard, answer) for answer in unsaid(list({one for _, one in lines}), cue)}
    likely: list[tuple[float, str, tuple[str, ...]]] = []
    for (asked, answer), deed in zip(lines, (*_deeds(cue), *("" for _ in cue.answers)), strict=False):
        if not answer or answer not in fresh or (deed and deed not in (cue.asked or possible)):
            continue
        if asked in ready and (not said_alike(cue.heard, asked) or other_matter(cue.heard, asked, language)):
            continue
        score = likeness.score(cue.heard, asked) + 0.15 * fresh[answer]
        if cue.sure:
            alike = None if cue.asked else cue.alike.get(asked)
            if not surely_meant(cue.heard, asked, language, score, alike):
                continue
            score = max(score, alike or 0.0, _FITS if not cue.asked else 0.0)
        if score >= fits and (cue.asked or deed or not asked_for(asked, cue.menu)):
            likely.append((score, answer, cue.asked or ((deed,) if deed else ())))
    best = max((score for score, _, _ in likely), default=0.0)
    tied = [(answer, do) for score, answer, do in likely if best - score <= _TIE]
    return tied[cue.nonce % len(tied)] if tied else None


@lru_cache(maxsize=64)
def _likeness(questions: tuple[str, ...], language: str) -> Likeness:
    return Likeness(questions, language)
