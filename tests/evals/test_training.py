"""Training data holds only what passed, pairs only replies to the same prompt, and the report owns up to gaps."""

from __future__ import annotations

import json

from openroom.evals.training import gather, training_cases, write
from openroom.models.scripted import ScriptedModel
from tests.evals.conftest import case, evaluator, reply


def hat_case(name: str, split: str = "train", line: str = "What do you wear?"):
    steps = [{"say": f"Vera, {line}", "as": "q"}]
    checks = [{"check": "fact", "fact": "hat", "of": "q"}]
    return case(id=name, cluster=name, split=split, steps=steps, checks=checks)


def by_seed(request) -> dict:
    """Right for one sampling seed in two; never when asked about shoes."""
    heard = request.cue.heard
    right = request.sampling.seed % 2 == 0 and "shoes" not in heard
    return reply("A green hat." if right else "Who knows?")


async def test_failures_become_chats_and_pairs_and_what_stays_open_is_said(library, tmp_path):
    run = evaluator(
        library,
        ScriptedModel([by_seed]),
        *(hat_case(f"case{n}") for n in range(6)),
        hat_case("shoes", line="What shoes do you wear?"),
        hat_case("sealed", "gate"),
    )
    cases = training_cases(run)
    assert "sealed" not in {one.id for one in cases}
    training = await gather(run, cases, run.harness(), samples=6)
    counts = write(training, tmp_path)
    chats = [json.loads(line) for line in (tmp_path / "chats.jsonl").read_text().splitlines()]
    assert counts["chats"] == len(chats) >= 1
    for chat in chats:
        assert chat["messages"][0]["role"] == "system"
        assert "green hat" in chat["messages"][-1]["content"]
        assert chat["messages"][-1]["role"] == "assistant"
    pairs = [json.loads(line) for line in (tmp_path / "pairs.jsonl").read_text().splitlines()]
    assert pairs
    for pair in pairs:
        assert "green hat" in pair["chosen"]
        assert "Who knows" in pair["rejected"]
        assert "sealed" not in json.dumps(pair)
    (gap,) = json.loads((tmp_path / "gaps.json").read_text())["gaps"]
    assert gap["cases"] == 7
    assert gap["open"] == ["shoes"]
    assert gap["covered"] == gap["failed"] - 1
