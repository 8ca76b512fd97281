"""A game with rooms inside: an own FastAPI application that drives a character. Run it: python examples/embed_game.py

Players come into the tea room and guess a number by saying it: with the client,
``openroom.client.connect("http://127.0.0.1:8300/rooms", "tea_room", name="Ann")``, with the JavaScript one, or with the
pages (``mount(..., gui=True)``). The game listens to what is said, answers through Mira, lights the lamp for whoever
wins, and lets Mira say something of her own about it. The rooms live under /rooms; the game's own routes are not
touched.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI

from openroom import Actor, Lobby, Refusal, Room, Settings, mount
from openroom.core.action import Configure, Nudge, Say, Use
from openroom.core.event import Event, Said

GAME = Actor("game:guess", "game", "The game")
MIRA = Actor("character:mira", "game", "Mira")
"""The character, driven by the game: what is submitted so is hers, and goes through the same door."""


class Guess:
    """One number between 1 and 100, guessed by everybody together."""

    def __init__(self, secret: int) -> None:
        self.secret, self.guesses = secret, 0
        self.winner = ""
        self._said: asyncio.Queue[Said] = asyncio.Queue()

    async def play(self, room: Room) -> None:
        """Listen and answer, until somebody has it."""
        room.listen(self._hear)
        await room.submit(GAME, Configure(responders="manual"))
        while not self.winner:
            line = await self._said.get()
            if found := re.search(r"\d+", line.text):
                await self._answer(room, line, int(found[0]))

    def _hear(self, events: Sequence[Event]) -> None:
        for event in events:
            if isinstance(event, Said) and event.actor.startswith("player:"):
                self._said.put_nowait(event)

    async def _answer(self, room: Room, line: Said, number: int) -> None:
        self.guesses += 1
        name = room.state.name(line.actor)
        if number != self.secret:
            await room.submit(
                MIRA, Say(text=f"More than {number}." if number < self.secret else f"Less than {number}.")
            )
            return
        self.winner = name
        await room.submit(MIRA, Say(text=f"{number} it is, {name}. The lamp is yours."))
        answer = await room.submit(MIRA, Use(prop="lamp", verb="light"))
        if isinstance(answer, Refusal):
            print(f"no light: {answer.message}")
        await room.submit(GAME, Nudge(character=MIRA.id))


def make_game(lobby: Lobby, secret: int, settings: Settings | None = None) -> FastAPI:
    """The game's application, with the rooms mounted under /rooms."""
    guess = Guess(secret)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as tasks:
            playing = tasks.create_task(guess.play(await lobby.open("tea_room")))
            yield
            playing.cancel()

    app = FastAPI(title="Guess with Mira", lifespan=lifespan)

    @app.get("/score")
    async def score() -> dict[str, object]:
        """The game's own page."""
        return {"guesses": guess.guesses, "winner": guess.winner}

    mount(app, lobby, prefix="/rooms", settings=settings)
    return app


if __name__ == "__main__":
    uvicorn.run(make_game(Lobby(store="memory:"), random.randint(1, 100)), port=8300)  # noqa: S311 - a game
