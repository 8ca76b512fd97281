"""What is kept of prompts: the files, and when the engine is asked for them."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from openroom.models.local.options import LocalOptions
from openroom.models.local.states import States
from openroom.ports.model import Delta, Message, ModelRequest, Usage, complete
from tests.models.local.test_model import _TIMING, House
from tests.waiting import until

MARA = (Message("system", "You are Mara."), Message("user", "Hello."))


def states(folder: Path, *, most: int = 1000, engine: tuple[str | int, ...] = ("weights", "1.0", 4096)) -> States:
    made = States(folder / "states", most, engine)
    made.open()
    return made


def keep(some: States, key: str, text: str = "numbers") -> Path:
    fresh = some.fresh()
    fresh.write_text(text)
    some.keep(fresh, key)
    found = some.find(key)
    assert found is not None
    return found


def names(some: States) -> list[str]:
    return sorted(file.name for file in some.folder.iterdir())


def test_what_is_kept_is_found_under_its_key_and_named_by_digests_alone(tmp_path: Path) -> None:
    some = states(tmp_path)
    file = keep(some, some.key(MARA))
    assert file.read_text() == "numbers"
    assert [re.fullmatch("[0-9a-f]{64}-[0-9a-f]{64}", name) is not None for name in names(some)] == [True]
    assert states(tmp_path).find(some.key(MARA)) == file, "after a start too"


@pytest.mark.parametrize("other", [("others", "1.0", 4096), ("weights", "1.1", 4096), ("weights", "1.0", 2048)])
def test_other_weights_another_engine_or_context_finds_nothing(tmp_path: Path, other: tuple[str | int, ...]) -> None:
    some = states(tmp_path)
    keep(some, some.key(MARA))
    assert states(tmp_path, engine=other).find(states(tmp_path, engine=other).key(MARA)) is None
    assert some.find(some.key(MARA[:1])) is None, "nor does another prompt"


def test_a_damaged_file_is_removed_and_not_found(tmp_path: Path) -> None:
    some = states(tmp_path)
    file = keep(some, some.key(MARA))
    file.write_text("numberz")
    assert some.find(some.key(MARA)) is None
    assert names(some) == []


def test_what_does_not_belong_there_is_removed_at_the_start(tmp_path: Path) -> None:
    some = states(tmp_path)
    file = keep(some, some.key(MARA))
    (tmp_path / "precious").write_text("kept")
    (some.folder / "notes.txt").write_text("")
    (some.folder / file.name.replace(file.name[:4], "abcd")).symlink_to(tmp_path / "precious")
    old, young = some.fresh(), some.fresh()
    old.write_text("")
    young.write_text("")
    os.utime(old, (1, 1))
    assert names(states(tmp_path)) == sorted([file.name, young.name]), "somebody may still be writing"
    assert (tmp_path / "precious").read_text() == "kept"


def test_what_was_of_use_longest_ago_goes_first(tmp_path: Path) -> None:
    some = states(tmp_path, most=25)
    keys = [some.key((Message("system", name),)) for name in ("Mara", "Otto", "Lena")]
    for at, key in enumerate(keys[:2]):
        os.utime(keep(some, key, "x" * 10), (100 + at, 100 + at))
    assert some.find(keys[0]), "which makes it the newest"
    keep(some, keys[2], "x" * 10)
    assert [some.find(key) is not None for key in keys] == [True, False, True]


def test_a_key_has_one_file(tmp_path: Path) -> None:
    some = states(tmp_path)
    keep(some, some.key(MARA), "before")
    assert keep(some, some.key(MARA), "after").read_text() == "after"
    assert len(names(some)) == 1


# The engine (one that only pretends)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    house = House(tmp_path)
    yield house
    for model in house.made:
        await model.aclose()


def ask(
    text: str = "hello", *, slot: str = "mara", system: str = "You are Mara.", purpose: str = "turn"
) -> ModelRequest:
    messages = (Message("system", system), Message("user", text))
    return ModelRequest(messages, max_tokens=50, slot=slot, stable=1, purpose=purpose)


async def test_a_beginning_is_read_once_kept_and_put_back_after_a_start(house: House) -> None:
    model = await house.ready()
    _, usage = await complete(model, ask())
    assert house.notes == ["begin 0 You are Mara.", "end You are Mara.", "save 0", "begin 0 hello", "end hello"]
    assert usage.cached == 5, "of the 7 the 2 that were read just now are left out"
    _, usage = await complete(model, ask("and now?"))
    assert house.notes[5:] == ["begin 0 and now?", "end and now?"]
    assert usage.cached == 7
    await model.aclose()
    again = await house.ready()
    await complete(again, ask("still there?"))
    assert house.notes[7:] == ["restore 0", "begin 0 still there?", "end still there?"]


async def test_an_example_s_answer_at_the_end_is_left_to_the_call_itself(house: House) -> None:
    model = await house.ready()
    example = (Message("system", "You are Mara."), Message("user", "Tea?"), Message("assistant", "Gladly."))
    request = replace(ask(), messages=(*example, Message("user", "hello")), stable=3)
    await complete(model, request)
    assert [note for note in house.notes if note.startswith("begin")] == ["begin 0 Tea?", "begin 0 hello"]


async def test_the_look_of_an_untouched_room_is_kept_behind_it(house: House) -> None:
    model = await house.ready()
    example = (Message("system", "You are Mara."), Message("user", "Tea?"), Message("assistant", "Gladly."))
    request = replace(
        ask(), messages=(*example, Message("user", "(Lamp: lit.) hello")), stable=3, opening="(Lamp: dark.)"
    )
    await complete(model, request)
    assert [note for note in house.notes if note.startswith("begin")] == [
        "begin 0 (Lamp: dark.)",
        "begin 0 (Lamp: lit.) hello",
    ]
    await complete(model, replace(request, stable=0, slot="nobody"))
    assert house.notes[-2].startswith("begin"), "without stable messages nothing is read ahead"
    assert not [note for note in house.notes[4:] if "dark" in note]


async def test_reading_ahead_keeps_it_too_and_nothing_that_was_said(house: House) -> None:
    model = await house.ready()
    assert await model.warm(ask("a secret"))
    assert house.notes[:4] == ["begin 0 You are Mara.", "end You are Mara.", "save 0", "begin 0 a secret"]
    assert "save 0" not in house.notes[4:]


async def test_a_damaged_state_is_read_anew(house: House) -> None:
    model = await house.ready()
    await complete(model, ask())
    await model.aclose()
    (file,) = (house.folder / "states").iterdir()
    file.write_text("damaged")
    await complete(await house.ready(), ask())
    assert house.notes.count("save 0") == 2
    assert not any(note.startswith("restore") for note in house.notes)


async def test_a_state_that_the_engine_does_not_take_is_removed_and_read_anew(house: House) -> None:
    first = await house.ready()
    await complete(first, ask())
    (file,) = (house.folder / "states").iterdir()
    held = first._prefixes
    assert held is not None
    assert held._states is not None
    keep(held._states, file.name[:64], "old")
    await first.aclose()
    await complete(await house.ready(), ask())
    assert house.notes[5:9] == ["restore 0", "begin 0 You are Mara.", "end You are Mara.", "save 0"]
    assert [file.read_text() for file in (house.folder / "states").iterdir()] == ["slot 0"]


async def test_another_version_of_the_character_is_read_anew(house: House) -> None:
    model = await house.ready()
    await complete(model, ask())
    await complete(model, ask(system="You are Mara, and merry."))
    assert house.notes[5:7] == ["begin 0 You are Mara, and merry.", "end You are Mara, and merry."]
    assert len(list((house.folder / "states").iterdir())) == 2


async def test_a_slot_that_was_given_away_is_filled_again(house: House) -> None:
    options = LocalOptions(timing=_TIMING, engine=replace(LocalOptions().engine, slots=1))
    model = await house.ready(options)
    await complete(model, ask())
    await complete(model, ask(slot="otto", system="You are Otto."))
    before = len(house.notes)
    await complete(model, ask("back"))
    assert house.notes[before:] == ["restore 0", "begin 0 back", "end back"]


async def test_where_nothing_is_to_be_kept_nothing_is(house: House) -> None:
    model = await house.ready(LocalOptions(timing=_TIMING, states_mb=0))
    await complete(model, ask())
    assert house.notes == ["begin 0 hello", "end hello"]
    assert not (house.folder / "states").exists()


async def test_a_template_that_wants_more_than_the_beginning_costs_nothing_but_that(house: House) -> None:
    model = await house.ready()
    text, _ = await complete(model, ask(system="no template"))
    assert text == "slot=0 max=50"
    tried = house.notes.count("begin 0 no template")
    await complete(model, ask("again", system="no template"))
    assert house.notes.count("begin 0 no template") == tried > 0, "it is not tried again"


async def test_a_call_that_is_given_up_while_its_beginning_is_read_leaves_nothing_behind(house: House) -> None:
    model = await house.ready()
    stream = model.stream(ask(system="read me"))
    task = asyncio.ensure_future(anext(stream))  # type: ignore[arg-type]
    await house.noted("begin 0 read me")
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await house.noted("broken read me")
    assert list((house.folder / "states").iterdir()) == []
    house.go_on()
    assert (await complete(model, ask(system="read me")))[0]
    assert len(list((house.folder / "states").iterdir())) == 1


async def test_it_is_told_how_much_of_the_prompt_has_been_read(house: House) -> None:
    model, told = await house.ready(), list[tuple[int, int]]()
    pieces = model.stream(replace(ask("read this", system="x" * 91), reading=lambda *now: told.append(now)))

    async def follow() -> list[Delta | Usage]:
        return [piece async for piece in pieces]

    task = asyncio.ensure_future(follow())
    await until(lambda: told)
    house.go_on()
    assert await task
    assert set(told) == {(40, 100)}
