from __future__ import annotations

import asyncio
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from openroom.protocol.closing import FINAL
from openroom.settings import shipped
from tests import processes
from tests.server.live import Live

NODE = shutil.which("node")
SCRIPT = Path(__file__).with_name("openroom_js_test.mjs")
NEEDED = 20  # the first node with a WebSocket of its own, there behind a flag


async def _node(*arguments: str) -> tuple[int, str]:
    assert NODE is not None
    done = await asyncio.to_thread(processes.run, [NODE, *arguments], stderr=subprocess.STDOUT)
    return done.returncode, done.stdout


@pytest.mark.skipif(NODE is None, reason="needs node; tests/browser tests the same file in a real browser")
async def test_the_javascript_client_against_the_server(server: Live) -> None:
    _, version = await _node("--version")
    if int(version.removeprefix("v").partition(".")[0]) < NEEDED:
        pytest.skip(f"needs node {NEEDED}; tests/browser tests the same file in a real browser")
    code, out = await _node("--experimental-websocket", str(SCRIPT), str(shipped("static") / "openroom.js"), server.url)
    assert code == 0, out
    assert json.loads(out.splitlines()[-1])["gap"] >= 6


def test_it_knows_the_codes_that_end_it() -> None:
    text = (shipped("static") / "openroom.js").read_text(encoding="utf-8")
    table = re.search(r"export const FINAL = \{(.*?)\};", text, re.DOTALL)
    assert table is not None
    assert {int(code): why for code, why in re.findall(r'(\d+): "(\w+)"', table[1])} == dict(FINAL)


async def test_it_is_served(server: Live) -> None:
    async with server.client() as http:
        answer = await http.get("/static/openroom.js")
        assert answer.headers["content-type"].startswith("text/javascript")
        assert "RFC 7396" in answer.text
        assert (await http.get("/static/settings.py")).status_code == 404
