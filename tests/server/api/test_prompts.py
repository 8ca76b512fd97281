"""The prompt of a reply: each reads of it what is theirs, and that an operator looked is in the audit log."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from openroom.models.scripted import ScriptedModel
from openroom.models.understudy.understudy import Understudy
from openroom.ports.memory_rows import Remembered
from openroom.ports.model import Delta, Level, ModelInfo, ModelRequest, Usage
from tests.server.live import Live
from tests.waiting import until

MIRA = "character:mira"


class _Late(ScriptedModel):
    """Answers when it is let. ``begun``: whether it was asked."""

    def __init__(self, script: Any) -> None:
        super().__init__(script)
        self.go, self.begun = asyncio.Event(), False
        self.go.set()

    async def stream(self, request: ModelRequest) -> AsyncIterator[Delta | Usage]:
        self.begun = True
        await self.go.wait()
        async for item in super().stream(request):
            yield item


class Evening:
    """A room of Ann's in which she and Ben talk with Mira. ``who`` are clients by name."""

    def __init__(self, server: Live, room: str, **who: httpx.AsyncClient) -> None:
        self.server, self.room, self.who = server, room, who

    @classmethod
    async def begin(cls, server: Live, **who: httpx.AsyncClient) -> Evening:
        made = await who["ann"].post("/api/rooms", json={"scene": "tea_room"})
        return cls(server, made.json()["id"], **who)

    async def act(self, who: str, **action: Any) -> int:
        """An act and what comes of it: the seq of the newest line of Mira's."""
        answer = await self.who[who].post(f"/api/rooms/{self.room}/actions", json={"action": action})
        assert answer.status_code == 200, answer.text
        await self.server.site.lobby.directors[self.room].settled()
        events = await self.server.site.lobby.store.last(self.room, 20, ("said",))
        return max((one.seq for one in events if one.actor == MIRA), default=0)

    async def prompt(self, who: str, seq: int, status: int = 200) -> dict[str, Any]:
        answer = await self.who[who].get(f"/api/rooms/{self.room}/prompts/{seq}")
        assert answer.status_code == status, answer.text
        return dict(answer.json())


def parts(prompt: dict[str, Any]) -> list[dict[str, Any]]:
    return [part for call in prompt["calls"] for message in call["messages"] for part in message["parts"]]


def held(prompt: dict[str, Any], word: str) -> list[dict[str, Any]]:
    return [part for part in parts(prompt) if word in part.get("text", "")]


async def test_each_reads_of_a_prompt_what_is_theirs(server: Live) -> None:
    lines = iter(("amber", "brick", "cedar", "silk", "iron"))

    def says(_request: ModelRequest) -> dict[str, Any]:
        return {"say": f"There is {next(lines)} in it.", "emotion": "calm", "do": []}

    model = ScriptedModel([("", says)])
    await server.site.lobby.set_model(model)
    async with (
        server.client("player", "player:ann") as ann,
        server.client("player", "player:ben") as ben,
        server.client("operator", "player:boss") as boss,
    ):
        evening = await Evening.begin(server, ann=ann, ben=ben, boss=boss)
        await evening.act("ben", do="enter", name="Ben")
        apart = await evening.act("ben", do="say", text="Mira, I keep LANTERNS.")
        whispered = await evening.act("ben", do="say", text="Mira, and OWLS.", to=[MIRA])
        await evening.act("ann", do="enter", name="Ann")
        seq = await evening.act("ann", do="say", text="Mira, what is in TEA?")
        whole, own = await evening.prompt("boss", seq), await evening.prompt("ann", seq)

        request = model.requests[-1]
        sent = ["\n".join(part["text"] for part in message["parts"]) for message in whole["calls"][-1]["messages"]]
        assert sent == [message.content for message in request.messages], "exactly what was sent"
        assert whole["all"] and whole["kept"] and whole["version"]
        call = whole["calls"][-1]
        assert (call["model"], call["played"]) == ("scripted", False)
        assert call["prompt"] > call["cached"] > 0 < call["completion"]
        (lanterns,) = held(whole, "LANTERNS")
        assert lanterns["kind"] == "line" and lanterns["rests_on"]
        assert held(whole, "OWLS") == [], "before Ann a whisper is in no prompt"
        assert held(whole, "Mira") and {"persona", "rule", "contract", "own"} <= {one["kind"] for one in parts(whole)}

        assert [part["kind"] for part in parts(own)] == [part["kind"] for part in parts(whole)]
        assert [part["tokens"] for part in parts(own)] == [part["tokens"] for part in parts(whole)]
        assert held(own, "TEA") and held(own, "LANTERNS") == []
        hidden = [part for part in parts(own) if "hidden" in part]
        assert {part["hidden"] for part in hidden} == {"not_yours"} and all("text" not in part for part in hidden)
        assert {"line", "own", "persona", "rule"} <= {part["kind"] for part in hidden}
        assert "lore" not in own and "usd" not in own["calls"][-1]

        await evening.prompt("ben", seq, 403)
        await evening.prompt("ann", apart, 404)
        await evening.prompt("boss", seq - 1, 404)
        assert held(await evening.prompt("boss", whispered), "OWLS")
        chain = await server.site.governor.tuner.chain()  # type: ignore[union-attr]
        looks = [(one.actor, one.body["seq"]) for one in chain.entries if one.kind == "prompt_seen"]
        assert looks == [("player:boss", seq), ("player:boss", whispered)]

        await evening.act("ben", do="erase", seq=lanterns["rests_on"][0])
        assert held(gone := await evening.prompt("boss", seq), "LANTERNS") == []
        assert "erased" in {part.get("hidden") for part in parts(gone)}


@pytest.mark.parametrize(("level", "calls"), [("able", ["turn"]), ("small", ["turn", "repair"])])
async def test_a_call_that_was_mended_is_shown_too_and_each_holds_a_line_once(
    server: Live, level: Level, calls: list[str]
) -> None:
    """Of a line said again an able model keeps what is short, a small one is asked again: two calls, no line twice."""
    info = ModelInfo("scripted", "scripted", level=level)
    model = ScriptedModel([("", {"say": "There was a good deal of rain. Tea?", "emotion": "calm"})], info=info)
    await server.site.lobby.set_model(model)
    async with server.client("player", "player:ann") as ann, server.client("operator", "player:boss") as boss:
        evening = await Evening.begin(server, ann=ann, boss=boss)
        await evening.act("ann", do="enter", name="Ann")
        await evening.act("ann", do="say", text="Mira, I hid a LANTERN in the clock.")
        prompt = await evening.prompt("boss", await evening.act("ann", do="say", text="Mira, may I have a look?"))
        asked = [one for one in prompt["calls"] if not one["played"]]
        assert [one["purpose"] for one in asked] == calls
        assert [len(held({"calls": [one]}, "LANTERN")) for one in asked] == [1] * len(calls)


async def test_lines_that_waited_for_a_late_turn_stand_in_a_prompt_once(server: Live) -> None:
    model = _Late([("", lambda request: {"say": f"That makes {len(request.messages)}.", "emotion": "calm"})])
    await server.site.lobby.set_model(model)
    async with server.client("player", "player:ann") as ann, server.client("operator", "player:boss") as boss:
        evening = await Evening.begin(server, ann=ann, boss=boss)
        await evening.act("ann", do="enter", name="Ann")
        model.go.clear()
        address = f"/api/rooms/{evening.room}/actions"
        for word in ("AMBER", "BRICK", "CEDAR"):
            await ann.post(address, json={"action": {"do": "say", "text": f"Mira, the {word} is mine."}})
            await until(lambda: model.begun)
        model.go.set()
        await server.site.lobby.directors[evening.room].settled()
        last = await evening.act("ann", do="say", text="Mira, what is mine?")
        said = await server.site.lobby.store.last(evening.room, 20, ("said",))
        replies = [await evening.prompt("boss", one.seq) for one in said if one.actor == MIRA]
        calls = [call for prompt in replies for call in prompt["calls"]]
        assert len(calls) == len(model.requests) >= 3
        for call in calls:
            lines = [part["rests_on"][0] for part in parts({"calls": [call]}) if part["kind"] == "line"]
            assert lines and len(lines) == len(set(lines))
        prompt = await evening.prompt("boss", last)
        for word in ("AMBER", "BRICK", "CEDAR"):
            assert [part["kind"] for part in held(prompt, word) if part["kind"] != "waiting"] == ["line"], word


async def test_what_was_forgotten_is_read_by_nobody(server: Live) -> None:
    await server.site.lobby.set_model(ScriptedModel([("", lambda r: {"say": f"That makes {len(r.messages)}."})]))
    async with server.client("player", "player:ann") as ann, server.client("operator", "player:boss") as boss:
        evening = await Evening.begin(server, ann=ann, boss=boss)
        await evening.act("ann", do="enter", name="Ann")
        await evening.act("ann", do="say", text="Mira, I live in Lisbon.")
        evening.room = (await ann.post("/api/rooms", json={"scene": "tea_room"})).json()["id"]
        await evening.act("ann", do="enter", name="Ann")
        seq = await evening.act("ann", do="say", text="Mira, where do I live?")
        (memory,) = held(await evening.prompt("ann", seq), "Lisbon")
        assert memory["kind"] == "memory" and memory["elsewhere"] and memory["why"]
        many = [Remembered(f"f{at}", MIRA, "player:ann", "fact", f"Ann told {at}.", 0.5, 2**50, 1) for at in range(600)]
        await server.site.lobby.store.memories.add(many)
        assert held(await evening.prompt("ann", seq), "Lisbon"), "however much she told since"
        await server.site.lobby.store.memories.drop([one.id for one in many])
        for one in (await ann.get("/api/people/me/memories?character=mira")).json()["memories"]:
            await ann.delete(f"/api/people/me/memories/{one['id']}?character=mira")
        assert held(gone := await evening.prompt("boss", seq), "Lisbon") == []
        assert "forgotten" in {part.get("hidden") for part in parts(gone)}


async def test_the_understudy_says_whose_line_it_is_and_what_is_not_kept_is_said(
    server: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    await server.site.lobby.set_model(Understudy())
    async with server.client("player", "player:ann") as ann, server.client("operator", "player:boss") as boss:
        evening = await Evening.begin(server, ann=ann, boss=boss)
        greeting = await evening.act("ann", do="enter", name="Ann")
        assert (await evening.prompt("ann", greeting))["greeting"] == {"kind": "greeting"}
        seq = await evening.act("ann", do="say", text="Mira, what do you dream about?")
        prompt = await evening.prompt("boss", seq)
        (call,) = [one for one in prompt["calls"] if one["choice"]["kind"] in ("answer", "example")]
        assert call["played"] and call["messages"] == []
        assert call["choice"]["line"] and call["choice"]["asked"]
        assert set((await evening.prompt("ann", seq))["calls"][-1]["choice"]) == {"kind"}
        named = await evening.act("ann", do="say", text="Mira, what was my name again?")
        (told,) = [one["choice"] for one in (await evening.prompt("boss", named))["calls"]]
        assert told == {"kind": "recalled"}, "what she told is in the reply: kept here too it would outlast a memory"
        monkeypatch.setattr("openroom.store.prompts.MOST_KEPT", 1)
        await evening.act("ann", do="say", text="Mira, and what do you like?")
        assert await evening.prompt("ann", seq) == {"seq": seq, "character": MIRA, "kept": False, "all": False}
