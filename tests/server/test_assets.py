from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

import openroom
from tests.server.live import Live, live

SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture
def art(tmp_path: Path) -> Path:
    folder = tmp_path / "characters" / "zoe" / "art"
    folder.mkdir(parents=True)
    (folder / "face.svg").write_text(SVG, encoding="utf-8")
    (folder / "notes.txt").write_text("private", encoding="utf-8")
    (folder.parent / "character.yaml").write_text("secret: yes", encoding="utf-8")
    (tmp_path / "outside.svg").write_text(SVG, encoding="utf-8")
    (folder / "link.svg").symlink_to(tmp_path / "outside.svg")
    return folder


async def test_art_is_served_in_a_sandbox(server: Live, art: Path) -> None:
    async with server.client() as http:
        answer = await http.get("/art/characters/zoe/face.svg")
    assert (answer.status_code, answer.text) == (200, SVG)
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["content-security-policy"].startswith("sandbox;")
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "characters/zoe/notes.txt",
        "characters/zoe/gone.svg",
        "characters/zoe/link.svg",
        "characters/zoe/..%2fcharacter.yaml",
        "characters/..%2f..%2fdata/secret.svg",
        "characters/zoe/%2e%2e/character.yaml",
        "characters/.zoe/face.svg",
        "characters/zoe%00/face.svg",
        "scenes/zoe/face.svg",
    ],
)
async def test_nothing_else_is(server: Live, art: Path, path: str) -> None:
    async with server.client() as http:
        answer = await http.get(f"/art/{path}")
    assert answer.status_code in (404, 422)
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    "file", ["chess/view.js", "diary/view.js", "record_player/view.js", "record_player/view_sound.js"]
)
async def test_the_view_of_a_prop_is_served_from_its_folder(server: Live, file: str) -> None:
    async with server.client() as http:
        answer = await http.get(f"/props/{file}")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.text == (Path(openroom.__file__).parent / "props" / file).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "path",
    [
        "chess/rules.py",
        "chess/view.css",
        "chess/view_gone.js",
        "chess/view.js%00",
        "chess/..%2fdiary%2fview.js",
        "..%2fprops%2fchess/view.js",
        "lamp/view.js",
        "nobody/view.js",
    ],
)
async def test_of_a_prop_nothing_but_its_view_is(server: Live, path: str) -> None:
    async with server.client() as http:
        assert (await http.get(f"/props/{path}")).status_code == 404


async def test_props_have_their_pictures_whatever_the_scenes_are(tmp_path: Path) -> None:
    own = tmp_path / "scenes" / "_props" / "art" / "diary" / "prop.svg"
    own.parent.mkdir(parents=True)
    own.write_text(SVG, encoding="utf-8")
    async with live(tmp_path, scenes=(tmp_path / "scenes",)) as server, server.client() as http:
        for kind in ("chess", "record_player", "unknown"):
            assert (await http.get(f"/art/props/{kind}/prop.svg")).text.startswith("<svg"), kind
        assert (await http.get("/art/props/diary/prop.svg")).text == SVG, "what an author drew comes first"
        assert (await http.get("/art/props/chess/rules.svg")).status_code == 404


async def test_what_pictures_there_are_is_told(tmp_path: Path) -> None:
    art = tmp_path / "characters" / "zoe" / "art"
    art.mkdir(parents=True)
    for name in ("portrait.png", "portrait_happy.webp", "notes.txt", ".hidden.png", "avatar.json"):
        (art / name).write_bytes(b"x")
    (tmp_path / "outside.png").write_bytes(b"x")
    (art / "portrait_sad.png").symlink_to(tmp_path / "outside.png")
    (tmp_path / "scenes").mkdir()
    folders = {"characters": (tmp_path / "characters",), "scenes": (tmp_path / "scenes",)}
    async with live(tmp_path, **folders) as server, server.client() as http:
        zoe = (await http.get("/art/characters/zoe")).json()
        assert zoe == {"files": ["avatar.json", "portrait.png", "portrait_happy.webp"]}
        assert (await http.get("/art/characters/nobody")).json() == {"files": []}
        assert (await http.get("/art/props/record_player")).json() == {"files": ["prop.svg"]}
        assert (await http.get("/art/props/unknown")).json() == {"files": ["prop.svg"]}
        assert "avatar.json" in (await http.get("/art/characters/mira")).json()["files"], "shipped art may be named"
        assert (await http.get("/art/scenes/tea_room/backdrop.svg")).status_code == 200
        assert (await http.get("/art/characters/..%2fzoe")).status_code == 404
        assert (await http.get("/art/rooms/zoe")).status_code == 422


async def test_the_shipped_art_is_there(server: Live) -> None:
    async with server.client() as http:
        for found in (await http.get("/api/characters")).json()["characters"]:
            folder = server.site.lobby.library.folder(found["id"])
            assert folder is not None
            for file in sorted((folder / "art").glob("*.svg"))[:1]:
                answer = await http.get(f"/art/characters/{found['id']}/{file.name}")
                assert answer.status_code == 200, file


async def test_a_photograph_behind_a_stage_is_a_copy_without_what_it_tells(server: Live, tmp_path: Path) -> None:
    folder = server.site.lobby.library.folders[1][0] / "beach" / "art"
    folder.mkdir(parents=True)
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    Image.new("RGB", (2400, 1200), "#335566").save(folder / "backdrop.jpg", exif=exif)
    (folder / "broken.png").write_bytes(b"\x89PNG no more")
    async with server.client() as http:
        answer = await http.get("/art/scenes/beach/backdrop.jpg")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/webp")
        assert b"taken at home" not in answer.content and Image.open(io.BytesIO(answer.content)).size == (1920, 960)
        assert answer.headers["content-security-policy"].startswith("sandbox;")
        again = await http.get("/art/scenes/beach/backdrop.jpg", headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert (await http.get("/art/scenes/beach/broken.png")).status_code == 404
