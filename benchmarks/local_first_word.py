"""How long the first visitor after a start waits for the first word: `python -m benchmarks.local_first_word [PART]`.

Parts: cold (nothing is kept of prompts), disk (what was read is kept, and the line comes with the greeting, as no
person could say it), clicked (two seconds after the greeting: who reads it and takes a suggestion), typed (five seconds
after it: who writes), busy (as disk, beside two processes that compute). Each try starts the engine anew in a
process of its own, enters the tea room, waits for the greeting (which is the author's, at once) and says a line to
Mira. ``load`` is from the start until the engine is ready, ``first`` from the line until its first words are shown:
what somebody waits who opens the page when the server is up already. Somebody who says the line the moment the server
is started waits for both.

Each try is kept in build/local_first_word.json as soon as it is there; what is missing is measured, the rest is not
measured again. `--table` only shows it. A part may take two minutes; nothing else should run meanwhile.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import statistics
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from benchmarks.room_visit import visit
from benchmarks.rooms_servers import NotMeasured
from benchmarks.rooms_table import Row
from openroom.models.local.catalogue import DEFAULT_WEIGHTS
from openroom.models.local.model import LocalModel
from openroom.models.local.weights import find_weights, weights_folder
from tests.busy import busy

RESULTS = Path("build/local_first_word.json")
STATES = Path("build/local_first_word")
TRIES = {"cold": 3, "disk": 7, "clicked": 7, "typed": 5, "busy": 3}
WHAT = {
    "cold": "nothing kept",
    "disk": "prompt kept on the disk, a line at once",
    "clicked": "prompt kept on the disk, a suggestion taken after 2 s",
    "typed": "prompt kept on the disk, a line that takes 5 s to type",
    "busy": "prompt kept on the disk, beside 2 busy processes",
}
GOAL = 3.0
_BUSY = 2
_AFTER = {"clicked": 2.0, "typed": 5.0}
"""Seconds from the greeting to the line."""
_LINES = ("Mira, is there still tea?", "Mira, how long have you been here?", "Mira, why do the clocks disagree?")


def rows(_seconds: float, _count: int) -> list[Row]:
    """For ``make bench``: what was measured, and what is missing of it. Raises `NotMeasured` without the weights."""
    weights = find_weights(DEFAULT_WEIGHTS, weights_folder(user_data_path("openroom", appauthor=False)))
    found = read()
    if weights is None and not all(found.values()):
        raise NotMeasured("the local model is not here: openroom model install")
    if weights is not None:
        found = asyncio.run(measure(weights, list(TRIES)))
    return [_row(part, tries) for part, tries in found.items()]


def read() -> dict[str, list[dict[str, Any]]]:
    """The tries so far, by part."""
    kept: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    return {part: kept.get(part, []) for part in TRIES}


async def measure(weights: Path, parts: list[str]) -> dict[str, list[dict[str, Any]]]:
    """Make the tries of ``parts`` that are missing; all that there are then."""
    found = read()
    for part in parts:
        while len(found[part]) < TRIES[part]:
            if part == "cold":
                shutil.rmtree(STATES / "states", ignore_errors=True)
            elif not (STATES / "states").is_dir():
                await _one(weights, 0, 0.0)  # reads the prompt, and keeps it
            with busy(_BUSY) if part == "busy" else nullcontext():
                found[part].append(await _one(weights, len(found[part]), _AFTER.get(part, 0.0)))
            print(part, found[part][-1], flush=True)
            RESULTS.parent.mkdir(exist_ok=True)
            RESULTS.write_text(json.dumps(found, indent=1), encoding="utf-8")
    return found


async def _one(weights: Path, number: int, after: float) -> dict[str, Any]:
    """One start, and one line."""
    before, begun = os.getloadavg()[0], time.monotonic()
    STATES.mkdir(parents=True, exist_ok=True)
    model = LocalModel(str(weights), folder=STATES)
    try:
        await model.wait_ready(300)
        load = time.monotonic() - begun
        async with visit(model, "tea_room", alone_with="mira") as here:
            await here.greeted()
            await asyncio.sleep(after)
            heard = await here.say(_LINES[number % len(_LINES)])
    finally:
        await model.aclose()
    asked = heard.calls[0] if heard.calls else None
    return {
        "load": round(load, 2),
        "first": heard.first and round(heard.first, 2),
        "prompt": asked.prompt if asked else 0,
        "cached": asked.cached if asked else 0,
        "say": heard.say,
        "machine": [round(before, 1), round(os.getloadavg()[0], 1)],
        "at": time.strftime("%Y-%m-%d %H:%M", time.gmtime()),
    }


def _row(part: str, tries: list[dict[str, Any]]) -> Row:
    firsts = [one["first"] for one in tries if one["first"] is not None]
    loads = [one["load"] for one in tries]
    if not firsts:
        return Row("first_word", WHAT[part], float("nan"), note="not measured")
    note = f"{len(firsts)} starts, slowest {max(firsts):.1f} s, the engine loads in {statistics.median(loads):.1f} s"
    goal = GOAL if part in _AFTER else None
    return Row(
        "first_word", f"first word after a start, {WHAT[part]}", statistics.median(firsts), goal, "most", "s", note
    )


def table(found: dict[str, list[dict[str, Any]]]) -> None:
    print(
        "| first word after a start | tries | p50 | slowest | the engine loads in | p50 of both | load of the machine |"
    )
    print("|---|---|---|---|---|---|---|")
    for part, tries in found.items():
        if whole := [one for one in tries if one["first"] is not None]:
            firsts, loads = [one["first"] for one in whole], [one["load"] for one in whole]
            both = [one["load"] + one["first"] for one in whole]
            machine = [number for one in whole for number in one["machine"]]
            print(
                f"| {WHAT[part]} | {len(whole)} | {statistics.median(firsts):.1f} s | {max(firsts):.1f} s "
                f"| {statistics.median(loads):.1f} s | {statistics.median(both):.1f} s "
                f"| {min(machine):.1f} to {max(machine):.1f} |"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=user_data_path("openroom", appauthor=False))
    parser.add_argument("--table", action="store_true", help="only show what was measured")
    parser.add_argument("parts", nargs="*", choices=[[], *TRIES], default=[])
    asked = parser.parse_args()
    if not asked.table:
        weights = find_weights(DEFAULT_WEIGHTS, weights_folder(asked.data))
        if weights is None:
            parser.error("the local model is not here: openroom model install")
        asyncio.run(measure(weights, asked.parts or list(TRIES)))
    table(read())


if __name__ == "__main__":
    main()
