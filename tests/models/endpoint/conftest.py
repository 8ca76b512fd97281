"""One small endpoint for the tests of this folder, and models that ask it."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
import uvicorn

from openroom.models.endpoint.remote import RemoteModel
from tests.models.endpoint.server import Endpoint, House
from tests.waiting import PATIENCE, wait_until

KEY = "sk-very-secret-0123456789"
SCHEMA = {
    "title": "A reply!",
    "type": "object",
    "properties": {"say": {"type": "string"}},
    "required": ["say"],
    "additionalProperties": False,
}


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    house = House()
    listener = socket.create_server(("127.0.0.1", 0))
    house.url = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    config = uvicorn.Config(house.app(), log_level="error", lifespan="off", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([listener])), daemon=True)
    thread.start()
    wait_until(lambda: server.started)
    yield house
    server.should_exit = True
    thread.join(PATIENCE)
    assert not thread.is_alive()


@pytest.fixture
def endpoint(house: House) -> Endpoint:
    house.endpoint = Endpoint(house.url)
    return house.endpoint


Build = Callable[..., RemoteModel]


class Sleeps(list[float]):
    async def __call__(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
async def build(endpoint: Endpoint) -> AsyncIterator[Callable[..., RemoteModel]]:
    made: list[RemoteModel] = []

    def make(**options: Any) -> RemoteModel:
        options.setdefault("sleep", Sleeps())
        made.append(RemoteModel(options.pop("url", endpoint.url), options.pop("key", KEY), "big-model", **options))
        return made[-1]

    yield make
    for model in made:
        await model.aclose()
