"""Which model is chosen, from what, and what is said about it. Servers on loopback are real sockets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from openroom.errors import SettingsError
from openroom.models import discovery
from openroom.models.discovery import ModelSettings, choose_model
from openroom.models.endpoint import probe
from openroom.models.endpoint.remote import RemoteModel
from openroom.models.fallback import FallbackModel
from openroom.models.local.options import LocalOptions
from openroom.models.standin import StandIn
from openroom.models.understudy.understudy import Understudy
from openroom.ports.model import Cue, Message, Model, ModelRequest, complete
from openroom.settings import Settings
from tests.waiting import PATIENCE, patience

_QUIET = ModelSettings(discover=False, local=LocalOptions(command=("true",)))


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Discovery waits for the servers of this module, however busy the machine is."""
    monkeypatch.setattr(probe, "_SECONDS", PATIENCE)
    monkeypatch.setattr(discovery, "_LIST_SECONDS", PATIENCE)


@asynccontextmanager
async def listed(
    body: str | bytes | dict[str, str], status: int = 200, wait: float = 0.0
) -> AsyncIterator[tuple[int, list[str]]]:
    """A server that answers everything with this body (or what stands for the path, else 404); gives its port and the
    requests that came."""
    came: list[str] = []
    over, answered = asyncio.Event(), asyncio.Semaphore(0)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = (await reader.readuntil(b"\r\n\r\n")).decode()
        came.append(request)
        with suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), wait)
        found = body.get(request.split()[1]) if isinstance(body, dict) else body
        code = 404 if found is None else status
        raw = found if isinstance(found, bytes) else (found or "").encode()
        head = f"HTTP/1.1 {code} X\r\nContent-Type: application/json\r\nContent-Length: {len(raw)}\r\n"
        writer.write(head.encode() + b"Connection: close\r\n\r\n" + raw)
        with suppress(ConnectionError):
            await writer.drain()
            writer.close()
            await writer.wait_closed()
        answered.release()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], came
    finally:
        over.set()
        for _ in came:
            await answered.acquire()
        server.close()


def names(*found: str) -> str:
    return json.dumps({"object": "list", "data": [{"id": name, "object": "model"} for name in found]})


async def test_the_understudy_when_asked_for(tmp_path: Path) -> None:
    choice = await choose_model(replace(_QUIET, model="understudy"), {"OPENAI_API_KEY": "k"}, tmp_path)
    assert isinstance(choice.model, Understudy)
    assert choice.source == "understudy"
    assert not choice.off_machine


async def test_an_explicit_url_wins_and_the_key_of_the_environment_stays_at_home(tmp_path: Path) -> None:
    settings = replace(_QUIET, model="big", model_url="https://models.example/v1/", model_key="mine")
    choice = await choose_model(settings, {"OPENAI_API_KEY": "theirs"}, tmp_path)
    assert choice.source == "settings"
    assert choice.model.info.name == "big"
    assert "leaves this machine" in choice.why
    assert (choice.off_machine, choice.must_budget) == (True, False)
    assert isinstance(choice.model, RemoteModel)
    assert choice.model._key == "mine"


async def test_an_explicit_url_without_a_name_takes_the_first_it_lists(tmp_path: Path) -> None:
    async with listed(names("nomic-embed-text", "talker")) as (port, came):
        settings = replace(_QUIET, model_url=f"http://127.0.0.1:{port}/v1", model_key="mine")
        choice = await choose_model(settings, {}, tmp_path)
    assert choice.model.info.name == "talker"
    assert not choice.off_machine
    assert came[0].startswith("GET /v1/models ")
    assert "Bearer mine" in came[0]


async def test_a_key_in_the_environment_is_taken_with_a_budget(tmp_path: Path) -> None:
    choice = await choose_model(_QUIET, {"OPENAI_API_KEY": "found"}, tmp_path)
    assert choice.source == "environment"
    assert (choice.off_machine, choice.must_budget) == (True, True)
    assert "OPENAI_API_KEY" in choice.why
    assert "found" not in choice.why


async def test_a_base_url_in_the_environment_on_this_machine_needs_no_budget(tmp_path: Path) -> None:
    choice = await choose_model(replace(_QUIET, model="x"), {"OPENAI_BASE_URL": "http://localhost:9/v1"}, tmp_path)
    assert choice.model.info.name == "x"
    assert (choice.off_machine, choice.must_budget) == (False, False)


async def test_a_server_on_loopback_is_found_and_the_first_in_order_wins(tmp_path: Path) -> None:
    async with (
        listed(names("late")) as (second, _),
        listed(names("text-embedding", "kimi:cloud", "llama")) as (first, _),
    ):
        settings = replace(_QUIET, discover=True, loopback=(("Ollama", first), ("LM Studio", second)))
        choice = await choose_model(settings, {}, tmp_path)
    assert choice.source == "loopback"
    assert choice.model.info.name == "llama"
    assert choice.why == "llama speaks: Ollama was found running on this machine."
    assert not choice.off_machine


async def test_a_name_is_looked_for_on_loopback(tmp_path: Path) -> None:
    async with listed(names("a")) as (first, _), listed(names("b", "mistral")) as (second, _):
        settings = replace(_QUIET, discover=True, model="mistral", loopback=(("Ollama", first), ("llama.cpp", second)))
        choice = await choose_model(settings, {}, tmp_path)
    assert choice.model.info.name == "mistral"


@pytest.mark.parametrize(
    "body",
    ["<html>a router</html>", "[]", '{"data": "x"}', '{"data": [{"name": "no id"}]}', '{"data": []}', b"\xff\xfe",
     '{"data": [{"id": ""}]}', '{"data": [{"id": 7}]}', '{"data": [{"id": "x"}], "pad": "' + "y" * 1_100_000 + '"}'],
)  # fmt: skip
async def test_something_else_on_the_port_is_not_taken_for_a_model(body: str | bytes, tmp_path: Path) -> None:
    async with listed(body) as (port, came):
        settings = replace(_QUIET, discover=True, loopback=(("llama.cpp", port),))
        choice = await choose_model(settings, {}, tmp_path)
    assert came
    assert choice.source == "local"


async def test_a_server_that_fails_or_dawdles_is_passed_over_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe, "_SECONDS", 0.3)
    async with listed(names("x"), status=500) as (broken, _), listed(names("x"), wait=2 * PATIENCE) as (slow, _):
        settings = replace(_QUIET, discover=True, loopback=(("Ollama", broken), ("llama.cpp", slow), ("None", 9)))
        async with patience():
            choice = await choose_model(settings, {}, tmp_path)
    assert choice.source == "local"


async def test_nobody_is_asked_with_discovery_off(tmp_path: Path) -> None:
    async with listed(names("x")) as (port, came):
        choice = await choose_model(replace(_QUIET, loopback=(("Ollama", port),)), {}, tmp_path)
    assert choice.source == "local"
    assert came == []


async def test_the_local_model_with_an_understudy_until_it_is_ready(tmp_path: Path) -> None:
    wrapped: list[Model] = []
    choice = await choose_model(_QUIET, {}, tmp_path, wrap=lambda model: wrapped.append(model) or model)
    assert choice.local is not None
    assert choice.local.status.state == "absent"
    assert isinstance(choice.model, StandIn)
    assert [type(model).__name__ for model in wrapped] == ["Understudy", "LocalModel"]
    assert not choice.off_machine
    await choice.local.aclose()
    assert not (tmp_path / "models").exists()


async def test_without_the_engine_the_understudy_and_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery.importlib.util, "find_spec", lambda name: None)
    choice = await choose_model(replace(_QUIET, local=LocalOptions()), {}, tmp_path)
    assert choice.source == "understudy"
    assert "openroom[local]" in choice.why


@pytest.mark.parametrize("model", ["local", "qwen2.5-coder-0.5b", "Qwen2.5-Coder-1.5B"])
async def test_the_local_model_when_asked_for_beats_an_endpoint(model: str, tmp_path: Path) -> None:
    choice = await choose_model(replace(_QUIET, model=model), {"OPENAI_API_KEY": "k"}, tmp_path)
    assert choice.source == "local"
    assert choice.local is not None
    assert choice.local.info.name == ("qwen2.5-coder-1.5b" if model == "local" else model.lower())


async def test_an_own_gguf_file(tmp_path: Path) -> None:
    own = tmp_path / "own.gguf"
    own.write_text("")
    choice = await choose_model(replace(_QUIET, model=str(own)), {}, tmp_path)
    assert choice.local is not None
    assert choice.local.info.name == "own"


@pytest.mark.parametrize(
    ("model", "message"),
    [("gpt-4o", "OPENROOM_MODEL: expected auto, local.*came 'gpt-4o'"), ("/no/such.gguf", "there is none")],
)
async def test_a_model_that_cannot_be_had_is_refused(model: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=message):
        await choose_model(replace(_QUIET, model=model), {}, tmp_path)


@pytest.mark.parametrize("fallback", ["understudy", "local", "small"])
async def test_a_fallback_behind_an_endpoint(fallback: str, tmp_path: Path) -> None:
    settings = replace(_QUIET, model="big", model_url="http://127.0.0.1:9/v1", model_fallback=fallback)
    choice = await choose_model(settings, {}, tmp_path)
    assert isinstance(choice.model, FallbackModel)
    first, second = choice.model.models
    assert first.info.name == "big"
    assert second.info.name == {"local": "qwen2.5-coder-1.5b"}.get(fallback, fallback)
    assert (choice.local is not None) == (fallback == "local")


def test_the_servers_settings_carry_over() -> None:
    settings = Settings(
        model="x", model_url="http://h/v1", model_key=SecretStr("s"), discover=False, model_retries=1, local_slots=3,
        local_ctx=1024, price_prompt=1.0, price_completion=2.0, first_token_seconds=9,
    )  # fmt: skip
    found = ModelSettings.of(settings)
    assert (found.model, found.model_url, found.model_key, found.discover) == ("x", "http://h/v1", "s", False)
    assert (found.timeouts.first, found.retry.attempts) == (9, 2)
    assert (found.local.engine.slots, found.local.engine.ctx) == (3, 1024)
    assert found.price is not None
    assert found.price.completion == 2.0
    assert ModelSettings.of(Settings(discover=False)).price is None


def test_names_fit_for_talk() -> None:
    assert probe.chat_names(["bge-m3", "x-embed", "gpt-oss:120b-cloud", "qwen3:cloud", "qwen3", "whisper-1"]) == [
        "qwen3"
    ]


@pytest.mark.parametrize("url", ["http://[broken", "ftp://x/v1", "models.example"])
async def test_a_base_url_that_is_none_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="OPENAI_BASE_URL: expected an address"):
        await choose_model(_QUIET, {"OPENAI_BASE_URL": url}, tmp_path)


async def test_an_address_that_is_none_lists_nothing() -> None:
    assert await probe.list_models("http://[broken", "", 0.5) == []


async def test_the_choice_speaks_at_once(tmp_path: Path) -> None:
    choice = await choose_model(_QUIET, {}, tmp_path)
    cue = Cue(heard="Hello", lines=(("Hello", "Good evening, traveller."),), greetings=("Come in.",), greet=True)
    text, _ = await complete(choice.model, ModelRequest((Message("user", "Hello"),), cue=cue))
    assert "Come in." in text or "Good evening" in text
    await choice.model.aclose()  # type: ignore[attr-defined]


@pytest.mark.parametrize("suffix", ["", "/", "/v1", "/v1/", "/v1/chat/completions", "/v1/models"])
@pytest.mark.parametrize("model", ["auto", "talker"])
async def test_an_address_is_found_however_it_was_pasted(suffix: str, model: str, tmp_path: Path) -> None:
    async with listed({"/v1/models": names("talker")}) as (port, _):
        settings = replace(_QUIET, model=model, model_url=f" http://127.0.0.1:{port}{suffix}\n", model_key="mine\n")
        choice = await choose_model(settings, {}, tmp_path)
    assert choice.why == "talker at 127.0.0.1 speaks, from the settings."
    assert isinstance(choice.model, RemoteModel)
    assert str(choice.model._client.base_url) == f"http://127.0.0.1:{port}/v1/"
    assert choice.model._key == "mine"


async def test_a_server_without_v1_is_found_too(tmp_path: Path) -> None:
    async with listed({"/models": names("talker")}) as (port, _):
        choice = await choose_model(replace(_QUIET, model_url=f"http://127.0.0.1:{port}"), {}, tmp_path)
    assert isinstance(choice.model, RemoteModel)
    assert str(choice.model._client.base_url).rstrip("/") == f"http://127.0.0.1:{port}"


@pytest.mark.parametrize(
    ("found", "status", "trouble"),
    [({}, 200, "it lists no models (404)"), ({"/v1/models": "?"}, 401, "it does not accept the key (401)")],
)
async def test_the_start_says_what_was_not_found(
    found: dict[str, str], status: int, trouble: str, tmp_path: Path
) -> None:
    async with listed(found, status) as (port, _):
        choice = await choose_model(replace(_QUIET, model_url=f"http://127.0.0.1:{port}"), {}, tmp_path)
    assert choice.why == (f"default at 127.0.0.1 is to speak, from the settings; {trouble}, see: openroom model test")


async def test_a_key_that_is_none_stops_the_start_in_one_sentence(tmp_path: Path) -> None:
    env = {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "OPENAI_API_KEY": "sk-…"}
    with pytest.raises(SettingsError, match="OPENAI_API_KEY: expected a key of plain letters"):
        await choose_model(_QUIET, env, tmp_path)
