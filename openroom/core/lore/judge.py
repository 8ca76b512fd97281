"""Which entries of a book are in at a moment. Pure: the same book at the same moment gives the same answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from openroom.core.chance import roll
from openroom.core.lore.book import Condition, Entry, Lore
from openroom.core.lore.groups import one_of_each
from openroom.core.lore.match import Key
from openroom.core.lore.moment import Lit, Moment, Timer, Unlit, Verdict


def judge(book: Lore, moment: Moment) -> Verdict:
    """What is in, and what its keys would have had in and another rule kept out.

    Lines first; then, with ``recursion``, the texts of what is in, round by round. Inclusion groups are settled in
    each round: who is in already stays in.
    """
    return _Judging(book, moment).run()


class _Judging:
    """One question to one book."""

    def __init__(self, book: Lore, moment: Moment) -> None:
        self._book, self._moment = book, moment
        self._near: dict[Key, int] = {}
        """How many lines back a key was found last."""
        self._woken: set[Key] = set()
        """The keys that were found in entries' texts."""
        self._lit: dict[str, Lit] = {}
        self._unlit: dict[str, Unlit] = {}
        self._unread: set[str] = set()

    def run(self) -> Verdict:
        self._read_lines()
        fresh = self._round(0, self._candidates(self._near))
        for number in range(1, self._book.rounds + 1 if self._book.recursion else 1):
            texts = [one.entry.text for one in fresh if one.entry.wakes_lore]
            for text in texts:
                self._woken |= self._hits(text)
            if not self._lit:
                break
            fresh = self._round(number, self._candidates([*self._woken, *self._near]))
            if not fresh and not any(entry.only_after_lore > number for entry in self._book.entries):
                break
        order = self._book.places
        lit = sorted(self._lit.values(), key=lambda one: (one.entry.order, order[one.entry.id]))
        unlit = sorted(self._unlit.values(), key=lambda one: order[one.entry.id])
        return Verdict(tuple(lit), tuple(unlit), frozenset(self._unread))

    # what was found -------------------------------------------------------------------------------------------------

    def _read_lines(self) -> None:
        lines = self._moment.lines[-self._book.depth :] if self._book.depth else ()
        for back, line in enumerate(reversed(lines)):
            for key in self._hits(line.text):
                self._near.setdefault(key, back)

    def _hits(self, text: str) -> frozenset[Key]:
        matcher = self._book.matcher
        found = matcher.hits(text)
        if not matcher.patterns:
            return found
        by_pattern = self._moment.found.get(text)
        if by_pattern is None:
            self._unread.add(text)
            return found
        return found | by_pattern

    def _is_found(self, entry: Entry, key: str) -> bool:
        looked_for = self._book.key(entry, key)
        depth = self._book.scan_depth if entry.scan_depth is None else entry.scan_depth
        back = self._near.get(looked_for)
        return (back is not None and back < depth) or (entry.woken_by_lore and looked_for in self._woken)

    # who is in ------------------------------------------------------------------------------------------------------

    def _candidates(self, keys: Iterable[Key]) -> Iterator[Entry]:
        """Entries that may be in: those with a key among these, those without need of one, those that stay."""
        woken_by, timers = self._book.woken_by, self._moment.timers
        known = [self._book.by_id[id] for id in timers if id in self._book.by_id and self._stays(id)]
        staying = [entry for entry in known if entry.enabled]
        found = [*self._book.constants, *staying, *(entry for key in keys for entry in woken_by.get(key, ()))]
        return iter({entry.id: entry for entry in found}.values())

    def _stays(self, id: str) -> bool:
        return self._moment.count < self._moment.timers.get(id, Timer()).sticky

    def _round(self, number: int, candidates: Iterable[Entry]) -> list[Lit]:
        """Those that come in in this round."""
        fresh: list[Lit] = []
        for entry in candidates:
            if not self._is_open(entry) or (one := self._wakes(entry, number)) is None:
                continue
            if why := self._against(entry, one):
                self._unlit[entry.id] = Unlit(entry, why, one.key)
            else:
                self._unlit.pop(entry.id, None)
                fresh.append(one)
        won, lost = one_of_each(fresh, list(self._lit.values()), self._moment.seed)
        self._lit |= {one.entry.id: one for one in won}
        self._unlit |= {one.entry.id: Unlit(one.entry, "group", one.key) for one in lost}
        return won

    def _is_open(self, entry: Entry) -> bool:
        """Whether an entry is still to be decided: its conditions may hold in a later round, nothing else changes."""
        out = self._unlit.get(entry.id)
        return bool(entry.text) and entry.id not in self._lit and (out is None or out.why == "when")

    def _wakes(self, entry: Entry, number: int) -> Lit | None:
        """Why the entry would be in; ``None`` where nothing speaks for it."""
        if self._stays(entry.id):
            return Lit(entry, "sticky", score=self._score(entry))
        if entry.only_after_lore > number:
            return None
        if entry.constant:
            return Lit(entry, "constant", score=self._score(entry))
        found = next((key for key in entry.keys if self._is_found(entry, key)), None)
        return None if found is None else Lit(entry, "key", found, self._score(entry))

    def _score(self, entry: Entry) -> int:
        if not entry.groups:
            return 0
        also = [key for one in entry.when for key in one.any]
        return sum(self._is_found(entry, key) for key in (*entry.keys, *also))

    def _against(self, entry: Entry, lit: Lit) -> str:
        """The rule that keeps an entry out; empty where none does."""
        moment, timer = self._moment, self._moment.timers.get(entry.id, Timer())
        character = moment.character
        if character in entry.not_characters or (entry.characters and character not in entry.characters):
            return "character"
        if entry.turns and moment.turn and moment.turn not in entry.turns:
            return "turn"
        if entry.greetings and moment.greeting is not None and moment.greeting not in entry.greetings:
            return "greeting"
        if lit.why == "sticky":
            return ""
        if moment.count < timer.cooldown:
            return "cooldown"
        if moment.count < entry.delay:
            return "delay"
        if moment.replies < entry.after_replies or (entry.every and moment.replies % entry.every):
            return "replies"
        if not all(self._holds(entry, one) for one in entry.when) and not entry.constant:
            return "when"
        return "" if roll(moment.seed, "lore", entry.id) < entry.probability else "probability"

    def _holds(self, entry: Entry, one: Condition) -> bool:
        found = {key: self._is_found(entry, key) for key in (*one.any, *one.all, *one.not_any, *one.not_all)}
        return (
            (not one.any or any(found[key] for key in one.any))
            and all(found[key] for key in one.all)
            and not any(found[key] for key in one.not_any)
            and not (one.not_all and all(found[key] for key in one.not_all))
        )
