"""A deterministic player of a character's own lines: no model, no network, never silent.

It reads `Cue`, not the prompt. A character's example lines are answers to things said; it gives the one whose
question is most like what was heard, does what was asked for if the menu has it, and otherwise keeps the talk going
without promising anything: in the character's own lines, or in ours where it speaks as plainly as they do. The same
request gives the same reply.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from openroom.errors import ModelRefused
from openroom.language.detect import detect, guess_language
from openroom.language.honesty import admits, asks_what_you_are
from openroom.language.likeness import Likeness, same
from openroom.language.requests.item import MenuItem, without_asides
from openroom.language.requests.match import asked_for
from openroom.language.sentences import asks, clauses, sentences, without_call
from openroom.language.text import normal
from openroom.language.words import content
from openroom.models.understudy import phrases
from openroom.models.understudy.face import face
from openroom.ports.model import Cue, Delta, ModelInfo, ModelRequest, Usage

_PIECE = 16
_MOST_HEARD = 600
_FITS = 0.36
_SHARED = 0.5
_OF_ONESELF = re.compile(r"\b(?:i|my|me|ich|mein\w*|mich|mir|yo|mi|mis)\b")
_SURE = 0.45
"""So alike to what was heard, and its answer is said where a model could speak: of the labelled replies that came of
such a line, all made sense."""
_FITS_A_DEED = 0.62
_TIE = 0.02
_LONGEST_DEED = 60
_LONGEST_MEMORY = 160
_LONGEST_LINE = 400
"""No template is longer, with its slots filled."""
_SHORT = 4
_FEW = 3
"""Of so many own lines that fit anything it can live."""


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
    say, do = _reply(cue, _language(cue))
    emotion = face(cue, say, do)
    return {"say": say, **({"emotion": emotion} if emotion else {}), "do": list(do)}


def _language(cue: Cue) -> str:
    code = cue.language.partition("-")[0].lower()
    return code if code in phrases.HEDGES else "en"


def _reply(cue: Cue, language: str) -> tuple[str, tuple[str, ...]]:
    """What is said, and what is done with it."""
    if cue.greet:
        return _greeting(cue, language), ()
    if cue.sincere:
        return _honest(cue, language), cue.asked
    if cue.sure:
        return _own_line(cue, language, _SURE) or (_civility(cue, language), ())
    if (own := _own_line(cue, language)) is not None:
        return own
    fillers = _fillers(cue)
    if cue.asked:  # who has its own way of talking, and no words for this, does it without any
        return _words_for_deed(cue) if fillers else _rotate(phrases.ACTING[language], cue, cue.asked), cue.asked
    if _says_hello(cue, language) and (greeting := _unsaid(cue.greetings, cue)):
        return greeting[cue.nonce % len(greeting)], ()
    if fillers:
        return _least_lately(fillers, cue), ()
    return _small_talk(cue, language) or _rotate(_hedges(cue.heard, language), cue), ()


def _fillers(cue: Cue) -> tuple[str, ...]:
    """Own lines that can be said to anything; none where the character speaks as plainly as our phrases do, or has
    too few to go by."""
    if cue.fallbacks:
        return cue.fallbacks
    if not (cue.own_voice or _wordless(tuple(answer for _, answer in cue.lines if answer not in cue.made))):
        return ()
    told = zip(cue.lines, _deeds(cue), strict=False)
    idle = [answer for (_, answer), deed in told if answer and not deed and answer not in cue.made]
    return tuple(idle) if len(idle) >= _FEW else ()


def _words_for_deed(cue: Cue) -> str:
    """What its author has it say when it does what it was asked for; empty where that was said, or is nothing."""
    told = (answer for (_, answer), deed in zip(cue.lines, _deeds(cue), strict=False) if deed in cue.asked)
    return next((line for line in told if not _was_said(line, cue)), "")


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
    """The character's own admission where its author wrote one: an example of being asked, or its ``admission``."""
    own = [(asked, say) for asked, say in cue.lines if asks_what_you_are(asked) and admits(say, answer=True)]
    if own and (line := _own_line(replace(cue, lines=tuple(own), deeds=(), asked=()), language, fits=0.0)):
        return line[0]
    if cue.admission and guess_language(cue.admission) == language and not _was_said(cue.admission, cue):
        return cue.admission
    return _rotate(phrases.HONEST[language], cue)


def _civility(cue: Cue, language: str) -> str:
    """What a short hello, thanks or goodbye is answered with; empty for anything else, and where a question follows."""
    if asks(cue.heard):
        return ""
    if _says_hello(cue, language) and (greeting := _unsaid(cue.greetings, cue)):
        return greeting[cue.nonce % len(greeting)]
    return _small_talk(cue, language)


def _small_talk(cue: Cue, language: str) -> str:
    """An answer to a short hello, thanks or goodbye; empty for anything else."""
    heard = cue.heard.lower()
    if len(content(heard, language)) > _SHORT:
        return ""
    talk = ((phrases.HELLO, phrases.GREETINGS), (phrases.THANK, phrases.THANKS), (phrases.BYE, phrases.GOODBYES))
    for pattern, lines in talk:
        if re.search(pattern, heard):
            return _rotate(lines[language], cue)
    return ""


def _hedges(heard: str, language: str) -> tuple[str, ...]:
    """What can be said to anything, to a question, or to one that wants a yes or a no."""
    if not asks(heard):
        return phrases.HEDGES[language] + phrases.TOLD.get(language, ())
    last = ["", *(clause for _, clause in clauses(heard.lower()))][-1]
    whether = () if re.match(phrases.OPEN_QUESTION, last) else phrases.WHETHER.get(language, ())
    return phrases.HEDGES[language] + phrases.ASKED.get(language, ()) + whether


def _greeting(cue: Cue, language: str) -> str:
    """A greeting that was not said yet; after the last one, of who has its own way of talking, the first again."""
    if fresh := _unsaid(cue.greetings, cue):
        return fresh[cue.nonce % len(fresh)]
    own = cue.greetings if _fillers(cue) else ()
    return _least_lately(own, cue) if own else _rotate(phrases.GREETINGS[language], cue)


def _unsaid(lines: Sequence[str], cue: Cue) -> list[str]:
    return [line for line in lines if not _was_said(line, cue)]


def _was_said(line: str, cue: Cue) -> bool:
    return any(same(line, said) for said in cue.said)


def _own_line(cue: Cue, language: str, fits: float = _FITS) -> tuple[str, tuple[str, ...]] | None:
    """The example answer whose question is most like what was heard, with what its author has it do; ties fall by the
    nonce. A line with a deed is none where that can't be done now, or something else was asked for; and an answer to a
    request is none where nothing was asked for: it would tell of a deed that nobody does.
    """
    lines = (*cue.lines, *cue.answers)
    if not lines or not cue.heard.strip():
        return None
    likeness, fits = _likeness(tuple(asked for asked, _ in lines), language), _FITS_A_DEED if cue.asked else fits
    possible = {item.id for item in cue.menu}
    likely: list[tuple[float, str, tuple[str, ...]]] = []
    for (asked, answer), deed in zip(lines, (*_deeds(cue), *("" for _ in cue.answers)), strict=False):
        if not answer or _was_said(answer, cue) or (deed and deed not in (cue.asked or possible)):
            continue
        if cue.sure and not _same_question(cue.heard, asked, language):
            continue
        score = likeness.score(cue.heard, asked) + 0.15 * likeness.score(cue.heard, answer)
        if score >= fits and (cue.asked or deed or not asked_for(asked, cue.menu)):
            likely.append((score, answer, cue.asked or ((deed,) if deed else ())))
    best = max((score for score, _, _ in likely), default=0.0)
    tied = [(answer, do) for score, answer, do in likely if best - score <= _TIE]
    return tied[cue.nonce % len(tied)] if tied else None


def _same_question(heard: str, asked: str, language: str) -> bool:
    """Whether two lines are about the same: neither has a telling word that the other lacks, or one has few more."""
    said = content(" ".join(map(without_call, sentences(heard))), language)
    known = content(asked, language)
    if asks(heard) and _OF_ONESELF.search(heard.lower()) and not _OF_ONESELF.search(asked.lower()):
        return False  # "What did I tell you about my work?" asks for what the visitor does
    if said == known:
        return True
    shared = len(said & known)
    return bool(shared) and shared > _SHARED * max(len(said), len(known)) and (said <= known or known <= said)


@lru_cache(maxsize=64)
def _likeness(questions: tuple[str, ...], language: str) -> Likeness:
    return Likeness(questions, language)


def _rotate(templates: Sequence[str], cue: Cue, do: Sequence[str] = ()) -> str:
    """The next line of a rotation: after the one said last, or from a place that the nonce picks.

    The lines said tell where the rotation stands, so nothing has to be remembered between calls, and no line comes
    again before all others had their turn (as far back as ``cue.said`` reaches).
    """
    slots = _slots(cue, templates, do)
    start = _after_last(templates, cue)
    order = [templates[(start + i) % len(templates)] for i in range(len(templates))]
    filled = [line for line in (_fill(template, slots) for template in order) if line]
    known = {normal(part) for said in cue.said for part in sentences(said)}
    fresh = [line for line in filled if known.isdisjoint(map(normal, sentences(line)))]
    return (fresh or [line for line in filled if not _was_said(line, cue)] or filled)[0]


def _after_last(templates: Sequence[str], cue: Cue) -> int:
    for said in reversed(cue.said):
        for place, template in enumerate(templates if len(said) <= _LONGEST_LINE else ()):
            if re.fullmatch(_pattern(template), said, re.DOTALL):
                return place + 1
    return cue.nonce + zlib.crc32(cue.speaker.encode("utf-8", "replace"))


def _pattern(template: str) -> str:
    return "".join(".+?" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{\w+\})", template))


def _fill(template: str, slots: dict[str, str]) -> str:
    """The template with its slots filled; empty when one has nothing to fill it."""
    names = re.findall(r"\{(\w+)\}", template)
    if any(not slots.get(name) for name in names):
        return ""
    return re.sub(r"\{(\w+)\}", lambda match: slots[match.group(1)], template)


def _slots(cue: Cue, templates: Sequence[str], do: Sequence[str]) -> dict[str, str]:
    """What fills the slots that these templates have."""
    wanted = set(re.findall(r"\{(\w+)\}", "".join(templates)))
    return {
        "speaker": " ".join((cue.address or cue.speaker).split())[:40],
        "deed": _deed(cue.menu, cue.nonce) if "deed" in wanted else "",
        "done": _in_words([item for one in do for item in cue.menu if item.id == one]),
        "memory": _memory(cue) if "memory" in wanted else "",
    }


def _deed(menu: Sequence[MenuItem], nonce: int) -> str:
    """Something from the menu as words after "I could": its label, begun in lower case."""
    usable = [label for item in menu if (label := _as_words(item))]
    return usable[nonce % len(usable)] if usable else ""


def _in_words(items: Sequence[MenuItem]) -> str:
    """What is being done, as words after "I'll"; empty when a label cannot stand there."""
    labels = [_as_words(item) for item in items]
    return " and ".join(labels) if all(labels) else ""


def _as_words(item: MenuItem) -> str:
    """A label within a sentence; empty for one that is no plain "Verb some thing"."""
    label = without_asides(item.label).rstrip(".!")
    if len(label) > _LONGEST_DEED or not re.fullmatch(r"[A-Z][a-z]+(?: [\w'’-]+)+", label):
        return ""
    return label[0].lower() + label[1:]


def _memory(cue: Cue) -> str:
    """A remembered sentence about what was heard, of which the speaker is part and nothing says that it is private."""
    about = content(cue.heard)
    for memory in cue.memories:
        ours = cue.speaker and cue.speaker.lower() in memory.lower()
        if (
            ours
            and about & content(memory)
            and len(memory) <= _LONGEST_MEMORY
            and not re.search(phrases.SECRECY, memory.lower())
        ):
            return memory
    return ""
