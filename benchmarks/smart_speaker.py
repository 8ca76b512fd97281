"""Who answers, as a model says, against the natural order: `python -m benchmarks.smart_speaker [--again]`.

Asks the local model once for each of the 120 situations of `benchmarks/speakers` (one token each, through the same code
as a room) and keeps what it said in build/smart_speaker.json; without `--again`, what is recorded is taken. It reports
the threshold that the half with odd numbers gives, and the accuracy of *smart* with it, of *natural*, and of the model
alone, on the half with even numbers. The natural order draws by an event's number; its accuracy is the mean over 40.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean
from typing import Any

from platformdirs import user_data_path
from ruamel.yaml import YAML

from openroom.cast.floor import NEVER, NEW_TOKENS, SURE, Floor, weighed
from openroom.cast.responders import responders
from openroom.core import setup
from openroom.core.actor import character_id
from openroom.core.event import Said
from openroom.core.scene import Scene
from openroom.core.state import State, World
from openroom.library.library import Library
from openroom.models.endpoint.wire import Timeouts
from openroom.models.local.engine import EngineSettings
from openroom.models.local.model import LocalModel
from openroom.models.local.options import LocalOptions
from openroom.models.local.weights import weights_folder
from openroom.ports.model import complete

Odds = Mapping[str, float]
SITUATIONS = Path(__file__).parent / "speakers"
RESULTS = Path("build/smart_speaker.json")
RECORDED = SITUATIONS / "answers.json"
"""What the default local model said on 2026-11-30."""
CASTS = {
    "tea": ("mira", "oskar", "yuki"),
    "radio": ("edda", "tobias"),
    "greenhouse": ("amparo", "pim"),
    "four": ("mira", "tobias", "amparo", "edda"),
}
VISITORS = ((0, "ann"), (1, "ben"))
DRAWS = 40


@dataclass(frozen=True, slots=True)
class Situation:
    """The last lines of a talk before a cast, and who may answer the last of them."""

    id: str
    cast: str
    kind: str
    talk: tuple[str, ...]
    who: frozenset[str]

    @property
    def calibrates(self) -> bool:
        return int(self.id[2:]) % 2 == 1

    @property
    def is_open(self) -> bool:
        """Whether anybody may answer, so that it tells nothing."""
        return self.who == set(CASTS[self.cast])


def situations() -> list[Situation]:
    """All of them, the languages and kinds in turn; each cast has a slot of its own, and is read once."""
    yaml = YAML(typ="safe")
    rows = [row for path in sorted(SITUATIONS.glob("*.yaml")) for row in yaml.load(path)]
    found = [Situation(r["id"], r["cast"], r["kind"], tuple(r["talk"]), frozenset(r["who"])) for r in rows]
    return sorted(found, key=lambda one: (int(one.id[2:]), one.id))


def world_of(library: Library, cast: str) -> World:
    """A room of that cast, without things."""
    body = {"format": 1, "id": cast, "title": "A Room", "line": "A room.", "description": "A room."}
    scene = Scene.model_validate({**body, "characters": [{"id": one} for one in CASTS[cast]]})
    return World(scene, {one: library.characters[one] for one in CASTS[cast]}, {})


def state_of(world: World, talk: Sequence[str], first: int) -> tuple[State, list[Said]]:
    """The room when the last line is said, and the lines, numbered from ``first``."""
    fresh = setup.initial(world)
    visitors = {who: {"kind": "player", "name": who.title(), "order": 9 + n, "here": True} for n, who in VISITORS}
    people = {**fresh.people, **{f"player:{who}": one for who, one in visitors.items()}}
    visits = {who: {"1": 0} for who in people}
    shared = {**fresh.shared, "people": people}
    shared["run"] = {**fresh.shared["run"], "responders": "smart"}
    said = []
    for at, line in enumerate(talk):
        who, _, text = line.partition(": ")
        actor = f"player:{who}" if who in visitors else character_id(who)
        said.append(Said(seq=first + at, at=0, actor=actor, text=text))
    return State(first + len(talk), shared, {"visits": visits, "head": first + len(talk)}), said


def naturally(world: World, one: Situation) -> float:
    """How often the natural order picks somebody who may answer."""
    right = 0
    for draw in range(DRAWS):
        state, said = state_of(world, one.talk, 20 + 7 * draw)
        chosen = responders(said[-1], state, world, [line.actor for line in said[:-1]])
        right += bool(chosen) and chosen[0].removeprefix("character:") in one.who
    return right / DRAWS


async def ask(model: LocalModel, library: Library, one: Situation) -> dict[str, Any]:
    """What the model says, and what it cost."""
    world = world_of(library, one.cast)
    state, said = state_of(world, one.talk, 20)
    floor = Floor(one.cast)
    floor.hear(said[:-1], state)
    floor.hear(said[-1:], state)
    among = [character_id(who) for who in CASTS[one.cast]]
    request = floor.request(world, among)
    assert request is not None
    begun = time.perf_counter()
    text, usage = await complete(model, request)
    odds = {among[request.choices.index(key)].removeprefix("character:"): share for key, share in usage.odds.items()}
    ms = round((time.perf_counter() - begun) * 1000)
    return {"odds": odds, "said": text, "prompt": usage.prompt, "read": usage.prompt - usage.cached, "ms": ms}


async def leaning(model: LocalModel, library: Library, cast: str) -> dict[str, float]:
    """To whom the model leans where nothing has been said; it has read the cast then."""
    request = Floor(cast).request(world_of(library, cast))
    assert request is not None
    _, usage = await complete(model, replace(request, purpose="pick"))
    return {CASTS[cast][request.choices.index(key)]: share for key, share in usage.odds.items()}


async def ask_all(rows: Sequence[Situation], library: Library, wish: argparse.Namespace) -> dict[str, Any]:
    """What was said of each, asked anew where it is not known yet."""
    kept = RESULTS if RESULTS.exists() else RECORDED
    known = {} if wish.again else json.loads(kept.read_text())
    if all(one.id in known for one in rows) or wish.known:
        return known
    # On a machine that is at work, two threads that wait for each other are slower than one.
    engine = EngineSettings(threads=wish.threads, nice=0)
    timeouts = Timeouts(first=900.0, between=900.0, total=1800.0)
    options = LocalOptions(engine=engine, states_mb=0, timeouts=timeouts)
    model = LocalModel(folder=weights_folder(wish.data), options=options)
    try:
        await model.wait_ready(600)
        for cast in CASTS:
            if cast not in known:
                known[cast] = await leaning(model, library, cast)
        for one in rows:
            if one.id not in known:
                known[one.id] = await ask(model, library, one)
                RESULTS.parent.mkdir(exist_ok=True)
                RESULTS.write_text(json.dumps(known, indent=1))
    finally:
        await model.aclose()
    return known


def smartly(odds: Mapping[str, float], one: Situation, natural: float, threshold: float) -> float:
    """Whether *smart* picks somebody who may answer; where it is not sure, as often as the natural order does."""
    best = max(odds, key=lambda who: odds[who], default="")
    return float(best in one.who) if best and odds[best] >= threshold else natural


def threshold_of(rows: Sequence[Situation], odds: Mapping[str, Odds], natural: Mapping[str, float]) -> float:
    """The threshold with which *smart* is most often right; of equals the highest, and `NEVER` where none helps."""
    seen = sorted({round(max(odds[one.id].values()), 3) for one in rows if odds[one.id]})
    score = {at: sum(smartly(odds[one.id], one, natural[one.id], at) for one in rows) for at in (*seen, NEVER)}
    best = max(score.values())
    return max(at for at, value in score.items() if value >= best - 1e-9)


def report(rows: Sequence[Situation], said: Mapping[str, Any], natural: Mapping[str, float]) -> None:
    """The tables: as the model says it, and against whom it leans to anyway (as rooms do where they know it)."""
    told = [one for one in rows if not one.is_open and one.id in said]
    print(f"{len(said) - len(CASTS)} of {len(rows)} situations asked; in force: {dict(SURE)}")
    for name, lean in (("as it says", False), ("against its leaning", True)):
        odds = {one.id: weighed(said[one.id]["odds"], said[one.cast] if lean else {}) for one in told}
        table(name, told, odds, natural)
    read = sorted(said[one.id]["read"] for one in told)
    print(f"new tokens read: median {read[len(read) // 2]}, most {read[-1]} (bound: {NEW_TOKENS})")


def table(name: str, told: Sequence[Situation], odds: Mapping[str, Odds], natural: Mapping[str, float]) -> None:
    """One table, with the threshold that the calibration half gives."""
    at = threshold_of([one for one in told if one.calibrates], odds, natural)
    print(f"\n{name}: threshold {'none: never' if at == NEVER else f'{at:.3f}'}")
    print(f"{'':22} {'n':>4} {'natural':>8} {'model alone':>12} {'smart':>7} {'model decides':>14}")
    for group, some in groups(told).items():
        by_model = [smartly(odds[one.id], one, natural[one.id], 0.0) for one in some]
        smart = [smartly(odds[one.id], one, natural[one.id], at) for one in some]
        decides = [float(max(odds[one.id].values(), default=0.0) >= at) for one in some]
        row = [mean([natural[one.id] for one in some]), *map(mean, (by_model, smart, decides))]
        print(f"{group:22} {len(some):4} {row[0]:8.1%} {row[1]:12.1%} {row[2]:7.1%} {row[3]:14.1%}")


def groups(told: Sequence[Situation]) -> dict[str, list[Situation]]:
    """The halves, and the held-out one by kind and by language."""
    held = [one for one in told if not one.calibrates]
    found = {"calibration half": [one for one in told if one.calibrates], "held-out half": held}
    for kind in sorted({one.kind for one in held}):
        found[f"  {kind}"] = [one for one in held if one.kind == kind]
    for code in sorted({one.id[:2] for one in held}):
        found[f"  {code}"] = [one for one in held if one.id.startswith(code)]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--again", action="store_true", help="ask the model anew")
    data = user_data_path("openroom", appauthor=False)
    parser.add_argument("--data", type=Path, default=data, help="the data folder, whose models are used")
    parser.add_argument("--known", action="store_true", help="ask nothing: report what is known")
    parser.add_argument("--threads", type=int, default=0, help="of the engine; 0: one a core")
    wish = parser.parse_args()
    rows, library = situations(), Library([Path("characters")], [Path("scenes")])
    worlds = {cast: world_of(library, cast) for cast in CASTS}
    natural = {one.id: naturally(worlds[one.cast], one) for one in rows}
    report(rows, asyncio.run(ask_all(rows, library, wish)), natural)


if __name__ == "__main__":
    main()
