"""The benchmark on real rooms: gepa makes proposals there, and case means are over the plays of a case."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from openroom.evals.cache import PlayCache
from openroom.evals.case import Case
from openroom.evals.caseset import CaseSet
from openroom.evals.evaluator import Evaluator
from openroom.evals.player import Troupe
from openroom.library.library import Library
from openroom.models.scripted import ScriptedModel
from openroom.ports.model import ModelRequest, prompt_text

pytest.importorskip("gepa")

from benchmarks.optimizer_local import case_means, kept_rounds, paired
from benchmarks.optimizer_local_gepa import SECTION, run_gepa

HOUSE = Path(__file__).resolve().parent.parent / "room" / "house"
GOOD = "When asked what you wear, name the hat."


def player(request: ModelRequest) -> dict[str, Any] | str:
    """Answers about the hat only when told so; as the one who reflects, it says what was missing."""
    if request.purpose == "propose":
        return f"```\n{GOOD}\n```"
    say = "A green hat, guest." if GOOD in prompt_text(request.messages) else "I would not know."
    return {"say": say, "emotion": "calm", "do": []}


def hat_case(name: str, split: str) -> Case:
    steps = [{"say": f"What do you wear, Vera? I am number {name}.", "as": "q"}]
    checks = [{"check": "fact", "fact": "hat", "of": "q"}]
    body = {"id": name, "dimension": "facts", "cluster": name, "split": split, "steps": steps, "checks": checks}
    return Case.model_validate(body)


def hat_evaluator(cache: Path, model: ScriptedModel) -> Evaluator:
    found = [hat_case(f"{split}{n}", split) for split in ("train", "gate") for n in range(3)]
    cases = CaseSet("vera", {one.id: one for one in found}, {one.id: one.split for one in found if one.split})
    library = Library([HOUSE / "characters"], [HOUSE / "scenes"])
    return Evaluator(Troupe(library, model), cases, cache=PlayCache(cache))


async def test_gepa_rewrites_a_section_in_real_rooms(tmp_path: Path) -> None:
    best, spent = await run_gepa(hat_evaluator(tmp_path / "cache", ScriptedModel([player])), 20, 0, tmp_path / "run")
    assert best.sections[SECTION] == GOOD
    assert (spent["own_score_of_card"], spent["own_score"]) == (0.0, 1.0)
    assert spent["candidates"] == 2 and spent["calls"] >= 20


async def test_gepa_goes_on_where_it_was_stopped_without_a_call(tmp_path: Path) -> None:
    first = await run_gepa(hat_evaluator(tmp_path / "cache", ScriptedModel([player])), 20, 0, tmp_path / "run")
    with (tmp_path / "run" / "reflections.jsonl").open("a", encoding="utf-8") as file:
        file.write('["9:torn')  # killed while it wrote
    silent = ScriptedModel([])
    assert await run_gepa(hat_evaluator(tmp_path / "cache", silent), 20, 0, tmp_path / "run") == first
    assert not silent.requests


def row(case: str, score: float) -> dict[str, Any]:
    return {"case": case, "dimension": "voice", "score": score}


def test_the_gain_is_that_of_the_means_over_plays() -> None:
    before = {"results": [row("a", 0.0), row("b", 1.0), row("a", 1.0), row("b", 1.0)]}
    after = {"results": [row("a", 1.0), row("b", 1.0), row("a", 1.0), row("b", 1.0)]}
    assert case_means(before) == {("voice", "a"): 0.5, ("voice", "b"): 1.0}
    gain, low, high = paired(before, after)
    assert gain == pytest.approx(0.25) and (low, high) == (0.0, 0.5)


def test_what_a_run_kept_is_told_with_its_patch_and_its_tests() -> None:
    def note(number: int, state: str, purpose: str = "improve") -> dict[str, Any]:
        patch = [{"op": "set_guard", "path": "guards/max_sentences", "before": 3, "after": 2}]
        tests = [{"name": "voice", "path": [1.2, 1.5], "mean": 0.5}]
        body = {"round_id": f"r/{number}", "purpose": purpose, "states": ["draft", state], "patch": patch}
        return {"kind": "round", "note": {**body, "gate": {"tests": tests}}}

    notes = [note(0, "rejected"), note(1, "auto_kept"), note(2, "auto_kept", "release"), {"kind": "else", "note": {}}]
    (kept,) = kept_rounds(notes)
    assert kept["round"] == "r/1" and kept["patch"] == {"guards/max_sentences": 2}
    assert kept["tests"] == {"voice": {"pairs": 2, "mean": 0.5}}
