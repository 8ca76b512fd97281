"""The wheel holds everything that a checkout has: code, migrations, web files, characters, scenes and static files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import httpx
import pytest

from tests import processes
from tests.waiting import PATIENCE, wait_until

ROOT = Path(__file__).resolve().parent.parent
DATA = ("characters", "scenes", "static")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of this checkout, built with what is installed: nothing is downloaded."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = processes.run(command, cwd=folder)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    (built,) = folder.glob("*.whl")
    return built


def _expected() -> set[str]:
    if not (ROOT / ".git").exists():
        pytest.skip("no git checkout here: what belongs to the project is not known")
    listed = processes.run(["git", "ls-files", "-z", "openroom", *DATA], cwd=ROOT)
    assert listed.returncode == 0, listed.stderr
    names = [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
    return {name if name.startswith("openroom/") else f"openroom/_data/{name}" for name in names}


def test_every_file_of_the_package_and_its_data_is_in_the_wheel(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    assert _expected() - inside == set()
    assert not [name for name in inside if name.startswith("tests/")]


def test_an_installed_package_finds_its_data_from_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    site, empty = tmp_path / "site", tmp_path / "empty"
    empty.mkdir()
    zipfile.ZipFile(wheel).extractall(site)
    script = "from openroom.settings import Settings, shipped; print(*Settings.load().characters, shipped('static'))"
    env = {**os.environ, "PYTHONPATH": str(site)}
    command = [sys.executable, "-c", script]
    done = processes.run(command, cwd=empty, env=env)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [str(site / "openroom/_data/characters"), str(site / "openroom/_data/static")]


def test_installed_in_an_empty_environment_it_serves_characters_scenes_and_art(wheel: Path, tmp_path: Path) -> None:
    """Its own environment, in which openroom is the wheel and nothing else is but the libraries; an empty folder."""
    env_folder, empty = tmp_path / "env", tmp_path / "empty"
    empty.mkdir()
    venv.create(env_folder, with_pip=False)
    python = env_folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    install = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "-q",
        "--no-deps",
        "--no-index",
        str(wheel),
    ]
    done = processes.run(install, cwd=empty)
    assert done.returncode == 0, done.stderr
    (site,) = env_folder.glob("lib/python*/site-packages")
    libraries = Path(pytest.__file__).resolve().parents[1]  # a path alone: what is editable there is not looked at
    (site / "libraries.pth").write_text(f"{libraries}\n", encoding="utf-8")
    where = [str(python), "-c", "import openroom; print(openroom.__file__)"]
    assert str(site) in processes.run(where, cwd=empty).stdout
    ready = tmp_path / "ready.json"
    given = {
        "DATA": str(tmp_path / "data"),
        "MODEL": "understudy",
        "DISCOVER": "0",
        "PORT": "0",
        "READY_FILE": str(ready),
    }
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("OPENROOM_", "PYTHON"))}
    env = {**clean, **{f"OPENROOM_{name}": value for name, value in given.items()}}
    piped = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with processes.running([str(python.with_name("openroom"))], cwd=empty, env=env, **piped) as process:
        wait_until(lambda: ready.is_file() or process.poll() is not None)
        assert process.poll() is None, process.communicate()[0]
        _looks_whole(json.loads(ready.read_text(encoding="utf-8"))["url"])
        process.terminate()
        out = process.communicate(timeout=PATIENCE)[0]
    assert "Traceback" not in out
    assert [path.name for path in empty.iterdir()] == [], "nothing is written where it was started"


def _looks_whole(url: str) -> None:
    with httpx.Client(base_url=url, trust_env=False, timeout=PATIENCE) as http:
        http.post("/api/session")
        characters = [one["id"] for one in http.get("/api/characters").json()["characters"]]
        scenes = [one["id"] for one in http.get("/api/scenes").json()["scenes"]]
        assert {path.parent.name for path in ROOT.glob("characters/*/character.yaml")} == set(characters)
        assert {path.parent.name for path in ROOT.glob("scenes/*/scene.yaml")} == set(scenes)
        for path in [
            *(f"/art/characters/{one}/avatar.json" for one in characters),
            *(f"/art/scenes/{one}/backdrop.svg" for one in scenes),
            *(f"/art/props/{one}/prop.svg" for one in ("lamp", "chess", "unknown")),
            "/props/chess/view.js",
            "/static/openroom.js",
            "/",
            f"/room/{scenes[0]}",
        ]:
            assert http.get(path).status_code == 200, path
        assert http.get(f"/api/rooms/{scenes[0]}").json()["state"]["props"]
