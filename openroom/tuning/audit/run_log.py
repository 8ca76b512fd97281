"""Where tuning writes things down, and what an entry ``run`` says of the run that it begins.

All runs of a data folder share one audit log under ``tuning/log``; its signed heads lie apart, under
``tuning/heads``. An entry ``run`` holds everything that a resumed run and a replay need and a model does not give: the
plan, the objective, the starting version, operators, cases with their costs, what is sealed, and the notes read.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from openroom.core.harness import canonical
from openroom.errors import SettingsError
from openroom.tuning.audit.chain import Chain, Entry
from openroom.tuning.audit.record import Hypothesis
from openroom.tuning.audit.signed_heads import HeadKeeper
from openroom.tuning.edits import parse_edit
from openroom.tuning.proposals.operators import Proposal
from openroom.tuning.rounds.criticism import Criticism, load_notes
from openroom.tuning.rounds.objective import Objective
from openroom.tuning.rounds.prior import Prior
from openroom.tuning.rounds.settings import LoopSettings

LOG, HEADS, NOTES = "tuning/log", "tuning/heads", "tuning/notes"
KEPT_MARK = "audit mark"
"""The key under which the store keeps the mark of the log, apart from the files."""


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What a run is asked to do. ``calls`` and ``usd`` are hard limits; ``name`` continues (or names) a run."""

    character: str
    rounds: int = 20
    calls: int = 500
    usd: float = math.inf
    mode: Literal["suggest", "auto"] = "suggest"
    seed: int = 0
    name: str = ""
    bundle: int = 1
    remember: bool = True
    reflect: bool = True


def log_folder(data: Path) -> Path:
    """The folder of the audit log."""
    return data / LOG


def heads_of(data: Path) -> HeadKeeper:
    """The keeper of the signed heads, apart from the log."""
    return HeadKeeper(data / HEADS)


def open_chain(data: Path, clock: Callable[[], float] = time.time) -> Chain:
    """The audit log, opened for writing. Raises `StoreLocked` and `StoreCorrupt`."""
    return Chain(log_folder(data), heads_of(data), clock)


def runs(entries: Sequence[Entry], character: str = "") -> list[Entry]:
    """The entries that began a run, oldest first."""
    begun = [entry for entry in entries if entry.kind == "run"]
    return [entry for entry in begun if character in ("", entry.body["plan"]["character"])]


def ended(entries: Sequence[Entry], run: str) -> Entry | None:
    """The entry that ended a run, if it has ended."""
    return next((entry for entry in entries if entry.kind == "run_end" and entry.run == run), None)


def unfinished(chain: Chain, plan: RunPlan) -> Entry | None:
    """The run to go on with: that of the plan's name, else the last one of the character if it has not ended. Raises
    `SettingsError` for a name whose run has ended."""
    mine = runs(chain.entries, plan.character)
    if plan.name:
        named = next((entry for entry in mine if entry.run == plan.name), None)
        if named is not None and ended(chain.entries, named.run):
            raise SettingsError(f"run {plan.name} has ended; name another, or leave the name out for a new one")
        return named
    last = mine[-1] if mine else None
    return last if last is not None and ended(chain.entries, last.run) is None else None


def begin(chain: Chain, plan: RunPlan, body: Mapping[str, Any], start: bytes) -> Entry:
    """Write down that a run begins, on the version whose bytes are ``start``."""
    digest = chain.put_blob(start)
    whole = {"plan": _plan_body(plan), "start": digest, **body}
    name = plan.name or f"{plan.character}-{len(runs(chain.entries, plan.character)) + 1}"
    return chain.append("run", json.loads(canonical(whole)), run=name, blobs=[digest])


def _plan_body(plan: RunPlan) -> dict[str, Any]:
    body: dict[str, Any] = {
        "character": plan.character,
        "rounds": plan.rounds,
        "calls": plan.calls,
        "mode": plan.mode,
        "seed": plan.seed,
        "bundle": plan.bundle,
        "remember": plan.remember,
    }
    return body if math.isinf(plan.usd) else {**body, "usd": plan.usd}


def objective_key(data: Path) -> bytes:
    """What objectives are signed with: a key of the log's own, which outlives the one of sessions."""
    return heads_of(data).own_key("objective")


def signed_objective(entries: Sequence[Entry], character: str, *keys: bytes) -> Objective | None:
    """The objective that an operator signed last, if any did. Raises `AccessError` when its signature holds under none
    of the keys."""
    for entry in reversed(entries):
        if entry.kind == "objective" and entry.body["objective"]["character"] == character:
            found = Objective.model_validate(entry.body["objective"])
            found.check(*keys)
            return found
    return None


def run_settings(begun: Entry) -> LoopSettings:
    """The loop's settings of a run."""
    plan = begun.body["plan"]
    return LoopSettings(
        run=begun.run,
        seed=plan["seed"],
        rounds=plan["rounds"],
        mode=plan["mode"],
        bundle=plan["bundle"],
        remember=plan["remember"],
        guard_cases=int(begun.body.get("guard_cases", 0)),  # an older run has none, and replays as it was
        beside="guard_cases" in begun.body,
        rebuild="rebuild" in begun.body,
        headroom="headroom" in begun.body,
        stack="stack" in begun.body,
        again="again" in begun.body,
        first_look=int(begun.body.get("first_look", 1)),
        at_hand=int(begun.body.get("at_hand", 1)),
        screen=int(begun.body.get("screen", 1)),
        patience=float(begun.body.get("patience", 1.0)),
        visits=int(begun.body.get("visits", 0)),
        prior=Prior.of_body(begun.body.get("prior", {})),
        favour={str(name): float(keeps) for name, keeps in begun.body.get("favour", {}).items()},
    )


def run_limits(begun: Entry) -> tuple[int, float]:
    """Calls and dollars that a run may spend."""
    plan = begun.body["plan"]
    return int(plan["calls"]), float(plan.get("usd", math.inf))


def run_notes(begun: Entry) -> Criticism:
    """The notes that a run began with."""
    notes = begun.body["notes"]
    return load_notes("\n".join(json.dumps(note) for note in notes), [str(note["record_hash"]) for note in notes])[0]


def run_suggested(begun: Entry) -> list[Proposal]:
    """The proposals that a run began with (from a person)."""
    return [
        Proposal(parse_edit(raw["edit"]), Hypothesis.model_validate(raw["hypothesis"]), str(raw["operator"]))
        for raw in begun.body["suggested"]
    ]


def suggested_body(proposals: Sequence[Proposal]) -> list[dict[str, Any]]:
    """The inverse of `run_suggested`."""
    return [
        {
            "edit": one.edit.model_dump(mode="json", exclude_none=True),
            "hypothesis": one.hypothesis.model_dump(mode="json"),
            "operator": one.operator,
        }
        for one in proposals
    ]


def notes_file(data: Path, character: str) -> Path:
    """The memory file of self-criticism, a note in JSON a line."""
    return data / NOTES / f"{character}.jsonl"


def read_notes(data: Path, character: str, entries: Sequence[Entry]) -> tuple[Criticism, list[str]]:
    """The memory file: notes whose record is in the log, and why the other lines were not taken."""
    path = notes_file(data, character)
    if not path.is_file():
        return Criticism(), []
    return load_notes(path.read_text(encoding="utf-8"), [entry.hash for entry in entries])


def write_notes(data: Path, character: str, criticism: Criticism) -> None:
    """Keep the notes for later runs, in one step."""
    path = notes_file(data, character)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text("".join(f"{note.model_dump_json()}\n" for note in criticism.notes), encoding="utf-8")
    fresh.replace(path)
