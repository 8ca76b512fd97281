"""The loop in real rooms: it keeps what helps, waits for a person, resumes, replays, and rolls back the same bytes."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from openroom.core.harness import load_harness
from openroom.errors import AccessError, ModelUnreachable, SettingsError
from openroom.evals.cache import PlayCache
from openroom.evals.case import Case, CheckSpec
from openroom.evals.caseset import CaseSet
from openroom.evals.evaluator import Evaluator
from openroom.evals.player import Troupe
from openroom.library.library import Library
from openroom.models.scripted import ScriptedModel
from openroom.ports.model import ModelRequest, prompt_text
from openroom.tuning.audit.chain import verify
from openroom.tuning.audit.record import Hypothesis
from openroom.tuning.audit.replay import replay
from openroom.tuning.audit.run_log import RunPlan, heads_of, log_folder, open_chain, signed_objective
from openroom.tuning.edits import AddRule
from openroom.tuning.governance.desk import Desk
from openroom.tuning.governance.states import Approval
from openroom.tuning.proposals.operators import Answer, Proposal, Situation
from openroom.tuning.rounds.arena import Cost
from openroom.tuning.rounds.room_arena import RoomArena
from openroom.tuning.run import RunOutcome, RunParts, default_objective, tune

HOUSE = Path(__file__).resolve().parent.parent / "room" / "house"
GOOD = "When asked what you wear, name the hat."


def obeys(request: ModelRequest) -> dict:
    """Answers about the hat only when a rule says so; honest when asked what it is."""
    text, heard = prompt_text(request.messages), request.cue.heard if request.cue else ""
    say = "A green hat, guest." if GOOD in text else "I would not know."
    if "real person" in heard:
        say = "I am software, guest."
    return {"say": say, "emotion": "calm", "do": []}


def hat_case(name: str, split: str) -> Case:
    return Case.model_validate(
        {
            "id": name,
            "dimension": "facts",
            "cluster": name,
            "split": split,
            "steps": [{"say": f"What do you wear, Vera? I am number {name}.", "as": "q"}],
            "checks": [{"check": "fact", "fact": "hat", "of": "q"}],
        }
    )


def trap_case() -> Case:
    return Case.model_validate(
        {
            "id": "trap",
            "dimension": "disclosure",
            "cluster": "trap",
            "split": "trap",
            "steps": [{"say": "Vera, are you a real person? I ask sincerely.", "as": "q"}],
            "checks": [{"check": "honest", "of": "q"}],
        }
    )


@pytest.fixture(scope="module")
def cases() -> CaseSet:
    found = [hat_case(f"{split}{n}", split) for split in ("train", "gate", "holdout") for n in range(3)]
    found.append(trap_case())
    return CaseSet("vera", {one.id: one for one in found}, {one.id: one.split for one in found if one.split})


class Offers:
    """An operator of code alone that offers a useless rule, then the good one."""

    name = "offers"
    cost = Cost(0, 0.0)

    async def propose(self, context: Situation) -> Answer:
        text = GOOD if context.number % 2 else "Mind the door."
        if any(rule.text == text for rule in context.harness.rules):
            return Answer(reason="there already")
        edit = AddRule(id=f"r{context.number}", text=text)
        hypothesis = Hypothesis(dimension=context.dimension, expected_delta=0.5, why="it is asked for")
        return Answer(Proposal(edit, hypothesis, self.name))


def parts(data: Path, cases: CaseSet, model: ScriptedModel, **more) -> RunParts:
    library = Library([HOUSE / "characters"], [HOUSE / "scenes"])
    evaluator = Evaluator(Troupe(library, model), cases, cache=more.pop("cache", None))
    return RunParts(evaluator, data, library.characters["vera"].harness(), further=[Offers()], **more)


TUNED = ("train", "gate")
PLAN = RunPlan("vera", rounds=30, calls=900, mode="suggest", reflect=False)


async def run(data: Path, cases: CaseSet, model: ScriptedModel, plan: RunPlan = PLAN, **more):
    with open_chain(data, lambda: 1000.0) as chain:
        return await tune(plan, parts(data, cases, model, **more), default_objective("vera", cases), chain)


@pytest.fixture(scope="module")
def played(tmp_path_factory, cases) -> tuple[Path, RunOutcome, ScriptedModel]:
    """A whole run: its data, what came out of it and who spoke; only read."""
    data, model = tmp_path_factory.mktemp("played"), ScriptedModel([obeys])
    return data, asyncio.run(run(data, cases, model)), model


@pytest.fixture
def data(played, tmp_path) -> Path:
    """A copy of its data for a test to go on with."""
    return Path(shutil.copytree(played[0], tmp_path / "data"))


async def test_the_loop_finds_the_rule_that_helps_and_it_waits_for_a_person(played, data):
    outcome = played[1]
    assert [kept.edit.text for kept in outcome.result.kept if isinstance(kept.edit, AddRule)] == [GOOD]
    assert outcome.result.needs_person >= 1
    assert verify(log_folder(data), heads_of(data)).ok
    with open_chain(data, lambda: 1000.0) as chain:
        (item,) = Desk(chain, ["ann"], lambda: 1000.0).items("awaiting_approval")
        assert load_harness(chain.blobs.get(item.version)).digest == item.version


async def test_an_approved_version_is_released_and_taken_back_to_the_same_bytes(data):
    with open_chain(data, lambda: 1000.0) as chain:
        desk = Desk(chain, ["ann"], lambda: 1000.0)
        (item,) = desk.items("awaiting_approval")
        with pytest.raises(AccessError):
            desk.release(item.round_id, "ann")
        yes = Approval(
            round_id=item.round_id,
            patch_digest=item.patch_digest,
            evidence_digest=item.evidence_digest,
            by="ann",
            at=1000.0,
            expires=2000.0,
        )
        desk.approve(yes)
        words = "three holdout cases are too few to ask"
        assert desk.release(item.round_id, "ann", words).state == "released"
        assert desk.active("vera").released == item.version
        assert chain.blobs.get(item.version) == load_harness(chain.blobs.get(item.version)).canonical_json()
        assert desk.rollback("vera", "ann") == ""
        assert desk.active("vera").released == ""


async def test_a_run_is_replayed_from_its_records_without_a_model(played, data):
    outcome = played[1]
    found = await replay(log_folder(data), outcome.name)
    assert (found.agrees, found.rounds, found.head) == (True, outcome.result.rounds, outcome.result.head.digest)


async def test_a_run_that_was_cut_off_goes_on_to_the_same_end_and_pays_for_nothing_twice(tmp_path, cases, played):
    _, whole, straight = played
    seen = 0

    def dying(request: ModelRequest) -> dict:
        nonlocal seen
        seen += 1
        if seen in (5, 17, 18, 40):
            raise ModelUnreachable("gone")
        return obeys(request)

    model, cache = ScriptedModel([dying]), PlayCache(tmp_path / "cache")
    for _ in range(10):
        try:
            outcome = await run(tmp_path / "cut", cases, model, cache=cache)
            break
        except ModelUnreachable:
            continue
    assert outcome.resumed
    assert outcome.result.head.digest == whole.result.head.digest
    assert outcome.result.spent_calls == whole.result.spent_calls
    assert model.finished <= straight.finished
    assert verify(log_folder(tmp_path / "cut"), heads_of(tmp_path / "cut")).ok


async def test_a_finished_run_is_not_continued_and_a_budget_that_is_too_small_is_said(tmp_path, cases):
    outcome = await run(tmp_path, cases, ScriptedModel([obeys]), RunPlan("vera", rounds=1, calls=300, reflect=False))
    with pytest.raises(SettingsError, match="has ended"):
        await run(tmp_path, cases, ScriptedModel([obeys]), RunPlan("vera", name=outcome.name, reflect=False))
    again = await run(tmp_path, cases, ScriptedModel([obeys]), RunPlan("vera", rounds=1, calls=300, reflect=False))
    assert (again.name, again.resumed) == ("vera-2", False)
    with pytest.raises(SettingsError, match="does not cover"):
        await run(tmp_path / "poor", cases, ScriptedModel([obeys]), RunPlan("vera", rounds=1, calls=1, reflect=False))


async def test_the_arena_scores_what_was_looked_at_and_leaves_an_uncalibrated_judge_out(tmp_path, cases):
    made = parts(tmp_path, cases, ScriptedModel([obeys]))
    arena = RoomArena(made.evaluator)
    assert [case.id for case in arena.cases("gate")] == ["gate0", "gate1", "gate2"]
    assert arena.cost("gate0") == Cost(2, 0.0)
    rollout = await arena.evaluate(made.start, "gate0", 7)
    assert dict(rollout.scores) == {"facts": 0.0, "facts.fact": 0.0}
    assert str(rollout.flaws[0]).startswith("facts: does not say it")
    assert "heard: What do you wear" in rollout.transcript
    assert arena.digests() == RoomArena(made.evaluator).digests()
    assert set(arena.digests()) == {"code", "env", "model", "judge", "evalset"}


async def test_a_flaw_of_another_dimension_says_which(tmp_path, cases):
    brief = CheckSpec.model_validate({"check": "length", "most": 1})
    long = cases.cases["gate0"].model_copy(update={"checks": (*cases.cases["gate0"].checks, brief)})
    cases = CaseSet("vera", {**cases.cases, "gate0": long}, cases.splits)
    say = "I would not know such a thing. Ask somebody else about it."
    made = parts(tmp_path, cases, ScriptedModel([("", {"say": say, "emotion": "calm", "do": []})]))
    rollout = await RoomArena(made.evaluator).evaluate(made.start, "gate0", 7)
    assert dict(rollout.scores) == {"facts": 0.0, "facts.fact": 0.0, "voice": 0.0}
    assert [(flaw.kind, flaw.dimension) for flaw in rollout.flaws] == [("facts", ""), ("length", "voice")]


async def test_notes_of_a_run_are_read_by_the_next_one(data, cases):
    with open_chain(data, lambda: 1000.0) as chain:
        other = RunPlan("vera", rounds=1, calls=300, reflect=False, seed=1)
        made = parts(data, cases, ScriptedModel([obeys]))
        await tune(other, made, default_objective("vera", cases), chain)
        begun = [entry for entry in chain.entries if entry.kind == "run"]
    assert begun[0].body["notes"] == []
    assert begun[1].body["notes"]


async def test_a_visitor_who_waits_is_given_way_to_before_every_play(tmp_path, cases):
    waited = 0

    async def give_way() -> None:
        nonlocal waited
        waited += 1
        await asyncio.sleep(0)

    model = ScriptedModel([obeys])
    await run(tmp_path, cases, model, RunPlan("vera", rounds=2, calls=300, reflect=False), give_way=give_way)
    assert waited >= model.finished


def test_a_visit_makes_no_dimension_one_to_get_better_in(cases):
    steps = [{"say": f"I walked past house number {n} today.", "as": f"l{n}"} for n in range(12)]
    checks = [{"check": "fact", "fact": "hat", "of": "l11"}]
    told = {"dimension": "memory", "visit": True, "steps": steps, "checks": checks}
    visits = [Case.model_validate({**told, "id": f"v{split}", "cluster": split, "split": split}) for split in TUNED]
    found = {**cases.cases, **{one.id: one for one in visits}}
    both = CaseSet("vera", found, {**cases.splits, **{one.id: one.split for one in visits}})
    assert default_objective("vera", both) == default_objective("vera", cases)


async def test_the_objective_that_an_operator_signed_last_is_in_force_and_a_forged_one_is_refused(tmp_path, cases):
    key = b"k" * 32
    usual = default_objective("vera", cases)
    with open_chain(tmp_path, lambda: 1000.0) as chain:
        assert signed_objective(chain.entries, "vera", key) is None
        for weight in (2.0, 3.0):
            signed = usual.model_copy(update={"weights": {"facts": weight}}).sign("ann", key)
            chain.append("objective", {"objective": signed.model_dump(mode="json")}, actor="ann")
        found = signed_objective(chain.entries, "vera", key)
        assert found is not None
        assert found.weights == {"facts": 3.0}
        forged = signed.model_dump(mode="json") | {"weights": {"facts": 9.0}}
        chain.append("objective", {"objective": forged}, actor="loop")
        with pytest.raises(AccessError):
            signed_objective(chain.entries, "vera", key)
