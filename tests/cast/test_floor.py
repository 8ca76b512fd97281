"""Who answers as a model says it, in rooms that run: what it is shown, and when it is not asked or not heard."""

from __future__ import annotations

from typing import Any

import pytest

from openroom.cast import floor
from openroom.cast.floor import NEVER, NEW_TOKENS, Floor, contested, weighed
from openroom.core.action import Configure, Erase, Leave, Mute, Rewind, Say
from openroom.core.event import Said
from openroom.errors import ModelBusy
from openroom.language.tokens import estimate_tokens
from openroom.models.fallback import FallbackModel
from openroom.models.scripted import Hang, ScriptedModel
from openroom.ports.model import ModelInfo, ModelRequest, prompt_text
from openroom.room.room import Room
from tests.cast.talking import BOSS
from tests.core import worlds
from tests.room.people import ANN, BEN, enter
from tests.waiting import until

VERA, OTTO = "character:vera", "character:otto"


def chooses(odds: Any) -> ScriptedModel:
    """A model that says who answers so, and then has each say a new thing."""

    def answer(request: ModelRequest) -> Any:
        if request.choices:
            return odds
        return {"say": f"Number {abs(hash(request.messages[-1].content)) % 9999}.", "emotion": "calm", "do": []}

    return ScriptedModel([answer])


@pytest.fixture(autouse=True)
def sure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(floor, "SURE", {"small": NEVER, "fair": 0.6, "able": 0.6})


async def smart(lobby: Any) -> tuple[Room, Any]:
    room, director = await lobby.open("parlour"), lobby.directors["parlour"]
    await room.submit(BOSS, Configure(responders="smart"))
    await enter(room, ANN)
    return room, director


async def answered_by(room: Room, director: Any, text: str, **more: Any) -> str:
    await room.submit(ANN, Say(text=text, **more))
    await director.settled()
    return next(event.actor for event in reversed(await room.recent(9)) if isinstance(event, Said))


def picks(model: ScriptedModel) -> list[ModelRequest]:
    return [request for request in model.requests if request.purpose == "pick"]


@pytest.mark.parametrize(("number", "who"), [("1", 0), ("2", 1)])
async def test_whom_the_model_is_sure_of_answers(open_lobby, number: str, who: int) -> None:
    model = chooses({"1": 0.1, "2": 0.1, number: 0.9})
    async with open_lobby(model) as lobby:
        room, director = await smart(lobby)
        cast = list(room.world.characters)
        assert await answered_by(room, director, "What a night!") == f"character:{cast[who]}"
    (asked,) = picks(model)
    assert (asked.max_tokens, asked.choices, asked.slot) == (1, ("1", "2"), "parlour:")


async def test_where_it_is_not_sure_the_natural_order_stands(open_lobby) -> None:
    async with open_lobby(chooses({"1": 0.55, "2": 0.45})) as lobby:
        room, director = await smart(lobby)
        for name, who in (("Vera", VERA), ("Otto", OTTO)):
            assert await answered_by(room, director, f"{name}, what do you say?") == who


async def test_a_model_without_probabilities_is_asked_once(open_lobby) -> None:
    model = chooses("1")
    async with open_lobby(model) as lobby:
        room, director = await smart(lobby)
        for _ in range(3):
            assert await answered_by(room, director, "Otto, and now?") == OTTO
    assert len(picks(model)) == 1


async def test_a_model_that_is_at_work_is_not_waited_for(open_lobby) -> None:
    model = chooses(ModelBusy)
    async with open_lobby(model) as lobby:
        room, director = await smart(lobby)
        assert await answered_by(room, director, "Otto, and now?") == OTTO
        assert await answered_by(room, director, "Otto, and then?") == OTTO
    assert len(picks(model)) == 2


async def test_a_model_that_takes_too_long_is_not_waited_for(open_lobby, monkeypatch) -> None:
    monkeypatch.setattr(floor, "_SECONDS", 0.01)
    async with open_lobby(chooses(Hang())) as lobby:
        room, director = await smart(lobby)
        assert await answered_by(room, director, "Otto, and now?") == OTTO


async def test_nobody_is_asked_where_there_is_nothing_to_choose(open_lobby) -> None:
    model = chooses({"1": 1.0})
    async with open_lobby(model) as lobby:
        room, director = await smart(lobby)
        assert await answered_by(room, director, "Hush.", to=[OTTO]) == OTTO
        await room.submit(BOSS, Mute(character=VERA))
        assert await answered_by(room, director, "And now?") == OTTO
        await room.submit(BOSS, Mute(character=VERA, on=False))
        await room.submit(BOSS, Configure(responders="natural"))
        await answered_by(room, director, "And now?")
    assert picks(model) == []


async def test_it_is_shown_only_what_all_who_are_here_perceived(open_lobby) -> None:
    model = chooses({"1": 0.9, "2": 0.1})
    async with open_lobby(model) as lobby:
        room, director = await smart(lobby)
        await answered_by(room, director, "EARLY words.")
        await answered_by(room, director, "The password is SWORDFISH.", to=[VERA])
        await answered_by(room, director, "Aloud, and new.")
        assert "EARLY" in prompt_text(picks(model)[-1].messages)
        await enter(room, BEN)
        await answered_by(room, director, "Ben is here.")
        shown = prompt_text(picks(model)[-1].messages)
        assert "Ann: Ben is here." in shown
        assert "EARLY" not in shown
        assert "Aloud" not in shown
        head = room.state.head
        await answered_by(room, director, "UNDONE words.")
        await room.submit(BOSS, Rewind(to=head))
        await director.settled()
        await answered_by(room, director, "Again.")
    prompts = "".join(prompt_text(request.messages) for request in picks(model))
    assert "SWORDFISH" not in prompts
    assert "UNDONE" not in prompt_text(picks(model)[-1].messages)
    secrets = [secret.text for character in room.world.characters.values() for secret in character.secrets]
    assert not any(secret in prompts for secret in secrets)


async def test_what_is_undone_meanwhile_is_answered_by_nobody(open_lobby) -> None:
    model = chooses(Hang())
    async with open_lobby(model) as lobby:
        room, director = await smart(lobby)
        head = room.state.head
        await room.submit(ANN, Say(text="Never mind."))
        assert director.busy
        await room.submit(BOSS, Rewind(to=head))
        await director.settled()
        assert not [event for event in await room.recent(9) if isinstance(event, Said)]


async def test_who_stops_while_it_is_being_chosen_who_answers_is_answered_by_nobody(open_lobby) -> None:
    model = chooses(Hang())
    async with open_lobby(model) as lobby:
        room, director = await smart(lobby)
        line = (await room.submit(ANN, Say(text="Never mind."))).seqs[0]
        await until(lambda: bool(picks(model)))
        assert room.stop(ANN)
        await director.settled()
        assert [event.seq for event in await room.recent(9) if isinstance(event, Said)] == [line]
        assert not room.stop(ANN), "there is nothing to stop any more"


async def test_a_line_is_answered_though_another_is_erased_while_it_is_being_chosen(open_lobby) -> None:
    model = chooses(Hang())
    async with open_lobby(model) as lobby:
        room, director = await smart(lobby)
        first = (await room.submit(ANN, Say(text="Hm.", to=[OTTO]))).seqs[0]
        await director.settled()
        await room.submit(ANN, Say(text="Otto, and now?"))
        await until(lambda: bool(picks(model)))
        await room.submit(ANN, Erase(seq=first))
        await director.settled()
        said = [event for event in await room.recent(9) if isinstance(event, Said)]
        assert (said[-1].actor, said[-1].to) == (OTTO, None)
        line = (await room.submit(ANN, Say(text="Otto, and then?"))).seqs[0]
        await until(lambda: len(picks(model)) == 2)
        await room.submit(ANN, Erase(seq=line))
        await director.settled()
        assert [event.seq for event in await room.recent(9) if isinstance(event, Said)][-1] == line


async def test_who_has_gone_is_not_answered_though_a_line_is_erased_while_it_is_being_chosen(open_lobby) -> None:
    model = chooses(Hang())
    async with open_lobby(model) as lobby:
        room, director = await smart(lobby)
        first = (await room.submit(ANN, Say(text="Hm.", to=[OTTO]))).seqs[0]
        await director.settled()
        line = (await room.submit(ANN, Say(text="Otto, and now?"))).seqs[0]
        await until(lambda: bool(picks(model)))
        await enter(room, BEN)
        await room.submit(ANN, Leave())
        await room.submit(BOSS, Erase(seq=first))
        await director.settled()
        causes = {event.cause or "" for event in await room.recent(9) if isinstance(event, Said)}
        assert not [cause for cause in causes if cause.startswith(f"t{line}-")], "nobody is here who heard it"


def test_a_call_reads_few_new_tokens_however_long_lines_are() -> None:
    table = worlds.Table()
    table.must(worlds.ANN, worlds.enter(worlds.ANN))
    seen = Floor("hut")
    among = [worlds.MIRA.id, worlds.OSKAR.id]
    before = ""
    for text in ("Hello.", "word " * 700, "很长的一句话。" * 300, "short", "x" * 3000):
        for actor in (worlds.ANN, worlds.MIRA):
            seen.hear(table.must(actor, Say(text=text)), table.state)
        request = seen.request(table.world, among)
        assert request is not None
        talk = request.messages[-1].content
        lines, kept = talk.splitlines(), before.splitlines()[:-1]  # all but the question
        assert lines[: len(kept)] == kept  # what was read stays as it is
        if before:
            assert sum(map(estimate_tokens, lines[len(kept) :])) <= NEW_TOKENS
        before = talk


def test_between_whom_there_is_something_to_choose() -> None:
    table = worlds.Table()
    table.must(worlds.ANN, worlds.enter(worlds.ANN))
    (line,) = table.must(worlds.ANN, Say(text="Well?"))
    present = [worlds.MIRA.id, worlds.OSKAR.id]
    assert contested(line, table.state, table.world, present) == []
    table.must(worlds.HOST, Configure(responders="smart"))
    assert contested(line, table.state, table.world, present) == present
    assert contested(line, table.state, table.world, present[:1]) == []
    (own,) = table.must(worlds.MIRA, Say(text="Hm."))
    assert contested(own, table.state, table.world, present) == []


async def test_who_answers_is_nobody_elses_to_say_where_the_first_model_cannot() -> None:
    other = ScriptedModel([("", {"1": 1.0})])
    model = FallbackModel(ScriptedModel([("", ModelBusy("at work"))]), other)
    chosen = await Floor("hut").choose(model, worlds.world(), [worlds.MIRA.id, worlds.OSKAR.id])
    assert (chosen, other.requests) == ("", [])


def test_a_local_model_is_asked_when_it_has_read_the_names() -> None:
    seen, local = Floor("hut"), ScriptedModel([], info=ModelInfo("good", "local", level="fair"))
    assert not seen.may_ask(local)
    seen.lean({"1": 0.2, "2": 0.8})
    assert seen.may_ask(local)
    assert not seen.may_ask(ScriptedModel([], info=ModelInfo("poor", "local", level="small")))
    assert not seen.may_ask(ScriptedModel([], info=ModelInfo("understudy", "understudy")))


def test_to_whom_a_model_leans_anyway_counts_against_them() -> None:
    odds = weighed({"1": 0.3, "2": 0.7}, {"1": 0.1, "2": 0.9})
    assert max(odds, key=odds.__getitem__) == "1"
    assert sum(odds.values()) == pytest.approx(1)
    assert weighed({"1": 0.3, "2": 0.7}, {}) == {"1": 0.3, "2": 0.7}
    assert weighed({"1": 0.5, "3": 0.5}, {"1": 0.0})["3"] == pytest.approx(0.5)  # nobody counts as never


async def test_a_local_model_reads_the_names_while_nobody_waits_and_is_asked_then(open_lobby) -> None:
    def answer(request: ModelRequest) -> Any:
        if request.purpose == "pick":
            return {"1": 0.45, "2": 0.55}
        return {"1": 0.1, "2": 0.9} if request.choices else {"say": "So it is.", "emotion": "calm", "do": []}

    model = ScriptedModel([answer], info=ModelInfo("good", "local", level="fair"))
    async with open_lobby(model) as lobby:
        room, director = await smart(lobby)
        assert await answered_by(room, director, "Otto, good evening.") == OTTO
        assert picks(model) == []  # it has not read the names yet
        await until(lambda: director._floor.ready)
        cast = list(room.world.characters)
        assert await answered_by(room, director, "What a night!") == f"character:{cast[0]}"  # against its leaning
    warm = next(request for request in model.requests if request.purpose == "warm" and request.choices)
    assert warm.slot == picks(model)[0].slot
    assert picks(model)[0].messages[0] == warm.messages[0]
