"""Lore: what a character knows because it came up, from its own book, the scene's and the room's.

Entries enter as notes of the talk, each once for as long as the talk holds it. Only lines that the character perceived
wake them, and one that not everybody may know enters only where all who would hear the reply may.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from openroom.cast.turn import prompt
from openroom.cast.turn.context import TurnContext
from openroom.cast.turn.mind import Between
from openroom.core.actor import character_id
from openroom.core.lore.book import Entry, Lore
from openroom.core.lore.budget import fitting
from openroom.core.lore.moment import Lit, Unlit
from openroom.core.macros import ANYBODY, Values, filled
from openroom.language.tokens import estimate_tokens

_FRESH_LOCAL = 120
"""So much lore may come into the talk at one turn with a model on this machine: it reads 35 tokens a second."""
_ANYONE = "anyone"


@dataclass(frozen=True, slots=True)
class LoreUse:
    """What became of an entry in a turn, for the turn's record. ``book`` says whose it is (``character``, ``scene``,
    ``room``).
    Where ``is_in``, ``why`` is ``key`` (with the one that was found), ``constant`` or ``sticky``; else the rule that
    kept it out: ``character``, ``turn``, ``cooldown``, ``delay``, ``replies``, ``when``, ``probability``, ``group``,
    ``to``, ``budget``, ``recall_lore``, or what is wrong with its key. ``fresh``: it was not in the talk before."""

    book: str
    entry: str
    is_in: bool
    why: str
    key: str = ""
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class LoreNotes:
    """Lines for the talk: those that stand before memories, and those right before the answer."""

    early: tuple[str, ...] = ()
    late: tuple[str, ...] = ()


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
    await heard.catch_up(turn.room, books, turn.patterns)
    moment = heard.moment(turn.character.id, turn.trigger.why)
    fresh: list[tuple[Lit, str]] = []
    uses: list[LoreUse] = []
    for whose, shelf in heard.shelves.items():
        verdict = await shelf.judge(moment, turn.patterns)
        known, strange = _known(turn, whose, verdict.lit)
        fitted, over = fitting(known, shelf.book.tokens)
        uses += [_out(whose, one) for one in (*verdict.unlit, *strange, *over)]
        uses += _off(turn, whose, shelf.book)
        there = [one for one in fitted if not _text(turn, one.entry) or turn.part.talk.holds(_note(turn, one.entry))]
        uses += [LoreUse(whose, one.entry.id, True, one.why, one.key) for one in there]
        fresh += [(one, whose) for one in fitted if one not in there]
    fresh, left = _as_many_as_fit(turn, fresh)
    uses += [_out(whose, one) for one, whose in left]
    uses += [LoreUse(whose, one.entry.id, True, one.why, one.key, fresh=True) for one, whose in fresh]
    turn.lore = tuple(uses)
    turn.part.brought |= {_note(turn, one.entry): (whose, one.entry) for one, whose in fresh}
    return _notes(turn, [one.entry for one, _ in fresh])


def _take_back(turn: TurnContext, books: Mapping[str, Lore]) -> None:
    """Lore of the talk that its book has no longer, or has in other words or for others, goes: an edit counts from the
    next turn. Where the entry still comes up, it enters as it is now."""
    part = turn.part
    now = {(whose, entry.id): entry for whose, book in books.items() if part.brought for entry in book.entries}
    for note, (whose, was) in list(part.brought.items()):
        entry = now.get((whose, was.id))
        if entry is None or (entry.text, entry.to, entry.enabled) != (was.text, was.to, True):
            part.talk.strike(note)
            part.between.pop(note, None)
            del part.brought[note]


def _known(turn: TurnContext, whose: str, lit: Sequence[Lit]) -> tuple[list[Lit], list[Unlit]]:
    """Those that this character may know, and that all who will hear its reply may learn."""
    may = {one.entry.id: _may_know(turn, whose, one.entry) for one in lit}
    strange = [Unlit(one.entry, "to", one.key) for one in lit if not may[one.entry.id]]
    return [one for one in lit if may[one.entry.id]], strange


def _may_know(turn: TurnContext, whose: str, entry: Entry) -> bool:
    if _ANYONE in entry.to:
        return True
    return (whose == "character" or turn.character.id in entry.to) and _party(entry).all_of(turn.hearers)


def _party(entry: Entry) -> Between:
    return Between(frozenset(map(character_id, entry.to)), frozenset())


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


def _notes(turn: TurnContext, entries: Sequence[Entry]) -> LoreNotes:
    """The lines, in their order. Those that not everybody may know can be taken back."""
    for entry in entries:
        if _ANYONE not in entry.to:
            turn.part.between[_note(turn, entry)] = _party(entry)
    if turn.part.between:
        turn.confidants = tuple(turn.hearers)
    placed = {place: [_note(turn, one) for one in entries if one.position == place] for place in _PLACES}
    return LoreNotes((*placed["before"], *placed["after"]), tuple(placed["depth"]))


_PLACES = ("before", "after", "depth")


def _note(turn: TurnContext, entry: Entry) -> str:
    return prompt.lore_note(_text(turn, entry))


def _text(turn: TurnContext, entry: Entry) -> str:
    """What an entry says; one that says nothing, but blanks, brings no line."""
    return filled(entry.text, Values(char=turn.character.name, user=ANYBODY)).strip()


def _out(whose: str, one: Unlit) -> LoreUse:
    return LoreUse(whose, one.entry.id, False, one.why, one.key)


def _off(turn: TurnContext, whose: str, book: Lore) -> Iterator[LoreUse]:
    """Entries with a key that is off."""
    off = {key: why for key in book.matcher.patterns if turn.patterns and (why := turn.patterns.off(key))}
    for key, why in off.items():
        for entry in book.woken_by.get(key, ()):
            yield LoreUse(whose, entry.id, False, why, str(key))
