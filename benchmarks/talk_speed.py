"""How soon the understudy answers: `python -m benchmarks.talk_speed [--turns 400] [--busy 2]`.

One visitor, one character, every line of the sets in `talk_requests.py` and `talk_blind.py` in turn; ``--busy``
processes spin beside it at the same priority, as an engine that reads a prompt does on two cores. Prints milliseconds
from the sending of a line to the first words shown, and how many lines got no answer.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import multiprocessing
import os
from collections.abc import Sequence

from benchmarks.room_visit import visit
from benchmarks.talk_requests import Asked
from benchmarks.talk_understood import SETS
from openroom.models.understudy.understudy import Understudy


def _spin() -> None:
    while True:
        sum(range(100_000))


def lines(scene: str) -> list[str]:
    """Everything that a visitor of the scene says in any set."""
    sets: list[Sequence[Asked]] = [part.get(scene, ()) for pair in SETS.values() for part in pair]
    return [one.text for part in sets for one in part]


async def measure(turns: int, scene: str = "tea_room", who: str = "mira") -> tuple[list[float], list[str]]:
    """Seconds to the first words, turn by turn, and the lines that got no answer."""
    said = lines(scene)
    took: list[float] = []
    unanswered: list[str] = []
    async with visit(Understudy(), scene, alone_with=who) as here:
        await here.greeted()
        for number in range(turns):
            heard = await here.say(said[number % len(said)])
            took.append(heard.first or heard.total)
            if heard.first is None:
                unanswered.append(heard.line)
    return took, unanswered


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--turns", type=int, default=400)
    parser.add_argument("--busy", type=int, default=0, help="processes that spin beside it")
    asked = parser.parse_args()
    logging.getLogger("openroom").setLevel(logging.WARNING)
    beside = [multiprocessing.get_context("spawn").Process(target=_spin, daemon=True) for _ in range(asked.busy)]
    for one in beside:
        one.start()
    try:
        seconds, unanswered = asyncio.run(measure(asked.turns))
    finally:
        for one in beside:
            one.terminate()
            one.join()
    took = [one * 1000 for one in seconds]
    order = sorted(took)
    at = {
        name: order[min(len(order) - 1, int(len(order) * share))]
        for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
    }
    print(f"unanswered: {len(unanswered)} {unanswered or ''}".rstrip())
    slow = [f"{number}: {ms:.0f}" for number, ms in enumerate(took) if ms > 150]
    print(f"{asked.turns} turns, {asked.busy} busy processes beside it, load {os.getloadavg()[0]:.1f}")
    print(", ".join(f"{name} {ms:.0f} ms" for name, ms in at.items()) + f", slowest {order[-1]:.0f} ms")
    print(f"slower than 150 ms (turn: ms): {', '.join(slow) or 'none'}")


if __name__ == "__main__":
    main()
