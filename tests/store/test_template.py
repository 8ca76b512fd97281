"""Databases in memory are copies of one that was migrated once, and share nothing after that."""

from __future__ import annotations

from sqlalchemy import text

from openroom.store.database import Database


async def test_copies_are_migrated_and_independent():
    tables = []
    for n in range(3):
        database = Database("sqlite:///:memory:")
        await database.write(lambda c, n=n: c.execute(text("CREATE TABLE mine (n INT)")) and None)
        await database.write(lambda c, n=n: c.execute(text(f"INSERT INTO mine VALUES ({n})")) and None)
        tables.append(
            await database.read(
                lambda c: (
                    c.execute(text("SELECT n FROM mine")).scalars().all(),
                    sorted(c.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars()),
                )
            )
        )
        await database.close()
    assert [rows for rows, _ in tables] == [[0], [1], [2]]
    assert "events" in tables[0][1]
    assert tables[0][1] == tables[1][1] == tables[2][1]
