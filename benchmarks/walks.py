"""Two walks through the house: which modules a value passes, in order, and how often it comes back to one it had left.

    python -m benchmarks.walks [reply|edit]
    PYTHONPATH=CHECKOUT python benchmarks/walks.py     # of another checkout of openroom

``reply`` follows a visitor's line and the answer to it from the model's stream to the event that is published; ``edit``
a proposed edit through checks, screen, gate, guards, record, checkpoint, approval, canary and holdout to its release.

A call counts when it is handed the value: an argument says a word of it (its text, its digest, its id), was made by a
call that had been handed it, or holds such a thing. A call site counts once, so a loop is walked once. Calls in a row
into one module are a *stay*; a *return* is a stay in a module that was left before. Calls into ``core`` are counted
apart: every module works with its values. Caches are emptied first: an answer that lies ready hides the way to it.
"""

from __future__ import annotations

import argparse
import asyncio
import dis
import functools
import importlib
import itertools
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from pathlib import Path
from textwrap import shorten
from types import FrameType, SimpleNamespace
from typing import Any
from unittest.mock import patch

from pydantic import BaseModel

Call = tuple[str, str]  # a module (its file below the package) and a function
GROUND = ("core/", "tuning/edits", "language/text")  # and what was core once
#: What is followed of the answer, as it stands within one piece of the stream: "Then let there be a little light." and,
#: of older checkouts, "I'll light the lamp, Ann."
ANSWERS = ("tle light.", "lamp, an")
#: Where the house may keep the modules that the walks set up.
PACKAGES = "core models models.understudy room lobby cast optimizer tuning tuning.proposals tuning.rounds tuning.audit"
PACKAGES += " tuning.governance"


@functools.cache
def house(name: str) -> Any:
    """A class or function of the house, named as ``module.name``; ``module|module.name|name`` where it was renamed."""
    modules, _, names = name.partition(".")
    for package, module, one in itertools.product(PACKAGES.split(), modules.split("|"), names.split("|")):
        try:
            return getattr(importlib.import_module(f"openroom.{package}.{module}"), one)
        except (ModuleNotFoundError, AttributeError):
            continue
    raise LookupError(f"expected {names} in a module {modules} of one of the packages {PACKAGES}")


@dataclass(frozen=True, slots=True)
class Stay:
    """Calls in a row into one module."""

    module: str
    functions: tuple[str, ...]


def stays(calls: Iterable[Call], ground: tuple[str, ...] = ()) -> list[Stay]:
    """The calls, gathered while they stay in a module; those into the ``ground`` are left out."""
    rows = itertools.groupby((call for call in calls if not call[0].startswith(ground)), lambda call: call[0])
    return [Stay(module, tuple(dict.fromkeys(function for _, function in row))) for module, row in rows]


def returns(walk: Sequence[Stay]) -> int:
    """Stays in a module that was left before."""
    return len(walk) - len({stay.module for stay in walk})


def told(name: str, calls: Sequence[Call]) -> str:
    """A walk as a list, a line a stay; an arrow marks a return."""
    walk, every = stays(calls, GROUND), stays(calls)
    head = f"{name}: {len(walk)} stays, {len(walk) - returns(walk)} modules, {returns(walk)} returns"
    lines = [f"{head} (with core: {len(every)} stays, {returns(every)} returns)"]
    for number, stay in enumerate(walk):
        again = "<- " if returns(walk[: number + 1]) > returns(walk[:number]) else ""
        functions = shorten(", ".join(stay.functions), 90, placeholder=" ...")
        lines.append(f"{number + 1:3} {again}{stay.module}: {functions}")
    return "\n".join(lines)


class Follower:
    """Notes the calls that are handed a value, from `begin` to that of the function ``until`` (none: to the end)."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self._root = f"{Path(importlib.import_module('openroom').__file__ or '').parent}/"
        self._words: tuple[str, ...] = ()
        self._until = ""
        self._made: dict[int, object] = {}  # by id; held, so that an id stays one thing's
        self._handed: dict[int, bool] = {}
        self._sites: set[tuple[object, int, object]] = set()

    def begin(self, *words: str, until: str = "") -> None:
        """Follow what says one of the words."""
        self._words, self._until = words, until
        for module in [loaded for name, loaded in sys.modules.items() if name.startswith("openroom.")]:
            for one in vars(module).values():
                if isinstance(one, functools._lru_cache_wrapper):
                    one.cache_clear()
        sys.setprofile(self._profile)

    def _profile(self, frame: FrameType, event: str, result: object) -> None:
        code = frame.f_code
        if not code.co_filename.startswith(self._root) or code.co_name.endswith(("comp>", "genexpr>")):
            return
        step, how = dis.opname[code.co_code[frame.f_lasti]], code.co_code[frame.f_lasti + 1]
        if event == "call" and step == "RESUME" and not how & 3:  # it begins; after an await it only goes on
            self._handed[id(frame)] = any(map(self._is_held_by, frame.f_locals.values()))
            if self._handed[id(frame)]:
                self._note(frame)
        elif event == "return" and step.startswith("RETURN") and self._handed.get(id(frame)):
            self._made[id(result)] = result

    def _note(self, frame: FrameType) -> None:
        caller = frame.f_back
        while caller is not None and not caller.f_code.co_filename.startswith(self._root):
            caller = caller.f_back
        site = caller and caller.f_code, caller.f_lineno if caller else 0, frame.f_code
        if site not in self._sites:
            self._sites.add(site)
            module = frame.f_code.co_filename.removeprefix(self._root).removesuffix(".py")
            self.calls.append((module, frame.f_code.co_qualname.replace("<locals>.", "")))
        if frame.f_code.co_qualname == self._until:
            sys.setprofile(None)

    def _is_held_by(self, one: object, depth: int = 4) -> bool:
        if isinstance(one, str | bytes):
            text = one.decode(errors="replace") if isinstance(one, bytes) else one
            return any(word in text.lower() for word in self._words)
        if id(one) in self._made and one and not isinstance(one, int | float | Enum | type):  # one like no other
            return True
        return depth > 0 and any(self._is_held_by(part, depth - 1) for part in _parts(one))


def _parts(one: object) -> Iterable[object]:
    """What a value consists of; anything else is a place, and not looked into."""
    if isinstance(one, Mapping):
        return (*one.keys(), *one.values())
    if isinstance(one, list | tuple | set | frozenset):
        return one
    if isinstance(one, house("character.Character")):
        return ()  # where its author wrote the line
    if isinstance(one, BaseModel):
        return vars(one).values()
    return [getattr(one, field.name, None) for field in fields(one)] if is_dataclass(one) else ()


async def reply(follower: Follower, _folder: Path) -> None:
    """The understudy in the tea room lights the lamp, and says so."""

    class Speaker(house("understudy.Understudy")):  # type: ignore[misc]
        def stream(self, request: Any) -> Any:
            follower.begin("zeppelin", *ANSWERS, until="Feed.publish")
            return super().stream(request)

    settings = house("lobby.LobbySettings")(watch=False, director=house("director.DirectorSettings")(greet=False))
    async with house("lobby.Lobby")(settings=settings, model=Speaker()) as lobby:
        room = await lobby.open("tea_room")
        async with room.join("Ann") as ann:
            await ann.say("My zeppelin is late. Could you light the lamp?")
            await lobby.directors["tea_room"].settled()
    assert follower.calls[-1][1] == "Feed.publish", f"expected an answer with one of {ANSWERS} to be published"


class Stage:
    """An arena where a version with a rule passes, and any other the traps only."""

    def cases(self, split: str) -> Sequence[Any]:
        dimension = "safety" if split == "trap" else "warmth"
        return [
            house("arena.ArenaCase|Case")(f"{dimension}/{split}/{number}", dimension, split) for number in range(10)
        ]

    def digests(self) -> Mapping[str, str]:
        return {"model": "stage"}

    def cost(self, _case_id: str) -> Any:
        return house("arena.Cost")(1)

    async def evaluate(self, harness: Any, case_id: str, seed: int) -> Any:
        dimension = case_id.partition("/")[0]
        passed = dimension == "safety" or bool(harness.rules)
        return house("arena.Rollout")({dimension: float(passed)}, f"{case_id} {seed}")


async def edit(follower: Follower, folder: Path) -> None:
    """A rule that helps, in a run that waits for a person with all that it keeps."""
    start, rule = house("harness.Harness")(), house("edits.AddRule")(id="tea", text="Offer the zeppelin tea.")
    version = house("edits.apply_edit")(start, rule)

    async def propose(context: Any) -> Any:
        hypothesis = house("record.Hypothesis")(dimension=context.dimension, why="guests are cold")
        follower.begin("zeppelin", version.digest, "walk/0/improve")
        return house("operators.Answer")(house("operators.Proposal")(rule, hypothesis, "one rule"))

    with house("chain.Chain")(folder / "log", house("heads|signed_heads.HeadKeeper")(folder / "heads")) as chain:
        run = house("loop.Optimizer")(
            Stage(),
            house("journal.ChainJournal")(chain, "walk"),
            [SimpleNamespace(name="one rule", cost=house("arena.Cost")(0), propose=propose)],
            house("objective.Objective")(character="mira", weights={"warmth": 1.0}, locked=("safety",)),
            start,
            budget=house("budget.RunBudget|Budget")(),
            settings=house("loop.LoopSettings")(run="walk", rounds=1, mode="suggest"),
            static_check=house("static_checks.StaticChecks")(start=start),
        )
        await run.run()
        await _release(chain, version, start)


async def _release(chain: Any, version: Any, start: Any) -> None:
    """A person's yes, a canary, and the release of what has passed the holdout."""
    desk = house("desk.Desk")(chain, ["ann"], lambda: 0.0)
    (item,) = desk.items("awaiting_approval")
    seen = {"patch_digest": item.patch_digest, "evidence_digest": item.evidence_digest}
    desk.approve(house("states.Approval")(round_id=item.round_id, **seen, by="ann", at=0.0, expires=1.0))
    desk.start_canary(item.round_id, 0.5, "ann")
    question = house("exam.Question")(item.round_id, version, start, desk.active("mira").released, "ann")
    await house("exam.Exam")(Stage(), chain, 0).hold(
        question, house("budget.RunBudget|Budget")(), lambda: asyncio.sleep(0)
    )
    why = "Nobody has tasted it; the walk is to go on."
    assert desk.release(item.round_id, "ann", why).state == "released"


async def _at_once(call: Callable[..., Any], *args: Any, **named: Any) -> Any:
    return call(*args, **named)


def walked(name: str) -> list[Call]:
    """The calls of a walk; all in one thread, so that there is one order."""
    follower = Follower()
    with patch.object(asyncio, "to_thread", _at_once), tempfile.TemporaryDirectory() as folder:
        try:
            asyncio.run({"reply": reply, "edit": edit}[name](follower, Path(folder)))
        finally:
            sys.setprofile(None)
    return follower.calls


def main() -> int:
    """Print the walks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("walks", nargs="*", default=["reply", "edit"], help="reply, edit (both if none is named)")
    for name in parser.parse_args().walks:
        print(told(name, walked(name)), end="\n\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
