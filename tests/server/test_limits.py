from __future__ import annotations

from openroom.server.limits import Addresses, Bucket, Rates


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


def test_each_address_has_a_rate_of_its_own() -> None:
    rates = Rates(per_second=1, burst=2, clock=lambda: 0.0)
    assert [rates.take("a") for _ in range(3)] == [True, True, False]
    assert rates.take("b")
