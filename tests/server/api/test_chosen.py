"""What people chose among a character's replies becomes training data: the last choice that stayed, by consent."""

from __future__ import annotations

import json
from typing import Any

from openroom.core.action import Action, Choose, Enter, Erase, Retry, Say
from openroom.core.actor import Actor
from openroom.core.event import Said
from openroom.room.room import Room
from tests.server.api.runs import body_of
from tests.server.api.test_tasting import consent
from tests.server.live import Live

ANN, BOB = Actor("player:ann", "player", "Ann"), Actor("player:bob", "player", "Bob")
HELLO = "Mira, good evening."


class Evening:
    """Ann and Mira in an open room of Ann's."""

    def __init__(self, server: Live, room: Room) -> None:
        self.server, self.room = server, room

    @classmethod
    async def of(cls, server: Live, *, open_: bool = True) -> Evening:
        evening = cls(server, await server.site.lobby.create("tea_room", ANN, open=open_))
        await evening.does(Enter(name="Ann"))
        await evening.does(Say(text=HELLO))
        return evening

    async def does(self, action: Action, actor: Actor = ANN) -> None:
        """Somebody acts, and is answered."""
        answer = await self.room.submit(actor, action)
        assert not hasattr(answer, "reason"), answer
        await self.server.site.lobby.directors[self.room.id].settled()

    async def replies(self) -> list[Said]:
        """All that Mira ever said, in order."""
        events = await self.room.store.events(self.room.id)
        return [event for event in events if isinstance(event, Said) and event.actor == "character:mira"]


async def preferred(server: Live) -> list[dict[str, Any]]:
    async with server.client("operator") as boss:
        found = (await body_of(boss, "/api/tuning/characters/mira/preferences"))["preferences"]
    return [one for one in found if one["case"].startswith("room ")]


def said(one: dict[str, Any]) -> tuple[str, str]:
    return json.loads(one["chosen"])["say"], json.loads(one["rejected"])["say"]


async def test_the_last_choice_that_stayed_counts(server: Live) -> None:
    await consent(server, "player:ann")
    evening = await Evening.of(server)
    (*_, first) = await evening.replies()
    await evening.does(Retry(seq=first.seq))
    (*_, second) = await evening.replies()
    assert first.text != second.text
    for seq in (first.seq, second.seq, first.seq):
        await evening.does(Choose(seq=seq))
        assert await preferred(server) == [], "nobody has gone on from it yet"
    await evening.does(Say(text="I am glad to be here."))
    (pair,) = await preferred(server)
    assert said(pair) == (first.text, second.text)
    assert pair["messages"][0][0] == "system"
    assert HELLO in pair["messages"][-1][1]
    await evening.does(Choose(seq=second.seq))
    await evening.does(Say(text="No, I liked that more."))
    (pair,) = await preferred(server)
    assert said(pair) == (second.text, first.text)


async def test_consent_that_is_taken_back_and_erased_words_leave_it(server: Live) -> None:
    evening = await Evening.of(server)
    (*_, first) = await evening.replies()
    await evening.does(Retry(seq=first.seq))
    await evening.does(Say(text="That was better."))
    assert await preferred(server) == []
    await consent(server, "player:ann")
    assert len(await preferred(server)) == 1
    await consent(server, "player:ann", given=False)
    assert await preferred(server) == []
    await consent(server, "player:ann")
    await evening.does(Erase(seq=first.seq))
    await evening.room.settled()
    assert await preferred(server) == []


async def test_everybody_who_stands_in_it_has_a_say(server: Live) -> None:
    await consent(server, "player:ann")
    evening = await Evening.of(server)
    await evening.does(Enter(name="Bob"), BOB)
    await evening.does(Say(text="Mira, is there any tea?"), BOB)
    await evening.does(Retry(seq=(await evening.replies())[-1].seq))
    await evening.does(Say(text="That was better."))
    assert await preferred(server) == [], "Bob asked, and has not consented"
    await consent(server, "player:bob")
    assert len(await preferred(server)) == 1


async def test_a_wish_and_a_closed_room_tell_nothing(server: Live) -> None:
    await consent(server, "player:ann")
    for open_, wish in ((True, "in German"), (False, "")):
        evening = await Evening.of(server, open_=open_)
        await evening.does(Retry(seq=(await evening.replies())[-1].seq, wish=wish))
        await evening.does(Say(text="That was better."))
        assert await preferred(server) == []
