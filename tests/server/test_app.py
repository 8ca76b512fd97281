from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from openroom import Lobby, mount
from openroom.client import connect
from tests import processes
from tests.server.live import Live, serving, small_settings
from tests.waiting import PATIENCE, until


def run(code: str, folder: Path) -> str:
    done = processes.run([sys.executable, "-c", code], cwd=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_importing_openroom_is_light(tmp_path: Path) -> None:
    code = (
        "import openroom, sys; print([m for m in ('fastapi', 'sqlalchemy', 'nicegui', 'openai') if m in sys.modules])"
    )
    assert run(code, tmp_path).strip() == "[]"
    code = "import openroom.server.app, sys; print('nicegui' in sys.modules)"
    assert run(code, tmp_path).strip() == "False"


def test_public_names_lead_home(tmp_path: Path) -> None:
    import openroom

    for name in openroom.__all__:
        assert getattr(openroom, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'Loby'"):
        openroom.Loby  # noqa: B018


async def test_rooms_inside_another_application(tmp_path: Path) -> None:
    settings = small_settings(tmp_path)
    steps: list[str] = []

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, str]]:
        steps.append("started")
        assert (await lobby.open("hall")).id == "hall", "the lobby is there when the application starts"
        yield {"own": "state"}
        steps.append("stopped")

    app = FastAPI(lifespan=lifespan)

    @app.get("/score")
    async def score() -> dict[str, int]:
        return {"score": 3}

    lobby = Lobby(characters=settings.characters, scenes=settings.scenes)
    mount(app, lobby, prefix="/play/", settings=settings)
    async with serving(app) as port:
        url = f"http://127.0.0.1:{port}"
        async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=PATIENCE) as http:
            answer = await http.get("/score", headers={"Host": "any.example"})
            assert (answer.status_code, answer.json()) == (200, {"score": 3}), "their routes are not ours to guard"
            assert "x-request-id" not in answer.headers
            assert (await http.get("/play/api/rooms", headers={"Host": "any.example"})).status_code == 403
            assert (await http.get("/play/api/nope")).json()["reason"] == "not_found"
            assert (await http.get("/openapi.json")).json()["paths"].keys() == {"/score"}
            assert (await http.get("/play/static/openroom.js")).status_code == 200
            me = await http.post("/play/api/session")
            made = await http.post("/play/api/rooms", json={"scene": "hall", "open": False})
            invite = await http.post(f"/play/api/rooms/{made.json()['id']}/invites", json={})
            assert invite.json()["url"].startswith(f"{url}/play/invite/")
            assert (me.status_code, made.status_code) == (200, 201)
            operator = app.routes[-1].app.state.site.access  # type: ignore[attr-defined]
            bearer = {"Authorization": f"Bearer {operator.grant(await operator.hand_out('operator'))}"}
            settled = await http.put("/play/api/model", json={"model": "local"}, headers=bearer)
            assert settled.json()["message"].startswith("These rooms are part of another application")
        async with connect(f"{url}/play", "hall", name="Ann") as ann:
            await ann.use("lamp", "light")
            assert lobby.running["hall"].state.props["lamp"]["state"]["lit"] is True
    assert steps == ["started", "stopped"]
    with pytest.raises(ValueError, match="expected a prefix"):
        mount(app, lobby, prefix="play", settings=settings)


_WITH_PAGES = """
import asyncio, json, sys
from pathlib import Path
import httpx
from fastapi import FastAPI
from openroom import Lobby, mount
from tests.server.live import serving, small_settings
from tests.waiting import PATIENCE

async def main():
    settings = small_settings(Path(sys.argv[1]))
    app = FastAPI()
    app.get("/score")(lambda: 3)
    mount(app, Lobby(characters=settings.characters, scenes=settings.scenes), "/play", gui=True, settings=settings)
    async with serving(app) as port:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=PATIENCE) as http:
            found = {}
            for path in ("/score", "/play/", "/play/room/hall", "/play/settings", "/play/api/rooms", "/play/api/nope",
                         "/nope", "/play/_nicegui_ws/socket.io/?EIO=4&transport=polling"):
                found[path] = (await http.get(path)).status_code
            found["prefix"] = "/play/_nicegui/" in (await http.get("/play/room/hall")).text
    print(json.dumps(found))

asyncio.run(main())
"""


def test_rooms_with_their_pages_inside_another_application(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    done = processes.run(
        [sys.executable, "-c", _WITH_PAGES, str(tmp_path)],
        cwd=root,
        env={"PYTHONPATH": str(root), "PATH": "", "NICEGUI_STORAGE_PATH": str(tmp_path / "nicegui")},
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found.pop("/play/_nicegui_ws/socket.io/?EIO=4&transport=polling") in (200, 400)
    assert found == {
        "/score": 200,
        "/play/": 200,
        "/play/room/hall": 200,
        "/play/settings": 200,
        "/play/api/rooms": 200,
        "/play/api/nope": 404,
        "/nope": 404,
        "prefix": True,
    }


async def test_files_that_are_saved_are_live(server: Live, tmp_path: Path) -> None:
    scene = tmp_path / "scenes" / "hall" / "scene.yaml"
    async with server.client() as http:
        scene.write_text(scene.read_text(encoding="utf-8").replace("The hall", "The great hall"), encoding="utf-8")

        async def told() -> bool:
            scenes = (await http.get("/api/scenes")).json()["scenes"]
            return {found["id"]: found["title"] for found in scenes}["hall"] == "The great hall"

        await until(told)


def test_without_the_extra_for_pages_the_start_says_so(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['nicegui'] = None\n"
        "from openroom.server.app import create_app; from openroom.settings import Settings\n"
        "from openroom.errors import SettingsError\n"
        f"settings = Settings.load(data={str(tmp_path)!r})\n"
        "create_app(settings)\n"
        "try: create_app(settings, gui=True)\n"
        "except SettingsError as error: print(error)"
    )
    done = processes.run([sys.executable, "-c", code])
    assert "openroom[web]" in done.stdout, done.stderr
    assert "--no-gui" in done.stdout
