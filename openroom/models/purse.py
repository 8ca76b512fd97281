"""A ledger in memory, and the purse that holds a budget against concurrent calls."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from openroom.errors import BudgetExceeded
from openroom.ports.ledger import FREE_KINDS, Budget, Call, Ledger, Spent, day_start


class MemoryLedger:
    """Keeps the newest ``keep`` calls in memory; the default where nothing durable is given."""

    def __init__(self, keep: int = 100_000) -> None:
        self._calls: deque[Call] = deque(maxlen=keep)

    @property
    def calls(self) -> tuple[Call, ...]:
        """The calls, oldest first."""
        return tuple(self._calls)

    async def record(self, call: Call) -> None:
        self._calls.append(call)

    async def spent(self, room: str | None, since_ms: int) -> Spent:
        """The sum of the calls kept since then, in one room or everywhere."""
        total = Spent()
        for call in self._calls:
            ours = room is None or call.room == room
            if ours and call.at_ms >= since_ms and call.kind not in FREE_KINDS:
                total = total.plus(call)
        return total


@dataclass(slots=True, eq=False)
class Hold:
    """Money and tokens set aside for a call under way."""

    room: str
    at_ms: int
    tokens: int
    usd: float
    party: str = ""


class Purse:
    """One budget over one ledger, shared by every model that spends from it.

    A call first sets its worst case aside and is refused when that does not fit, so concurrent calls cannot
    overshoot together. ``budget`` may be replaced while calls run; it counts from the next one. ``party_of`` says to
    whose share a person's calls go (empty: to nobody's); shares are counted since the start of the process.
    """

    def __init__(self, ledger: Ledger, budget: Budget, clock: Callable[[], int]) -> None:
        self.ledger = ledger
        self.budget = budget
        self.clock = clock
        self.party_of: Callable[[str], str] = str
        self._holds: set[Hold] = set()
        self._shares: dict[str, Spent] = {}
        self._shares_of = 0
        self._lock = asyncio.Lock()

    async def reserve(self, room: str, tokens: int, usd: float | None, person: str = "") -> Hold:
        """Set up to ``tokens`` and ``usd`` aside, for who called for it. Raises `BudgetExceeded` (nothing is set aside
        then)."""
        async with self._lock:
            now = self.clock()
            since = day_start(now)
            day = self._with_holds(await self.ledger.spent(None, since), None, since)
            ours = self._with_holds(await self.ledger.spent(room, since), room, since)
            party = self.party_of(person) if person else ""
            reason = self.budget.objection(day, ours, tokens, usd, self._share(party, since) if party else None)
            if reason is not None:
                raise BudgetExceeded(f"No language model is asked now: {reason}.")
            hold = Hold(room, now, tokens, usd or 0.0, party)
            self._holds.add(hold)
            return hold

    async def settle(self, hold: Hold, call: Call) -> None:
        """Write the call down in place of what was set aside for it.

        The hold shrinks to the real cost first and goes only when the ledger has the call: a write that fails or is
        interrupted leaves the budget counting it.
        """
        hold.tokens, hold.usd = call.tokens, call.usd or 0.0
        async with self._lock:
            await self.ledger.record(call)
            self._holds.discard(hold)
            if hold.party and hold.at_ms >= self._shares_of:
                self._shares[hold.party] = self._shares.get(hold.party, Spent()).plus(call)

    def _share(self, party: str, since_ms: int) -> Spent:
        """What a party spent today, its calls under way with it."""
        if self._shares_of != since_ms:
            self._shares, self._shares_of = {}, since_ms
        spent = self._shares.get(party, Spent())
        return _with(spent, [hold for hold in self._holds if hold.party == party and hold.at_ms >= since_ms])

    def _with_holds(self, spent: Spent, room: str | None, since_ms: int) -> Spent:
        return _with(spent, [h for h in self._holds if h.at_ms >= since_ms and (room is None or h.room == room)])


def _with(spent: Spent, holds: Sequence[Hold]) -> Spent:
    return Spent(
        spent.calls + len(holds),
        spent.prompt + sum(hold.tokens for hold in holds),
        spent.cached,
        spent.completion,
        spent.usd + sum(hold.usd for hold in holds),
    )
