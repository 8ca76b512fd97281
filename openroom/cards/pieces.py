"""Lists of a definition that were edited, put back into the texts of the card where each item stands.

What of such a text never became an item stays where it is, and so does the tail of one that was made shorter.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from openroom.cards.character import cleaned
from openroom.cards.notes import Report

_SAME_END = 60
"""So many characters at the end of what was made shorter: where they are as they were, the rest still goes on."""


def steps(before: Sequence[Hashable], now: Sequence[Hashable]) -> Iterator[tuple[int | None, int | None]]:
    """What became of each item, in order: (where it was, where it is). One that was added was nowhere, and one that
    was taken out is nowhere."""
    for _, start, end, new, last in SequenceMatcher(None, before, now).get_opcodes():
        for at in range(max(end - start, last - new)):
            yield (start + at if start + at < end else None, new + at if new + at < last else None)


def with_tail(what: str, whole: str, became: str, now: str, report: Report) -> str:
    """An edited text, with what of the card's ``whole`` had no room in what it ``became``. Where the end was edited,
    nobody knows how it would go on: then the edited text stands alone, which is told."""
    whole = cleaned(whole)[0]
    if not whole.startswith(became) or len(whole) <= len(became):
        return now
    if now.endswith(became[-_SAME_END:]):
        return now + whole[len(became) :]
    left = len(whole) - len(became)
    report.drop(what, f"its last {left:,} characters had no room here; its end was edited, and stands alone now")
    return now


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item stands: from ``start`` to ``end`` in the text that is called ``key``."""

    key: str
    start: int
    end: int


class Pieces:
    """Texts of a card, by key, of which some parts change. ``between`` stands between an item that is added and its
    neighbour, ``head`` in front of the first one of an empty text."""

    def __init__(self, texts: Mapping[str, str], head: str, between: str) -> None:
        self._texts, self._head, self._between = texts, head, between
        self._changes: list[tuple[Place, str]] = []
        self._behind: dict[str, list[str]] = {}

    def follow(
        self,
        places: Sequence[Place | None],
        before: Sequence[Hashable],
        now: Sequence[Hashable],
        written: Callable[[int | None, int], str],
        key: str,
    ) -> None:
        """Take over what became of the items ``before``, which stand at ``places`` (``None``: not known). ``written``
        is the text of an item of ``now``, given where it was (``None``: nowhere); ``key`` is the text that the first
        one of all goes into."""
        was = {item: at for at, item in reversed(list(enumerate(before)))}
        last: Place | None = None
        for old, new in steps(before, now):
            place = places[old] if old is not None else None
            if place is not None:
                last = place
                if new is None:
                    self._changes.append((place, ""))
                elif now[new] != before[old or 0]:
                    self._changes.append((place, written(old, new)))
            elif new is not None and (old is None or now[new] != before[old]):
                moved = was.get(now[new])
                there = places[moved] if moved is not None else None
                text = self._texts[there.key][there.start : there.end] if there else written(None, new)
                self._add(text, last, next((one for one in places if one), None), key)

    def _add(self, text: str, last: Place | None, first: Place | None, key: str) -> None:
        if last is not None:
            self._changes.append((Place(last.key, last.end, last.end), self._between + text))
        elif first is not None:
            self._changes.append((Place(first.key, first.start, first.start), text + self._between))
        else:
            self._behind.setdefault(key, []).append(text)

    def changed(self) -> dict[str, str]:
        """The texts that are others now."""
        found = {}
        for key, text in self._texts.items():
            parts, at = list[str](), 0
            mine = [change for change in self._changes if change[0].key == key]
            for place, new in sorted(mine, key=lambda change: (change[0].start, change[0].end)):
                parts += [text[at : place.start], new]
                at = place.end
            whole = "".join([*parts, text[at:]])
            if behind := self._behind.get(key):
                whole = (whole + self._between if whole.strip() else self._head) + self._between.join(behind)
            if whole != text:
                found[key] = whole
        return found
