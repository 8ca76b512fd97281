from __future__ import annotations

import asyncio
from pathlib import Path

import httpx

from examples.embed_game import make_game
from openroom import Lobby, LobbySettings, Settings
from openroom.client import connect
from tests.server.live import serving
from tests.waiting import PATIENCE, until


async def test_two_people_play_and_the_game_drives_mira(tmp_path: Path) -> None:
    settings = Settings.load(data=tmp_path)
    app = make_game(Lobby(store="memory:"), secret=37, settings=settings)
    async with serving(app) as port:
        url = f"http://127.0.0.1:{port}"
        ann_comes = connect(f"{url}/rooms", "tea_room", name="Ann")
        async with ann_comes as ann, connect(f"{url}/rooms", "tea_room", name="Bob") as bob:
            said: list[tuple[str, str]] = []

            async def read() -> None:
                async for event in bob.events():
                    if event.get("kind") == "said":
                        said.append((event["actor"], event["text"]))

            reading = asyncio.create_task(read())
            await ann.say("Good evening.")
            await ann.say("Is it 50?")
            await bob.say("I say 20")
            await ann.say("37!")
            mira = "character:mira"
            await until(lambda: (mira, "37 it is, Ann. The lamp is yours.") in said)
            await until(lambda: bob.state["props"]["lamp"]["state"]["lit"])
            await until(lambda: said[-1][0] == mira and said[-1][1] != "37 it is, Ann. The lamp is yours.")
            lines = [text for who, text in said if who == mira]
            assert lines[:3] == ["Less than 50.", "More than 20.", "37 it is, Ann. The lamp is yours."]
            assert len(lines) == 4, "one remark of her own, after the nudge"
            reading.cancel()
        async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as http:
            assert (await http.get(f"{url}/score")).json() == {"guesses": 3, "winner": "Ann"}
            assert (await http.get(f"{url}/docs")).status_code == 200, "their own pages stay"
            assert (await http.get(f"{url}/rooms/api/rooms")).status_code == 200


async def test_the_game_goes_on_when_nobody_was_there_for_a_while(tmp_path: Path) -> None:
    lobby = Lobby(store="memory:", settings=LobbySettings(idle_ms=30))
    async with serving(make_game(lobby, secret=42, settings=Settings.load(data=tmp_path))) as port:
        url = f"http://127.0.0.1:{port}"
        for name, guess in (("Bob", "is it 50?"), ("Ann", "is it 42?")):
            await until(lambda: not lobby.running)
            async with connect(f"{url}/rooms", "tea_room", name=name) as me:
                await me.say(guess)
                async for event in me.events():
                    if event.get("kind") == "said" and event["actor"] == "character:mira":
                        break
                assert event["text"] in ("Less than 50.", "42 it is, Ann. The lamp is yours.")
        async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as http:
            assert (await http.get(f"{url}/score")).json() == {"guesses": 2, "winner": "Ann"}
