"""Commands act on the folder they are given: over its server where it has one, and never over another's."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from pathlib import Path

from openroom.cli.connect import running
from openroom.settings import Settings
from openroom.store.lock import lock_data_folder
from tests.server.live import live


async def test_a_copied_folder_is_not_the_running_servers(tmp_path: Path) -> None:
    async with live(tmp_path) as server:
        data = server.site.settings.data
        (data / "server.json").write_text(json.dumps({"url": server.url, "pid": os.getpid()}))
        copy = shutil.copytree(data, tmp_path / "copy")
        found = await asyncio.to_thread(running, Settings.load(data=data))
        assert found is not None
        assert found.url == server.url
        assert await asyncio.to_thread(running, Settings.load(data=copy)) is None


async def test_nor_is_one_that_a_command_has_open(tmp_path: Path) -> None:
    async with live(tmp_path) as server:
        copy = shutil.copytree(server.site.settings.data, tmp_path / "copy")
        (copy / "server.json").write_text(json.dumps({"url": server.url, "pid": os.getpid() + 1}))
        with lock_data_folder(copy):
            assert await asyncio.to_thread(running, Settings.load(data=copy)) is None
