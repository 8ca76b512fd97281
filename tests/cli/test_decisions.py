"""Decisions beside a running server: they go over REST, since the server owns the log and the store."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from benchmarks.record_run import helpful, record
from openroom.cli.connect import running
from openroom.cli.main import app
from openroom.settings import Settings
from tests.cli.test_serve import Process

RUN = CliRunner()
ROUND = "mira-1/0/improve"


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The data folder of a server in another process; a candidate that the holdout can release is in its log."""
    folder = tmp_path_factory.mktemp("beside")
    asyncio.run(record(folder / "data", rounds=1, calls=400, suggested=[helpful()], mode="auto"))
    process = Process(folder, OPENROOM_LOG_LEVEL="warning")
    process.ready()
    yield folder
    process.end()


@pytest.fixture(autouse=True)
def _settings(beside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(beside)
    monkeypatch.setenv("OPENROOM_DATA", str(beside / "data"))
    monkeypatch.setenv("OPENROOM_MODEL", "understudy")
    monkeypatch.setenv("OPENROOM_DISCOVER", "0")


def run(*arguments: str, code: int = 0) -> str:
    result = RUN.invoke(app, list(arguments))
    assert result.exit_code == code, result.output
    return result.output


def plays() -> str:
    """What the running server says is released of Mira."""
    server = running(Settings.load(None))
    assert server is not None
    return str(asyncio.run(server.ask("GET", "/api/tuning/characters/mira"))["released"])


def state() -> str:
    (one,) = [one for one in json.loads(run("rounds", "list", "--json")) if one["id"] == ROUND]
    return str(one["state"])


def test_reading_needs_no_lock() -> None:
    assert state() == "canary"  # which it became by itself as the server started
    assert run("rounds", "show", "mira-1/0").splitlines()[0].endswith("canary")
    assert "examples/advice" in run("rounds", "diff", "mira-1/0")
    assert "all is well" in run("audit", "verify")
    assert "as recorded" in run("audit", "replay")
    assert "sha256" in run("audit", "export", "beside.zip")


def test_approve_override_and_roll_back_take_effect_in_the_server() -> None:
    version = json.loads(run("rounds", "show", ROUND, "--json"))["kept_version"]
    told = run("approve", "mira-1/0", "--why", "she says traveller")
    assert "the holdout shows no gain" in told
    assert "as a canary, in 20%" in told
    assert (state(), plays()) == ("canary", "")
    told = run("approve", "mira-1/0", "--override", "one line of hers is enough for me")
    assert f"plays version {version[:12]}" in told
    assert (state(), plays()) == ("released", version)
    assert "author" in run("rollback", "mira")
    assert (state(), plays()) == ("released", "")
    assert "all is well" in run("audit", "verify")


def test_what_the_server_refuses_is_told(beside: Path) -> None:
    assert "the server at" in run("reject", "mira-1/0", "--why", "too late", code=1)
    assert "fits 0" in run("approve", "mira-1/9", code=1)
    entries = (beside / "data" / "tuning" / "log" / "chain.jsonl").read_text(encoding="utf-8").splitlines()
    refused = [json.loads(line) for line in entries if '"kind":"refused"' in line]
    assert {entry["actor"] for entry in refused} == {"player:command-line"}


def test_a_run_begins_in_the_server() -> None:
    assert "has begun run mira-2" in run("optimize", "mira", "--rounds", "1", "--budget-calls", "300")
    server = running(Settings.load(None))
    assert server is not None
    with httpx.Client(trust_env=False) as http:
        assert http.get(f"{server.url}/healthz").is_success
    assert asyncio.run(server.ask("GET", "/api/tuning/runs/mira-2"))["state"] in ("running", "ended")
