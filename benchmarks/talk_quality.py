"""How good the talk is: `python -m benchmarks.talk_quality --model understudy|local [CHARACTER ...]`.

Each shipped character gets a visit of 20 turns with 30 requests in words that its prompt does not have (13 lines ask
for two things, 4 for one) and three lines of plain talk; the understudy is asked for ten things more. What is asked for
is possible when it is asked for. Writes build/talk_quality/MODEL/CHARACTER.json (a visit that is whole is not played
again unless --again), docs/transcripts/MODEL-CHARACTER.md, and prints a table.

valid: one visible reply, of clean JSON, not failed. done: the room's log has the deed. claimed: a request that was not
done although the reply agrees to it. repeated: the same whole line twice in a visit. repaired: a second model call.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from benchmarks.room_visit import Heard, visit
from benchmarks.talk_requests import REQUESTS, TALK, Asked
from benchmarks.talk_understood import CAST, SETS, asked_for, understood
from openroom.language.text import normal
from openroom.models.local.model import LocalModel
from openroom.models.local.weights import weights_folder
from openroom.models.understudy.understudy import Understudy
from openroom.ports.model import Model

_AGREES = re.compile(
    r"\b(of course|certainly|sure|gladly|at once|right away|there you (go|are)|here you (go|are)|as you wish|done"
    r"|i'?ll|i will|let me|coming|with pleasure|there(,| now|!))\b",
    re.IGNORECASE,
)
_DECLINES = re.compile(r"\b(can't|cannot|won't|not|no|never|sorry|don't|afraid)\b", re.IGNORECASE)
_BOILERPLATE = re.compile(
    r"\b(as an ai|language model|assist you|how (can|may) i help|help you with (that|anything)|virtual assistant"
    r"|feel free to|happy to help|anything else (i can|you))\b",
    re.IGNORECASE,
)


def lines(character: str, extra: int) -> list[tuple[str, list[Asked]]]:
    """The visit: (what is said, what it asks for), the same at every run."""
    draw = random.Random(character)
    asked = draw.sample(REQUESTS[CAST[character]], 30 + extra)
    first, rest = asked[:30], asked[30:]
    pairs: list[list[Asked]] = []
    while len(pairs) < 13:
        one = first.pop()
        other = next(two for two in reversed(first) if two.prop != one.prop)
        first.remove(other)
        pairs.append([one, other])
    said = [(" ".join(one.text for one in pair), pair) for pair in (*pairs, *([one] for one in first))]
    said += [(line, []) for line in draw.sample(TALK, 2)]
    draw.shuffle(said)
    return [(TALK[0], []), *said, *((one.text, [one]) for one in rest)]


async def play(model: Model, character: str, extra: int, keep: Callable[[list[Heard], bool], None]) -> None:
    """The whole visit; ``keep`` gets what there is after every turn, and whether it is all."""
    turns: list[Heard] = []
    async with visit(model, CAST[character], alone_with=character) as here:
        await here.greeted()
        plan = lines(character, extra)
        for number, (line, asked) in enumerate(plan, 1):
            turns.append(await asked_for(here, line, asked))
            keep(turns, number == len(plan))
            last = turns[-1]
            read = [call.prompt - call.cached for call in last.calls]
            print(
                f"  {line!r} -> {last.say} {last.done} {last.error} {read} {last.first} {last.total:.1f} s", flush=True
            )


def figures(turns: list[dict[str, Any]]) -> dict[str, float]:
    """Shares in per cent, counts, and seconds (the slowest first word)."""
    requests = [done for turn in turns for done in turn["done"]]
    said = [normal(text) for turn in turns for text in turn["say"]]
    claimed = sum(
        1
        for turn in turns
        for done in turn["done"]
        if not done and _AGREES.search(" ".join(turn["say"])) and not _DECLINES.search(" ".join(turn["say"]))
    )
    visible = [turn for turn in turns if len(turn["say"]) == 1 and turn["outcome"] == "said"]
    return {
        "turns": len(turns),
        "valid": 100 * sum(turn["calls"][-1]["how"] == "clean" for turn in visible) / len(turns),
        "requests": len(requests),
        "done": 100 * sum(requests) / len(requests),
        "claimed": 100 * claimed / len(requests),
        "repeated": len(said) - len(set(said)),
        "boilerplate": sum(bool(_BOILERPLATE.search(text)) for turn in turns for text in turn["say"]),
        "repaired": sum(len(turn["calls"]) > 1 for turn in turns),
        "slowest": max((turn["first"] or 0.0) for turn in turns),
    }


def show(model: str, played: dict[str, list[dict[str, Any]]]) -> None:
    shares = ["valid", "done", "claimed", "slowest"]
    names = ["valid", "done", "claimed", "repeated", "boilerplate", "repaired", "slowest"]
    heads = ["valid %", "done %", "claimed, not done %", *names[3:6], "slowest first word s"]
    print(f"| {model} | turns | requests | {' | '.join(heads)} |")
    print("|---|" + "---|" * 9)
    every = [turn for one in played.values() for turn in one]
    for who, one in (*played.items(), ("all", every)):
        got = figures(one)
        if who == "all":
            got["repeated"] = sum(figures(part)["repeated"] for part in played.values())
        cells = [f"{got[name]:.1f}" if name in shares else f"{got[name]:.0f}" for name in names]
        print(f"| {who} | {got['turns']:.0f} | {got['requests']:.0f} | " + " | ".join(cells) + " |")
    _verdicts(model, played)


def _verdicts(model: str, played: dict[str, list[dict[str, Any]]]) -> None:
    every = figures([turn for turns in played.values() for turn in turns])
    repeated = sum(figures(turns[:20])["repeated"] for turns in played.values())
    goals = [("no line repeated in 20 turns", repeated == 0, "must")]
    if model == "understudy":
        goals += [
            ("80 % of requests done", every["done"] >= 80, "must"),
            ("answers in under 200 ms", every["slowest"] < 0.2, "must"),
        ]
    else:
        goals += [("95 % valid", every["valid"] >= 95, "must"), ("70 % of requests done", every["done"] >= 70, "must")]
        goals += [("98 % valid", every["valid"] >= 98, "aim"), ("85 % of requests done", every["done"] >= 85, "aim")]
        goals += [
            ("at most 2 % claimed but not done", every["claimed"] <= 2, "aim"),
            ("no boilerplate", every["boilerplate"] == 0, "aim"),
        ]
    for what, reached, kind in goals:
        print(f"- {kind}: {what}: {'reached' if reached else 'NOT reached'}")


def transcript(model: str, character: str, at: str, turns: list[dict[str, Any]]) -> str:
    got = figures(turns)
    out = [f"# A visit to {character.capitalize()}, played by {model}", ""]
    out += [f"`python -m benchmarks.talk_quality --model {model} {character}`, {at}. "]
    share = f"{got['done']:.0f} % of {got['requests']:.0f} requests done by the matcher"
    out += [f"{got['turns']:.0f} turns, {got['valid']:.0f} % valid, {share}.", ""]
    for turn in turns:
        out.append(f"**Tom:** {turn['line']}  ")
        out += [f"**{character.capitalize()}** ({turn['emotion'] or '-'}): {text}  " for text in turn["say"]] or [
            f"*({turn['outcome']})*  "
        ]
        marks = [
            f"{wanted[0]} {'done' if done else 'NOT done'}"
            for wanted, done in zip(turn["wanted"], turn["done"], strict=True)
        ]
        did = f"did {', '.join(turn['deeds'])}" if turn["deeds"] else ""
        out.append(
            "*"
            + "; ".join(
                part
                for part in ("asked: " + ", ".join(marks) if marks else "", did, f"{turn['first'] or 0:.1f} s")
                if part
            )
            + "*"
        )
        out.append("")
    return "\n".join(out)


def _file(model: str, character: str) -> Path:
    return Path("build/talk_quality") / model / f"{character}.json"


def _whole(model: str, character: str) -> bool:
    """Whether this visit was played to its end."""
    file = _file(model, character)
    return file.exists() and bool(json.loads(file.read_text())["whole"])


def _keeper(model: str, character: str) -> Callable[[list[Heard], bool], None]:
    def keep(turns: list[Heard], whole: bool) -> None:
        at, rows = time.strftime("%Y-%m-%d %H:%M", time.gmtime()), [turn.as_json() for turn in turns]
        text = json.dumps({"at": at, "whole": whole, "turns": rows}, indent=1, ensure_ascii=False)
        _file(model, character).write_text(text)
        if whole:
            Path("docs/transcripts").mkdir(parents=True, exist_ok=True)
            Path(f"docs/transcripts/{model}-{character}.md").write_text(transcript(model, character, at, rows))

    return keep


async def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--model", choices=["understudy", "local"], default="understudy")
    parser.add_argument("--data", type=Path, default=user_data_path("openroom", appauthor=False))
    parser.add_argument("--again", action="store_true", help="play visits again that were played already")
    parser.add_argument("--set", choices=list(SETS), help="only: the understudy on a set of requests")
    parser.add_argument("characters", nargs="*", default=[])
    asked = parser.parse_args()
    if asked.set:
        await understood(asked.set)
        return
    _file(asked.model, "any").parent.mkdir(parents=True, exist_ok=True)
    due = [one for one in asked.characters or CAST if asked.again or not _whole(asked.model, one)]
    model: Model = Understudy()
    if asked.model == "local" and due:
        model = LocalModel(folder=weights_folder(asked.data))
        await model.wait_ready(300)
    for character in due:
        print(character, flush=True)
        await play(model, character, 10 if asked.model == "understudy" else 0, _keeper(asked.model, character))
    if isinstance(model, LocalModel):
        await model.aclose()
    files = {one: _file(asked.model, one) for one in CAST}
    show(asked.model, {one: json.loads(file.read_text())["turns"] for one, file in files.items() if file.exists()})


if __name__ == "__main__":
    asyncio.run(main())
