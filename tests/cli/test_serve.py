from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from openroom.cli.main import app
from openroom.cli.serve import listen, local_address
from openroom.client import Backoff, connect
from openroom.errors import SettingsError
from openroom.settings import Settings

RUN = CliRunner()
SECONDS = 40


class Process:
    """`openroom serve` in a process of its own, without pages."""

    def __init__(self, folder: Path, *flags: str, **env: str) -> None:
        self.folder = folder
        self.ready_file = folder / "ready.json"
        self.ready_file.unlink(missing_ok=True)
        given = {
            "OPENROOM_DATA": str(folder / "data"),
            "OPENROOM_MODEL": "understudy",
            "OPENROOM_DISCOVER": "0",
            "OPENROOM_PORT": "0",
            "OPENROOM_READY_FILE": str(self.ready_file),
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "openroom", "serve", "--no-gui", *flags],
            cwd=folder,
            env={**os.environ, **given, **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def ready(self) -> dict[str, Any]:
        deadline = time.monotonic() + SECONDS
        while not self.ready_file.is_file():
            assert self.process.poll() is None, self.process.communicate()[0]
            assert time.monotonic() < deadline, "not ready in time"
            time.sleep(0.05)
        found: dict[str, Any] = json.loads(self.ready_file.read_text(encoding="utf-8"))
        return found

    def end(self) -> str:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.communicate(timeout=15)[0]
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Process]:
    process = Process(tmp_path)
    yield process
    process.end()


def test_it_says_where_to_go_and_ends_quickly_with_clients_connected(started: Process) -> None:
    ready = started.ready()
    owner = started.folder / "data" / "server.json"
    assert json.loads(owner.read_text(encoding="utf-8"))["url"] == ready["url"]
    assert stat.S_IMODE(started.ready_file.stat().st_mode) == 0o600

    async def play() -> float:
        backoff = Backoff(first=0.05, tries=1)
        async with connect(ready["url"], "tea_room", name="Ann", backoff=backoff) as ann:
            await ann.say("Good evening")
            async with connect(ready["url"], "tea_room", name="Bob", backoff=backoff):
                before = time.monotonic()
                started.process.send_signal(signal.SIGTERM)
                await asyncio.to_thread(started.process.wait, 10)
                return time.monotonic() - before

    assert asyncio.run(play()) < 5
    out = started.end()
    assert ready["url"] in out
    assert ready["operator_url"] in out
    assert "Traceback" not in out
    assert not owner.exists()


def test_the_commands_speak_to_the_running_server(started: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    url = started.ready()["url"]
    data = str(started.folder / "data")

    def run(*arguments: str) -> str:
        result = RUN.invoke(app, [*arguments, "--data", data])
        assert result.exit_code == 0, result.output
        return result.stdout

    made = json.loads(run("token", "new", "--role", "creator", "--note", "Bea", "--json"))
    answer = httpx.get(f"{url}/api/people/me", headers={"Authorization": f"Bearer {made['token']}"}, trust_env=False)
    assert answer.json()["role"] == "creator"
    assert "Bea" in run("token", "list")
    assert "taken back" in run("token", "revoke", made["id"])

    async def talk() -> None:
        async with connect(url, "tea_room", name="Ann") as ann:
            await ann.say("The clocks are slow tonight")

    asyncio.run(talk())
    assert "tea_room" in run("room", "list")
    export = started.folder / "tea.json"
    run("room", "export", "tea_room", "--out", str(export))
    assert "Ann: The clocks are slow tonight" in run("room", "replay", "tea_room")
    copy = run("room", "import", str(export)).strip()
    assert copy.startswith("tea_room-")
    states = [json.loads(run("room", "replay", room, "--json")) for room in (copy, str(export))]
    assert states[0]["digest"] == states[1]["digest"]
    assert "up to date" in run("db", "upgrade")


def test_a_second_server_on_the_same_folder_says_who_has_it(started: Process) -> None:
    started.ready()
    other = Process(started.folder, OPENROOM_READY_FILE=str(started.folder / "other.json"))
    out, _ = other.process.communicate(timeout=SECONDS)
    assert other.process.returncode == 1
    assert f"is in use by process {started.process.pid}" in out
    assert "Traceback" not in out
    assert (started.folder / "data" / "server.json").exists()


def test_the_operator_link_stays_until_it_is_used(tmp_path: Path) -> None:
    first = Process(tmp_path)
    link = first.ready()["operator_url"]
    first.end()
    second = Process(tmp_path)
    again = second.ready()
    path = again["operator_url"].removeprefix(again["url"])
    assert httpx.post(f"{again['url']}{link[link.index('/operator') :]}", trust_env=False).status_code == 303
    assert httpx.post(f"{again['url']}{path}", trust_env=False).status_code == 410, "the same link, used"
    second.end()
    third = Process(tmp_path)
    assert third.ready()["operator_url"] is None
    assert "become operator" not in third.end()


def test_a_wrong_setting_is_one_sentence(tmp_path: Path) -> None:
    process = Process(tmp_path, OPENROOM_PORT="many")
    out, _ = process.process.communicate(timeout=SECONDS)
    assert process.process.returncode == 1
    assert out.strip() == "openroom: OPENROOM_PORT: expected a valid integer, came 'many'"


def test_a_taken_port_names_the_setting(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=rf"OPENROOM_PORT: {port} is taken on 127\.0\.0\.1"):
            listen(Settings.load(port=port, data=tmp_path))
    with pytest.raises(SettingsError, match=r"OPENROOM_HOST: cannot listen on 127\.9\.9\.999"):
        listen(Settings.load(host="127.9.9.999", data=tmp_path, secret="0123456789abcdef"))


def test_addresses_are_shown_as_one_can_open_them(tmp_path: Path) -> None:
    secret = "0123456789abcdef"
    for host, url in (
        ("0.0.0.0", "http://127.0.0.1:82"),
        ("::", "http://[::1]:82"),
        ("::1", "http://[::1]:82"),
        ("localhost", "http://localhost:82"),
    ):
        assert local_address(Settings.load(host=host, secret=secret, data=tmp_path), 82) == url


def test_every_setting_is_a_flag() -> None:
    result = RUN.invoke(app, ["serve", "--help"], env={"COLUMNS": "200", "TERM": "dumb"})
    for name in Settings.model_fields:
        assert f"--{name.replace('_', '-')}" in result.output, name


def test_a_flag_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen: list[Settings] = []
    monkeypatch.setattr(
        "openroom.cli.serve.run", lambda app, settings, listening: (seen.append(settings), listening.close())
    )
    monkeypatch.setattr("openroom.cli.serve.logs.configure", lambda settings: None)
    monkeypatch.setenv("OPENROOM_PORT", "1")
    arguments = ["serve", "--no-gui", "--port", "0", "--data", str(tmp_path), "--no-discover", "--model", "understudy"]
    result = RUN.invoke(app, arguments)
    assert result.exit_code == 0, result.output
    assert (seen[0].port, seen[0].discover, seen[0].model, seen[0].data) == (0, False, "understudy", tmp_path)
    monkeypatch.setenv("OPENROOM_PORT", "0")
    monkeypatch.setenv("OPENROOM_DATA", str(tmp_path))
    monkeypatch.setattr("openroom.cli.serve.create_app", lambda settings, gui: None)
    assert RUN.invoke(app, []).exit_code == 0
    assert seen[1].data == tmp_path
