"""What authors wrote for an earlier build means the same: a folder with every key that docs/creators.md names."""

from __future__ import annotations

from tests.compat.conftest import House, expected
from tests.compat.look import authored, same


async def test_every_value_is_what_it_was(house: House, tokens: dict[str, str]) -> None:
    """By the definitions that a room pins (with every default), the first state of its props, cards, words, pictures
    and the digest of the version that tuning starts from."""
    async with house.serving() as url:
        now = await authored(url, tokens["op"])
    same(expected("authors"), now)
    assert now["/api/characters"]["problems"] == []
