"""``make bench``: the whole set and one table. ``python -m benchmarks [NAME ...] [--quick]`` runs parts of it.

``--against REF`` measures this build and the one of a git revision in the same rounds instead; it ends with 1 if this
one is worse anywhere. Names are those of `SET`. What each row means: docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import logging
import os
import platform
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from benchmarks import (
    alternative,
    commands,
    jumps,
    local_first_word,
    lore,
    memory_recall,
    rooms,
    rooms_pages,
    rooms_reconnect,
    rooms_within,
)
from benchmarks.against import compare, end_as_if_interrupted
from benchmarks.against_table import against_table
from benchmarks.builds import NoBuild, worktree
from benchmarks.courses import Course, alone
from benchmarks.rooms_servers import NotMeasured
from benchmarks.rooms_table import Row, missing, table
from benchmarks.rooms_wire import Broken

COURSES: dict[str, tuple[Course, ...]] = {
    "fan_out": (rooms.talk("B1 10", 10, 8, memory=True), rooms.talk("B1 100", 100, 8, memory=True)),
    "paced": (rooms.paced_course,),
    "durable": (
        rooms.talk("B3 10", 10, 8, memory=False),
        rooms.talk("B3 100", 100, 8, memory=False),
        rooms.talk("B3 100/64", 100, 64, memory=False),
    ),
    "append": (rooms_within.appends,),
    "stalled": (rooms.stalled_course,),
    "reconnect": (rooms_reconnect.bursts,),
    "pages": (rooms_pages.loads, rooms_pages.pushes),
    "disturbance": (rooms_pages.disturbance,),
    "idle": (rooms_pages.idlers,),
    "turns": (rooms_within.turns,),
    "long_lines": (rooms_within.long_lines,),
    "restart": (rooms_within.restart,),
    "visitors": (rooms_within.visitors,),
    "commands": (commands.commands,),
    "ending": (commands.endings,),
    "recall": (memory_recall.recall,),
    "lore": (lore.lore,),
}
"""How a build is measured by itself: what two builds are compared by."""

SET: dict[str, Callable[[float, int], list[Row]]] = {name: partial(alone, courses) for name, courses in COURSES.items()}
SET |= {  # those that are held against other servers, or take fewer rounds
    "fan_out": rooms.fan_out,
    "paced": rooms.paced,
    "durable": rooms.durable,
    "append": rooms_within.append,
    "stalled": rooms.stalled,
    "reconnect": rooms_reconnect.reconnect,
    "idle": rooms_pages.idle,
}
ALONE: dict[str, Callable[[float, int], list[Row]]] = {
    "first_word": local_first_word.rows,
    "alternative": alternative.rows,
    "jumps": jumps.rows,
}
"""Two builds are not compared by these: what takes minutes of the local model is measured once and kept, and builds of
before know no jumps."""


def main() -> None:
    options = _options()
    logging.disable(logging.WARNING)  # a log line for each turn would be measured too
    seconds, count = (0.4, 2) if options.quick else (options.seconds, options.rounds)
    names = options.names or [*SET, *([] if options.against or options.quick else ALONE)]
    given = names, seconds, count
    sys.exit(_against(options.against, *given) if options.against else _alone(*given))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="ratios, side by side in one run")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(SET | ALONE)}; all without any")
    parser.add_argument("--seconds", type=float, default=1.5, help="length of a round")
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds")
    parser.add_argument("--quick", action="store_true", help="short rounds: to see that it works")
    parser.add_argument("--against", metavar="REF", help="a git revision whose build is measured beside this one")
    options = parser.parse_args()
    known = SET if options.against else SET | ALONE
    if unknown := set(options.names) - set(known):
        parser.error(f"expected names of {', '.join(known)}, came {', '.join(sorted(unknown))}")
    return options


def _alone(names: list[str], seconds: float, count: int) -> int:
    rows: list[Row] = []
    broken = False
    for name in names:
        started = time.monotonic()
        try:
            rows += (SET | ALONE)[name](seconds, count)
        except NotMeasured as reason:
            rows.append(missing(name, "", reason))
        except Broken as fault:  # the other rows are still worth having; the run has failed all the same
            rows.append(missing(name, "BROKEN", fault))
            broken = True
        print(f"{name}: {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    print(heading(seconds, count))
    print(table(rows))
    return int(broken)


def _against(revision: str, names: list[str], seconds: float, count: int) -> int:
    end_as_if_interrupted()
    try:
        with worktree(revision) as other:
            rows, broken = compare({name: COURSES[name] for name in names}, other, seconds, count)
    except NoBuild as reason:
        print(f"--against {revision}: {reason}", file=sys.stderr)
        return 2
    print(heading(seconds, count))
    print(against_table(rows, other.label))
    return int(broken or any(row.verdict == "WORSE" for row in rows))


def heading(seconds: float, count: int) -> str:
    """When and where."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {platform.system()} {platform.machine()}, {os.cpu_count()} cores "
        f"(load {load:.1f}), Python {platform.python_version()}, {count} rounds of {seconds:g} s\n"
    )


if __name__ == "__main__":
    main()
