"""Which of a few choices comes next, and how likely each is, from an endpoint."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from openroom.models.endpoint.manners import ODDS
from openroom.ports.model import Message, ModelRequest, complete
from tests.models.endpoint.behaviours import behaving, openai, refusing
from tests.models.endpoint.conftest import Build
from tests.models.endpoint.server import Endpoint, chunk

PICK = ModelRequest((Message("user", "Who?"),), max_tokens=1, choices=("1", "2", "3"), purpose="pick")


def weighed(**shares: float) -> str:
    """A chunk of one token, with how likely the tokens were that could have stood there."""
    body = json.loads(chunk("1").removeprefix("data: "))
    top = [{"token": token, "logprob": math.log(share)} for token, share in shares.items()]
    body["choices"][0]["logprobs"] = {"content": [{"token": "1", "logprob": 0.0, "top_logprobs": top}]}
    return f"data: {json.dumps(body)}\n\n"


async def test_how_likely_each_choice_is(endpoint: Endpoint, build: Build) -> None:
    endpoint.play(endpoint.stream(weighed(**{"1": 0.3, " 2": 0.1, "Mira": 0.5}), chunk(finish="length")))
    text, usage = await complete(build(), PICK)
    assert text == "1"
    assert usage.odds == pytest.approx({"1": 0.75, "2": 0.25})  # of the third nobody told
    body = endpoint.bodies[-1]
    assert (body["logprobs"], body["top_logprobs"], body["max_tokens"]) == (True, 20, 1)


async def test_an_endpoint_that_tells_none(endpoint: Endpoint, build: Build) -> None:
    endpoint.play(endpoint.says("2"))
    text, usage = await complete(build(), PICK)
    assert (text, usage.odds) == ("2", {})


@pytest.mark.parametrize("said", ["Unsupported parameter: 'logprobs'", "Bad request."])
async def test_an_endpoint_that_refuses_to_tell(endpoint: Endpoint, build: Build, said: str) -> None:
    endpoint.play(behaving(endpoint.says("2"), refusing("logprobs", openai, said)))
    model = build()
    for _ in range(2):
        _, usage = await complete(model, PICK)
        assert usage.odds == {}
    assert ODDS in model.manners.dropped
    assert "logprobs" not in endpoint.bodies[-1]


@pytest.mark.parametrize(
    "logprobs", [None, [], {"content": None}, {"content": [{}]}, {"content": [{"top_logprobs": 3}]}]
)
async def test_what_is_no_such_list_tells_nothing(endpoint: Endpoint, build: Build, logprobs: Any) -> None:
    body = json.loads(chunk("2").removeprefix("data: "))
    body["choices"][0]["logprobs"] = logprobs
    endpoint.play(endpoint.stream(f"data: {json.dumps(body)}\n\n", chunk(finish="length")))
    text, usage = await complete(build(), PICK)
    assert (text, usage.odds) == ("2", {})


async def test_nothing_is_asked_of_other_calls(endpoint: Endpoint, build: Build) -> None:
    endpoint.play(endpoint.says("Hello."))
    await complete(build(), ModelRequest(PICK.messages))
    assert "logprobs" not in endpoint.bodies[-1]
