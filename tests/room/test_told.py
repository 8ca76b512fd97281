"""Whoever looks for words, or reads back, finds what they perceived of the story as it is now, and nothing else."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openroom.core.action import Enter, Erase, Leave, Reset, Rewind, Say
from openroom.core.branches import active
from openroom.core.event import Said, erase
from openroom.core.view import perceives, visits_of
from openroom.language.finding import needles
from openroom.room.told import Told
from tests.room.people import ANN, BEN, BOSS, enter

WORDS = ("lamp", "tea", "rain")
PEOPLE = {"ann": ANN, "ben": BEN, "boss": BOSS}

ACT = st.one_of(
    st.tuples(st.just("say"), st.sampled_from(sorted(PEOPLE)), st.sampled_from(WORDS)),
    st.tuples(
        st.just("whisper"), st.sampled_from(sorted(PEOPLE)), st.sampled_from(WORDS), st.sampled_from(sorted(PEOPLE))
    ),
    st.tuples(st.sampled_from(("enter", "leave")), st.sampled_from(sorted(PEOPLE))),
    st.tuples(st.sampled_from(("rewind", "erase")), st.integers(2, 30)),
    st.tuples(st.just("reset")),
)


async def _do(room: Any, step: tuple[Any, ...]) -> None:
    what, *rest = step
    if what == "say":
        await room.submit(PEOPLE[rest[0]], Say(text=f"The {rest[1]} at {room.seq}"))
    elif what == "whisper":
        await room.submit(PEOPLE[rest[0]], Say(text=f"Psst, {rest[1]}", to=[PEOPLE[rest[2]].id]))
    elif what == "enter":
        await room.submit(PEOPLE[rest[0]], Enter(name=rest[0]))
    elif what == "leave":
        await room.submit(PEOPLE[rest[0]], Leave())
    elif what == "reset":
        await room.submit(BOSS, Reset())
    elif rest[0] <= room.seq and not (what == "rewind" and await _is_move(room, rest[0])):
        await room.submit(BOSS, Rewind(to=rest[0]) if what == "rewind" else Erase(seq=rest[0]))


async def _is_move(room: Any, seq: int) -> bool:
    (event,) = await room.store.events(room.id, after=seq - 1, until=seq)
    return event.kind == "moved"


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(ACT, max_size=30), limit=st.integers(1, 4))
async def test_what_is_found_and_read_is_what_was_perceived(open_lobby, steps, limit) -> None:
    async with open_lobby() as lobby:
        room = await lobby.open("parlour")
        await enter(room, BOSS)
        for step in steps:
            await _do(room, step)
        await room.settled()
        log, state = await room.store.events(room.id), room.state
        story = active(log, state.head)
        for actor in PEOPLE.values():
            told = await Told.of(room.store, room.id, state, actor.id)
            mine = [event for event in story if perceives(actor.id, event, visits_of(state))]
            for word in WORDS:
                right = [e for e in reversed(mine) if isinstance(e, Said) and word in e.text]
                found, more = await told.find(needles(word), 10**9, limit)
                assert (found, more) == (right[:limit], len(right) > limit)
            read = [event for event in mine if event.kind in ("said", "entered", "left")]
            pages = [event async for page in told.pages() for event in page]
            assert pages == read
            for seq in range(1, room.seq + 2, 5):
                older = [event for event in read if event.seq < seq]
                newer = [event for event in read if event.seq > seq]
                assert await told.before(seq, limit) == (older[-limit:], len(older) > limit)
                assert await told.after(seq, limit) == (newer[:limit], len(newer) > limit)


async def test_who_was_forgotten_finds_what_they_heard(open_lobby) -> None:
    async with open_lobby() as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN, BEN)
        await room.submit(BEN, Say(text="The lamp is old."))
        await room.submit(ANN, Leave())
        for number in range(700):
            await room.submit(BEN, Say(text=f"The lamp, {number}"))
        await enter(room, BOSS)
        assert ANN.id not in visits_of(room.state), "forgotten"
        told = await Told.of(room.store, room.id, room.state, ANN.id)
        found, more = await told.find(needles("lamp"), 10**9, 10)
        assert [event.text for event in found] == ["The lamp is old."] and not more
        assert told.names[ANN.id] == "Ann"


async def test_an_erased_line_is_neither_found_nor_read(open_lobby, tmp_path) -> None:
    async with open_lobby(store=f"sqlite:///{tmp_path / 'room.db'}") as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN)
        await room.submit(ANN, Say(text="The zanzibar lamp"))
        seq = room.seq
        told = await Told.of(room.store, room.id, room.state, ANN.id)
        assert (await told.find(needles("zanzibar"), 10**9, 5))[0]
        await room.submit(ANN, Erase(seq=seq))
        await room.settled()
        told = await Told.of(room.store, room.id, room.state, ANN.id)
        assert await told.find(needles("zanzibar"), 10**9, 5) == ([], False)
        (line,) = [event async for page in told.pages() for event in page if event.seq == seq]
        assert line == erase(line)
    for file in tmp_path.iterdir():
        assert b"zanzibar" not in file.read_bytes(), f"{file.name} still holds the word"
