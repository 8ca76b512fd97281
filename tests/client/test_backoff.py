from __future__ import annotations

from itertools import islice

from openroom.client.backoff import Backoff


def test_waits_grow_to_a_bound_and_vary() -> None:
    waits = list(islice(Backoff(first=0.1, longest=1.0, factor=2).waits(), 8))
    for number, wait in enumerate(waits):
        assert 0.8 * min(0.1 * 2**number, 1.0) <= wait <= 1.2 * min(0.1 * 2**number, 1.0)


def test_it_gives_up() -> None:
    assert len(list(Backoff(tries=3).waits())) == 3
