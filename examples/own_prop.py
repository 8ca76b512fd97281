"""A prop of one's own in Python, and a scene that places it. Run it: python examples/own_prop.py

A prop is a rule book: it holds no state, a verb takes the state and returns the new one with a sentence of what
everybody saw. People click it, characters use it, games submit it: always through the same door. (In a package of
your own, name the class under the entry-point group "openroom.plugins", and every scene can place it.)
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field

from openroom import Actor, Lobby, Outcome, Prop, Refusal, RefusedError, Timer, verb
from openroom.library.library import Library
from openroom.room.session import Session

SCENES = Path(__file__).parent / "scenes"
FADES_AFTER_MS = 300


class Bell(Prop):
    """It rings, and one has to wait until it has faded."""

    kind, name, line = "bell", "Bell", "A small brass bell with a rope."

    class State(BaseModel):
        """What is shared and stored."""

        rung: int = Field(default=0, ge=0)
        sounding: bool = False

    @verb("Ring the bell", words=("ring", "bell", "chime"))
    def ring(self, state: dict[str, Any], who: Actor, now: int) -> Outcome | Refusal:
        """One ring; a timer ends it."""
        del now
        if state["sounding"]:
            return Refusal("precondition", "The bell is still sounding.")
        after = {**state, "rung": state["rung"] + 1, "sounding": True}
        return Outcome(after, f"{who.name} rings the bell.", timers=(Timer("fade", FADES_AFTER_MS),))

    def tick(self, state: Any, name: str, now: int) -> Outcome | None:
        """The timer ran out."""
        del name, now
        return Outcome({**state, "sounding": False}, "The last of the sound goes.")

    def look(self, state: Any) -> str:
        """What one sees, and what a character reads."""
        return f"rung {state['rung']} times" + (", still sounding" if state["sounding"] else "")


def make_lobby() -> Lobby:
    """A lobby that knows the bell, kept in memory."""
    return Lobby(library=Library(scenes=[SCENES], props=[Bell]), store="memory:")


async def watch(bob: Session) -> None:
    """Print what Bob sees, until the bell has faded."""
    async for message in bob.messages():
        event = message.get("event", {})
        if "telling" in event:
            print(event["telling"])
        if event.get("kind") == "happened":
            return


async def main() -> None:
    """Ann rings, Bob may not at once, and both see the same."""
    async with make_lobby() as lobby:
        room = await lobby.open("bell_tower")
        async with room.join("Ann") as ann, room.join("Bob") as bob, asyncio.TaskGroup() as tasks:
            watching = tasks.create_task(watch(bob))
            await ann.use("bell", "ring")
            try:
                await bob.use("bell", "ring")
            except RefusedError as refused:
                print(f"(to Bob: {refused.message})")
            await watching
        print(f"The bell was {room.world.props['bell'].look(room.state.props['bell']['state'])}.")


if __name__ == "__main__":
    asyncio.run(main())
