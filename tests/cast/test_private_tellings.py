"""What a prop told to one character is in its prompts and in nobody else's; what was in vain is known to who tried."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from openroom.cast.director import DirectorSettings
from openroom.core.action import Use
from openroom.lobby.lobby import Lobby, LobbySettings
from openroom.models.scripted import ScriptedModel
from openroom.room.room import RoomSettings
from openroom.store.inmemory import MemoryStore
from tests.room.conftest import HOUSE

BOX = """\
format: 1
kind: box
name: Box
line: A wooden box.
state:
  open: {type: boolean}
  inside: {type: choice, of: [a ruby, nothing], hidden: true}
verbs:
  peek:
    label: Peek into the box
    words: [peek]
    tells: "In the box lies {inside}."
    tells_to: actor
  force:
    label: Force the box
    words: [force]
    when: {inside: nothing}
    else: {tells: "The box does not give."}
    set: {open: true}
    tells: The box gives.
"""


def prompts(model: ScriptedModel, name: str) -> list[str]:
    """The prompts that asked for ``name``, as one text each."""
    return [request for request in model.prompts if f"You are {name}" in request]


async def test_who_did_it_knows_and_nobody_else_does(tmp_path: Path) -> None:
    house = shutil.copytree(HOUSE, tmp_path / "house")
    (house / "scenes" / "_props" / "box.yaml").write_text(BOX, encoding="utf-8")
    scene = house / "scenes" / "parlour" / "scene.yaml"
    scene.write_text(scene.read_text().replace("props:\n", "props:\n  - {id: box, kind: box}\n"), encoding="utf-8")
    store, said = MemoryStore(), iter(range(100))
    deeds = {"Vera, peek!": "box.peek", "Vera, force it!": "box.force"}

    def answer(request: Any) -> dict[str, Any]:
        asked = [line for line in request.messages[-1].content.split("\n") if line.startswith("Ann: ")][-1:]
        do = [deed for line, deed in deeds.items() if asked == [f"Ann: {line}"]]
        return {"say": f"Line number {next(said)} of mine.", "emotion": "calm", "do": do}

    def lobby(model: ScriptedModel) -> Lobby:
        settings = LobbySettings(
            watch=False,
            room=RoomSettings(),
            director=DirectorSettings(greet=False, react_ms=0, typing_ms=50),
        )
        return Lobby(
            characters=house / "characters", scenes=house / "scenes", store=store, model=model, settings=settings
        )

    model = ScriptedModel([answer])
    async with lobby(model) as running:
        room, director = await running.open("parlour"), running.directors
        async with room.join("Ann", person="ann") as ann:
            for line in ("Vera, peek!", "Otto, well?", "Vera, force it!", "Vera, and now?", "Otto, and you?"):
                await ann.say(line)
                await director["parlour"].settled()
            await ann.act(Use(prop="box", verb="peek"))
    vera, otto = prompts(model, "Vera")[-1], prompts(model, "Otto")[-1]
    assert "(Only you see this: In the box lies a ruby.)" in vera
    assert "a ruby" not in otto
    assert "(The box does not give.)" in vera and "(The box does not give.)" in otto
    assert sum("a ruby" in prompt for prompt in prompts(model, "Otto")) == 0
    again = ScriptedModel([answer])
    async with lobby(again) as running:
        room = await running.open("parlour")
        async with room.join("Ben") as ben:
            await ben.say("Vera, once more?")
            await running.directors["parlour"].settled()
            await ben.say("Otto, once more?")
            await running.directors["parlour"].settled()
    assert prompts(again, "Vera")[-1].count("(Only you see this: In the box lies a ruby.)") == 1
    assert "a ruby" not in prompts(again, "Otto")[-1]
