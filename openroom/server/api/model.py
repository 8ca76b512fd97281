"""REST: ask the model in force for one word, so that an operator sees at once whether address and key are right."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from typing import Any, cast

from fastapi import APIRouter

from openroom.errors import ModelError, ModelTimeout
from openroom.ports.model import Delta, Message, ModelRequest
from openroom.server.api.shared import FOR_OPERATORS, AskedSite

router = APIRouter(tags=["server"])

_PATIENCE_SECONDS = 20.0
_MOST_TOKENS = 16


@router.post("/api/model/test", dependencies=[FOR_OPERATORS])
async def try_model(site: AskedSite) -> dict[str, Any]:
    """One short call, which is ledgered like any other. Its error is answered with status 502 and the error's kind."""
    model = site.lobby.model
    question = ModelRequest(
        (Message("user", "Answer with the one word: yes"),), max_tokens=_MOST_TOKENS, purpose="test"
    )
    began = time.monotonic()
    words = ""
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS), aclosing(cast("Any", model.stream(question))) as pieces:
            async for piece in pieces:
                words += piece.text if isinstance(piece, Delta) else ""
    except TimeoutError:
        raise ModelTimeout(f"No answer came within {_PATIENCE_SECONDS:.0f} s.") from None
    except ModelError as error:
        raise _in_its_words(error) from None
    return {"name": model.info.name, "kind": model.info.kind, "answer": words[:100], "ms": _ms_since(began)}


def _in_its_words(error: ModelError) -> ModelError:
    """The error with what the endpoint itself said of it: this question holds nothing of what people say."""
    if not error.said:
        return error
    return type(error)(f"{error} It says: {error.said}")


def _ms_since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
