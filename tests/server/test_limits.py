from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.requests import ClientDisconnect

from openroom.errors import RefusedError
from openroom.server.limits import Addresses, Bucket, OneAtATime, Rates, Streamed


def test_a_burst_then_the_rate() -> None:
    now = [0.0]
    bucket = Bucket(per_second=2, burst=3, clock=lambda: now[0])
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]
    now[0] += 0.5
    assert [bucket.take() for _ in range(2)] == [True, False]
    now[0] += 100
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]


def test_addresses_are_counted() -> None:
    addresses = Addresses(2)
    assert [addresses.enter("a") for _ in range(3)] == [True, True, False]
    assert addresses.enter("b")
    addresses.leave("a")
    assert addresses.enter("a")


async def test_what_was_streamed_has_ended_also_where_nobody_was_there_to_read_it() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"{}"

    async def gone(_message: Any) -> None:
        raise OSError("gone")

    async def waits() -> Any:
        await asyncio.Event().wait()

    costly = OneAtATime()
    with pytest.raises((OSError, ClientDisconnect)):
        await Streamed(pieces(), costly.begin("ann"))({"type": "http", "asgi": {"spec_version": "2.4"}}, waits, gone)
    with pytest.raises(RefusedError, match="One at a time"):
        [costly.begin("ann") for _ in range(2)]
    costly.begin("bob")


def test_each_address_has_a_rate_of_its_own() -> None:
    rates = Rates(per_second=1, burst=2, clock=lambda: 0.0)
    assert [rates.take("a") for _ in range(3)] == [True, True, False]
    assert rates.take("b")
