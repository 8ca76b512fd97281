"""The local model: its supervisor against an engine that only pretends (`fake_engine.py`), and the must-figures against
the real one (`-m local_model`)."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest
from platformdirs import user_data_path

from openroom.errors import ModelUnreachable
from openroom.models.local import model as local_module
from openroom.models.local.catalogue import DEFAULT_WEIGHTS
from openroom.models.local.engine import EngineSettings
from openroom.models.local.model import LocalModel
from openroom.models.local.options import LocalOptions, LocalStatus, LocalTiming
from openroom.models.local.pace import keep_speed
from openroom.models.local.weights import find_weights
from openroom.ports.model import Delta, Message, ModelRequest, Sampling, Usage, complete
from tests.processes import gone
from tests.waiting import PATIENCE, patience, until

_FAKE = (sys.executable, str(Path(__file__).with_name("fake_engine.py")))
_TIMING = LocalTiming(start=PATIENCE, health=0.1, backoff=0.05, backoff_cap=0.2)


def ask(text: str = "hello", *, slot: str = "mara", purpose: str = "turn", max_tokens: int = 50) -> ModelRequest:
    return ModelRequest((Message("user", text),), max_tokens=max_tokens, slot=slot, purpose=purpose)


class House:
    """Makes local models with the fake engine, and reads what it noted."""

    def __init__(self, folder: Path) -> None:
        self.weights = folder / "any.gguf"
        self.weights.write_text("")
        self.noting = folder / "any.notes"
        self.noting.touch()
        self.folder = folder
        self.made: list[LocalModel] = []

    def model(self, *start: str, name: str | None = None, options: LocalOptions | None = None) -> LocalModel:
        base = options or LocalOptions(timing=_TIMING)
        command = base.command or (*_FAKE, *(("--start", *start) if start else ()))
        model = LocalModel(name or str(self.weights), folder=self.folder, options=replace(base, command=command))
        self.made.append(model)
        return model

    async def ready(self, options: LocalOptions | None = None) -> LocalModel:
        model = self.model(options=options)
        await model.wait_ready(PATIENCE)
        return model

    @property
    def notes(self) -> list[str]:
        return self.noting.read_text().splitlines()

    async def noted(self, line: str) -> None:
        await until(lambda: line in self.notes)

    def go_on(self) -> None:
        """What is slow, or reads, goes on to its end."""
        with self.noting.open("a", encoding="utf-8") as notes:
            notes.write("go on\n")


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    house = House(tmp_path)
    yield house
    for model in house.made:
        await model.aclose()


async def state_comes(model: LocalModel, state: str, words: str = "") -> LocalStatus:
    """Wait for a status."""
    seen: asyncio.Queue[LocalStatus] = asyncio.Queue()
    end = model.listen(seen.put_nowait)
    seen.put_nowait(model.status)
    try:
        async with patience():
            while (status := await seen.get()).state != state or words not in status.text:
                pass
        return status
    finally:
        end()


async def test_it_starts_beside_the_caller_and_then_speaks(house: House) -> None:
    model = house.model()
    seen: list[str] = []
    model.listen(lambda status: seen.append(status.state))
    assert model.status.state == "absent"
    await model.start()
    assert not model.ready, "nobody waits for it"
    await state_comes(model, "ready")
    text, usage = await complete(model, ask())
    assert text == "slot=0 max=50"
    assert (usage.prompt, usage.cached, usage.completion) == (9, 7, 2)
    assert model.info.kind == "local"
    assert model.info.name == "any"
    assert model.info.context == EngineSettings().ctx, "what a slot holds"
    assert seen == ["starting", "ready"]


async def test_before_it_is_ready_a_call_says_so_and_starts_it(house: House) -> None:
    model = house.model()
    with pytest.raises(ModelUnreachable, match="has not been started"):
        await complete(model, ask())
    await state_comes(model, "ready")
    assert (await complete(model, ask()))[0]


async def test_closing_ends_the_engine_and_the_model(house: House) -> None:
    model = await house.ready()
    pid = model.engine_pid
    assert pid is not None
    await model.aclose()
    assert gone(pid)
    assert model.status.state == "absent"
    with pytest.raises(ModelUnreachable, match="shut down"):
        await complete(model, ask())


async def test_a_crash_breaks_the_call_and_the_engine_is_started_again(house: House) -> None:
    model = await house.ready()
    first, told = model.engine_pid, asyncio.create_task(state_comes(model, "failed"))
    with pytest.raises(ModelUnreachable):
        await complete(model, ask("crash"))
    assert "exit code 3" in (await told).text
    await state_comes(model, "ready")
    assert model.engine_pid != first
    assert (await complete(model, ask()))[0] == "slot=0 max=50"


async def test_a_killed_engine_is_told_with_its_signal(house: House) -> None:
    model = await house.ready()
    told = asyncio.create_task(state_comes(model, "failed"))
    await asyncio.sleep(0)
    os.kill(model.engine_pid or 0, signal.SIGKILL)
    assert "signal 9" in (await told).text
    await state_comes(model, "ready")


async def test_an_engine_that_no_longer_answers_is_replaced(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_module, "_HEALTH_SECONDS", 1.0)
    model = await house.ready()
    told = asyncio.create_task(state_comes(model, "failed"))
    await complete(model, ask("deaf"))
    assert "no longer answered" in (await told).text
    await state_comes(model, "ready")


@pytest.mark.parametrize(
    ("start", "words"),
    [
        ("die", "exit code 1: terminate called: out of luck"),
        ("refuse", "cannot run here: the file is no model"),
        ("babble", "loading model"),
    ],
)
async def test_an_engine_that_cannot_start_is_told_with_its_reason(house: House, start: str, words: str) -> None:
    model = house.model(start)
    await model.start()
    status = await state_comes(model, "failed")
    assert words in status.text
    assert "tried again" in status.text
    with pytest.raises(ModelUnreachable, match=re.escape(words)):
        await model.wait_ready(0.3)


async def test_an_engine_that_starts_for_too_long_is_ended(house: House) -> None:
    model = house.model("hang", options=LocalOptions(timing=replace(_TIMING, start=0.3)))
    await model.start()
    assert "did not start within" in (await state_comes(model, "failed")).text


async def test_a_command_that_is_not_there_is_told(house: House) -> None:
    model = house.model(options=LocalOptions(timing=_TIMING, command=("/no/such/engine",)))
    await model.start()
    assert "could not be started" in (await state_comes(model, "failed")).text


async def test_closing_while_it_starts_leaves_no_child(house: House, tmp_path: Path) -> None:
    script = tmp_path / "slow.py"
    script.write_text(f"import os, time; open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid())); time.sleep(600)")
    model = house.model(options=LocalOptions(timing=_TIMING, command=(sys.executable, str(script))))
    await model.start()
    await until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text())
    await model.aclose()
    assert gone(int((tmp_path / "pid").read_text()))


async def test_without_the_extra_it_says_so_and_fetches_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(local_module.importlib.util, "find_spec", lambda name: None)
    model = LocalModel(folder=tmp_path / "models")
    await model.start()
    assert "openroom[local]" in (await state_comes(model, "failed")).text
    with pytest.raises(ModelUnreachable, match="not installed"):
        await complete(model, ask())
    assert not (tmp_path / "models").exists()
    await model.aclose()


async def test_weights_that_are_gone_are_told_and_looked_for_again(house: House) -> None:
    house.weights.unlink()
    model = house.model(options=LocalOptions(timing=replace(_TIMING, backoff=3600, backoff_cap=3600)))
    await model.start()
    assert "there is none" in (await state_comes(model, "failed")).text
    house.weights.write_text("")
    model.retry()
    await state_comes(model, "ready")


async def test_a_listener_can_be_taken_away(house: House) -> None:
    model = house.model()
    seen: list[LocalStatus] = []
    end = model.listen(seen.append)
    end()
    end()
    await model.wait_ready(PATIENCE)
    assert seen == []


async def test_each_character_keeps_its_slot(house: House) -> None:
    model = await house.ready(LocalOptions(timing=_TIMING, engine=EngineSettings(slots=3)))
    answers = [(await complete(model, ask(slot=slot)))[0].split()[0] for slot in ("a", "b", "c", "a", "b", "c")]
    assert answers[:3] == answers[3:]
    assert len(set(answers)) == 3


async def test_closing_a_stream_ends_the_call_at_the_engine(house: House) -> None:
    model = await house.ready()
    stream = model.stream(ask("slow"))
    async with aclosing(stream) as pieces:  # type: ignore[type-var]
        async for piece in pieces:
            assert isinstance(piece, Delta)
            break
    await house.noted("broken slow")
    assert (await complete(model, ask()))[0]


async def test_a_turn_goes_before_waiting_judges(house: House) -> None:
    model = await house.ready(LocalOptions(timing=_TIMING, parallel=1))
    order: list[str] = []

    async def call(name: str, purpose: str) -> None:
        await complete(model, ask("slow", slot=name, purpose=purpose, max_tokens=6))
        order.append(name)

    calls = (("first", "judge"), ("second", "judge"), ("third", "propose"), ("turn", "turn"))
    async with asyncio.TaskGroup() as group:
        for number, (name, purpose) in enumerate(calls, 1):
            group.create_task(call(name, purpose))
            await until(lambda number=number: model._traffic._real == number)
        house.go_on()
    assert order == ["first", "turn", "second", "third"]


async def test_a_judge_leaves_a_place_for_turns(house: House) -> None:
    model = await house.ready()
    judges = [asyncio.create_task(complete(model, ask("slow", slot="", purpose="judge"))) for _ in range(3)]
    await house.noted("begin 0 slow")
    await complete(model, ask("hello"))
    assert not any(judge.done() for judge in judges)
    for judge in judges:
        judge.cancel()
    await asyncio.gather(*judges, return_exceptions=True)


async def test_warming_reads_the_prompt_into_the_slot(house: House) -> None:
    model = await house.ready()
    assert await model.warm(ask("hello"))
    assert house.notes == ["begin 0 hello", "end hello"]
    assert (await complete(model, ask("hello")))[0].startswith("slot=0")


async def test_warming_gives_way_to_a_turn_and_goes_on_after_it(house: House) -> None:
    model = await house.ready()
    warm = asyncio.create_task(model.warm(ask("read this", slot="otto")))
    await house.noted("begin 0 read this")
    await complete(model, ask("hello", slot="mara"))
    await house.noted("broken read this")
    house.go_on()
    assert await warm
    await house.noted("end read this")
    assert house.notes.count("begin 0 read this") == 2
    assert house.notes.index("end hello") < house.notes.index("end read this")


async def test_warming_ends_when_its_own_slot_is_spoken_to(house: House) -> None:
    model = await house.ready()
    warm = asyncio.create_task(model.warm(ask("read this")))
    await house.noted("begin 0 read this")
    await complete(model, ask("hello"))
    assert not await warm
    assert house.notes.count("begin 0 read this") == 1


async def test_a_call_with_the_purpose_warm_behaves_as_warm(house: House) -> None:
    model = await house.ready()
    house.go_on()
    items = [item async for item in model.stream(ask("read", purpose="warm"))]
    assert [type(item) for item in items] == [Usage]
    assert isinstance(items[0], Usage)
    assert items[0].prompt == 9


async def test_a_cancelled_warming_stops(house: House) -> None:
    model = await house.ready()
    warm = asyncio.create_task(model.warm(ask("read this")))
    await house.noted("begin 0 read this")
    warm.cancel()
    with pytest.raises(asyncio.CancelledError):
        await warm
    await house.noted("broken read this")


# The real model: pytest -m local_model tests/models/local/test_model.py


@pytest.fixture
async def real() -> AsyncIterator[LocalModel]:
    pytest.importorskip("xllamacpp")
    model = LocalModel(folder=user_data_path("openroom", appauthor=False) / "models", options=LocalOptions())
    await model.wait_ready(900)
    yield model
    await model.aclose()


def persona(name: str, facts: int = 20) -> Message:
    lines = " ".join(f"{name} remembers summer {1930 + n}, when the {n}th boat came to the pier." for n in range(facts))
    return Message("system", f"You are {name}, who keeps a tea room in 1962. Answer briefly. {lines}")


def real_ask(name: str, *said: str, max_tokens: int = 16) -> ModelRequest:
    roles = ("user", "assistant")
    talk = tuple(Message(roles[n % 2], text) for n, text in enumerate(said))  # type: ignore[arg-type]
    return ModelRequest((persona(name), *talk), max_tokens=max_tokens, slot=name)


@pytest.mark.local_model
@pytest.mark.timeout(900)
async def test_real_stop_while_reading_frees_the_engine(real: LocalModel) -> None:
    await real.warm(real_ask("Mara", "Hello."))
    long = ModelRequest((persona("Otto", 150), Message("user", "Hello")), slot="Otto")
    begun = time.monotonic()
    await first_word(real, long)
    whole = time.monotonic() - begun  # what the engine would need if it read on: the measure is its own
    reading = asyncio.create_task(complete(real, replace(long, messages=(persona("Nora", 150), *long.messages[1:]))))
    await asyncio.sleep(whole / 10)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    assert await first_word(real, real_ask("Mara", "Hello again.")) < whole / 2


@pytest.mark.local_model
@pytest.mark.timeout(900)
async def test_real_stop_while_writing_frees_the_engine(real: LocalModel) -> None:
    await real.warm(real_ask("Mara", "Hello."))
    story = real_ask("Mara", "Tell me a long story.", max_tokens=400)
    begun = time.monotonic()
    await complete(real, story)
    whole = time.monotonic() - begun
    async with aclosing(real.stream(story)) as pieces:  # type: ignore[type-var]
        async for _ in pieces:
            break
    assert await first_word(real, real_ask("Mara", "Hello again.")) < whole / 2


@pytest.mark.local_model
@pytest.mark.timeout(900)
async def test_real_what_comes_back_from_the_disk_answers_as_what_was_read(tmp_path: Path) -> None:
    pytest.importorskip("xllamacpp")
    weights = find_weights(DEFAULT_WEIGHTS, user_data_path("openroom", appauthor=False) / "models")
    if weights is None:
        pytest.skip("the default's weights are not here")
    told: list[tuple[int, int]] = []
    greedy = replace(
        real_ask("Mara", "What was summer 1937 like?", max_tokens=40), stable=1, sampling=Sampling(temperature=0.0)
    )
    asked = replace(greedy, reading=lambda done, total: told.append((done, total)))
    answers: dict[str, tuple[str, Usage]] = {}
    for name, kept in (("in memory", 0), ("read and kept", 100), ("from the disk", 100)):
        model = LocalModel(str(weights), folder=tmp_path, options=LocalOptions(states_mb=kept))
        await model.wait_ready(900)
        if not kept:  # the same steps of reading: other steps round otherwise, and greedy words may part at a near tie
            await complete(model, replace(greedy, messages=greedy.messages[:1], max_tokens=1))
        begun = time.monotonic()
        answers[name] = await complete(model, asked)
        print(name, f"{time.monotonic() - begun:.2f} s", answers[name], told[:1], told[-1:])
        told.clear()
        await model.aclose()
    assert len({text for text, _ in answers.values()}) == 1
    kept_usage, disk_usage = answers["read and kept"][1], answers["from the disk"][1]
    assert kept_usage.cached < 10, "what was read just now is not called cached"
    assert disk_usage.cached > disk_usage.prompt - 40


@pytest.mark.local_model
@pytest.mark.timeout(900)
async def test_real_three_characters_are_read_from_the_cache(real: LocalModel) -> None:
    said: dict[str, list[str]] = {name: [] for name in ("Mara", "Otto", "Lena")}
    prompt = cached = 0
    for name in said:
        await real.warm(real_ask(name))
    for round_ in range(5):
        for name, lines in said.items():
            lines.append(f"What was summer {1930 + round_} like?")
            text, usage = await complete(real, real_ask(name, *lines))
            lines.append(text)
            prompt, cached = prompt + usage.prompt, cached + usage.cached
    assert cached / prompt >= 0.8


@pytest.mark.local_model
@pytest.mark.timeout(900)
async def test_real_replies_fit_a_schema(real: LocalModel) -> None:
    import json

    schema = {
        "type": "object",
        "properties": {"say": {"type": "string", "maxLength": 120}, "do": {"enum": ["light_lamp", "nothing"]}},
        "required": ["say", "do"],
        "additionalProperties": False,
    }
    text, _ = await complete(real, replace(real_ask("Mara", "Light the lamp, please.", max_tokens=120), schema=schema))
    assert json.loads(text)["do"] in {"light_lamp", "nothing"}


async def first_word(model: LocalModel, request: ModelRequest) -> float:
    """Seconds until the first text."""
    begun = time.monotonic()
    async with aclosing(model.stream(request)) as pieces:  # type: ignore[type-var]
        async for _ in pieces:
            return time.monotonic() - begun
    pytest.fail("no text came")


async def test_a_kept_speed_counts_unless_it_is_said_that_none_does(house: House) -> None:
    first = house.model()
    await asyncio.to_thread(keep_speed, house.folder, first._engine(), 28)
    await first.wait_ready(PATIENCE)
    assert first.info.speed == 28
    measured = house.model()
    measured.at_any_speed()
    await measured.wait_ready(PATIENCE)
    assert measured.info.speed == 0
