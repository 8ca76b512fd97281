"""A small house to test the live layer in: Vera and Otto in a parlour with a lamp, and a clock that can be set."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from openroom.cast.director import DirectorSettings
from openroom.lobby.lobby import Lobby, LobbySettings
from openroom.models.scripted import ScriptedModel
from openroom.ports.model import Model
from openroom.room.room import RoomSettings
from openroom.store.inmemory import MemoryStore

HOUSE = Path(__file__).parent / "house"

OpenLobby = Callable[..., AbstractAsyncContextManager[Lobby]]


class HandClock:
    """Time that moves when told to; ``looks`` counts how often it was looked at."""

    def __init__(self) -> None:
        self.now = 1_700_000_000_000
        self.looks = 0

    def __call__(self) -> int:
        self.looks += 1
        return self.now


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def open_lobby() -> OpenLobby:
    """``async with open_lobby(model, store=…) as lobby``: quiet characters unless asked (no greeting, no remarks)."""

    @asynccontextmanager
    async def opened(
        model: Model | None = None,
        *,
        store: Any = None,
        greet: bool = False,
        react_ms: int = 0,
        grace_ms: int = 30_000,
        idle_ms: int = 120_000,
        max_rooms: int = 0,
        autoplay: DirectorSettings | None = None,
        **more: Any,
    ) -> AsyncIterator[Lobby]:
        settings = LobbySettings(
            watch=False,
            idle_ms=idle_ms,
            max_rooms=max_rooms,
            room=RoomSettings(grace_ms=grace_ms),
            director=autoplay or DirectorSettings(greet=greet, react_ms=react_ms, typing_ms=50),
        )
        lobby = Lobby(
            characters=HOUSE / "characters",
            scenes=HOUSE / "scenes",
            store=store if store is not None else MemoryStore(),
            model=model or ScriptedModel([("", {"say": "Hm.", "emotion": "calm", "do": []})]),
            settings=settings,
            **more,
        )
        async with lobby:
            yield lobby

    return opened
