"""The shape of the source: layers by import-linter's contracts, file sizes, and no address beyond this machine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
# Where an address beyond this machine is part of the text: a licence, a form that a page follows, documentation only.
_TEXT_ONLY = {"LICENSE", "CHANGELOG.md"}
# The one outside address that code may name: the endpoint that a bare OPENAI_API_KEY stands for.
_KNOWN = {("openroom/models/discovery.py", "api.openai.com")}
_BLANKS = ("{", "[{", "…")
"""What stands for a host that is filled in: by code, or by whoever reads the example."""
_SOURCE = {
    ".py",
    ".js",
    ".vue",
    ".css",
    ".html",
    ".yaml",
    ".yml",
    ".toml",
    ".sh",
    ".svg",
    ".json",
    ".mako",
    ".ini",
    ".cfg",
    "",
}


def _lint(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", *arguments]
    env = {**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=100)


def test_every_contract_holds() -> None:
    done = _lint(ROOT)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert f"Contracts: {len(CONTRACTS['contracts'])} kept, 0 broken." in done.stdout


@pytest.mark.parametrize(
    ("module", "line", "broken"),
    [
        ("core/thing.py", "import time", "core and props do no I/O"),
        ("props/lamp.py", "import random", "core and props do no I/O"),
        ("core/thing.py", "import openroom.room", "Imports point down"),
        ("models/remote.py", "import openroom.store", "Imports point down"),
        ("room/room.py", "import openroom.evals", "room never imports"),
        ("gui/page.py", "import openroom.cast.turn.prompt", "gui never imports"),
        ("evals/play.py", "import openroom.client", "evals and optimizer"),
        ("room/room.py", "import openai", "live in models"),
        ("server/app.py", "import sqlalchemy.orm", "live in store"),
        ("server/app.py", "from nicegui import ui", "nicegui lives in gui"),
        ("cards/card.py", "import ruamel.yaml", "ruamel in library"),
    ],
)
def test_a_contract_breaks_when_it_should(tmp_path: Path, module: str, line: str, broken: str) -> None:
    """The contracts are run on a small copy of the package with one wrong import in it."""
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text(encoding="utf-8"), encoding="utf-8")
    package = tmp_path / "openroom"
    packages = ["server", "gui", "client", "cli", "optimizer", "evals", "room", "room/turn"]
    packages += ["models", "store", "memory", "library", "cards", "props", "core"]
    for name in packages:
        (package / name).mkdir(parents=True)
        (package / name / "__init__.py").touch()
    for name in ("__init__.py", "__main__.py", "errors.py", "settings.py", "room/turn/prompt.py"):
        (package / name).touch()
    assert _lint(tmp_path).returncode == 0
    (package / module).write_text(line + "\n", encoding="utf-8")
    done = _lint(tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert any(broken in row and "BROKEN" in row for row in done.stdout.splitlines()), done.stdout


def _project_files() -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("no git checkout here: what belongs to the project is not known")
    listed = subprocess.run(
        ["git", "ls-files", "-zco", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True, timeout=30
    )
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file()]


def test_no_source_file_grows_past_500_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in (ROOT / "openroom").rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 500
    }
    assert not long, f"does each of these still hold one noun? {long}"


def test_the_code_names_no_registry_and_no_download_address() -> None:
    """Package clients and hub libraries know their hosts; the project names none. Examples use reserved names."""
    hosts = re.compile(
        r"pypi\.(org|python)|pythonhosted|npmjs|registry\.npm|deb\.debian|huggingface\.co|hf\.co\b|jsdelivr|unpkg|cdnjs"
        r"|googleapis|gstatic|storage\.cloud|github\.com/[^\s]+/releases|raw\.githubusercontent",
        re.IGNORECASE,
    )
    address = re.compile(r"\b(?:https?|wss?)://([^\s/\"'`<>)\]},|\\]+)")
    allowed = re.compile(
        r"^(?:127\.0\.0\.\d+|localhost|\[::1\]|testserver|0\.0\.0\.0|[\w.-]*\.(?:example|test|invalid|localhost)"
        r"|example\.(?:com|org|net)|www\.w3\.org|json-schema\.org)(?::[^/]*)?$"
    )
    found = []
    for path in _project_files():
        if path.suffix not in _SOURCE or path.name in _TEXT_ONLY or path == Path(__file__):
            continue
        name = path.relative_to(ROOT).as_posix()
        in_tests = name.startswith("tests/")  # there, foreign hosts are what must be refused
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            hosts_named = [] if in_tests else address.findall(line)
            wrong = [host for host in hosts_named if not allowed.match(host) and not host.startswith(_BLANKS)]
            if hosts.search(line) or any((name, host) not in _KNOWN for host in wrong):
                found.append(f"{name}:{number}: {line.strip()[:160]}")
    assert not found, "\n".join(found)
