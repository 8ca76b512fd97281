"""Visits in real rooms: a reminder that is followed until the character has said a few lines is not kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("gepa")

from benchmarks.plain_cards_set import frozen_cases, library
from openroom.evals.evaluator import Evaluator
from openroom.evals.player import Troupe
from openroom.models.scripted import ScriptedModel
from openroom.ports.model import ModelInfo, ModelRequest, prompt_text
from openroom.tuning.audit.chain import Chain
from openroom.tuning.audit.record import Hypothesis, RoundRecord
from openroom.tuning.audit.replay import replay
from openroom.tuning.audit.run_log import RunPlan
from openroom.tuning.audit.signed_heads import HeadKeeper
from openroom.tuning.edits import SetGuard
from openroom.tuning.proposals.operators import Proposal
from openroom.tuning.run import RunParts, default_objective, tune

CARD, WORD = "hesper_quill", "passenger"
REMINDER = "Remember the harbour light."
THINGS = ("lamp", "door", "kettle", "ladder", "bread", "clock", "bridge", "garden", "window", "cellar", "stove", "boat",
          "fence", "bell", "orchard", "well", "mirror", "saddle", "anchor", "basket")  # fmt: skip
STATES = ("needs paint again", "was dear to buy", "grows cold by noon", "creaks in every wind", "keeps me busy")
LINES = [f"The {thing} {state}" for thing in THINGS for state in STATES]


def model(lasting: int) -> ScriptedModel:
    """Follows the reminder until it has said so many lines itself."""

    def answer(request: ModelRequest) -> dict[str, Any]:
        text = prompt_text(request.messages)
        fresh = [line for line in LINES if line not in text]
        said = len(LINES) - len(fresh)
        line = fresh[len(text) % len(fresh)]
        follows = REMINDER in text and said < lasting
        return {"say": f"{line}, {WORD}." if follows else f"{line}.", "emotion": "calm", "do": []}

    return ScriptedModel([answer], piece=4000, info=ModelInfo("forgetful", "scripted"))


async def first_round(folder: Path, lasting: int) -> RoundRecord:
    """The first round of a run that is to try the reminder."""
    found = library()
    evaluator = Evaluator(Troupe(found, model(lasting)), frozen_cases(found, CARD))
    edit = SetGuard(name="reminder", value=REMINDER)
    tried = Proposal(edit, Hypothesis(dimension="voice", expected_delta=0.4, why="the form of address"), "player:ann")
    plan = RunPlan(CARD, rounds=1, calls=600, mode="auto", seed=1, name="visits", reflect=False)
    with Chain(folder / "log", HeadKeeper(folder / "heads")) as chain:
        parts = RunParts(evaluator, folder, evaluator.harness(), suggested=[tried])
        await tune(plan, parts, default_objective(CARD, evaluator.cases), chain)
        notes = [entry.body for entry in chain.entries if entry.kind == "note"]
    again = await replay(folder / "log", "visits")
    assert again.agrees
    return RoundRecord.model_validate(next(note["note"] for note in notes if note["kind"] == "round"))


async def test_what_is_followed_for_four_lines_is_thrown_away_and_what_lasts_is_kept(tmp_path: Path) -> None:
    fades, lasts = await first_round(tmp_path / "a", 4), await first_round(tmp_path / "b", 99)
    assert fades.gate.tests[0].verdict == lasts.gate.tests[0].verdict == "keep"
    assert (fades.gate.verdict, lasts.gate.verdict) == ("drop", "keep")
    (row,) = fades.gate.visits or ()
    assert row.verdict == "fades"
    assert row.by["address"][0] > 0.5 and row.by["address"][1] == 0.0
    assert "it fades" in fades.gate.reasons[-1]
    long = [one for one in fades.rollouts if one.split == "visit"]
    assert {one.case for one in long} == {"drafted/visit/voice"}  # the one that asks for the form of address too
    assert all(one.calls >= 12 for one in long)
