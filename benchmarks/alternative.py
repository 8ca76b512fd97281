"""What another try at a reply costs on the local model: `python -m benchmarks.alternative`. Marked: it takes minutes.

A visitor talks with Mira in the tea room and asks for another try at each reply (every second one with a wish). Counted
are the model's own usage figures: the calls that a try made, and the prompt tokens that were read anew for it
(``prompt - cached``), which is what makes somebody wait. What was measured is kept in build/alternative.json, and is
not measured again.
"""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from benchmarks.local_room import Counted, read_ahead
from benchmarks.room_visit import Visit, visit
from benchmarks.rooms_servers import NotMeasured
from benchmarks.rooms_table import Row
from openroom.core.action import Retry
from openroom.core.event import Said
from openroom.models.local.catalogue import DEFAULT_WEIGHTS
from openroom.models.local.model import LocalModel
from openroom.models.local.weights import find_weights, weights_folder
from openroom.room.writer import Receipt

RESULTS = Path("build/alternative.json")
STATES = Path("build/alternative")
LINES = (
    "Mira, is there still tea?",
    "Mira, how long have you been here?",
    "I missed my train, Mira.",
    "Mira, why do the clocks disagree?",
    "Mira, what do you dream about?",
    "Mira, may I stay till morning?",
)
WISH = "shorter"
MOST_READ = 40
"""An alternative reads at most so many new tokens: the stable part and the talk are read already."""


def rows(_seconds: float, _count: int) -> list[Row]:
    """For ``python -m benchmarks alternative``. Raises `NotMeasured` without the weights and without results."""
    tries = read()
    if not tries:
        weights = find_weights(DEFAULT_WEIGHTS, weights_folder(user_data_path("openroom", appauthor=False)))
        if weights is None:
            raise NotMeasured("the local model is not here: openroom model install")
        tries = asyncio.run(measure(weights))
    calls, new = [one["calls"] for one in tries], [one["new"] for one in tries]
    wished = [one["new"] for one in tries if one["wish"]]
    note = f"{len(tries)} tries, {len(wished)} with a wish (at most {max(wished, default=0)} tokens)"
    return [
        Row("alternative", "calls of another try, the most", max(calls), 1, "most", "calls", note),
        Row("alternative", "prompt tokens read anew for it, the most", max(new), MOST_READ, "most", "tokens"),
    ]


def read() -> list[dict[str, Any]]:
    """The tries that were measured."""
    kept: list[dict[str, Any]] = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else []
    return kept


async def measure(weights: Path) -> list[dict[str, Any]]:
    """Play all of it on the local model."""
    STATES.mkdir(parents=True, exist_ok=True)
    model = LocalModel(str(weights), folder=STATES)
    tries: list[dict[str, Any]] = []
    try:
        await model.wait_ready(300)
        counted = Counted(model)
        async with visit(counted, "tea_room", alone_with="mira") as here:
            await here.greeted()
            for number, line in enumerate(LINES):
                await read_ahead(here)
                await here.say(line)
                await here.director.settled()
                await read_ahead(here)
                tries.append(await _another(here, counted, WISH if number % 2 else ""))
                print(tries[-1], flush=True)
    finally:
        await model.aclose()
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(tries, indent=1), encoding="utf-8")
    return tries


async def _another(here: Visit, counted: Counted, wish: str) -> dict[str, Any]:
    """One try at the last reply, and what the model says of it. Reading ahead is no part of a try."""
    said = [event for event in await here.room.recent(40) if isinstance(event, Said)]
    reply = next(event for event in reversed(said) if event.actor.startswith("character:"))
    before, begun = len(counted.calls), time.monotonic()
    answer = await here.room.submit(here.me.actor, Retry(seq=reply.seq, wish=wish))
    assert isinstance(answer, Receipt), answer
    await here.director.settled()
    taken = time.monotonic() - begun
    usages = [usage for purpose, _, usage in counted.calls[before:] if purpose != "warm"]
    return {
        "wish": wish,
        "calls": len(usages),
        "prompt": usages[0].prompt if usages else 0,
        "new": sum(usage.prompt - usage.cached for usage in usages),
        "written": sum(usage.completion for usage in usages),
        "seconds": round(taken, 2),
    }


if __name__ == "__main__":
    for row in rows(0, 0):
        print(f"{row.what}: {row.value:g} {row.unit} (goal: at most {row.goal:g}) {row.note}")
