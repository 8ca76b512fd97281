"""Lore: what a character knows because it came up, from its own book, the scene's and the room's.

Entries enter as notes of the talk, each once for as long as the talk holds it. Only lines that the character perceived
wake them, and one that not everybody may know enters only where all who would hear the reply may.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from openroom.cast.turn import prompt
from openroom.cast.turn.context import TurnContext
from openroom.cast.turn.lore_lines import woken_by
from openroom.core.actor import character_id
from openroom.core.lore.book import Entry, Lore
from openroom.core.lore.budget import fitting
from openroom.core.lore.moment import Lit, Unlit
from openroom.core.macros import ANYBODY, Values, filled
from openroom.language.tokens import estimate_tokens
from openroom.ports.patterns import TURN_SECONDS
from openroom.ports.prompt import Party, PromptPart

_FRESH_LOCAL = 120
"""So much lore may come into the talk at one turn with a model on this machine: it reads 35 tokens a second."""
_ANYONE = "anyone"
_NO_TIME = f"not looked for: the patterns of this turn took {TURN_SECONDS * 1000:.0f} ms together"
_NOT_READ = "not looked for: the understudy reads no lore"


@dataclass(frozen=True, slots=True)
class LoreUse:
    """What became of an entry in a turn, for the turn's record. ``book`` says whose it is (``character``, ``scene``,
    ``room``).
    Where ``is_in``, ``why`` is ``key`` (with the one that was found), ``constant`` or ``sticky``; else the rule that
    kept it out: ``character``, ``turn``, ``greeting``, ``cooldown``, ``delay``, ``replies``, ``when``,
    ``probability``, ``group``, ``to``, ``budget``, ``recall_lore``, or what is wrong with its key. ``fresh``: it was
    not in the talk before."""

    book: str
    entry: str
    is_in: bool
    why: str
    key: str = ""
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class LoreNotes:
    """Lines for the talk: those that stand before memories, and those at a depth."""

    early: tuple[PromptPart, ...] = ()
    late: tuple[tuple[PromptPart, int], ...] = ()
    """Each with how many of the lines that wait for an answer are to stand below it."""


def books_of(turn: TurnContext) -> dict[str, Lore]:
    """The books that count for a character, in their order: its own, then the scene's, then the room's."""
    world = turn.room.world
    found = {"character": turn.character.lore, "scene": world.scene.lore, "room": world.lore}
    return {whose: book for whose, book in found.items() if book is not None and book.entries}


async def find_lore(turn: TurnContext) -> LoreNotes:
    """What has come up, as notes that the talk does not hold yet. The turn's record gets all of it. Raises
    `StoreError`."""
    books, heard = books_of(turn), turn.part.lore
    _take_back(turn, books)
    if not books:
        return LoreNotes()
    await heard.catch_up(turn.room, books, turn.patterns, turn.scans)
    moment = heard.moment(turn.character.id, turn.trigger.why, turn.masks(turn.hearers))
    fresh: list[tuple[Lit, str]] = []
    uses: list[LoreUse] = []
    woken: dict[int, tuple[int, ...]] = {}
    for whose, shelf in heard.shelves.items():
        verdict = await shelf.judge(moment, turn.patterns, turn.scans)
        known, strange = _known(turn, whose, verdict.lit)
        fitted, over = fitting(known, shelf.book.tokens)
        uses += [_out(whose, one) for one in (*verdict.unlit, *strange, *over)]
        uses += _off(turn, whose, shelf.book)
        there = [one for one in fitted if not _text(turn, one.entry) or _is_there(turn, one.entry)]
        uses += [LoreUse(whose, one.entry.id, True, one.why, one.key) for one in there]
        fresh += [(one, whose) for one in fitted if one not in there]
        woken |= woken_by(shelf, moment, verdict.lit)
    fresh, left = _as_many_as_fit(turn, fresh)
    uses += [_out(whose, one) for one, whose in left]
    uses += [LoreUse(whose, one.entry.id, True, one.why, one.key, fresh=True) for one, whose in fresh]
    turn.lore = tuple(uses)
    return _notes([(one, _part(turn, one, whose, woken[id(one.entry)])) for one, whose in fresh])


def _take_back(turn: TurnContext, books: Mapping[str, Lore]) -> None:
    """Lore of the talk that its book has no longer, or has in other words or for fewer, goes: an edit counts from the
    next turn. Where the entry still comes up, it enters as it is now."""
    talk = turn.part.talk
    if held := talk.notes("lore"):
        now = {f"{whose}:{entry.id}": (whose, entry) for whose, book in books.items() for entry in book.entries}
        for part in held:
            if part.name not in now or not _stands(turn, part, *now[part.name]):
                talk.strike(part.text)


def _stands(turn: TurnContext, part: PromptPart, whose: str, entry: Entry) -> bool:
    """Whether a note of the talk is what the entry says still, and to nobody that it is not for."""
    if not entry.enabled or part.text != _note(turn, entry):
        return False
    if _ANYONE in entry.to:
        return True
    is_let_in = whose == "character" or turn.character.id in entry.to
    return is_let_in and part.party is not None and part.party <= _party(entry)


def _known(turn: TurnContext, whose: str, lit: Sequence[Lit]) -> tuple[list[Lit], list[Unlit]]:
    """Those that this character may know, and that all who will hear its reply may learn."""
    may = {one.entry.id: _may_know(turn, whose, one.entry) for one in lit}
    strange = [Unlit(one.entry, "to", one.key) for one in lit if not may[one.entry.id]]
    return [one for one in lit if may[one.entry.id]], strange


def _may_know(turn: TurnContext, whose: str, entry: Entry) -> bool:
    if _ANYONE in entry.to:
        return True
    return (whose == "character" or turn.character.id in entry.to) and _party(entry).issuperset(turn.hearers)


def _party(entry: Entry) -> Party:
    return frozenset(map(character_id, entry.to))


def _as_many_as_fit(
    turn: TurnContext, fresh: list[tuple[Lit, str]]
) -> tuple[list[tuple[Lit, str]], list[tuple[Unlit, str]]]:
    """Of what is new as much as this model reads in a turn, and as many pieces as the harness lets in."""
    most = _FRESH_LOCAL if turn.is_local else turn.budget.talk // 2
    whose = {id(one): book for one, book in fresh}
    by_rank = sorted((one for one, _ in fresh if not _is_free(one)), key=lambda one: -one.entry.rank)
    spare = [id(one) for one in by_rank[turn.harness.memory.recall_lore :]]
    few = [one for one, _ in fresh if id(one) not in spare]
    fitted, over = fitting(few, most, lambda one: estimate_tokens(_note(turn, one.entry)))
    left = [(Unlit(one.entry, "recall_lore", one.key), book) for one, book in fresh if id(one) in spare]
    of = {id(one.entry): whose[id(one)] for one in few}
    return [(one, whose[id(one)]) for one in fitted], [*left, *((one, of[id(one.entry)]) for one in over)]


def _is_free(one: Lit) -> bool:
    return one.entry.constant or one.entry.any_budget


def _notes(fresh: Sequence[tuple[Lit, PromptPart]]) -> LoreNotes:
    """The lines, in their order."""
    early = (part for place in _EARLY for one, part in fresh if one.entry.position == place)
    late = ((part, one.entry.depth) for one, part in fresh if one.entry.position == "depth")
    return LoreNotes(tuple(early), tuple(late))


_EARLY = ("before", "after")


def _part(turn: TurnContext, one: Lit, whose: str, woken: tuple[int, ...]) -> PromptPart:
    """The line that brings an entry in; one that not everybody may know is left out before others."""
    why = f"{one.why}: {one.key}" if one.key else one.why
    party = None if _ANYONE in one.entry.to else _party(one.entry)
    return PromptPart("lore", _note(turn, one.entry), f"{whose}:{one.entry.id}", why, woken, party=party)


def _is_there(turn: TurnContext, entry: Entry) -> bool:
    return turn.part.talk.holds(_note(turn, entry), hearers=turn.masks(turn.hearers))


def _note(turn: TurnContext, entry: Entry) -> str:
    return prompt.lore_note(_text(turn, entry))


def _text(turn: TurnContext, entry: Entry) -> str:
    """What an entry says; one that says nothing, but blanks, brings no line."""
    return filled(entry.text, Values(char=turn.character.name, user=ANYBODY)).strip()


def _out(whose: str, one: Unlit) -> LoreUse:
    return LoreUse(whose, one.entry.id, False, one.why, one.key)


def _off(turn: TurnContext, whose: str, book: Lore) -> Iterator[LoreUse]:
    """Entries with a key that is off, or was not looked for in this turn."""
    off = {key: why for key in book.matcher.patterns if turn.patterns and (why := turn.patterns.off(key))}
    missed = _NOT_READ if turn.is_understudy else _NO_TIME
    off |= {key: missed for key in book.matcher.patterns if key in turn.scans.missed}
    for key, why in off.items():
        for entry in book.woken_by.get(key, ()):
            yield LoreUse(whose, entry.id, False, why, str(key))
