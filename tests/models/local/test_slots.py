"""Which cache a call gets, and who waits for whom."""

from __future__ import annotations

import asyncio

import pytest

from openroom.models.local.slots import Gate, SlotTable
from tests.waiting import patience


def test_a_key_keeps_its_slot() -> None:
    table = SlotTable(2)
    first = table.take("a")
    table.release("a")
    assert table.take("b") != first
    table.release("b")
    assert table.take("a") == first == table.slot("a")


def test_the_coldest_key_gives_its_slot_away() -> None:
    table = SlotTable(2)
    slots = {}
    for key in ("a", "b", "a"):
        slots[key] = table.take(key)
        table.release(key)
    assert table.take("c") == slots["b"]
    assert table.slot("b") is None


def test_a_slot_in_use_is_not_given_away() -> None:
    table = SlotTable(2)
    table.take("a")
    slot = table.take("b")
    table.release("b")
    assert table.take("c") == slot


def test_with_everything_in_use_the_coldest_is_shared() -> None:
    table = SlotTable(1)
    assert table.take("a") == table.take("b") == 0
    table.release("a")
    table.release("b")


def test_a_borrowed_slot_is_free_again() -> None:
    table = SlotTable(2)
    table.take("a")
    borrowed = table.take("x")
    table.release("x", keep=False)
    assert table.take("b") == borrowed
    assert table.slot("x") is None


async def test_the_gate_lets_in_by_rank_then_by_arrival() -> None:
    gate, order = Gate(1), list[str]()

    async def call(name: str, rank: int) -> None:
        async with gate.enter(rank):
            order.append(name)
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as group:
        for name, rank in (("a", 1), ("b", 1), ("c", 0), ("d", 1)):
            group.create_task(call(name, rank))
    assert order == ["a", "c", "b", "d"]


async def test_a_caller_that_gives_up_leaves_its_place_to_others() -> None:
    gate = Gate(1)
    async with gate.enter(0):
        waiting = asyncio.create_task(gate.enter(0).__aenter__())
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    async with patience(), gate.enter(0):
        pass


async def test_a_caller_cancelled_just_as_it_is_let_in_gives_the_place_back() -> None:
    gate = Gate(1)
    holder = gate.enter(0)
    await holder.__aenter__()
    waiting = asyncio.create_task(gate.enter(0).__aenter__())
    await asyncio.sleep(0)
    await holder.__aexit__(None, None, None)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    async with patience(), gate.enter(0):
        pass
