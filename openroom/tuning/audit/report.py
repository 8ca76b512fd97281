"""What the audit log says of runs and rounds, as JSON for pages and programs. Gate, holdout and trap texts stay sealed:
scores and names of cases leave, transcripts do not.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openroom.evals.stats import share
from openroom.tuning.audit.chain import Entry
from openroom.tuning.audit.record import PatchRow, RolloutRow, RoundRecord
from openroom.tuning.audit.run_log import ended, runs
from openroom.tuning.audit.tastings import Tastings
from openroom.tuning.governance.desk import evidence_against
from openroom.tuning.governance.states import Item
from openroom.tuning.live.runner import run_state
from openroom.tuning.rounds.objective import Objective

_SEALED = ("holdout", "report")
_DECIDED = (
    "governance",
    "later",
    "blind",
    "holdout",
    "holdout_answer",
    "holdout_off",
    "tasting",
    "tasting_answer",
)
_CHECKS = ("release", "rebuild")
"""Purposes of records that are of a checkpoint, not of a round."""
_STEPS = 12
_WINDOW = 20
_GRID_CASES = 400


@dataclass(slots=True)
class Log:
    """A log to look at: entries, and the desk's items by round. ``recorded``: it came with the package."""

    entries: Sequence[Entry]
    items: Mapping[str, Item] = field(default_factory=dict)
    recorded: bool = False
    _parsed: dict[str, RoundRecord] = field(default_factory=dict)

    def record(self, entry: Entry) -> RoundRecord:
        """The round of an entry."""
        if entry.hash not in self._parsed:
            self._parsed[entry.hash] = RoundRecord.model_validate(entry.body["note"])
        return self._parsed[entry.hash]

    def rounds(self, run: str = "") -> list[tuple[Entry, RoundRecord]]:
        """All rounds, or those of a run, oldest first."""
        found = [entry for entry in self.entries if entry.kind == "note" and entry.body.get("kind") == "round"]
        return [(entry, self.record(entry)) for entry in found if run in ("", entry.run)]

    def find(self, round_id: str) -> tuple[Entry, RoundRecord] | None:
        return next(
            (pair for pair in self.rounds(round_id.split("/", maxsplit=1)[0]) if pair[1].round_id == round_id), None
        )

    def state(self, record: RoundRecord) -> str:
        """Where a round stands now."""
        item = self.items.get(record.round_id)
        return item.state if item else record.states[-1]

    def run(self, name: str) -> Entry | None:
        """The entry that began a run."""
        return next((entry for entry in runs(self.entries) if entry.run == name), None)


# lists ---------------------------------------------------------------------------------------------------------------


def run_line(log: Log, begun: Entry) -> dict[str, Any]:
    rounds = log.rounds(begun.run)
    gates = [point["gate"]["value"] for point in curve(log, begun) if point["gate"]]
    end = ended(log.entries, begun.run)
    plan = begun.body["plan"]
    return {
        "run": begun.run,
        "character": plan["character"],
        "at": begun.at,
        "recorded": log.recorded,
        "state": run_state(log.entries, begun.run),
        "status": end.body["status"] if end else "",
        "why": _why_halted(log.entries, begun.run),
        "plan": plan,
        "model": begun.body["digests"].get("model", ""),
        "rounds": len([1 for _, record in rounds if record.purpose not in _CHECKS]),
        "kept": len([1 for _, record in rounds if record.kept_version and record.purpose not in _CHECKS]),
        "needs_you": len([1 for _, record in rounds if log.state(record) == "awaiting_approval"]),
        "gate": gates[-1] if gates else None,
        "spent": spent(log.entries, begun.run),
    }


def spent(entries: Iterable[Entry], run: str) -> dict[str, float]:
    """Calls and dollars of a run, from what each effect was recorded to have cost."""
    calls, usd = 0, 0.0
    for entry in entries:
        if entry.run == run and entry.kind == "outcome":
            outcome = entry.body["outcome"]
            for row in [*outcome.get("rows", ()), *([outcome] if "calls" in outcome else [])]:
                calls += int(row["calls"])
                usd += float(row["usd"])
    return {"calls": calls, "usd": round(usd, 6)}


def _why_halted(entries: Sequence[Entry], run: str) -> str:
    acts = [entry.body for entry in entries if entry.kind == "task" and entry.run == run]
    return str(acts[-1].get("why", "")) if acts else ""


# one run -------------------------------------------------------------------------------------------------------------


def run_body(log: Log, begun: Entry) -> dict[str, Any]:
    """A run with its steps, its curve, its lineage and its grid."""
    objective = Objective.model_validate(begun.body["objective"])
    return {
        **run_line(log, begun),
        "objective": objective_body(objective),
        "digests": begun.body["digests"],
        "steps": steps(log.entries, begun.run),
        "rounds_done": [round_line(log, entry, record) for entry, record in log.rounds(begun.run)],
        "curve": curve(log, begun),
        "lineage": lineage(log, begun),
        "grid": run_grid(log, begun),
    }


def objective_body(objective: Objective) -> dict[str, Any]:
    """What better means: for a page to put into words, and in plain English as it stands."""
    total = math.fsum(objective.weights.values())
    shares = {name: weight / total for name, weight in objective.weights.items()}
    return {
        **objective.model_dump(mode="json", exclude={"signature"}),
        "shares": shares,
        "digest": objective.digest,
        "words": objective.in_words(),
    }


def steps(entries: Sequence[Entry], run: str) -> list[dict[str, Any]]:
    """The last things a run did, newest last; one that has begun and not ended is ``open``."""
    mine = [entry for entry in entries if entry.run == run][-4 * _STEPS :]
    found: list[dict[str, Any]] = []
    for entry in mine:
        body = {"seq": entry.seq, "at": entry.at}
        if entry.kind == "reserve":
            kind, key = entry.body["kind"], entry.body["key"]
            cases = [row[1] for row in key.get("rollouts", ())]
            found.append({**body, "kind": kind, "cases": cases[:4], "of": key.get("operator", ""), "open": True})
        elif entry.kind == "outcome" and found and found[-1].get("open"):
            found[-1] |= {"open": False, **_came(entry.body["outcome"])}
        elif entry.kind == "note" and entry.body["kind"] == "round":
            note = entry.body["note"]
            found.append({**body, "kind": "round", "round": note["round_id"], "came": note["states"][-1]})
        elif entry.kind == "task":
            found.append({**body, "kind": "task", "came": entry.body["do"], "why": entry.body.get("why", "")})
    return [step for step in found if step["kind"] != "world"][-_STEPS:]


def _came(outcome: Mapping[str, Any]) -> dict[str, Any]:
    rows = outcome.get("rows")
    if rows is None:
        return {}
    passed = sum(min(row["scores"].values(), default=0.0) >= 1.0 for row in rows)
    return {"passed": passed, "played": len(rows)}


def round_line(log: Log, entry: Entry, record: RoundRecord) -> dict[str, Any]:
    """A round in the list of its run."""
    tests = record.gate.tests
    best = max(tests, key=lambda test: test.path[-1] if test.path else 0.0, default=None)
    return {
        "round": record.round_id,
        "number": record.number,
        "purpose": record.purpose,
        "at": entry.at,
        "state": log.state(record),
        "operator": record.operator,
        "dimensions": list(dict.fromkeys(one.dimension for one in record.hypotheses)),
        "edits": [{"op": row.op, "path": row.path} for row in record.patch],
        "gain": record.gate.gain if tests else None,
        "pairs": max((len(test.path) for test in tests), default=0),
        "e": best.path[-1] if best and best.path else None,
        "alpha": best.alpha if best else None,
        "calls": record.budget.spent_calls,
        "usd": record.budget.spent_usd,
        "reasons": [*record.gate.guards, *record.gate.reasons],
        "kept": bool(record.kept_version),
        "version": record.kept_version or record.candidate_version,
    }


def curve(log: Log, begun: Entry) -> list[dict[str, Any]]:
    """For each round: the share passed of the last 20 train plays, and of the gate plays of candidate and incumbent,
    each in the case's own dimension, with 95 % intervals."""
    dimensions = {row[0]: row[1] for row in begun.body["cases"]}
    points: list[dict[str, Any]] = []
    train: list[float] = []
    for entry in log.entries:
        if entry.run != begun.run:
            continue
        if entry.kind == "outcome":
            rows = entry.body["outcome"].get("rows", ())
            train += [row["scores"].get(dimensions[row["case"]], 0.0) for row in rows if row["split"] == "train"]
        elif entry.kind == "note" and entry.body["kind"] == "round":
            record = log.record(entry)
            if record.purpose in _CHECKS:
                continue
            gate = [row for row in record.rollouts if row.split == "gate"]
            points.append(
                {
                    "round": record.number,
                    "train": _interval(train[-_WINDOW:]),
                    "gate": _interval([_own(row, dimensions) for row in gate if row.arm == "candidate"]),
                    "incumbent": _interval([_own(row, dimensions) for row in gate if row.arm == "incumbent"]),
                    "kept": bool(record.kept_version),
                }
            )
    return points


def _own(row: RolloutRow, dimensions: Mapping[str, str]) -> float:
    return row.scores.get(dimensions.get(row.case, ""), 0.0)


def _interval(scores: Sequence[float]) -> dict[str, float] | None:
    if not scores:
        return None
    found = share(sum(score >= 1.0 for score in scores), len(scores))
    return {"value": found.value, "low": found.low, "high": found.high, "n": found.total}


def lineage(log: Log, begun: Entry) -> list[dict[str, Any]]:
    """The versions of a run, from its start: each with the version it was made from, and what became of it."""
    found = [{"version": begun.body["start"], "parent": "", "round": "", "state": "start", "edits": []}]
    for _, record in log.rounds(begun.run):
        if record.candidate_version and record.purpose != "release":
            edits = [f"{row.op} {row.path}" for row in record.patch]
            found.append(
                {
                    "version": record.candidate_version,
                    "parent": record.parent_version,
                    "round": record.round_id,
                    "state": log.state(record),
                    "edits": edits,
                }
            )
    return found


def run_grid(log: Log, begun: Entry) -> dict[str, Any]:
    """Per case and round: the mean score of what the round tried. Sealed splits are left out."""
    dimensions = {row[0]: (row[1], row[2]) for row in begun.body["cases"]}
    cells: dict[str, dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
    for _, record in log.rounds(begun.run):
        for row in record.rollouts:
            if row.arm == "candidate" and row.split not in _SEALED:
                cells[row.case][record.number].append(row.scores.get(dimensions.get(row.case, ("", ""))[0], 0.0))
    rows = [
        {
            "case": case,
            "dimension": dimensions.get(case, ("", ""))[0],
            "split": dimensions.get(case, ("", ""))[1],
            "scores": {str(number): _mean(scores) for number, scores in found.items()},
        }
        for case, found in sorted(cells.items())
    ]
    return {"rounds": sorted({number for found in cells.values() for number in found}), "cases": rows[:_GRID_CASES]}


def _mean(scores: Sequence[float]) -> float:
    return math.fsum(scores) / len(scores)


# one round -----------------------------------------------------------------------------------------------------------


def round_body(log: Log, entry: Entry, record: RoundRecord, begun: Entry) -> dict[str, Any]:
    """A round with everything that a decision rests on; what speaks against it comes first."""
    item = log.items.get(record.round_id)
    dimensions = {row[0]: row[1] for row in begun.body["cases"]}
    return {
        **round_line(log, entry, record),
        "character": record.character,
        "run": entry.run,
        "recorded": log.recorded,
        "against": list(item.against) if item else evidence_against(record),
        "why": [one.model_dump(mode="json") for one in record.hypotheses],
        "failures": [{"case": one.case, "flaws": [str(flaw) for flaw in one.flaws]} for one in record.failures],
        "changes": changes(record),
        "diff": [diff(row) for row in record.patch],
        "tests": [test.model_dump(mode="json") for test in record.gate.tests],
        "checks": [check.model_dump(mode="json", exclude_none=True) for check in record.static_checks],
        "grid": round_grid(record, dimensions),
        "states": list(record.states),
        "tokens": record.gate.tokens,
        "tier": record.tier,
        "budget": record.budget.model_dump(mode="json"),
        "digests": record.digests,
        "seeds": record.seeds,
        "visibility": record.visibility,
        "parent": record.parent_version,
        "patch_digest": record.patch_digest,
        "evidence_digest": record.evidence_digest,
        "rollback_tested": record.rollback.tested,
        "self_criticism": record.self_criticism,
        "record": entry.hash,
        "seq": entry.seq,
        "deadline": item.deadline if item else None,
        "proposer": item.proposer if item else record.operator,
        "approval": item.approval.model_dump(mode="json") if item and item.approval else None,
        "share": item.share if item else 0.0,
        "checked": item.checked if item else False,
        "holdout": {"state": item.holdout, "why": item.holdout_why} if item else None,
        "tasting": _tasted(log, item),
        "decisions": decisions(log.entries, record.round_id),
    }


def _tasted(log: Log, item: Item | None) -> dict[str, Any] | None:
    """The blind tasting of a candidate: what it says of the version that is released now, or said of the one before;
    its counts once it is over. Nothing where none is wanted and none was held."""
    if item is None:
        return None
    if item.tasting == "not_begun":
        return {"state": "not_begun"}
    tastings = Tastings()
    for entry in log.entries:
        tastings.take(entry)
    found = tastings.last(item.version)
    if found is None or (found.state == "open" and item.tasting == "not_needed"):
        return None
    body: dict[str, Any] = {"state": found.state, "judged": found.judged, "pairs": found.pairs, "alpha": found.alpha}
    return body if found.state == "open" else body | {"result": found.result()}


def decisions(entries: Iterable[Entry], round_id: str) -> list[dict[str, Any]]:
    """What was decided, and refused, about a round; oldest first."""
    found = []
    for entry in entries:
        mine = entry.body.get("round") == round_id and entry.kind in _DECIDED
        if mine or (entry.kind == "refused" and round_id in str(entry.body.get("what", ""))):
            act = entry.body.get("do") or _exam_act(entry)
            found.append({"at": entry.at, "by": entry.actor, "do": act, "why": str(entry.body.get("why", ""))})
    return found


def _exam_act(entry: Entry) -> str:
    if entry.kind in ("holdout_answer", "tasting_answer"):
        return f"{entry.kind.removesuffix('_answer')}_{'passed' if entry.body['passed'] else 'failed'}"
    return entry.kind


def changes(record: RoundRecord) -> list[dict[str, Any]]:
    """The mean change of each dimension over the round's short pairs (candidate minus the other arm), the worst first;
    what visits showed stands in the round's reasons."""
    by_play: dict[tuple[str, int], dict[str, RolloutRow]] = defaultdict(dict)
    for row in (one for one in record.rollouts if one.split != "visit"):
        by_play[row.case, row.seed]["candidate" if row.arm == "candidate" else "other"] = row
    found: dict[str, list[float]] = defaultdict(list)
    for arms in by_play.values():
        if len(arms) == 2:
            now, before = arms["candidate"].by_dimension, arms["other"].by_dimension
            for name in now.keys() & before.keys():
                found[name].append(now[name] - before[name])
    rows = [
        {"dimension": name, "mean": _mean(seen), "pairs": len(seen), "lost": sum(one < 0 for one in seen)}
        for name, seen in found.items()
    ]
    return sorted(rows, key=lambda row: (row["mean"], row["dimension"]))


def round_grid(record: RoundRecord, dimensions: Mapping[str, str]) -> list[dict[str, Any]]:
    """Per case: how each arm did, in the case's own dimension."""
    cells: dict[tuple[str, str], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for row in record.rollouts:
        if row.split not in _SEALED:
            cells[row.case, row.split][row.arm].append(_own(row, dimensions))
    return [
        {
            "case": case,
            "split": split,
            "dimension": dimensions.get(case, ""),
            "arms": {arm: {"mean": _mean(seen), "n": len(seen)} for arm, seen in arms.items()},
        }
        for (case, split), arms in sorted(cells.items())
    ]


def diff(row: PatchRow) -> dict[str, Any]:
    """An edit side by side: both sides as texts, and whether a person may reword it."""
    return {
        "op": row.op,
        "path": row.path,
        "before": as_text(row.before),
        "after": as_text(row.after),
        "editable": reword(row, as_text(row.after)) is not None,
    }


def as_text(value: Any) -> str:
    """A value of a patch for people to read."""
    if value is None:
        return ""
    if isinstance(value, dict) and "heard" in value:
        deed = f"\n→ {value['do']}" if value.get("do") else ""
        return f"{value['heard']}\n{value['say']}{deed}"
    if isinstance(value, dict) and "text" in value:
        return str(value["text"])
    if isinstance(value, list | tuple):
        return "\n".join(as_text(one) for one in value)
    return str(value)


def reword(row: PatchRow, text: str) -> dict[str, Any] | None:
    """The edit of a patch row with another text, as JSON; none where there is no text to change."""
    name = row.path.rpartition("/")[2]
    after = row.after if isinstance(row.after, dict) else {}
    if row.op in ("add_rule", "reword_rule"):
        return {"op": row.op, "id": name, "text": text}
    if row.op == "add_trigger_rule":
        return {"op": row.op, "id": name, "text": text, "after": after.get("after", {})}
    if row.op == "set_section":
        return {"op": row.op, "id": name, "text": text}
    if row.op == "set_menu_wording":
        return {"op": row.op, "verb": name, "text": text}
    if row.op == "set_guard" and name == "reminder":
        return {"op": row.op, "name": name, "value": text}
    if row.op == "add_example" and after:
        heard, _, say = text.partition("\n")
        shown = {key: after[key] for key in ("id", "emotion", "do") if key in after}
        return {"op": row.op, "example": {**shown, "heard": heard, "say": say.partition("\n→")[0]}}
    return None
