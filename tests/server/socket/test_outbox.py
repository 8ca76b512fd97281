"""How long a slow client is borne with: as long as it reads."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from openroom.protocol.closing import CLOSE_TOO_SLOW
from openroom.server.socket.outbox import End, FastOutbox, Patience, PlainOutbox
from tests.waiting import patience, until

SNAPSHOT = b"x" * 3_000_000


class Slow:
    """A transport whose other side reads so many bytes each time that one looks."""

    def __init__(self, reads: int) -> None:
        self.held, self.reads = 0, reads

    def write(self, data: bytes) -> None:
        self.held += len(data)

    def get_write_buffer_size(self) -> int:
        self.held = max(0, self.held - self.reads)
        return self.held

    def is_closing(self) -> bool:
        return False

    def abort(self) -> None:
        self.held = 0


async def _nothing(_message: Any) -> None:
    return None


async def test_a_large_snapshot_is_waited_for_while_it_is_read() -> None:
    transport = Slow(reads=400_000)
    box = FastOutbox(transport, _nothing, Patience())
    task = asyncio.create_task(box.run())
    box.reply(SNAPSHOT)
    await asyncio.sleep(0)
    box.reply(b"{}")
    await until(lambda: transport.held <= Patience().soft or task.done())
    assert not task.done()
    task.cancel()


@pytest.mark.parametrize("more", [0, 10_000])
async def test_who_reads_nothing_or_has_ever_more_waiting_is_let_go(more: int) -> None:
    transport = Slow(reads=0)
    box = FastOutbox(transport, _nothing, Patience(seconds=0.05 if not more else 3600))
    task = asyncio.create_task(box.run())
    box.reply(SNAPSHOT)
    await asyncio.sleep(0)
    box.reply(b"{}")
    async with patience():
        while not task.done():
            transport.held += more
            await asyncio.sleep(0)
    with pytest.raises(End) as end:
        await task
    assert end.value.code == CLOSE_TOO_SLOW


async def test_on_the_plain_path_a_message_has_the_time_that_its_size_takes() -> None:
    sent: list[int] = []

    async def send(message: Any) -> None:
        await asyncio.sleep(0.02 if len(message["text"]) > 10 else 3600)
        sent.append(len(message["text"]))

    async def receive() -> Any:
        await asyncio.Event().wait()

    box = PlainOutbox(send, receive, Patience(seconds=0.001, slowest=100))
    task = asyncio.create_task(box.run())
    box.reply(SNAPSHOT)
    await until(lambda: sent)
    box.reply(b"{}")
    with pytest.raises(End):
        async with patience():
            await task
