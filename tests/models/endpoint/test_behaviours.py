"""The remote model against endpoints that behave in other ways than the one that the API describes."""

from __future__ import annotations

import json
import traceback
from typing import Any

import pytest
from fastapi.responses import JSONResponse, RedirectResponse, Response

from openroom.errors import ModelError, ModelMalformed, ModelRefused
from openroom.models.endpoint.manners import ROOMS, Manners
from openroom.ports.model import Message, ModelRequest, Sampling, Usage, complete
from openroom.ports.reply.structured import parse_reply
from tests.models.endpoint.behaviours import (
    BODIES,
    Body,
    at_once,
    behaving,
    fastapi,
    in_parts,
    openai,
    refusing,
    roles,
    streamed,
    strict_turns,
    text,
    thinking,
    without_system,
)
from tests.models.endpoint.conftest import SCHEMA, Build
from tests.models.endpoint.server import Endpoint

SAID = '{"say": "The blue cup is yours."}'
MESSAGES = (Message("system", "You are Mira."), Message("user", "Hello"))
REQUEST = ModelRequest(MESSAGES, max_tokens=50, schema=SCHEMA, sampling=Sampling(temperature=0.7, top_p=0.9, seed=3))
SENT = ("temperature", "top_p", "seed", "stream_options", "response_format")


async def said(model: Any, request: ModelRequest = REQUEST) -> str:
    reply, _ = await complete(model, request)
    return str(parse_reply(reply, SCHEMA).value.get("say"))


# refusals --------------------------------------------------------------------------------------------------------


REFUSALS = [
    ("top_p", "Argument not supported on this model: topP"),
    ("top_p", "Unsupported parameter: 'top_p'"),
    ("temperature", "Temperature is not supported with this model, only the default"),
    ("stream_options", "unknown field streamOptions"),
    ("response_format", "no provider supports Response Format"),
    ("response_format", "JSON schema is not supported"),
]


@pytest.mark.parametrize(
    ("key", "words", "body", "status"),
    [
        *((*refusal, openai, status) for refusal in REFUSALS for status in (400, 404)),
        *((*REFUSALS[0], body, 400) for body in BODIES),
        *((*REFUSALS[-1], BODIES[-1], status) for status in (422, 500, 501)),
    ],
)
async def test_what_a_refusal_names_is_given_up_and_nothing_else(
    endpoint: Endpoint, build: Build, key: str, words: str, body: Body, status: int
) -> None:
    endpoint.play(behaving(endpoint.says(SAID), refusing(key, body, words, status)))
    model = build()
    assert await said(model) == await said(model) == "The blue cup is yours."
    assert [one for one in SENT if one in endpoint.bodies[-1]] == [one for one in SENT if one != key]
    assert len(endpoint.bodies) == (4 if key == "response_format" else 3), "JSON mode is tried before words"


@pytest.mark.parametrize("key", ["stream_options", "top_p", "seed", "response_format"])
async def test_the_place_of_an_error_names_it_too(endpoint: Endpoint, build: Build, key: str) -> None:
    endpoint.play(behaving(endpoint.says(SAID), fastapi(key)))
    assert await said(build()) == "The blue cup is yours."
    assert [one for one in SENT if one in endpoint.bodies[-1]] == [one for one in SENT if one != key]


@pytest.mark.parametrize("key", ["response_format", "stream_options", "temperature"])
async def test_what_no_refusal_names_is_found_by_leaving_each_out(endpoint: Endpoint, build: Build, key: str) -> None:
    endpoint.play(behaving(endpoint.says(SAID), refusing(key, openai, "Bad request.")))
    model = build()
    assert await said(model) == "The blue cup is yours."
    shape = endpoint.bodies[-1].get("response_format", {}).get("type")
    assert key not in endpoint.bodies[-1]
    assert shape == (None if key == "response_format" else "json_schema")
    assert ("stream_options" in endpoint.bodies[-1]) is (key != "stream_options")


async def test_several_refusals_one_after_another(endpoint: Endpoint, build: Build) -> None:
    endpoint.play(
        behaving(
            endpoint.says(SAID),
            without_system,
            refusing("max_tokens", said="Unsupported parameter: {}. Use 'max_completion_tokens' instead."),
            refusing("seed", BODIES[1]),
            fastapi("stream_options"),
        )
    )
    model = build()
    assert await said(model) == "The blue cup is yours."
    assert model.manners == Manners(
        usage=False, length_key="max_completion_tokens", dropped=frozenset({"seed"}), system=False
    )


async def test_a_router_that_has_nobody_for_a_form(endpoint: Endpoint, build: Build) -> None:
    words = "No endpoints found that can handle the requested parameters."
    endpoint.play(behaving(endpoint.says(SAID), refusing("response_format", openai, words, 404)))
    assert await said(build()) == "The blue cup is yours."


@pytest.mark.parametrize("words", ["Not Found", "The model `big-model` does not exist", "404 page not found"])
async def test_an_address_or_model_that_is_not_there_is_asked_once(
    endpoint: Endpoint, build: Build, words: str
) -> None:
    endpoint.play(lambda body: JSONResponse(openai(words), 404))
    with pytest.raises(ModelRefused, match="404"):
        await said(build())
    assert len(endpoint.bodies) == 1


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.__name__)
async def test_the_own_words_of_an_endpoint_are_kept_apart(endpoint: Endpoint, build: Build, body: Body) -> None:
    whisper = "Ann (whispers to you): my sister lives in P1"
    endpoint.play(lambda request: JSONResponse(body(f"I will not answer: {whisper}"), 400))
    with pytest.raises(ModelRefused) as caught:
        await said(build())
    assert whisper in caught.value.said
    assert "whispers" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("Your team has disabled this model.", "somebody has disabled this model"),
        ("This model's maximum context length is 4096 tokens.", "the prompt is too long for it"),
        ("Flagged by our content policy", "its filter objects to the words"),
        ("Your credit balance is too low", "the account has no credit left"),
    ],
)
async def test_what_a_refusal_means_is_said_in_our_words(
    endpoint: Endpoint, build: Build, theirs: str, ours: str
) -> None:
    endpoint.play(lambda body: JSONResponse(openai(theirs), 400))
    with pytest.raises(ModelRefused, match=ours):
        await said(build())


# roles -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "System role not supported",
        "Developer instruction is not enabled for models/gemma-3-27b-it",
        "Unexpected role 'system' after role 'user'",
        "messages: role must be one of user, assistant; came system",
        "Conversation roles must alternate user/assistant/user/assistant/...",
        "Only user and assistant roles are supported!",
        "A conversation must start with a user message.",
    ],
)
@pytest.mark.parametrize("status", [400, 500])
async def test_without_a_system_role_its_words_go_to_the_first_user(
    endpoint: Endpoint, build: Build, words: str, status: int
) -> None:
    endpoint.play(behaving(endpoint.says(SAID), lambda body: without_system(body, words, status), strict_turns))
    model = build()
    assert await said(model) == await said(model) == "The blue cup is yours."
    assert [len(roles(body)) for body in endpoint.bodies] == [2, 1, 1]
    assert endpoint.bodies[-1]["messages"][0] == {"role": "user", "content": "You are Mira.\n\nHello"}
    assert endpoint.bodies[-1]["response_format"]["type"] == "json_schema"


async def test_without_a_system_role_and_without_a_user(endpoint: Endpoint, build: Build) -> None:
    endpoint.play(behaving(endpoint.says("x"), without_system))
    await complete(build(), ModelRequest(MESSAGES[:1]))
    assert endpoint.bodies[-1]["messages"] == [{"role": "user", "content": "You are Mira."}]


# thoughts --------------------------------------------------------------------------------------------------------


WAYS: list[dict[str, Any]] = [
    {"key": "reasoning_content"},
    {"key": "reasoning"},
    {"marks": ("<think>\n", "</think>\n")},
    {"marks": ("<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final<|message|>")},
]


@pytest.mark.parametrize("way", WAYS, ids=str)
async def test_a_model_that_thinks_gets_the_tokens_for_it(
    endpoint: Endpoint, build: Build, way: dict[str, Any]
) -> None:
    endpoint.play(thinking(400, SAID, **way))
    model = build()
    assert await said(model) == await said(model) == "The blue cup is yours."
    assert [body["max_tokens"] for body in endpoint.bodies] == [50, 50 + ROOMS[1], 50 + ROOMS[1]]
    assert model.thinks and model.room == ROOMS[1]


async def test_what_was_thought_in_vain_is_counted(endpoint: Endpoint, build: Build) -> None:
    endpoint.play(thinking(400, "Yes."))
    request = ModelRequest(MESSAGES, max_tokens=50)
    text, usage = await complete(build(), request)
    alone = await complete(build(), ModelRequest(MESSAGES, max_tokens=500))
    assert text == "Yes." and usage.prompt == 2 * alone[1].prompt
    assert usage.completion > alone[1].completion > 100


async def test_a_model_that_only_ever_thinks(endpoint: Endpoint, build: Build) -> None:
    endpoint.play(thinking(100_000, SAID, marks=("<think>", "</think>")))
    seen: list[object] = []
    with pytest.raises(ModelMalformed, match="never came to its answer"):
        async for piece in build().stream(REQUEST):
            seen.append(piece)
    assert len(endpoint.bodies) == len(ROOMS)
    assert [type(piece) for piece in seen] == [Usage], "it is counted, though nothing is said"


async def test_where_the_context_has_no_room_for_thoughts_they_get_less(endpoint: Endpoint, build: Build) -> None:
    def small(body: dict[str, Any]) -> Response | None:
        many = body["max_tokens"] > 1000
        return JSONResponse(openai("This model's maximum context length is 1000 tokens."), 400) if many else None

    endpoint.play(behaving(thinking(400, SAID), small))
    with pytest.raises(ModelError):
        await said(build())
    assert len(endpoint.bodies) <= 2 * len(ROOMS)


@pytest.mark.parametrize("finish", ["length", "stop"])
async def test_a_short_answer_at_its_limit_is_no_thought(endpoint: Endpoint, build: Build, finish: str) -> None:
    endpoint.play(streamed({"content": "a"}, finish=finish))
    assert (await complete(build(), ModelRequest(MESSAGES, max_tokens=1)))[0] == "a"
    assert len(endpoint.bodies) == 1


async def test_an_object_among_the_thoughts_is_the_answer(endpoint: Endpoint, build: Build) -> None:
    endpoint.play(streamed(*({"reasoning_content": char} for char in SAID)))
    assert await said(build()) == "The blue cup is yours."


# streams ---------------------------------------------------------------------------------------------------------


async def test_content_in_parts(endpoint: Endpoint, build: Build) -> None:
    endpoint.play(in_parts(SAID, "A picture of tea would fit."))
    model = build()
    assert await said(model) == "The blue cup is yours." and model.thinks
    endpoint.play(
        streamed({"content": ["The ", {"text": "cup"}, {"type": "output_text", "text": "."}, {"type": "image"}]})
    )
    assert (await complete(model, REQUEST))[0] == "The cup."


@pytest.mark.parametrize("key", ["content", "reasoning_content"])
async def test_a_reply_in_one_piece(endpoint: Endpoint, build: Build, key: str) -> None:
    endpoint.play(at_once(SAID, key))
    text, usage = await complete(build(), REQUEST)
    assert text == SAID
    assert (usage.prompt, usage.completion, usage.finish, usage.estimated) == (40, 3, "stop", False)


async def test_an_error_in_one_piece(endpoint: Endpoint, build: Build) -> None:
    endpoint.play(lambda body: JSONResponse(openai("upstream is gone"), 200))
    with pytest.raises(ModelError) as caught:
        await said(build())
    assert caught.value.said == "upstream is gone"


@pytest.mark.parametrize(
    ("finish", "told", "short"),
    [
        (None, "unknown", True),
        ("error", "unknown", True),
        ("length", "length", True),
        ("MAX_TOKENS", "length", True),
        ("model_length", "length", True),
        ("stop", "stop", False),
        ("eos", "eos", False),
    ],
)
async def test_how_a_stream_ended(endpoint: Endpoint, build: Build, finish: str | None, told: str, short: bool) -> None:
    endpoint.play(streamed({"content": '{"say": "Good eve'}, finish=finish, done=False))
    usage = (await complete(build(), REQUEST))[1]
    assert (usage.finish, usage.cut_short) == (told, short)


async def test_a_prompt_follows_no_redirect(endpoint: Endpoint, build: Build) -> None:
    for status in (301, 302, 307, 308):
        endpoint.bodies.clear()
        endpoint.play(lambda body, status=status: RedirectResponse("/v1/chat/completions?again", status))  # type: ignore[misc]
        with pytest.raises(ModelRefused, match="no redirect is followed"):
            await said(build())
        assert len(endpoint.bodies) == 1


async def test_words_that_are_no_json_are_shown_as_they_are_to_operators(endpoint: Endpoint, build: Build) -> None:
    endpoint.play(lambda body: Response(json.dumps(text("teapot")), 418))
    with pytest.raises(ModelRefused) as caught:
        await said(build())
    assert caught.value.said == "teapot"
