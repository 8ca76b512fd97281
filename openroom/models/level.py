"""How well a model talks by itself, measured once: seven short turns of a character that nobody has met, each reply
held against what can be told without a judge.

Ten points: one for each turn whose reply is sound, and three for all of them together (the form of address is used,
nothing is narrated, nobody is called wrongly or served). 9 and 10 are *able*, 6 to 8 *fair*, less is *small*. A reply
that is no object of the contract has no words. All of it is about 1,400 tokens, prompts and replies together.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from openroom.language import slips
from openroom.language.detect import detect
from openroom.language.text import first_word
from openroom.language.unknowns import claims_to_know, does_not_know
from openroom.ports.model import Level, Message, ModelInfo, ModelRequest, Sampling
from openroom.ports.reply.structured import ReplyReader

PROBE: Final = 1
"""The version of the probe: what another one measured says nothing about this."""
ABLE, FAIR = 9, 6
"""From so many points of ten on a model is that."""
_NAME, _VISITOR, _ADDRESS, _LATE = "Bruna", "Tom", "skipper", "internet"
_ADDRESSED = 4
"""Of the six replies in English so many use the form of address: a person would leave it out now and then."""
_SCHEMA: Final = {
    "type": "object",
    "properties": {"say": {"type": "string", "maxLength": 240}},
    "required": ["say"],
    "additionalProperties": False,
}
_MOST_TOKENS = 70
_SYSTEM: Final = (
    f"You are {_NAME} Falk. You mend clocks in a cellar in Turku. Your grey cat is called Admiral. You lost a finger "
    "to a saw. It is 1925: what came later you never heard of. You call whom you speak to "
    f'"{_ADDRESS}". The lamp here is off. Answer with one JSON object: {{"say": what you say aloud}}. One or two '
    "sentences, only your own words, in the language you are spoken to."
)


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of it: ``points`` of ten, and what was missed, by name."""

    level: Level
    points: int
    missed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Turn:
    """A talk that ends with a line to answer. ``sound``: whether a reply is one."""

    name: str
    talk: tuple[str, ...]
    sound: Callable[[str], bool]


def _has(*words: str) -> Callable[[str], bool]:
    return lambda say: bool(first_word(words, say))


def _unlit(say: str) -> bool:
    claim = slips.claims(say, ("lamp", "it"), "en")
    return (claim is None or claim[0] != "on") and bool(
        re.search(r"\b(?:off|no|not|dark|unlit|out)\b|n['’]t\b", say, re.I)
    )


def _puzzled(say: str) -> bool:
    return not claims_to_know(say, (_LATE,), "en", first=True) and does_not_know(say, "en")


_TURNS: Final = (
    _Turn("fact", ("Good evening, what work do you do?",), _has("clock", "clocks", "clockmaker", "watches")),
    _Turn("name", ("Hello, my name is Tom.", "Evening, skipper.", "And what is yours?"), _has(_NAME, "Falk")),
    _Turn("detail", ("What is your cat called?",), _has("Admiral")),
    _Turn("state", ("Is the lamp on?",), _unlit),
    _Turn("period", (f"What do you think of the {_LATE}?",), _puzzled),
    _Turn(
        "before",
        ("My dog barked all night.", "A bad night, skipper.", "Yes. Which animal kept me awake, do you remember?"),
        _has("dog", "dogs"),
    ),
    _Turn("language", ("Was ist mit deinem Finger passiert?",), lambda say: detect(say) == "de"),
)


def requests() -> tuple[ModelRequest, ...]:
    """The seven turns as calls."""
    return tuple(
        ModelRequest(
            messages=(Message("system", _SYSTEM), *_messages(turn.talk)),
            max_tokens=_MOST_TOKENS,
            schema=_SCHEMA,
            sampling=Sampling(temperature=0.2),
            purpose="probe",
            slot="probe",
        )
        for turn in _TURNS
    )


def _messages(talk: Sequence[str]) -> list[Message]:
    own = [f'{{"say": "{line}"}}' if at % 2 else f"{_VISITOR}: {line}" for at, line in enumerate(talk)]
    return [Message("assistant" if at % 2 else "user", line) for at, line in enumerate(own)]


async def measure(ask: Callable[[ModelRequest], Awaitable[str]]) -> Measured:
    """Have all of them asked by ``ask``, which gives what was written; what it raises ends it."""
    return judge([_say(await ask(request)) for request in requests()])


def _say(text: str) -> str:
    reader = ReplyReader(_SCHEMA)
    reader.feed(text)
    _, parsed = reader.close()
    say = (parsed.value or {}).get("say")
    return say.strip() if isinstance(say, str) else ""


def judge(replies: Sequence[str]) -> Measured:
    """The level of who answered so: one reply for each turn, in order; empty where there were no words."""
    missed = [turn.name for turn, say in zip(_TURNS, replies, strict=True) if not say or not turn.sound(say)]
    english = [say for turn, say in zip(_TURNS, replies, strict=True) if turn.name != "language"]
    together = {
        "address": sum(bool(first_word([_ADDRESS], say)) for say in english) >= _ADDRESSED,
        "narrates": all(replies) and not any(_narrated(say) for say in replies),
        "who": all(replies) and not any(_wrong(say) for say in english),
    }
    missed += [name for name, good in together.items() if not good]
    points = len(_TURNS) + len(together) - len(missed)
    level: Level = "able" if points >= ABLE else "fair" if points >= FAIR else "small"
    return Measured(level, points, tuple(missed))


def _narrated(say: str) -> bool:
    return bool(slips.tells_of(say, _NAME, "en") or re.search(r"\*[^*]{3,}\*|^\s*\(", say))


def _wrong(say: str) -> bool:
    """Whether it takes the visitor's name for its own, calls somebody by its own, or talks as a service does."""
    return bool(
        slips.says_to_be(say, [_VISITOR], "en")
        or slips.calls_itself(say, _NAME, "en")
        or slips.service("", say, _VISITOR, "en")
        or re.search(r"\bas an ai\b|\blanguage model\b", say, re.I)
    )


def key(info: ModelInfo, where: str) -> str:
    """Under what a level is kept: kind and name of the model, a digest of ``where`` (its address, or its weights), and
    the probe's version."""
    digest = hashlib.sha256(where.encode()).hexdigest()[:16]
    return f"model_level:{PROBE}:{info.kind}:{info.name}:{digest}"
