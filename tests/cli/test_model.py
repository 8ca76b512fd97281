"""``openroom model``: an endpoint tried, and weights installed, from the command line."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from openroom.cli import model
from openroom.cli.main import app
from openroom.models.local import catalogue, fetch
from openroom.models.local.hub import Hub
from openroom.models.local.machine import Machine
from tests.models.endpoint.conftest import endpoint, house
from tests.models.endpoint.server import Endpoint, error
from tests.models.local.fake_hub import FakeHub, hub

__all__ = ["endpoint", "house"]
KEY = "sk-very-secret-0123456789"
SAID = '{"say": "I am Mirabel.", "emotion": "calm"}'


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["model", "test", *arguments], env={"COLUMNS": "200"})
    assert result.exit_code == code, result.output
    return result.output


def test_what_works_there_and_how_to_use_it(endpoint: Endpoint) -> None:
    endpoint.names = ("big-model",)
    endpoint.play(endpoint.says(SAID))
    root = endpoint.url.removesuffix("/v1")
    out = run(f" {root}/ ", "--key", f"{KEY}\n")
    assert f"To use it: OPENROOM_MODEL_URL={endpoint.url} OPENROOM_MODEL=big-model" in out
    assert "I am Mirabel." in out and "tokens a second" in out and KEY not in out
    assert endpoint.headers[0]["authorization"] == f"Bearer {KEY}"
    tried = json.loads(run(f"{endpoint.url}/chat/completions", "--json"))
    assert tried["url"] == endpoint.url and tried["findings"][0] == {
        "what": "lists its models", "works": "yes", "told": "1, and big-model is tried",
    }  # fmt: skip


def test_the_key_of_the_settings_goes_to_their_own_address_only(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint.names = ("big-model",)
    endpoint.play(endpoint.says(SAID))
    monkeypatch.setenv("OPENROOM_MODEL_KEY", KEY)
    monkeypatch.setenv("OPENROOM_MODEL_URL", endpoint.url)
    run()
    monkeypatch.setenv("OPENROOM_MODEL_URL", "http://127.0.0.1:9/v1")
    run(endpoint.url)
    assert [KEY in headers["authorization"] for headers in endpoint.headers] == [True, False]


def test_what_does_not_work_ends_with_1(endpoint: Endpoint) -> None:
    endpoint.play(error(400, "Your team has disabled this model."))
    assert "Your team has disabled this model." in run(endpoint.url, code=1)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "expected the address of an endpoint"),
        (["models.example"], "starts with http:// or https://"),
        (["http://169.254.1.1/v1"], "a machine's own credentials"),
        (["http://127.0.0.1:9/v1", "--key", "sk-…"], "a key of plain letters"),
    ],
)
def test_what_can_not_be_tried_is_one_sentence(arguments: list[str], sentence: str) -> None:
    assert sentence in run(*arguments, code=1)


# weights ------------------------------------------------------------------------------------------------------------

BODY = b"GGUF" + bytes(range(250)) * 40


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    """A hub that the settings name, and no package client."""
    none = (sys.executable, "-c", "raise SystemExit('no package index')")
    monkeypatch.setattr(fetch.Sources, "default", classmethod(lambda cls, hub=None: cls(Hub.of(hub), none)))
    monkeypatch.setattr(model, "this_machine", lambda tokens, threads: Machine(8_000_000_000, 2, tokens))
    monkeypatch.setenv("OPENROOM_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("HF_TOKEN", raising=False)
    with hub() as one:
        monkeypatch.setenv("OPENROOM_HUB", one.url)
        yield one


def weights(*arguments: str, code: int = 0) -> Any:
    result = CliRunner().invoke(app, ["model", *arguments], env={"COLUMNS": "250"})
    assert result.exit_code == code, result.output
    return result


def test_a_file_of_a_hub_is_installed_listed_and_found(service: FakeHub, tmp_path: Path) -> None:
    name = service.put("who/Tiny-GGUF", "tiny.gguf", BODY, licence="mit")
    done = weights("install", name)
    assert Path(done.stdout.strip()).read_bytes() == BODY
    assert f"To use it: OPENROOM_MODEL={name}" in done.stderr
    assert weights("path", name).stdout == done.stdout
    table = weights("list").stdout
    assert name in table and "mit" in table and "This machine: 2 cores, 8 GB of memory" in table
    (one,) = [one for one in json.loads(weights("list", "--json").stdout) if one["name"] == name]
    assert (one["installed"], one["licence"], one["fit"], one["bytes"]) == (True, "mit", "well", len(BODY))


def test_without_a_name_the_best_for_this_machine_is_taken_and_meant_by_local(service: FakeHub) -> None:
    best = catalogue.choose(Machine(8_000_000_000, 2))
    assert best is not None
    service.put(best.hub.repository, best.hub.file, BODY)
    done = weights("install")
    assert "`auto` and `local` mean it now" in done.stderr
    assert weights("path").stdout == done.stdout
    (one,) = [one for one in json.loads(weights("list", "--json").stdout) if one["default"]]
    assert (one["name"], one["best"], one["installed"]) == (best.name, True, True)


def test_without_a_name_and_a_hub_the_default_is_tried(service: FakeHub) -> None:
    service.status = 503
    done = weights("install", code=1)
    assert "The default is taken instead." in done.stderr
    assert "Qwen2.5-Coder 1.5B Instruct, Q4_K_M could not be fetched" in done.output
    assert "openroom model install qwen2.5-coder-1.5b" in weights("path", code=1).output


def test_what_went_wrong_is_one_sentence(service: FakeHub) -> None:
    name = service.put("who/Tiny-GGUF", "tiny.gguf", BODY)
    assert (
        "has no file other.gguf; it has tiny.gguf" in weights("install", "hub:who/Tiny-GGUF/other.gguf", code=1).output
    )
    assert "expected hub:OWNER/REPOSITORY/FILE.gguf" in weights("install", "hub:who/../tiny.gguf", code=1).output
    path = Path(weights("install", name).stdout.strip())
    path.unlink()
    service.put("who/Tiny-GGUF", "tiny.gguf", BODY + b"!")
    said = weights("install", name, code=1).output
    assert "has another digest now" in said
    digest = hashlib.sha256(BODY + b"!").hexdigest()
    assert f"--sha256 {digest}" in said
    assert Path(weights("install", name, "--sha256", digest).stdout.strip()).read_bytes() == BODY + b"!"
