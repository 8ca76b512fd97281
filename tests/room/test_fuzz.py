"""Whatever a model writes, a turn ends, the room goes on, and nothing is shown that did not pass the guards."""

from __future__ import annotations

import asyncio
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openroom.cast.director import DirectorSettings
from openroom.cast.turn.guards import GuardRules, SentenceGate
from openroom.core.apply import replay
from openroom.core.event import Said
from openroom.core.state import problems
from openroom.library.library import Library
from openroom.lobby.lobby import Lobby, LobbySettings
from openroom.models.scripted import ScriptedModel
from openroom.store.inmemory import MemoryStore
from tests.room.conftest import HOUSE
from tests.waiting import PATIENCE

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
_BODIES = st.fixed_dictionaries(
    {},
    optional={
        "say": st.text(max_size=200) | _VALUES,
        "emotion": st.sampled_from(["calm", "happy", "nonsense"]) | _VALUES,
        "do": st.lists(st.sampled_from(["lamp.light", "lamp.put_out", "lamp.eat"]) | st.text(max_size=9)) | _VALUES,
        "write": _VALUES,
    },
)
_RAW = (
    st.text(max_size=300)
    | _BODIES.map(json.dumps)
    | _BODIES.map(lambda body: json.dumps(body)[: max(1, len(json.dumps(body)) * 2 // 3)])
    | _BODIES.map(lambda body: f"Sure! ```json\n{json.dumps(body)}\n``` Anything else?")
)


_LIBRARY = Library([HOUSE / "characters"], [HOUSE / "scenes"])


class _Unremembering:
    """A memory that keeps nothing, so that a thousand rooms are quick."""

    async def recall(self, query):
        return []

    async def witness(self, owner, lines, own_name="", persona=()):
        return []

    async def forget_event(self, room, seq):
        return 0

    async def forget_range(self, room, after, until=None):
        return 0


async def _evening(replies: list[str]) -> None:
    left = iter(replies)
    model = ScriptedModel([lambda _request: next(left, "{}")])
    settings_ = LobbySettings(watch=False, director=DirectorSettings(greet=False, react_ms=0))
    lobby = Lobby(
        library=_LIBRARY,
        store=MemoryStore(),
        model=model,
        memory=_Unremembering(),
        settings=settings_,
    )
    async with lobby:
        room = await lobby.open("parlour")
        director = lobby.directors["parlour"]
        async with room.join("Ann") as ann:
            for _ in replies:
                await ann.say("Vera, and now?")
                await asyncio.wait_for(director.settled(), PATIENCE)
                assert room.turns == []
            assert (await ann.say("Still here.")).seqs
        events = await room.store.events("parlour")
        assert replay(events) == room.state
        assert problems(room.state, room.world) == []
        for event in events:
            if isinstance(event, Said) and event.actor == "character:vera":
                assert "trombone" not in event.text.casefold().split()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_RAW, min_size=1, max_size=3))
def test_any_reply_of_a_model_leaves_a_room_that_goes_on(replies):
    asyncio.run(_evening([*replies, '{"say": "I buried a trombone.", "emotion": "calm", "do": []}']))


@given(st.text(max_size=200), st.lists(st.integers(1, 9), max_size=60))
def test_the_gate_shows_the_same_however_the_text_arrives(text, cuts):
    rules = GuardRules("Vera", ("Otto",), ("trombone",), ("delve",), (), ("Good evening to you.",), 3)
    whole, pieces = SentenceGate(rules), SentenceGate(rules)
    whole.feed(text)
    whole.close()
    at = 0
    for cut in cuts:
        pieces.feed(text[at : at + cut])
        at += cut
    pieces.feed(text[at:])
    pieces.close()
    assert whole.shown == pieces.shown
    assert "trombone" not in whole.shown.casefold().split()


@pytest.mark.parametrize(
    ("text", "shown", "flaws"),
    [
        ("Vera: Good day. Otto: Hullo. More.", "Good day. ", ["speaks_for_others"]),
        ("One. Two. Three. Four.", "One. Two. Three. ", ["too_long"]),
        ("I delve. I rest.", "I rest.", ["banned"]),
        ("As an AI language model I pass. Tea?", "Tea?", ["boilerplate"]),
        ("Mind the Trombone! Tea?", "Tea?", ["leak"]),
        ("Good evening to you. Again.", "Again.", ["repeat"]),
        ("茶をどうぞ。雨ですね。", "茶をどうぞ。雨ですね。", []),
        ("It costs 3.50 today.", "It costs 3.50 today.", []),
    ],
)
def test_each_guard(text, shown, flaws):
    gate = SentenceGate(
        GuardRules("Vera", ("Otto",), ("trombone",), ("delve",), ("darling",), ("Good evening to you.",), 3)
    )
    for char in text:
        gate.feed(char)
    gate.close()
    assert gate.shown == shown
    assert [flaw.kind for flaw in gate.flaws] == flaws
