"""The scripted model, which others' tests rely on."""

from __future__ import annotations

import asyncio
import re

import pytest

from openroom.errors import ModelTimeout, UnscriptedPrompt
from openroom.models.scripted import Hang, InTurn, ScriptedModel
from openroom.ports.model import Delta, Message, ModelInfo, ModelRequest, Sampling, Usage, complete
from tests.waiting import until


def ask(text: str, slot: str = "", purpose: str = "turn") -> ModelRequest:
    return ModelRequest((Message("system", "You are Mira."), Message("user", text)), slot=slot, purpose=purpose)


async def said(model: ScriptedModel, text: str) -> str:
    return (await complete(model, ask(text)))[0]


async def test_the_first_entry_that_matches_answers() -> None:
    model = ScriptedModel(
        [
            ("tea", "Sit down."),
            (re.compile(r"lamp|light"), {"say": "Gladly", "do": ["lamp.light"]}),
            (lambda request: request.purpose == "judge", "7"),
            lambda request: "from a function" if "why" in request.messages[-1].content else None,
            ("", lambda request: f"echo {request.messages[-1].content}"),
        ]
    )
    assert await said(model, "some tea?") == "Sit down."
    assert await said(model, "light!") == '{"say": "Gladly", "do": ["lamp.light"]}'
    assert (await complete(model, ask("x", purpose="judge")))[0] == "7"
    assert await said(model, "but why") == "from a function"
    assert await said(model, "hm") == "echo hm"


async def test_an_unscripted_prompt_fails_and_shows_its_tail() -> None:
    model = ScriptedModel([("tea", "x")])
    with pytest.raises(UnscriptedPrompt, match=r"knows no reply.*\n…[\s\S]*the very end"):
        await said(model, "y" * 5000 + "the very end")
    assert len(model.requests) == 1 and model.finished == 0


async def test_replies_in_turn_run_out() -> None:
    model = ScriptedModel([("", InTurn(["one", {"n": 2}, ModelTimeout("late")]))])
    assert [await said(model, "a"), await said(model, "b")] == ["one", '{"n": 2}']
    with pytest.raises(ModelTimeout, match="late"):
        await said(model, "c")
    with pytest.raises(UnscriptedPrompt):
        await said(model, "d")


async def test_it_streams_in_small_pieces_and_ends_with_usage() -> None:
    model = ScriptedModel([("", "Good evening")], piece=5)
    pieces = [piece async for piece in model.stream(ask("x"))]
    assert pieces[:-1] == [Delta("Good "), Delta("eveni"), Delta("ng")]
    assert isinstance(pieces[-1], Usage) and pieces[-1].completion == 3 and pieces[-1].estimated
    assert (model.finished, model.cancelled) == (1, 0)


async def test_pieces_may_wait_and_may_end_in_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    model = ScriptedModel([("slow", ["a", 0.05, "b"]), ("", ["half", ModelTimeout])])
    assert await said(model, "slow") == "ab"
    assert [one for one in waits if one] == [0.05]
    seen: list[str] = []
    with pytest.raises(ModelTimeout):
        async for piece in model.stream(ask("x")):
            assert isinstance(piece, Delta)
            seen.append(piece.text)
    assert seen == ["half"]


async def test_a_reply_that_hangs_is_cancelled_and_counted() -> None:
    model = ScriptedModel([("", Hang("so far"))])
    seen: list[str] = []

    async def listen() -> None:
        async for piece in model.stream(ask("x")):
            assert isinstance(piece, Delta)
            seen.append(piece.text)

    task = asyncio.ensure_future(listen())
    await until(lambda: seen == ["so far"])
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (seen, model.cancelled, model.finished) == (["so far"], 1, 0)


async def test_closing_early_counts_as_cancelled() -> None:
    model = ScriptedModel([("", "many pieces of text")])
    stream = model.stream(ask("x"))
    await anext(stream)
    await stream.aclose()  # type: ignore[attr-defined]
    assert model.cancelled == 1


async def test_it_records_requests_and_prompts() -> None:
    model = ScriptedModel([("", "ok")])
    request = ModelRequest((Message("user", "hello"),), sampling=Sampling(temperature=0.3))
    await complete(model, request)
    assert model.requests == [request] and model.prompts == ["[user]\nhello"]


async def test_cached_tokens_are_those_of_the_prefix_shared_within_a_slot() -> None:
    model = ScriptedModel([("", "ok")])
    first = (await complete(model, ask("a" * 400, slot="mira")))[1]
    again = (await complete(model, ask("a" * 400 + "b" * 40, slot="mira")))[1]
    other = (await complete(model, ask("a" * 400, slot="ivo")))[1]
    assert first.cached == other.cached == 0
    assert again.cached >= 100 and again.prompt - again.cached <= 11


async def test_it_may_pose_as_another_kind_and_grow() -> None:
    model = ScriptedModel([], info=ModelInfo("big", "remote"))
    model.add("", "later")
    assert model.info.kind == "remote" and await said(model, "x") == "later"


async def test_a_wrong_script_says_so() -> None:
    with pytest.raises(TypeError, match="a reply is a text"):
        await said(ScriptedModel([("", object())]), "x")  # type: ignore[list-item]
    with pytest.raises(ValueError, match="piece"):
        ScriptedModel([], piece=0)
