"""The blind tasting over REST: two versions answer the same line, a person picks, and the sign test decides."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from benchmarks.record_run import QUESTION
from openroom.core.actor import Actor
from openroom.models.scripted import ScriptedModel
from openroom.tuning.audit.chain import verify
from openroom.tuning.audit.run_log import heads_of, log_folder
from openroom.tuning.audit.tastings import candidate_is_left
from openroom.tuning.live.governor import Governor
from openroom.tuning.live.tasting import Tables
from openroom.tuning.tasting.answers import answer
from openroom.tuning.tasting.kept import load, name_of
from openroom.tuning.tasting.moments import find_moments
from tests.server.api.runs import ROUND, as_boss, body_of, decide
from tests.server.live import Live
from tests.waiting import until

TASTING = f"/api/tuning/rounds/{ROUND}/tasting"
#: Asked like this, the candidate's example line answers; the released version has another answer.
LINES = [
    QUESTION,
    "What shall I do tonight?",
    "I am all alone tonight, what shall I do?",
    "All alone tonight. What shall I do, Mira?",
    "Mira, what shall I do tonight, all alone?",
    "Tell me, what shall I do tonight, all alone?",
    "What shall I do, all alone, tonight?",
]


async def consent(server: Live, person: str, given: bool = True) -> None:
    async with server.client("player", person) as client:
        answer = await client.put("/api/people/me/consent", json={"given": given})
        assert answer.json() == {"given": given}


async def talk(server: Live, person: str, lines: list[str], room: str = "tea_room", **say: Any) -> None:
    """Somebody comes in, says lines, and is answered."""
    lobby = server.site.lobby
    found = await lobby.open(room)
    async with found.join(person.title(), person=person) as one:
        for line in lines:
            await one.say(line, **say)
            await lobby.directors[found.id].settled()


async def judge(boss: httpx.AsyncClient, server: Live, prefer: str) -> dict[str, Any]:
    """Judge the pair that is shown next, looking it up in the store as no person can."""
    seen = await pair(boss)
    kept = json.loads(await server.site.lobby.store.get(await name(boss)) or "")["pairs"][str(seen["pair"]["number"])]
    left = "candidate" if candidate_is_left(kept["seed"]) else "released"
    choice = "bad" if prefer == "bad" else "left" if left == prefer else "right"
    sent = {"number": seen["pair"]["number"], "pick": choice}
    return await body_of(boss, f"{TASTING}/pick", json=sent)


async def name(boss: httpx.AsyncClient) -> str:
    seen = await body_of(boss, f"/api/tuning/rounds/{ROUND}")
    return name_of(seen["version"], "")


async def pair(boss: httpx.AsyncClient) -> dict[str, Any]:
    """The tasting once a pair is there to be judged."""
    found: list[Any] = []

    async def there() -> bool:
        found[:] = [await body_of(boss, TASTING)]
        return found[0]["state"] not in ("writing",)

    await until(there)
    assert found[0]["state"] == "pair", found[0]
    return found[0]


async def test_a_tasting_passes_and_is_what_releases(tuned: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    noted, lost = Governor.note, list[str]()

    async def dying(governor: Governor, kind: str, *more: Any) -> None:
        if kind == "tasting_answer" and not lost:
            lost.append(kind)  # the server ends right after the last pick; who looks next is told all the same
        else:
            await noted(governor, kind, *more)

    monkeypatch.setattr(Governor, "note", dying)
    tuned.site.tables.pairs = len(LINES) - 1
    await consent(tuned, "player:ann")
    await talk(tuned, "ann", LINES)
    async with as_boss(tuned) as boss:
        assert (await body_of(boss, f"/api/tuning/rounds/{ROUND}"))["tasting"] == {"state": "not_begun"}
        ready = await body_of(boss, TASTING)
        assert (ready["state"], ready["moments"], ready["answered"]) == ("not_begun", len(LINES), len(LINES))
        await body_of(boss, TASTING, json={})
        seen = await pair(boss)
        assert not {"seed", "candidate", "released", "better"} & set(flat(seen))
        now = await judge(boss, tuned, "bad")
        while now["state"] in ("pair", "writing"):
            assert "result" not in now  # nobody is told how it stands before its end
            now = await judge(boss, tuned, "candidate")
        better = len(LINES) - 2
        counts = {"better": better, "worse": 0, "both_bad": 1, "same": now["result"]["same"]}
        assert (now["state"], lost) == ("passed", ["tasting_answer"])
        assert now["result"] == {**counts, "p": 1 / 2**better, "passed": True}
        round_ = await body_of(boss, f"/api/tuning/rounds/{ROUND}")
        assert round_["tasting"]["result"] == now["result"]
        await decide(boss, "approve", share=0.0)
        released = await decide(boss, "release")
        assert released["state"] == "released"
        acts = [one["do"] for one in released["decisions"]]
        assert acts == ["tasting", "tasting_passed", "approved", "released"]
        assert released["tasting"]["result"] == now["result"]
        assert (await body_of(boss, "/api/tuning/audit"))["ok"]
        found = (await body_of(boss, "/api/tuning/characters/mira/preferences"))["preferences"]
        assert len(found) == better
        assert all("traveller" in one["chosen"] and one["chosen"] != one["rejected"] for one in found)
        assert all(one["messages"][0][0] == "system" for one in found)
    assert verify(log_folder(tuned.site.governor.tuner.data), heads_of(tuned.site.governor.tuner.data)).ok
    chain = await tuned.site.governor.tuner.chain()
    logged = json.dumps([one.body for one in chain.entries if one.kind.startswith("tasting")])
    assert "alone" not in logged and "traveller" not in logged  # no words of anybody stand in the log


def flat(value: Any) -> list[str]:
    """Every key in what was answered, however deep."""
    if isinstance(value, dict):
        return [*value, *(key for one in value.values() for key in flat(one))]
    return [key for one in value for key in flat(one)] if isinstance(value, list) else []


async def test_only_public_words_of_people_who_consented_are_used_and_they_can_be_taken_back(
    tuned: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tuned.site.lobby.store
    await talk(tuned, "ann", LINES[:1])
    async with as_boss(tuned) as boss:
        seen = await body_of(boss, TASTING)
        assert (seen["state"], seen["moments"], seen["answered"]) == ("nothing", 0, 1)
        refused = await body_of(boss, TASTING, 409, json={})
        assert refused["reason"] == "nothing_to_taste"
        await consent(tuned, "player:ann")
        await body_of(boss, TASTING, json={})
        shown = await pair(boss)
        kept = await load(store, await name(boss))
        assert kept is not None and kept.pairs[0].people == ("player:ann",)
        await consent(tuned, "player:ann", given=False)
        kept = await load(store, await name(boss))
        assert kept is not None and kept.pairs == {}
        gone = {"number": shown["pair"]["number"], "pick": "left"}
        assert (await body_of(boss, f"{TASTING}/pick", 409, json=gone))["reason"] == "no_such_pair"
        await talk(tuned, "ann", LINES[1:4])
        written = Tables._answers

        async def meanwhile(*given: Any) -> Any:
            both = await written(*given)
            await consent(tuned, "player:ann", given=False)
            return both

        monkeypatch.setattr(Tables, "_answers", meanwhile)
        await consent(tuned, "player:ann")
        await body_of(boss, TASTING, json={})
        await until(lambda: not any(table.busy for table in tuned.site.tables._tables.values()))
        kept = await load(store, await name(boss))
        assert kept is not None and kept.pairs == {}
        chain = await tuned.site.governor.tuner.chain()
        assert len([one for one in chain.entries if one.kind == "tasting_pair"]) == 1  # that of before


async def test_whispers_closed_rooms_and_strangers_give_no_moment(tuned: Live) -> None:
    lobby = tuned.site.lobby
    await consent(tuned, "player:ann")
    await talk(tuned, "ann", LINES[:1], to=["character:mira"])
    assert (await find_moments(lobby.store, "mira")).answered == 0
    await talk(tuned, "ann", LINES[1:2])
    found = await find_moments(lobby.store, "mira")
    assert (len(found.moments), found.answered) == (0, 1)  # she has the whisper in mind still
    closed = await lobby.create("tea_room", Actor("player:ann", "player", "Ann"), open=False)
    await talk(tuned, "ann", LINES[2:3], closed.id)
    assert (await find_moments(lobby.store, "mira")).answered == 1
    open_ = await lobby.create("tea_room", Actor("player:ann", "player", "Ann"))
    await talk(tuned, "bob", LINES[3:4], open_.id)
    await talk(tuned, "ann", LINES[4:5], open_.id)
    assert (
        await find_moments(lobby.store, "mira")
    ).moments == ()  # Bob, whose words she heard before, has not consented
    await consent(tuned, "player:bob")
    found = await find_moments(lobby.store, "mira")
    assert {one.line.text for one in found.moments} == set(LINES[3:5])


async def test_both_answer_with_one_seed_as_the_room_would_and_nothing_of_it_stays(tuned: Live) -> None:
    lobby = tuned.site.lobby
    await consent(tuned, "player:ann")
    await talk(tuned, "ann", LINES[:2])
    (first, *_) = (await find_moments(lobby.store, "mira")).moments
    before = [await lobby.store.head(first.room.id), await lobby.store.calls(0)]
    author = lobby.library.characters["mira"].harness()
    say = "Sit down, traveller. As an AI language model, I can't pour tea."  # the second sentence passes no guard
    model = ScriptedModel([lambda _request: json.dumps({"say": say})])
    asked = [await answer(lobby.library, lobby.store, model, first, "mira", author, 7) for _ in range(2)]
    assert asked[0] is not None and asked[1] is not None
    assert asked[0].shown == asked[1].shown == ("Sit down, traveller.", ())
    seeds = [one.sampling.seed for one in model.requests]
    assert seeds[: len(seeds) // 2] == seeds[len(seeds) // 2 :]
    assert first.line.text in asked[0].messages[-1][1]
    assert [await lobby.store.head(first.room.id), await lobby.store.calls(0)] == before


async def test_who_proposed_it_and_who_is_no_operator_taste_nothing(tuned: Live) -> None:
    await consent(tuned, "player:ann")
    await talk(tuned, "ann", LINES[:1])
    async with tuned.client("player") as player, tuned.client("creator") as creator, as_boss(tuned, "a person") as own:
        for client in (player, creator):
            await body_of(client, TASTING, 403)
            await body_of(client, TASTING, 403, json={})
        assert await body_of(own, TASTING) == {"state": "yours"}
        assert "somebody else" in (await body_of(own, TASTING, 403, json={}))["message"]
        await body_of(own, "/api/tuning/rounds/mira-1/77/improve/tasting", 404)
    async with tuned.client() as nobody:
        assert (await nobody.get("/api/people/me/consent")).status_code == 403
