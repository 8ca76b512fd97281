from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from openroom.tuning.audit.bundle import verify_bundle
from openroom.tuning.audit.recorded import BUNDLE, recorded
from openroom.tuning.live.runner import run_state
from tests.server.api.runs import BOSS, ROUND, as_boss, body_of
from tests.server.live import Live, live
from tests.waiting import until


@pytest.mark.parametrize("role", [None, "spectator", "player", "creator"])
async def test_only_operators(server: Live, role: Any) -> None:
    async with server.client(role) as client:
        for path in ("", "/characters/mira", "/runs/mira-1", "/rounds/mira-1/0/improve", "/audit"):
            assert (await client.get(f"/api/tuning{path}")).status_code == 403
        answer = await client.post("/api/tuning/characters/mira/runs", json={})
        assert answer.status_code == 403


async def test_a_recorded_run_is_shown_where_its_character_lives(tmp_path: Path) -> None:
    (tmp_path / "characters").mkdir()
    own = {"characters": (tmp_path / "characters",), "scenes": (tmp_path / "scenes",)}
    async with live(tmp_path, **own) as server, as_boss(server) as boss:
        body = await body_of(boss, "/api/tuning")
    assert (body["characters"], body["runs"]) == ([], [])


async def test_the_page_is_never_empty(server: Live) -> None:
    async with as_boss(server) as boss:
        (run,) = (await body_of(boss, "/api/tuning"))["runs"]
        assert run["recorded"]
        body = await body_of(boss, f"/api/tuning/runs/{run['run']}")
        kept = next(one for one in body["rounds_done"] if one["kept"] and one["purpose"] == "improve")
        assert kept["e"] >= 1 / kept["alpha"]
        seen = await body_of(boss, f"/api/tuning/rounds/recorded:{kept['round']}")
        assert seen["against"]
        wish = {"answer": "approve", "patch_digest": seen["patch_digest"], "evidence_digest": seen["evidence_digest"]}
        await body_of(boss, f"/api/tuning/rounds/recorded:{kept['round']}/decision", 403, json=wish)
        audit = await body_of(boss, "/api/tuning/audit")
        assert audit["ok"]
        assert audit["recorded"]["ok"]
    assert verify_bundle(BUNDLE).ok
    assert recorded().rounds()


async def test_a_bundle_that_was_changed_is_found_out(tmp_path: Path) -> None:
    import zipfile

    changed = tmp_path / "changed.zip"
    with zipfile.ZipFile(BUNDLE) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data.replace(b"rejected", b"released") if name == "chain.jsonl" else data)
    found = verify_bundle(changed)
    assert not found.ok
    assert any("chain.jsonl" in problem for problem in found.problems)


async def test_a_run_begins_pauses_goes_on_and_ends(server: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    tuner = server.site.governor.tuner
    wait, standing = tuner._quiet.wait, asyncio.Event()

    async def stand() -> None:
        if tuner._quiet.held:
            standing.set()
        await wait()

    monkeypatch.setattr(tuner._quiet, "wait", stand)
    async with as_boss(server) as boss:
        begun = await body_of(boss, "/api/tuning/characters/mira/runs", 201, json={"rounds": 2, "calls": 300})
        run = begun["run"]
        await body_of(boss, "/api/tuning/characters/edda/runs", 409, json={})
        assert (await body_of(boss, f"/api/tuning/runs/{run}", json={"do": "pause"}))["state"] == "paused"
        await until(standing.is_set)  # what was played before the pause is written down by now
        spent = (await body_of(boss, f"/api/tuning/runs/{run}"))["spent"]
        assert (await body_of(boss, f"/api/tuning/runs/{run}"))["spent"] == spent
        await body_of(boss, f"/api/tuning/runs/{run}", json={"do": "resume"})
        await until(lambda: tuner.status()["state"] == "idle")
        body = await body_of(boss, f"/api/tuning/runs/{run}")
        assert (body["state"], body["rounds"]) == ("ended", 2)
        assert 0 < body["spent"]["calls"] <= 300
        entries = (await tuner.chain()).entries
        assert [entry.body["do"] for entry in entries if entry.kind == "task"] == ["begin", "pause", "resume"]
        assert {entry.actor for entry in entries if entry.kind == "task"} == {BOSS}


async def test_a_run_that_was_stopped_stays_stopped(server: Live) -> None:
    tuner = server.site.governor.tuner
    async with as_boss(server) as boss:
        run = (await body_of(boss, "/api/tuning/characters/mira/runs", 201, json={"rounds": 50}))["run"]
        await body_of(boss, f"/api/tuning/runs/{run}", json={"do": "stop"})
        assert tuner.status() == {"state": "idle"}
        await body_of(boss, f"/api/tuning/runs/{run}", 409, json={"do": "resume"})
        again = (await body_of(boss, "/api/tuning/characters/mira/runs", 201, json={"rounds": 1}))["run"]
        assert again != run
        await until(lambda: tuner.status()["state"] == "idle")


async def test_a_run_is_taken_up_after_a_restart(tmp_path: Path) -> None:
    async with live(tmp_path) as first, as_boss(first) as boss:
        run = (await body_of(boss, "/api/tuning/characters/mira/runs", 201, json={"rounds": 3}))["run"]
        chain = await first.site.governor.tuner.chain()
        await until(lambda: any(entry.kind == "outcome" for entry in chain.entries))
    async with live(tmp_path) as second, as_boss(second) as boss:
        tuner = second.site.governor.tuner
        await until(lambda: tuner.status()["state"] == "idle")
        entries = (await tuner.chain()).entries
        assert run_state(entries, run) == "ended"
        steps = [str(entry.body["key"]) for entry in entries if entry.kind == "reserve" and entry.run == run]
        played = [entry for entry in entries if entry.kind == "outcome" and entry.run == run]
        assert len(played) == len(steps)
        assert (await body_of(boss, "/api/tuning/audit"))["ok"]


async def test_tuning_gives_way_to_a_visitor(server: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    lobby, tuner = server.site.lobby, server.site.governor.tuner
    room = await lobby.open("tea_room")
    director = lobby.directors[room.id]
    async with as_boss(server) as boss, room.join("Ann") as ann:
        await director.settled()
        run = (await body_of(boss, "/api/tuning/characters/mira/runs", 201, json={"rounds": 200, "calls": 5000}))["run"]
        await until(lambda: tuner.status()["state"] == "running")
        turn, release = asyncio.Event(), asyncio.Event()
        talking, look, asked, looks = lobby.model, tuner._quiet.look, list[str](), list[str]()

        class Slow:
            """Takes its time over a visitor's line, and says who asked."""

            info = talking.info

            async def stream(self, request: Any) -> AsyncIterator[Any]:
                asked.append(request.purpose)
                if request.purpose == "turn":
                    turn.set()
                    await release.wait()
                async for piece in talking.stream(request):
                    yield piece

        def seen() -> None:
            look()
            if turn.is_set():
                looks.append(tuner.status()["state"])

        monkeypatch.setattr(tuner._quiet, "look", seen)
        await lobby.set_model(Slow())
        await ann.say("Good evening!")
        await until(lambda: len(looks) >= 2)
        before = asked.count("tune")
        await until(lambda: len(looks) >= 6)
        assert set(looks) == {"waiting"}, "from the first look on"
        assert asked.count("tune") == before
        release.set()
        await director.settled()
        await until(lambda: tuner.status()["state"] == "running")
        await body_of(boss, f"/api/tuning/runs/{run}", json={"do": "stop"})
        await lobby.set_model(talking)


async def test_the_run_may_not_be_spoken_over(tuned: Live) -> None:
    """An approval holds for the patch and the evidence that were read, and for nothing else."""
    async with as_boss(tuned) as boss:
        seen = await body_of(boss, f"/api/tuning/rounds/{ROUND}")
        wish = {"answer": "approve", "patch_digest": seen["patch_digest"], "evidence_digest": "0" * 64}
        refused = await body_of(boss, f"/api/tuning/rounds/{ROUND}/decision", 403, json=wish)
        assert "other evidence" in refused["message"]
        wish = {"answer": "approve", "patch_digest": "0" * 64, "evidence_digest": seen["evidence_digest"]}
        await body_of(boss, f"/api/tuning/rounds/{ROUND}/decision", 403, json=wish)
        after = await body_of(boss, f"/api/tuning/rounds/{ROUND}")
        assert after["state"] == "awaiting_approval"
        assert [one["do"] for one in after["decisions"]] == ["refused", "refused"]


async def test_what_better_means_outlives_the_secret_and_can_be_signed_anew(tmp_path: Path) -> None:
    wish = {"weights": {"facts": 2.0, "voice": 1.0}}
    path = "/api/tuning/characters/mira"
    async with live(tmp_path, secret="one secret of many") as server, as_boss(server) as boss:
        signed = (await boss.put(f"{path}/objective", json=wish)).json()
    async with live(tmp_path, secret="quite another secret") as server, as_boss(server) as boss:
        assert (await body_of(boss, path))["objective"]["digest"] == signed["digest"]
        tuner = server.site.governor.tuner
        older = (await tuner.usual("mira")).sign(BOSS, b"a key that is no more")
        (await tuner.chain()).append("objective", {"objective": older.model_dump(mode="json")}, actor=BOSS)
        told = (await body_of(boss, path))["objective"]
        assert "signed anew" in told["words"][0]
        assert (await boss.post(f"{path}/runs", json={"rounds": 1, "calls": 10})).status_code == 403
        again = (await boss.put(f"{path}/objective", json=wish)).json()
        assert (await body_of(boss, path))["objective"]["digest"] == again["digest"] == signed["digest"]


async def test_what_better_means_is_signed(server: Live) -> None:
    async with as_boss(server) as boss:
        usual = (await body_of(boss, "/api/tuning/characters/mira"))["objective"]
        answer = await boss.put("/api/tuning/characters/mira/objective", json={"weights": {"no_such": 1.0}})
        assert answer.status_code == 422
        answer = await boss.put("/api/tuning/characters/mira/objective", json={"weights": {"facts": 2.0, "voice": 1.0}})
        assert answer.status_code == 200, answer.text
        now = (await body_of(boss, "/api/tuning/characters/mira"))["objective"]
        assert now["signed_by"] == BOSS
        assert now["digest"] != usual["digest"]
        assert now["locked"] == usual["locked"]
