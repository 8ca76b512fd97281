"""The wheel holds everything that a checkout has: code, migrations, web files, characters, scenes and static files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import venv
import zipfile
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parent.parent
DATA = ("characters", "scenes", "static")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of this checkout, built with what is installed: nothing is downloaded."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=110)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    (built,) = folder.glob("*.whl")
    return built


def _expected() -> set[str]:
    if not (ROOT / ".git").exists():
        pytest.skip("no git checkout here: what belongs to the project is not known")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "openroom", *DATA], cwd=ROOT, capture_output=True, check=True, timeout=30
    )
    names = [name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]
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
    done = subprocess.run(command, cwd=empty, env=env, capture_output=True, text=True, timeout=60)
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
    done = subprocess.run(install, cwd=empty, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    (site,) = env_folder.glob("lib/python*/site-packages")
    libraries = Path(pytest.__file__).resolve().parents[1]  # a path alone: what is editable there is not looked at
    (site / "libraries.pth").write_text(f"{libraries}\n", encoding="utf-8")
    where = [str(python), "-c", "import openroom; print(openroom.__file__)"]
    assert str(site) in subprocess.run(where, cwd=empty, capture_output=True, text=True, timeout=30).stdout
    ready = tmp_path / "ready.json"
    given = {
        "DATA": str(tmp_path / "data"),
        "MODEL": "understudy",
        "DISCOVER": "0",
        "PORT": "0",
        "READY_FILE": str(ready),
    }
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("OPENROOM_", "PYTHON"))}
    process = subprocess.Popen(
        [str(python.with_name("openroom"))],
        cwd=empty,
        env={**clean, **{f"OPENROOM_{name}": value for name, value in given.items()}},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        deadline = time.monotonic() + 60
        while not ready.is_file():
            assert process.poll() is None, process.communicate()[0]
            assert time.monotonic() < deadline, "not ready in time"
            time.sleep(0.1)
        _looks_whole(json.loads(ready.read_text(encoding="utf-8"))["url"])
    finally:
        process.terminate()
        out = process.communicate(timeout=20)[0]
    assert "Traceback" not in out
    assert [path.name for path in empty.iterdir()] == [], "nothing is written where it was started"


def _looks_whole(url: str) -> None:
    with httpx.Client(base_url=url, trust_env=False, timeout=30) as http:
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
