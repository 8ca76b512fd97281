"""The wheel holds everything that a checkout has: code, migrations, web files, characters, scenes and static files."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

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
