"""Lorebooks: what it costs to find out which of a thousand entries are in, against a loop of `re.search` over them.

Both look at the same last 20 lines, made from words with a fixed seed. *Cold* is a book that has seen none of them; *a
turn* is one that has seen all but the two that came since. The loop is measured with patterns that were compiled before
(one an entry, the harder rival) and as it is often written, with `re.search` on texts. A room of 5,000 lines is held
against one of 50, by what is judged for a turn.
"""

from __future__ import annotations

import json
import random
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from benchmarks.builds import Build
from benchmarks.rooms_table import Row, missing
from openroom.core.lore.book import Lore
from openroom.core.lore.judge import judge
from openroom.core.lore.moment import Line, Moment, Timer
from openroom.core.lore.timers import wound

ENTRIES, LINES = 1_000, 20
_SYLLABLES = ("ba", "ken", "lor", "mi", "ra", "sto", "tel", "un", "ver", "zo", "dra", "gon", "fel", "har", "ith")


def words(rng: random.Random, count: int) -> list[str]:
    """Words of two to four syllables, each once."""
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(rng.choices(_SYLLABLES, k=rng.randint(2, 4)))] = None
    return list(found)


def made(rng: random.Random, lines: int) -> tuple[list[list[str]], list[str]]:
    """The keys of the entries, two for each and one of them of two words, and the lines that are said."""
    known, others = words(rng, 2 * ENTRIES), words(rng, 3_000)
    keys = [[known[2 * at], f"{known[2 * at + 1]} {known[2 * at]}"] for at in range(ENTRIES)]
    told = [" ".join(rng.choice(known if rng.random() < 0.05 else others) for _ in range(15)) for _ in range(lines)]
    return keys, told


def book(keys: list[list[str]]) -> Lore:
    """A book of these; every tenth entry is sticky."""
    entries = [
        {"id": f"e{at}", "text": f"Entry {at}.", "keys": these, "sticky": 0 if at % 10 else 3}
        for at, these in enumerate(keys)
    ]
    return Lore.model_validate({"format": 1, "scan_depth": LINES, "entries": entries})


def _moment(told: list[str], count: int) -> Moment:
    lines = [Line(seq, seq, text) for seq, text in enumerate(told[max(0, count - LINES) : count], count)]
    return Moment(lines, count)


def loop(keys: list[list[str]], told: list[str]) -> list[int]:
    """The usual way: each key of each entry is searched for in the joined lines."""
    held = "\n".join(told)
    return [
        at
        for at, these in enumerate(keys)
        if any(re.search(rf"\b{re.escape(key)}\b", held, re.IGNORECASE) for key in these)
    ]


def compiled_loop(patterns: list[re.Pattern[str]], told: list[str]) -> list[int]:
    """The same with patterns that were compiled before, one an entry."""
    held = "\n".join(told)
    return [at for at, one in enumerate(patterns) if one.search(held)]


def measure(seed: int = 15, rounds: int = 20) -> dict[str, float]:
    """Medians in ms. Raises AssertionError where the two ways find different entries."""
    rng = random.Random(seed)
    keys, told = made(rng, LINES + rounds * 2)
    patterns = [re.compile("|".join(rf"\b{re.escape(key)}\b" for key in these), re.IGNORECASE) for these in keys]
    loop(keys, told[:LINES])  # `re` keeps patterns, as many as fit
    taken: dict[str, list[float]] = {"cold": [], "turn": [], "search": [], "compiled": []}
    warm = book(keys)
    judge(warm, _moment(told, LINES))
    for number in range(rounds):
        upto = LINES + 2 * (number + 1)
        cold, now = book(keys), _moment(told, upto)
        assert cold.matcher and cold.woken_by  # made when a room opens
        ours = _timed(taken["cold"], lambda cold=cold, now=now: [int(one.entry.id[1:]) for one in judge(cold, now).lit])
        again = _timed(taken["turn"], lambda now=now: [int(one.entry.id[1:]) for one in judge(warm, now).lit])
        last = told[upto - LINES : upto]
        theirs = _timed(taken["search"], lambda last=last: loop(keys, last))
        others = _timed(taken["compiled"], lambda last=last: compiled_loop(patterns, last))
        assert sorted(ours) == sorted(again) == theirs == others
    return {name: statistics.median(all) * 1000 for name, all in taken.items()}


def _timed(taken: list[float], work: Callable[[], list[int]]) -> list[int]:
    start = time.perf_counter()
    found = work()
    taken.append(time.perf_counter() - start)
    return found


def grown(seed: int = 15, rounds: int = 60) -> float:
    """What a turn costs in a room of 5,000 lines, as a ratio to one of the last 50 of them, by the medians."""
    rng = random.Random(seed)
    keys, told = made(rng, 5_000)
    spent: dict[int, list[float]] = {5_000: [], 50: []}
    rooms = {size: (book(keys), _played(book(keys), told[-size:-2])) for size in spent}
    for _ in range(rounds):
        for size, (lore, timers) in rooms.items():
            now = _moment(told[-size:], size)
            start = time.perf_counter()
            wound(timers, judge(lore, Moment(now.lines, size, timers=timers)), size)
            spent[size].append(time.perf_counter() - start)
    return statistics.median(spent[5_000]) / statistics.median(spent[50])


def _played(lore: Lore, told: list[str]) -> dict[str, Timer]:
    """The timers after an evening at which every second line is the character's."""
    timers: dict[str, Timer] = {}
    for count in range(2, len(told) + 1, 2):
        timers = wound(timers, judge(lore, Moment(_moment(told, count).lines, count, timers=timers)), count)
    return timers


@contextmanager
def lore(build: Build, _seconds: float, _count: int) -> Iterator[Callable[[], list[Row]]]:
    """A round measures in a process of the build."""
    yield lambda: _round(build)


def _round(build: Build) -> list[Row]:
    what = f"{ENTRIES:,} entries, {LINES} lines, against a loop"
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.lore"],
        cwd=build.root,
        env=build.environment,
        capture_output=True,
        check=False,
        text=True,
    )
    if done.returncode:
        return [missing("lore", what, (done.stderr.strip().splitlines() or ["it failed"])[-1])]
    found = json.loads(done.stdout)
    note = ", ".join(f"{name} {found[name]:.2f} ms" for name in ("cold", "turn", "search", "compiled"))
    cold, turn = found["cold"], found["turn"]
    return [
        Row("lore", f"{what}, seen for the first time: compiled patterns", found["compiled"] / cold, 20, note=note),
        Row("lore", f"{what}, a turn: compiled patterns", found["compiled"] / turn, 20),
        Row("lore", f"{what}, a turn: re.search", found["search"] / turn, 20),
        Row("lore", "a turn in a room of 5,000 lines against one of 50", found["grown"], 1.2, "most"),
    ]


if __name__ == "__main__":
    print(json.dumps({**measure(), "grown": grown()}))
