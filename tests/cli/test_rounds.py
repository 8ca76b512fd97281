"""Rounds, decisions and the audit log from the command line, over a run that was recorded here."""

from __future__ import annotations

import asyncio
import json
import shutil
import zipfile
from pathlib import Path
from typing import Literal

import pytest
from typer.testing import CliRunner

from openroom.cli.main import app
from openroom.evals.case import Case
from openroom.evals.caseset import CaseSet
from openroom.evals.evaluator import Evaluator
from openroom.evals.player import Troupe
from openroom.library.library import Library
from openroom.models.scripted import ScriptedModel
from openroom.ports.model import ModelRequest, prompt_text
from openroom.store.open import open_store
from openroom.tuning.audit.run_log import RunPlan, open_chain
from openroom.tuning.audit.tastings import commitment
from openroom.tuning.proposals.templates import TEMPLATES
from openroom.tuning.run import RunParts, default_objective, tune

HOUSE = Path(__file__).resolve().parent.parent / "room" / "house"
RUN = CliRunner()
WORKS = next(edit.text for edit in TEMPLATES["facts"] if edit.op == "add_rule" and "very fact" in edit.text)


def obeys(request: ModelRequest) -> dict:
    say = "A green hat, guest." if WORKS in prompt_text(request.messages) else "I would not know."
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


async def _record(data: Path, mode: Literal["suggest", "auto"] = "suggest") -> None:
    cases = [hat_case(f"{split}{n}", split) for split in ("train", "gate") for n in range(3)]
    found = CaseSet("vera", {one.id: one for one in cases}, {one.id: one.split for one in cases if one.split})
    library = Library([HOUSE / "characters"], [HOUSE / "scenes"])
    evaluator = Evaluator(Troupe(library, ScriptedModel([obeys])), found)
    plan = RunPlan("vera", rounds=14, calls=900, mode=mode, seed=2, reflect=False)
    with open_chain(data) as chain:
        parts = RunParts(evaluator, data, library.characters["vera"].harness())
        outcome = await tune(plan, parts, default_objective("vera", found), chain)
    assert outcome.result.kept or outcome.result.needs_person, "the script makes one rule worth keeping"


async def _active(data: Path) -> str | None:
    store = await open_store(f"sqlite+aiosqlite:///{data / 'openroom.db'}", data)
    try:
        return await store.active("vera")
    finally:
        await store.close()


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("recorded")
    asyncio.run(_record(data))
    return data


@pytest.fixture
def data(recorded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    target = tmp_path / "data"
    shutil.copytree(recorded, target)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENROOM_DATA", str(target))
    monkeypatch.setenv("OPENROOM_CHARACTERS", str(HOUSE / "characters"))
    monkeypatch.setenv("OPENROOM_SCENES", str(HOUSE / "scenes"))
    return target


def run(*arguments: str, code: int = 0) -> str:
    result = RUN.invoke(app, list(arguments))
    assert result.exit_code == code, result.output
    return result.output


def waiting() -> str:
    (one,) = json.loads(run("rounds", "list", "--waiting", "--json"))
    return str(one["id"])


def test_rounds_are_listed_shown_and_diffed(data: Path) -> None:
    listed = json.loads(run("rounds", "list", "--json"))
    assert len(listed) >= 3
    round_id = waiting()
    shown = run("rounds", "show", round_id)
    assert shown.splitlines()[0].endswith("awaiting_approval")
    assert WORKS in run("rounds", "diff", round_id)
    assert json.loads(run("rounds", "show", round_id, "--json"))["round_id"] == round_id
    assert "fits 0" in run("rounds", "show", "nobody-1/3", code=1)


def test_an_approved_round_is_what_rooms_play_and_a_rollback_takes_it_back(data: Path) -> None:
    round_id = waiting()
    version = json.loads(run("rounds", "show", round_id, "--json"))["kept_version"]
    told = run("approve", round_id.removesuffix("/improve"), "--why", "it answers now", "--as", "ann")
    assert "the blind tasting has not begun; it is held on the page Improve" in told
    assert "as a canary, in 20%" in told
    assert asyncio.run(_active(data)) is None
    told = run("approve", round_id, "--override", "nobody else has her script", "--as", "ann")
    assert f"plays version {version[:12]}" in told
    assert asyncio.run(_active(data)) == version
    assert "author" in run("rollback", "vera", "--as", "ann")
    assert asyncio.run(_active(data)) is None
    assert "all is well" in run("audit", "verify")


def test_what_a_run_in_mode_auto_kept_is_asked_of_the_holdout(
    data: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path_factory.mktemp("auto")
    asyncio.run(_record(kept, "auto"))
    monkeypatch.setenv("OPENROOM_DATA", str(kept))
    (round_id, *_) = [one["id"] for one in json.loads(run("rounds", "list", "--json")) if one["state"] == "auto_kept"]
    told = run("approve", round_id, "--as", "ann")
    assert "could not be played (the round was measured with scripted" in told
    assert "as a canary, in 20%" in told


def test_a_tasting_is_told_beside_the_tests_of_the_gate(data: Path) -> None:
    round_id = waiting()
    version = json.loads(run("rounds", "show", round_id, "--json"))["kept_version"]
    assert "blind tasting" not in run("rounds", "show", round_id)
    body = {"round": round_id, "candidate": version, "against": ""}
    answers = {"candidate": "1" * 64, "released": "2" * 64}
    with open_chain(data) as chain:
        chain.append("tasting", {**body, "pairs": 2, "alpha": 0.05}, actor="ann")
        chain.append("tasting_pair", {**body, "number": 0, "room": "r", "seq": 3, "commit": commitment("s", answers)})
        told = {"number": 0, "seed": "s", "answers": answers, "pick": "bad", "better": "neither"}
        chain.append("tasting_pick", {**body, **told}, actor="ann")
    assert "blind tasting: under way, 1 of 2 pairs judged" in run("rounds", "show", round_id)
    assert "blind tasting: under way" in run("audit", "replay")
    with open_chain(data) as chain:
        chain.append("tasting_pick", {**body, **told}, actor="ann")
    assert "there was nothing to pick in pair 0" in run("audit", "replay", code=1)
    assert "there was nothing to pick in pair 0" in run("audit", "verify", code=1)


def test_a_rejected_round_cannot_be_approved_and_a_reason_is_wanted(data: Path) -> None:
    round_id = waiting()
    run("reject", round_id, "--as", "ann", code=2)
    assert "at most 500 characters" in run("reject", round_id, "--why", "x" * 501, "--as", "ann", code=1)
    assert "is rejected" in run("reject", round_id, "--why", "too stiff", "--as", "ann")
    run("approve", round_id, "--as", "ann", code=1)
    assert asyncio.run(_active(data)) is None


def test_who_proposed_does_not_approve(data: Path) -> None:
    round_id = waiting()
    proposer = json.loads(run("rounds", "show", round_id, "--json"))["operator"]
    assert "somebody else to approve" in run("approve", round_id, "--as", proposer, code=1)
    assert "refused" in (data / "tuning" / "log" / "chain.jsonl").read_text(encoding="utf-8")


def test_the_run_replays_and_a_changed_log_is_found(data: Path, tmp_path: Path) -> None:
    assert "as recorded" in run("audit", "replay")
    assert "sha256" in run("audit", "export", str(tmp_path / "evidence.zip"))
    with zipfile.ZipFile(tmp_path / "evidence.zip") as bundle:
        assert {"chain.jsonl", "heads.jsonl", "manifest.json"} <= set(bundle.namelist())
    log = data / "tuning" / "log" / "chain.jsonl"
    log.write_bytes(log.read_bytes().replace(b'"verdict":"drop"', b'"verdict":"keep"', 1))
    found = json.loads(run("audit", "verify", "--json", code=1))
    assert found["ok"] is False


def test_optimize_runs_on_the_understudy_and_says_where_its_records_lie(data: Path) -> None:
    out = run("optimize", "vera", "--model", "understudy", "--rounds", "1", "--budget-calls", "400", "--run", "again")
    assert "Run again: 1 rounds" in out
    assert "expected suggest or auto" in run("optimize", "vera", "--mode", "wild", code=1)
