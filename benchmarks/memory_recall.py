"""How well a character's memory finds what was said: recall@k on made-up evenings, and what one recall costs.

Visitors tell a character things over many days, between a lot of small talk; later each asks about one of them in
other words. A question counts as answered at k when one of the first k recalled texts holds the word that answers it.
The data is made from templates with a fixed seed: the numbers compare variants of this memory with each other, nothing
else.
Run: ``python -m benchmarks.memory_recall``.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from dataclasses import dataclass

from openroom.memory.embed import Embedder, installed_embedder
from openroom.memory.local import LocalMemory
from openroom.ports.memory_rows import Recall, Witnessed
from openroom.store.inmemory import MemoryStore

MIRA = "character:mira"
DAY = 86_400_000
START = 1_700_000_000_000

CITIES = [
    "Bergen",
    "Lyon",
    "Porto",
    "Gdansk",
    "Kyoto",
    "Galway",
    "Tartu",
    "Trieste",
    "Cusco",
    "Malmo",
    "Ghent",
    "Izmir",
]
PETS = ["parrot", "ferret", "tortoise", "greyhound", "axolotl", "hedgehog", "goose", "pony"]
NAMES = ["Rex", "Mimi", "Bruno", "Pelle", "Nanook", "Tosca", "Fips", "Ludo"]
JOBS = ["baker", "cartographer", "midwife", "glazier", "beekeeper", "welder", "notary", "luthier"]
FOODS = ["rhubarb", "anchovies", "marzipan", "kimchi", "gooseberries", "liquorice", "polenta", "chicory"]
THINGS = ["umbrella", "telescope", "accordion", "suitcase", "compass", "violin", "kite", "typewriter"]
PLACES = ["ferry", "library", "cemetery", "funicular", "market", "greenhouse", "cinema", "lighthouse"]
CHAT = (
    "It is so loud outside tonight.", "The rain does not stop, does it?", "I could sit here for hours.",
    "Somebody should mend that door.", "What a long week this was.", "You keep the place so tidy.",
    "Did the clock stop again?", "People are in a hurry these days.", "My shoes are soaked.", "That smells good.",
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """What a visitor says, and later asks, and the word that answers it."""

    says: str
    asks: str
    answer: str


def tellings(rng: random.Random) -> list[Told]:
    """Six things one visitor tells, in random order."""
    city, pet, name, job, food = (rng.choice(pool) for pool in (CITIES, PETS, NAMES, JOBS, FOODS))
    thing, place = rng.choice(THINGS), rng.choice(PLACES)
    found = [
        Told(f"I live in {city}, near the harbour.", "Do you know where my home is?", city),
        Told(f"I have a {pet} called {name}.", "What was my pet's name?", name),
        Told(f"I work as a {job} since the spring.", "What do I do for a living?", job),
        Told(f"I really can't stand {food}.", "Which food do I dislike?", food),
        Told(f"Last Tuesday the {thing} fell from the {place} roof.", f"What fell down at the {place}?", thing),
        Told(
            f"A stranger gave me a {thing} on the {place} steps.",
            f"What did the stranger give me by the {place}?",
            thing,
        ),
    ]
    rng.shuffle(found)
    return found


async def witnessed(memory: LocalMemory, people: int, rng: random.Random) -> tuple[list[tuple[str, Told]], int]:
    """Play the evenings; who told what, and the time after the last."""
    told: list[tuple[str, Told]] = []
    now, seq = START, 0
    for number in range(people):
        who = f"player:{number}"
        for item in tellings(rng):
            told.append((who, item))
            now += DAY // 4
            for text in (rng.choice(CHAT), item.says, rng.choice(CHAT), rng.choice(CHAT)):
                lines = []
                for speaker, words in ((who, text), (MIRA, "I see.")):
                    seq, now = seq + 1, now + 4_000
                    lines.append(Witnessed("tea", seq, now, speaker, f"Guest{number}", words))
                await memory.witness(MIRA, lines, own_name="Mira")
    return told, now + 30 * DAY


async def measure(embedder: Embedder | None, people: int = 40) -> dict[str, float]:
    """Share answered at 3, 5 and 9 recalled texts, and ms for one recall (p50, p95)."""
    store = MemoryStore()
    memory = LocalMemory(store.memories, lambda: START, embedder)
    told, now = await witnessed(memory, people, random.Random(7))
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


def main() -> None:
    embedder = installed_embedder()
    for label, used in (("words", None), ("words and meaning", embedder)):
        if label == "words" or used is not None:
            found = asyncio.run(measure(used))
            print(f"{label}: " + ", ".join(f"{name} {value:.2f}" for name, value in found.items()))


if __name__ == "__main__":
    main()
