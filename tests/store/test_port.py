"""What every store does, through the port: the same for the database and for the one in memory."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from openroom.core.event import Entered, Erased, Event, Said, Used, dump
from openroom.core.redact import Strike
from openroom.core.state import State
from openroom.errors import RoomNotFound, StoreCorrupt, StoreError
from openroom.language.finding import needles
from openroom.ports.kept_prompt import Choice, KeptCall, KeptLore, KeptMessage, KeptPart, KeptPrompt
from openroom.ports.ledger import Call, Spent
from openroom.ports.memory_rows import Remembered, Source
from openroom.ports.store import Activation, RoomRecord, Store, Token, Version
from openroom.store import prompts as kept_prompts

ROOM = RoomRecord("tea", "tea_room", "The tea room", "", True, created=1, touched=5, epoch="e1")


def said(seq: int, text: str = "Hello") -> Said:
    return Said(seq=seq, at=seq * 10, actor="player:a", text=text)


def entered(seq: int) -> Event:
    patch = {"people": {"player:a": {"kind": "player", "name": "Ann", "order": 1, "here": True, "emotion": None}}}
    return Entered(seq=seq, at=seq, actor="player:a", who="player:a", name="Ann", patch=patch)


async def test_events_come_back_as_they_were(store: Store) -> None:
    written = [entered(1), said(2, "Grüße, 東京! \x00 </script>"), said(3)]
    await store.append("tea", written)
    found = await store.events("tea")
    assert found == written
    assert [dump(event) for event in found] == [dump(event) for event in written]
    assert await store.head("tea") == 3
    assert await store.head("other") == 0


async def test_ranges_of_events(store: Store) -> None:
    await store.append("tea", [said(seq) for seq in range(1, 11)])
    assert [e.seq for e in await store.events("tea", after=3, until=6)] == [4, 5, 6]
    assert [e.seq for e in await store.events("tea", after=3, limit=2)] == [4, 5]
    assert [e.seq for e in await store.events("tea", after=10)] == []
    assert [e.seq for e in await store.last("tea", 3)] == [8, 9, 10]
    assert await store.last("tea", 0) == []


async def test_the_newest_events_of_a_kind(store: Store) -> None:
    await store.append("tea", [entered(1), said(2), entered(3), said(4)])
    assert [e.seq for e in await store.last("tea", 5, ["entered"])] == [1, 3]
    assert [e.seq for e in await store.last("tea", 1, ["entered", "said"])] == [4]


@pytest.mark.parametrize("wrong", [[1], [4], [3, 5], [2], [3, 3]])
async def test_a_gap_or_a_double_is_refused_and_nothing_is_written(store: Store, wrong: list[int]) -> None:
    await store.append("tea", [said(1), said(2)])
    with pytest.raises(StoreCorrupt, match="expected event"):
        await store.append("tea", [said(seq) for seq in wrong])
    assert await store.head("tea") == 2
    await store.append("tea", [said(3)])


async def test_concurrent_callers_of_many_rooms_lose_nothing(store: Store) -> None:
    async def producer(room: str) -> None:
        for seq in range(1, 21):
            await store.append(room, [said(seq)])

    await asyncio.gather(*(producer(f"room{n}") for n in range(16)))
    for n in range(16):
        assert [event.seq for event in await store.events(f"room{n}")] == list(range(1, 21))


async def test_a_bad_append_does_not_harm_those_that_share_its_transaction(store: Store) -> None:
    await store.append("a", [said(1)])
    results = await asyncio.gather(
        *(store.append(room, [said(seq)]) for room, seq in [("b", 1), ("a", 7), ("c", 1), ("a", 2)]),
        return_exceptions=True,
    )
    assert [type(result) for result in results] == [type(None), StoreCorrupt, type(None), type(None)]
    assert [await store.head(room) for room in "abc"] == [2, 1, 1]


async def test_snapshots(store: Store) -> None:
    assert await store.latest("tea") is None
    for seq in (5, 10):
        await store.save_snapshot("tea", State(seq, {"run": {"open": True}, "n": seq}, {"head": seq}))
    await store.save_snapshot("tea", State(10, {"again": 1.5}, {}))
    assert await store.latest("tea") == State(10, {"again": 1.5}, {})
    assert await store.latest("tea", until=9) == State(5, {"run": {"open": True}, "n": 5}, {"head": 5})
    assert await store.latest("tea", until=4) is None


async def test_erased_words_are_gone_and_the_patch_stays(store: Store) -> None:
    secret = Said(seq=1, at=1, actor="player:a", text="my secret", to=["player:b"], patch={"n": 1})
    await store.append("tea", [secret, said(2)])
    memory = _memory("m1", "Ann has a secret.", Source("tea", 1, "player:a"))
    await store.memories.add([memory, _memory("m2", "Ann said hello.", Source("tea", 2, "player:a"))])
    await store.erase("tea", 1)
    await store.erase("tea", 1)
    await store.erase("tea", 99)
    first, second = await store.events("tea")
    assert isinstance(first, Said)
    assert (first.text, first.erased, first.patch, first.to) == ("", True, {"n": 1}, ["player:b"])
    assert second == said(2)
    assert [m.id for m in await store.memories.of("character:mira")] == ["m2"]
    assert await store.memories.search("character:mira", ["secret"]) == []


async def test_rooms(store: Store) -> None:
    other = replace(ROOM, id="other", touched=9, owner="player:a", open=False)
    await store.create_room(ROOM)
    await store.create_room(other)
    with pytest.raises(StoreError, match="'tea'"):
        await store.create_room(ROOM)
    assert await store.room("tea") == ROOM
    assert await store.room("nowhere") is None
    assert await store.rooms() == [other, ROOM]
    await store.update_room(replace(ROOM, touched=20, title="Tea"))
    assert [room.title for room in await store.rooms()] == ["Tea", "The tea room"]
    with pytest.raises(RoomNotFound, match="'nowhere'"):
        await store.update_room(replace(ROOM, id="nowhere"))


async def test_a_token_is_taken_back_alone_or_with_its_guests(store: Store) -> None:
    await store.add_token(Token("t", "player", 1, room="tea"))
    assert await store.revoke_token("t", 5)
    assert not await store.revoke_token("t", 6)
    assert await store.revoke_token("t", 7, withdraw=True)
    assert not await store.revoke_token("t", 8, withdraw=True)
    assert await store.token("t") == Token("t", "player", 1, room="tea", revoked=5, withdrawn=7)
    assert not await store.revoke_token("nope", 9, withdraw=True)


async def test_a_deleted_room_takes_its_events_and_memories_with_it(store: Store) -> None:
    await store.create_room(ROOM)
    await store.append("tea", [said(1), said(2)])
    await store.save_snapshot("tea", State(2))
    await store.memories.add([_memory("m1", "Ann was here.", Source("tea", 1))])
    await store.memories.add([_memory("m2", "Ann was there.", Source("elsewhere", 1))])
    await store.delete_room("tea")
    assert await store.room("tea") is None
    assert await store.events("tea") == []
    assert await store.latest("tea") is None
    assert [memory.id for memory in await store.memories.of("character:mira")] == ["m2"]
    await store.append("tea", [said(1)])  # a new room of that id begins at 1


def _memory(id: str, text: str, *sources: Source) -> Remembered:
    return Remembered(id, "character:mira", "player:a", "fact", text, 0.5, 1, 1, sources=sources)


def _call(id: str, *, room: str = "tea", kind: str = "remote", at: int = 100, usd: float | None = 0.01) -> Call:
    return Call(id, at, room, "mira", "turn", "gpt", kind, 100, 40, 20, False, usd, 300, 900, "ok")


async def test_the_ledger_sums_what_costs(store: Store) -> None:
    calls = [_call("1"), _call("2", room="other", usd=None), _call("3", kind="understudy"), _call("4", at=50)]
    for call in calls:
        await store.record(call)
    assert await store.spent(None, 100) == Spent(2, 200, 80, 40, 0.01)
    assert await store.spent("tea", 0) == Spent(2, 200, 80, 40, 0.02)
    assert await store.spent("nowhere", 0) == Spent()
    assert await store.calls(60) == [calls[0], calls[1], calls[2]]
    assert await store.calls(0, limit=1) == [calls[0]]


async def test_values_by_key(store: Store) -> None:
    assert await store.get("model") is None
    await store.put("model", "local")
    await store.put("model", "remote")
    assert await store.get("model") == "remote"
    await store.put("model", None)
    assert await store.get("model") is None


async def test_who_came_by_a_token_is_kept_in_the_order_they_came(store: Store) -> None:
    await store.add_token(Token("t", "player", 1, room="tea", giver="player:own"))
    assert (await store.tokens())[0].giver == "player:own"
    for token, person, at in (("t", "player:2", 5), ("t", "player:1", 5), ("u", "player:2", 6), ("t", "player:2", 7)):
        await store.add_guest(token, person, at)
    assert await store.guests() == [("t", "player:1"), ("u", "player:2"), ("t", "player:2")]


async def test_a_token_is_counted_bounded_and_taken_back(store: Store) -> None:
    invite = Token("t1", "player", created=1, room="tea", expires=100, uses=2)
    await store.add_token(invite)
    await store.add_token(Token("t2", "operator", created=2))
    with pytest.raises(StoreError, match="'t1'"):
        await store.add_token(invite)
    assert [token.id for token in await store.tokens()] == ["t2", "t1"]
    used = await asyncio.gather(*(store.use_token("t1", 50) for _ in range(3)))
    assert [token.used if token else None for token in used] == [1, 2, None]
    assert await store.token("t1") == replace(invite, used=2)
    assert await store.use_token("unknown", 50) is None
    assert await store.revoke_token("t2", 60) is True
    assert await store.revoke_token("t2", 61) is False
    assert await store.use_token("t2", 70) is None


def test_a_token_expires() -> None:
    token = Token("t", "player", created=1, expires=100)
    assert token.is_good(99)
    assert not token.is_good(100)


async def test_versions_and_which_is_active(store: Store) -> None:
    first = Version("mira", "aa", b'{"format":1}', created=1)
    second = Version("mira", "bb", b'{"format":1,"x":2}', created=2, parent="aa", note="kinder")
    for version in (first, second, replace(first, note="ignored: it is there already")):
        await store.add_version(version)
    assert await store.versions("mira") == [first, second]
    assert await store.version("mira", "aa") == first
    assert await store.version("jonas", "aa") is None
    assert await store.active("mira") is None
    history = [Activation("mira", d, at) for at, d in enumerate(["aa", "bb", None, "aa"])]
    for activation in history:
        await store.activate(activation)
    assert await store.active("mira") == "aa"
    assert await store.activations("mira") == history
    with pytest.raises(StoreError, match="'cc'"):
        await store.activate(Activation("mira", "cc", 9))


async def test_words_are_found_newest_first_and_gone_when_they_are_erased(store: Store) -> None:
    await store.create_room(ROOM)
    await store.append("tea", [entered(1), said(2, "The old lamp"), said(3, "Die Lámpe, alt"), said(4, "古い灯台")])
    await store.append("other", [said(1, "An old lamp elsewhere")])

    async def found(query: str, before: int = 100, **more: int) -> list[int]:
        return [event.seq for event in await store.find("tea", needles(query), before, **more)]

    assert await found("lamp") == [3, 2]
    assert await found("LAMP old") == [2]
    assert await found("灯台") == [4] == await found("台")
    assert await found("lamp", before=3) == [2] and await found("lamp", after=2) == [3]
    assert await found("lamp", limit=1) == [3]
    assert await found("ann") == []
    assert await store.rooms_of("player:a") == ["tea"] and await store.rooms_of("player:b") == []
    await store.erase("tea", 3)
    assert await found("lamp") == [2] and await found("alt") == []
    await store.append("tea", [entered(5)])
    assert await store.rooms_of("player:a") == ["tea"]
    await store.delete_room("tea")
    assert await found("lamp") == [] and await store.rooms_of("player:a") == []
    assert [event.seq for event in await store.find("other", needles("lamp"), 9)] == [1]


async def test_words_that_are_struck_from_a_telling_are_found_no_more(store: Store) -> None:
    wrote = Used(
        seq=2,
        at=2,
        actor="player:a",
        prop="board",
        verb="pin",
        args={"text": "the gold is buried"},
        telling="A pins a note.",
    )
    read = Used(seq=3, at=3, actor="player:a", prop="board", verb="read", telling="It says: the gold is buried.")
    state = {"props": {"board": {"state": {"notes": [{"text": "the gold is buried"}]}}}}
    await store.append("tea", [entered(1), wrote.model_copy(update={"patch": state}), read])
    assert [e.seq for e in await store.find("tea", needles("gold"), 9)] == [3]
    await store.strike("tea", Strike(2, "player:a", "board", ("the gold is buried",), everywhere=True), 3)
    assert await store.find("tea", needles("gold"), 9) == []
    assert [e.seq for e in await store.find("tea", needles("says"), 9)] == [3]


def _prompt(turn: str, *parts: KeptPart, seqs: tuple[int, ...] = (9,)) -> KeptPrompt:
    call = KeptCall(
        "turn", "gpt", "remote", {"temperature": 0.7}, (KeptMessage("system", parts),),
        counted={"prompt": 9, "cached": 1, "completion": 2}, usd=0.01, dropped=("repeat",),
    )  # fmt: skip
    played = KeptCall("turn", "", "understudy", {}, rests_on=(2,), choice=Choice("answer", "Tea.", "Tea?"))
    lore = (KeptLore("scene", "lamp", True, "key", "lamp"),)
    return KeptPrompt(turn, "character:mira", 5, seqs, "said", "player:a", ("player:a",), "v", (call, played), lore)


def _texts(prompt: KeptPrompt | None) -> list[str]:
    return [part.text for part in prompt.parts()] if prompt else []


async def test_a_prompt_is_kept_as_it_was_and_what_is_erased_goes_from_it(store: Store) -> None:
    await store.create_room(ROOM)
    await store.append("tea", [said(seq) for seq in range(1, 10)])
    await store.memories.add([_memory("m1", "Ann was there.", Source("elsewhere", 4))])
    look, card = KeptPart("look", "A board: OWL."), KeptPart("persona", "Mira.", known_to=("player:a",))
    line, other = KeptPart("line", "Ann: OWL", rests_on=(2,)), KeptPart("line", "Ann: tea", rests_on=(12,))
    memory = KeptPart(
        "memory", "There.", "relation:player:a,m1", "fact", elsewhere=(("elsewhere", 4),), of=("player:a",)
    )
    kept = _prompt("t9", card, look, line, other, memory)
    await store.keep_prompt("tea", replace(kept, version="old"), 8)
    await store.keep_prompt("tea", kept, 8)
    await store.keep_prompt("tea", older := _prompt("t1", look, seqs=(1,)), 0)
    await store.keep_prompt("other", kept, 8)
    assert await store.prompt("tea", "t9") == kept == await store.prompt("other", "t9")
    assert await store.prompt("tea", "t8") is None and await store.prompt("nowhere", "t9") is None

    await store.erase("tea", 2)
    found = await store.prompt("tea", "t9")
    assert found is not None and _texts(found) == ["Mira.", "", "", "Ann: tea", "There."]
    assert [part.why for part in found.parts()][1:3] == ["erased", "erased"]
    assert found.calls[1].choice == Choice("answer"), "what answered it tells of it, too"
    await store.keep_prompt("tea", kept, 8)
    await store.erase("tea", 9)
    found = await store.prompt("tea", "t9")
    assert found is not None and found.calls[1].choice == Choice("answer"), "the line was the reply that is erased"
    await store.erase("tea", 2)
    assert await store.prompt("tea", "t1") == older, "it is older than what was erased"
    assert await store.prompt("other", "t9") == kept
    await store.memories.drop(["m1"])
    assert _texts(await store.prompt("tea", "t9")) == ["Mira.", "", "", "Ann: tea", ""]
    assert _texts(await store.prompt("other", "t9"))[-2:] == ["Ann: tea", ""]
    await store.delete_room("tea")
    assert await store.prompt("tea", "t9") is None and await store.prompt("other", "t9") is not None


async def test_what_is_erased_while_a_prompt_is_on_its_way_is_never_kept(store: Store) -> None:
    line, told = KeptPart("line", "OWL", rests_on=(1,)), KeptPart("event", "It says OWL.", rests_on=(2,))
    await store.append("tea", [said(1, "OWL"), said(2), Erased(seq=3, at=3, actor="player:a", target=1), said(4)])
    await store.erase("tea", 1)
    prompt = _prompt("t2", line, told, KeptPart("look", "OWL"), KeptPart("rule", "Be kind."), seqs=(4,))
    await store.keep_prompt("tea", prompt, 2)
    assert _texts(await store.prompt("tea", "t2")) == ["", "", "", "Be kind."]
    await store.keep_prompt("tea", prompt, 3)
    assert _texts(await store.prompt("tea", "t2"))[-1] == "Be kind."


async def test_what_is_forgotten_while_a_prompt_is_on_its_way_is_never_kept(store: Store) -> None:
    await store.create_room(ROOM)
    await store.append("tea", [said(1), said(2)])
    known = [_memory(id, f"Ann told {id}.", Source("tea", 1)) for id in ("m1", "m2", "m3")]
    await store.memories.add(known)
    parts = [KeptPart("memory", f"{id}!", id) for id in ("m1", "m2", "m3", "own")]
    await store.memories.drop(["m1", "m2"])
    await store.memories.add(known[1:2])  # it was undone, and is so again
    await store.keep_prompt("tea", _prompt("t1", *parts, KeptPart("look", "A board."), seqs=(2,)), 1)
    found = await store.prompt("tea", "t1")
    assert _texts(found) == ["", "m2!", "m3!", "own!", ""], "a memory of somebody's own is in no table of ours"
    assert found is not None and [part.gone for part in found.parts()] == ["forgotten", "", "", "", "erased"]
    await store.keep_prompt(
        "tea", whole := _prompt("t2", *parts[1:], KeptPart("repair", "m2, you said."), seqs=(2,)), 1
    )
    assert await store.prompt("tea", "t2") == whole
    await store.memories.drop(["m2"])
    assert _texts(await store.prompt("tea", "t2")) == ["", "m3!", "own!", ""], "a try that failed may have told it"


async def test_each_prompt_is_written_anew_once_however_much_goes_from_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.create_room(ROOM)
    await store.append("tea", [said(seq) for seq in range(1, 10)])
    await store.memories.add([_memory(f"m{at}", f"Ann told {at}.", Source("tea", at)) for at in range(1, 6)])
    parts = [KeptPart("memory", f"{at}!", f"m{at}", rests_on=(at,)) for at in range(1, 6)]
    for room in ("tea", "other"):
        await store.keep_prompt(room, _prompt("t9", *parts), 8)
    read: list[str] = []
    one_read = kept_prompts._read
    monkeypatch.setattr(kept_prompts, "_read", lambda room, body: read.append(room) or one_read(room, body))
    await store.memories.drop(["m1", "m2"])
    assert sorted(read) == ["other", "tea"]
    read.clear()
    await store.delete_room("tea")  # what it alone remembered goes from the prompts of others, not from its own first
    assert read == ["other"] and _texts(await store.prompt("other", "t9")) == [""] * 5


async def test_a_prompt_that_nobody_can_read_keeps_no_word_from_being_erased(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.create_room(ROOM)
    await store.append("tea", [said(1, "OWL"), said(2)])
    monkeypatch.setattr(kept_prompts, "_body", lambda _prompt: b"not compressed")
    await store.keep_prompt("tea", _prompt("t2", KeptPart("line", "OWL", rests_on=(1,)), seqs=(2,)), 1)
    with pytest.raises(StoreCorrupt):
        await store.prompt("tea", "t2")
    await store.erase("tea", 1)
    assert await store.prompt("tea", "t2") is None
    event = await store.events("tea", after=0)
    assert event[0].erased


async def test_so_many_prompts_are_kept_of_a_room(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openroom.store.prompts.MOST_KEPT", 3)
    for room in ("tea", "other"):
        for seq in range(1, 6):
            await store.keep_prompt(room, _prompt(f"t{seq}", seqs=(seq,)), 0)
    kept = [await store.prompt("tea", f"t{seq}") for seq in range(1, 6)]
    assert [one is not None for one in kept] == [False, False, True, True, True]
