"""How well a character's memory finds what was said: recall@k on made-up evenings in five languages, and what one
recall costs.

Visitors tell a character things over many days, between a lot of small talk; later each asks about one of them in
other words. A question counts as answered at k when one of the first k recalled texts holds the word that answers it.
The data is made from templates with a fixed seed: the numbers compare variants of this memory with each other, nothing
else.
Run: ``python -m benchmarks.memory_recall``.
"""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from benchmarks.builds import Build
from benchmarks.memory_evenings import EVENINGS, Tellings, Told
from benchmarks.rooms_table import Row, missing
from openroom.memory.embed import installed_embedder
from openroom.memory.local import LocalMemory
from openroom.ports.embedder import Embedder
from openroom.ports.memory_rows import Recall, Witnessed
from openroom.store.inmemory import MemoryStore

MIRA = "character:mira"
DAY = 86_400_000
START = 1_700_000_000_000
_PEOPLE = 10
_NAMES = {"de": "German", "es": "Spanish", "zh": "Chinese", "ja": "Japanese"}


async def witnessed(
    memory: LocalMemory, tellings: Tellings, people: int, rng: random.Random
) -> tuple[list[tuple[str, Told]], int]:
    """Play the evenings; who told what, and the time after the last."""
    told: list[tuple[str, Told]] = []
    now, seq, chat = START, 0, tellings.chat
    for number in range(people):
        who = f"player:{number}"
        for item in tellings.of_one(rng):
            told.append((who, item))
            now += DAY // 4
            for text in (rng.choice(chat), item.says, rng.choice(chat), rng.choice(chat)):
                lines = []
                for speaker, words in ((who, text), (MIRA, tellings.reply)):
                    seq, now = seq + 1, now + 4_000
                    lines.append(Witnessed("tea", seq, now, speaker, f"Guest{number}", words))
                await memory.witness(MIRA, lines, own_name="Mira")
    return told, now + 30 * DAY


async def measure(embedder: Embedder | None, people: int = 40, language: str = "en") -> dict[str, float]:
    """Share answered at 3, 5 and 9 recalled texts, and ms for one recall (p50, p95)."""
    store = MemoryStore()
    memory = LocalMemory(store.memories, lambda: START, embedder)
    told, now = await witnessed(memory, EVENINGS[language], people, random.Random(7))
    hits: dict[int, int] = {3: 0, 5: 0, 9: 0}
    taken = []
    for who, item in told:
        start = time.perf_counter()
        found = await memory.recall(Recall(MIRA, (who,), (MIRA, who), item.asks, now, k_facts=5, k_episodes=4))
        taken.append((time.perf_counter() - start) * 1000)
        texts = sorted((m for m in found if m.kind != "relation"), key=lambda m: m.why != "fits what was said")
        for k in hits:
            hits[k] += any(item.answer.casefold() in m.text.casefold() for m in texts[:k])
    await store.close()
    rows = {f"R@{k}": count / len(told) for k, count in hits.items()}
    return {**rows, "p50 ms": statistics.median(taken), "p95 ms": statistics.quantiles(taken, n=20)[-1]}


@contextmanager
def recall(build: Build, _seconds: float, _count: int) -> Iterator[Callable[[], list[Row]]]:
    """Recall@5 by language as rows, in a process of the build; chance has no part in it."""

    def play() -> list[Row]:
        command = [sys.executable, "-m", "benchmarks.memory_recall", "--json"]
        done = subprocess.run(
            command, cwd=build.root, env=build.environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            return [missing("recall", what(language), "the memory could not be measured") for language in EVENINGS]
        found: dict[str, float] = json.loads(done.stdout)
        english = found.pop("en")
        first = Row("recall", what("en"), english, unit="", note=f"{_PEOPLE} visitors, 6 questions each")
        return [first, *(Row("recall", what(code), share / english, 0.8) for code, share in found.items())]

    def what(language: str) -> str:
        return "recall@5, English" if language == "en" else f"recall@5, {_NAMES[language]} against English"

    yield play


def main() -> None:
    embedder = installed_embedder()
    if "--json" in sys.argv:
        best = {code: asyncio.run(measure(embedder, _PEOPLE, code))["R@5"] for code in EVENINGS}
        print(json.dumps(best))
        return
    for language in EVENINGS:
        for label, used in (("words", None), ("words and meaning", embedder)):
            if label == "words" or used is not None:
                found = asyncio.run(measure(used, language=language))
                print(f"{language}, {label}: " + ", ".join(f"{name} {value:.2f}" for name, value in found.items()))


if __name__ == "__main__":
    main()
