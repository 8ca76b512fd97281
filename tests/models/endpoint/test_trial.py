"""Trying an endpoint: what is found, and what is said about it."""

from __future__ import annotations

import itertools
from typing import Any

from fastapi.responses import JSONResponse

from openroom.models.endpoint.trial import Trial, try_endpoint
from tests.models.endpoint.behaviours import (
    at_once,
    behaving,
    openai,
    refusing,
    streamed,
    strict_turns,
    thinking,
    without_system,
)
from tests.models.endpoint.conftest import KEY
from tests.models.endpoint.server import Endpoint, error, usage_chunk

SAID = '{"say": "I am Mirabel.", "emotion": "calm"}'
USED = usage_chunk(prompt_tokens=40, completion_tokens=21, total_tokens=61)


async def tried(endpoint: Endpoint, name: str = "", tick: float = 0.05) -> Trial:
    """A trial by a clock that goes on by ``tick`` seconds at each look."""
    beats = itertools.count(0.0, tick)
    return await try_endpoint(endpoint.url, KEY, name, clock=lambda: next(beats))


def found(trial: Trial) -> dict[str, str]:
    return {one.what: one.works for one in trial.findings}


def told(trial: Trial, what: str) -> str:
    return next(one.told for one in trial.findings if one.what == what)


async def test_one_where_all_is_well(endpoint: Endpoint) -> None:
    endpoint.names = ("nomic-embed-text", "big-model")
    endpoint.play(endpoint.says(SAID, USED))
    trial = await tried(endpoint)
    assert (trial.model, trial.answer, trial.advice) == ("big-model", "I am Mirabel.", [])
    assert found(trial) == {
        "lists its models": "yes",
        "answers": "yes",
        "JSON Schema": "yes",
        "system role": "yes",
        "streams": "yes",
        "first word": "yes",
        "speed": "yes",
    }
    pauses = len(SAID) - 1
    assert told(trial, "speed") == f"{21 / (pauses * 0.05):.0f} tokens a second"
    assert len(endpoint.bodies) == 1 and endpoint.headers[0]["authorization"] == f"Bearer {KEY}"


async def test_one_that_has_to_be_asked_in_another_way(endpoint: Endpoint) -> None:
    endpoint.names = ("gemma",)
    endpoint.play(
        behaving(
            endpoint.says(SAID),
            without_system,
            strict_turns,
            refusing("response_format", said="response_format is not supported"),
            refusing("stream_options"),
        )
    )
    trial = await tried(endpoint)
    assert trial.answer == "I am Mirabel."
    assert [found(trial)[what] for what in ("JSON Schema", "system role", "parameters")] == ["no", "no", "partly"]
    assert told(trial, "parameters") == "left out, since it refuses them: stream_options"
    assert "by words" in told(trial, "JSON Schema")


async def test_one_that_takes_a_schema_and_does_not_keep_to_it(endpoint: Endpoint) -> None:
    endpoint.play(endpoint.says("Well, I am somebody, my dear."))
    trial = await tried(endpoint, "big-model")
    assert [found(trial)[what] for what in ("lists its models", "JSON Schema", "system role")] == [
        "no",
        "partly",
        "partly",
    ]
    assert any("another model" in one for one in trial.advice)


async def test_one_that_thinks_and_is_slow(endpoint: Endpoint) -> None:
    endpoint.names = ("thinker",)
    endpoint.play(thinking(400, SAID))
    trial = await tried(endpoint, tick=9.0)
    assert found(trial)["thinks first"] == "partly" and found(trial)["first word"] == "partly"
    assert any("thinking off" in one for one in trial.advice)
    assert trial.answer == "I am Mirabel."


async def test_one_that_sends_all_at_once(endpoint: Endpoint) -> None:
    endpoint.play(at_once(SAID))
    trial = await tried(endpoint, "big-model")
    assert found(trial)["streams"] == "no" and "speed" not in found(trial)


async def test_one_that_says_nothing(endpoint: Endpoint) -> None:
    endpoint.play(streamed({"content": "{}"}))
    trial = await tried(endpoint, "base")
    assert not trial.answer and found(trial)["answers"] == "no"
    assert any("made for chat" in one for one in trial.advice)


async def test_what_is_wrong_is_said_in_its_own_words_and_with_a_cure(endpoint: Endpoint) -> None:
    endpoint.names = ("big-model",)
    cases: list[tuple[Any, str, str]] = [
        (error(401, f"Incorrect API key provided: {KEY}"), "Incorrect API key provided: [key]", "--key"),
        (lambda body: JSONResponse(openai("Your team has disabled this model."), 400), "Your team", "--model"),
        (error(404, "Not Found"), "is not at this address", "address"),
        (error(429, "slow down", headers={"Retry-After": "3600"}), "slow down", "Wait"),
    ]
    for answer, words, cure in cases:
        endpoint.play(answer)
        trial = await tried(endpoint)
        assert not trial.answer and words in told(trial, "answers") and cure in trial.advice[-1]
        assert KEY not in told(trial, "answers")


async def test_a_name_that_it_does_not_list(endpoint: Endpoint) -> None:
    endpoint.names = ("big-model",)
    endpoint.play(endpoint.says(SAID))
    trial = await tried(endpoint, "bgi-model")
    assert found(trial)["lists its models"] == "partly" and trial.advice[0] == "Take one that it lists: big-model."


async def test_nobody_there() -> None:
    trial = await try_endpoint("http://127.0.0.1:9/v1", "")
    assert not trial.answer and told(trial, "lists its models") == "nothing answers there"
    assert trial.advice == ["See whether the server runs, and whether address and port are right."]
