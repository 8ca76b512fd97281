"""The remote model against a small OpenAI-compatible endpoint on this machine."""

from __future__ import annotations

import asyncio
import itertools
import json
import socket
import threading
import traceback
from collections.abc import AsyncGenerator
from typing import Any, cast

import pytest
from fastapi.responses import PlainTextResponse, Response

from openroom.errors import (
    ModelAuthError,
    ModelError,
    ModelMalformed,
    ModelRateLimited,
    ModelRefused,
    ModelTimeout,
    ModelUnreachable,
)
from openroom.models.endpoint.manners import Manners
from openroom.models.endpoint.wire import Retry, Timeouts
from openroom.ports.model import Delta, Message, ModelRequest, Sampling, Usage, complete
from openroom.ports.reply.structured import parse_reply
from tests.models.endpoint.conftest import KEY, SCHEMA, Build, Sleeps
from tests.models.endpoint.server import Answer, Endpoint, chunk, error, usage_chunk
from tests.waiting import PATIENCE, until

REQUEST = ModelRequest((Message("system", "You are Mira."), Message("user", "Hello")), max_tokens=50)
SHAPED = ModelRequest(REQUEST.messages, max_tokens=50, schema=SCHEMA)


class Limits(list[float]):
    """The time that a model allows for each step of a call. None runs out by itself; `run_out` ends the last."""

    def __call__(self, seconds: float) -> asyncio.Timeout:
        self.append(seconds)
        self.last = asyncio.timeout(None)
        return self.last

    def run_out(self) -> None:
        self.last.reschedule(asyncio.get_running_loop().time())


USAGE = {
    "prompt_tokens": 40,
    "completion_tokens": 3,
    "total_tokens": 43,
    "prompt_tokens_details": {"cached_tokens": 32},
}


async def test_a_reply_streams_and_ends_with_usage(endpoint: Endpoint, build: Build) -> None:
    endpoint.play(endpoint.says("Hi!", usage_chunk(**USAGE)))
    pieces = [piece async for piece in build().stream(REQUEST)]
    assert pieces == [Delta("H"), Delta("i"), Delta("!"), Usage(40, 3, 32, "served-1", "stop", False)]
    body = endpoint.bodies[0]
    assert body["model"] == "big-model" and body["max_tokens"] == 50 and body["stream"] is True
    assert body["stream_options"] == {"include_usage": True}
    assert body["messages"] == [{"role": "system", "content": "You are Mira."}, {"role": "user", "content": "Hello"}]
    assert "response_format" not in body and "temperature" not in body
    assert endpoint.headers[0]["authorization"] == f"Bearer {KEY}"


async def test_calls_above_the_limit_wait_for_a_place(endpoint: Endpoint, build: Build) -> None:
    endpoint.play(endpoint.says("Hi!"))
    places = asyncio.Semaphore(1)
    model = build(places=places)
    first, second = (cast("AsyncGenerator[Delta | Usage]", model.stream(REQUEST)) for _ in range(2))
    assert await anext(first) == Delta("H")
    waiting = asyncio.ensure_future(anext(second))
    await until(lambda: places._waiters)
    assert not waiting.done() and len(endpoint.bodies) == 1
    await first.aclose()
    assert await asyncio.wait_for(waiting, PATIENCE) == Delta("H")
    await second.aclose()


async def test_sampling_and_extra_fields_are_passed_on(endpoint: Endpoint, build: Build) -> None:
    endpoint.play(endpoint.says("x"))
    model = build(extra=lambda request: {"id_slot": 3 if request.slot == "mira" else 0, "cache_prompt": True})
    await complete(model, ModelRequest(REQUEST.messages, slot="mira", sampling=Sampling(0.0, 0.9, 0.1, -0.2, 7)))
    body = endpoint.bodies[0]
    assert [body[k] for k in ("temperature", "top_p", "frequency_penalty", "presence_penalty", "seed")] == [
        0.0, 0.9, 0.1, -0.2, 7,
    ]  # fmt: skip
    assert body["id_slot"] == 3 and body["cache_prompt"] is True


async def test_llama_cpp_timings_tell_about_the_cache(endpoint: Endpoint, build: Build) -> None:
    timings = {"cache_n": 90, "prompt_n": 10, "predicted_n": 2}
    endpoint.play(endpoint.stream(chunk("ok"), chunk(finish="length", timings=timings)))
    assert (await complete(build(), REQUEST))[1] == Usage(100, 2, 90, "served-1", "length", False)


async def test_without_usage_tokens_are_counted_here_and_marked(endpoint: Endpoint, build: Build) -> None:
    endpoint.play(endpoint.says("Hello there"))
    usage = (await complete(build(), REQUEST))[1]
    assert usage.estimated and usage.prompt == 6 and usage.completion == 3


async def test_usage_that_makes_no_sense_is_survived(endpoint: Endpoint, build: Build) -> None:
    odd = {"prompt_tokens": None, "completion_tokens": "three", "prompt_tokens_details": [1]}
    endpoint.play(endpoint.stream(chunk("ok"), usage_chunk(**odd), 'data: {"choices": {"a": 1}}\n\n', "data: [1]\n\n"))
    text, usage = await complete(build(), REQUEST)
    assert text == "ok" and usage.estimated and usage.finish == "unknown"


async def test_a_schema_is_enforced_by_the_endpoint(endpoint: Endpoint, build: Build) -> None:
    endpoint.play(endpoint.says('{"say": "x"}'))
    await complete(build(), SHAPED)
    wanted = endpoint.bodies[0]["response_format"]
    assert wanted["type"] == "json_schema"
    assert wanted["json_schema"] == {"name": "A_reply", "schema": SCHEMA, "strict": True}
    loose = ModelRequest(REQUEST.messages, schema={**SCHEMA, "additionalProperties": True})
    await complete(build(), loose)
    assert endpoint.bodies[1]["response_format"]["json_schema"]["strict"] is False


async def test_an_endpoint_without_json_schema_gets_less_and_that_is_remembered(
    endpoint: Endpoint, build: Build
) -> None:
    def picky(body: dict[str, Any]) -> Response:
        if body.get("response_format", {}).get("type") == "json_schema":
            return error(400, "response_format.type 'json_schema' is not supported")(body)
        return endpoint.says('{"say": "x"}')(body)

    endpoint.play(picky)
    model = build()
    await complete(model, SHAPED)
    await complete(model, SHAPED)
    kinds = [body["response_format"]["type"] for body in endpoint.bodies]
    assert kinds == ["json_schema", "json_object", "json_object"]
    last = endpoint.bodies[1]["messages"][-1]["content"]
    assert last.startswith("Hello\n\n") and '"say"' in last and "JSON" in last
    assert endpoint.bodies[1]["messages"][0] == endpoint.bodies[0]["messages"][0]
    assert model.manners.shape == "json_object"


async def test_what_one_call_learns_another_under_way_does_not_undo(endpoint: Endpoint, build: Build) -> None:
    def picky(body: dict[str, Any]) -> Response:
        if "response_format" in body:
            return error(400, "no response_format here")(body)
        return (
            endpoint.stream(learnt, chunk("slow"), chunk(finish="stop"))(body)
            if len(body["messages"]) == 1
            else (endpoint.says('{"say": "x"}')(body))
        )

    learnt = threading.Event()
    endpoint.play(picky)
    model = build()
    slow = asyncio.ensure_future(complete(model, ModelRequest(REQUEST.messages[:1])))
    await until(endpoint.held.is_set)
    await complete(model, SHAPED)
    learnt.set()
    await slow
    assert model.manners.shape == "text"


async def test_an_endpoint_without_any_response_format_is_asked_in_words(endpoint: Endpoint, build: Build) -> None:
    def picky(body: dict[str, Any]) -> Response:
        if "response_format" in body:
            return error(422, "Extra inputs are not permitted")(body)
        return endpoint.says('Sure: {"say": "x"}')(body)

    endpoint.play(picky)
    text, _ = await complete(build(), SHAPED)
    assert parse_reply(text, SCHEMA).value == {"say": "x"}
    assert ["response_format" in body for body in endpoint.bodies] == [True, True, False]


async def test_an_endpoint_that_refuses_usage_in_streams(endpoint: Endpoint, build: Build) -> None:
    def picky(body: dict[str, Any]) -> Response:
        refused = "stream_options" in body
        return (error(400, "Unknown parameter: stream_options") if refused else endpoint.says('{"say": "x"}'))(body)

    endpoint.play(picky)
    model = build()
    await complete(model, SHAPED)
    await complete(model, SHAPED)
    assert ["stream_options" in body for body in endpoint.bodies] == [True, False, False]
    assert endpoint.bodies[2]["response_format"]["type"] == "json_schema"


async def test_parameters_that_a_model_does_not_take_are_left_out(endpoint: Endpoint, build: Build) -> None:
    def picky(body: dict[str, Any]) -> Response:
        if "max_tokens" in body:
            return error(400, "'max_tokens' is not supported, use 'max_completion_tokens' instead")(body)
        if "temperature" in body:
            return error(400, "Unsupported value: 'temperature' does not support 0.2 with this model")(body)
        return endpoint.says("x")(body)

    endpoint.play(picky)
    model = build()
    request = ModelRequest(REQUEST.messages, sampling=Sampling(temperature=0.2, top_p=0.9))
    await complete(model, request)
    await complete(model, request)
    assert len(endpoint.bodies) == 4
    assert endpoint.bodies[-1]["max_completion_tokens"] == 256 and endpoint.bodies[-1]["top_p"] == 0.9


async def test_a_request_refused_in_every_form_says_why(endpoint: Endpoint, build: Build) -> None:
    endpoint.play(error(400, f"no such thing; your key is {KEY}"))
    model = build()
    with pytest.raises(ModelRefused, match=r"declined the request \(400\)\.$") as caught:
        await complete(model, SHAPED)
    assert caught.value.said == "no such thing; your key is [key]"
    assert len(endpoint.bodies) == 5 and model.manners == Manners()
    assert_no_key(caught.value)


async def test_a_prompt_that_is_too_long_is_not_tried_in_other_forms(endpoint: Endpoint, build: Build) -> None:
    endpoint.play(error(400, "too long", code="context_length_exceeded"))
    with pytest.raises(ModelRefused, match="the prompt is too long for it"):
        await complete(build(), SHAPED)
    assert len(endpoint.bodies) == 1


def assert_no_key(raised: BaseException) -> None:
    told = "".join(traceback.format_exception(raised)) + getattr(raised, "said", "")
    assert KEY not in told and "sk-very" not in told


async def test_a_wrong_key(endpoint: Endpoint, build: Build) -> None:
    endpoint.play(error(401, f"Incorrect API key provided: {KEY}", code="invalid_api_key"))
    with pytest.raises(ModelAuthError, match=r"does not accept the key \(401\)") as caught:
        await complete(build(), REQUEST)
    assert len(endpoint.bodies) == 1 and caught.value.kind == "wrong_key"
    assert_no_key(caught.value)


@pytest.mark.parametrize("key", ["correct horse", "AIzaSyD-of-mine", "12345678"])
async def test_a_key_of_any_look_is_kept_out_of_what_is_told(endpoint: Endpoint, build: Build, key: str) -> None:
    endpoint.play(error(400, f"the key {key} may not use this model"))
    with pytest.raises(ModelRefused) as caught:
        await complete(build(key=key), REQUEST)
    assert caught.value.said == "the key [key] may not use this model"
    assert key not in "".join(traceback.format_exception(caught.value))


async def test_busy_then_ok_waits_as_long_as_it_was_asked_to(endpoint: Endpoint, build: Build) -> None:
    busy = error(429, "slow down", headers={"Retry-After": "7"})
    endpoint.play(busy, busy, endpoint.says("there"))
    sleeps = Sleeps()
    assert (await complete(build(sleep=sleeps), REQUEST))[0] == "there"
    assert sleeps == [7.0, 7.0]


async def test_waits_grow_and_are_scattered(endpoint: Endpoint, build: Build) -> None:
    endpoint.play(error(500, "oops"), error(503, "oops"), error(502, "oops"), endpoint.says("there"))
    sleeps = Sleeps()
    model = build(sleep=sleeps, chance=lambda: 1.0, retry=Retry(attempts=4, base=1.0, cap=2.5))
    assert (await complete(model, REQUEST))[0] == "there"
    assert sleeps == [0.75, 1.5, 1.875]


async def test_busy_for_too_long(endpoint: Endpoint, build: Build) -> None:
    endpoint.play(error(429, "slow down"))
    with pytest.raises(ModelRateLimited, match="429"):
        await complete(build(), REQUEST)
    assert len(endpoint.bodies) == 3


@pytest.mark.parametrize(
    "answer",
    [
        error(429, "wait", headers={"Retry-After": "3600"}),
        error(429, "You exceeded your current quota", code="insufficient_quota"),
        error(429, "wait", headers={"Retry-After": "Wed, 21 Oct 2093 07:28:00 GMT"}),
        error(402, "pay first"),
    ],
)
async def test_a_wait_that_makes_no_sense_is_not_waited(endpoint: Endpoint, build: Build, answer: Answer) -> None:
    endpoint.play(answer)
    sleeps = Sleeps()
    with pytest.raises(ModelRateLimited):
        await complete(build(sleep=sleeps), REQUEST)
    assert sleeps == [] and len(endpoint.bodies) == 1


async def test_server_errors_after_all_attempts(endpoint: Endpoint, build: Build) -> None:
    endpoint.play(error(500, "boom"))
    with pytest.raises(ModelUnreachable, match=r"trouble \(500\)"):
        await complete(build(), REQUEST)
    assert len(endpoint.bodies) == 3


async def test_a_model_that_is_not_there(endpoint: Endpoint, build: Build) -> None:
    endpoint.play(error(404, "model 'big-model' not found"))
    with pytest.raises(ModelRefused, match=r"404.*it has no model of that name") as caught:
        await complete(build(), REQUEST)
    assert caught.value.said == "model 'big-model' not found"
    assert len(endpoint.bodies) == 1


async def test_nobody_listens(build: Build) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    sleeps = Sleeps()
    with pytest.raises(ModelUnreachable, match=f"127.0.0.1:{port} could not be reached"):
        await complete(build(url=f"http://user:hidden@127.0.0.1:{port}/v1", sleep=sleeps), REQUEST)
    assert len(sleeps) == 2


async def test_no_first_token_in_time(endpoint: Endpoint, build: Build) -> None:
    endpoint.play(endpoint.stream(chunk(""), threading.Event(), chunk("late")))
    limits = Limits()
    call = asyncio.ensure_future(complete(build(timeouts=Timeouts(first=0.2), timeout=limits), REQUEST))
    await until(endpoint.held.is_set)
    limits.run_out()
    with pytest.raises(ModelTimeout, match=r"did not begin to answer within 0\.2 s"):
        await call
    await until(endpoint.left.is_set)
    assert len(endpoint.bodies) == 1 and limits == [0.2]


async def test_a_stall_in_the_middle(endpoint: Endpoint, build: Build) -> None:
    endpoint.play(endpoint.stream(chunk("Half a"), threading.Event(), chunk(" sentence")))
    seen: list[object] = []
    with pytest.raises(ModelTimeout, match="stopped in the middle"):
        async for piece in build(timeouts=Timeouts(between=0.2)).stream(REQUEST):
            seen.append(piece)
    assert seen == [Delta("Half a")]
    await until(endpoint.left.is_set)


async def test_a_reply_that_never_ends(endpoint: Endpoint, build: Build) -> None:
    endpoint.play(endpoint.stream(*[chunk("on and ")] * 5, threading.Event()))
    seconds = itertools.count(0, 100)  # that have passed at each look at the clock
    with pytest.raises(ModelTimeout, match="longer than 600 s"):
        await complete(build(timeouts=Timeouts(between=1000, total=600), clock=lambda: next(seconds)), REQUEST)
    await until(endpoint.left.is_set)


async def test_thinking_counts_as_life_but_is_not_said(endpoint: Endpoint, build: Build) -> None:
    thought = {"id": "x", "choices": [{"index": 0, "delta": {"reasoning_content": "hm"}, "finish_reason": None}]}
    line = f"data: {json.dumps(thought)}\n\n"
    endpoint.play(endpoint.stream(line, line, chunk("Yes."), chunk(finish="stop")))
    limits = Limits()
    text, _ = await complete(build(timeouts=Timeouts(first=60, between=20), timeout=limits), REQUEST)
    assert text == "Yes."
    assert limits == [60, 20, 20, 20, 20], "up to the first thought, and from each piece to the next"


async def test_half_a_json(endpoint: Endpoint, build: Build) -> None:
    endpoint.play(endpoint.stream(chunk('{"say": "Good eve'), chunk(finish="length")))
    text, usage = await complete(build(), SHAPED)
    parsed = parse_reply(text, SCHEMA)
    assert (parsed.how, parsed.value, usage.finish) == ("cut", {"say": "Good eve"}, "length")


async def test_a_connection_that_breaks_in_the_middle(build: Build) -> None:
    async def rude(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: 5000\r\n\r\n")
        writer.write(chunk("Half").encode())
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(rude, "127.0.0.1", 0)
    async with server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        seen: list[object] = []
        with pytest.raises(ModelUnreachable, match="broke in the middle"):
            async for piece in build(url=url).stream(REQUEST):
                seen.append(piece)
    assert seen == [Delta("Half")]


async def test_an_error_within_the_stream(endpoint: Endpoint, build: Build) -> None:
    broken = f"data: {json.dumps({'error': {'message': f'out of memory {KEY}'}})}\n\n"
    endpoint.play(endpoint.stream(chunk("Half"), broken))
    with pytest.raises(ModelUnreachable, match="broke off") as caught:
        await complete(build(), REQUEST)
    assert caught.value.said == "out of memory [key]"
    assert_no_key(caught.value)


@pytest.mark.parametrize("line", ["data: {half a chu\n\n", 'data: {"choices": [\n\n'])
async def test_a_stream_that_cannot_be_read(endpoint: Endpoint, build: Build, line: str) -> None:
    endpoint.play(endpoint.stream(line))
    with pytest.raises(ModelMalformed):
        await complete(build(), REQUEST)


async def test_something_that_is_no_such_endpoint(endpoint: Endpoint, build: Build) -> None:
    endpoint.play(lambda body: PlainTextResponse("<html>Welcome to nginx</html>"))
    with pytest.raises(ModelMalformed, match="no answer"):
        await complete(build(), REQUEST)


async def test_a_content_filter_is_a_refusal(endpoint: Endpoint, build: Build) -> None:
    endpoint.play(endpoint.stream(chunk(""), chunk(finish="content_filter")))
    with pytest.raises(ModelRefused, match="declined to answer"):
        await complete(build(), REQUEST)


@pytest.mark.parametrize("before", [True, False])
async def test_cancelling_closes_the_connection(endpoint: Endpoint, build: Build, before: bool) -> None:
    endpoint.play(endpoint.stream(chunk("" if before else "Half"), threading.Event()))
    model, seen = build(), list[object]()

    async def listen() -> None:
        async for piece in model.stream(REQUEST):
            seen.append(piece)

    task = asyncio.ensure_future(listen())
    await until(endpoint.held.is_set if before else lambda: seen == [Delta("Half")])
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(endpoint.left.is_set)


async def test_closing_the_iterator_closes_the_connection(endpoint: Endpoint, build: Build) -> None:
    endpoint.play(endpoint.stream(chunk("word "), threading.Event()))
    stream = build().stream(REQUEST)
    assert await anext(stream) == Delta("word ")
    await stream.aclose()  # type: ignore[attr-defined]
    await until(endpoint.left.is_set)


async def test_nothing_from_the_environment_is_sent_along(
    endpoint: Endpoint, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-somebody-else")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-somebody")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "project-of-somebody")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "Authorization: Bearer sk-of-somebody-else")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    endpoint.play(endpoint.says("x"))
    await complete(build(key=""), REQUEST)
    sent = endpoint.headers[0]
    assert "somebody" not in json.dumps(sent) and sent.get("authorization", "Bearer none") == "Bearer none"


async def test_info_names_the_model_and_where_it_is_but_no_password(build: Build) -> None:
    model = build(url="https://user:hidden@models.example:8443/v1")
    assert (model.info.name, model.info.kind, model.info.detail) == ("big-model", "remote", "models.example:8443")
    assert build(kind="local", detail="on this machine").info.kind == "local"


async def test_every_failure_is_one_of_ours(endpoint: Endpoint, build: Build) -> None:
    for status in (400, 401, 403, 404, 405, 408, 409, 413, 415, 418, 422, 425, 429, 451, 500, 502, 503, 504, 529):
        endpoint.bodies.clear()
        endpoint.play(lambda body, status=status: PlainTextResponse("<b>no</b>", status))  # type: ignore[misc]
        with pytest.raises(ModelError) as caught:
            await complete(build(retry=Retry(attempts=1)), REQUEST)
        assert str(caught.value).startswith("The ") and caught.value.kind != "model_error"
