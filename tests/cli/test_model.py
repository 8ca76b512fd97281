"""``openroom model test``: an endpoint tried from the command line."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from openroom.cli.main import app
from tests.models.endpoint.conftest import endpoint, house
from tests.models.endpoint.server import Endpoint, error

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
