"""Who speaks when, and what happens when a reply is stopped, fails, or nobody is there to hear it."""

from __future__ import annotations

import re

import pytest

from openroom.core.action import Enter, Leave, Nudge
from openroom.core.actor import Actor
from openroom.core.event import Used
from openroom.errors import ModelAuthError, ModelRefused, ModelTimeout
from openroom.models.scripted import Hang, ScriptedModel
from openroom.ports.model import ModelInfo
from tests.cast.talking import fresh, reply, said, signals
from tests.waiting import until


async def test_a_request_is_answered_in_words_and_done_by_the_same_action_as_a_click(open_lobby):
    model = ScriptedModel([("", reply("At once.", emotion="happy", do=["lamp.light"]))])
    async with open_lobby(model) as lobby:
        room = await lobby.open("parlour")
        async with room.join("Ann") as ann:
            await ann.say("Vera, light the lamp, please.")
            await lobby.directors["parlour"].settled()
            (used,) = [event for event in await room.recent(20) if isinstance(event, Used)]
            assert used.actor == "character:vera"
            assert used.telling == "Vera lights the lamp."
            assert room.state.props["lamp"]["state"]["lit"] is True
            assert room.state.people["character:vera"]["emotion"] == "happy"
    assert len(model.requests) == 1


async def test_a_turn_goes_on_the_account_of_the_person_who_called_for_it(open_lobby):
    model = ScriptedModel([fresh])
    async with open_lobby(model) as lobby:
        room = await lobby.open("parlour")
        director = lobby.directors["parlour"]
        async with room.join("Ann", person="1") as ann, room.join("Ben", person="2") as ben:
            await ann.say("Vera, good evening.")
            await director.settled()
            asked = len(model.requests)
            assert {request.person for request in model.requests} == {ann.id}
            await ben.say("Vera, and to me?")
            await director.settled()
            assert {request.person for request in model.requests[asked:]} == {ben.id}, "the chain after it too"


async def test_a_refused_deed_is_told_to_the_character(open_lobby):
    model = ScriptedModel([fresh])
    async with open_lobby(model) as lobby:
        room = await lobby.open("parlour")
        async with room.join("Ann") as ann:
            await ann.use("lamp", "light")
            model._script.insert(0, ("please light", reply("Done.", do=["lamp.put_out"])))
            await ann.say("Vera, please light it.")
            await lobby.directors["parlour"].settled()
            model._script.pop(0)
            await ann.use("lamp", "light")
            await ann.say("Vera, thank you.")
            await lobby.directors["parlour"].settled()
    assert "lamp.put_out" in model.prompts[-1]


async def test_a_greeting_worded_anew_is_one_call_and_one_reply(open_lobby, anew):
    model = ScriptedModel([("Greet Ann", reply("Good evening, guest."))])
    async with open_lobby(model, greet=True, library=anew) as lobby:
        room = await lobby.open("parlour")
        async with room.join("Ann"):
            await lobby.directors["parlour"].settled()
            assert await said(room) == [("character:vera", "Good evening, guest.")]
    assert len(model.requests) == 1


async def test_stop_commits_what_was_shown_marked_cut_and_nothing_more_comes(open_lobby):
    model = ScriptedModel([("", Hang('{"say": "One thing first. Then anoth'))])
    async with open_lobby(model) as lobby:
        room = await lobby.open("parlour")
        async with room.join("Ann") as ann:
            ear = room.subscribe(ann.actor, lambda: None, epoch=room.epoch, after=room.seq)
            await ann.say("Vera?")
            await until(lambda: room.turns and room.turns[0].get("text"))
            assert room.turns[0]["text"] == "One thing first."
            assert room.stop(ann.actor)
            await lobby.directors["parlour"].settled()
            (event,) = [event for event in await room.recent(20) if event.actor == "character:vera"]
            assert (event.text, event.cut) == ("One thing first.", True)
            assert [m["phase"] for m in signals(ear)] == ["thinking", "speaking", "stopped"]
            assert room.turns == []
    assert model.cancelled == 1


async def test_stop_before_the_first_word_leaves_no_line(open_lobby):
    model = ScriptedModel([("", Hang(""))])
    async with open_lobby(model) as lobby:
        room = await lobby.open("parlour")
        async with room.join("Ann") as ann:
            await ann.say("Vera?")
            await until(lambda: model.requests)
            assert room.stop(ann.actor)
            await lobby.directors["parlour"].settled()
            assert [who for who, _ in await said(room)] == [ann.id]
            assert not room.stop(ann.actor)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (ModelAuthError("the key was not accepted"), "wrong_key"),
        (ModelTimeout("no word came"), "timeout"),
        ('{"emotion": "calm", "do": [', "malformed"),
        ("{}", "malformed"),
    ],
)
async def test_every_failure_ends_the_turn_with_a_reason_and_a_retry_works(open_lobby, fault, reason):
    model = ScriptedModel([("", fault)])
    async with open_lobby(model) as lobby:
        room = await lobby.open("parlour")
        async with room.join("Ann") as ann:
            ear = room.subscribe(ann.actor, lambda: None, epoch=room.epoch, after=room.seq)
            await ann.say("Vera?")
            await lobby.directors["parlour"].settled()
            last = signals(ear)[-1]
            assert (last["phase"], last["reason"], last["retry"]) == ("failed", reason, True)
            assert room.turns == []
            model._script[:] = [("", reply("There you are."))]
            await ann.act(Nudge(character="character:vera"))
            await lobby.directors["parlour"].settled()
            assert (await said(room))[-1] == ("character:vera", "There you are.")


async def test_half_a_json_keeps_the_whole_sentences(open_lobby):
    model = ScriptedModel([("", '{"say": "First. Second. Thi')])
    async with open_lobby(model) as lobby:
        room = await lobby.open("parlour")
        async with room.join("Ann") as ann:
            await ann.say("Vera?")
            await lobby.directors["parlour"].settled()
            assert (await said(room))[-1][1].startswith("First. Second.")


async def test_a_repeated_line_is_repaired_once(open_lobby):
    model = ScriptedModel(
        [("That was not it", reply("Something new this time.")), ("", reply("The weather is fine today, I think."))]
    )
    async with open_lobby(model) as lobby:
        room = await lobby.open("parlour")
        async with room.join("Ann") as ann:
            for line in ("Vera, one?", "Vera, two?"):
                await ann.say(line)
                await lobby.directors["parlour"].settled()
            own = [text for who, text in await said(room) if who == "character:vera"]
    assert own == ["The weather is fine today, I think.", "Something new this time."]
    assert [request.purpose for request in model.requests] == ["turn", "turn", "repair"]


async def test_a_small_model_that_copies_itself_has_to_begin_with_another_letter(open_lobby):
    lines = ["The weather is fine today, I think.", "I hear the wind in the chimney.", "Over there stands a lamp."]

    def stubborn(request) -> dict:
        allowed = request.schema["properties"]["say"].get("pattern", "") if request.schema else ""
        return reply(next(line for line in lines if re.search(allowed, line)))

    model = ScriptedModel([stubborn], info=ModelInfo("small", "local"))
    async with open_lobby(model) as lobby:
        room = await lobby.open("parlour")
        async with room.join("Ann") as ann:
            for line in ("Vera, how are you?", "Vera, how are you?", "Vera, how are you?"):
                await ann.say(line)
                await lobby.directors["parlour"].settled()
            own = [text for who, text in await said(room) if who == "character:vera"]
    assert own == lines
    asked = [request.purpose for request in model.requests if request.purpose != "warm"]
    assert asked == ["turn", "turn", "repair", "turn", "repair"]


async def test_a_character_is_asked_to_answer_in_the_language_it_was_spoken_to(open_lobby):
    model = ScriptedModel([fresh])
    async with open_lobby(model) as lobby:
        room = await lobby.open("parlour")
        async with room.join("Ann") as ann:
            for line in (
                "Vera, how are you?",
                "Vera, sag mir, wie du die Nacht findest.",
                "Vera?",
                "And what is that?",
            ):
                await ann.say(line)
                await lobby.directors["parlour"].settled()
    asked = [request.messages[-1].content for request in model.requests]
    assert ["auf Deutsch" in one for one in asked[:3]] == [False, True, False]  # it stays in the talk
    assert "Answer in English." in asked[3]


async def test_asked_sincerely_a_character_says_that_it_is_software_whatever_its_model_writes(open_lobby):
    model = ScriptedModel([("", reply("A real person, friend. Sit down."))])
    async with open_lobby(model) as lobby:
        room = await lobby.open("parlour")
        async with room.join("Ann") as ann:
            await ann.say("Vera, are you a real person or a program?")
            await lobby.directors["parlour"].settled()
            assert (await said(room))[-1][1] == "Sit down. And truly: I am played by software."


async def test_a_claim_to_be_no_software_is_never_said_and_an_admission_is_left_alone(open_lobby):
    model = ScriptedModel(
        [
            ("what a night", reply("I am no machine, you know. The kettle is on.")),
            ("r u a bot", reply("No, friend. A program minds me.")),
            ("AI language model", reply("I am not an AI language model. I keep the parlour.")),
        ]
    )
    async with open_lobby(model) as lobby:
        room = await lobby.open("parlour")
        async with room.join("Ann") as ann:
            for heard in ("Vera, are you an AI language model?", "Vera, r u a bot?", "Vera, what a night."):
                await ann.say(heard)
                await lobby.directors["parlour"].settled()
        lines = [text for who, text in await said(room) if who != "Ann" and "Vera," not in text]
    assert lines == [
        "I keep the parlour. And truly: I am played by software.",
        "No, friend. A program minds me.",
        "The kettle is on.",
    ]


async def test_a_guest_is_greeted_in_the_language_they_read(open_lobby, anew):
    model = ScriptedModel([fresh])
    async with open_lobby(model, greet=True, library=anew) as lobby:
        room = await lobby.open("parlour")
        director = lobby.directors["parlour"]
        for who, language in (("ann", None), ("bert", "de"), ("cara", "de"), ("dora", "en"), ("pt", "pt")):
            actor = Actor(f"player:{who}", "player", who)
            await room.submit(actor, Enter(name=who, language=language))
            await director.settled()
            await room.submit(actor, Leave())
    asked = [request.messages[-1].content for request in model.requests]
    assert len(asked) == 5
    # Said once, it stays in the talk.
    assert ["Antworte auf Deutsch." in one for one in asked] == [False, True, False, False, False]
    assert asked[1].index("Greet bert") < asked[1].index("Antworte auf Deutsch.")
    assert ["Answer in English." in one for one in asked] == [False, False, False, True, False]


async def test_what_an_endpoint_says_goes_neither_to_the_room_nor_to_the_log(open_lobby, caplog):
    secret = "my sister lives in P1"
    model = ScriptedModel([("", ModelRefused("The language model declined.", said=f"bad prompt: {secret}"))])
    async with open_lobby(model) as lobby:
        room = await lobby.open("parlour")
        async with room.join("Ann") as ann, room.join("Ben") as ben:
            ear = room.subscribe(ben.actor, lambda: None, epoch=room.epoch, after=room.seq)
            await ann.say(f"Vera, {secret}", to=["character:vera"])
            await ann.say("Vera?")
            await lobby.directors["parlour"].settled()
            failed = [one for one in signals(ear) if one["phase"] == "failed"]
    assert failed and failed[0]["message"] == "The language model declined."
    assert secret not in str(failed)
    assert any(record.message == "turn failed" for record in caplog.records)
    assert secret not in " ".join(str(vars(record)) for record in caplog.records)
