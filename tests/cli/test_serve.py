from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from openroom.cli.main import app
from openroom.cli.serve import configured, listen, local_address
from openroom.client import Backoff, connect
from openroom.errors import RefusedError, SettingsError
from openroom.server.app import create_app
from openroom.settings import Settings
from tests import processes
from tests.waiting import PATIENCE, wait_until

RUN = CliRunner()


class Process:
    """`openroom serve` in a process of its own, without pages; `serve` sees to it that it ends."""

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
        self.process = processes.start(
            [sys.executable, "-m", "openroom", "serve", "--no-gui", *flags],
            cwd=folder,
            env={**os.environ, **given, **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def ready(self) -> dict[str, Any]:
        wait_until(self._has_answered)
        found: dict[str, Any] = json.loads(self.ready_file.read_text(encoding="utf-8"))
        return found

    def _has_answered(self) -> bool:
        assert self.process.poll() is None, self.process.communicate()[0]
        return self.ready_file.is_file()

    def end(self) -> str:
        """Ask it to end, as Ctrl-C would; what it printed."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.out()

    def out(self) -> str:
        """What it has printed when it has ended."""
        return self.process.communicate(timeout=PATIENCE)[0]


Serve = Callable[..., Process]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """`serve(*flags, **env)`: a server on the test's folder. None outlives the test."""
    with contextlib.ExitStack() as stack:

        def start(*flags: str, **env: str) -> Process:
            started = Process(tmp_path, *flags, **env)
            stack.callback(processes.end, started.process)
            stack.callback(started.end)
            return started

        yield start


@pytest.fixture
def started(serve: Serve) -> Process:
    return serve()


def test_it_says_where_to_go_and_ends_quickly_with_clients_connected(started: Process) -> None:
    ready = started.ready()
    owner = started.folder / "data" / "server.json"
    assert json.loads(owner.read_text(encoding="utf-8"))["url"] == ready["url"]
    assert stat.S_IMODE(started.ready_file.stat().st_mode) == 0o600

    async def play() -> None:
        backoff = Backoff(first=0.05, tries=1)
        async with connect(ready["url"], "tea_room", name="Ann", backoff=backoff) as ann:
            await ann.say("Good evening")
            async with connect(ready["url"], "tea_room", name="Bob", backoff=backoff):
                started.process.send_signal(signal.SIGTERM)
                await asyncio.to_thread(started.process.wait, PATIENCE)

    asyncio.run(play())
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
    headers = {"Authorization": f"Bearer {made['token']}"}
    answer = httpx.get(f"{url}/api/people/me", headers=headers, trust_env=False, timeout=PATIENCE)
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


def test_a_server_that_is_killed_comes_back_with_all_it_acknowledged(tmp_path: Path, serve: Serve) -> None:
    """kill -9 while people act: what was answered is there again, numbered without gaps, state and memory with it."""
    first = serve(OPENROOM_RATE_PER_SECOND="1000", OPENROOM_RATE_BURST="1000")  # she talks faster than people may
    url, acknowledged = first.ready()["url"], []
    told = ["My name is Ann and I like smoky tea.", *(f"Line {number}." for number in range(400))]

    async def talk() -> None:
        async with connect(url, "tea_room", name="Ann", backoff=Backoff(first=0.05, tries=1)) as ann:
            acknowledged.append((await ann.use("lamp", "light"))[0])  # before somebody else has the same thought
            for text in told:
                acknowledged.append((await ann.say(text))[0])
                if len(acknowledged) == 60:
                    asyncio.get_running_loop().call_soon(first.process.kill)  # the next line is on its way

    with pytest.raises((RefusedError, OSError)) as lost:
        asyncio.run(talk())
    out = first.end()
    assert first.process.returncode == -signal.SIGKILL, (lost.value, out)
    assert 60 <= len(acknowledged) < len(told)
    data = str(tmp_path / "data")
    assert RUN.invoke(app, ["room", "list", "--data", data]).exit_code == 0, "what the dead one left is no server"
    second = serve()
    second.ready()
    second.end()
    found = json.loads(RUN.invoke(app, ["room", "export", "tea_room", "--data", data]).stdout)
    events = {event["seq"]: event for event in found["events"]}
    assert list(events) == list(range(1, len(events) + 1))
    assert set(acknowledged) <= set(events)
    lines = [event for event in found["events"] if event["kind"] == "said" and event["actor"].startswith("player:")]
    said = [event["text"] for event in lines]
    assert said[: len(acknowledged) - 1] == told[: len(acknowledged) - 1]
    deeds = [event["verb"] for event in found["events"] if event["kind"] == "used" and event["prop"] == "lamp"]
    assert found_state(data)["props"]["lamp"]["state"]["lit"] is (deeds[-1] == "light")


def found_state(data: str) -> dict[str, Any]:
    told = json.loads(RUN.invoke(app, ["room", "replay", "tea_room", "--json", "--data", data]).stdout)
    state: dict[str, Any] = told["state"]
    return state


def test_who_answers_no_ping_is_let_go(serve: Serve) -> None:
    """The heartbeat: a connection that is open but dead is closed by the server."""
    process = serve(OPENROOM_HEARTBEAT_SECONDS="0.3")
    port = int(process.ready()["url"].rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as dead:
        dead.sendall(
            f"GET /ws/rooms/tea_room HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Protocol: openroom.v1\r\n\r\n".encode()
        )
        came = b"".join(iter(lambda: dead.recv(4096), b""))
    assert b" 101 " in came.split(b"\r\n")[0]
    assert b"\x89" in came.partition(b"\r\n\r\n")[2], "it was asked before it was let go"
    assert came.rpartition(b"\x88")[2][1:3] == (1011).to_bytes(2, "big"), "for its silence, not since it never joined"


def test_a_second_server_on_the_same_folder_says_who_has_it(started: Process, serve: Serve) -> None:
    started.ready()
    other = serve(OPENROOM_READY_FILE=str(started.folder / "other.json"))
    out = other.out()
    assert other.process.returncode == 1
    assert f"is in use by process {started.process.pid}" in out
    assert "Traceback" not in out
    assert (started.folder / "data" / "server.json").exists()


def test_the_operator_link_stays_until_it_is_used(serve: Serve) -> None:
    first = serve()
    link = first.ready()["operator_url"]
    first.end()
    second = serve()
    again = second.ready()
    path = again["operator_url"].removeprefix(again["url"])
    with httpx.Client(base_url=again["url"], trust_env=False, timeout=PATIENCE) as http:
        assert http.post(link[link.index("/operator") :]).status_code == 303
        assert http.post(path).status_code == 410, "the same link, used"
    second.end()
    third = serve()
    assert third.ready()["operator_url"] is None
    assert "become operator" not in third.end()


def test_a_wrong_setting_is_one_sentence(serve: Serve) -> None:
    process = serve(OPENROOM_PORT="many")
    out = process.out()
    assert process.process.returncode == 1
    assert out.strip() == "openroom: OPENROOM_PORT: expected a valid integer, came 'many'"


def test_a_taken_port_names_the_setting(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=rf"OPENROOM_PORT: {port} is taken on 127\.0\.0\.1"):
            listen(Settings.load(port=port, data=tmp_path))
    with pytest.raises(SettingsError, match=r"OPENROOM_HOST: cannot listen on 127\.9\.9\.999"):
        listen(Settings.load(host="127.9.9.999", data=tmp_path, secret="0123456789abcdef"))


@pytest.mark.parametrize(
    ("proxies", "peer", "said", "address"),
    [
        ("", "127.0.0.1", ["9.9.9.9"], "127.0.0.1"),
        ("127.0.0.1", "127.0.0.1", ["9.9.9.9, 203.0.113.7"], "203.0.113.7"),
        ("127.0.0.1", "127.0.0.1", ["9.9.9.9", "203.0.113.7"], "203.0.113.7"),
        ("127.0.0.1,10.0.0.0/8", "127.0.0.1", ["9.9.9.9, 203.0.113.7, 10.1.2.3"], "203.0.113.7"),
        ("10.0.0.0/8", "127.0.0.1", ["9.9.9.9"], "127.0.0.1"),
        ("::1", "::1", ["2001:db8::7"], "2001:db8::7"),
    ],
)
async def test_only_a_named_proxy_says_where_somebody_comes_from(
    tmp_path: Path, proxies: str, peer: str, said: list[str], address: str
) -> None:
    settings = Settings.load(data=tmp_path, model="understudy", trusted_proxies=proxies)
    config = configured(create_app(settings), settings)
    found: list[str] = []

    async def seen(scope: Any, _receive: Any, _send: Any) -> None:
        found.append(scope["client"][0])

    config.app = seen  # type: ignore[assignment]
    config.load()
    headers = [(b"x-forwarded-for", one.encode()) for one in said]
    await config.loaded_app({"type": "http", "client": (peer, 1), "scheme": "http", "headers": headers}, None, None)  # type: ignore[arg-type]
    assert found == [address]


@pytest.mark.parametrize("proxies", ["*", "proxy.example", "10.0.0.1/8", "127.0.0.1,"])
def test_a_proxy_is_named_by_its_address(tmp_path: Path, proxies: str) -> None:
    if proxies.endswith(","):
        assert Settings.load(data=tmp_path, trusted_proxies=proxies).trusted_proxies == ("127.0.0.1",)
        return
    with pytest.raises(SettingsError, match="addresses or networks"):
        Settings.load(data=tmp_path, trusted_proxies=proxies)


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
