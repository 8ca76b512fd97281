"""A room that an earlier build exported comes in, with the same state and the same story."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx

from tests.compat.conftest import DATA, House, expected
from tests.compat.look import same

FILE = DATA / "room.json"
REPLAY = "room replay {room}"


def test_a_file_replays_and_comes_in_by_command(house: House, run: Callable[[str], str]) -> None:
    room, then = expected("names")["room"], expected("told")
    same(json.loads(then[f"{REPLAY} --json"]), json.loads(run(f"room replay {FILE} --json")))
    assert run(f"room import {FILE}").strip() == room
    assert run(f"room replay {room} --json") == then[f"{REPLAY} --json"]
    assert run(f"room replay {room}") == then[REPLAY]
    assert _room(json.loads(run(f"room export {room}"))) == _room(json.loads(FILE.read_text(encoding="utf-8")))


async def test_a_file_comes_in_by_rest_and_its_room_opens(house: House, tokens: dict[str, str]) -> None:
    headers = {"Authorization": f"Bearer {tokens['op']}"}
    then = json.loads(FILE.read_text(encoding="utf-8"))
    async with (
        house.serving() as url,
        httpx.AsyncClient(base_url=url, headers=headers, verify=False, trust_env=False, timeout=30) as http,
    ):
        made = (await http.post("/api/rooms/import", content=FILE.read_bytes())).raise_for_status().json()
        assert made == {"id": then["room"], "scene": "parlour", "title": "Ann's evening", "open": False}
        seen = (await http.get(f"/api/rooms/{made['id']}")).raise_for_status().json()
        now = (await http.get(f"/api/rooms/{made['id']}/export?full=true")).json()
    assert seen["state"] == json.loads(expected("told")[f"{REPLAY} --json"])["state"]
    same(_room(then), _room({**now, "seq": then["seq"], "events": now["events"][: then["seq"]]}))


def _room(export: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in export.items() if key != "epoch"}  # another history, another epoch
