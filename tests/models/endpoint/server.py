"""A small OpenAI-compatible endpoint on this machine, told what to answer."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

Answer = Callable[[dict[str, Any]], Response]


def chunk(text: str | None = None, finish: str | None = None, **more: Any) -> str:
    delta = {} if text is None else {"content": text}
    choices = [{"index": 0, "delta": delta, "finish_reason": finish}]
    return f"data: {json.dumps({'id': 'x', 'model': 'served-1', 'choices': choices, **more})}\n\n"


def usage_chunk(**usage: Any) -> str:
    return f"data: {json.dumps({'id': 'x', 'model': 'served-1', 'choices': [], 'usage': usage})}\n\n"


def error(status: int, message: str, *, headers: dict[str, str] | None = None, **more: Any) -> Answer:
    return lambda body: JSONResponse({"error": {"message": message, **more}}, status, headers)


class Endpoint:
    """Answers each request with the next of ``answers`` (the last one again and again)."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.answers: list[Answer] = []
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.left, self.held = threading.Event(), threading.Event()
        self.names: tuple[str, ...] = ()
        """The models that it lists; none: it does not know that address."""

    def play(self, *answers: Answer) -> None:
        self.answers = list(answers)

    def stream(self, *steps: str | threading.Event, done: bool = True) -> Answer:
        """A streamed answer: lines to send, and events to wait for (``held`` from then on). Notices when the client
        goes away."""

        async def lines() -> AsyncIterator[str]:
            whole = False
            try:
                for step in (*steps, "data: [DONE]\n\n") if done else steps:
                    if isinstance(step, str):
                        yield step
                        continue
                    self.held.set()
                    while not step.is_set():
                        await asyncio.sleep(0.01)
                whole = True
            finally:
                if not whole:
                    self.left.set()

        return lambda body: StreamingResponse(lines(), media_type="text/event-stream")

    def says(self, text: str, *more: str) -> Answer:
        return self.stream(chunk(""), *(chunk(c) for c in text), chunk(finish="stop"), *more)

    def answer(self, body: dict[str, Any], headers: dict[str, str]) -> Response:
        self.bodies.append(body)
        self.headers.append(headers)
        return self.answers[min(len(self.bodies), len(self.answers)) - 1](body)


class House:
    """The server of this module; each test puts its own endpoint in."""

    url = ""
    endpoint: Endpoint

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.post("/v1/chat/completions")
        async def completions(request: Request) -> Response:
            return self.endpoint.answer(await request.json(), dict(request.headers))

        @app.get("/v1/models")
        async def models() -> Response:
            found = {"object": "list", "data": [{"id": name, "object": "model"} for name in self.endpoint.names]}
            return JSONResponse(found, 200 if self.endpoint.names else 404)

        return app
