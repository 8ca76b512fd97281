"""The story as a path through a log: which events are part of it after undo, reset, and other ways that it took.

The log is linear; the story is a tree in it. Each event follows the one before it, but for the first after a `Moved`,
which follows the event that the head was moved to. So the moves alone, ``{seq of the move: head}``, tell the whole
tree, and `openroom.core.apply` keeps them in the state. A path is a row of spans ``(first, last)``, oldest first.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from openroom.core.event import Event
from openroom.core.state import State

Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """One of the ways that a story took: it begins with event ``first``, which never changes, follows event ``parent``
    (0: it is the first of all), and has come to event ``end``."""

    first: int
    end: int
    parent: int


def active(events: Sequence[Event], head: int) -> list[Event]:
    """Those of ``events`` (oldest first, any tail of a log) that lie on the path that ends in ``head``.

    Each event follows its ``parent``, by default the one before it. What lies before the tail is not looked at.
    """
    by_seq = {event.seq: event for event in events}
    path: list[Event] = []
    seq = head
    while (event := by_seq.get(seq)) is not None:
        path.append(event)
        seq = event.parent if event.parent is not None else event.seq - 1
    path.reverse()
    return path


def undone(events: Iterable[Event], head: int) -> set[int]:
    """Seqs among ``events`` that are not on the path to ``head``."""
    held = list(events)
    kept = {event.seq for event in active(held, head)}
    return {event.seq for event in held} - kept


def within(spans: Spans, seq: int) -> bool:
    """Whether an event lies on a path."""
    at = bisect_right(spans, (seq, seq)) - 1
    return (at >= 0 and seq <= spans[at][1]) or (at + 1 < len(spans) and spans[at + 1][0] == seq)


def without(spans: Spans, others: Spans) -> Spans:
    """What of one path is not on another."""
    found: list[tuple[int, int]] = []
    for first, last in spans:
        for one, end in others:
            if end < first or one > last:
                continue
            if one > first:
                found.append((first, one - 1))
            first = end + 1
        if first <= last:
            found.append((first, last))
    return tuple(found)


class Tree:
    """All ways that a room's story has taken, by its moves. ``last`` is the newest seq of the log."""

    def __init__(self, moves: Mapping[str, int], last: int) -> None:
        self.last = last
        self._moves = {int(seq): head for seq, head in moves.items()}
        self._starts = sorted(seq + 1 for seq in self._moves)

    @classmethod
    def of(cls, state: State) -> Tree:
        """The tree of a room."""
        return cls(state.hidden.get("moves", {}), state.seq)

    def is_move(self, seq: int) -> bool:
        """Whether that event only moved the head: it is never part of a story."""
        return seq in self._moves

    def standing(self, seq: int) -> int:
        """The event that the story stands at after ``seq``: a move is none itself."""
        while seq in self._moves:
            seq = self._moves[seq]
        return seq

    def parent(self, seq: int) -> int:
        """The event that this one follows; 0 for the first."""
        return self._moves.get(seq - 1, seq - 1)

    def path(self, head: int) -> Spans:
        """The story that ends in ``head``."""
        return tuple(reversed(list(self._up(head))))

    def _up(self, head: int) -> Iterator[tuple[int, int]]:
        while head > 0:
            first = self._start(head)
            yield first, head
            head = self.parent(first)

    def _start(self, seq: int) -> int:
        """The first event of the row that an event stands in."""
        at = bisect_right(self._starts, seq)
        return self._starts[at - 1] if at else 1

    def heads(self, head: int) -> list[int]:
        """Where the story stands (``head``) or was left, the newest first, each once."""
        left = (self.parent(seq) for seq in sorted(self._moves, reverse=True))
        return list(dict.fromkeys((head, *left)))

    def leaves(self, head: int) -> list[int]:
        """The ends of all ways, the newest first: those heads after which nothing was ever told."""
        followed = {self.parent(start) for start in self._starts if start <= self.last and not self.is_move(start)}
        return [one for one in self.heads(head) if one not in followed and not self._goes_on(one)]

    def _goes_on(self, seq: int) -> bool:
        return seq < self.last and not self.is_move(seq + 1) and self.parent(seq + 1) == seq

    def branches(self) -> list[Branch]:
        """All branches, in the order in which they began. What goes on from the end of one is that one still, but for
        what goes on from there a second time."""
        found: dict[int, Branch] = {}
        ends: dict[int, int] = {}
        for first, last in self._rows():
            parent = self.standing(self.parent(first))
            known = ends.pop(parent, None)
            branch = Branch(first, last, parent) if known is None else Branch(known, last, found[known].parent)
            found[branch.first] = branch
            ends[last] = branch.first
        return list(found.values())

    def _rows(self) -> Iterator[tuple[int, int]]:
        starts = [1, *self._starts]
        for first, after in zip(starts, [*self._starts, self.last + 2], strict=True):
            if first <= after - 2:  # the event before the next row only moves the head
                yield first, after - 2

    def branch_of(self, seq: int) -> Branch | None:
        """The branch that an event belongs to."""
        spans = self.path(self.standing(seq))
        known = {branch.first: branch for branch in self.branches()}
        return next((known[first] for first, _ in reversed(spans) if first in known), None)

    def newest_through(self, seq: int, head: int) -> int:
        """Where the story stood last that an event is part of; the event itself if it was never left."""
        known: dict[int, bool] = {}
        return next((one for one in self.heads(head) if self._leads_to(one, seq, known)), seq)

    def _leads_to(self, head: int, seq: int, known: dict[int, bool]) -> bool:
        """Whether the path that ends in ``head`` holds ``seq``; ``known`` by the first event of each row above."""
        above: list[int] = []
        found = False
        for first, last in self._up(head):
            if first <= seq <= last:
                found = True
                break
            if last < seq:  # a row's events only follow older ones
                break
            if first in known:
                found = known[first]
                break
            above.append(first)
        known |= dict.fromkeys(above, found)
        return found


def last_move(state: State) -> int:
    """The seq of the event that took the story another way last; 0: none did."""
    moves: Mapping[str, int] = state.hidden.get("moves", {})
    return max(map(int, moves), default=0)


def alternatives(state: State) -> Mapping[int, Sequence[int]]:
    """Lines that stand in for each other, by each of them: their seqs, in the order they were told."""
    ways: Mapping[str, Sequence[int]] = state.hidden.get("ways", {})
    return {seq: group for group in ways.values() for seq in group}


def root_of(state: State, seq: int) -> int:
    """The first of the lines that an event is an alternative of; itself where there is none."""
    group = alternatives(state).get(seq)
    return group[0] if group else seq
