"""The ledger in memory and the purse."""

from __future__ import annotations

import asyncio

import pytest

from openroom.errors import BudgetExceeded
from openroom.models.purse import MemoryLedger, Purse
from openroom.ports.ledger import DAY_MS, Budget, Call, Spent

NOON = 20_000 * DAY_MS + DAY_MS // 2


def call(
    room: str = "tea", at_ms: int = NOON, kind: str = "remote", tokens: int = 100, usd: float | None = 0.01
) -> Call:
    return Call("id", at_ms, room, "mira", "turn", "m", kind, tokens - 10, 0, 10, False, usd, 5, 9, "ok")


async def test_sums_by_room_and_time() -> None:
    ledger = MemoryLedger()
    for one in (call(), call("attic"), call(at_ms=NOON - DAY_MS), call(usd=None)):
        await ledger.record(one)
    assert await ledger.spent(None, 0) == Spent(4, 360, 0, 40, 0.03)
    assert (await ledger.spent("tea", NOON)).tokens == 200
    assert (await ledger.spent("attic", NOON + 1)).calls == 0


async def test_free_calls_are_kept_but_in_no_sum() -> None:
    ledger = MemoryLedger()
    await ledger.record(call(kind="understudy"))
    assert len(ledger.calls) == 1 and await ledger.spent(None, 0) == Spent()


async def test_it_keeps_the_newest() -> None:
    ledger = MemoryLedger(keep=2)
    for at in range(3):
        await ledger.record(call(at_ms=at))
    assert [one.at_ms for one in ledger.calls] == [1, 2]


async def test_a_party_takes_no_more_than_its_share_of_the_day() -> None:
    now = [NOON]
    purse = Purse(MemoryLedger(), Budget(tokens_per_day=1000, tokens_per_party=250), lambda: now[0])
    purse.party_of = {"ann": "house", "bob": "house", "cleo": "cleo", "boss": ""}.__getitem__
    hold = await purse.reserve("tea", 200, None, "ann")
    told = r"a visitor's share of today's budget of 250 tokens .* \(200 spent, up to 100 needed\)"
    with pytest.raises(BudgetExceeded, match=told):
        await purse.reserve("attic", 100, None, "bob")
    await purse.settle(hold, call(tokens=100))
    await purse.settle(await purse.reserve("attic", 150, None, "bob"), call("attic", tokens=150))
    with pytest.raises(BudgetExceeded, match="visitor's share"):
        await purse.reserve("tea", 1, None, "ann")
    for who in ("cleo", "boss", ""):
        await purse.settle(await purse.reserve("tea", 200, None, who), call(tokens=200))
    with pytest.raises(BudgetExceeded, match="today's budget of 1,000 tokens"):
        await purse.reserve("tea", 200, None, "boss")
    now[0] += DAY_MS
    await purse.reserve("tea", 250, None, "ann")


async def test_a_share_of_dollars() -> None:
    purse = Purse(MemoryLedger(), Budget(usd_per_party=0.25), lambda: NOON)
    await purse.reserve("tea", 10, 0.2, "ann")
    await purse.reserve("tea", 10, 0.2, "bob")
    await purse.reserve("tea", 10, None, "ann")
    with pytest.raises(BudgetExceeded, match=r"share of today's budget of \$0.25"):
        await purse.reserve("tea", 10, 0.1, "ann")


async def test_concurrent_reservations_do_not_overshoot() -> None:
    class Slow(MemoryLedger):
        async def spent(self, room: str | None, since_ms: int) -> Spent:
            await asyncio.sleep(0.001)
            return await super().spent(room, since_ms)

    purse = Purse(Slow(), Budget(tokens_per_day=1000), lambda: NOON)
    results = await asyncio.gather(*(purse.reserve("tea", 300, None) for _ in range(8)), return_exceptions=True)
    assert sum(isinstance(result, BudgetExceeded) for result in results) == 5


async def test_what_was_set_aside_and_not_used_is_free_again() -> None:
    purse = Purse(MemoryLedger(), Budget(tokens_per_day=1000), lambda: NOON)
    hold = await purse.reserve("tea", 900, None)
    with pytest.raises(BudgetExceeded):
        await purse.reserve("tea", 200, None)
    await purse.settle(hold, call(tokens=100))
    await purse.reserve("tea", 900, None)


async def test_a_ledger_that_fails_leaves_the_cost_counted() -> None:
    class Broken(MemoryLedger):
        async def record(self, call: Call) -> None:
            raise OSError("disk full")

    purse = Purse(Broken(), Budget(tokens_per_day=1000), lambda: NOON)
    hold = await purse.reserve("tea", 500, None)
    with pytest.raises(OSError, match="disk full"):
        await purse.settle(hold, call(tokens=700))
    with pytest.raises(BudgetExceeded):
        await purse.reserve("tea", 400, None)
    await purse.reserve("tea", 300, None)


async def test_a_new_day_begins_empty_and_a_new_budget_counts_at_once() -> None:
    now = [NOON]
    purse = Purse(MemoryLedger(), Budget(calls_per_day=1), lambda: now[0])
    await purse.settle(await purse.reserve("tea", 10, None), call())
    with pytest.raises(BudgetExceeded, match="1 model calls"):
        await purse.reserve("tea", 10, None)
    now[0] += DAY_MS
    await purse.reserve("tea", 10, None)
    purse.budget = Budget(tokens_per_room=5)
    with pytest.raises(BudgetExceeded, match="this room's budget"):
        await purse.reserve("tea", 10, None)
