"""How quick the local model is on this machine: `python benchmarks/local_engine.py [--model NAME] [--batch 64] ...`.

Prints one table. "next" is the time to the first word of another call made right after a cancelled one; the issue
asks for 3 s at most, also when the cancelled call was reading its prompt, and for 80 % of prompt tokens cached.
Numbers depend on the machine and on what else runs there; the line above the table says how busy it was.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import cast

from platformdirs import user_data_path

from openroom.models.local.catalogue import DEFAULT_WEIGHTS
from openroom.models.local.engine import EngineSettings
from openroom.models.local.model import LocalModel
from openroom.models.local.options import LocalOptions
from openroom.models.local.weights import weights_folder
from openroom.ports.model import Delta, Message, ModelRequest, Usage, complete


@dataclass(frozen=True, slots=True)
class Run:
    """One call: seconds to the first text and to the end, the text, and its usage."""

    first: float
    total: float
    text: str
    usage: Usage


def persona(name: str, facts: int) -> Message:
    lines = " ".join(f"In summer {1900 + n} {name} served {n} guests and noted it in the book." for n in range(facts))
    return Message("system", f"You are {name}, who keeps a tea room in 1962. Answer in one short sentence. {lines}")


def request(name: str, *said: str, facts: int = 12, max_tokens: int = 32) -> ModelRequest:
    talk = (Message("assistant" if n % 2 else "user", text) for n, text in enumerate(said))
    return ModelRequest((persona(name, facts), *talk), max_tokens=max_tokens, slot=name)


async def run(model: LocalModel, asked: ModelRequest) -> Run:
    begun, first, text, usage = time.monotonic(), 0.0, "", Usage()
    async for item in model.stream(asked):
        if isinstance(item, Delta):
            first = first or time.monotonic() - begun
            text += item.text
        else:
            usage = item
    return Run(first, time.monotonic() - begun, text, usage)


async def cancelled(model: LocalModel, asked: ModelRequest, seconds: float) -> float:
    """Begin a call, close it after ``seconds``; how long closing took."""

    async def read() -> None:
        async with aclosing(cast("AsyncGenerator[Delta | Usage, None]", model.stream(asked))) as pieces:
            async for _ in pieces:
                pass

    task = asyncio.create_task(read())
    await asyncio.sleep(seconds)
    begun = time.monotonic()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return time.monotonic() - begun


class Table:
    def __init__(self) -> None:
        self.rows: list[tuple[str, str, str]] = []

    def add(self, what: str, value: float, unit: str, goal: float | None = None, *, at_least: bool = False) -> None:
        verdict = ""
        if goal is not None:
            reached = value >= goal if at_least else value <= goal
            verdict = f"{'>=' if at_least else '<='} {goal:g}: {'reached' if reached else 'NOT reached'}"
        self.rows.append((what, f"{value:.2f} {unit}", verdict))

    def show(self) -> None:
        print("| what | value | goal |\n|---|---|---|")
        for row in self.rows:
            print("| " + " | ".join(row) + " |")


async def speeds(model: LocalModel, table: Table) -> None:
    cold = await run(model, request("Mara", "Good evening."))
    warm = await run(model, request("Mara", "Good evening.", "Good evening to you.", "Is there tea?"))
    table.add(f"first word, cold, {cold.usage.prompt} prompt tokens", cold.first, "s")
    table.add(f"first word, prefix in the cache, {warm.usage.prompt - warm.usage.cached} tokens new", warm.first, "s")
    table.add("prompt tokens read", cold.usage.prompt / cold.first, "per s")
    story = await run(model, replace(request("Mara", "Tell a long story about the sea."), max_tokens=80))
    table.add("tokens written", (story.usage.completion - 1) / (story.total - story.first), "per s")
    pair = await asyncio.gather(
        *(run(model, request(name, "Tell a story.", max_tokens=40)) for name in ("Mara", "Otto"))
    )
    written, longest = sum(one.usage.completion for one in pair), max(one.total for one in pair)
    table.add("tokens written by two at a time, reading included", written / longest, "per s")


async def stops(model: LocalModel, table: Table) -> None:
    for what, asked, seconds in (
        ("reading", request("Lena", "Hello.", facts=100), 1.0),
        ("reading, later", request("Lena", "Hello.", facts=100), 3.3),
        ("writing", request("Mara", "Tell a long story.", max_tokens=300), 3.0),
    ):
        closing = await cancelled(model, asked, seconds)
        other = await run(model, request("Mara", "Hello again.", max_tokens=8))
        table.add(f"stop while {what}: closing", closing, "s", 0.3)
        table.add(f"stop while {what}: next, another character", other.first, "s", 3.0)
    await cancelled(model, request("Otto", "Hello.", facts=100), 1.5)
    same = await run(model, ModelRequest((Message("user", "Hello."),), max_tokens=8, slot="Otto"))
    table.add("stop while reading: next, the same slot", same.first, "s", 3.0)
    warming = asyncio.create_task(model.warm(request("Nora", facts=100)))
    await asyncio.sleep(1.5)
    turn = await run(model, request("Mara", "And now?", max_tokens=8))
    table.add("a turn while another prompt is being warmed: first word", turn.first, "s", 3.0)
    warming.cancel()
    await asyncio.gather(warming, return_exceptions=True)


async def evening(model: LocalModel, table: Table, rounds: int) -> None:
    said: dict[str, list[str]] = {name: [] for name in ("Ada", "Bela", "Cleo")}
    begun = time.monotonic()
    for name in said:
        await model.warm(request(name))
    table.add("three prompts warmed", time.monotonic() - begun, "s")
    prompt = cached = 0
    first = list[float]()
    for number in range(rounds):
        for name, lines in said.items():
            lines.append(f"What did you note in summer {1900 + number}?")
            answer = await run(model, request(name, *lines, max_tokens=24))
            lines.append(answer.text)
            prompt, cached = prompt + answer.usage.prompt, cached + answer.usage.cached
            first.append(answer.first)
    table.add(f"three characters, {3 * rounds} turns: from the cache", 100 * cached / prompt, "%", 80, at_least=True)
    table.add("three characters: median first word", sorted(first)[len(first) // 2], "s")


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--model", default=DEFAULT_WEIGHTS)
    parser.add_argument("--data", type=Path, default=user_data_path("openroom", appauthor=False))
    parser.add_argument("--rounds", type=int, default=8)
    for field in fields(EngineSettings):
        parser.add_argument(f"--{field.name.replace('_', '-')}", type=int, default=field.default)
    options = vars(parser.parse_args())
    name, data, rounds = options.pop("model"), options.pop("data"), options.pop("rounds")
    model = LocalModel(name, folder=weights_folder(data), options=LocalOptions(engine=EngineSettings(**options)))
    table, begun = Table(), time.monotonic()
    try:
        await model.wait_ready(1800)
        table.add("engine ready after", time.monotonic() - begun, "s")
        await complete(model, replace(request("Mara", "Hi.", facts=1), slot="", max_tokens=1))
        busy = os.getloadavg()[0]
        await speeds(model, table)
        await stops(model, table)
        await evening(model, table, rounds)
    finally:
        await model.aclose()
    print(f"{model.info.name}, {EngineSettings(**options)}, {os.cpu_count()} cores, load {busy:.1f} at the start\n")
    table.show()


if __name__ == "__main__":
    asyncio.run(main())
