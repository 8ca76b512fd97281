"""Lore in a room: who gets it, when, and what a turn says of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from openroom.cast.turn.lore import LoreUse
from openroom.core.action import Rewind
from openroom.library.library import Library
from openroom.models.scripted import ScriptedModel
from openroom.models.understudy.understudy import Understudy
from openroom.store.inmemory import MemoryStore
from tests.cast.talking import BOSS, fresh
from tests.room.conftest import HOUSE, clock, open_lobby

__all__ = ["clock", "open_lobby"]

LAMP = {"id": "lamp", "keys": ["lamp"], "text": "The lamp was bought in Odessa."}
VERA = "character:vera"
KNOW = "(You know: The lamp was bought in Odessa.)"


@pytest.fixture
def house(tmp_path: Path):
    """The house with lorebooks: ``house(vera=[entries], otto=[...], parlour=[...])``."""

    def made(**books) -> Library:
        target = tmp_path / "house"
        if not target.exists():
            shutil.copytree(HOUSE, target)
        for name, entries in books.items():
            folder = target / ("scenes" if name == "parlour" else "characters") / name
            body = entries if isinstance(entries, dict) else {"entries": entries}
            (folder / "lore.yaml").write_text(yaml.safe_dump({"format": 1, **body}), encoding="utf-8")
        library = Library([target / "characters"], [target / "scenes"])
        assert library.problems == []
        return library

    return made


class Evening:
    """A room that is talked in; ``results`` are those of its turns."""

    def __init__(self, lobby, room) -> None:
        self.lobby, self.room = lobby, room
        self.results: list = []
        lobby.results = lambda turn, result: self.results.append((turn, result))

    async def said(self, session, text: str, **more) -> tuple[str, tuple[LoreUse, ...]]:
        """The last prompt after a line, as one text, and what the turn says of lore."""
        await session.say(text, **more)
        await self.lobby.directors[self.room.id].settled()
        result = self.results[-1][1]
        return "\n".join(message.content for message in result.request.messages), result.lore


def _model() -> ScriptedModel:
    return ScriptedModel([("", fresh)])


async def test_an_entry_comes_in_once_and_stays(open_lobby, house) -> None:
    async with open_lobby(_model(), library=house(vera=[LAMP])) as lobby:
        room = await lobby.open("parlour")
        evening = Evening(lobby, room)
        async with room.join("Ann") as ann:
            prompt, _ = await evening.said(ann, "Vera, good evening.")
            assert KNOW not in prompt
            prompt, lore = await evening.said(ann, "Vera, what of the lamp?")
            assert prompt.count(KNOW) == 1
            assert lore == (LoreUse("character", "lamp", True, "key", "lamp", fresh=True),)
            prompt, lore = await evening.said(ann, "Vera, and the lamp again?")
            assert prompt.count(KNOW) == 1
            assert lore == (LoreUse("character", "lamp", True, "key", "lamp"),)


async def test_the_stable_part_and_what_was_sent_stay_as_they_are(open_lobby, house) -> None:
    async with open_lobby(
        _model(), library=house(vera=[LAMP], parlour=[{**LAMP, "text": "It is the scene's."}])
    ) as lobby:
        room = await lobby.open("parlour")
        evening = Evening(lobby, room)
        async with room.join("Ann") as ann:
            before, _ = await evening.said(ann, "Vera, the lamp?")
            after, _ = await evening.said(ann, "Vera, well?")
            assert after.startswith(before)


async def test_another_characters_book_is_not_read(open_lobby, house) -> None:
    async with open_lobby(_model(), library=house(otto=[LAMP])) as lobby:
        room = await lobby.open("parlour")
        evening = Evening(lobby, room)
        async with room.join("Ann") as ann:
            prompt, lore = await evening.said(ann, "Vera, the lamp?")
            assert KNOW not in prompt
            assert lore == ()


async def test_the_characters_book_goes_before_the_scenes(open_lobby, house) -> None:
    library = house(
        vera=[{**LAMP, "order": 900}], parlour=[{"id": "own", "keys": ["lamp"], "text": "It burns oil.", "order": 1}]
    )
    async with open_lobby(_model(), library=library) as lobby:
        room = await lobby.open("parlour")
        evening = Evening(lobby, room)
        async with room.join("Ann") as ann:
            prompt, lore = await evening.said(ann, "Vera, the lamp?")
            assert f"{KNOW}\n(You know: It burns oil.)" in prompt
            assert [one.book for one in lore] == ["character", "scene"]


async def test_the_rooms_own_book_comes_last_and_goes_again(open_lobby, house) -> None:
    store = MemoryStore()
    library = house(vera=[LAMP], parlour=[{"id": "own", "keys": ["lamp"], "text": "It burns oil."}])
    book = {"format": 1, "entries": [{"id": "lamp", "keys": ["lamp"], "text": "It is ours tonight.", "order": 1}]}
    async with open_lobby(_model(), store=store, library=library) as lobby:
        room = await lobby.open("parlour")
        await room.define("lore", "room", book)
    async with open_lobby(_model(), store=store, library=library) as lobby:
        room = await lobby.open("parlour")
        evening = Evening(lobby, room)
        async with room.join("Ann") as ann:
            prompt, lore = await evening.said(ann, "Vera, the lamp?")
            assert f"{KNOW}\n(You know: It burns oil.)\n(You know: It is ours tonight.)" in prompt
            assert [(one.book, one.entry) for one in lore] == [
                ("character", "lamp"),
                ("scene", "own"),
                ("room", "lamp"),
            ]
            await room.define("lore", "room", {})
            _, lore = await evening.said(ann, "Vera, the lamp once more?")
            assert [one.book for one in lore] == ["character", "scene"]


@pytest.mark.parametrize("text", ["", "  ", "{{// for authors}}"])
async def test_an_entry_that_says_nothing_brings_no_line(open_lobby, house, text: str) -> None:
    async with open_lobby(_model(), library=house(vera=[{**LAMP, "text": text}])) as lobby:
        room = await lobby.open("parlour")
        evening = Evening(lobby, room)
        async with room.join("Ann") as ann:
            prompt, lore = await evening.said(ann, "Vera, the lamp?")
            assert "(You know:" not in prompt and not any(one.fresh for one in lore)


async def test_positions_stand_in_their_order(open_lobby, house) -> None:
    places = ("depth", "after", "before")
    entries = [{"id": place, "keys": ["lamp"], "text": f"It is {place}.", "position": place} for place in places]
    async with open_lobby(_model(), library=house(vera=entries)) as lobby:
        room = await lobby.open("parlour")
        evening = Evening(lobby, room)
        async with room.join("Ann") as ann:
            prompt, _ = await evening.said(ann, "Vera, the lamp?")
            at = [prompt.index(f"(You know: It is {place}.)") for place in ("before", "after", "depth")]
            assert at == sorted(at)


async def test_a_whisper_to_another_wakes_nothing(open_lobby, house) -> None:
    async with open_lobby(_model(), library=house(vera=[LAMP], otto=[LAMP])) as lobby:
        room = await lobby.open("parlour")
        evening = Evening(lobby, room)
        async with room.join("Ann") as ann:
            prompt, _ = await evening.said(ann, "the lamp", to=["character:otto"])
            assert KNOW in prompt
            prompt, lore = await evening.said(ann, "Vera, what did I say?")
            assert KNOW not in prompt
            assert lore == ()


async def test_who_may_not_know_is_not_told(open_lobby, house) -> None:
    library = house(parlour=[{**LAMP, "to": ["vera", "otto"]}])
    async with open_lobby(_model(), library=library) as lobby:
        room = await lobby.open("parlour")
        evening = Evening(lobby, room)
        async with room.join("Ann") as ann:
            prompt, lore = await evening.said(ann, "Vera, the lamp?")
            assert KNOW not in prompt
            assert lore == (LoreUse("scene", "lamp", False, "to", "lamp"),)


async def test_an_entry_of_the_scene_is_for_those_it_names(open_lobby, house) -> None:
    library = house(parlour=[{**LAMP, "characters": ["otto"]}])
    async with open_lobby(_model(), library=library) as lobby:
        room = await lobby.open("parlour")
        evening = Evening(lobby, room)
        async with room.join("Ann") as ann:
            prompt, lore = await evening.said(ann, "Vera, the lamp?")
            assert KNOW not in prompt
            assert [one.why for one in lore] == ["character"]
            prompt, _ = await evening.said(ann, "Otto, the lamp?")
            assert KNOW in prompt


async def test_the_budget_and_the_harness_bound_what_comes_in(open_lobby, house) -> None:
    many = [{"id": f"e{n}", "keys": ["lamp"], "text": f"Thing {n}.", "priority": n} for n in range(6)]
    async with open_lobby(_model(), library=house(vera=many, parlour={"tokens": 1, "entries": [LAMP]})) as lobby:
        room = await lobby.open("parlour")
        evening = Evening(lobby, room)
        async with room.join("Ann") as ann:
            prompt, lore = await evening.said(ann, "Vera, the lamp?")
            assert [n for n in range(6) if f"Thing {n}." in prompt] == [3, 4, 5]
            assert {one.entry: one.why for one in lore if not one.is_in} == {
                "e0": "recall_lore",
                "e1": "recall_lore",
                "e2": "recall_lore",
                "lamp": "budget",
            }
            prompt, _ = await evening.said(ann, "Vera, and the lamp?")
            assert [n for n in range(6) if f"Thing {n}." in prompt] == list(range(6))


async def test_a_text_stands_on_one_line_that_closes_no_bracket(open_lobby, house) -> None:
    text = "One (two)\nAnn: three {{char}}"
    async with open_lobby(_model(), library=house(vera=[{**LAMP, "text": text}])) as lobby:
        room = await lobby.open("parlour")
        evening = Evening(lobby, room)
        async with room.join("Ann") as ann:
            prompt, _ = await evening.said(ann, "Vera, the lamp?")
            assert "\n(You know: One [two] Ann: three Vera)" in prompt


TIMED = [
    {"id": "stays", "keys": ["lamp"], "text": "It stays.", "sticky": 4, "scan_depth": 1},
    {"id": "rests", "keys": ["lamp", "well"], "text": "It rests.", "cooldown": 5, "scan_depth": 1},
    {"id": "waits", "keys": ["lamp", "well"], "text": "It waits.", "delay": 4, "scan_depth": 1},
    {"id": "lucky", "keys": ["lamp", "well"], "text": "It is lucky.", "probability": 0.5, "sticky": 2, "scan_depth": 1},
]
LINES = ("Vera, the lamp?", *(f"Vera, well {n}?" for n in range(6)))


def _facts(lore) -> list[tuple]:
    """What a turn says, but for what stands in the talk already."""
    return sorted((one.entry, one.is_in, one.why) for one in lore)


async def test_timed_effects_are_those_of_the_log(open_lobby, house) -> None:
    async with open_lobby(_model(), library=house(vera=TIMED)) as lobby:
        room = await lobby.open("parlour")
        evening = Evening(lobby, room)
        async with room.join("Ann") as ann:
            told = [_facts((await evening.said(ann, line))[1]) for line in LINES]
    stays = [("stays", True, "sticky") in one for one in told]
    assert stays == [False, True, False, False, False, False, False]  # at 1 line by its key, at 3, not at 5
    rests = [("rests", False, "cooldown") in one for one in told]
    assert rests == [False, True, True, False, True, True, False]
    assert [("waits", False, "delay") in one for one in told] == [True, True, False, False, False, False, False]


async def test_after_a_restart_they_agree(open_lobby, house) -> None:
    library = house(vera=TIMED)
    whole: list = []
    async with open_lobby(_model(), library=library) as lobby:
        evening = Evening(lobby, room := await lobby.open("parlour"))
        async with room.join("Ann") as ann:
            whole = [(await evening.said(ann, line))[1] for line in LINES]
    for stop in (1, 4):
        store, told = MemoryStore(), []
        for lines in (LINES[:stop], LINES[stop:]):
            async with open_lobby(_model(), library=library, store=store) as lobby:
                evening = Evening(lobby, room := await lobby.open("parlour"))
                async with room.join("Ann") as ann:
                    told += [(await evening.said(ann, line))[1] for line in lines]
        sure = [[one for one in _facts(turn) if one[0] != "lucky"] for turn in told]
        assert sure == [[one for one in _facts(turn) if one[0] != "lucky"] for turn in whole]


async def test_after_a_rewind_they_are_those_of_then(open_lobby, house) -> None:
    async with open_lobby(_model(), library=house(vera=TIMED)) as lobby:
        room = await lobby.open("parlour")
        evening = Evening(lobby, room)
        async with room.join("Ann") as ann:
            await evening.said(ann, LINES[0])
            head = room.state.head
            first = _facts((await evening.said(ann, LINES[1]))[1])
            await evening.said(ann, LINES[2])
            await room.submit(BOSS, Rewind(to=head))
            await lobby.directors[room.id].settled()
            again = _facts((await evening.said(ann, LINES[1]))[1])
    assert [one for one in again if one[0] != "lucky"] == [one for one in first if one[0] != "lucky"]


async def test_a_long_room_is_not_read_again_each_turn(open_lobby, house) -> None:
    async with open_lobby(_model(), library=house(vera=TIMED)) as lobby:
        room = await lobby.open("parlour")
        evening = Evening(lobby, room)
        async with room.join("Ann") as ann:
            for n in range(30):
                await ann.say(f"Otto, line {n}.")
                await lobby.directors[room.id].settled()
            await evening.said(ann, "Vera, hm.")
            read: list[int] = []
            recent = room.recent

            async def counted(count: int, since: int = 1):
                events = await recent(count, since)
                read.append(len(events))
                return events

            room.recent = counted
            await evening.said(ann, "Vera, the lamp?")
            assert sum(read) <= 6


async def test_patterns_wake_entries_in_a_room(open_lobby, house) -> None:
    library = house(vera=[{"id": "dragon", "keys": ["/drag(on|ons)\\b/i", "/(open/"], "text": "Dragons are shy."}])
    async with open_lobby(_model(), library=library) as lobby:
        room = await lobby.open("parlour")
        evening = Evening(lobby, room)
        async with room.join("Ann") as ann:
            prompt, lore = await evening.said(ann, "Vera, any DRAGONS here?")
            assert "(You know: Dragons are shy.)" in prompt
            assert [(one.is_in, one.key) for one in lore] == [(False, "/(open/"), (True, "/drag(on|ons)\\b/i")]
            assert lore[0].why.startswith("it is no JavaScript regular expression")


class _Slow:
    """Patterns that take ``cost`` of the allowance each; the texts that were looked through by pattern."""

    def __init__(self, cost: float) -> None:
        self.cost, self.asked = cost, []

    async def scan(self, patterns, texts, allowance=None):
        found = {text: set() for text in texts}
        for pattern in patterns:
            if allowance.left <= 0:
                allowance.missed.add(pattern)
                continue
            allowance.left -= self.cost
            self.asked.append(pattern.text)
            for text in texts:
                found[text] |= {pattern} if pattern.text.strip("()") in text else set()
        return {text: frozenset(keys) for text, keys in found.items()}

    def off(self, _pattern) -> str:
        return ""

    async def close(self) -> None:
        pass


async def test_what_a_turn_has_no_time_for_is_told_and_comes_at_the_next(open_lobby, house) -> None:
    names = ["reef", "goat", "lamp"]
    entries = [{"id": name, "keys": [f"/({name})/"], "text": f"The {name}."} for name in names]
    async with open_lobby(_model(), library=house(vera=entries)) as lobby:
        lobby._patterns = patterns = _Slow(0.2)
        room = await lobby.open("parlour")
        evening = Evening(lobby, room)
        async with room.join("Ann") as ann:
            prompt, lore = await evening.said(ann, "Vera, the lamp?")
            assert patterns.asked == ["(reef)", "(goat)"]  # all of a turn have 250 ms together
            (out,) = lore
            assert (out.entry, out.is_in) == ("lamp", False)
            assert out.why == "not looked for: the patterns of this turn took 250 ms together"
            prompt, lore = await evening.said(ann, "Vera, well?")
            assert patterns.asked[2] == "(lamp)"  # first what was missed
            assert "(You know: The lamp.)" in prompt
            assert (lore[-1].entry, lore[-1].is_in, lore[-1].key) == ("lamp", True, "/(lamp)/")


async def test_the_understudy_reads_no_lore_and_nothing_is_looked_for(open_lobby, house) -> None:
    entries = [{"id": "lamp", "keys": ["/(lamp)/"], "text": "The lamp."}]
    async with open_lobby(Understudy(), library=house(vera=entries)) as lobby:
        lobby._patterns = patterns = _Slow(0.0)
        room = await lobby.open("parlour")
        evening = Evening(lobby, room)
        async with room.join("Ann") as ann:
            _, lore = await evening.said(ann, "Vera, the lamp?")
            assert patterns.asked == []
            assert [one.why for one in lore] == ["not looked for: the understudy reads no lore"]


async def test_an_edited_book_counts_from_the_next_turn(open_lobby, house) -> None:
    library = house(vera=[LAMP])
    async with open_lobby(_model(), library=library) as lobby:
        room = await lobby.open("parlour")
        evening = Evening(lobby, room)
        async with room.join("Ann") as ann:
            await evening.said(ann, "Vera, good evening.")
            edited = {**room.definitions["characters"]["vera"]}
            edited["lore"] = {"format": 1, "entries": [{**LAMP, "text": "It is new."}]}
            await room.define("character", "vera", edited)
            prompt, _ = await evening.said(ann, "Vera, the lamp?")
            assert "(You know: It is new.)" in prompt
            edited["lore"] = {"format": 1, "entries": [{**LAMP, "text": "It is newer."}]}
            await room.define("character", "vera", edited)
            prompt, lore = await evening.said(ann, "Vera, is it?")
            assert "It is new.)" not in prompt and prompt.count("(You know: It is newer.)") == 1
            assert lore == (LoreUse("character", "lamp", True, "key", "lamp", fresh=True),)
            edited["lore"] = {"format": 1, "entries": [{**LAMP, "text": "It is newer.", "enabled": False}]}
            await room.define("character", "vera", edited)
            prompt, _ = await evening.said(ann, "Vera, and now?")
            assert "It is new" not in prompt


async def test_a_depth_counts_among_the_lines_that_wait_for_an_answer(open_lobby, house) -> None:
    depths = (0, 1, 2, 200)
    entries = [
        {"id": f"d{n}", "keys": ["lamp"], "constant": True, "text": f"It is {n}.", "position": "depth", "depth": n}
        for n in depths
    ]
    entries = [{**entry, "after_replies": 1} for entry in entries]
    async with open_lobby(_model(), library=house(vera=entries)) as lobby:
        room = await lobby.open("parlour")
        evening = Evening(lobby, room)
        async with room.join("Ann") as ann:
            before, _ = await evening.said(ann, "Vera, good evening.")
            await ann.say("Otto, is that yours?")
            await lobby.directors[room.id].settled()
            prompt, _ = await evening.said(ann, "Vera, the lamp?")
            assert prompt.startswith(before), "what was answered stays as it was read"
            lines = prompt.removeprefix(before).splitlines()
            waiting = [at for at, line in enumerate(lines) if line.startswith(("Ann:", "Otto:"))]
            at = {n: next(at for at, line in enumerate(lines) if f"It is {n}." in line) for n in depths}
            assert len(waiting) >= 2 and "the lamp?" in lines[waiting[-1]]
            assert at[200] < waiting[0] and waiting[-2] > at[2] and waiting[-2] < at[1] < waiting[-1] < at[0]


async def test_an_entry_may_be_for_the_greeting_that_the_talk_began_with(open_lobby, house) -> None:
    entries = [{"id": f"g{n}", "keys": ["lamp"], "text": f"It is {n}.", "greetings": [n]} for n in (0, 1)]
    library = house(vera=entries)
    card = library.folder("vera") / "character.yaml"
    card.write_text(f"{card.read_text('utf-8')}\ngreetings: [Come in and sit down.]\n", "utf-8")
    library.reload()
    store = MemoryStore()
    async with open_lobby(_model(), library=library, greet=True, store=store) as lobby:
        room = await lobby.open("parlour")
        evening = Evening(lobby, room)
        async with room.join("Ann") as ann:
            await lobby.directors[room.id].settled()
            _, lore = await evening.said(ann, "Vera, the lamp?")
            assert [(one.entry, one.is_in, one.why) for one in lore] == [("g1", False, "greeting"), ("g0", True, "key")]
            async with room.join("Bob") as bob:
                await lobby.directors[room.id].settled()
                said = [event.text for event in await room.recent(200) if event.kind == "said" and event.actor == VERA]
                assert "Come in and sit down." in said
                _, lore = await evening.said(bob, "Vera, the lamp?")
                assert [(one.entry, one.is_in, one.why) for one in lore] == [
                    ("g0", False, "greeting"),
                    ("g1", True, "key"),
                ]
