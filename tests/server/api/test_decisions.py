"""What people decide about an edit: approve, try, release, roll back, reject; and what takes itself back."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from benchmarks.planted_regression import author, hand_round
from benchmarks.record_run import QUESTION, helpful, record, two_faced
from openroom.tuning.audit.chain import read_chain
from openroom.tuning.audit.record import GateRow, RoundRecord
from openroom.tuning.audit.run_log import log_folder
from openroom.tuning.edits import SetSampling, apply_edit
from tests.server.api.runs import BOSS, OTHER, ROUND, as_boss, body_of, decide, evening
from tests.server.live import Live, live
from tests.waiting import until


async def test_approve_canary_release_and_roll_back(tuned: Live) -> None:
    store = tuned.site.lobby.store
    async with as_boss(tuned) as boss:
        assert (await decide(boss, "later"))["state"] == "awaiting_approval"
        body = await decide(boss, "approve", share=0.5, why="she says traveller")
        assert (body["state"], body["share"]) == ("canary", 0.5)
        assert await store.active("mira") is None
        played: list[str] = []
        lobby = tuned.site.lobby
        hear = lobby.results
        lobby.results = lambda turn, result: (hear(turn, result), played.append(turn.version))[0]
        await evening(tuned, 12)
        assert body["version"] in played
        assert any(version != body["version"] for version in played)
        governor = tuned.site.governor
        assert body["tasting"] == {"state": "not_begun"}
        refused = await decide(boss, "release", 403)
        assert "blind tasting, which has not begun" in refused["message"]
        assert not governor.examined(ROUND)  # a tasting releases what a run suggested, not the holdout
        released = await decide(boss, "release", override="she says traveller, which nobody else asks")
        assert (released["state"], released["holdout"]["state"]) == ("released", "not_asked")
        assert await store.active("mira") == body["version"]
        back = await body_of(boss, "/api/tuning/characters/mira/rollback", json={})
        assert back == {"version": ""}
        assert await store.active("mira") is None
        acts = [one["do"] for one in (await body_of(boss, f"/api/tuning/rounds/{ROUND}"))["decisions"]]
        assert acts == ["later", "approved", "canary", "refused", "released"]
        assert (await body_of(boss, "/api/tuning/audit"))["ok"]


@pytest.fixture(scope="module")
def an_auto_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which a run in mode auto has kept a helpful edit: the holdout is what releases it."""
    folder = tmp_path_factory.mktemp("auto")
    asyncio.run(record(folder, rounds=1, calls=400, suggested=[helpful()], mode="auto"))
    return folder


@pytest.fixture
async def kept(an_auto_run: Path, tmp_path: Path) -> AsyncIterator[Live]:
    """A server on a copy of that folder."""
    shutil.copytree(an_auto_run, tmp_path / "data")
    async with live(tmp_path) as running:
        yield running


async def test_what_fails_the_holdout_is_released_in_words_only(kept: Live) -> None:
    governor = kept.site.governor
    async with as_boss(kept) as boss:
        asked = await decide(boss, "release")
        assert (asked["state"], asked["holdout"]["state"], asked["tasting"]) == ("canary", "asking", None)
        await until(lambda: not governor.examined(ROUND))
        failed = await body_of(boss, f"/api/tuning/rounds/{ROUND}")
        assert (failed["state"], failed["holdout"]["state"]) == ("canary", "failed")  # one line more is no gain on all
        refused = await decide(boss, "release", 403)
        assert "shows no gain" in refused["message"]
        released = await decide(boss, "release", override="she says traveller, which nobody else asks")
        assert (released["state"], released["holdout"]["state"]) == ("released", "failed")
        acts = [one["do"] for one in released["decisions"]]
        assert acts == ["canary", "holdout", "holdout_failed", "refused", "released"]


async def test_what_passes_the_holdout_is_released_by_whoever_said_so(
    kept: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The exam's sums are tested where they are made; here one passes, and release follows without another word."""
    monkeypatch.setattr("openroom.tuning.governance.exam.release_passes", lambda *_args, **_more: True)
    store, governor = kept.site.lobby.store, kept.site.governor
    async with as_boss(kept) as boss:
        await decide(boss, "release")
        await until(lambda: not governor.examined(ROUND))
        seen = await body_of(boss, f"/api/tuning/rounds/{ROUND}")
        assert (seen["state"], seen["holdout"]["state"]) == ("released", "passed")
        assert [one["do"] for one in seen["decisions"]][-2:] == ["holdout_passed", "released"]
        assert seen["decisions"][-1]["by"] == BOSS
        assert await store.active("mira") == seen["version"]


async def test_a_holdout_beyond_its_calls_is_not_played_and_that_is_said(kept: Live) -> None:
    governor = kept.site.governor
    async with as_boss(kept) as boss:
        await decide(boss, "release", calls=10)
        await until(lambda: not governor.examined(ROUND))
        seen = await body_of(boss, f"/api/tuning/rounds/{ROUND}")
        assert (seen["state"], seen["holdout"]["state"]) == ("canary", "unplayed")
        assert "10 are allowed" in seen["holdout"]["why"]


async def test_what_a_run_in_mode_auto_kept_is_a_canary_by_itself_and_a_person_releases_it(tmp_path: Path) -> None:
    await record(tmp_path / "data", rounds=1, calls=400, suggested=[helpful()], mode="auto")
    async with live(tmp_path) as server, as_boss(server) as boss:
        governor = server.site.governor
        seen = await body_of(boss, f"/api/tuning/rounds/{ROUND}")
        assert (seen["state"], seen["tier"], seen["share"]) == ("canary", 1, 0.2)
        assert seen["decisions"][-1]["by"] == "loop"
        governor.ripe = 2
        await evening(server, 500, until_=lambda: governor.watch.seen("mira", seen["version"]) >= 2)
        assert not governor.examined(ROUND)
        assert governor.released("mira") == ""
        assert (await decide(boss, "release", override="good enough for this test"))["state"] == "released"


async def test_tier_zero_goes_all_the_way_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sampling does nothing for the understudy, so its round is written by hand here and the holdout told to pass."""
    monkeypatch.setattr("openroom.tuning.governance.exam.release_passes", lambda *_args, **_more: True)
    version = hand_round(
        tmp_path / "data", apply_edit(author(), SetSampling(name="temperature", value=0.7)), checked=True
    )
    async with live(tmp_path) as server, as_boss(server) as boss:
        governor = server.site.governor
        assert governor.canary("mira")["version"] == version
        governor.ripe = 2
        await evening(server, 500, until_=lambda: governor.released("mira") != "")
        await until(lambda: governor.released("mira") == version)
        seen = await body_of(boss, "/api/tuning/rounds/hand/0/improve")
        assert seen["state"] == "released"
        done = [(one["do"], one["by"]) for one in seen["decisions"]]
        assert done == [("canary", "loop"), ("holdout", "loop"), ("holdout_passed", "exam"), ("released", "loop")]
        assert await server.site.lobby.store.active("mira") == version


async def test_a_canary_that_a_checkpoint_finds_at_fault_leaves_the_rooms_at_once(tmp_path: Path) -> None:
    version = hand_round(tmp_path / "data", apply_edit(author(), SetSampling(name="temperature", value=0.6)))
    async with live(tmp_path) as server, as_boss(server) as boss:
        governor = server.site.governor
        seen = await body_of(boss, "/api/tuning/rounds/hand/0/improve")
        wish = {"answer": "canary", "patch_digest": seen["patch_digest"], "evidence_digest": seen["evidence_digest"]}
        await body_of(boss, "/api/tuning/rounds/hand/0/improve/decision", json=wish)
        assert governor.canary("mira")["version"] == version
        fault = RoundRecord(
            round_id="hand/1/release",
            number=1,
            character="mira",
            purpose="release",
            parent_version=version,
            candidate_version=author().digest,
            gate=GateRow(guards=("traps: 1 case lost",)),
            states=("draft", "screened", "gated", "rolled_back"),
        )
        note = {"kind": "round", "note": fault.model_dump(mode="json", exclude_none=True)}
        (await governor.tuner.chain()).append("note", note, run="hand")
        governor.tuner.checked("mira")
        await until(lambda: governor.canary("mira") is None)
        assert (await body_of(boss, "/api/tuning/rounds/hand/0/improve"))["state"] == "quarantined"


async def test_reject_needs_a_reason(tuned: Live) -> None:
    async with as_boss(tuned) as boss:
        await decide(boss, "reject", 403)
        assert (await decide(boss, "reject", why="too flat"))["state"] == "rejected"
        await decide(boss, "approve", 403)


async def test_who_edits_can_not_approve(tuned: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    # The understudy says an author's line once in a visit, so no example of anybody's lasts in one.
    monkeypatch.setattr("openroom.tuning.run.VISITS", 0)
    tuner = tuned.site.governor.tuner
    async with as_boss(tuned) as boss, as_boss(tuned, OTHER) as other:
        text = f"{QUESTION}\nDo nothing with it, traveller. Nobody here is in a hurry."
        run = (await body_of(boss, f"/api/tuning/rounds/{ROUND}/edit", 201, json={"texts": [text]}))["run"]
        assert (await body_of(boss, f"/api/tuning/rounds/{ROUND}"))["state"] == "rejected"
        await until(lambda: tuner.status()["state"] == "idle")
        (mine,) = [one for one in (await body_of(boss, f"/api/tuning/runs/{run}"))["rounds_done"] if one["kept"]][:1]
        seen = await body_of(boss, f"/api/tuning/rounds/{mine['round']}")
        assert seen["state"] == "awaiting_approval"
        assert seen["proposed_by_you"]
        wish = {"answer": "approve", "patch_digest": seen["patch_digest"], "evidence_digest": seen["evidence_digest"]}
        refused = await body_of(boss, f"/api/tuning/rounds/{mine['round']}/decision", 403, json=wish)
        assert "somebody else" in refused["message"]
        link = await body_of(boss, "/api/tokens", 201, json={"role": "operator", "uses": 1})
        async with tuned.client() as second:  # the same person, in another browser
            await second.post("/api/redeem", json={"token": link["token"]})
            assert (await body_of(second, f"/api/tuning/rounds/{mine['round']}"))["proposed_by_you"]
            refused = await body_of(second, f"/api/tuning/rounds/{mine['round']}/decision", 403, json=wish)
            assert "somebody else" in refused["message"]
        done = await body_of(other, f"/api/tuning/rounds/{mine['round']}/decision", json=wish)
        assert done["state"] == "canary"


async def test_try_it_in_rooms_of_ones_own(tuned: Live) -> None:
    async with as_boss(tuned) as boss:
        body = await body_of(boss, f"/api/tuning/rounds/{ROUND}/rooms", 201, json={"blind": True})
        lobby = tuned.site.lobby
        versions = {}
        for one in body["rooms"]:
            room = lobby.running[one["id"]]
            assert not room.record.open
            heard: list[str] = []
            lobby.directors[room.id].results = lambda turn, _result, heard=heard: heard.append(turn.version)
            async with room.join("Boss", person=BOSS.removeprefix("player:")) as ann:
                await ann.say("Good evening.")
                await lobby.directors[room.id].settled()
            versions[one["label"]] = heard[-1]
        seen = await body_of(boss, f"/api/tuning/rounds/{ROUND}")
        assert set(versions.values()) == {seen["version"], seen["parent"]}
        stored = await lobby.store.versions("mira")  # the same lineage as if the command line had stored them
        assert {one.digest: one.parent for one in stored} == {seen["version"]: seen["parent"], seen["parent"]: None}
        told = await body_of(boss, f"/api/tuning/blind/{body['blind']}", json={"better": "a"})
        assert versions[told["candidate"].upper()] == seen["version"]
        await body_of(boss, f"/api/tuning/blind/{body['blind']}", 404, json={"better": "a"})


async def test_a_fall_beside_what_an_edit_is_for_ends_its_round(tmp_path: Path) -> None:
    """The same candidate under the usual objective: the pairs of its own gate show the stage directions."""
    outcome = await record(tmp_path, rounds=1, calls=400, suggested=[two_faced()])
    assert outcome.result.kept == ()
    rounds = [entry.body["note"] for entry in read_chain(log_folder(tmp_path)) if entry.body.get("kind") == "round"]
    assert rounds[0]["states"][-1] == "rejected"
    assert rounds[0]["gate"]["guards"][0].startswith("in_character: fell by")


async def test_a_version_that_got_worse_takes_itself_back(two_faced_tuned: Live) -> None:
    """A candidate that helps where it was measured brings stage directions along, and the objective lets dimensions
    fall: the page warns, and when it is approved all the same, the checks see it on real turns and take it back;
    nobody leaves."""
    server = two_faced_tuned
    async with as_boss(server) as boss:
        seen = await body_of(boss, f"/api/tuning/rounds/{ROUND}")
        assert [one["dimension"] for one in seen["changes"] if one["mean"] < 0] == ["in_character"]
        await decide(boss, "approve", share=0.5)
        governor = server.site.governor
        await evening(server, 500, QUESTION, until_=lambda: governor.canary("mira") is None)
        await until(lambda: governor.canary("mira") is None)
        seen = await body_of(boss, f"/api/tuning/rounds/{ROUND}")
        assert seen["state"] == "rolled_back"
        assert "live turns failed" in seen["decisions"][-1]["why"]
        assert seen["decisions"][-1]["by"] == "loop"


async def test_a_released_version_that_got_worse_is_rolled_back(two_faced_tuned: Live) -> None:
    server = two_faced_tuned
    async with as_boss(server) as boss:
        await decide(boss, "approve", share=0.0)
        version = (await decide(boss, "release", override="a fault is planted here"))["version"]
        store = server.site.lobby.store
        assert await store.active("mira") == version
        governor = server.site.governor
        await evening(server, 30, QUESTION, until_=lambda: not governor.released("mira"))
        await until(lambda: not governor.released("mira"))
        assert await store.active("mira") is None
        entries = (await governor.tuner.chain()).entries
        alarm = next(number for number, entry in enumerate(entries) if entry.kind == "alarm")
        assert entries[alarm + 1].body["do"] == "rollback"
