"""No prompt rests on what its character did not perceive, or may not use before those who will hear the reply.

Where this fails, a prompt tells somebody what is not theirs: mend the kind, not the case.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openroom.cast.turn import talk
from openroom.core.action import Configure, Delete, Enter, Leave, Load, Note, Retry, Rewind, Save, Say
from openroom.core.actor import Actor
from openroom.core.event import Said
from openroom.library.library import Library
from openroom.ports.model import Message
from openroom.ports.prompt import PromptPart
from openroom.store.inmemory import MemoryStore
from tests.proof.checker import Asked, Checker, Leak, Watched, WatchedModel, idle
from tests.proof.evening import ANN, BEN, BOSS, CAT, NEVER, OTTO, PIRATE, STEPS, VERA, Evening, house, lived, lobby_of

MODELS = ({}, {"kind": "local", "level": "small"}, {"kind": "remote", "level": "fair"}, {"kind": "understudy"})


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return house(tmp_path_factory.mktemp("proof"))


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Watched:
    found = Watched()
    found.watch(monkeypatch)
    return found


async def written(library: Library, watched: Watched, **model: str) -> Checker:
    """The evening by the book: whispers, late arrivals, leaving, a private room, notes, and other ways."""
    store = MemoryStore()
    async with lobby_of(library, store, WatchedModel(watched, **model)) as lobby:
        evening = await Evening.begin(lobby, watched)
        await before_all(evening)
        await other_ways(evening)
        first = await evening.checked()
        own = evening.own.id
    async with lobby_of(library, store, WatchedModel(watched, **model)) as lobby:  # and another day
        evening = await Evening.begin(lobby, watched, own)
        evening.count = 9_000
        await evening.do(BOSS, Enter(name="Boss"))
        await evening.do(BOSS, Configure(responders="smart"))
        await evening.enter(BEN, CAT)
        await evening.say(CAT, "And who lives in {mark}?")
        await evening.say(BEN, "Vera, what did I tell you of {mark}?")
        await evening.say(CAT, "Vera, does anybody live in {mark}?")
        await evening.enter(ANN)
        await evening.say(ANN, "Vera, where do I live? {mark}")
        await evening.say(ANN, "Vera, and what did I whisper? {mark}", [VERA])
        again = await evening.checked()
    again.said |= {word: again.said[word] | where for word, where in first.said.items()}
    return again


async def before_all(evening: Evening) -> None:
    await evening.enter(ANN)
    for line in ("Vera, I live in {mark}.", "Otto, my cat is called {mark}.", "Vera, the garden and {mark}?"):
        await evening.say(ANN, line)
    await evening.say(ANN, "Vera, my brother lives in {mark}, between us.", [VERA])
    await evening.enter(BEN)  # late
    await evening.say(BEN, "Vera, what did I miss? {mark}")
    await evening.say(BEN, "Otto, I was born in {mark}; tell nobody.", [OTTO])
    await evening.say(ANN, "Otto, and the cellar? {mark}")
    await evening.say(ANN, "Vera, about the garden, {mark}.", [VERA])
    await evening.say(ANN, "Vera, what did I tell you? {mark}")
    await evening.do(Actor(OTTO, "character", "Otto"), Leave())  # and hears nothing meanwhile
    await evening.say(BEN, "Vera, Otto must not hear of {mark}.")
    await evening.do(Actor(OTTO, "character", "Otto"), Enter(name="Otto"))
    await evening.say(BEN, "Otto, well? {mark}")
    await evening.enter(ANN, room=evening.own)
    await evening.say(ANN, "Vera, my son lives in {mark}.", room=evening.own)
    await evening.say(ANN, "Vera, here we are alone. {mark}", [VERA], evening.own)
    await as_another(evening)
    await evening.enter(CAT)
    await evening.say(CAT, "Vera, who lives where? {mark}")
    await evening.do(BEN, Leave())
    await evening.say(ANN, "Vera, Ben is gone. {mark}")
    await evening.do(BOSS, Enter(name="Boss"))
    await evening.do(BOSS, Note(text=f"Everybody talks of {evening.mark()}."))
    await evening.say(CAT, "Vera, what now? {mark}")
    await evening.do(BOSS, Note(text=""))
    await evening.say(CAT, "Otto, what now? {mark}")


async def as_another(evening: Evening) -> None:
    """Ann is a pirate for a while, and speaks as one later on; an owner speaks in Otto's place."""
    pirate = replace(ANN, personas=(PIRATE,))
    await evening.do(ANN, Leave())
    await evening.do(pirate, Enter(name="Redbeard", persona="pirate"))
    await evening.say(pirate, "Vera, I come from {mark}.")
    await evening.say(pirate, "Vera, my treasure is in {mark}.", [VERA])
    await evening.do(ANN, Leave())
    await evening.do(pirate, Enter(name="Ann", persona="self"))
    await evening.say(ANN, "Vera, do you know of a treasure? {mark}")
    await evening.do(pirate, Say(text=f"Vera, what of my treasure? {evening.mark()}", persona="pirate", to=[VERA]))
    await evening.do(BOSS, Enter(name="Boss"))
    await evening.do(BOSS, Say(text=f"As for me, {evening.mark()}.", play=OTTO))
    await evening.say(ANN, "Otto, is that so? {mark}")


async def other_ways(evening: Evening) -> None:
    await evening.do(BOSS, Save(name="Here"))
    await evening.say(ANN, "Vera, I work in {mark}.")
    reply = [one for one in await evening.story() if isinstance(one, Said) and one.actor == VERA][-1]
    await evening.do(ANN, Retry(seq=reply.seq, wish=f"shorter, about {evening.mark()}"))
    await evening.do(ANN, Retry(seq=reply.seq))
    await evening.say(ANN, "Vera, and between us, {mark}?", [VERA])
    whispered = [one for one in await evening.story() if isinstance(one, Said) and one.actor == VERA and one.to][-1]
    await evening.do(ANN, Retry(seq=whispered.seq, wish=f"in German, and of {evening.mark()}"))
    await evening.say(CAT, "Vera, go on. {mark}")
    line = await evening.say(CAT, "Vera, I dreamt of {mark}.")
    await evening.erase(CAT, line)
    await evening.say(CAT, "Vera, what did I dream? {mark}")
    await evening.do(BOSS, Delete(seq=(await evening.story())[-1].seq))
    await evening.say(ANN, "Vera, once more, {mark}.")
    (save,) = evening.parlour.state.shared["saves"]
    await evening.do(BOSS, Load(id=save))
    await evening.say(ANN, "Vera, where do I work? {mark}")
    await evening.do(BOSS, Rewind(to=line))
    await evening.say(CAT, "Otto, and now? {mark}")


def never(asked: list[Asked]) -> list[str]:
    """What of the authors' stands in a prompt and may not."""
    return [word for one in asked for word in NEVER if any(word in part.content for part in one.request.messages)]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.get("kind", "able"))
async def test_the_evening_by_the_book(library: Library, watched: Watched, model: dict[str, str]) -> None:
    checker = await written(library, watched, **model)
    assert not (leaks := checker.told(watched.asked)), leaks
    assert never(watched.asked) == []
    kinds = {part.kind for one in watched.asked for message in one.request.messages for part in message.parts}
    assert {"line", "own", "memory", "visitor", "lore", "secret", "note", "wish"} <= kinds, (
        "the evening shows what it is about"
    )
    held = {word for one in watched.asked for word in checker.said if word in str(one.request.messages).lower()}
    assert len(held) > 25


def test_evenings_by_chance(library: Library) -> None:
    step = st.tuples(st.integers(0, len(STEPS) - 1), st.integers(0, 2), st.integers(0, 40))

    @settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(step, min_size=6, max_size=14), st.sampled_from(MODELS))
    def holds(steps: list[tuple[int, int, int]], model: dict[str, str]) -> None:
        watched = Watched()
        with pytest.MonkeyPatch.context() as patch:
            watched.watch(patch)
            checker = asyncio.run(lived(library, watched, steps, **model))
        assert not (leaks := checker.told(watched.asked)), leaks
        assert never(watched.asked) == []

    holds()


# it can fail -----------------------------------------------------------------------------------------------------


async def small(library: Library, watched: Watched) -> tuple[Checker, int]:
    """A whisper to Otto, which Vera is asked about before Ben: the checker, and the whisper's seq."""
    async with lobby_of(library, MemoryStore(), WatchedModel(watched)) as lobby:
        evening = await Evening.begin(lobby, watched)
        await evening.enter(ANN, BEN)
        seq = await evening.say(ANN, "Otto, the password is {mark}.", [OTTO])
        await evening.do(Actor(VERA, "character", "Vera"), Leave())
        await evening.say(ANN, "Otto, Vera must not hear of {mark}.")
        await evening.do(Actor(VERA, "character", "Vera"), Enter(name="Vera"))
        await lobby.directors["parlour"].parts.rebuild()
        await evening.say(BEN, "Vera, what is the password? {mark}")
        await evening.say(BEN, "Otto, what is the password? {mark}")
        await idle(lobby)
        return await evening.checked(), seq


def whys(leaks: list[Leak]) -> set[str]:
    return {leak.why.partition(" [")[0] for leak in leaks}


async def test_it_finds_a_leak_in_words_and_in_what_a_part_rests_on(library: Library, watched: Watched) -> None:
    checker, seq = await small(library, watched)
    assert checker.leaks(watched.asked) == []
    vera = next(one for one in watched.asked if one.who == VERA)
    (word,) = (word for word, where in checker.said.items() if where == {(vera.request.room, seq)})

    def with_part(part: PromptPart) -> list[Leak]:
        last = vera.request.messages[-1]
        messages = (*vera.request.messages[:-1], Message.of("user", (*last.parts, part)))
        return checker.leaks([replace(vera, request=replace(vera.request, messages=messages))])

    assert whys(with_part(PromptPart("told", f"Psst: {word.upper()}", rests_on=()))) == {
        "words that it did not perceive"
    }
    assert whys(with_part(PromptPart("told", "Psst.", rests_on=(seq,)))) == {"a part rests on what it did not perceive"}
    assert whys(with_part(PromptPart("told", "Psst.", rests_on=(9_999,)))) == {"a part rests on what never happened"}
    assert whys(with_part(PromptPart("other", "Psst."))) == {"a part that nobody named"}
    plain = replace(vera.request, messages=(*vera.request.messages, Message("user", "Psst.")))
    assert whys(checker.leaks([replace(vera, request=plain)])) == {"a message that is not its parts"}
    later = replace(vera, gone=frozenset({(vera.request.room, seq)}), request=watched.asked[0].request)
    assert "a part rests on what was erased" in whys(checker.leaks([later]))


@pytest.mark.parametrize(
    ("fault", "instead", "why"),
    [
        ("perceives", lambda *_: True, "it did not perceive"),
        ("party_to", lambda *_: None, "was kept from"),
    ],
)
async def test_it_finds_a_fault_in_the_talk(
    library: Library, watched: Watched, monkeypatch: pytest.MonkeyPatch, fault: str, instead: Any, why: str
) -> None:
    monkeypatch.setattr(talk, fault, instead)
    checker, _ = await small(library, watched)
    assert {f"a part rests on what {why}", f"words that {why}"} <= whys(checker.leaks(watched.asked))
