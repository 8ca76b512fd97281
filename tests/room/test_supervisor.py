"""Tasks that fail end alone; those that are kept begin again."""

from __future__ import annotations

import asyncio

import pytest

from openroom.room.supervisor import Supervisor
from tests.waiting import until


async def test_a_task_that_is_kept_begins_again_where_it_fails(caplog: pytest.LogCaptureFixture) -> None:
    began, tasks = [], Supervisor("house")

    async def work() -> None:
        began.append(1)
        if len(began) < 4:
            raise KeyError("no")

    await tasks.keep("work", work, rest=0.0)
    assert len(began) == 4, "and one that is done is done"
    assert [record.task for record in caplog.records] == ["house.work"] * 3  # type: ignore[attr-defined]


async def test_closing_ends_it_whether_it_works_or_rests() -> None:
    for rest in (0.0, 3600.0):
        began, tasks = [], Supervisor("house")

        async def work(began: list[int] = began) -> None:
            began.append(1)
            if len(began) == 1:
                raise KeyError("no")
            await asyncio.Event().wait()

        task = tasks.keep("work", work, rest=rest)
        await until(lambda began=began, rest=rest: len(began) == (1 if rest else 2))
        await tasks.close()
        assert task.done()
        with pytest.raises(RuntimeError, match="closed"):
            tasks.keep("work", work)
