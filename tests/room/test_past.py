"""A talk goes out as a chat, and a chat comes in as a room's past: nothing of it is lost or said to others."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openroom.core.action import Enter, Recount, Reset, Retry, Roll, Say, Use
from openroom.core.actor import SYSTEM, Actor
from openroom.core.apply import replay
from openroom.core.event import Brought, Rolled, Said
from openroom.core.past import is_guest
from openroom.core.prop import Refusal
from openroom.core.state import problems
from openroom.errors import DefinitionError, OpenroomError, RefusedError, StoreError
from openroom.language.alike import legible, seen
from openroom.language.text import normal, printable
from openroom.models.scripted import ScriptedModel
from openroom.room.past import MOST_SPEAKERS, bring_past
from openroom.room.past_file import MOST_LINES, Chat, read_chat
from openroom.room.room import Room
from openroom.room.talk_file import Heading, TalkFormat, humanized, written
from openroom.room.told import Told
from openroom.store.inmemory import MemoryStore
from tests.room.people import ANN, BEN, enter
from tests.room.test_steering import done, line_of, says

OWNER = Actor("player:ann", "player", "Ann", owner=True)


def chat(*messages: dict[str, Any], header: bool = True) -> bytes:
    head = [{"user_name": "Ann", "character_name": "Vera", "create_date": "x", "chat_metadata": {}}] if header else []
    return b"\n".join(json.dumps(one).encode() for one in (*head, *messages))


FOX, BEAR = Actor("player:fox", "player", "🦊"), Actor("player:bear", "player", "🐻")


def message(name: str, text: str, *, user: bool = False, at: Any = 1_600_000_000_000, **more: Any) -> dict[str, Any]:
    return {"name": name, "is_user": user, "is_system": False, "send_date": at, "mes": text, "extra": {}, **more}


async def taken(room: Room, who: str | None, form: TalkFormat = "jsonl") -> str:
    told = await Told.of(room.store, room.id, room.state, who)
    heading = Heading.of(told, room.state, "The parlour", "A <line>", 0)
    return b"".join([piece async for piece in written(told, heading, form)]).decode()


def messages(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.rstrip("\n").split("\n")][1:]


async def test_a_chat_becomes_what_was_said_before(open_lobby) -> None:
    async with open_lobby() as lobby:
        room = await lobby.create("parlour", OWNER)
        data = chat(
            message("Ann", "Is there tea?", user=True),
            message("vera", "There is.", swipes=["No.", "There is."], swipe_id=1),
            message("Zed", "I am nobody here."),
            message("System", "The rain begins.", extra={"type": "narrator"}),
            message("Vera", "hidden from the model", is_system=True),
            message("Ann", "For Vera alone", user=True, extra={"openroom": {"to": ["Vera"]}}),
        )
        done = await bring_past(room, read_chat(data), OWNER.id)
        assert (done.lines, done.lost) == (5, {"swipes": 1, "hidden": 1})
        assert done.speakers == {
            "Ann": "past:user-1",
            "vera": "character:vera",
            "Zed": "past:cast-2",
            "Vera": "character:vera",
        }
        events = await room.store.events(room.id)
        assert replay(events) == room.state and problems(room.state, room.world) == []
        assert [getattr(event, "imported", None) for event in events[1:]] == [True] * 5 + [None]
        assert events[-1] == Brought(
            seq=room.seq,
            at=events[-1].at,
            actor=OWNER.id,
            since=2,
            lines=5,
            hidden={"visits": {OWNER.id: {"2": room.seq}}},
        )
        assert events[1].at == 1_600_000_000_000
        assert "here" not in room.state.people["past:user-1"]
        await enter(room, ANN, BEN)
        assert room.state.name(ANN.id) == "Ann", "who was somebody there keeps nobody here from the name"
        assert [body["text"] for body in await room.log(ANN.id) if body["kind"] == "said"] == [
            "Is there tea?", "There is.", "I am nobody here.", "For Vera alone",
        ]  # fmt: skip
        assert [body["kind"] for body in await room.log(BEN.id)] == ["entered"], "who comes later was not there"
        assert "For Vera alone" not in await taken(room, BEN.id)


async def test_characters_have_it_in_mind_and_answer_none_of_it(open_lobby) -> None:
    model = ScriptedModel([("", {"say": "Hm.", "emotion": "calm", "do": []})])
    async with open_lobby(model) as lobby:
        room = await lobby.create("parlour", OWNER)
        await enter(room, ANN)
        whisper = message("Ann", "For Vera alone", user=True, extra={"openroom": {"to": ["Vera"]}})
        data = chat(message("Ann", "My dog is called Rex, Vera.", user=True), message("Vera", "Rex it is."), whisper)
        await bring_past(room, read_chat(data), OWNER.id)
        await lobby.directors[room.id].settled()
        assert model.requests == []
        await room.submit(ANN, Say(text="Vera, what is my dog called?"))
        await lobby.directors[room.id].settled()
        await room.submit(ANN, Say(text="Otto, and you?"))
        await lobby.directors[room.id].settled()
        prompts = {one.character: "\n".join(part.content for part in one.messages) for one in model.requests}
        assert {"vera", "otto"} <= prompts.keys()
        for prompt in prompts.values():
            for there in ("Ann: My dog is called Rex", "Rex it is.", "was said before, elsewhere. Ann brought"):
                assert there in prompt
        assert not any("For Vera alone" in prompt for prompt in prompts.values()), "others hear the answers"
        remembered = [one for who in ("vera", "otto") for one in await lobby.store.memories.of(f"character:{who}")]
        assert not [one for one in remembered if "Rex" in one.text]


NAME = st.one_of(st.sampled_from(("Vera", "Otto", "Ann", "Zed", "Vera Ann")), st.text(max_size=12)).filter(
    lambda name: legible(seen(name)[:40])
)
TEXT = st.text(min_size=1, max_size=60).filter(lambda text: printable(text) != "")
LINE = st.builds(
    lambda name, text, user, at, narrator, to: message(
        name, text, user=user, at=at,
        extra={**({"type": "narrator"} if narrator else {}), **({"openroom": {"to": to}} if to else {})},
    ),
    NAME, TEXT, st.booleans(), st.integers(0, 4 * 10**12), st.booleans(), st.lists(NAME, max_size=3, unique=True),
)  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(LINE, min_size=1, max_size=12))
async def test_what_went_out_comes_in_and_goes_out_the_same(open_lobby, lines) -> None:
    async with open_lobby() as lobby:
        first, second = [await lobby.create("parlour", OWNER) for _ in range(2)]
        await bring_past(first, read_chat(chat(*lines)), OWNER.id)
        out = await taken(first, OWNER.id)
        read = read_chat(out.encode())
        given_ = read_chat(chat(*lines))
        assert [one.text for one in read.messages] == [one.text for one in given_.messages]
        assert [one.at for one in read.messages] == [one.at for one in given_.messages]
        await bring_past(second, read, OWNER.id)
        again = await taken(second, OWNER.id)
        assert messages(again) == messages(out)
        assert replay(await second.store.events(second.id)) == second.state
        await taken(first, OWNER.id, "markdown")


async def test_what_was_said_here_goes_out_and_comes_in(open_lobby) -> None:
    async with open_lobby() as lobby:
        room = await lobby.create("parlour", OWNER)
        await enter(room, ANN, BEN, FOX, BEAR)
        await room.submit(FOX, Say(text="Yip."))
        await room.submit(BEAR, Say(text="Grr."))
        await room.submit(ANN, Say(text="Hello *there*\n# not a heading"))
        await room.submit(BEN, Say(text="A secret", to=["character:vera"]))
        await room.submit(ANN, Say(text="For Ben", to=[BEN.id]))
        await room.submit(ANN, Use(prop="lamp", verb="light"))
        await lobby.directors[room.id].settled()
        out = await taken(room, ANN.id)
        assert "A secret" not in out and "A secret" in await taken(room, None)
        found = messages(out)
        assert [one["mes"] for one in found if one["is_user"]][2:] == ["Hello *there*\n# not a heading", "For Ben"]
        assert {"openroom": {"to": ["Ben"]}} in [one["extra"] for one in found]
        assert {"type": "narrator"} in [one["extra"] for one in found]
        head = json.loads(out.splitlines()[0])
        assert (head["user_name"], head["character_name"], head["chat_metadata"]) == ("Ann", "Vera", {})
        markdown = await taken(room, ANN.id, "markdown")
        assert markdown.startswith("# The parlour\n\n*A \\<line\\>*\n\n## ")
        assert "Hello *there*  \n\\# not a heading" in markdown and "→ Ben" in markdown and "*→ Ben*" in markdown
        again = await lobby.create("parlour", OWNER)
        await bring_past(again, read_chat(out.encode()), OWNER.id)
        assert messages(await taken(again, OWNER.id)) == found


async def test_tries_go_out_as_swipes_and_dice_as_what_fell(open_lobby) -> None:
    async with open_lobby(says("One.", "Two.", "Between us.", "And again.")) as lobby:
        room = await lobby.create("parlour", OWNER)
        director = lobby.directors[room.id]
        await enter(room, ANN, BEN)
        await room.submit(ANN, Say(text="Vera, a number?", to=None))
        await director.settled()
        await done(room, OWNER, Retry(seq=await line_of(room, "One.")))
        await director.settled()
        await room.submit(ANN, Roll(dice="2d6+1"))
        spoken = [one for one in messages(await taken(room, BEN.id)) if one["name"] == "Vera"]
        assert [(one["mes"], one["swipes"], one["swipe_id"]) for one in spoken] == [("Two.", ["One.", "Two."], 1)]
        fallen = [event.total for event in await room.store.events(room.id) if isinstance(event, Rolled)]
        for form in ("jsonl", "markdown"):
            assert f"Ann · 2d6+1: {fallen[0]}" in (await taken(room, BEN.id, form)).replace("\\", "")
        late = await taken(room, "player:nobody")
        assert "One." not in late and "Two." not in late


async def test_only_into_a_room_in_which_nothing_was_said(open_lobby) -> None:
    async with open_lobby() as lobby:
        room = await lobby.create("parlour", OWNER)
        await enter(room, ANN)
        one = read_chat(chat(message("Ann", "Hello", user=True)))
        await bring_past(room, one, OWNER.id)
        with pytest.raises(RefusedError) as refused:
            await bring_past(room, one, OWNER.id)
        assert refused.value.reason == "not_empty"
        await room.submit(OWNER, Reset())
        await bring_past(room, one, OWNER.id)
        assert sum(map(is_guest, room.state.people)) == 2
        denied = await room.submit(OWNER, Recount(by=OWNER.id, lines=[{"who": "character:vera", "text": "x", "at": 1}]))
        assert isinstance(denied, Refusal) and denied.reason == "not_allowed"
        many = chat(*(message(f"Name {at}", "x") for at in range(MOST_SPEAKERS + 1)))
        with pytest.raises(DefinitionError, match="at most 50 who speak"):
            await bring_past(await lobby.create("parlour", OWNER), read_chat(many), OWNER.id)


class _Breaking(MemoryStore):
    """Takes so many appends, then fails once."""

    left = 10**9

    async def append(self, room, events):
        self.left -= 1
        if self.left == 0:
            raise StoreError("The disk is full.")
        await super().append(room, events)


async def test_a_past_that_breaks_off_is_no_part_of_the_story(open_lobby) -> None:
    store = _Breaking()
    async with open_lobby(store=store) as lobby:
        room = await lobby.create("parlour", OWNER)
        await enter(room, ANN)
        store.left = 3
        long = read_chat(chat(*(message("Ann", f"Line {at}", user=True) for at in range(1000))))
        with pytest.raises(OpenroomError, match="disk is full"):
            await bring_past(room, long, OWNER.id)
        assert not [event for event in await room.recent(2000) if isinstance(event, Said)]
        assert messages(await taken(room, None)) == []
        done = await bring_past(room, long, OWNER.id)
        assert done.lines == 1000 == len(messages(await taken(room, OWNER.id)))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "at least one message"),
        (b"\n\n", "at least one message"),
        (chat(), "at least one message"),
        (b"\xff\xfe", "line 1: expected a line of JSON"),
        (b"[1]", "line 1: expected an object"),
        (chat(message("Ann", "a")) + b"\n{", "line 3: expected a line of JSON"),
        (chat({"name": "Ann"}), "line 2: mes: expected the text of a message, came nothing"),
        (chat(message("", "a")), "line 2: name: expected the name of who speaks"),
        (chat({**message("A", "a"), "name": 7}), "line 2: name: expected the name of who speaks, came 7"),
        (chat(message("Ann", "a" * 16_001)), "line 2: mes: expected at most 16,000 characters, came 16,001"),
        (chat(message("Ann", "a", extra={"openroom": {"to": []}})), "extra.openroom.to: expected 1 to 19 names"),
    ],
)
def test_what_does_not_fit_is_named_with_its_line(data: bytes, words: str) -> None:
    with pytest.raises(DefinitionError) as error:
        read_chat(data)
    assert words in str(error.value)


def test_bounds() -> None:
    line = json.dumps(message("Ann", "a")).encode()
    assert len(read_chat(b"\n".join([line] * MOST_LINES)).messages) == MOST_LINES
    with pytest.raises(DefinitionError, match="at most 20,000 messages"):
        read_chat(b"\n".join([line] * (MOST_LINES + 1)))
    with pytest.raises(DefinitionError, match="bytes"):
        read_chat(b" " * (20 * 1024 * 1024 + 1))


@pytest.mark.parametrize(
    ("written_as", "at"),
    [
        (1_717_599_410_682, 1_717_599_410_682),
        ("1717599410682", 1_717_599_410_682),
        ("2024-6-5 @14h 56m 50s 682ms", 1_717_599_410_682),
        ("2024-06-05@14h56m50s", 1_717_599_410_000),
        ("June 5, 2024 2:56pm", 1_717_599_360_000),
        ("2024-06-05T14:56:50.682Z", 1_717_599_410_682),
        ("2024-06-05T16:56:50.682+02:00", 1_717_599_410_682),
        ("yesterday", None), ("2024-99-99 @14h 56m 50s 682ms", None), (None, None), (-5, None), (True, None),
        (float("1e300"), None), ([], None), ("9" * 5000, None), (2**53 - 1, None), (1_717_599_410_682_000, None),
        ("9999-12-31T23:59:59Z", None), ("9998-12-31T23:59:59.999Z", 253_370_764_799_999),
    ],
)  # fmt: skip
def test_times(written_as: Any, at: int | None) -> None:
    assert read_chat(chat(message("Ann", "a", at=written_as))).messages[0].at == at


@given(st.integers(0, 253_370_764_799_999))
def test_a_time_that_is_written_is_read(at: int) -> None:
    assert read_chat(chat(message("Ann", "a", at=humanized(at)))).messages[0].at == at


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ("mes", "name", "extra", "is_user", "is_system", "swipes", "send_date", "openroom", "to", "type", "message")
    ), inner, max_size=5),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(JSON, max_size=4), st.binary(max_size=20))
def test_whatever_comes_is_read_or_refused(values: list[Any], rest: bytes) -> None:
    for data in (b"\n".join(json.dumps(value).encode() for value in values), rest):
        try:
            found = read_chat(data)
        except DefinitionError:
            continue
        assert isinstance(found, Chat) and all(one.text and (one.name or one.narrator) for one in found.messages)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(st.text(min_size=1, max_size=50), min_size=1, max_size=4),
    text=st.text(min_size=1, max_size=50),
    at=st.integers(0, 2**54) | st.floats(0, 1e17),
)
async def test_whatever_is_read_comes_in_and_goes_out(open_lobby, names, text, at) -> None:
    try:
        read = read_chat(chat(*(message(name, text, user=True, at=at) for name in names)))
    except DefinitionError:
        return
    async with open_lobby() as lobby:
        room = await lobby.create("parlour", OWNER)
        await bring_past(room, read, OWNER.id)
        assert {normal(name) for name in (p["name"] for w, p in room.state.people.items() if is_guest(w))} == {
            normal(one.name) for one in read.messages
        }
        await room.submit(SYSTEM, Enter(name="x"))
        for form in ("jsonl", "markdown"):
            assert await taken(room, OWNER.id, form)
