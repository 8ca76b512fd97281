"""Whatever a line of people or models is made of, reading it costs what its length is: no function runs away.

The functions are found, not listed: one that is new in these packages is tested too, or has to say in tests/by_hand.py
what it takes. Texts of cards are read as lines are: they come from anybody.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import count
from types import ModuleType
from typing import Any, get_type_hints

import pytest

from benchmarks.long_lines import KINDS, LONGEST, run
from openroom.cards.draft import draft
from openroom.cards.draft_cases import alone
from openroom.cast.turn.guards import GuardRules, SentenceGate
from openroom.cast.turn.talk import Talk
from openroom.core.completed import completed
from openroom.language.secrets import marked_secrets
from openroom.language.sentences import Cutter
from openroom.models.understudy import understudy
from openroom.ports.model import Cue
from openroom.ports.reply.structured import ReplyReader
from openroom.tuning.proposals import static_checks
from tests.by_hand import ADDRESSING, BY_HAND, MENU, NO_LINE, greeter, moment
from tests.growth import LINEAR, TIMES, growth

PACKAGES = (
    "openroom.cards",
    "openroom.cast.turn",
    "openroom.core.chance",
    "openroom.core.completed",
    "openroom.core.condense",
    "openroom.core.macros",
    "openroom.language",
    "openroom.memory",
    "openroom.models.understudy",
    "openroom.ports.reply",
    "openroom.evals.lexicon",
    "openroom.tuning.proposals.static_checks",
)
LENGTH = LONGEST // 2 // TIMES
"""Half of what a line may have is enough to tell: `growth` compares two lengths."""


def modules() -> Iterator[ModuleType]:
    for name in PACKAGES:
        found = importlib.import_module(name)
        yield found
        for inner in pkgutil.walk_packages(getattr(found, "__path__", ()), f"{name}."):
            yield importlib.import_module(inner.name)


def public_functions() -> Iterator[tuple[str, Callable[..., object]]]:
    """The functions that take any text, with the name of each."""
    for module in modules():
        for name, found in vars(module).items():
            function = inspect.unwrap(found) if callable(found) else None
            if name.startswith("_") or not inspect.isfunction(function) or function.__module__ != module.__name__:
                continue
            hints = {which: hint for which, hint in get_type_hints(function).items() if which != "return"}
            if any("str" in str(hint) for hint in hints.values()):
                yield f"{module.__name__.removeprefix('openroom.')}.{name}", found


def works() -> dict[str, Callable[[str], object]]:
    """By the name of a function, what it does with a line."""
    found: dict[str, Callable[[str], object]] = {}
    for name, function in public_functions():
        if name in BY_HAND:
            found[name] = BY_HAND[name]
        elif name not in NO_LINE:
            wanted = inspect.signature(function).parameters.values()
            needed = sum(one.default is inspect.Parameter.empty for one in wanted)
            found[name] = lambda line, function=function, needed=needed: done(function(*[line] * needed))  # type: ignore[misc]
    return found


def done(found: object) -> None:
    """Has a generator do its work, which it does only while it is asked."""
    if isinstance(found, Iterator):
        deque(found, maxlen=0)


def letter_by_letter(feed: Callable[[str], object], line: str) -> None:
    for char in line:
        feed(char)


def gate(line: str) -> SentenceGate:
    return SentenceGate(GuardRules("Mira", ("Ann",), ("secret",), ("banned",), earlier=(line,), heard=(line,) * 5))


def played(line: str) -> SentenceGate:
    """As a small model is guarded whose card orders much."""
    rules = replace(
        gate(line).rules, max_sentences=6, moment=moment(line), addressing=ADDRESSING, unknown=("internet",)
    )
    return SentenceGate(rules)


def guarded(line: str, *, slowly: bool, open_gate: Callable[[str], SentenceGate] = gate) -> None:
    passing = open_gate(line[::-1])
    letter_by_letter(passing.feed, line) if slowly else passing.feed(line)
    passing.close()


def read_reply(line: str, *, slowly: bool) -> None:
    reader = ReplyReader({"properties": {"say": {"type": "string"}}})
    letter_by_letter(reader.feed, line) if slowly else reader.feed(line)
    reader.close()


FRESH = count()
"""No two functions read the same line either: they share what is kept."""
METHODS: Mapping[str, Callable[[str], Any]] = {
    "Cutter, letter by letter": lambda line: letter_by_letter(Cutter().feed, line),
    "SentenceGate": lambda line: guarded(line, slowly=False),
    "SentenceGate, letter by letter": lambda line: guarded(line, slowly=True),
    "SentenceGate as it is played": lambda line: guarded(line, slowly=False, open_gate=played),
    "ReplyReader": lambda line: read_reply(line, slowly=False),
    "ReplyReader, letter by letter": lambda line: read_reply(line, slowly=True),
    "ReplyReader within say": lambda line: read_reply('{"say": "' + line, slowly=True),
    "understudy.play": lambda line: understudy.play(
        Cue(heard=line, speaker="Ann", lines=(("Who are you?", "Mira."),), said=(line,), memories=(line,), menu=MENU)
    ),
    "StaticChecks.leak": static_checks.StaticChecks(sealed=("the lamp was her mother's",), canaries=("c-1",)).leak,
    "cards.draft_cases.alone": lambda line: alone(draft("Mira", {"description": f"Rules: {line}\n{line}"}), "report"),
    "completed": lambda line: completed(greeter("Hello.").model_copy(update={"persona": line})),
    "Talk.note": lambda line: Talk("character:mira", lambda: line).note(line),
}
WORKS = {**works(), **METHODS}


def test_every_function_over_text_is_tried_or_says_why_not() -> None:
    names = {name for name, _ in public_functions()}
    assert names >= BY_HAND.keys() | NO_LINE.keys()
    assert len(names) > 60


@pytest.mark.parametrize("name", sorted(WORKS))
def test_a_line_of_anything_costs_no_more_than_its_length(name: str) -> None:
    work = WORKS[name]
    work("Light the lamp.")

    def grown(kind: str) -> float:
        def read(times: int) -> None:
            half = run(kind, LENGTH * times // 2)
            work(f"{half}x{next(FRESH)} {half}x")  # no line twice: what is kept by its text is not what is measured

        return growth(read)

    ratios = {kind: grown(kind) for kind in KINDS}
    assert {kind: ratio for kind, ratio in ratios.items() if ratio >= LINEAR} == {}


CARDS: Mapping[str, Callable[[str], Any]] = {
    "marked_secrets": marked_secrets,
    "completed": METHODS["completed"],
    "draft": lambda text: draft("Mira", {"description": text}),
}


@pytest.mark.parametrize("kind", ["Secret\n", "Secret\n\n", "Secret:\n- a\n", "Secret: a\n", "Age: 3\n"])
@pytest.mark.parametrize("name", sorted(CARDS))
def test_a_persona_of_headings_or_keys_costs_no_more_than_its_length(name: str, kind: str) -> None:
    def read(times: int) -> None:
        CARDS[name](f"{run(kind, 2400 * times)}x{next(FRESH)}")

    assert growth(read) < LINEAR
