"""Ways in which endpoints behave that are not ours to choose, each a small piece: put together, they make any server.

    endpoint.play(behaving(endpoint.says('{"say": "x"}'), without_system, refusing("top_p", xai)))

A `Behaviour` looks at a request and answers it, or leaves it to the next one; the last one is what the model says.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable
from typing import Any

from fastapi.responses import JSONResponse, Response, StreamingResponse

from tests.models.endpoint.server import Answer, chunk

Behaviour = Callable[[dict[str, Any]], Response | None]
Body = Callable[[str], Any]
"""Puts what is refused into the body of an error."""


def behaving(last: Answer, *behaviours: Behaviour) -> Answer:
    """Answers as the first behaviour that has an answer, else as ``last``."""

    def answer(body: dict[str, Any]) -> Response:
        found = (one(body) for one in behaviours)
        return next((response for response in found if response is not None), None) or last(body)

    return answer


# where an error stands in its body -------------------------------------------------------------------------------


def openai(said: str) -> Any:
    return {"error": {"message": said, "type": "invalid_request_error", "param": None, "code": None}}


def xai(said: str) -> Any:
    return {"code": "Client specified an invalid argument", "error": said}


def vllm(said: str) -> Any:
    return {"object": "error", "message": said, "type": "BadRequestError", "param": None, "code": 400}


def google(said: str) -> Any:
    return [{"error": {"code": 400, "message": said, "status": "INVALID_ARGUMENT"}}]


def router(said: str) -> Any:
    raw = json.dumps({"error": {"message": said}})
    return {
        "error": {"message": "Provider returned error", "code": 400, "metadata": {"raw": raw, "provider_name": "x"}}
    }


def mistral(said: str) -> Any:
    return {"object": "error", "message": {"detail": [{"type": "x", "loc": ["body"], "msg": said}]}, "type": "invalid"}


def text(said: str) -> Any:
    return said


BODIES: tuple[Body, ...] = (openai, xai, vllm, google, router, mistral, text)


# what is refused -------------------------------------------------------------------------------------------------


def refusing(
    key: str, body: Body = openai, said: str = "Argument not supported on this model: {}", status: int = 400
) -> Behaviour:
    """Does not take one field of a request."""

    def answer(request: dict[str, Any]) -> Response | None:
        return JSONResponse(body(said.format(key)), status) if key in request else None

    return answer


def fastapi(key: str) -> Behaviour:
    """Does not take one field, as servers made with FastAPI say it: the words name nothing, the place does."""

    def answer(request: dict[str, Any]) -> Response | None:
        wrong = {"type": "extra_forbidden", "loc": ["body", key], "msg": "Extra inputs are not permitted", "input": "?"}
        return JSONResponse({"detail": [wrong]}, 422) if key in request else None

    return answer


def without_system(body: dict[str, Any], said: str = "System role not supported", status: int = 400) -> Response | None:
    """A chat template without the role, as Gemma's."""
    return JSONResponse(vllm(said), status) if "system" in roles(body) else None


def strict_turns(body: dict[str, Any]) -> Response | None:
    """A chat template that wants user and assistant in turn, a user first and last."""
    said = [role for role in roles(body) if role != "system"]
    turns = all(one != other for one, other in itertools.pairwise(said))
    if said[0] == said[-1] == "user" and turns:
        return None
    return JSONResponse(openai("Conversation roles must alternate user/assistant/user/assistant/..."), 400)


def roles(body: dict[str, Any]) -> list[str]:
    return [message["role"] for message in body["messages"]]


# how an answer comes ---------------------------------------------------------------------------------------------


def streamed(*deltas: dict[str, Any], finish: str | None = "stop", done: bool = True) -> Answer:
    """Deltas as they are, and how the stream ends."""
    lines = [_delta(delta) for delta in deltas]
    lines += [chunk(finish=finish)] if finish else []
    return _sse([*lines, *(["data: [DONE]\n\n"] if done else [])])


def thinking(tokens: int, said: str, key: str = "reasoning_content", marks: tuple[str, str] | None = None) -> Answer:
    """Thinks for so many tokens, which count as written, and answers with what is left of those it was allowed; in a
    field of its own, or between marks in the text.
    """

    def answer(body: dict[str, Any]) -> Response:
        most = body.get("max_completion_tokens") or body["max_tokens"]
        thoughts = ["hm "] * min(tokens, most)
        if marks:
            deltas = [{"content": marks[0]}, *({"content": one} for one in thoughts)]
        else:
            deltas = [{key: one} for one in thoughts]
        if most <= tokens:
            return streamed(*deltas, finish="length")(body)
        return streamed(*deltas, {"content": (marks[1] if marks else "") + said})(body)

    return answer


def in_parts(said: str, thought: str = "") -> Answer:
    """Content as a list of typed parts, as Mistral's reasoning models send it."""
    first = {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": thought}]}]}
    rest = [{"content": [{"type": "text", "text": said[at : at + 9]}]} for at in range(0, len(said), 9)]
    return streamed(*([first] if thought else []), *rest)


def at_once(said: str, key: str = "content") -> Answer:
    """One JSON body, though a stream was asked for."""
    message = {"role": "assistant", "content": "", key: said}
    return lambda body: JSONResponse(
        {
            "model": "served-1",
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 40, "completion_tokens": 3},
        }
    )


def _delta(delta: dict[str, Any]) -> str:
    return f"data: {json.dumps({'id': 'x', 'model': 'served-1', 'choices': [{'index': 0, 'delta': delta}]})}\n\n"


def _sse(lines: Iterable[str]) -> Answer:
    whole = "".join(lines)
    return lambda body: StreamingResponse(iter([whole]), media_type="text/event-stream")
