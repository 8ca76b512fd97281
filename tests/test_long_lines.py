"""Whatever a line of people or models is made of, reading it costs what its length is: no function runs away.

The functions are found, not listed: one that is new in these packages is tested too, or has to say here what it takes.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from types import ModuleType
from typing import Any, get_type_hints

import pytest

from benchmarks.long_lines import KINDS, LONGEST, run
from openroom.cast.turn import contract, deeds, facts, greeting, prompt
from openroom.cast.turn.guards import GuardRules, SentenceGate
from openroom.cast.turn.talk import Talk
from openroom.core.character import Character, Fact
from openroom.core.choices import Option
from openroom.evals import lexicon
from openroom.language import (
    addressed,
    attributes,
    feelings,
    likeness,
    orders,
    shortening,
    text,
    unknowns,
    words,
)
from openroom.language.own_words import english as own_english
from openroom.language.own_words import first_person, wide
from openroom.language.own_words import german as own_german
from openroom.language.own_words import spanish as own_spanish
from openroom.language.requests import acts, by_label, clauses, english, match, menu, naming, wish
from openroom.language.requests.item import MenuItem
from openroom.language.sentences import Cutter
from openroom.memory import episodes, rank
from openroom.memory import facts as memory_facts
from openroom.models.understudy import understudy
from openroom.ports.memory_rows import Witnessed
from openroom.ports.model import Cue
from openroom.ports.reply import fit, lenient
from openroom.ports.reply.structured import ReplyReader
from openroom.tuning.proposals import static_checks
from tests.growth import LINEAR, TIMES, growth

PACKAGES = (
    "openroom.cast.turn",
    "openroom.language",
    "openroom.memory",
    "openroom.models.understudy",
    "openroom.ports.reply",
    "openroom.evals.lexicon",
    "openroom.tuning.proposals.static_checks",
)
LENGTH = LONGEST // 2 // TIMES
"""Half of what a line may have is enough to tell: `growth` compares two lengths."""

MENU = (
    MenuItem("lamp.light", "Light the lamp", ("lamp", "light", "dark"), ("Die Lampe anzünden",)),
    MenuItem("gramophone.play:dusk", "Play Dusk (slow)", ("music", "song")),
)
OPTION = Option("lamp.light", "lamp", "Lamp", "light", "Light the lamp", words=("lamp", "light", "dark"))
FACTS = [Fact(id="lamp", text="The lamp was her mother's.", ask=("Whose lamp is it?",))]
VERBS = frozenset(map(words.stem, ("light", "play")))
THINGS = frozenset(map(words.stem, ("lamp", "music")))
REPLY = {"properties": {"say": {"type": "string"}, "turn": {"type": "integer"}}}
LONGEST_GREETING = 2000
SENTENCE = 220
"""`openroom.language.own_words.first_person` hands on no longer ones."""
HEARD = 600
"""`openroom.language.requests.match.asked_for` hands on so much of a line."""


def witnessed(line: str) -> Witnessed:
    return Witnessed("tea", 7, 1, "player:ann", "Ann", line)


def greeter(line: str) -> Character:
    """As an author may have written one: a greeting has a length of its own."""
    said = line[:LONGEST_GREETING]
    return Character(format=1, id="mira", name="Mira", line="A host.", persona="She waits.", greeting=said)


BY_HAND: Mapping[str, Callable[[str], object]] = {
    "cast.turn.contract.opening_anew": lambda line: contract.opening_anew({"properties": {}}, [line]),
    "cast.turn.contract.read": lambda line: contract.read({"say": line, "do": [line], "write": line}, (), (), line),
    "cast.turn.contract.written": lambda line: contract.written(line, "calm", [line]),
    "cast.turn.deeds.claimed": lambda line: deeds.claimed(line, (OPTION,)),
    "cast.turn.facts.asked_about": lambda line: facts.asked_about(FACTS, line, 2),
    "cast.turn.greeting.choose": lambda line: greeting.choose(greeter(line), [line], line),
    "cast.turn.greeting.face": lambda line: greeting.face(greeter(line), line),
    "cast.turn.prompt.fact_note": lambda line: prompt.fact_note([line]),
    "cast.turn.prompt.memory_note": lambda line: prompt.memory_note([line]),
    "cast.turn.prompt.secret_note": lambda line: prompt.secret_note([line], line),
    "evals.lexicon.find_affirmed": lambda line: lexicon.find_affirmed(("coffee", "a", "你"), line),
    "evals.lexicon.find_pattern": lambda line: [lexicon.find_pattern(one, line) for one in lexicon.lexicon().patterns],
    "evals.lexicon.find_word": lambda line: lexicon.find_word(("lamp", line), line),
    "language.addressed.addressed": lambda line: addressed.addressed(line, "captain", "en", (line,), names=("Ann",)),
    "language.addressed.replaced": lambda line: addressed.replaced(f"{line}, captain", "captain", line, "en"),
    "language.attributes.from_attributes": lambda line: list(attributes.from_attributes(line, "en")),
    "language.orders.read_orders": lambda line: [orders.read_orders([line], code) for code in ("en", "de", "ja")],
    "language.own_words.english.from_them": lambda line: own_english.from_them(line[:SENTENCE], "Ann", "she/her"),
    "language.own_words.english.from_you": lambda line: own_english.from_you(f"You {line[:SENTENCE]}"),
    "language.own_words.german.from_them": lambda line: own_german.from_them(line[:SENTENCE], "Ann"),
    "language.own_words.german.from_you": lambda line: own_german.from_you(f"Du {line[:SENTENCE]}"),
    "language.own_words.spanish.from_them": lambda line: own_spanish.from_them(line[:SENTENCE], "Ann"),
    "language.own_words.spanish.from_you": lambda line: own_spanish.from_you(f"Eres {line[:SENTENCE]}"),
    "language.own_words.wide.chinese": lambda line: wide.chinese(f"你{line[:SENTENCE]}", "安"),
    "language.own_words.wide.japanese": lambda line: wide.japanese(f"あなたは{line[:SENTENCE]}", "安"),
    "language.own_words.first_person.first_person": lambda line: [
        first_person.first_person(line, "Ann", "she/her", code) for code in ("en", "de", "es", "zh", "ja")
    ],
    "language.unknowns.cannot_know": lambda line: unknowns.cannot_know(line, ("football results",), 1890),
    "language.unknowns.claims_to_know": lambda line: unknowns.claims_to_know(line, ("iPhone",), "en", first=True),
    "language.feelings.feelings": lambda line: feelings.feelings(line, line),
    "language.likeness.same": lambda line: likeness.same(line, line + "a"),
    "language.requests.acts.act": lambda line: acts.act(line, VERBS, bare=THINGS),
    "language.requests.acts.any_left": lambda line: acts.any_left(line, THINGS),
    "language.requests.acts.is_order": lambda line: acts.is_order(line.split(), VERBS),
    "language.requests.by_label.by_label": lambda line: by_label.by_label(f"{line} light the lamp {line}", MENU),
    "language.requests.clauses.clauses_of": lambda line: clauses.clauses_of(line, menu.menu_of(MENU)),
    "language.requests.english.english_request": lambda line: english.english_request(
        line, clauses.clauses_of(line[:HEARD], menu.menu_of(MENU)), menu.menu_of(MENU), 2
    ),
    "language.requests.match.asked_for": lambda line: [
        match.asked_for(line, MENU, language=code) for code in ("en", "de", "ja")
    ],
    "language.requests.menu.things_in": lambda line: menu.things_in(line.split()),
    "language.requests.naming.deeds_in": lambda line: naming.deeds_in(tuple(line.split())),
    "language.requests.naming.phrased": lambda line: naming.phrased(tuple(line.split())),
    "language.shortening.goes_on": lambda line: [shortening.goes_on(line, at, at + 1, whole=False) for at in (3, 9)],
    "language.requests.wish.stems_of": lambda line: wish.stems_of(line.split(), "de"),
    "language.requests.wish.wish_of": lambda line: [wish.wish_of(line, code) for code in ("de", "ja")],
    "language.requests.wish.wish_of_item": lambda line: wish.wish_of_item(MenuItem("a.b", line, (line,)), "de"),
    "language.text.ends": lambda line: text.ends(line, 100),
    "language.text.first_word": lambda line: text.first_word(("lamp", line), line),
    "language.text.mentions": lambda line: text.mentions(line, {"a": "Mira Wolf", "b": line[:60]}),
    "memory.episodes.episode": lambda line: episodes.episode(episodes.Exchange([witnessed(line)]), "character:mira"),
    "memory.episodes.exchanges": lambda line: list(episodes.exchanges([witnessed(line)], "character:mira")),
    "memory.facts.stated": lambda line: memory_facts.stated(
        "character:mira", witnessed(line), "Mira", ["The lamp was her mother's."], set()
    ),
    "memory.rank.beyond_usual": lambda line: rank.beyond_usual([0.3], [line]),
    "ports.reply.fit.fit": lambda line: fit.fit({"say": [line], "turn": line}, REPLY),
    "ports.reply.lenient.read_string": lambda line: lenient.read_string(f'"{line}'),
    "models.understudy.face.face": lambda line: understudy.face(Cue(heard=line, emotions=("calm", "happy")), line, ()),
}
"""What functions do with a line that take more than lines."""

NO_LINE = {
    "cast.turn.contract.schema": "words of a card",
    "cast.turn.cue.cue": "what is remembered already",
    "cast.turn.deeds.offer": "asked_for",
    "cast.turn.greeting.as_written": "a language",
    "cast.turn.secrets.tellable": "ids",
    "evals.lexicon.claims": "the name of a list",
    "evals.lexicon.patterns": "the name of a list",
    "evals.lexicon.words": "the name of a list",
    "language.data.tongue.deeds": "our own words",
    "language.data.tongue.listed": "our own words",
    "language.data.tongue.words": "our own words",
    "language.requests.wish.lexicon_of": "a language",
    "language.words.stop_stems": "a language",
    "memory.episodes.extended": "_told, as episode does",
    "memory.episodes.memory_id": "ids",
    "memory.episodes.party": "ids",
    "memory.rank.acquaintance": "a name",
    "memory.rank.fused": "ids",
    "memory.rank.pick_facts": "what is remembered already",
    "memory.rank.scorer": "ids",
    "models.understudy.phrases.kin": "a feeling",
    "ports.reply.fit.free_text": "keys of a schema of ours",
    "ports.reply.fit.missing": "keys of a schema of ours",
    "ports.reply.fit.properties": "a schema of ours",
}
"""Functions over texts that no line of people or models is among, and what these are (or where they are read)."""


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
            found[name] = lambda line, function=function, needed=needed: function(*[line] * needed)  # type: ignore[misc]
    return found


def letter_by_letter(feed: Callable[[str], object], line: str) -> None:
    for char in line:
        feed(char)


def gate(line: str) -> SentenceGate:
    return SentenceGate(GuardRules("Mira", ("Ann",), ("secret",), ("banned",), earlier=(line,), heard=(line,) * 5))


def guarded(line: str, *, slowly: bool) -> None:
    passing = gate(line[::-1])
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
    "ReplyReader": lambda line: read_reply(line, slowly=False),
    "ReplyReader, letter by letter": lambda line: read_reply(line, slowly=True),
    "ReplyReader within say": lambda line: read_reply('{"say": "' + line, slowly=True),
    "understudy.play": lambda line: understudy.play(
        Cue(heard=line, speaker="Ann", lines=(("Who are you?", "Mira."),), said=(line,), memories=(line,), menu=MENU)
    ),
    "StaticChecks.leak": static_checks.StaticChecks(sealed=("the lamp was her mother's",), canaries=("c-1",)).leak,
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
