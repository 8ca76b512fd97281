"""kill -9 at any moment loses no acknowledged event and leaves no gap."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from openroom.store.open import open_store
from tests.processes import running

_CHILD = """
import asyncio, os, sys
from openroom.core.event import Said
from openroom.store.open import open_store

async def main():
    store = await open_store(sys.argv[1], sys.argv[2])

    async def produce(room):
        seq = await store.head(room)
        while True:
            size = 1 + seq % 3
            lines = [Said(seq=seq + n + 1, at=1, actor="player:a", text="x" * 150) for n in range(size)]
            await store.append(room, lines)
            seq += size
            os.write(1, f"{room} {seq}\\n".encode())  # acknowledged, and out of this process at once

    await asyncio.gather(*(produce(f"room{n}") for n in range(8)))

asyncio.run(main())
"""


@pytest.mark.parametrize("round_", range(4))
async def test_no_acknowledged_event_is_lost(tmp_path: Path, url: str, round_: int) -> None:
    acknowledged: dict[str, int] = {}
    for _ in range(2):  # the second life goes on where the first was cut off
        with running([sys.executable, "-c", _CHILD, url, str(tmp_path)], stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            lines = [child.stdout.readline() for _ in range(random.randint(1, 120))]
            child.kill()
            lines += child.communicate()[0].splitlines()
        assert child.returncode == -9
        for line in lines:
            room, seq = line.split()
            acknowledged[room] = max(int(seq), acknowledged.get(room, 0))
    assert acknowledged
    store = await open_store(url, tmp_path)
    for room, seq in acknowledged.items():
        found = [event.seq for event in await store.events(room)]
        assert found == list(range(1, len(found) + 1))
        assert len(found) >= seq
    await store.close()
