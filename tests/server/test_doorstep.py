"""Connections that ask nothing, or never finish asking, are let go; an address holds only so many."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from openroom.server.doorstep import doorstep
from openroom.server.limits import Addresses
from tests.server.live import Live, live
from tests.server.raw import joined
from tests.waiting import patience, until

HALF = {
    "nothing": b"",
    "half a line": b"GET /heal",
    "half of the headers": b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: ",
    "half a body": b"POST /api/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 40\r\n\r\n{",
    "a request, then half of one": b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET /he",
}
WHOLE = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


async def _connect(server: Live) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", server.port)


async def _to_the_end(reader: asyncio.StreamReader) -> bytes:
    try:
        async with patience():
            return await reader.read()
    except ConnectionResetError:
        return b""


@pytest.mark.parametrize("half", HALF)
async def test_who_never_finishes_asking_is_let_go(tmp_path: Path, half: str) -> None:
    addresses = Addresses(5)
    quick = {"http": doorstep(addresses, seconds=0.05), "timeout_keep_alive": 3600}
    async with live(tmp_path, uvicorn_config=quick) as server:
        reader, writer = await _connect(server)
        writer.write(HALF[half])
        await _to_the_end(reader)
        writer.close()
        await until(lambda: addresses.held("127.0.0.1") == 0)


async def test_more_of_the_same_request_puts_the_end_off_no_further(tmp_path: Path) -> None:
    async with live(tmp_path, uvicorn_config={"http": doorstep(Addresses(5), seconds=0.05)}) as server:
        reader, writer = await _connect(server)
        ended = asyncio.create_task(_to_the_end(reader))
        writer.write(b"GET /healthz HTTP/1.1\r\n")
        async with patience():
            while not ended.done():
                writer.write(b"X-More: 1\r\n")
                await asyncio.sleep(0.01)
        writer.close()


async def test_whole_requests_go_on_for_as_long_as_there_are_some(tmp_path: Path) -> None:
    async with live(tmp_path, uvicorn_config={"http": doorstep(Addresses(5))}) as server:
        reader, writer = await _connect(server)
        for _ in range(3):
            writer.write(WHOLE)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200")
            length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
            await reader.readexactly(length)
        writer.close()


async def test_an_address_holds_only_so_many_but_for_a_proxy(tmp_path: Path) -> None:
    for proxies, held in (([], 2), (["127.0.0.0/8"], 3)):
        addresses = Addresses(2)
        async with live(tmp_path, uvicorn_config={"http": doorstep(addresses, proxies)}) as server:
            links = [await _connect(server) for _ in range(3)]
            answers = []
            for reader, writer in links:
                writer.write(WHOLE)
                answers.append((await reader.readuntil(b"\r\n")).split()[1])
            assert answers.count(b"200") == held
            for _, writer in links:
                writer.close()
            await until(lambda: addresses.held("127.0.0.1") == 0)  # noqa: B023 - of this very round


async def test_a_socket_outlives_the_deadline_and_counts_among_connections_of_every_kind(tmp_path: Path) -> None:
    addresses = Addresses(1)
    quick = {"http": doorstep(addresses, seconds=0.05)}
    async with live(tmp_path, uvicorn_config=quick) as server, joined(server) as ann:
        assert addresses.held("127.0.0.1") == 0, "the guard counts it, not the doorstep"
        assert server.app.state.connections.held("127.0.0.1") == 1
        reader, writer = await _connect(server)
        await _to_the_end(reader)  # one that asks nothing was let go meanwhile
        writer.close()
        assert (await ann.act("c", do="say", text="Still here."))["type"] == "done"
