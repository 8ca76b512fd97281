"""The understudy in a real room: its lines pass the guards like a model's, and it is never without an answer."""

from __future__ import annotations

from openroom.core.event import Said
from openroom.models.understudy.phrases import HEDGES
from openroom.models.understudy.understudy import Understudy


async def spoken(room, who: str = "character:vera") -> list[str]:
    return [event.text for event in await room.recent(400) if isinstance(event, Said) and event.actor == who]


async def test_a_visitor_who_repeats_every_reply_is_answered_every_time(open_lobby):
    async with open_lobby(Understudy()) as lobby:
        room, director = await lobby.open("parlour"), lobby.directors["parlour"]
        async with room.join("Ann") as ann:
            heard = "Vera, what do you make of the weather?"
            for turn in range(40):
                await ann.say(heard)
                await director.settled()
                lines = await spoken(room)
                assert len(lines) == turn + 1, heard
                assert lines[-1] not in lines[:-1][-12:]
                heard = lines[-1]


async def test_who_takes_its_words_out_of_its_mouth_is_answered_every_time(open_lobby):
    """Half of what it can say has just been said by the visitor, and may not be given back."""
    async with open_lobby(Understudy()) as lobby:
        room, director = await lobby.open("parlour"), lobby.directors["parlour"]
        async with room.join("Ann") as ann:
            for line in HEDGES["en"][::2]:
                await ann.say(f"Otto, {line}")
                await director.settled()
            for turn in range(12):
                await ann.say(f"Vera, the committee meets on day {turn}.")
                await director.settled()
                assert len(await spoken(room)) == turn + 1


async def test_it_never_recites_a_scene_as_it_remembers_it(open_lobby):
    """A remembered fact can be said aloud; a remembered scene is notes: who said what."""
    async with open_lobby(Understudy()) as lobby:
        room, director = await lobby.open("parlour"), lobby.directors["parlour"]
        async with room.join("Ann") as ann:
            for turn in range(30):
                await ann.say(f"Vera, the garden wall fell down in storm number {turn}.")
                await director.settled()
            said = await spoken(room)
            assert len(said) == 30
            assert not [line for line in said if "“" in line]


async def test_an_authors_line_is_never_cut_and_may_be_said_again(open_lobby, house_with):
    """Longer than the voice allows, said before to another, given back by a visitor: it is what its author wrote."""
    card = "  - {heard: Tell me the story., say: 'One day. It rained. It snowed. Then it was over, {{user}}.'}\n"
    card = f"examples:\n{card}  - {{heard: And then?, say: 'Nothing. Much.'}}\n  - {{heard: Why?, say: So it goes.}}\n"
    library = house_with("")
    path = library.folder("vera") / "character.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("examples:")] + card, encoding="utf-8")
    library.reload()
    async with open_lobby(Understudy(), library=library) as lobby:
        room, director = await lobby.open("parlour"), lobby.directors["parlour"]
        async with room.join("Ann") as ann:
            await ann.say("Vera, tell me the story.")
            await director.settled()
            assert await spoken(room) == ["One day. It rained. It snowed. Then it was over, Ann."]
            for turn in range(12):
                await ann.say(f"Vera: {(await spoken(room))[-1]} The committee, day {turn}.")
                await director.settled()
            assert len(await spoken(room)) == 13
        async with room.join("Bob") as bob:
            await bob.say("Vera, tell me the story.")
            await director.settled()
            assert (await spoken(room))[-1] == "One day. It rained. It snowed. Then it was over, Bob."
