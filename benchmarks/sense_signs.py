"""Signs that code finds of whether a reply answers its line: tried as a graded score of sense, and found to say
next to nothing of cards and lines that they were not fitted to (docs/lab/sense.md). `benchmarks.sense_score` reports
them beside the model's reading. English only.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from openroom.core.character import Character
from openroom.core.completed import completed
from openroom.language import slips
from openroom.language.sentences import asks, sentences
from openroom.language.unknowns import does_not_know
from openroom.language.words import content, words_of
from openroom.ports.embedder import Embedder

_CODE = "en"
_ORDER = re.compile(
    r"(?:please |[a-z]+, )?(?:tell|show|give|play|turn|light|pour|make|let|put|open|close|take|sing|write|read|come|go"
    r"|say|stop|look|call|help|bring|water|wind|wait)\b"
)
_OPEN = re.compile(r"\b(?:what|who|whose|where|when|why|how|which)\b")
_ANSWERS_YES_OR_NO = re.compile(
    r"(?:yes|no|not|of course|never|always|sometimes|i|maybe|perhaps|certainly|only|once|sure|aye|very|often|a little"
    r"|sit|take|go|please|come)\b"
)
_OF_ITSELF = re.compile(r"(?:i|i'm|i've|my)\b")
_SORRY = re.compile(r"\bsorry\b")


@dataclass(frozen=True, slots=True)
class Exchange:
    """A line, what a character said to it, the name of who is answered, and whether something was done with it."""

    heard: str
    say: str
    visitor: str = ""
    acts: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a character, sentence by sentence, and how it calls a visitor."""

    name: str
    address: str
    lines: tuple[str, ...]

    @classmethod
    def of(cls, card: Character) -> Told:
        """A card's sentences and facts, and its facts as it tells them itself."""
        whole = completed(card)
        persona = [one for line in card.persona.splitlines() for one in sentences(line)]
        facts = [fact.text for fact in whole.character.facts]
        lines = tuple(dict.fromkeys((*persona, *facts, *whole.told.values())))
        return cls(card.name, whole.character.voice.address, lines)


def signs(card: Told, at: Exchange, embedder: Embedder | None) -> dict[str, float]:
    """The signs of one reply, by name; those of meaning are missing where there is no embedder, which may take a
    while: call it in a thread."""
    told = card.lines
    bare = _bare(at.say, (card.address, at.visitor))
    heard, low = _low(at.heard), _low(at.say)
    question = asks(at.heard)
    order = not question and _ORDER.match(heard) is not None
    remark = not question and not order
    of_line, of_reply = content(at.heard, _CODE), content(bare, _CODE)
    said_fact = _nearest_words(of_reply, told)
    who = _tells_who(low, card.name)
    found = {
        "question": float(question),
        "takes_up": _share(of_line & of_reply, of_line),
        "gives_back": _share(of_line & of_reply, of_reply),
        "of_card": _share(of_reply & frozenset().union(*(content(one, _CODE) for one in told)), of_reply),
        "remark_and_fact": said_fact if remark else 0.0,
        "begins_with_itself": float(_OF_ITSELF.match(_low(bare)) is not None),
        "says_who_it_is": float(who),
        "remark_and_who": float(who and remark),
        "wrong_mood": float(bool(slips.wrong_mood(at.heard, at.say, _CODE))),
        "fits_anything": float(slips.is_stock(at.say, at.visitor, _CODE)),
        "is_lost": float(bool(slips.is_lost(at.say, _CODE))),
        "does_not_know": float(does_not_know(at.say, _CODE)),
        "length": math.log1p(len(words_of(at.say))),
        "asks": float(asks(at.say)),
        "is_sorry": float(_SORRY.search(low) is not None),
        "acts": float(at.acts),
        "yes_or_no": _yes_or_no(heard, _low(bare), question=question),
    }
    return found | (_meanings(at.heard, bare, told, embedder, question=question) if embedder is not None else {})


def _meanings(heard: str, bare: str, told: Sequence[str], embedder: Embedder, *, question: bool) -> dict[str, float]:
    """How alike line and reply are, reply and card, and how near the line is to what the reply tells of the card."""
    (alike,) = embedder.similar(heard, [bare])
    of_reply, of_line = embedder.similar(bare, told), embedder.similar(heard, told)
    best = max(range(len(told)), key=of_reply.__getitem__, default=None)
    return {
        "alike": _number(alike),
        "question_alike": _number(alike) if question else 0.0,
        "alike_card": 0.0 if best is None else _number(of_reply[best]),
        "line_alike_told": 0.0 if best is None else _number(of_line[best]),
    }


def _number(value: float) -> float:
    """Static embeddings have no direction for what holds no word they know."""
    return 0.0 if math.isnan(value) else value


def _bare(say: str, calls: Sequence[str]) -> str:
    """A reply without whom it speaks to."""
    for call in filter(None, calls):
        say = re.sub(rf"(?:^|[ ,]+){re.escape(call)}(?=[ ,.!?]|$)", " ", say, flags=re.IGNORECASE)
    return say.strip(" ,") or say


def _low(text: str) -> str:
    return text.lower().replace("’", "'")


def _share(part: frozenset[str], whole: frozenset[str]) -> float:
    return len(part) / len(whole) if whole else 0.0


def _nearest_words(of_reply: frozenset[str], told: Sequence[str]) -> float:
    """How much of what it says stands so in one sentence of the card."""
    held = (content(one, _CODE) for one in told)
    return max((_share(one & of_reply, one | of_reply) for one in held), default=0.0)


def _tells_who(low: str, name: str) -> bool:
    parts = "|".join(re.escape(part) for part in _low(name).split())
    return re.search(rf"\b(?:i am|i'm|my name is)\b[^.]*\b(?:{parts})\b", low) is not None


def _yes_or_no(heard: str, bare: str, *, question: bool) -> float:
    """Of a question that a yes can answer: 1 where the reply begins as its answers do, else -1."""
    if not question or _OPEN.search(heard):
        return 0.0
    return 1.0 if _ANSWERS_YES_OR_NO.match(bare) else -1.0
