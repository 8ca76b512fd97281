from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.requests import ClientDisconnect

from openroom.errors import RefusedError
from openroom.server.limits import Addresses, Bucket, OneAtATime, Parties, Rates, Streamed, network_of


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


@pytest.mark.parametrize(
    ("address", "known_as"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("::1", "::1"),
        ("", ""),
        ("unix", "unix"),
    ],
)
def test_one_house_is_one_address(address: str, known_as: str) -> None:
    assert network_of(address) == known_as


def test_people_of_one_address_share_one_share() -> None:
    parties = Parties()
    for who, address in (("ann", "203.0.113.7"), ("bob", "203.0.113.7"), ("here", "127.0.0.1"), ("six", "::1")):
        parties.saw(who, address, exempt=False)
    parties.saw("boss", "203.0.113.7", exempt=True)
    assert [parties.of(who) for who in ("ann", "bob", "here", "six", "boss")] == ["203.0.113.7"] * 2 + [""] * 3
    assert parties.of("unknown") == "unknown", "who was forgotten stands for themselves"


def test_each_address_has_a_rate_of_its_own() -> None:
    rates = Rates(per_second=1, burst=2, clock=lambda: 0.0)
    assert [rates.take("a") for _ in range(3)] == [True, True, False]
    assert rates.take("b")
