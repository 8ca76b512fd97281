"""What must hold on the real local model, measured in a real room: `python -m benchmarks.local_room [PART ...]`.

Parts: greeting, deeds, stop, evening (40 turns with three characters), long (the prompt of turn 200 against turn 20).
Each part's results go to build/local_room.json as soon as they are there; parts that are there are not played again
unless they are named. The table says how busy the machine was: the goals are for a machine that does nothing else.

The first word is measured from the visitor's line being submitted to the first words shown in the room. Between two
lines the visitor waits until the prompts of all characters have been read ahead, at most 15 s.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from benchmarks.room_visit import Heard, Visit, visit
from openroom.models.local.model import LocalModel
from openroom.models.local.weights import weights_folder
from openroom.ports.model import Delta, Message, ModelInfo, ModelRequest, Usage, complete

RESULTS = Path("build/local_room.json")
PAUSE = 15.0
EVENING = (
    "Good evening, all of you.",
    "Mira, what is the best tea for a night like this?",
    "Oskar, where did you travel from?",
    "Yuki, what do you carry in that bag?",
    "I came with the last train and missed my stop.",
    "It's gloomy in here, isn't it?",
    "Could somebody put on a little music?",
    "What a lovely tune.",
    "Mira, how long have you been here?",
    "I grew up by the sea.",
    "Oskar, do you miss the railway?",
    "Please brew us something hot.",
    "Yuki, do you draw people as well?",
    "I am a teacher.",
    "It smells of wet coats and pine.",
    "Would you open the window a little?",
    "Mira, why do the clocks disagree?",
    "I lost a letter today.",
    "Oskar, tell me about the mountains.",
    "Yuki, what are you afraid of?",
    "It is getting cold, close the window, please.",
    "My sister would like this place.",
    "Does anybody ever come here twice?",
    "Mira, what do you dream about?",
    "I could stay till morning.",
    "Oskar, was there ever an accident on the line?",
    "A different record, please.",
    "Yuki, where will you go next?",
    "I never learnt to play chess.",
    "What was the strangest guest you had?",
    "Do you believe in luck?",
    "Mira, may I have a cup?",
    "Thank you, that is good.",
    "Oskar, you look tired.",
    "Yuki, tell me something true.",
    "Please turn the lamp low.",
    "Who wrote in the guest book last?",
    "I think the rain is stopping.",
    "Say goodbye for me to the cat.",
    "Good night, and thank you all.",
)


@dataclass(slots=True)
class Counted:
    """A model that notes the usage of each call by its purpose."""

    model: LocalModel
    calls: list[tuple[str, str, Usage]] = field(default_factory=list)

    @property
    def info(self) -> ModelInfo:
        return self.model.info

    async def stream(self, request: ModelRequest) -> AsyncIterator[Delta | Usage]:
        async for piece in self.model.stream(request):
            if isinstance(piece, Usage):
                self.calls.append((request.purpose, request.character, piece))
            yield piece


@dataclass(slots=True)
class Canned:
    """Says lines of ordinary length at once, as a local model would, and keeps the requests."""

    requests: list[ModelRequest] = field(default_factory=list)
    info: ModelInfo = field(default_factory=lambda: ModelInfo("canned", "local"))

    async def stream(self, request: ModelRequest) -> AsyncIterator[Delta | Usage]:
        number = len(self.requests)
        if request.purpose != "warm":
            self.requests.append(request)
            say = f"Well, that was evening number {number}, when the rain came in. Sit a little longer, will you."
            yield Delta(json.dumps({"say": say, "emotion": "calm"}))
        yield Usage(estimated=True)


async def read_ahead(here: Visit) -> float:
    """Wait until all prompts have been read ahead, at most `PAUSE`; how long that took."""
    begun = time.monotonic()
    await asyncio.sleep(0.2)
    while time.monotonic() - begun < PAUSE:
        if not here.director.warming:
            break
        await asyncio.sleep(0.1)
    return time.monotonic() - begun


async def greeting(model: LocalModel) -> dict[str, Any]:
    counted = Counted(model)
    async with visit(counted, "tea_room", alone_with="mira") as here:
        await here.director.settled()
        said = [m["event"]["text"] for _, m in here.messages if m.get("event", {}).get("kind") == "said"]
        calls = [purpose for purpose, _, _ in counted.calls if purpose != "warm"]
    return {"calls": len(calls), "replies": len(said), "said": said}


async def deeds(model: LocalModel) -> dict[str, Any]:
    async with visit(model, "tea_room", alone_with="mira") as here:
        await here.director.settled()
        heard = [
            await here.say("Hello Mira, could we have some music?"),
            await here.say("It's dark in here, would you light the lamp?"),
        ]
        props = here.room.state.props
        return {
            "music": props["record_player"]["state"]["playing"],
            "lamp": props["lamp"]["state"]["lit"],
            "said": [one.say for one in heard],
        }


async def stop(model: LocalModel) -> dict[str, Any]:
    found: dict[str, Any] = {}
    async with visit(model, "tea_room", alone_with="mira") as here:
        found["reading"] = await _stopped(model, here, lambda: True, 1.5)
        await here.say("Hello Mira.")
        found["writing"] = await _stopped(model, here, lambda: here.room.turns and "text" in here.room.turns[0], 0.0)
    return found


async def _stopped(model: LocalModel, here: Visit, when: Any, wait: float) -> dict[str, float]:
    """Stop a turn (the greeting, or the answer to a line) when ``when`` holds; what came after, and the next call."""
    if not here.room.turns:
        await here.me.say("Tell me the whole story of this place, Mira, with everything that ever happened here.")
    await asyncio.sleep(wait)
    limit = time.monotonic() + 120
    while not (here.room.turns and when()) and time.monotonic() < limit:
        await asyncio.sleep(0.01)
    at = time.monotonic()
    stopped = here.room.stop(here.me.actor)
    probe = ModelRequest((Message("user", "Say hello."),), max_tokens=4, slot="probe")
    first = 0.0
    async for piece in model.stream(probe):
        if isinstance(piece, Delta) and not first:
            first = time.monotonic() - at
    await asyncio.sleep(2.0)
    late = [
        t - at
        for t, m in here.messages
        if t > at and (m.get("phase") == "speaking" or m.get("event", {}).get("kind") == "said")
    ]
    await here.director.settled()
    return {"stopped": float(stopped), "last_words": max(late, default=0.0), "next": first, "load": os.getloadavg()[0]}


async def evening(model: LocalModel) -> dict[str, Any]:
    """Forty lines; what there is is kept after each, so that an evening cut short still tells something."""
    counted, turns, pauses = Counted(model), list[Heard](), list[float]()
    loads, found = os.getloadavg()[0], dict[str, Any]()
    async with visit(counted, "tea_room") as here:
        begun = time.monotonic()
        await here.director.settled()
        opening = time.monotonic() - begun
        while here.director.warming:
            await asyncio.sleep(0.2)
        warm = time.monotonic() - begun
        counted.calls.clear()
        for number, line in enumerate(EVENING):
            heard = await here.say(line)
            heard.load = os.getloadavg()[0]
            turns.append(heard)
            print(f"  {number + 1} {line!r} first {heard.first} {heard.who} {heard.say}", flush=True)
            pauses.append(await read_ahead(here))
            rest = {"greeting_s": opening, "warm_s": warm, "pauses": pauses}
            found = rest | {"turns": [turn.as_json() for turn in turns], "calls": _calls(counted)}
            _keep("evening", found, loads)
    return found


def _calls(counted: Counted) -> list[list[Any]]:
    return [[purpose, who, use.prompt, use.cached, use.completion] for purpose, who, use in counted.calls]


def _keep(part: str, got: dict[str, Any], before: float) -> None:
    """Write a part's results beside the others'."""
    found: dict[str, Any] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    found[part] = got | {"load": [before, os.getloadavg()[0]], "at": time.strftime("%Y-%m-%d %H:%M", time.gmtime())}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(found, indent=1, ensure_ascii=False))


async def long(model: LocalModel) -> dict[str, Any]:
    canned = Canned()
    async with visit(canned, "tea_room", alone_with="mira") as here:
        for number in range(200):
            await here.say(EVENING[number % len(EVENING)])
    sizes = []
    for place in (20, 200):
        _, usage = await complete(model, _short(canned.requests[place]))
        sizes.append(usage.prompt)
    return {"turn_20": sizes[0], "turn_200": sizes[1]}


def _short(request: ModelRequest) -> ModelRequest:
    return ModelRequest(request.messages, max_tokens=1, purpose="judge", slot="long")


PARTS = {"greeting": greeting, "deeds": deeds, "stop": stop, "long": long, "evening": evening}


def table(found: dict[str, Any]) -> None:
    """What was measured against what is asked for."""
    print("| what | measured | goal | | load |\n|---|---|---|---|---|")
    for part, (what, value, goal, reached) in _rows(found):
        load = found[part]["load"]
        print(
            f"| {what} | {value} | {goal} | {'reached' if reached else 'NOT reached'} | {load[0]:.1f}-{load[1]:.1f} |"
        )


def _rows(found: dict[str, Any]) -> list[tuple[str, tuple[str, str, str, bool]]]:
    rows: list[tuple[str, tuple[str, str, str, bool]]] = []
    if got := found.get("greeting"):
        one = got["calls"] == 0 and got["replies"] == 1
        rows.append(("greeting", ("a greeting", f"{got['calls']} call, {got['replies']} reply", "0 and 1", one)))
    if got := found.get("deeds"):
        rows.append(("deeds", ("asked for music, it plays", str(got["music"]), "yes", got["music"])))
        rows.append(("deeds", ("asked for the lamp, it is lit", str(got["lamp"]), "yes", got["lamp"])))
    if got := found.get("stop"):
        for how in ("reading", "writing"):
            ms, nxt = got[how]["last_words"] * 1000, got[how]["next"]
            rows.append(
                (
                    "stop",
                    (
                        f"last words after Stop while {how}",
                        f"{ms:.0f} ms",
                        "300 ms",
                        ms <= 300 and got[how]["stopped"] == 1,
                    ),
                )
            )
            rows.append(("stop", (f"next request after Stop while {how}", f"{nxt:.1f} s", "3 s", nxt <= 3)))
    if got := found.get("long"):
        ratio = got["turn_200"] / got["turn_20"]
        rows.append(
            (
                "long",
                (
                    "prompt of turn 200 / turn 20",
                    f"{got['turn_200']} / {got['turn_20']} = {ratio:.2f}",
                    "1.2",
                    ratio <= 1.2,
                ),
            )
        )
    if got := found.get("evening"):
        rows += [("evening", row) for row in _evening_rows(got)]
    return rows


def _evening_rows(got: dict[str, Any]) -> list[tuple[str, str, str, bool]]:
    first = sorted(turn["first"] for turn in got["turns"] if turn["first"] is not None)
    p50, p95 = statistics.median(first), first[min(len(first) - 1, int(0.95 * len(first)))]
    turns = [call for call in got["calls"] if call[0] != "warm"]
    share = 100 * sum(call[3] for call in turns) / sum(call[2] for call in turns)
    every = 100 * sum(call[3] for call in got["calls"]) / sum(call[2] for call in got["calls"])
    return [
        (f"from the prefix cache, {len(got['turns'])} lines, calls of turns", f"{share:.1f} %", "80 %", share >= 80),
        ("the same, reading ahead included", f"{every:.1f} %", "80 %", every >= 80),
        ("first word, p50 (must)", f"{p50:.1f} s", "6 s", p50 <= 6),
        ("first word, p50 (aim)", f"{p50:.1f} s", "3 s", p50 <= 3),
        ("first word, p95 (aim)", f"{p95:.1f} s", "8 s", p95 <= 8),
    ]


async def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=user_data_path("openroom", appauthor=False))
    parser.add_argument("--table", action="store_true", help="only show what was measured")
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], default=[])
    asked = parser.parse_args()
    found: dict[str, Any] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    due = (
        []
        if asked.table
        else [part for part in PARTS if part in asked.parts or (not asked.parts and part not in found)]
    )
    if due:
        model = LocalModel(folder=weights_folder(asked.data))
        await model.wait_ready(300)
        for part in due:
            print(part, flush=True)
            before = os.getloadavg()[0]
            _keep(part, await PARTS[part](model), before)
        await model.aclose()
    table(json.loads(RESULTS.read_text()) if RESULTS.exists() else {})


if __name__ == "__main__":
    asyncio.run(main())
