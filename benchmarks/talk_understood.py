"""How many requests of a set the understudy grants, and how often it acts where nobody asked for anything.

`python -m benchmarks.talk_quality --set NAME`; the sets are in `talk_requests.py` and `talk_blind.py`. Each line is
said to a character in its scene when what it asks for (or, for idle talk, what it could be mistaken for) is possible.
done: the deed is in the room's log. beside: a request led to another deed. wrong: idle talk led to a deed.
"""

from __future__ import annotations

import logging
import os

from benchmarks.room_visit import Heard, Visit, visit
from benchmarks.talk_blind import FIRST, FOURTH, IDLE_FIRST, IDLE_FOURTH, IDLE_SECOND, IDLE_THIRD, SECOND, THIRD
from benchmarks.talk_requests import FRESH, REQUESTS, Asked
from openroom.models.understudy.understudy import Understudy

CAST = {"mira": "tea_room", "oskar": "tea_room", "yuki": "tea_room", "amparo": "greenhouse", "pim": "greenhouse"}
CAST |= {"edda": "radio_room", "tobias": "radio_room"}
Scenes = dict[str, tuple[Asked, ...]]
SETS: dict[str, tuple[Scenes, Scenes]] = {
    "requests": (REQUESTS, {}),
    "fresh": (FRESH, {}),
    "first": (FIRST, IDLE_FIRST),
    "second": (SECOND, IDLE_SECOND),
    "third": (THIRD, IDLE_THIRD),
    "fourth": (FOURTH, IDLE_FOURTH),
}


async def asked_for(here: Visit, line: str, asked: list[Asked]) -> Heard:
    """Say a line when what it asks for is possible."""
    for one in asked:
        if not await here.prepare(one):
            raise RuntimeError(f"{one.text!r} cannot be made possible")
    heard = await here.say(line, asked)
    heard.load = os.getloadavg()[0]
    return heard


async def understood(name: str) -> None:
    """Play a set and print what came of it."""
    logging.getLogger("openroom").setLevel(logging.WARNING)
    requests, idle = SETS[name]
    asked, missed = await _said(requests)
    beside = sum(bool(heard.deeds) for heard in missed)
    done = len(asked) - len(missed)
    print(f"{name}: {done} of {len(asked)} requests done ({100 * done / len(asked):.1f} %), {beside} beside")
    _list(missed)
    told, _ = await _said(idle)
    wrong = [heard for heard in told if heard.deeds]
    if told:
        print(f"{name}: {len(wrong)} wrong deeds on {len(told)} idle lines ({100 * len(wrong) / len(told):.1f} %)")
        _list(wrong)
    took = sorted(heard.first or heard.total for heard in (*asked, *told))
    print(f"first words: p50 {took[len(took) // 2] * 1000:.0f} ms, slowest {took[-1] * 1000:.0f} ms")


async def _said(scenes: Scenes) -> tuple[list[Heard], list[Heard]]:
    """All turns of a part of a set, and those where what was asked for was not done."""
    turns: list[Heard] = []
    for scene, lines in scenes.items():
        due = list(lines)
        while due:
            told = await _visit(scene, due)
            if not told:
                raise RuntimeError(f"{due[0].text!r} cannot be made possible")
            turns, due = [*turns, *told], due[len(told) :]
    return turns, [heard for heard in turns if heard.done != [True]]


async def _visit(scene: str, lines: list[Asked]) -> list[Heard]:
    """Says lines until one cannot be made possible any more (somebody sits where nobody else can clear the seat)."""
    turns: list[Heard] = []
    who = next(character for character, where in CAST.items() if where == scene)
    async with visit(Understudy(), scene, alone_with=who) as here:
        await here.greeted()
        for one in lines:
            if not await here.prepare(one):
                break
            turns.append(await asked_for(here, one.text, [one]))
    return turns


def _list(turns: list[Heard]) -> None:
    for heard in turns:
        print(f"  {heard.line!r} -> {', '.join(heard.deeds) or 'nothing'}: {' '.join(heard.say)}")
