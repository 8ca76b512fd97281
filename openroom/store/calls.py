"""The ledger of model calls in a database (`openroom.ports.ledger.Ledger`)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, func, insert, select

from openroom.ports.ledger import FREE_KINDS, Call, Spent
from openroom.store.database import Database
from openroom.store.tables import calls


class SqlLedger:
    """Every model call, durably."""

    _database: Database

    async def record(self, call: Call) -> None:
        def job(connection: Connection) -> None:
            connection.execute(insert(calls).values(**asdict(call)))

        await self._database.write(job)

    async def spent(self, room: str | None, since_ms: int) -> Spent:
        sums = [func.coalesce(func.sum(column), 0) for column in (calls.c.prompt, calls.c.cached, calls.c.completion)]
        query = select(func.count(), *sums, func.coalesce(func.sum(calls.c.usd), 0.0))
        query = query.where(calls.c.at_ms >= since_ms, calls.c.kind.not_in(sorted(FREE_KINDS)))
        if room is not None:
            query = query.where(calls.c.room == room)

        def job(connection: Connection) -> Any:
            return connection.execute(query).one()

        count, prompt, cached, completion, usd = await self._database.read(job)
        return Spent(int(count), int(prompt), int(cached), int(completion), float(usd))

    async def calls(self, since_ms: int, limit: int = 1000) -> list[Call]:
        query = select(calls).where(calls.c.at_ms >= since_ms).order_by(calls.c.at_ms.desc(), calls.c.id).limit(limit)

        def job(connection: Connection) -> list[Call]:
            return [Call(**row) for row in connection.execute(query).mappings()]

        return await self._database.read(job)
