from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from openroom.cards.character import NAMELESS
from openroom.cards.released import Released
from openroom.core.harness import Rule
from openroom.library.library import Library
from openroom.lobby.card_export import export_card
from openroom.models.scripted import ScriptedModel
from openroom.ports.model import ModelInfo
from openroom.settings import shipped
from tests.cards import corpus
from tests.server.live import Live
from tests.waiting import until


async def _known(http: Any, id: str) -> bool:
    return any(one["id"] == id for one in (await http.get("/api/characters")).json()["characters"])


async def test_a_creator_brings_a_card_in_and_takes_it_out(server: Live) -> None:
    data = corpus.GOOD["png-v3"][0]
    async with server.client("creator", "player:cleo") as http:
        answer = await http.post("/api/cards", content=data)
        made = answer.json()
        assert (answer.status_code, made["id"], made["name"]) == (201, "ru", "Ru")
        assert "persona" in str(made["report"]["converted"])
        assert "folder" not in made and str(server.site.settings.author_folder) not in answer.text

        async def there() -> bool:
            return await _known(http, "ru")

        await until(there)
        assert (await http.get("/art/characters/ru/portrait.webp")).headers["content-type"] == "image/webp"
        out = await http.get("/api/cards/ru?format=png&spec=3")
        assert (out.content, out.headers["content-type"]) == (data, "image/png")
        assert "sandbox" in out.headers["content-security-policy"]
        assert out.headers["content-disposition"] == 'attachment; filename="ru.png"'
        told = (await http.get("/api/cards/ru/report?format=json&spec=2")).json()
        assert [one["what"] for one in told["dropped"]] == ["the picture"]
        assert (await http.get("/api/cards/nobody")).status_code == 404
        assert (await http.get("/api/cards/ru?format=exe")).status_code == 422


async def test_a_card_without_a_name_is_called_as_its_file_and_the_report_says_so(server: Live) -> None:
    data = corpus.dumped(corpus.v3(name="", nickname=""))
    async with server.client("creator", "player:cleo") as http:
        made = (await http.post("/api/cards?called=Old%20Keeper", content=data)).json()
        assert (made["id"], made["name"]) == ("old_keeper", "Old Keeper")
        assert [one["why"] for one in made["report"]["converted"] if one["what"] == "name"] == [
            f"{NAMELESS}: Old Keeper"
        ]
        long = (await http.post(f"/api/cards?again=true&called={'Ann ' * 60}", content=data)).json()
        assert long["name"].startswith("Ann Ann") and len(long["name"]) <= 200
        other = (await http.post("/api/cards?again=true", content=data)).json()
        assert other["name"] == "Character"
        assert f"{NAMELESS}: Character" in [one["why"] for one in other["report"]["converted"]]


async def test_a_card_that_carries_a_version_brings_it_into_force(server: Live) -> None:
    library, lobby = server.site.lobby.library, server.site.lobby
    author = library.characters["mira"].harness()
    version = author.model_copy(update={"rules": (*author.rules, Rule(id="short", text="One thing at a time."))})
    data = export_card(library, "mira", "json", 3, Released(version)).data
    async with server.client("creator", "player:cleo") as http:
        made = (await http.post("/api/cards", content=data)).json()
        assert made["version"] == version.digest == await lobby.store.active(made["id"])
        assert (await http.get(f"/api/cards/{made['id']}?format=json&spec=3")).content == data
        plain = (await http.post("/api/cards", content=corpus.GOOD["png-v3"][0])).json()
        assert plain["version"] == ""


async def test_a_lorebook_is_given_to_a_character_or_a_scene(server: Live) -> None:
    data, library = corpus.dumped(corpus.WORLD), server.site.lobby.library
    async with server.client("creator", "player:cleo") as http:
        for to, found in (("character:mira", library.characters), ("scene:tea_room", library.scenes)):
            what, id = to.split(":")
            assert (library.characters if what == "character" else library.scenes)[id].lore is None
            answer = await http.post(f"/api/cards?to={to}", content=data)
            assert (answer.status_code, answer.json()["to"]) == (201, to)

            async def there(what: str = what, id: str = id) -> bool:
                books = library.characters if what == "character" else library.scenes
                return books[id].lore is not None

            await until(there)
            again = await http.post(f"/api/cards?to={to}", content=data)
            assert (again.status_code, again.json()["reason"]) == (422, "card") and "one that has it" in again.text
            assert id in found
        for to in ("character:nobody", "scene:../x", "mira", "room:tea_room"):
            assert (await http.post("/api/cards", params={"to": to}, content=data)).status_code == 422
        card = await http.post("/api/cards?to=character:otto", content=corpus.dumped(corpus.V1))
        assert card.status_code == 422
        alone = (await http.post("/api/cards", content=data)).json()
        assert alone["reason"] == "lorebook" and "whose it will be" in alone["message"]
    async with server.client("player", "player:pia") as http:
        assert (await http.post("/api/cards?to=character:mira", content=data)).status_code == 403


async def test_others_may_do_neither(server: Live) -> None:
    for role in ("spectator", "player"):
        async with server.client(role, "player:pia") as http:
            assert (await http.post("/api/cards", content=b"x")).status_code == 403
            assert (await http.get("/api/cards/mira")).status_code == 403
            assert (await http.get("/api/cards/mira/report")).status_code == 403
    async with server.client() as http:
        assert (await http.post("/api/cards", content=b"x")).status_code == 403


async def test_what_is_no_card_is_refused_with_its_reason(server: Live) -> None:
    async with server.client("creator", "player:cleo") as http:
        link = corpus.HOSTILE["link"][0]
        for data, words in ((b"hello", "another kind of file"), (b"", "nothing"), (link, "a link")):
            answer = await http.post("/api/cards", content=data)
            assert (answer.status_code, answer.json()["reason"]) == (422, "card")
            assert words in answer.json()["message"]


async def test_a_file_is_bounded_while_it_comes_in(server: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openroom.server.api.cards.MAX_TOTAL", 2_000_000)
    async with server.client("creator", "player:cleo") as http:
        answer = await http.post("/api/cards", content=bytes(2_000_001))
        assert (answer.status_code, answer.json()["reason"]) == (413, "too_large")
        assert (await http.post("/api/cards", content=bytes(1_500_000))).status_code == 422, "above the usual bound"


async def test_one_card_at_a_time_for_a_person(server: Live) -> None:
    async with server.client("creator", "player:cleo") as http:
        end = server.site.costly.begin("player:cleo")
        refused = await asyncio.gather(http.post("/api/cards", content=b"{}"), http.get("/api/cards/mira"))
        assert [(one.status_code, one.json()["reason"]) for one in refused] == [(409, "busy")] * 2
        end()
        assert (await http.post("/api/cards", content=b"{}")).status_code == 422


async def test_where_nobody_would_read_it_nothing_is_brought_in(server: Live, tmp_path: Path) -> None:
    server.site.lobby.library = Library([shipped("characters")], [shipped("scenes")])
    async with server.client("creator", "player:cleo") as http:
        answer = await http.post("/api/cards", content=corpus.dumped(corpus.V1))
        assert (answer.status_code, answer.json()["reason"]) == (422, "settings")
    assert not any((tmp_path / "data_author/characters").iterdir())


async def test_who_came_has_a_room_at_once_and_a_face(server: Live) -> None:
    async with server.client("creator", "player:cleo") as http:
        made = (await http.post("/api/cards", content=corpus.GOOD["png-v3"][0])).json()
        assert made["card"]["spec"] == 3 and made["card"]["creator_notes"] == "Only for people."
        shelved = {one["id"]: one for one in (await http.get("/api/cards")).json()["characters"]}
        assert (shelved["ru"]["card"], shelved["ru"]["ours"], shelved["ru"]["room"]) == (True, True, "")
        assert (shelved["mira"]["card"], shelved["mira"]["ours"]) == (False, False)
        given = await http.post("/api/cards/ru/room")
        assert (given.status_code, given.json()) == (201, {"room": "ru_room"})
        assert (await http.post("/api/cards/ru/room")).json() == {"room": "ru_room"}
        assert "ru_room" in [one["id"] for one in (await http.get("/api/rooms")).json()["rooms"]]
        assert (
            await http.post("/api/rooms/ru_room/actions", json={"action": {"do": "enter", "name": "Cleo"}})
        ).is_success
        assert (await http.post("/api/cards/nobody/room")).status_code == 404
        face = {"x": 0.2, "y": 0.1, "size": 0.5}
        assert (await http.put("/api/cards/ru/face", json=face)).status_code == 204
        assert (await http.get("/art/characters/ru/face.json")).json() == face
        assert (await http.put("/api/cards/ru/face", json=face | {"size": 3})).status_code == 422
        assert (await http.put("/api/cards/mira/face", json=face)).status_code == 422
    async with server.client("operator", "player:oda") as http:
        told = (await http.post("/api/cards?again=true", content=corpus.GOOD["png-v3"][0])).json()
        assert told["folder"] == str(server.site.settings.author_folder / "characters" / "ru_2")
    async with server.client("player", "player:pia") as http:
        assert (await http.get("/api/cards")).status_code == 403
        assert (await http.post("/api/cards/ru/room")).status_code == 403
        assert (await http.put("/api/cards/ru/face", json=face)).status_code == 403


async def test_a_draft_is_told_and_nothing_is_written(server: Live, tmp_path: Path) -> None:
    prose = "Runa was born in Tromsø. She is a lighthouse keeper. She hates herring."
    async with server.client("creator", "player:cleo") as http:
        card = corpus.dumped({**corpus.V1, "description": prose})
        id = (await http.post("/api/cards", content=card)).json()["id"]
        before = {path: path.read_bytes() for path in tmp_path.rglob("data_author/**/*") if path.is_file()}
        told = (await http.get(f"/api/cards/{id}/draft")).json()
        assert "facts:" in told["card"] and "born in Tromsø" in told["card"] and told["cases"].startswith("#")
        assert {path: path.read_bytes() for path in tmp_path.rglob("data_author/**/*") if path.is_file()} == before
        assert (await http.get("/api/cards/nobody/draft")).status_code == 404
    async with server.client("player", "player:pia") as http:
        assert (await http.get(f"/api/cards/{id}/draft")).status_code == 403


async def test_several_creators_at_once_do_not_come_into_each_others_way(server: Live) -> None:
    people = [server.client("creator", f"player:c{number}") for number in range(4)]
    async with people[0] as a, people[1] as b, people[2] as c, people[3] as d:
        all_four = (a, b, c, d)
        card = corpus.GOOD["png-v3"][0]
        came = await asyncio.gather(*(http.post("/api/cards", content=card) for http in all_four))
        assert sorted(one.status_code for one in came) == [201, 409, 409, 409]
        told = [one.json() for one in came if one.status_code == 409]
        assert {(one["reason"], one["character"]) for one in told} == {("card_here", "ru")}
        came = await asyncio.gather(*(http.post("/api/cards?again=true", content=card) for http in all_four))
        assert sorted(one.json().get("id", one.text) for one in came) == ["ru_2", "ru_3", "ru_4", "ru_5"]
        rooms = await asyncio.gather(*(http.post("/api/cards/ru/room") for http in all_four))
        assert {one.json()["room"] for one in rooms} == {"ru_room"}
        faces = [{"x": number / 20, "y": 0, "size": 0.5} for number in range(16)]
        chosen = await asyncio.gather(*(http.put("/api/cards/ru/face", json=face) for face in faces for http in [a]))
        assert {one.status_code for one in chosen} == {204}


async def test_a_character_is_removed_and_put_back_by_who_may(server: Live) -> None:
    author = server.site.settings.author_folder
    async with server.client("creator", "player:cleo") as http:
        made = (await http.post("/api/cards", content=corpus.GOOD["png-v3"][0])).json()
        again = (await http.get("/api/cards/ru/import")).json()
        assert again == made, "what was told as it came in can be had again"
        no_card = await http.get("/api/cards/mira/import")
        assert (no_card.status_code, no_card.json()["reason"]) == (422, "card")
        await http.post("/api/cards/ru/room")
        enter = {"action": {"do": "enter", "name": "Cleo"}}
        assert (await http.post("/api/rooms/ru_room/actions", json=enter)).is_success
        refused = await http.delete("/api/cards/ru")
        told = refused.json()
        assert (refused.status_code, told["reason"], told["rooms"]) == (409, "card_in_use", ["Ru"])
        assert (await http.post("/api/rooms/ru_room/actions", json={"action": {"do": "leave"}})).is_success
        gone = await http.delete("/api/cards/ru")
        assert (gone.status_code, gone.json()) == (200, {"id": "ru", "scenes": ["ru_room"]})
        assert not await _known(http, "ru") and "ru_room" not in server.site.lobby.running
        assert "ru_room" not in [one["id"] for one in (await http.get("/api/rooms")).json()["rooms"]]
        assert (await http.get("/art/characters/ru/portrait.webp")).status_code == 404
        for id, status in (("ru", 422), ("mira", 422), ("..%2Fcharacters%2Fru", 404)):
            assert (await http.delete(f"/api/cards/{id}")).status_code == status
        back = await http.post("/api/cards/ru/restore")
        assert (back.status_code, back.json()) == (200, {"id": "ru", "scenes": ["ru_room"]})
        assert await _known(http, "ru")
        assert "ru_room" in [one["id"] for one in (await http.get("/api/rooms")).json()["rooms"]]
        assert (await http.post("/api/cards/ru/restore")).status_code == 422
    async with server.client("operator", "player:oda") as http:
        gone = (await http.delete("/api/cards/ru")).json()
        assert gone["folder"].startswith(f"{author}_bin/") and gone["folder"].endswith("_ru")
        assert (await http.post("/api/cards/ru/restore")).json()["folder"] == str(author / "characters/ru")
    for role in ("player", "spectator"):
        async with server.client(role, "player:pia") as http:
            for ask in (
                http.delete("/api/cards/ru"),
                http.post("/api/cards/ru/restore"),
                http.get("/api/cards/ru/import"),
            ):
                assert (await ask).status_code == 403
    assert (author / "characters/ru/character.yaml").is_file()


async def test_a_character_whose_folder_is_gone_keeps_its_face(server: Live, tmp_path: Path) -> None:
    async with server.client("creator", "player:cleo") as http:
        await http.post("/api/cards", content=corpus.GOOD["png-v3"][0])
        face = (await http.get("/art/characters/ru/portrait.webp")).content
        (server.site.settings.author_folder / "characters/ru").rename(tmp_path / "away")
        await server.site.lobby.refresh()
        assert not await _known(http, "ru")
        assert (await http.get("/art/characters/ru")).json() == {"files": ["portrait.webp"]}
        assert (await http.get("/art/characters/ru/portrait.webp")).content == face


async def test_who_brings_a_card_is_not_scolded_for_what_the_import_wrote(server: Live) -> None:
    author = server.site.settings.author_folder
    prose = "Maren is laconic. Keep replies short. No more than two sentences."
    entries = [
        {"keys": [], "content": "Nothing brings it in.", "enabled": True, "insertion_order": 1, "extensions": {}}
    ]
    told = corpus.v3(
        name="Maren", nickname="", description=prose, first_mes="It rained. " * 14,
        alternate_greetings=["Come in. " * 12], character_book={"name": "b", "entries": entries, "extensions": {}},
    )  # fmt: skip

    async def warnings(http: Any) -> list[str]:
        return [one["key"] for one in (await http.get("/api/scenes")).json()["warnings"]]

    async with server.client("creator", "player:cleo") as http:
        before = await warnings(http)
        await http.post("/api/cards", content=corpus.dumped(told))
        assert any(one.key == "greeting" for one in server.site.lobby.library.problems), "check says it all the same"
        assert await warnings(http) == before
        file = author / "characters/maren/character.yaml"
        file.write_text(file.read_text().replace("It rained.", "It snowed."))
        await server.site.lobby.refresh()
        assert await warnings(http) == [*before, "greeting"], "what somebody edited is theirs"
        lore = author / "characters/maren/lore.yaml"
        lore.write_text(lore.read_text() + "\n")
        await server.site.lobby.refresh()
        assert "entries[0]" in await warnings(http)


async def test_the_model_that_speaks_chooses_what_of_a_long_persona_is_read_first(server: Live) -> None:
    prose = " ".join(f"On day {at} it rained and the boat stayed in as ever." for at in range(120))
    data, lobby = corpus.dumped(corpus.v3(description=prose)), server.site.lobby
    able = ScriptedModel([("", {"keep": [70, 60]})], info=ModelInfo("wordy", "remote", level="able"))
    small = ScriptedModel([], info=ModelInfo("tiny", "local", level="small"))
    told: dict[str, str] = {}
    async with server.client("creator", "player:cleo") as http:
        for model in (able, small):
            await lobby.set_model(model)
            made = (await http.post("/api/cards?again=true", content=data)).json()
            whys = [one["why"] for one in made["report"]["converted"] if one["what"] == "persona"]
            told[made["id"]] = next(why for why in whys if "4,096" in why)
    chosen, by_code = told.items()
    assert (
        "; chosen by wordy; left out" in chosen[1]
        and "by code: tiny is a small model, which is not asked;" in by_code[1]
    )
    assert [one.person for one in able.requests] == ["player:cleo"] and small.requests == []
    played = lobby.library.characters
    assert (kept := played[chosen[0]].condensed) is not None and len(kept.keep) == 2
    assert played[by_code[0]].condensed is None
